//! What recording costs the caller, and how many events a second reach a local gateway. Prints a table for docs/sdks.md.
//!
//! Usage: `GAPIN_BIN=target/release/gapin cargo bench -p gapin-sdk --all-features`; with `ANSWERING_BIN`, a server that only
//! answers (`load-tests/examples/answering.rs`), it also tells how many events a second are this library's own limit.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use gapin_sdk::{
    Recorder, RecorderBuilder,
    recorder::{Compression, WhenFull},
};
use serde::Serialize;
use support::{Gateway, settings};
use uuid::Uuid;

const CALLER_EVENTS: usize = 20_000;
/// A caller who does other things, too.
const CALLER_PAUSE: Duration = Duration::from_micros(500);
const FLUSH: Duration = Duration::from_secs(300);
/// Throughput is measured with so many, or with those of the environment.
const THROUGHPUT_EVENTS: u64 = 1_000_000;

#[derive(Serialize)]
struct Input {
    query: &'static str,
    filters: Filters,
    limit: u32,
}

#[derive(Serialize)]
struct Filters {
    country: &'static str,
    currency: &'static str,
    price_max: f64,
    tags: [&'static str; 3],
}

#[derive(Serialize)]
struct Found {
    id: u32,
    title: String,
    score: f64,
    late: bool,
}

struct Call {
    input: Input,
    output: Vec<Found>,
}

impl Call {
    fn new() -> Self {
        let filters = Filters { country: "IT", currency: "EUR", price_max: 129.5, tags: ["card", "late", "refund"] };
        let input = Input {
            query: "refunds of orders that were paid by card and not delivered within thirty days",
            filters,
            limit: 20,
        };
        let output = (0..6)
            .map(|id| Found {
                id,
                title: format!("Order {id} was not delivered"),
                score: 0.93 - f64::from(id) / 100.0,
                late: true,
            })
            .collect();
        Self { input, output }
    }

    /// An event of some 1 KB.
    fn record(&self, recorder: &Recorder) {
        recorder
            .action("search_orders")
            .input(&self.input)
            .output(&self.output)
            .latency(Duration::from_micros(12_500))
            .model("gpt-4-turbo")
            .tokens_used(421)
            .record();
    }
}

/// A recorder whose thread does nothing until the end.
fn alone(builder: RecorderBuilder) -> RecorderBuilder {
    builder.batch_events_max(CALLER_EVENTS).batch_bytes_max(1 << 30).batch_age(Duration::from_secs(600))
}

/// What each call takes.
fn caller_cost(builder: RecorderBuilder, pause: Option<Duration>) -> Vec<Duration> {
    let recorder = builder.queue_events_max(CALLER_EVENTS).build().unwrap();
    let call = Call::new();
    for _ in 0..200 {
        call.record(&recorder);
    }
    assert!(recorder.flush_blocking(FLUSH));
    let mut taken = Vec::with_capacity(CALLER_EVENTS);
    for _ in 0..CALLER_EVENTS - 1 {
        let began = Instant::now();
        call.record(&recorder);
        taken.push(began.elapsed());
        if let Some(pause) = pause {
            std::thread::sleep(pause);
        }
    }
    assert_eq!(recorder.stats().dropped, 0);
    drop(recorder);
    taken.sort_unstable();
    taken
}

/// Events a second, from the first to the last acknowledgement; and processor time of this process for each.
fn throughput(builder: RecorderBuilder, events: u64) -> (f64, Duration) {
    let recorder = builder.when_full(WhenFull::Block).flush_timeout(FLUSH).build().unwrap();
    let call = Call::new();
    let (began, began_cpu) = (Instant::now(), processor_time());
    for _ in 0..events {
        call.record(&recorder);
    }
    assert!(recorder.flush_blocking(FLUSH));
    let (took, took_cpu) = (began.elapsed(), processor_time() - began_cpu);
    let stats = recorder.stats();
    assert_eq!((stats.accepted, stats.faults), (events, 0), "{:?}", stats.last_fault);
    (events as f64 / took.as_secs_f64(), took_cpu / u32::try_from(events).unwrap())
}

/// Of all threads of this process, as Linux tells it.
fn processor_time() -> Duration {
    const TICKS_PER_S: u64 = 100;
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_S)
}

/// The server that only answers, and its address. It ends with its input.
fn answering() -> Option<(Child, String)> {
    let binary = std::env::var_os("ANSWERING_BIN")?;
    let mut server = Command::new(binary).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
    Some((server, url.trim().to_owned()))
}

fn shown(taken: &[Duration]) -> String {
    let at = |share: f64| taken[((taken.len() as f64 * share) as usize).min(taken.len() - 1)].as_secs_f64() * 1e6;
    format!("{:.1} µs | {:.1} µs | {:.1} µs", at(0.5), at(0.99), at(0.999))
}

fn main() {
    let gateway = Gateway::own();
    let builder = || Recorder::builder(settings(&gateway, Uuid::new_v4()));
    let events = std::env::var("EVENTS").ok().and_then(|events| events.parse().ok()).unwrap_or(THROUGHPUT_EVENTS);

    let recorder = builder().build().unwrap();
    Call::new().record(&recorder);
    println!("Rust, {}, events of {} bytes\n", std::env::consts::ARCH, recorder.stats().queued_bytes - 256);
    drop(recorder);

    println!("| | p50 | p99 | p99.9 |\n|---|---|---|---|");
    println!("| recording, the thread idle | {} |", shown(&caller_cost(alone(builder()), None)));
    let taken = caller_cost(builder(), Some(CALLER_PAUSE));
    println!("| recording, the thread at work, a pause between events | {} |", shown(&taken));
    #[cfg(feature = "disk-queue")]
    {
        let folder = tempfile::tempdir().unwrap();
        let taken = caller_cost(alone(builder().disk_queue(folder.path())), None);
        println!("| recording, disk queue, the thread idle | {} |", shown(&taken));
    }

    println!("\n| {events} events, to the last acknowledgement | events/s | processor of this process, per event |");
    println!("|---|---|---|");
    for compression in [
        Compression::None,
        Compression::Gzip,
        #[cfg(feature = "zstd")]
        Compression::Zstd,
    ] {
        let (rate, cpu) = throughput(builder().compression(compression), events);
        println!("| {compression:?} | {rate:.0} | {:.1} µs |", cpu.as_secs_f64() * 1e6);
    }
    if let Some((mut server, url)) = answering() {
        let to_it = Recorder::builder(settings(&gateway, Uuid::new_v4()).url(url)).compression(Compression::None);
        let (rate, cpu) = throughput(to_it, events);
        println!("| into a server that only answers | {rate:.0} | {:.1} µs |", cpu.as_secs_f64() * 1e6);
        drop(server.stdin.take());
        server.wait().unwrap();
    }
}
