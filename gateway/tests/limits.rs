//! Limits over HTTP: what every answer tells of them, what is refused, and what never is.

#![allow(clippy::unwrap_used)]

mod rig;

use reqwest::{Response, header::HeaderMap};
use rig::{Org, Rig, body, entry};
use serde_json::Value;
use store::{
    identity::{ApiKeyChanges, IdentityStore, Scope},
    limits::{Limit, Limits},
};

/// An organisation whose key has these limits; it was never used, so no gateway knows it otherwise.
async fn org_limited_to(rig: &Rig, requests: u64, events: u64) -> Org {
    let org = rig.org().await;
    set_limits(
        rig,
        &org,
        Limits { requests_per_minute: Limit::AtMost(requests), events_per_day: Limit::AtMost(events) },
    )
    .await;
    org
}

async fn set_limits(rig: &Rig, org: &Org, limits: Limits) {
    let changes = ApiKeyChanges { limits: Some(limits), ..ApiKeyChanges::default() };
    rig.store.update_api_key(org.id, org.api_key_id, &changes, &entry(org.id)).await.unwrap().unwrap();
}

fn number(headers: &HeaderMap, name: &str) -> u64 {
    let value = headers.get(name).unwrap_or_else(|| panic!("no {name} in {headers:?}"));
    value.to_str().unwrap().parse().unwrap()
}

/// The fields of limits that the answer has.
fn told(answer: &Response) -> Vec<&str> {
    let names = answer.headers().keys().map(|name| name.as_str());
    let mut names: Vec<_> = names.filter(|name| name.contains("ratelimit")).collect();
    names.sort_unstable();
    names
}

const ALL_FIELDS: [&str; 5] =
    ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];

fn batch(org: &Org, events: usize) -> String {
    let events: Vec<_> = (0..events).map(|number| org.event(&format!("batch-{number}"))).collect();
    format!("[{}]", events.join(","))
}

fn codes(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|result| result["code"].as_str().unwrap_or("accepted")).collect()
}

#[tokio::test]
async fn every_answer_to_a_key_tells_of_its_limits() {
    let rig = Rig::start(|_| {}).await;
    let org = org_limited_to(&rig, 100, 1_000).await;
    let mixed = format!("[{},{{}}]", org.event("mixed"));
    let requests = [
        (202, rig.post(&org, org.event("one"))),
        (207, rig.post(&org, mixed)),
        (400, rig.post(&org, "{}")),
        (415, rig.post_as(&org, "text/plain", "")),
        (200, rig.get(&org, "/aibbar/events")),
        (400, rig.get(&org, "/aibbar/events?limit=many")),
        (404, rig.get(&org, "/aibbar/events/01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60")),
        (404, rig.get(&org, "/aibbar/events").header("x-org-id", "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60")),
    ];
    for (number_sent, (status, request)) in requests.into_iter().enumerate() {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(told(&answer), ALL_FIELDS, "{status}");
        let headers = answer.headers();
        assert_eq!(number(headers, "x-ratelimit-limit"), 100);
        assert_eq!(number(headers, "x-ratelimit-remaining"), 99 - number_sent as u64, "{status}");
        let now_s = u64::try_from(rig::now().unix_ms() / 1_000).unwrap();
        let reset = number(headers, "x-ratelimit-reset");
        assert!((now_s..=now_s + 62).contains(&reset), "{reset} at {now_s}");
        assert_eq!(headers["ratelimit-policy"], r#""minute";q=100;w=60, "day";q=1000;qu="events";w=86400"#);
    }
    let reader = rig.org_with(&[Scope::EventsRead]).await;
    set_limits(&rig, &reader, Limits { requests_per_minute: Limit::AtMost(5), events_per_day: Limit::Off }).await;
    let answer = rig.post(&reader, reader.event("none")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), told(&answer)), (403, ALL_FIELDS.to_vec()));
    assert_eq!(answer.headers()["ratelimit-policy"], r#""minute";q=5;w=60"#);
}

#[tokio::test]
async fn without_limits_or_without_a_key_nothing_is_told() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let none: Vec<&str> = Vec::new();
    for _ in 0..20 {
        assert_eq!(told(&rig.post(&org, org.event("off")).send().await.unwrap()), none);
    }
    let url = format!("{}/aibbar/events", rig.url);
    assert_eq!(told(&rig.http.get(&url).send().await.unwrap()), none);
    assert_eq!(told(&rig.http.get(&url).bearer_auth("sk_wrong").send().await.unwrap()), none);
    assert_eq!(told(&rig.http.get(format!("{}/health", rig.url)).send().await.unwrap()), none);
}

#[tokio::test]
async fn a_request_past_the_minute_is_429_and_says_when_to_come_again() {
    let rig = Rig::start(|_| {}).await;
    let org = org_limited_to(&rig, 3, 1_000).await;
    for _ in 0..3 {
        assert_eq!(rig.get(&org, "/aibbar/events").send().await.unwrap().status(), 200);
    }
    for request in [rig.get(&org, "/aibbar/events"), rig.post(&org, org.event("late"))] {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        rig::assert_problem(status, &headers, &body(answer).await, (429, "rate_limited"));
        assert!((1..=62).contains(&number(&headers, "retry-after")));
        assert_eq!(number(&headers, "x-ratelimit-remaining"), 0);
    }
    let other = org_limited_to(&rig, 3, 1_000).await;
    assert_eq!(rig.get(&other, "/aibbar/events").send().await.unwrap().status(), 200, "another's key has its own");
    assert_eq!(rig.metric("gapin_limits_refused_total{limit=\"minute\"}").await, 2.0);
}

#[tokio::test]
async fn a_batch_larger_than_the_rest_of_the_day_is_taken_up_to_it() {
    let rig = Rig::start(|_| {}).await;
    let org = org_limited_to(&rig, 1_000, 5).await;
    assert_eq!(rig.post(&org, batch(&org, 3)).send().await.unwrap().status(), 202);
    let answer = rig.post(&org, batch(&org, 4)).send().await.unwrap();
    assert_eq!(answer.status(), 207);
    assert!(answer.headers()["ratelimit"].to_str().unwrap().contains(r#""day";r=0;"#));
    let quota = "daily_quota_exceeded";
    assert_eq!(codes(&body(answer).await), ["accepted", "accepted", quota, quota]);
    for text in [org.event("one more"), batch(&org, 2)] {
        let answer = rig.post(&org, text).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        rig::assert_problem(status, &headers, &body(answer).await, (429, quota));
        assert!((1..=86_400).contains(&number(&headers, "retry-after")));
    }
    assert_eq!(rig.get(&org, "/aibbar/events").send().await.unwrap().status(), 200, "reading is no event");
}

#[tokio::test]
async fn refused_events_are_given_back() {
    let rig = Rig::start(|_| {}).await;
    let org = org_limited_to(&rig, 1_000, 3).await;
    let answer = rig.post(&org, format!("[{{}},{},{{}}]", org.event("good"))).send().await.unwrap();
    assert_eq!(codes(&body(answer).await), ["schema_violation", "accepted", "schema_violation"]);
    assert_eq!(rig.post(&org, batch(&org, 2)).send().await.unwrap().status(), 202);
    assert_eq!(rig.post(&org, org.event("late")).send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn who_shows_no_credentials_or_wrong_ones_is_limited_by_address() {
    let rig = Rig::start(|settings| settings.limits.anonymous_requests_per_minute = Limit::AtMost(6)).await;
    let (known, new) = (rig.org().await, rig.org().await);
    assert_eq!(rig.get(&known, "/aibbar/events").send().await.unwrap().status(), 200);
    let schema = format!("{}/api/schemas/aibbar-event.json", rig.url);
    let guess = || rig.http.get(format!("{}/aibbar/events", rig.url)).bearer_auth("sk_guess");
    for _ in 0..2 {
        assert_eq!(rig.http.get(&schema).send().await.unwrap().status(), 200);
        assert_eq!(guess().send().await.unwrap().status(), 401);
        // Credentials where none are needed are no way around it.
        assert_eq!(rig.http.get(&schema).bearer_auth(&known.api_key).send().await.unwrap().status(), 200);
    }
    let requests = [
        rig.http.get(&schema),
        rig.http.get(&schema).bearer_auth(&known.api_key),
        rig.http.get(format!("{}/nowhere", rig.url)),
        guess(),
        rig.get(&new, "/aibbar/events"),
    ];
    for request in requests {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        rig::assert_problem(status, &headers, &body(answer).await, (429, "rate_limited"));
        assert!((1..=60).contains(&number(&headers, "retry-after")));
    }
    // Whoever is known already works on, and the process tells how it is.
    assert_eq!(rig.get(&known, "/aibbar/events").send().await.unwrap().status(), 200);
    for path in ["/health", "/health/live", "/health/ready", "/metrics"] {
        assert_eq!(rig.http.get(format!("{}{path}", rig.url)).send().await.unwrap().status(), 200, "{path}");
    }
}
