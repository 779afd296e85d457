//! Stored records over HTTP: pages, filters, and what is refused.
#![allow(clippy::unwrap_used)]

mod rig;

use std::time::SystemTime;

use rig::{Rig, body, problem};
use serde_json::{Value, json};
use store::{
    StatisticsStore as _,
    statistics::{Count, Measure, OTHER, label_of_code, minute_of},
};

async fn sessions(rig: &Rig, org: &rig::Org, query: &str) -> Vec<String> {
    let page = body(rig.get(org, &format!("/aibbar/events?{query}")).send().await.unwrap()).await;
    let session = |item: &Value| item["event"]["metadata"]["session_id"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(session).collect()
}

#[tokio::test]
async fn pages_follow_one_another_newest_first_without_a_gap_or_a_double() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    for i in 0..25 {
        let mut event = org.unsigned(&format!("s-{i:02}"));
        event.insert("timestamp".into(), format!("2026-08-01T12:00:{i:02}Z").into());
        rig.post(&org, org.sign(event)).send().await.unwrap();
    }
    rig.carry().await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = body(rig.get(&org, &format!("/aibbar/events?limit=10{after}")).send().await.unwrap()).await;
        for item in page["items"].as_array().unwrap() {
            seen.push(item["event"]["metadata"]["session_id"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(next) => after = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected: Vec<_> = (0..25).rev().map(|i| format!("s-{i:02}")).collect();
    assert_eq!(seen, expected);
    assert_eq!(sessions(&rig, &org, "from=2026-08-01T12:00:23Z").await, ["s-24", "s-23"]);
    assert_eq!(sessions(&rig, &org, "to=2026-08-01T14:00:02+02:00").await, ["s-01", "s-00"]);
    assert_eq!(sessions(&rig, &org, "session_id=s-07").await, ["s-07"]);
    assert_eq!(sessions(&rig, &org, "q=S-07&event_type=ai.query").await, ["s-07"]);
    assert!(sessions(&rig, &org, "event_type=ai.error").await.is_empty());
    assert_eq!(sessions(&rig, &org, &format!("ai_id={}&limit=1", org.ai_id)).await, ["s-24"]);
}

#[tokio::test]
async fn a_session_is_found_by_an_id_as_long_as_it_was_taken_with() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    rig.record(&org, "short").await;
    let long = "x".repeat(10_000);
    rig.record(&org, &long).await;
    rig.carry().await;
    assert_eq!(sessions(&rig, &org, &format!("session_id={long}")).await, [long]);
}

#[tokio::test]
async fn a_wrong_parameter_is_refused_and_none_is_ignored() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    for query in [
        "limit=0",
        "limit=501",
        "limit=ten",
        "cursor=nonsense",
        "ai_id=7",
        "event_type=ai.other",
        "from=yesterday",
        "to=2026-08-01",
        "sesion_id=typo",
        "session_id=",
        "session_id",
        "cursor=",
        "limit=1&limit=2",
    ] {
        problem(rig.get(&org, &format!("/aibbar/events?{query}")), (400, "invalid_parameter")).await;
    }
    problem(rig.get(&org, "/aibbar/events/not-an-id"), (404, "not_found")).await;
}

#[tokio::test]
async fn one_organisation_never_reads_anothers_records() {
    let rig = Rig::start(|_| {}).await;
    let (mine, other) = (rig.org().await, rig.org().await);
    let event_id = rig.record(&mine, "mine").await;
    rig.carry().await;
    assert_eq!(sessions(&rig, &mine, "").await, ["mine"]);
    assert!(sessions(&rig, &other, "").await.is_empty());
    problem(rig.get(&other, &format!("/aibbar/events/{event_id}")), (404, "not_found")).await;
}

#[tokio::test]
async fn health_schema_and_metrics_are_open_on_loopback_and_a_token_closes_the_metrics() {
    let rig = Rig::start(|_| {}).await;
    let ready = body(rig.http.get(format!("{}/health/ready", rig.url)).send().await.unwrap()).await;
    assert_eq!(ready["status"], "ready");
    let names: Vec<_> = ready["dependencies"].as_array().unwrap().iter().map(|d| d["name"].clone()).collect();
    assert_eq!(names, ["log", "store"]);
    for path in ["/health", "/health/live", "/metrics"] {
        assert_eq!(rig.http.get(format!("{}{path}", rig.url)).send().await.unwrap().status(), 200, "{path}");
    }
    let schema = rig.http.get(format!("{}/api/schemas/aibbar-event.json", rig.url)).send().await.unwrap();
    assert_eq!(schema.text().await.unwrap(), aibbar::schema::TEXT);

    let closed = Rig::start(|s| s.operations.metrics_token = Some("open sesame".into())).await;
    let url = format!("{}/metrics", closed.url);
    problem(closed.http.get(&url), (401, "invalid_token")).await;
    problem(closed.http.get(&url).bearer_auth("open barley"), (401, "invalid_token")).await;
    assert_eq!(closed.http.get(&url).bearer_auth("open sesame").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn ai_systems_that_have_no_place_of_their_own_are_told_however_few_they_are() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let now = SystemTime::now().into();
    let count = |label: &str, counted| {
        let label = label.to_owned();
        Count { org_id: org.id, measure: Measure::AiSystems, at_s: minute_of(now), label, counted, total: counted * 7 }
    };
    let counts = [count("a", 30), count("b", 20), count("c", 10), count(OTHER, 1)];
    rig.store.add_counts("gw", 1, &counts, now).await.unwrap();
    for (limit, expected) in [(1, vec!["a"]), (3, vec!["a", "b", "c"]), (4, vec!["a", "b", "c"])] {
        let path = format!("/api/v1/metrics/top-ai-systems?limit={limit}");
        let told = body(rig.get(&org, &path).send().await.unwrap()).await;
        let names: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item["ai_id"].clone()).collect();
        assert_eq!(
            (names, &told["other"]),
            (expected.iter().map(|name| json!(name)).collect(), &json!({ "events": 1, "bytes": 7 }))
        );
    }
}

#[tokio::test]
async fn errors_are_told_by_their_code_and_the_rest_beside_them() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let now = SystemTime::now().into();
    let count = |label: String, counted| Count {
        org_id: org.id,
        measure: Measure::ErrorCodes,
        at_s: minute_of(now),
        label,
        counted,
        total: 0,
    };
    // A code may be called as what has no place is.
    let of = |code: &str, counted| count(label_of_code(code), counted);
    let counts = [of("timeout", 30), of(OTHER, 20), of("", 10), count(OTHER.to_owned(), 25)];
    rig.store.add_counts("gw", 1, &counts, now).await.unwrap();
    for (limit, expected) in [(1, vec!["timeout"]), (2, vec!["timeout", OTHER]), (9, vec!["timeout", OTHER, ""])] {
        let path = format!("/api/v1/metrics/top-error-types?period=6h&limit={limit}");
        let told = body(rig.get(&org, &path).send().await.unwrap()).await;
        let codes: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item["code"].clone()).collect();
        let expected: Vec<_> = expected.iter().map(|code| json!(code)).collect();
        assert_eq!((codes, &told["other"]), (expected, &json!({ "events": 25 })));
    }
}
