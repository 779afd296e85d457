//! What waits for one live client, within bounds.
//!
//! Full, it takes no more and counts what it lets go, until the client has taken what waits; then
//! the client is told the count, and where to resume if it wants the rest. Shut, it takes nothing and counts nothing:
//! whoever shuts it reads the log instead, or wants nothing now.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bus::Position;
use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::streams::topic::FoundTopic;

/// A record on its way to clients; shared by all of them.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// Of which topic.
    pub(crate) topic: Arc<FoundTopic>,
    pub(crate) position: Position,
    /// A JSON object: what clients are shown of it.
    pub(crate) record: Bytes,
}

/// The queue of one client.
pub(crate) struct Queue {
    records_max: usize,
    bytes_max: usize,
    /// Written under the lock of `waiting`; read without it, so that nobody matches records for a queue that takes none.
    is_open: AtomicBool,
    waiting: Mutex<Waiting>,
    filled: Notify,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// It waits.
    Added,
    /// There was no room: it is counted.
    Missed,
    /// The queue is shut.
    NotWanted,
}

#[derive(Default)]
struct Waiting {
    deliveries: VecDeque<Arc<Delivery>>,
    bytes: usize,
    missed: u64,
}

/// What a client gets at once: the records, and how many it missed after them.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) deliveries: Vec<Arc<Delivery>>,
    pub(crate) missed: u64,
    /// Nothing waits any more.
    pub(crate) emptied: bool,
}

impl Queue {
    /// Empty, and open.
    pub(crate) fn new(records_max: usize, bytes_max: usize) -> Self {
        let is_open = AtomicBool::new(true);
        Self { records_max, bytes_max, is_open, waiting: Mutex::default(), filled: Notify::new() }
    }

    /// Whether it takes records now.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Relaxed)
    }

    /// Adds a record, or counts it as missed.
    pub(crate) fn push(&self, delivery: &Arc<Delivery>) -> Pushed {
        let mut waiting = self.waiting.lock();
        if !self.is_open() {
            return Pushed::NotWanted;
        }
        let fits = waiting.deliveries.len() < self.records_max
            && (waiting.bytes + delivery.record.len() <= self.bytes_max || waiting.deliveries.is_empty());
        // Once one is missed the rest is too, until the client caught up: what it gets has no holes but at the notice.
        let pushed = if fits && waiting.missed == 0 {
            waiting.bytes += delivery.record.len();
            waiting.deliveries.push_back(delivery.clone());
            Pushed::Added
        } else {
            waiting.missed += 1;
            Pushed::Missed
        };
        drop(waiting);
        self.filled.notify_one();
        pushed
    }

    /// At most so many records; the count of missed ones comes with the last of what waited before them.
    pub(crate) fn take(&self, records_max: usize, bytes_max: usize) -> Taken {
        let mut waiting = self.waiting.lock();
        let mut taken = Taken::default();
        let mut bytes = 0;
        while let Some(next) = waiting.deliveries.front() {
            bytes += next.record.len();
            if taken.deliveries.len() == records_max || (bytes > bytes_max && !taken.deliveries.is_empty()) {
                self.filled.notify_one();
                return taken;
            }
            waiting.bytes -= next.record.len();
            taken.deliveries.extend(waiting.deliveries.pop_front());
        }
        taken.missed = std::mem::take(&mut waiting.missed);
        taken.emptied = true;
        taken
    }

    /// Lets go of everything that waits, and counts it as missed; answers how many these were.
    pub(crate) fn shed(&self) -> usize {
        let mut waiting = self.waiting.lock();
        let shed = waiting.deliveries.len();
        *waiting = Waiting { missed: waiting.missed + shed as u64, ..Waiting::default() };
        shed
    }

    /// Bytes of records that wait.
    pub(crate) fn bytes(&self) -> usize {
        self.waiting.lock().bytes
    }

    /// Takes no more, and lets go of everything that waits, and of the count; answers how many these were.
    pub(crate) fn shut(&self) -> usize {
        self.begin_anew(false)
    }

    /// Lets go of everything that waits, and of the count, and takes records from now on; answers how many these were.
    pub(crate) fn reopen(&self) -> usize {
        self.begin_anew(true)
    }

    fn begin_anew(&self, is_open: bool) -> usize {
        let mut waiting = self.waiting.lock();
        self.is_open.store(is_open, Ordering::Relaxed);
        std::mem::take(&mut *waiting).deliveries.len()
    }

    /// Whether some were let go since the last time that the count was taken.
    pub(crate) fn has_missed(&self) -> bool {
        self.waiting.lock().missed > 0
    }

    /// Whether nothing waits, and nothing was let go.
    pub(crate) fn is_empty(&self) -> bool {
        let waiting = self.waiting.lock();
        waiting.deliveries.is_empty() && waiting.missed == 0
    }

    /// Returns once there may be something to take.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::topic::events;

    fn delivery(offset: u64, bytes: usize) -> Arc<Delivery> {
        let topic = Arc::new(events());
        Arc::new(Delivery { topic, position: Position { partition: 0, offset }, record: vec![b'x'; bytes].into() })
    }

    fn offsets(taken: &Taken) -> Vec<u64> {
        taken.deliveries.iter().map(|d| d.position.offset).collect()
    }

    #[test]
    fn a_slow_client_gets_what_fits_then_the_count_then_goes_on() {
        let queue = Queue::new(2, 1_000);
        for offset in 0..5 {
            queue.push(&delivery(offset, 1));
        }
        let first = queue.take(1, 1_000);
        assert_eq!((offsets(&first), first.missed), (vec![0], 0));
        queue.push(&delivery(5, 1)); // there is room, but the hole stands before it
        let rest = queue.take(10, 1_000);
        assert_eq!((offsets(&rest), rest.missed), (vec![1], 4));
        queue.push(&delivery(6, 1));
        let after = queue.take(10, 1_000);
        assert_eq!((offsets(&after), after.missed), (vec![6], 0));
    }

    #[test]
    fn what_is_shed_is_counted_as_missed() {
        let queue = Queue::new(10, 1_000);
        for offset in 0..3 {
            queue.push(&delivery(offset, 10));
        }
        assert_eq!((queue.bytes(), queue.shed(), queue.bytes()), (30, 3, 0));
        queue.push(&delivery(3, 10)); // behind the hole
        let taken = queue.take(10, 1_000);
        assert_eq!((offsets(&taken), taken.missed), (vec![], 4));
    }

    #[test]
    fn bytes_are_bounded_and_a_record_larger_than_the_bound_still_comes_alone() {
        let queue = Queue::new(10, 100);
        queue.push(&delivery(0, 500));
        queue.push(&delivery(1, 1));
        let taken = queue.take(10, 100);
        assert_eq!((offsets(&taken), taken.missed), (vec![0], 1));
        for offset in 2..5 {
            queue.push(&delivery(offset, 60));
        }
        assert!(queue.has_missed());
        assert_eq!(queue.reopen(), 1);
        assert!(queue.is_empty());
        assert_eq!(queue.take(10, 100).missed, 0);
    }

    #[test]
    fn shut_it_takes_nothing_and_counts_nothing() {
        let queue = Queue::new(1, 100);
        queue.push(&delivery(0, 1));
        queue.push(&delivery(1, 1));
        assert_eq!(queue.shut(), 1);
        assert_eq!(queue.push(&delivery(2, 1)), Pushed::NotWanted);
        assert!(queue.is_empty());
        assert_eq!(queue.reopen(), 0);
        assert_eq!(queue.push(&delivery(3, 1)), Pushed::Added);
        assert_eq!(offsets(&queue.take(10, 100)), [3]);
    }
}
