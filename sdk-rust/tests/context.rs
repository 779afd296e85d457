//! What is carried into events.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::BTreeMap,
    sync::{Arc, Barrier},
    thread,
};

use gapin_sdk::{Client, Recorder, context};
use serde_json::{Value, json};
use support::{FLUSH, gateway, settings, stored};
use uuid::Uuid;

fn fresh() -> (Recorder, Uuid) {
    let ai_id = Uuid::new_v4();
    (Recorder::new(settings(gateway(), ai_id)).unwrap(), ai_id)
}

fn query(recorder: &Recorder, prompt: &str) {
    recorder.query().prompt(prompt).record();
}

/// The metadata of what was recorded, by its prompt.
fn told(recorder: &Recorder, ai_id: Uuid, count: usize) -> BTreeMap<String, Value> {
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(recorder.stats().refused, 0);
    let events = stored(gateway(), ai_id, count);
    let told = |mut event: Value| (event["query"]["prompt"].as_str().unwrap().to_owned(), event["metadata"].take());
    events.into_iter().map(told).collect()
}

// feature: context.carried
#[test]
fn a_context_is_carried_and_nests() {
    let (recorder, ai_id) = fresh();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let whole = context::new().session_id("s-1").user_id("u-1").label("a", "1");
    whole.scope(|| {
        context::new().request_id("r-1").label("b", "2").scope(|| {
            let own = json!({"user_id": "own", "labels": {"c": "3"}});
            recorder.query().prompt("inner").metadata(own).record();
        });
        query(&recorder, "outer");
        let client = Client::new(settings(gateway(), ai_id)).unwrap();
        runtime.block_on(context::current().run(async {
            tokio::task::yield_now().await;
            query(&recorder, "async");
            let inside = recorder.clone();
            let spawned = context::current().run(async move { query(&inside, "spawned") });
            tokio::spawn(spawned).await.unwrap();
            client.record(json!({"event_type": "ai.query", "query": {"prompt": "awaited"}})).await.unwrap();
        }));
        let entered = context::new().session_id("s-2").enter();
        query(&recorder, "entered");
        drop(entered);
        query(&recorder, "left");
    });
    query(&recorder, "outside");
    let told = told(&recorder, ai_id, 8);
    let outer = json!({"session_id": "s-1", "user_id": "u-1", "labels": {"a": "1"}});
    for prompt in ["outer", "async", "spawned", "awaited", "left"] {
        assert_eq!(told[prompt], outer, "{prompt}");
    }
    assert_eq!(
        told["inner"],
        json!({"session_id": "s-1", "user_id": "own", "request_id": "r-1", "labels": {"a": "1", "b": "2", "c": "3"}})
    );
    assert_eq!(told["entered"], json!({"session_id": "s-2", "user_id": "u-1", "labels": {"a": "1"}}));
    assert_eq!(told["outside"], json!({}));
}

// feature: context.isolated
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_have_their_own() {
    let (recorder, ai_id) = fresh();
    let task = |number: usize| {
        let recorder = recorder.clone();
        context::new().session_id(number.to_string()).run(async move {
            for step in 0..3 {
                tokio::task::yield_now().await;
                query(&recorder, &format!("{number}/{step}"));
            }
        })
    };
    let tasks: Vec<_> = (0..20).map(|number| tokio::spawn(task(number))).collect();
    futures_util::future::join_all((20..40).map(task)).await;
    for each in tasks {
        each.await.unwrap();
    }
    assert!(recorder.flush(FLUSH).await);
    let told = tokio::task::spawn_blocking(move || told(&recorder, ai_id, 120)).await.unwrap();
    for (prompt, metadata) in told {
        assert_eq!(metadata, json!({"session_id": prompt.split('/').next().unwrap()}));
    }
}

// feature: context.isolated
#[test]
fn threads_have_their_own() {
    let (recorder, ai_id) = fresh();
    let barrier = Arc::new(Barrier::new(8));
    let _outer = context::new().user_id("u").enter();
    let threads: Vec<_> = (0..8)
        .map(|number: usize| {
            let (recorder, barrier) = (recorder.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                context::new().session_id(number.to_string()).scope(|| {
                    barrier.wait();
                    query(&recorder, &number.to_string());
                });
            })
        })
        .collect();
    for each in threads {
        each.join().unwrap();
    }
    for (prompt, metadata) in told(&recorder, ai_id, 8) {
        assert_eq!(metadata, json!({"session_id": prompt}));
    }
}

// feature: context.isolated
#[test]
fn a_context_ends_with_what_is_inside_of_it_also_by_a_panic() {
    let (recorder, ai_id) = fresh();
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        context::new().session_id("s").scope(|| panic!("inside of a context"));
    }));
    assert!(ended.is_err());
    query(&recorder, "after");
    assert_eq!(told(&recorder, ai_id, 1)["after"], json!({}));
}

// feature: context.opentelemetry
#[cfg(feature = "opentelemetry")]
#[test]
fn the_current_span_is_taken() {
    use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};

    let (recorder, ai_id) = fresh();
    let (trace_id, span_id) =
        (TraceId::from(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736), SpanId::from(0x00f0_67aa_0ba9_02b7));
    let span = SpanContext::new(trace_id, span_id, TraceFlags::SAMPLED, true, TraceState::default());
    {
        let _span = opentelemetry::Context::new().with_remote_span_context(span).attach();
        query(&recorder, "inside");
        recorder.query().prompt("both").metadata(json!({"user_id": "u"})).record();
        context::new().trace_id("own").scope(|| query(&recorder, "own"));
        context::new().session_id("s").scope(|| query(&recorder, "in a context"));
    }
    query(&recorder, "outside");
    let told = told(&recorder, ai_id, 5);
    let (trace_id, span_id) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    assert_eq!(told["inside"], json!({"trace_id": trace_id, "span_id": span_id}));
    assert_eq!(told["both"], json!({"trace_id": trace_id, "span_id": span_id, "user_id": "u"}));
    assert_eq!(told["in a context"], json!({"trace_id": trace_id, "span_id": span_id, "session_id": "s"}));
    assert_eq!(told["own"], json!({"trace_id": "own"}));
    assert_eq!(told["outside"], json!({}));
}
