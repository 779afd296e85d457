//! What is there for the dashboard: that the binary serves it, and the views that people save in it.
#![allow(clippy::unwrap_used, reason = "a test")]

use e2e::{Client, Organisation, Person, Shape, System, eventually, on_both_shapes};
use serde_json::{Value, json};
use uuid::Uuid;

on_both_shapes!(
    a_view_is_saved_changed_and_taken_away,
    what_is_shared_is_seen_by_all_and_changed_by_few,
    another_organisations_views_are_not_there,
    views_are_for_people_who_belong_somewhere,
    what_is_no_view_is_refused,
    views_leave_with_whoever_saved_them,
);

const VIEWS: &str = "/api/v1/views";

async fn person(system: &System, organisation: &Organisation, role: &str) -> Person {
    let email = format!("{role}-{}@example.com", Uuid::new_v4().simple());
    system.person(organisation, &email, role).await
}

/// A view of the page `live` with this name.
fn view(name: &str, shared: bool) -> Value {
    json!({ "name": name, "page": "live", "query": "type=ai.error", "shared": shared })
}

async fn saved(client: &Client, view: Value) -> Value {
    client.request("POST", VIEWS, view).await.expect(201).body
}

fn path_of(view: &Value) -> String {
    format!("{VIEWS}/{}", view["id"].as_str().unwrap())
}

async fn names(client: &Client) -> Vec<String> {
    let views = client.all(VIEWS).await;
    views.iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

async fn a_view_is_saved_changed_and_taken_away(system: &System) {
    let organisation = system.organisation();
    let viewer = person(system, &organisation, "viewer").await;
    let client = &viewer.client;
    let made = saved(client, view("errors", false)).await;
    assert_eq!(made["owner_id"], viewer.id.as_str());
    assert_eq!((&made["shared"], &made["may_change"]), (&json!(false), &json!(true)));
    assert_eq!(client.all("/api/v1/views?page=live").await, std::slice::from_ref(&made));
    assert_eq!(client.all("/api/v1/views?page=audit").await, [] as [Value; 0]);

    let change = json!({ "name": "refunds", "query": "q=refund&from=2026-01-31T12:00:00Z", "shared": true });
    let changed = client.request("PATCH", &path_of(&made), change).await.expect(200).body;
    assert_eq!((&changed["name"], &changed["shared"]), (&json!("refunds"), &json!(true)));
    assert_eq!((&changed["id"], &changed["created_at"]), (&made["id"], &made["created_at"]));
    assert_eq!(client.all(VIEWS).await, [changed]);

    assert_eq!(client.request("POST", VIEWS, view("refunds", false)).await.expect(409).code(), "already_exists");
    let other = saved(client, view("other", false)).await;
    let taken = client.request("PATCH", &path_of(&other), json!({ "name": "refunds" })).await;
    assert_eq!(taken.expect(409).code(), "already_exists");
    saved(client, json!({ "name": "refunds", "page": "audit", "query": "" })).await;

    client.request("DELETE", &path_of(&made), None).await.expect(204);
    client.request("DELETE", &path_of(&made), None).await.expect(404);
    client.request("PATCH", &path_of(&made), json!({})).await.expect(404);
    assert_eq!(names(client).await, ["other", "refunds"]);
}

async fn what_is_shared_is_seen_by_all_and_changed_by_few(system: &System) {
    let organisation = system.organisation();
    let owner = person(system, &organisation, "owner").await;
    let admin = person(system, &organisation, "admin").await;
    let member = person(system, &organisation, "member").await;
    let viewer = person(system, &organisation, "viewer").await;
    let shared = saved(&member.client, view("for all", true)).await;
    let private = saved(&member.client, view("mine alone", false)).await;
    let of_owner = saved(&owner.client, view("the owner's", true)).await;

    for (who, may_change) in [(&viewer, false), (&admin, true), (&owner, true)] {
        let seen = who.client.all(VIEWS).await;
        let seen: Vec<_> = seen.iter().map(|view| (&view["name"], view["may_change"] == true)).collect();
        assert_eq!(seen, [(&json!("for all"), may_change), (&json!("the owner's"), may_change)]);
        for (method, body) in [("PATCH", Some(json!({ "name": "x" }))), ("DELETE", None)] {
            who.client.request(method, &path_of(&private), body).await.expect(404);
        }
    }
    for (who, view) in [(&viewer, &shared), (&viewer, &of_owner), (&member, &of_owner)] {
        for (method, body) in [("PATCH", Some(json!({ "name": "x" }))), ("DELETE", None)] {
            assert_eq!(who.client.request(method, &path_of(view), body).await.expect(403).code(), "role_too_low");
        }
    }
    let renamed = admin.client.request("PATCH", &path_of(&shared), json!({ "name": "better" })).await.expect(200);
    assert_eq!(renamed.body["owner_id"], member.id.as_str());
    owner.client.request("DELETE", &path_of(&shared), None).await.expect(204);
    assert_eq!(names(&member.client).await, ["mine alone", "the owner's"]);

    // The trail tells of what is shared, and of nothing that people keep for themselves.
    let trail = system.client(&organisation).all("/api/v1/audit?action=view").await;
    let told: Vec<_> = trail.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(told, ["view.delete", "view.update", "view.create", "view.create"]);
    assert!(trail.iter().all(|entry| entry["target"]["id"] != private["id"]));
}

async fn another_organisations_views_are_not_there(system: &System) {
    let (ours, theirs) = (system.organisation(), system.organisation());
    let owner = person(system, &ours, "owner").await;
    let stranger = person(system, &theirs, "owner").await;
    let made = saved(&owner.client, view("ours", true)).await;
    assert_eq!(names(&stranger.client).await, [""; 0]);
    stranger.client.request("PATCH", &path_of(&made), json!({ "name": "theirs" })).await.expect(404);
    stranger.client.request("DELETE", &path_of(&made), None).await.expect(404);
    let there = stranger.client.with_header("X-Org-Id", &owner.org_id);
    there.get(VIEWS).await.expect(404);
    there.request("POST", VIEWS, view("theirs", false)).await.expect(404);
    there.request("DELETE", &path_of(&made), None).await.expect(404);
    assert_eq!(owner.client.all(VIEWS).await, [made]);
}

async fn views_are_for_people_who_belong_somewhere(system: &System) {
    let organisation = system.organisation();
    let key = system.client(&organisation);
    assert_eq!(key.get(VIEWS).await.expect(401).code(), "invalid_access_token");
    assert_eq!(key.request("POST", VIEWS, view("a key's", false)).await.expect(401).code(), "invalid_access_token");
    assert_eq!(Client::anonymous(&system.url).get(VIEWS).await.expect(401).code(), "missing_api_key");
    let owner = person(system, &organisation, "owner").await;
    saved(&owner.client, view("for all", true)).await;
    let gone = person(system, &organisation, "viewer").await;
    assert_eq!(names(&gone.client).await, ["for all"]);
    gone.client.request("POST", "/api/v1/organisation/leave", None).await.expect(204);
    // A session is remembered for a moment; what is kept asks whether they belong there.
    assert_ne!(gone.client.request("POST", VIEWS, view("too late", true)).await.status, 201);
    let refused = eventually("they belong nowhere", async || {
        Some(gone.client.get(VIEWS).await).filter(|answer| answer.status != 200)
    });
    assert_eq!(refused.await.expect(403).code(), "no_organisation");
    assert_eq!(names(&owner.client).await, ["for all"]);
}

async fn what_is_no_view_is_refused(system: &System) {
    let client = person(system, &system.organisation(), "member").await.client;
    let whole = view("errors", false);
    let with = |member: &str, value: Value| {
        let mut body = whole.clone();
        body[member] = value;
        body
    };
    for body in [
        json!({}),
        json!({ "name": "errors", "page": "live" }),
        with("name", json!("")),
        with("name", json!(" errors")),
        with("name", json!("x".repeat(101))),
        with("page", json!("Live")),
        with("page", json!("../live")),
        with("query", json!("a b")),
        with("query", json!("<script>")),
        with("query", json!("x".repeat(2_049))),
        with("shared", json!("yes")),
        with("owner_id", json!(Uuid::new_v4())),
    ] {
        assert_eq!(client.request("POST", VIEWS, body.clone()).await.expect(400).code(), "invalid_body", "{body}");
    }
    for query in ["page=Live", "page=", "kind=live", "limit=0"] {
        let answer = client.get(&format!("{VIEWS}?{query}")).await.expect(400);
        assert_eq!(answer.code(), "invalid_parameter", "{query}");
    }
    saved(&client, with("query", json!("x".repeat(2_048)))).await;
    for number in 1..100 {
        saved(&client, view(&format!("view {number}"), false)).await;
    }
    assert_eq!(client.request("POST", VIEWS, view("one more", false)).await.expect(400).code(), "invalid_body");
    assert_eq!(client.all(VIEWS).await.len(), 100);
}

async fn views_leave_with_whoever_saved_them(system: &System) {
    let organisation = system.organisation();
    let owner = person(system, &organisation, "owner").await;
    let member = person(system, &organisation, "member").await;
    saved(&member.client, view("theirs", true)).await;
    saved(&owner.client, view("the owner's", true)).await;
    owner.client.request("DELETE", &format!("/users/{}", member.id), None).await.expect(204);
    assert_eq!(names(&owner.client).await, ["the owner's"]);
    let trail = owner.client.all("/api/v1/audit?action=member.remove").await;
    assert_eq!(trail[0]["detail"]["shared_views_ended"], 1);
}

/// The page that was built with the binary; `make dashboard` makes it.
#[tokio::test(flavor = "multi_thread")]
async fn the_binary_serves_the_dashboard_unless_it_is_told_not_to() {
    const NAVIGATION: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
    let system = System::start(Shape::Embedded);
    let browser = Client::anonymous(&system.url).with_header("Accept", NAVIGATION);
    let page = browser.get("/topics/orders").await;
    assert_eq!(page.status, 200, "is dashboard/dist there? `make dashboard` makes it: {}", page.body);
    assert!(page.headers.contains_key("content-security-policy"));
    let page = page.body.as_str().unwrap().to_owned();
    // Every file that the page names is there, and no part of it needs what the policy forbids.
    let named: Vec<&str> = page.split(['"', '\'']).filter(|text| text.starts_with('/') && text.contains('.')).collect();
    assert!(named.iter().any(|path| path.starts_with("/assets/")), "{page}");
    for path in named {
        let file = browser.get(path).await.expect(200);
        let is_hashed = path.starts_with("/assets/");
        assert_eq!(file.headers["cache-control"].to_str().unwrap().contains("immutable"), is_hashed, "{path}");
    }
    assert!(!page.contains("<style") && !page.contains("<script>") && !page.contains(" style="), "{page}");
    assert!(system.gateway.said().contains("dashboard"), "the banner says where it is");

    let without = System::start_with(Shape::Embedded, &[("GAPIN_DASHBOARD", "off")]);
    let browser = Client::anonymous(&without.url).with_header("Accept", NAVIGATION);
    for path in ["/", "/topics/orders"] {
        assert_eq!(browser.get(path).await.expect(404).code(), "not_found", "{path}");
    }
}
