//! What it costs to know who sends an event and whether they may: the check of a warm API key, a request and an event
//! taken from the limits, the header fields that tell of it. The yardstick is `serde_json` reading one event of about
//! 1 KB into a value, in the same run: the promise is less than half of that, and this ends with an error when it is not.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod yardstick;

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
use store::{
    Actor, AuditEntry, Limit, Limits, api_key,
    identity::{ApiKey, IdentityStore, Scope},
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use uuid::Uuid;
use yardstick::{event, middle, parse, time_of_a_parse};

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
        let identities = Identities::new(store.clone(), store.clone(), store.clone(), store, vault, None);
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
        parses.push(time_of_a_parse(&event));
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

criterion_group!(benches, compare);

fn main() {
    benches();
    hold_the_promise();
}
