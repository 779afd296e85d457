//! How long events are kept, what is dropped of them, and when no clock is trusted to say so. The rules; pure.

use std::{collections::BTreeSet, fmt};

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use crate::{Actor, AuditEntry, OrgId, StoreError, query::first_id_at};

/// The longest that anybody may say, in days.
pub const RETENTION_DAYS_MAX: u32 = 36_500;

/// The action of the trail's entries of what was dropped.
pub const DROP_ACTION: &str = "events.drop";

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// An event's id may lie a day from its `timestamp`: a whole month is past its time only when the day behind it is, too.
const ID_SKEW_MS_MAX: i64 = DAY_MS + 1;

/// The clock of who drops and that of the database may be so far apart, in milliseconds.
const CLOCKS_APART_MS_MAX: i64 = 10 * 60 * 1_000;

/// A clock that is so much further than at the last look has jumped, or nobody looked for as long; in milliseconds.
const CLOCK_AHEAD_MS_MAX: i64 = 2 * DAY_MS;

/// A clock that is so much behind its last look was wrong then or is now; in milliseconds.
const CLOCK_BEHIND_MS_MAX: i64 = 60 * 60 * 1_000;

/// So long nothing is dropped after a jump: people see the warning, and a clock is set right; in milliseconds.
const PAUSE_MS: i64 = DAY_MS;

/// What the installation says of retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstallationRetention {
    /// Days that events of organisations are kept which say nothing themselves.
    pub days: u32,
    /// The most that an organisation gets, in days, whatever it says.
    pub days_max: u32,
}

impl InstallationRetention {
    /// How many days hold for an organisation that says this.
    pub fn effective_days(self, own_days: Option<u32>) -> u32 {
        own_days.map_or(self.days, |own| own.min(self.days_max))
    }

    /// The oldest moment whose events such an organisation keeps.
    pub fn oldest_kept(self, own_days: Option<u32>, now: Timestamp) -> Timestamp {
        now.plus_ms(-i64::from(self.effective_days(own_days)) * DAY_MS)
    }
}

impl Default for InstallationRetention {
    fn default() -> Self {
        Self { days: 400, days_max: RETENTION_DAYS_MAX }
    }
}

/// What an organisation says of the retention of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRetention {
    /// Days.
    pub events_days: u32,
    /// Who said so last: the name of an actor.
    pub updated_by: String,
    /// When.
    pub updated_at: Timestamp,
}

/// What an organisation says of retention, and whether a clock is right. What is past its time is dropped by
/// [`crate::EventStore::drop_past_retention`].
#[async_trait]
pub trait RetentionStore: Send + Sync + 'static {
    /// What the organisation says; `None`: nothing, the installation's holds.
    async fn retention(&self, org_id: OrgId) -> Result<Option<OwnRetention>, StoreError>;

    /// Replaces what it says. Once this has answered, nothing is dropped by what it said before. `Refused` when there is no
    /// such organisation. The same again changes nothing.
    async fn set_retention(
        &self,
        org_id: OrgId,
        events_days: Option<u32>,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<(), StoreError>;

    /// Whether what this clock calls old may be dropped; remembers what it showed.
    async fn look_at_clock(&self, now: Timestamp) -> Result<ClockTrust, StoreError>;
}

/// Whether a clock is taken to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockTrust {
    /// It is.
    Trusted,
    /// The database's clock shows something else: so many milliseconds less.
    Disagrees {
        /// Ours less the database's, in milliseconds.
        ahead_ms: i64,
    },
    /// It jumped, or nobody looked for days: it is trusted again from this moment on.
    Jumped {
        /// By this clock.
        until: Timestamp,
    },
}

/// What is remembered of clocks between two looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClockMemory {
    /// What the last look showed; `None`: nobody ever looked.
    pub(crate) seen_at: Option<Timestamp>,
    pub(crate) paused_until: Timestamp,
}

impl ClockMemory {
    /// What is remembered after this look.
    pub(crate) fn look(self, now: Timestamp) -> Self {
        let has_jumped = self.seen_at.is_some_and(|seen_at| {
            let ahead_ms = now.unix_ms().saturating_sub(seen_at.unix_ms());
            !(-CLOCK_BEHIND_MS_MAX..=CLOCK_AHEAD_MS_MAX).contains(&ahead_ms)
        });
        Self { seen_at: Some(now), paused_until: if has_jumped { now.plus_ms(PAUSE_MS) } else { self.paused_until } }
    }

    /// Whether a clock that shows this is trusted; the database's shows `database_now`.
    pub(crate) fn trust(self, now: Timestamp, database_now: Timestamp) -> ClockTrust {
        let ahead_ms = apart_ms(now, database_now);
        if ahead_ms.saturating_abs() > CLOCKS_APART_MS_MAX {
            return ClockTrust::Disagrees { ahead_ms };
        }
        match self.paused_until {
            until if now < until => ClockTrust::Jumped { until },
            _ => ClockTrust::Trusted,
        }
    }
}

fn apart_ms(now: Timestamp, database_now: Timestamp) -> i64 {
    now.unix_ms().saturating_sub(database_now.unix_ms())
}

/// How what is past its time is dropped: by whose rule, as of when, and who is told.
#[derive(Clone, Copy)]
pub struct Sweep<'s> {
    /// What the installation says.
    pub installation: InstallationRetention,
    /// Retention is counted back from here.
    pub now: Timestamp,
    /// Asked before each step: whether to leave the rest for another time.
    pub is_stopped: &'s (dyn Fn() -> bool + Send + Sync),
    /// Told of each step, once it is done.
    pub told: &'s (dyn Fn(Dropped) + Send + Sync),
}

/// What one step dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// How many events.
    pub events: u64,
    /// How.
    pub how: How,
}

/// How events were dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// A month's partition, whole.
    Partition,
    /// A month's partition, after the few events in it that are kept had been moved into a new one.
    MovedPartition,
    /// Row by row.
    Rows,
}

impl How {
    /// All there are.
    pub const ALL: [How; 3] = [How::Partition, How::MovedPartition, How::Rows];

    /// What the trail and metrics call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            How::Partition => "partition",
            How::MovedPartition => "partition_after_move",
            How::Rows => "rows",
        }
    }
}

impl Sweep<'_> {
    /// The oldest moment whose events an organisation keeps that says this.
    pub(crate) fn oldest_kept(&self, own_days: Option<u32>) -> Timestamp {
        self.installation.oldest_kept(own_days, self.now)
    }

    /// Events with an id from here on are not past their time, or not for longer than a day.
    pub(crate) fn ids_past(&self, own_days: Option<u32>) -> Uuid {
        first_id_at(self.oldest_kept(own_days).unix_ms())
    }

    /// Whether every event whose id lies before this millisecond is past its time.
    pub(crate) fn is_past(&self, own_days: Option<u32>, end_unix_ms: i64) -> bool {
        end_unix_ms.saturating_add(ID_SKEW_MS_MAX) <= self.oldest_kept(own_days).unix_ms()
    }

    /// The trail's entry of what went.
    pub(crate) fn entry(&self, gone: &Gone<'_>) -> AuditEntry {
        let rule = if gone.keeping.own_days.is_some() { "organisation" } else { "installation" };
        let entry = AuditEntry::new(Some(gone.org_id), Actor::system(), DROP_ACTION, gone.target_kind, &gone.target);
        entry
            .with("from", Timestamp::from_unix_ms(gone.from_unix_ms).to_string())
            .with("to", Timestamp::from_unix_ms(gone.to_unix_ms).to_string())
            .with("events", gone.events)
            .with("by", gone.how.as_str())
            .with("rule", rule)
            .with("retention_days", self.installation.effective_days(gone.keeping.own_days))
    }
}

impl fmt::Debug for Sweep<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { installation, now, .. } = self;
        f.debug_struct("Sweep").field("installation", installation).field("now", now).finish_non_exhaustive()
    }
}

/// What went of one organisation in one transaction.
pub(crate) struct Gone<'g> {
    pub(crate) org_id: OrgId,
    pub(crate) target_kind: &'g str,
    pub(crate) target: String,
    /// The times of its ids: from this millisecond on.
    pub(crate) from_unix_ms: i64,
    /// Before this one.
    pub(crate) to_unix_ms: i64,
    pub(crate) events: u64,
    pub(crate) how: How,
    pub(crate) keeping: &'g Keeping,
}

/// What makes that something of an organisation is kept. Two that are equal keep the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keeping {
    /// What it says of retention itself.
    pub(crate) own_days: Option<u32>,
    /// Whether a hold covers everything.
    pub(crate) holds_all: bool,
    /// The AI systems that holds cover.
    pub(crate) held: BTreeSet<Uuid>,
}

/// The millisecond that an event id names.
pub(crate) fn unix_ms_of(event_id: Uuid) -> i64 {
    // 48 bits fit.
    (event_id.as_u128() >> 80) as i64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HOUR_MS: i64 = 60 * 60 * 1_000;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn sweep(days: u32, days_max: u32) -> Sweep<'static> {
        let installation = InstallationRetention { days, days_max };
        Sweep { installation, now: at("2026-07-01T00:00:00Z"), is_stopped: &|| false, told: &|_| () }
    }

    #[test]
    fn an_organisations_own_word_holds_as_far_as_the_operator_lets_it() {
        let installation = InstallationRetention { days: 400, days_max: 1_000 };
        let days = |own| installation.effective_days(own);
        assert_eq!([days(None), days(Some(1)), days(Some(999)), days(Some(2_000))], [400, 1, 999, 1_000]);
        // Who says nothing is not bound by the bound of those who do.
        assert_eq!(InstallationRetention { days: 400, days_max: 30 }.effective_days(None), 400);
        assert_eq!(sweep(30, 100).oldest_kept(None), at("2026-06-01T00:00:00Z"));
    }

    #[test]
    fn a_month_is_past_when_the_day_behind_it_is() {
        let end = |text: &str| at(text).unix_ms();
        assert!(!sweep(30, 100).is_past(None, end("2026-06-01T00:00:00Z")));
        assert!(!sweep(29, 100).is_past(None, end("2026-06-01T00:00:00Z")));
        assert!(sweep(28, 100).is_past(None, end("2026-06-01T00:00:00Z")));
        assert!(!sweep(28, 100).is_past(Some(40), end("2026-06-01T00:00:00Z")));
    }

    #[test]
    fn no_retention_overflows() {
        for now in [i64::MIN, 0, i64::MAX] {
            let sweep = Sweep { now: Timestamp::from_unix_ns(now), ..sweep(RETENTION_DAYS_MAX, RETENTION_DAYS_MAX) };
            assert!(!sweep.is_past(Some(u32::MAX), i64::MAX));
            sweep.ids_past(Some(u32::MAX));
        }
    }

    /// Looks at these moments, in milliseconds from the first look; whether the clock is trusted at each.
    #[track_caller]
    fn check(looks: &[i64], trusted: &[bool]) {
        let first = at("2026-07-01T00:00:00Z");
        let mut memory = ClockMemory { seen_at: None, paused_until: Timestamp::from_unix_ns(0) };
        let seen: Vec<bool> = looks
            .iter()
            .map(|ms| {
                let now = first.plus_ms(*ms);
                memory = memory.look(now);
                memory.trust(now, now) == ClockTrust::Trusted
            })
            .collect();
        assert_eq!(seen, trusted, "{looks:?}");
    }

    #[test]
    fn a_clock_that_jumped_is_trusted_again_after_a_day() {
        check(&[0, HOUR_MS, 30 * HOUR_MS, 78 * HOUR_MS], &[true; 4]);
        // Ahead by a year, and back after an hour: for a day after each nothing is dropped.
        let year = 365 * DAY_MS;
        check(
            &[0, year, year + HOUR_MS, HOUR_MS, 24 * HOUR_MS, 26 * HOUR_MS],
            &[true, false, false, false, false, true],
        );
        // Switched off for a week.
        check(&[0, 7 * DAY_MS, 7 * DAY_MS + 23 * HOUR_MS, 8 * DAY_MS], &[true, false, false, true]);
        check(&[0, -HOUR_MS, -3 * HOUR_MS], &[true, true, false]);
    }

    #[test]
    fn a_clock_that_is_not_the_databases_is_not_trusted() {
        let now = at("2026-07-01T00:00:00Z");
        let memory = ClockMemory { seen_at: Some(now), paused_until: Timestamp::from_unix_ns(0) };
        assert_eq!(memory.trust(now, now.plus_ms(CLOCKS_APART_MS_MAX)), ClockTrust::Trusted);
        for ahead_ms in [CLOCKS_APART_MS_MAX + 1, -CLOCKS_APART_MS_MAX - 1] {
            assert_eq!(memory.trust(now.plus_ms(ahead_ms), now), ClockTrust::Disagrees { ahead_ms });
        }
    }

    #[test]
    fn an_id_names_its_millisecond() {
        for ms in [0, 1, 1_782_864_000_123] {
            assert_eq!(unix_ms_of(first_id_at(ms)), ms);
        }
    }
}
