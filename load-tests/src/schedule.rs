//! When each request is wanted. The world does not wait for answers: neither does the schedule.

use std::time::Duration;

/// How fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// So many requests a second, whatever the answers do.
    PerSecond(f64),
    /// As fast as it goes: each connection sends again once it was answered. Times then say nothing of waiting.
    Max,
}

/// Requests at even distances.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    between_ns: f64,
    requests: u64,
}

impl Schedule {
    /// For so long, or so many.
    pub(crate) fn new(per_second: f64, length: Duration, requests_max: Option<u64>) -> Schedule {
        let fitting = (per_second * length.as_secs_f64()).ceil() as u64;
        Schedule { between_ns: 1e9 / per_second, requests: requests_max.map_or(fitting, |most| most.min(fitting)) }
    }

    /// All requests.
    pub(crate) fn requests(&self) -> u64 {
        self.requests
    }

    /// When this one is wanted, counted from the beginning.
    pub(crate) fn due(&self, request: u64) -> Duration {
        Duration::from_nanos((request as f64 * self.between_ns).round() as u64)
    }

    /// How many were wanted by then.
    pub(crate) fn wanted_by(&self, elapsed: Duration) -> u64 {
        let mut wanted = (elapsed.as_nanos() as f64 / self.between_ns) as u64;
        // The quotient may be off by one, where the due time decides.
        while wanted > 0 && self.due(wanted - 1) > elapsed {
            wanted -= 1;
        }
        while self.due(wanted) <= elapsed {
            wanted += 1;
        }
        wanted.min(self.requests)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_wanted_at_even_distances() {
        let schedule = Schedule::new(1_000.0, Duration::from_secs(2), None);
        assert_eq!(schedule.requests(), 2_000);
        assert_eq!(schedule.due(0), Duration::ZERO);
        assert_eq!(schedule.due(1_500), Duration::from_millis(1_500));
        for (elapsed_us, wanted) in [(0, 1), (999, 1), (1_000, 2), (1_001, 2), (5_500, 6), (9_000_000, 2_000)] {
            assert_eq!(schedule.wanted_by(Duration::from_micros(elapsed_us)), wanted, "{elapsed_us} µs");
        }
    }

    #[test]
    fn what_is_wanted_and_when_agree_at_every_rate() {
        for rate in [0.3, 1.0, 3.0, 166.67, 4_999.0, 123_456.7] {
            let schedule = Schedule::new(rate, Duration::from_secs(10), Some(500));
            for request in 0..schedule.requests() {
                assert!(schedule.wanted_by(schedule.due(request)) > request, "{rate}: {request}");
                if let Some(before) = schedule.due(request).checked_sub(Duration::from_nanos(1)) {
                    assert!(schedule.wanted_by(before) <= request, "{rate}: {request}");
                }
            }
        }
    }
}
