//! What the local log promises beyond the contract: about its folder, its bounds and its end.
#![allow(clippy::unwrap_used)]

mod bounds;
mod full_disk;
mod layout;
mod reopen;
#[path = "../contract/rig.rs"]
#[allow(dead_code, reason = "shared with the contract suite, which uses all of it")]
mod rig;
mod sigkill;
#[path = "../contract/small_disk.rs"]
mod small_disk;
mod sweep;

use std::{path::Path, time::Duration};

use bus::{
    EventLog, LogRecord, Positions, TopicSpec,
    local::{LocalLog, LocalSettings},
};

/// Opens with the usual bounds.
fn open(dir: &Path) -> LocalLog {
    LocalLog::open(dir, LocalSettings::default()).unwrap()
}

async fn make_topic(log: &LocalLog, name: &str, partitions: u32, retention: Option<Duration>) {
    log.ensure_topic(&TopicSpec { name: name.to_owned(), partitions, retention, compacted: false }).await.unwrap();
}

/// Every record that is kept, each partition's in its order.
async fn everything(log: &LocalLog, topic: &str) -> Vec<LogRecord> {
    let bounds = log.bounds(topic).await.unwrap();
    let count = bounds.values().map(|b| b.end - b.earliest).sum::<u64>();
    let from: Positions = bounds.iter().map(|(partition, b)| (*partition, b.earliest)).collect();
    rig::read(&mut *log.reader(topic, from).await.unwrap(), count as usize).await
}
