//! What is known of topics without asking the file: their lanes, and where each begins and ends.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use tokio::sync::watch;

use super::{
    file::{offset_of, record_id},
    group::Group,
};
use crate::{LogError, Offset, Partition, PartitionBounds};

/// One partition of one topic.
pub(super) struct Lane {
    /// Its number in the file, unique over all topics.
    pub(super) number: i64,
    earliest: AtomicU64,
    end: AtomicU64,
}

impl Lane {
    pub(super) fn new(number: i64, bounds: PartitionBounds) -> Self {
        Self { number, earliest: AtomicU64::new(bounds.earliest), end: AtomicU64::new(bounds.end) }
    }

    /// What can be read. Only the writer moves it, and only after its commit.
    pub(super) fn bounds(&self) -> PartitionBounds {
        // Earliest first: it never passes the end, so the pair is in order however the writer moves between.
        let earliest = self.earliest.load(Ordering::Acquire);
        PartitionBounds { earliest, end: self.end.load(Ordering::Acquire) }
    }

    pub(super) fn set_end(&self, end: Offset) {
        self.end.store(end, Ordering::Release);
    }

    pub(super) fn set_earliest(&self, earliest: Offset) {
        self.earliest.store(earliest, Ordering::Release);
    }
}

/// One topic.
pub(super) struct Topic {
    pub(super) id: i64,
    pub(super) retention: Option<Duration>,
    /// By partition.
    pub(super) lanes: Vec<Lane>,
    /// Marked as changed after every append.
    pub(super) appended: watch::Sender<()>,
    groups: Mutex<HashMap<String, Arc<Group>>>,
}

impl Topic {
    pub(super) fn new(id: i64, retention: Option<Duration>, lanes: Vec<Lane>) -> Self {
        Self { id, retention, lanes, appended: watch::Sender::new(()), groups: Mutex::default() }
    }

    pub(super) fn partitions(&self) -> u32 {
        self.lanes.len() as u32
    }

    /// The lane of a partition of this topic.
    pub(super) fn lane(&self, partition: Partition) -> &Lane {
        &self.lanes[partition as usize]
    }

    pub(super) fn bounds(&self) -> BTreeMap<Partition, PartitionBounds> {
        (0..).zip(&self.lanes).map(|(partition, lane)| (partition, lane.bounds())).collect()
    }

    /// Where a reader that wants this offset starts: there, or at the earliest when it can't be read.
    pub(super) fn start_at(&self, partition: Partition, wanted: Offset) -> Offset {
        let PartitionBounds { earliest, end } = self.lane(partition).bounds();
        if (earliest..=end).contains(&wanted) { wanted } else { earliest }
    }

    /// The members of this group, none at first.
    pub(super) fn group(&self, name: &str) -> Arc<Group> {
        let mut groups = self.groups.lock();
        let group = groups.entry(name.to_owned());
        group.or_insert_with(|| Arc::new(Group::new(name, self.partitions()))).clone()
    }
}

/// All topics by name.
#[derive(Default)]
pub(super) struct Topics(RwLock<HashMap<String, Arc<Topic>>>);

impl Topics {
    /// Reads the topics, and the bounds of their lanes, from the file.
    pub(super) fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let mut topics = HashMap::new();
        let mut names = conn.prepare("SELECT topic_id, name, retention_ms FROM topics")?;
        let mut rows = names.query(())?;
        while let Some(row) = rows.next()? {
            let (id, name): (i64, String) = (row.get(0)?, row.get(1)?);
            let retention: Option<i64> = row.get(2)?;
            let retention = retention.map(|ms| Duration::from_millis(ms.unsigned_abs()));
            topics.insert(name, Arc::new(Topic::new(id, retention, load_lanes(conn, id)?)));
        }
        Ok(Self(RwLock::new(topics)))
    }

    pub(super) fn find(&self, name: &str) -> Result<Arc<Topic>, LogError> {
        self.0.read().get(name).cloned().ok_or_else(|| LogError::NoSuchTopic(name.to_owned()))
    }

    pub(super) fn add(&self, name: &str, topic: Topic) {
        self.0.write().entry(name.to_owned()).or_insert_with(|| Arc::new(topic));
    }

    pub(super) fn all(&self) -> Vec<Arc<Topic>> {
        self.0.read().values().cloned().collect()
    }

    pub(super) fn named(&self) -> Vec<(String, Arc<Topic>)> {
        self.0.read().iter().map(|(name, topic)| (name.clone(), topic.clone())).collect()
    }
}

fn load_lanes(conn: &Connection, topic_id: i64) -> rusqlite::Result<Vec<Lane>> {
    let mut lanes = conn.prepare_cached("SELECT lane, earliest FROM lanes WHERE topic_id = ?1 ORDER BY partition")?;
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
        found.push(Lane::new(number, PartitionBounds { earliest, end }));
    }
    Ok(found)
}
