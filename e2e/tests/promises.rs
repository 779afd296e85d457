//! What a sender and a reader are promised, on both shapes.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{collections::BTreeSet, io::Write};

use aibbar::{EventType, Timestamp};
use e2e::{Client, System, event, eventually, on_both_shapes, text_of};
use serde_json::{Value, json};
use uuid::Uuid;

on_both_shapes!(
    an_event_is_acknowledged_stored_read_and_seen_live,
    every_type_of_event_comes_back_as_it_was_signed,
    a_bad_event_in_the_middle_spoils_no_other,
    lines_are_taken_as_well_as_arrays,
    every_encoding_is_understood,
    pages_hold_every_record_once_newest_first,
    filters_find_what_matches_and_nothing_else,
    a_live_stream_resumes_where_it_ended,
    one_ai_systems_events_are_seen_in_their_order,
    the_same_event_again_is_stored_once,
    the_same_event_from_many_at_once_is_stored_once,
    another_event_of_the_same_id_never_overwrites_the_first,
    what_is_personal_or_secret_is_hidden_everywhere,
    one_organisation_never_sees_anothers_events,
    the_schema_is_served,
    answers_tell_their_request_id_and_the_wait_for_the_log,
);

async fn an_event_is_acknowledged_stored_read_and_seen_live(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut live = client.live("").await;

    let sent = event().saying("The refund is on its way.").in_session("s-1").signed_by(&organisation);
    let answer = client.publish(&sent).await.expect(202);
    assert_eq!(answer.body["status"], "accepted");
    let id = answer.body["event_id"].as_str().unwrap().to_owned();

    let seen = live.records(1).await.remove(0);
    let read = once_stored(&client, &id).await;
    let found = client.stored("session_id=s-1").await;
    assert_eq!(read["event"], sent, "what was signed is what is kept");
    assert_eq!(found, std::slice::from_ref(&read));
    assert_eq!(seen, read, "what is seen live is what is stored");

    let record = &read["record"];
    assert_eq!(record["event_id"], id);
    assert_eq!(record["api_key_id"], organisation.api_key_id);
    assert_eq!(record["key_id"], organisation.key_id);
    assert_eq!(record["schema"], "aibbar/1");
    assert_eq!(record["redactions"], json!([]));
    for time in ["received_at", "signature_verified_at"] {
        assert!(Timestamp::parse(record[time].as_str().unwrap()).is_some(), "{time}");
    }
    for member in ["org_id", "gateway", "redaction_rules"] {
        assert!(!record[member].as_str().unwrap().is_empty(), "{member}");
    }
}

async fn every_type_of_event_comes_back_as_it_was_signed(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let odd = json!({
        "text": "snowman ☃, clef 𝄞, quote \" and \\, tab \t, null \u{0}, line \u{2028}",
        "numbers": [0, -1, 1.5, 1e300, 5e-324, 9007199254740991_i64, 0.1],
        "nested": { "": [[], {}, null, true], "b": 1, "a": 2 },
    });
    let sent: Vec<Value> = EventType::ALL
        .into_iter()
        .map(|event_type| {
            let typed = event().of_type(event_type).saying(odd.clone());
            typed.with("sequence", 7).signed_by(&organisation)
        })
        .collect();

    let ids = client.publish(&Value::Array(sent.clone())).await.expect(202).accepted_ids();

    let stored = client.stored_once_there("", sent.len()).await;
    for (id, event) in ids.iter().zip(&sent) {
        assert_eq!(&stored[id]["event"], event);
    }
}

async fn a_bad_event_in_the_middle_spoils_no_other(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let good = |text: &str| event().saying(text).signed_by(&organisation);
    let batch = json!([good("first"), event().with("colour", "red").signed_by(&organisation), good("last")]);

    let answer = client.publish(&batch).await.expect(207);

    assert_eq!(answer.body["accepted"], 2);
    assert_eq!(answer.body["rejected"], 1);
    assert_eq!(answer.statuses(), ["accepted", "rejected", "accepted"]);
    assert_eq!(answer.results()[1]["index"], 1);
    assert_eq!(answer.results()[1]["code"], "schema_violation");
    assert_eq!(answer.results()[1]["errors"][0]["pointer"], "/colour");
    let stored = client.stored_once_there("", 2).await;
    let texts: BTreeSet<_> = stored.values().filter_map(text_of).collect();
    assert_eq!(texts, BTreeSet::from(["first", "last"]));
}

async fn lines_are_taken_as_well_as_arrays(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let one = event().signed_by(&organisation);
    let other = event().signed_by(&organisation);
    let lines = format!("{one}\n\nthis line is not JSON\r\n{other}");

    let answer = client.post("application/x-ndjson", None, lines.into_bytes()).await.expect(207);

    assert_eq!(answer.statuses(), ["accepted", "rejected", "accepted"]);
    assert_eq!(answer.results()[1]["code"], "invalid_json");
    client.stored_once_there("", 2).await;
}

async fn every_encoding_is_understood(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    type Compress = fn(&[u8]) -> Vec<u8>;
    let encodings: [(&str, Compress); 4] = [("gzip", gzip), ("deflate", zlib), ("zstd", zstd), ("br", brotli)];
    for (encoding, compress) in encodings {
        let sent = event().saying(encoding).signed_by(&organisation).to_string();
        client.post("application/json", Some(encoding), compress(sent.as_bytes())).await.expect(202);
    }
    let stored = client.stored_once_there("", encodings.len()).await;
    let texts: BTreeSet<_> = stored.values().filter_map(text_of).collect();
    assert_eq!(texts, encodings.iter().map(|(encoding, _)| *encoding).collect());
}

async fn pages_hold_every_record_once_newest_first(system: &System) {
    const EVENTS: i64 = 230;
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let start = Timestamp::parse("2026-01-01T00:00:00Z").unwrap().max(days_ago(300));
    let sent: Vec<Value> =
        (0..EVENTS).map(|i| event().at(start.plus_ms(i * 60_000)).signed_by(&organisation)).collect();
    client.publish(&Value::Array(sent)).await.expect(202);
    client.stored_once_there("", EVENTS as usize).await;

    let first = client.get("/aibbar/events?limit=100").await.expect(200);
    // What arrives while someone turns the pages is newer than these, and moves none of them.
    client.publish(&event().signed_by(&organisation)).await.expect(202);
    client.stored_once_there("", EVENTS as usize + 1).await;
    let mut cursor = first.body["next_cursor"].as_str().unwrap().to_owned();
    let mut records = first.body["items"].as_array().unwrap().clone();
    loop {
        let page = client.get(&format!("/aibbar/events?limit=100&cursor={cursor}")).await.expect(200);
        records.extend(page.body["items"].as_array().unwrap().clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }

    let times: Vec<_> =
        records.iter().map(|r| Timestamp::parse(r["event"]["timestamp"].as_str().unwrap()).unwrap()).collect();
    let expected: Vec<_> = (0..EVENTS).rev().map(|i| start.plus_ms(i * 60_000)).collect();
    assert_eq!(times, expected);
}

async fn filters_find_what_matches_and_nothing_else(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let other_ai = Uuid::new_v4();
    let old = days_ago(10);
    let query = event().of_type(EventType::Query).in_session("a").signed_by(&organisation);
    let answer = event().saying("A Needle in the haystack").at(old).signed_by(&organisation);
    let foreign = event().with("ai_id", other_ai.to_string()).in_session("b").signed_by(&organisation);
    client.publish(&json!([query, answer, foreign])).await.expect(202);
    client.stored_once_there("", 3).await;

    let request_id = query["metadata"]["request_id"].as_str().unwrap();
    let later = old.plus_ms(1);
    for (filter, expected) in [
        ("session_id=a".to_owned(), vec![&query]),
        (format!("request_id={request_id}"), vec![&query]),
        ("event_type=ai.query".to_owned(), vec![&query]),
        (format!("ai_id={other_ai}"), vec![&foreign]),
        ("q=needle".to_owned(), vec![&answer]),
        ("q=%25needle%25".to_owned(), vec![]),
        (format!("from={old}&to={later}"), vec![&answer]),
        (format!("to={old}"), vec![]),
        (format!("from={later}&session_id=b"), vec![&foreign]),
        (format!("session_id=a&ai_id={other_ai}"), vec![]),
        ("session_id=c".to_owned(), vec![]),
    ] {
        let found: Vec<Value> =
            client.stored(&filter).await.into_iter().map(|record| record["event"].clone()).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter}");
    }
    for wrong in ["ai_id=7", "event_type=ai.thought", "from=yesterday", "limit=0", "cursor=x", "sesion_id=a"] {
        let refused = client.get(&format!("/aibbar/events?{wrong}")).await.expect(400);
        assert_eq!(refused.code(), "invalid_parameter", "{wrong}");
    }
    client.get(&format!("/aibbar/events/{}", Uuid::now_v7())).await.expect(404);
}

async fn a_live_stream_resumes_where_it_ended(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let numbered = |from: i32, to: i32| {
        Value::Array((from..to).map(|i| event().saying(i.to_string()).signed_by(&organisation)).collect())
    };
    let mut live = client.live("event_type=ai.response").await;
    client.publish(&numbered(0, 5)).await.expect(202);
    let mut seen = live.records(5).await;
    let cursor = live.cursor.clone();
    drop(live);

    client.publish(&numbered(5, 10)).await.expect(202);
    client.publish(&event().of_type(EventType::Query).signed_by(&organisation)).await.expect(202);
    let mut resumed = client.live(&format!("event_type=ai.response&cursor={cursor}")).await;
    client.publish(&numbered(10, 12)).await.expect(202);
    seen.extend(resumed.records(7).await);

    let texts: Vec<_> = seen.iter().filter_map(text_of).collect();
    let expected: Vec<_> = (0..12).map(|i| i.to_string()).collect();
    assert_eq!(texts, expected);
}

async fn one_ai_systems_events_are_seen_in_their_order(system: &System) {
    const BATCHES: i32 = 20;
    const BATCH: i32 = 25;
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut live = client.live("batch=1").await;
    for batch in 0..BATCHES {
        let numbers = batch * BATCH..(batch + 1) * BATCH;
        let events = numbers.map(|i| event().with("sequence", i).signed_by(&organisation)).collect();
        client.publish(&Value::Array(events)).await.expect(202);
    }
    let seen = live.records((BATCHES * BATCH) as usize).await;
    let order: Vec<_> = seen.iter().filter_map(|record| record["event"]["sequence"].as_i64()).collect();
    assert!(order.iter().copied().eq(0..i64::from(BATCHES * BATCH)), "{order:?}");
}

async fn the_same_event_again_is_stored_once(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let sent = event().signed_by(&organisation);
    let first = client.publish(&sent).await.expect(202);
    let twice = client.publish(&json!([sent, sent])).await.expect(202);
    let id = first.body["event_id"].as_str().unwrap();
    assert_eq!(twice.accepted_ids(), [id, id]);

    // Of the same AI system, so behind the others: when it is stored, they have been looked at.
    client.publish(&event().saying("the mark").signed_by(&organisation)).await.expect(202);
    client.stored_once_there("q=the+mark", 1).await;
    client.stored_once_there("", 2).await;
    assert_eq!(once_stored(&client, id).await["event"], sent);
}

async fn the_same_event_from_many_at_once_is_stored_once(system: &System) {
    const SENDERS: usize = 20;
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let events: Vec<Value> = (0..10).map(|_| event().signed_by(&organisation)).collect();
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let (client, mut events) = (client.clone(), events.clone());
        events.rotate_left(sender % 10);
        senders.spawn(async move { client.publish(&Value::Array(events)).await.expect(202) });
    }
    senders.join_all().await;

    client.publish(&event().saying("the mark").signed_by(&organisation)).await.expect(202);
    client.stored_once_there("q=the+mark", 1).await;
    client.stored_once_there("", events.len() + 1).await;
}

async fn another_event_of_the_same_id_never_overwrites_the_first(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let id = Uuid::now_v7().to_string();
    let first = event().with("event_id", id.as_str()).saying("the truth").signed_by(&organisation);
    let second = event().with("event_id", id.as_str()).saying("another story").signed_by(&organisation);
    client.publish(&first).await.expect(202);
    client.publish(&second).await.expect(202);
    client.publish(&event().saying("the mark").signed_by(&organisation)).await.expect(202);

    client.stored_once_there("q=the+mark", 1).await;
    client.stored_once_there("", 2).await;
    assert_eq!(once_stored(&client, &id).await["event"], first);
    eventually("the second is a dead letter", async || {
        let letters = dead_letters(system);
        (letters.contains("event_id_conflict") && letters.contains(&id)).then_some(())
    })
    .await;
}

/// All dead letters as text, read where they lie.
fn dead_letters(system: &System) -> String {
    match &system.services {
        Some(services) => services.kafka.records_at_rest(aibbar::record::DEAD_LETTERS_TOPIC),
        None => String::from_utf8_lossy(&e2e::bytes_under(&system.data_dir())).into_owned(),
    }
}

async fn what_is_personal_or_secret_is_hidden_everywhere(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut live = client.live("").await;
    let sent = event().saying("Write to ada@example.com.").signed_by(&organisation);
    let id = client.publish(&sent).await.expect(202).body["event_id"].as_str().unwrap().to_owned();

    let read = once_stored(&client, &id).await;
    assert_eq!(text_of(&read), Some("Write to [REDACTED:email]."));
    assert_eq!(read["record"]["redactions"], json!([{ "pointer": "/response/output", "kind": "email" }]));
    assert_eq!(read["event"]["signature"], sent["signature"], "the signature is that of what was sent");
    assert_eq!(live.records(1).await, [read]);
    assert!(client.stored("q=ada%40example.com").await.is_empty());
}

async fn one_organisation_never_sees_anothers_events(system: &System) {
    let (ours, theirs) = (system.organisation(), system.organisation());
    let (our_client, their_client) = (system.client(&ours), system.client(&theirs));
    let mut their_live = their_client.live("").await;

    let id = our_client.publish(&event().signed_by(&ours)).await.expect(202).body["event_id"].clone();
    let id = id.as_str().unwrap();
    once_stored(&our_client, id).await;
    let own = their_client.publish(&event().saying("theirs").signed_by(&theirs)).await.expect(202);

    their_client.get(&format!("/aibbar/events/{id}")).await.expect(404);
    let stored = their_client.stored_once_there("", 1).await;
    assert!(stored.contains_key(own.body["event_id"].as_str().unwrap()));
    assert!(their_client.stored(&format!("ai_id={}", ours.ai_id)).await.is_empty());
    assert_eq!(their_live.records(1).await.iter().filter_map(text_of).collect::<Vec<_>>(), ["theirs"]);
    // From the beginning of the log, where everyone's events lie.
    let mut replay = their_client.live("cursor=earliest").await;
    assert_eq!(replay.records(1).await.iter().filter_map(text_of).collect::<Vec<_>>(), ["theirs"]);
    // A key of theirs, a signature of ours.
    let refused = their_client.publish(&event().signed_by(&ours)).await.expect(401);
    assert_eq!(refused.code(), "invalid_signature");
}

async fn the_schema_is_served(system: &System) {
    let client = Client::new(&system.url, "");
    let schema = client.get("/api/schemas/aibbar-event.json").await.expect(200);
    let file = include_str!("../../contract/aibbar-event.schema.json");
    assert_eq!(schema.body, serde_json::from_str::<Value>(file).unwrap());
}

async fn answers_tell_their_request_id_and_the_wait_for_the_log(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    for path in ["/health", "/health/live", "/health/ready", "/nowhere", "/aibbar/events", "/aibbar/events/x"] {
        let answer = client.get(path).await;
        let id = answer.headers.get("x-request-id").unwrap_or_else(|| panic!("{path}")).to_str().unwrap();
        if answer.status >= 400 {
            assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
            assert_eq!(answer.body["request_id"], id, "{path}");
        }
    }
    let good = client.publish(&event().signed_by(&organisation)).await.expect(202);
    let timing = good.headers["server-timing"].to_str().unwrap();
    let log_ms: f64 = timing.strip_prefix("log;dur=").unwrap().parse().unwrap();
    assert!(log_ms > 0.0, "{timing}");
    let ready = client.get("/health/ready").await.expect(200);
    let names: Vec<_> = ready.body["dependencies"].as_array().unwrap().iter().map(|d| &d["name"]).collect();
    assert!(names.contains(&&json!("log")) && names.contains(&&json!("store")), "{}", ready.body);
}

async fn once_stored(client: &Client, id: &str) -> Value {
    eventually("the event is stored", async || {
        let answer = client.get(&format!("/aibbar/events/{id}")).await;
        (answer.status == 200).then_some(answer.body)
    })
    .await
}

fn days_ago(days: i64) -> Timestamp {
    Timestamp::from(std::time::SystemTime::now()).plus_ms(-days * 24 * 60 * 60 * 1000)
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(plain).unwrap();
    writer.finish().unwrap()
}

fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(plain).unwrap();
    writer.finish().unwrap()
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    zstd::encode_all(plain, 3).unwrap()
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut compressed, &Default::default()).unwrap();
    compressed
}
