//! What a gateway asks of the counts that all gateways share, and what it is told.

use std::fmt;

use uuid::Uuid;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An API key, by its id: what it counts stays when it is rotated.
    Key(Uuid),
    /// A person, by their id, over all their sessions.
    Person(Uuid),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Key(id) => write!(f, "key:{id}"),
            Subject::Person(id) => write!(f, "person:{id}"),
        }
    }
}

/// One question. Whatever is to be said of earlier answers goes along with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) minute: Option<MinuteAsk>,
    pub(super) day: Option<DayAsk>,
}

impl Ask {
    /// Only asks how much is used of these limits.
    pub(super) fn for_nothing(requests: Option<u64>, events: Option<u64>) -> Self {
        Self {
            minute: requests.map(|limit| MinuteAsk { limit, ..MinuteAsk::default() }),
            day: events.map(|limit| DayAsk { limit, ..DayAsk::default() }),
        }
    }
}

/// Requests of a minute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MinuteAsk {
    pub(super) limit: u64,
    /// Requests that wait.
    pub(super) need: u64,
    /// Requests that may come within the life of a lease.
    pub(super) spare: u64,
    /// What became of earlier leases.
    pub(super) settled: Vec<Settled>,
    /// What was let through while nobody could be asked: milliseconds ago, and how many.
    pub(super) ungranted: Vec<(u64, u32)>,
}

/// What became of one lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    /// The bucket that it was granted in.
    pub(super) bucket: i64,
    /// What was not used of it.
    pub(super) unused: u64,
    /// What had been granted as spare.
    pub(super) spare: u64,
}

/// Events of a day, UTC. Days are numbered from the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DayAsk {
    pub(super) limit: u64,
    /// Events that wait.
    pub(super) need: u64,
    /// Events that may come within the life of a lease.
    pub(super) spare: u64,
    /// The day that the rest speaks of.
    pub(super) day: u64,
    /// Granted, and not used.
    pub(super) unused: u64,
    /// Let through while nobody could be asked.
    pub(super) ungranted: u64,
    /// All that this gateway let through: whoever counts less has lost its memory.
    pub(super) used_here: u64,
}

/// One answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) minute: MinuteGrant,
    pub(super) day: DayGrant,
}

/// What of the minute is granted, for [`super::LEASE_MS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MinuteGrant {
    /// The bucket that this is counted in.
    pub(super) bucket: i64,
    /// Of what was needed.
    pub(super) granted: u64,
    /// Beyond it.
    pub(super) spare: u64,
    /// What was used in the last 60 seconds, by all gateways, before this.
    pub(super) used: u64,
    /// Milliseconds until one more is granted; 0 when all that was needed was.
    pub(super) retry_ms: u64,
    /// Milliseconds until the oldest that is counted no longer is.
    pub(super) oldest_leaves_in_ms: u64,
}

/// What of the day is granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DayGrant {
    /// The day it is.
    pub(super) day: u64,
    /// Of what was needed.
    pub(super) granted: u64,
    /// Beyond it.
    pub(super) spare: u64,
    /// All that was granted this day to all gateways, with this.
    pub(super) used: u64,
    /// Milliseconds until the next day.
    pub(super) ends_in_ms: u64,
}
