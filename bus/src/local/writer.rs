//! The one thread that writes.
//!
//! It takes everything that waits, writes it in one transaction and so with one fsync, and only
//! then moves the ends that readers look at, answers every waiter and wakes the tails. When the
//! transaction fails, nothing of it is in the file, every waiter learns why, and the next one is
//! tried on its own: a disk that has room again needs no restart.

use std::{
    collections::HashMap,
    fs::File,
    path::PathBuf,
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior};

use super::{
    file::{LANES_MAX, OFFSETS_MAX, open_to_write, record_id},
    headers,
    queue::{CommitPosition, Job, Queue, Taken, wait_until},
    retention::Sweep,
    settings::LocalSettings,
    topics::{Lane, Topic, Topics},
    trim,
};
use crate::{AppendError, LogError, NewRecord, Offset, PartitionBounds, Position, TopicSpec};

/// The writer's own state; it lives on its thread.
pub(super) struct Writer {
    pub(super) path: PathBuf,
    pub(super) settings: LocalSettings,
    pub(super) queue: Arc<Queue>,
    pub(super) topics: Arc<Topics>,
    /// `None` after a failure that may have left the connection unusable.
    pub(super) conn: Option<Connection>,
    /// No record is stamped earlier than the one before it, whatever the clock does.
    pub(super) clock_ms: i64,
    /// Holds the folder for this process as long as anything may be written.
    pub(super) _lock: File,
}

/// Why a transaction is not in the file, or may not be.
#[derive(Clone, Debug)]
pub(super) struct WriteFailure {
    text: String,
    outcome_known: bool,
    is_connection_usable: bool,
}

/// What became of one job of a transaction, before anyone is told.
enum Done {
    Appended(Vec<Position>),
    Made(Topic),
    WasThere,
    Committed,
    Fenced,
    Probed,
}

impl Writer {
    /// Writes until the queue is closed and empty.
    pub(super) fn run(mut self) {
        // However this thread ends, nobody waits for an answer that can't come.
        let queue = self.queue.clone();
        let _abandon = Abandon(&queue);
        let mut sweep = Sweep::first(self.settings.retention_sweep_every);
        loop {
            match queue.take(wait_until(sweep.due())) {
                Taken::Jobs(jobs) => self.work(jobs),
                Taken::Nothing => {}
                Taken::Closed => break,
            }
            if sweep.due() <= Instant::now() {
                self.sweep(&mut sweep);
            }
        }
    }

    fn work(&mut self, jobs: Vec<Job>) {
        if jobs.first().is_some_and(Job::stands_alone) {
            jobs.into_iter().for_each(|job| self.work_alone(job));
            return;
        }
        match self.write(&jobs) {
            Ok(done) => jobs.into_iter().zip(done).for_each(|(job, done)| publish(&self.topics, job, done)),
            Err(failure) => {
                tracing::error!(error = failure.text, jobs = jobs.len(), "the log could not be written");
                jobs.into_iter().for_each(|job| fail(job, &failure));
            }
        }
    }

    fn write(&mut self, jobs: &[Job]) -> Result<Vec<Done>, WriteFailure> {
        let now_ms = self.now_ms();
        self.transact(|tx| {
            let mut ends = HashMap::new();
            jobs.iter().map(|job| write_job(tx, job, now_ms, &mut ends)).collect()
        })
    }

    /// Runs this in a transaction of its own; on failure nothing of it is in the file.
    pub(super) fn transact<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, WriteFailure>,
    ) -> Result<T, WriteFailure> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => open_to_write(&self.path, &self.settings).map_err(|e| WriteFailure::known(e.to_string()))?,
        };
        let result = (|| {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&tx)?;
            tx.commit().map_err(WriteFailure::at_commit)?;
            Ok(done)
        })();
        // A connection on which a rollback failed too is of no use, nor may be one on which the disk
        // failed: the next transaction gets another.
        let is_usable = result.as_ref().err().is_none_or(|failure: &WriteFailure| failure.is_connection_usable);
        if conn.is_autocommit() && is_usable {
            self.conn = Some(conn);
        }
        result
    }

    fn work_alone(&mut self, job: Job) {
        let away = |failure: WriteFailure| LogError::Unavailable(failure.text);
        match job {
            Job::Join { group, reply } => {
                let member = group.join();
                // Whoever wanted to join gave up meanwhile: its share goes back at once.
                if reply.send(member).is_err() {
                    group.leave(member);
                }
            }
            Job::Leave { group, member } => group.leave(member),
            Job::Trim { topic, partition, before, reply } => {
                let _ = reply.send(trim::step(self, &topic, partition, before).map_err(away));
            }
            Job::GiveBack { reply } => drop(reply.send(trim::give_back_step(self).map_err(away))),
            Job::Append { .. } | Job::EnsureTopic { .. } | Job::Commit { .. } | Job::Probe { .. } => {
                unreachable!("these share a transaction")
            }
        }
    }

    fn now_ms(&mut self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
        self.clock_ms = self.clock_ms.max(now);
        self.clock_ms
    }

    fn sweep(&mut self, sweep: &mut Sweep) {
        let now_ms = self.now_ms();
        if let Err(failure) = sweep.step(self, now_ms) {
            tracing::warn!(error = failure.text, "records past their retention could not be deleted");
        }
    }
}

struct Abandon<'a>(&'a Queue);

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

impl From<rusqlite::Error> for WriteFailure {
    fn from(error: rusqlite::Error) -> Self {
        use ErrorCode as E;
        let code = error.sqlite_error_code();
        let text = match code {
            Some(E::DiskFull) => "the disk, or the room given to the log, is full".to_owned(),
            Some(E::ReadOnly) => "the log's file is read-only".to_owned(),
            _ => error.to_string(),
        };
        // A file that was opened while its disk was read-only stays so for this connection.
        let is_connection_usable = !matches!(
            code,
            Some(E::ReadOnly | E::SystemIoFailure | E::CannotOpen | E::DatabaseCorrupt | E::NotADatabase)
        );
        Self { is_connection_usable, ..Self::known(text) }
    }
}

impl WriteFailure {
    /// Nothing of it is in the file.
    fn known(text: String) -> Self {
        Self { text, outcome_known: true, is_connection_usable: true }
    }

    /// A commit that failed for want of room or rights is not in the file. After any other failure
    /// (an fsync that failed) the file may hold it when it is next opened.
    fn at_commit(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let outcome_known = matches!(code, Some(ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::DatabaseBusy));
        Self { outcome_known, ..Self::from(error) }
    }

    fn for_append(&self) -> AppendError {
        let text = self.text.clone();
        if self.outcome_known { AppendError::Unavailable(text) } else { AppendError::OutcomeUnknown(text) }
    }
}

fn write_job(
    tx: &Transaction<'_>,
    job: &Job,
    now_ms: i64,
    ends: &mut HashMap<i64, Offset>,
) -> Result<Done, WriteFailure> {
    match job {
        Job::Append { topic, records, .. } => append(tx, topic, records, now_ms, ends).map(Done::Appended),
        Job::EnsureTopic { spec, .. } => ensure_topic(tx, spec),
        Job::Commit { topic, group, member, positions, .. } => {
            if !group.allows(*member, positions) {
                return Ok(Done::Fenced);
            }
            commit_positions(tx, topic, &group.name, positions)?;
            Ok(Done::Committed)
        }
        Job::Probe { .. } => {
            tx.prepare_cached("INSERT OR REPLACE INTO probe (id, checked_at_ms) VALUES (1, ?1)")?.execute((now_ms,))?;
            Ok(Done::Probed)
        }
        Job::Join { .. } | Job::Leave { .. } | Job::Trim { .. } | Job::GiveBack { .. } => {
            unreachable!("these stand alone")
        }
    }
}

fn append(
    tx: &Transaction<'_>,
    topic: &Topic,
    records: &[NewRecord],
    now_ms: i64,
    ends: &mut HashMap<i64, Offset>,
) -> Result<Vec<Position>, WriteFailure> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO records (id, appended_at_ms, key, headers, payload) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut positions = Vec::with_capacity(records.len());
    for record in records {
        let partition = crate::partition_for_key(&record.key, topic.partitions());
        let lane = topic.lane(partition);
        let end = ends.entry(lane.number).or_insert_with(|| lane.bounds().end);
        if *end >= OFFSETS_MAX {
            return Err(WriteFailure::known("the partition has no offsets left".to_owned()));
        }
        let headers = headers::encode(&record.headers);
        insert.execute((record_id(lane.number, *end), now_ms, &record.key[..], headers, &record.payload[..]))?;
        positions.push(Position { partition, offset: *end });
        *end += 1;
    }
    Ok(positions)
}

fn ensure_topic(tx: &Transaction<'_>, spec: &TopicSpec) -> Result<Done, WriteFailure> {
    let known = tx.query_row("SELECT 1 FROM topics WHERE name = ?1", (&spec.name,), |_| Ok(())).optional()?;
    if known.is_some() {
        return Ok(Done::WasThere);
    }
    let retention_ms = spec.retention.map(|d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    tx.execute("INSERT INTO topics (name, retention_ms) VALUES (?1, ?2)", (&spec.name, retention_ms))?;
    let topic_id = tx.last_insert_rowid();
    let mut insert = tx.prepare_cached("INSERT INTO lanes (topic_id, partition) VALUES (?1, ?2)")?;
    let mut lanes = Vec::with_capacity(spec.partitions as usize);
    for partition in 0..spec.partitions {
        insert.execute((topic_id, partition))?;
        let number = tx.last_insert_rowid();
        if number >= LANES_MAX {
            return Err(WriteFailure::known("the log has no room for more topics".to_owned()));
        }
        lanes.push(Lane::new(number, PartitionBounds { earliest: 0, end: 0 }));
    }
    Ok(Done::Made(Topic::new(topic_id, spec.retention, lanes)))
}

fn commit_positions(
    tx: &Transaction<'_>,
    topic: &Topic,
    group: &str,
    positions: &[CommitPosition],
) -> Result<(), WriteFailure> {
    let mut upsert = tx.prepare_cached(
        "INSERT INTO positions (topic_id, group_name, partition, next_offset) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (topic_id, group_name, partition) DO UPDATE SET next_offset = excluded.next_offset",
    )?;
    for position in positions {
        let next = i64::try_from(position.next).unwrap_or(i64::MAX);
        upsert.execute((topic.id, group, position.partition, next))?;
    }
    Ok(())
}

/// The transaction is on the disk: shows its work to readers and answers. A waiter that gave up is no one's loss.
fn publish(topics: &Topics, job: Job, done: Done) {
    match (job, done) {
        (Job::Append { topic, reply, .. }, Done::Appended(positions)) => {
            for position in &positions {
                topic.lane(position.partition).set_end(position.offset + 1);
            }
            topic.appended.send_replace(());
            let _ = reply.send(Ok(positions));
        }
        (Job::EnsureTopic { spec, reply }, done) => {
            if let Done::Made(topic) = done {
                topics.add(&spec.name, topic);
            }
            let _ = reply.send(Ok(()));
        }
        (Job::Commit { reply, .. }, Done::Fenced) => drop(reply.send(Err(LogError::Fenced))),
        (Job::Commit { reply, .. } | Job::Probe { reply }, _) => drop(reply.send(Ok(()))),
        (Job::Append { .. } | Job::Join { .. } | Job::Leave { .. } | Job::Trim { .. } | Job::GiveBack { .. }, _) => {
            unreachable!("each job is done as what it is, and these stand alone")
        }
    }
}

fn fail(job: Job, failure: &WriteFailure) {
    match job {
        Job::Append { reply, .. } => drop(reply.send(Err(failure.for_append()))),
        Job::EnsureTopic { reply, .. } | Job::Commit { reply, .. } | Job::Probe { reply } => {
            let _ = reply.send(Err(LogError::Unavailable(failure.text.clone())));
        }
        Job::Join { .. } | Job::Leave { .. } | Job::Trim { .. } | Job::GiveBack { .. } => {
            unreachable!("these stand alone")
        }
    }
}
