//! Since when a group is behind: when the log took the first record of each partition that is not committed.

use std::{collections::BTreeMap, time::Duration};

use bus::{EventLog, LogError, Partition, Positions, ReadLimits};
use tokio::time::{Instant, timeout_at};

/// How long the log may take to show the records; of partitions that it did not show by then nothing is told.
const SHOWN_MAX: Duration = Duration::from_secs(3);

/// Records that are passed over on the way to those that are wanted: a read gives what it has of one partition first.
const PASSED_OVER_MAX: usize = 20_000;

/// When the log took the record at each of these places, in milliseconds since the Unix epoch. Each lies before its
/// partition's end.
pub(super) async fn appended_at(
    log: &dyn EventLog,
    topic_in_log: &str,
    places: Positions,
) -> Result<BTreeMap<Partition, i64>, LogError> {
    let mut found = BTreeMap::new();
    if places.is_empty() {
        return Ok(found);
    }
    let deadline = Instant::now() + SHOWN_MAX;
    let mut left = PASSED_OVER_MAX;
    let mut reader = log.reader(topic_in_log, places.clone()).await?;
    while found.len() < places.len() && left > 0 {
        let limits = ReadLimits { records_max: 500, bytes_max: 256 * 1024, wait_max: SHOWN_MAX };
        let Ok(read) = timeout_at(deadline, reader.next(limits)).await else { break };
        let read = read?;
        left -= read.len().clamp(1, left);
        for record in &read {
            found.entry(record.position.partition).or_insert(record.appended_at_ms);
        }
    }
    Ok(found)
}
