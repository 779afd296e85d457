//! Limits over several gateways: kept together, and in nobody's way when Redis goes.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use e2e::{Answer, Client, Organisation, System, event, eventually, on_both_shapes};
use tokio::task::JoinSet;

on_both_shapes!(
    a_batch_larger_than_the_rest_of_the_day_is_taken_up_to_it,
    past_the_minute_a_request_is_429_and_another_key_is_not,
    a_person_is_told_what_is_left_of_their_minute,
);

async fn a_person_is_told_what_is_left_of_their_minute(system: &System) {
    let person = system.person(&system.organisation(), "limited@example.com", "viewer").await;
    let number = |answer: &Answer, field: &str| answer.headers[field].to_str().unwrap().parse::<u64>().unwrap();
    let mut left = u64::MAX;
    for path in ["/me", "/aibbar/events", "/me/sessions"] {
        let answer = person.client.get(path).await.expect(200);
        assert_eq!(number(&answer, "x-ratelimit-limit"), 1_000);
        assert!(number(&answer, "x-ratelimit-remaining") < left, "{path}");
        left = number(&answer, "x-ratelimit-remaining");
    }
}

async fn a_batch_larger_than_the_rest_of_the_day_is_taken_up_to_it(system: &System) {
    let organisation = system.organisation_limited_to("off", "5");
    let client = system.client(&organisation);
    let batch = |events: usize| -> Vec<u8> {
        let events = (0..events).map(|number| event().saying(format!("{number}")).signed_by(&organisation));
        serde_json::Value::Array(events.collect()).to_string().into_bytes()
    };
    let send = async |events| client.try_post("application/json", None, batch(events)).await.unwrap();
    send(3).await.expect(202);
    let answer = send(4).await.expect(207);
    assert_eq!(answer.statuses(), ["accepted", "accepted", "rejected", "rejected"]);
    assert_eq!(answer.results()[2]["code"], "daily_quota_exceeded");
    let answer = send(2).await.expect(429);
    assert_eq!(answer.code(), "daily_quota_exceeded");
    assert!(answer.headers.contains_key("retry-after"));
}

async fn past_the_minute_a_request_is_429_and_another_key_is_not(system: &System) {
    let client = system.client(&system.organisation_limited_to("3", "off"));
    for left in ["2", "1", "0"] {
        let answer = client.request("GET", "/aibbar/events", None).await.expect(200);
        assert_eq!(answer.headers["x-ratelimit-remaining"], left);
    }
    let answer = client.request("GET", "/aibbar/events", None).await.expect(429);
    assert_eq!(answer.code(), "rate_limited");
    assert!(answer.headers.contains_key("retry-after"));
    system.client(&system.organisation()).request("GET", "/aibbar/events", None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gateways_keep_a_limit_together_and_honour_a_revocation() {
    let mut system = System::at_scale(0);
    let other_url = system.add_gateway();
    let organisation = system.organisation_limited_to("300", "off");
    let gateways = [system.client(&organisation), Client::new(&other_url, &organisation.api_key)];
    let mut senders = JoinSet::new();
    for sender in 0..8 {
        let client = gateways[sender % 2].clone();
        senders.spawn(async move {
            let mut taken = 0;
            for _ in 0..50 {
                match client.request("GET", "/aibbar/events?limit=1", None).await {
                    answer if answer.status == 200 => taken += 1,
                    answer => assert_eq!((answer.status, answer.code()), (429, "rate_limited")),
                }
            }
            taken
        });
    }
    let taken: usize = senders.join_all().await.into_iter().sum();
    assert!((300..=315).contains(&taken), "{taken} of 400 requests within a limit of 300");
    revocation_is_honoured_within_a_second(&system, &other_url).await;
}

async fn revocation_is_honoured_within_a_second(system: &System, other_url: &str) {
    /// A second's worth of tries, each of which takes at least its pause.
    const TRIES_MAX: usize = 20;
    const PAUSE: Duration = Duration::from_millis(50);
    let organisation = system.organisation();
    let here = system.client(&organisation);
    let there = Client::new(other_url, &organisation.api_key);
    here.request("GET", "/aibbar/events", None).await.expect(200);
    there.request("GET", "/aibbar/events", None).await.expect(200);
    let name = &organisation.name;
    let managing = ["keys", "create", "--org", name, "--name", "manager", "--scopes", "keys:manage", "--json"];
    let manager = system.run(&managing).succeeded().json()["key"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/keys/{}", organisation.api_key_id);
    here.with_key(&manager).request("DELETE", &path, None).await.expect(204);
    here.request("GET", "/aibbar/events", None).await.expect(401);
    let mut tries = 0;
    while there.request("GET", "/aibbar/events", None).await.status != 401 {
        tries += 1;
        assert!(tries < TRIES_MAX, "the other gateway still takes a key that was revoked");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Senders of which no request may fail.
struct Unfailing {
    stop: Arc<AtomicBool>,
    taken: Arc<AtomicUsize>,
    senders: JoinSet<()>,
}

impl Unfailing {
    fn start(clients: &[Client], organisation: &Organisation) -> Unfailing {
        let (stop, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let mut senders = JoinSet::new();
        for sender in 0..4 {
            let (client, organisation) = (clients[sender % clients.len()].clone(), organisation.clone());
            let (stop, taken) = (stop.clone(), taken.clone());
            senders.spawn(async move {
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    number += 1;
                    let event = event().saying(format!("{sender}, {number}")).signed_by(&organisation);
                    let body = event.to_string().into_bytes();
                    client.try_post("application/json", None, body).await.unwrap().expect(202);
                    taken.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        Unfailing { stop, taken, senders }
    }

    async fn more(&self, events: usize) {
        let wanted = self.taken.load(Ordering::Relaxed) + events;
        let what = format!("{wanted} events taken");
        eventually(&what, async || (self.taken.load(Ordering::Relaxed) >= wanted).then_some(())).await;
    }

    async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        // Panics with the sender that saw a request fail.
        self.senders.join_all().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_redis_in_the_middle_of_a_load_fails_no_request() {
    const BETWEEN: usize = 150;
    let mut system = System::at_scale(0);
    let other_url = system.add_gateway();
    let organisation = system.organisation_limited_to("1000000", "1000000");
    let clients = [system.client(&organisation), Client::new(&other_url, &organisation.api_key)];
    let load = Unfailing::start(&clients, &organisation);
    load.more(BETWEEN).await;
    until_shared(&system, "1").await;
    for _ in 0..2 {
        system.services().redis.kill();
        load.more(BETWEEN).await;
        until_shared(&system, "0").await;
        system.services().redis.restart();
        until_shared(&system, "1").await;
        load.more(BETWEEN).await;
    }
    load.stop().await;
}

/// Waits until every gateway says so of its limits.
async fn until_shared(system: &System, shared: &str) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for url in system.metrics_urls() {
        eventually(&format!("gapin_limits_shared {shared} at {url}"), async || {
            let text = http.get(&url).send().await.ok()?.text().await.ok()?;
            text.lines().any(|line| line == format!("gapin_limits_shared {shared}")).then_some(())
        })
        .await;
    }
}
