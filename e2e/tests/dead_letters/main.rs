//! What can never be stored is kept with its reason, blocks nothing, is seen by its owner alone, and can be redriven.
#![allow(clippy::unwrap_used, reason = "a test")]

mod foreign;
mod refused;

use e2e::{Client, Organisation, System, event, eventually, on_both_shapes};
use serde_json::{Value, json};

on_both_shapes!(
    a_conflict_is_seen_and_left_out_of_what_is_redriven,
    only_its_owner_learns_of_a_letter,
    letters_come_in_pages_newest_first,
    an_order_that_says_nothing_or_too_much_is_refused,
    the_commands_show_what_the_api_shows_and_refuse_what_it_refuses,
);

pub(crate) const PATH: &str = "/api/v1/dead-letters";

/// Two events of one id with different signatures; the id.
pub(crate) async fn conflict(client: &Client, organisation: &Organisation) -> String {
    let first = client.publish(&event().saying("first").signed_by(organisation)).await.expect(202);
    let id = first.body["event_id"].as_str().unwrap().to_owned();
    let second = event().with("event_id", id.clone()).saying("second").signed_by(organisation);
    client.publish(&second).await.expect(202);
    id
}

/// Waits for so many letters that match; newest first.
pub(crate) async fn letters(client: &Client, query: &str, count: usize) -> Vec<Value> {
    eventually(&format!("{count} letters of {query:?}"), async || {
        let found = client.all(&format!("{PATH}?{query}")).await;
        assert!(found.len() <= count, "more letters than there should be: {found:#?}");
        (found.len() == count).then_some(found)
    })
    .await
}

pub(crate) fn id(letter: &Value) -> &str {
    letter["id"].as_str().unwrap()
}

async fn a_conflict_is_seen_and_left_out_of_what_is_redriven(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let event_id = conflict(&client, &organisation).await;
    let letter = letters(&client, "state=open", 1).await.remove(0);
    assert_eq!(
        (&letter["reason"], &letter["event_id"], &letter["ai_id"], &letter["redrivable"]),
        (&json!("event_id_conflict"), &json!(event_id), &json!(organisation.ai_id), &json!(false)),
        "{letter}"
    );
    let path = format!("{PATH}/{}", id(&letter));
    let whole = client.get(&path).await.expect(200).body;
    assert_eq!(whole["record"]["event"]["response"]["output"], "second");
    let stored = client.get(&format!("/aibbar/events/{event_id}")).await.expect(200).body;
    assert_eq!(stored["event"]["response"]["output"], "first", "the first stays");

    // Redriven it would become another letter, and another, for ever.
    let refused = client.request("POST", &format!("{path}/redrive"), None).await.expect(409);
    assert_eq!(refused.code(), "not_redrivable");
    for order in [json!({ "filter": {} }), json!({ "filter": { "reason": "event_id_conflict" }, "dry_run": true })] {
        let told = client.request("POST", &format!("{PATH}/redrive"), order).await.expect(200).body;
        assert_eq!((&told["results"], &told["more"]), (&json!([]), &json!(false)));
        let left_out = &told["left_out"];
        assert_eq!((&left_out[0]["reason"], &left_out[0]["count"]), (&json!("event_id_conflict"), &json!(1)), "{told}");
    }
    assert_eq!(letters(&client, "", 1).await, [letter]);
    assert!(client.all("/api/v1/audit?action=dead_letter.redrive").await.is_empty());
}

async fn only_its_owner_learns_of_a_letter(system: &System) {
    let (ours, theirs) = (system.organisation(), system.organisation());
    let (our_client, their_client) = (system.client(&ours), system.client(&theirs));
    conflict(&their_client, &theirs).await;
    let letter = letters(&their_client, "", 1).await.remove(0);
    assert_eq!(our_client.all(PATH).await, [] as [Value; 0]);
    let path = format!("{PATH}/{}", id(&letter));
    our_client.get(&path).await.expect(404);
    our_client.request("POST", &format!("{path}/redrive"), None).await.expect(404);
    for order in [json!({ "ids": [id(&letter)] }), json!({ "ids": [id(&letter)], "dry_run": true })] {
        let told = our_client.request("POST", &format!("{PATH}/redrive"), order).await.expect(200).body;
        assert_eq!((&told["redriven"], &told["results"][0]["code"]), (&json!(0), &json!("not_found")));
    }
    let told = our_client.request("POST", &format!("{PATH}/redrive"), json!({ "filter": {} })).await.expect(200).body;
    assert_eq!(told["results"], json!([]));
    assert_eq!(their_client.get(&path).await.expect(200).body["state"], "open");

    let reader = json!({ "name": "reader", "scopes": ["events:read", "events:write"] });
    let key = their_client.request("POST", "/api/v1/keys", reader).await.expect(201).body;
    let reader = their_client.with_key(key["key"].as_str().unwrap());
    assert_eq!(reader.get(PATH).await.expect(403).code(), "missing_scope");
    assert_eq!(reader.request("POST", &format!("{path}/redrive"), None).await.expect(403).code(), "missing_scope");
}

async fn letters_come_in_pages_newest_first(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(conflict(&client, &organisation).await);
        letters(&client, "", ids.len()).await;
    }
    ids.reverse();
    let mut seen = Vec::new();
    let mut path = format!("{PATH}?limit=2&reason=event_id_conflict");
    loop {
        let page = client.get(&path).await.expect(200).body;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|letter| letter["event_id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => path = format!("{PATH}?limit=2&reason=event_id_conflict&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ids);
    let third = letters(&client, "", 5).await.remove(2);
    let at = third["at"].as_str().unwrap();
    let since = client.all(&format!("{PATH}?from={at}")).await;
    assert!(since.iter().any(|letter| letter["id"] == third["id"]) && since.len() < 5, "{since:#?}");
    assert_eq!(client.all(&format!("{PATH}?reason=refused_by_store")).await, [] as [Value; 0]);
}

async fn an_order_that_says_nothing_or_too_much_is_refused(system: &System) {
    let client = system.client(&system.organisation());
    let order = async |body: Value| client.request("POST", &format!("{PATH}/redrive"), body).await;
    for wrong in [
        json!({}),
        json!({ "ids": [] }),
        json!({ "ids": ["0-1"], "filter": {} }),
        json!({ "ids": ["the first"] }),
        json!({ "ids": vec!["0-1"; 101] }),
        json!({ "filter": { "reason": "weather" } }),
        json!({ "filter": { "from": "yesterday" } }),
        json!({ "filter": {}, "limit": 1_000 }),
        json!({ "all": true }),
    ] {
        assert_eq!(order(wrong.clone()).await.expect(400).code(), "invalid_body", "{wrong}");
    }
    for wrong in ["?state=done", "?reason=x", "?cursor=AQ", "?limit=0", "?from=now", "?q=x"] {
        assert_eq!(client.get(&format!("{PATH}{wrong}")).await.expect(400).code(), "invalid_parameter", "{wrong}");
    }
    for unknown in ["0-99999999", "7-0", "x", "0-01", "%20"] {
        assert_eq!(client.get(&format!("{PATH}/{unknown}")).await.expect(404).code(), "not_found", "{unknown}");
    }
}

async fn the_commands_show_what_the_api_shows_and_refuse_what_it_refuses(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let event_id = conflict(&client, &organisation).await;
    let letter = letters(&client, "", 1).await.remove(0);
    let dlq = |args: &[&str]| system.run_as(&organisation, &[&["dlq"], args].concat(), b"");

    let listed = dlq(&["list"]).succeeded().stdout;
    assert!(listed.contains(id(&letter)) && listed.contains(&event_id), "{listed}");
    assert_eq!(dlq(&["list", "--json"]).succeeded().json(), letter);
    assert_eq!(dlq(&["list", "--json", "--state", "redriven"]).succeeded().stdout, "");
    let shown = dlq(&["show", id(&letter)]).succeeded().stdout;
    assert!(shown.contains("event_id_conflict") && shown.contains("\"second\""), "{shown}");
    let whole = dlq(&["show", id(&letter), "--json"]).succeeded().json();
    assert_eq!(whole, client.get(&format!("{PATH}/{}", id(&letter))).await.expect(200).body);

    for all in [&["redrive", "--all", "--dry-run"] as &[&str], &["redrive", "--all"]] {
        let told = dlq(all).succeeded();
        assert!(told.stdout.is_empty() && told.stderr.contains("0 failed"), "{told:?}");
        assert!(told.stderr.contains("1 left out: Another event with its id is stored"), "{}", told.stderr);
    }
    let refused = dlq(&["redrive", id(&letter)]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(refused.stdout.contains("not_redrivable") && refused.stdout.contains("its id is stored"), "{refused:?}");
    assert_eq!(letters(&client, "state=open", 1).await[0]["id"], letter["id"]);

    // The exit codes are those of every command.
    let code = |args: &[&str]| dlq(args).status.code();
    assert_eq!(code(&["redrive", "0-99999999"]), Some(3));
    assert_eq!(code(&["show", "0-99999999"]), Some(1));
    assert_eq!(code(&["redrive"]), Some(2));
    assert_eq!(code(&["show", "first"]), Some(2));
    assert_eq!(code(&["list", "--url", "http://127.0.0.1:1"]), Some(4));
    let on_the_log = dlq(&["list", "--on-log"]);
    assert_eq!(on_the_log.status.code(), Some(2));
    assert!(on_the_log.stderr.contains("belongs to the process that runs on it"), "{}", on_the_log.stderr);
}
