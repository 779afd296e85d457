//! Topics are made, looked at, changed and deleted.

use aibbar::Timestamp;
use e2e::{System, eventually};
use serde_json::{Value, json};

use crate::{TOPICS, client, made, messages, named, published};

pub(crate) async fn a_topic_is_made_described_changed_and_deleted(system: &System) {
    let client = client(system);
    let made = made(&client, json!({ "name": "orders" })).await;
    assert_eq!(
        (&made["partitions"], &made["retention_days"], &made["compacted"]),
        (&json!(10), &json!(7), &json!(false))
    );
    for taken in ["orders"] {
        let refused = client.request("POST", TOPICS, json!({ "name": taken })).await.expect(409);
        assert_eq!(refused.code(), "already_exists");
    }
    let path = format!("{TOPICS}/orders");
    let empty = client.get(&path).await.expect(200).body;
    assert_eq!((&empty["statistics"]["messages"], &empty["statistics"]["newest_at"]), (&json!(0), &Value::Null));
    for number in 0..5 {
        published(&client, json!({ "topic": "orders", "message": number })).await.expect(202);
    }
    let full = client.get(&path).await.expect(200).body;
    let statistics = &full["statistics"];
    assert_eq!((&statistics["messages"], &statistics["consumers"]), (&json!(5), &json!(0)), "{full}");
    let read = messages(&client, "orders").await;
    let counted = eventually("what was published is counted", async || {
        let statistics = client.get(&path).await.expect(200).body["statistics"].clone();
        (statistics["messages_today"] == 5).then_some(statistics)
    })
    .await;
    assert_eq!((&counted["messages_30_days"], &counted["error_rate"]), (&json!(5), &json!(0.0)), "{counted}");
    assert!(
        counted["bytes_today"].as_u64().unwrap() >= 5 && counted["publish_rate"].as_f64().unwrap() > 0.0,
        "{counted}"
    );
    let moment = |text: &Value| Timestamp::parse(text.as_str().unwrap()).unwrap();
    let times: Vec<_> = read.iter().map(|message| moment(&message["appended_at"])).collect();
    assert_eq!(Some(moment(&statistics["oldest_at"])), times.iter().min().copied(), "{times:?}");
    assert_eq!(Some(moment(&statistics["newest_at"])), times.iter().max().copied(), "{times:?}");

    let change = json!({ "partitions": 12, "retention_days": null });
    let changed = client.request("PATCH", &path, change).await.expect(200).body;
    assert_eq!((&changed["partitions"], &changed["retention_days"]), (&json!(12), &Value::Null));
    let described = client.get(&path).await.expect(200).body;
    assert_eq!(described["statistics"]["partitions"].as_array().unwrap().len(), 12);
    assert_eq!(described["statistics"]["messages"], 5);
    let fewer = client.request("PATCH", &path, json!({ "partitions": 11 })).await.expect(400);
    assert_eq!(fewer.code(), "invalid_body");

    let unsure = client.request("DELETE", &path, None).await.expect(400);
    assert!(unsure.body["detail"].as_str().unwrap().contains("?confirm=orders"), "{}", unsure.body);
    client.request("DELETE", &format!("{path}?confirm=order"), None).await.expect(400);
    client.request("DELETE", &format!("{path}?confirm=orders"), None).await.expect(204);
    client.get(&path).await.expect(404);
    client.request("DELETE", &format!("{path}?confirm=orders"), None).await.expect(404);
    assert_eq!(published(&client, json!({ "topic": "orders", "message": 1 })).await.expect(404).code(), "not_found");

    // Another of the name is another.
    crate::made(&client, named("orders")).await;
    assert_eq!(messages(&client, "orders").await, [Value::Null; 0]);
    // Who knew the old one as gone needs a moment to see the new one, and says so.
    eventually("the new one takes messages", async || {
        let answer = published(&client, json!({ "topic": "orders", "message": "new" })).await;
        assert!(answer.status == 202 || answer.code() == "log_unavailable", "{answer:?}");
        (answer.status == 202).then_some(())
    })
    .await;
    assert_eq!(messages(&client, "orders").await.len(), 1);

    let trail = client.all("/api/v1/audit").await;
    let told: Vec<_> = trail.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let topics: Vec<_> = told.into_iter().filter(|action| action.starts_with("topic.")).collect();
    assert_eq!(topics, ["topic.create", "topic.delete", "topic.update", "topic.create"]);
}

pub(crate) async fn two_organisations_have_topics_of_one_name(system: &System) {
    let (ours, theirs) = (client(system), client(system));
    for (client, whose) in [(&ours, "ours"), (&theirs, "theirs")] {
        made(client, named("orders")).await;
        published(client, json!({ "topic": "orders", "message": whose })).await.expect(202);
    }
    for (client, whose) in [(&ours, "ours"), (&theirs, "theirs")] {
        let read = messages(client, "orders").await;
        assert_eq!(read.iter().map(|message| &message["message"]).collect::<Vec<_>>(), [whose]);
    }
    made(&theirs, named("theirs-alone")).await;
    for (method, body) in [("GET", None), ("PATCH", Some(json!({ "partitions": 3 }))), ("DELETE", None)] {
        ours.request(method, &format!("{TOPICS}/theirs-alone?confirm=theirs-alone"), body).await.expect(404);
    }
    published(&ours, json!({ "topic": "theirs-alone", "message": 1 })).await.expect(404);
    ours.request("DELETE", &format!("{TOPICS}/orders?confirm=orders"), None).await.expect(204);
    assert_eq!(messages(&theirs, "orders").await.len(), 1);
}

pub(crate) async fn what_no_log_takes_is_refused_with_the_rule(system: &System) {
    let client = client(system);
    for (name, rule) in [
        ("a b", "A–Z a–z 0–9 . _ -"),
        ("ä", "A–Z a–z 0–9 . _ -"),
        ("..", "no topic's name"),
        ("aibbar.mine", "GAPIN's own"),
    ] {
        let refused = client.request("POST", TOPICS, json!({ "name": name })).await.expect(400);
        let said = refused.body["errors"][0]["detail"].as_str().unwrap();
        assert!(said.contains(rule) && refused.body["errors"][0]["pointer"] == "/name", "{}", refused.body);
    }
    made(&client, named("a.b_c")).await;
    let folded = client.request("POST", TOPICS, named("a_b.c")).await.expect(409);
    assert_eq!(folded.code(), "already_exists");
    for wrong in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": "x".repeat(201) }),
        json!({ "name": "x", "partitions": 0 }),
        json!({ "name": "x", "partitions": 1_001 }),
        json!({ "name": "x", "retention_days": 0 }),
        json!({ "name": "x", "more": 1 }),
    ] {
        assert_eq!(client.request("POST", TOPICS, wrong).await.expect(400).code(), "invalid_body");
    }
    for (schema, pointer) in [
        (json!({ "type": "text" }), "/schema/type"),
        (json!({ "$ref": "https://example.com/schema.json" }), "/schema/$ref"),
        (json!({ "items": { "$ref": "#" } }), "/schema/items/$ref"),
    ] {
        let refused = client.request("POST", TOPICS, json!({ "name": "x", "schema": schema })).await.expect(400);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    assert_eq!(client.all(TOPICS).await.len(), 2, "what was refused is not there");
}

pub(crate) async fn the_topic_of_events_is_everybodys_and_nobodys_to_change(system: &System) {
    let client = client(system);
    for name in ["zebra", "Ant", "aibbar-x"] {
        made(&client, named(name)).await;
    }
    let listed = client.all(TOPICS).await;
    let names: Vec<_> = listed.iter().map(|topic| topic["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ant", "aibbar-x", "aibbar.events", "zebra"]);
    let first = client.get(&format!("{TOPICS}?limit=2")).await.expect(200).body;
    let next = format!("{TOPICS}?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = client.get(&next).await.expect(200).body;
    assert_eq!(second["items"].as_array().unwrap().len(), 2, "{second}");
    assert_eq!((&second["items"][0]["name"], &second["next_cursor"]), (&json!("aibbar.events"), &Value::Null));

    let events = format!("{TOPICS}/aibbar.events");
    let described = client.get(&events).await.expect(200).body;
    assert_eq!((&described["reserved"], described["statistics"].get("messages")), (&json!(true), None));
    for (method, path, body) in [
        ("POST", TOPICS.to_owned(), Some(json!({ "name": "aibbar.events" }))),
        ("PATCH", events.clone(), Some(json!({ "retention_days": 1 }))),
        ("DELETE", format!("{events}?confirm=aibbar.events"), None),
        ("POST", "/events/publish".to_owned(), Some(json!({ "topic": "aibbar.events", "message": {} }))),
    ] {
        let refused = client.request(method, &path, body).await.expect(403);
        assert_eq!(refused.code(), "reserved_topic", "{method} {path}");
        assert!(refused.body["detail"].as_str().unwrap().contains("POST /aibbar/events"), "{}", refused.body);
    }
}

pub(crate) async fn whoever_may_not_manage_topics_reads_them(system: &System) {
    let client = client(system);
    made(&client, named("orders")).await;
    let key = json!({ "name": "reader", "scopes": ["events:read"] });
    let key = client.request("POST", "/api/v1/keys", key).await.expect(201).body;
    let reader = client.with_key(key["key"].as_str().unwrap());
    assert_eq!(reader.all(TOPICS).await.len(), 2);
    reader.get(&format!("{TOPICS}/orders")).await.expect(200);
    for (method, path, body) in [
        ("POST", TOPICS.to_owned(), Some(named("x"))),
        ("PATCH", format!("{TOPICS}/orders"), Some(json!({ "partitions": 3 }))),
        ("DELETE", format!("{TOPICS}/orders?confirm=orders"), None),
        ("POST", "/events/publish".to_owned(), Some(json!({ "topic": "orders", "message": 1 }))),
    ] {
        assert_eq!(reader.request(method, &path, body).await.expect(403).code(), "missing_scope", "{method} {path}");
    }
}
