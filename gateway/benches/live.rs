//! What it costs to deliver one event to one of many live clients: from the record as the log's reader gives it to the
//! bytes that the connection is handed, the filter included. The yardstick is `serde_json` reading one event of about
//! 1 KB into a value, in the same run: the promise is at most one and a half times that, and this ends with an error
//! when it is more.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod yardstick;

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
use serde_json::json;
use store::{
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use tokio::runtime::Runtime;
use uuid::Uuid;
use yardstick::{event, middle, parse, time_of_a_parse};

/// The promise: at most this many times what reading the event costs.
const TIMES_MAX: f64 = 1.5;

/// As many as one gateway is tested with.
const CLIENTS: usize = 1_000;

/// As many partitions as a topic has by default: the more, the longer a cursor.
const PARTITIONS: u32 = 10;

/// Timed in so many rounds, of which the middle one counts.
const ROUNDS: usize = 31;
const RECORDS_PER_ROUND: u64 = 8;

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
            parses.push(time_of_a_parse(&event));
        }
        let (delivery, parse) = (middle(deliveries), middle(parses));
        let times = delivery.as_secs_f64() / parse.as_secs_f64();
        println!(
            "one delivery of {CLIENTS}, {what}: {delivery:?}; serde_json of one event: {parse:?}; {times:.3} times, at most {TIMES_MAX}"
        );
        assert!(times <= TIMES_MAX, "a delivery costs too much");
    }
}

criterion_group!(benches, compare);

fn main() {
    benches();
    hold_the_promise();
}
