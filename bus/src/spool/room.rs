//! Whether the disk has room.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use crate::local::GROWS_BY_ITSELF_BYTES;

/// How old an answer of the disk may be, as long as what was taken since surely fits.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// What a byte may cost on the disk: it is written to the write-ahead log, and from there into the file.
const COST: u64 = 2;

/// The disk under a folder, asked a few times a second while it has plenty. Nobody asks it when nothing must stay free.
pub(super) struct Room {
    dir: PathBuf,
    free_bytes_min: u64,
    seen: Mutex<Option<Seen>>,
}

struct Seen {
    at: Instant,
    free: u64,
}

impl Room {
    pub(super) fn new(dir: PathBuf, free_bytes_min: u64) -> Self {
        Self { dir, free_bytes_min, seen: Mutex::new(None) }
    }

    /// Whether so many bytes more leave enough free; counts them as taken.
    pub(super) fn take(&self, bytes: u64) -> bool {
        let mut seen = self.seen.lock();
        let known = seen.take().filter(|seen| seen.at.elapsed() < LOOK_EVERY && self.leaves_enough(seen.free, bytes));
        let mut now = match known {
            Some(known) => known,
            None => Seen { at: Instant::now(), free: self.free() },
        };
        let has_room = self.leaves_enough(now.free, bytes);
        if has_room {
            now.free = now.free.saturating_sub(bytes.saturating_mul(COST));
        }
        *seen = Some(now);
        has_room
    }

    /// Asks the disk now.
    pub(super) fn has_free(&self) -> bool {
        self.leaves_enough(self.free(), 0)
    }

    fn leaves_enough(&self, free: u64, bytes: u64) -> bool {
        let cost = bytes.saturating_mul(COST).saturating_add(GROWS_BY_ITSELF_BYTES);
        self.free_bytes_min == 0 || free >= self.free_bytes_min.saturating_add(cost)
    }

    /// A disk that can't be asked says what is wrong when it is written to.
    fn free(&self) -> u64 {
        fs4::available_space(&self.dir).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_must_stay_free_is_not_taken() {
        let dir = tempfile::tempdir().unwrap();
        let free = fs4::available_space(dir.path()).unwrap();
        assert!(Room::new(dir.path().to_owned(), 1).take(1));
        assert!(!Room::new(dir.path().to_owned(), free * 2).take(1));
        assert!(!Room::new(dir.path().to_owned(), 1).take(free * 2));
        assert!(Room::new(dir.path().to_owned(), 0).take(free * 2), "the disk itself will say so");
    }

    #[test]
    fn what_was_taken_counts_before_the_disk_is_asked_again() {
        let room = Room::new(PathBuf::from("/"), 1);
        let known = |free| *room.seen.lock() = Some(Seen { at: Instant::now(), free });
        known(100_000_000);
        assert!(room.take(100_000));
        assert_eq!(room.seen.lock().as_ref().unwrap().free, 99_800_000);
    }
}
