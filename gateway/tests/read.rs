//! Reading beside recording: what readers hold, and what they are told.
#![allow(clippy::unwrap_used)]

mod rig;

use bus::AppendError;
use rig::{Mood, Org, Rig, body, problem};
use serde_json::{Value, json};

const EVENTS: &str = "/events/read?topic=aibbar.events";

/// Events of about so many bytes.
async fn record(rig: &Rig, org: &Org, count: usize, bytes: usize) {
    for _ in 0..count {
        let mut event = org.unsigned("large");
        event.insert("query".into(), json!({ "prompt": "word ".repeat(bytes / 5) }));
        assert_eq!(rig.post(org, org.sign(event)).send().await.unwrap().status(), 202);
    }
}

async fn page(rig: &Rig, org: &Org, more: &str) -> Value {
    let answer = rig.get(org, &format!("{EVENTS}{more}")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    body(answer).await
}

#[tokio::test]
async fn reads_that_wait_hold_nothing_and_take_nothing_from_events() {
    const WAITING: usize = 20;
    let rig = Rig::start(|settings| settings.read.read_bytes_max = 1024 * 1024).await;
    let org = rig.org().await;
    let mut waiting = Vec::new();
    for n in 0..WAITING {
        let latest = format!("{EVENTS}&from=latest&wait_ms=30000");
        let of_group = format!("{EVENTS}&group=g{n}&reader=r&wait_ms=30000");
        for (path, accept) in
            [(&latest, "application/json"), (&latest, "application/x-ndjson"), (&of_group, "application/json")]
        {
            let request = rig.get(&org, path).header("accept", accept);
            waiting.push(tokio::spawn(async move { request.send().await.unwrap() }));
        }
    }
    let all_wait = async || {
        rig.metric("gapin_reads ").await == 2.0 * WAITING as f64
            && rig.metric("gapin_group_readers ").await == WAITING as f64
    };
    rig.until("all wait", all_wait).await;
    assert_eq!(rig.metric("gapin_read_held_bytes ").await, 0.0);
    assert_eq!(rig.metric("gapin_record_in_flight_bytes ").await, 0.0);
    rig.record(&org, "while all wait").await;
    for answer in waiting {
        assert_eq!(answer.await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn reads_past_their_budget_are_refused_and_events_are_not() {
    let rig = Rig::start(|settings| settings.read.read_bytes_max = 256 * 1024).await;
    let org = rig.org().await;
    record(&rig, &org, 30, 20_000).await;
    problem(rig.get(&org, &format!("{EVENTS}&limit=100")), (503, "overloaded")).await;
    problem(rig.get(&org, &format!("{EVENTS}&limit=100&group=g&reader=r")), (503, "overloaded")).await;
    let lines = rig.get(&org, EVENTS).header("accept", "application/x-ndjson").send().await.unwrap();
    assert_eq!(lines.status(), 200);
    let text = lines.text().await.unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["end"], &last["expired"]), (&json!("overloaded"), &json!(false)), "{text}");
    rig.record(&org, "meanwhile").await;
    rig.until("all is given back", async || rig.metric("gapin_read_held_bytes ").await == 0.0).await;
    // What fits is read to its end.
    let (mut read, mut cursor) = (0, "earliest".to_owned());
    loop {
        let page = page(&rig, &org, &format!("&limit=3&bytes_max=40000&cursor={cursor}")).await;
        read += page["items"].as_array().unwrap().len();
        cursor = page["next_cursor"].as_str().unwrap().to_owned();
        if page["caught_up"] == true {
            break;
        }
    }
    assert_eq!(read, 31);
}

#[tokio::test]
async fn a_group_of_everybodys_events_is_told_no_number_that_counts_others() {
    let rig = Rig::start(|_| ()).await;
    let (mine, other) = (rig.org().await, rig.org().await);
    rig.record(&mine, "mine").await;
    for _ in 0..7 {
        rig.record(&other, "another's").await;
    }
    rig.until("the group has its event", async || {
        let page = page(&rig, &mine, "&group=g&reader=r").await;
        page["items"].as_array().is_some_and(|items| items.len() == 1)
    })
    .await;
    let groups = "/api/v1/topics/aibbar.events/consumers";
    let group = body(rig.get(&mine, groups).send().await.unwrap()).await["items"][0].clone();
    assert_eq!((&group["group"], &group["members"][0]["reader"]), (&json!("g"), &json!("r")), "{group}");
    let partitions = group["partitions"].as_array().unwrap();
    for shown in partitions.iter().chain([&group]) {
        for number in ["lag", "earliest", "end"] {
            assert_eq!(shown.get(number), None, "{group}");
        }
    }
    assert!(group["lag_seconds"].is_number(), "{group}");

    let leave = json!({ "topic": "aibbar.events", "group": "g", "reader": "r" });
    let leave = rig.http.post(format!("{}/events/leave", rig.url)).bearer_auth(&mine.api_key).json(&leave);
    assert_eq!(leave.send().await.unwrap().status(), 204);
    let plan = json!({ "to": "latest", "dry_run": true });
    let planned = rig.http.post(format!("{}{groups}/g/reset", rig.url)).bearer_auth(&mine.api_key).json(&plan);
    let planned = body(planned.send().await.unwrap()).await;
    // Where the group is by itself is its own to know: a page of nothing but others' events is committed past.
    let planned = planned["partitions"].as_array().unwrap();
    assert_eq!(planned.len(), 3);
    for (partition, shown) in planned.iter().enumerate() {
        let mut words: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
        words.sort_unstable();
        assert_eq!((&shown["partition"], words), (&json!(partition), vec!["from", "partition"]));
    }
}

#[tokio::test]
async fn a_reset_that_the_log_refused_is_in_the_trail_as_failed() {
    let rig = Rig::start(|_| ()).await;
    let org = rig.org().await;
    let reset = || {
        let url = format!("{}/api/v1/topics/aibbar.events/consumers/g/reset", rig.url);
        rig.http.post(url).bearer_auth(&org.api_key).json(&json!({ "to": "latest" }))
    };
    let results = async || {
        let trail = rig.get(&org, "/api/v1/audit?action=consumer_group.reset").send().await.unwrap();
        let trail = body(trail).await;
        let mut results: Vec<_> = trail["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["result"].as_str().unwrap().to_owned())
            .collect();
        results.reverse();
        results
    };
    assert_eq!(reset().send().await.unwrap().status(), 200);
    assert_eq!(results().await, ["success"]);
    rig.log.set(Mood::Fails(AppendError::Unavailable("away".into())));
    problem(reset(), (503, "log_unavailable")).await;
    assert_eq!(results().await, ["success", "success", "failure"]);
}
