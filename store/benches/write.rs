//! How long SQLite takes for a batch of 500 rows of about 1 KiB, each on disk when it answers.

#![allow(missing_docs, clippy::unwrap_used)]

use std::{sync::Arc, time::SystemTime};

use aibbar::{EventType, RecordHead, Signature, Timestamp};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use store::{
    EventStore as _, NewRow,
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use uuid::Uuid;

const BATCH_ROWS: usize = 500;

fn batch() -> Vec<NewRow> {
    let text = "x".repeat(1_000);
    let now = Timestamp::from(SystemTime::now());
    let head = |n: usize| RecordHead {
        org_id: Uuid::nil(),
        event_id: Uuid::now_v7(),
        received_at: now,
        ai_id: Uuid::from_u128(n as u128 % 20),
        event_type: EventType::Query,
        timestamp: now,
        session_id: Some(format!("session {}", n % 50)),
        request_id: None,
        sequence: Some(n as u64),
        signature: Signature([0; 32]),
    };
    let record = format!(r#"{{"event":{{"text":"{text}"}},"record":{{}}}}"#);
    (0..BATCH_ROWS).map(|n| NewRow::new(head(n), record.as_str())).collect()
}

fn write(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let vault = Arc::new(Vault::new(MasterKey::generate()));
    let file = folder.path().join("store.db");
    let store = runtime.block_on(SqliteStore::open(&file, SqliteSettings::default(), vault)).unwrap();

    let mut group = criterion.benchmark_group("store");
    group.throughput(Throughput::Elements(BATCH_ROWS as u64));
    group.bench_function("sqlite_write_500", |bencher| {
        bencher.iter_batched(batch, |rows| runtime.block_on(store.write(&rows)).unwrap(), BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, write);
criterion_main!(benches);
