//! What must be hidden is hidden at every exit: canaries of every kind go in wherever anything can be sent, and then
//! everything is read.
//!
//! Three things are where they are by design, and are looked for everywhere else: a new secret in the answer to whoever
//! made it; the links of letters in the letters; `dev.env` and `master.key`, which only their user can read. A person's
//! e-mail address is what their account is found by, so it stands in the store and in its audit trail, and in no log, no
//! metric and no topic.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

mod attack;
mod canaries;
mod ear;
mod event;
mod exits;
mod kind;
mod messages;

use std::sync::Mutex;

use attack::{Attack, Good};
use canaries::{Canaries, Finder};
use e2e::{Client, Live, Organisation, Shape, System, eventually};
use ear::{As, Ear};
use exits::{Exit, HIDDEN};
use kind::Kind;
use messages::Messages;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn embedded_nothing_hidden_gets_out() {
    nothing_hidden_gets_out(Shape::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_scale_nothing_hidden_gets_out() {
    nothing_hidden_gets_out(Shape::AtScale).await;
}

async fn nothing_hidden_gets_out(shape: Shape) {
    let settings = [("GAPIN_LOG", "trace"), ("GAPIN_ANONYMOUS_REQUESTS_PER_MINUTE", "1000000")];
    let mut system = System::start_with_mail(shape, &settings);
    let (canaries, people) = (Canaries::default(), Canaries::default());
    let ear = Ear::new(&system.url);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    for secret in system.secrets_of_settings() {
        canaries.keep("a secret of the settings", secret);
    }
    keep_secrets_of_files(&system, &canaries);
    canaries.keep("an API key", &organisation.api_key);
    canaries.keep("a signing secret", organisation.secret.expose());
    let session = live_a_life(&system, &organisation, &canaries, &people, &ear).await;

    let watched = watch(&system, &organisation).await;
    let mut messages = Messages::listen(&client, &system, &organisation).await;
    let by_key = As::Bearer(organisation.api_key.clone());
    let attack = Attack { canaries: &canaries, ear: &ear, organisation: &organisation, session: &session };
    hide(&client, "mask").await;
    let masked = record(&client, attack.good_events()).await;
    messages.publish(&canaries, &ear, &by_key).await;
    let other = system.organisation();
    let other_client = system.client(&other);
    hide(&other_client, "pseudonym").await;
    let of_other = Attack { organisation: &other, ..attack };
    let pseudonyms = record(&other_client, of_other.good_events()).await;
    canaries.keep("an API key", &other.api_key);
    canaries.keep("a signing secret", other.secret.expose());
    for event in attack.conflicting_events() {
        client.publish(&event).await.expect(202);
    }
    attack.bad_events().await;
    attack.headers().await;
    attack.raw_requests();
    attack.routes().await;
    attack.live_messages(&system.url).await;

    let mut exits = Vec::new();
    let mut count = masked.len() + 1;
    if shape == Shape::AtScale {
        count += spooled(&system, &attack, &client, &mut exits).await;
    }
    let records = client.stored_once_there("", count).await;
    for Recorded { event_id, places } in masked {
        is_redacted(&records[&event_id], &places, "[REDACTED:");
    }
    let of_other = other_client.stored_once_there("", pseudonyms.len()).await;
    for Recorded { event_id, places } in pseudonyms {
        is_redacted(&of_other[&event_id], &places, ":");
    }
    exits.push(Exit::new("the other's events", json!(of_other).to_string(), b"[EMAIL:"));
    dead_letters(&system, &client, &mut exits).await;
    exits.extend(messages.exits(&system, &organisation, &ear, &by_key).await);
    exits.extend(messages::exported(&ear, &by_key).await);
    exits.extend([
        Exit::new("the list of events", json!(records).to_string(), HIDDEN),
        Exit::new("the live stream", watched.lock().unwrap().clone(), HIDDEN),
    ]);
    ask_everything(&ear, &[by_key, As::Bearer(session.clone())]).await;
    exits.extend(exits::of_metrics(&system, &client).await);
    exits.extend(exits::of_commands(&system, &organisation, count));
    exits.extend(exits::of_arguments());
    // Ours before the write-ahead logs are folded into their files, and after; services change nothing of theirs at our end.
    exits.extend(exits::of_processes(&system));
    assert!(system.gateway.stop().success());
    for consumer in &mut system.consumers {
        assert!(consumer.stop().success());
    }
    exits.extend(everything_kept(&system));
    exits.push(Exit::new("every answer", ear.everything(), b"\"code\":"));

    println!("{} canaries, {} answers, {} exits", canaries.count(), ear.answers(), exits.len());
    let finder = canaries.finder();
    report(&exits, |_| true, &finder);
    let is_no_store = |exit: &Exit| {
        ["logged", "metrics", "topic", "Kafka", "Redis", "log.*"].iter().any(|word| exit.name.contains(word))
    };
    report(&exits, is_no_store, &people.finder());
}

/// Fails with every find of every exit.
fn report(exits: &[Exit], is_looked_through: impl Fn(&Exit) -> bool, finder: &Finder) {
    let mut finds = Vec::new();
    for exit in exits.iter().filter(|exit| is_looked_through(exit)) {
        let is_read =
            exit.control.is_empty() || exit.bytes.windows(exit.control.len()).any(|part| part == exit.control);
        if !is_read {
            finds.push(format!("{} does not hold what it must hold", exit.name));
        }
        finds.extend(finder.find(&exit.bytes).into_iter().map(|find| format!("{}: {find}", exit.name)));
    }
    assert!(finds.is_empty(), "{} finds:\n{}", finds.len(), finds.join("\n"));
}

fn everything_kept(system: &System) -> Vec<Exit> {
    let mut exits = exits::of_processes(system);
    match system.shape {
        Shape::Embedded => exits.extend(exits::of_files(system)),
        Shape::AtScale => exits.extend(exits::of_services(system)),
    }
    exits
}

/// An event that was taken, and where it holds something that must be hidden.
struct Recorded {
    event_id: String,
    places: Vec<String>,
}

/// Hides every kind so, and what a rule of the organisation's own finds.
async fn hide(client: &Client, mode: &str) {
    let modes: serde_json::Map<String, Value> =
        aibbar::Kind::ALL.into_iter().map(|kind| (kind.as_str().to_owned(), mode.into())).collect();
    let rule = json!({ "name": "badge", "pattern": kind::OWN_RULE, "mode": mode });
    let settings = json!({ "modes": modes, "rules": [rule] });
    client.request("PUT", "/api/v1/redaction", settings).await.expect(200);
}

async fn record(client: &Client, events: Vec<Good>) -> Vec<Recorded> {
    let mut recorded = Vec::new();
    for Good { event, places } in events {
        let answer = client.publish(&event).await.expect(202);
        recorded.push(Recorded { event_id: answer.body["event_id"].as_str().unwrap().to_owned(), places });
    }
    recorded
}

/// Every text of the event that held something holds a stand-in now, which begins so.
#[track_caller]
fn is_redacted(record: &Value, places: &[String], stand_in: &str) {
    for place in places {
        let text = record["event"].pointer(place).and_then(Value::as_str);
        let has_one = text.is_some_and(|text| text.contains('[') && text.contains(']') && text.contains(stand_in));
        assert!(has_one, "{place}: {text:?}");
    }
}

/// With Kafka away, what is acknowledged lies in the spool: read while it lies there. Answers how many events.
async fn spooled(system: &System, attack: &Attack<'_>, client: &Client, exits: &mut Vec<Exit>) -> usize {
    system.services().kafka.kill();
    let spooled = record(client, attack.good_events()).await;
    let kept: Vec<Exit> = exits::of_processes(system);
    let holds = |exit: &&Exit| exit.bytes.windows(HIDDEN.len()).any(|part| part == HIDDEN);
    assert!(kept.iter().any(|exit| holds(&exit)), "nothing lies in a spool");
    exits.extend(kept);
    system.services().kafka.restart();
    spooled.len()
}

/// The letter of the event that can't be stored, over every way on which it is shown.
async fn dead_letters(system: &System, client: &Client, exits: &mut Vec<Exit>) {
    let letters = eventually("a dead letter is listed", async || {
        let page = client.get("/api/v1/dead-letters").await;
        page.body["items"].as_array().is_some_and(|items| !items.is_empty()).then_some(page.body)
    })
    .await;
    let id = letters["items"][0]["id"].as_str().unwrap().to_owned();
    let letter = client.get(&format!("/api/v1/dead-letters/{id}")).await.expect(200).body;
    exits.push(Exit::new("the list of dead letters", letters.to_string(), b"event_id_conflict"));
    exits.push(Exit::new("a dead letter", letter.to_string(), HIDDEN));
    for args in [&["dlq", "list"][..], &["dlq", "list", "--json"], &["dlq", "show", &id]] {
        let ran = system.run(args);
        exits.push(Exit::new(format!("gapin {}", args.join(" ")), [ran.stdout, ran.stderr].concat(), b""));
    }
}

/// What `gapin dev` made for itself at its first start.
fn keep_secrets_of_files(system: &System, canaries: &Canaries) {
    if system.shape != Shape::Embedded {
        return;
    }
    let dev_env = std::fs::read_to_string(system.data_dir().join("dev.env")).unwrap();
    for name in ["GAPIN_API_KEY", "GAPIN_SIGNING_SECRET"] {
        let line = dev_env.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).unwrap();
        canaries.keep(name, line.trim_matches('\''));
    }
    let master_key = std::fs::read_to_string(system.data_dir().join("master.key")).unwrap();
    canaries.keep("the master key", master_key.trim());
}

/// A person registers, confirms, signs in, forgets, is invited and is refused; answers their access token. What the
/// answers to them hold is theirs, so these are not listened to.
async fn live_a_life(
    system: &System,
    organisation: &Organisation,
    canaries: &Canaries,
    people: &Canaries,
    ear: &Ear,
) -> String {
    let nobody = Client::anonymous(&system.url);
    let post = async |path: &str, body: Value| nobody.request("POST", path, body).await;
    let done = async |path: &str, body: Value| {
        let answer = post(path, body).await;
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.body);
        answer
    };
    let password = |what: &str| {
        let password = canaries.make(Kind::Password, what);
        password.strip_prefix("password=").unwrap().to_owned()
    };
    let email = people.make(Kind::Email, "an account");
    let first = password("a registration");
    let registration = json!({ "email": email, "password": first, "name": "Ada Lovelace" });
    done("/auth/register", registration).await;
    let token = system.mailbox(&email).letter(1).await.token();
    canaries.keep("the token of a letter", &token);
    done("/auth/verify-email", json!({ "token": token })).await;

    let wrong = password("a sign-in");
    ear.ask(ear.request(&As::Nobody, "POST", "/auth/login").json(&json!({ "email": email, "password": wrong }))).await;
    ear.ask(ear.request(&As::Nobody, "POST", "/auth/password/forgot").json(&json!({ "email": email }))).await;
    let token = system.mailbox(&email).letter(2).await.token();
    canaries.keep("the token of a letter", &token);
    let second = password("a new password");
    done("/auth/password/reset", json!({ "token": token, "password": second })).await;

    let signed_in = done("/auth/login", json!({ "email": email, "password": second })).await;
    keep_tokens(canaries, &signed_in.body);
    let refreshed = done("/auth/refresh", json!({ "refresh_token": signed_in.body["refresh_token"] })).await;
    keep_tokens(canaries, &refreshed.body);
    // A token that was used: the session ends, and the log says so.
    post("/auth/refresh", json!({ "refresh_token": signed_in.body["refresh_token"] })).await;

    // An address that the mail server refuses, and one that it takes at the second try.
    let owner = people.make(Kind::Email, "the owner");
    let made =
        system.run(&["users", "create", "--email", &owner, "--org", &organisation.name, "--role", "owner", "--json"]);
    let one_time = made.json()["one_time_password"].as_str().unwrap().to_owned();
    canaries.keep("a one-time password", &one_time);
    ear.hear(made.stderr.as_bytes());
    let signed_in = post("/auth/login", json!({ "email": owner, "password": one_time })).await;
    keep_tokens(canaries, &signed_in.body);
    let session = signed_in.body["access_token"].as_str().unwrap().to_owned();
    let by_owner = Client::new(&system.url, &session);
    for invited in ["refused", "later", "invited"] {
        let email = format!("{invited}.{}", people.make(Kind::Email, format_args!("somebody {invited}")));
        by_owner.request("POST", "/users", json!({ "email": email, "role": "viewer" })).await.expect(201);
        if invited != "refused" {
            canaries.keep("the token of an invitation", &system.mailbox(&email).letter(1).await.token());
        }
    }
    for (path, body, secret) in [
        ("/api/v1/keys", json!({ "name": "one more", "scopes": ["events:read"] }), "key"),
        ("/api/v1/signing-keys", json!({ "key_id": "one-more" }), "secret"),
    ] {
        let made = by_owner.request("POST", path, body).await.expect(201);
        canaries.keep(secret, made.body[secret].as_str().unwrap());
    }
    session
}

fn keep_tokens(canaries: &Canaries, signed_in: &Value) {
    canaries.keep("an access token", signed_in["access_token"].as_str().unwrap());
    canaries.keep("a refresh token", signed_in["refresh_token"].as_str().unwrap());
}

/// Listens to the live stream from here on.
async fn watch(system: &System, organisation: &Organisation) -> std::sync::Arc<Mutex<Vec<u8>>> {
    let mut live = Live::try_open(&system.url, &organisation.api_key, "").await.unwrap();
    let heard = std::sync::Arc::new(Mutex::new(Vec::new()));
    let hearing = heard.clone();
    tokio::spawn(async move {
        while let Some(frame) = live.frame().await {
            hearing.lock().unwrap().extend_from_slice(frame.to_string().as_bytes());
        }
    });
    heard
}

/// Every list and every page that can be asked for without knowing anything.
async fn ask_everything(ear: &Ear, everyone: &[As]) {
    let (_, document) = ear.ask(ear.request(&As::Nobody, "GET", "/api/openapi.json")).await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods.get("get").is_none() || path.contains('{') || path.starts_with("/ws/") || path.starts_with("/sse/") {
            continue;
        }
        for who in everyone {
            ear.ask(ear.request(who, "GET", path)).await;
        }
    }
    eventually("the gateway is ready after all of it", async || {
        let (status, _) = ear.ask(ear.request(&As::Nobody, "GET", "/health/ready")).await;
        (status == 200).then_some(())
    })
    .await;
}
