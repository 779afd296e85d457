//! People: how they come in, stay in, and are let out; what strangers learn of them, which is nothing.
#![allow(clippy::unwrap_used, reason = "a test")]

mod browser;

use std::sync::atomic::{AtomicU32, Ordering};

use e2e::{Answer, Client, Shape, System, bytes_under, eventually, on_both_shapes};
use serde_json::{Value, json};

use crate::browser::{
    a_browser_gets_cookies_and_only_our_own_pages_may_use_them, a_refresh_token_is_enough_to_sign_out,
};

const PASSWORD: &str = "a quiet harbour";

on_both_shapes!(with_mail BEHIND_A_PROXY:
    a_stranger_registers_confirms_the_address_and_is_somebody,
    a_refresh_token_is_good_once_and_a_used_one_ends_the_session,
    signing_out_ends_this_session_or_all_of_them,
    a_refresh_token_is_enough_to_sign_out,
    a_forgotten_password_is_replaced_and_every_session_ends,
    a_password_is_changed_by_who_knows_it,
    sessions_are_listed_with_their_devices_and_ended_one_by_one,
    failed_sign_ins_wait_longer_and_longer_whether_or_not_there_is_such_an_account,
    a_browser_gets_cookies_and_only_our_own_pages_may_use_them,
    an_operator_makes_people_and_resets_passwords,
    a_second_registration_of_an_address_takes_over_no_unconfirmed_account,
    what_a_stranger_called_an_account_goes_when_the_owner_of_the_address_comes,
    an_invited_stranger_registers_and_is_a_member_at_once,
    an_email_that_is_refused_for_now_is_sent_again,
    an_access_token_is_nobodys_but_ours_to_make,
    bad_input_is_told_all_at_once,
);

/// Somebody with an address of their own, behind a proxy that is trusted: failed sign-ins are counted by address.
fn anonymous(system: &System) -> Client {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let [_, _, high, low] = LAST.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Client::anonymous(&system.url).with_header("x-forwarded-for", &format!("198.18.{high}.{low}"))
}

const BEHIND_A_PROXY: &[(&str, &str)] = &[("GAPIN_TRUSTED_PROXIES", "127.0.0.0/8")];

fn registration(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "name": "Ada Lovelace" })
}

async fn login(client: &Client, email: &str, password: &str) -> Answer {
    client.post_json("/auth/login", json!({ "email": email, "password": password })).await
}

fn token(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", answer.body)).to_owned()
}

/// Somebody who has registered and confirmed the address; how they are signed in.
async fn somebody(system: &System, email: &str) -> Answer {
    let client = anonymous(system);
    client.post_json("/auth/register", registration(email)).await.expect(202);
    let link = system.mailbox(email).letter(1).await.token();
    client.post_json("/auth/verify-email", json!({ "token": link })).await.expect(200)
}

fn as_somebody(system: &System, signed_in: &Answer) -> Client {
    anonymous(system).with_key(&token(signed_in, "access_token"))
}

async fn a_stranger_registers_confirms_the_address_and_is_somebody(system: &System) {
    let (client, email) = (anonymous(system), "stranger@example.com");
    client.post_json("/auth/register", registration("Stranger@Example.com")).await.expect(202);
    let letter = system.mailbox(email).letter(1).await;
    assert!(letter.html.contains(&letter.token()), "{}", letter.html);
    assert_eq!(letter.headers["from"], "GAPIN <gapin@example.com>");
    assert!(letter.text.contains(&format!("{}/verify-email?token=", system.url)), "{}", letter.text);

    let link = json!({ "token": letter.token() });
    let signed_in = client.post_json("/auth/verify-email", link.clone()).await.expect(200);
    assert_eq!(signed_in.body["token_type"], "Bearer");
    assert_eq!(signed_in.headers["cache-control"], "no-store");
    assert_eq!(client.post_json("/auth/verify-email", link).await.expect(400).code(), "invalid_one_time_token");

    let ada = as_somebody(system, &signed_in);
    let me = ada.get("/me").await.expect(200).body;
    assert_eq!(me["user"]["email"], email);
    assert_eq!(me["user"]["email_verified"], true);
    assert_eq!(me["password_change_required"], false);
    assert_eq!(me["organisation"]["role"], "owner");
    assert_eq!(me["organisations"], json!([me["organisation"]]));
    let renamed = ada.request("PATCH", "/me", json!({ "name": "Ada King" })).await.expect(200).body;
    assert_eq!(renamed["user"]["name"], "Ada King");
    let used = json!({ "org_id": me["organisation"]["id"] });
    ada.post_json("/me/organisation", used).await.expect(200);
    let of_another = json!({ "org_id": "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b" });
    assert_eq!(ada.post_json("/me/organisation", of_another).await.expect(404).code(), "not_found");

    // A person may what their role allows, and does not record events.
    ada.get("/aibbar/events").await.expect(200);
    assert_eq!(ada.publish(&json!({})).await.expect(403).code(), "missing_scope");
    login(&client, "STRANGER@example.com", PASSWORD).await.expect(200);
}

async fn a_refresh_token_is_good_once_and_a_used_one_ends_the_session(system: &System) {
    let client = anonymous(system);
    let first = somebody(system, "refresh@example.com").await;
    let refresh = async |token: &str| client.post_json("/auth/refresh", json!({ "refresh_token": token })).await;

    let second = refresh(&token(&first, "refresh_token")).await.expect(200);
    assert_ne!(token(&first, "refresh_token"), token(&second, "refresh_token"));
    as_somebody(system, &second).get("/me").await.expect(200);
    // Two tabs may have asked at the same moment: for some seconds the first token is taken once more.
    let beside = refresh(&token(&first, "refresh_token")).await.expect(200);
    as_somebody(system, &beside).get("/me").await.expect(200);

    // A few times at most, and then none is given, which alone ends nothing.
    let reused = eventually("the grace is over", async || {
        let answer = refresh(&token(&first, "refresh_token")).await;
        let has_ended = as_somebody(system, &second).get("/me").await.status == 401;
        has_ended.then_some(answer)
    })
    .await
    .expect(401);
    assert_eq!(reused.code(), "invalid_refresh_token");
    // Whoever has the newest token may be the thief: the whole family is ended.
    for answer in [&second, &beside] {
        assert_eq!(refresh(&token(answer, "refresh_token")).await.expect(401).code(), "invalid_refresh_token");
        let refused = as_somebody(system, answer).get("/me").await.expect(401);
        assert_eq!(refused.code(), "invalid_access_token");
    }
    let unknown = refresh("rt_0123456789012345678901234567890123456789012").await.expect(401);
    assert_eq!(unknown.code(), "invalid_refresh_token");
}

async fn signing_out_ends_this_session_or_all_of_them(system: &System) {
    let (client, email) = (anonymous(system), "logout@example.com");
    let first = somebody(system, email).await;
    let second = login(&client, email, PASSWORD).await.expect(200);
    let third = login(&client, email, PASSWORD).await.expect(200);

    as_somebody(system, &first).request("POST", "/auth/logout", None).await.expect(204);
    assert_eq!(as_somebody(system, &first).get("/me").await.expect(401).code(), "invalid_access_token");
    let gone = json!({ "refresh_token": token(&first, "refresh_token") });
    client.post_json("/auth/refresh", gone).await.expect(401);
    as_somebody(system, &second).get("/me").await.expect(200);

    as_somebody(system, &second).request("POST", "/auth/logout-all", None).await.expect(204);
    for answer in [&second, &third] {
        as_somebody(system, answer).get("/me").await.expect(401);
        let gone = json!({ "refresh_token": token(answer, "refresh_token") });
        client.post_json("/auth/refresh", gone).await.expect(401);
    }
}

async fn a_forgotten_password_is_replaced_and_every_session_ends(system: &System) {
    let (client, email) = (anonymous(system), "forgot@example.com");
    let signed_in = somebody(system, email).await;
    client.post_json("/auth/password/forgot", json!({ "email": email })).await.expect(202);
    let link = system.mailbox(email).letter(2).await.token();

    let weak = json!({ "token": link, "password": email });
    assert_eq!(client.post_json("/auth/password/reset", weak).await.expect(400).code(), "invalid_body");
    let reset = json!({ "token": link, "password": "a louder harbour" });
    client.post_json("/auth/password/reset", reset.clone()).await.expect(204);
    assert_eq!(client.post_json("/auth/password/reset", reset).await.expect(400).code(), "invalid_one_time_token");

    assert_eq!(login(&client, email, PASSWORD).await.expect(401).code(), "invalid_credentials");
    login(&client, email, "a louder harbour").await.expect(200);
    let refused = json!({ "refresh_token": token(&signed_in, "refresh_token") });
    client.post_json("/auth/refresh", refused).await.expect(401);
    eventually("the session has ended", async || {
        (as_somebody(system, &signed_in).get("/me").await.status == 401).then_some(())
    })
    .await;
    let told = system.mailbox(email).letter(3).await;
    assert_eq!(told.subject, "Your password was changed");
}

async fn a_password_is_changed_by_who_knows_it(system: &System) {
    let (client, email) = (anonymous(system), "change@example.com");
    let other = somebody(system, email).await;
    let signed_in = login(&client, email, PASSWORD).await.expect(200);
    let ada = as_somebody(system, &signed_in);
    let change = |current: &str, password: &str| json!({ "current": current, "password": password });

    let wrong = ada.post_json("/me/password", change("a wrong harbour", "a louder harbour")).await.expect(401);
    assert_eq!(wrong.code(), "invalid_credentials");
    for weak in ["password123", email, PASSWORD, "Ada Lovelace"] {
        let refused = ada.post_json("/me/password", change(PASSWORD, weak)).await.expect(400);
        assert_eq!(refused.body["errors"][0]["pointer"], "/password", "{weak}: {}", refused.body);
    }
    ada.post_json("/me/password", change(PASSWORD, "a louder harbour")).await.expect(204);
    ada.get("/me").await.expect(200);
    eventually("the other session has ended", async || {
        (as_somebody(system, &other).get("/me").await.status == 401).then_some(())
    })
    .await;
    login(&client, email, "a louder harbour").await.expect(200);
}

async fn sessions_are_listed_with_their_devices_and_ended_one_by_one(system: &System) {
    let email = "devices@example.com";
    somebody(system, email).await;
    let phone = login(&anonymous(system).with_header("User-Agent", "a phone"), email, PASSWORD).await.expect(200);
    let laptop = login(&anonymous(system).with_header("User-Agent", "a laptop"), email, PASSWORD).await.expect(200);
    let ada = as_somebody(system, &laptop);

    let sessions = ada.get("/me/sessions").await.expect(200).body;
    let sessions = sessions["items"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 3, "{sessions:?}");
    let of = |device: &str| sessions.iter().find(|session| session["user_agent"] == device).unwrap();
    assert_eq!(of("a laptop")["is_current"], true);
    assert_eq!(of("a phone")["is_current"], false);
    assert!(of("a phone")["address"].as_str().unwrap().starts_with("198.18."), "the client's and not the proxy's");
    for time in ["created_at", "last_seen_at", "expires_at"] {
        assert!(of("a phone")[time].as_str().unwrap().ends_with('Z'), "{}", of("a phone"));
    }

    let path = format!("/me/sessions/{}", of("a phone")["id"].as_str().unwrap());
    let eve = as_somebody(system, &somebody(system, "eve-of-devices@example.com").await);
    assert_eq!(eve.request("DELETE", &path, None).await.expect(404).code(), "not_found");
    as_somebody(system, &phone).get("/me").await.expect(200);
    ada.request("DELETE", &path, None).await.expect(204);
    as_somebody(system, &phone).get("/me").await.expect(401);
    ada.request("DELETE", &path, None).await.expect(404);
    assert_eq!(ada.request("DELETE", "/me/sessions/none", None).await.expect(404).code(), "not_found");
    assert_eq!(ada.get("/me/sessions").await.body["items"].as_array().unwrap().len(), 2);
}

async fn failed_sign_ins_wait_longer_and_longer_whether_or_not_there_is_such_an_account(system: &System) {
    let client = anonymous(system);
    somebody(system, "delayed@example.com").await;
    for email in ["delayed@example.com", "nobody-at-all@example.com"] {
        // The first delay is of a second, and each failure after it doubles the next one. A password may take longer
        // to be looked at than a short delay lasts: those are over before anybody is refused.
        let refused = eventually("delays that have grown", async || {
            let answer = login(&client, email, "a wrong harbour").await;
            (answer.status != 401 && retry_after_seconds(&answer) > 2).then_some(answer)
        })
        .await
        .expect(429);
        assert_eq!(refused.code(), "too_many_attempts");
        assert!(retry_after_seconds(&refused) <= 16, "{:?}", refused.headers);
        // Not even the right password is looked at.
        assert_eq!(login(&client, email, PASSWORD).await.expect(429).code(), "too_many_attempts");
    }
    let another = somebody(system, "not-delayed@example.com").await;
    as_somebody(system, &another).get("/me").await.expect(200);
}

fn retry_after_seconds(answer: &Answer) -> u32 {
    answer.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

async fn an_operator_makes_people_and_resets_passwords(system: &System) {
    let (client, email) = (anonymous(system), "made@example.com");
    let create = ["users", "create", "--email", email, "--org", "makers", "--role", "admin", "--json"];
    let made = system.run(&create).succeeded().json();
    let password = made["one_time_password"].as_str().unwrap();
    let signed_in = login(&client, email, password).await.expect(200);
    assert_eq!(signed_in.body["password_change_required"], true);
    assert_eq!(signed_in.body["organisation"]["name"], "makers");
    assert_eq!(signed_in.body["organisation"]["role"], "admin");
    assert!(!system.run(&create).status.success());

    let change = json!({ "current": password, "password": PASSWORD });
    as_somebody(system, &signed_in).post_json("/me/password", change).await.expect(204);
    assert_eq!(login(&client, email, PASSWORD).await.expect(200).body["password_change_required"], false);

    let reset = system.run(&["users", "reset-password", "--email", email]).succeeded();
    let new_password = reset.stdout.trim();
    assert_ne!(new_password, password);
    login(&client, email, PASSWORD).await.expect(401);
    assert_eq!(login(&client, email, new_password).await.expect(200).body["password_change_required"], true);
    assert!(!system.run(&["users", "reset-password", "--email", "none@example.com"]).status.success());
}

async fn a_second_registration_of_an_address_takes_over_no_unconfirmed_account(system: &System) {
    let (client, email) = (anonymous(system), "hijacked@example.com");
    // Eve registers with Ada's address and waits for Ada to confirm it.
    let of_eve = json!({ "email": email, "password": "known to eve alone", "name": "Ada" });
    client.post_json("/auth/register", of_eve).await.expect(202);
    system.mailbox(email).letter(1).await;
    // The same again is the same person.
    let again = json!({ "email": email, "password": "known to eve alone", "name": "Ada" });
    client.post_json("/auth/register", again).await.expect(202);
    let by_eve = system.mailbox(email).letter(2).await;
    assert_eq!(by_eve.subject, "Confirm your e-mail address");

    client.post_json("/auth/register", registration(email)).await.expect(202);
    let letter = system.mailbox(email).letter(3).await;
    assert_eq!(letter.subject, "Set a new password");
    client.post_json("/auth/verify-email", json!({ "token": by_eve.token() })).await.expect(200);
    assert_eq!(login(&client, email, "known to eve alone").await.expect(401).code(), "invalid_credentials");
    let reset = json!({ "token": letter.token(), "password": PASSWORD });
    client.post_json("/auth/password/reset", reset).await.expect(204);
    login(&client, email, PASSWORD).await.expect(200);
}

async fn what_a_stranger_called_an_account_goes_when_the_owner_of_the_address_comes(system: &System) {
    let client = anonymous(system);
    let registered = async |email: &str| {
        let by_mallory = json!({ "email": email, "password": "known to mallory alone", "name": "Mallory" });
        client.post_json("/auth/register", by_mallory).await.expect(202);
        system.mailbox(email).letter(1).await;
    };

    let email = "renamed@example.com";
    registered(email).await;
    client.post_json("/auth/password/forgot", json!({ "email": email })).await.expect(202);
    let reset = json!({ "token": system.mailbox(email).letter(2).await.token(), "password": PASSWORD });
    client.post_json("/auth/password/reset", reset).await.expect(204);
    login(&client, email, "known to mallory alone").await.expect(401);
    let owner = login(&client, email, PASSWORD).await.expect(200);
    assert_eq!(owner.body["user"]["name"], "renamed");
    let organisation = owner.body["organisation"]["name"].as_str().unwrap();
    assert!(organisation.starts_with("renamed "), "{organisation}");

    let email = "renamed-by-invitation@example.com";
    registered(email).await;
    let invitation = json!({ "email": email, "role": "viewer" });
    as_somebody(system, &owner).post_json("/users", invitation).await.expect(201);
    let mut invited = registration(email);
    invited["invitation"] = json!(system.mailbox(email).letter(2).await.token());
    let signed_in = client.post_json("/auth/register", invited).await.expect(200);
    assert_eq!(signed_in.body["user"]["name"], "Ada Lovelace");
    login(&client, email, "known to mallory alone").await.expect(401);
}

async fn an_invited_stranger_registers_and_is_a_member_at_once(system: &System) {
    let (client, email) = (anonymous(system), "invited@example.com");
    let owner = somebody(system, "inviting@example.com").await;
    let invitation = json!({ "email": email, "role": "viewer" });
    as_somebody(system, &owner).post_json("/users", invitation).await.expect(201);
    let link = system.mailbox(email).letter(1).await.token();
    let with_link = |email: &str| {
        let mut registration = registration(email);
        registration["invitation"] = json!(link);
        registration
    };

    // The link is worth nothing to another address.
    let refused = client.post_json("/auth/register", with_link("eve@example.com")).await.expect(400);
    assert_eq!(refused.code(), "invalid_one_time_token");
    let signed_in = client.post_json("/auth/register", with_link(email)).await.expect(200);
    assert_eq!(signed_in.body["user"]["email_verified"], true);
    assert_eq!(signed_in.body["organisation"]["id"], owner.body["organisation"]["id"]);
    assert_eq!(signed_in.body["organisation"]["role"], "viewer");
    client.post_json("/auth/register", with_link(email)).await.expect(400);
    login(&client, email, PASSWORD).await.expect(200);
}

async fn an_email_that_is_refused_for_now_is_sent_again(system: &System) {
    somebody(system, "later-this-day@example.com").await;
}

async fn an_access_token_is_nobodys_but_ours_to_make(system: &System) {
    let signed_in = somebody(system, "token@example.com").await;
    let good = token(&signed_in, "access_token");
    let [header, claims, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    // {"alg":"none","typ":"JWT"}
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
    let changed = format!("{header}.{}x.{signature}", &claims[..claims.len() - 1]);
    for bad in [unsigned.as_str(), &changed, "a.b.c", "..", &format!("{good}x")] {
        let refused = anonymous(system).with_key(bad).get("/me").await.expect(401);
        assert_eq!(refused.code(), "invalid_access_token", "{bad}");
    }
    // A person's routes are no program's.
    let organisation = system.organisation();
    assert_eq!(system.client(&organisation).get("/me").await.expect(401).code(), "invalid_access_token");
}

async fn bad_input_is_told_all_at_once(system: &System) {
    let bad = json!({ "email": "ada", "password": "short", "name": "", "colour": "red" });
    let refused = anonymous(system).post_json("/auth/register", bad).await.expect(400);
    assert_eq!(refused.code(), "invalid_body");
    let faults = refused.body["errors"].as_array().unwrap();
    let pointers: Vec<&str> = faults.iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/colour", "/email", "/name", "/password"], "{}", refused.body);

    let weak = json!({ "email": "ada@example.com", "password": "password123", "name": "Ada" });
    let refused = anonymous(system).post_json("/auth/register", weak).await.expect(400);
    assert_eq!(refused.body["errors"][0]["code"], "weak_password");
    anonymous(system).get("/me").await.expect(401);
    let injected = json!({ "email": "a@example.com\r\nBcc: eve@example.com", "password": PASSWORD, "name": "Ada" });
    anonymous(system).post_json("/auth/register", injected).await.expect(400);
}

/// What is asked for in both cases, but for what tells one request from another.
fn words(answer: Answer) -> (u16, Value) {
    let mut body = answer.body;
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
    }
    (answer.status, body)
}

async fn password_hashes(system: &System) -> u64 {
    let metrics = anonymous(system).text_at(&system.metrics_urls().next().unwrap()).await;
    let line = metrics.lines().find_map(|line| line.strip_prefix("gapin_password_hashes_total ")).unwrap();
    line.parse().unwrap()
}

async fn no_answer_tells_whether_an_address_has_an_account(shape: Shape) {
    let system = System::start_with_mail(shape, BEHIND_A_PROXY);
    let (client, known, unknown) = (anonymous(&system), "known@example.com", "unknown@example.com");
    somebody(&system, known).await;
    client.post_json("/auth/register", registration("unconfirmed@example.com")).await.expect(202);
    system.mailbox("unconfirmed@example.com").letter(1).await;

    let mut before = password_hashes(&system).await;
    let mut hashes_since = async || {
        let now = password_hashes(&system).await;
        let since = now - before;
        before = now;
        since
    };
    let mut check = async |path: &str, bodies: Vec<Value>, expected_hashes: u64| {
        let mut told = Vec::new();
        for body in bodies {
            told.push(words(client.post_json(path, body).await));
            assert_eq!(hashes_since().await, expected_hashes, "{path}");
        }
        assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{path}: {told:?}");
    };
    check("/auth/register", vec![registration(known), registration(unknown)], 1).await;
    let wrong = |email: &str| json!({ "email": email, "password": "a wrong harbour" });
    let right = json!({ "email": "unconfirmed@example.com", "password": PASSWORD });
    let nobody = "nobody@example.com";
    check("/auth/login", vec![wrong(known), wrong(nobody), wrong("unconfirmed@example.com"), right], 1).await;
    let forgot = |email: &str| json!({ "email": email });
    check("/auth/password/forgot", vec![forgot(known), forgot(nobody)], 0).await;
    let made_up = |token: &str| json!({ "token": token, "password": "a louder harbour" });
    check("/auth/password/reset", vec![made_up("pr_made_up"), made_up("pr_made_up_too")], 0).await;

    // Who owns the address learns all of it.
    let letters = eventually("both letters to the known address", async || {
        Some(system.mailbox(known).letters()).filter(|letters| letters.len() >= 3)
    })
    .await;
    let mut subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["Confirm your e-mail address", "Set a new password", "You have an account already"]);
    assert_eq!(system.mailbox("unconfirmed@example.com").letter(2).await.subject, "Confirm your e-mail address");
    assert!(system.mailbox(nobody).letters().is_empty());

    // What passed through the system is nowhere to be read.
    let signed_in = login(&client, known, PASSWORD).await.expect(200);
    let link = system.mailbox(unknown).letter(1).await.token();
    let mut kept = system.gateway.said().into_bytes();
    if system.shape == Shape::Embedded {
        kept.extend(bytes_under(&system.data_dir()));
    }
    if let Some(services) = &system.services {
        for table in ["users", "sessions", "refresh_tokens", "one_time_tokens", "login_attempts", "audit_entries"] {
            kept.extend(services.sql(&format!("SELECT t::text FROM {table} t")).into_bytes());
        }
    }
    for secret in [PASSWORD, "a wrong harbour", &token(&signed_in, "refresh_token"), &link] {
        let is_there = kept.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!is_there, "{secret:?} can be read");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_tells_whether_an_address_has_an_account_embedded() {
    no_answer_tells_whether_an_address_has_an_account(Shape::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_tells_whether_an_address_has_an_account_at_scale() {
    no_answer_tells_whether_an_address_has_an_account(Shape::AtScale).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_owner_is_told_a_password_once_and_without_smtp_links_are_in_the_log() {
    let mut system = System::embedded();
    let told = |system: &System| -> Vec<String> {
        let said = system.gateway.said();
        let after = said.split("one-time password ").skip(1);
        after.map(|text| text.split_whitespace().next().unwrap().to_owned()).collect()
    };
    let passwords = eventually("the owner is told", async || Some(told(&system)).filter(|told| !told.is_empty())).await;
    let [password] = passwords.try_into().unwrap();
    let signed_in = login(&anonymous(&system), "owner@localhost", &password).await.expect(200);
    assert_eq!(signed_in.body["password_change_required"], true);
    assert_eq!(signed_in.body["organisation"]["name"], "dev");
    assert_eq!(signed_in.body["organisation"]["role"], "owner");
    let kept = bytes_under(&system.data_dir());
    assert!(!kept.windows(password.len()).any(|window| window == password.as_bytes()), "the password is in a file");

    anonymous(&system).post_json("/auth/register", registration("local@example.com")).await.expect(202);
    let link = eventually("the link is in the log", async || {
        let said = system.gateway.said();
        let (_, rest) = said.split_once("/verify-email?token=")?;
        Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>())
    })
    .await;
    anonymous(&system).post_json("/auth/verify-email", json!({ "token": link })).await.expect(200);

    system.gateway.stop();
    system.gateway.start_again();
    assert_eq!(told(&system).len(), 1, "it is told once");
    login(&anonymous(&system), "owner@localhost", &password).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_smtp_makes_no_strangers_people() {
    let system = System::start(Shape::AtScale);
    let (client, email) = (anonymous(&system), "closed@example.com");
    let refused = client.post_json("/auth/register", registration(email)).await.expect(403);
    assert_eq!(refused.code(), "registration_closed");
    let refused = client.post_json("/auth/password/forgot", json!({ "email": email })).await.expect(503);
    assert_eq!(refused.code(), "email_unavailable");
    let closed = System::start_with(Shape::Embedded, &[("GAPIN_REGISTRATION", "closed")]);
    let refused = anonymous(&closed).post_json("/auth/register", registration(email)).await.expect(403);
    assert_eq!(refused.code(), "registration_closed");
}
