//! Durations, counted in buckets of fixed bounds: such counts can be added up, and percentiles read from the sum. Pure.

use std::{collections::BTreeMap, time::Duration};

/// The bound of the first bucket, in microseconds.
const FIRST_US: f64 = 100.0;

/// Each bound is the one before times 2^(1/4): what is read is at most 19 % too long.
const STEPS_PER_DOUBLING: f64 = 4.0;

/// The last bucket takes what is longer than its bound too: some 30 hours.
const LAST: u32 = 120;

/// The label of the bucket that a duration falls into.
pub fn bucket_of(duration: Duration) -> String {
    bucket_number(duration).to_string()
}

pub(crate) fn bucket_number(duration: Duration) -> u32 {
    let us = duration.as_secs_f64() * 1e6;
    let bucket = (us / FIRST_US).log2() * STEPS_PER_DOUBLING;
    // A duration of nothing has a logarithm of -∞, which the cast makes 0.
    (bucket.ceil().max(0.0) as u32).min(LAST)
}

fn bound_us(bucket: u32) -> f64 {
    FIRST_US * (f64::from(bucket.min(LAST)) / STEPS_PER_DOUBLING).exp2()
}

/// How many durations fell into each bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations {
    buckets: BTreeMap<u32, u64>,
    counted: u64,
    total_us: u64,
}

impl Durations {
    /// Adds what was counted under the label of a bucket; one that is none is left out.
    pub fn add(&mut self, label: &str, counted: u64, total_us: u64) {
        let Ok(bucket) = label.parse::<u32>() else { return };
        *self.buckets.entry(bucket.min(LAST)).or_default() += counted;
        self.counted += counted;
        self.total_us = self.total_us.saturating_add(total_us);
    }

    /// How many there are.
    pub fn counted(&self) -> u64 {
        self.counted
    }

    /// The mean, in microseconds; `None` of none.
    pub fn mean_us(&self) -> Option<f64> {
        (self.counted > 0).then(|| self.total_us as f64 / self.counted as f64)
    }

    /// The duration, in microseconds, within which this share of them lies, from 0 to 1: its bucket's bound. `None` of
    /// none.
    pub fn percentile_us(&self, share: f64) -> Option<f64> {
        let rank = ((self.counted as f64 * share).ceil() as u64).clamp(1, self.counted.max(1));
        let mut below = 0;
        self.buckets
            .iter()
            .find(|(_, counted)| {
                below += **counted;
                below >= rank
            })
            .map(|(bucket, _)| bound_us(*bucket))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn durations(us: impl IntoIterator<Item = u64>) -> Durations {
        let mut all = Durations::default();
        for us in us {
            all.add(&bucket_of(Duration::from_micros(us)), 1, us);
        }
        all
    }

    #[test]
    fn a_percentile_is_never_too_short_and_at_most_a_fifth_too_long() {
        let all = durations((1..=1_000).map(|n| n * 1_000));
        for (share, truth) in [(0.5, 500_000.0), (0.95, 950_000.0), (0.99, 990_000.0), (1.0, 1_000_000.0)] {
            let read = all.percentile_us(share).unwrap();
            assert!(read >= truth * 0.999_999 && read <= truth * 1.19, "{share}: {read} for {truth}");
        }
        assert_eq!(all.mean_us(), Some(500_500.0));
    }

    #[test]
    fn the_shortest_and_the_longest_have_buckets() {
        assert_eq!(bucket_of(Duration::ZERO), "0");
        assert_eq!(bucket_of(Duration::from_micros(100)), "0");
        assert_eq!(bucket_of(Duration::from_micros(101)), "1");
        assert_eq!(bucket_of(Duration::MAX), LAST.to_string());
    }

    #[test]
    fn of_nothing_nothing_is_read() {
        let none = Durations::default();
        assert_eq!((none.percentile_us(0.5), none.mean_us()), (None, None));
        let mut strange = Durations::default();
        strange.add("other", 3, 3);
        assert_eq!(strange, none);
    }
}
