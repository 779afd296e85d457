//! Past its capacity: who sends slowly, does not read or goes away takes nothing from others, and what is refused is
//! refused early and heard.
#![allow(clippy::unwrap_used)]

mod rig;

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use rig::{Mood, Org, Rig, body, problem};
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    task::JoinHandle,
};
use tokio_tungstenite::{connect_async, tungstenite::ClientRequestBuilder};

const WAIT_MAX: Duration = Duration::from_secs(30);

async fn connect(rig: &Rig) -> TcpStream {
    TcpStream::connect(rig.url.trim_start_matches("http://")).await.unwrap()
}

/// The head of a request with a body of so many bytes.
fn head(org: &Org, length: usize) -> String {
    format!(
        "POST /aibbar/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n",
        org.api_key
    )
}

/// A request that goes no further than this much of its body.
async fn stuck(rig: &Rig, org: &Org, length: usize, sent: &[u8]) -> TcpStream {
    let mut stream = connect(rig).await;
    stream.write_all(head(org, length).as_bytes()).await.unwrap();
    stream.write_all(sent).await.unwrap();
    stream
}

/// All that comes until the other side ends.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    tokio::time::timeout(WAIT_MAX, stream.read_to_end(&mut text)).await.expect("an end in time").unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

/// One request is inside, and there till the gate lets it through.
async fn full_house(rig: &Rig, org: &Org) -> (Arc<Semaphore>, JoinHandle<reqwest::Result<reqwest::Response>>) {
    let gate = Arc::new(Semaphore::new(0));
    rig.log.set(Mood::Waits(gate.clone()));
    let inside = tokio::spawn(rig.post(org, org.event("inside")).send());
    rig.until("one is inside", async || rig.metric("gapin_record_events_in_flight").await == 1.0).await;
    (gate, inside)
}

/// One answer with a length, and nothing of the next.
async fn one_answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let reading = async {
        while !is_whole(&text) {
            text.push(stream.read_u8().await.unwrap());
        }
    };
    tokio::time::timeout(WAIT_MAX, reading).await.expect("an answer in time");
    String::from_utf8(text).unwrap()
}

fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse::<usize>().unwrap();
    body.len() == length
}

/// An event of about this size.
fn large(org: &Org, session: &str, bytes: usize) -> String {
    let mut event: Map<String, Value> = org.unsigned(session);
    event.insert("query".into(), json!({ "prompt": "word ".repeat(bytes / 5) }));
    org.sign(event)
}

#[tokio::test]
async fn more_slow_senders_than_there_are_places_keep_nobody_out() {
    const PLACES: usize = 4;
    const SLOW: usize = 20 * PLACES;
    let rig = Rig::start(|s| s.record.requests_in_flight_max = PLACES).await;
    let (slow, other) = (rig.org().await, rig.org().await);
    let event = slow.event("slow");
    let mut senders = Vec::new();
    for _ in 0..SLOW {
        senders.push(stuck(&rig, &slow, event.len(), &event.as_bytes()[..event.len() / 2]).await);
    }
    let all_in = async || rig.metric("gapin_record_requests_in_flight").await == SLOW as f64;
    rig.until("every slow sender is being read", all_in).await;
    assert_eq!(rig.metric("gapin_record_events_in_flight").await, 0.0);
    rig.record(&other, "quick").await;
    rig.record(&slow, "quick, of the same key").await;
    for mut sender in senders {
        sender.write_all(&event.as_bytes()[event.len() / 2..]).await.unwrap();
        let mut status = [0; 12];
        sender.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 202");
    }
}

#[tokio::test]
async fn one_key_that_sends_slowly_leaves_half_of_the_bytes_to_others() {
    const MIB: usize = 1024 * 1024;
    let rig = Rig::start(|s| {
        s.record.body_bytes_max = MIB;
        s.record.bytes_in_flight_max = 2 * MIB;
    })
    .await;
    let (slow, other) = (rig.org().await, rig.org().await);
    let body = vec![b' '; MIB];
    let _first = stuck(&rig, &slow, MIB, &body[..900 * 1024]).await;
    let held = async || rig.metric("gapin_record_in_flight_bytes").await >= 900.0 * 1024.0;
    rig.until("the first is held", held).await;
    let mut second = stuck(&rig, &slow, MIB, &body[..200 * 1024]).await;
    let refused = rest(&mut second).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 1"), "{refused}");
    let answer = rig.post(&other, format!("[{}]", large(&other, "s", 200 * 1024))).send().await.unwrap();
    assert_eq!(answer.status(), 202);
}

#[tokio::test]
async fn a_full_house_refuses_before_it_reads_and_the_refusal_is_heard() {
    const BODY: usize = 4 * 1024 * 1024;
    let rig = Rig::start(|s| s.record.requests_in_flight_max = 1).await;
    let org = rig.org().await;
    let (gate, inside) = full_house(&rig, &org).await;

    // Nothing of the body was sent, and the answer is there.
    let refused = rest(&mut stuck(&rig, &org, BODY, b"").await).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("overloaded"), "{refused}");
    // All of it is on its way before anyone looks for an answer: no reset overtakes it.
    let refused = rest(&mut stuck(&rig, &org, BODY, &vec![b' '; BODY]).await).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 1"), "{refused}");
    assert_eq!(rig.metric("gapin_record_in_flight_bytes").await, 4096.0, "what is inside, and no more");
    gate.add_permits(1);
    assert_eq!(inside.await.unwrap().unwrap().status(), 202);
}

#[tokio::test]
async fn a_small_request_that_is_refused_leaves_its_connection_to_the_next() {
    let rig = Rig::start(|s| s.record.requests_in_flight_max = 1).await;
    let org = rig.org().await;
    let (gate, inside) = full_house(&rig, &org).await;

    let event = org.event("again");
    let mut stream = stuck(&rig, &org, event.len(), event.as_bytes()).await;
    for _ in 0..2 {
        let refused = one_answer(&mut stream).await;
        assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 1"), "{refused}");
        assert!(!refused.contains("connection: close"), "{refused}");
        stream.write_all(format!("{}{event}", head(&org, event.len())).as_bytes()).await.unwrap();
    }
    one_answer(&mut stream).await;
    gate.add_permits(2);
    assert_eq!(inside.await.unwrap().unwrap().status(), 202);
    rig.until("the place is free", async || rig.metric("gapin_record_events_in_flight").await == 0.0).await;
    stream.write_all(format!("{}{event}", head(&org, event.len())).as_bytes()).await.unwrap();
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 202"));
}

#[tokio::test]
async fn a_small_body_that_does_not_come_is_refused_without_it() {
    let rig = Rig::start(|s| s.record.requests_in_flight_max = 1).await;
    let org = rig.org().await;
    let (gate, inside) = full_house(&rig, &org).await;
    let refused = rest(&mut stuck(&rig, &org, 1_000, b"{").await).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("connection: close"), "{refused}");
    gate.add_permits(1);
    assert_eq!(inside.await.unwrap().unwrap().status(), 202);
}

#[tokio::test]
async fn what_was_handed_over_holds_its_place_though_its_client_is_gone() {
    let rig = Rig::start(|s| {
        s.record.requests_in_flight_max = 1;
        s.record.append_max_wait = Duration::from_millis(200);
    })
    .await;
    let org = rig.org().await;
    let gate = Arc::new(Semaphore::new(0));
    rig.log.set(Mood::Waits(gate.clone()));
    let event = org.event("left alone");
    let gone = stuck(&rig, &org, event.len(), event.as_bytes()).await;
    rig.until("it is inside", async || rig.metric("gapin_record_events_in_flight").await == 1.0).await;
    drop(gone);
    // Nobody waits for an answer any more; what was sent is the log's by now.
    rig.until("only the question's own connection is left", async || rig.metric("gapin_http_connections").await <= 1.0)
        .await;
    problem(rig.post(&org, org.event("no room")), (503, "overloaded")).await;
    gate.add_permits(1);
    rig.until("it is done", async || rig.metric("gapin_record_events_in_flight").await == 0.0).await;
    rig.log.set(Mood::Healthy);
    rig.carry().await;
    let page = body(rig.get(&org, "/aibbar/events").send().await.unwrap()).await;
    assert_eq!(page["items"][0]["event"]["metadata"]["session_id"], "left alone");
}

#[tokio::test]
async fn answers_that_nobody_reads_are_bounded_and_end() {
    const MIB: usize = 1024 * 1024;
    const EVENTS: usize = 24;
    let rig = Rig::start(|s| {
        s.record.body_bytes_max = MIB;
        s.record.bytes_in_flight_max = 16 * MIB;
        s.http.unread_max = Duration::from_secs(2);
    })
    .await;
    let org = rig.org().await;
    for number in 0..EVENTS {
        rig.post(&org, large(&org, &format!("s-{number}"), 240 * 1024)).send().await.unwrap();
    }
    rig.carry().await;
    let ask =
        format!("GET /aibbar/events?limit=500 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", org.api_key);
    let mut deaf = Vec::new();
    for _ in 0..8 {
        let mut stream = connect(&rig).await;
        stream.write_all(ask.as_bytes()).await.unwrap();
        deaf.push(stream);
    }
    // Eight pages are more than the house holds: two fit, and the others are refused.
    let refused = r#"gapin_http_requests_total{method="GET",route="/aibbar/events",status="503"}"#;
    rig.until("some are refused", async || rig.metric(refused).await >= 5.0).await;
    assert!(rig.metric("gapin_record_in_flight_bytes").await <= 16.0 * MIB as f64);
    rig.until("they are cut off", async || rig.metric("gapin_record_in_flight_bytes").await == 0.0).await;
    let page = rig.get(&org, "/aibbar/events?limit=500").send().await.unwrap();
    assert_eq!(body(page).await["items"].as_array().unwrap().len(), EVENTS);
    drop(deaf);
}

#[tokio::test]
async fn one_address_does_not_take_every_connection() {
    let rig = Rig::start(|s| s.http.connections_per_address_max = 5).await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(connect(&rig).await);
    }
    rig.until("four are counted, and the question's", async || rig.metric("gapin_http_connections").await == 5.0).await;
    let mut refused = connect(&rig).await;
    assert_eq!(rest(&mut refused).await, "");
    assert_eq!(rig.metric("gapin_http_connections_refused_total").await, 1.0);
    drop(open);
    rig.until("there is room again", async || rig.metric("gapin_http_connections").await == 1.0).await;
}

#[tokio::test]
async fn clients_that_do_not_read_hold_no_more_than_the_bound_together() {
    const MIB: usize = 1024 * 1024;
    const ORGS: usize = 12;
    const EVENTS: usize = 24;
    const EVENT_BYTES: usize = 120 * 1024;
    // One read of the log comes on top before anyone looks.
    const READ_BYTES: usize = 5 * MIB;
    let rig = Rig::start(|s| {
        s.live.queue_bytes_max = 2 * MIB;
        s.live.bytes_max = 8 * MIB;
    })
    .await;
    // Each stalls on records of its own: together they would hold three times the bound.
    let mut deaf = Vec::new();
    for _ in 0..ORGS {
        let org = rig.org().await;
        let uri = format!("{}/ws/events", rig.url.replacen("http", "ws", 1)).parse().unwrap();
        let request = ClientRequestBuilder::new(uri).with_header("Authorization", format!("Bearer {}", org.api_key));
        deaf.push((connect_async(request).await.unwrap(), org));
    }
    let reader = rig.org().await;
    let uri = format!("{}/ws/events", rig.url.replacen("http", "ws", 1)).parse().unwrap();
    let request = ClientRequestBuilder::new(uri).with_header("Authorization", format!("Bearer {}", reader.api_key));
    let (mut reading, _) = connect_async(request).await.unwrap();
    reading.next().await.unwrap().unwrap();
    let read = tokio::spawn(async move {
        let mut sessions = Vec::new();
        while sessions.len() < EVENTS {
            let message = tokio::time::timeout(WAIT_MAX, reading.next()).await.unwrap().unwrap().unwrap();
            let Ok(text) = message.into_text() else { continue };
            let Ok(frame) = serde_json::from_str::<Value>(&text) else { continue };
            assert_eq!(frame["type"], "event", "whoever reads misses nothing");
            sessions.push(frame["event"]["metadata"]["session_id"].as_str().unwrap().to_owned());
        }
        sessions
    });
    let mut most = 0.0_f64;
    for number in 0..EVENTS {
        for (_, org) in &deaf {
            let sent = rig.post(org, large(org, "unread", EVENT_BYTES)).send().await.unwrap();
            assert_eq!(sent.status(), 202);
        }
        most = most.max(rig.metric("gapin_live_held_bytes").await);
        rig.record(&reader, &format!("s-{number}")).await;
    }
    assert!(most > 0.0 && most <= (8 * MIB + READ_BYTES) as f64, "{most} bytes held");
    assert_eq!(read.await.unwrap(), (0..EVENTS).map(|n| format!("s-{n}")).collect::<Vec<_>>());
    assert!(rig.metric("gapin_live_missed_total").await > 0.0);
    drop(deaf);
    rig.until("nothing is held for nobody", async || rig.metric("gapin_live_held_bytes").await == 0.0).await;
}
