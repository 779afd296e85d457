//! How long to wait after a failure: longer each time, up to a bound, and never in step with others.

use std::time::Duration;

/// Exponential backoff with full jitter: the n-th wait is drawn evenly from `min` to `min · 2ⁿ`, at most `max`.
#[derive(Clone, Debug)]
pub struct Backoff {
    min: Duration,
    max: Duration,
    failures: u32,
}

impl Backoff {
    /// Waits from `min` to `max`.
    pub fn new(min: Duration, max: Duration) -> Self {
        Self { min, max: max.max(min), failures: 0 }
    }

    /// The next wait.
    pub fn next_wait(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let doubled = 1u32.checked_shl(self.failures).and_then(|factor| self.min.checked_mul(factor));
        let ceiling = doubled.unwrap_or(self.max).min(self.max);
        self.min + (ceiling - self.min).mul_f64(random_fraction())
    }

    /// It went well: the next failure waits shortly again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Evenly from 0 to 1. Without a source of randomness the middle: a wait out of step is a courtesy, not a promise.
fn random_fraction() -> f64 {
    getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_bound_and_never_past_it() {
        let (min, max) = (Duration::from_millis(100), Duration::from_secs(5));
        let mut backoff = Backoff::new(min, max);
        for failure in 1..100 {
            let wait = backoff.next_wait();
            let ceiling = min.saturating_mul(1u32.checked_shl(failure).unwrap_or(u32::MAX)).min(max);
            assert!((min..=ceiling).contains(&wait), "wait {failure} was {wait:?}");
        }
        backoff.reset();
        assert!(backoff.next_wait() <= min * 2);
    }

    #[test]
    fn waits_differ() {
        let mut backoff = Backoff::new(Duration::from_millis(1), Duration::from_secs(600));
        let waits: std::collections::HashSet<_> = (0..20).map(|_| backoff.next_wait()).collect();
        assert!(waits.len() > 10);
    }
}
