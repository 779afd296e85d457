//! What an acknowledgement means.

use std::{collections::BTreeSet, time::Duration};

use bus::{AppendError, LogError, Position, TopicSpec, partition_for_key};

use crate::rig::{Rig, payloads, read, record};

pub(crate) async fn records_of_one_key_stay_together_and_in_order(rig: Rig) {
    let topic = rig.topic(4).await;
    for round in 0..20 {
        let payloads: Vec<_> = (0..6).map(|key| (format!("key-{key}"), format!("{key}:{round}"))).collect();
        let records: Vec<_> = payloads.iter().map(|(key, payload)| (key.as_str(), payload.as_str())).collect();
        rig.append(&topic, &records).await;
    }
    let records = read(&mut *rig.reader_of_all(&topic).await, 120).await;
    for key in 0..6 {
        let of_key: Vec<_> = records.iter().filter(|r| r.key == format!("key-{key}")).collect();
        let partitions: BTreeSet<_> = of_key.iter().map(|r| r.position.partition).collect();
        assert_eq!(partitions.len(), 1);
        let rounds: Vec<_> = of_key.iter().map(|r| String::from_utf8(r.payload.to_vec()).unwrap()).collect();
        assert_eq!(rounds, (0..20).map(|round| format!("{key}:{round}")).collect::<Vec<_>>());
    }
}

pub(crate) async fn a_key_leads_to_the_same_partition_in_both_logs(rig: Rig) {
    let topic = rig.topic(7).await;
    let keys: Vec<_> = (0..50).map(|i| format!("0198f3c2-7c1e-7d30-8e55-{i:012}")).collect();
    let outcomes = rig.log.append(&topic, keys.iter().map(|key| record(key, "x")).collect()).await;
    for (key, outcome) in keys.iter().zip(outcomes) {
        assert_eq!(outcome.unwrap().partition, partition_for_key(key.as_bytes(), 7), "{key}");
    }
}

pub(crate) async fn every_record_has_its_outcome_in_the_batchs_order(rig: Rig) {
    let topic = rig.topic(3).await;
    let keys: Vec<_> = (0..30).map(|i| format!("key-{i}")).collect();
    let outcomes = rig.log.append(&topic, keys.iter().map(|key| record(key, key)).collect()).await;
    assert_eq!(outcomes.len(), 30);
    let records = read(&mut *rig.reader_of_all(&topic).await, 30).await;
    for (key, outcome) in keys.iter().zip(outcomes) {
        let position = outcome.unwrap();
        let found = records.iter().find(|r| r.position == position).unwrap();
        assert_eq!(found.payload, key.as_bytes());
    }
}

pub(crate) async fn many_writers_get_every_offset_once(rig: Rig) {
    let topic = rig.topic(3).await;
    let writers = (0..32).map(|writer| {
        let (log, topic) = (rig.log.clone(), topic.clone());
        tokio::spawn(async move {
            let mut positions = Vec::new();
            for i in 0..25 {
                let key = format!("{writer}-{i}");
                let outcomes = log.append(&topic, vec![record(&key, "a"), record(&key, "b")]).await;
                positions.extend(outcomes.into_iter().map(Result::unwrap));
            }
            positions
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut positions: Vec<Position> = Vec::new();
    for writer in writers {
        positions.extend(writer.await.unwrap());
    }
    let distinct: BTreeSet<_> = positions.iter().copied().collect();
    assert_eq!((positions.len(), distinct.len()), (1_600, 1_600));
    for (partition, bounds) in rig.log.bounds(&topic).await.unwrap() {
        let offsets = distinct.iter().filter(|p| p.partition == partition).count() as u64;
        assert_eq!((bounds.earliest, bounds.end), (0, offsets));
    }
}

pub(crate) async fn an_empty_batch_is_an_empty_answer(rig: Rig) {
    let topic = rig.topic(1).await;
    assert!(rig.log.append(&topic, Vec::new()).await.is_empty());
}

pub(crate) async fn a_large_record_is_taken_and_one_over_the_bound_is_refused_alone(rig: Rig) {
    let topic = rig.topic(1).await;
    let (large, too_large) = ("x".repeat(300 * 1024), "x".repeat(1024 * 1024 + 1));
    let batch = vec![record("k", "first"), record("k", &large), record("k", &too_large), record("k", "last")];
    let outcomes = rig.log.append(&topic, batch).await;
    assert!(outcomes[0].is_ok() && outcomes[1].is_ok() && outcomes[3].is_ok(), "{outcomes:?}");
    assert_eq!(outcomes[2], Err(AppendError::TooLarge));
    let records = read(&mut *rig.reader_of_all(&topic).await, 3).await;
    assert_eq!(payloads(&records), ["first", &large, "last"]);
}

pub(crate) async fn a_topic_that_is_not_there_is_named(rig: Rig) {
    let missing = rig.name("missing");
    let no_such_topic = LogError::NoSuchTopic(missing.clone());
    assert_eq!(rig.log.bounds(&missing).await.unwrap_err(), no_such_topic);
    assert_eq!(rig.log.reader(&missing, [(0, 0)].into()).await.err(), Some(no_such_topic.clone()));
    assert_eq!(rig.log.join(&missing, "group", "a member").await.err(), Some(no_such_topic.clone()));
    assert_eq!(rig.log.lag(&missing, "group").await.unwrap_err(), no_such_topic);
}

pub(crate) async fn a_topic_is_made_once_and_stays_as_it_is(rig: Rig) {
    let topic = rig.topic(2).await;
    rig.append(&topic, &[("k", "kept")]).await;
    let other = TopicSpec {
        name: topic.clone(),
        partitions: 5,
        retention: Some(Duration::from_secs(86_400)),
        compacted: false,
    };
    rig.log.ensure_topic(&other).await.unwrap();
    assert_eq!(rig.log.bounds(&topic).await.unwrap().len(), 2);
    assert_eq!(payloads(&read(&mut *rig.reader_of_all(&topic).await, 1).await), ["kept"]);
}

pub(crate) async fn a_name_that_is_none_is_refused(rig: Rig) {
    for (name, partitions) in [("a b", 1), ("", 1), ("..", 1), ("fine", 0)] {
        let spec = TopicSpec { name: name.into(), partitions, retention: None, compacted: false };
        assert!(matches!(rig.log.ensure_topic(&spec).await, Err(LogError::InvalidTopic(_))), "{name:?}");
    }
}

pub(crate) async fn a_closed_log_takes_nothing_more(rig: Rig) {
    let topic = rig.topic(1).await;
    rig.append(&topic, &[("k", "before")]).await;
    rig.log.close(Duration::from_secs(10)).await;
    let outcomes = rig.log.append(&topic, vec![record("k", "after")]).await;
    assert_eq!(outcomes, [Err(AppendError::Closed)]);
    assert_eq!(rig.log.check().await, Err(LogError::Closed));
}

pub(crate) async fn a_log_that_answers_says_so(rig: Rig) {
    assert_eq!(rig.log.check().await, Ok(()));
}
