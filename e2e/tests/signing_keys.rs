//! Signing keys over HTTP: several at once, versioned, bound, rotated, revoked; what they do to events.
#![allow(clippy::unwrap_used, reason = "a test")]

use aibbar::SigningSecret;
use e2e::{Answer, Client, Organisation, Shape, System, event, eventually, on_both_shapes};
use serde_json::{Value, json};
use uuid::Uuid;

on_both_shapes!(
    a_secret_is_shown_once_and_signs,
    a_rotation_verifies_old_and_new_for_as_long_as_it_says,
    which_version_still_verifies_is_seen_soon,
    a_bound_key_signs_for_its_own_system_alone,
    the_default_is_meant_when_an_event_names_no_key,
    a_revoked_key_verifies_nothing_any_more,
    a_fault_is_told_and_a_name_is_given_once,
);

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("text, not {value}")).to_owned()
}

async fn made(client: &Client, body: Value) -> Answer {
    client.request("POST", "/api/v1/signing-keys", body).await.expect(201)
}

/// The organisation as it signs with the key that was just shown.
fn signing_with(organisation: &Organisation, shown: &Answer) -> Organisation {
    let secret = SigningSecret::new(text(&shown.body["secret"]));
    Organisation { key_id: text(&shown.body["key_id"]), secret, ..organisation.clone() }
}

async fn sent(client: &Client, signer: &Organisation) -> (u16, String) {
    let answer = client.publish(&event().signed_by(signer)).await;
    (answer.status, answer.code().to_owned())
}

fn taken() -> (u16, String) {
    (202, String::new())
}

fn refused() -> (u16, String) {
    (401, "invalid_signature".to_owned())
}

async fn a_secret_is_shown_once_and_signs(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let key = made(&client, json!({ "key_id": "agent-2026" })).await;
    let secret = text(&key.body["secret"]);
    assert!(secret.starts_with("ss_") && secret.len() == 67);
    assert_eq!(key.headers["cache-control"], "no-store");
    assert_eq!(sent(&client, &signing_with(&organisation, &key)).await, taken());
    // The organisation's other key is as good as before.
    assert_eq!(sent(&client, &organisation).await, taken());

    let shown = client.get("/api/v1/signing-keys/agent-2026").await.expect(200).body;
    assert_eq!(shown["versions"].as_array().map(Vec::len), Some(1));
    assert_eq!((&shown["status"], &shown["is_default"]), (&json!("active"), &json!(false)));
    let all = client.all("/api/v1/signing-keys").await;
    assert_eq!(all.iter().map(|key| text(&key["key_id"])).collect::<Vec<_>>(), ["agent-2026", "main"]);
    let page = client.get("/api/v1/signing-keys?limit=1").await.expect(200).body;
    let next = client.get(&format!("/api/v1/signing-keys?limit=1&cursor={}", text(&page["next_cursor"]))).await;
    assert_eq!(next.expect(200).body["items"][0]["key_id"], "main");
    for told in [shown, json!(all)] {
        assert!(!told.to_string().contains("ss_"), "{told}");
    }
}

async fn a_rotation_verifies_old_and_new_for_as_long_as_it_says(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let rotate = async |seconds: Option<u32>| {
        let body = seconds.map_or(json!({}), |seconds| json!({ "verify_for_seconds": seconds }));
        client.request("POST", "/api/v1/signing-keys/main/rotate", body).await.expect(200)
    };
    let second = rotate(None).await;
    assert_eq!(second.body["versions"][0]["version"], 2);
    assert!(second.body["versions"][1]["verify_until"].is_string(), "{}", second.body);
    assert_eq!(second.body["is_default"], true);
    let by_second = signing_with(&organisation, &second);
    assert_eq!(sent(&client, &organisation).await, taken());
    assert_eq!(sent(&client, &by_second).await, taken());

    let third = rotate(Some(0)).await;
    assert_eq!(sent(&client, &organisation).await, refused());
    assert_eq!(sent(&client, &by_second).await, refused());
    assert_eq!(sent(&client, &signing_with(&organisation, &third)).await, taken());
    let statuses: Vec<_> = third.body["versions"].as_array().unwrap().iter().map(|v| text(&v["status"])).collect();
    assert_eq!(statuses, ["active", "expired", "expired"]);
}

/// Who rotates wants to know when nobody signs with the old secret any more.
async fn which_version_still_verifies_is_seen_soon(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    client.request("POST", "/api/v1/signing-keys/main/rotate", json!({})).await.expect(200);
    assert_eq!(sent(&client, &organisation).await, taken());
    eventually("the use is written down", async || {
        let key = client.get("/api/v1/signing-keys/main").await.expect(200).body;
        assert_eq!(key["versions"][0]["last_used_at"], Value::Null, "{key}");
        key["versions"][1]["last_used_at"].is_string().then_some(())
    })
    .await;
}

async fn a_bound_key_signs_for_its_own_system_alone(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let key = made(&client, json!({ "key_id": "bound", "ai_id": organisation.ai_id })).await;
    assert_eq!(key.body["ai_id"], organisation.ai_id.to_string());
    let signer = signing_with(&organisation, &key);
    assert_eq!(sent(&client, &signer).await, taken());
    assert_eq!(sent(&client, &Organisation { ai_id: Uuid::new_v4(), ..signer }).await, refused());
}

async fn the_default_is_meant_when_an_event_names_no_key(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let key = made(&client, json!({ "key_id": "next" })).await;
    let unnamed = |signer: Organisation| Organisation { key_id: String::new(), ..signer };
    let (old, new) = (unnamed(organisation.clone()), unnamed(signing_with(&organisation, &key)));
    assert_eq!((sent(&client, &old).await, sent(&client, &new).await), (taken(), refused()));

    let changed = client.request("PATCH", "/api/v1/signing-keys/next", json!({ "is_default": true })).await.expect(200);
    assert_eq!(changed.body["is_default"], true);
    assert_eq!(client.get("/api/v1/signing-keys/main").await.expect(200).body["is_default"], false);
    assert_eq!((sent(&client, &old).await, sent(&client, &new).await), (refused(), taken()));
    // By its name the other is as good as before.
    assert_eq!(sent(&client, &organisation).await, taken());
}

async fn a_revoked_key_verifies_nothing_any_more(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    assert_eq!(sent(&client, &organisation).await, taken());
    client.request("DELETE", "/api/v1/signing-keys/main", None).await.expect(204);
    assert_eq!(sent(&client, &organisation).await, refused());
    client.request("DELETE", "/api/v1/signing-keys/main", None).await.expect(204);
    assert_eq!(client.get("/api/v1/signing-keys/main").await.expect(200).body["status"], "revoked");
    client.request("PATCH", "/api/v1/signing-keys/main", json!({ "is_default": true })).await.expect(404);
    client.request("POST", "/api/v1/signing-keys/main/rotate", json!({})).await.expect(404);
}

async fn a_fault_is_told_and_a_name_is_given_once(system: &System) {
    let (ours, theirs) = (system.client(&system.organisation()), system.client(&system.organisation()));
    for (body, pointer) in [
        (json!({ "key_id": "a/b" }), "/key_id"),
        (json!({ "key_id": "env" }), "/key_id"),
        (json!({ "key_id": "a", "ai_id": "x" }), "/ai_id"),
        (json!({ "key_id": "a", "secret": "ss_mine" }), "/secret"),
    ] {
        let refused = ours.request("POST", "/api/v1/signing-keys", body).await.expect(400);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    let again = ours.request("POST", "/api/v1/signing-keys", json!({ "key_id": "main" })).await.expect(409);
    assert_eq!(again.code(), "already_exists");
    let path = "/api/v1/signing-keys/main";
    ours.request("PATCH", path, json!({ "is_default": false })).await.expect(400);
    let month_and_more = json!({ "verify_for_seconds": 2_592_001 });
    ours.request("POST", &format!("{path}/rotate"), month_and_more).await.expect(400);

    // What one organisation calls a key says nothing of another's.
    made(&ours, json!({ "key_id": "ours" })).await;
    theirs.get("/api/v1/signing-keys/ours").await.expect(404);
    theirs.request("DELETE", "/api/v1/signing-keys/ours", None).await.expect(404);
    assert_eq!(ours.get("/api/v1/signing-keys/ours").await.expect(200).body["status"], "active");
}

async fn a_secret_of_the_environment_signs_for_the_first_organisation(shape: Shape) {
    let secret = "a secret that stands in the environment alone";
    let system = System::start_with(shape, &[("AIBBAR_SIGNING_SECRET", secret)]);
    // `gapin dev` makes the first organisation itself.
    let first = match shape {
        Shape::AtScale => system.organisation(),
        Shape::Embedded => {
            let create = ["keys", "create", "--org", "dev", "--name", "e2e", "--scopes", "all", "--json"];
            let key = system.run(&create).succeeded().json();
            Organisation { api_key: text(&key["key"]), api_key_id: text(&key["id"]), ..system.organisation() }
        }
    };
    let later = system.organisation();
    let signing = |organisation: &Organisation| {
        let secret = SigningSecret::new(secret.to_owned());
        Organisation { key_id: String::new(), secret, ..organisation.clone() }
    };
    let client = system.client(&first);
    let taken = client.publish(&event().signed_by(&signing(&first))).await.expect(202);
    let id = text(&taken.body["event_id"]);
    let record = eventually("it is stored", async || {
        let answer = client.get(&format!("/aibbar/events/{id}")).await;
        (answer.status == 200).then_some(answer.body)
    })
    .await;
    assert_eq!(record["record"]["key_id"], "env");
    assert_eq!(sent(&system.client(&later), &signing(&later)).await, refused(), "it is the first organisation's alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_the_environment_signs_for_the_first_organisation_embedded() {
    a_secret_of_the_environment_signs_for_the_first_organisation(Shape::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_the_environment_signs_for_the_first_organisation_at_scale() {
    a_secret_of_the_environment_signs_for_the_first_organisation(Shape::AtScale).await;
}
