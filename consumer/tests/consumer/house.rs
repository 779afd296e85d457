//! What the consumer does by the clock, and what it says of what it depends on.

use std::time::SystemTime;

use aibbar::Timestamp;
use consumer::Contact;
use store::{
    StatisticsStore as _,
    statistics::{Count, HOUR_S, MINUTE_S, Measure, Span, minute_of},
};

use crate::rig::{ORG_ID, Rig, wait_until};

const DAY_MS: i64 = 24 * HOUR_S * 1_000;

#[tokio::test]
async fn a_step_of_the_housekeeping_that_fails_keeps_no_other_from_being_done() {
    let rig = Rig::start().await;
    let now = Timestamp::from(SystemTime::now());
    let at_s = minute_of(now.plus_ms(-30 * DAY_MS));
    let label = "too old to be kept".to_owned();
    let count = Count { org_id: ORG_ID, measure: Measure::Refused, at_s, label, counted: 1, total: 0 };
    rig.events.store.add_counts("gw", 1, &[count], now).await.unwrap();
    let span = Span { from_s: at_s - HOUR_S, to_s: at_s + HOUR_S, step_s: MINUTE_S };
    let kept = async || rig.events.store.series_of_all(ORG_ID, Measure::Refused, span).await.unwrap().len();
    assert_eq!(kept().await, 1);

    rig.events.set(|faults| faults.keeps_no_house = true);
    let running = rig.consumer();
    wait_until("statistics are tidied all the same", async || kept().await == 0).await;
    running.consumer.stop().await;
}

#[tokio::test]
async fn what_was_not_asked_yet_is_not_said_to_be_down() {
    let rig = Rig::start().await;
    let running = rig.consumer();
    let health = running.consumer.health();
    // Its tasks run on this thread, and have not begun.
    assert_eq!((health.log(), health.store()), (Contact::Awaited, Contact::Awaited));
    wait_until("both are up", async || (health.log(), health.store()) == (Contact::Up, Contact::Up)).await;
    running.consumer.stop().await;
    assert_eq!((health.log(), health.store()), (Contact::Down, Contact::Down));
}
