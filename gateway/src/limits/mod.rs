//! How much each key and each person may do: requests in a sliding minute, events in a day; and each address without
//! either.
//!
//! Where gateways share a Redis, it counts for all of them: a gateway takes leases from it, of a second or less, so the
//! usual request of a busy client asks Redis nothing, and what is unused goes back. Every gateway besides counts what it
//! let through itself, and refuses by that alone what is past a limit. That own count is all there is without Redis, and
//! what goes on counting when Redis is lost. `window.rs`, `minute.rs` and `day.rs` are the rules, without a clock;
//! `take.lua` is what Redis runs; `limiter.rs` puts them together.

pub(crate) mod addresses;
mod connection;
mod day;
mod headers;
mod limiter;
mod metrics;
mod minute;
#[cfg(test)]
mod model;
pub(crate) mod request;
mod shared;
mod source;
mod window;

use std::time::{Duration, Instant};

use crate::clock;

pub(crate) use addresses::Addresses;
pub(crate) use connection::Connection;
pub use limiter::{Limiter, Taken};
pub use source::Subject;

/// For so long a lease may be used.
const LEASE_MS: u64 = 1_000;

/// The same.
pub(crate) const LEASE: Duration = Duration::from_millis(LEASE_MS);

/// What is left of one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The limit.
    pub limit: u64,
    /// So many more are let through now.
    pub remaining: u64,
    /// Milliseconds until more are: the oldest request that counts no longer does, the day ends.
    pub reset_in_ms: u64,
}

impl Left {
    /// Nothing was used.
    fn all(limit: u64) -> Self {
        Self { limit, remaining: limit, reset_in_ms: 0 }
    }

    /// The same, when somebody knows of more that was used.
    fn used_at_least(self, used: u64, reset_in_ms: u64) -> Self {
        let remaining = self.limit.saturating_sub(used);
        if remaining < self.remaining { Self { remaining, reset_in_ms, ..self } } else { self }
    }

    /// So much of the limit was used; what little went past it is not told.
    pub fn used(&self) -> u64 {
        self.limit - self.remaining
    }
}

/// What an authenticated request is told of its limits; nothing of one that is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Requests in any 60 seconds.
    pub minute: Option<Left>,
    /// Events in this day, UTC.
    pub day: Option<Left>,
}

/// Two clocks: one that only runs on, for windows and leases, and the one that days are told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Now {
    monotonic_ms: u64,
    unix_ms: u64,
}

/// Tells [`Now`].
#[derive(Clone, Copy, Debug)]
struct Clock {
    started: Instant,
}

impl Clock {
    /// Where the count of milliseconds begins: 0 stands for never.
    const FIRST: Duration = Duration::from_secs(3_600);

    fn start() -> Self {
        Self { started: Instant::now() }
    }

    fn now(&self) -> Now {
        Now { monotonic_ms: whole_ms(Self::FIRST + self.started.elapsed()), unix_ms: clock::unix_ms() }
    }
}

fn whole_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Whole seconds for `Retry-After` and its like: at least 1, never too early.
fn seconds_up(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1_000)).unwrap_or(u32::MAX).max(1)
}
