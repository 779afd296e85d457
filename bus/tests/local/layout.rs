//! A file that an older program wrote, with everything in it.

use bus::{
    EventLog, TopicConfig,
    local::{peek_folder, weigh_folder},
};
use rusqlite::Connection;

use crate::{
    everything, open,
    rig::{payloads, read_as, record},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_layout_1_goes_on_where_it_was_and_can_do_what_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let old = Connection::open(dir.path().join("log.db")).unwrap();
    old.pragma_update(None, "journal_mode", "WAL").unwrap();
    old.execute_batch(include_str!("layout_1.sql")).unwrap();
    drop(old);
    // Whoever only looks leaves it as it is.
    let mut weights = weigh_folder(dir.path()).unwrap();
    weights.sort_by(|one, other| one.0.cmp(&other.0));
    let weighed: Vec<_> = weights.iter().map(|(name, weight)| (name.as_str(), weight.records)).collect();
    assert_eq!(weighed, [("aibbar.events", 2), ("other", 1)]);
    let mut peeked = Vec::new();
    peek_folder(dir.path(), "aibbar.events", |record| peeked.push(record)).unwrap();

    let log = open(dir.path());
    let records = everything(&log, "aibbar.events").await;
    assert_eq!(peeked, records);
    assert_eq!(payloads(&records), ["a", "bb"]);
    assert_eq!(records[1].header("name").unwrap(), "value");
    assert_eq!(log.lag("aibbar.events", "store").await.unwrap()[0].committed, Some(3));
    let mut member = log.join("aibbar.events", "store", "member").await.unwrap();
    assert_eq!(payloads(&read_as(&mut *member, 1).await), ["bb"]);

    // Keys, headers and payloads of what it holds, as an append counts them too.
    let described = log.describe_topic("aibbar.events").await.unwrap();
    assert_eq!((described.partitions, described.bytes), (2, Some(1 + 1 + 1 + 17 + 2)));
    log.append("other", vec![record("k", "d")]).await.remove(0).unwrap();
    assert_eq!(log.describe_topic("other").await.unwrap().bytes, Some(3 + 2));
    log.configure_topic("other", TopicConfig { retention: None, compacted: true }).await.unwrap();
    log.add_partitions("aibbar.events", 3).await.unwrap();
    assert_eq!(log.bounds("aibbar.events").await.unwrap().len(), 3);
    member.leave().await;
    log.delete_topic("aibbar.events").await.unwrap();
    drop(log);
    let log = open(dir.path());
    assert!(log.bounds("aibbar.events").await.is_err());
    assert!(log.describe_topic("other").await.unwrap().config.compacted);
}
