//! How long the questions of the API take on many stored events in real PostgreSQL, against the same rows by their primary
//! key, in turns, in one run; and which plan each has.
//!
//! `cargo bench -p store --bench queries [-- events]`. Rows go to `load-tests/results/`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::{
    fs,
    process::Command,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use aibbar::{EventType, RecordHead, Signature, Timestamp};
use serde_json::{Value, json};
use store::{
    EventFilter, EventStore as _, NewRow, OrgId,
    postgres::{PostgresSettings, PostgresStore},
    vault::{MasterKey, Vault},
};
use testbed::Postgres;
use uuid::Uuid;

const MEDIAN: &str = include_str!("../../load-tests/corpus/median.json");
const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../load-tests/results");

const BATCH_ROWS: u64 = 1_000;
const ORGS: u64 = 4;
const SYSTEMS: u64 = 50;
const SESSION_EVENTS: u64 = 40;
const MONTHS: u64 = 6;
const MONTH_MS: u64 = 30 * 24 * 3_600_000;

/// Rows of one page.
const PAGE: u32 = 100;
/// Questions of each kind.
const SAMPLES: u64 = 400;
/// So often a connection is asked before its plan is looked at: after five PostgreSQL may settle for one plan for all.
const ASKED_BEFORE_PLAN: u64 = 12;

/// The plan of each statement goes into the server's log.
const EXPLAINED: &str =
    "options=-c%20session_preload_libraries%3Dauto_explain%20-c%20auto_explain.log_min_duration%3D0";

const BY_KEY: &str = "SELECT record FROM aibbar_events WHERE org_id = $1 AND event_id = ANY($2)";

/// Events, each a pure function of its number.
struct Events {
    count: u64,
    first_ms: u64,
    text: String,
}

impl Events {
    fn new(count: u64) -> Events {
        let now = Timestamp::from(SystemTime::now()).unix_ms().unsigned_abs();
        let event: Value = serde_json::from_str(MEDIAN).unwrap();
        Events { count, first_ms: now - MONTHS * MONTH_MS, text: event.to_string() }
    }

    fn org(n: u64) -> OrgId {
        Uuid::from_u128(0xA0 + u128::from(mixed(n) % ORGS))
    }

    fn ai(n: u64) -> Uuid {
        Uuid::from_u128(0xB000 + u128::from(mixed(n ^ 0xB) % SYSTEMS))
    }

    fn session(n: u64) -> String {
        Uuid::from_u128(u128::from(mixed(n / (SESSION_EVENTS * ORGS)))).to_string()
    }

    fn request(n: u64) -> String {
        format!("req_{:016x}", mixed(n ^ 0xC))
    }

    fn at(&self, n: u64) -> Timestamp {
        Timestamp::from_unix_ms((self.first_ms + n * (MONTHS * MONTH_MS) / self.count).cast_signed())
    }

    fn id(&self, n: u64) -> Uuid {
        let ms = self.at(n).unix_ms() as u128;
        Uuid::from_u128(ms << 80 | 7 << 76 | 2 << 62 | u128::from(mixed(n) >> 2))
    }

    fn row(&self, n: u64) -> NewRow {
        let (event_id, at) = (self.id(n), self.at(n));
        let head = RecordHead {
            org_id: Self::org(n),
            event_id,
            received_at: at,
            ai_id: Self::ai(n),
            event_type: [EventType::Query, EventType::Response, EventType::Action][n as usize % 3],
            timestamp: at,
            session_id: Some(Self::session(n)),
            request_id: Some(Self::request(n)),
            sequence: Some(n),
            signature: Signature([7; 32]),
        };
        let receipt = json!({
            "event_id": event_id, "org_id": head.org_id, "received_at": at.to_string(), "api_key_id": Uuid::nil(),
            "key_id": "default", "gateway": "gateway-1", "redactions": [], "schema": "aibbar/1",
        });
        NewRow::new(head, format!(r#"{{"event":{},"record":{receipt}}}"#, self.text))
    }

    /// The question of this kind that this event is an answer to.
    fn question(&self, kind: &str, n: u64) -> Option<EventFilter> {
        let any = EventFilter::default();
        let around = |ms: i64| (Some(self.at(n).plus_ms(-ms)), Some(self.at(n).plus_ms(ms)));
        let (from, to) = around(3_600_000);
        Some(match kind {
            "newest" => any,
            "by AI system" => EventFilter { ai_id: Some(Self::ai(n)), ..any },
            "by time (two hours)" => EventFilter { from, to, ..any },
            "by AI system and time" => EventFilter { ai_id: Some(Self::ai(n)), from, to, ..any },
            "by type and time" => EventFilter { event_type: Some(EventType::Action), from, to, ..any },
            "by session" => EventFilter { session_id: Some(Self::session(n)), ..any },
            "by request" => EventFilter { request_id: Some(Self::request(n)), ..any },
            _ => return None,
        })
    }
}

const KINDS: [&str; 8] = [
    "by id",
    "newest",
    "by AI system",
    "by time (two hours)",
    "by AI system and time",
    "by type and time",
    "by session",
    "by request",
];

/// Numbers that look random, the same each time.
fn mixed(n: u64) -> u64 {
    let n = (n.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn open(url: &str) -> PostgresStore {
    let vault = Arc::new(Vault::new(MasterKey::from_bytes([7; 32])));
    PostgresStore::connect(PostgresSettings::new(url), vault).unwrap()
}

/// Asks one question; answers the records.
async fn ask(store: &PostgresStore, events: &Events, kind: &str, n: u64) -> Vec<String> {
    match events.question(kind, n) {
        Some(filter) => store.query(Events::org(n), &filter, None, PAGE).await.unwrap().records,
        None => store.get(Events::org(n), events.id(n)).await.unwrap().into_iter().collect(),
    }
}

fn id_of(record: &str) -> Uuid {
    let record: Value = serde_json::from_str(record).unwrap();
    record["record"]["event_id"].as_str().unwrap().parse().unwrap()
}

struct Asked {
    kind: &'static str,
    rows: f64,
    ours_ms: [f64; 2],
    by_key_ms: [f64; 2],
    scans: Vec<String>,
}

fn quantiles(mut times: Vec<Duration>) -> [f64; 2] {
    times.sort();
    [0.5, 0.99].map(|share| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3)
}

async fn measure(store: &PostgresStore, client: &tokio_postgres::Client, events: &Events, kind: &'static str) -> Asked {
    let by_key = client.prepare(BY_KEY).await.unwrap();
    let (mut ours, mut theirs, mut rows) = (Vec::new(), Vec::new(), 0);
    for sample in 0..SAMPLES {
        let n = mixed(sample) % events.count;
        let (org_id, ids) = (Events::org(n), ask(store, events, kind, n).await);
        let ids: Vec<Uuid> = ids.iter().map(|record| id_of(record)).collect();
        rows += ids.len();
        let began = Instant::now();
        assert_eq!(ask(store, events, kind, n).await.len(), ids.len());
        ours.push(began.elapsed());
        let began = Instant::now();
        let found = client.query(&by_key, &[&org_id, &ids]).await.unwrap();
        let found: Vec<String> = found.iter().map(|row| row.get(0)).collect();
        theirs.push(began.elapsed());
        assert_eq!(found.len(), ids.len());
    }
    let rows = rows as f64 / SAMPLES as f64;
    Asked { kind, rows, ours_ms: quantiles(ours), by_key_ms: quantiles(theirs), scans: Vec::new() }
}

/// What is scanned, and how, in the last plan that the server told of.
fn scans(server: &Postgres, log_from: usize) -> Vec<String> {
    let log = fs::read_to_string(server.folder().join("output.log")).unwrap();
    let plan = log[log_from..].rsplit("Query Text:").next().unwrap();
    let is_scan = |line: &&str| line.contains("Scan") && !line.contains("CTE Scan") && !line.contains("Subquery Scan");
    let scan = |line: &str| {
        let line = line.trim_start_matches([' ', '-', '>', '\t']);
        line.split([' ', '(']).take_while(|word| !["using", "on", ""].contains(word)).collect::<Vec<_>>().join(" ")
    };
    let mut scans: Vec<String> = plan.lines().filter(is_scan).map(scan).collect();
    scans.extend(plan.lines().filter(|line| line.contains("Subplans Removed")).map(|line| line.trim().to_owned()));
    scans
}

/// The page's name for it.
fn name_of(kind: &str) -> String {
    match kind {
        "by id" => "query-by-id".to_owned(),
        "by AI system" => "query-by-ai".to_owned(),
        "by time (two hours)" => "query-by-time".to_owned(),
        other => format!("sink-query-{}", other.replace(' ', "-").to_lowercase()),
    }
}

fn commit() -> String {
    let told = Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    told.map_or_else(|_| String::new(), |told| String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let events = Events::new(words.first().map_or(1_000_000, |word| word.parse().unwrap()));
    let command = format!("cargo bench -p store --bench queries -- {}", events.count);

    let settings = ["shared_buffers=512MB", "max_wal_size=256MB", "log_min_messages=log"];
    let server = tokio::task::block_in_place(|| Postgres::start_with(&settings));
    let url = tokio::task::block_in_place(|| server.database());
    let store = open(&url);
    store.migrate().await.unwrap();
    let began = Instant::now();
    for first in (0..events.count).step_by(BATCH_ROWS as usize) {
        let rows: Vec<NewRow> = (first..(first + BATCH_ROWS).min(events.count)).map(|n| events.row(n)).collect();
        store.write(&rows).await.unwrap();
    }
    println!("{} events stored in {:.0} s", events.count, began.elapsed().as_secs_f64());
    let database = url.rsplit('/').next().unwrap().to_owned();
    tokio::task::block_in_place(|| server.query(&database, "VACUUM ANALYZE"));

    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut rows = Vec::new();
    for kind in KINDS {
        let explained = open(&format!("{url}?{EXPLAINED}"));
        let log_from = fs::metadata(server.folder().join("output.log")).unwrap().len() as usize;
        for n in 0..ASKED_BEFORE_PLAN {
            ask(&explained, &events, kind, mixed(n) % events.count).await;
        }
        let asked = Asked { scans: scans(&server, log_from), ..measure(&store, &client, &events, kind).await };
        assert!(!asked.scans.is_empty(), "{kind}: no plan was told");
        assert!(
            !asked.scans.iter().any(|scan| scan.contains("Seq Scan")),
            "{kind} reads whole tables: {:?}",
            asked.scans
        );
        let ratio = asked.ours_ms[1] / asked.by_key_ms[1];
        println!(
            "{:24} {:5.1} rows  p50 {:.3} ms, p99 {:.3} ms; by key p50 {:.3}, p99 {:.3}; p99 ratio {ratio:.2}; {}",
            asked.kind,
            asked.rows,
            asked.ours_ms[0],
            asked.ours_ms[1],
            asked.by_key_ms[0],
            asked.by_key_ms[1],
            asked.scans.join("; "),
        );
        let mut plan = asked.scans;
        plan.sort();
        plan.dedup();
        let (name, of) = (name_of(kind), format!("{} events in PostgreSQL, {kind}", events.count));
        let mut row = |row: String, what: String, value: f64, unit: &str| {
            let value = (value * 1000.0).round() / 1000.0;
            rows.push(json!({"row": row, "what": what, "value": value, "unit": unit, "command": command}));
        };
        row(name.clone(), format!("{of}, p99 against the same rows by primary key"), ratio, "ratio");
        row(format!("{name}-p99"), format!("{of}, p99 ({})", plan.join("; ")), asked.ours_ms[1], "ms");
    }
    let day = Timestamp::from(SystemTime::now()).to_string()[..10].to_owned();
    let results = json!({"date": day, "commit": commit(), "rows": rows});
    fs::create_dir_all(RESULTS).unwrap();
    fs::write(format!("{RESULTS}/sink-queries.json"), serde_json::to_string_pretty(&results).unwrap() + "\n").unwrap();
}
