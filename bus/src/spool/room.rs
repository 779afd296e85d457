//! Whether the disk has room.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// How old an answer of the disk may be.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How much may have been taken since the disk was asked, in bytes: the answer is older than its age.
const TAKEN_MAX: u64 = 32 * 1024 * 1024;

/// The disk under a folder, asked a few times a second at most.
pub(super) struct Room {
    dir: PathBuf,
    free_bytes_min: u64,
    seen: Mutex<Option<Seen>>,
}

struct Seen {
    at: Instant,
    has_room: bool,
    taken_since: u64,
}

impl Room {
    pub(super) fn new(dir: PathBuf, free_bytes_min: u64) -> Self {
        Self { dir, free_bytes_min, seen: Mutex::new(None) }
    }

    /// Whether so many bytes more leave enough free; counts them as taken.
    pub(super) fn take(&self, bytes: u64) -> bool {
        let mut seen = self.seen.lock();
        if let Some(seen) = &mut *seen
            && seen.at.elapsed() < LOOK_EVERY
            && seen.taken_since + bytes <= TAKEN_MAX
        {
            seen.taken_since += bytes;
            return seen.has_room;
        }
        let has_room = self.has_free(bytes);
        *seen = Some(Seen { at: Instant::now(), has_room, taken_since: bytes });
        has_room
    }

    /// Asks the disk now. One that can't be asked says so when it is written to.
    pub(super) fn has_free(&self, bytes: u64) -> bool {
        fs4::available_space(&self.dir).map_or(true, |free| free >= self.free_bytes_min.saturating_add(bytes))
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
        assert!(Room::new(dir.path().to_owned(), 0).take(1));
        assert!(!Room::new(dir.path().to_owned(), free * 2).take(1));
        assert!(!Room::new(dir.path().to_owned(), 0).take(u64::MAX));
    }
}
