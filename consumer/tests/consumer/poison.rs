//! Whatever rows of a batch the store never takes: every other row is written once, in order, and each of these has its
//! letter. On the real local log and the real SQLite store.

use std::time::Duration;

use aibbar::dead_letter::Reason;
use proptest::prelude::*;

use crate::rig::{Rig, record_saying};

/// A record in which this stands fails for a reason that nobody can tell.
const FAILING: &str = "the store fails on this";

/// What a row is to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Good,
    /// Refused for good.
    Refused,
    /// Fails for a reason that nobody can tell.
    Failing,
    /// No record at all.
    Garbage,
}

fn batch() -> impl Strategy<Value = (Vec<Row>, usize)> {
    let row =
        prop_oneof![4 => Just(Row::Good), 1 => Just(Row::Refused), 1 => Just(Row::Failing), 1 => Just(Row::Garbage)];
    // A failing row is given up only while the store takes others: a good one comes behind it, sooner or later.
    let ending_well = prop::collection::vec(row, 0..40).prop_map(|rows| [rows, vec![Row::Good]].concat());
    (ending_well, 1..20usize)
}

async fn check(rows: &[Row], batch_records_max: usize) {
    let rig = Rig::start().await;
    rig.events.set(|faults| {
        faults.refuses = Some("the store refuses this".to_owned());
        faults.fails_on = Some(FAILING.to_owned());
    });
    let payload = |(at, row): (usize, &Row)| match row {
        Row::Good => record_saying(&format!("good {at}")),
        Row::Refused => record_saying("the store refuses this"),
        Row::Failing => record_saying(FAILING),
        Row::Garbage => "garbage".to_owned(),
    };
    let payloads: Vec<String> = rows.iter().enumerate().map(payload).collect();
    rig.append(payloads.clone()).await;
    let running = rig.consumer_with(|settings| {
        settings.batch_records_max = batch_records_max;
        settings.row_attempts_max = 2;
        settings.batch_age_max = Duration::ZERO;
    });
    rig.drained().await;
    running.consumer.stop().await;

    let good: Vec<&String> = payloads.iter().zip(rows).filter(|(_, row)| **row == Row::Good).map(|(p, _)| p).collect();
    let stored = rig.events.faults.lock().unwrap().stored.clone();
    assert_eq!(stored.iter().collect::<Vec<_>>(), good, "every good row once, in order");
    let mut letters: Vec<_> = rig.dead_letters().await.into_iter().map(|letter| letter.head).collect();
    letters.sort_by_key(|head| head.source.place);
    let expected = rows.iter().enumerate().filter(|(_, row)| **row != Row::Good);
    let expected: Vec<_> = expected
        .map(|(at, row)| (at as u64, if *row == Row::Garbage { Reason::NotARecord } else { Reason::RefusedByStore }))
        .collect();
    let told: Vec<_> = letters.iter().map(|head| (head.source.place.offset, head.reason)).collect();
    assert_eq!(told, expected, "one letter for each other row");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_rows_are_bad_the_good_ones_are_written_once_and_in_order((rows, batch_records_max) in batch()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(check(&rows, batch_records_max));
    }
}

/// Every second row fails. The good ones are written once and in order, every other has its letter, which tells so often.
async fn every_second_is_given_up(rig: &Rig, rows: usize, tries: u32) {
    let good: Vec<_> = rig.events.faults.lock().unwrap().stored.clone();
    let expected: Vec<_> = (0..rows).map(|at| format!("good {at}.")).collect();
    assert_eq!(good.len(), rows);
    assert!(good.iter().zip(&expected).all(|(record, said)| record.contains(said)), "every good row once, in order");
    let mut letters: Vec<_> = rig.dead_letters().await.into_iter().map(|letter| letter.head).collect();
    letters.sort_by_key(|head| head.source.place);
    let told: Vec<_> = letters.iter().map(|head| (head.source.place.offset, head.reason)).collect();
    let expected: Vec<_> = (0..rows as u64).map(|at| (2 * at, Reason::RefusedByStore)).collect();
    assert_eq!(told, expected, "one letter for each other row");
    for head in letters {
        assert!(head.detail.contains(&format!("{tries} times")), "{}", head.detail);
    }
}

fn every_second_fails(rows: usize) -> Vec<String> {
    (0..rows).flat_map(|at| [record_saying(FAILING), record_saying(&format!("good {at}."))]).collect()
}

#[tokio::test]
async fn hundreds_of_failing_rows_wait_together() {
    const ROWS: usize = 500;
    let rig = Rig::start().await;
    rig.events.set(|faults| faults.fails_on = Some(FAILING.to_owned()));
    rig.append(every_second_fails(ROWS)).await;
    // With a wait for each row and try these were minutes, and the batch were broken off.
    let running = rig.consumer_with(|settings| {
        settings.backoff_min = Duration::from_millis(100);
        settings.backoff_max = Duration::from_millis(100);
    });
    rig.drained().await;
    every_second_is_given_up(&rig, ROWS, 6).await;
    assert_eq!(running.metric("gapin_consumer_failures_total", &[("dependency", "store")]), 0.0);
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_batch_that_takes_too_long_is_broken_off_and_what_was_tried_counts() {
    const ROWS: usize = 30;
    let rig = Rig::start().await;
    rig.events.set(|faults| {
        faults.fails_on = Some(FAILING.to_owned());
        faults.write_takes = Duration::from_millis(5);
    });
    rig.append(every_second_fails(ROWS)).await;
    // All of it in one batch takes longer than a batch may; so do six tries of a single row.
    let running = rig.consumer_with(|settings| settings.batch_max = Duration::from_millis(25));
    rig.drained().await;
    every_second_is_given_up(&rig, ROWS, 6).await;
    assert!(running.metric("gapin_consumer_failures_total", &[("dependency", "store")]) >= 1.0);
    running.consumer.stop().await;
}
