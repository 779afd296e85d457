//! How much came: `GET /api/v1/metrics/throughput`.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, web};
use serde::Serialize;
use store::statistics::Measure;
use utoipa::ToSchema;

use super::window::{PeriodParameters, Window, WindowShown, told};
use crate::{app::App, auth::Caller, problem::Problem};

/// How much came.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsThroughput)]
pub(crate) struct Throughput {
    #[serde(flatten)]
    window: WindowShown,
    /// Over all steps.
    total: Amount,
    /// The events by their type; of types of which there were some.
    by_type: Vec<OfType>,
    /// Every step.
    series: Vec<ThroughputStep>,
}

/// Events and messages.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = MetricsAmount)]
struct Amount {
    /// Events that were received in this time, and are stored.
    events: u64,
    /// Bytes of their records.
    event_bytes: u64,
    /// Messages that were acknowledged.
    messages: u64,
    /// Their bytes.
    message_bytes: u64,
}

/// Events of one type.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsOfType)]
struct OfType {
    /// The type.
    #[schema(example = "ai.response")]
    event_type: String,
    /// How many.
    events: u64,
    /// Bytes of their records.
    event_bytes: u64,
}

/// What came in one step.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsThroughputStep)]
struct ThroughputStep {
    /// Where it begins.
    #[schema(format = DateTime)]
    at: String,
    #[serde(flatten)]
    amount: Amount,
}

/// Events and messages, in all and step by step.
///
/// Events are counted as they are stored, each once, in the step in which they were received; messages as they are
/// acknowledged. Of all gateways and consumers together.
#[utoipa::path(
    get, path = "/api/v1/metrics/throughput", tag = "Metrics",
    params(PeriodParameters),
    responses((status = 200, description = "How much came.", body = Throughput, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "total": { "events": 2, "event_bytes": 1_834, "messages": 1, "message_bytes": 61 },
        "by_type": [{ "event_type": "ai.response", "events": 2, "event_bytes": 1_834 }],
        "series": [{ "at": "2026-01-31T11:01:00Z", "events": 2, "event_bytes": 1_834, "messages": 1, "message_bytes": 61 }],
    }))),
)]
pub(crate) async fn throughput(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Throughput>, Problem> {
    let window = Window::of(&request)?;
    let (org_id, statistics) = (caller.org_id(), &app.stores.statistics);
    let events = statistics.series(org_id, Measure::Events, window.span).await?;
    let messages = statistics.series_of_all(org_id, Measure::Messages, window.span).await?;

    let mut total = Amount::default();
    let mut by_type: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut steps: BTreeMap<i64, Amount> = BTreeMap::new();
    for point in events {
        for amount in [&mut total, steps.entry(point.at_s).or_default()] {
            amount.events += point.counted;
            amount.event_bytes += point.total;
        }
        let of_type = by_type.entry(point.label).or_default();
        *of_type = (of_type.0 + point.counted, of_type.1 + point.total);
    }
    for point in messages {
        for amount in [&mut total, steps.entry(point.at_s).or_default()] {
            amount.messages += point.counted;
            amount.message_bytes += point.total;
        }
    }
    let of_type = |(event_type, (events, event_bytes))| OfType { event_type, events, event_bytes };
    let step = |(at_s, amount)| ThroughputStep { at: told(at_s), amount };
    Ok(web::Json(Throughput {
        window: window.shown(),
        total,
        by_type: by_type.into_iter().map(of_type).collect(),
        series: window.filled(steps).map(step).collect(),
    }))
}
