//! The log read from its beginning, as any reader may.

use std::time::Duration;

use aibbar::record::{DEAD_LETTERS_TOPIC, EVENTS_TOPIC};
use bus::{EventLog, LogRecord, ReadLimits};
use e2e::{InLog, eventually, number_of};
use serde_json::Value;

const LIMITS: ReadLimits =
    ReadLimits { records_max: 1_000, bytes_max: 8 * 1024 * 1024, wait_max: Duration::from_millis(200) };

/// Every event that was ever appended, in order within each partition.
pub(crate) async fn events(log: &dyn EventLog) -> Vec<InLog> {
    let records = all(log, EVENTS_TOPIC).await;
    let event = |record: &LogRecord| {
        let payload: Value = serde_json::from_slice(&record.payload).unwrap();
        let (ai_id, sequence) = number_of(&payload["event"]).unwrap_or_else(|| panic!("not one of ours: {payload}"));
        assert_eq!(record.key, ai_id.to_string().as_bytes(), "a record's key is its AI system");
        InLog { ai_id, sequence }
    };
    records.iter().map(event).collect()
}

/// How many records could not be stored.
pub(crate) async fn dead_letters(log: &dyn EventLog) -> usize {
    all(log, DEAD_LETTERS_TOPIC).await.len()
}

async fn all(log: &dyn EventLog, topic: &str) -> Vec<LogRecord> {
    // A client that is new to its brokers may have to ask twice.
    let bounds = eventually("the log says what it holds", async || log.bounds(topic).await.ok()).await;
    let earliest = bounds.iter().map(|(partition, bounds)| (*partition, bounds.earliest)).collect();
    let mut missing: u64 = bounds.values().map(|bounds| bounds.end - bounds.earliest).sum();
    let mut reader = log.reader(topic, earliest).await.unwrap();
    let mut records = Vec::new();
    eventually("the log is read to its end", async || {
        while missing > 0 {
            let read = reader.next(LIMITS).await.unwrap_or_default();
            if read.is_empty() {
                return None;
            }
            missing = missing.saturating_sub(read.len() as u64);
            records.extend(read);
        }
        Some(())
    })
    .await;
    records
}
