//! Of what there is most: `GET /api/v1/metrics/top-topics`, `top-ai-systems` and `top-error-types`.

use std::{cmp::Reverse, sync::Arc};

use actix_web::{HttpRequest, web};
use aibbar::record::EVENTS_TOPIC;
use serde::Serialize;
use store::statistics::{Measure, OTHER, Share, code_of_label};
use utoipa::{IntoParams, ToSchema};

use super::window::{PeriodParameters, Window, WindowShown};
use crate::{app::App, auth::Caller, problem::Problem, query::Parameters};

/// Lines when the client does not say.
const LIMIT_DEFAULT: u32 = 10;
/// Lines at most.
const LIMIT_MAX: u32 = 100;

/// How many are told of.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `asked` reads")]
pub(crate) struct LimitParameter {
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 10)]
    limit: Option<u32>,
}

/// The topics with most messages.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopTopics)]
pub(crate) struct TopTopics {
    #[serde(flatten)]
    window: WindowShown,
    /// Most messages first.
    items: Vec<TopTopic>,
}

/// A topic, and what came to it.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopTopic)]
struct TopTopic {
    /// Its name; it may have been deleted since.
    #[schema(example = "orders")]
    topic: String,
    /// Messages that were acknowledged; of `aibbar.events` the events that are stored.
    messages: u64,
    /// Their bytes.
    bytes: u64,
}

/// The AI systems with most events.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopAiSystems)]
pub(crate) struct TopAiSystems {
    #[serde(flatten)]
    window: WindowShown,
    /// Most events first.
    items: Vec<TopAiSystem>,
    /// Events of AI systems that are not counted by themselves: a minute has room for 200.
    other: OtherAiSystems,
}

/// An AI system, and its events.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopAiSystem)]
struct TopAiSystem {
    /// Its id.
    #[schema(format = Uuid, example = "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60")]
    ai_id: String,
    /// Events that were received in this time, and are stored.
    events: u64,
    /// Bytes of their records.
    bytes: u64,
}

/// Events of AI systems that are not counted by themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsOtherAiSystems)]
struct OtherAiSystems {
    /// How many.
    events: u64,
    /// Bytes of their records.
    bytes: u64,
}

/// The errors of which AI systems recorded most.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopErrorTypes)]
pub(crate) struct TopErrorTypes {
    #[serde(flatten)]
    window: WindowShown,
    /// Most events first.
    items: Vec<TopErrorType>,
    /// Errors whose code is not counted by itself: a minute has room for 200.
    other: OtherErrorTypes,
}

/// A kind of error, and how often it was recorded.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopErrorType)]
struct TopErrorType {
    /// `error.code` of the events, its first 100 characters.
    #[schema(example = "timeout")]
    code: String,
    /// Events that were received in this time, and are stored.
    events: u64,
}

/// Errors whose code is not counted by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsOtherErrorTypes)]
struct OtherErrorTypes {
    /// How many.
    events: u64,
}

/// The topics to which most came.
#[utoipa::path(
    get, path = "/api/v1/metrics/top-topics", tag = "Metrics",
    params(PeriodParameters, LimitParameter),
    responses((status = 200, description = "Topics, most messages first.", body = TopTopics, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "items": [
            { "topic": "orders", "messages": 1_200, "bytes": 73_200 },
            { "topic": "aibbar.events", "messages": 2, "bytes": 1_834 },
        ],
    }))),
)]
pub(crate) async fn topics(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<TopTopics>, Problem> {
    let (window, limit) = asked(&request)?;
    let (org_id, statistics) = (caller.org_id(), &app.stores.statistics);
    let mut shares = statistics.largest(org_id, Measure::Messages, window.span, limit).await?;
    let events = statistics.series_of_all(org_id, Measure::Events, window.span).await?;
    let counted: u64 = events.iter().map(|point| point.counted).sum();
    if counted > 0 {
        let total = events.iter().map(|point| point.total).sum();
        shares.push(Share { label: EVENTS_TOPIC.to_owned(), counted, total });
    }
    shares.sort_by_key(|share| Reverse(share.counted));
    shares.truncate(limit as usize);
    let item = |share: Share| TopTopic { topic: share.label, messages: share.counted, bytes: share.total };
    Ok(web::Json(TopTopics { window: window.shown(), items: shares.into_iter().map(item).collect() }))
}

/// The AI systems of which most came.
#[utoipa::path(
    get, path = "/api/v1/metrics/top-ai-systems", tag = "Metrics",
    params(PeriodParameters, LimitParameter),
    responses((status = 200, description = "AI systems, most events first.", body = TopAiSystems, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "items": [{ "ai_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", "events": 2, "bytes": 1_834 }],
        "other": { "events": 0, "bytes": 0 },
    }))),
)]
pub(crate) async fn ai_systems(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<TopAiSystems>, Problem> {
    let (window, limit) = asked(&request)?;
    let statistics = &app.stores.statistics;
    // One more: what has no place of its own may be among them, or be too small to be.
    let shares = statistics.largest(caller.org_id(), Measure::AiSystems, window.span, limit + 1).await?;
    let other = statistics.share_of(caller.org_id(), Measure::AiSystems, window.span, OTHER).await?;
    let own = shares.into_iter().filter(|share| share.label != OTHER).take(limit as usize);
    let item = |share: Share| TopAiSystem { ai_id: share.label, events: share.counted, bytes: share.total };
    Ok(web::Json(TopAiSystems {
        window: window.shown(),
        items: own.map(item).collect(),
        other: OtherAiSystems { events: other.counted, bytes: other.total },
    }))
}

/// The errors (events of the type `ai.error`) of which most were recorded, by their code.
#[utoipa::path(
    get, path = "/api/v1/metrics/top-error-types", tag = "Metrics",
    params(PeriodParameters, LimitParameter),
    responses((status = 200, description = "Kinds of errors, most events first.", body = TopErrorTypes, example = json!({
        "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
        "items": [{ "code": "timeout", "events": 7 }, { "code": "rate_limited", "events": 2 }],
        "other": { "events": 0 },
    }))),
)]
pub(crate) async fn error_types(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<TopErrorTypes>, Problem> {
    let (window, limit) = asked(&request)?;
    let statistics = &app.stores.statistics;
    // One more: what has no place of its own may be among them, or be too small to be.
    let shares = statistics.largest(caller.org_id(), Measure::ErrorCodes, window.span, limit + 1).await?;
    let other = statistics.share_of(caller.org_id(), Measure::ErrorCodes, window.span, OTHER).await?;
    let item = |share: Share| {
        let code = code_of_label(&share.label)?.to_owned();
        Some(TopErrorType { code, events: share.counted })
    };
    Ok(web::Json(TopErrorTypes {
        window: window.shown(),
        items: shares.into_iter().filter_map(item).take(limit as usize).collect(),
        other: OtherErrorTypes { events: other.counted },
    }))
}

fn asked(request: &HttpRequest) -> Result<(Window, u32), Problem> {
    let mut parameters = Parameters::of(request)?;
    let window = Window::take(&mut parameters)?;
    let limit = parameters.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT_DEFAULT);
    parameters.end(&["period", "limit"])?;
    Ok((window, limit))
}
