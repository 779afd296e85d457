//! The audit trail: every change is in it, with who, from where and by which request, and nothing secret is.
#![allow(clippy::unwrap_used, reason = "a test")]

use e2e::{Client, System, event, on_both_shapes};
use serde_json::{Value, json};

on_both_shapes!(
    every_change_is_told_with_who_from_where_and_nothing_secret,
    the_trail_is_filtered_and_paged,
    what_was_refused_or_changed_nothing_is_not_told,
    one_organisations_trail_is_not_anothers,
);

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("text, not {value}")).to_owned()
}

/// Makes every change that an API key can make; the secrets that were shown on the way.
async fn change_everything(client: &Client) -> Vec<String> {
    let mut secrets = Vec::new();
    let key = client.request("POST", "/api/v1/keys", json!({ "name": "agent", "scopes": ["events:read"] })).await;
    let key = key.expect(201).body;
    secrets.push(text(&key["key"]));
    let path = format!("/api/v1/keys/{}", text(&key["id"]));
    client.request("PATCH", &path, json!({ "name": "agent-2", "requests_per_minute": 5 })).await.expect(200);
    let rotated = client.request("POST", &format!("{path}/rotate"), json!({ "overlap_seconds": 60 })).await.expect(200);
    secrets.push(text(&rotated.body["key"]));
    client.request("DELETE", &path, None).await.expect(204);

    let signing = client.request("POST", "/api/v1/signing-keys", json!({ "key_id": "next" })).await.expect(201).body;
    secrets.push(text(&signing["secret"]));
    client.request("PATCH", "/api/v1/signing-keys/next", json!({ "is_default": true })).await.expect(200);
    let rotated = client.request("POST", "/api/v1/signing-keys/next/rotate", json!({})).await.expect(200).body;
    secrets.push(text(&rotated["secret"]));
    client.request("DELETE", "/api/v1/signing-keys/next", None).await.expect(204);

    let system = client.request("POST", "/api/v1/ai-systems", json!({ "name": "agent" })).await.expect(201).body;
    let path = format!("/api/v1/ai-systems/{}", text(&system["ai_id"]));
    client.request("PATCH", &path, json!({ "owner": "travel" })).await.expect(200);
    client.request("DELETE", &path, None).await.expect(204);
    client.request("PATCH", "/api/v1/organisation", json!({ "registered_systems_only": true })).await.expect(200);
    secrets
}

const EVERYTHING: [&str; 12] = [
    "organisation.update",
    "ai_system.delete",
    "ai_system.update",
    "ai_system.create",
    "signing_key.revoke",
    "signing_key.rotate",
    "signing_key.set_default",
    "signing_key.create",
    "api_key.revoke",
    "api_key.rotate",
    "api_key.update",
    "api_key.create",
];

async fn every_change_is_told_with_who_from_where_and_nothing_secret(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation).with_header("X-Request-Id", "the-changes");
    let secrets = change_everything(&client).await;

    let trail = client.all(&format!("/api/v1/audit?actor={}", organisation.api_key_id)).await;
    assert_eq!(trail.iter().map(|entry| text(&entry["action"])).collect::<Vec<_>>(), EVERYTHING);
    for entry in &trail {
        let actor = json!({ "kind": "api_key", "id": organisation.api_key_id, "name": "e2e" });
        assert_eq!(entry["actor"], actor);
        assert_eq!(
            (&entry["address"], &entry["request_id"], &entry["result"]),
            (&json!("127.0.0.1"), &json!("the-changes"), &json!("success"))
        );
    }
    let changed = trail.iter().find(|entry| entry["action"] == "api_key.update").unwrap();
    assert_eq!(changed["detail"], json!({ "name": "agent-2", "requests_per_minute": 5 }));

    // The operator's changes are in it too.
    let whole = client.all("/api/v1/audit").await;
    let by_operator = whole.iter().filter(|entry| entry["actor"]["kind"] == "operator");
    let made: Vec<_> = by_operator.map(|entry| text(&entry["action"])).collect();
    assert_eq!(made, ["signing_key.create", "api_key.create"]);
    let told = json!(whole).to_string();
    for secret in secrets {
        // The prefix of an API key is no secret; what is behind it is.
        assert!(!told.contains(&secret[11..]), "a secret is in the trail");
    }
    assert!(!told.contains(&organisation.api_key[11..]) && !told.contains(organisation.secret.expose()));
}

async fn the_trail_is_filtered_and_paged(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    change_everything(&client).await;
    let actions = async |filter: &str| {
        let entries = client.all(&format!("/api/v1/audit?{filter}")).await;
        entries.iter().map(|entry| text(&entry["action"])).collect::<Vec<_>>()
    };
    let by_key = format!("actor={}", organisation.api_key_id);
    assert_eq!(actions(&format!("{by_key}&action=ai_system")).await, EVERYTHING[1..4]);
    assert_eq!(actions("action=api_key.rotate").await, ["api_key.rotate"]);
    assert_eq!(actions("action=api").await, [] as [&str; 0]);
    assert_eq!(actions("actor=e2e").await, EVERYTHING);
    assert_eq!(actions("target=next").await, EVERYTHING[4..8]);

    let entries = client.all(&format!("/api/v1/audit?{by_key}")).await;
    let at = text(&entries[5]["at"]);
    // Two changes may have one moment: each belongs to one side of it.
    let since = client.all(&format!("/api/v1/audit?{by_key}&from={at}")).await;
    let before = client.all(&format!("/api/v1/audit?{by_key}&to={at}")).await;
    assert!(since.contains(&entries[5]) && !before.contains(&entries[5]));
    assert_eq!([since, before].concat(), entries);

    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/api/v1/audit?{by_key}&limit=5{cursor}")).await.expect(200).body;
        paged.extend_from_slice(page["items"].as_array().unwrap());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, entries);
    for wrong in ["from=yesterday", "limit=501", "cursor=x", "colour=red", "actor="] {
        assert_eq!(client.get(&format!("/api/v1/audit?{wrong}")).await.expect(400).code(), "invalid_parameter");
    }
}

async fn what_was_refused_or_changed_nothing_is_not_told(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let body = json!({ "name": "e2e", "scopes": ["events:read"] });
    client.request("POST", "/api/v1/keys", body).await.expect(409);
    client.request("DELETE", "/api/v1/signing-keys/nobody", None).await.expect(404);
    client.request("DELETE", "/api/v1/signing-keys/main", None).await.expect(204);
    client.request("DELETE", "/api/v1/signing-keys/main", None).await.expect(204);
    // Events are no changes of the organisation.
    client.publish(&event().signed_by(&organisation)).await.expect(401);
    let trail = client.all(&format!("/api/v1/audit?actor={}", organisation.api_key_id)).await;
    assert_eq!(trail.iter().map(|entry| text(&entry["action"])).collect::<Vec<_>>(), ["signing_key.revoke"]);
}

async fn one_organisations_trail_is_not_anothers(system: &System) {
    let (ours, theirs) = (system.organisation(), system.organisation());
    change_everything(&system.client(&ours)).await;
    let seen = system.client(&theirs).all("/api/v1/audit").await;
    assert_eq!(
        seen.iter().map(|entry| text(&entry["action"])).collect::<Vec<_>>(),
        ["signing_key.create", "api_key.create"]
    );
    let theirs = system.client(&theirs).all(&format!("/api/v1/audit?actor={}", ours.api_key_id)).await;
    assert_eq!(theirs, [] as [Value; 0]);
}
