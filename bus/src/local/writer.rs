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

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use tokio::sync::oneshot;

use super::{
    admin,
    file::{OFFSETS_MAX, open_to_write, record_id},
    headers,
    queue::{Job, Joined, Queue, Taken, wait_until},
    settings::LocalSettings,
    sweep::Sweep,
    topics::{Topic, Topics},
    trim,
};
use crate::{AppendError, LogError, NewRecord, Offset, Partition, Position, Positions};

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
    /// Whether a topic was deleted whose rows are still there.
    pub(super) has_deleted: bool,
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
    Ok,
    Refused(LogError),
}

/// What a transaction does to a lane.
struct Growth {
    end: Offset,
    bytes: i64,
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
            if std::mem::take(&mut self.has_deleted) {
                sweep.forget_soon();
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
            Ok(done) => publish_all(jobs.into_iter().zip(done)),
            Err(failure) => {
                tracing::error!(error = failure.text, jobs = jobs.len(), "the log could not be written");
                jobs.into_iter().for_each(|job| fail(job, &failure));
            }
        }
    }

    fn write(&mut self, jobs: &[Job]) -> Result<Vec<Done>, WriteFailure> {
        let now_ms = self.now_ms();
        self.transact(|tx| {
            let mut lanes = HashMap::new();
            let done: Result<Vec<_>, _> = jobs.iter().map(|job| write_job(tx, job, now_ms, &mut lanes)).collect();
            let mut grow = tx.prepare_cached("UPDATE lanes SET bytes = bytes + ?2 WHERE lane = ?1")?;
            for (lane, growth) in &lanes {
                grow.execute((lane, growth.bytes))?;
            }
            done
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
            Job::Join { topic, group, name, reply } => join(&topic, &group, &name, reply),
            Job::Leave { topic, member } => leave(&topic, &member),
            Job::CreateTopic { spec, must_be_new, reply } => {
                let made = admin::create_topic(self, &spec, must_be_new);
                let _ = reply.send(made.map_err(away).and_then(|made| made));
            }
            Job::DeleteTopic { topic, only_if_empty, reply } => {
                let deleted = admin::delete_topic(self, &topic, only_if_empty);
                let _ = reply.send(deleted.map_err(away).and_then(|deleted| deleted));
            }
            Job::ConfigureTopic { topic, config, reply } => {
                let changed = admin::configure_topic(self, &topic, config);
                let _ = reply.send(changed.map_err(away).and_then(|changed| changed));
            }
            Job::AddPartitions { topic, partitions, reply } => {
                let added = admin::add_partitions(self, &topic, partitions);
                let _ = reply.send(added.map_err(away).and_then(|added| added));
            }
            Job::Trim { topic, partition, before, reply } => {
                let _ = reply.send(trim::step(self, &topic, partition, before).map_err(away));
            }
            Job::GiveBack { reply } => drop(reply.send(trim::give_back_step(self).map_err(away))),
            Job::Append { .. } | Job::Commit { .. } | Job::Reset { .. } | Job::Probe { .. } => {
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
            tracing::warn!(error = failure.text, "what is past its time could not be deleted");
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
    pub(super) fn known(text: String) -> Self {
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

fn join(topic: &Arc<Topic>, group: &str, name: &str, reply: oneshot::Sender<Result<Joined, LogError>>) {
    if let Err(gone) = topic.is_there() {
        let _ = reply.send(Err(gone));
        return;
    }
    let group = topic.group(group);
    let member = Joined { id: group.join(name), group };
    // Whoever wanted to join gave up meanwhile: its share goes back at once.
    if reply.send(Ok(member.clone())).is_err() {
        leave(topic, &member);
    }
}

fn leave(topic: &Topic, member: &Joined) {
    member.group.leave(member.id);
    topic.forget_group_if_empty(&member.group.name);
}

fn write_job(
    tx: &Transaction<'_>,
    job: &Job,
    now_ms: i64,
    lanes: &mut HashMap<i64, Growth>,
) -> Result<Done, WriteFailure> {
    let topic = match job {
        Job::Append { topic, .. } | Job::Commit { topic, .. } | Job::Reset { topic, .. } => Some(topic),
        _ => None,
    };
    if let Some(Err(gone)) = topic.map(|topic| topic.is_there()) {
        return Ok(Done::Refused(gone));
    }
    match job {
        Job::Append { topic, records, .. } => append(tx, topic, records, now_ms, lanes).map(Done::Appended),
        Job::Commit { topic, group, member, positions, .. } => {
            if !group.allows(*member, positions) {
                return Ok(Done::Refused(LogError::Fenced));
            }
            let next: Positions = positions.iter().map(|position| (position.partition, position.next)).collect();
            set_positions(tx, topic, &group.name, &next)?;
            Ok(Done::Ok)
        }
        Job::Reset { topic, group, next, .. } => reset(tx, topic, group, next),
        Job::Probe { .. } => {
            tx.prepare_cached("INSERT OR REPLACE INTO probe (id, checked_at_ms) VALUES (1, ?1)")?.execute((now_ms,))?;
            Ok(Done::Ok)
        }
        _ => unreachable!("these stand alone"),
    }
}

fn append(
    tx: &Transaction<'_>,
    topic: &Topic,
    records: &[NewRecord],
    now_ms: i64,
    lanes: &mut HashMap<i64, Growth>,
) -> Result<Vec<Position>, WriteFailure> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO records (id, appended_at_ms, key, headers, payload) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut positions = Vec::with_capacity(records.len());
    for record in records {
        let partition = topic.partition_for(&record.key);
        let lane = topic.lane(partition).ok_or_else(|| WriteFailure::known("no such partition".to_owned()))?;
        let growth = lanes.entry(lane.number).or_insert_with(|| Growth { end: lane.bounds().end, bytes: 0 });
        if growth.end >= OFFSETS_MAX {
            return Err(WriteFailure::known("the partition has no offsets left".to_owned()));
        }
        let headers = headers::encode(&record.headers);
        insert.execute((record_id(lane.number, growth.end), now_ms, &record.key[..], headers, &record.payload[..]))?;
        positions.push(Position { partition, offset: growth.end });
        growth.end += 1;
        growth.bytes += stored_bytes(record);
    }
    Ok(positions)
}

/// What a record weighs in the file: key, headers and payload.
fn stored_bytes(record: &NewRecord) -> i64 {
    (record.key.len() + headers::encoded_bytes(&record.headers) + record.payload.len()) as i64
}

fn reset(tx: &Transaction<'_>, topic: &Topic, group: &str, next: &Positions) -> Result<Done, WriteFailure> {
    if topic.has_members(group) {
        return Ok(Done::Refused(LogError::GroupActive(group.to_owned())));
    }
    if let Some(partition) = next.keys().find(|partition| **partition >= topic.partitions()) {
        return Ok(Done::Refused(no_partition(*partition)));
    }
    set_positions(tx, topic, group, next)?;
    Ok(Done::Ok)
}

pub(super) fn no_partition(partition: Partition) -> LogError {
    LogError::InvalidTopic(format!("it has no partition {partition}"))
}

fn set_positions(tx: &Transaction<'_>, topic: &Topic, group: &str, next: &Positions) -> Result<(), WriteFailure> {
    let mut upsert = tx.prepare_cached(
        "INSERT INTO positions (topic_id, group_name, partition, next_offset) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (topic_id, group_name, partition) DO UPDATE SET next_offset = excluded.next_offset",
    )?;
    for (partition, next) in next {
        upsert.execute((topic.id, group, partition, i64::try_from(*next).unwrap_or(i64::MAX)))?;
    }
    Ok(())
}

/// The transaction is on the disk: shows its work to readers and answers, and then wakes whoever reads these topics, once
/// however many appended to them.
fn publish_all(done: impl Iterator<Item = (Job, Done)>) {
    let mut grown = HashMap::new();
    for (job, done) in done {
        if let Some(topic) = publish(job, done) {
            grown.insert(topic.id, topic);
        }
    }
    for topic in grown.values() {
        topic.appended.send_replace(());
    }
}

/// Answers the topic that has grown. A waiter that gave up is no one's loss.
fn publish(job: Job, done: Done) -> Option<Arc<Topic>> {
    match (job, done) {
        (Job::Append { topic, records, reply }, Done::Appended(positions)) => {
            for (position, record) in positions.iter().zip(&records) {
                if let Some(lane) = topic.lane(position.partition) {
                    lane.set_end(position.offset + 1);
                    lane.weighs_more(stored_bytes(record));
                }
            }
            let _ = reply.send(Ok(positions));
            return Some(topic);
        }
        // Of what can be refused, an append knows this alone.
        (Job::Append { topic, reply, .. }, _) => drop(reply.send(Err(AppendError::NoSuchTopic(topic.name.clone())))),
        (Job::Commit { reply, .. } | Job::Reset { reply, .. } | Job::Probe { reply }, done) => {
            let _ = reply.send(if let Done::Refused(error) = done { Err(error) } else { Ok(()) });
        }
        _ => unreachable!("these stand alone"),
    }
    None
}

fn fail(job: Job, failure: &WriteFailure) {
    match job {
        Job::Append { reply, .. } => drop(reply.send(Err(failure.for_append()))),
        Job::Commit { reply, .. } | Job::Reset { reply, .. } | Job::Probe { reply } => {
            let _ = reply.send(Err(LogError::Unavailable(failure.text.clone())));
        }
        _ => unreachable!("these stand alone"),
    }
}
