//! What a reader sees.

use std::time::Duration;

use bus::{NewRecord, PartitionBounds, Positions, ReadLimits};
use bytes::Bytes;

use crate::rig::{Rig, STEP, WAIT_MAX, payloads, read, up_to};

const NAMES: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

async fn ten(rig: &Rig) -> String {
    let topic = rig.topic(1).await;
    rig.append(&topic, &NAMES.map(|name| ("k", name))).await;
    topic
}

pub(crate) async fn what_was_appended_is_read_back_whole(rig: Rig) {
    let topic = rig.topic(1).await;
    let all_bytes: Vec<u8> = (0..=255).collect();
    let sent = NewRecord {
        key: Bytes::from_static(b"key"),
        payload: all_bytes.into(),
        headers: vec![("org_id".into(), Bytes::from_static(b"an organisation")), ("empty".into(), Bytes::new())],
    };
    rig.log.append(&topic, vec![sent.clone()]).await.remove(0).unwrap();
    let got = read(&mut *rig.reader_of_all(&topic).await, 1).await.remove(0);
    assert_eq!((&got.key, &got.payload), (&sent.key, &sent.payload));
    assert_eq!(got.header("org_id"), Some(&Bytes::from_static(b"an organisation")));
    assert_eq!(got.header("empty"), Some(&Bytes::new()));
    assert_eq!(got.header("other"), None);
    assert!(got.appended_at_ms > 1_700_000_000_000);
}

pub(crate) async fn a_reader_starts_at_any_offset_and_reads_no_other_partition(rig: Rig) {
    let topic = ten(&rig).await;
    for from in [0, 3, 9] {
        let mut reader = rig.log.reader(&topic, [(0, from)].into()).await.unwrap();
        let records = read(&mut *reader, 10 - from as usize).await;
        assert_eq!(payloads(&records), NAMES[from as usize..]);
    }
    let several = rig.topic(3).await;
    let keys: Vec<_> = (0..30).map(|i| format!("key-{i}")).collect();
    let records: Vec<_> = keys.iter().map(|key| (key.as_str(), "x")).collect();
    rig.append(&several, &records).await;
    let end = rig.log.bounds(&several).await.unwrap()[&1].end;
    let mut reader = rig.log.reader(&several, [(1, 0)].into()).await.unwrap();
    let records = read(&mut *reader, end as usize).await;
    assert!(records.iter().all(|r| r.position.partition == 1));
    let mut nothing = rig.log.reader(&several, Positions::new()).await.unwrap();
    assert!(nothing.next(up_to(Duration::from_millis(10))).await.unwrap().is_empty());
}

pub(crate) async fn limits_hold_and_one_record_always_comes(rig: Rig) {
    let topic = ten(&rig).await;
    let mut reader = rig.reader_of_all(&topic).await;
    let mut seen = Vec::new();
    let limits = ReadLimits { records_max: 3, bytes_max: 1 << 20, wait_max: WAIT_MAX };
    while seen.len() < 6 {
        let records = reader.next(limits).await.unwrap();
        assert!((1..=3).contains(&records.len()));
        seen.extend(payloads(&records));
    }
    // Of each record the key counts as the payload does: here a byte each.
    let limits = ReadLimits { records_max: 100, bytes_max: 4, wait_max: WAIT_MAX };
    while seen.len() < 9 {
        let records = reader.next(limits).await.unwrap();
        assert!((1..=2).contains(&records.len()));
        seen.extend(payloads(&records));
    }
    let limits = ReadLimits { records_max: 100, bytes_max: 0, wait_max: WAIT_MAX };
    while seen.len() < 10 {
        let records = reader.next(limits).await.unwrap();
        assert_eq!(records.len(), 1);
        seen.extend(payloads(&records));
    }
    assert_eq!(seen, NAMES);
}

pub(crate) async fn a_waiting_reader_is_woken_by_an_append(rig: Rig) {
    let topic = rig.topic(2).await;
    let mut reader = rig.reader_of_all(&topic).await;
    let reading = tokio::spawn(async move { reader.next(up_to(WAIT_MAX)).await });
    rig.append(&topic, &[("k", "wake up")]).await;
    assert_eq!(payloads(&reading.await.unwrap().unwrap()), ["wake up"]);
}

pub(crate) async fn a_read_that_was_dropped_loses_nothing(rig: Rig) {
    let topic = ten(&rig).await;
    let mut reader = rig.reader_of_all(&topic).await;
    let mut seen = Vec::new();
    let limits = ReadLimits { records_max: 1, bytes_max: 1 << 20, wait_max: STEP };
    for round in 0.. {
        assert!(round < 10_000, "{seen:?}");
        // Given up after almost no time, over and over: sometimes before a record came, sometimes not.
        let given_up = tokio::time::timeout(Duration::from_micros(50 * (round % 40)), reader.next(limits)).await;
        if let Ok(records) = given_up {
            seen.extend(payloads(&records.unwrap()));
        }
        if seen.len() == 10 {
            break;
        }
    }
    assert_eq!(seen, NAMES);
}

pub(crate) async fn bounds_tell_what_can_be_read(rig: Rig) {
    let topic = rig.topic(2).await;
    let empty = PartitionBounds { earliest: 0, end: 0 };
    assert_eq!(rig.log.bounds(&topic).await.unwrap(), [(0, empty), (1, empty)].into());
    rig.append(&topic, &[("k", "a"), ("k", "b")]).await;
    let bounds = rig.log.bounds(&topic).await.unwrap();
    let partition = bus::partition_for_key(b"k", 2);
    assert_eq!(bounds[&partition], PartitionBounds { earliest: 0, end: 2 });
    assert_eq!(bounds[&(1 - partition)], empty);
}

pub(crate) async fn what_a_reader_has_passed_is_never_more_than_it_read(rig: Rig) {
    let topic = ten(&rig).await;
    let mut reader = rig.log.reader(&topic, [(0, 4)].into()).await.unwrap();
    let limits = ReadLimits { records_max: 2, bytes_max: 1 << 20, wait_max: WAIT_MAX };
    for _ in 0..3 {
        let records = reader.next(limits).await.unwrap();
        let next = records.last().unwrap().position.offset + 1;
        // One that does not know says nothing.
        assert!(reader.passed().values().all(|passed| *passed == next), "{:?}", reader.passed());
    }
}
