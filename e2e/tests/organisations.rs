//! Organisations, who belongs to them as what, who is invited, and what each role may.
#![allow(clippy::unwrap_used, reason = "a test")]

use e2e::{Client, Person, Shape, System, on_both_shapes};
use serde_json::{Value, json};
use uuid::Uuid;

/// Nothing but the mail server.
const NO_SETTINGS: &[(&str, &str)] = &[];

on_both_shapes!(with_mail NO_SETTINGS:
    each_role_may_what_the_table_of_routes_says,
    nobody_makes_or_unmakes_somebody_who_may_more,
    the_last_owner_stays,
    ownership_is_handed_over_in_one_step,
    a_member_leaves_and_is_let_out,
    a_person_of_two_organisations_names_the_one_in_use,
    an_invitation_is_good_once_for_whom_it_was_sent_to,
    an_invitation_that_was_replaced_or_withdrawn_is_worth_nothing,
    members_are_read_within_their_organisation,
    settings_are_changed_by_owners,
);

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_nobody_is_invited_and_nothing_is_kept() {
    let system = System::start(Shape::AtScale);
    let client = system.client(&system.organisation());
    let invitation = json!({ "email": "ada@example.com", "role": "member" });
    assert_eq!(client.request("POST", "/users", invitation).await.expect(503).code(), "email_unavailable");
    assert_eq!(client.all("/api/v1/invitations").await, [] as [Value; 0]);
    assert_eq!(client.all("/api/v1/audit?action=invitation").await, [] as [Value; 0]);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("text, not {value}")).to_owned()
}

/// An address that no other test uses.
fn address(name: &str) -> String {
    format!("{name}-{}@example.com", Uuid::new_v4().simple())
}

async fn role_of(client: &Client, person: &Person) -> String {
    text(&client.get(&format!("/users/{}", person.id)).await.expect(200).body["role"])
}

/// Every route that asks for a scope, and the roles that have it. An id that is nobody's tells apart who may ask (404, or
/// 400 for a body that is none) from who may not (403), and changes nothing.
async fn each_role_may_what_the_table_of_routes_says(system: &System) {
    const ALL: &[&str] = &["viewer", "member", "admin", "owner"];
    const ADMINS: &[&str] = &["admin", "owner"];
    const OWNERS: &[&str] = &["owner"];
    const NOBODY: &[&str] = &[];
    let id = Uuid::new_v4();
    let routes: Vec<(&str, String, &[&str], u16)> = vec![
        ("POST", "/aibbar/events".into(), NOBODY, 0),
        ("GET", "/aibbar/events".into(), ALL, 200),
        ("GET", format!("/aibbar/events/{id}"), ALL, 404),
        ("POST", "/api/v1/keys".into(), ADMINS, 400),
        ("GET", "/api/v1/keys".into(), ADMINS, 200),
        ("GET", format!("/api/v1/keys/{id}"), ADMINS, 404),
        ("PATCH", format!("/api/v1/keys/{id}"), ADMINS, 400),
        ("DELETE", format!("/api/v1/keys/{id}"), ADMINS, 404),
        ("POST", format!("/api/v1/keys/{id}/rotate"), ADMINS, 400),
        ("POST", "/api/v1/signing-keys".into(), ADMINS, 400),
        ("GET", "/api/v1/signing-keys".into(), ADMINS, 200),
        ("GET", format!("/api/v1/signing-keys/{id}"), ADMINS, 404),
        ("PATCH", format!("/api/v1/signing-keys/{id}"), ADMINS, 400),
        ("DELETE", format!("/api/v1/signing-keys/{id}"), ADMINS, 404),
        ("POST", format!("/api/v1/signing-keys/{id}/rotate"), ADMINS, 400),
        ("POST", "/api/v1/ai-systems".into(), ADMINS, 400),
        ("GET", "/api/v1/ai-systems".into(), ALL, 200),
        ("GET", format!("/api/v1/ai-systems/{id}"), ALL, 404),
        ("PATCH", format!("/api/v1/ai-systems/{id}"), ADMINS, 400),
        ("DELETE", format!("/api/v1/ai-systems/{id}"), ADMINS, 404),
        ("GET", "/api/v1/organisation".into(), ALL, 200),
        ("PATCH", "/api/v1/organisation".into(), OWNERS, 400),
        ("POST", "/api/v1/organisation/transfer".into(), OWNERS, 400),
        ("POST", "/users".into(), ADMINS, 400),
        ("GET", "/users".into(), ALL, 200),
        ("GET", format!("/users/{id}"), ALL, 404),
        ("PATCH", format!("/users/{id}"), ADMINS, 400),
        ("DELETE", format!("/users/{id}"), ADMINS, 404),
        ("GET", "/api/v1/invitations".into(), ALL, 200),
        ("DELETE", format!("/api/v1/invitations/{id}"), ADMINS, 404),
        ("GET", "/api/v1/audit".into(), ADMINS, 200),
        ("GET", "/api/v1/organisations".into(), ALL, 200),
        ("POST", "/api/v1/organisations".into(), ALL, 400),
        ("POST", "/auth/invitations/accept".into(), ALL, 400),
    ];
    let organisation = system.organisation();
    for role in ALL {
        let person = system.person(&organisation, &address(role), role).await;
        for (method, path, allowed, status) in &routes {
            let body = matches!(*method, "POST" | "PATCH").then(|| json!({ "nothing": "known" }));
            let answer = person.client.request(method, path, body).await;
            if allowed.contains(role) {
                assert_eq!(answer.status, *status, "{role}: {method} {path}: {}", answer.body);
            } else {
                assert_eq!((answer.status, answer.code()), (403, "missing_scope"), "{role}: {method} {path}");
            }
        }
    }
}

async fn nobody_makes_or_unmakes_somebody_who_may_more(system: &System) {
    let organisation = system.organisation();
    let owner = system.person(&organisation, &address("owner"), "owner").await;
    let admin = system.person(&organisation, &address("admin"), "admin").await;
    let viewer = system.person(&organisation, &address("viewer"), "viewer").await;
    let path = |person: &Person| format!("/users/{}", person.id);
    let email = address("new");
    for (method, path, body) in [
        ("PATCH", path(&owner), Some(json!({ "role": "viewer" }))),
        ("DELETE", path(&owner), None),
        ("PATCH", path(&viewer), Some(json!({ "role": "owner" }))),
        ("PATCH", path(&admin), Some(json!({ "role": "owner" }))),
        ("POST", "/users".to_owned(), Some(json!({ "email": email, "role": "owner" }))),
    ] {
        assert_eq!(
            admin.client.request(method, &path, body).await.expect(403).code(),
            "role_too_low",
            "{method} {path}"
        );
    }
    assert_eq!(role_of(&owner.client, &owner).await, "owner");
    // What they are themselves they may make others.
    admin.client.request("PATCH", &path(&viewer), json!({ "role": "admin" })).await.expect(200);
    let changed = owner.client.request("PATCH", &path(&viewer), json!({ "role": "member" })).await.expect(200);
    assert_eq!(changed.body["role"], "member");

    // A key that manages members gives no scope that it does not have.
    let body = json!({ "name": "members", "scopes": ["members:manage", "members:read"] });
    let key = owner.client.request("POST", "/api/v1/keys", body).await.expect(201).body;
    let key = owner.client.with_key(&text(&key["key"]));
    let refused = key.request("PATCH", &path(&viewer), json!({ "role": "admin" })).await.expect(403);
    assert_eq!(refused.code(), "role_too_low");
    // An owner's invitation is an owner's to withdraw.
    let invited = json!({ "email": email, "role": "owner" });
    let invited = owner.client.request("POST", "/users", invited).await.expect(201).body;
    let invitation = format!("/api/v1/invitations/{}", text(&invited["id"]));
    assert_eq!(admin.client.request("DELETE", &invitation, None).await.expect(403).code(), "role_too_low");
    // Neither does it end because an admin invites the same person as less.
    let lower = json!({ "email": email, "role": "viewer" });
    let refused = admin.client.request("POST", "/users", lower).await.expect(403);
    assert_eq!(refused.code(), "role_too_low");
    assert_eq!(owner.client.all("/api/v1/invitations").await, std::slice::from_ref(&invited));
    owner.client.request("DELETE", &invitation, None).await.expect(204);
}

async fn the_last_owner_stays(system: &System) {
    let organisation = system.organisation();
    let owner = system.person(&organisation, &address("owner"), "owner").await;
    let path = format!("/users/{}", owner.id);
    for (method, path, body) in [
        ("PATCH", path.as_str(), Some(json!({ "role": "admin" }))),
        ("DELETE", &path, None),
        ("POST", "/api/v1/organisation/leave", None),
    ] {
        let refused = owner.client.request(method, path, body).await.expect(409);
        assert_eq!(refused.code(), "last_owner", "{method} {path}");
    }
    assert_eq!(role_of(&owner.client, &owner).await, "owner");
    // With another owner there, they may go.
    let other = system.person(&organisation, &address("other"), "owner").await;
    owner.client.request("POST", "/api/v1/organisation/leave", None).await.expect(204);
    other.client.get(&path).await.expect(404);
}

async fn ownership_is_handed_over_in_one_step(system: &System) {
    let organisation = system.organisation();
    let owner = system.person(&organisation, &address("owner"), "owner").await;
    let heir = system.person(&organisation, &address("heir"), "viewer").await;
    let to = |id: &str| json!({ "user_id": id });
    let path = "/api/v1/organisation/transfer";
    // A key may do much, but is nobody who could hand anything over.
    let by_key = system.client(&organisation).request("POST", path, to(&heir.id)).await.expect(403);
    assert_eq!(by_key.code(), "role_too_low");
    owner.client.request("POST", path, to(&Uuid::new_v4().to_string())).await.expect(404);
    owner.client.request("POST", path, to(&owner.id)).await.expect(204);
    assert_eq!(role_of(&owner.client, &owner).await, "owner");

    owner.client.request("POST", path, to(&heir.id)).await.expect(204);
    let roles =
        (role_of(&system.client(&organisation), &owner).await, role_of(&system.client(&organisation), &heir).await);
    assert_eq!(roles, ("admin".to_owned(), "owner".to_owned()));
    // What the old owner may has changed with it, within the moment for which a session is remembered.
    e2e::eventually("the old owner is an admin everywhere", async || {
        let answer = owner.client.request("POST", path, to(&owner.id)).await;
        (answer.code() == "missing_scope").then_some(())
    })
    .await;
}

async fn a_member_leaves_and_is_let_out(system: &System) {
    let organisation = system.organisation();
    let owner = system.person(&organisation, &address("owner"), "owner").await;
    let leaver = system.person(&organisation, &address("leaver"), "viewer").await;
    let removed = system.person(&organisation, &address("removed"), "member").await;
    leaver.client.request("POST", "/api/v1/organisation/leave", None).await.expect(204);
    owner.client.request("DELETE", &format!("/users/{}", removed.id), None).await.expect(204);
    for gone in [&leaver, &removed] {
        owner.client.get(&format!("/users/{}", gone.id)).await.expect(404);
        let refused = e2e::eventually("nothing is open to them any more", async || {
            Some(gone.client.get("/aibbar/events").await).filter(|answer| answer.status != 200)
        })
        .await;
        assert_eq!((refused.status, refused.code()), (403, "no_organisation"));
        // They are somebody still, in no organisation; they may make their own.
        assert_eq!(gone.client.all("/api/v1/organisations").await, [] as [Value; 0]);
        let name = format!("own-{}", Uuid::new_v4().simple());
        let made = gone.client.request("POST", "/api/v1/organisations", json!({ "name": name })).await.expect(201).body;
        assert_eq!((&made["name"], &made["role"]), (&json!(name), &json!("owner")));
        let there = gone.client.with_header("X-Org-Id", &text(&made["id"]));
        assert_eq!(there.all("/users").await.len(), 1);
    }
    let key = system.client(&organisation).request("POST", "/api/v1/organisation/leave", None).await.expect(403);
    assert_eq!(key.code(), "role_too_low");
}

async fn a_person_of_two_organisations_names_the_one_in_use(system: &System) {
    let (first, other) = (system.organisation(), system.organisation());
    let person = system.person(&first, &address("both"), "viewer").await;
    let name = format!("second-{}", Uuid::new_v4().simple());
    let second = person.client.request("POST", "/api/v1/organisations", json!({ "name": name })).await.expect(201).body;
    let taken = person.client.request("POST", "/api/v1/organisations", json!({ "name": name })).await.expect(409);
    assert_eq!(taken.code(), "already_exists");

    // The first stays in use; the header names the other, where they may more.
    assert_eq!(person.client.get("/api/v1/organisation").await.expect(200).body["name"], json!(first.name));
    let there = person.client.with_header("X-Org-Id", &text(&second["id"]));
    assert_eq!(there.get("/api/v1/organisation").await.expect(200).body["name"], json!(name));
    there.get("/api/v1/audit").await.expect(200);
    person.client.get("/api/v1/audit").await.expect(403);
    let mine = person.client.all("/api/v1/organisations").await;
    let mut roles: Vec<_> = mine.iter().map(|own| (text(&own["name"]), text(&own["role"]))).collect();
    roles.sort();
    assert_eq!(roles, [(first.name.clone(), "viewer".to_owned()), (name, "owner".to_owned())]);

    // Where they do not belong there is nothing, and a key is at home in one.
    let elsewhere = system.client(&other).get("/api/v1/organisation").await.expect(200).body["id"].clone();
    let stranger = person.client.with_header("X-Org-Id", &text(&elsewhere));
    assert_eq!(stranger.get("/api/v1/organisation").await.expect(404).code(), "not_found");
    let key = system.client(&first).with_header("X-Org-Id", &text(&elsewhere));
    assert_eq!(key.get("/api/v1/organisation").await.expect(404).code(), "not_found");
    let wrong = person.client.with_header("X-Org-Id", "mine").get("/api/v1/organisation").await.expect(400);
    assert_eq!(wrong.code(), "invalid_parameter");
}

async fn an_invitation_is_good_once_for_whom_it_was_sent_to(system: &System) {
    let organisation = system.organisation();
    let owner = system.person(&organisation, &address("owner"), "owner").await;
    let elsewhere = system.organisation();
    let email = address("invited");
    let invited = system.person(&elsewhere, &email, "viewer").await;
    let other = system.person(&elsewhere, &address("other"), "viewer").await;

    let upper = email.to_uppercase();
    let invitation =
        owner.client.request("POST", "/users", json!({ "email": upper, "role": "member" })).await.expect(201);
    assert_eq!((&invitation.body["email"], &invitation.body["role"]), (&json!(email), &json!("member")));
    assert_eq!(owner.client.all("/api/v1/invitations").await, std::slice::from_ref(&invitation.body));
    let letter = system.mailbox(&email).letter(1).await;
    let token = letter.token();
    assert!(letter.text.contains(&organisation.name), "{}", letter.text);
    assert!(token.starts_with("iv_") && !invitation.body.to_string().contains(&token));

    let accept = async |person: &Person| {
        person.client.request("POST", "/auth/invitations/accept", json!({ "token": token })).await
    };
    assert_eq!(accept(&other).await.expect(400).code(), "invalid_one_time_token");
    let joined = accept(&invited).await.expect(200).body;
    assert_eq!((&joined["name"], &joined["role"]), (&json!(organisation.name), &json!("member")));
    assert_eq!(accept(&invited).await.expect(400).code(), "invalid_one_time_token");
    assert_eq!(role_of(&owner.client, &invited).await, "member");
    assert_eq!(owner.client.all("/api/v1/invitations").await, [] as [Value; 0]);
    let there = invited.client.with_header("X-Org-Id", &owner.org_id);
    there.get("/users").await.expect(200);

    let again = json!({ "email": email, "role": "viewer" });
    assert_eq!(owner.client.request("POST", "/users", again).await.expect(409).code(), "already_exists");
    let told = owner.client.all("/api/v1/audit?action=member.join").await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["actor"]["name"], &told[0]["target"]["id"]), (&json!(email), &json!(invited.id)));
}

async fn an_invitation_that_was_replaced_or_withdrawn_is_worth_nothing(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let email = address("twice");
    let person = system.person(&system.organisation(), &email, "viewer").await;
    let invite = async |role: &str| {
        client.request("POST", "/users", json!({ "email": email, "role": role })).await.expect(201).body
    };
    let accept = async |token: String| {
        person.client.request("POST", "/auth/invitations/accept", json!({ "token": token })).await
    };
    invite("viewer").await;
    let first = system.mailbox(&email).letter(1).await.token();
    let second = invite("member").await;
    let second_token = system.mailbox(&email).letter(2).await.token();
    assert_eq!(accept(first).await.expect(400).code(), "invalid_one_time_token");
    assert_eq!(client.all("/api/v1/invitations").await, std::slice::from_ref(&second));

    let path = format!("/api/v1/invitations/{}", text(&second["id"]));
    system.client(&system.organisation()).request("DELETE", &path, None).await.expect(404);
    client.request("DELETE", &path, None).await.expect(204);
    client.request("DELETE", &path, None).await.expect(404);
    assert_eq!(accept(second_token).await.expect(400).code(), "invalid_one_time_token");
    for token in ["", "iv_", "iv_0123456789012345678901234567890123456789012"] {
        accept(token.to_owned()).await.expect(400);
    }
    for body in [json!({ "email": "ada", "role": "member" }), json!({ "email": email, "role": "root" })] {
        assert_eq!(client.request("POST", "/users", body).await.expect(400).code(), "invalid_body");
    }
}

async fn members_are_read_within_their_organisation(system: &System) {
    let organisation = system.organisation();
    let owner = system.person(&organisation, &address("owner"), "owner").await;
    let viewer = system.person(&organisation, &address("viewer"), "viewer").await;
    let stranger = system.person(&system.organisation(), &address("stranger"), "owner").await;
    let mut ids = [text(&json!(owner.id)), text(&json!(viewer.id))];
    ids.sort();
    let members = viewer.client.all("/users").await;
    assert_eq!(members.iter().map(|member| text(&member["id"])).collect::<Vec<_>>(), ids);
    let first = viewer.client.get("/users?limit=1").await.expect(200).body;
    let next = format!("/users?limit=1&cursor={}", text(&first["next_cursor"]));
    let second = viewer.client.get(&next).await.expect(200).body;
    assert_eq!([&first["items"][0]["id"], &second["items"][0]["id"]], [&json!(ids[0]), &json!(ids[1])]);
    assert_eq!(second["next_cursor"], Value::Null);

    let path = format!("/users/{}", owner.id);
    stranger.client.get(&path).await.expect(404);
    stranger.client.request("PATCH", &path, json!({ "role": "viewer" })).await.expect(404);
    stranger.client.request("DELETE", &path, None).await.expect(404);
    let transfer = json!({ "user_id": owner.id });
    stranger.client.request("POST", "/api/v1/organisation/transfer", transfer).await.expect(404);
    assert!(!stranger.client.all("/users").await.iter().any(|member| member["id"] == json!(owner.id)));
}

async fn settings_are_changed_by_owners(system: &System) {
    let organisation = system.organisation();
    let owner = system.person(&organisation, &address("owner"), "owner").await;
    let path = "/api/v1/organisation";
    let before = owner.client.get(path).await.expect(200).body;
    assert_eq!((&before["name"], &before["plan"]), (&json!(organisation.name), &json!("default")));
    let name = format!("renamed-{}", Uuid::new_v4().simple());
    let after = owner.client.request("PATCH", path, json!({ "name": name })).await.expect(200).body;
    assert_eq!((&after["name"], &after["id"]), (&json!(name), &before["id"]));
    let other = system.organisation();
    let taken = owner.client.request("PATCH", path, json!({ "name": other.name })).await.expect(409);
    assert_eq!(taken.code(), "already_exists");
    // The plan is the operator's.
    let refused = owner.client.request("PATCH", path, json!({ "plan": "large" })).await.expect(400);
    assert_eq!(refused.body["errors"][0]["code"], "unknown_field");

    let listed = system.run(&["orgs", "list", "--json"]).succeeded().stdout;
    assert!(listed.lines().any(|line| line.contains(&name)), "{listed}");
    let set = system.run(&["orgs", "settings", &name, "--registered-systems-only", "true"]).succeeded().json();
    assert_eq!(set["registered_systems_only"], true);
    assert_eq!(owner.client.get(path).await.expect(200).body["registered_systems_only"], true);
    assert!(!system.run(&["orgs", "set-plan", &name, "no-such-plan"]).status.success());
    let told = owner.client.all("/api/v1/audit?action=organisation.update").await;
    let actors: Vec<_> = told.iter().map(|entry| text(&entry["actor"]["kind"])).collect();
    assert_eq!(actors, ["operator", "user"]);
}
