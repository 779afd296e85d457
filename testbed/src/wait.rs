//! Waiting for a condition, with a deadline.

use std::{
    thread,
    time::{Duration, Instant},
};

const POLL_EVERY: Duration = Duration::from_millis(20);

/// Asks until the condition holds, at most this long; answers whether it came to hold.
pub fn wait_until(at_most: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + at_most;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(POLL_EVERY);
    }
}
