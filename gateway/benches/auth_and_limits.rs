//! What it costs to know who sends an event and whether they may: the check of a warm API key, a request and an event
//! taken from the limits, the header fields that tell of it. The yardstick is `serde_json` reading one event of about
//! 1 KB into a value, in the same run: the promise is less than half of that, and this ends with an error when it is not.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use actix_web::http::header::HeaderMap;
use aibbar::Timestamp;
use criterion::{Criterion, criterion_group};
use futures_util::FutureExt;
use gateway::{
    Identities,
    limits::{Limiter, Subject},
    settings::LimitSettings,
};
use serde_json::{Value, json};
use store::{
    Actor, AuditEntry, Limit, Limits, api_key,
    identity::{ApiKey, IdentityStore, Scope},
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use uuid::Uuid;

/// The promise: at most this part of what reading the event costs.
const PART_MAX: f64 = 0.5;

/// Timed in so many rounds, of which the middle one counts.
const ROUNDS: usize = 51;
const CALLS_PER_ROUND: u32 = 2_000;

struct Door {
    identities: Identities,
    limiter: Arc<Limiter>,
    key: String,
    _dir: tempfile::TempDir,
}

impl Door {
    async fn open() -> Door {
        let dir = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::new(MasterKey::generate()));
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, SqliteSettings::default(), vault.clone()).await.unwrap();
        let org = store.ensure_organisation("bench").await.unwrap();
        let new = api_key::generate();
        let now = Timestamp::from(SystemTime::now());
        let key = ApiKey {
            id: Uuid::now_v7(),
            org_id: org.id,
            name: "bench".into(),
            prefix: new.prefix.clone(),
            hash: vault.hash_api_key(&new.key).unwrap(),
            previous: None,
            scopes: vec![Scope::EventsWrite],
            limits: Limits {
                requests_per_minute: Limit::AtMost(1_000_000_000),
                events_per_day: Limit::AtMost(1_000_000_000_000),
            },
            limits_are_granted: true,
            allowed_ips: Vec::new(),
            made_by: "bench".into(),
            created_at: now,
            last_used_at: None,
            expires_at: None,
            revoked_at: None,
        };
        let entry = AuditEntry::new(Some(org.id), Actor::system(), "bench", "api_key", key.id);
        store.insert_api_key(&key, &entry).await.unwrap();
        let store = Arc::new(store);
        let identities = Identities::new(store.clone(), store.clone(), store, vault, None);
        let limiter = Limiter::new(&LimitSettings::default(), None, &prometheus::Registry::new()).unwrap();
        identities.api_key(&new.key, now).await.unwrap().expect("the key is good");
        Door { identities, limiter, key: new.key.to_string(), _dir: dir }
    }

    /// All that a request with one event passes. Warm, nothing waits: what would is a mistake here.
    fn pass(&self) -> HeaderMap {
        let now = Timestamp::from(SystemTime::now());
        let found = self.identities.api_key(black_box(&self.key), now).now_or_never().expect("cached");
        let found = found.unwrap().expect("the key is good");
        let own = found.key.effective_limits(found.plan);
        let mut taken = self.limiter.request(Subject::Key(found.key.id), own).now_or_never().expect("by itself");
        assert_eq!(taken.refused(), None);
        assert_eq!(self.limiter.events(&mut taken, 1).now_or_never(), Some(1));
        let mut headers = HeaderMap::new();
        taken.quota().write(u64::try_from(now.unix_ms()).unwrap_or(0), &mut headers);
        headers
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let door = runtime.block_on(Door::open());
    let event = event();
    criterion.bench_function("a warm key and its limits", |bencher| bencher.iter(|| door.pass()));
    criterion.bench_function("serde_json reads one event", |bencher| bencher.iter(|| parse(&event)));
}

/// Both by turns, so that whatever else the machine does touches both.
fn hold_the_promise() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let door = runtime.block_on(Door::open());
    let event = event();
    let (mut passes, mut parses) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        passes.push(time(|| drop(black_box(door.pass()))));
        parses.push(time(|| drop(black_box(parse(&event)))));
    }
    let (pass, parse) = (middle(passes), middle(parses));
    let part = pass.as_secs_f64() / parse.as_secs_f64();
    println!(
        "authentication and limits: {pass:?}; serde_json of one event: {parse:?}; ratio {part:.3}, at most {PART_MAX}"
    );
    assert!(part < PART_MAX, "authentication and limits cost too much");
}

/// The time of one call.
fn time(call: impl Fn()) -> Duration {
    let started = Instant::now();
    (0..CALLS_PER_ROUND).for_each(|_| call());
    started.elapsed() / CALLS_PER_ROUND
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
