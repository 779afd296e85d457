//! The event log in a SQLite file.
//!
//! One thread writes and a few connections read ([`writer`], [`read`]). A request waits in a bounded
//! [`queue`]; the writer takes everything that waits and commits it with one fsync, so a hundred
//! waiting requests cost hardly more than one. Only after the commit does it move the end of each
//! partition, which is kept in memory ([`topics`]): readers never ask the file what there is, they
//! ask it only for records that are there. What is past its time, has a newer record of its key in a
//! compacted topic, or belongs to a deleted topic, goes in small steps between appends ([`sweep`]). Consumer [`group`]s live in this process, their positions
//! in the file. A folder belongs to one process at a time.

use std::{collections::BTreeMap, path::Path, sync::Arc, thread::JoinHandle, time::Duration};

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};

mod admin;
mod compact;
mod file;
mod forget;
mod group;
mod groups;
mod headers;
mod lanes;
mod layout;
mod member;
mod peek;
mod queue;
mod read;
mod remove;
mod retention;
mod seek;
mod settings;
mod snapshot;
mod sweep;
mod topics;
mod trim;
mod weigh;
mod writer;

pub use peek::peek_folder;
pub use settings::LocalSettings;
pub use snapshot::copy_folder;
pub use weigh::{Weight, weigh_folder};

use self::{
    member::{LocalMember, committed},
    queue::{Job, Queue, Refused},
    read::{LocalReader, ReadPool},
    seek::Stretch,
    topics::Topics,
    writer::{Writer, no_partition},
};
use crate::{
    AppendError, EventLog, GroupDescription, GroupMember, LogError, LogReader, NewRecord, Offset, Partition,
    PartitionBounds, PartitionLag, Position, Positions, TopicConfig, TopicDescription, TopicSpec,
};

/// How long a check waits for the writer.
const CHECK_WAIT_MAX: Duration = Duration::from_secs(1);

/// By how much a log's file may grow when nothing is appended to it.
pub(crate) const GROWS_BY_ITSELF_BYTES: u64 = file::GROWS_BY_ITSELF_BYTES;

/// The log in a folder of this machine.
pub struct LocalLog {
    queue: Arc<Queue>,
    topics: Arc<Topics>,
    pool: Arc<ReadPool>,
    record_bytes_max: usize,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// Its sender lives on the writer's thread: when it is gone, so is the writer.
    written: watch::Receiver<()>,
}

impl LocalLog {
    /// Opens the log of this folder, making both when they are not there. Blocks on the disk.
    pub fn open(dir: &Path, settings: LocalSettings) -> Result<LocalLog, LogError> {
        Self::open_if_free(dir, settings)?.ok_or_else(|| {
            let shown = dir.display();
            LogError::Unavailable(format!("the log in {shown} is open already: only one process at a time may use it"))
        })
    }

    /// As [`open`](Self::open), and `None` when another process has it open.
    pub fn open_if_free(dir: &Path, settings: LocalSettings) -> Result<Option<LocalLog>, LogError> {
        let Some(lock) = file::lock(dir)? else { return Ok(None) };
        let path = file::path(dir);
        let conn = file::open_to_write(&path, &settings)?;
        let cannot_read = |e: rusqlite::Error| LogError::Unavailable(format!("cannot read {}: {e}", path.display()));
        let topics = Arc::new(Topics::load(&conn).map_err(cannot_read)?);
        let clock_ms = newest_stamp(&conn, &topics).map_err(cannot_read)?;
        let pool = Arc::new(ReadPool::open(&path, settings.reader_connections)?);
        let queue = Arc::new(Queue::new(&settings));
        let record_bytes_max = settings.record_bytes_max;
        let (topics_of_writer, queue_of_writer) = (topics.clone(), queue.clone());
        let writer = Writer {
            path: path.clone(),
            settings,
            queue: queue_of_writer,
            topics: topics_of_writer,
            conn: Some(conn),
            clock_ms,
            has_deleted: false,
            _lock: lock,
        };
        let (writing, written) = watch::channel(());
        let thread = std::thread::Builder::new().name("log-writer".to_owned()).spawn(move || {
            writer.run();
            drop(writing);
        });
        let thread = thread.map_err(|e| LogError::Unavailable(format!("cannot start the log's thread: {e}")))?;
        Ok(Some(LocalLog { queue, topics, pool, record_bytes_max, writer: Mutex::new(Some(thread)), written }))
    }

    /// Records that were handed over and are not yet written: what is near
    /// [`LocalSettings::queue_records_max`] before requests are refused.
    pub fn queued_records(&self) -> usize {
        self.queue.depth()
    }

    /// Deletes the partition's records before this offset, for ever, in bounded steps between which
    /// appends go on. An error leaves what the steps before it did.
    pub async fn trim(&self, topic: &str, partition: Partition, before: Offset) -> Result<(), LogError> {
        let topic = self.topics.find(topic)?;
        let Some(lane) = topic.lane(partition) else { return Err(no_partition(partition)) };
        while lane.bounds().earliest < before.min(lane.bounds().end) {
            topic.is_there()?;
            let (reply, trimmed) = oneshot::channel();
            self.queue
                .push(Job::Trim { topic: topic.clone(), partition, before, reply })
                .map_err(|_| LogError::Closed)?;
            trimmed.await.map_err(|_| LogError::Closed)??;
        }
        Ok(())
    }

    /// Gives a step of the pages that hold nothing back to the disk; answers whether there are more.
    /// Does nothing without [`LocalSettings::gives_back_disk`].
    pub async fn give_back_disk(&self) -> Result<bool, LogError> {
        let (reply, left) = oneshot::channel();
        self.queue.push(Job::GiveBack { reply }).map_err(|_| LogError::Closed)?;
        left.await.map_err(|_| LogError::Closed)?
    }

    /// Counts what lies in the topic, in the file.
    pub async fn weigh(&self, topic: &str) -> Result<Weight, LogError> {
        let topic = self.topics.find(topic)?;
        self.pool.read(move |conn| weigh::weigh(conn, &topic)).await
    }

    /// What can be read of a partition now; asks memory alone.
    pub(crate) fn bounds_now(&self, topic: &str, partition: Partition) -> Option<PartitionBounds> {
        Some(self.topics.find(topic).ok()?.lane(partition)?.bounds())
    }

    /// The names of all topics; asks memory alone.
    pub(crate) fn topic_names(&self) -> Vec<String> {
        self.topics.all().iter().map(|topic| topic.name.clone()).collect()
    }

    /// How many topics there are; asks memory alone.
    pub(crate) fn topics_count(&self) -> usize {
        self.topics.count()
    }

    /// Deletes the topic if nothing is in it; answers whether it did.
    pub(crate) async fn delete_topic_if_empty(&self, topic: &str) -> Result<bool, LogError> {
        let topic = self.topics.find(topic)?;
        self.ask_writer(|reply| Job::DeleteTopic { topic, only_if_empty: true, reply }).await
    }

    async fn append_fitting(&self, topic: &str, records: Vec<NewRecord>) -> Result<Vec<Position>, AppendError> {
        let topic = self.topics.find(topic).map_err(|_| AppendError::NoSuchTopic(topic.to_owned()))?;
        let (reply, appended) = oneshot::channel();
        self.queue.push(Job::Append { topic, records, reply }).map_err(|refused| match refused {
            Refused::Full => AppendError::QueueFull,
            Refused::Closed => AppendError::Closed,
        })?;
        // No answer at all: the writer ended with the job in its hands or in its queue.
        appended.await.unwrap_or_else(|_| Err(AppendError::OutcomeUnknown("the log's writer ended".to_owned())))
    }

    async fn ask_writer<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, LogError>>) -> Job,
    ) -> Result<T, LogError> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(job(reply)).map_err(|_| LogError::Closed)?;
        answer.await.map_err(|_| LogError::Closed)?
    }
}

/// The newest stamp in the file: a clock that was set back does not break the order of stamps.
fn newest_stamp(conn: &rusqlite::Connection, topics: &Topics) -> rusqlite::Result<i64> {
    let mut newest = 0;
    let mut select = conn.prepare_cached("SELECT appended_at_ms FROM records WHERE id = ?1")?;
    for topic in topics.all() {
        for (_, lane) in topic.lanes().filter(|(_, lane)| lane.bounds().end > lane.bounds().earliest) {
            let last = file::record_id(lane.number, lane.bounds().end - 1);
            newest = newest.max(select.query_row((last,), |row| row.get(0))?);
        }
    }
    Ok(newest)
}

#[async_trait]
impl EventLog for LocalLog {
    async fn ensure_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        spec.check()?;
        if self.topics.find(&spec.name).is_ok() {
            return Ok(());
        }
        self.ask_writer(|reply| Job::CreateTopic { spec: spec.clone(), must_be_new: false, reply }).await
    }

    async fn create_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        spec.check()?;
        self.ask_writer(|reply| Job::CreateTopic { spec: spec.clone(), must_be_new: true, reply }).await
    }

    async fn delete_topic(&self, topic: &str) -> Result<(), LogError> {
        let topic = self.topics.find(topic)?;
        self.ask_writer(|reply| Job::DeleteTopic { topic, only_if_empty: false, reply }).await.map(drop)
    }

    async fn describe_topic(&self, topic: &str) -> Result<TopicDescription, LogError> {
        let topic = self.topics.find(topic)?;
        let bytes = topic.lanes().map(|(_, lane)| lane.bytes()).sum();
        Ok(TopicDescription { partitions: topic.partitions(), config: topic.config(), bytes: Some(bytes) })
    }

    async fn configure_topic(&self, topic: &str, config: TopicConfig) -> Result<(), LogError> {
        let topic = self.topics.find(topic)?;
        self.ask_writer(|reply| Job::ConfigureTopic { topic, config, reply }).await
    }

    async fn add_partitions(&self, topic: &str, partitions: u32) -> Result<(), LogError> {
        let topic = self.topics.find(topic)?;
        self.ask_writer(|reply| Job::AddPartitions { topic, partitions, reply }).await
    }

    async fn offsets_at(&self, topic: &str, at_ms: i64) -> Result<Positions, LogError> {
        let topic = self.topics.find(topic)?;
        let stretches: Vec<_> = topic
            .lanes()
            .map(|(partition, lane)| Stretch { partition, lane: lane.number, bounds: lane.bounds() })
            .collect();
        let offsets = self.pool.read(move |conn| seek::offsets_at(conn, &stretches, at_ms)).await?;
        topic.is_there()?;
        Ok(offsets)
    }

    async fn appended_at(&self, topic: &str, places: &Positions) -> Result<BTreeMap<Partition, i64>, LogError> {
        let topic = self.topics.find(topic)?;
        let stretch = |(&partition, &earliest): (&Partition, &Offset)| {
            let lane = topic.lane(partition)?;
            let bounds = PartitionBounds { earliest, end: lane.bounds().end };
            Some(Stretch { partition, lane: lane.number, bounds })
        };
        let stretches: Vec<_> = places.iter().filter_map(stretch).collect();
        let times = self.pool.read(move |conn| seek::appended_at(conn, &stretches)).await?;
        topic.is_there()?;
        Ok(times)
    }

    async fn groups(&self, topic: &str, prefix: &str) -> Result<Vec<GroupDescription>, LogError> {
        groups::describe(&self.pool, &self.topics.find(topic)?, prefix).await
    }

    async fn reset_group(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError> {
        let topic = self.topics.find(topic)?;
        let (group, next) = (group.to_owned(), next.clone());
        self.ask_writer(|reply| Job::Reset { topic, group, next, reply }).await
    }

    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        let needs_keys = self.topics.find(topic).is_ok_and(|topic| topic.config().compacted);
        let refusal = |record: &NewRecord| match record {
            large if large.size_bytes() > self.record_bytes_max => Some(AppendError::TooLarge),
            NewRecord { key, .. } if needs_keys && key.is_empty() => {
                Some(AppendError::Refused("a compacted topic takes no record without a key".to_owned()))
            }
            _ => None,
        };
        let refusals: Vec<_> = records.iter().map(refusal).collect();
        let taken = records.into_iter().zip(&refusals);
        let taken: Vec<_> = taken.filter_map(|(record, refused)| refused.is_none().then_some(record)).collect();
        let appended = if taken.is_empty() { Ok(Vec::new()) } else { self.append_fitting(topic, taken).await };
        let mut appended = appended.map(Vec::into_iter);
        let mut outcome = || match &mut appended {
            Ok(positions) => positions.next().ok_or_else(|| AppendError::OutcomeUnknown("no answer".to_owned())),
            Err(error) => Err(error.clone()),
        };
        refusals.into_iter().map(|refused| refused.map_or_else(&mut outcome, Err)).collect()
    }

    async fn bounds(&self, topic: &str) -> Result<BTreeMap<Partition, PartitionBounds>, LogError> {
        Ok(self.topics.find(topic)?.bounds())
    }

    async fn reader(&self, topic: &str, from: Positions) -> Result<Box<dyn LogReader>, LogError> {
        let topic = self.topics.find(topic)?;
        let reader = LocalReader::new(self.pool.clone(), topic, self.queue.closed(), &from)?;
        Ok(Box::new(reader))
    }

    async fn join(&self, topic: &str, group: &str, name: &str) -> Result<Box<dyn GroupMember>, LogError> {
        let topic = self.topics.find(topic)?;
        let member = LocalMember::join(self.pool.clone(), self.queue.clone(), topic, group, name).await?;
        Ok(Box::new(member))
    }

    async fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError> {
        let topic = self.topics.find(topic)?;
        let committed = committed(&self.pool, &topic, group).await?;
        let lag =
            |(partition, bounds)| PartitionLag { partition, committed: committed.get(&partition).copied(), bounds };
        Ok(topic.bounds().into_iter().map(lag).collect())
    }

    async fn check(&self) -> Result<(), LogError> {
        let probe = self.ask_writer(|reply| Job::Probe { reply });
        let late = |_| LogError::Unavailable(format!("the disk did not take a write within {CHECK_WAIT_MAX:?}"));
        tokio::time::timeout(CHECK_WAIT_MAX, probe).await.map_err(late)?
    }

    async fn close(&self, wait_max: Duration) {
        self.queue.close();
        let mut written = self.written.clone();
        // An error here is the good news: the writer is done and has dropped its end.
        let done = async { while written.changed().await.is_ok() {} };
        if tokio::time::timeout(wait_max, done).await.is_err() {
            tracing::warn!(?wait_max, queued_records = self.queue.depth(), "the log was not written out in time");
        }
    }
}

impl Drop for LocalLog {
    fn drop(&mut self) {
        self.queue.close();
        // Waits for what was taken, so that the folder is free when the log is gone.
        if let Some(writer) = self.writer.lock().take() {
            let _ = writer.join();
        }
    }
}
