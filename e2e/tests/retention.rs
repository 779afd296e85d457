//! Events past their retention leave, what is held stays, and the trail tells: from the setting to the export.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{collections::BTreeSet, ops::Deref, time::SystemTime};

use aibbar::Timestamp;
use e2e::{Client, Organisation, Shape, System, event, eventually, on_both_shapes, text_of};
use serde_json::{Value, json};
use uuid::Uuid;

const RETENTION: &str = "/api/v1/retention";
const HOLDS: &str = "/api/v1/legal-holds";

/// A system that keeps house every second, and in which nobody keeps events for longer than a thousand days.
struct Tidy(System);

impl Tidy {
    fn start(shape: Shape) -> Self {
        let settings = [("GAPIN_CONSUMER_HOUSEKEEPING_SECONDS", "1"), ("GAPIN_RETENTION_DAYS_MAX", "1000")];
        Self(System::start_with(shape, &settings))
    }
}

impl Deref for Tidy {
    type Target = System;

    fn deref(&self) -> &System {
        &self.0
    }
}

on_both_shapes!(
    on Tidy: what_is_past_its_retention_leaves_and_what_is_held_stays,
    who_may_not_manage_the_organisation_reads_and_changes_nothing,
    what_can_not_hold_is_refused_place_by_place,
    holds_are_placed_listed_and_released,
);

fn days_ago(days: i64) -> Timestamp {
    Timestamp::from(SystemTime::now()).plus_ms(-days * 24 * 60 * 60 * 1_000)
}

async fn send(client: &Client, organisation: &Organisation, says: &str, days: i64, ai_id: Uuid) {
    let event = event().saying(says).at(days_ago(days)).with("ai_id", ai_id.to_string());
    client.publish(&event.signed_by(organisation)).await.expect(202);
}

/// What the events say that are still there.
async fn there(client: &Client) -> BTreeSet<String> {
    client.stored("").await.iter().map(|record| text_of(record).unwrap().to_owned()).collect()
}

async fn until_there_are(client: &Client, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|says| (*says).to_owned()).collect();
    eventually("what is past its retention has left", async || (there(client).await == expected).then_some(())).await;
}

/// The trail's entries of what was dropped, and how many events these are.
async fn dropped(client: &Client) -> (Vec<Value>, u64) {
    let entries = client.all("/api/v1/audit?action=events.drop").await;
    let events = entries.iter().map(|entry| entry["detail"]["events"].as_u64().unwrap()).sum();
    (entries, events)
}

async fn what_is_past_its_retention_leaves_and_what_is_held_stays(system: &Tidy) {
    let (ours, theirs) = (system.organisation(), system.organisation());
    let (client, their_client) = (system.client(&ours), system.client(&theirs));
    let held = Uuid::new_v4();
    for (says, days, ai_id) in [
        ("old 1", 100, ours.ai_id),
        ("old 2", 40, ours.ai_id),
        ("held 1", 100, held),
        ("held 2", 40, held),
        ("new", 1, ours.ai_id),
    ] {
        send(&client, &ours, says, days, ai_id).await;
    }
    send(&their_client, &theirs, "theirs", 100, theirs.ai_id).await;
    client.stored_once_there("", 5).await;
    their_client.stored_once_there("", 1).await;

    let hold = json!({ "ai_id": held, "name": "case 4711", "reason": "Doe v. Example Travel" });
    let hold = client.request("POST", HOLDS, hold).await.expect(201).body;
    let shown = client.request("PUT", RETENTION, json!({ "events_days": 30 })).await.expect(200).body;
    assert_eq!((&shown["events_days"], &shown["effective_days"]), (&json!(30), &json!(30)));
    assert_eq!(shown["held"], json!({ "everything": false, "ai_systems": 1 }));
    until_there_are(&client, &["held 1", "held 2", "new"]).await;

    // What comes late would leave at once; everybody else's stays.
    let late = event().saying("late").at(days_ago(31)).with("ai_id", ours.ai_id.to_string());
    let refused = client.publish(&late.signed_by(&ours)).await.expect(400);
    assert_eq!(refused.code(), "timestamp_too_old");
    let (told, events) = dropped(&client).await;
    assert_eq!(events, 2);
    for entry in &told {
        assert_eq!((&entry["actor"]["kind"], &entry["result"]), (&json!("system"), &json!("success")));
        let detail = &entry["detail"];
        assert_eq!((&detail["rule"], &detail["retention_days"]), (&json!("organisation"), &json!(30)));
        assert!(["partition", "partition_after_move", "rows"].contains(&detail["by"].as_str().unwrap()), "{detail}");
        let time = |name: &str| Timestamp::parse(detail[name].as_str().unwrap()).unwrap();
        assert!(time("from") < time("to") && time("from") < days_ago(30), "{detail}");
    }
    until_there_are(&client, &["held 1", "held 2", "new"]).await;
    assert_eq!(there(&their_client).await, BTreeSet::from(["theirs".to_owned()]));
    assert_eq!(dropped(&their_client).await, (Vec::new(), 0));

    // What is exported is the rest.
    let exported = system.run_as(&ours, &["export", "--format", "ndjson", "-o", "-"], b"").succeeded().stdout;
    let exported: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(exported.iter().map(|record| text_of(record).unwrap()).collect::<Vec<_>>(), ["held 1", "held 2", "new"]);

    let path = format!("{HOLDS}/{}/release", hold["id"].as_str().unwrap());
    client.request("POST", &path, json!({ "reason": "settled" })).await.expect(200);
    until_there_are(&client, &["new"]).await;
    assert_eq!(dropped(&client).await.1, 4);
    let mut counted = 0.0;
    for url in system.metrics_urls() {
        let metrics = client.text_at(&url).await;
        let lines = metrics.lines().filter(|line| line.starts_with("gapin_consumer_dropped_events_total{"));
        counted += lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum::<f64>();
    }
    assert!(counted >= 4.0, "{counted}");
}

async fn who_may_not_manage_the_organisation_reads_and_changes_nothing(system: &Tidy) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let hold = client.request("POST", HOLDS, json!({ "reason": "case" })).await.expect(201).body;
    let hold = format!("{HOLDS}/{}", hold["id"].as_str().unwrap());
    let release = format!("{hold}/release");
    let reason = json!({ "reason": "x" });
    let days = json!({ "events_days": 1 });
    for (role, reads_holds) in [("viewer", false), ("member", false), ("admin", true)] {
        let person = system.person(&organisation, &format!("{role}-{}@example.com", Uuid::new_v4()), role).await;
        person.client.get(RETENTION).await.expect(200);
        for path in [HOLDS, &hold] {
            person.client.get(path).await.expect(if reads_holds { 200 } else { 403 });
        }
        for (method, path, body) in [("PUT", RETENTION, &days), ("POST", HOLDS, &reason), ("POST", &release, &reason)] {
            let refused = person.client.request(method, path, body.clone()).await.expect(403);
            assert_eq!(refused.code(), "missing_scope", "{role}: {method} {path}");
        }
    }
    for path in [RETENTION, HOLDS, &hold] {
        Client::anonymous(&system.url).get(path).await.expect(401);
    }
    // Another organisation's owner finds nothing here.
    let others = system.client(&system.organisation());
    others.get(&hold).await.expect(404);
    others.request("POST", &release, reason).await.expect(404);
    assert_eq!(others.all(HOLDS).await, Vec::<Value>::new());
    let shown = client.get(RETENTION).await.expect(200).body;
    assert_eq!((&shown["events_days"], &shown["held"]["everything"]), (&Value::Null, &json!(true)));
}

async fn what_can_not_hold_is_refused_place_by_place(system: &Tidy) {
    let client = system.client(&system.organisation());
    for (method, path, body, pointer) in [
        ("PUT", RETENTION, json!({ "events_days": 0 }), "/events_days"),
        ("PUT", RETENTION, json!({ "events_days": 1_001 }), "/events_days"),
        ("PUT", RETENTION, json!({ "events_days": 36_501 }), "/events_days"),
        ("PUT", RETENTION, json!({ "events_days": 1.5 }), "/events_days"),
        ("PUT", RETENTION, json!({ "events_days": "30" }), "/events_days"),
        ("PUT", RETENTION, json!({}), "/events_days"),
        ("PUT", RETENTION, json!({ "events_days": 30, "days": 30 }), "/days"),
        ("POST", HOLDS, json!({ "ai_id": "x", "reason": "case" }), "/ai_id"),
        ("POST", HOLDS, json!({ "reason": "" }), "/reason"),
        ("POST", HOLDS, json!({ "reason": "x".repeat(1_025) }), "/reason"),
        ("POST", HOLDS, json!({ "name": " ", "reason": "case" }), "/name"),
        ("POST", HOLDS, json!({}), "/reason"),
    ] {
        let refused = client.request(method, path, body.clone()).await.expect(400);
        assert_eq!(
            (refused.code(), &refused.body["errors"][0]["pointer"]),
            ("invalid_body", &json!(pointer)),
            "{body}"
        );
    }
    let unknown = format!("{HOLDS}/{}", Uuid::new_v4());
    client.get(&unknown).await.expect(404);
    client.request("POST", &format!("{unknown}/release"), json!({ "reason": "x" })).await.expect(404);
    assert_eq!(client.get(&format!("{HOLDS}?active=maybe")).await.expect(400).code(), "invalid_parameter");
    assert_eq!(client.all("/api/v1/audit?action=retention").await, Vec::<Value>::new(), "nothing was changed");
    assert_eq!(client.all("/api/v1/audit?action=legal_hold").await, Vec::<Value>::new());
}

async fn holds_are_placed_listed_and_released(system: &Tidy) {
    let client = system.client(&system.organisation());
    let place = async |body: Value| client.request("POST", HOLDS, body).await.expect(201).body;
    let all = place(json!({ "reason": "Request of the authority" })).await;
    let one = place(json!({ "ai_id": Uuid::new_v4(), "name": "case", "reason": "Two\nlines" })).await;
    assert_eq!(client.all(HOLDS).await, [one.clone(), all.clone()]);
    let path = format!("{HOLDS}/{}", all["id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.expect(200).body, all);

    let release = format!("{path}/release");
    let ended = client.request("POST", &release, json!({ "reason": "settled" })).await.expect(200).body;
    assert_eq!(ended["release"]["reason"], "settled");
    let again = client.request("POST", &release, json!({ "reason": "again" })).await.expect(200).body;
    assert_eq!(again, ended, "it ended once");
    assert_eq!(client.all(&format!("{HOLDS}?active=true")).await, [one]);
    assert_eq!(client.all(&format!("{HOLDS}?active=false")).await, [ended]);
    let told = client.all("/api/v1/audit?action=legal_hold").await;
    let actions: Vec<_> = told.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["legal_hold.release", "legal_hold.place", "legal_hold.place"]);
    assert_eq!(told[0]["detail"], json!({ "reason": "settled" }));
}

/// As after a jump of the clock: what is remembered of it is where the store is.
#[tokio::test(flavor = "multi_thread")]
async fn while_the_clock_is_not_trusted_nothing_leaves() {
    let system = Tidy::start(Shape::AtScale);
    let sql = |sql: &str| system.services().sql(sql);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    // So that the consumer has looked since.
    let is_paused = async |paused: u8| {
        let line = format!("gapin_consumer_retention_paused {paused}");
        eventually("the consumer has looked at its clock", async || {
            for url in system.metrics_urls() {
                if client.text_at(&url).await.lines().any(|found| found == line) {
                    return Some(());
                }
            }
            None
        })
        .await;
    };
    sql("UPDATE retention_state SET clock_seen_at_ns = (extract(epoch FROM now())::bigint - 3 * 86400) * 1000000000");
    is_paused(1).await;
    send(&client, &organisation, "old", 100, organisation.ai_id).await;
    client.stored_once_there("", 1).await;
    client.request("PUT", RETENTION, json!({ "events_days": 30 })).await.expect(200);
    // One look after another, and the event stays.
    for _ in 0..2 {
        let seen = sql("SELECT clock_seen_at_ns FROM retention_state");
        eventually("the consumer looks again", async || {
            (sql("SELECT clock_seen_at_ns FROM retention_state") != seen).then_some(())
        })
        .await;
    }
    assert_eq!(there(&client).await, BTreeSet::from(["old".to_owned()]));
    sql("UPDATE retention_state SET paused_until_ns = 0");
    until_there_are(&client, &[]).await;
    is_paused(0).await;
    assert_eq!(dropped(&client).await.1, 1);
}
