//! One fault at a time, and what clients see of it.
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use e2e::{Load, Shape, System, event, eventually, on_both_shapes};
use serde_json::json;

on_both_shapes!(own: sigterm_answers_what_is_in_flight_and_exits_with_zero);

/// How many events a load must have had acknowledged before the next thing breaks.
const BETWEEN_FAULTS: usize = 200;

async fn sigterm_answers_what_is_in_flight_and_exits_with_zero(mut system: System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let load = Load::start(&client, &organisation);
    load.more(BETWEEN_FAULTS).await;
    let mut live = client.live("").await;
    // A request that the gateway has begun to read, and that will be whole only after the signal.
    let body = event().saying("in flight").signed_by(&organisation).to_string();
    let (head, tail) = body.split_at(body.len() / 2);
    let address = system.url.strip_prefix("http://").unwrap().to_owned();
    let mut request = TcpStream::connect(&address).unwrap();
    write!(
        request,
        "POST /aibbar/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nExpect: 100-continue\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        organisation.api_key,
        body.len()
    )
    .unwrap();
    // "100 Continue" says that a handler reads the body now.
    let mut interim = [0; 25];
    request.read_exact(&mut interim).unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&interim));
    request.write_all(head.as_bytes()).unwrap();

    system.gateway.signal("TERM");
    // It has begun to stop when the live stream has been told so.
    let mut bye = None;
    while let Some(frame) = live.frame().await {
        bye = Some(frame);
    }
    assert_eq!(bye.map(|frame| frame["reason"].clone()), Some(json!("shutdown")));
    request.write_all(tail.as_bytes()).unwrap();
    let mut answer = String::new();
    request.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");

    assert_eq!(system.gateway.wait_for_end().code(), Some(0), "{}", system.gateway.said());
    for consumer in &mut system.consumers {
        assert_eq!(consumer.stop().code(), Some(0), "{}", consumer.said());
    }
    system.gateway.start_again();
    system.consumers.iter_mut().for_each(|consumer| consumer.start_again());
    load.more(BETWEEN_FAULTS).await;
    let mut sent = load.stop().await;
    let id = answer.split("\"event_id\":\"").nth(1).unwrap()[..36].to_owned();
    sent.acknowledged.insert("in flight".to_owned(), id);
    sent.is_all_stored(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigint_exits_with_zero() {
    let mut system = System::start(Shape::Embedded);
    system.gateway.signal("INT");
    assert_eq!(system.gateway.wait_for_end().code(), Some(0), "{}", system.gateway.said());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_embedded_log_is_away_nothing_is_acknowledged_and_nothing_is_lost() {
    /// The design's bound on one answer, and some for a busy machine.
    const ANSWER_MAX: Duration = Duration::from_secs(30);
    let system = System::start(Shape::Embedded);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let load = Load::start(&client, &organisation);
    load.more(BETWEEN_FAULTS).await;

    let locked = e2e::lock_sqlite_under(&system.data_dir(), "log");
    let asked = Instant::now();
    let answer = client.publish(&event().saying("to nowhere").signed_by(&organisation)).await.expect(503);
    assert!(asked.elapsed() < ANSWER_MAX, "an answer after {:?}", asked.elapsed());
    let retry_after: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!(retry_after > 0);
    assert!(["log_unavailable", "outcome_unknown", "overloaded"].contains(&answer.code()), "{}", answer.body);
    drop(locked);

    load.more(BETWEEN_FAULTS).await;
    let mut sent = load.stop().await;
    // It was said that it may be kept or not; both are true to that.
    sent.unanswered.push("to nowhere".to_owned());
    sent.is_all_stored(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_embedded_store_is_away_events_are_taken_and_all_are_there_when_it_is_back() {
    let system = System::start(Shape::Embedded);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let load = Load::start(&client, &organisation);
    load.more(BETWEEN_FAULTS).await;
    let locked = e2e::lock_sqlite_under(&system.data_dir(), "store");
    load.more(2 * BETWEEN_FAULTS).await;
    drop(locked);
    load.more(BETWEEN_FAULTS).await;
    load.stop().await.is_all_stored(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn consumers_killed_in_mid_stream_lose_and_double_nothing() {
    let mut system = System::at_scale(3);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let load = Load::start(&client, &organisation);
    for round in 0..4 {
        load.more(BETWEEN_FAULTS).await;
        let consumer = &mut system.consumers[round % 3];
        consumer.kill();
        load.more(BETWEEN_FAULTS).await;
        consumer.start_again();
    }
    load.more(BETWEEN_FAULTS).await;
    // One of them stays away: the others take over what it held.
    system.consumers[0].kill();
    load.stop().await.is_all_stored(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_gapin_dev_keeps_its_keys_and_its_events() {
    let mut system = System::start(Shape::Embedded);
    let dev_env = system.data_dir().join("dev.env");
    let before = eventually("dev.env is there", async || std::fs::read_to_string(&dev_env).ok()).await;
    for name in ["GAPIN_URL", "GAPIN_API_KEY", "GAPIN_SIGNING_KEY_ID", "GAPIN_SIGNING_SECRET", "GAPIN_AI_ID"] {
        assert!(before.lines().any(|line| line.starts_with(&format!("{name}="))), "{name} is not in dev.env");
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&dev_env).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let sent = event().signed_by(&organisation);
    client.publish(&sent).await.expect(202);

    assert_eq!(system.gateway.stop().code(), Some(0));
    system.gateway.start_again();

    assert_eq!(std::fs::read_to_string(&dev_env).unwrap(), before);
    let stored = eventually("the event is stored", async || client.stored("").await.pop()).await;
    assert_eq!(stored["event"], sent);
}
