//! Ten times what it can do, connections that say nothing, readers that do not read: the others do not notice, and the
//! memory stays flat.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use e2e::{Client, Live, Organisation, Shape, System, event, eventually, text_of};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const MIB: u64 = 1024 * 1024;

/// What a metric of the gateway stands at; 0 where there is none.
async fn metric(system: &System, client: &Client, name: &str) -> f64 {
    let text = client.text_at(&system.metrics_urls().next().unwrap()).await;
    let line = text.lines().find(|line| line.starts_with(name) && !line.starts_with('#'));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
}

async fn connect(system: &System) -> TcpStream {
    TcpStream::connect(system.url.strip_prefix("http://").unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_say_nothing_or_half_of_it_keep_nobody_out_and_end() {
    const PLACES: usize = 16;
    const EACH: usize = 300;
    let system = System::start_with(
        Shape::Embedded,
        &[
            ("GAPIN_REQUESTS_IN_FLIGHT_MAX", "16"),
            ("GAPIN_HEADERS_WAIT_MAX_MS", "5000"),
            ("GAPIN_BODY_WAIT_MAX_MS", "5000"),
        ],
    );
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let body = event().signed_by(&organisation).to_string();
    let head = format!(
        "POST /aibbar/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        organisation.api_key,
        body.len()
    );
    let mut open = Vec::new();
    for _ in 0..EACH {
        let (silent, mut half_a_head, mut half_a_body) =
            (connect(&system).await, connect(&system).await, connect(&system).await);
        half_a_head.write_all(&head.as_bytes()[..head.len() / 2]).await.unwrap();
        half_a_body.write_all(head.as_bytes()).await.unwrap();
        half_a_body.write_all(&body.as_bytes()[..body.len() / 2]).await.unwrap();
        open.extend([silent, half_a_head, half_a_body]);
    }
    let being_read = async || {
        let reading = metric(&system, &client, "gapin_record_requests_in_flight").await;
        (reading > (2 * PLACES) as f64).then_some(())
    };
    eventually("many times more slow senders than places are being read", being_read).await;
    for _ in 0..50 {
        client.publish(&event().signed_by(&organisation)).await.expect(202);
    }
    // Nobody closes them but the gateway.
    for mut connection in open {
        let mut told = String::new();
        // An end is an end, also one without a word.
        let _ = connection.read_to_string(&mut told).await;
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 408"), "{told}");
    }
    client.stored_once_there("", 50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_readers_that_do_not_read_change_nothing_for_the_others() {
    const DEAF: usize = 1_000;
    const EVENTS: usize = 160;
    /// What every connection may hold of its own: what is under way, twice for the allocator.
    const PER_CONNECTION: u64 = 128 * 1024;
    /// What they share: a queue of records, one read of the log, and what the embedded log and store take by themselves.
    const SHARED: u64 = 96 * MIB;
    let system = System::start_with(Shape::Embedded, &[("GAPIN_UNREAD_WAIT_MAX_MS", "10000")]);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut deaf = Vec::new();
    for _ in 0..DEAF {
        deaf.push(open_and_never_read(&system, &organisation).await);
    }
    let mut readers = JoinSet::new();
    for _ in 0..3 {
        let mut live: Live = client.live("").await;
        readers.spawn(async move { live.records(EVENTS).await });
    }
    let before = system.gateway.resident_bytes();

    let padding = "padding ".repeat(8 * 1024);
    for number in 0..EVENTS {
        let sent = event().saying(format!("{number}: {padding}").as_str()).signed_by(&organisation);
        client.publish(&sent).await.expect(202);
    }
    let after = system.gateway.resident_bytes();
    while let Some(records) = readers.join_next().await {
        let numbers: Vec<String> = records
            .unwrap()
            .iter()
            .map(|record| text_of(record).unwrap().split(':').next().unwrap().to_owned())
            .collect();
        assert_eq!(numbers, (0..EVENTS).map(|number| number.to_string()).collect::<Vec<_>>());
    }
    let grown = after.saturating_sub(before);
    assert!(grown < SHARED + DEAF as u64 * PER_CONNECTION, "{} MiB for {DEAF} that do not read", grown / MIB);
    let gone = async || (metric(&system, &client, "gapin_live_clients").await == 0.0).then_some(());
    eventually("those who do not read are cut off", gone).await;
    drop(deaf);
    client.publish(&event().signed_by(&organisation)).await.expect(202);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_readers_get_everything_while_fifty_do_not_read() {
    const READERS: usize = 1_000;
    const DEAF: usize = 50;
    /// Of each kind in one round.
    const EVENTS: usize = 60;
    /// What a round may leave behind: what waits for those who do not read, which they share, and what the embedded log
    /// and store take by themselves.
    const GROWTH_MAX: u64 = 64 * MIB;
    let system = System::start_with(Shape::Embedded, &[("GAPIN_UNREAD_WAIT_MAX_MS", "120000")]);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut deaf = Vec::new();
    for _ in 0..DEAF {
        deaf.push(open_and_never_read(&system, &organisation).await);
    }
    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(client.live("q=wanted&where=%2Fevent%2Fevent_type%3D%22ai.response%22").await);
    }
    let padding = "padding ".repeat(8 * 1024);
    let mut after_each = Vec::new();
    for round in 0..2 {
        let mut reading = JoinSet::new();
        for mut live in readers.drain(..) {
            reading.spawn(async move {
                let numbers: Vec<String> =
                    live.records(EVENTS).await.iter().map(|record| text_of(record).unwrap().to_owned()).collect();
                (live, numbers)
            });
        }
        let mut sent = Vec::new();
        for number in 0..EVENTS {
            let wanted = format!("wanted {round}: {number}");
            client.publish(&event().saying(wanted.as_str()).signed_by(&organisation)).await.expect(202);
            client.publish(&event().saying(padding.as_str()).signed_by(&organisation)).await.expect(202);
            sent.push(wanted);
        }
        while let Some(read) = reading.join_next().await {
            let (live, numbers) = read.unwrap();
            assert_eq!(numbers, sent);
            readers.push(live);
        }
        after_each.push(system.gateway.resident_bytes());
    }
    assert_eq!(readers.len(), READERS);
    assert_eq!(metric(&system, &client, "gapin_live_clients").await, (READERS + DEAF) as f64);
    let grown = after_each[1].saturating_sub(after_each[0]);
    assert!(grown < GROWTH_MAX, "{} MiB more after the second round", grown / MIB);
}

/// A WebSocket of which not even the answer to the handshake is read.
async fn open_and_never_read(system: &System, organisation: &Organisation) -> TcpStream {
    let mut stream = connect(system).await;
    let request = format!(
        "GET /ws/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        organisation.api_key
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    // It is open once the first byte is there.
    stream.readable().await.unwrap();
    stream
}

/// Whether a storm has lasted long enough, by how many were accepted and how many refused.
type Enough = fn(usize, usize) -> bool;

/// What a storm of senders was told.
#[derive(Default)]
struct Told {
    /// The text of what was acknowledged, and its id.
    accepted: BTreeMap<String, String>,
    refused: usize,
    unknown: Vec<String>,
}

/// So many senders, each with one event after the other, until there were so many answers of each kind that matter.
async fn storm(name: &str, senders: usize, client: &Client, organisation: &Organisation, enough: Enough) -> Told {
    let counts = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
    let mut at_work = JoinSet::new();
    for sender in 0..senders {
        let (client, organisation, counts) = (client.clone(), organisation.clone(), counts.clone());
        let name = name.to_owned();
        at_work.spawn(async move {
            let mut told = Told::default();
            for number in 0.. {
                let (accepted, refused) = (counts.0.load(Ordering::Relaxed), counts.1.load(Ordering::Relaxed));
                if enough(accepted as usize, refused as usize) {
                    break;
                }
                let text = format!("{name}: sender {sender}, event {number}");
                let answer = client.publish(&event().saying(text.as_str()).signed_by(&organisation)).await;
                match (answer.status, answer.code()) {
                    (202, _) => {
                        let id = answer.body["event_id"].as_str().unwrap().to_owned();
                        told.accepted.insert(text, id);
                        counts.0.fetch_add(1, Ordering::Relaxed);
                    }
                    (503, "outcome_unknown") => told.unknown.push(text),
                    (503, "overloaded" | "log_unavailable") => {
                        assert!(answer.headers.contains_key("retry-after"), "{}", answer.body);
                        told.refused += 1;
                        counts.1.fetch_add(1, Ordering::Relaxed);
                    }
                    (status, _) => panic!("{status}: {}", answer.body),
                }
            }
            told
        });
    }
    let mut all = Told::default();
    for told in at_work.join_all().await {
        all.accepted.extend(told.accepted);
        all.refused += told.refused;
        all.unknown.extend(told.unknown);
    }
    all
}

/// What is stored is what was acknowledged, once and under its id, and besides at most what nobody knows of.
async fn is_stored(client: &Client, told: &Told) {
    let stored = eventually("what was acknowledged is stored", async || {
        let stored: Vec<Value> = client.stored("").await;
        let ids: BTreeMap<String, String> = stored
            .iter()
            .map(|record| {
                (text_of(record).unwrap().to_owned(), record["record"]["event_id"].as_str().unwrap().to_owned())
            })
            .collect();
        assert_eq!(ids.len(), stored.len(), "something is stored twice");
        told.accepted.iter().all(|(text, id)| ids.get(text) == Some(id)).then_some(ids)
    })
    .await;
    for text in stored.keys() {
        assert!(told.accepted.contains_key(text) || told.unknown.contains(text), "{text}: refused, and stored");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_times_what_it_takes_is_refused_early_and_what_is_taken_is_bounded() {
    const PLACES: usize = 8;
    const SENDERS: usize = 10 * PLACES;
    const GROWTH_MAX: u64 = 64 * MIB;
    let system = System::start_with(Shape::Embedded, &[("GAPIN_REQUESTS_IN_FLIGHT_MAX", "8")]);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    // Every path was gone once, so that what grows is what the storm takes.
    let enough: Enough = |accepted, refused| accepted >= 500 && refused >= 100;
    let warm = storm("before", SENDERS, &client, &organisation, enough).await;
    let before = system.gateway.resident_bytes();
    let (mut most, mut most_inside) = (before, 0.0_f64);
    let storming = tokio::spawn({
        let (client, organisation) = (client.clone(), organisation.clone());
        let enough: Enough = |accepted, refused| accepted >= 1_500 && refused >= 500;
        async move { storm("storm", SENDERS, &client, &organisation, enough).await }
    });
    while !storming.is_finished() {
        most_inside = most_inside.max(metric(&system, &client, "gapin_record_events_in_flight").await);
        most = most.max(system.gateway.resident_bytes());
    }
    let mut told = storming.await.unwrap();
    // The wait of what is taken is the work of what is inside: never more than there are places.
    assert!(most_inside <= PLACES as f64, "{most_inside} events inside");
    assert!(most < before + GROWTH_MAX, "from {} MiB to {} MiB", before / MIB, most / MIB);
    client.publish(&event().saying("after the storm").signed_by(&organisation)).await.expect(202);
    told.accepted.extend(warm.accepted);
    told.unknown.extend(warm.unknown);
    told.unknown.push("after the storm".to_owned());
    is_stored(&client, &told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_stands_still_fills_the_house_and_no_more_and_goes_on() {
    const PLACES: usize = 32;
    const SENDERS: usize = 10 * PLACES;
    const GROWTH_MAX: u64 = 96 * MIB;
    let system = System::start_with(Shape::AtScale, &[("GAPIN_SPOOL", "off"), ("GAPIN_REQUESTS_IN_FLIGHT_MAX", "32")]);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let warm = storm("before", SENDERS, &client, &organisation, |accepted, _| accepted >= 500).await;
    let before = system.gateway.resident_bytes();
    system.services().kafka.freeze();
    // Twice and more of each sender.
    let mut told = storm("still", SENDERS, &client, &organisation, |_, refused| refused >= 1_000).await;
    let inside = metric(&system, &client, "gapin_record_events_in_flight").await;
    assert!(inside <= PLACES as f64, "{inside} events inside");
    let grown = system.gateway.resident_bytes().saturating_sub(before);
    assert!(grown < GROWTH_MAX, "{} MiB more", grown / MIB);
    system.services().kafka.thaw();
    let on = storm("after", 4, &client, &organisation, |accepted, _| accepted >= 200).await;
    for more in [warm, on] {
        told.accepted.extend(more.accepted);
        told.unknown.extend(more.unknown);
    }
    is_stored(&client, &told).await;
}

/// Sends an event on a connection that stays open, and reads the status that it is answered with.
async fn status_of(stream: &mut TcpStream, organisation: &Organisation) -> String {
    let body = event().signed_by(organisation).to_string();
    let head = format!(
        "POST /aibbar/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        organisation.api_key,
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    loop {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "the connection ended");
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if length == Some(body.len()) {
            return head.split(' ').nth(1).unwrap().to_owned();
        }
    }
}

/// Of all answers to events together, in seconds.
const DURATION_SUM: &str = "gapin_http_request_duration_seconds_sum{route=\"/aibbar/events\"}";

#[tokio::test(flavor = "multi_thread")]
async fn of_who_comes_again_too_soon_the_refusal_waits_and_nothing_else() {
    let system = System::start_with(Shape::AtScale, &[("GAPIN_SPOOL", "off"), ("GAPIN_REQUESTS_IN_FLIGHT_MAX", "1")]);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    client.publish(&event().signed_by(&organisation)).await.expect(202);
    system.services().kafka.freeze();
    let holder = tokio::spawn({
        let (client, event) = (client.clone(), event().signed_by(&organisation));
        async move { client.publish(&event).await.status }
    });
    eventually("the only place is taken", async || {
        (metric(&system, &client, "gapin_record_events_in_flight").await == 1.0).then_some(())
    })
    .await;
    let mut hasty = connect(&system).await;
    let taken = async || metric(&system, &client, DURATION_SUM).await;
    let (began, taken_before) = (Instant::now(), taken().await);
    let refused = [status_of(&mut hasty, &organisation).await, status_of(&mut hasty, &organisation).await];
    // A bound from below: however slow the machine is, the second comes no earlier than the first said.
    let waited = began.elapsed();
    assert!(waited >= Duration::from_secs(1), "{waited:?}");
    assert_eq!(refused, ["503", "503"]);
    // What it was held back is no time that the gateway took, however long that was.
    let taken = taken().await - taken_before;
    assert!(taken < waited.as_secs_f64() - 0.5, "{taken} s of {waited:?}");
    system.services().kafka.thaw();
    assert!([202, 503].contains(&holder.await.unwrap()));
    // It was just refused; with room it goes in.
    eventually("there is room", async || (status_of(&mut hasty, &organisation).await == "202").then_some(())).await;
}
