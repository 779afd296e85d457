//! The events of one key in one day, UTC: what this gateway let through, and its lease. Pure.

use super::{
    LEASE_MS, Left,
    source::{DayAsk, DayGrant},
};

pub(super) const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Of what is left of the day, what may be granted as spare: a sixty-fourth.
pub(super) const SPARE_PART: u64 = 64;

/// For so long nobody asks again after a refusal; something may be given back.
const REFUSED_FOR_MS: u64 = 250;

/// How the events of a request fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many of them may go on.
    Taken(u64),
    /// The shared count has to be asked for so many first.
    Ask(u64),
}

#[derive(Debug, Default)]
pub(super) struct Day {
    /// Which day, from the Unix epoch.
    number: u64,
    /// Let through by this gateway.
    used: u64,
    /// What of it nobody granted, and the shared count does not know.
    ungranted: u64,
    /// What the shared count is being told now.
    telling: u64,
    /// Granted and not used, to be given back.
    unused: u64,
    lease_left: u64,
    lease_ends_at_ms: u64,
    spare_wanted: u64,
    refused_until_ms: u64,
    /// What the shared count had granted to all, and when it said so.
    granted_to_all: u64,
}

impl Day {
    /// So many events. `shared`: whether the shared count can be asked; `counted`: whether there is one at all.
    pub(super) fn take(&mut self, now: super::Now, limit: u64, events: u64, shared: bool, counted: bool) -> Step {
        self.roll(now.unix_ms);
        let wanted = events.min(limit.saturating_sub(self.used));
        let on_lease = self.on_lease(now.monotonic_ms).min(wanted);
        if on_lease < wanted && shared && now.monotonic_ms >= self.refused_until_ms {
            return Step::Ask(wanted - on_lease);
        }
        self.lease_left -= on_lease;
        self.used += on_lease;
        if on_lease == wanted || shared {
            return Step::Taken(on_lease);
        }
        self.used += wanted - on_lease;
        if counted {
            self.ungranted += wanted - on_lease;
        }
        Step::Taken(wanted)
    }

    /// The question to ask when so many wait; 0 only tells what became of earlier leases.
    pub(super) fn ask(&mut self, now: super::Now, limit: u64, need: u64) -> DayAsk {
        self.roll(now.unix_ms);
        let live = self.on_lease(now.monotonic_ms);
        if need > 0 {
            let used_up_early = now.monotonic_ms < self.lease_ends_at_ms;
            let wanted = if used_up_early { (self.spare_wanted * 2).max(need) } else { self.spare_wanted / 2 };
            self.spare_wanted = wanted.min(limit / SPARE_PART);
        }
        if live == 0 {
            self.unused += std::mem::take(&mut self.lease_left);
        }
        self.telling += std::mem::take(&mut self.ungranted);
        DayAsk {
            limit,
            need,
            spare: if need > 0 { self.spare_wanted } else { 0 },
            day: self.number,
            unused: std::mem::take(&mut self.unused),
            ungranted: self.telling,
            used_here: self.used,
        }
    }

    /// The answer to a question asked at `asked_ms`.
    pub(super) fn granted(&mut self, asked_ms: u64, now: super::Now, need: u64, grant: &DayGrant) {
        self.roll(now.unix_ms);
        self.telling = 0;
        self.granted_to_all = grant.used;
        if need == 0 {
            return;
        }
        // Clocks may disagree about midnight: what is granted is good for the day that granted it, here as there.
        self.lease_left += grant.granted + grant.spare;
        self.lease_ends_at_ms = asked_ms + LEASE_MS.min(grant.ends_in_ms);
        if grant.granted < need {
            self.refused_until_ms = now.monotonic_ms + REFUSED_FOR_MS;
        }
    }

    /// What the asker gets of its events once the answer is there: whatever is on the lease.
    pub(super) fn take_granted(&mut self, limit: u64, events: u64) -> u64 {
        let taken = events.min(self.lease_left).min(limit.saturating_sub(self.used));
        self.lease_left -= taken;
        self.used += taken;
        taken
    }

    /// No answer came.
    pub(super) fn not_granted(&mut self) {
        self.ungranted += std::mem::take(&mut self.telling);
    }

    /// Events that were taken and then not recorded.
    pub(super) fn give_back(&mut self, now: super::Now, events: u64, counted: bool) {
        self.roll(now.unix_ms);
        let events = events.min(self.used);
        self.used -= events;
        if !counted {
            return;
        }
        if now.monotonic_ms < self.lease_ends_at_ms {
            self.lease_left += events;
            return;
        }
        let untold = events.min(self.ungranted);
        self.ungranted -= untold;
        self.unused += events - untold;
    }

    /// Whether the shared count should hear of something, now or when a lease ends.
    pub(super) fn owes(&self) -> bool {
        self.lease_left > 0 || self.unused > 0 || self.ungranted > 0
    }

    /// Whether it should hear now.
    pub(super) fn owes_now(&self, now_ms: u64) -> bool {
        self.owes() && now_ms >= self.lease_ends_at_ms
    }

    /// Nothing more is taken from the lease.
    pub(super) fn end_lease(&mut self) {
        self.lease_ends_at_ms = 0;
    }

    /// Whether this day's count has to be kept.
    pub(super) fn is_used(&self, now: super::Now) -> bool {
        self.number == now.unix_ms / DAY_MS && self.used > 0
    }

    /// How many are left, and when the day ends.
    pub(super) fn left(&self, now: super::Now, limit: u64) -> Left {
        let is_today = self.number == now.unix_ms / DAY_MS;
        let by_all = (self.granted_to_all + self.ungranted + self.telling).saturating_sub(self.held());
        let used = if is_today { self.used.max(by_all) } else { 0 };
        Left { limit, remaining: limit.saturating_sub(used), reset_in_ms: DAY_MS - now.unix_ms % DAY_MS }
    }

    /// What the shared count takes for used, and is not.
    pub(super) fn held(&self) -> u64 {
        self.lease_left + self.unused
    }

    fn on_lease(&self, now_ms: u64) -> u64 {
        if now_ms < self.lease_ends_at_ms { self.lease_left } else { 0 }
    }

    /// A new day begins with nothing; what was left of the old one is nobody's.
    fn roll(&mut self, unix_ms: u64) {
        let number = unix_ms / DAY_MS;
        if number != self.number {
            *self = Day { number, spare_wanted: self.spare_wanted, ..Day::default() };
        }
    }
}
