//! What an organisation says of redaction, from the setting to what is stored.
#![allow(clippy::unwrap_used, reason = "a test")]

use e2e::{Client, Organisation, Shape, System, event, eventually, on_both_shapes, text_of};
use serde_json::{Value, json};

on_both_shapes!(
    one_persons_events_are_found_together_and_nobody_elses_with_them,
    an_erased_key_leaves_pseudonyms_that_lead_nowhere,
    own_rules_hide_what_they_find_and_a_kind_that_is_off_stays,
    settings_that_can_not_hold_are_refused_place_by_place,
    a_preview_shows_what_would_be_hidden_and_keeps_nothing,
    who_may_not_change_settings_reads_them,
    changes_are_told_in_the_trail,
);

const PATH: &str = "/api/v1/redaction";
const ERASE: &str = "/api/v1/redaction/pseudonym-key/erase";
const PREVIEW: &str = "/api/v1/redaction/preview";

async fn set(client: &Client, settings: Value) -> Value {
    client.request("PUT", PATH, settings).await.expect(200).body
}

/// The record of an event that says this, once it is stored.
async fn recorded(client: &Client, organisation: &Organisation, says: &str) -> Value {
    let answer = client.publish(&event().saying(says).signed_by(organisation)).await.expect(202);
    let path = format!("/aibbar/events/{}", answer.body["event_id"].as_str().unwrap());
    eventually("the event is stored", async || {
        let answer = client.get(&path).await;
        (answer.status == 200).then_some(answer.body)
    })
    .await
}

async fn said(client: &Client, organisation: &Organisation, says: &str) -> String {
    text_of(&recorded(client, organisation, says).await).unwrap().to_owned()
}

#[track_caller]
fn is_pseudonym(text: &str, kind: &str) {
    let token = text.strip_prefix(&format!("[{kind}:")).and_then(|rest| rest.strip_suffix(']'));
    let is_token =
        |token: &str| token.len() == 20 && token.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
    assert!(token.is_some_and(is_token), "{text}");
}

async fn one_persons_events_are_found_together_and_nobody_elses_with_them(system: &System) {
    let (ours, theirs) = (system.organisation(), system.organisation());
    let (our_client, their_client) = (system.client(&ours), system.client(&theirs));
    assert_eq!(our_client.get(PATH).await.expect(200).body["version"], 0);
    assert_eq!(said(&our_client, &ours, "bob@example.com").await, "[REDACTED:email]");
    for client in [&our_client, &their_client] {
        let shown = set(client, json!({ "modes": { "email": "pseudonym", "phone": "pseudonym" } })).await;
        assert_eq!((&shown["version"], &shown["modes"]["email"]), (&json!(1), &json!("pseudonym")));
        assert_eq!((&shown["modes"]["ssn"], &shown["modes"]["ip_address"]), (&json!("mask"), &json!("off")));
    }
    let first = recorded(&our_client, &ours, "bob@example.com").await;
    let bob = text_of(&first).unwrap().to_owned();
    is_pseudonym(&bob, "EMAIL");
    let rules = first["record"]["redaction_rules"].as_str().unwrap();
    assert!(rules.ends_with("+org.1"), "{rules}");
    assert_eq!(first["record"]["redactions"], json!([{ "pointer": "/response/output", "kind": "email" }]));

    assert_eq!(
        said(&our_client, &ours, "From Bob@Example.COM, +14155552671").await.split(',').next(),
        Some(&*format!("From {bob}"))
    );
    assert_ne!(said(&our_client, &ours, "ann@example.com").await, bob);
    // What was found together before is found by it, and what is sent with it stays the same.
    assert_eq!(said(&our_client, &ours, &format!("again {bob}")).await, format!("again {bob}"));
    let token = bob.trim_matches(['[', ']']).split(':').nth(1).unwrap().to_owned();
    assert_eq!(our_client.stored(&format!("q={token}")).await.len(), 3);
    // Another organisation's pseudonym of the same person is another.
    let other = said(&their_client, &theirs, "bob@example.com").await;
    is_pseudonym(&other, "EMAIL");
    assert_ne!(other, bob);
}

async fn an_erased_key_leaves_pseudonyms_that_lead_nowhere(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let confirmed = json!({ "organisation": organisation.name });
    assert_eq!(client.request("POST", ERASE, confirmed.clone()).await.expect(404).code(), "not_found");
    let before = set(&client, json!({ "modes": { "email": "pseudonym" } })).await;
    let bob = said(&client, &organisation, "bob@example.com").await;

    let refused = client.request("POST", ERASE, json!({ "organisation": "another" })).await.expect(400);
    assert_eq!(refused.body["errors"][0]["pointer"], "/organisation");
    assert_eq!(said(&client, &organisation, "bob@example.com").await, bob, "nothing was erased");
    let after = client.request("POST", ERASE, confirmed).await.expect(200).body;
    assert_eq!((&before["pseudonym_key"]["version"], &after["pseudonym_key"]["version"]), (&json!(1), &json!(2)));
    assert_eq!(client.get(PATH).await.expect(200).body["modes"], before["modes"]);
    // The gateway that erased it knows it at once.
    let now = said(&client, &organisation, "bob@example.com").await;
    is_pseudonym(&now, "EMAIL");
    assert_ne!(now, bob);
    assert_eq!(client.stored("q=EMAIL").await.len(), 3, "what was recorded stays as it is");
}

async fn own_rules_hide_what_they_find_and_a_kind_that_is_off_stays(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let settings = json!({
        "modes": { "phone": "off", "ip_address": "mask" },
        "rules": [
            { "name": "employee", "pattern": "EMP-[0-9]+", "mode": "pseudonym" },
            { "name": "user", "pointer": "/metadata/user_id" },
            { "name": "session", "pointer": "/metadata/session_id", "mode": "pseudonym" },
            { "name": "asleep", "pattern": "quiet", "mode": "off" },
        ],
    });
    let shown = set(&client, settings.clone()).await;
    assert_eq!(shown["rules"].as_array().unwrap().len(), 4);
    assert_eq!(shown["rules"][1], json!({ "name": "user", "pointer": "/metadata/user_id", "mode": "mask" }));
    assert_eq!(set(&client, settings).await["version"], 1, "the same again changes nothing");

    let event = event()
        .saying("EMP-4711 at 10.0.0.1, quiet, +14155552671")
        .with("metadata", json!({ "user_id": "ann", "session_id": "s-1" }));
    let id = client.publish(&event.signed_by(&organisation)).await.expect(202).body["event_id"].clone();
    let record = eventually("the event is stored", async || {
        let answer = client.get(&format!("/aibbar/events/{}", id.as_str().unwrap())).await;
        (answer.status == 200).then_some(answer.body)
    })
    .await;
    let text = text_of(&record).unwrap();
    assert!(
        text.starts_with("[CUSTOM:employee:") && text.ends_with("] at [REDACTED:ip_address], quiet, +14155552671"),
        "{text}"
    );
    assert_eq!(record["event"]["metadata"]["user_id"], "[REDACTED:custom:user]");
    let kinds = json!([
        { "pointer": "/metadata/session_id", "kind": "custom", "rule": "session" },
        { "pointer": "/metadata/user_id", "kind": "custom", "rule": "user" },
        { "pointer": "/response/output", "kind": "ip_address" },
        { "pointer": "/response/output", "kind": "custom", "rule": "employee" },
    ]);
    assert_eq!(record["record"]["redactions"], kinds);
    // A session is found by its pseudonym, wherever it may be known from.
    let session = record["event"]["metadata"]["session_id"].as_str().unwrap();
    let found = client
        .stored(&format!("session_id={}", session.replace('[', "%5B").replace(']', "%5D").replace(':', "%3A")))
        .await;
    assert_eq!(found.len(), 1);
    let metrics = metrics(system).await;
    assert!(metrics.contains("gapin_redactions_total{kind=\"custom\"}"), "rules have no label of their own");
    assert!(!metrics.contains("employee"));
}

async fn metrics(system: &System) -> String {
    let mut all = String::new();
    for url in system.metrics_urls() {
        all.push_str(&Client::anonymous(&system.url).text_at(&url).await);
    }
    all
}

async fn settings_that_can_not_hold_are_refused_place_by_place(system: &System) {
    let client = system.client(&system.organisation());
    let faults = async |settings: Value| {
        let refused = client.request("PUT", PATH, settings).await.expect(400);
        assert_eq!(refused.code(), "invalid_body");
        let errors = refused.body["errors"].as_array().unwrap().clone();
        errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let rules = json!({ "rules": [
        { "name": "greedy", "pattern": ".*secret" },
        { "name": "empty", "pattern": "x?" },
        { "name": "kept", "pointer": "/signature" },
        { "name": "kept", "pattern": "abcd", "pointer": "/action" },
    ] });
    assert_eq!(
        faults(rules).await,
        ["/rules/0/pattern", "/rules/1/pattern", "/rules/2/pointer", "/rules/3/name", "/rules/3"]
    );
    assert_eq!(faults(json!({ "modes": { "custom": "mask" } })).await, ["/modes/custom"]);
    assert_eq!(faults(json!({ "modes": { "email": "shred" } })).await, ["/modes/email"]);
    assert_eq!(faults(json!({ "rules": [{ "name": "Not Good", "pattern": "abcd" }] })).await, ["/rules/0/name"]);
    let many: Vec<_> = (0..33).map(|n| json!({ "name": format!("r{n}"), "pattern": "abcd" })).collect();
    assert_eq!(faults(json!({ "rules": many })).await, ["/rules"]);
    assert_eq!(client.get(PATH).await.expect(200).body["version"], 0, "nothing of it holds");
}

async fn a_preview_shows_what_would_be_hidden_and_keeps_nothing(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let answer =
        client.request("POST", PREVIEW, json!({ "text": "ü canary-preview@example.com" })).await.expect(200).body;
    assert_eq!(answer["redacted"], "ü [REDACTED:email]");
    let [finding] = answer["findings"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    assert_eq!(
        (&finding["kind"], &finding["mode"], &finding["in_key"]),
        (&json!("email"), &json!("mask"), &json!(false))
    );
    assert_eq!((&finding["start"], &finding["end"]), (&json!(2), &json!(18)), "in characters");
    assert!(finding["why"].as_str().unwrap().contains('@'));

    let settings =
        json!({ "modes": { "email": "pseudonym" }, "rules": [{ "name": "note", "pointer": "/response/note" }] });
    let sample = event().with("response", json!({ "output": "canary-preview@example.com", "note": 7 }));
    let sample = sample.signed_by(&organisation);
    let body = json!({ "event": sample, "settings": settings });
    let tried = client.request("POST", PREVIEW, body.clone()).await.expect(200).body;
    assert_eq!(tried["redacted"]["response"]["note"], "[REDACTED:custom:note]");
    assert_eq!(tried["redacted"]["signature"], sample["signature"]);
    let pseudonym = tried["redacted"]["response"]["output"].as_str().unwrap();
    is_pseudonym(pseudonym, "EMAIL");
    // Nobody finds a person by trying addresses: a preview's pseudonyms are of no use.
    set(&client, settings).await;
    let real = said(&client, &organisation, "canary-preview@example.com").await;
    let again = client.request("POST", PREVIEW, json!({ "text": "canary-preview@example.com" })).await.expect(200).body;
    assert!(again["redacted"] != real && again["redacted"] != pseudonym);
    assert_eq!(again["redaction_rules"].as_str().unwrap().split('+').nth(1), Some("org.1"));

    for wrong in [json!({}), json!({ "text": "a", "value": 1 })] {
        client.request("POST", PREVIEW, wrong).await.expect(400);
    }
    let faulty = json!({ "value": 1, "settings": { "rules": [{ "name": "x", "pattern": "(" }] } });
    let refused = client.request("POST", PREVIEW, faulty).await.expect(400);
    assert_eq!(refused.body["errors"][0]["pointer"], "/settings/rules/0/pattern");
    let mut kept = system.gateway.said();
    if system.shape == Shape::Embedded {
        kept.push_str(&String::from_utf8_lossy(&e2e::bytes_under(&system.data_dir())));
    }
    assert!(!kept.contains("canary-preview@"), "nothing of a preview is kept");
}

async fn who_may_not_change_settings_reads_them(system: &System) {
    let organisation = system.organisation();
    let email = |role: &str| format!("{role}@{}.example", organisation.name);
    let (viewer, admin) = (
        system.person(&organisation, &email("viewer"), "viewer").await.client,
        system.person(&organisation, &email("admin"), "admin").await.client,
    );
    for client in [&viewer, &admin] {
        client.get(PATH).await.expect(200);
        client.request("POST", PREVIEW, json!({ "text": "hi" })).await.expect(200);
        assert_eq!(client.request("PUT", PATH, json!({})).await.expect(403).code(), "missing_scope");
        let erase = client.request("POST", ERASE, json!({ "organisation": organisation.name })).await;
        assert_eq!(erase.expect(403).code(), "missing_scope");
    }
    let owner = system.person(&organisation, &email("owner"), "owner").await.client;
    set(&owner, json!({ "modes": { "email": "off" } })).await;
    let shown = viewer.get(PATH).await.expect(200).body;
    assert_eq!((&shown["modes"]["email"], &shown["updated_by"]), (&json!("off"), &json!(email("owner"))));
    let client = system.client(&organisation);
    assert_eq!(said(&client, &organisation, "bob@example.com").await, "bob@example.com");
}

async fn changes_are_told_in_the_trail(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let settings =
        json!({ "modes": { "email": "pseudonym" }, "rules": [{ "name": "employee", "pattern": "EMP-[0-9]+" }] });
    set(&client, settings.clone()).await;
    set(&client, settings).await;
    client.request("POST", ERASE, json!({ "organisation": organisation.name })).await.expect(200);
    let told = client.all("/api/v1/audit?action=redaction").await;
    let actions: Vec<_> = told.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["redaction.erase_key", "redaction.update"]);
    assert_eq!(told[1]["detail"]["modes"], json!({ "email": "pseudonym" }));
    assert_eq!(told[1]["detail"]["rules"][0]["name"], "employee");
}

/// At scale alone: in one process there is one gateway.
mod at_scale_alone {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn another_gateway_learns_of_a_change() {
        let mut system = System::start(Shape::AtScale);
        let organisation = system.organisation();
        let client = system.client(&organisation);
        let other = Client::new(&system.add_gateway(), &organisation.api_key);
        assert_eq!(said(&other, &organisation, "bob@example.com").await, "[REDACTED:email]");
        set(&client, json!({ "modes": { "email": "pseudonym" } })).await;
        let bob = eventually("the other gateway knows", async || {
            let text = said(&other, &organisation, "bob@example.com").await;
            text.starts_with("[EMAIL:").then_some(text)
        })
        .await;
        assert_eq!(said(&client, &organisation, "bob@example.com").await, bob, "one key for all gateways");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_an_organisation_hides_is_never_guessed_while_the_store_is_away() {
        let system = System::start(Shape::AtScale);
        let (known, unknown) = (system.organisation(), system.organisation());
        let (client, other) = (system.client(&known), system.client(&unknown));
        set(&client, json!({ "modes": { "email": "pseudonym" } })).await;
        let bob = said(&client, &known, "bob@example.com").await;
        // A forged event makes the other organisation's keys known here, and not yet what it hides.
        let mut forged = event().signed_by(&unknown);
        forged["signature"] = "0".repeat(64).into();
        assert_eq!(other.publish(&forged).await.expect(401).code(), "invalid_signature");
        system.services().postgres.kill();
        let sent = other.publish(&event().saying("bob@example.com").signed_by(&unknown)).await;
        assert_eq!(sent.expect(503).code(), "store_unavailable");
        let id =
            client.publish(&event().saying("bob@example.com").signed_by(&known)).await.expect(202).body["event_id"]
                .clone();
        system.services().postgres.restart();
        let record = eventually("the store is back", async || {
            let answer = client.get(&format!("/aibbar/events/{}", id.as_str().unwrap())).await;
            (answer.status == 200).then_some(answer.body)
        })
        .await;
        assert_eq!(text_of(&record), Some(&*bob), "what is known goes on as it was");
    }
}
