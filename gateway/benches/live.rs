//! What it costs to deliver one event to one of many live clients: from the record as the log's reader gives it to the
//! bytes that the connection is handed, the filter included. The yardstick is `serde_json` reading one event of about
//! 1 KB into a value, in the same run: the promise is at most one and a half times that, and this ends with an error
//! when it is more.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use aibbar::record::{EVENTS_TOPIC, ORG_HEADER};
use bus::{
    EventLog, LogRecord, Position, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use bytes::Bytes;
use criterion::{Criterion, criterion_group};
use gateway::Deliveries;
use serde_json::{Value, json};
use store::{
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// The promise: at most this many times what reading the event costs.
const TIMES_MAX: f64 = 1.5;

/// As many as one gateway is tested with.
const CLIENTS: usize = 1_000;

/// As many partitions as a topic has by default: the more, the longer a cursor.
const PARTITIONS: u32 = 10;

/// Timed in so many rounds, of which the middle one counts.
const ROUNDS: usize = 31;
const RECORDS_PER_ROUND: u64 = 8;
const PARSES_PER_ROUND: u32 = 2_000;

/// Every client asks for a member of the event, which all events here have.
const CONDITIONS: &str = r#"/event/action/function="search_direct_flight""#;

struct Streams {
    deliveries: Deliveries,
    org_id: Uuid,
    payload: Bytes,
    next: u64,
    _dir: tempfile::TempDir,
}

impl Streams {
    async fn open(event: &str, conditions: Option<&str>) -> Streams {
        let dir = tempfile::tempdir().unwrap();
        let log = LocalLog::open(dir.path(), LocalSettings::default()).unwrap();
        let topic = TopicSpec { name: EVENTS_TOPIC.into(), partitions: PARTITIONS, retention: None, compacted: false };
        log.ensure_topic(&topic).await.unwrap();
        let vault = Arc::new(Vault::new(MasterKey::generate()));
        let store = SqliteStore::open(&dir.path().join("store.db"), SqliteSettings::default(), vault).await.unwrap();
        let org_id = Uuid::now_v7();
        let deliveries = Deliveries::open(Arc::new(log), Arc::new(store), org_id, CLIENTS, conditions).await;
        let record = json!({
            "event_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", "org_id": org_id,
            "received_at": "2026-03-01T09:30:00.223456Z", "api_key_id": Uuid::nil(), "key_id": "default",
            "signature_verified_at": "2026-03-01T09:30:00.223456Z", "gateway": "gapin", "redactions": [],
            "redaction_rules": "1", "schema": "aibbar/1",
        });
        let payload = Bytes::from(format!(r#"{{"event":{event},"record":{record}}}"#));
        Streams { deliveries, org_id, payload, next: 1_000_000, _dir: dir }
    }

    /// As the log's reader gives them.
    fn records(&mut self) -> Vec<LogRecord> {
        let records = (0..RECORDS_PER_ROUND).map(|number| LogRecord {
            position: Position { partition: (number % u64::from(PARTITIONS)) as u32, offset: self.next + number },
            appended_at_ms: 0,
            key: Bytes::from_static(b"3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"),
            payload: self.payload.clone(),
            headers: vec![(ORG_HEADER.to_owned(), Bytes::from(self.org_id.to_string()))],
        });
        let records = records.collect();
        self.next += RECORDS_PER_ROUND;
        records
    }

    /// The time of one delivery.
    fn deliver(&mut self, runtime: &Runtime) -> Duration {
        let records = self.records();
        let started = Instant::now();
        let bytes = runtime.block_on(self.deliveries.deliver(black_box(&records)));
        let took = started.elapsed();
        let deliveries = CLIENTS * RECORDS_PER_ROUND as usize;
        assert!(bytes > deliveries * self.payload.len(), "not everything was delivered: {bytes} bytes");
        took / deliveries as u32
    }
}

fn event() -> String {
    let event = json!({
        "event_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
        "event_type": "ai.action",
        "ai_id": "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
        "ai_version": "model-1",
        "timestamp": "2026-03-01T09:30:00.123456Z",
        "sequence": 4711,
        "key_id": "default",
        "signature_algorithm": "HMAC-SHA256",
        "signature": "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
        "action": {
            "function": "search_direct_flight",
            "input": {"origin": "JFK", "destination": "SEA", "date": "2026-03-20", "passengers": 2},
            "output": [
                {"flight": "HAT069", "departs": "06:00", "arrives": "12:00", "seats": {"economy": 15, "business": 0}, "price": 121.5},
                {"flight": "HAT083", "departs": "01:00", "arrives": "07:00", "seats": {"economy": 7, "business": 4}, "price": 99.25},
            ],
            "latency_ms": 182.25,
            "tokens_used": 512,
        },
        "response": {"output": "There are two direct flights that morning.\nThe earlier one is cheaper; shall I book it?"},
        "metadata": {
            "session_id": "5b0c1a52-4a0e-4b1e-9c38-6a2f1d7e8b90",
            "request_id": "req_01HZX",
            "labels": {"team": "travel", "stage": "production"},
        },
    });
    let text = event.to_string();
    assert!((900..1_150).contains(&text.len()), "an event of about 1 KB, not of {} bytes", text.len());
    text
}

fn parse(event: &str) -> Value {
    serde_json::from_slice(black_box(event.as_bytes())).unwrap()
}

fn compare(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let event = event();
    let mut streams = runtime.block_on(Streams::open(&event, Some(CONDITIONS)));
    criterion.bench_function("8 events to 1,000 clients", |bencher| bencher.iter(|| streams.deliver(&runtime)));
    criterion.bench_function("serde_json reads one event", |bencher| bencher.iter(|| parse(&event)));
}

/// Both by turns, so that whatever else the machine does touches both.
fn hold_the_promise() {
    let runtime = Runtime::new().unwrap();
    let event = event();
    for (what, conditions) in [("without a filter", None), ("by a member", Some(CONDITIONS))] {
        let mut streams = runtime.block_on(Streams::open(&event, conditions));
        let (mut deliveries, mut parses) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            deliveries.push(streams.deliver(&runtime));
            let started = Instant::now();
            (0..PARSES_PER_ROUND).for_each(|_| drop(black_box(parse(&event))));
            parses.push(started.elapsed() / PARSES_PER_ROUND);
        }
        let (delivery, parse) = (middle(deliveries), middle(parses));
        let times = delivery.as_secs_f64() / parse.as_secs_f64();
        println!(
            "one delivery of {CLIENTS}, {what}: {delivery:?}; serde_json of one event: {parse:?}; {times:.3} times, at most {TIMES_MAX}"
        );
        assert!(times <= TIMES_MAX, "a delivery costs too much");
    }
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

criterion_group!(benches, compare);

fn main() {
    benches();
    hold_the_promise();
}
