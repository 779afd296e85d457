//! What is known of topics without asking the file.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use tokio::sync::watch;

use super::{
    file::{offset_of, record_id},
    group::Group,
    lanes::{Lane, LaneState, Lanes},
};
use crate::{LogError, Offset, Partition, PartitionBounds, TopicConfig, partition_for_key};

/// One topic.
pub(super) struct Topic {
    pub(super) id: i64,
    pub(super) name: String,
    lanes: Lanes,
    config: RwLock<TopicConfig>,
    is_deleted: AtomicBool,
    /// Records without a key take turns.
    turn: AtomicU32,
    /// Marked as changed after every append, and when the topic is deleted.
    pub(super) appended: watch::Sender<()>,
    /// Those that have members. The writer alone changes it.
    groups: Mutex<HashMap<String, Arc<Group>>>,
}

impl Topic {
    pub(super) fn new(id: i64, name: &str, config: TopicConfig, lanes: impl IntoIterator<Item = LaneState>) -> Self {
        Self {
            id,
            name: name.to_owned(),
            lanes: Lanes::new(lanes),
            config: RwLock::new(config),
            is_deleted: AtomicBool::new(false),
            turn: AtomicU32::new(0),
            appended: watch::Sender::new(()),
            groups: Mutex::default(),
        }
    }

    pub(super) fn partitions(&self) -> u32 {
        self.lanes.count()
    }

    /// The lane of a partition, if the topic has it.
    pub(super) fn lane(&self, partition: Partition) -> Option<&Lane> {
        self.lanes.get(partition)
    }

    pub(super) fn lanes(&self) -> impl Iterator<Item = (Partition, &Lane)> {
        self.lanes.iter()
    }

    /// What can be read of a partition; nothing of one that is not there.
    pub(super) fn bounds_of(&self, partition: Partition) -> PartitionBounds {
        self.lane(partition).map_or(PartitionBounds { earliest: 0, end: 0 }, Lane::bounds)
    }

    pub(super) fn bounds(&self) -> BTreeMap<Partition, PartitionBounds> {
        self.lanes().map(|(partition, lane)| (partition, lane.bounds())).collect()
    }

    pub(super) fn config(&self) -> TopicConfig {
        *self.config.read()
    }

    /// Where a record of this key goes.
    pub(super) fn partition_for(&self, key: &[u8]) -> Partition {
        if key.is_empty() {
            return self.turn.fetch_add(1, Ordering::Relaxed) % self.partitions().max(1);
        }
        partition_for_key(key, self.partitions())
    }

    /// Where a reader that wants this offset starts: there, or at the earliest when it can't be read.
    pub(super) fn start_at(&self, partition: Partition, wanted: Offset) -> Offset {
        let PartitionBounds { earliest, end } = self.bounds_of(partition);
        if (earliest..=end).contains(&wanted) { wanted } else { earliest }
    }

    /// An error once the topic is deleted.
    pub(super) fn is_there(&self) -> Result<(), LogError> {
        if self.is_deleted.load(Ordering::Acquire) { Err(LogError::NoSuchTopic(self.name.clone())) } else { Ok(()) }
    }

    pub(super) fn set_config(&self, config: TopicConfig) {
        *self.config.write() = config;
    }

    /// Adds partitions, and gives them to the members of the groups.
    pub(super) fn grow(&self, lanes: Vec<LaneState>) {
        self.lanes.extend(lanes);
        for group in self.groups.lock().values() {
            group.grow(self.partitions());
        }
    }

    /// Tells everybody who reads it that it is gone.
    pub(super) fn set_deleted(&self) {
        self.is_deleted.store(true, Ordering::Release);
        self.appended.send_replace(());
    }

    /// The members of this group, none at first.
    pub(super) fn group(&self, name: &str) -> Arc<Group> {
        let mut groups = self.groups.lock();
        let group = groups.entry(name.to_owned());
        group.or_insert_with(|| Arc::new(Group::new(name, self.partitions()))).clone()
    }

    /// Drops the group when nobody is in it.
    pub(super) fn forget_group_if_empty(&self, name: &str) {
        let mut groups = self.groups.lock();
        if groups.get(name).is_some_and(|group| group.is_empty()) {
            groups.remove(name);
        }
    }

    /// Whether somebody is in this group.
    pub(super) fn has_members(&self, group: &str) -> bool {
        self.groups.lock().get(group).is_some_and(|group| !group.is_empty())
    }

    /// The groups that have members, if their names begin so.
    pub(super) fn groups_with_members(&self, prefix: &str) -> Vec<Arc<Group>> {
        let groups = self.groups.lock();
        let with_members = groups.values().filter(|group| group.name.starts_with(prefix) && !group.is_empty());
        with_members.cloned().collect()
    }
}

/// All topics by name.
#[derive(Default)]
pub(super) struct Topics(RwLock<HashMap<String, Arc<Topic>>>);

impl Topics {
    /// Reads the topics, and the bounds of their lanes, from the file.
    pub(super) fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let mut topics = HashMap::new();
        let mut select =
            conn.prepare("SELECT topic_id, name, retention_ms, compacted FROM topics WHERE deleted = 0")?;
        let mut rows = select.query(())?;
        while let Some(row) = rows.next()? {
            let (id, name): (i64, String) = (row.get(0)?, row.get(1)?);
            let retention: Option<i64> = row.get(2)?;
            let retention = retention.map(|ms| Duration::from_millis(ms.unsigned_abs()));
            let config = TopicConfig { retention, compacted: row.get(3)? };
            let topic = Topic::new(id, &name, config, load_lanes(conn, id)?);
            topics.insert(name, Arc::new(topic));
        }
        Ok(Self(RwLock::new(topics)))
    }

    pub(super) fn find(&self, name: &str) -> Result<Arc<Topic>, LogError> {
        self.0.read().get(name).cloned().ok_or_else(|| LogError::NoSuchTopic(name.to_owned()))
    }

    /// Whether a topic is there that Kafka would not tell from this one.
    pub(super) fn has_one_like(&self, name: &str) -> bool {
        let folded = |c: u8| if c == b'.' { b'_' } else { c };
        let is_like = |other: &String| other.bytes().map(folded).eq(name.bytes().map(folded));
        self.0.read().keys().any(is_like)
    }

    pub(super) fn add(&self, topic: Topic) {
        self.0.write().entry(topic.name.clone()).or_insert_with(|| Arc::new(topic));
    }

    /// Takes a deleted topic out, unless another of its name came meanwhile.
    pub(super) fn remove(&self, topic: &Arc<Topic>) {
        let mut topics = self.0.write();
        if topics.get(&topic.name).is_some_and(|found| Arc::ptr_eq(found, topic)) {
            topics.remove(&topic.name);
        }
    }

    pub(super) fn all(&self) -> Vec<Arc<Topic>> {
        self.0.read().values().cloned().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.0.read().len()
    }
}

fn load_lanes(conn: &Connection, topic_id: i64) -> rusqlite::Result<Vec<LaneState>> {
    let mut lanes =
        conn.prepare_cached("SELECT lane, earliest, bytes, cleaned FROM lanes WHERE topic_id = ?1 ORDER BY partition")?;
    let mut last = conn.prepare_cached("SELECT id FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT 1")?;
    let mut rows = lanes.query((topic_id,))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (number, earliest) = (row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs());
        let mut newest = last.query((record_id(number, 0), record_id(number + 1, 0)))?;
        let end = match newest.next()? {
            Some(row) => offset_of(row.get(0)?) + 1,
            None => earliest,
        };
        let bounds = PartitionBounds { earliest, end };
        found.push(LaneState { number, bounds, bytes: row.get(2)?, cleaned: row.get::<_, i64>(3)?.unsigned_abs() });
    }
    Ok(found)
}
