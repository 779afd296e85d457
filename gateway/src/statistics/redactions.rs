//! What was hidden: `GET /api/v1/metrics/redactions`.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, web};
use serde::Serialize;
use store::statistics::Measure;
use utoipa::ToSchema;

use super::window::{PeriodParameters, Window, WindowShown, told};
use crate::{app::App, auth::Caller, problem::Problem};

/// What was hidden.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsRedactions)]
pub(crate) struct Redactions {
    #[serde(flatten)]
    window: WindowShown,
    /// Things hidden, over all steps.
    total: u64,
    /// By kind, the most frequent first; of kinds of which there were some.
    kinds: Vec<OfKind>,
    /// Every step.
    series: Vec<RedactionStep>,
}

/// What was hidden of one kind.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsOfKind)]
struct OfKind {
    /// The kind, as in `[REDACTED:<kind>]`; `custom` for an organisation's own rules.
    #[schema(example = "email")]
    kind: String,
    /// How many things.
    count: u64,
}

/// What was hidden in one step.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsRedactionStep)]
struct RedactionStep {
    /// Where it begins.
    #[schema(format = DateTime)]
    at: String,
    /// How many things.
    count: u64,
}

/// What was hidden in events and messages, by kind, in all and step by step.
///
/// In events it is counted as they are stored, each once; in messages as they are acknowledged.
#[utoipa::path(
    get, path = "/api/v1/metrics/redactions", tag = "Metrics",
    params(PeriodParameters),
    responses((status = 200, description = "What was hidden.", body = Redactions, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "total": 3, "kinds": [{ "kind": "email", "count": 2 }, { "kind": "phone", "count": 1 }],
        "series": [{ "at": "2026-01-31T11:01:00Z", "count": 3 }],
    }))),
)]
pub(crate) async fn redactions(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Redactions>, Problem> {
    let window = Window::of(&request)?;
    let points = app.stores.statistics.series(caller.org_id(), Measure::Redactions, window.span).await?;
    let (mut kinds, mut steps) = (BTreeMap::<String, u64>::new(), BTreeMap::<i64, u64>::new());
    for point in points {
        *kinds.entry(point.label).or_default() += point.counted;
        *steps.entry(point.at_s).or_default() += point.counted;
    }
    let mut kinds: Vec<OfKind> = kinds.into_iter().map(|(kind, count)| OfKind { kind, count }).collect();
    kinds.sort_by_key(|of_kind| Reverse(of_kind.count));
    Ok(web::Json(Redactions {
        window: window.shown(),
        total: kinds.iter().map(|of_kind| of_kind.count).sum(),
        kinds,
        series: window.filled(steps).map(|(at_s, count)| RedactionStep { at: told(at_s), count }).collect(),
    }))
}
