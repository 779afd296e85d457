//! The spool before a real broker that dies, stands still and comes back.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bus::{
    EventLog, LogError,
    kafka::{KafkaLog, KafkaSettings},
    spool::{SpoolSettings, SpoolState, SpooledLog},
};
use testbed::Kafka;

use crate::{
    POLL, TOPIC,
    rig::{STEP, WAIT_MAX, payloads, record, up_to},
    settings, topic, until, until_drained,
};

const PARTITIONS: u32 = 3;
const WRITERS: usize = 6;
/// Records of one append: the n-th of a writer has one more than n modulo this.
const BATCH_RECORDS_MAX: usize = 3;
const MESSAGE_TIMEOUT: Duration = Duration::from_millis(1_500);
/// How much longer than that an append may take: the producer's purge, the fsync, and a machine with other work.
const ANSWER_SLACK: Duration = Duration::from_secs(6);

async fn spooled(kafka: &Kafka, settings: SpoolSettings) -> Arc<SpooledLog> {
    let kafka = KafkaSettings { message_timeout: MESSAGE_TIMEOUT, ..KafkaSettings::new(kafka.brokers()) };
    Arc::new(SpooledLog::open(Arc::new(KafkaLog::new(kafka).unwrap()), settings).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_flaps_loses_nothing_and_reorders_no_key_and_nobody_is_refused() {
    const FLAPS: usize = 4;
    let kafka = Kafka::start();
    let dir = tempfile::tempdir().unwrap();
    let log = spooled(&kafka, settings(dir.path())).await;
    log.ensure_topic(&topic(TOPIC, PARTITIONS)).await.unwrap();
    let writers = Writers::start(&log);
    for flap in 0..FLAPS {
        writers.each_goes_on(20).await;
        if flap % 2 == 0 {
            kafka.freeze()
        } else {
            kafka.kill()
        }
        until(&log, "spooling", |status| status.state == SpoolState::Spooling && status.records > 0).await;
        writers.each_goes_on(20).await;
        if flap % 2 == 0 {
            kafka.thaw()
        } else {
            kafka.restart()
        }
        // Every other time it is away again before the spool is empty.
        if flap % 3 != 2 {
            until(&log, "draining", |status| status.state != SpoolState::Spooling).await;
        } else {
            until(&log, "idle", |status| status.state == SpoolState::Idle).await;
        }
    }
    let acknowledged = writers.stop().await;
    until_drained(&log).await;
    assert_eq!(log.check().await, Ok(()));
    let kept = first_occurrences(&*log, &acknowledged).await;
    for (key, names) in &acknowledged {
        assert_eq!(&kept[key], names, "{key}: every record was acknowledged, so all are there, in order");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_whose_broker_is_away_from_the_beginning_takes_records_and_makes_the_topic_when_it_comes() {
    let kafka = Kafka::start();
    kafka.kill();
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path());
    let log = spooled(&kafka, settings.clone()).await;
    let names: Vec<_> = (0..50).map(|n| n.to_string()).collect();
    // Nobody waits for a log that was never there.
    let began = Instant::now();
    assert!(log.append(TOPIC, vec![record("k", &names[0])]).await[0].is_ok());
    assert!(began.elapsed() < MESSAGE_TIMEOUT, "{:?}", began.elapsed());
    for name in &names[1..] {
        let outcome = log.append(TOPIC, vec![record("k", name)]).await.remove(0);
        assert!(outcome.is_ok(), "{outcome:?}");
    }
    assert!(matches!(log.bounds(TOPIC).await, Err(LogError::Unavailable(_))));
    assert_eq!(log.check().await, Ok(()), "records are taken");
    // The process ends and comes back, and the broker still is not there.
    log.close(Duration::from_secs(1)).await;
    drop(log);
    let log = spooled(&kafka, settings).await;
    assert_eq!(log.status().records, 50);
    assert!(log.append(TOPIC, vec![record("k", "behind")]).await[0].is_ok());
    kafka.restart();
    until_drained(&log).await;
    let wanted = BTreeMap::from([("k".to_owned(), [names, vec!["behind".to_owned()]].concat())]);
    assert_eq!(first_occurrences(&*log, &wanted).await, wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_stands_still_costs_an_append_no_more_than_its_bound() {
    let kafka = Kafka::start();
    let dir = tempfile::tempdir().unwrap();
    let log = spooled(&kafka, settings(dir.path())).await;
    log.ensure_topic(&topic(TOPIC, PARTITIONS)).await.unwrap();
    assert!(log.append(TOPIC, vec![record("k", "0")]).await[0].is_ok());
    kafka.freeze();
    let (began, many) = (Instant::now(), (1..2_000).map(|n| record("k", &n.to_string())).collect());
    let outcomes = log.append(TOPIC, many).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert!(began.elapsed() < MESSAGE_TIMEOUT + ANSWER_SLACK, "{:?}", began.elapsed());
    // What comes after does not wait for the broker at all.
    let began = Instant::now();
    assert!(log.append(TOPIC, vec![record("k", "2000")]).await[0].is_ok());
    assert!(began.elapsed() < MESSAGE_TIMEOUT, "{:?}", began.elapsed());
    kafka.thaw();
    until_drained(&log).await;
    let wanted = BTreeMap::from([("k".to_owned(), (0..=2_000).map(|n| n.to_string()).collect())]);
    assert_eq!(first_occurrences(&*log, &wanted).await, wanted);
}

/// Each appends batches one after the other under its own key, and expects each to be taken.
struct Writers {
    tasks: Vec<tokio::task::JoinHandle<(String, Vec<String>)>>,
    counts: Vec<Arc<AtomicUsize>>,
    has_to_stop: Arc<AtomicBool>,
}

impl Writers {
    fn start(log: &Arc<SpooledLog>) -> Self {
        let has_to_stop = Arc::new(AtomicBool::new(false));
        let counts: Vec<_> = (0..WRITERS).map(|_| Arc::new(AtomicUsize::new(0))).collect();
        let tasks = counts.iter().enumerate().map(|(writer, count)| {
            let (log, count, has_to_stop) = (log.clone(), count.clone(), has_to_stop.clone());
            tokio::spawn(async move { write(&log, format!("writer-{writer}"), &count, &has_to_stop).await })
        });
        Self { tasks: tasks.collect(), counts, has_to_stop }
    }

    /// Waits until each appended so many batches more.
    async fn each_goes_on(&self, batches: usize) {
        let now = || self.counts.iter().map(|count| count.load(Ordering::Acquire)).collect::<Vec<_>>();
        let (before, started) = (now(), Instant::now());
        while now().iter().zip(&before).any(|(now, before)| *now < before + batches) {
            let ended = self.tasks.iter().any(tokio::task::JoinHandle::is_finished);
            assert!(!ended && started.elapsed() < WAIT_MAX, "{:?} after {before:?}", now());
            tokio::time::sleep(POLL).await;
        }
    }

    /// The records of each key, in the order in which they were acknowledged.
    async fn stop(self) -> BTreeMap<String, Vec<String>> {
        self.has_to_stop.store(true, Ordering::Release);
        let mut acknowledged = BTreeMap::new();
        for task in self.tasks {
            acknowledged.extend([task.await.unwrap()]);
        }
        acknowledged
    }
}

async fn write(log: &SpooledLog, key: String, count: &AtomicUsize, has_to_stop: &AtomicBool) -> (String, Vec<String>) {
    let mut acknowledged = Vec::new();
    for append in 0.. {
        if has_to_stop.load(Ordering::Acquire) {
            break;
        }
        let names: Vec<_> = (0..=append % BATCH_RECORDS_MAX).map(|i| (acknowledged.len() + i).to_string()).collect();
        let appending = log.append(TOPIC, names.iter().map(|name| record(&key, name)).collect());
        let outcomes = tokio::time::timeout(MESSAGE_TIMEOUT + ANSWER_SLACK, appending).await;
        for outcome in outcomes.expect("an append answers within its bound") {
            outcome.unwrap();
        }
        acknowledged.extend(names);
        count.fetch_add(1, Ordering::AcqRel);
    }
    (key, acknowledged)
}

/// Reads until everything that was acknowledged came; answers of each key every record once, in the order in
/// which they first came.
async fn first_occurrences(
    log: &dyn EventLog,
    acknowledged: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, Vec<String>> {
    let started = Instant::now();
    let mut missing: BTreeSet<_> = acknowledged
        .iter()
        .flat_map(|(key, names)| names.iter().map(move |name| (key.clone(), name.clone())))
        .collect();
    let mut seen = BTreeSet::new();
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut reader = log.reader(TOPIC, (0..PARTITIONS).map(|partition| (partition, 0)).collect()).await.unwrap();
    while !missing.is_empty() {
        assert!(started.elapsed() < WAIT_MAX, "{} were never read", missing.len());
        let records = reader.next(up_to(STEP)).await.unwrap();
        for (record, name) in records.iter().zip(payloads(&records)) {
            let key = String::from_utf8(record.key.to_vec()).unwrap();
            missing.remove(&(key.clone(), name.clone()));
            if seen.insert((key.clone(), name.clone())) {
                kept.entry(key).or_default().push(name);
            }
        }
    }
    kept
}
