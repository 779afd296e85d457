//! Lines that librdkafka says again and again while brokers are away: told once, then counted.

use std::{collections::HashMap, time::Duration};

/// How long a line that was told is only counted when it comes again.
const QUIET_FOR: Duration = Duration::from_secs(60);

/// Different lines that are remembered; one more and all are forgotten, and told again.
const LINES_MAX: usize = 64;

/// What was told lately. Pure: the time is handed in, counted from wherever one likes.
#[derive(Debug, Default)]
pub(super) struct Repeats(HashMap<String, Told>);

#[derive(Debug)]
struct Told {
    at: Duration,
    untold: u64,
}

impl Repeats {
    /// Whether the line is to be told now, and then how often it came untold since it was told last. Lines that
    /// differ in nothing but numbers (a broker's port, a thread, a count) are one.
    pub(super) fn tell(&mut self, line: &str, now: Duration) -> Option<u64> {
        let words: String = line.chars().filter(|c| !c.is_ascii_digit()).collect();
        if let Some(told) = self.0.get_mut(&words) {
            if now.saturating_sub(told.at) < QUIET_FOR {
                told.untold += 1;
                return None;
            }
            let untold = std::mem::take(&mut told.untold);
            told.at = now;
            return Some(untold);
        }
        if self.0.len() >= LINES_MAX {
            self.0.clear();
        }
        self.0.insert(words, Told { at: now, untold: 0 });
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_line_that_comes_twice_a_second_is_told_once_a_minute_with_how_often_it_came() {
        let mut repeats = Repeats::default();
        let told: Vec<_> = (0..=240)
            .filter_map(|half_seconds| {
                let line = format!("[thrd:main]: no id from broker 127.0.0.1:{}/1: retrying", 9_000 + half_seconds);
                repeats.tell(&line, Duration::from_millis(500 * half_seconds))
            })
            .collect();
        assert_eq!(told, [0, 119, 119]);
    }

    #[test]
    fn another_line_is_told_at_once() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.tell("one", at(0)), Some(0));
        assert_eq!(repeats.tell("other", at(1)), Some(0));
        assert_eq!(repeats.tell("one", at(2)), None);
        assert_eq!(repeats.tell("one", at(60)), Some(1));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut repeats = Repeats::default();
        for n in 0..10 * LINES_MAX {
            repeats.tell(&"x".repeat(n), at(0));
            assert!(repeats.0.len() <= LINES_MAX);
        }
    }
}
