//! A queue in memory.

use std::{collections::VecDeque, time::Instant};

use super::{Count, Entry, Queue, QueueFailed, SIGNATURE_BYTES};

/// A deque and its counts.
#[derive(Default)]
pub(crate) struct MemoryQueue {
    entries: VecDeque<Entry>,
    held: Count,
    waiting: Count,
}

impl Queue for MemoryQueue {
    fn held(&self) -> Count {
        self.held
    }

    fn waiting(&self) -> Count {
        self.waiting
    }

    fn put(&mut self, entry: Entry) -> Result<(), Entry> {
        self.held.add(&entry);
        self.waiting.add(&entry);
        self.entries.push_back(entry);
        Ok(())
    }

    fn take(&mut self, events_max: usize, bytes_max: usize) -> Result<Vec<Entry>, QueueFailed> {
        let mut bytes = 0;
        let fit = self.entries.iter().take(events_max).take_while(|entry| {
            let is_first = bytes == 0;
            bytes += entry.payload.len() + SIGNATURE_BYTES;
            is_first || bytes <= bytes_max
        });
        let count = fit.count();
        let taken: Vec<_> = self.entries.drain(..count).collect();
        for entry in &taken {
            self.waiting.take(entry);
        }
        Ok(taken)
    }

    fn put_back(&mut self, entries: Vec<Entry>) {
        for entry in entries.into_iter().rev() {
            self.waiting.add(&entry);
            self.entries.push_front(entry);
        }
    }

    fn done(&mut self, entries: &[Entry]) -> Result<(), QueueFailed> {
        for entry in entries {
            self.held.take(entry);
        }
        Ok(())
    }

    fn oldest(&self) -> Option<(u64, Instant)> {
        self.entries.front().map(|entry| (entry.ticket, entry.at))
    }

    fn next_ticket(&self) -> u64 {
        0
    }

    fn close(&mut self) {}
}
