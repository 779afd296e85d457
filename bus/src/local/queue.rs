//! What waits for the writer: a bounded queue of jobs.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};
use tokio::sync::{oneshot, watch};

use super::{
    group::{Group, MemberId},
    settings::LocalSettings,
    topics::Topic,
};
use crate::{AppendError, LogError, NewRecord, Offset, Partition, Position, Positions, TopicConfig, TopicSpec};

/// Something that only the writer does.
pub(super) enum Job {
    /// Append these records, all within the bound on one.
    Append { topic: Arc<Topic>, records: Vec<NewRecord>, reply: oneshot::Sender<Result<Vec<Position>, AppendError>> },
    /// Move a group's positions, unless the member lost one of the partitions.
    Commit {
        topic: Arc<Topic>,
        group: Arc<Group>,
        member: MemberId,
        positions: Vec<CommitPosition>,
        reply: oneshot::Sender<Result<(), LogError>>,
    },
    /// Move the positions of a group that nobody is in.
    Reset { topic: Arc<Topic>, group: String, next: Positions, reply: oneshot::Sender<Result<(), LogError>> },
    /// Write something small, to see that writing works.
    Probe { reply: oneshot::Sender<Result<(), LogError>> },
    /// Change who is in a group; everything before it is durable first.
    Join { topic: Arc<Topic>, group: String, name: String, reply: oneshot::Sender<Result<Joined, LogError>> },
    /// The member is gone.
    Leave { topic: Arc<Topic>, member: Joined },
    /// Make the topic; one that is there stays as it is, and is an error when a new one is wanted.
    CreateTopic { spec: TopicSpec, must_be_new: bool, reply: oneshot::Sender<Result<(), LogError>> },
    /// Delete the topic, or only when nothing is in it; tells whether it was deleted.
    DeleteTopic { topic: Arc<Topic>, only_if_empty: bool, reply: oneshot::Sender<Result<bool, LogError>> },
    /// Change what can be changed.
    ConfigureTopic { topic: Arc<Topic>, config: TopicConfig, reply: oneshot::Sender<Result<(), LogError>> },
    /// Add partitions until there are so many.
    AddPartitions { topic: Arc<Topic>, partitions: u32, reply: oneshot::Sender<Result<(), LogError>> },
    /// Delete the partition's oldest records up to an offset, a step of them; tells where it begins then.
    Trim { topic: Arc<Topic>, partition: Partition, before: Offset, reply: oneshot::Sender<Result<Offset, LogError>> },
    /// Give pages that hold nothing back to the disk, a step of them; tells whether there are more.
    GiveBack { reply: oneshot::Sender<Result<bool, LogError>> },
}

/// A member, and the group that it is in.
#[derive(Clone)]
pub(super) struct Joined {
    pub(super) group: Arc<Group>,
    pub(super) id: MemberId,
}

/// One position to commit, and the holding of the partition that it rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct CommitPosition {
    pub(super) partition: Partition,
    pub(super) epoch: u64,
    pub(super) next: Offset,
}

impl Job {
    fn records(&self) -> usize {
        if let Job::Append { records, .. } = self { records.len() } else { 0 }
    }

    fn bytes(&self) -> usize {
        if let Job::Append { records, .. } = self { records.iter().map(NewRecord::size_bytes).sum() } else { 0 }
    }

    /// A change of membership stands alone: commits before it are durable when it happens, and
    /// commits after it are judged by it. So does a change of a topic: what comes after is judged by what
    /// the topic is then. What makes room stands alone too: on a disk that is full it may succeed where an
    /// append fails.
    pub(super) fn stands_alone(&self) -> bool {
        !matches!(self, Job::Append { .. } | Job::Commit { .. } | Job::Reset { .. } | Job::Probe { .. })
    }
}

/// What the writer is given to do.
pub(super) enum Taken {
    /// At least one job; more than one only when all can share a transaction.
    Jobs(Vec<Job>),
    /// Nothing came in time.
    Nothing,
    /// Nothing is left and nothing will come.
    Closed,
}

/// Why a job was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Closed,
}

/// The queue.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    came: Condvar,
    closed: watch::Sender<bool>,
    records_max: usize,
    bytes_max: usize,
    transaction_records_max: usize,
    transaction_bytes_max: usize,
}

#[derive(Default)]
struct Waiting {
    /// Each with its records and bytes, counted once.
    jobs: VecDeque<(Job, usize, usize)>,
    records: usize,
    bytes: usize,
    closed: bool,
}

impl Queue {
    pub(super) fn new(settings: &LocalSettings) -> Self {
        Self {
            waiting: Mutex::default(),
            came: Condvar::new(),
            closed: watch::Sender::new(false),
            records_max: settings.queue_records_max,
            bytes_max: settings.queue_bytes_max,
            transaction_records_max: settings.transaction_records_max,
            transaction_bytes_max: settings.transaction_bytes_max,
        }
    }

    /// Takes the job at once or refuses it at once.
    pub(super) fn push(&self, job: Job) -> Result<(), Refused> {
        let (records, bytes) = (job.records(), job.bytes());
        let mut waiting = self.waiting.lock();
        if waiting.closed {
            return Err(Refused::Closed);
        }
        if waiting.records + records > self.records_max || waiting.bytes + bytes > self.bytes_max {
            return Err(Refused::Full);
        }
        waiting.records += records;
        waiting.bytes += bytes;
        waiting.jobs.push_back((job, records, bytes));
        drop(waiting);
        self.came.notify_one();
        Ok(())
    }

    /// Everything waiting that fits into one transaction; waits at most until `until` for the first job.
    pub(super) fn take(&self, until: Instant) -> Taken {
        let mut waiting = self.waiting.lock();
        while waiting.jobs.is_empty() {
            if waiting.closed {
                return Taken::Closed;
            }
            if self.came.wait_until(&mut waiting, until).timed_out() {
                break;
            }
        }
        let (mut jobs, mut records, mut bytes) = (Vec::new(), 0, 0);
        while let Some((next, ..)) = waiting.jobs.front() {
            let full = records >= self.transaction_records_max || bytes >= self.transaction_bytes_max;
            if !jobs.is_empty() && (full || next.stands_alone()) {
                break;
            }
            let Some((job, job_records, job_bytes)) = waiting.jobs.pop_front() else { break };
            (records, bytes) = (records + job_records, bytes + job_bytes);
            let alone = job.stands_alone();
            jobs.push(job);
            if alone {
                break;
            }
        }
        waiting.records -= records;
        waiting.bytes -= bytes;
        if jobs.is_empty() { Taken::Nothing } else { Taken::Jobs(jobs) }
    }

    /// Takes nothing more; what waits is still handed to the writer.
    pub(super) fn close(&self) {
        self.waiting.lock().closed = true;
        self.came.notify_one();
        self.closed.send_replace(true);
    }

    /// Drops what waits, so that whoever waits for an answer learns that none will come.
    pub(super) fn abandon(&self) {
        self.close();
        let jobs = std::mem::take(&mut self.waiting.lock().jobs);
        drop(jobs);
    }

    /// Whether it was closed, and a wake-up for when it is.
    pub(super) fn closed(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    /// Records that wait to be written.
    pub(super) fn depth(&self) -> usize {
        self.waiting.lock().records
    }
}

/// How long the writer waits for a job when nothing else is due.
pub(super) fn wait_until(due: Instant) -> Instant {
    const LONGEST: Duration = Duration::from_secs(60);
    due.min(Instant::now() + LONGEST)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::local::lanes::LaneState;

    fn append(records: usize, payload_bytes: usize) -> Job {
        let record = NewRecord { key: "".into(), payload: vec![0; payload_bytes].into(), headers: Vec::new() };
        Job::Append { topic: topic(), records: vec![record; records], reply: oneshot::channel().0 }
    }

    fn topic() -> Arc<Topic> {
        let config = TopicConfig { retention: None, compacted: false };
        Arc::new(Topic::new(1, "topic", config, [LaneState::empty(1)]))
    }

    fn leave() -> Job {
        let member = Joined { group: Arc::new(Group::new("g", 1)), id: MemberId::default() };
        Job::Leave { topic: topic(), member }
    }

    fn queue() -> Queue {
        Queue::new(&LocalSettings {
            queue_records_max: 10,
            queue_bytes_max: 1000,
            transaction_records_max: 4,
            transaction_bytes_max: 500,
            ..LocalSettings::default()
        })
    }

    fn taken(queue: &Queue) -> usize {
        match queue.take(Instant::now()) {
            Taken::Jobs(jobs) => jobs.len(),
            Taken::Nothing | Taken::Closed => 0,
        }
    }

    #[test]
    fn a_request_that_does_not_fit_is_refused_whole_and_room_comes_back() {
        let queue = queue();
        assert_eq!(queue.push(append(11, 1)), Err(Refused::Full));
        assert_eq!(queue.push(append(8, 1)), Ok(()));
        assert_eq!(queue.push(append(3, 1)), Err(Refused::Full));
        assert_eq!(queue.depth(), 8);
        assert_eq!(queue.push(append(1, 1000)), Err(Refused::Full));
        assert_eq!(taken(&queue), 1);
        assert_eq!(queue.push(append(10, 100)), Ok(()));
    }

    #[test]
    fn a_transaction_is_bounded_by_records_and_by_bytes_but_never_empty() {
        let queue = queue();
        for _ in 0..3 {
            queue.push(append(3, 1)).unwrap();
        }
        assert_eq!((taken(&queue), taken(&queue), taken(&queue)), (2, 1, 0));
        queue.push(append(1, 600)).unwrap();
        queue.push(append(1, 1)).unwrap();
        assert_eq!((taken(&queue), taken(&queue)), (1, 1));
    }

    #[test]
    fn a_change_of_membership_has_its_turn_alone() {
        let queue = queue();
        queue.push(append(1, 1)).unwrap();
        queue.push(leave()).unwrap();
        queue.push(append(1, 1)).unwrap();
        queue.push(append(1, 1)).unwrap();
        assert_eq!((taken(&queue), taken(&queue), taken(&queue)), (1, 1, 2));
    }

    #[test]
    fn a_closed_queue_hands_out_what_it_took_and_takes_nothing() {
        let queue = queue();
        queue.push(append(1, 1)).unwrap();
        queue.close();
        assert_eq!(queue.push(append(1, 1)), Err(Refused::Closed));
        assert_eq!(taken(&queue), 1);
        assert!(matches!(queue.take(Instant::now()), Taken::Closed));
    }
}
