//! Reads records until there are enough of them, or the first has waited long enough.

use std::time::Duration;

use bus::{GroupMember, LogError, LogRecord, Positions, ReadLimits};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Settings;

/// How long one idle read waits: bounds how soon other duties get their turn.
const IDLE_WAIT: Duration = Duration::from_secs(1);

/// Collects one batch; empty when nothing came, or when stopping before anything came.
///
/// An error after the first record gives up that record: the caller rewinds, and it is read again.
pub(crate) async fn collect(
    member: &mut dyn GroupMember,
    settings: &Settings,
    stopping: &CancellationToken,
) -> Result<Vec<LogRecord>, LogError> {
    let mut batch = Vec::new();
    let mut room = Room { records: settings.batch_records_max.max(1), bytes: settings.batch_bytes_max.max(1) };
    let mut deadline = Instant::now() + IDLE_WAIT;
    while room.records > 0 && room.bytes > 0 {
        let wait_max = deadline.saturating_duration_since(Instant::now());
        if !batch.is_empty() && wait_max.is_zero() {
            break;
        }
        let limits = ReadLimits { records_max: room.records, bytes_max: room.bytes, wait_max };
        let more = tokio::select! {
            biased;
            () = stopping.cancelled() => break,
            more = member.next(limits) => more?,
        };
        if more.is_empty() {
            break;
        }
        if batch.is_empty() {
            deadline = Instant::now() + settings.batch_age_max;
        }
        room.take(&more);
        batch.extend(more);
    }
    Ok(batch)
}

/// The next offset wanted of each partition once these records are done with.
pub(crate) fn positions_after(batch: &[LogRecord]) -> Positions {
    let mut next = Positions::new();
    for record in batch {
        let wanted = next.entry(record.position.partition).or_default();
        *wanted = (*wanted).max(record.position.offset + 1);
    }
    next
}

struct Room {
    records: usize,
    bytes: usize,
}

impl Room {
    fn take(&mut self, records: &[LogRecord]) {
        self.records = self.records.saturating_sub(records.len());
        let bytes: usize = records.iter().map(|record| record.payload.len()).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}
