//! Batches: each row once, whatever is sent, by whomever, however often.

use std::collections::HashMap;

use aibbar::Timestamp;
use store::{
    EventFilter, StoreError,
    WriteOutcome::{AlreadyStored, Conflict, Stored},
};
use uuid::Uuid;

use crate::{
    place::Place,
    rows::{ORG, OTHER_ORG, Row, at, build, find, id_at, mid, newest_first, put, row},
};

pub(crate) async fn a_row_is_stored_once_however_often_it_is_sent(place: &Place) {
    let store = place.open().await;
    let rows = build(&[row(mid("2026-10"))]);
    assert_eq!(store.write(&rows).await.unwrap(), [Stored]);
    assert_eq!(store.write(&rows).await.unwrap(), [AlreadyStored]);
    assert_eq!(place.open().await.write(&rows).await.unwrap(), [AlreadyStored]);
    assert_eq!(store.count(ORG).await.unwrap(), 1);
}

pub(crate) async fn the_same_id_with_another_signature_never_overwrites(place: &Place) {
    let store = place.open().await;
    let first = row(mid("2026-10")).text("first");
    let second = first.clone().text("second").forged();
    assert_eq!(store.write(&build(&[first.clone(), second.clone()])).await.unwrap(), [Stored, Conflict]);
    assert_eq!(store.write(&build(&[second])).await.unwrap(), [Conflict]);
    assert_eq!(store.get(ORG, first.event_id()).await.unwrap(), Some(first.record()));
    assert_eq!(store.count(ORG).await.unwrap(), 1);
}

pub(crate) async fn doubles_within_a_batch_get_their_own_outcomes(place: &Place) {
    let store = place.open().await;
    let (a, b) = (row(mid("2026-10")), row(mid("2026-11")));
    let batch = build(&[b.clone(), a.clone(), a.clone().forged(), a.clone(), b.clone(), b.forged()]);
    let outcomes = store.write(&batch).await.unwrap();
    assert_eq!(outcomes, [Stored, Stored, Conflict, AlreadyStored, AlreadyStored, Conflict]);
    assert_eq!(store.count(ORG).await.unwrap(), 2);
}

pub(crate) async fn doubles_within_a_batch_are_judged_by_what_was_there(place: &Place) {
    let store = place.open().await;
    let there = row(mid("2026-10"));
    put(&*store, std::slice::from_ref(&there)).await;
    let new = row(mid("2026-10"));
    let batch = build(&[there.clone().forged(), there.clone(), new, there.clone().forged()]);
    assert_eq!(store.write(&batch).await.unwrap(), [Conflict, AlreadyStored, Stored, Conflict]);
}

pub(crate) async fn organisations_do_not_share_ids(place: &Place) {
    let store = place.open().await;
    let ours = row(mid("2026-10")).text("ours");
    let theirs = ours.clone().of(OTHER_ORG).text("theirs").forged();
    assert_eq!(store.write(&build(&[ours.clone(), theirs.clone()])).await.unwrap(), [Stored, Stored]);
    assert_eq!(store.get(ORG, ours.event_id()).await.unwrap(), Some(ours.record()));
    assert_eq!(store.get(OTHER_ORG, ours.event_id()).await.unwrap(), Some(theirs.record()));
}

pub(crate) async fn an_empty_batch_is_fine(place: &Place) {
    assert_eq!(place.open().await.write(&[]).await.unwrap(), []);
}

pub(crate) async fn a_thousand_rows_over_many_months_are_stored(place: &Place) {
    let store = place.open().await;
    let start = at("2025-10-20T00:00:00Z");
    let rows: Vec<Row> = (0..1_000).map(|n| row(start.plus_ms(n * 34_000_000))).collect();
    let outcomes = store.write(&build(&rows)).await.unwrap();
    assert_eq!(outcomes.len(), 1_000);
    assert!(outcomes.iter().all(|outcome| *outcome == Stored));
    assert!(store.write(&build(&rows)).await.unwrap().iter().all(|outcome| *outcome == AlreadyStored));
    assert_eq!(find(&*store, ORG, EventFilter::default()).await, newest_first(&rows));
}

pub(crate) async fn ids_outside_of_all_months_are_stored(place: &Place) {
    let store = place.open().await;
    let ids = [Uuid::nil(), id_at(at("2019-12-31T23:59:59.999Z")), id_at(at("2100-01-01T00:00:00Z")), Uuid::max()];
    let rows: Vec<Row> = ids.iter().map(|id| row(mid("2026-10")).id(*id)).collect();
    assert_eq!(store.write(&build(&rows)).await.unwrap(), [Stored; 4]);
    assert_eq!(find(&*store, ORG, EventFilter::default()).await, newest_first(&rows));
}

pub(crate) async fn concurrent_writers_store_each_row_exactly_once(place: &Place) {
    let first = place.open().await;
    let second = place.open().await;
    let rows: Vec<Row> = (0..120).map(|n| row(at("2026-06-01T00:00:00Z").plus_ms(n * 86_400_000))).collect();

    let mut writers = Vec::new();
    for writer in 0..8 {
        let store = if writer % 2 == 0 { first.clone() } else { second.clone() };
        let mut batch = rows.clone();
        batch.rotate_left(writer * 17);
        if writer % 3 == 0 {
            batch.reverse();
        }
        writers.push(tokio::spawn(async move {
            let mut stored = Vec::new();
            for chunk in batch.chunks(40) {
                let outcomes = store.write(&build(chunk)).await.unwrap();
                stored.extend(chunk.iter().zip(outcomes).map(|(row, outcome)| (row.event_id(), outcome)));
            }
            stored
        }));
    }
    let mut times_stored = HashMap::<Uuid, u32>::new();
    for writer in writers {
        for (id, outcome) in writer.await.unwrap() {
            assert_ne!(outcome, Conflict);
            *times_stored.entry(id).or_default() += u32::from(outcome == Stored);
        }
    }
    assert_eq!(times_stored.len(), rows.len());
    assert!(times_stored.values().all(|times| *times == 1));
    assert_eq!(first.count(ORG).await.unwrap(), rows.len() as u64);
}

pub(crate) async fn a_row_that_can_never_be_stored_fails_the_whole_batch(place: &Place) {
    let store = place.open().await;
    let good = row(mid("2026-10"));
    for bad in [good.clone().event("not JSON"), good.clone().event("{\"a\":\"\0\"}"), good.clone().sequence(u64::MAX)] {
        let result = store.write(&build(&[good.clone(), bad])).await;
        assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
        assert_eq!(store.count(ORG).await.unwrap(), 0);
    }
    assert_eq!(store.write(&build(&[good])).await.unwrap(), [Stored]);
}

pub(crate) async fn records_come_back_to_the_byte(place: &Place) {
    let store = place.open().await;
    let events = [
        r#"{"a":"\u0000\u001f\"\\"}"#,
        r#"{"a":1.0,"b":1,"c":1e2,"d":-0.0,"e":9007199254740991}"#,
        r#"{"emoji":"😀👩‍👩‍👧","accents":"e\u0301 é","rtl":"مرحبا"}"#,
        r#"{ "spaces" : [ 1 , 2 ] }"#,
        r#"{"b":1,"a":2,"percent":"100%_","quote":"it's"}"#,
        &format!(r#"{{"large":"{}"}}"#, "é".repeat(200_000)),
    ];
    let rows: Vec<Row> = events.iter().map(|event| row(mid("2026-10")).event(event)).collect();
    put(&*store, &rows).await;
    for row in &rows {
        assert_eq!(store.get(ORG, row.event_id()).await.unwrap(), Some(row.record()));
    }
    assert_eq!(find(&*store, ORG, EventFilter::default()).await, newest_first(&rows));
}

pub(crate) async fn ids_of_sessions_may_be_long_and_hold_nul(place: &Place) {
    let store = place.open().await;
    // Without repetition, so that no database makes it short by compressing it.
    let long: String = (0..3_000).map(|_| Uuid::new_v4().to_string()).collect();
    let rows = [
        row(mid("2026-10")).session(&long).request(&long),
        row(mid("2026-10")).session(&format!("{long}!")),
        row(mid("2026-10")).session("a\0b").request("\0"),
        row(mid("2026-10")).session(""),
    ];
    put(&*store, &rows).await;
    for (session, row) in [(long.as_str(), &rows[0]), ("a\0b", &rows[2]), ("", &rows[3])] {
        let filter = EventFilter { session_id: Some(session.to_owned()), ..EventFilter::default() };
        assert_eq!(find(&*store, ORG, filter).await, [row.record()]);
    }
    let filter = EventFilter { request_id: Some("\0".to_owned()), ..EventFilter::default() };
    assert_eq!(find(&*store, ORG, filter).await, [rows[2].record()]);
}

pub(crate) async fn a_caller_that_goes_away_leaves_the_store_usable(place: &Place) {
    let store = place.open().await;
    let rows: Vec<Row> = (0..200).map(|_| row(mid("2026-10"))).collect();
    for give_up_after_us in (0..4_000).step_by(100) {
        let batch = build(&rows);
        let write = tokio::time::timeout(std::time::Duration::from_micros(give_up_after_us), store.write(&batch));
        let _ = write.await;
        let all = EventFilter::default();
        let query = store.query(ORG, &all, None, 50);
        let _ = tokio::time::timeout(std::time::Duration::from_micros(give_up_after_us), query).await;
    }
    let outcomes = store.write(&build(&rows)).await.unwrap();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Stored | AlreadyStored)));
    assert_eq!(store.count(ORG).await.unwrap(), 200);
    assert_eq!(store.get(ORG, id_at(Timestamp::from_unix_ns(0))).await.unwrap(), None);
}
