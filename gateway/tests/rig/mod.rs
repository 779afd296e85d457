//! A gateway on a real local log and a real SQLite store, and a log that can be made to fail.

#![allow(unreachable_pub, dead_code, reason = "each test binary uses a part of the rig")]
#![allow(clippy::unwrap_used)]

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use aibbar::{Event, SigningSecret, Timestamp, record::EVENTS_TOPIC};
use async_trait::async_trait;
use bus::{
    AppendError, EventLog, LogError, LogReader, NewRecord, Position, Positions, ReadLimits, TopicConfig, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use gateway::{Gateway, Parts, Settings, Stores};
use parking_lot::Mutex;
use reqwest::{RequestBuilder, Response};
use serde_json::{Map, Value, json};
use store::{
    Actor, AuditEntry, Limits, api_key,
    events::{EventStore, NewRow},
    identity::{ApiKey, IdentityStore, Scope, SigningKey},
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// The longest that any condition is waited for.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// What the log does with an append.
#[derive(Clone, Debug)]
pub enum Mood {
    Healthy,
    Fails(AppendError),
    /// Waits until a permit is added, then appends.
    Waits(Arc<Semaphore>),
}

/// The local log, with moods.
pub struct MoodyLog {
    log: LocalLog,
    mood: Mutex<Mood>,
    changes_nothing: AtomicBool,
    reader_takes: Mutex<Duration>,
    readers: AtomicU32,
}

impl MoodyLog {
    fn new(log: LocalLog) -> Self {
        Self {
            log,
            mood: Mutex::new(Mood::Healthy),
            changes_nothing: AtomicBool::new(false),
            reader_takes: Mutex::default(),
            readers: AtomicU32::new(0),
        }
    }

    /// Whether it is away for whoever wants to change a topic.
    pub fn change_nothing(&self, away: bool) {
        self.changes_nothing.store(away, Ordering::Relaxed);
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock() = mood;
    }

    /// From now on a reader is made in so long.
    pub fn make_readers_in(&self, time: Duration) {
        *self.reader_takes.lock() = time;
    }

    /// How many were asked for.
    pub fn readers(&self) -> u32 {
        self.readers.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl bus::LogLayer for MoodyLog {
    fn behind(&self) -> &dyn EventLog {
        &self.log
    }

    async fn configure_topic(&self, topic: &str, config: TopicConfig) -> Result<(), LogError> {
        match self.changes_nothing.load(Ordering::Relaxed) {
            true => Err(LogError::Unavailable("away".into())),
            false => self.log.configure_topic(topic, config).await,
        }
    }

    async fn reset_group(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError> {
        let mood = self.mood.lock().clone();
        match mood {
            Mood::Fails(error) => Err(LogError::Unavailable(error.to_string())),
            Mood::Healthy | Mood::Waits(_) => self.log.reset_group(topic, group, next).await,
        }
    }

    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        let mood = self.mood.lock().clone();
        match mood {
            Mood::Healthy => self.log.append(topic, records).await,
            Mood::Fails(error) => vec![Err(error); records.len()],
            Mood::Waits(gate) => {
                gate.acquire().await.unwrap().forget();
                self.log.append(topic, records).await
            }
        }
    }

    async fn reader(&self, topic: &str, from: Positions) -> Result<Box<dyn LogReader>, LogError> {
        self.readers.fetch_add(1, Ordering::Relaxed);
        let time = *self.reader_takes.lock();
        tokio::time::sleep(time).await;
        self.log.reader(topic, from).await
    }
}

/// One organisation: its keys.
pub struct Org {
    pub id: Uuid,
    pub api_key: String,
    pub api_key_id: Uuid,
    pub secret: SigningSecret,
    pub ai_id: Uuid,
}

/// A running gateway.
pub struct Rig {
    pub url: String,
    pub log: Arc<MoodyLog>,
    pub store: Arc<SqliteStore>,
    pub vault: Arc<Vault>,
    pub http: reqwest::Client,
    gateway: Option<Gateway>,
    orgs: AtomicU32,
    _dir: tempfile::TempDir,
}

pub fn now() -> Timestamp {
    SystemTime::now().into()
}

/// An entry of the audit trail, for what the rig itself changes.
pub fn entry(org_id: Uuid) -> AuditEntry {
    AuditEntry::new(Some(org_id), Actor::system(), "test.change", "test", "test")
}

impl Rig {
    pub async fn start(change: impl FnOnce(&mut Settings)) -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let log = LocalLog::open(&dir.path().join("log"), LocalSettings::default()).unwrap();
        let log = Arc::new(MoodyLog::new(log));
        let vault = Arc::new(Vault::new(MasterKey::generate()));
        let path = dir.path().join("store.db");
        let store = Arc::new(SqliteStore::open(&path, SqliteSettings::default(), vault.clone()).await.unwrap());
        let mut settings = Settings::default();
        settings.http.listen = ([127, 0, 0, 1], 0).into();
        settings.topics =
            vec![TopicSpec { name: EVENTS_TOPIC.into(), partitions: 3, retention: None, compacted: false }];
        change(&mut settings);
        let parts = Parts {
            log: log.clone(),
            log_kind: "local",
            spool: None,
            events: store.clone(),
            stores: Stores {
                identity: store.clone(),
                accounts: store.clone(),
                organisations: store.clone(),
                ai_systems: store.clone(),
                redaction: store.clone(),
                retention: store.clone(),
                legal_holds: store.clone(),
                saved_views: store.clone(),
                topics: store.clone(),
                publications: store.clone(),
                statistics: store.clone(),
                audit: store.clone(),
            },
            store_kind: "sqlite",
            vault: vault.clone(),
            notices: None,
            registry: prometheus::Registry::new(),
        };
        let gateway = Gateway::start(parts, settings).await.unwrap();
        let url = format!("http://{}", gateway.local_addr());
        let orgs = AtomicU32::new(0);
        let rig = Rig { url, log, store, vault, http: reqwest::Client::new(), gateway: Some(gateway), orgs, _dir: dir };
        rig.until("the topic is there", async || rig.log.bounds(EVENTS_TOPIC).await.is_ok()).await;
        rig
    }

    pub async fn org(&self) -> Org {
        self.org_with(&Scope::ALL).await
    }

    pub async fn org_with(&self, scopes: &[Scope]) -> Org {
        let name = format!("org-{}", self.orgs.fetch_add(1, Ordering::Relaxed));
        let org = self.store.ensure_organisation(&name).await.unwrap();
        let new = api_key::generate();
        let key = ApiKey {
            id: Uuid::now_v7(),
            org_id: org.id,
            name: "test".into(),
            prefix: new.prefix.clone(),
            hash: self.vault.hash_api_key(&new.key).unwrap(),
            previous: None,
            scopes: scopes.to_vec(),
            limits: Limits::OFF,
            limits_are_granted: true,
            allowed_ips: Vec::new(),
            made_by: "test".into(),
            created_at: now(),
            last_used_at: None,
            expires_at: None,
            revoked_at: None,
        };
        self.store.insert_api_key(&key, &entry(org.id)).await.unwrap();
        let secret = SigningSecret::new(format!("secret of {name}"));
        let signing_key = SigningKey {
            org_id: org.id,
            key_id: "main".into(),
            version: 1,
            secret: secret.clone(),
            is_default: true,
            ai_id: None,
            made_by: "test".into(),
            created_at: now(),
            last_used_at: None,
            verify_until: None,
            revoked_at: None,
        };
        self.store.insert_signing_key(&signing_key, &entry(org.id)).await.unwrap();
        Org { id: org.id, api_key: new.key.to_string(), api_key_id: key.id, secret, ai_id: Uuid::new_v4() }
    }

    pub fn get(&self, org: &Org, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url)).bearer_auth(&org.api_key)
    }

    pub fn post(&self, org: &Org, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.post_as(org, "application/json", body)
    }

    pub fn post_as(&self, org: &Org, content_type: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let url = format!("{}/aibbar/events", self.url);
        self.http.post(url).bearer_auth(&org.api_key).header("content-type", content_type).body(body)
    }

    /// Sends one event of this session and answers its id.
    pub async fn record(&self, org: &Org, session: &str) -> Uuid {
        let answer = self.post(org, org.event(session)).send().await.unwrap();
        assert_eq!(answer.status(), 202);
        body(answer).await["event_id"].as_str().unwrap().parse().unwrap()
    }

    /// Puts what the log holds into the store, as a consumer would.
    pub async fn carry(&self) {
        let bounds = self.log.bounds(EVENTS_TOPIC).await.unwrap();
        let from = bounds.keys().map(|&p| (p, 0)).collect();
        let mut reader = self.log.reader(EVENTS_TOPIC, from).await.unwrap();
        let limits = ReadLimits { records_max: 10_000, bytes_max: 64 << 20, wait_max: Duration::ZERO };
        loop {
            let records = reader.next(limits).await.unwrap();
            if records.is_empty() {
                return;
            }
            let rows: Vec<_> = records.iter().map(|record| NewRow::decode(&record.payload).unwrap()).collect();
            self.store.write(&rows).await.unwrap();
        }
    }

    pub async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        let wait = async {
            while !condition().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(WAIT_MAX, wait).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    pub async fn metric(&self, name: &str) -> f64 {
        let text = self.http.get(format!("{}/metrics", self.url)).send().await.unwrap().text().await.unwrap();
        let line = text.lines().find(|line| line.starts_with(name) && !line.starts_with('#'));
        line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
    }

    pub fn stop(&mut self) -> impl Future<Output = ()> + use<> {
        self.gateway.take().unwrap().stop()
    }
}

impl Org {
    pub fn unsigned(&self, session: &str) -> Map<String, Value> {
        let event = json!({
            "event_type": "ai.query", "ai_id": self.ai_id, "ai_version": "gpt-4-turbo",
            "timestamp": now().to_string(), "query": {"prompt": "What is the weather?"},
            "metadata": {"session_id": session},
        });
        match event {
            Value::Object(members) => members,
            _ => unreachable!("it is an object"),
        }
    }

    /// A signed event of this session, as JSON.
    pub fn event(&self, session: &str) -> String {
        self.sign(self.unsigned(session))
    }

    pub fn sign(&self, unsigned: Map<String, Value>) -> String {
        Event::sign(unsigned, &self.secret).unwrap().to_json()
    }
}

pub async fn body(answer: Response) -> Value {
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The answer is a problem of this status and code, with what every problem has.
#[track_caller]
pub fn assert_problem(status: u16, headers: &reqwest::header::HeaderMap, body: &Value, expected: (u16, &str)) {
    assert_eq!((status, body["code"].as_str().unwrap_or("-")), expected, "{body}");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(body["status"], status);
    assert_eq!(body["request_id"].as_str().unwrap(), headers["x-request-id"].to_str().unwrap());
    for member in ["type", "title", "detail"] {
        assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {body}");
    }
}

/// Sends it and expects a problem; answers the body.
pub async fn problem(request: RequestBuilder, expected: (u16, &str)) -> Value {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = body(answer).await;
    assert_problem(status, &headers, &body, expected);
    if status == 503 {
        let seconds: u32 = headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds));
    }
    body
}
