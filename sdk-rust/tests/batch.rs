//! How events travel.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use gapin_sdk::{
    Client, EventFilter, Recorder,
    recorder::{Compression, WhenFull},
};
use serde_json::{Value, json};
use support::{
    FLUSH, FaultyGateway, Gateway, Through, eventually,
    faulty::{answer_lost, cut, refuse, results_changed},
    gateway, numbered, prompts, quick,
    random::HardValues,
    record, settings, stored,
};
use uuid::Uuid;

fn sizes(faulty: &FaultyGateway) -> Vec<usize> {
    faulty.arrived().iter().map(|arrived| arrived.events.len()).collect()
}

// feature: batch.count
#[test]
fn no_request_holds_more_events_than_its_bound() {
    let through = Through::new();
    let recorder = through.builder().batch_events_max(7).batch_age(FLUSH).build().unwrap();
    record(&recorder, 0..30);
    eventually("whole batches do not wait", || (recorder.stats().accepted == 28).then_some(()));
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(sizes(&through.faulty), [7, 7, 7, 7, 2]);
    assert_eq!(recorder.stats().requests, 5);
    assert_eq!(prompts(&through.stored(30)), numbered(0..30));
}

// feature: batch.bytes
#[test]
fn no_request_holds_more_bytes_than_its_bound() {
    let through = Through::new();
    let recorder = through.builder().batch_bytes_max(50_000).batch_age(FLUSH).build().unwrap();
    for _ in 0..20 {
        recorder.query().prompt("x".repeat(9_000)).record();
    }
    recorder.query().prompt("y".repeat(60_000)).record(); // alone it may be more
    assert!(recorder.flush_blocking(FLUSH));
    let arrived = through.faulty.arrived();
    assert!(arrived.iter().all(|each| each.body_bytes <= 50_000 || each.events.len() == 1));
    assert_eq!(sizes(&through.faulty), [5, 5, 5, 5, 1]);
    assert_eq!(recorder.stats().accepted, 21);
}

// feature: batch.count
#[test]
fn a_batch_that_the_gateway_finds_too_large_is_halved() {
    let gateway = Gateway::with(&[("GAPIN_BATCH_EVENTS_MAX", "3")]);
    let ai_id = Uuid::new_v4();
    let recorder = Recorder::builder(settings(&gateway, ai_id)).batch_age(FLUSH).build().unwrap();
    record(&recorder, 0..20);
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(recorder.stats().accepted, 20);
    assert!(recorder.stats().requests > 7);
    assert_eq!(prompts(&stored(&gateway, ai_id, 20)), numbered(0..20));
}

// feature: batch.age
#[test]
fn an_event_alone_does_not_wait_for_others() {
    let through = Through::new();
    let recorder = Recorder::builder(through.settings()).build().unwrap();
    let began = Instant::now();
    recorder.query().prompt("alone").record();
    through.stored(1);
    assert!(through.faulty.arrived()[0].at - began >= Duration::from_millis(200), "it has waited for others");
    assert_eq!(recorder.stats().requests, 1);
}

// feature: batch.compressed
#[test]
fn batches_are_compressed_from_their_bound_on() {
    for (compression, encoding) in [
        (Compression::Gzip, Some("gzip")),
        #[cfg(feature = "zstd")]
        (Compression::Zstd, Some("zstd")),
        (Compression::None, None),
    ] {
        let through = Through::new();
        let recorder = through.builder().compress_bytes_min(2_000).compression(compression).build().unwrap();
        recorder.query().prompt("small").record();
        assert!(recorder.flush_blocking(FLUSH));
        recorder.query().prompt("large ".repeat(1_000)).record();
        assert!(recorder.flush_blocking(FLUSH));
        let encodings: Vec<_> = through.faulty.arrived().into_iter().map(|arrived| arrived.encoding).collect();
        assert_eq!(encodings, [None, encoding.map(str::to_owned)]);
        assert_eq!(recorder.stats().accepted, 2, "{compression:?}");
        through.stored(2);
    }
}

// feature: batch.order
#[tokio::test(flavor = "multi_thread")]
async fn events_of_one_ai_system_stay_in_order_through_faults() {
    const EVENTS: usize = 600;
    let through = Through::new();
    let mut chance = HardValues::new(11);
    let some_wait = results_changed(|index, _| json!({"index": index, "status": "rejected", "code": "overloaded"}));
    let kinds = [refuse(503, "overloaded", &[]), cut(), answer_lost(), refuse(429, "rate_limited", &[]), some_wait];
    through.faulty.faults((0..40).map(|_| kinds[chance.below(kinds.len())].clone()));
    let recorder = through.builder().batch_events_max(20).batch_age(Duration::from_millis(1)).build().unwrap();
    record(&recorder, 0..EVENTS);
    assert!(recorder.flush(FLUSH).await);
    assert_eq!(through.faulty.faults_left(), 0);
    let mut first_seen = Vec::new();
    for event in through.faulty.events() {
        let number = event["sequence"].as_u64().unwrap();
        if !first_seen.contains(&number) {
            first_seen.push(number);
        }
    }
    assert_eq!(first_seen, (0..EVENTS as u64).collect::<Vec<_>>());
    let client = Client::new(settings(gateway(), through.ai_id)).unwrap();
    let live = client.stream(EventFilter::new().ai_id(through.ai_id)).from_cursor("earliest").take(EVENTS);
    let numbers: Vec<_> = live.map(|live| live.unwrap().event["sequence"].as_u64().unwrap()).collect().await;
    assert_eq!(numbers, (0..EVENTS as u64).collect::<Vec<_>>());
}

// feature: verify.gateway
#[test]
fn what_the_recorder_signs_the_gateway_verifies() {
    const EVENTS: usize = 3_000;
    let (ai_id, mut chance) = (Uuid::new_v4(), HardValues::new(7));
    let recorder = Recorder::builder(settings(gateway(), ai_id)).when_full(WhenFull::Block).build().unwrap();
    for _ in 0..EVENTS {
        let (function, input, model) = (chance.text(), chance.value(4), chance.text());
        recorder.action(function).input(input).output(chance.number()).model(model).record();
    }
    assert!(recorder.flush_blocking(FLUSH));
    let stats = recorder.stats();
    assert_eq!((stats.accepted, stats.refused, stats.faults), (EVENTS as u64, 0, 0), "{:?}", stats.last_fault);
}

// feature: retry.no_loss
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_events_arrive_without_a_loss() {
    const EVENTS: u64 = 100_000;
    let ai_id = Uuid::new_v4();
    let builder = Recorder::builder(settings(gateway(), ai_id)).when_full(WhenFull::Block).flush_timeout(FLUSH);
    let recorder = builder.build().unwrap();
    let inside = recorder.clone();
    tokio::task::spawn_blocking(move || {
        for number in 0..EVENTS {
            inside.query().prompt(number.to_string()).record();
        }
    })
    .await
    .unwrap();
    assert!(recorder.flush(FLUSH).await);
    let stats = recorder.stats();
    assert_eq!((stats.recorded, stats.accepted, stats.dropped, stats.refused), (EVENTS, EVENTS, 0, 0));
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let mut live = client.stream(EventFilter::new().ai_id(ai_id)).from_cursor("earliest");
    for number in 0..EVENTS {
        let event: Value = live.next().await.unwrap().unwrap().event;
        assert_eq!(event["sequence"], number);
        assert_eq!(event["query"]["prompt"], number.to_string());
    }
}

// feature: batch.order
#[test]
fn the_next_batch_is_prepared_meanwhile_and_sent_after_the_one_before_it() {
    let through = Through::new();
    through.faulty.faults((0..10).flat_map(|_| [refuse(503, "overloaded", &[]), cut()]));
    let recorder = quick(Recorder::builder(through.settings())).batch_events_max(10).build().unwrap();
    record(&recorder, 0..500);
    assert!(recorder.flush_blocking(FLUSH));
    let accepted: Vec<_> = prompts(&through.faulty.events());
    let mut seen = Vec::new();
    for prompt in accepted {
        if !seen.contains(&prompt) {
            seen.push(prompt);
        }
    }
    assert_eq!(seen, numbered(0..500));
    assert_eq!(prompts(&through.stored(500)), numbered(0..500));
    assert!(sizes(&through.faulty).iter().all(|events| *events <= 10));
}
