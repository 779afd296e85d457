//! Messages over HTTP: what becomes of them when their sender hangs up, and when the log can't follow a topic's changes.

#![allow(clippy::unwrap_used)]

mod rig;

use std::sync::Arc;

use reqwest::RequestBuilder;
use rig::{Mood, Org, Rig, body, entry, problem};
use serde_json::{Value, json};
use store::{
    identity::{ApiKeyChanges, IdentityStore},
    limits::{Limit, Limits},
};
use tokio::{io::AsyncWriteExt, net::TcpStream, sync::Semaphore};

const CONNECTIONS: &str = "gapin_http_connections";

async fn made(rig: &Rig, org: &Org, topic: Value) {
    let request = rig.http.post(format!("{}/api/v1/topics", rig.url)).bearer_auth(&org.api_key).json(&topic);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201);
}

fn publish(rig: &Rig, org: &Org, messages: &Value) -> RequestBuilder {
    let request = rig.http.post(format!("{}/events/publish", rig.url)).bearer_auth(&org.api_key);
    request.header("idempotency-key", "order-1").json(messages)
}

/// Sends a request and hangs up while the log has not answered it yet; when this returns, the gateway knows of it and the log
/// has answered.
async fn hang_up(rig: &Rig, org: &Org, path: &str, sent: &str) {
    let gate = Arc::new(Semaphore::new(0));
    rig.log.set(Mood::Waits(gate.clone()));
    let mut gone = TcpStream::connect(rig.url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Idempotency-Key: order-1\r\nContent-Length: {}\r\n\r\n{sent}",
        org.api_key,
        sent.len(),
    );
    gone.write_all(head.as_bytes()).await.unwrap();
    rig.until("it is inside", async || rig.metric("gapin_record_requests_in_flight").await == 1.0).await;
    let open = rig.metric(CONNECTIONS).await;
    drop(gone);
    rig.until("the gateway knows that they hung up", async || rig.metric(CONNECTIONS).await < open).await;
    gate.add_permits(1);
    rig.log.set(Mood::Healthy);
    rig.until("it is done", async || rig.metric("gapin_record_requests_in_flight").await == 0.0).await;
}

#[tokio::test]
async fn who_hangs_up_and_sends_it_again_publishes_once() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let limits = Limits { requests_per_minute: Limit::Off, events_per_day: Limit::AtMost(5) };
    let changes = ApiKeyChanges { limits: Some(limits), ..ApiKeyChanges::default() };
    rig.store.update_api_key(org.id, org.api_key_id, &changes, &entry(org.id)).await.unwrap().unwrap();
    made(&rig, &org, json!({ "name": "orders", "partitions": 1 })).await;
    let messages = json!([{ "topic": "orders", "message": 1 }, { "topic": "nowhere", "message": 2 }]);
    hang_up(&rig, &org, "/events/publish", &messages.to_string()).await;
    assert_eq!(rig.metric("gapin_messages_accepted_total").await, 1.0);

    let answer = publish(&rig, &org, &messages).send().await.unwrap();
    assert_eq!(answer.status(), 207);
    let limit = answer.headers()["ratelimit"].to_str().unwrap().to_owned();
    assert!(limit.contains(r#""day";r=4;"#), "one of two was given back: {limit}");
    let told = body(answer).await;
    assert_eq!((&told["results"][0]["offset"], &told["results"][1]["code"]), (&json!(0), &json!("not_found")));
    let read = rig.get(&org, "/events/read?topic=orders").send().await.unwrap();
    assert_eq!(body(read).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_event_of_who_hung_up_is_counted() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    hang_up(&rig, &org, "/aibbar/events", &org.event("gone")).await;
    assert_eq!(rig.metric("gapin_events_accepted_total").await, 1.0);
    rig.carry().await;
    let stored = rig.get(&org, "/aibbar/events").send().await.unwrap();
    assert_eq!(body(stored).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_that_the_log_can_not_follow_keeps_nobody_from_publishing() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    made(&rig, &org, json!({ "name": "orders", "partitions": 1 })).await;
    rig.log.change_nothing(true);
    let path = format!("{}/api/v1/topics/orders", rig.url);
    let change = || rig.http.patch(&path).bearer_auth(&org.api_key).json(&json!({ "retention_days": 30 }));
    problem(change(), (503, "log_unavailable")).await;
    let shown = body(rig.get(&org, "/api/v1/topics/orders").send().await.unwrap()).await;
    assert_eq!(shown["retention_days"], 30, "{shown}");
    let answer = publish(&rig, &org, &json!({ "topic": "orders", "message": 1 })).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    rig.log.change_nothing(false);
    let changed = change().send().await.unwrap();
    assert_eq!(changed.status(), 200, "what is not yet applied is applied, though nothing changes");
}

#[tokio::test]
async fn compaction_is_said_when_a_topic_is_made() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    made(&rig, &org, json!({ "name": "orders", "partitions": 1 })).await;
    made(&rig, &org, json!({ "name": "customers", "partitions": 1, "compacted": true })).await;
    let change = |topic: &str, compacted: bool| {
        let path = format!("{}/api/v1/topics/{topic}", rig.url);
        rig.http.patch(path).bearer_auth(&org.api_key).json(&json!({ "compacted": compacted }))
    };
    problem(change("orders", true), (409, "not_compacted")).await;
    for (topic, compacted) in [("orders", false), ("customers", true)] {
        assert_eq!(change(topic, compacted).send().await.unwrap().status(), 200);
    }
    let event = json!({ "specversion": "1.0", "id": "1", "source": "/x", "type": "t", "data": 1 });
    let sent = [
        ("application/json", json!({ "message": 1 }), "/key"),
        ("application/cloudevents+json", event, "/partitionkey"),
    ];
    for (media_type, message, pointer) in sent {
        let request = rig.http.post(format!("{}/events/publish?topic=customers", rig.url)).bearer_auth(&org.api_key);
        let refused = request.header("content-type", media_type).body(message.to_string());
        let told = problem(refused, (400, "invalid_body")).await;
        assert_eq!(told["errors"][0]["pointer"], pointer, "{told}");
    }
    assert_eq!(change("customers", false).send().await.unwrap().status(), 200);
    problem(change("customers", true), (409, "not_compacted")).await;
}
