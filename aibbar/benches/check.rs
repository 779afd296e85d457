//! What the check of the corpus's median event (0.93 KB) costs, part by part.
//! The yardstick is what everyone pays to read JSON at all: `serde_json` into a value.
#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use aibbar::{Event, RuleSet, SigningSecret, canonical, json, schema};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::Value;

fn sample(secret: &SigningSecret) -> String {
    let event: Value = serde_json::from_str(include_str!("../../load-tests/corpus/median.json")).unwrap();
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
