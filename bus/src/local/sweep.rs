//! What the writer does beside what it is asked: a walk over all partitions every now and then, a bounded step at
//! a time, between which appends go on.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    compact, forget, retention,
    topics::Topic,
    writer::{WriteFailure, Writer},
};
use crate::Partition;

/// One walk after another.
pub(super) struct Sweep {
    every: Duration,
    due: Instant,
    /// What is left of the present walk.
    left: VecDeque<Chore>,
}

enum Chore {
    /// Empty the deleted topics.
    Forget,
    /// Delete what is past its retention.
    Retain(Arc<Topic>, Partition),
    /// Delete what has a newer record of its key.
    Compact(Arc<Topic>, Partition),
}

impl Sweep {
    pub(super) fn first(every: Duration) -> Self {
        Self { every, due: Instant::now(), left: VecDeque::new() }
    }

    /// When the next step is to be taken: at once in the middle of a walk.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// A topic was deleted: its room is wanted back before the next walk.
    pub(super) fn forget_soon(&mut self) {
        self.left.push_front(Chore::Forget);
        self.due = Instant::now();
    }

    /// One step of one chore.
    pub(super) fn step(&mut self, writer: &mut Writer, now_ms: i64) -> Result<(), WriteFailure> {
        if self.left.is_empty() {
            self.left = chores(writer);
        }
        let outcome = match self.left.front() {
            Some(Chore::Forget) => forget::step(writer),
            Some(Chore::Retain(topic, partition)) => retention::step(writer, topic, *partition, now_ms),
            Some(Chore::Compact(topic, partition)) => compact::step(writer, topic, *partition, now_ms),
            None => Ok(true),
        };
        if matches!(outcome, Ok(true)) {
            self.left.pop_front();
        }
        if self.left.is_empty() || outcome.is_err() {
            self.left.clear();
            self.due = Instant::now() + self.every;
        }
        outcome.map(drop)
    }
}

fn chores(writer: &Writer) -> VecDeque<Chore> {
    let mut chores = VecDeque::from([Chore::Forget]);
    for topic in writer.topics.all() {
        let config = topic.config();
        for partition in 0..topic.partitions() {
            if config.retention.is_some() {
                chores.push_back(Chore::Retain(topic.clone(), partition));
            }
            if config.compacted {
                chores.push_back(Chore::Compact(topic.clone(), partition));
            }
        }
    }
    chores
}
