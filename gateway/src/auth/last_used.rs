//! When API keys and signing keys were last used: noted in memory, written to the store now and then.
//!
//! On the path of an event this is one look at an atomic number; only the first use of a key in
//! [`RESOLUTION_S`] takes the lock and notes the key. What is noted waits for the next write; a crash
//! loses it, and the store being away only delays it.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use aibbar::Timestamp;
use parking_lot::Mutex;
use store::{
    StoreError,
    identity::{IdentityStore, SigningKeyId},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A key that is in use is noted this often.
const RESOLUTION_S: i64 = 30;

const WRITE_EVERY: Duration = Duration::from_secs(30);

/// Keys that wait to be written, as many as the store takes at once; a key more is noted at a later use.
const NOTED_MAX: usize = 10_000;

/// When one cached key was noted, in seconds of Unix time; shared by all who have the entry.
pub(super) type Noted = Arc<AtomicI64>;

/// A key that was never noted.
pub(super) fn never() -> Noted {
    Arc::new(AtomicI64::new(i64::MIN))
}

/// The uses that are not yet in the store, of keys that are told apart by `K`.
pub(super) struct LastUsed<K> {
    noted: Mutex<HashMap<K, Timestamp>>,
}

impl<K> Default for LastUsed<K> {
    fn default() -> Self {
        Self { noted: Mutex::default() }
    }
}

impl<K: Clone + Eq + Hash> LastUsed<K> {
    /// The key is being used; `key` is asked for only when that has to be noted.
    pub(super) fn note(&self, key: impl FnOnce() -> K, noted: &Noted, now: Timestamp) {
        let (now_s, was_s) = (now.unix_ms().div_euclid(1_000), noted.load(Ordering::Relaxed));
        if now_s < was_s.saturating_add(RESOLUTION_S) {
            return;
        }
        // Of many at once, one notes it.
        if noted.compare_exchange(was_s, now_s, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let key = key();
        let mut waiting = self.noted.lock();
        if waiting.len() < NOTED_MAX || waiting.contains_key(&key) {
            waiting.insert(key, now);
        } else {
            noted.store(was_s, Ordering::Relaxed);
        }
    }

    /// Writes what was noted since the last time. What can't be written waits for the next time.
    pub(super) async fn write<F>(&self, kind: &'static str, write: impl FnOnce(Vec<(K, Timestamp)>) -> F)
    where
        F: Future<Output = Result<(), StoreError>>,
    {
        let used: Vec<_> = std::mem::take(&mut *self.noted.lock()).into_iter().collect();
        if used.is_empty() {
            return;
        }
        if let Err(error) = write(used.clone()).await {
            tracing::warn!(%error, kind, keys = used.len(), "when keys were last used can't be written; trying again later");
            let mut waiting = self.noted.lock();
            for (key, at) in used {
                if waiting.len() < NOTED_MAX {
                    waiting.entry(key).or_insert(at);
                }
            }
        }
    }
}

/// The uses of the keys that events come with.
#[derive(Default)]
pub(super) struct KeysUsed {
    pub(super) api_keys: LastUsed<Uuid>,
    pub(super) signing_keys: LastUsed<SigningKeyId>,
}

impl KeysUsed {
    /// Writes what was noted every now and then, and once more when told to stop.
    pub(super) async fn follow(&self, store: &dyn IdentityStore, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = tokio::time::sleep(WRITE_EVERY) => {}
                () = stop.cancelled() => {}
            }
            self.api_keys.write("API keys", async |used| store.touch_api_keys(&used).await).await;
            self.signing_keys.write("signing keys", async |used| store.touch_signing_keys(&used).await).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(s: i64) -> Timestamp {
        Timestamp::from_unix_ns(1_700_000_000_000_000_000 + s * 1_000_000_000)
    }

    fn waiting(last_used: &LastUsed<Uuid>) -> Vec<(Uuid, Timestamp)> {
        let mut waiting: Vec<_> = last_used.noted.lock().clone().into_iter().collect();
        waiting.sort_unstable();
        waiting
    }

    #[test]
    fn a_key_in_use_is_noted_once_in_a_while() {
        let (last_used, noted, key) = (LastUsed::default(), never(), Uuid::from_u128(1));
        for s in 0..RESOLUTION_S {
            last_used.note(|| key, &noted, second(s));
            assert_eq!(waiting(&last_used), [(key, second(0))]);
        }
        last_used.note(|| key, &noted, second(RESOLUTION_S));
        assert_eq!(waiting(&last_used), [(key, second(RESOLUTION_S))]);
    }

    #[test]
    fn what_waits_is_bounded_and_a_key_that_found_no_room_is_noted_later() {
        let last_used = LastUsed::default();
        for id in 0..NOTED_MAX as u128 {
            last_used.note(|| Uuid::from_u128(id), &never(), second(0));
        }
        let (late, noted) = (Uuid::from_u128(u128::MAX), never());
        last_used.note(|| late, &noted, second(1));
        assert_eq!(waiting(&last_used).len(), NOTED_MAX);
        last_used.noted.lock().clear();
        last_used.note(|| late, &noted, second(2));
        assert_eq!(waiting(&last_used), [(late, second(2))]);
    }
}
