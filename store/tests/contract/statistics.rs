//! What is counted: exactly what was stored, once, whatever is sent again and by whomever.

use std::collections::BTreeMap;

use aibbar::{EventType, Timestamp, topic::TopicName};
use store::{
    OrgId, StoreError,
    statistics::{
        CODE_CHARS_MAX, COUNTS_PER_WRITE_MAX, Count, Durations, HOUR_S, LABELS_MAX, MINUTE_S, Measure, OTHER, Point,
        Span, label_of_code, minute_of, step_of,
    },
};

use crate::{
    place::{Place, Store},
    rows::{ORG, OTHER_ORG, Row, at, build, put, row},
};

/// Long before now, so that nothing here depends on the clock.
const NOON: &str = "2026-05-15T12:00:00Z";

fn noon() -> Timestamp {
    at(NOON)
}

/// The day around noon, in steps of this many seconds.
fn day(step_s: i64) -> Span {
    let noon_s = minute_of(noon());
    Span { from_s: noon_s - 12 * HOUR_S, to_s: noon_s + 12 * HOUR_S, step_s }
}

fn counted(org_id: OrgId, measure: Measure, minute: i64, label: &str, counted: u64, total: u64) -> Count {
    Count { org_id, measure, at_s: minute_of(noon()) + minute * MINUTE_S, label: label.to_owned(), counted, total }
}

/// Label and count, over the whole day.
async fn counts(store: &dyn Store, org_id: OrgId, measure: Measure) -> BTreeMap<String, u64> {
    let largest = store.largest(org_id, measure, day(MINUTE_S), 1_000).await.unwrap();
    largest.into_iter().map(|share| (share.label, share.counted)).collect()
}

fn are<'a>(expected: impl IntoIterator<Item = (&'a str, u64)>) -> BTreeMap<String, u64> {
    expected.into_iter().map(|(label, counted)| (label.to_owned(), counted)).collect()
}

fn ai(number: u128) -> String {
    uuid::Uuid::from_u128(number).to_string()
}

async fn roll_up_all(store: &dyn Store, now: Timestamp) -> usize {
    let mut hours = 0;
    while store.tidy_statistics(now).await.unwrap() {
        hours += 1;
    }
    hours
}

pub(crate) async fn what_is_stored_is_counted_once_however_often_it_is_sent(place: &Place) {
    let store = place.open().await;
    let later = noon().plus_ms(60_000);
    let rows: Vec<Row> = vec![
        row(noon()).ai(1).hiding(&["email", "email", "phone"]),
        row(noon()).ai(1).of_type(EventType::Action),
        row(later).ai(2).hiding(&["email"]),
        row(noon()).of(OTHER_ORG).ai(3).hiding(&["ssn"]),
    ];
    put(&*store, &rows).await;
    // Again, by another, with one that is new and one that is somebody else's.
    let new = row(later).ai(2);
    let again = [rows.clone(), vec![new.clone(), new.clone(), rows[0].clone().forged()]].concat();
    put(&*place.open().await, &again).await;

    assert_eq!(counts(&*store, ORG, Measure::Events).await, are([("ai.query", 3), ("ai.action", 1)]));
    assert_eq!(counts(&*store, ORG, Measure::AiSystems).await, are([(&*ai(1), 2), (&*ai(2), 2)]));
    assert_eq!(counts(&*store, ORG, Measure::Redactions).await, are([("email", 3), ("phone", 1)]));
    assert_eq!(counts(&*store, OTHER_ORG, Measure::Events).await, are([("ai.query", 1)]));
    assert_eq!(counts(&*store, OTHER_ORG, Measure::Redactions).await, are([("ssn", 1)]));

    let bytes = |rows: &[&Row]| rows.iter().map(|row| row.record().len() as u64).sum::<u64>();
    let series = store.series_of_all(ORG, Measure::Events, day(MINUTE_S)).await.unwrap();
    let point = |at: Timestamp, counted, total| Point { at_s: minute_of(at), label: String::new(), counted, total };
    assert_eq!(series, [point(noon(), 2, bytes(&[&rows[0], &rows[1]])), point(later, 2, bytes(&[&rows[2], &new])),]);
    let mut delays = Durations::default();
    for point in store.series(ORG, Measure::StoreDelay, day(MINUTE_S)).await.unwrap() {
        delays.add(&point.label, point.counted, point.total);
    }
    assert_eq!(delays.counted(), 4);
}

pub(crate) async fn a_batch_that_fails_counts_nothing(place: &Place) {
    let store = place.open().await;
    let too_late = row(noon()).sequence(u64::MAX);
    let refused = store.write(&build(&[row(noon()), too_late])).await.unwrap_err();
    assert!(matches!(refused, StoreError::Refused(_)), "{refused}");
    assert_eq!(counts(&*store, ORG, Measure::Events).await, are([]));
}

pub(crate) async fn many_writers_of_the_same_rows_count_each_once(place: &Place) {
    let store = place.open().await;
    let rows: Vec<Row> = (0..300).map(|n| row(noon().plus_ms(n * 400)).ai(n as u128 % 7)).collect();
    let writers = (0..4).map(|writer| {
        let (store, mut rows) = (store.clone(), build(&rows));
        rows.rotate_left(writer * 70);
        tokio::spawn(async move {
            for batch in rows.chunks(50) {
                store.write(batch).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(counts(&*store, ORG, Measure::Events).await, are([("ai.query", 300)]));
    let systems = counts(&*store, ORG, Measure::AiSystems).await;
    assert_eq!((systems.len(), systems.values().sum::<u64>()), (7, 300));
}

pub(crate) async fn more_ai_systems_than_have_a_place_are_counted_together(place: &Place) {
    let store = place.open().await;
    let rows: Vec<Row> = (0..LABELS_MAX as u128 + 50).map(|n| row(noon()).ai(n)).collect();
    put(&*store, &rows).await;
    let systems = counts(&*store, ORG, Measure::AiSystems).await;
    assert_eq!((systems.len(), systems[OTHER]), (LABELS_MAX + 1, 50));
}

fn failed(code: &str) -> Row {
    row(noon()).of_type(EventType::Error).event(&serde_json::json!({ "error": { "code": code } }).to_string())
}

pub(crate) async fn errors_are_counted_by_their_code(place: &Place) {
    let store = place.open().await;
    let long = "x".repeat(CODE_CHARS_MAX);
    let rows = [
        failed("timeout"),
        failed("timeout"),
        failed(OTHER),
        failed("a\0b"),
        failed("a\u{FFFD}b"),
        failed(&format!("{long}1")),
        failed(&format!("{long}2")),
        row(noon()).of_type(EventType::Error),
        // No error, whatever else it says.
        failed("timeout").of_type(EventType::Action),
        failed("timeout").of(OTHER_ORG),
    ];
    put(&*store, &rows).await;
    put(&*place.open().await, &rows).await;
    let of = |code: &str, counted| (label_of_code(code), counted);
    let expected = [of("timeout", 2), of(OTHER, 1), of("a\u{FFFD}b", 2), of(&long, 2), (OTHER.to_owned(), 1)];
    assert_eq!(counts(&*store, ORG, Measure::ErrorCodes).await, BTreeMap::from(expected));
    assert_eq!(counts(&*store, OTHER_ORG, Measure::ErrorCodes).await, BTreeMap::from([of("timeout", 1)]));
    let span = day(MINUTE_S);
    let errors = store.series_of_all(ORG, Measure::ErrorCodes, span).await.unwrap();
    assert_eq!(errors.iter().map(|point| point.counted).sum::<u64>(), 8, "as many as there are errors");
    let timeouts = store.series_of(ORG, Measure::ErrorCodes, span, &label_of_code("timeout")).await.unwrap();
    assert_eq!(timeouts, [Point { at_s: minute_of(noon()), label: label_of_code("timeout"), counted: 2, total: 0 }]);
    assert_eq!(store.series_of(ORG, Measure::ErrorCodes, span, "timeout").await.unwrap(), []);
}

pub(crate) async fn more_error_codes_than_have_a_place_are_counted_together(place: &Place) {
    let store = place.open().await;
    let rows: Vec<Row> = (0..LABELS_MAX + 50).map(|n| failed(&n.to_string())).collect();
    put(&*store, &rows).await;
    let codes = counts(&*store, ORG, Measure::ErrorCodes).await;
    assert_eq!((codes.len(), codes[OTHER]), (LABELS_MAX + 1, 50));
    assert_eq!(counts(&*store, ORG, Measure::AiSystems).await.len(), 1, "AI systems have places of their own");
}

pub(crate) async fn a_write_of_counts_that_is_sent_again_adds_nothing(place: &Place) {
    let store = place.open().await;
    let refused = |minute, number| counted(ORG, Measure::Refused, minute, "invalid_json", number, 0);
    let first = [refused(0, 1), refused(0, 2), refused(1, 4)];
    for _ in 0..3 {
        store.add_counts("gw-1/a", 1, &first, noon()).await.unwrap();
    }
    store.add_counts("gw-1/a", 2, &[refused(0, 8)], noon()).await.unwrap();
    store.add_counts("gw-1/a", 1, &first, noon()).await.unwrap();
    // The same gateway in its next life, and another gateway.
    store.add_counts("gw-1/b", 1, &[refused(1, 16)], noon()).await.unwrap();
    place.open().await.add_counts("gw-2/a", 1, &[refused(0, 32)], noon()).await.unwrap();
    store.add_counts("gw-2/a", 2, &[], noon()).await.unwrap();

    let series = store.series(ORG, Measure::Refused, day(MINUTE_S)).await.unwrap();
    let minutes: Vec<_> = series.iter().map(|point| (point.at_s - minute_of(noon()), point.counted)).collect();
    assert_eq!(minutes, [(0, 1 + 2 + 8 + 32), (MINUTE_S, 4 + 16)]);
    let five = store.series(ORG, Measure::Refused, day(300)).await.unwrap();
    assert_eq!(five.iter().map(|point| point.counted).collect::<Vec<_>>(), [63]);

    let many: Vec<Count> = vec![refused(0, 1); COUNTS_PER_WRITE_MAX + 1];
    let too_many = store.add_counts("gw-2/a", 3, &many, noon()).await.unwrap_err();
    assert!(matches!(too_many, StoreError::Refused(_)), "{too_many}");
    store.add_counts("gw-2/a", 3, &many[1..], noon()).await.unwrap();
    assert_eq!(counts(&*store, ORG, Measure::Refused).await, are([("invalid_json", 63 + many.len() as u64 - 1)]));
}

pub(crate) async fn a_span_ends_before_its_end_and_the_largest_come_first(place: &Place) {
    let store = place.open().await;
    let all: Vec<Count> =
        (0..10).map(|n| counted(ORG, Measure::Messages, n, &format!("topic-{}", n % 3), 10 + n as u64, 7)).collect();
    store.add_counts("gw", 1, &all, noon()).await.unwrap();
    store.add_counts("gw", 2, &[counted(OTHER_ORG, Measure::Messages, 0, "topic-0", 99, 9)], noon()).await.unwrap();
    let from_s = minute_of(noon());
    let span = Span { from_s: from_s + MINUTE_S, to_s: from_s + 4 * MINUTE_S, step_s: MINUTE_S };
    let series = store.series(ORG, Measure::Messages, span).await.unwrap();
    let found: Vec<_> = series.iter().map(|point| (point.label.as_str(), point.counted)).collect();
    assert_eq!(found, [("topic-1", 11), ("topic-2", 12), ("topic-0", 13)]);
    let largest = store.largest(ORG, Measure::Messages, day(MINUTE_S), 2).await.unwrap();
    let found: Vec<_> = largest.iter().map(|share| (share.label.as_str(), share.counted, share.total)).collect();
    assert_eq!(found, [("topic-0", 10 + 13 + 16 + 19, 28), ("topic-2", 12 + 15 + 18, 21)]);
}

pub(crate) async fn minutes_become_hours_and_lose_nothing(place: &Place) {
    let store = place.open().await;
    let rows: Vec<Row> = (0..180).map(|n| row(noon().plus_ms(n * 60_000)).ai(n as u128 % 3)).collect();
    put(&*store, &rows).await;
    let hourly = store.series(ORG, Measure::Events, day(HOUR_S)).await.unwrap();
    assert_eq!(hourly.iter().map(|point| point.counted).collect::<Vec<_>>(), [60; 3]);
    let of_system = counts(&*store, ORG, Measure::AiSystems).await;

    // The first two hours are old enough.
    let now = noon().plus_ms(28 * 3_600_000);
    assert_eq!(roll_up_all(&*store, now).await, 2);
    assert_eq!(place.count("statistics WHERE step_s = 60 AND measure = 1").await, 60);
    assert_eq!(place.count("statistics WHERE step_s = 3600 AND measure = 1").await, 2);
    // What comes later for an hour that was rolled up is added to it, by several at once.
    put(&*store, &[row(noon())]).await;
    let other = place.open().await;
    tokio::join!(roll_up_all(&*store, now), roll_up_all(&*other, now));
    assert_eq!(place.count("statistics WHERE step_s = 3600 AND measure = 1").await, 2);

    let after = store.series(ORG, Measure::Events, day(HOUR_S)).await.unwrap();
    assert_eq!(after.iter().map(|point| point.counted).collect::<Vec<_>>(), [61, 60, 60]);
    assert_eq!(
        after.iter().map(|point| point.at_s).collect::<Vec<_>>(),
        hourly.iter().map(|p| p.at_s).collect::<Vec<_>>()
    );
    assert_eq!(
        counts(&*store, ORG, Measure::AiSystems).await.values().sum::<u64>(),
        of_system.values().sum::<u64>() + 1
    );
}

pub(crate) async fn what_is_too_old_is_forgotten(place: &Place) {
    let store = place.open().await;
    let minutes = [counted(ORG, Measure::Refused, 0, "x", 1, 0), counted(ORG, Measure::Messages, 0, "orders", 1, 1)];
    store.add_counts("gw", 1, &minutes, noon()).await.unwrap();
    let days = |days: i64| noon().plus_ms(days * 24 * 3_600_000);
    roll_up_all(&*store, days(8)).await;
    assert_eq!(place.count("statistics").await, 2);
    roll_up_all(&*store, days(9)).await;
    assert_eq!(place.count("statistics WHERE measure = 8").await, 1);
    assert_eq!(place.count("statistics").await, 1);
    roll_up_all(&*store, days(32)).await;
    assert_eq!(place.count("statistics").await, 0);
    assert_eq!(place.count("statistics_writers").await, 0);
}

pub(crate) async fn a_topic_tells_of_its_day_and_its_month(place: &Place) {
    let store = place.open().await;
    let orders = TopicName::parse("orders").unwrap();
    let messages = |minute, label: &str, number| counted(ORG, Measure::Messages, minute, label, number, number * 10);
    let day_ago = -24 * 60;
    let all = [
        messages(0, "orders", 30),
        messages(-3, "orders", 30),
        messages(-30, "orders", 40),
        messages(day_ago, "orders", 1_000),
        messages(40 * day_ago, "orders", 7_777),
        messages(0, "others", 555),
        counted(OTHER_ORG, Measure::Messages, 0, "orders", 555, 555),
        counted(ORG, Measure::RefusedMessages, -10, "orders", 25, 0),
    ];
    store.add_counts("gw", 1, &all, noon()).await.unwrap();
    let since = noon().plus_ms(-100 * 24 * 3_600_000);
    let found = store.topic_statistics(ORG, &orders, since, noon()).await.unwrap();
    assert_eq!((found.messages_today, found.bytes_today), (100, 1_000));
    assert_eq!((found.messages_30_days, found.bytes_30_days), (1_100, 11_000));
    assert!((found.publish_rate - 60.0 / 300.0).abs() < 1e-9, "{found:?}");
    assert!((found.error_rate - 25.0 / 125.0).abs() < 1e-9, "{found:?}");

    // One that was made anew knows nothing of the one before it.
    let made_anew = store.topic_statistics(ORG, &orders, noon().plus_ms(-60_000), noon()).await.unwrap();
    assert_eq!(made_anew.messages_30_days, 30);
    let none = TopicName::parse("none").unwrap();
    assert_eq!(store.topic_statistics(ORG, &none, since, noon()).await.unwrap(), Default::default());

    put(&*store, &[row(noon()), row(noon()).of_type(EventType::Error), row(noon()).of(OTHER_ORG)]).await;
    let events = TopicName::parse(aibbar::record::EVENTS_TOPIC).unwrap();
    let found = store.topic_statistics(ORG, &events, since, noon()).await.unwrap();
    assert_eq!((found.messages_today, found.messages_30_days), (2, 2));
    assert_eq!(step_of(noon(), HOUR_S), minute_of(noon()));
}
