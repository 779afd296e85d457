//! Whether the local log stays as fast as it was while it grows: fills one with RECORDS records (a few when not
//! told), and at every tenth of the way measures what an append of a batch takes, a read at a random place, the way
//! from a time to offsets, the bounds, and opening the log. Ends with an error when one of them got slower than
//! [`SLOWER_MAX`] says.
//!
//! `make bench-local RECORDS=100000000`. Some 130 bytes of disk per record, in DIR, which is the folder for temporary
//! files when not told; nothing is left behind.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::{
    hint::black_box,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bus::{
    EventLog, NewRecord, Positions, ReadLimits, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use bytes::Bytes;
use futures_util::future::join_all;

const TOPIC: &str = "events";
const PARTITIONS: u32 = 10;
const RECORDS: u64 = 400_000;
const PAYLOAD_BYTES: usize = 64;

/// Records of one append, and appends that wait at the same time.
const BATCH: u64 = 2_500;
const APPENDS: u64 = 4;

const STEPS: u64 = 10;

/// Questions of each kind. The quickest tenth counts: what else runs on the machine only ever makes one slower.
const QUESTIONS: u64 = 201;
const OPENINGS: usize = 5;
const READ_RECORDS: usize = 100;

/// How many times as long as after the first tenth a question may take after the last one. The trees are a level or
/// two higher by then, and the disk's cache holds less of them; a scan would be ten times as long.
const SLOWER_MAX: f64 = 4.0;

/// What things took at one point of the way.
struct Point {
    records: u64,
    append: Duration,
    read: Duration,
    offsets_at: Duration,
    bounds: Duration,
    open: Duration,
}

impl Point {
    fn times(&self) -> [(&'static str, Duration); 5] {
        [
            ("append", self.append),
            ("read", self.read),
            ("offsets_at", self.offsets_at),
            ("bounds", self.bounds),
            ("open", self.open),
        ]
    }
}

fn main() -> ExitCode {
    let records: u64 = std::env::var("RECORDS").map_or(RECORDS, |records| records.parse().unwrap());
    let dir = match std::env::var("DIR") {
        Ok(dir) => tempfile::tempdir_in(dir).unwrap(),
        Err(_) => tempfile::tempdir().unwrap(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let points = runtime.block_on(run(dir.path(), records));
    let (first, last) = (&points[0], &points[points.len() - 1]);
    let mut is_flat = true;
    for ((what, before), (_, after)) in first.times().into_iter().zip(last.times()) {
        let ratio = after.as_secs_f64() / before.as_secs_f64();
        println!("{what}: {ratio:.2} times as long at {} records as at {}", last.records, first.records);
        is_flat &= ratio <= SLOWER_MAX;
    }
    println!("the file: {} MiB", std::fs::metadata(dir.path().join("log.db")).unwrap().len() >> 20);
    if is_flat {
        return ExitCode::SUCCESS;
    }
    println!("not flat: the bound is {SLOWER_MAX} times as long");
    ExitCode::FAILURE
}

async fn run(dir: &Path, records: u64) -> Vec<Point> {
    let mut log = LocalLog::open(dir, LocalSettings::default()).unwrap();
    let spec = TopicSpec { name: TOPIC.to_owned(), partitions: PARTITIONS, retention: None, compacted: false };
    log.create_topic(&spec).await.unwrap();
    let began_ms = now_ms();
    let mut points = Vec::new();
    let mut next = 0;
    for step in 1..=STEPS {
        let mut appends = Vec::new();
        let began = Instant::now();
        let before = next;
        while next < records * step / STEPS {
            let append = Instant::now();
            let waiting = (0..APPENDS).map(|n| log.append(TOPIC, batch(next + n * BATCH)));
            assert!(join_all(waiting).await.iter().flatten().all(Result::is_ok));
            next += APPENDS * BATCH;
            appends.push(append.elapsed());
        }
        let per_second = (next - before) as f64 / began.elapsed().as_secs_f64();
        let (read, offsets_at, bounds) = ask(&log, began_ms).await;
        log.close(Duration::from_secs(60)).await;
        drop(log);
        let mut openings = Vec::new();
        for _ in 0..OPENINGS {
            let opening = Instant::now();
            let opened = LocalLog::open(dir, LocalSettings::default()).unwrap();
            openings.push(opening.elapsed());
            drop(opened);
        }
        log = LocalLog::open(dir, LocalSettings::default()).unwrap();
        let open = quickest(openings);
        let point = Point { records: next, append: quickest(appends), read, offsets_at, bounds, open };
        println!("{next} records, {per_second:.0} per second: {:?}", point.times());
        points.push(point);
    }
    points
}

async fn ask(log: &LocalLog, began_ms: i64) -> (Duration, Duration, Duration) {
    let ends: Positions = log.bounds(TOPIC).await.unwrap().into_iter().map(|(p, bounds)| (p, bounds.end)).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = move |bound: u64| {
        // Xorshift: places that are no pattern, and the same in every run.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % bound.max(1)
    };
    let (mut reads, mut times, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
    let limits = ReadLimits { records_max: READ_RECORDS, bytes_max: 1 << 20, wait_max: Duration::ZERO };
    let lasted_ms = (now_ms() - began_ms).unsigned_abs();
    for n in 0..QUESTIONS {
        let partition = (n % u64::from(PARTITIONS)) as u32;
        let place = below(ends[&partition].saturating_sub(READ_RECORDS as u64));
        let asked = Instant::now();
        let mut reader = log.reader(TOPIC, [(partition, place)].into()).await.unwrap();
        assert_eq!(reader.next(limits).await.unwrap().len(), READ_RECORDS);
        reads.push(asked.elapsed());

        let at_ms = began_ms + below(lasted_ms) as i64;
        let asked = Instant::now();
        black_box(log.offsets_at(TOPIC, at_ms).await.unwrap());
        times.push(asked.elapsed());

        let asked = Instant::now();
        black_box(log.bounds(TOPIC).await.unwrap());
        bounds.push(asked.elapsed());
    }
    (quickest(reads), quickest(times), quickest(bounds))
}

fn batch(from: u64) -> Vec<NewRecord> {
    let record = |n: u64| NewRecord {
        key: Bytes::from(format!("key-{}", n % 100_003)),
        payload: Bytes::from(format!("{n:0>PAYLOAD_BYTES$}")),
        headers: Vec::new(),
    };
    (from..from + BATCH).map(record).collect()
}

/// The slowest of the quickest tenth.
fn quickest(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 10]
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}
