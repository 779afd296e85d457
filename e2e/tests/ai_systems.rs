//! The register of AI systems, and organisations that take events of registered ones alone.
#![allow(clippy::unwrap_used, reason = "a test")]

use e2e::{System, event, on_both_shapes};
use serde_json::{Value, json};

on_both_shapes!(
    a_system_is_registered_changed_and_taken_out,
    an_organisation_may_take_events_of_registered_systems_alone,
    a_reader_reads_the_register_and_changes_nothing,
    ids_and_names_are_given_once_within_an_organisation,
);

const PATH: &str = "/api/v1/ai-systems";

async fn a_system_is_registered_changed_and_taken_out(system: &System) {
    let client = system.client(&system.organisation());
    let body = json!({ "name": "booking agent", "owner": "travel@example.com", "description": "Books.\nAsks first." });
    let made = client.request("POST", PATH, body).await.expect(201).body;
    let path = format!("{PATH}/{}", made["ai_id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.expect(200).body, made);
    assert_eq!(made["environment"], Value::Null);

    let change = json!({ "owner": null, "environment": "staging" });
    let changed = client.request("PATCH", &path, change).await.expect(200).body;
    assert_eq!((&changed["owner"], &changed["environment"]), (&Value::Null, &json!("staging")));
    assert_eq!((&changed["name"], &changed["description"]), (&made["name"], &made["description"]));
    assert_eq!(client.all(PATH).await, [changed]);

    client.request("DELETE", &path, None).await.expect(204);
    client.get(&path).await.expect(404);
    client.request("PATCH", &path, json!({ "name": "x" })).await.expect(404);
    client.request("DELETE", &path, None).await.expect(404);
}

async fn an_organisation_may_take_events_of_registered_systems_alone(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let send = async || client.publish(&event().signed_by(&organisation)).await;
    send().await.expect(202);

    let only = |only: bool| json!({ "registered_systems_only": only });
    let settings = client.request("PATCH", "/api/v1/organisation", only(true)).await.expect(200);
    assert_eq!(settings.body["registered_systems_only"], true);
    assert_eq!(send().await.expect(403).code(), "ai_system_not_registered");
    // Nobody without the secret learns who is registered.
    let mut forged = event().signed_by(&organisation);
    forged["signature"] = "0".repeat(64).into();
    assert_eq!(client.publish(&forged).await.expect(401).code(), "invalid_signature");

    let body = json!({ "ai_id": organisation.ai_id, "name": "agent" });
    client.request("POST", PATH, body).await.expect(201);
    send().await.expect(202);
    client.request("DELETE", &format!("{PATH}/{}", organisation.ai_id), None).await.expect(204);
    send().await.expect(403);
    client.request("PATCH", "/api/v1/organisation", only(false)).await.expect(200);
    send().await.expect(202);
}

async fn a_reader_reads_the_register_and_changes_nothing(system: &System) {
    let client = system.client(&system.organisation());
    let made = client.request("POST", PATH, json!({ "name": "agent" })).await.expect(201).body;
    let path = format!("{PATH}/{}", made["ai_id"].as_str().unwrap());
    let body = json!({ "name": "reader", "scopes": ["events:read"] });
    let key = client.request("POST", "/api/v1/keys", body).await.expect(201).body;
    let reader = client.with_key(key["key"].as_str().unwrap());
    assert_eq!(reader.all(PATH).await, [made]);
    reader.get(&path).await.expect(200);
    for (method, path, body) in [
        ("POST", PATH, json!({ "name": "other" })),
        ("PATCH", &path, json!({ "name": "other" })),
        ("DELETE", &path, json!(null)),
    ] {
        let refused = reader.request(method, path, Some(body).filter(|body| !body.is_null())).await.expect(403);
        assert_eq!(refused.code(), "missing_scope", "{method}");
    }
}

async fn ids_and_names_are_given_once_within_an_organisation(system: &System) {
    let (ours, theirs) = (system.client(&system.organisation()), system.client(&system.organisation()));
    let made = ours.request("POST", PATH, json!({ "name": "agent" })).await.expect(201).body;
    let same_id = json!({ "name": "other", "ai_id": made["ai_id"] });
    for body in [json!({ "name": "agent" }), same_id.clone()] {
        assert_eq!(ours.request("POST", PATH, body).await.expect(409).code(), "already_exists");
    }
    // Another organisation has a register of its own.
    let path = format!("{PATH}/{}", made["ai_id"].as_str().unwrap());
    theirs.get(&path).await.expect(404);
    theirs.request("PATCH", &path, json!({ "name": "mine" })).await.expect(404);
    theirs.request("DELETE", &path, None).await.expect(404);
    theirs.request("POST", PATH, same_id).await.expect(201);
    assert_eq!(ours.get(&path).await.expect(200).body["name"], "agent");
    for body in [json!({}), json!({ "name": "" }), json!({ "name": "x", "owner": "a\u{0}b" }), json!({ "name": 1 })] {
        assert_eq!(ours.request("POST", PATH, body).await.expect(400).code(), "invalid_body");
    }
}
