//! The bounds of the local log.

use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// How much the local log queues, writes at once and keeps.
///
/// A request of more than `queue_records_max` records or `queue_bytes_max` bytes is always refused
/// as [`QueueFull`](crate::AppendError::QueueFull): keep the bounds of a request below them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalSettings {
    /// Records that may wait to be written.
    pub queue_records_max: usize,
    /// Bytes of records that may wait to be written.
    pub queue_bytes_max: usize,
    /// Records after which a transaction takes no further request.
    pub transaction_records_max: usize,
    /// Bytes after which a transaction takes no further request.
    pub transaction_bytes_max: usize,
    /// Key, payload and headers of one record together.
    pub record_bytes_max: usize,
    /// Connections, and so threads, that read at the same time.
    pub reader_connections: usize,
    /// How often records past their topic's retention are looked for, and compacted topics looked through.
    pub retention_sweep_every: Duration,
    /// Records deleted, or looked at, in one transaction; appends go on between two of them.
    pub retention_step_records: usize,
    /// How long a compacted topic keeps a tombstone that compaction has seen: as long as a reader may need to
    /// come by.
    pub tombstones_kept: Duration,
    /// Size that the file never grows beyond; appends are refused as unavailable until retention
    /// made room. `None` leaves it to the disk.
    pub file_bytes_max: Option<u64>,
    /// Whether pages that hold nothing may be given back to the disk ([`LocalLog::give_back_disk`](super::LocalLog::give_back_disk)).
    /// Decided when the file is made: it then carries a map of its pages.
    pub gives_back_disk: bool,
}

impl Default for LocalSettings {
    fn default() -> Self {
        Self {
            queue_records_max: 100_000,
            queue_bytes_max: 64 * MIB,
            transaction_records_max: 5_000,
            transaction_bytes_max: 8 * MIB,
            record_bytes_max: MIB,
            reader_connections: 4,
            retention_sweep_every: Duration::from_secs(60),
            retention_step_records: 1_000,
            tombstones_kept: Duration::from_secs(24 * 3600),
            file_bytes_max: None,
            gives_back_disk: false,
        }
    }
}
