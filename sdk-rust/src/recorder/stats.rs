//! What a recorder has done so far.

use std::collections::BTreeMap;

use super::DropReason;

/// Counters since the recorder was made.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Events that were taken into the queue.
    pub recorded: u64,
    /// Events that the gateway has acknowledged.
    pub accepted: u64,
    /// Events that the gateway refused for good; `on_refused` was told.
    pub refused: u64,
    /// Events that were let go; `on_dropped` was told.
    pub dropped: u64,
    /// The same, by why.
    pub dropped_by_reason: BTreeMap<DropReason, u64>,
    /// Events that wait or are under way.
    pub queued: usize,
    /// Their bytes.
    pub queued_bytes: usize,
    /// Requests that were sent.
    pub requests: u64,
    /// Requests after which something was to be sent again.
    pub retries: u64,
    /// Events that were given another time, since this machine's clock is ahead.
    pub retimed: u64,
    /// Faults inside the recorder, in what was recorded or in the callbacks, which were swallowed.
    pub faults: u64,
    /// The kind of the last fault or refusal.
    pub last_fault: Option<String>,
    /// By how many milliseconds the gateway's clock is ahead of this machine's; `None` when it is not known yet.
    pub clock_skew_ms: Option<f64>,
}
