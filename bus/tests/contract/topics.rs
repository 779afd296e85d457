//! Topics that are made, changed and deleted, also while they are in use.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant, SystemTime},
};

use bus::{AppendError, LogError, LogRecord, NewRecord, Positions, TopicConfig, TopicSpec, partition_for_key};
use bytes::Bytes;

use crate::rig::{Rig, STEP, WAIT_MAX, after, payloads, read, read_as, record, up_to};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn spec(name: &str, partitions: u32) -> TopicSpec {
    TopicSpec { name: name.to_owned(), partitions, retention: None, compacted: false }
}

fn kept(retention: Option<Duration>, compacted: bool) -> TopicConfig {
    TopicConfig { retention, compacted }
}

pub(crate) async fn a_topic_is_made_once_and_told_of_as_it_was_made(rig: Rig) {
    let name = rig.name("made.topic");
    let wanted = TopicSpec { retention: Some(7 * DAY), compacted: true, ..spec(&name, 3) };
    rig.log.create_topic(&wanted).await.unwrap();
    let described = rig.log.describe_topic(&name).await.unwrap();
    assert_eq!((described.partitions, described.config), (3, kept(Some(7 * DAY), true)));

    let exists = |name: &str| Err(LogError::TopicExists(name.to_owned()));
    assert_eq!(rig.log.create_topic(&wanted).await, exists(&name));
    // Kafka could not tell it from the first one.
    let like_it = name.replace('.', "_");
    assert_eq!(rig.log.create_topic(&spec(&like_it, 1)).await, exists(&like_it));
    assert_eq!(rig.log.describe_topic(&name).await.unwrap(), described);
}

pub(crate) async fn what_is_changed_is_told_and_the_rest_stays(rig: Rig) {
    let topic = rig.topic(2).await;
    rig.append(&topic, &[("k", "kept")]).await;
    for config in [kept(Some(DAY), false), kept(None, true), kept(Some(30 * DAY), true), kept(None, false)] {
        rig.log.configure_topic(&topic, config).await.unwrap();
        let described = rig.log.describe_topic(&topic).await.unwrap();
        assert_eq!((described.partitions, described.config), (2, config));
    }
    assert_eq!(payloads(&read(&mut *rig.reader_of_all(&topic).await, 1).await), ["kept"]);
}

pub(crate) async fn bytes_are_told_without_scanning_or_not_at_all(rig: Rig) {
    let topic = rig.topic(2).await;
    let Some(empty) = rig.log.describe_topic(&topic).await.unwrap().bytes else { return };
    assert_eq!(empty, 0);
    rig.append(&topic, &[("key", "payload"), ("other key", "p")]).await;
    let headers = vec![("name".into(), Bytes::from_static(b"value"))];
    rig.log.append(&topic, vec![NewRecord { headers, ..record("k", "v") }]).await.remove(0).unwrap();
    let all = "key".len() + "payload".len() + "other key".len() + "p".len() + "k".len() + "v".len();
    let bytes = rig.log.describe_topic(&topic).await.unwrap().bytes.unwrap();
    // Headers have lengths beside them.
    assert!((all + "namevalue".len()..all + "namevalue".len() + 16).contains(&(bytes as usize)), "{bytes}");
}

pub(crate) async fn a_topic_that_is_not_there_is_named_whatever_is_asked(rig: Rig) {
    let missing = rig.name("missing");
    let error = LogError::NoSuchTopic(missing.clone());
    assert_eq!(rig.log.delete_topic(&missing).await, Err(error.clone()));
    assert_eq!(rig.log.describe_topic(&missing).await, Err(error.clone()));
    assert_eq!(rig.log.configure_topic(&missing, kept(None, false)).await, Err(error.clone()));
    assert_eq!(rig.log.add_partitions(&missing, 2).await, Err(error.clone()));
    assert_eq!(rig.log.offsets_at(&missing, 0).await, Err(error.clone()));
    assert_eq!(rig.log.groups(&missing, "").await, Err(error.clone()));
    assert_eq!(rig.log.reset_group(&missing, "group", &[(0, 0)].into()).await, Err(error));
}

pub(crate) async fn a_deleted_topic_is_gone_and_one_of_its_name_begins_empty(rig: Rig) {
    let topic = rig.topic(3).await;
    let group = rig.name("group");
    let records: Vec<_> = (0..60).map(|i| record(&format!("key-{i}"), "old")).collect();
    assert!(rig.log.append(&topic, records).await.iter().all(Result::is_ok));
    let mut member = rig.join(&topic, &group).await;
    let read_before = read_as(&mut *member, 60).await;
    member.commit(&after(&read_before)).await.unwrap();
    member.leave().await;

    for round in ["first", "second"] {
        rig.log.delete_topic(&topic).await.unwrap();
        let gone = LogError::NoSuchTopic(topic.clone());
        assert_eq!(rig.log.bounds(&topic).await.unwrap_err(), gone);
        assert_eq!(rig.log.describe_topic(&topic).await, Err(gone));
        // At once: whatever of the old one is still to be cleared away is in nobody's way.
        rig.log.create_topic(&spec(&topic, 2)).await.unwrap();
        let bounds = rig.log.bounds(&topic).await.unwrap();
        assert_eq!(bounds.values().map(|b| (b.earliest, b.end)).collect::<Vec<_>>(), [(0, 0), (0, 0)]);
        rig.append(&topic, &[("k", round)]).await;
        assert_eq!(payloads(&read(&mut *rig.reader_of_all(&topic).await, 1).await), [round]);
        let started = Instant::now();
        while rig.log.lag(&topic, &group).await.unwrap().iter().any(|lag| lag.committed.is_some()) {
            assert!(started.elapsed() < WAIT_MAX, "the group's positions outlive its topic");
            tokio::time::sleep(STEP).await;
        }
    }
}

pub(crate) async fn whoever_reads_a_topic_is_told_that_it_was_deleted(rig: Rig) {
    let topic = rig.topic(2).await;
    rig.append(&topic, &[("k", "read")]).await;
    let mut reader = rig.reader_of_all(&topic).await;
    read(&mut *reader, 1).await;
    let mut member = rig.join(&topic, &rig.name("group")).await;
    read_as(&mut *member, 1).await;
    let waiting_reader = tokio::spawn(async move { reader.next(up_to(WAIT_MAX)).await });
    let waiting_member = tokio::spawn(async move { member.next(up_to(WAIT_MAX)).await });
    rig.log.delete_topic(&topic).await.unwrap();
    let gone = LogError::NoSuchTopic(topic.clone());
    assert_eq!(waiting_reader.await.unwrap(), Err(gone.clone()));
    assert_eq!(waiting_member.await.unwrap(), Err(gone));
    let started = Instant::now();
    loop {
        let outcome = rig.log.append(&topic, vec![record("k", "late")]).await.remove(0);
        if outcome == Err(AppendError::NoSuchTopic(topic.clone())) {
            break;
        }
        assert!(outcome.is_err() && started.elapsed() < WAIT_MAX, "{outcome:?}");
    }
}

pub(crate) async fn partitions_that_are_added_are_written_to_and_come_to_the_members(rig: Rig) {
    let topic = rig.topic(2).await;
    let group = rig.name("group");
    let mut members = [rig.join(&topic, &group).await, rig.join(&topic, &group).await];
    rig.append(&topic, &[("before", "before")]).await;
    let fewer = rig.log.add_partitions(&topic, 1).await;
    assert!(matches!(fewer, Err(LogError::InvalidTopic(_))), "{fewer:?}");
    rig.log.add_partitions(&topic, 6).await.unwrap();
    rig.log.add_partitions(&topic, 6).await.unwrap();
    assert_eq!(rig.log.describe_topic(&topic).await.unwrap().partitions, 6);
    assert_eq!(rig.log.bounds(&topic).await.unwrap().len(), 6);

    // From then on records go where their keys lead among six, and in the end both members read them.
    let started = Instant::now();
    let (mut seen, mut held) = (BTreeSet::new(), vec![BTreeSet::new(); 2]);
    for round in 0.. {
        assert!(started.elapsed() < WAIT_MAX, "{held:?}");
        let keys: Vec<_> = (0..60).map(|i| format!("key-{round}-{i}")).collect();
        let outcomes = rig.log.append(&topic, keys.iter().map(|key| record(key, key)).collect()).await;
        for (outcome, key) in outcomes.iter().zip(&keys) {
            assert_eq!(outcome.as_ref().unwrap().partition, partition_for_key(key.as_bytes(), 6));
        }
        for (member, held) in members.iter_mut().zip(&mut held) {
            let records = member.next(up_to(STEP)).await.unwrap();
            seen.extend(records.iter().map(|record| record.position.partition));
            *held = BTreeSet::from_iter(member.holds());
        }
        if seen.len() == 6 && held.iter().all(|held| held.len() == 3) && held[0].is_disjoint(&held[1]) {
            break;
        }
    }
}

pub(crate) async fn a_time_leads_to_the_first_record_from_then_on(rig: Rig) {
    let topic = rig.topic(2).await;
    let now_ms = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
    let before = now_ms();
    for round in 0..4 {
        let keys: Vec<_> = (0..20).map(|i| format!("key-{round}-{i}")).collect();
        rig.log.append(&topic, keys.iter().map(|key| record(key, key)).collect()).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let records = read(&mut *rig.reader_of_all(&topic).await, 80).await;
    let times: BTreeSet<_> = records.iter().map(|record| record.appended_at_ms).collect();
    assert!(times.len() >= 4, "{times:?}");
    let ends: Positions = rig.log.bounds(&topic).await.unwrap().into_iter().map(|(p, b)| (p, b.end)).collect();
    let first_from = |at_ms: i64| {
        let mut first = ends.clone();
        for LogRecord { position, appended_at_ms, .. } in &records {
            let offset = first.get_mut(&position.partition).unwrap();
            if *appended_at_ms >= at_ms {
                *offset = (*offset).min(position.offset);
            }
        }
        first
    };
    let asked = times.iter().flat_map(|time| [*time, time + 1]).chain([before - 60_000, 0, now_ms() + 60_000]);
    for at_ms in asked {
        assert_eq!(rig.log.offsets_at(&topic, at_ms).await.unwrap(), first_from(at_ms), "{at_ms}");
    }
}

pub(crate) async fn a_place_leads_to_the_time_of_its_record(rig: Rig) {
    let topic = rig.topic(3).await;
    for round in 0..6 {
        let keys: Vec<_> = (0..20).map(|i| format!("key-{round}-{i}")).collect();
        rig.log.append(&topic, keys.iter().map(|key| record(key, key)).collect()).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let records = read(&mut *rig.reader_of_all(&topic).await, 120).await;
    let ends: Positions = rig.log.bounds(&topic).await.unwrap().into_iter().map(|(p, b)| (p, b.end)).collect();
    let taken_at = |places: &Positions| -> BTreeMap<_, _> {
        let is_asked = |record: &&LogRecord| places.get(&record.position.partition) == Some(&record.position.offset);
        records.iter().filter(is_asked).map(|record| (record.position.partition, record.appended_at_ms)).collect()
    };
    let last = |partition: u32| ends[&partition] - 1;
    // The same partitions again and again, each time elsewhere, and not always all of them.
    for places in [
        Positions::from([(0, 0), (1, 0), (2, 0)]),
        Positions::from([(0, last(0)), (1, last(1)), (2, last(2))]),
        Positions::from([(1, 3)]),
        Positions::from([(0, 1), (2, 2)]),
        Positions::from([(0, 0), (1, 0), (2, 0)]),
    ] {
        let expected = taken_at(&places);
        assert_eq!(expected.len(), places.len());
        assert_eq!(rig.log.appended_at(&topic, &places).await.unwrap(), expected, "{places:?}");
    }
    assert_eq!(rig.log.appended_at(&topic, &Positions::new()).await.unwrap(), BTreeMap::new());
}

pub(crate) async fn records_without_a_key_go_to_all_partitions_and_are_read_back_without_one(rig: Rig) {
    let topic = rig.topic(3).await;
    let started = Instant::now();
    let mut partitions = BTreeSet::new();
    let mut count = 0;
    while partitions.len() < 3 {
        assert!(started.elapsed() < WAIT_MAX, "{partitions:?}");
        let outcomes = rig.log.append(&topic, vec![record("", "no key"); 10]).await;
        partitions.extend(outcomes.into_iter().map(|outcome| outcome.unwrap().partition));
        count += 10;
    }
    rig.append(&topic, &[("key", "")]).await;
    let records = read(&mut *rig.reader_of_all(&topic).await, count + 1).await;
    let (tombstones, others): (Vec<_>, Vec<_>) = records.into_iter().partition(|record| record.payload.is_empty());
    assert_eq!(tombstones.iter().map(|record| record.key.clone()).collect::<Vec<_>>(), ["key"]);
    assert!(others.iter().all(|record| record.key.is_empty() && record.payload == "no key"));
}

pub(crate) async fn a_compacted_topic_keeps_the_newest_of_each_key_and_takes_no_record_without_one(rig: Rig) {
    let name = rig.name("topic");
    rig.log.create_topic(&TopicSpec { compacted: true, ..spec(&name, 2) }).await.unwrap();
    rig.hurry_compaction(&name);
    let refused = rig.log.append(&name, vec![record("", "refused")]).await;
    assert!(matches!(refused[0], Err(AppendError::Refused(_))), "{refused:?}");

    // Until older records are gone, newer ones are written: a log may keep what was written last as it is.
    let started = Instant::now();
    let mut newest = BTreeMap::new();
    for round in 0.. {
        assert!(started.elapsed() < WAIT_MAX, "nothing is ever compacted");
        let records: Vec<_> = (0..8).map(|key| (format!("key-{key}"), format!("{key}:{round}"))).collect();
        for (key, payload) in &records {
            rig.append(&name, &[(key, payload)]).await;
            newest.insert(key.clone(), payload.clone());
        }
        let bounds = rig.log.bounds(&name).await.unwrap();
        let from = bounds.iter().map(|(partition, bounds)| (*partition, bounds.earliest)).collect();
        let mut reader = rig.log.reader(&name, from).await.unwrap();
        let mut kept = Vec::new();
        while !bounds.iter().all(|(partition, bounds)| {
            // The last record of a partition is always there.
            let last = bounds.end.checked_sub(1);
            last.is_none_or(|last| {
                kept.iter().any(|r: &LogRecord| (r.position.partition, r.position.offset) == (*partition, last))
            })
        }) {
            assert!(started.elapsed() < WAIT_MAX, "the end is never read");
            kept.extend(reader.next(up_to(STEP)).await.unwrap());
        }
        let last_of: BTreeMap<_, _> = kept
            .iter()
            .map(|r| (String::from_utf8(r.key.to_vec()).unwrap(), String::from_utf8(r.payload.to_vec()).unwrap()))
            .collect();
        for (key, payload) in &newest {
            assert_eq!(last_of.get(key), Some(payload), "the newest record of a key is gone");
        }
        let appended = bounds.values().map(|bounds| bounds.end - bounds.earliest).sum::<u64>();
        if round > 3 && (kept.len() as u64) < appended / 2 {
            // In the order in which they came, with the offsets that they had.
            for pair in kept.windows(2).filter(|pair| pair[0].position.partition == pair[1].position.partition) {
                assert!(pair[0].position.offset < pair[1].position.offset);
            }
            break;
        }
        tokio::time::sleep(STEP).await;
    }
}
