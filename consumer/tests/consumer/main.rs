//! What the consumer promises, on the real local log and the real SQLite store.

#![allow(clippy::unwrap_used)]

mod house;
mod poison;
mod rig;

use aibbar::{
    dead_letter::{Content, DeadLetter, Place, Reason},
    record::ORG_HEADER,
};
use bus::{AppendError, EventLog as _, LogError};
use consumer::Contact;
use rig::{ORG_ID, Rig, record_saying, record_with_id, wait_until};
use uuid::Uuid;

fn place(letter: &DeadLetter) -> Place {
    letter.head.source.place
}

fn records(count: usize) -> Vec<String> {
    (0..count).map(|n| record_saying(&format!("question {n}"))).collect()
}

#[tokio::test]
async fn every_record_of_every_partition_is_stored_and_committed() {
    let rig = Rig::start().await;
    rig.append_everywhere(records(200)).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 200);
    assert!(rig.dead_letters().await.is_empty());
    let health = running.consumer.health();
    assert!(health.running() && health.log() == Contact::Up && health.store() == Contact::Up);
    assert_eq!(running.metric("gapin_consumer_records_total", &[("outcome", "stored")]), 200.0);
    wait_until("the lag is measured", async || {
        (0..4).all(|p| running.metric("gapin_consumer_lag_records", &[("partition", &p.to_string())]) == 0.0)
    })
    .await;
    running.consumer.stop().await;
    assert!(!health.running());
}

#[tokio::test]
async fn a_restart_goes_on_where_the_group_was() {
    let rig = Rig::start().await;
    for expected in [10, 20, 30] {
        rig.append_everywhere(records(10)).await;
        let running = rig.consumer();
        rig.drained().await;
        running.consumer.stop().await;
        assert_eq!(rig.stored().await, expected);
    }
    let writes: usize = rig.events.faults.lock().unwrap().batches.iter().sum();
    assert_eq!(writes, 30, "nothing is written again that was committed");
}

#[tokio::test]
async fn the_next_batch_is_read_while_the_store_writes() {
    let rig = Rig::start().await;
    rig.append(records(100)).await;
    // The first write waits for what lies behind its own batch.
    rig.events.set(|faults| faults.write_waits_for_given = 20);
    let running = rig.consumer_with(|settings| settings.batch_records_max = 10);
    rig.drained().await;
    assert_eq!(rig.stored().await, 100);
    let stored = rig.events.faults.lock().unwrap().stored.clone();
    assert!((0..100).all(|n| stored[n].contains(&format!("question {n}\""))), "one after the other");
    running.consumer.stop().await;
}

#[tokio::test]
async fn what_was_read_on_is_read_again_after_a_write_that_failed() {
    let rig = Rig::start().await;
    rig.append(records(40)).await;
    rig.events.set(|faults| (faults.write_waits_for_given, faults.away_for) = (20, 1));
    let running = rig.consumer_with(|settings| settings.batch_records_max = 10);
    rig.drained().await;
    let stored = rig.events.faults.lock().unwrap().stored.clone();
    assert!((0..40).all(|n| stored[n].contains(&format!("question {n}\""))), "one after the other, none left out");
    assert_eq!(stored.len(), 40);
    running.consumer.stop().await;
}

#[tokio::test]
async fn what_was_read_before_partitions_moved_is_not_committed_after() {
    let rig = Rig::start().await;
    rig.append(records(20)).await;
    // They move while the first batch is written, in the call that reads the second.
    rig.events.set(|faults| faults.write_waits_for_given = 20);
    rig.log.set(|faults| faults.moves_at = Some(20));
    let running = rig.consumer_with(|settings| settings.batch_records_max = 10);
    rig.drained().await;
    assert_eq!(rig.stored().await, 20);
    let sizes = rig.events.faults.lock().unwrap().batches.clone();
    assert_eq!(sizes, [10, 10, 10], "the first batch was read and written again");
    assert_eq!(rig.log.set(|faults| faults.committed), 2);
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_consumer_that_is_dropped_loses_and_doubles_nothing() {
    let rig = Rig::start().await;
    rig.append_everywhere(records(300)).await;
    for _ in 0..5 {
        let batches_before = rig.events.faults.lock().unwrap().batches.len();
        let running = rig.consumer_with(|settings| settings.batch_records_max = 7);
        wait_until("it has begun to write", async || rig.events.faults.lock().unwrap().batches.len() > batches_before)
            .await;
        drop(running);
    }
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 300);
    running.consumer.stop().await;
}

#[tokio::test]
async fn consumers_of_one_group_share_the_work() {
    let rig = Rig::start().await;
    let (first, second) = (rig.consumer(), rig.consumer());
    rig.append_everywhere(records(200)).await;
    rig.drained().await;
    first.consumer.stop().await;
    rig.append_everywhere(records(100)).await;
    rig.drained().await;
    assert_eq!(rig.stored().await, 300);
    second.consumer.stop().await;
}

#[tokio::test]
async fn what_was_sent_twice_is_stored_once() {
    let rig = Rig::start().await;
    let record = record_saying("once");
    rig.append([record.clone(), record.clone(), record]).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 1);
    assert!(rig.dead_letters().await.is_empty());
    assert_eq!(running.metric("gapin_consumer_records_total", &[("outcome", "already_stored")]), 2.0);
    running.consumer.stop().await;
}

#[tokio::test]
async fn the_same_id_with_another_signature_is_a_dead_letter_and_the_first_stays() {
    let rig = Rig::start().await;
    let event_id = Uuid::now_v7();
    let (first, second) = (record_with_id("first", Some(event_id)), record_with_id("second", Some(event_id)));
    rig.append([first.clone(), second.clone()]).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.record(event_id).await, Some(first));
    let letters = rig.dead_letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].head.reason, letters[0].head.event_id), (Reason::EventIdConflict, Some(event_id)));
    assert_eq!((&letters[0].content, letters[0].head.org_id), (&Content::Record(second), Some(ORG_ID)));
    assert_eq!(place(&letters[0]).offset, 1);
    assert_eq!(running.metric("gapin_consumer_dead_letters_total", &[("reason", "event_id_conflict")]), 1.0);
    running.consumer.stop().await;
}

#[tokio::test]
async fn what_is_no_record_is_a_dead_letter_and_its_neighbours_are_stored() {
    let rig = Rig::start().await;
    let garbage = ["", "{}", "not json", "{\"event\":{},\"record\":{}}"];
    let mut payloads = records(4);
    for (at, payload) in garbage.into_iter().enumerate() {
        payloads.insert(2 * at, payload.to_owned());
    }
    rig.append(payloads).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 4);
    let letters = rig.dead_letters().await;
    let shown: Vec<_> = letters.iter().map(|letter| letter.content.clone()).collect();
    assert_eq!(shown, garbage.map(|text| Content::Text(text.to_owned())));
    assert!(letters.iter().all(|letter| letter.head.reason == Reason::NotARecord));
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_record_whose_header_names_another_organisation_is_nobodys() {
    let rig = Rig::start().await;
    let header = |org: Uuid| vec![(ORG_HEADER.into(), org.to_string().into())];
    let (ours, forged) = (record_saying("ours"), record_saying("forged"));
    rig.append_as("k", header(ORG_ID), ours).await;
    rig.append_as("k", header(Uuid::from_u128(9)), forged).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 1);
    let letters = rig.dead_letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].head.reason, letters[0].head.org_id), (Reason::NotARecord, None));
    assert!(letters[0].redrivable().is_err());
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_row_that_the_store_refuses_is_found_in_few_writes() {
    let rig = Rig::start().await;
    rig.events.set(|faults| faults.refuses = Some("poison".to_owned()));
    let mut payloads = records(256);
    payloads[100] = record_saying("poison");
    rig.append(payloads).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 255);
    let letters = rig.dead_letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].head.reason, place(&letters[0]).offset), (Reason::RefusedByStore, 100));
    let writes = rig.events.faults.lock().unwrap().batches.len();
    assert!(writes <= 1 + 2 * 8, "{writes} writes for one bad row of 256");
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_store_that_is_away_is_waited_for_and_nothing_is_skipped() {
    let rig = Rig::start().await;
    rig.events.set(|faults| faults.away_for = u32::MAX);
    rig.append_everywhere(records(50)).await;
    let running = rig.consumer();
    wait_until("it has failed a few times", async || {
        running.metric("gapin_consumer_failures_total", &[("dependency", "store")]) >= 3.0
    })
    .await;
    assert_eq!((rig.stored().await, rig.lag().await), (0, 50));
    assert!(running.consumer.health().store() == Contact::Down && running.consumer.health().running());

    rig.events.set(|faults| faults.away_for = 0);
    rig.drained().await;
    assert_eq!(rig.stored().await, 50);
    assert!(rig.dead_letters().await.is_empty());
    assert_eq!(running.consumer.health().store(), Contact::Up);
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_position_waits_until_its_dead_letter_is_kept() {
    let rig = Rig::start().await;
    rig.log.set(|faults| {
        faults.appends.extend([AppendError::QueueFull, AppendError::Unavailable("away".to_owned())]);
    });
    rig.append(["garbage".to_owned()]).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.dead_letters().await.len(), 1);
    assert!(running.metric("gapin_consumer_failures_total", &[("dependency", "log")]) >= 2.0);
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_dead_letter_too_large_for_the_log_is_kept_without_its_text() {
    let rig = Rig::start().await;
    rig.log.set(|faults| faults.appends.push_back(AppendError::TooLarge));
    rig.append(["garbage".to_owned()]).await;
    let running = rig.consumer();
    rig.drained().await;
    let letters = rig.dead_letters().await;
    assert_eq!((letters.len(), &letters[0].content), (1, &Content::LeftOut));
    running.consumer.stop().await;
}

#[tokio::test]
async fn letters_that_are_kept_are_not_kept_again_while_the_commit_fails() {
    let rig = Rig::start().await;
    let away = || LogError::Unavailable("away".to_owned());
    rig.log.set(|faults| faults.commits.extend([away(), away(), away()]));
    rig.append(["garbage".to_owned(), record_saying("good")]).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!((rig.dead_letters().await.len(), rig.stored().await), (1, 1));
    assert_eq!(running.metric("gapin_consumer_dead_letters_total", &[("reason", "not_a_record")]), 1.0);
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_row_that_fails_for_no_known_reason_is_given_up_while_the_store_takes_others() {
    let rig = Rig::start().await;
    rig.events.set(|faults| faults.fails_on = Some("poison".to_owned()));
    let mut payloads = records(16);
    payloads[5] = record_saying("poison");
    rig.append(payloads).await;
    let running = rig.consumer_with(|settings| settings.row_attempts_max = 3);
    rig.drained().await;
    assert_eq!(rig.stored().await, 15);
    let letters = rig.dead_letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].head.reason, place(&letters[0]).offset), (Reason::RefusedByStore, 5));
    assert!(letters[0].head.detail.contains("3 times"), "{}", letters[0].head.detail);
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_store_that_fails_on_everything_is_waited_for_whatever_it_says() {
    let rig = Rig::start().await;
    // Every record holds its event.
    rig.events.set(|faults| faults.fails_on = Some("event".to_owned()));
    rig.append(records(8)).await;
    let running = rig.consumer_with(|settings| settings.row_attempts_max = 1);
    wait_until("it has failed a few times", async || {
        running.metric("gapin_consumer_failures_total", &[("dependency", "store")]) >= 3.0
    })
    .await;
    assert_eq!((rig.stored().await, rig.lag().await), (0, 8));
    rig.events.set(|faults| faults.fails_on = None);
    rig.drained().await;
    assert_eq!(rig.stored().await, 8);
    assert!(rig.dead_letters().await.is_empty());
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_batch_that_is_too_much_for_the_store_is_tried_smaller() {
    let rig = Rig::start().await;
    rig.events.set(|faults| faults.rows_in_time = Some(3));
    rig.append(records(64)).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 64);
    assert!(rig.dead_letters().await.is_empty());
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_log_that_fails_at_any_step_is_waited_for() {
    let away = || LogError::Unavailable("away".to_owned());
    let rig = Rig::start().await;
    rig.log.set(|faults| {
        faults.joins.extend([away(), away()]);
        faults.reads.extend([away(), LogError::NoSuchTopic("x".to_owned())]);
        faults.commits.extend([LogError::Fenced, away(), LogError::Fenced]);
    });
    rig.append_everywhere(records(40)).await;
    let running = rig.consumer();
    rig.drained().await;
    assert_eq!(rig.stored().await, 40);
    assert_eq!(running.consumer.health().log(), Contact::Up);
    running.consumer.stop().await;
}

#[tokio::test]
async fn a_closed_log_ends_the_consumer_and_its_health_says_so() {
    let rig = Rig::start().await;
    let running = rig.consumer();
    rig.append(records(1)).await;
    rig.drained().await;
    rig.log.close(std::time::Duration::from_secs(5)).await;
    running.consumer.health().ended().await;
    assert!(!running.consumer.health().running());
}

#[tokio::test]
async fn stopping_is_quick_while_the_store_is_away() {
    let rig = Rig::start().await;
    rig.events.set(|faults| faults.away_for = u32::MAX);
    rig.append(records(1)).await;
    let running = rig.consumer_with(|settings| settings.backoff_max = std::time::Duration::from_secs(600));
    wait_until("it waits", async || running.metric("gapin_consumer_failures_total", &[("dependency", "store")]) >= 1.0)
        .await;
    tokio::time::timeout(std::time::Duration::from_secs(20), running.consumer.stop()).await.unwrap();
    assert_eq!(rig.lag().await, 1);
}
