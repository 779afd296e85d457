//! What `client.record` acknowledges, and what it refuses.
#![allow(clippy::unwrap_used)]

mod support;

use std::{collections::BTreeSet, time::SystemTime};

use gapin_sdk::{Client, Error};
use serde_json::{Value, json};
use support::{FaultyGateway, gateway, settings, stored, stored_records};
use uuid::Uuid;

fn query(prompt: &str) -> Value {
    json!({"event_type": "ai.query", "query": {"prompt": prompt}})
}

fn hours_ago(hours: i64) -> aibbar::Timestamp {
    aibbar::Timestamp::from(SystemTime::now()).plus_ms(-hours * 60 * 60 * 1000)
}

fn id_of_hours_ago(hours: i64) -> String {
    let unix_s = hours_ago(hours).unix_ms() as u64 / 1000;
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, unix_s, 0)).to_string()
}

// feature: record.identity
#[tokio::test]
async fn an_id_of_ones_own_is_kept_whatever_its_case() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let given = [id_of_hours_ago(23).to_uppercase(), id_of_hours_ago(-23)];
    for event_id in &given {
        let mut event = query("?");
        event["event_id"] = event_id.as_str().into();
        assert_eq!(client.record(event).await.unwrap().event_id.to_string(), event_id.to_lowercase());
    }
    let kept: BTreeSet<_> = stored(gateway(), ai_id, 2).iter().map(|event| event["event_id"].to_string()).collect();
    assert_eq!(kept, given.iter().map(|event_id| format!("{event_id:?}")).collect());
}

// feature: record.acknowledged
#[tokio::test]
async fn the_answer_names_the_id_that_the_event_is_kept_under() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let mut ids = BTreeSet::new();
    for number in 0..3 {
        let accepted = client.record(query(&number.to_string())).await.unwrap();
        assert_eq!(accepted.status, "accepted");
        ids.insert(accepted.event_id.to_string());
    }
    let records = stored_records(gateway(), ai_id, 3);
    let kept = |record: &Value| record["record"]["event_id"].as_str().unwrap().to_owned();
    assert_eq!(records.iter().map(kept).collect::<BTreeSet<_>>(), ids);
}

// feature: record.acknowledged
// feature: record.identity
#[tokio::test]
async fn what_is_absent_is_filled_in_and_what_is_there_stays() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    client.record(query("absent")).await.unwrap();
    let at = aibbar::Timestamp::from(SystemTime::now()).plus_ms(-60_000);
    let event_id = Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, at.unix_ms() as u64 / 1000, 0));
    let mut given = query("given");
    given["ai_version"] = "model-2".into();
    given["timestamp"] = at.to_string().into();
    given["event_id"] = event_id.to_string().into();
    given["metadata"] = json!({"session_id": "s-1"});
    assert_eq!(client.record(&given).await.unwrap().event_id, event_id);
    let events = stored(gateway(), ai_id, 2);
    assert_eq!(events[0]["ai_version"], "model-1");
    assert_eq!(events[0]["metadata"], json!({}));
    assert_eq!(events[0]["key_id"], gateway().setting("GAPIN_SIGNING_KEY_ID"));
    assert_eq!((&events[0]["sequence"], &events[1]["sequence"]), (&json!(0), &json!(1)));
    for member in ["ai_version", "timestamp", "event_id", "metadata", "query"] {
        assert_eq!(events[1][member], given[member], "{member}");
    }
}

// feature: record.acknowledged
#[tokio::test]
async fn an_event_that_is_signed_is_sent_as_it_is() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let mut event = query("signed elsewhere");
    event["ai_id"] = ai_id.to_string().into();
    event["ai_version"] = "model-3".into();
    event["timestamp"] = aibbar::Timestamp::from(SystemTime::now()).to_string().into();
    event["metadata"] = json!({});
    let signed = gapin_sdk::sign(&event, gateway().setting("GAPIN_SIGNING_SECRET")).unwrap();
    let derived = client.record(&signed).await.unwrap().event_id;
    assert_eq!(client.record(&signed).await.unwrap().event_id, derived);
    assert_eq!(stored(gateway(), ai_id, 1), std::slice::from_ref(&signed));
    let mut changed = signed;
    changed["query"]["prompt"] = "changed".into();
    let refused = client.record(&changed).await.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("invalid_signature", Some(401)));
}

// feature: record.refuses
#[tokio::test]
async fn what_breaks_the_schema_is_refused_with_every_place_and_not_sent() {
    let faulty = FaultyGateway::new(gateway().port);
    let client = Client::new(settings(gateway(), Uuid::new_v4()).url(&faulty.url)).unwrap();
    let event = json!({"event_type": "ai.action", "colour": "red", "action": {"function": 7, "latency_ms": -1}});
    let Error::InvalidEvent(refused) = client.record(event).await.unwrap_err() else { panic!("it was sent") };
    assert_eq!(refused.code, "schema_violation");
    let told: Vec<_> = refused.faults.iter().map(|fault| (fault.pointer.as_str(), &*fault.code)).collect();
    let expect = [
        ("/action/function", "type"),
        ("/action/input", "required"),
        ("/action/latency_ms", "minimum"),
        ("/action/model", "required"),
        ("/action/output", "required"),
        ("/colour", "unknown_field"),
    ];
    assert_eq!(told, expect);
    for (pointer, code) in expect {
        assert!(refused.to_string().contains(&format!("{pointer} {code}")), "{refused}");
    }
    let with = |name: &str, value: &str| {
        let mut event = query("?");
        event[name] = value.into();
        event
    };
    let mut signed = with("event_id", &id_of_hours_ago(25));
    let whole =
        json!({"ai_id": Uuid::new_v4(), "ai_version": "1", "metadata": {}, "timestamp": hours_ago(0).to_string()});
    signed.as_object_mut().unwrap().extend(whole.as_object().unwrap().clone());
    let unsignable: [(&str, Value); 10] = [
        ("schema_violation", with("event_id", "mine")),
        ("schema_violation", with("event_id", &Uuid::new_v4().to_string())),
        ("event_id_time_mismatch", with("event_id", &id_of_hours_ago(25))),
        ("event_id_time_mismatch", with("event_id", &id_of_hours_ago(-25))),
        ("event_id_time_mismatch", gapin_sdk::verify::sign(&signed, "secret").unwrap()),
        ("timestamp_too_old", with("timestamp", "1969-12-31T23:59:59Z")),
        ("invalid_json", json!({"event_type": "ai.query", "query": {"prompt": "?", "parameters": u64::MAX}})),
        ("schema_violation", json!(["no object"])),
        ("event_too_large", query(&"x".repeat(300_000))),
        ("invalid_signature", with("key_id", "another")),
    ];
    for (code, event) in unsignable {
        let error = client.record(event).await.unwrap_err();
        assert_eq!((error.code(), error.status(), error.is_retryable()), (code, None, false), "{error}");
    }
    #[derive(serde::Serialize)]
    struct Measured {
        event_type: &'static str,
        response: Response,
    }
    #[derive(serde::Serialize)]
    struct Response {
        output: f64,
    }
    let measured = |output| Measured { event_type: "ai.response", response: Response { output } };
    assert_eq!(client.record(measured(f64::NAN)).await.unwrap_err().code(), "invalid_json");
    assert_eq!(faulty.events(), Vec::<Value>::new());
    client.record(measured(1.5)).await.unwrap();
    let events = faulty.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["sequence"], 0, "an event that is refused takes no number");
}
