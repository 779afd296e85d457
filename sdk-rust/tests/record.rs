//! What is recorded comes to the gateway.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, SystemTime},
};

use aibbar::Timestamp;
use gapin_sdk::{Client, Recorder, recorder::DropReason};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use support::{FLUSH, Through, faulty, gateway, record, settings, stored};
use uuid::Uuid;

/// A recorder of the shared gateway, of an AI system that nobody has heard of.
fn fresh() -> (Recorder, Uuid) {
    let ai_id = Uuid::new_v4();
    (Recorder::new(settings(gateway(), ai_id)).unwrap(), ai_id)
}

fn told(recorder: &Recorder, ai_id: Uuid, count: usize) -> Vec<Value> {
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(recorder.stats().refused, 0, "{:?}", recorder.stats().last_fault);
    stored(gateway(), ai_id, count)
}

// feature: record.kinds
#[test]
fn each_kind_is_stored_as_it_was_meant() {
    let (recorder, ai_id) = fresh();
    recorder
        .action("search")
        .input(json!({"q": "x"}))
        .output(["y"])
        .latency(Duration::from_micros(12_500))
        .model("m")
        .tokens_used(7)
        .record();
    recorder
        .decision("refund", "within 30 days")
        .options(["refund", "refuse"])
        .chosen("refund")
        .confidence(0.5)
        .record();
    recorder.error("timeout", "it took too long").recoverable(true).stack("main.rs:7").record();
    recorder.query().prompt("why?").model("m").parameters(json!({"temperature": 0.1})).record();
    recorder
        .response("because")
        .model("m")
        .finish_reason("stop")
        .usage(1, 2)
        .latency(Duration::from_millis(3))
        .with_query(json!({"prompt": "why?"}))
        .record();
    recorder.action("nothing").record();
    recorder.record(json!({"event_type": "ai.decision", "decision": {"type": "t", "logic": "l", "options": "one",
        "chosen": 1, "confidence": 2}, "metadata": {"user_id": 7}}));
    let events = told(&recorder, ai_id, 7);
    let types: Vec<_> = events.iter().map(|event| event["event_type"].as_str().unwrap()).collect();
    let wanted = ["ai.action", "ai.decision", "ai.error", "ai.query", "ai.response", "ai.action", "ai.decision"];
    assert_eq!(types, wanted);
    assert_eq!(
        events[0]["action"],
        json!({"function": "search", "input": {"q": "x"}, "output": ["y"], "latency_ms": 12.5, "model": "m",
            "tokens_used": 7})
    );
    assert_eq!(
        events[1]["decision"],
        json!({"type": "refund", "logic": "within 30 days", "options": ["refund", "refuse"], "chosen": "refund",
            "confidence": 0.5})
    );
    assert_eq!(
        events[2]["error"],
        json!({"code": "timeout", "message": "it took too long", "recoverable": true, "stack": "main.rs:7"})
    );
    assert_eq!(events[3]["query"], json!({"prompt": "why?", "model": "m", "parameters": {"temperature": 0.1}}));
    assert_eq!(
        events[4]["response"],
        json!({"output": "because", "model": "m", "finish_reason": "stop", "latency_ms": 3,
            "usage": {"input_tokens": 1, "output_tokens": 2}})
    );
    assert_eq!(events[4]["query"], json!({"prompt": "why?"}));
    assert_eq!(
        events[5]["action"],
        json!({"function": "nothing", "input": null, "output": null, "latency_ms": 0, "model": "model-1"})
    );
    assert_eq!(events[6]["decision"]["options"], json!(["one"]));
    assert_eq!((&events[6]["decision"]["confidence"], &events[6]["metadata"]), (&json!(1), &json!({"user_id": "7"})));
    assert_eq!(recorder.stats().accepted, 7);
}

#[derive(Debug)]
struct Outer(std::num::ParseIntError);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no number was given")
    }
}

impl StdError for Outer {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

// feature: record.kinds
#[test]
fn an_error_is_told_with_what_it_came_of() {
    let (recorder, ai_id) = fresh();
    let error = Outer("x".parse::<u8>().unwrap_err());
    recorder.failure(&error).record();
    recorder.failure(&*Box::<dyn StdError>::from("a text")).record();
    let events = told(&recorder, ai_id, 2);
    assert_eq!(
        events[0]["error"],
        json!({"code": "Outer", "message": "no number was given", "recoverable": false,
            "stack": "caused by ParseIntError: invalid digit found in string"})
    );
    assert_eq!(events[1]["error"], json!({"code": "error", "message": "a text", "recoverable": false}));
}

// feature: record.identity
#[test]
fn ids_and_times_are_filled_in() {
    let (recorder, ai_id) = fresh();
    let before = Timestamp::from(SystemTime::now());
    let event_id = recorder.query().prompt("?").record().unwrap();
    let events = told(&recorder, ai_id, 1);
    let event = &events[0];
    let at = Timestamp::parse(event["timestamp"].as_str().unwrap()).unwrap();
    assert!(at.plus_ms(1) > before && at < Timestamp::from(SystemTime::now()));
    assert_eq!(event["event_id"], event_id.to_string());
    assert_eq!(event_id.get_version_num(), 7);
    assert_eq!(aibbar::identity::unix_ms_of(event_id), at.unix_ms());
    assert_eq!((&event["ai_id"], &event["ai_version"]), (&json!(ai_id), &json!("model-1")));
    assert_eq!((&event["metadata"], &event["key_id"]), (&json!({}), &json!(gateway().setting("GAPIN_SIGNING_KEY_ID"))));
    assert!(gapin_sdk::verify(event, gateway().setting("GAPIN_SIGNING_SECRET")));
}

// feature: record.identity
#[test]
fn what_is_given_stays() {
    let (recorder, ai_id) = fresh();
    let at = Timestamp::from(SystemTime::now()).plus_ms(-60_000);
    let at = Timestamp::from_unix_ms(at.unix_ms());
    let event_id = Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, at.unix_ms() as u64 / 1000, 0));
    let other = Uuid::new_v4();
    recorder.query().timestamp(at).event_id(event_id).ai_version("model-2").ai_id(other).record();
    assert!(recorder.flush_blocking(FLUSH));
    let events = stored(gateway(), other, 1);
    assert_eq!(Timestamp::parse(events[0]["timestamp"].as_str().unwrap()), Some(at));
    assert_eq!((&events[0]["event_id"], &events[0]["ai_version"]), (&json!(event_id), &json!("model-2")));
    assert_eq!(gateway().records(ai_id).len(), 0);
}

/// An event as another process has signed it.
fn signed_elsewhere(ai_id: Uuid, at: SystemTime) -> Value {
    let event = json!({
        "ai_id": ai_id.to_string(), "ai_version": "model-3", "event_type": "ai.query", "metadata": {"session_id": "s-1"},
        "query": {"prompt": "signed", "parameters": {"temperature": 0.1, "ünïcode": [1e20, 1e21, 0.5]}}, "sequence": 7,
        "timestamp": Timestamp::from(at).to_string(),
    });
    gapin_sdk::sign(&event, gateway().setting("GAPIN_SIGNING_SECRET")).unwrap()
}

// feature: record.identity
#[test]
fn what_is_signed_already_stays_as_it_is() {
    let (recorder, ai_id) = fresh();
    let signed = signed_elsewhere(ai_id, SystemTime::now());
    let id = gapin_sdk::context::new().user_id("u").scope(|| recorder.record(&signed)).unwrap();
    let mut unsigned = signed.clone();
    unsigned["signature"] = "none".into();
    unsigned["query"]["prompt"] = "not signed".into();
    unsigned["sequence"] = 8.into();
    assert!(recorder.record(unsigned).is_some());
    let events = told(&recorder, ai_id, 2);
    assert_eq!(events[0], signed);
    assert_eq!(events[1]["query"]["prompt"], "not signed");
    let kept = support::stored_records(gateway(), ai_id, 2);
    assert_eq!(kept[0]["record"]["event_id"], id.to_string());
    let mut large = signed;
    large["query"]["prompt"] = "x".repeat(300_000).into();
    assert_eq!(recorder.record(large), None, "cut, it would be another event");
    assert_eq!(recorder.stats().faults, 1);
}

// feature: record.identity
// feature: retry.clock_skew
#[test]
fn what_is_signed_already_is_sent_again_as_it_is() {
    const AHEAD: Duration = Duration::from_secs(3600);
    let (through, folder) = (Through::new(), tempfile::tempdir().unwrap());
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let builder = through.builder().disk_queue(folder.path());
    let builder = builder.on_refused(move |event, fault| teller.lock().unwrap().push((event.clone(), fault.clone())));
    let recorder = builder.build().unwrap();
    through.faulty.faults([faulty::refuse(503, "overloaded", &[]), faulty::cut()]);
    let signed = signed_elsewhere(through.ai_id, SystemTime::now());
    recorder.record(&signed);
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(through.stored(1), std::slice::from_ref(&signed));
    assert_eq!(through.faulty.events(), vec![signed; 3]);
    // Its time is not this recorder's to change, whatever its clock.
    through.faulty.date(|| httpdate::fmt_http_date(SystemTime::now() - AHEAD));
    let ahead = signed_elsewhere(through.ai_id, SystemTime::now() + AHEAD);
    recorder.record(&ahead);
    assert!(recorder.flush_blocking(FLUSH));
    let told = told.lock().unwrap();
    assert_eq!((told.len(), &told[0].0, &*told[0].1.code), (1, &ahead, "timestamp_in_future"));
    assert_eq!((recorder.stats().retimed, recorder.stats().refused), (0, 1));
}

// feature: record.sequence
#[tokio::test(flavor = "multi_thread")]
async fn events_are_numbered_per_ai_system() {
    let (recorder, ai_id) = fresh();
    let other = Uuid::new_v4();
    for number in 0..20 {
        recorder.query().prompt(number.to_string()).ai_id(if number % 2 == 0 { ai_id } else { other }).record();
    }
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    client.record(json!({"event_type": "ai.query", "query": {"prompt": "awaited"}})).await.unwrap();
    assert!(recorder.flush(FLUSH).await);
    tokio::task::spawn_blocking(move || {
        for (ai_id, count) in [(ai_id, 11), (other, 10)] {
            let events = stored(gateway(), ai_id, count);
            let numbers: Vec<_> = events.iter().map(|event| event["sequence"].as_u64().unwrap()).collect();
            assert_eq!(numbers, (0..count as u64).collect::<Vec<_>>());
        }
    })
    .await
    .unwrap();
}

// feature: record.sequence
#[test]
fn numbers_of_many_threads_are_in_the_order_of_the_queue() {
    let through = Through::new();
    let recorder = through.builder().build().unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let recorder = recorder.clone();
            thread::spawn(move || record(&recorder, 0..200))
        })
        .collect();
    for each in threads {
        each.join().unwrap();
    }
    assert!(recorder.flush_blocking(FLUSH));
    let events = through.faulty.events();
    let numbers: Vec<_> = events.iter().map(|event| event["sequence"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (0..800).collect::<Vec<_>>());
    let ids: BTreeSet<_> = events.iter().map(|event| event["event_id"].to_string()).collect();
    assert_eq!(ids.len(), 800);
}

// feature: record.frozen
#[test]
fn later_changes_change_nothing() {
    let (recorder, ai_id) = fresh();
    let cities = std::sync::Mutex::new(vec!["Rome"]);
    recorder.action("search").input(&cities).output(&cities).record();
    cities.lock().unwrap().push("Paris");
    let built = recorder.query().messages(&cities);
    cities.lock().unwrap().push("Oslo");
    built.record();
    let events = told(&recorder, ai_id, 2);
    assert_eq!(events[0]["action"]["input"], json!(["Rome"]));
    assert_eq!(events[0]["action"]["output"], json!(["Rome"]));
    assert_eq!(events[1]["query"]["messages"], json!(["Rome", "Paris"]));
}

struct Bytes(&'static [u8]);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

struct Awkward;

impl Serialize for Awkward {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Colour {
    Red,
    Rgb { z: u8, a: f32 },
}

/// An object inside itself.
struct Circular;

impl Serialize for Circular {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq([Self])
    }
}

// feature: record.lossy_values
#[test]
fn values_that_json_lacks_have_a_safe_form() {
    let (recorder, ai_id) = fresh();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(7);
    recorder.action("nan").input(f64::NAN).record();
    recorder.action("infinities").input([f64::INFINITY, f64::NEG_INFINITY]).record();
    recorder.action("integers").input([1_i128 << 53, -(1 << 80)]).record();
    recorder.action("numbers").input([1.0, 1e21, 1.5e-7, -0.0, 0.1, 1e16]).record();
    recorder.action("bytes").input(Bytes(b"\x00\xff")).record();
    recorder.action("set").input(BTreeSet::from([7])).record();
    recorder.action("tuple").input((1, (2,), ())).record();
    recorder.action("enum").input([Colour::Red, Colour::Rgb { z: 1, a: 0.1 }]).record();
    recorder.action("names").input(BTreeMap::from([((1, None::<u8>), 'e')])).record();
    recorder.action("numbers as names").input(BTreeMap::from([(10, 1), (9, 2)])).record();
    recorder.action("uuid").input(Uuid::nil()).record();
    recorder.action("time").input(at).record();
    recorder.action("astral names").input(json!({"\u{1f600}": 1, "\u{fb33}": 2, "a": 3})).record();
    recorder.action("awkward").input(("x", Awkward)).record();
    recorder.action("circular").input(Circular).record();
    recorder.decision("x", "").options(json!({"a": 1})).chosen(f64::NAN).confidence(f64::NAN).record();
    recorder.query().messages("a").metadata(json!({"user_id": 7, "team": "blue", "labels": {"n": 1}})).record();
    recorder.response(Bytes(b"x")).usage(u64::MAX, 0).latency(Duration::from_millis(1 << 60)).record();
    let events = told(&recorder, ai_id, 18);
    let inputs: Vec<_> = events.iter().map(|event| &event["action"]["input"]).collect();
    let wanted = [
        json!("NaN"),
        json!(["Infinity", "-Infinity"]),
        json!(["9007199254740992", "-1208925819614629174706176"]),
        json!([1, 1e21, 1.5e-7, 0, 0.1, "10000000000000000"]),
        json!("base64:AP8="),
        json!([7]),
        json!([1, [2], null]),
        json!(["red", {"rgb": {"a": 0.1, "z": 1}}]),
        json!({"[1,null]": "e"}),
        json!({"10": 1, "9": 2}),
        json!("00000000-0000-0000-0000-000000000000"),
        json!({"nanos_since_epoch": 0, "secs_since_epoch": 7}),
        json!({"\u{1f600}": 1, "\u{fb33}": 2, "a": 3}),
        json!(["x", "[Awkward that can't be shown]"]),
    ];
    for (input, wanted) in inputs.iter().zip(&wanted) {
        assert_eq!(*input, wanted);
    }
    assert!(inputs[14].to_string().contains("[nested deeper than 64 levels]"));
    assert_eq!(events[15]["decision"]["options"], json!([{"a": 1}]));
    assert_eq!((&events[15]["decision"]["chosen"], &events[15]["decision"]["confidence"]), (&json!("NaN"), &json!(0)));
    assert_eq!(events[16]["query"], json!({"messages": ["a"]}));
    assert_eq!(events[16]["metadata"], json!({"user_id": "7", "labels": {"n": "1", "team": "blue"}}));
    assert_eq!(events[17]["response"]["output"], "base64:eA==");
    assert_eq!(events[17]["response"]["latency_ms"].as_u64(), Some((1 << 53) - 1), "no text, which would be refused");
    assert_eq!(recorder.stats().faults, 1, "the awkward one is counted");
}

// feature: record.oversize
#[test]
fn a_large_event_is_shortened_with_a_mark() {
    let (recorder, ai_id) = fresh();
    let members: BTreeMap<_, _> = (0..20_000).map(|number| (number.to_string(), "x".repeat(50))).collect();
    let large = [
        json!("x".repeat(1_000_000)),
        json!("\0".repeat(300_000)),
        json!(vec!["é".repeat(1_000); 500]),
        json!(members),
        json!(vec![(0..100).map(|inner| inner.to_string()).collect::<Vec<_>>(); 1_000]),
        json!((0..300_000).collect::<Vec<_>>()),
    ];
    for each in &large {
        recorder.action("large").input(each).output("kept").record();
    }
    for event in told(&recorder, ai_id, large.len()) {
        let input = event["action"]["input"].to_string();
        assert!(input.contains("[cut: "), "{}", input.chars().rev().take(100).collect::<String>());
        assert_eq!(event["action"]["output"], "kept");
        assert!(event.to_string().len() <= 256 * 1024);
    }
}

struct Panics;

impl Serialize for Panics {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("a value that panics");
    }
}

// feature: record.never_raises
#[test]
fn nothing_reaches_the_caller() {
    let through = Through::new();
    through.faulty.always(Some(faulty::cut()));
    let recorder = through
        .builder()
        .queue_events_max(3)
        .retry_for(Duration::from_millis(50))
        .on_dropped(|_, _| panic!("a callback that fails"))
        .on_refused(|_, _| panic!("a callback that fails"))
        .build()
        .unwrap();
    for given in [json!(null), json!(7), json!([1]), json!({"event_type": 7}), json!({}), json!({"metadata": 7})] {
        recorder.record(given);
    }
    recorder.record(Panics);
    recorder.record(json!({"event_type": "ai.query", "query": 7, "sequence": "x", "timestamp": 7, "zebra": 1}));
    recorder
        .record(json!({"event_type": "ai.query", "query": {"prompt": "x"}, "ai_id": "x", "event_id": [], "key_id": 0}));
    recorder.action("").input(Panics).output(Awkward).metadata(Panics).with_query(Panics).record();
    recorder.decision("", "").options(Panics).chosen(Panics).confidence(f64::INFINITY).record();
    recorder.query().messages(Panics).ai_version("").metadata(7).record();
    recorder.response(Panics).event_id(Uuid::nil()).timestamp(Timestamp::from_unix_ns(i64::MIN)).record();
    assert!(recorder.flush_blocking(FLUSH));
    let stats = recorder.stats();
    assert!(stats.dropped > 0 && stats.faults > 8, "{stats:?}");
    assert_eq!(stats.recorded, stats.dropped + stats.refused + stats.accepted);
    recorder.close_blocking();
    assert_eq!(recorder.query().prompt("closed").record(), None);
    assert_eq!(recorder.stats().dropped_by_reason[&DropReason::Closed], 1);
}

// feature: record.never_raises
#[test]
fn a_value_that_panics_leaves_the_rest_of_its_event() {
    let (recorder, ai_id) = fresh();
    recorder.action("x").input(Panics).output("kept").record();
    let events = told(&recorder, ai_id, 1);
    assert_eq!(events[0]["action"]["input"], "[Panics that can't be shown]");
    assert_eq!(events[0]["action"]["output"], "kept");
    assert_eq!(recorder.stats().faults, 1);
}

// feature: record.never_raises
#[test]
fn a_recorder_that_records_its_own_faults_goes_on() {
    let through = Through::new();
    let known = Arc::new(std::sync::OnceLock::<Recorder>::new());
    let inside = Arc::clone(&known);
    let builder = through.builder().queue_events_max(2).on_dropped(move |_, _| {
        if let Some(recorder) = inside.get() {
            recorder.swallowed("a callback", &fmt::Error);
            recorder.query().prompt("dropped").record();
        }
    });
    let recorder = builder.build().unwrap();
    known.set(recorder.clone()).unwrap();
    let gate = through.hold_the_first(&recorder);
    record(&recorder, 0..10);
    // Each that is recorded drops one, whose callback records one more, which drops one that nobody is told of.
    assert_eq!((recorder.stats().dropped, recorder.stats().faults), (18, 9));
    assert_eq!(recorder.stats().last_fault.as_deref(), Some("Error"));
    gate.open();
    assert!(recorder.close_blocking());
}
