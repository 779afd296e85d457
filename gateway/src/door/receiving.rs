//! Bodies that are still arriving.
//!
//! Who sends slowly holds a connection and the bytes that came, and no place among the requests that are worked on. What
//! bounds it: the body's own deadline, the bytes in flight, and that no key holds more than a share of the connections
//! and of those bytes with what has not arrived whole: others always find room.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use uuid::Uuid;

/// The part of all connections, and of all bytes in flight, that one key's arriving bodies may hold: a half.
const SHARE_OF_A_KEY: usize = 2;

/// What arrives, by API key.
pub(super) struct Receiving {
    by_key: Arc<Mutex<HashMap<Uuid, Held>>>,
    requests_max: usize,
    bytes_max: usize,
}

#[derive(Default)]
struct Held {
    requests: usize,
    bytes: usize,
}

/// One body that arrives; what it holds of its key's share is given back when it is whole, or given up.
pub(super) struct Arriving {
    by_key: Arc<Mutex<HashMap<Uuid, Held>>>,
    key: Uuid,
    bytes: usize,
    bytes_max: usize,
}

/// The key holds its share already.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShareSpent;

impl Receiving {
    /// Of so many connections and bytes in flight.
    pub(super) fn new(connections_max: usize, bytes_in_flight_max: usize) -> Self {
        Self {
            by_key: Arc::default(),
            requests_max: (connections_max / SHARE_OF_A_KEY).max(1),
            bytes_max: bytes_in_flight_max / SHARE_OF_A_KEY,
        }
    }

    /// One more body of this key.
    pub(super) fn begin(&self, key: Uuid) -> Result<Arriving, ShareSpent> {
        let mut by_key = self.by_key.lock();
        let held = by_key.entry(key).or_default();
        if held.requests >= self.requests_max {
            return Err(ShareSpent);
        }
        held.requests += 1;
        Ok(Arriving { by_key: self.by_key.clone(), key, bytes: 0, bytes_max: self.bytes_max })
    }
}

impl Arriving {
    /// So many bytes have come in all.
    pub(super) fn grow_to(&mut self, bytes: usize) -> Result<(), ShareSpent> {
        let mut by_key = self.by_key.lock();
        let held = by_key.entry(self.key).or_default();
        let more = bytes.saturating_sub(self.bytes);
        if held.bytes + more > self.bytes_max {
            return Err(ShareSpent);
        }
        held.bytes += more;
        self.bytes += more;
        Ok(())
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let mut by_key = self.by_key.lock();
        if let Some(held) = by_key.get_mut(&self.key) {
            held.requests -= 1;
            held.bytes -= self.bytes;
            if held.requests == 0 {
                by_key.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_key_holds_a_half_at_most_and_others_find_room() {
        let receiving = Receiving::new(4, 1_000);
        let (slow, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut first = receiving.begin(slow).unwrap();
        let mut second = receiving.begin(slow).unwrap();
        assert_eq!(receiving.begin(slow).err(), Some(ShareSpent));
        first.grow_to(300).unwrap();
        first.grow_to(400).unwrap();
        assert_eq!(second.grow_to(101), Err(ShareSpent));
        second.grow_to(100).unwrap();
        receiving.begin(other).unwrap().grow_to(500).unwrap();
        drop(first);
        second.grow_to(500).unwrap();
        drop((second, receiving.begin(slow).unwrap()));
        assert!(receiving.by_key.lock().is_empty());
    }
}
