//! What is wrong gets a clear answer, keeps nothing, and harms nobody else; on both shapes.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use aibbar::Timestamp;
use e2e::{Client, Organisation, System, event, on_both_shapes};
use serde_json::{Value, json};
use uuid::Uuid;

on_both_shapes!(
    what_is_not_json_enough_is_refused,
    every_fault_of_an_event_is_named_by_its_pointer,
    a_wrong_time_is_refused,
    a_signature_that_is_wrong_and_a_key_that_is_unknown_get_the_same_answer,
    without_a_good_api_key_nothing_is_answered,
    a_revoked_api_key_stops_working_within_a_second,
    a_revoked_signing_key_verifies_nothing_within_a_second,
    a_key_does_only_what_its_scopes_name,
    a_body_that_is_too_large_is_refused,
    a_bomb_of_compressed_zeros_is_refused,
    a_type_or_encoding_of_another_kind_is_refused,
    an_empty_body_or_batch_is_refused,
    a_connection_closed_half_way_keeps_nothing,
    connections_that_say_nothing_hold_up_no_one,
    a_refusal_never_repeats_what_was_sent,
);

/// What is promised of a revocation.
const REVOKED_WITHIN: Duration = Duration::from_secs(1);

async fn what_is_not_json_enough_is_refused(system: &System) {
    let (organisation, client) = fresh(system);
    let good = event().signed_by(&organisation).to_string();
    let with = |member: &str| good.replacen('{', &format!("{{{member},"), 1).into_bytes();
    let deep = format!(r#""query":{{"prompt":{}1{}}}"#, "[".repeat(80), "]".repeat(80));
    for (what, body) in [
        ("words", b"hello".to_vec()),
        ("half an event", good.as_bytes()[..good.len() / 2].to_vec()),
        ("two events without an array", format!("{good}{good}").into_bytes()),
        ("invalid UTF-8", [&good.as_bytes()[..good.len() - 2], b"\xff\xfe\"}"].concat()),
        ("a member that stands twice", with(r#""ai_version":"e2e-2""#)),
        ("an integer beyond 2^53", with(r#""sequence":9007199254740993"#)),
        ("a number beyond a double", with(r#""sequence":1e400"#)),
        ("half of a surrogate pair", with(r#""key_id":"\ud800""#)),
        ("eighty levels", with(&deep)),
        ("a comment", with("/* one */")),
        ("a trailing comma", with(r#""sequence":1,"#)),
        ("NaN", with(r#""sequence":NaN"#)),
        ("a byte order mark", [b"\xef\xbb\xbf", good.as_bytes()].concat()),
    ] {
        let answer = client.post("application/json", None, body).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid_json"), "{what}: {}", answer.body);
    }
    nothing_was_kept(system, &organisation, &client).await;
}

async fn every_fault_of_an_event_is_named_by_its_pointer(system: &System) {
    let (organisation, client) = fresh(system);
    let wrong = event()
        .with("event_type", "ai.action")
        .with("ai_version", 4)
        .with("colour", "red")
        .with("sequence", -1)
        .with("metadata", json!({ "user_id": 7, "labels": { "a": 1 } }))
        .signed_by(&organisation);

    let answer = client.publish(&wrong).await.expect(400);

    assert_eq!(answer.code(), "schema_violation");
    let mut pointers: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    pointers.dedup();
    for pointer in ["/ai_version", "/colour", "/sequence", "/metadata/user_id", "/metadata/labels/a"] {
        assert!(pointers.contains(&pointer), "{pointer} is not among {pointers:?}");
    }
    assert!(answer.body["errors"].to_string().contains("action"), "the missing member is named: {}", answer.body);
    let unsigned = {
        let Value::Object(mut members) = event().signed_by(&organisation) else { unreachable!() };
        members.remove("signature");
        Value::Object(members)
    };
    let answer = client.publish(&unsigned).await.expect(400);
    assert_eq!(answer.code(), "schema_violation");
    assert!(answer.body["errors"].to_string().contains("signature"), "{}", answer.body);
    nothing_was_kept(system, &organisation, &client).await;
}

async fn a_wrong_time_is_refused(system: &System) {
    let (organisation, client) = fresh(system);
    let now = Timestamp::from(std::time::SystemTime::now());
    let days = |days: i64| now.plus_ms(days * 24 * 60 * 60 * 1000);
    let old_id = Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
    for (event, code) in [
        (event().at(now.plus_ms(10 * 60 * 1000)), "timestamp_in_future"),
        (event().at(days(-401)), "timestamp_too_old"),
        (event().with("event_id", old_id.to_string()), "event_id_time_mismatch"),
    ] {
        let answer = client.publish(&event.signed_by(&organisation)).await.expect(400);
        assert_eq!(answer.code(), code);
    }
    nothing_was_kept(system, &organisation, &client).await;
}

async fn a_signature_that_is_wrong_and_a_key_that_is_unknown_get_the_same_answer(system: &System) {
    let (organisation, client) = fresh(system);
    let mut tampered = event().saying("pay 10").signed_by(&organisation);
    tampered["response"]["output"] = "pay 1000".into();
    let mut made_up = event().signed_by(&organisation);
    made_up["signature"] = "0".repeat(64).into();
    let unknown = event().with("key_id", "nobodys").signed_by(&organisation);

    let mut answers = Vec::new();
    for event in [tampered, made_up, unknown] {
        let mut answer = client.publish(&event).await.expect(401).body;
        assert_eq!(answer["code"], "invalid_signature");
        answer["request_id"] = Value::Null;
        answers.push(answer);
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    nothing_was_kept(system, &organisation, &client).await;
}

async fn without_a_good_api_key_nothing_is_answered(system: &System) {
    let (organisation, client) = fresh(system);
    let last = if organisation.api_key.ends_with('0') { '1' } else { '0' };
    let mistyped = format!("{}{last}", &organisation.api_key[..organisation.api_key.len() - 1]);
    let sent = event().signed_by(&organisation);
    for key in ["", "sk_", "nonsense", &mistyped, organisation.secret.expose()] {
        let stranger = client.with_key(key);
        let written = stranger.publish(&sent).await.expect(401);
        assert!(["missing_api_key", "invalid_api_key"].contains(&written.code()), "{key:?}: {}", written.body);
        assert!(written.headers.contains_key("www-authenticate"));
        stranger.get("/aibbar/events").await.expect(401);
        stranger.get(&format!("/aibbar/events/{}", Uuid::now_v7())).await.expect(401);
        assert!(e2e::Live::try_open(&system.url, key, "").await.is_err());
    }
    nothing_was_kept(system, &organisation, &client).await;
}

async fn a_revoked_api_key_stops_working_within_a_second(system: &System) {
    let (organisation, client) = fresh(system);
    client.publish(&event().signed_by(&organisation)).await.expect(202);
    let mut live = client.live("").await;

    system.run(&["keys", "revoke", "--org", &organisation.name, &organisation.api_key_id]).succeeded();

    let revoked = Instant::now();
    let mut taken = 0;
    loop {
        let asked = revoked.elapsed();
        let answer = client.publish(&event().signed_by(&organisation)).await;
        if answer.status == 401 {
            assert_eq!(answer.code(), "invalid_api_key");
            break;
        }
        assert!(asked < REVOKED_WITHIN, "{asked:?} after it was revoked, the key still wrote");
        taken += 1;
        tokio::task::yield_now().await;
    }
    // An open stream ends too, after what was still taken.
    while let Some(frame) = live.frame().await {
        match frame["type"].as_str() {
            Some("event") => taken -= 1,
            _ => assert_eq!((&frame["type"], &frame["reason"]), (&json!("bye"), &json!("key_invalid"))),
        }
    }
    assert!(taken >= -1, "more was seen than was sent");
}

async fn a_revoked_signing_key_verifies_nothing_within_a_second(system: &System) {
    let (organisation, client) = fresh(system);
    client.publish(&event().signed_by(&organisation)).await.expect(202);

    let revoke = ["signing-keys", "revoke", "--org", &organisation.name, &organisation.key_id];
    system.run(&revoke).succeeded();

    let revoked = Instant::now();
    loop {
        let asked = revoked.elapsed();
        let answer = client.publish(&event().signed_by(&organisation)).await;
        if answer.status == 401 {
            assert_eq!(answer.code(), "invalid_signature");
            return;
        }
        assert!(asked < REVOKED_WITHIN, "{asked:?} after it was revoked, the signing key still verified");
        tokio::task::yield_now().await;
    }
}

async fn a_key_does_only_what_its_scopes_name(system: &System) {
    let (organisation, client) = fresh(system);
    let key = |name: &str, scope: &str| {
        let made =
            system.run(&["keys", "create", "--org", &organisation.name, "--name", name, "--scopes", scope, "--json"]);
        made.succeeded().json()["key"].as_str().unwrap().to_owned()
    };
    let (writer, reader) = (key("writer", "events:write"), key("reader", "events:read"));

    let refused = client.with_key(&writer).get("/aibbar/events").await.expect(403);
    assert_eq!(refused.code(), "missing_scope");
    assert!(e2e::Live::try_open(&system.url, &writer, "").await.is_err());
    client.with_key(&reader).publish(&event().signed_by(&organisation)).await.expect(403);

    client.with_key(&writer).publish(&event().signed_by(&organisation)).await.expect(202);
    client.with_key(&reader).stored_once_there("", 1).await;
}

async fn a_body_that_is_too_large_is_refused(system: &System) {
    let (organisation, client) = fresh(system);
    let too_long = event().saying("x".repeat(257 * 1024)).signed_by(&organisation);
    let answer = client.publish(&too_long).await.expect(413);
    assert_eq!(answer.code(), "event_too_large");

    // In a batch it spoils no other.
    let good = event().signed_by(&organisation);
    let answer = client.publish(&json!([too_long, good])).await.expect(207);
    assert_eq!(answer.statuses(), ["rejected", "accepted"]);

    let answer = client.post("application/json", None, vec![b' '; 11 * 1024 * 1024]).await;
    assert_eq!((answer.status, answer.code()), (413, "body_too_large"));
    let many = Value::Array(vec![json!({}); 20_000]);
    let answer = client.publish(&many).await.expect(413);
    assert_eq!(answer.code(), "batch_too_large");
    client.stored_once_there("", 1).await;
}

async fn a_bomb_of_compressed_zeros_is_refused(system: &System) {
    const ZEROS: usize = 256 * 1024 * 1024;
    let (organisation, client) = fresh(system);
    for (encoding, bomb) in [("gzip", gzip_zeros(ZEROS)), ("zstd", zstd_zeros(ZEROS)), ("br", brotli_zeros(ZEROS))] {
        let bytes = bomb.len();
        assert!(bytes < 2 * 1024 * 1024, "{encoding}: {bytes} bytes");
        let answer = client.post("application/json", Some(encoding), bomb).await;
        assert_eq!((answer.status, answer.code()), (413, "body_too_large"), "{encoding}");
        let nonsense = client.post("application/json", Some(encoding), b"not compressed at all".to_vec()).await;
        assert_eq!((nonsense.status, nonsense.code()), (400, "invalid_encoding"), "{encoding}");
    }
    nothing_was_kept(system, &organisation, &client).await;
}

async fn a_type_or_encoding_of_another_kind_is_refused(system: &System) {
    let (organisation, client) = fresh(system);
    let sent = event().signed_by(&organisation).to_string().into_bytes();
    let answer = client.post("text/html", None, sent.clone()).await.expect(415);
    assert_eq!(answer.code(), "unsupported_media_type");
    let answer = client.post("application/json", Some("lzma"), sent).await.expect(415);
    assert_eq!(answer.code(), "unsupported_encoding");
    nothing_was_kept(system, &organisation, &client).await;
}

async fn an_empty_body_or_batch_is_refused(system: &System) {
    let (organisation, client) = fresh(system);
    for (content_type, body) in [
        ("application/json", ""),
        ("application/json", "[]"),
        ("application/json", "[1,]"),
        ("application/x-ndjson", "\n\n"),
    ] {
        client.post(content_type, None, body.into()).await.expect(400);
    }
    // A batch of things that are no events at all: each is refused, and so the whole.
    let answer = client.publish(&json!([1, "two", null])).await.expect(400);
    assert_eq!(answer.statuses(), ["rejected"; 3]);
    nothing_was_kept(system, &organisation, &client).await;
}

async fn a_connection_closed_half_way_keeps_nothing(system: &System) {
    let (organisation, client) = fresh(system);
    let body = event().signed_by(&organisation).to_string();
    let address = system.url.strip_prefix("http://").unwrap();
    for sent in [0, body.len() / 2, body.len() - 1] {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /aibbar/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            organisation.api_key,
            body.len(),
            &body[..sent]
        )
        .unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        // Whatever it says, it does not say that the event was kept.
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    }
    nothing_was_kept(system, &organisation, &client).await;
}

async fn connections_that_say_nothing_hold_up_no_one(system: &System) {
    const IDLE: usize = 500;
    let (organisation, client) = fresh(system);
    let address = system.url.strip_prefix("http://").unwrap();
    let idle: Vec<_> = (0..IDLE)
        .map(|i| {
            let mut stream = TcpStream::connect(address).unwrap();
            // Every other one has begun to say something.
            if i % 2 == 0 {
                stream.write_all(b"POST /aibbar/events HTTP/1.1\r\nHost: ").unwrap();
            }
            stream
        })
        .collect();
    nothing_was_kept(system, &organisation, &client).await;
    drop(idle);
}

async fn a_refusal_never_repeats_what_was_sent(system: &System) {
    const SECRET: &str = "ada-lovelace@example.com";
    let (organisation, client) = fresh(system);
    let mut tampered = event().saying(SECRET).signed_by(&organisation);
    tampered["ai_version"] = "e2e-2".into();
    for body in [
        event().with("ai_version", json!([SECRET])).with(SECRET, 1).signed_by(&organisation).to_string(),
        event().with("event_type", SECRET).with("timestamp", SECRET).signed_by(&organisation).to_string(),
        tampered.to_string(),
        format!("{{\"output\": \"{SECRET}\", nonsense"),
    ] {
        let answer = client.post("application/json", None, body.clone().into_bytes()).await;
        assert!((400..500).contains(&answer.status));
        // The name of an unknown field is the client's own and stands in the pointer, nothing else does.
        let mut said = answer.body.clone();
        for error in said["errors"].as_array_mut().into_iter().flatten() {
            error["pointer"] = Value::Null;
        }
        assert!(!said.to_string().contains(SECRET), "{said}");
    }
    assert!(!system.gateway.said().contains(SECRET), "it stands in the log");
}

fn fresh(system: &System) -> (Organisation, Client) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    (organisation, client)
}

/// A good event goes through, and when it is stored it is the only one.
async fn nothing_was_kept(system: &System, organisation: &Organisation, client: &Client) {
    client.publish(&event().signed_by(organisation)).await.expect(202);
    client.stored_once_there("", 1).await;
    let ready = client.get("/health/ready").await;
    assert_eq!(ready.status, 200, "{:?}: {}", system.shape, ready.body);
}

fn gzip_zeros(bytes: usize) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    write_zeros(&mut writer, bytes);
    writer.finish().unwrap()
}

fn zstd_zeros(bytes: usize) -> Vec<u8> {
    let mut writer = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    write_zeros(&mut writer, bytes);
    writer.finish().unwrap()
}

fn brotli_zeros(bytes: usize) -> Vec<u8> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 1, 22);
    write_zeros(&mut writer, bytes);
    writer.into_inner()
}

fn write_zeros(writer: &mut impl Write, bytes: usize) {
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..bytes / zeros.len() {
        writer.write_all(&zeros).unwrap();
    }
}
