//! What a log with a spool behind it promises, on real logs: a local one with faults put in front of it,
//! and Kafka.
#![allow(clippy::unwrap_used)]

mod bounds;
mod faulty;
mod full_disk;
mod kafka;
mod order;
mod recovery;
#[path = "../contract/rig.rs"]
#[allow(dead_code, reason = "shared with the contract suite, which uses all of it")]
mod rig;
mod sigkill;
#[path = "../contract/small_disk.rs"]
mod small_disk;
mod topics;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use bus::{
    EventLog, LogRecord, Positions, TopicSpec,
    local::{LocalLog, LocalSettings},
    spool::{SpoolSettings, SpoolState, SpoolStatus, SpooledLog},
};
use faulty::Faulty;
use rig::WAIT_MAX;

/// One poll of whatever is waited for.
const POLL: Duration = Duration::from_millis(2);

const TOPIC: &str = "events";

fn topic(name: &str, partitions: u32) -> TopicSpec {
    TopicSpec { name: name.to_owned(), partitions, retention: None, compacted: false }
}

/// A spool in this folder, for [`TOPIC`], that is not full because the disk of whoever runs this is.
fn settings(dir: &Path) -> SpoolSettings {
    SpoolSettings { free_bytes_min: 0, ..SpoolSettings::new(dir.join("spool"), vec![topic(TOPIC, 3)]) }
}

/// A log in this folder that fails when it is told to.
async fn faulty(dir: &Path) -> Arc<Faulty> {
    let log = LocalLog::open(&dir.join("log"), LocalSettings::default()).unwrap();
    log.ensure_topic(&topic(TOPIC, 3)).await.unwrap();
    Arc::new(Faulty::new(log))
}

async fn open(log: &Arc<Faulty>, settings: &SpoolSettings) -> Arc<SpooledLog> {
    Arc::new(SpooledLog::open(log.clone(), settings.clone()).await)
}

/// Waits until the spool says this.
async fn until(log: &SpooledLog, what: &str, condition: impl Fn(&SpoolStatus) -> bool) {
    let started = Instant::now();
    while !condition(&log.status()) {
        assert!(started.elapsed() < WAIT_MAX, "not {what}: {:?}", log.status());
        tokio::time::sleep(POLL).await;
    }
}

async fn until_drained(log: &SpooledLog) {
    until(log, "drained", |status| status.state == SpoolState::Idle && status.records == 0).await;
}

/// Waits until nobody holds the slots of a spool that was dropped.
async fn until_free(settings: &SpoolSettings) {
    let started = Instant::now();
    while LocalLog::open_if_free(&settings.dir.join("0"), LocalSettings::default()).unwrap().is_none() {
        assert!(started.elapsed() < WAIT_MAX, "the spool's folder is never free");
        tokio::time::sleep(POLL).await;
    }
}

/// Every record of the topic, each partition's in its order.
async fn everything(log: &dyn EventLog, topic: &str) -> Vec<LogRecord> {
    let bounds = log.bounds(topic).await.unwrap();
    let count = bounds.values().map(|b| b.end - b.earliest).sum::<u64>();
    let from: Positions = bounds.iter().map(|(partition, b)| (*partition, b.earliest)).collect();
    rig::read(&mut *log.reader(topic, from).await.unwrap(), count as usize).await
}
