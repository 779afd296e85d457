//! Reads records until there are enough of them, or the first has waited long enough.

use std::time::Duration;

use bus::{GroupMember, LogError, LogRecord, Positions, ReadLimits};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Settings;

/// How long one idle read waits: bounds how soon other duties get their turn.
const IDLE_WAIT: Duration = Duration::from_secs(1);

/// So many records a batch may hold, however few are set, when a row failed for a reason that nobody can tell: what is
/// behind it bears witness that it is the row.
const WITNESSED_RECORDS_MAX: usize = 1_000;
const WITNESSED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How much the next batch may hold; at first, and once the store takes batches, what is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    records_max: usize,
    bytes_max: usize,
    set: (usize, usize),
}

impl Size {
    pub(crate) fn of(settings: &Settings) -> Self {
        let set = (settings.batch_records_max.max(1), settings.batch_bytes_max.max(1));
        Self { records_max: set.0, bytes_max: set.1, set }
    }

    /// The store did not take a batch: half as many records, so that one which is too much for it, or for the time that
    /// it is given, is not tried again and again as it is.
    pub(crate) fn shrink(&mut self) {
        self.records_max = (self.records_max / 2).max(1);
    }

    /// A row failed and nothing else of its batch was there to be taken: more of what is behind it.
    pub(crate) fn widen(&mut self) {
        self.records_max = self.records_max.saturating_mul(2).min(self.set.0.max(WITNESSED_RECORDS_MAX));
        self.bytes_max = self.set.1.max(WITNESSED_BYTES_MAX);
    }

    /// The store took a batch.
    pub(crate) fn recover(&mut self) {
        self.records_max = self.records_max.saturating_mul(2).min(self.set.0);
        self.bytes_max = self.set.1;
    }
}

/// Collects one batch; empty when nothing came, or when stopping before anything came.
///
/// An error after the first record gives up that record: the caller rewinds, and it is read again.
pub(crate) async fn collect(
    member: &mut dyn GroupMember,
    settings: &Settings,
    size: Size,
    stopping: &CancellationToken,
) -> Result<Vec<LogRecord>, LogError> {
    let mut batch = Vec::new();
    let mut room = Room { records: size.records_max, bytes: size.bytes_max };
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
