//! What an event costs the gateway, from the socket to the acknowledgement of the embedded log: processor time of its HTTP
//! workers and of the log's writer, of events one by one over 64 connections and in batches of 100. Counted in Q, the
//! yardstick of the same run: `serde_json` reading the median event into a value, and its HMAC-SHA256.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/rig/mod.rs"]
mod rig;
mod threads;
mod yardstick;

use std::{
    cell::RefCell,
    hint::black_box,
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};
use hmac::{Hmac, KeyInit, Mac};
use rig::{Org, Rig, now};
use serde_json::{Map, Value};
use sha2::Sha256;
use threads::processor_time;
use yardstick::{middle, time_of_a_parse};

const CONNECTIONS: usize = 64;
const BATCH: usize = 100;

/// Events signed ahead, sent over and over: the log takes each as a record of its own.
const EVENTS: usize = 2_000;

/// Threads of the gateway, by the beginnings of their names.
const HTTP: &str = "actix-server wo";
const LOG: &str = "log-writer";

const HASHES_PER_ROUND: u32 = 2_000;
const ROUNDS: usize = 21;

/// Connections that each send a request and wait for its answer.
struct Client {
    connections: Vec<TcpStream>,
    requests: Vec<Vec<u8>>,
    next: usize,
}

impl Client {
    fn new(rig: &Rig, org: &Org, connections: usize, bodies: impl Iterator<Item = String>) -> Client {
        let address = rig.url.strip_prefix("http://").unwrap();
        let connect = |_| TcpStream::connect(address).unwrap();
        let request = |body: String| {
            let form = if body.contains('\n') { "application/x-ndjson" } else { "application/json" };
            let head = format!(
                "POST /aibbar/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
                 Content-Type: {form}\r\nContent-Length: {}\r\n\r\n",
                org.api_key,
                body.len()
            );
            (head + &body).into_bytes()
        };
        Client {
            connections: (0..connections).map(connect).collect(),
            requests: bodies.map(request).collect(),
            next: 0,
        }
    }

    /// So many requests, as many at once as there are connections.
    fn send(&mut self, requests: u64) {
        let mut left = requests;
        while left > 0 {
            let round = self.connections.len().min(left as usize);
            for connection in &mut self.connections[..round] {
                connection.write_all(&self.requests[self.next]).unwrap();
                self.next = (self.next + 1) % self.requests.len();
            }
            self.connections[..round].iter_mut().for_each(taken);
            left -= round as u64;
        }
    }
}

/// Reads one answer, which is that everything was taken.
fn taken(connection: &mut TcpStream) {
    let (mut answer, mut piece) = (Vec::new(), [0; 64 * 1024]);
    loop {
        let read = connection.read(&mut piece).unwrap();
        assert!(read > 0, "an answer that ended early");
        answer.extend_from_slice(&piece[..read]);
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&answer[..head]).unwrap().to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 202"), "{text}");
        let length = text.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        if answer.len() >= head + 4 + length.parse::<usize>().unwrap() {
            return;
        }
    }
}

/// The corpus's median event, as this organisation's.
fn events(org: &Org) -> Vec<String> {
    let corpus = include_str!("../../load-tests/corpus/median.json");
    let mut event: Map<String, Value> = serde_json::from_str(corpus).unwrap();
    event.insert("ai_id".into(), org.ai_id.to_string().into());
    event.remove("key_id");
    let signed = (0..EVENTS).map(|number| {
        event.insert("timestamp".into(), now().to_string().into());
        event.insert("sequence".into(), number.into());
        org.sign(event.clone())
    });
    signed.collect()
}

/// What everything is measured by.
fn q(event: &str) -> Duration {
    let hash = || Hmac::<Sha256>::new_from_slice(b"secret").unwrap().chain_update(black_box(event)).finalize();
    let time_of_a_hash = || {
        let started = Instant::now();
        (0..HASHES_PER_ROUND).for_each(|_| drop(black_box(hash())));
        started.elapsed() / HASHES_PER_ROUND
    };
    middle((0..ROUNDS).map(|_| time_of_a_parse(event) + time_of_a_hash()).collect())
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut rig, org) = runtime.block_on(async {
        let rig = Rig::start(|_| {}).await;
        let org = rig.org().await;
        (rig, org)
    });
    let events = events(&org);
    let q = q(&events[0]);
    let single = Client::new(&rig, &org, CONNECTIONS, events.iter().cloned());
    let batches = Client::new(&rig, &org, 1, events.chunks(BATCH).map(|events| events.join("\n")));
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("record");
    let mut table = Vec::new();
    for (name, client, events_each) in [("single, 64 connections", single, 1), ("batches of 100", batches, BATCH)] {
        let client = RefCell::new(client);
        client.borrow_mut().send(1_000 / events_each as u64);
        // Of all of its samples: events, and what each of the gateway's parts took.
        let mut all = (0, Duration::ZERO, Duration::ZERO);
        group.throughput(Throughput::Elements(events_each as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|requests| {
                let (http, log) = (processor_time(HTTP), processor_time(LOG));
                client.borrow_mut().send(requests);
                let (http, log) = (processor_time(HTTP) - http, processor_time(LOG) - log);
                all = (all.0 + requests * events_each as u64, all.1 + http, all.2 + log);
                http + log
            });
        });
        table.push((name, all));
    }
    group.finish();
    println!("Q: {q:?}");
    for (name, (events, http, log)) in table.into_iter().filter(|(_, (events, ..))| *events > 0) {
        let in_q = |time: Duration| time.as_secs_f64() / events as f64 / q.as_secs_f64();
        println!(
            "{name}: {:.2} Q per event ({:.2} HTTP and check, {:.2} log)",
            in_q(http + log),
            in_q(http),
            in_q(log)
        );
    }
    runtime.block_on(rig.stop());
}
