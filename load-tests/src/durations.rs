//! Many durations, kept as a histogram.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::result::Latency;

/// Longer ones are counted as this.
const LONGEST_US: u64 = 600_000_000;
/// What is told is off by at most a thousandth.
const DIGITS: u8 = 3;

/// Durations, from a microsecond up.
#[derive(Clone, Debug)]
pub(crate) struct Durations(Histogram<u64>);

impl Default for Durations {
    fn default() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST_US, DIGITS).expect("the bounds are those of a histogram"))
    }
}

impl Durations {
    pub(crate) fn record(&mut self, duration: Duration) {
        self.0.saturating_record(u64::try_from(duration.as_micros()).unwrap_or(LONGEST_US).max(1));
    }

    pub(crate) fn told(&self) -> Latency {
        let at = |share: f64| self.0.value_at_quantile(share);
        Latency {
            count: self.0.len(),
            mean: (self.0.mean() * 10.0).round() / 10.0,
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p999: at(0.999),
            max: self.0.max(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_what_was_recorded() {
        let mut durations = Durations::default();
        (1..=1_000).for_each(|ms| durations.record(Duration::from_millis(ms)));
        let told = durations.told();
        assert_eq!(told.count, 1_000);
        for (at, wanted) in [(told.p50, 500_000), (told.p90, 900_000), (told.p99, 990_000), (told.max, 1_000_000)] {
            assert!(at.abs_diff(wanted) * 1_000 <= wanted, "{at}, not {wanted}");
        }
    }

    #[test]
    fn what_is_too_long_is_counted_as_the_longest() {
        let mut durations = Durations::default();
        durations.record(Duration::from_secs(1_000_000));
        assert!(durations.told().max >= LONGEST_US);
    }
}
