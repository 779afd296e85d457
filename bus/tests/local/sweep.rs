//! What goes by itself: what is past its time, what has a newer record of its key, and what was of a deleted topic.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use bus::{
    EventLog, TopicConfig, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use rusqlite::Connection;

use crate::{
    everything, make_topic,
    rig::{WAIT_MAX, payloads, record, up_to},
};

const TOPIC: &str = "events";

const POLL: Duration = Duration::from_millis(2);

/// Small steps, one after the other.
fn busy() -> LocalSettings {
    LocalSettings {
        retention_sweep_every: Duration::from_millis(5),
        retention_step_records: 7,
        tombstones_kept: Duration::ZERO,
        ..LocalSettings::default()
    }
}

/// What the file holds, as it is now.
fn count(dir: &Path, table: &str) -> u64 {
    let conn = Connection::open(dir.join("log.db")).unwrap();
    conn.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get::<_, i64>(0)).unwrap().unsigned_abs()
}

async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < WAIT_MAX, "{what}");
        tokio::time::sleep(POLL).await;
    }
}

/// Everything that is there of two partitions.
async fn kept(log: &LocalLog) -> Vec<bus::LogRecord> {
    let mut reader = log.reader(TOPIC, [(0, 0), (1, 0)].into()).await.unwrap();
    reader.next(up_to(POLL)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn compaction_leaves_the_newest_of_each_key_and_tombstones_go_too() {
    let dir = tempfile::tempdir().unwrap();
    let log = LocalLog::open(dir.path(), busy()).unwrap();
    let spec = TopicSpec { name: TOPIC.to_owned(), partitions: 2, retention: None, compacted: true };
    log.create_topic(&spec).await.unwrap();
    make_topic(&log, "other", 1, None).await;
    let mut newest = BTreeMap::new();
    for round in 0..30 {
        let records: Vec<_> = (0..10).map(|key| (format!("key-{key}"), format!("{round}"))).collect();
        log.append(TOPIC, records.iter().map(|(key, payload)| record(key, payload)).collect()).await;
        log.append("other", records.iter().map(|(key, payload)| record(key, payload)).collect()).await;
        newest.extend(records);
    }
    // Deleted, each but the last; and behind them one record per partition, which always stays.
    for key in 0..4 {
        log.append(TOPIC, vec![record(&format!("key-{key}"), "")]).await;
        newest.remove(&format!("key-{key}"));
    }
    for key in ["last-0", "last-1", "last-2", "last-3", "last-4"] {
        log.append(TOPIC, vec![record(key, "last")]).await;
        newest.insert(key.to_owned(), "last".to_owned());
    }
    let ends: Vec<_> = log.bounds(TOPIC).await.unwrap().values().map(|bounds| bounds.end).collect();
    until("never compacted", async || count(dir.path(), "records") as usize == newest.len() + 300).await;
    let read = |records: Vec<bus::LogRecord>| -> BTreeMap<_, _> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        records.into_iter().map(|record| (text(&record.key), text(&record.payload))).collect()
    };
    // A reader goes on behind what is gone.
    let mut reader = log.reader(TOPIC, [(0, 0), (1, 0)].into()).await.unwrap();
    reader.next(up_to(POLL)).await.unwrap();
    assert_eq!(reader.passed().into_values().collect::<Vec<_>>(), ends);
    let records = kept(&log).await;
    let bytes: usize = records.iter().map(|record| record.key.len() + record.payload.len()).sum();
    assert_eq!(read(records), newest);
    assert_eq!(log.describe_topic(TOPIC).await.unwrap().bytes, Some(bytes as u64));
    assert_eq!(everything(&log, "other").await.len(), 300);

    // Opened again it counts on where it was, goes on compacting, and finds what it knew of keys.
    log.close(WAIT_MAX).await;
    drop(log);
    let log = LocalLog::open(dir.path(), busy()).unwrap();
    let ends_now: Vec<_> = log.bounds(TOPIC).await.unwrap().values().map(|bounds| bounds.end).collect();
    assert_eq!(ends_now, ends);
    log.append(TOPIC, vec![record("key-9", "newer")]).await;
    newest.insert("key-9".to_owned(), "newer".to_owned());
    until("not compacted again", async || count(dir.path(), "records") as usize == newest.len() + 300).await;
    assert_eq!(read(kept(&log).await), newest);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retention_that_is_changed_rules_at_once_and_bytes_follow() {
    let dir = tempfile::tempdir().unwrap();
    let log = LocalLog::open(dir.path(), busy()).unwrap();
    let spec = TopicSpec { name: TOPIC.to_owned(), partitions: 1, retention: None, compacted: true };
    log.create_topic(&spec).await.unwrap();
    for n in 0..50 {
        log.append(TOPIC, vec![record(&format!("key-{n}"), &n.to_string())]).await;
    }
    until("never looked at", async || count(dir.path(), "newest") == 50).await;
    let config = TopicConfig { retention: Some(Duration::from_millis(1)), compacted: true };
    log.configure_topic(TOPIC, config).await.unwrap();
    until("never deleted", async || log.bounds(TOPIC).await.unwrap()[&0].earliest == 50).await;
    assert_eq!(log.describe_topic(TOPIC).await.unwrap().bytes, Some(0));
    assert_eq!((count(dir.path(), "records"), count(dir.path(), "newest")), (0, 0));
    // And it is what a restart finds.
    log.close(WAIT_MAX).await;
    drop(log);
    let log = LocalLog::open(dir.path(), busy()).unwrap();
    assert_eq!(log.describe_topic(TOPIC).await.unwrap().config, config);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_of_a_deleted_topic_goes_in_small_steps_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    // No walk but the first: the deletion itself has to begin one.
    let settings = LocalSettings { retention_sweep_every: Duration::from_secs(3_600), ..busy() };
    let log = LocalLog::open(dir.path(), settings.clone()).unwrap();
    let hundred = || (0..100).map(|n| record(&format!("key-{n}"), &n.to_string())).collect::<Vec<_>>();
    for name in ["one", "two", "kept"] {
        make_topic(&log, name, 3, None).await;
        log.append(name, hundred()).await;
        log.reset_group(name, "group", &[(0, 1), (1, 1), (2, 1)].into()).await.unwrap();
    }
    log.delete_topic("one").await.unwrap();
    // One that comes meanwhile gets no number of the deleted one's.
    make_topic(&log, "one", 3, None).await;
    assert!(everything(&log, "one").await.is_empty());
    log.append("one", vec![record("k", "new")]).await;
    until("never cleared away", async || count(dir.path(), "records") == 201).await;
    until("positions stay", async || count(dir.path(), "positions") == 6).await;
    assert_eq!(payloads(&everything(&log, "one").await), ["new"]);

    // The process ends right after it said that the topic is gone.
    log.delete_topic("two").await.unwrap();
    drop(log);
    let log = LocalLog::open(dir.path(), settings).unwrap();
    until("never cleared away", async || count(dir.path(), "records") == 101).await;
    until("rows stay", async || (count(dir.path(), "topics"), count(dir.path(), "lanes")) == (2, 6)).await;
    assert_eq!(everything(&log, "kept").await.len(), 100);
    assert!(log.bounds("two").await.is_err());
}
