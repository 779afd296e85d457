//! A sliding minute, counted in half seconds. Pure.
//!
//! A bucket that lies across the window's edge can't be counted exactly, so two sums are kept. The *lower* one leaves it
//! out: no client that keeps to its limit is refused for it. The *upper* one takes it in: it is the promise, never more
//! than the limit and a twentieth in any 60 seconds.

/// How finely requests are told apart in time.
pub(super) const BUCKET_MS: u64 = 500;

/// How long a request counts.
pub(super) const WINDOW_MS: u64 = 60_000;

/// Buckets that lie in the window whole.
pub(super) const BUCKETS_WHOLE: u64 = WINDOW_MS / BUCKET_MS;

/// Slots of the ring: the whole buckets, the one across the edge, and so many that the modulus is a mask.
const SLOTS: usize = 128;

const _: () =
    assert!(SLOTS as u64 > BUCKETS_WHOLE + 1 && SLOTS.is_power_of_two() && WINDOW_MS.is_multiple_of(BUCKET_MS));

/// What a limit allows of each of the two sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cap {
    /// The limit; the lower sum stays within it.
    pub(super) limit: u64,
    /// The limit and a twentieth; the upper sum stays within it.
    pub(super) hard: u64,
}

impl Cap {
    pub(super) fn of(limit: u64) -> Cap {
        Cap { limit, hard: limit.saturating_add(limit / 20) }
    }
}

/// Counts of the last 60 seconds.
#[derive(Clone, Debug)]
pub(super) struct Window {
    counts: Box<[u32; SLOTS]>,
    /// The bucket that time is in.
    newest: u64,
    /// Over the whole buckets and the one across the edge.
    upper: u64,
}

impl Window {
    pub(super) fn new() -> Self {
        Self { counts: Box::new([0; SLOTS]), newest: 0, upper: 0 }
    }

    /// Moves on to this time; time that runs backwards is the time it was.
    pub(super) fn advance(&mut self, now_ms: u64) {
        let newest = now_ms / BUCKET_MS;
        if newest <= self.newest {
            return;
        }
        if newest - self.newest > BUCKETS_WHOLE {
            self.counts.fill(0);
            self.upper = 0;
        } else {
            for bucket in self.newest + 1..=newest {
                if let Some(left) = bucket.checked_sub(BUCKETS_WHOLE + 1) {
                    self.upper -= u64::from(std::mem::take(&mut self.counts[slot(left)]));
                }
            }
        }
        self.newest = newest;
    }

    /// Counts so many now.
    pub(super) fn add(&mut self, count: u32) {
        let counted = &mut self.counts[slot(self.newest)];
        let before = *counted;
        *counted = counted.saturating_add(count);
        self.upper += u64::from(*counted - before);
    }

    /// The lower sum: what surely lies in the last 60 seconds.
    pub(super) fn lower(&self) -> u64 {
        let edge = self.newest.checked_sub(BUCKETS_WHOLE).map_or(0, |bucket| self.counts[slot(bucket)]);
        self.upper - u64::from(edge)
    }

    /// Whether one more keeps within the limit.
    pub(super) fn admits(&self, cap: Cap) -> bool {
        self.upper < cap.hard && self.lower() < cap.limit
    }

    /// Milliseconds until one more is within the limit, when nothing is added.
    pub(super) fn admits_in_ms(&self, now_ms: u64, cap: Cap) -> u64 {
        let mut upper = self.upper;
        let mut lower = self.lower();
        for later in self.newest..=self.newest + BUCKETS_WHOLE + 1 {
            if upper < cap.hard && lower < cap.limit {
                return (later * BUCKET_MS).saturating_sub(now_ms);
            }
            // On the way to the next bucket the one across the edge leaves, and the oldest whole one lies across it.
            let leaves = |back: u64| later.checked_sub(back).map_or(0, |bucket| u64::from(self.at(bucket)));
            upper -= leaves(BUCKETS_WHOLE);
            lower -= leaves(BUCKETS_WHOLE - 1);
        }
        WINDOW_MS
    }

    /// Milliseconds until the oldest that is counted no longer is; the whole window when nothing is.
    pub(super) fn oldest_leaves_in_ms(&self, now_ms: u64) -> u64 {
        let first = self.newest.saturating_sub(BUCKETS_WHOLE - 1);
        let oldest = (first..=self.newest).find(|&bucket| self.counts[slot(bucket)] > 0);
        oldest.map_or(WINDOW_MS, |bucket| ((bucket + BUCKETS_WHOLE) * BUCKET_MS).saturating_sub(now_ms))
    }

    /// Each bucket that counts: its age in milliseconds (of its beginning), and its count.
    pub(super) fn ages(&self, now_ms: u64) -> Vec<(u64, u32)> {
        let first = self.newest.saturating_sub(BUCKETS_WHOLE);
        let counted = (first..=self.newest).map(|bucket| (bucket, self.counts[slot(bucket)]));
        counted.filter(|(_, n)| *n > 0).map(|(bucket, n)| (now_ms.saturating_sub(bucket * BUCKET_MS), n)).collect()
    }

    /// Counts the other's too, bucket by bucket.
    pub(super) fn merge(&mut self, mut other: Window) {
        let newest = self.newest.max(other.newest);
        self.advance(newest * BUCKET_MS);
        other.advance(newest * BUCKET_MS);
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts.iter()) {
            let before = *mine;
            *mine = mine.saturating_add(*theirs);
            self.upper += u64::from(*mine - before);
        }
    }

    #[cfg(test)]
    fn is_empty(&self) -> bool {
        self.upper == 0
    }

    /// The count of a bucket of the past, 0 for one that is yet to come.
    fn at(&self, bucket: u64) -> u32 {
        if bucket <= self.newest { self.counts[slot(bucket)] } else { 0 }
    }
}

fn slot(bucket: u64) -> usize {
    (bucket % SLOTS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_MS: u64 = 1_000_000;

    #[test]
    fn what_was_let_through_counts_for_a_minute_and_at_most_half_a_second_more() {
        let mut window = Window::new();
        window.advance(START_MS + 400);
        window.add(10);
        let cap = Cap::of(10);
        for (after_ms, admits) in [(0, false), (59_000, false), (59_599, false), (60_000, false), (60_100, true)] {
            window.advance(START_MS + 400 + after_ms);
            assert_eq!(window.admits(cap), admits, "after {after_ms} ms");
        }
        assert!(window.is_empty());
    }

    #[test]
    fn the_time_that_is_told_is_the_time_it_takes() {
        let mut window = Window::new();
        for (at_ms, count) in [(0, 3), (700, 5), (9_100, 40), (30_000, 52)] {
            window.advance(START_MS + at_ms);
            window.add(count);
        }
        let now = START_MS + 31_250;
        for limit in [1, 3, 10, 50, 93, 97, 99, 100] {
            let cap = Cap::of(limit);
            window.advance(now);
            let told = window.admits_in_ms(now, cap);
            let mut later = window.clone();
            if told > 0 {
                later.advance(now + told - 1);
                assert!(!later.admits(cap), "limit {limit}: earlier than told");
            }
            later.advance(now + told);
            assert!(later.admits(cap), "limit {limit}: later than told");
        }
    }

    #[test]
    fn the_oldest_is_told_and_ages_are_of_what_counts() {
        let mut window = Window::new();
        window.advance(START_MS);
        assert_eq!(window.oldest_leaves_in_ms(START_MS), WINDOW_MS);
        window.add(2);
        window.advance(START_MS + 20_250);
        window.add(1);
        assert_eq!(window.oldest_leaves_in_ms(START_MS + 20_250), 39_750);
        assert_eq!(window.ages(START_MS + 20_250), [(20_250, 2), (250, 1)]);
        window.advance(START_MS + 61_000);
        assert_eq!(window.ages(START_MS + 61_000), [(41_000, 1)]);
    }

    #[test]
    fn merging_adds_what_still_counts() {
        let (mut one, mut other) = (Window::new(), Window::new());
        one.advance(START_MS);
        one.add(5);
        other.advance(START_MS + 45_000);
        other.add(7);
        one.merge(other.clone());
        assert_eq!(one.lower(), 12);
        one.advance(START_MS + 61_000);
        assert_eq!(one.lower(), 7);
    }
}
