//! A storm of sign-ins: it waits for its turn, or is sent away, and takes nothing from events.
#![allow(clippy::unwrap_used, reason = "a test")]

use e2e::{Client, System, event, on_both_shapes};
use serde_json::json;
use tokio::task::JoinSet;

/// More than may be hashed at once and wait besides, whatever the number of processors.
const SIGN_INS: usize = 400;
const EVENTS: usize = 50;

on_both_shapes!(own: a_storm_of_sign_ins_fails_no_event);

async fn a_storm_of_sign_ins_fails_no_event(system: System) {
    let system = &system;
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut storm = JoinSet::new();
    for number in 0..SIGN_INS {
        let anonymous = Client::anonymous(&system.url);
        let body = json!({ "email": format!("nobody-{number}@example.com"), "password": "a loud harbour" });
        storm.spawn(async move { anonymous.post_json("/auth/login", body).await });
    }
    for _ in 0..EVENTS {
        client.publish(&event().signed_by(&organisation)).await.expect(202);
    }
    let mut statuses = Vec::new();
    while let Some(answer) = storm.join_next().await {
        let answer = answer.unwrap();
        assert!(matches!(answer.status, 401 | 429 | 503), "{}: {}", answer.status, answer.body);
        assert!(answer.status == 401 || answer.headers.contains_key("retry-after"), "{}", answer.body);
        statuses.push(answer.status);
    }
    assert!(statuses.contains(&401), "some were looked at: {statuses:?}");
    assert!(statuses.iter().any(|status| *status != 401), "not all of them were: {statuses:?}");
}
