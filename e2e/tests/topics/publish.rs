//! What is published is acknowledged, read back as it was, and redacted.

use e2e::{Shape, System};
use serde_json::{Value, json};

use crate::{client, made, messages, named, published};

pub(crate) async fn messages_are_acknowledged_with_their_place_and_read_back(system: &System) {
    let client = client(system);
    made(&client, named("orders")).await;
    let sent = json!({
        "topic": "orders", "key": "k-1", "message": { "id": 7, "items": [1, null, "x"], "total": 42.5 },
        "headers": { "trace": "abc" }, "timestamp": "2026-03-01T09:30:00+01:00",
    });
    let told = published(&client, sent.clone()).await.expect(202).body;
    assert_eq!((&told["status"], &told["topic"]), (&json!("accepted"), &json!("orders")));
    let read = messages(&client, "orders").await;
    assert_eq!(read.len(), 1);
    for name in ["partition", "offset", "message_id", "topic"] {
        assert_eq!(read[0][name], told[name], "{name}");
    }
    for name in ["key", "message", "headers"] {
        assert_eq!(read[0][name], sent[name], "{name}");
    }
    assert_eq!(read[0]["timestamp"], "2026-03-01T08:30:00Z");

    // In order per key, as lines.
    let lines: String = (0..50)
        .map(|number| {
            format!("{}\n", json!({ "topic": "orders", "key": format!("k-{}", number % 5), "message": number }))
        })
        .collect();
    let told = client.send("POST", "/events/publish", "application/x-ndjson", lines.into_bytes()).await.expect(202);
    assert_eq!((&told.body["accepted"], &told.body["rejected"]), (&json!(50), &json!(0)));
    let read = messages(&client, "orders").await;
    assert_eq!(read.len(), 51);
    for key in (0..5).map(|key| format!("k-{key}")) {
        let of_key = read.iter().filter(|message| message["key"] == key);
        let numbers: Vec<_> = of_key.filter_map(|message| message["message"].as_u64()).collect();
        assert_eq!(numbers.len(), 10);
        assert!(numbers.is_sorted(), "{key}: {numbers:?}");
    }
    // What names no topic has that of the query.
    client
        .send("POST", "/events/publish?topic=orders", "application/json", b"[{\"message\":1}]".to_vec())
        .await
        .expect(202);
    assert_eq!(published(&client, json!({ "message": 1 })).await.expect(400).code(), "invalid_parameter");

    if let (Shape::AtScale, Some(services)) = (system.shape, &system.services) {
        // Kafka's own readers see the message as it is.
        let org_id = client.get("/api/v1/organisation").await.expect(200).body["id"].as_str().unwrap().replace('-', "");
        let at_rest = services.kafka.records_at_rest(&format!("{org_id}.orders"));
        assert!(at_rest.contains(r#"{"id":7,"items":[1,null,"x"],"total":42.5}"#), "{at_rest}");
    }
}

pub(crate) async fn each_message_of_a_batch_stands_for_itself(system: &System) {
    let client = client(system);
    made(&client, named("orders")).await;
    let sent = json!([
        { "topic": "orders", "message": 1 },
        { "topic": "nothing-here", "message": 2 },
        { "topic": "a b", "message": 3 },
        { "topic": "orders" },
        { "topic": "orders", "message": 5, "headers": { "gapin-message-id": "mine" } },
        { "topic": "orders", "message": "x".repeat(256 * 1024) },
        { "topic": "aibbar.events", "message": 7 },
        { "topic": "orders", "message": 8 },
    ]);
    let told = published(&client, sent).await.expect(207);
    let codes: Vec<_> = told.results().iter().map(|result| result["code"].as_str().unwrap_or("accepted")).collect();
    let expected = [
        "accepted",
        "not_found",
        "invalid_body",
        "invalid_body",
        "invalid_body",
        "message_too_large",
        "reserved_topic",
        "accepted",
    ];
    assert_eq!(codes, expected, "{}", told.body);
    assert_eq!((&told.body["accepted"], &told.body["rejected"]), (&json!(2), &json!(6)));
    assert_eq!(told.results()[3]["errors"][0]["pointer"], "/message");
    assert_eq!(messages(&client, "orders").await.len(), 2);
    for (body, code) in [("[]", "empty_batch"), ("{", "invalid_json"), (r#"{"a":1,"a":2}"#, "invalid_json")] {
        let refused = client.send("POST", "/events/publish", "application/json", body.into()).await.expect(400);
        assert_eq!(refused.code(), code, "{body}");
    }
    let wrong = client.send("POST", "/events/publish", "text/plain", b"x".to_vec()).await.expect(415);
    assert_eq!(wrong.code(), "unsupported_media_type");
}

pub(crate) async fn a_message_meets_the_schema_of_its_topic(system: &System) {
    let client = client(system);
    let schema = json!({
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": { "id": { "type": "integer" }, "mail": { "type": "string", "format": "email" } },
    });
    made(&client, json!({ "name": "orders", "partitions": 1, "schema": schema })).await;
    let publish = async |message: Value| published(&client, json!({ "topic": "orders", "message": message })).await;
    // Checked as it was sent, kept as it was redacted.
    publish(json!({ "id": 1, "mail": "ann@example.org" })).await.expect(202);
    let refused = publish(json!({ "id": "1", "more": true })).await.expect(400);
    assert_eq!(refused.code(), "schema_violation");
    let told: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect();
    assert_eq!(told, ["/message/id", "/message/more"]);
    client.request("PATCH", "/api/v1/topics/orders", json!({ "schema": null })).await.expect(200);
    publish(json!("anything")).await.expect(202);
    let read = messages(&client, "orders").await;
    assert_eq!(read[0]["message"], json!({ "id": 1, "mail": "[REDACTED:email]" }));
    assert_eq!(read[1]["message"], "anything");
}

pub(crate) async fn a_tombstone_is_for_compacted_topics(system: &System) {
    let client = client(system);
    made(&client, named("orders")).await;
    made(&client, json!({ "name": "customers", "partitions": 1, "compacted": true })).await;
    let refused = published(&client, json!({ "topic": "orders", "key": "k", "message": null })).await.expect(400);
    assert_eq!(refused.body["errors"][0]["pointer"], "/message");
    let refused = published(&client, json!({ "topic": "customers", "message": 1 })).await.expect(400);
    assert_eq!(refused.body["errors"][0]["pointer"], "/key");
    for message in [json!(1), json!(null)] {
        published(&client, json!({ "topic": "customers", "key": "k", "message": message })).await.expect(202);
    }
    let read = messages(&client, "customers").await;
    assert_eq!(read.last().unwrap()["message"], Value::Null);
}

pub(crate) async fn nothing_unredacted_is_published(system: &System) {
    const CANARIES: [&str; 4] =
        ["canary.one@example.org", "canary.two@example.org", "+4915112345678", "4111111111111111"];
    let client = client(system);
    made(&client, named("orders")).await;
    let sent = json!({
        "topic": "orders", "key": CANARIES[0], "message": { "note": ["write to", CANARIES[1]], CANARIES[3]: 1 },
        "headers": { "call": CANARIES[2] },
    });
    published(&client, sent).await.expect(202);
    let event = json!({
        "specversion": "1.0", "id": "1", "source": "/x", "type": "t", "subject": CANARIES[1], "partitionkey": CANARIES[0],
        "data": CANARIES[3],
    });
    let sent = event.to_string().into_bytes();
    client.send("POST", "/events/publish?topic=orders", "application/cloudevents+json", sent).await.expect(202);
    let refused = published(&client, json!({ "topic": "orders", "message": 1, CANARIES[1]: 1 })).await.expect(400);
    let read = messages(&client, "orders").await;
    assert_eq!(read.len(), 2);
    assert_eq!(read[0]["key"], "[REDACTED:email]");
    let mut seen = format!("{read:?} {}", refused.body);
    for process in system.processes() {
        seen.push_str(&process.said());
    }
    seen.push_str(&String::from_utf8_lossy(&e2e::bytes_under(&system.data_dir())));
    if let Some(services) = &system.services {
        let org_id = client.get("/api/v1/organisation").await.expect(200).body["id"].as_str().unwrap().replace('-', "");
        seen.push_str(&services.kafka.records_at_rest(&format!("{org_id}.orders")));
    }
    for canary in CANARIES {
        assert!(!seen.contains(canary), "{canary} left the gateway");
    }
}
