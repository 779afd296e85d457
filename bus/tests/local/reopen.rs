//! What is in the folder when the log is opened again, and who may open it.

use std::time::Duration;

use bus::{
    EventLog, LogError, NewRecord,
    local::{LocalLog, LocalSettings},
};
use bytes::Bytes;

use crate::{
    everything, make_topic, open,
    rig::{WAIT_MAX, after, payloads, read_as, record},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_records_and_offsets_are_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    make_topic(&log, "one", 3, None).await;
    make_topic(&log, "other", 1, None).await;
    let headers = vec![("org_id".into(), Bytes::from_static(b"an organisation"))];
    let records = (0..40).map(|i| NewRecord { headers: headers.clone(), ..record(&format!("key-{i}"), "x") });
    assert!(log.append("one", records.collect()).await.iter().all(Result::is_ok));
    let (bounds, records) = (log.bounds("one").await.unwrap(), everything(&log, "one").await);
    log.close(WAIT_MAX).await;
    drop(log);

    let log = open(dir.path());
    assert_eq!(log.bounds("one").await.unwrap(), bounds);
    assert_eq!(everything(&log, "one").await, records);
    assert_eq!(log.bounds("other").await.unwrap().len(), 1);
    assert_eq!(log.bounds("third").await.unwrap_err(), LogError::NoSuchTopic("third".to_owned()));
    let position = log.append("one", vec![record("key-0", "next")]).await.remove(0).unwrap();
    assert_eq!(position.offset, bounds[&position.partition].end);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_groups_positions_are_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path());
    make_topic(&log, "events", 1, None).await;
    let names: Vec<_> = (0..10).map(|i| i.to_string()).collect();
    let records: Vec<_> = names.iter().map(|name| record("k", name)).collect();
    assert!(log.append("events", records).await.iter().all(Result::is_ok));
    for (group, committed) in [("behind", 3), ("done", 10)] {
        let mut member = log.join("events", group, "a member").await.unwrap();
        let records = read_as(&mut *member, 10).await;
        member.commit(&after(&records[..committed])).await.unwrap();
    }
    // Not closed in order: what was committed is on the disk already.
    drop(log);

    let log = open(dir.path());
    for (group, committed) in [("behind", Some(3)), ("done", Some(10)), ("new", None)] {
        assert_eq!(log.lag("events", group).await.unwrap()[0].committed, committed, "{group}");
    }
    let mut member = log.join("events", "behind", "a member").await.unwrap();
    assert_eq!(payloads(&read_as(&mut *member, 7).await), names[3..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_belongs_to_one_log_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let refused = || match LocalLog::open(dir.path(), LocalSettings::default()) {
        Err(LogError::Unavailable(text)) => text,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("opened twice"),
    };
    let first = open(dir.path());
    make_topic(&first, "events", 1, None).await;
    let text = refused();
    assert!(text.contains(dir.path().to_str().unwrap()) && text.contains("is open already"), "{text}");
    // The refusal did no harm to the one that is open.
    assert!(first.append("events", vec![record("k", "a")]).await[0].is_ok());

    first.close(Duration::from_secs(10)).await;
    let second = open(dir.path());
    assert_eq!(payloads(&everything(&second, "events").await), ["a"]);
    refused();
    drop(second);
    open(dir.path());
}
