//! API keys over HTTP: made, shown once, bounded, rotated, revoked.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::{Duration, SystemTime};

use aibbar::Timestamp;
use e2e::{Answer, Client, System, event, eventually, on_both_shapes};
use serde_json::{Value, json};

on_both_shapes!(
    a_key_is_shown_once_and_never_again,
    a_caller_gives_no_scope_that_it_does_not_have,
    a_missing_scope_is_named,
    a_rotation_keeps_the_old_secret_for_as_long_as_it_says,
    a_rotation_without_overlap_ends_the_old_secret_at_once,
    a_revoked_key_is_refused_at_once_and_for_good,
    a_key_is_refused_from_where_it_may_not_be_used,
    a_key_ends_when_it_says,
    a_key_has_limits_of_its_own_within_its_plan,
    a_key_lifts_no_bound_of_its_own,
    a_name_is_given_once,
    when_a_key_was_last_used_is_seen_soon,
    what_a_key_has_used_of_its_limits_is_told,
    every_fault_is_told_at_once,
    another_organisations_key_is_not_there,
);

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("text, not {value}")).to_owned()
}

async fn made(client: &Client, body: Value) -> Answer {
    client.request("POST", "/api/v1/keys", body).await.expect(201)
}

fn path_of(key: &Answer) -> String {
    format!("/api/v1/keys/{}", text(&key.body["id"]))
}

async fn a_key_is_shown_once_and_never_again(system: &System) {
    let client = system.client(&system.organisation());
    let body = json!({ "name": "agent-1", "scopes": ["events:read", "events:write"] });
    let key = made(&client, body).await;
    let secret = text(&key.body["key"]);
    assert!(secret.starts_with(&text(&key.body["prefix"])) && secret.len() == 33, "{}", key.body);
    assert_eq!(key.headers["cache-control"], "no-store");
    assert_eq!(key.body["scopes"], json!(["events:write", "events:read"]));
    assert_eq!((&key.body["status"], &key.body["made_by"]), (&json!("active"), &json!("e2e")));
    client.with_key(&secret).get("/aibbar/events").await.expect(200);

    let shown = client.get(&path_of(&key)).await.expect(200).body;
    assert_eq!(shown["name"], "agent-1");
    // One key a page: every page leads to the next one.
    let first = client.get("/api/v1/keys?limit=1").await.expect(200).body;
    assert_eq!(first["items"], json!([shown]));
    let next = text(&first["next_cursor"]);
    let second = client.get(&format!("/api/v1/keys?limit=1&cursor={next}")).await.expect(200).body;
    assert_eq!((&second["items"][0]["name"], &second["next_cursor"]), (&json!("e2e"), &Value::Null));
    for told in [shown, first, second] {
        assert!(!told.to_string().contains(&secret[11..]) && told.get("key").is_none(), "{told}");
    }
}

async fn a_caller_gives_no_scope_that_it_does_not_have(system: &System) {
    let client = system.client(&system.organisation());
    let strong = made(&client, json!({ "name": "strong", "scopes": ["audit:read", "events:read"] })).await;
    let weak = made(&client, json!({ "name": "weak", "scopes": ["keys:manage", "events:read"] })).await;
    let weaker = client.with_key(&text(&weak.body["key"]));

    for (method, path, body) in [
        ("POST", "/api/v1/keys".to_owned(), json!({ "name": "more", "scopes": ["audit:read"] })),
        ("PATCH", path_of(&weak), json!({ "scopes": ["keys:manage", "audit:read"] })),
        ("PATCH", path_of(&strong), json!({ "allowed_ips": [] })),
        ("POST", format!("{}/rotate", path_of(&strong)), json!({})),
    ] {
        let refused = weaker.request(method, &path, body).await.expect(403);
        assert_eq!(refused.code(), "role_too_low", "{method} {path}");
        assert!(text(&refused.body["detail"]).contains("audit:read"), "{}", refused.body);
    }
    assert_eq!(client.get(&path_of(&weak)).await.body["scopes"], json!(["events:read", "keys:manage"]));
    // What it has it may give, and whatever is dangerous it may end.
    made(&weaker, json!({ "name": "as much", "scopes": ["events:read"] })).await;
    weaker.request("DELETE", &path_of(&strong), None).await.expect(204);
}

async fn a_missing_scope_is_named(system: &System) {
    let client = system.client(&system.organisation());
    let reader = made(&client, json!({ "name": "reader", "scopes": ["events:read"] })).await;
    let reader = client.with_key(&text(&reader.body["key"]));
    for (path, scope) in [
        ("/api/v1/keys", "keys:manage"),
        ("/api/v1/signing-keys", "keys:manage"),
        ("/api/v1/audit", "audit:read"),
        ("/users", "members:read"),
    ] {
        let refused = reader.get(path).await.expect(403);
        assert_eq!(refused.code(), "missing_scope");
        assert!(text(&refused.body["detail"]).contains(scope), "{}", refused.body);
    }
}

async fn a_rotation_keeps_the_old_secret_for_as_long_as_it_says(system: &System) {
    let client = system.client(&system.organisation());
    let key = made(&client, json!({ "name": "agent", "scopes": ["events:read"] })).await;
    let rotate = async |overlap: u32| {
        let body = json!({ "overlap_seconds": overlap });
        client.request("POST", &format!("{}/rotate", path_of(&key)), body).await.expect(200)
    };
    let status = async |secret: &Answer| client.with_key(&text(&secret.body["key"])).get("/aibbar/events").await.status;

    let second = rotate(3_600).await;
    assert_eq!(second.body["id"], key.body["id"]);
    assert!(second.body["previous_valid_until"].is_string(), "{}", second.body);
    assert_eq!((status(&key).await, status(&second).await), (200, 200));

    // Who rotates again wants the first one gone.
    let third = rotate(1).await;
    assert_eq!((status(&key).await, status(&third).await), (401, 200));
    eventually("the overlap is over", async || (status(&second).await == 401).then_some(())).await;
    assert_eq!(status(&third).await, 200);
    assert_eq!(client.get(&path_of(&key)).await.expect(200).body["previous_valid_until"], Value::Null);
}

async fn a_rotation_without_overlap_ends_the_old_secret_at_once(system: &System) {
    let client = system.client(&system.organisation());
    let key = made(&client, json!({ "name": "agent", "scopes": ["events:read"] })).await;
    let old = client.with_key(&text(&key.body["key"]));
    old.get("/aibbar/events").await.expect(200);
    let rotated = client.request("POST", &format!("{}/rotate", path_of(&key)), json!({})).await.expect(200);
    assert_eq!(old.get("/aibbar/events").await.expect(401).code(), "invalid_api_key");
    client.with_key(&text(&rotated.body["key"])).get("/aibbar/events").await.expect(200);
}

async fn a_revoked_key_is_refused_at_once_and_for_good(system: &System) {
    let client = system.client(&system.organisation());
    let key = made(&client, json!({ "name": "agent", "scopes": ["events:read"] })).await;
    let holder = client.with_key(&text(&key.body["key"]));
    holder.get("/aibbar/events").await.expect(200);

    client.request("DELETE", &path_of(&key), None).await.expect(204);
    assert_eq!(holder.get("/aibbar/events").await.expect(401).code(), "invalid_api_key");
    let shown = client.get(&path_of(&key)).await.expect(200).body;
    assert_eq!(shown["status"], "revoked");
    // Said twice, it is as revoked as before; nothing brings it back.
    client.request("DELETE", &path_of(&key), None).await.expect(204);
    assert_eq!(client.get(&path_of(&key)).await.body["revoked_at"], shown["revoked_at"]);
    client.request("PATCH", &path_of(&key), json!({ "name": "again" })).await.expect(404);
    client.request("POST", &format!("{}/rotate", path_of(&key)), json!({})).await.expect(404);
    // Its name is free.
    made(&client, json!({ "name": "agent", "scopes": ["events:read"] })).await;
}

async fn a_key_is_refused_from_where_it_may_not_be_used(system: &System) {
    let client = system.client(&system.organisation());
    let body = json!({ "name": "agent", "scopes": ["events:read"], "allowed_ips": ["203.0.113.9/24", "2001:db8::1"] });
    let key = made(&client, body).await;
    assert_eq!(key.body["allowed_ips"], json!(["203.0.113.0/24", "2001:db8::1/128"]));
    let holder = client.with_key(&text(&key.body["key"]));
    assert_eq!(holder.get("/aibbar/events").await.expect(403).code(), "address_not_allowed");
    client.request("PATCH", &path_of(&key), json!({ "allowed_ips": ["127.0.0.0/8"] })).await.expect(200);
    holder.get("/aibbar/events").await.expect(200);
    // Nobody is believed who says that they are somebody else.
    let claimed = holder.with_header("X-Forwarded-For", "203.0.113.9");
    claimed.get("/aibbar/events").await.expect(200);
    client.request("PATCH", &path_of(&key), json!({ "allowed_ips": ["203.0.113.0/24"] })).await.expect(200);
    claimed.get("/aibbar/events").await.expect(403);
}

async fn a_key_ends_when_it_says(system: &System) {
    let client = system.client(&system.organisation());
    let at = Timestamp::from(SystemTime::now() + Duration::from_secs(5)).to_string();
    let key = made(&client, json!({ "name": "agent", "scopes": ["events:read"], "expires_at": at })).await;
    let holder = client.with_key(&text(&key.body["key"]));
    let refused = eventually("the key's end", async || {
        let answer = holder.get("/aibbar/events").await;
        (answer.status != 200).then_some(answer)
    });
    assert_eq!(refused.await.expect(401).code(), "invalid_api_key");
    assert_eq!(client.get(&path_of(&key)).await.expect(200).body["status"], "expired");
    client.request("PATCH", &path_of(&key), json!({ "expires_at": null })).await.expect(200);
    holder.get("/aibbar/events").await.expect(200);
    let past = json!({ "name": "old", "scopes": ["events:read"], "expires_at": "2020-01-01T00:00:00Z" });
    let refused = client.request("POST", "/api/v1/keys", past).await.expect(400);
    assert_eq!(refused.body["errors"][0]["code"], "in_past");
}

async fn a_key_has_limits_of_its_own_within_its_plan(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let plan = client.get("/api/v1/organisation").await.expect(200).body["effective_limits"].clone();
    let (minute, day) = (plan["requests_per_minute"].as_u64().unwrap(), plan["events_per_day"].as_u64().unwrap());

    let key = made(&client, json!({ "name": "slow", "scopes": ["events:read"], "requests_per_minute": 60 })).await;
    assert_eq!(key.body["requests_per_minute"], 60);
    assert_eq!(key.body["events_per_day"], Value::Null);
    assert_eq!(key.body["effective_limits"], json!({ "requests_per_minute": 60, "events_per_day": day }));

    let above = json!({ "requests_per_minute": minute + 1, "events_per_day": day + 1 });
    let refused = client.request("PATCH", &path_of(&key), above.clone()).await.expect(400);
    let told: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|e| (&e["pointer"], &e["code"])).collect();
    let code = json!("above_plan");
    assert_eq!(told, [(&json!("/requests_per_minute"), &code), (&json!("/events_per_day"), &code)]);

    let own = client.request("PATCH", &path_of(&key), json!({ "requests_per_minute": null })).await.expect(200);
    assert_eq!(own.body["effective_limits"], plan);

    // The operator puts the organisation on a larger plan.
    let larger = (minute + 1).to_string();
    system
        .run(&["plans", "set", &organisation.name, "--requests-per-minute", &larger, "--events-per-day", "off"])
        .succeeded();
    system.run(&["orgs", "set-plan", &organisation.name, &organisation.name]).succeeded();
    let changed = client.request("PATCH", &path_of(&key), above).await.expect(200);
    let effective = json!({ "requests_per_minute": minute + 1, "events_per_day": day + 1 });
    assert_eq!(changed.body["effective_limits"], effective);

    // A plan that is lowered binds the keys that were given more before.
    system.run(&["plans", "set", &organisation.name, "--requests-per-minute", "30"]).succeeded();
    let bound = client.get(&path_of(&key)).await.expect(200).body;
    assert_eq!(bound["requests_per_minute"], minute + 1);
    assert_eq!(bound["effective_limits"], json!({ "requests_per_minute": 30, "events_per_day": day + 1 }));
}

async fn a_key_lifts_no_bound_of_its_own(system: &System) {
    let client = system.client(&system.organisation());
    let bounds = json!({
        "name": "manager", "scopes": ["keys:manage"], "allowed_ips": ["127.0.0.0/8", "::1"], "requests_per_minute": 600,
    });
    let key = made(&client, bounds).await;
    let manager = client.with_key(&text(&key.body["key"]));
    for lifted in
        [json!({ "allowed_ips": [] }), json!({ "requests_per_minute": null }), json!({ "scopes": ["keys:manage"] })]
    {
        let refused = manager.request("PATCH", &path_of(&key), lifted).await.expect(403);
        assert_eq!(refused.code(), "role_too_low");
    }
    let renamed = manager.request("PATCH", &path_of(&key), json!({ "name": "renamed" })).await.expect(200);
    assert_eq!((&renamed.body["name"], &renamed.body["requests_per_minute"]), (&json!("renamed"), &json!(600)));

    let sibling = json!({ "name": "sibling", "scopes": ["keys:manage"] });
    assert_eq!(manager.request("POST", "/api/v1/keys", sibling).await.expect(403).code(), "role_too_low");
    let wider = made(&client, json!({ "name": "wider", "scopes": ["keys:manage"] })).await;
    let rotate = format!("{}/rotate", path_of(&wider));
    assert_eq!(manager.request("POST", &rotate, json!({})).await.expect(403).code(), "role_too_low");
    let bound = json!({
        "name": "bound", "scopes": ["keys:manage"], "allowed_ips": ["127.0.0.1"], "requests_per_minute": 600,
    });
    manager.request("POST", "/api/v1/keys", bound).await.expect(201);
}

async fn a_name_is_given_once(system: &System) {
    let client = system.client(&system.organisation());
    let body = json!({ "name": "agent", "scopes": ["events:read"] });
    made(&client, body.clone()).await;
    assert_eq!(client.request("POST", "/api/v1/keys", body).await.expect(409).code(), "already_exists");
    let other = made(&client, json!({ "name": "other", "scopes": ["events:read"] })).await;
    let renamed = client.request("PATCH", &path_of(&other), json!({ "name": "agent" })).await.expect(409);
    assert_eq!(renamed.code(), "already_exists");
    let renamed = client.request("PATCH", &path_of(&other), json!({ "name": "agent-2" })).await.expect(200);
    assert_eq!(renamed.body["name"], "agent-2");
}

async fn every_fault_is_told_at_once(system: &System) {
    let client = system.client(&system.organisation());
    let body = json!({ "name": " x", "scopes": ["root"], "events_per_day": 0, "colour": "red" });
    let refused = client.request("POST", "/api/v1/keys", body).await.expect(400);
    assert_eq!(refused.code(), "invalid_body");
    let told: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|e| text(&e["pointer"])).collect();
    assert_eq!(told, ["/colour", "/events_per_day", "/name", "/scopes/0"]);
    let body =
        json!({ "name": "x", "scopes": ["events:read"], "allowed_ips": ["10.0.0.0/8", "here"], "expires_at": "1" });
    let refused = client.request("POST", "/api/v1/keys", body).await.expect(400);
    let told: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|e| text(&e["pointer"])).collect();
    assert!(told.contains(&"/expires_at".to_owned()), "{told:?}");
    let body = json!({ "name": "x", "scopes": ["events:read"], "allowed_ips": ["10.0.0.0/8", "here"] });
    let refused = client.request("POST", "/api/v1/keys", body).await.expect(400);
    assert_eq!(refused.body["errors"][0]["pointer"], "/allowed_ips/1");

    let key = made(&client, json!({ "name": "x", "scopes": ["events:read"] })).await;
    let rotate = format!("{}/rotate", path_of(&key));
    client.request("POST", &rotate, json!({ "overlap_seconds": 604_801 })).await.expect(400);
    client.request("GET", "/api/v1/keys?limit=0", None).await.expect(400);
    client.request("GET", "/api/v1/keys?cursor=AQ", None).await.expect(400);
    client.request("GET", "/api/v1/keys?status=active", None).await.expect(400);
    for path in ["/api/v1/keys/1", "/api/v1/keys/018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b"] {
        assert_eq!(client.get(path).await.expect(404).code(), "not_found");
    }
}

async fn another_organisations_key_is_not_there(system: &System) {
    let ours = system.client(&system.organisation());
    let theirs = system.client(&system.organisation());
    let key = made(&ours, json!({ "name": "agent", "scopes": ["events:read"] })).await;
    let path = path_of(&key);
    theirs.get(&path).await.expect(404);
    theirs.request("PATCH", &path, json!({ "name": "mine" })).await.expect(404);
    theirs.request("POST", &format!("{path}/rotate"), json!({})).await.expect(404);
    theirs.request("DELETE", &path, None).await.expect(404);
    assert!(!theirs.all("/api/v1/keys").await.iter().any(|shown| shown["id"] == key.body["id"]));
    ours.with_key(&text(&key.body["key"])).get("/aibbar/events").await.expect(200);
}

async fn what_a_key_has_used_of_its_limits_is_told(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let body = json!({
        "name": "agent-1", "scopes": ["events:write", "events:read"], "requests_per_minute": 100, "events_per_day": 10,
    });
    let key = made(&client, body).await;
    let usage_path = format!("{}/usage", path_of(&key));
    let usage = async || client.get(&usage_path).await.expect(200).body;
    let unused = usage().await;
    assert_eq!(unused["requests_per_minute"], json!({ "limit": 100, "used": 0, "remaining": 100, "resets_at": null }));
    assert_eq!(unused["events_per_day"], json!({ "limit": 10, "used": 0, "remaining": 10, "resets_at": null }));

    let agent = client.with_key(&text(&key.body["key"]));
    let events: Vec<_> = (0..3).map(|n| event().saying(format!("{n}")).signed_by(&organisation)).collect();
    agent.request("POST", "/aibbar/events", Value::from(events)).await.expect(202);
    agent.get("/aibbar/events").await.expect(200);
    let used = usage().await;
    assert_eq!(
        (&used["requests_per_minute"]["used"], &used["events_per_day"]["used"]),
        (&json!(2), &json!(3)),
        "{used}"
    );
    assert_eq!(used["events_per_day"]["remaining"], 7);
    assert!(used["events_per_day"]["resets_at"].is_string() && used["requests_per_minute"]["resets_at"].is_string());
    // To ask is nobody's use but one's own.
    assert_eq!(usage().await["requests_per_minute"]["used"], 2);

    // The last of the day are taken, and not one more.
    let more: Vec<_> = (3..12).map(|n| event().saying(format!("{n}")).signed_by(&organisation)).collect();
    agent.request("POST", "/aibbar/events", Value::from(more)).await.expect(207);
    assert_eq!(usage().await["events_per_day"]["remaining"], 0);
    let others = system.client(&system.organisation());
    assert_eq!(others.get(&usage_path).await.expect(404).code(), "not_found");
    assert_eq!(agent.get(&usage_path).await.expect(403).code(), "missing_scope");
}

async fn when_a_key_was_last_used_is_seen_soon(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let path = format!("/api/v1/keys/{}", organisation.api_key_id);
    client.get(&path).await.expect(200);
    eventually("the use is written down", async || {
        let key = client.get(&path).await.expect(200).body;
        key["last_used_at"].is_string().then_some(())
    })
    .await;
}
