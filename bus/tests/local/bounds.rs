//! What happens where a bound is reached: of time, of the queue, of the file.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bus::{
    AppendError, EventLog, NewRecord, Position,
    local::{LocalLog, LocalSettings},
};
use futures_util::{FutureExt, future::join_all};

use crate::{
    everything, make_topic,
    rig::{STEP, WAIT_MAX, payloads, record, up_to},
};

const TOPIC: &str = "events";

/// One poll of whatever is waited for.
const POLL: Duration = Duration::from_millis(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_past_their_retention_go_in_bounded_steps_and_offsets_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let settings = LocalSettings {
        retention_sweep_every: Duration::from_millis(5),
        retention_step_records: 10,
        ..LocalSettings::default()
    };
    let log = LocalLog::open(dir.path(), settings.clone()).unwrap();
    make_topic(&log, TOPIC, 1, Some(Duration::from_millis(100))).await;
    make_topic(&log, "kept", 1, None).await;
    let hundred = || (0..100).map(|i| record("k", &i.to_string())).collect::<Vec<_>>();
    log.append("kept", hundred()).await;
    log.append(TOPIC, hundred()).await;

    // All of them have the same age, so nothing but the bound on a step stops one.
    let started = Instant::now();
    loop {
        let bounds = log.bounds(TOPIC).await.unwrap()[&0];
        assert_eq!((bounds.earliest % 10, bounds.end), (0, 100));
        if bounds.earliest == 100 {
            break;
        }
        assert!(started.elapsed() < WAIT_MAX, "{bounds:?}");
        tokio::time::sleep(POLL).await;
    }
    assert_eq!(everything(&log, "kept").await.len(), 100);

    // An emptied partition goes on counting, also when it is opened again.
    log.close(WAIT_MAX).await;
    let log = LocalLog::open(dir.path(), settings).unwrap();
    assert_eq!(log.append(TOPIC, vec![record("k", "next")]).await, [Ok(Position { partition: 0, offset: 100 })]);

    // A reader of what is gone begins with what is kept. It may have to be quicker than the next sweep.
    loop {
        assert!(started.elapsed() < WAIT_MAX, "no reader is ever quicker than retention");
        let appended = log.append(TOPIC, vec![record("k", "kept")]).await.remove(0).unwrap();
        let mut reader = log.reader(TOPIC, [(0, 0)].into()).await.unwrap();
        let records = reader.next(up_to(POLL)).await.unwrap();
        if let (Some(first), Some(last)) = (records.first(), records.last()) {
            assert!(first.position.offset >= 100);
            assert_eq!(last.position, appended);
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_refuses_at_once_and_keeps_what_it_took() {
    let dir = tempfile::tempdir().unwrap();
    let settings = LocalSettings { queue_records_max: 8, queue_bytes_max: 1_000, ..LocalSettings::default() };
    let log = LocalLog::open(dir.path(), settings).unwrap();
    make_topic(&log, TOPIC, 2, None).await;
    let full = |records: usize| Some(vec![Err(AppendError::QueueFull); records]);
    assert_eq!(log.append(TOPIC, vec![record("k", "x"); 9]).now_or_never(), full(9));
    assert_eq!(log.append(TOPIC, vec![record("k", &"x".repeat(1_000))]).now_or_never(), full(1));

    let mut acknowledged = BTreeMap::new();
    let (started, mut refused) = (Instant::now(), 0);
    for round in 0.. {
        assert!(started.elapsed() < WAIT_MAX, "the queue is never full");
        let batches = (0..200).map(|n| {
            let names: Vec<_> = (0..3).map(|i| format!("{round}-{n}-{i}")).collect();
            let log = &log;
            async move {
                let records = names.iter().map(|name| record(name, name)).collect();
                (log.append(TOPIC, records).await, names)
            }
        });
        for (outcomes, names) in join_all(batches).await {
            if outcomes[0].is_err() {
                assert_eq!(Some(outcomes), full(3));
                refused += 1;
                continue;
            }
            acknowledged.extend(outcomes.into_iter().map(Result::unwrap).zip(names));
        }
        if refused > 0 && !acknowledged.is_empty() {
            break;
        }
    }
    let records = everything(&log, TOPIC).await;
    let kept: BTreeMap<_, _> = records.iter().map(|r| r.position).zip(payloads(&records)).collect();
    assert_eq!(kept, acknowledged);
    // There is room again.
    assert_eq!(log.queued_records(), 0);
    assert!(log.append(TOPIC, vec![record("k", "after")]).await[0].is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_full_takes_nothing_until_retention_made_room() {
    const FILE_BYTES_MAX: u64 = 1024 * 1024;
    let dir = tempfile::tempdir().unwrap();
    let settings = LocalSettings {
        retention_sweep_every: Duration::from_millis(5),
        file_bytes_max: Some(FILE_BYTES_MAX),
        ..LocalSettings::default()
    };
    let log = LocalLog::open(dir.path(), settings).unwrap();
    make_topic(&log, TOPIC, 1, Some(Duration::from_secs(1))).await;
    // A small record before the large ones, which would fit if it came alone.
    let large = "x".repeat(60 * 1024);
    let batch = || -> Vec<NewRecord> { vec![record("k", "small"), record("k", &large), record("k", &large)] };

    let started = Instant::now();
    let (mut acknowledged, mut refusals) = (0, 0);
    let mut has_room_again = false;
    while !has_room_again {
        assert!(started.elapsed() < WAIT_MAX, "{acknowledged} records, {refusals} refusals");
        let outcomes = log.append(TOPIC, batch()).await;
        if outcomes.iter().all(Result::is_ok) {
            // Offsets are those of what was acknowledged: a refused batch left nothing behind.
            let offsets: Vec<_> = outcomes.into_iter().map(|outcome| outcome.unwrap().offset).collect();
            assert_eq!(offsets, [acknowledged, acknowledged + 1, acknowledged + 2]);
            acknowledged += 3;
            has_room_again = refusals > 0;
        } else {
            assert!(outcomes.iter().all(|o| matches!(o, Err(AppendError::Unavailable(t)) if t.contains("full"))));
            assert_eq!(log.bounds(TOPIC).await.unwrap()[&0].end, acknowledged);
            refusals += 1;
            tokio::time::sleep(POLL).await;
        }
    }
    // What is read is whole batches, in order, up to the last.
    let mut reader = log.reader(TOPIC, [(0, acknowledged - 3)].into()).await.unwrap();
    let records = reader.next(up_to(STEP)).await.unwrap();
    for record in &records {
        let is_small = record.position.offset % 3 == 0;
        assert_eq!(record.payload.len(), if is_small { "small".len() } else { large.len() });
    }
    log.close(WAIT_MAX).await;
    assert!(std::fs::metadata(dir.path().join("log.db")).unwrap().len() <= FILE_BYTES_MAX);
}
