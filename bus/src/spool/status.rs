//! What a spool tells of itself.

/// Where records go at the moment, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpoolState {
    /// The log takes records itself; the spool is empty.
    Idle,
    /// The log is away: records go to the spool and wait there.
    Spooling,
    /// The log is back: the spool is being emptied in order, and new records go behind what is in it.
    Draining,
    /// The log is away, and the spool has no room left: records are refused.
    Full,
    /// The spool itself can't be written (a read-only folder, a disk that fails): with the log away, records are refused.
    Unavailable,
}

impl SpoolState {
    /// Every state.
    pub const ALL: [SpoolState; 5] =
        [SpoolState::Idle, SpoolState::Spooling, SpoolState::Draining, SpoolState::Full, SpoolState::Unavailable];

    /// The stable word, in metrics and in `/health/ready`.
    pub const fn as_str(self) -> &'static str {
        match self {
            SpoolState::Idle => "idle",
            SpoolState::Spooling => "spooling",
            SpoolState::Draining => "draining",
            SpoolState::Full => "full",
            SpoolState::Unavailable => "unavailable",
        }
    }
}

/// A spool at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct SpoolStatus {
    /// Where records go.
    pub state: SpoolState,
    /// Records that wait for the log.
    pub records: u64,
    /// Bytes of keys, headers and payloads that wait.
    pub bytes: u64,
    /// How many bytes may wait.
    pub bytes_max: u64,
    /// When the oldest that waits was taken, in milliseconds since the Unix epoch.
    pub oldest_appended_at_ms: Option<i64>,
    /// Records handed on to the log since this process started.
    pub drained_records_total: u64,
    /// Records handed on per second, over the last seconds in which there were any to hand on; 0 while it is not being
    /// drained.
    pub drain_records_per_second: f64,
    /// Records that the log refuses for good (larger than it takes): kept in the spool's folder, never dropped, never in the way.
    pub refused_records: u64,
    /// Slots of the folder, of other processes, that can't be read: acknowledged records may lie in them that reach the log only once a person mended them.
    pub unreadable_slots: u64,
    /// Why the log, or the spool, is away: for logs and for operators, never for clients.
    pub reason: Option<String>,
}
