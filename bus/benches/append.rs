//! What one fsync costs when 64 requests wait for it, beside the least that the disk itself asks for
//! the same bytes: one write and one fdatasync of a plain file.

#![allow(missing_docs, clippy::unwrap_used)]

use std::{fs::File, io::Write, time::Duration};

use bus::{
    EventLog, NewRecord, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;

const WAITERS: usize = 64;
const PAYLOAD_BYTES: usize = 1024;
const TOPIC: &str = "events";

fn batch(waiter: usize, records: usize) -> Vec<NewRecord> {
    let key = Bytes::from(format!("key-{waiter}"));
    let payload = Bytes::from(vec![b'x'; PAYLOAD_BYTES]);
    vec![NewRecord { key, payload, headers: Vec::new() }; records]
}

fn append(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("append_by_64");
    // Each round leaves its bytes on the disk: few rounds tell enough.
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    for records in [1, 100] {
        group.throughput(Throughput::Elements((WAITERS * records) as u64));

        let dir = tempfile::tempdir().unwrap();
        let log = LocalLog::open(dir.path(), LocalSettings::default()).unwrap();
        let spec = TopicSpec { name: TOPIC.to_owned(), partitions: 12, retention: None, compacted: false };
        runtime.block_on(log.ensure_topic(&spec)).unwrap();
        group.bench_function(BenchmarkId::new("local", records), |bencher| {
            bencher.iter(|| {
                let appends = (0..WAITERS).map(|waiter| log.append(TOPIC, batch(waiter, records)));
                let outcomes = runtime.block_on(join_all(appends));
                assert!(outcomes.iter().flatten().all(Result::is_ok));
            });
        });

        let bytes = vec![b'x'; WAITERS * records * PAYLOAD_BYTES];
        let mut file = File::create(dir.path().join("plain")).unwrap();
        group.bench_function(BenchmarkId::new("plain_file", records), |bencher| {
            bencher.iter(|| {
                file.write_all(&bytes).unwrap();
                file.sync_data().unwrap();
            });
        });
    }
    group.finish();
}

criterion_group!(benches, append);
criterion_main!(benches);
