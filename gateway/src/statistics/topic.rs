//! How the messages of one topic came: `GET /api/v1/metrics/topics/{name}`.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, web};
use aibbar::{Timestamp, topic::TopicName};
use serde::Serialize;
use store::statistics::{HOUR_S, MINUTE_S, Measure, step_of};
use utoipa::ToSchema;

use super::window::{PeriodParameters, Window, WindowShown, told};
use crate::{app::App, auth::Caller, clock, problem::Problem, topics::no_such_topic};

/// How the messages of one topic came.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopic)]
pub(crate) struct TopicMetrics {
    #[serde(flatten)]
    window: WindowShown,
    /// The topic's name.
    #[schema(example = "orders")]
    topic: String,
    /// Over all steps.
    total: TopicAmount,
    /// Every step.
    series: Vec<TopicStep>,
}

/// Messages of one topic.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = MetricsTopicAmount)]
struct TopicAmount {
    /// Messages that were acknowledged; of `aibbar.events` the events that are stored.
    messages: u64,
    /// Their bytes.
    bytes: u64,
    /// Messages, or events, that were refused.
    refused: u64,
}

/// What came in one step.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsTopicStep)]
struct TopicStep {
    /// Where it begins.
    #[schema(format = DateTime)]
    at: String,
    #[serde(flatten)]
    amount: TopicAmount,
}

/// Messages of one topic that were taken and refused, in all and step by step.
///
/// Counted as they are acknowledged, of all gateways together; of `aibbar.events` as they are stored, in the step in which
/// they were received. Nothing of a topic that had the name before.
#[utoipa::path(
    get, path = "/api/v1/metrics/topics/{name}", tag = "Metrics",
    params(("name" = String, Path, description = "The topic's name."), PeriodParameters),
    responses(
        (status = 200, description = "How its messages came.", body = TopicMetrics, example = json!({
            "period": "1h", "step_s": 60, "from": "2026-01-31T11:01:00Z", "to": "2026-01-31T12:01:00Z",
            "topic": "orders", "total": { "messages": 2, "bytes": 122, "refused": 1 },
            "series": [{ "at": "2026-01-31T11:01:00Z", "messages": 2, "bytes": 122, "refused": 1 }],
        })),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
    ),
)]
pub(crate) async fn topic(
    caller: Caller,
    name: web::Path<String>,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<TopicMetrics>, Problem> {
    let name = TopicName::parse(&name).map_err(|_| no_such_topic())?;
    let window = Window::of(&request)?;
    let (org_id, statistics) = (caller.org_id(), &app.stores.statistics);
    let mut span = window.span;
    let mut came = Vec::new();
    if name.is_events() {
        came = statistics.series_of_all(org_id, Measure::Events, span).await?;
    } else {
        let topic = app.stores.topics.topic(org_id, &name).await?.ok_or_else(no_such_topic)?;
        span.from_s = span.from_s.max(begin_of(topic.created_at, clock::now()));
    }
    came.extend(statistics.series_of(org_id, Measure::Messages, span, name.as_str()).await?);
    let refused = statistics.series_of(org_id, Measure::RefusedMessages, span, name.as_str()).await?;

    let mut total = TopicAmount::default();
    let mut steps: BTreeMap<i64, TopicAmount> = BTreeMap::new();
    for point in came {
        for amount in [&mut total, steps.entry(point.at_s).or_default()] {
            amount.messages += point.counted;
            amount.bytes += point.total;
        }
    }
    for point in refused {
        for amount in [&mut total, steps.entry(point.at_s).or_default()] {
            amount.refused += point.counted;
        }
    }
    let step = |(at_s, amount)| TopicStep { at: told(at_s), amount };
    Ok(web::Json(TopicMetrics {
        window: window.shown(),
        topic: name.as_str().to_owned(),
        total,
        series: window.filled(steps).map(step).collect(),
    }))
}

/// From when on what was counted is this topic's: the minute in which it was made, or the hour once minutes are rolled up.
fn begin_of(made_at: Timestamp, now: Timestamp) -> i64 {
    const DAY_MS: i64 = 24 * HOUR_S * 1_000;
    let is_rolled_up = now.unix_ms() - made_at.unix_ms() > DAY_MS;
    step_of(made_at, if is_rolled_up { HOUR_S } else { MINUTE_S })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_topic_begins_with_its_minute_and_later_with_its_hour() {
        let made = Timestamp::parse("2026-01-31T12:34:56Z").unwrap();
        let told = |at: &str| step_of(Timestamp::parse(at).unwrap(), 1);
        assert_eq!(begin_of(made, made), told("2026-01-31T12:34:00Z"));
        assert_eq!(begin_of(made, made.plus_ms(25 * 3_600_000)), told("2026-01-31T12:00:00Z"));
    }
}
