//! What is in a topic now, as its log knows it: nothing is scanned.

use aibbar::{
    Timestamp,
    topic::{TopicName, groups_prefix},
};
use bus::{EventLog, LogError, Positions};
use serde::Serialize;
use store::{OrgId, statistics::TopicStatistics};
use utoipa::ToSchema;

use super::registry::problem_of;
use crate::{app::App, problem::Problem};

/// What is in a topic now.
#[derive(Serialize, ToSchema)]
#[schema(as = TopicStatistics)]
pub(crate) struct Statistics {
    /// Messages between the earliest and the end, over all partitions; of a compacted topic, those that gave way included.
    /// Absent of `aibbar.events`, whose events are of all organisations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    messages: Option<u64>,
    /// Bytes on the log's disk; absent where the log does not tell, and of `aibbar.events`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    bytes: Option<u64>,
    /// What can be read of each partition; nothing of `aibbar.events`.
    partitions: Vec<PartitionShown>,
    /// When the oldest message that is kept came.
    #[schema(format = DateTime)]
    oldest_at: Option<String>,
    /// When the newest message came.
    #[schema(format = DateTime)]
    newest_at: Option<String>,
    /// Groups of the organisation that read it.
    consumers: usize,
    /// Messages that were published since midnight, UTC; of `aibbar.events` the organisation's events that were stored.
    messages_today: u64,
    /// Their bytes.
    bytes_today: u64,
    /// The same in the last 30 days.
    messages_30_days: u64,
    /// Their bytes.
    bytes_30_days: u64,
    /// Messages per second, in the last five minutes.
    publish_rate: f64,
    /// Of what was sent in the last hour the share that was refused, from 0 to 1.
    error_rate: f64,
}

/// What can be read of a partition.
#[derive(Serialize, ToSchema)]
#[schema(as = TopicPartition)]
struct PartitionShown {
    /// Its number, from 0.
    partition: u32,
    /// The oldest offset that is kept.
    earliest: u64,
    /// One past the newest.
    end: u64,
}

/// What is in the topic now, and what was counted of it since it was made.
pub(super) async fn of(
    app: &App,
    org_id: OrgId,
    name: &TopicName,
    made_at: Timestamp,
    now: Timestamp,
) -> Result<Statistics, Problem> {
    let counted = app.stores.statistics.topic_statistics(org_id, name, made_at, now).await?;
    read(&*app.log, org_id, name, counted, now).await.map_err(problem_of)
}

async fn read(
    log: &dyn EventLog,
    org_id: OrgId,
    name: &TopicName,
    counted: TopicStatistics,
    now: Timestamp,
) -> Result<Statistics, LogError> {
    let in_log = name.in_log(org_id);
    let bounds = log.bounds(&in_log).await?;
    let description = log.describe_topic(&in_log).await?;
    let groups = log.groups(&in_log, &groups_prefix(org_id, name)).await?;
    let partitions: Vec<_> = bounds
        .iter()
        .map(|(&partition, bounds)| PartitionShown { partition, earliest: bounds.earliest, end: bounds.end })
        .collect();
    let messages: u64 = partitions.iter().map(|shown| shown.end.saturating_sub(shown.earliest)).sum();
    // How many events there are, and when they came, is of all organisations: nobody's to know.
    let is_own = !name.is_events();
    let (oldest_at, newest_at) = match messages {
        0 => (None, None),
        _ if !is_own => (None, None),
        _ => {
            times(log, &in_log, &bounds.iter().map(|(&partition, bounds)| (partition, bounds.end)).collect(), now)
                .await?
        }
    };
    Ok(Statistics {
        messages: is_own.then_some(messages),
        bytes: description.bytes.filter(|_| is_own),
        partitions: if is_own { partitions } else { Vec::new() },
        oldest_at,
        newest_at,
        consumers: groups.len(),
        messages_today: counted.messages_today,
        bytes_today: counted.bytes_today,
        messages_30_days: counted.messages_30_days,
        bytes_30_days: counted.bytes_30_days,
        publish_rate: counted.publish_rate,
        error_rate: counted.error_rate,
    })
}

/// When the oldest and the newest message came, to the millisecond: asked of the log's index of times by halving.
async fn times(
    log: &dyn EventLog,
    topic: &str,
    end: &Positions,
    now: Timestamp,
) -> Result<(Option<String>, Option<String>), LogError> {
    let first = log.offsets_at(topic, 0).await?;
    let later = now.unix_ms().saturating_add(1);
    // The first moment from which on something is missing, and the first from which on nothing is left.
    let oldest = first_moment(later, async |at_ms| Ok(log.offsets_at(topic, at_ms).await? != first)).await?;
    let is_past = |at: &Positions| at.iter().all(|(partition, at)| end.get(partition).is_none_or(|end| at >= end));
    let newest = first_moment(later, async |at_ms| Ok(is_past(&log.offsets_at(topic, at_ms).await?))).await?;
    let told = |past_ms: i64| Some(Timestamp::from_unix_ms(past_ms - 1).to_string());
    Ok((told(oldest), told(newest)))
}

/// The first moment up to `last` for which this holds, when it holds from some moment on; else `last`.
async fn first_moment(last: i64, holds: impl AsyncFn(i64) -> Result<bool, LogError>) -> Result<i64, LogError> {
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle).await? { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}
