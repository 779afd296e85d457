//! A log of either kind, and few words to use it by.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use bus::{
    EventLog, GroupMember, LogReader, LogRecord, NewRecord, Positions, ReadLimits, TopicSpec,
    kafka::{KafkaLog, KafkaSettings},
    local::{LocalLog, LocalSettings},
    spool::{SpoolSettings, SpooledLog},
};
use uuid::Uuid;

/// The longest that any condition is waited for.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(60);

/// A log of its own, or its own topics in one that is shared.
pub(crate) struct Rig {
    pub(crate) log: Arc<dyn EventLog>,
    names: AtomicU32,
    run: String,
    is_kafka: bool,
    _dir: tempfile::TempDir,
}

impl Rig {
    pub(crate) fn local() -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let settings = LocalSettings { retention_sweep_every: STEP, ..LocalSettings::default() };
        Self::of(Arc::new(LocalLog::open(dir.path(), settings).unwrap()), false, dir)
    }

    pub(crate) fn kafka() -> Rig {
        let log = KafkaLog::new(kafka_settings()).unwrap();
        Self::of(Arc::new(log), true, tempfile::tempdir().unwrap())
    }

    /// Kafka with a spool behind it, for whatever topics a check makes.
    pub(crate) async fn spooled() -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let mut rig = Self::of(Arc::new(KafkaLog::new(kafka_settings()).unwrap()), true, dir);
        let settings = SpoolSettings::new(rig._dir.path(), Vec::new());
        rig.log = Arc::new(SpooledLog::open(rig.log.clone(), settings).await);
        rig
    }

    fn of(log: Arc<dyn EventLog>, is_kafka: bool, dir: tempfile::TempDir) -> Rig {
        Rig { log, names: AtomicU32::new(0), run: Uuid::new_v4().simple().to_string(), is_kafka, _dir: dir }
    }

    /// Kafka compacts what is no longer written to, and only when it is worth it: tells it to be quicker.
    pub(crate) fn hurry_compaction(&self, topic: &str) {
        if self.is_kafka {
            let quicker = "segment.ms=200,min.cleanable.dirty.ratio=0.01";
            let args = ["--alter", "--entity-type", "topics", "--entity-name", topic, "--add-config", quicker];
            testbed::kafka().tool("kafka.admin.ConfigCommand", &args);
        }
    }

    /// A name that nobody else uses.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{what}-{}-{}", self.run, self.names.fetch_add(1, Ordering::Relaxed))
    }

    /// A new topic with so many partitions.
    pub(crate) async fn topic(&self, partitions: u32) -> String {
        let name = self.name("topic");
        self.log
            .ensure_topic(&TopicSpec { name: name.clone(), partitions, retention: None, compacted: false })
            .await
            .unwrap();
        name
    }

    /// Appends one record per (key, payload), all acknowledged.
    pub(crate) async fn append(&self, topic: &str, records: &[(&str, &str)]) {
        let records = records.iter().map(|(key, payload)| record(key, payload)).collect();
        for outcome in self.log.append(topic, records).await {
            outcome.unwrap();
        }
    }

    /// A reader of every partition from its beginning.
    pub(crate) async fn reader_of_all(&self, topic: &str) -> Box<dyn LogReader> {
        let bounds = self.log.bounds(topic).await.unwrap();
        let from: Positions = bounds.into_iter().map(|(partition, b)| (partition, b.earliest)).collect();
        self.log.reader(topic, from).await.unwrap()
    }

    pub(crate) async fn join_as(&self, topic: &str, group: &str, name: &str) -> Box<dyn GroupMember> {
        self.log.join(topic, group, name).await.unwrap()
    }

    pub(crate) async fn join(&self, topic: &str, group: &str) -> Box<dyn GroupMember> {
        self.join_as(topic, group, "a member").await
    }
}

pub(crate) fn kafka_settings() -> KafkaSettings {
    KafkaSettings {
        session_timeout: Duration::from_secs(6),
        topics_seen_within: Duration::from_secs(1),
        ..KafkaSettings::new(testbed::kafka().brokers())
    }
}

pub(crate) fn record(key: &str, payload: &str) -> NewRecord {
    NewRecord { key: key.to_owned().into(), payload: payload.to_owned().into(), headers: Vec::new() }
}

/// Limits that are met by nothing in these tests, but for the wait.
pub(crate) fn up_to(wait_max: Duration) -> ReadLimits {
    ReadLimits { records_max: 10_000, bytes_max: 64 << 20, wait_max }
}

/// A short wait, for reads in a loop that has its own end.
pub(crate) const STEP: Duration = Duration::from_millis(200);

/// Reads until there are so many records.
pub(crate) async fn read(reader: &mut dyn LogReader, count: usize) -> Vec<LogRecord> {
    let mut records = Vec::new();
    let started = Instant::now();
    while records.len() < count {
        assert!(started.elapsed() < WAIT_MAX, "{} of {count} records", records.len());
        records.extend(reader.next(up_to(STEP)).await.unwrap());
    }
    records
}

/// Reads as a member until there are so many records.
pub(crate) async fn read_as(member: &mut dyn GroupMember, count: usize) -> Vec<LogRecord> {
    let mut records = Vec::new();
    let started = Instant::now();
    while records.len() < count {
        assert!(started.elapsed() < WAIT_MAX, "{} of {count} records", records.len());
        records.extend(member.next(up_to(STEP)).await.unwrap());
    }
    records
}

pub(crate) fn payloads(records: &[LogRecord]) -> Vec<String> {
    records.iter().map(|r| String::from_utf8(r.payload.to_vec()).unwrap()).collect()
}

/// The next offset wanted of each partition after these records.
pub(crate) fn after(records: &[LogRecord]) -> Positions {
    bus::positions_after(records)
}
