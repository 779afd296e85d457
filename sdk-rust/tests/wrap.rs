//! Functions that are recorded without a thought.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{FutureExt, Stream, StreamExt, stream};
use gapin_sdk::{Recorder, wrap::ITEMS_MAX};
use serde_json::{Value, json};
use support::{FLUSH, gateway, settings, stored};
use uuid::Uuid;

fn fresh() -> (Recorder, Uuid) {
    let ai_id = Uuid::new_v4();
    (Recorder::new(settings(gateway(), ai_id)).unwrap(), ai_id)
}

fn told(recorder: &Recorder, ai_id: Uuid, count: usize) -> Vec<Value> {
    assert!(recorder.flush_blocking(FLUSH));
    let stats = recorder.stats();
    assert_eq!((stats.refused, stats.faults), (0, 0), "{:?}", stats.last_fault);
    stored(gateway(), ai_id, count)
}

/// Neither `Clone` nor `Copy`: what a wrapper hands on is what it was given.
#[derive(Debug, serde::Serialize)]
struct Found(Vec<String>);

// feature: record.wrap
#[test]
fn a_function() {
    let (recorder, ai_id) = fresh();
    let mut query = vec!["x".to_owned()];
    let found = recorder.wrap("search").input(&query).call(|| {
        query.push("y".to_owned());
        std::thread::sleep(Duration::from_millis(2));
        Found(query)
    });
    assert_eq!(found.0, ["x", "y"]);
    let events = told(&recorder, ai_id, 1);
    let action = &events[0]["action"];
    assert_eq!((&action["function"], &action["model"]), (&json!("search"), &json!("model-1")));
    assert_eq!((&action["input"], &action["output"]), (&json!(["x"]), &json!(["x", "y"])));
    assert!(action["latency_ms"].as_f64().unwrap() >= 2.0);
}

// feature: record.wrap
#[test]
fn an_error_reaches_the_caller() {
    let (recorder, ai_id) = fresh();
    let failing = || Err::<(), _>(io::Error::new(io::ErrorKind::NotFound, "no such thing"));
    let error = recorder.wrap("find").input(json!({"id": 7})).model("m").try_call(failing).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (io::ErrorKind::NotFound, "no such thing"));
    assert_eq!(recorder.wrap("find").try_call(|| Ok::<_, io::Error>(7)).unwrap(), 7);
    let boxed = recorder.wrap("box").try_call(|| Err::<(), Box<dyn std::error::Error>>("in a box".into()));
    assert_eq!(boxed.unwrap_err().to_string(), "in a box");
    let events = told(&recorder, ai_id, 3);
    assert_eq!(events[0]["event_type"], "ai.error");
    assert_eq!(events[0]["error"], json!({"code": "Error", "message": "no such thing", "recoverable": false}));
    let action = &events[0]["action"];
    assert_eq!((&action["function"], &action["model"]), (&json!("find"), &json!("m")));
    assert_eq!((&action["input"], &action["output"]), (&json!({"id": 7}), &Value::Null));
    assert_eq!((&events[1]["event_type"], &events[1]["action"]["output"]), (&json!("ai.action"), &json!(7)));
    assert_eq!(events[2]["error"]["code"], "error");
}

// feature: record.wrap
#[test]
fn a_panic_reaches_the_caller() {
    let (recorder, ai_id) = fresh();
    let number = std::hint::black_box(7);
    let ended = catch_unwind(AssertUnwindSafe(|| recorder.wrap("act").call(|| -> u8 { panic!("it broke: {number}") })));
    assert_eq!(ended.unwrap_err().downcast_ref::<String>().unwrap(), "it broke: 7");
    let held = Arc::new(Mutex::new(()));
    let payload = Arc::clone(&held);
    let ended =
        catch_unwind(AssertUnwindSafe(|| recorder.wrap("act").call(|| -> u8 { std::panic::panic_any(payload) })));
    assert!(Arc::ptr_eq(ended.unwrap_err().downcast_ref::<Arc<Mutex<()>>>().unwrap(), &held));
    let events = told(&recorder, ai_id, 2);
    assert_eq!(events[0]["error"], json!({"code": "panic", "message": "it broke: 7", "recoverable": false}));
    assert_eq!((&events[1]["error"]["message"], &events[1]["action"]["function"]), (&json!(""), &json!("act")));
}

// feature: record.wrap
#[tokio::test(flavor = "multi_thread")]
async fn a_future() {
    let (recorder, ai_id) = fresh();
    let answer = |question: &'static str| async move {
        tokio::task::yield_now().await;
        question.parse::<u32>()
    };
    assert_eq!(recorder.wrap("whole").run(async { answer("7").await.unwrap() }).await, 7);
    assert_eq!(recorder.wrap("answer").input("7").try_run(answer("7")).await, Ok(7));
    assert!(recorder.wrap("answer").input("bad").try_run(answer("bad")).await.is_err());
    let panics =
        async { tokio::task::yield_now().map(|()| -> u8 { std::panic::panic_any("inside of a future") }).await };
    let spawned = tokio::spawn(recorder.wrap("panics").run(panics));
    assert_eq!(*spawned.await.unwrap_err().into_panic().downcast_ref::<&str>().unwrap(), "inside of a future");
    let never = recorder.wrap("never").run(std::future::pending::<()>());
    assert!(tokio::time::timeout(Duration::from_millis(5), never).await.is_err());
    let events = tokio::task::spawn_blocking(move || told(&recorder, ai_id, 5)).await.unwrap();
    assert_eq!(events[0]["action"]["output"], 7);
    assert_eq!((&events[1]["action"]["input"], &events[1]["action"]["output"]), (&json!("7"), &json!(7)));
    assert_eq!((&events[2]["error"]["code"], &events[2]["action"]["input"]), (&json!("ParseIntError"), &json!("bad")));
    assert_eq!(
        (&events[3]["error"]["code"], &events[3]["error"]["message"]),
        (&json!("panic"), &json!("inside of a future"))
    );
    assert_eq!((&events[4]["error"]["code"], &events[4]["action"]["function"]), (&json!("cancelled"), &json!("never")));
}

// feature: record.wrap
#[tokio::test(flavor = "multi_thread")]
async fn a_stream() {
    let (recorder, ai_id) = fresh();
    let whole: Vec<_> = recorder.wrap("words").input("a b").stream(stream::iter(["a", "b"])).collect().await;
    assert_eq!(whole, ["a", "b"]);
    let parts = stream::iter([Ok("a"), Err(io::Error::other("bad")), Ok("b")]);
    let results: Vec<_> = recorder.wrap("words").try_stream(parts).collect().await;
    assert!(results[0].is_ok() && results[1].is_err() && results[2].is_ok());
    let mut left = recorder.wrap("left").stream(stream::iter(0..9));
    assert_eq!((left.size_hint(), left.next().await), ((9, Some(9)), Some(0)));
    drop(left);
    let many = recorder.wrap("numbers").stream(stream::iter(0..1_500)).count().await;
    assert_eq!(many, 1_500);
    let panics = recorder.wrap("panics").stream(stream::iter(0..2).map(|number| 7 / (1 - number)));
    assert!(AssertUnwindSafe(panics.collect::<Vec<_>>()).catch_unwind().await.is_err());
    let events = tokio::task::spawn_blocking(move || told(&recorder, ai_id, 5)).await.unwrap();
    assert_eq!(events[0]["action"]["output"], json!(["a", "b"]));
    assert_eq!((&events[1]["error"]["message"], &events[1]["action"]["output"]), (&json!("bad"), &json!(["a"])));
    assert_eq!(events[2]["action"]["output"], json!([0]));
    let numbers = events[3]["action"]["output"].as_array().unwrap();
    assert_eq!((numbers.len(), &numbers[ITEMS_MAX]), (ITEMS_MAX + 1, &json!("[cut: 1500 items]")));
    assert_eq!((&events[4]["error"]["code"], &events[4]["action"]["output"]), (&json!("panic"), &json!([7])));
}

// feature: record.wrap
#[test]
fn a_recorder_that_is_closed_is_not_noticed() {
    let (recorder, _) = fresh();
    recorder.close_blocking();
    assert_eq!(recorder.wrap("x").input(1).call(|| 2), 2);
    assert_eq!(recorder.stats().dropped, 1);
}
