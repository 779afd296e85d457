//! What a spool costs while its log works, beside the log alone, and how fast it is emptied.

#![allow(missing_docs, clippy::unwrap_used)]

use std::{path::Path, sync::Arc, time::Duration};

use bus::{
    EventLog, NewRecord, TopicSpec,
    local::{LocalLog, LocalSettings},
    spool::{SpoolSettings, SpoolState, SpooledLog},
};
use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use tokio::runtime::Runtime;

const WAITERS: usize = 64;
const BATCH_RECORDS: usize = 10;
const PAYLOAD_BYTES: usize = 1024;
const DRAINED_RECORDS: usize = 20_000;
const TOPIC: &str = "events";

fn batch(waiter: usize, records: usize) -> Vec<NewRecord> {
    let key = Bytes::from(format!("key-{waiter}"));
    let payload = Bytes::from(vec![b'x'; PAYLOAD_BYTES]);
    vec![NewRecord { key, payload, headers: vec![("org".into(), Bytes::from_static(b"an organisation"))] }; records]
}

fn topic(partitions: u32) -> TopicSpec {
    TopicSpec { name: TOPIC.to_owned(), partitions, retention: None, compacted: false }
}

fn local(runtime: &Runtime, dir: &Path, partitions: u32) -> Arc<LocalLog> {
    let log = LocalLog::open(dir, LocalSettings::default()).unwrap();
    runtime.block_on(log.ensure_topic(&topic(partitions))).unwrap();
    Arc::new(log)
}

fn append(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("append_by_64");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Elements((WAITERS * BATCH_RECORDS) as u64));
    let dir = tempfile::tempdir().unwrap();
    let plain = local(&runtime, &dir.path().join("plain"), 12);
    let behind = local(&runtime, &dir.path().join("behind"), 12);
    let settings = SpoolSettings::new(dir.path().join("spool"), vec![topic(12)]);
    let spooled = runtime.block_on(SpooledLog::open(behind, settings));
    let logs: [(&str, &dyn EventLog); 2] = [("plain", &*plain), ("with_a_spool_behind_it", &spooled)];
    for (name, log) in logs {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let appends = (0..WAITERS).map(|waiter| log.append(TOPIC, batch(waiter, BATCH_RECORDS)));
                assert!(runtime.block_on(join_all(appends)).iter().flatten().all(Result::is_ok));
            });
        });
    }
    assert_eq!(spooled.status().state, SpoolState::Idle);
    group.finish();
}

fn drain(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("drain");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Elements(DRAINED_RECORDS as u64));
    group.bench_function("into_a_local_log", |bencher| {
        bencher.iter_batched(
            || {
                let dir = tempfile::tempdir().unwrap();
                // As a process that died leaves it: a spool with records in it.
                let waiting = local(&runtime, &dir.path().join("spool").join("0"), 1);
                for _ in 0..DRAINED_RECORDS / 1_000 {
                    assert!(runtime.block_on(waiting.append(TOPIC, batch(0, 1_000))).iter().all(Result::is_ok));
                }
                drop(waiting);
                let log = local(&runtime, &dir.path().join("log"), 12);
                (dir, log)
            },
            |(dir, log)| {
                let settings = SpoolSettings::new(dir.path().join("spool"), vec![topic(12)]);
                runtime.block_on(async {
                    let log = SpooledLog::open(log, settings).await;
                    while log.status().state != SpoolState::Idle {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                });
                dir
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, append, drain);
criterion_main!(benches);
