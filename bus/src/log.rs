//! The trait and the words that both logs share.

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;

/// The number of a partition within its topic, from 0.
pub type Partition = u32;

/// A place in one partition: the number of records that were appended before it.
pub type Offset = u64;

/// One offset per partition: the next record that a reader wants of each.
pub type Positions = BTreeMap<Partition, Offset>;

/// Moves the positions past these records.
pub fn advance(positions: &mut Positions, records: &[LogRecord]) {
    for record in records {
        let next = positions.entry(record.position.partition).or_default();
        *next = (*next).max(record.position.offset + 1);
    }
}

/// The next offset wanted of each partition once these records are done with.
pub fn positions_after(records: &[LogRecord]) -> Positions {
    let mut next = Positions::new();
    advance(&mut next, records);
    next
}

/// Groups of one topic that are told of at once.
pub const GROUPS_LISTED_MAX: usize = 1_000;

/// What a topic should be like when it is first made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSpec {
    /// 1 to 249 of `A–Z a–z 0–9 . _ -`, and neither `.` nor `..`: Kafka's own rule.
    pub name: String,
    /// At least 1.
    pub partitions: u32,
    /// How long a record is kept; `None` keeps it until someone deletes it.
    pub retention: Option<Duration>,
    /// Whether the newest record of each key is kept, and older ones go some time after it came. Every record then
    /// has a key: one without is refused. With a retention as well, what is past it goes too, the newest included.
    pub compacted: bool,
}

impl TopicSpec {
    /// The part of it that can be changed later.
    pub fn config(&self) -> TopicConfig {
        TopicConfig { retention: self.retention, compacted: self.compacted }
    }
}

/// What of a topic can be changed while it is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicConfig {
    /// As [`TopicSpec::retention`].
    pub retention: Option<Duration>,
    /// As [`TopicSpec::compacted`].
    pub compacted: bool,
}

/// A topic as the log has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicDescription {
    /// How many partitions there are.
    pub partitions: u32,
    /// What was configured.
    pub config: TopicConfig,
    /// Bytes on the log's disk, replicas not counted; `None`: this log does not tell.
    pub bytes: Option<u64>,
}

/// A group that reads a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDescription {
    /// Its name.
    pub group: String,
    /// Who is in it now, wherever they run.
    pub members: Vec<MemberDescription>,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDescription {
    /// What it called itself when it joined.
    pub name: String,
    /// The partitions of the topic that it holds.
    pub partitions: Vec<Partition>,
}

/// A record on its way into the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Records with equal keys go to the same partition and stay in order. Empty: of no key, spread over all partitions.
    pub key: Bytes,
    /// What is carried; never looked into here. Empty: a tombstone, which deletes its key from a compacted topic.
    pub payload: Bytes,
    /// A few small named values that can be read without the payload.
    pub headers: Vec<(Cow<'static, str>, Bytes)>,
}

/// Where a record came to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The partition.
    pub partition: Partition,
    /// The offset within it.
    pub offset: Offset,
}

impl Position {
    /// Of a record that was taken, and of which nobody can say where it lies: it waits in a spool and has no place in the log
    /// yet, or the log had it from a first attempt and does not tell.
    pub const UNKNOWN: Position = Position { partition: Partition::MAX, offset: Offset::MAX };
}

/// A record as read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// Where it lies.
    pub position: Position,
    /// When the log took it, in milliseconds since the Unix epoch.
    pub appended_at_ms: i64,
    /// The key it was appended with.
    pub key: Bytes,
    /// The payload it was appended with.
    pub payload: Bytes,
    /// The headers it was appended with.
    pub headers: Vec<(String, Bytes)>,
}

impl LogRecord {
    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&Bytes> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}

/// How much one call to a reader may return, and how long it may wait for the first record.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    /// At least 1.
    pub records_max: usize,
    /// Bytes of keys, headers and payloads after which no further record is added; one record is always returned, however
    /// large.
    pub bytes_max: usize,
    /// How long to wait for the first record; zero asks once.
    pub wait_max: Duration,
}

/// The first offset that can still be read, and the one that the next record will get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionBounds {
    /// The oldest offset that is still kept.
    pub earliest: Offset,
    /// One past the newest.
    pub end: Offset,
}

/// How far a group is behind in one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionLag {
    /// The partition.
    pub partition: Partition,
    /// The group's committed offset; `None` when it never committed.
    pub committed: Option<Offset>,
    /// What can be read.
    pub bounds: PartitionBounds,
}

impl PartitionLag {
    /// Records that the group has not committed yet and that can still be read.
    pub fn records(&self) -> u64 {
        let from = self.committed.unwrap_or(0).max(self.bounds.earliest);
        self.bounds.end.saturating_sub(from)
    }
}

/// Why a record was not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The log's own queue is full: nothing was sent, and trying later is right.
    #[error("the log's queue is full")]
    QueueFull,
    /// The log can't be reached or can't write: the record is not in it.
    #[error("the log is unavailable: {0}")]
    Unavailable(String),
    /// No answer in time: the record may be in the log or not.
    #[error("the log did not answer in time: {0}")]
    OutcomeUnknown(String),
    /// Larger than the log takes.
    #[error("the record is larger than the log takes")]
    TooLarge,
    /// The log refuses this one record for good: the same record will be refused again.
    #[error("the log refuses the record: {0}")]
    Refused(String),
    /// There is no such topic.
    #[error("no topic {0:?}")]
    NoSuchTopic(String),
    /// The log is closing.
    #[error("the log is closed")]
    Closed,
}

/// Why a call other than append failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Away for now: wait and try again.
    #[error("the log is unavailable: {0}")]
    Unavailable(String),
    /// There is no such topic.
    #[error("no topic {0:?}")]
    NoSuchTopic(String),
    /// A topic of this name is there already, or one whose name a log can't tell from it: `.` and `_` are the same in
    /// Kafka's metrics.
    #[error("topic {0:?} exists already")]
    TopicExists(String),
    /// The group has members, so nobody else moves its positions.
    #[error("group {0:?} has members")]
    GroupActive(String),
    /// The topic's name is not one, or its partitions are none.
    #[error("not a topic: {0}")]
    InvalidTopic(String),
    /// The group moved on without this member (a rebalance took its partitions); its batch will be read by another.
    #[error("this member no longer holds the partition")]
    Fenced,
    /// The log is closing.
    #[error("the log is closed")]
    Closed,
}

/// The ordered, durable stream of records.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Makes the topic when it is not there; one that is there stays as it is.
    async fn ensure_topic(&self, spec: &TopicSpec) -> Result<(), LogError>;

    /// Makes a topic; one that is there is [`LogError::TopicExists`].
    async fn create_topic(&self, spec: &TopicSpec) -> Result<(), LogError>;

    /// Deletes a topic with its records and its groups' positions. Its readers and members are told
    /// [`LogError::NoSuchTopic`], unless another of its name was made before they looked.
    async fn delete_topic(&self, topic: &str) -> Result<(), LogError>;

    /// What the topic is like now.
    async fn describe_topic(&self, topic: &str) -> Result<TopicDescription, LogError>;

    /// Changes what can be changed.
    async fn configure_topic(&self, topic: &str, config: TopicConfig) -> Result<(), LogError>;

    /// Adds partitions until there are so many; fewer than there are is [`LogError::InvalidTopic`]. Keys may go to other
    /// partitions from here on, and members of groups come to hold the new ones by themselves.
    async fn add_partitions(&self, topic: &str, partitions: u32) -> Result<(), LogError>;

    /// For each partition the first record that was appended at this time or later, in milliseconds since the Unix epoch;
    /// the end where there is none.
    async fn offsets_at(&self, topic: &str, at_ms: i64) -> Result<Positions, LogError>;

    /// When the log took the record at each of these places or, where there is none any more, the first one behind it, in
    /// milliseconds since the Unix epoch. Absent where there is none, and where the log did not show it within seconds:
    /// ask for no place at an end.
    async fn appended_at(&self, topic: &str, places: &Positions) -> Result<BTreeMap<Partition, i64>, LogError>;

    /// The groups whose names begin so that committed a position in this topic or have members that hold some of it,
    /// in the order of their names, [`GROUPS_LISTED_MAX`] at most; as they were a second ago or later.
    async fn groups(&self, topic: &str, prefix: &str) -> Result<Vec<GroupDescription>, LogError>;

    /// Sets positions of a group that nobody is in; otherwise [`LogError::GroupActive`]. Partitions that are not named
    /// stay where they are.
    async fn reset_group(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError>;

    /// Appends a batch and answers one outcome per record, in the batch's order.
    ///
    /// `Ok` means durable: fsynced here, or acknowledged by all in-sync replicas. Records with equal keys keep the batch's
    /// order, and come after those of every append that was answered before this one began; of appends under way at once
    /// either may come first. Dropping the future does not take back what was handed over, and what was not is given up.
    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>>;

    /// What can be read of each partition now.
    async fn bounds(&self, topic: &str) -> Result<BTreeMap<Partition, PartitionBounds>, LogError>;

    /// A reader of its own, bound to no group, that starts at the given offset of each partition
    /// named and reads no other. An offset that is no longer kept starts at the earliest that is.
    async fn reader(&self, topic: &str, from: Positions) -> Result<Box<dyn LogReader>, LogError>;

    /// A member of a group: the members of a group share the topic's partitions, start where the
    /// group committed (or at the earliest), and a member that goes away gives its partitions back.
    ///
    /// `name` is what [`groups`](EventLog::groups) and the log's own tools call the member. Several of one name
    /// are several members.
    async fn join(&self, topic: &str, group: &str, name: &str) -> Result<Box<dyn GroupMember>, LogError>;

    /// How far the group is behind, for every partition of the topic.
    async fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError>;

    /// Whether the log can be reached and written to now; bounded to a second or so.
    async fn check(&self) -> Result<(), LogError>;

    /// Hands over what is still queued and waits for it, at most this long; then takes nothing more.
    async fn close(&self, wait_max: Duration);
}

/// Reads given partitions, in order within each.
#[async_trait]
pub trait LogReader: Send {
    /// The next records, empty when none came within `limits.wait_max`. Cancel safe: a dropped call loses nothing.
    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError>;

    /// Where it goes on, of partitions of which it knows that nothing lies before: also behind places that hold no record
    /// (any more), which no record tells of. Good once all that was read is handled.
    fn passed(&self) -> Positions {
        Positions::new()
    }
}

/// One member of a consumer group.
#[async_trait]
pub trait GroupMember: Send {
    /// The next records of the partitions that this member holds now, empty when none came within
    /// `limits.wait_max`. Cancel safe.
    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError>;

    /// Commits the offset of the *next* record wanted per partition, durably. Never moves a
    /// position of a partition that this member no longer holds ([`LogError::Fenced`]). Who was handed out more records since
    /// those that are committed compares [`GroupMember::generation`] first: a partition that came back is held again.
    async fn commit(&mut self, next: &Positions) -> Result<(), LogError>;

    /// Grows whenever partitions were taken from this member, also when they came back: what it was handed out before may
    /// be another's since, and is not to be committed any more. Changes inside of [`next`](GroupMember::next) alone.
    fn generation(&self) -> u64;

    /// Goes back to what the group committed, so that everything since is read again. It may be done within the next call of
    /// [`next`](GroupMember::next) only, whose error is then why it could not be done yet.
    async fn rewind(&mut self) -> Result<(), LogError>;

    /// The partitions that this member holds, in order; none until it has its share. As with its generation, it hears of
    /// a change inside of [`next`](GroupMember::next) alone.
    fn holds(&self) -> Vec<Partition>;

    /// Leaves the group at once, so that others take over without waiting for a time-out.
    async fn leave(self: Box<Self>);
}
