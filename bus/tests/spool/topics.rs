//! Records of topics that nobody told the spool of, and of some that are gone when the log is back.

use std::{sync::Arc, time::Duration};

use bus::{
    AppendError, EventLog, LogError, NewRecord,
    spool::{SpoolSettings, SpoolState, SpooledLog, inspect},
};

use crate::{
    TOPIC, everything, faulty,
    faulty::Weather,
    open,
    rig::{payloads, record},
    settings, topic, until, until_drained, until_free,
};

async fn append(log: &SpooledLog, topic: &str, payloads: &[&str]) {
    let records = payloads.iter().map(|payload| record("k", payload)).collect();
    for outcome in log.append(topic, records).await {
        outcome.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_of_any_topic_wait_and_each_topics_are_handed_on_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &settings(dir.path())).await;
    log.create_topic(&topic("orders", 2)).await.unwrap();
    log.create_topic(&topic("parcels", 1)).await.unwrap();
    append(&log, "orders", &["0"]).await;
    // Twice: what was cleared away when it was empty is made again, and counts from the beginning.
    for round in 0..2 {
        primary.set(Weather::Away);
        for n in 1..=50 {
            let n = (round * 50 + n).to_string();
            append(&log, "orders", &[&n]).await;
            append(&log, "parcels", &[&n]).await;
            append(&log, TOPIC, &[&n]).await;
        }
        assert_eq!(log.status().records, 150);
        primary.set(Weather::Fine);
        until_drained(&log).await;
    }
    let from = |first: usize| (first..=100).map(|n| n.to_string()).collect::<Vec<_>>();
    assert_eq!(payloads(&everything(&*primary.log, "orders").await), from(0));
    assert_eq!(payloads(&everything(&*primary.log, "parcels").await), from(1));
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), from(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_whose_topic_is_gone_are_put_aside_and_keep_nobody_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let log = open(&primary, &settings).await;
    log.create_topic(&topic("orders", 1)).await.unwrap();
    let missing = log.append("never there", vec![record("k", "x")]).await;
    assert_eq!(missing, [Err(AppendError::NoSuchTopic("never there".to_owned()))], "the log says so while it answers");

    primary.set(Weather::Away);
    for n in 0..500 {
        append(&log, "orders", &[&n.to_string()]).await;
    }
    append(&log, TOPIC, &["kept"]).await;
    let no_name = log.append("no name", vec![record("k", "x")]).await;
    assert!(matches!(no_name[0], Err(AppendError::Refused(_))), "{no_name:?}");
    log.delete_topic("orders").await.unwrap();
    primary.set(Weather::Fine);
    until(&log, "put aside", |status| status.state == SpoolState::Idle && status.refused_records == 500).await;
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), ["kept"]);
    assert_eq!(log.bounds("orders").await.unwrap_err(), LogError::NoSuchTopic("orders".to_owned()));
    assert_eq!(inspect(&settings.dir).unwrap()[0].refused_records, 500);

    // After a restart the log is asked again, once per topic and not per record, and the rest goes on.
    log.close(Duration::from_secs(5)).await;
    drop(log);
    until_free(&settings).await;
    let log = open(&primary, &settings).await;
    until(&log, "asked again", |status| status.state == SpoolState::Idle && status.refused_records == 500).await;

    // A topic of the name that is there by then takes them.
    log.create_topic(&topic("orders", 1)).await.unwrap();
    log.close(Duration::from_secs(5)).await;
    drop(log);
    until_free(&settings).await;
    let log = open(&primary, &settings).await;
    until(&log, "taken", |status| status.state == SpoolState::Idle && status.refused_records == 0).await;
    let taken: Vec<_> = everything(&*primary.log, "orders").await;
    assert_eq!(payloads(&taken), (0..500).map(|n| n.to_string()).collect::<Vec<_>>());
    assert!(taken.iter().all(|record| record.headers.is_empty()), "as they were");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_of_which_records_wait_are_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log: Arc<_> = open(&primary, &SpoolSettings { topics_max: 3, ..settings(dir.path()) }).await;
    for name in ["one", "two", "three", "four"] {
        log.create_topic(&topic(name, 1)).await.unwrap();
    }
    primary.set(Weather::Away);
    for name in ["one", "two", "three", "one"] {
        append(&log, name, &["waits"]).await;
    }
    let refused = log.append("four", vec![record("k", "x")]).await;
    assert!(matches!(refused[0], Err(AppendError::Unavailable(_))), "{refused:?}");
    primary.set(Weather::Fine);
    until_drained(&log).await;
    assert!(log.append("four", vec![record("k", "x")]).await[0].is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tombstones_and_records_without_a_key_wait_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &settings(dir.path())).await;
    primary.set(Weather::Away);
    let batch = vec![record("k", ""), record("", "no key"), NewRecord { headers: Vec::new(), ..record("", "") }];
    assert!(log.append(TOPIC, batch.clone()).await.iter().all(Result::is_ok));
    primary.set(Weather::Fine);
    until_drained(&log).await;
    let kept = everything(&*primary.log, TOPIC).await;
    let mut kept: Vec<_> = kept.into_iter().map(|record| (record.key, record.payload)).collect();
    kept.sort();
    let mut sent: Vec<_> = batch.into_iter().map(|record| (record.key, record.payload)).collect();
    sent.sort();
    assert_eq!(kept, sent);
}
