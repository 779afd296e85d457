//! How long acknowledging took: `GET /api/v1/metrics/latency`.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, web};
use serde::Serialize;
use store::statistics::{Durations, Measure, Point};
use utoipa::ToSchema;

use super::window::{PeriodParameters, Window, WindowShown, told};
use crate::{app::App, auth::Caller, problem::Problem};

/// How long acknowledging took.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsLatency)]
pub(crate) struct Latency {
    #[serde(flatten)]
    window: WindowShown,
    /// Over all steps.
    total: Took,
    /// Every step.
    series: Vec<DurationStep>,
}

/// Durations, in milliseconds: percentiles at most 19 % too long. Of nothing there is `null`.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsDurations)]
pub(crate) struct Took {
    /// Of how many.
    count: u64,
    /// The mean.
    mean_ms: Option<f64>,
    /// Half of them took no longer.
    p50_ms: Option<f64>,
    /// 95 of 100 took no longer.
    p95_ms: Option<f64>,
    /// 99 of 100 took no longer.
    p99_ms: Option<f64>,
    /// None took longer.
    max_ms: Option<f64>,
}

/// Durations in one step.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsDurationStep)]
pub(crate) struct DurationStep {
    /// Where it begins.
    #[schema(format = DateTime)]
    at: String,
    #[serde(flatten)]
    took: Took,
}

impl Took {
    pub(super) fn of(durations: &Durations) -> Self {
        // Whole microseconds, as milliseconds.
        let ms = |us: f64| us.round() / 1_000.0;
        let percentile = |share| durations.percentile_us(share).map(ms);
        Self {
            count: durations.counted(),
            mean_ms: durations.mean_us().map(ms),
            p50_ms: percentile(0.5),
            p95_ms: percentile(0.95),
            p99_ms: percentile(0.99),
            max_ms: percentile(1.0),
        }
    }
}

/// Sums durations up: over all steps, and in each.
pub(super) fn durations(window: &Window, points: &[Point]) -> (Took, Vec<DurationStep>) {
    let mut total = Durations::default();
    let mut steps: BTreeMap<i64, Durations> = BTreeMap::new();
    for point in points {
        for durations in [&mut total, steps.entry(point.at_s).or_default()] {
            durations.add(&point.label, point.counted, point.total);
        }
    }
    let step = |(at_s, durations)| DurationStep { at: told(at_s), took: Took::of(&durations) };
    (Took::of(&total), window.filled(steps).map(step).collect())
}

/// How long it took until events and messages were acknowledged, in all and step by step.
///
/// Counted per request of which something was acknowledged: from its caller being known to the log's last acknowledgement. Of
/// all gateways together, a few seconds late.
#[utoipa::path(
    get, path = "/api/v1/metrics/latency", tag = "Metrics",
    params(PeriodParameters),
    responses((status = 200, description = "How long it took.", body = Latency, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "total": { "count": 2, "mean_ms": 3.25, "p50_ms": 3.2, "p95_ms": 4.525, "p99_ms": 4.525, "max_ms": 4.525 },
        "series": [{ "at": "2026-01-31T11:01:00Z", "count": 2, "mean_ms": 3.25, "p50_ms": 3.2, "p95_ms": 4.525,
                     "p99_ms": 4.525, "max_ms": 4.525 }],
    }))),
)]
pub(crate) async fn latency(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Latency>, Problem> {
    let window = Window::of(&request)?;
    let points = app.stores.statistics.series(caller.org_id(), Measure::Acknowledgement, window.span).await?;
    let (total, series) = durations(&window, &points);
    Ok(web::Json(Latency { window: window.shown(), total, series }))
}
