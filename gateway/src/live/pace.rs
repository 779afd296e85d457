//! How much a client may say: each frame of its costs us work, and some a read of the log.

use std::time::Duration;

use tokio::time::Instant;

/// Frames that a client may send at once.
pub(super) const FRAMES_AT_ONCE_MAX: u32 = 100;

/// From then on, so often one more.
const FRAME_EVERY: Duration = Duration::from_millis(100);

/// What one client may say still.
pub(super) struct Pace {
    /// When all that it may say at once may be said again.
    whole_at: Instant,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Pace {
        Pace { whole_at: now }
    }

    /// Whether one more frame may be said now.
    pub(super) fn allows(&mut self, now: Instant) -> bool {
        self.whole_at = self.whole_at.max(now) + FRAME_EVERY;
        self.whole_at <= now + FRAME_EVERY * FRAMES_AT_ONCE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_one_by_one() {
        let begun = Instant::now();
        let mut pace = Pace::new(begun);
        assert!((0..FRAMES_AT_ONCE_MAX).all(|_| pace.allows(begun)));
        assert!(!pace.allows(begun));
        let later = begun + FRAME_EVERY * 3;
        assert_eq!((0..5).filter(|_| pace.allows(later)).count(), 2, "the one that was refused counts");
        let much_later = begun + FRAME_EVERY * FRAMES_AT_ONCE_MAX * 3;
        let allowed = (0..2 * FRAMES_AT_ONCE_MAX).filter(|_| pace.allows(much_later)).count();
        assert_eq!(allowed, FRAMES_AT_ONCE_MAX as usize);
    }
}
