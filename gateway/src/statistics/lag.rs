//! How far the store is behind the log: `GET /api/v1/metrics/lag`.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use serde::Serialize;
use store::statistics::Measure;
use utoipa::ToSchema;

use super::{
    latency::{DurationStep, Took, durations},
    window::{PeriodParameters, Window, WindowShown},
};
use crate::{app::App, auth::Caller, problem::Problem};

/// How far the store is behind the log.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsLag)]
pub(crate) struct Lag {
    #[serde(flatten)]
    window: WindowShown,
    /// For so long the oldest event that is not stored yet has been in the log, in milliseconds, give or take a tenth: 0 when
    /// there is none, `null` while the log does not tell.
    behind_ms: Option<u64>,
    /// Over all steps: how long the organisation's stored events took from being received to being stored.
    total: Took,
    /// Every step, of the events that were received in it.
    series: Vec<DurationStep>,
}

/// How long it took until events were stored, and how far the store is behind now.
///
/// The lag of an organisation's own groups is told by `GET /api/v1/topics/{name}/consumers`.
#[utoipa::path(
    get, path = "/api/v1/metrics/lag", tag = "Metrics",
    params(PeriodParameters),
    responses((status = 200, description = "How far the store is behind.", body = Lag, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "behind_ms": 0,
        "total": { "count": 2, "mean_ms": 62.5, "p50_ms": 60.887, "p95_ms": 72.408, "p99_ms": 72.408, "max_ms": 72.408 },
        "series": [{ "at": "2026-01-31T11:01:00Z", "count": 2, "mean_ms": 62.5, "p50_ms": 60.887, "p95_ms": 72.408,
                     "p99_ms": 72.408, "max_ms": 72.408 }],
    }))),
)]
pub(crate) async fn lag(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Lag>, Problem> {
    let window = Window::of(&request)?;
    let points = app.stores.statistics.series(caller.org_id(), Measure::StoreDelay, window.span).await?;
    let (total, series) = durations(&window, &points);
    let behind_ms = app.behind.ms().await;
    Ok(web::Json(Lag { window: window.shown(), behind_ms, total, series }))
}
