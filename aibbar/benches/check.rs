//! What the check of one event of about 1 KB costs, part by part.
//! The yardstick is what everyone pays to read JSON at all: `serde_json` into a value.
#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use aibbar::{Event, RuleSet, SigningSecret, canonical, json, schema};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};

fn sample(secret: &SigningSecret) -> String {
    let event = json!({
        "event_type": "ai.action",
        "ai_id": "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
        "ai_version": "model-1",
        "timestamp": "2026-03-01T09:30:00.123456Z",
        "sequence": 4711,
        "key_id": "default",
        "action": {
            "function": "search_direct_flight",
            "input": {"origin": "JFK", "destination": "SEA", "date": "2026-03-20", "passengers": 2},
            "output": [
                {"flight": "HAT069", "departs": "06:00", "arrives": "12:00", "seats": {"economy": 15, "business": 0}, "price": 121.5},
                {"flight": "HAT083", "departs": "01:00", "arrives": "07:00", "seats": {"economy": 7, "business": 4}, "price": 99.25},
            ],
            "latency_ms": 182.25,
            "model": "model-1",
            "tokens_used": 512,
        },
        "response": {"output": "There are two direct flights that morning.\nThe earlier one is cheaper; shall I book it?"},
        "metadata": {
            "session_id": "5b0c1a52-4a0e-4b1e-9c38-6a2f1d7e8b90",
            "request_id": "req_01HZX",
            "labels": {"team": "travel", "stage": "production"},
        },
    });
    Event::sign(event.as_object().unwrap().clone(), secret).unwrap().to_json()
}

fn check(criterion: &mut Criterion) {
    let secret = SigningSecret::new("not-a-secret: for benchmarks only");
    let text = sample(&secret);
    let bytes = text.as_bytes();
    let value = json::parse(bytes).unwrap();
    let object = value.as_object().unwrap();
    let event = Event::parse(bytes).unwrap();

    let mut group = criterion.benchmark_group("check");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("serde_json (yardstick)", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Value>(black_box(bytes)).unwrap());
    });
    group.bench_function("parse", |bencher| bencher.iter(|| json::parse(black_box(bytes)).unwrap()));
    group.bench_function("schema", |bencher| bencher.iter(|| schema::faults(black_box(&value))));
    group.bench_function("canonical", |bencher| {
        bencher.iter(|| canonical::to_vec_without(black_box(object), "signature"));
    });
    group.bench_function("verify", |bencher| bencher.iter(|| black_box(&event).verify([&secret]).unwrap()));
    let rules = RuleSet::default();
    group.bench_function("redact", |bencher| {
        bencher.iter_batched(|| event.clone(), |event| event.redact(black_box(&rules)), BatchSize::SmallInput);
    });
    group.bench_function("whole", |bencher| {
        bencher.iter(|| Event::parse(black_box(bytes)).unwrap().verify([&secret]).unwrap());
    });
    group.finish();
}

criterion_group!(benches, check);
criterion_main!(benches);
