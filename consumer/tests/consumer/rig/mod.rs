//! A real local log and a real SQLite store, each behind a wrapper that can be made to fail.

#![allow(unreachable_pub, clippy::unwrap_used)]

use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use aibbar::{
    Event, Receipt, RuleSet, SigningSecret, Timestamp,
    dead_letter::{DeadLetter, Entry},
    record::{self, DEAD_LETTERS_TOPIC, EVENTS_TOPIC},
};
use async_trait::async_trait;
use bus::{
    AppendError, EventLog, GroupMember, LogError, LogRecord, NewRecord, Partition, Position, Positions, ReadLimits,
    TopicSpec,
    local::{LocalLog, LocalSettings},
};
use consumer::{Consumer, Parts, Settings};
use prometheus::Registry;
use serde_json::{Map, Value, json};
use store::{
    EventFilter, EventPage, EventStore, ExportPage, NewRow, OrgId, StoreError, WriteOutcome,
    retention::Sweep,
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use uuid::Uuid;

/// The longest that any condition is waited for.
const WAIT_MAX: Duration = Duration::from_secs(30);
const PARTITIONS: u32 = 4;
pub const ORG_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

/// The log, the store, and their faults.
pub struct Rig {
    pub log: Arc<FaultyLog>,
    pub events: Arc<FaultyStore>,
    _dir: tempfile::TempDir,
}

/// A consumer under test, with its metrics.
pub struct Running {
    pub consumer: Consumer,
    registry: Registry,
}

impl Rig {
    pub async fn start() -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let log = LocalLog::open(&dir.path().join("log"), LocalSettings::default()).unwrap();
        let vault = Arc::new(Vault::new(MasterKey::generate()));
        let store =
            SqliteStore::open(&dir.path().join("store.sqlite"), SqliteSettings::default(), vault).await.unwrap();
        let faults = Arc::<Mutex<LogFaults>>::default();
        let log = Arc::new(FaultyLog { log, faults: faults.clone() });
        for topic in topics() {
            log.ensure_topic(&topic).await.unwrap();
        }
        Rig { log, events: Arc::new(FaultyStore { store, log: faults, faults: Mutex::default() }), _dir: dir }
    }

    pub fn consumer(&self) -> Running {
        self.consumer_with(|_| {})
    }

    pub fn consumer_with(&self, change: impl FnOnce(&mut Settings)) -> Running {
        let registry = Registry::new();
        let statistics = Arc::new(self.events.store.clone());
        let parts = Parts {
            log: self.log.clone(),
            events: self.events.clone(),
            retention: statistics.clone(),
            statistics,
            registry: registry.clone(),
        };
        let mut settings = Settings {
            topics: topics(),
            batch_age_max: Duration::from_millis(20),
            backoff_min: Duration::from_millis(1),
            backoff_max: Duration::from_millis(20),
            lag_interval: Duration::from_millis(20),
            ..Settings::default()
        };
        change(&mut settings);
        Running { consumer: Consumer::start(parts, settings).unwrap(), registry }
    }

    /// Appends payloads as they are, all under one key.
    pub async fn append(&self, payloads: impl IntoIterator<Item = String>) {
        let records = payloads.into_iter().map(|payload| new_record("key", payload)).collect();
        for outcome in self.log.log.append(EVENTS_TOPIC, records).await {
            outcome.unwrap();
        }
    }

    /// Appends one payload under this key and with these headers.
    pub async fn append_as(
        &self,
        key: &str,
        headers: Vec<(std::borrow::Cow<'static, str>, bytes::Bytes)>,
        payload: String,
    ) {
        let record = NewRecord { headers, ..new_record(key, payload) };
        self.log.log.append(EVENTS_TOPIC, vec![record]).await.remove(0).unwrap();
    }

    /// Appends each payload under a key of its own, so that all partitions get some.
    pub async fn append_everywhere(&self, payloads: impl IntoIterator<Item = String>) {
        let records =
            payloads.into_iter().enumerate().map(|(key, payload)| new_record(&key.to_string(), payload)).collect();
        for outcome in self.log.log.append(EVENTS_TOPIC, records).await {
            outcome.unwrap();
        }
    }

    pub async fn stored(&self) -> u64 {
        self.events.store.count(ORG_ID).await.unwrap()
    }

    pub async fn record(&self, event_id: Uuid) -> Option<String> {
        self.events.store.get(ORG_ID, event_id).await.unwrap()
    }

    /// Records that the group has not committed.
    pub async fn lag(&self) -> u64 {
        let lag = self.log.log.lag(EVENTS_TOPIC, "gapin-store").await.unwrap();
        lag.iter().map(bus::PartitionLag::records).sum()
    }

    /// Waits until everything appended is done with.
    pub async fn drained(&self) {
        wait_until("the group has committed everything", async || self.lag().await == 0).await;
    }

    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        let bounds = self.log.log.bounds(DEAD_LETTERS_TOPIC).await.unwrap();
        let left: u64 = bounds.values().map(|bounds| bounds.end - bounds.earliest).sum();
        let from = bounds.into_iter().map(|(partition, bounds)| (partition, bounds.earliest)).collect();
        let mut reader = self.log.log.reader(DEAD_LETTERS_TOPIC, from).await.unwrap();
        let mut letters = Vec::new();
        while (letters.len() as u64) < left {
            let limits = ReadLimits { records_max: 100, bytes_max: 1 << 20, wait_max: Duration::from_secs(5) };
            for entry in reader.next(limits).await.unwrap() {
                match Entry::decode(&entry.payload, None).unwrap() {
                    Entry::Letter(letter) => letters.push(letter),
                    Entry::Redriven(marker) => panic!("nobody redrives here: {marker:?}"),
                }
            }
        }
        letters
    }
}

impl Running {
    /// The value of a counter or gauge with these labels.
    pub fn metric(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let families = self.registry.gather();
        let family = families.iter().find(|family| family.name() == name).unwrap();
        let metric = family.get_metric().iter().find(|metric| {
            labels
                .iter()
                .all(|(name, value)| metric.get_label().iter().any(|l| l.name() == *name && l.value() == *value))
        });
        let metric = metric.unwrap();
        // The other of the two is zero.
        metric.get_counter().get_value() + metric.get_gauge().get_value()
    }
}

pub async fn wait_until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < WAIT_MAX, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A record of one signed event.
pub fn record_saying(prompt: &str) -> String {
    record_with_id(prompt, None)
}

/// A record of one signed event that names its own id.
pub fn record_with_id(prompt: &str, event_id: Option<Uuid>) -> String {
    let now = Timestamp::from(SystemTime::now());
    let mut event: Map<String, Value> = serde_json::from_value(json!({
        "event_type": "ai.query", "ai_id": Uuid::new_v4(), "ai_version": "test", "timestamp": now.to_string(),
        "query": { "prompt": prompt }, "metadata": {},
    }))
    .unwrap();
    if let Some(event_id) = event_id {
        event.insert("event_id".to_owned(), event_id.to_string().into());
    }
    let event = Event::sign(event, &SigningSecret::new("secret")).unwrap();
    let event_id = event.event_id();
    let receipt = Receipt {
        event_id,
        org_id: ORG_ID,
        received_at: now,
        api_key_id: Uuid::new_v4(),
        key_id: "dev",
        signature_verified_at: now,
        gateway: "test",
        redaction_rules: RuleSet::VERSION,
    };
    record::encode(&event.redact(&RuleSet::default()), &receipt)
}

fn topics() -> Vec<TopicSpec> {
    let topic =
        |name: &str, partitions| TopicSpec { name: name.to_owned(), partitions, retention: None, compacted: false };
    vec![topic(EVENTS_TOPIC, PARTITIONS), topic(DEAD_LETTERS_TOPIC, 1)]
}

fn new_record(key: &str, payload: String) -> NewRecord {
    NewRecord { key: key.to_owned().into(), payload: payload.into(), headers: Vec::new() }
}

/// What the store does with its next writes.
#[derive(Default)]
pub struct StoreFaults {
    /// So many writes fail as if the store were away.
    pub away_for: u32,
    /// A batch with a record in which this stands is refused.
    pub refuses: Option<String>,
    /// A batch with a record in which this stands fails for a reason that nobody can tell.
    pub fails_on: Option<String>,
    /// A batch of more rows than this takes too long.
    pub rows_in_time: Option<usize>,
    /// Nothing is made ready and nothing is dropped.
    pub keeps_no_house: bool,
    /// Every write takes at least so long.
    pub write_takes: Duration,
    /// No write ends before the log has given members so many records.
    pub write_waits_for_given: usize,
    /// The sizes of the batches it was given.
    pub batches: Vec<usize>,
    /// The records that it stored, in its order.
    pub stored: Vec<String>,
}

impl StoreFaults {
    fn house(&self) -> Result<(), StoreError> {
        if self.keeps_no_house { Err(StoreError::Unavailable("no house for the test".to_owned())) } else { Ok(()) }
    }
}

/// The SQLite store, with faults.
pub struct FaultyStore {
    pub store: SqliteStore,
    log: Arc<Mutex<LogFaults>>,
    pub faults: Mutex<StoreFaults>,
}

impl FaultyStore {
    pub fn set(&self, change: impl FnOnce(&mut StoreFaults)) {
        change(&mut self.faults.lock().unwrap());
    }

    fn fault(&self, rows: &[NewRow]) -> Option<StoreError> {
        let mut faults = self.faults.lock().unwrap();
        faults.batches.push(rows.len());
        if faults.away_for > 0 {
            faults.away_for -= 1;
            return Some(StoreError::Unavailable("away for the test".to_owned()));
        }
        if faults.rows_in_time.is_some_and(|most| rows.len() > most) {
            return Some(StoreError::Unavailable("too slow for the test".to_owned()));
        }
        let has = |mark: &Option<String>| {
            mark.as_ref().is_some_and(|mark| rows.iter().any(|row| row.record().contains(mark.as_str())))
        };
        if has(&faults.fails_on) {
            return Some(StoreError::Unexplained("failed for the test".to_owned()));
        }
        has(&faults.refuses).then(|| StoreError::Refused("refused for the test".to_owned()))
    }
}

#[async_trait]
impl EventStore for FaultyStore {
    async fn write(&self, rows: &[NewRow]) -> Result<Vec<WriteOutcome>, StoreError> {
        let takes = self.faults.lock().unwrap().write_takes;
        if !takes.is_zero() {
            tokio::time::sleep(takes).await;
        }
        let given = self.faults.lock().unwrap().write_waits_for_given;
        wait_until("the log has given more records", async || self.log.lock().unwrap().given >= given).await;
        match self.fault(rows) {
            Some(error) => Err(error),
            None => {
                let outcomes = self.store.write(rows).await?;
                let new = rows.iter().zip(&outcomes).filter(|(_, outcome)| **outcome == WriteOutcome::Stored);
                let new = new.map(|(row, _)| row.record().to_owned());
                self.faults.lock().unwrap().stored.extend(new);
                Ok(outcomes)
            }
        }
    }
    async fn get(&self, org_id: OrgId, event_id: Uuid) -> Result<Option<String>, StoreError> {
        self.store.get(org_id, event_id).await
    }
    async fn query(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<EventPage, StoreError> {
        self.store.query(org_id, filter, before, limit).await
    }
    async fn export(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<ExportPage, StoreError> {
        self.store.export(org_id, filter, after, limit).await
    }
    async fn count(&self, org_id: OrgId) -> Result<u64, StoreError> {
        self.store.count(org_id).await
    }
    async fn drop_past_retention(&self, sweep: &Sweep<'_>) -> Result<(), StoreError> {
        self.faults.lock().unwrap().house()?;
        self.store.drop_past_retention(sweep).await
    }
    async fn prepare(&self, now: Timestamp) -> Result<(), StoreError> {
        self.faults.lock().unwrap().house()?;
        self.store.prepare(now).await
    }
    async fn check(&self) -> Result<(), StoreError> {
        self.store.check().await
    }
}

/// What the log does next.
#[derive(Default)]
pub struct LogFaults {
    /// The outcomes of the next appends of a batch.
    pub appends: VecDeque<AppendError>,
    /// The outcomes of the next commits.
    pub commits: VecDeque<LogError>,
    /// The outcomes of the next calls to join.
    pub joins: VecDeque<LogError>,
    /// The outcomes of the next reads of a member.
    pub reads: VecDeque<LogError>,
    /// How many records members were given.
    pub given: usize,
    /// Partitions go to others and come back, once, when members were given so many records.
    pub moves_at: Option<usize>,
    /// How often they did.
    moved: u64,
    /// How often positions were committed.
    pub committed: usize,
}

/// The local log, with faults.
pub struct FaultyLog {
    pub log: LocalLog,
    faults: Arc<Mutex<LogFaults>>,
}

impl FaultyLog {
    pub fn set<T>(&self, change: impl FnOnce(&mut LogFaults) -> T) -> T {
        change(&mut self.faults.lock().unwrap())
    }
}

#[async_trait]
impl bus::LogLayer for FaultyLog {
    fn behind(&self) -> &dyn EventLog {
        &self.log
    }

    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        let fault = self.faults.lock().unwrap().appends.pop_front();
        match fault {
            Some(error) => vec![Err(error); records.len()],
            None => self.log.append(topic, records).await,
        }
    }

    async fn join(&self, topic: &str, group: &str, name: &str) -> Result<Box<dyn GroupMember>, LogError> {
        let fault = self.faults.lock().unwrap().joins.pop_front();
        match fault {
            Some(error) => Err(error),
            None => {
                let member = self.log.join(topic, group, name).await?;
                Ok(Box::new(FaultyMember { member, faults: self.faults.clone() }))
            }
        }
    }
}

struct FaultyMember {
    member: Box<dyn GroupMember>,
    faults: Arc<Mutex<LogFaults>>,
}

#[async_trait]
impl GroupMember for FaultyMember {
    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError> {
        let fault = self.faults.lock().unwrap().reads.pop_front();
        if let Some(error) = fault {
            return Err(error);
        }
        let records = self.member.next(limits).await?;
        let mut faults = self.faults.lock().unwrap();
        faults.given += records.len();
        if faults.moves_at.is_some_and(|at| faults.given >= at) {
            faults.moves_at = None;
            faults.moved += 1;
        }
        Ok(records)
    }
    fn holds(&self) -> Vec<Partition> {
        self.member.holds()
    }
    fn generation(&self) -> u64 {
        self.member.generation() + self.faults.lock().unwrap().moved
    }
    async fn commit(&mut self, next: &Positions) -> Result<(), LogError> {
        let fault = self.faults.lock().unwrap().commits.pop_front();
        match fault {
            Some(error) => Err(error),
            None => {
                self.faults.lock().unwrap().committed += 1;
                self.member.commit(next).await
            }
        }
    }
    async fn rewind(&mut self) -> Result<(), LogError> {
        self.member.rewind().await
    }
    async fn leave(self: Box<Self>) {
        self.member.leave().await;
    }
}
