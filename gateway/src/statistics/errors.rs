//! What was refused, and why: `GET /api/v1/metrics/errors`.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, web};
use serde::Serialize;
use store::statistics::Measure;
use utoipa::ToSchema;

use super::window::{PeriodParameters, Window, WindowShown, told};
use crate::{app::App, auth::Caller, problem::Problem};

/// What was refused.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsErrors)]
pub(crate) struct Errors {
    #[serde(flatten)]
    window: WindowShown,
    /// Over all steps.
    total: Refused,
    /// By the `code` of the problem, the most frequent first.
    codes: Vec<OfCode>,
    /// Every step.
    series: Vec<ErrorStep>,
}

/// What was refused.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = MetricsRefused)]
struct Refused {
    /// Events and messages, one by one, of requests that were read.
    items: u64,
    /// Requests as a whole, to any route: nothing of them was looked at one by one.
    requests: u64,
}

/// What was refused with one code.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsOfCode)]
struct OfCode {
    /// The `code` of the problem.
    #[schema(example = "invalid_signature")]
    code: String,
    #[serde(flatten)]
    refused: Refused,
}

/// What was refused in one step.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsErrorStep)]
struct ErrorStep {
    /// Where it begins.
    #[schema(format = DateTime)]
    at: String,
    #[serde(flatten)]
    refused: Refused,
}

/// What was refused, by code, in all and step by step.
///
/// A request whose caller could not be told is nobody's, and counted nowhere. Of all gateways together, a few seconds late;
/// of a gateway that was killed the last few seconds are missing.
#[utoipa::path(
    get, path = "/api/v1/metrics/errors", tag = "Metrics",
    params(PeriodParameters),
    responses((status = 200, description = "What was refused.", body = Errors, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "total": { "items": 3, "requests": 1 },
        "codes": [
            { "code": "invalid_signature", "items": 3, "requests": 0 },
            { "code": "rate_limited", "items": 0, "requests": 1 },
        ],
        "series": [{ "at": "2026-01-31T11:01:00Z", "items": 3, "requests": 1 }],
    }))),
)]
pub(crate) async fn errors(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Errors>, Problem> {
    let window = Window::of(&request)?;
    let (org_id, statistics) = (caller.org_id(), &app.stores.statistics);
    let items = statistics.series(org_id, Measure::Refused, window.span).await?;
    let requests = statistics.series(org_id, Measure::RefusedRequests, window.span).await?;

    let mut total = Refused::default();
    let mut codes: BTreeMap<String, Refused> = BTreeMap::new();
    let mut steps: BTreeMap<i64, Refused> = BTreeMap::new();
    let items = items.into_iter().map(|point| (Refused { items: point.counted, requests: 0 }, point));
    let requests = requests.into_iter().map(|point| (Refused { items: 0, requests: point.counted }, point));
    for (refused, point) in items.chain(requests) {
        let of_code = codes.entry(point.label).or_default();
        for sum in [&mut total, of_code, steps.entry(point.at_s).or_default()] {
            sum.items += refused.items;
            sum.requests += refused.requests;
        }
    }
    let mut codes: Vec<OfCode> = codes.into_iter().map(|(code, refused)| OfCode { code, refused }).collect();
    codes.sort_by_key(|of_code| Reverse(of_code.refused.items + of_code.refused.requests));
    let step = |(at_s, refused)| ErrorStep { at: told(at_s), refused };
    Ok(web::Json(Errors { window: window.shown(), total, codes, series: window.filled(steps).map(step).collect() }))
}
