//! The requests of one key in a sliding minute: what this gateway let through, and its lease. Pure.
//!
//! This gateway's own window always counts, and refuses by itself what is past the limit. Where the count is shared, a
//! request besides needs a place on a lease, which the shared count granted for a second or less.

use super::{
    LEASE_MS, Left,
    source::{MinuteAsk, MinuteGrant, Settled},
    window::{BUCKET_MS, Cap, Window},
};

/// Leases whose end the shared count was not yet told; of more than these, what was unused counts as used.
const UNSETTLED_MAX: usize = 8;

/// Of the limit, what may lie unused on leases: a fiftieth.
pub(super) const SPARE_PART: u64 = 50;

/// For so long nobody asks again after a refusal; something may be given back before its time.
const REFUSED_FOR_MS: u64 = 250;

/// For so long after an answer it still tells how many are left.
const ANSWER_TELLS_FOR_MS: u64 = 2 * LEASE_MS;

/// How a request fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Taken(Left),
    /// With the milliseconds after which another try is right.
    Refused(Left, u64),
    /// The shared count has to be asked first.
    Ask,
}

#[derive(Debug)]
pub(super) struct Minute {
    window: Window,
    /// What of it nobody granted, and the shared count does not know.
    ungranted: Option<Box<Window>>,
    /// What the shared count is being told now.
    telling: Option<Box<Window>>,
    lease: Lease,
    unsettled: Vec<Settled>,
    spare_wanted: u64,
    refused_until_ms: u64,
    retry_at_ms: u64,
    answer: Answer,
}

/// Requests that may be let through until its end.
#[derive(Debug, Default)]
struct Lease {
    left: u64,
    spare: u64,
    bucket: i64,
    ends_at_ms: u64,
    /// Whether the shared count waits to hear of it.
    open: bool,
}

/// The last one of the shared count.
#[derive(Debug, Default)]
struct Answer {
    at_ms: u64,
    used: u64,
    taken_since: u64,
    oldest_leaves_at_ms: u64,
}

impl Minute {
    pub(super) fn new() -> Self {
        Self {
            window: Window::new(),
            ungranted: None,
            telling: None,
            lease: Lease::default(),
            unsettled: Vec::new(),
            spare_wanted: 1,
            refused_until_ms: 0,
            retry_at_ms: 0,
            answer: Answer::default(),
        }
    }

    /// One request. `shared`: whether the shared count can be asked; `counted`: whether there is one at all.
    pub(super) fn take(&mut self, now_ms: u64, limit: u64, shared: bool, counted: bool) -> Step {
        let cap = Cap::of(limit);
        self.window.advance(now_ms);
        if !self.window.admits(cap) {
            return Step::Refused(self.left(now_ms, limit), self.window.admits_in_ms(now_ms, cap));
        }
        if self.lease.left > 0 && now_ms < self.lease.ends_at_ms {
            self.lease.left -= 1;
            self.answer.taken_since += 1;
        } else if !shared {
            if counted {
                let ungranted = self.ungranted.get_or_insert_with(|| Box::new(Window::new()));
                ungranted.advance(now_ms);
                ungranted.add(1);
            }
        } else if now_ms < self.refused_until_ms {
            return Step::Refused(self.left(now_ms, limit), self.retry_at_ms.saturating_sub(now_ms));
        } else {
            return Step::Ask;
        }
        self.window.add(1);
        Step::Taken(self.left(now_ms, limit))
    }

    /// The question to ask when so many wait; 0 only tells what became of earlier leases.
    pub(super) fn ask(&mut self, now_ms: u64, limit: u64, need: u64) -> MinuteAsk {
        if self.lease.open && need > 0 {
            let used_up = self.lease.left == 0 && now_ms < self.lease.ends_at_ms;
            let mostly_unused = self.lease.left * 2 > self.lease.spare;
            self.spare_wanted = match (used_up, mostly_unused) {
                (true, _) => (self.spare_wanted * 2).clamp(1, (limit / SPARE_PART).max(1)),
                (false, true) => self.spare_wanted / 2,
                (false, false) => self.spare_wanted,
            };
        }
        self.end_lease();
        // A question whose answer nobody waited for: it is told again, and may count twice.
        if let Some(untold) = self.telling.take() {
            self.keep_untold(untold);
        }
        self.telling = self.ungranted.take();
        let ungranted = self.telling.as_mut().map_or_else(Vec::new, |window| {
            window.advance(now_ms);
            window.ages(now_ms)
        });
        let spare = if need > 0 { self.spare_wanted } else { 0 };
        MinuteAsk { limit, need, spare, settled: std::mem::take(&mut self.unsettled), ungranted }
    }

    /// The answer to a question asked at `asked_ms`; takes one request of it for the asker, when `need` was not 0.
    pub(super) fn granted(&mut self, asked_ms: u64, now_ms: u64, need: u64, limit: u64, grant: &MinuteGrant) -> Step {
        self.telling = None;
        self.window.advance(now_ms);
        self.answer = Answer {
            at_ms: now_ms,
            used: grant.used,
            taken_since: 0,
            oldest_leaves_at_ms: now_ms + grant.oldest_leaves_in_ms,
        };
        let left = grant.granted + grant.spare;
        self.lease =
            Lease { left, spare: grant.spare, bucket: grant.bucket, ends_at_ms: asked_ms + LEASE_MS, open: left > 0 };
        if grant.granted < need {
            self.refused_until_ms = now_ms + grant.retry_ms.min(REFUSED_FOR_MS);
            self.retry_at_ms = now_ms + grant.retry_ms;
        }
        if grant.granted == 0 {
            return Step::Refused(self.left(now_ms, limit), grant.retry_ms);
        }
        self.lease.left -= 1;
        self.answer.taken_since = 1;
        self.window.add(1);
        Step::Taken(self.left(now_ms, limit))
    }

    /// The shared count has heard what it was told with a question for nothing.
    pub(super) fn told(&mut self) {
        self.telling = None;
    }

    /// No answer came: what was said is to be said again; what was given back stays counted.
    pub(super) fn not_granted(&mut self) {
        if let Some(untold) = self.telling.take() {
            self.keep_untold(untold);
        }
    }

    /// Whether the shared count should hear of something, now or when a lease ends.
    pub(super) fn owes(&self) -> bool {
        let unused =
            (self.lease.open && self.lease.left > 0) || self.unsettled.iter().any(|settled| settled.unused > 0);
        unused || self.ungranted.is_some()
    }

    /// Whether it should hear now.
    pub(super) fn owes_now(&self, now_ms: u64) -> bool {
        self.owes() && now_ms >= self.lease.ends_at_ms
    }

    /// Nothing more is taken from the lease.
    pub(super) fn end_lease(&mut self) {
        let lease = std::mem::take(&mut self.lease);
        if lease.open {
            if self.unsettled.len() == UNSETTLED_MAX {
                self.unsettled.remove(0);
            }
            self.unsettled.push(Settled { bucket: lease.bucket, unused: lease.left, spare: lease.spare });
        }
    }

    fn keep_untold(&mut self, untold: Box<Window>) {
        match &mut self.ungranted {
            Some(ungranted) => ungranted.merge(*untold),
            None => self.ungranted = Some(untold),
        }
    }

    /// [`Minute::left`], for who takes nothing.
    pub(super) fn left_at(&mut self, now_ms: u64, limit: u64) -> Left {
        self.window.advance(now_ms);
        self.left(now_ms, limit)
    }

    /// How many are left, and when the oldest that counts no longer does.
    pub(super) fn left(&self, now_ms: u64, limit: u64) -> Left {
        let fresh = self.answer.at_ms > 0 && now_ms < self.answer.at_ms + ANSWER_TELLS_FOR_MS;
        let shared = if fresh { self.answer.used + self.answer.taken_since } else { 0 };
        let used = self.window.lower().max(shared);
        let reset_in_ms = match self.answer.oldest_leaves_at_ms {
            at if fresh && at > now_ms => at - now_ms,
            _ => self.window.oldest_leaves_in_ms(now_ms),
        };
        Left { limit, remaining: limit.saturating_sub(used), reset_in_ms }
    }
}

const _: () = assert!(LEASE_MS.is_multiple_of(BUCKET_MS), "the shared count holds leases for whole buckets");
