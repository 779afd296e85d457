//! What the check of one event costs, step by step, and the whole in Q.
//!
//! Q is what everyone pays: `serde_json` reads the corpus's median event into a value, and the fastest crate at hand takes
//! the HMAC-SHA256 of its canonical bytes. The whole is measured beside it, in turns, so that a busy machine slows both.
#![allow(clippy::unwrap_used)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use aibbar::{
    Event, Receipt, RuleSet, Signer, SigningSecret, canonical, event::RedactedEvent, json, json::Tape, record, schema,
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// That of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So many turns, and so many of each in a turn.
const TURNS: usize = 100;
const EACH: usize = 50;

const MEDIAN: &str = include_str!("../../load-tests/corpus/median.json");

/// An event as one kind of sender writes it.
struct Sample {
    name: &'static str,
    text: String,
}

fn secret() -> SigningSecret {
    SigningSecret::new("not-a-secret: for benchmarks only")
}

fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap()
}

/// Members in canonical order, as GAPIN's own recorders write them.
fn ordered(event: Map<String, Value>) -> String {
    Event::sign(event, &secret()).unwrap().to_json()
}

/// Members in the order of the corpus, and the signature after them.
fn unordered(json: &str) -> String {
    let signature = Event::sign(object(json), &secret()).unwrap().signature();
    let line = Tape::parse(json.as_bytes()).unwrap().to_line().into_owned();
    let open = line.strip_suffix('}').unwrap();
    format!("{open},\"signature_algorithm\":\"HMAC-SHA256\",\"signature\":\"{signature}\"}}")
}

/// With white space, and with escapes for all that is not ASCII.
fn spaced(json: &str) -> String {
    unordered(json).replace("\":", "\": ").replace(",\"", ", \"").replace("é", "\\u00e9")
}

/// A conversation of some 20 KB, the corpus's 99th percentile.
fn long() -> Map<String, Value> {
    let said = "The traveller asks for a quiet room near the station; the agent compares three of them.\n".repeat(8);
    let message =
        |index: usize| json!({"role": if index.is_multiple_of(2) { "user" } else { "assistant" }, "content": said});
    let call = |index: usize| json!({"name": "find_rooms", "arguments": {"page": index, "stars": 3.5, "quiet": true}});
    let mut event = object(MEDIAN);
    event.insert("query".into(), json!({"messages": (0..26).map(message).collect::<Vec<_>>()}));
    event.insert("response".into(), json!({"output": (0..16).map(call).collect::<Vec<_>>()}));
    event
}

fn samples() -> [Sample; 4] {
    [
        Sample { name: "median", text: ordered(object(MEDIAN)) },
        Sample { name: "median, unordered", text: unordered(MEDIAN) },
        Sample { name: "median, unordered and spaced", text: spaced(MEDIAN) },
        Sample { name: "20 KB", text: ordered(long()) },
    ]
}

fn receipt(event: &Event) -> Receipt<'static> {
    Receipt {
        event_id: event.event_id(),
        org_id: Uuid::from_u128(1),
        received_at: event.timestamp(),
        api_key_id: Uuid::from_u128(2),
        key_id: "default",
        signature_verified_at: event.timestamp(),
        gateway: "gateway-1",
        redaction_rules: RuleSet::VERSION,
    }
}

fn yardstick(bytes: &[u8], canonical: &[u8], signer: &Signer) {
    black_box(serde_json::from_slice::<Value>(black_box(bytes)).unwrap());
    black_box(signer.sign(black_box(canonical)));
}

fn checked(bytes: &[u8], secret: &SigningSecret) -> Event {
    let event = Event::parse(black_box(bytes)).unwrap();
    event.verify([secret]).unwrap();
    event
}

fn redacted(bytes: &[u8], secret: &SigningSecret, rules: &RuleSet) -> RedactedEvent {
    checked(bytes, secret).redact(rules)
}

fn recorded(bytes: &[u8], secret: &SigningSecret, rules: &RuleSet) -> String {
    let event = checked(bytes, secret);
    let receipt = receipt(&event);
    record::encode(&event.redact(rules), &receipt)
}

fn steps(criterion: &mut Criterion) {
    let (secret, rules) = (secret(), RuleSet::default());
    let signer = Signer::new(&secret);
    for Sample { name, text } in samples() {
        let bytes = text.as_bytes();
        let value = json::parse(bytes).unwrap();
        let tape = Tape::parse(bytes).unwrap();
        let canonical = canonical::of_tape_without(&tape, "signature");
        assert!(schema::certainly_accepts(&tape), "the fast way is what is measured");
        let event = checked(bytes, &secret);
        let receipt = receipt(&event);
        let redacted_event = event.clone().redact(&rules);

        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("serde_json", |bencher| {
            bencher.iter(|| serde_json::from_slice::<Value>(black_box(bytes)).unwrap());
        });
        group.bench_function("hmac", |bencher| bencher.iter(|| signer.sign(black_box(&canonical))));
        group.bench_function("parse", |bencher| bencher.iter(|| Tape::parse(black_box(bytes)).unwrap()));
        group.bench_function("parse (plain twin)", |bencher| bencher.iter(|| json::parse(black_box(bytes)).unwrap()));
        group.bench_function("schema", |bencher| bencher.iter(|| schema::faults_on(black_box(&tape))));
        group.bench_function("schema (plain twin)", |bencher| bencher.iter(|| schema::faults(black_box(&value))));
        group.bench_function("canonical", |bencher| {
            bencher.iter(|| canonical::of_tape_without(black_box(&tape), "signature"));
        });
        group.bench_function("canonical (plain twin)", |bencher| {
            bencher.iter(|| canonical::to_vec_without(black_box(value.as_object().unwrap()), "signature"));
        });
        group.bench_function("event", |bencher| bencher.iter(|| Event::parse(black_box(bytes)).unwrap()));
        group.bench_function("verify", |bencher| bencher.iter(|| black_box(&event).verify([&secret]).unwrap()));
        group.bench_function("redact", |bencher| {
            bencher.iter_batched(|| event.clone(), |event| event.redact(black_box(&rules)), BatchSize::SmallInput);
        });
        group.bench_function("record", |bencher| {
            bencher.iter(|| record::encode(black_box(&redacted_event), black_box(&receipt)));
        });
        group.finish();
    }
}

/// The median time of one, and of what is done beside it in turns.
fn in_turns(mut one: impl FnMut(), mut other: impl FnMut()) -> (Duration, Duration) {
    fn time(what: &mut impl FnMut()) -> Duration {
        let start = Instant::now();
        (0..EACH).for_each(|_| what());
        start.elapsed() / EACH as u32
    }
    let (mut ones, mut others): (Vec<_>, Vec<_>) = (0..TURNS).map(|_| (time(&mut one), time(&mut other))).unzip();
    ones.sort();
    others.sort();
    (ones[TURNS / 2], others[TURNS / 2])
}

fn print_in_q() {
    let (secret, rules) = (secret(), RuleSet::default());
    let signer = Signer::new(&secret);
    let median = ordered(object(MEDIAN));
    let canonical = canonical::of_tape_without(&Tape::parse(median.as_bytes()).unwrap(), "signature");
    let mut table = String::new();
    for Sample { name, text } in samples() {
        let bytes = text.as_bytes();
        let mut row = |what: &str, mut check: Box<dyn FnMut() + '_>| {
            let (q, whole) = in_turns(|| yardstick(median.as_bytes(), &canonical, &signer), &mut check);
            let in_q = whole.as_secs_f64() / q.as_secs_f64();
            table += &format!("{name:30} {:6} B  {what:32} {whole:>10.2?}  {in_q:5.2} Q  (Q {q:.2?})\n", bytes.len());
        };
        row("parse, schema, signature", Box::new(|| _ = black_box(checked(bytes, &secret))));
        row("  and redaction", Box::new(|| _ = black_box(redacted(bytes, &secret, &rules))));
        row("  and the record's line", Box::new(|| _ = black_box(recorded(bytes, &secret, &rules))));
    }
    std::io::Write::write_all(&mut std::io::stdout(), table.as_bytes()).unwrap();
}

criterion_group!(benches, steps);

/// With the filter `q` the table of Q alone, with any other argument the steps alone.
fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if asked != ["q"] {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
    if asked.is_empty() || asked == ["q"] {
        print_in_q();
    }
}
