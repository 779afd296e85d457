//! A member of a group.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::{
    queue::{CommitPosition, Job, Joined, Queue},
    read::{ReadPool, changed, deadline, fetch},
    topics::Topic,
};
use crate::{GroupMember, LogError, LogRecord, Offset, Partition, Positions, ReadLimits};

/// A member of a group; it leaves when it is dropped.
pub(super) struct LocalMember {
    member: Joined,
    pool: Arc<ReadPool>,
    queue: Arc<Queue>,
    topic: Arc<Topic>,
    appended: watch::Receiver<()>,
    moved: watch::Receiver<()>,
    closed: watch::Receiver<bool>,
    held: BTreeMap<Partition, Held>,
    /// How often it saw that partitions were taken from it.
    generation: u64,
    last: Partition,
}

/// A partition as this member last saw itself hold it.
#[derive(Clone, Copy)]
struct Held {
    epoch: u64,
    /// `None` until the group's committed position was looked up.
    next: Option<Offset>,
}

impl LocalMember {
    pub(super) async fn join(
        pool: Arc<ReadPool>,
        queue: Arc<Queue>,
        topic: Arc<Topic>,
        group: &str,
        name: &str,
    ) -> Result<Self, LogError> {
        let (reply, joined) = oneshot::channel();
        let (group, name) = (group.to_owned(), name.to_owned());
        queue.push(Job::Join { topic: topic.clone(), group, name, reply }).map_err(|_| LogError::Closed)?;
        let member = joined.await.map_err(|_| LogError::Closed)??;
        let (appended, moved, closed) = (topic.appended.subscribe(), member.group.changed.subscribe(), queue.closed());
        let held = BTreeMap::new();
        Ok(Self { member, pool, queue, topic, appended, moved, closed, held, generation: 0, last: Partition::MAX })
    }

    /// Takes up what the group gave this member and lets go of what it took.
    fn follow_group(&mut self) {
        let holdings = self.member.group.held_by(self.member.id);
        let before = self.held.len();
        self.held.retain(|partition, held| holdings.get(partition) == Some(&held.epoch));
        self.generation += u64::from(self.held.len() < before);
        for (partition, epoch) in holdings {
            self.held.entry(partition).or_insert(Held { epoch, next: None });
        }
    }

    /// Where to read each partition from, looked up where it is not known yet.
    async fn positions(&mut self) -> Result<Positions, LogError> {
        if self.held.values().any(|held| held.next.is_none()) {
            let committed = committed(&self.pool, &self.topic, &self.member.group.name).await?;
            for (partition, held) in &mut self.held {
                let wanted = committed.get(partition).copied().unwrap_or_default();
                held.next.get_or_insert_with(|| self.topic.start_at(*partition, wanted));
            }
        }
        Ok(self.held.iter().filter_map(|(partition, held)| Some((*partition, held.next?))).collect())
    }
}

#[async_trait]
impl GroupMember for LocalMember {
    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError> {
        let until = deadline(limits.wait_max);
        loop {
            // Marked as seen before looking: what happens in between ends the wait below at once.
            self.appended.mark_unchanged();
            self.moved.mark_unchanged();
            if *self.closed.borrow_and_update() {
                return Err(LogError::Closed);
            }
            self.topic.is_there()?;
            self.follow_group();
            let from = self.positions().await?;
            let mut fetched = fetch(&self.pool, &self.topic, &from, self.last, limits).await?;
            // No await from here on: a call that is dropped has moved nothing. A partition that the
            // group took away meanwhile is another's to read now.
            self.follow_group();
            let still_held = |partition: &Partition| self.held.get(partition).is_some_and(|held| held.next.is_some());
            fetched.records.retain(|record| still_held(&record.position.partition));
            for (partition, next) in fetched.next {
                if let Some(Held { next: Some(known), .. }) = self.held.get_mut(&partition) {
                    *known = next;
                }
            }
            if let Some(record) = fetched.records.last() {
                self.last = record.position.partition;
                return Ok(fetched.records);
            }
            if !changed(&mut [&mut self.appended, &mut self.moved], &mut self.closed, until).await {
                return Ok(Vec::new());
            }
        }
    }

    async fn commit(&mut self, next: &Positions) -> Result<(), LogError> {
        let held = |(partition, next): (&Partition, &Offset)| {
            let epoch = self.held.get(partition)?.epoch;
            Some(CommitPosition { partition: *partition, epoch, next: *next })
        };
        let positions: Option<Vec<_>> = next.iter().map(held).collect();
        let positions = positions.ok_or(LogError::Fenced)?;
        let (reply, committed) = oneshot::channel();
        let (topic, Joined { group, id }) = (self.topic.clone(), self.member.clone());
        let job = Job::Commit { topic, group, member: id, positions, reply };
        self.queue.push(job).map_err(|_| LogError::Closed)?;
        committed.await.map_err(|_| LogError::Closed)?
    }

    fn generation(&self) -> u64 {
        self.generation
    }

    async fn rewind(&mut self) -> Result<(), LogError> {
        self.held.values_mut().for_each(|held| held.next = None);
        self.follow_group();
        self.positions().await.map(drop)
    }

    fn holds(&self) -> Vec<Partition> {
        self.held.keys().copied().collect()
    }

    async fn leave(self: Box<Self>) {}
}

impl Drop for LocalMember {
    fn drop(&mut self) {
        // A closed log has no members left to hand anything to.
        let _ = self.queue.push(Job::Leave { topic: self.topic.clone(), member: self.member.clone() });
    }
}

/// What the group committed, by partition.
pub(super) async fn committed(pool: &ReadPool, topic: &Topic, group: &str) -> Result<Positions, LogError> {
    let (topic_id, group) = (topic.id, group.to_owned());
    let committed = pool.read(move |conn| read_committed(conn, topic_id, &group)).await?;
    // The number of a deleted topic goes to another.
    topic.is_there()?;
    Ok(committed)
}

fn read_committed(conn: &Connection, topic_id: i64, group: &str) -> rusqlite::Result<Positions> {
    let mut select =
        conn.prepare_cached("SELECT partition, next_offset FROM positions WHERE topic_id = ?1 AND group_name = ?2")?;
    select.query_map((topic_id, group), |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?.collect()
}
