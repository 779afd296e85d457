//! How long to wait before the next attempt: exponential, with full jitter. Pure but for the chance it is given.

use std::time::Duration;

use crate::moment;

/// The wait doubles no more often than this.
const DOUBLINGS_MAX: u32 = 20;

/// The waits of one that fails again and again.
#[derive(Debug)]
pub(crate) struct Backoff {
    min: Duration,
    max: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) fn new(min: Duration, max: Duration) -> Self {
        Self { min, max, failures: 0 }
    }

    /// It worked: the next wait is short again.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// From nothing to a bound that doubles with every attempt: those that failed together do not come back together.
    pub(crate) fn next_wait(&mut self) -> Duration {
        self.next_by(moment::share())
    }

    /// How often it has failed since it last worked.
    #[cfg(test)]
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// By a chance from 0 to 1.
    fn next_by(&mut self, share: f64) -> Duration {
        let doubled = self.min.saturating_mul(1 << self.failures.min(DOUBLINGS_MAX));
        self.failures = self.failures.saturating_add(1);
        self.max.min(doubled).mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits_ms(backoff: &mut Backoff, shares: &[f64]) -> Vec<u128> {
        shares.iter().map(|share| backoff.next_by(*share).as_millis()).collect()
    }

    fn backoff() -> Backoff {
        Backoff::new(Duration::from_millis(250), Duration::from_secs(3))
    }

    #[test]
    fn each_wait_may_be_twice_as_long_as_the_one_before_up_to_the_bound() {
        let mut longest = backoff();
        assert_eq!(waits_ms(&mut longest, &[1.0; 6]), [250, 500, 1_000, 2_000, 3_000, 3_000]);
        assert_eq!(waits_ms(&mut longest, &[1.0; 5_000]).last(), Some(&3_000), "however often it fails");
        let mut unbounded = Backoff::new(Duration::MAX / 2, Duration::MAX);
        assert_eq!(waits_ms(&mut unbounded, &[0.0; 100]), [0; 100], "and however long it may wait");
    }

    #[test]
    fn after_a_success_it_is_short_again() {
        let mut longest = backoff();
        waits_ms(&mut longest, &[1.0; 6]);
        longest.reset();
        assert_eq!(waits_ms(&mut longest, &[1.0; 2]), [250, 500]);
    }

    #[test]
    fn it_waits_any_part_of_that_from_nothing_on() {
        assert_eq!(waits_ms(&mut backoff(), &[0.0, 0.25, 0.5, 0.125, 0.75]), [0, 125, 500, 250, 2_250]);
    }

    #[test]
    fn chance_is_the_systems() {
        let second = Duration::from_secs(1);
        let mut waits: Vec<_> = (0..50).map(|_| Backoff::new(second, second).next_wait()).collect();
        assert!(waits.iter().all(|wait| *wait < second));
        waits.sort();
        waits.dedup();
        assert!(waits.len() > 1);
    }
}
