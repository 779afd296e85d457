//! What is exported is what is stored, whole, in every format; what breaks off is seen to be broken.
#![allow(clippy::unwrap_used, reason = "a test")]

mod command;

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
    time::Duration,
};

use aibbar::{EventType, Timestamp};
use e2e::{Organisation, System, event, eventually, on_both_shapes};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use serde_json::{Value, json};

on_both_shapes!(own: an_export_is_every_record_in_every_format, exports_are_few_at_once_and_break_off_visibly);

/// More than two pages that the gateway reads at once.
const EVENTS: usize = 600;

async fn an_export_is_every_record_in_every_format(system: System) {
    let (organisation, other) = (system.organisation(), system.organisation());
    let client = system.client(&organisation);
    let events: Vec<Value> = (0..EVENTS).map(|number| awkward(number, &organisation)).collect();
    for batch in events.chunks(300) {
        client.publish(&json!(batch)).await.expect(202);
    }
    system.client(&other).publish(&event().saying("another's").signed_by(&other)).await.expect(202);
    let stored = client.stored_once_there("", EVENTS).await;
    let stored: Vec<&Value> = stored.values().collect();

    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let export = |name: &str, more: &[&str]| {
        let format = name.split_once('.').unwrap().1;
        let output = path(name);
        system.run_as(&organisation, &[&["export", "--format", format, "-o", &output], more].concat(), b"").succeeded();
        fs::read(&output).unwrap()
    };

    // By event id is oldest first.
    let lines = String::from_utf8(export("all.ndjson", &[])).unwrap();
    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(records.iter().eq(stored.iter().copied()), "every record, each once, oldest first");

    // Another program reads the same rows from the tables.
    export("all.csv", &[]);
    export("all.parquet", &[]);
    let rows = read_by_duckdb(&[path("all.csv"), path("all.parquet")]);
    for name in ["all.csv", "all.parquet"] {
        let rows = &rows[&path(name)];
        assert_eq!(rows.len(), EVENTS, "{name}");
        for (row, line) in rows.iter().zip(lines.lines()) {
            check_row(row, line, name.ends_with("csv"));
        }
    }

    // Filters are the list's.
    let errors = export("errors.ndjson", &["--type", "ai.error"]);
    assert_eq!(errors.iter().filter(|byte| **byte == b'\n').count(), client.stored("event_type=ai.error").await.len());
    let time = |record: &Value| record["event"]["timestamp"].as_str().unwrap().to_owned();
    let (from, to) = (time(&records[100]), time(&records[400]));
    let between = String::from_utf8(export("between.ndjson", &["--from", &from, "--to", &to])).unwrap();
    let expected: Vec<&str> = lines.lines().skip(100).take(300).collect();
    assert!(between.lines().eq(expected), "from that moment on, and before this one");
    let none = export("none.csv", &["--session", "of nobody"]);
    assert!(
        none.starts_with(b"event_id,timestamp,") && none.ends_with(b",record\r\n"),
        "a table of nothing has a head"
    );

    // Compressed, it is the same.
    for (coding, expand) in [("zstd", by_zstd as fn(&[u8]) -> Vec<u8>), ("gzip", by_gzip)] {
        let answer = asking(&system, &organisation, "").header(ACCEPT_ENCODING, coding).send().await.unwrap();
        assert_eq!(answer.headers()[CONTENT_ENCODING], coding);
        let sent = answer.bytes().await.unwrap();
        assert!(expand(&sent) == lines.as_bytes() && sent.len() * 2 < lines.len(), "{coding}: {} bytes", sent.len());
    }

    for (query, code) in
        [("format=xml", "invalid_parameter"), ("limit=3", "invalid_parameter"), ("from=now", "invalid_parameter")]
    {
        let answer = client.get(&format!("/aibbar/events/export?{query}")).await.expect(400);
        assert_eq!(answer.code(), code, "{query}");
    }
    assert!(old_http(&system, &organisation).starts_with("HTTP/1.0 400"), "HTTP/1.0 can't tell a broken export");
}

/// Larger together than what the kernel holds for a reader that does not read.
const LARGE_EVENTS: usize = 240;
const LARGE_TEXT: usize = 120_000;

async fn exports_are_few_at_once_and_break_off_visibly(mut system: System) {
    let (organisation, other) = (system.organisation(), system.organisation());
    let client = system.client(&organisation);
    let text = "large words ".repeat(LARGE_TEXT / 12);
    for _ in 0..LARGE_EVENTS / 60 {
        let batch: Vec<Value> = (0..60).map(|_| event().saying(text.as_str()).signed_by(&organisation)).collect();
        client.publish(&json!(batch)).await.expect(202);
    }
    system.client(&other).publish(&event().signed_by(&other)).await.expect(202);
    system.client(&other).stored_once_there("", 1).await;
    let last = || async {
        client.get("/aibbar/events/export?format=ndjson").await.body.to_string().matches("event_id").count()
    };
    eventually("all large events stored", async || (last().await >= LARGE_EVENTS).then_some(())).await;

    // As many at once as an organisation may have, and no more; another is not in their way.
    let mut unread = Vec::new();
    for _ in 0..2 {
        unread.push(asking(&system, &organisation, "").send().await.unwrap().error_for_status().unwrap());
    }
    let refused = client.get("/aibbar/events/export").await.expect(429);
    assert_eq!(refused.code(), "too_many_exports");
    assert!(refused.headers.contains_key("retry-after"));
    system.client(&other).get("/aibbar/events/export").await.expect(200);
    let refused = system.run_as(&organisation, &["export", "-o", "-"], b"");
    assert!(refused.stderr.contains("too_many_exports"), "{}", refused.stderr);

    // Who goes away gives the place back.
    drop(unread.pop());
    let key = json!({ "name": "spare", "scopes": ["events:read"] });
    let key = client.request("POST", "/api/v1/keys", key).await.expect(201).body;
    let spare = Organisation { api_key: key["key"].as_str().unwrap().to_owned(), ..organisation.clone() };
    let again = async || {
        let answer = asking(&system, &spare, "").send().await.unwrap();
        (answer.status() == 200).then_some(answer)
    };
    let of_spare = eventually("the place of an export that was left", again).await;

    // Who may not read any more gets no further page.
    client.request("DELETE", &format!("/api/v1/keys/{}", key["id"].as_str().unwrap()), None).await.expect(204);
    let spare = system.client(&spare);
    let refused = async || (spare.get("/aibbar/events?limit=1").await.status == 401).then_some(());
    eventually("the key is known to be revoked", refused).await;
    breaks_off(of_spare).await;

    // A gateway that stops does not wait for readers that do not read, and what they get is not whole.
    let started = std::time::Instant::now();
    assert!(system.gateway.stop().success());
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    for answer in unread {
        breaks_off(answer).await;
    }
}

/// An export of the large events ends before all of them came, and is seen to.
async fn breaks_off(mut answer: reqwest::Response) {
    let mut bytes = 0;
    let broken = loop {
        match answer.chunk().await {
            Ok(Some(piece)) => bytes += piece.len(),
            Ok(None) => panic!("a broken export of {bytes} bytes looked whole"),
            Err(error) => break error,
        }
    };
    assert!(bytes < LARGE_EVENTS * LARGE_TEXT && !broken.is_timeout(), "{bytes} bytes, then {broken}");
}

/// An event with what a table may trip over, each a millisecond after the one before.
fn awkward(number: usize, organisation: &Organisation) -> Value {
    const TEXTS: [&str; 6] = [
        "plain",
        "=HYPERLINK(\"http://example.org\")",
        "a,\"b\"\r\nc",
        "\u{1f600} \u{e9}\t",
        "+1 -1 @x 'y'",
        "a;=1|b; \u{ff20}x",
    ];
    let begin = Timestamp::parse("2026-06-01T00:00:00.000000001Z").unwrap();
    let text = TEXTS[number % TEXTS.len()];
    let event_type = if number.is_multiple_of(7) { EventType::Error } else { EventType::Response };
    let made =
        event().of_type(event_type).at(begin.plus_ms(number as i64)).with("ai_version", text).with("sequence", number);
    let made = if number.is_multiple_of(2) { made.in_session(text) } else { made };
    let made =
        if event_type == EventType::Response { made.saying(format!("{text} jane.doe@example.com")) } else { made };
    made.signed_by(organisation)
}

#[track_caller]
fn check_row(row: &Value, line: &str, is_csv: bool) {
    let record: Value = serde_json::from_str(line).unwrap();
    let (event, receipt) = (&record["event"], &record["record"]);
    let (event_text, receipt_text) = (row["event"].as_str().unwrap(), row["record"].as_str().unwrap());
    let text = format!(r#"{{"event":{event_text},"record":{receipt_text}}}"#);
    if is_csv {
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), record);
    } else {
        assert_eq!(text, line, "to the byte");
    }
    let time = |value: &Value| Timestamp::parse(value.as_str().unwrap()).unwrap().unix_ns();
    assert_eq!(row["timestamp_ns"], time(&event["timestamp"]));
    assert_eq!(row["received_at_ns"], time(&receipt["received_at"]));
    // A formula is no formula in a spreadsheet.
    let guarded = |value: &Value| match value.as_str() {
        Some(text) if is_csv && text.starts_with(['=', '+']) => format!("'{text}").into(),
        Some("a;=1|b; \u{ff20}x") if is_csv => "a;'=1|b; '\u{ff20}x".into(),
        _ => value.clone(),
    };
    assert_eq!(row["ai_version"], guarded(&event["ai_version"]));
    assert_eq!(row["session_id"], guarded(&event["metadata"]["session_id"]));
    assert_eq!(row["redactions"], receipt["redactions"].as_array().unwrap().len());
    for (column, value) in [
        ("event_id", &receipt["event_id"]),
        ("event_type", &event["event_type"]),
        ("ai_id", &event["ai_id"]),
        ("request_id", &event["metadata"]["request_id"]),
        ("sequence", &event["sequence"]),
        ("api_key_id", &receipt["api_key_id"]),
        ("key_id", &receipt["key_id"]),
        ("gateway", &receipt["gateway"]),
    ] {
        assert_eq!(&row[column], value, "{column}");
    }
}

/// The rows of each file, in order.
fn read_by_duckdb(paths: &[String]) -> BTreeMap<String, Vec<Value>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/python/read_export.py");
    let ran = Command::new(testbed::python_tool("python")).arg(script).args(paths).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut rows: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in String::from_utf8(ran.stdout).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        rows.entry(row["file"].as_str().unwrap().to_owned()).or_default().push(row);
    }
    rows
}

/// An export, asked for without anything that expands or retries.
fn asking(system: &System, organisation: &Organisation, query: &str) -> reqwest::RequestBuilder {
    let http = reqwest::Client::builder().no_proxy().no_gzip().build().unwrap();
    http.get(format!("{}/aibbar/events/export?{query}", system.url)).bearer_auth(&organisation.api_key)
}

/// What the gateway says to a client of 1996.
fn old_http(system: &System, organisation: &Organisation) -> String {
    let mut stream = TcpStream::connect(system.url.trim_start_matches("http://")).unwrap();
    let key = &organisation.api_key;
    write!(stream, "GET /aibbar/events/export HTTP/1.0\r\nauthorization: Bearer {key}\r\n\r\n").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    said
}

fn by_zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::decode_all(bytes).unwrap()
}

fn by_gzip(bytes: &[u8]) -> Vec<u8> {
    let mut expanded = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut expanded).unwrap();
    expanded
}
