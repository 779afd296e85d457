//! Tells the log what goes wrong: one line a minute of each kind, whatever happens.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use parking_lot::Mutex;

const LINE_EVERY: Duration = Duration::from_secs(60);
const KINDS_MAX: usize = 64;

/// Of one recorder. What it says holds no event and no secret.
#[derive(Default)]
pub(super) struct Reporter(Mutex<HashMap<String, Said>>);

struct Said {
    at: Instant,
    held_back: u64,
}

impl Reporter {
    /// Says it, unless something of this kind was said within the minute.
    pub(super) fn warn(&self, kind: &str, message: &str) {
        let held_back = {
            let mut kinds = self.0.lock();
            let is_full = kinds.len() >= KINDS_MAX;
            match kinds.get_mut(kind) {
                Some(said) if said.at.elapsed() < LINE_EVERY => {
                    said.held_back += 1;
                    return;
                }
                Some(said) => {
                    said.at = Instant::now();
                    std::mem::take(&mut said.held_back)
                }
                None if is_full => return,
                None => {
                    kinds.insert(kind.to_owned(), Said { at: Instant::now(), held_back: 0 });
                    0
                }
            }
        };
        // What subscribers do is the program's: their panic is nothing to a recorder.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            if held_back > 0 {
                tracing::warn!(target: "gapin", held_back, "gapin: {message} ({held_back} more of these before)");
            } else {
                tracing::warn!(target: "gapin", "gapin: {message}");
            }
        }));
    }
}
