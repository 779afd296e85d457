//! What is in a topic now, as its log knows it: nothing is scanned.

use std::collections::BTreeMap;

use aibbar::{
    Timestamp,
    topic::{TopicName, groups_prefix},
};
use bus::{EventLog, LogError, Partition, PartitionBounds};
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
    /// When the oldest message that is kept came; `null` where there is none, or the log did not show it.
    #[schema(format = DateTime)]
    oldest_at: Option<String>,
    /// When the newest message came; `null` as above.
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
    read(&*app.log, org_id, name, counted).await.map_err(problem_of)
}

async fn read(
    log: &dyn EventLog,
    org_id: OrgId,
    name: &TopicName,
    counted: TopicStatistics,
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
        _ => times(log, &in_log, &bounds).await?,
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

/// When the oldest and the newest message came, as far as the log shows it.
async fn times(
    log: &dyn EventLog,
    topic: &str,
    bounds: &BTreeMap<Partition, PartitionBounds>,
) -> Result<(Option<String>, Option<String>), LogError> {
    let filled = || bounds.iter().filter(|(_, bounds)| bounds.earliest < bounds.end);
    let first = filled().map(|(&partition, bounds)| (partition, bounds.earliest)).collect();
    let last = filled().map(|(&partition, bounds)| (partition, bounds.end - 1)).collect();
    let oldest = log.appended_at(topic, &first).await?.into_values().min();
    let newest = log.appended_at(topic, &last).await?.into_values().max();
    let told = |at_ms: Option<i64>| at_ms.map(|at_ms| Timestamp::from_unix_ms(at_ms).to_string());
    Ok((told(oldest), told(newest)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bus::{
        NewRecord, ReadLimits, TopicSpec,
        local::{LocalLog, LocalSettings},
    };

    use super::*;

    #[tokio::test]
    async fn the_oldest_and_the_newest_message_are_those_of_all_partitions() {
        let folder = tempfile::tempdir().unwrap();
        let log = LocalLog::open(folder.path(), LocalSettings::default()).unwrap();
        let spec = TopicSpec { name: "t".into(), partitions: 4, retention: None, compacted: false };
        log.create_topic(&spec).await.unwrap();
        let bounds = log.bounds("t").await.unwrap();
        assert_eq!(times(&log, "t", &bounds).await.unwrap(), (None, None));
        for n in 0..12 {
            let record = NewRecord { key: format!("k{n}").into(), payload: "1".into(), headers: Vec::new() };
            log.append("t", vec![record]).await.remove(0).unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        let bounds = log.bounds("t").await.unwrap();
        let from = bounds.keys().map(|&partition| (partition, 0)).collect();
        let limits = ReadLimits { records_max: 100, bytes_max: 1 << 20, wait_max: std::time::Duration::ZERO };
        let all = log.reader("t", from).await.unwrap().next(limits).await.unwrap();
        assert_eq!(all.len(), 12);
        let at = |ms: Option<i64>| Some(Timestamp::from_unix_ms(ms.unwrap()).to_string());
        let expected = (
            at(all.iter().map(|record| record.appended_at_ms).min()),
            at(all.iter().map(|record| record.appended_at_ms).max()),
        );
        assert_ne!(expected.0, expected.1);
        assert_eq!(times(&log, "t", &bounds).await.unwrap(), expected);
    }
}
