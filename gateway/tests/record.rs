//! The door for events: what it takes, what it refuses, and what it says when the log or the house is full.
#![allow(clippy::unwrap_used)]

mod rig;

use std::{io::Write, sync::Arc, time::Duration};

use bus::AppendError;
use rig::{Mood, Org, Rig, body, entry, now, problem};
use serde_json::{Value, json};
use store::{
    RetentionStore,
    identity::{IdentityStore, Scope},
    redaction::RedactionStore,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
};

#[tokio::test]
async fn an_acknowledged_event_is_in_the_log_and_then_can_be_read() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let event_id = rig.record(&org, "s-1").await;
    problem(rig.get(&org, &format!("/aibbar/events/{event_id}")), (404, "not_found")).await;
    rig.carry().await;
    let record = body(rig.get(&org, &format!("/aibbar/events/{event_id}")).send().await.unwrap()).await;
    assert_eq!(record["event"]["metadata"]["session_id"], "s-1");
    assert_eq!(record["record"]["event_id"], event_id.to_string());
    assert_eq!(record["record"]["org_id"], org.id.to_string());
    assert_eq!(record["record"]["api_key_id"], org.api_key_id.to_string());
    assert_eq!(record["record"]["key_id"], "main");
}

#[tokio::test]
async fn a_bad_event_in_the_middle_of_a_batch_spoils_itself_alone() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let (first, last) = (org.event("first"), org.event("last"));
    let mut wrong = org.unsigned("wrong");
    wrong.insert("surprise".into(), json!(1));
    wrong.insert("signature".into(), json!("0".repeat(64)));
    wrong.insert("signature_algorithm".into(), json!("HMAC-SHA256"));
    wrong.remove("ai_version");
    let doubled = first.replacen('{', r#"{"ai_version":"1","#, 1);
    let array = format!("[{first},{},{doubled},{last}]", Value::Object(wrong));

    let answer = rig.post(&org, array).send().await.unwrap();
    assert_eq!(answer.status(), 207);
    let results = body(answer).await;
    assert_eq!((results["accepted"].as_u64(), results["rejected"].as_u64()), (Some(2), Some(2)));
    let results = results["results"].as_array().unwrap();
    let codes: Vec<_> = results.iter().map(|r| r["code"].as_str().unwrap_or("-")).collect();
    assert_eq!(codes, ["-", "schema_violation", "invalid_json", "-"]);
    let pointers: Vec<_> =
        results[1]["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert!(pointers.contains(&"/surprise") && pointers.contains(&"/ai_version"), "{pointers:?}");
    assert!(results.iter().enumerate().all(|(i, r)| r["index"] == i));
    rig.carry().await;
    let page = body(rig.get(&org, "/aibbar/events").send().await.unwrap()).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn lines_are_a_batch_and_a_bad_line_is_one_bad_event() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let lines = format!("{}\r\n\n{{\"half\":\n  {}  \n", org.event("a"), org.event("b"));
    let answer = rig.post_as(&org, "application/x-ndjson", lines).send().await.unwrap();
    assert_eq!(answer.status(), 207);
    let results = body(answer).await;
    let statuses: Vec<_> = results["results"].as_array().unwrap().iter().map(|r| r["status"].clone()).collect();
    assert_eq!(statuses, ["accepted", "rejected", "accepted"]);
}

#[tokio::test]
async fn a_batch_refused_for_one_class_of_reason_has_its_status_and_the_results() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let forged = org.event("a").replace("What is", "What was");
    let refused = problem(rig.post(&org, format!("[{forged},{forged}]")), (401, "invalid_signature")).await;
    assert_eq!((refused["accepted"].as_u64(), refused["rejected"].as_u64()), (Some(0), Some(2)));
    assert_eq!(refused["results"][1]["code"], "invalid_signature");
    let answer = rig.post(&org, format!("[{forged},{{}}]")).send().await.unwrap();
    assert_eq!(answer.status(), 207, "two classes of reason");
}

#[tokio::test]
async fn what_is_not_an_event_is_told_why() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    for (sent, code) in [
        ("", "invalid_json"),
        ("nonsense", "invalid_json"),
        ("{\"a\":1,\"a\":2}", "invalid_json"),
        ("[]", "empty_batch"),
        ("[{}", "invalid_json"),
        ("[{}]]", "invalid_json"),
        ("{}", "schema_violation"),
        ("7", "schema_violation"),
    ] {
        problem(rig.post(&org, sent), (400, code)).await;
    }
    problem(rig.post(&org, vec![b'"', 0xff, b'"']), (400, "invalid_json")).await;
    let large = org.event("x").replacen("What", &"W".repeat(300 * 1024), 1);
    problem(rig.post(&org, large), (413, "event_too_large")).await;
}

#[tokio::test]
async fn an_unknown_signing_key_and_a_wrong_signature_get_the_same_answer() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let mut unknown = org.unsigned("s");
    unknown.insert("key_id".into(), json!("nobody-knows-it"));
    let unknown = problem(rig.post(&org, org.sign(unknown)), (401, "invalid_signature")).await;
    let forged = org.event("s").replace("weather", "whether");
    let forged = problem(rig.post(&org, forged), (401, "invalid_signature")).await;
    assert_eq!(unknown["detail"], forged["detail"]);
}

#[tokio::test]
async fn a_revoked_signing_key_verifies_nothing_any_more() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    rig.record(&org, "before").await;
    assert!(rig.store.revoke_signing_key(org.id, "main", now(), &rig::entry(org.id)).await.unwrap());
    rig.until("the revocation is noticed", async || {
        rig.post(&org, org.event("after")).send().await.unwrap().status() == 401
    })
    .await;
}

#[tokio::test]
async fn keys_are_asked_for_and_their_scopes_hold() {
    let rig = Rig::start(|_| {}).await;
    let reader = rig.org_with(&[Scope::EventsRead]).await;
    let url = format!("{}/aibbar/events", rig.url);
    let answer = rig.http.get(&url).send().await.unwrap();
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    problem(rig.http.get(&url), (401, "missing_api_key")).await;
    problem(rig.http.get(&url).bearer_auth("sk_nonsense"), (401, "invalid_api_key")).await;
    problem(rig.http.get(&url).basic_auth("a", Some("b")), (401, "invalid_api_key")).await;
    let unknown = store::api_key::generate();
    problem(rig.http.get(&url).bearer_auth(unknown.key.as_str()), (401, "invalid_api_key")).await;
    let refused = problem(rig.post(&reader, reader.event("s")), (403, "missing_scope")).await;
    assert!(refused["detail"].as_str().unwrap().contains("events:write"));
}

#[tokio::test]
async fn bodies_come_compressed_in_four_ways_and_no_bomb_goes_off() {
    let rig = Rig::start(|s| s.record.body_bytes_max = 1024 * 1024).await;
    let org = rig.org().await;
    let gzip = |plain: &[u8]| {
        let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        w.write_all(plain).unwrap();
        w.finish().unwrap()
    };
    let zlib = |plain: &[u8]| {
        let mut w = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        w.write_all(plain).unwrap();
        w.finish().unwrap()
    };
    let zstd = |plain: &[u8]| zstd::encode_all(plain, 3).unwrap();
    let event = org.event("s");
    for (encoding, sent) in [
        ("gzip", gzip(event.as_bytes())),
        ("deflate", zlib(event.as_bytes())),
        ("zstd", zstd(event.as_bytes())),
        ("GZIP", gzip(event.as_bytes())),
    ] {
        let answer = rig.post(&org, sent).header("content-encoding", encoding).send().await.unwrap();
        assert_eq!(answer.status(), 202, "{encoding}");
    }
    let zeros = vec![b' '; 256 << 20];
    for (encoding, bomb) in [("gzip", gzip(&zeros)), ("deflate", zlib(&zeros)), ("zstd", zstd(&zeros))] {
        problem(rig.post(&org, bomb).header("content-encoding", encoding), (413, "body_too_large")).await;
    }
    problem(rig.post(&org, "plain").header("content-encoding", "gzip"), (400, "invalid_encoding")).await;
    problem(rig.post(&org, "x").header("content-encoding", "lzw"), (415, "unsupported_encoding")).await;
    problem(rig.post_as(&org, "text/plain", "x"), (415, "unsupported_media_type")).await;
    assert_eq!(rig.metric("gapin_record_in_flight_bytes").await, 0.0);
}

#[tokio::test]
async fn bounds_of_body_and_batch_hold() {
    let rig = Rig::start(|s| {
        s.record.body_bytes_max = 512 * 1024;
        s.record.batch_events_max = 3;
    })
    .await;
    let org = rig.org().await;
    problem(rig.post(&org, vec![b' '; 512 * 1024 + 1]), (413, "body_too_large")).await;
    let event = org.event("s");
    problem(rig.post(&org, format!("[{event},{event},{event},{event}]")), (413, "batch_too_large")).await;
    assert_eq!(rig.post(&org, format!("[{event},{event},{event}]")).send().await.unwrap().status(), 202);
}

#[tokio::test]
async fn a_log_that_fails_is_503_with_retry_after_and_never_an_acknowledgement() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    for (error, code) in [
        (AppendError::Unavailable("brokers at secret-host:9092 are away".into()), "log_unavailable"),
        (AppendError::QueueFull, "overloaded"),
        (AppendError::OutcomeUnknown("timed out".into()), "outcome_unknown"),
        (AppendError::Closed, "log_unavailable"),
    ] {
        rig.log.set(Mood::Fails(error));
        let told = problem(rig.post(&org, org.event("s")), (503, code)).await;
        assert!(!told.to_string().contains("secret-host"));
        problem(rig.post(&org, format!("[{},{}]", org.event("s"), org.event("t"))), (503, code)).await;
    }
    rig.log.set(Mood::Healthy);
    rig.record(&org, "and on it goes").await;
    assert_eq!(rig.metric("gapin_events_accepted_total").await, 1.0);
}

#[tokio::test]
async fn a_log_that_never_answers_is_an_outcome_unknown() {
    let rig = Rig::start(|s| s.record.append_max_wait = Duration::from_millis(50)).await;
    let org = rig.org().await;
    rig.log.set(Mood::Waits(Arc::new(Semaphore::new(0))));
    problem(rig.post(&org, org.event("s")), (503, "outcome_unknown")).await;
}

#[tokio::test]
async fn a_full_house_answers_at_once_and_forgets_nobody_inside() {
    let rig = Rig::start(|s| s.record.requests_in_flight_max = 1).await;
    let org = rig.org().await;
    let gate = Arc::new(Semaphore::new(0));
    rig.log.set(Mood::Waits(gate.clone()));
    let inside = tokio::spawn(rig.post(&org, org.event("inside")).send());
    rig.until("one is inside", async || rig.metric("gapin_record_requests_in_flight").await == 1.0).await;
    problem(rig.post(&org, org.event("outside")), (503, "overloaded")).await;
    gate.add_permits(1);
    assert_eq!(inside.await.unwrap().unwrap().status(), 202);
}

#[tokio::test]
async fn a_stop_answers_what_is_in_flight() {
    let mut rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let gate = Arc::new(Semaphore::new(0));
    rig.log.set(Mood::Waits(gate.clone()));
    let inside = tokio::spawn(rig.post(&org, org.event("inside")).send());
    rig.until("one is inside", async || rig.metric("gapin_record_requests_in_flight").await == 1.0).await;
    let stopping = tokio::spawn(rig.stop());
    gate.add_permits(1);
    assert_eq!(inside.await.unwrap().unwrap().status(), 202);
    stopping.await.unwrap();
    assert!(TcpStream::connect(rig.url.trim_start_matches("http://")).await.is_err());
}

#[tokio::test]
async fn a_slow_body_is_given_up_and_half_a_body_keeps_nothing() {
    let rig = Rig::start(|s| s.record.body_max_wait = Duration::from_millis(200)).await;
    let org = rig.org().await;
    let head = |length: usize| {
        format!(
            "POST /aibbar/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
            org.api_key
        )
    };
    let event = org.event("half");
    let mut slow = TcpStream::connect(rig.url.trim_start_matches("http://")).await.unwrap();
    slow.write_all(head(event.len()).as_bytes()).await.unwrap();
    slow.write_all(&event.as_bytes()[..10]).await.unwrap();
    let mut answer = vec![0; 12];
    slow.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 408");

    let mut gone = TcpStream::connect(rig.url.trim_start_matches("http://")).await.unwrap();
    gone.write_all(head(event.len()).as_bytes()).await.unwrap();
    gone.write_all(&event.as_bytes()[..event.len() / 2]).await.unwrap();
    drop(gone);
    rig.until("the bytes are given back", async || rig.metric("gapin_record_in_flight_bytes").await == 0.0).await;
    assert_eq!(rig.metric("gapin_events_accepted_total").await, 0.0);
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_a_plain_one_of_the_clients_is_kept() {
    let rig = Rig::start(|_| {}).await;
    let id_for = async |sent: &str| {
        let request = rig.http.get(format!("{}/health/live", rig.url)).header("x-request-id", sent);
        request.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(id_for("trace-7_a.b").await, "trace-7_a.b");
    assert_ne!(id_for("has spaces and jane@example.com").await, "has spaces and jane@example.com");
    assert_eq!(id_for(&"x".repeat(65)).await.len(), 36);
    problem(rig.http.get(format!("{}/nothing", rig.url)), (404, "not_found")).await;
    let events = format!("{}/aibbar/events", rig.url);
    problem(rig.http.delete(&events), (405, "method_not_allowed")).await;
    assert_eq!(rig.http.put(&events).send().await.unwrap().headers()["allow"], "GET, HEAD, POST");
    let head = rig.http.head(format!("{}/health/ready", rig.url)).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.text().await.unwrap()), (200, String::new()));
}

#[tokio::test]
async fn nothing_that_must_be_hidden_reaches_the_log() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let mut event = org.unsigned("s");
    event.insert(
        "query".into(),
        json!({"prompt": "write to jane.doe@example.com", "parameters": {"password": "hunter2-hunter2"}}),
    );
    rig.post(&org, org.sign(event)).send().await.unwrap();
    rig.carry().await;
    let page = rig.get(&org, "/aibbar/events").send().await.unwrap().text().await.unwrap();
    assert!(!page.contains("jane.doe@example.com") && !page.contains("hunter2"), "{page}");
    assert!(page.contains("[REDACTED:email]") && page.contains("/query/prompt"), "{page}");
}

#[tokio::test]
async fn large_events_are_hidden_from_by_own_rules_and_stay_in_their_order() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let rules = json!({ "rules": [{ "name": "employee", "pattern": "EMP-[0-9]{6}" }] });
    let rules = serde_json::from_value(rules).unwrap();
    rig.store.set_redaction(org.id, &rules, now(), &rig::entry(org.id)).await.unwrap();
    // Every other one is too large to be redacted on a worker.
    let filling = "nothing to hide. ".repeat(5_000);
    let events: Vec<String> = (0..6)
        .map(|n| {
            let filling = if n % 2 == 0 { filling.as_str() } else { "" };
            let mut event = org.unsigned(&format!("s-{n}"));
            event.insert("query".into(), json!({ "prompt": format!("{filling}EMP-123456 and jane.doe@example.com") }));
            org.sign(event)
        })
        .collect();
    let answer = rig.post(&org, format!("[{}]", events.join(","))).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let ids: Vec<Value> =
        body(answer).await["results"].as_array().unwrap().iter().map(|one| one["event_id"].clone()).collect();
    rig.carry().await;
    for (n, id) in ids.iter().enumerate() {
        let path = format!("/aibbar/events/{}", id.as_str().unwrap());
        let record = body(rig.get(&org, &path).send().await.unwrap()).await;
        assert_eq!(record["event"]["metadata"]["session_id"], format!("s-{n}"));
        let prompt = record["event"]["query"]["prompt"].as_str().unwrap();
        assert!(prompt.ends_with("[REDACTED:custom:employee] and [REDACTED:email]"), "{n}");
    }
}

#[tokio::test]
async fn how_old_an_event_may_be_is_what_the_organisation_keeps() {
    const DAYS: i64 = 24 * 60 * 60 * 1_000;
    let rig = Rig::start(|_| {}).await;
    let (org, other) = (rig.org().await, rig.org().await);
    let of_age = |org: &Org, days: i64| {
        let mut event = org.unsigned("old");
        event.insert("timestamp".into(), now().plus_ms(-days * DAYS).to_string().into());
        org.sign(event)
    };
    let status = async |org: &Org, days| rig.post(org, of_age(org, days)).send().await.unwrap().status().as_u16();
    assert_eq!((status(&org, 390).await, status(&org, 410).await), (202, 400));
    for (own, taken, refused) in [(Some(30), 29, 31), (Some(800), 790, 810), (None, 390, 410)] {
        rig.store.set_retention(org.id, own, now(), &entry(org.id)).await.unwrap();
        rig.until("the gateway goes by what the organisation says now", async || {
            status(&org, taken).await == 202 && status(&org, refused).await == 400
        })
        .await;
        assert_eq!((status(&other, 390).await, status(&other, 410).await), (202, 400));
    }
    problem(rig.post(&org, of_age(&org, 410)), (400, "timestamp_too_old")).await;
}
