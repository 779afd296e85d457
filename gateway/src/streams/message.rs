//! A message as it is shown to whoever reads it: the one form of pages, lines and live frames.
//!
//! What was published is spliced in as the log carries it: it is looked through, since a topic's records may also come
//! from Kafka's own clients, and never written again.

use std::{borrow::Cow, collections::BTreeMap};

use aibbar::Timestamp;
use base64::{Engine, engine::general_purpose::STANDARD};
use bus::LogRecord;
use bytes::{BufMut, BytesMut};
use serde::{Serialize, de::IgnoredAny};
use serde_json::Value;
use utoipa::ToSchema;

use super::topic::FoundTopic;

/// How the names of GAPIN's own headers begin; no publisher may use it.
pub(crate) const OWN_HEADERS: &str = "gapin-";
/// The message's id: a UUIDv7, or derived from the publisher's `Idempotency-Key`.
pub(crate) const MESSAGE_ID_HEADER: &str = "gapin-message-id";
/// The publisher's own time, RFC 3339; absent when none was given.
pub(crate) const TIMESTAMP_HEADER: &str = "gapin-timestamp";
/// How many things were hidden in it; absent when there were none.
pub(crate) const REDACTIONS_HEADER: &str = "gapin-redactions";

/// A message of a topic.
#[derive(Serialize, ToSchema)]
#[schema(as = Message)]
pub(crate) struct Shown<'a> {
    /// The topic, as the organisation calls it.
    #[schema(example = "orders")]
    topic: &'a str,
    /// The partition that it lies in.
    partition: u32,
    /// Its place there.
    offset: u64,
    /// Where to go on behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    /// Its key; absent when it has none. One that is not UTF-8 is Base64 behind `base64:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Cow<'a, str>>,
    /// Its headers, without GAPIN's own; absent when it has none. A value that is not UTF-8 is Base64 behind `base64:`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<&'a str, Cow<'a, str>>,
    /// The publisher's time; absent when none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    timestamp: Option<Cow<'a, str>>,
    /// When the log took it.
    #[schema(format = DateTime)]
    appended_at: String,
    /// Its id; absent when another than GAPIN published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<Cow<'a, str>>,
    /// What was published, redacted; `null`: its key is deleted. One that is not JSON, from another than GAPIN, is text
    /// in Base64 behind `base64:`. Of `aibbar.events`: a record, as `GET /aibbar/events/{event_id}` shows it.
    #[serde(skip_serializing)]
    #[schema(required = true)]
    #[expect(dead_code, reason = "documents what `write` splices in")]
    message: Option<Value>,
}

/// Writes the record as it is shown, as one line of JSON text; `cursor` is where to go on behind it.
pub(crate) fn write(out: &mut BytesMut, topic: &FoundTopic, record: &LogRecord, cursor: Option<&str>) {
    let shown = Shown {
        topic: topic.name.as_str(),
        partition: record.position.partition,
        offset: record.position.offset,
        cursor,
        key: (!record.key.is_empty()).then(|| text(&record.key)),
        headers: headers(topic, record),
        timestamp: own(topic, record, TIMESTAMP_HEADER),
        appended_at: Timestamp::from_unix_ms(record.appended_at_ms).to_string(),
        message_id: own(topic, record, MESSAGE_ID_HEADER),
        message: None,
    };
    // Names, numbers and texts: there is nothing in it that could not be written.
    if serde_json::to_writer(out.writer(), &shown).is_err() {
        return;
    }
    out.truncate(out.len() - 1);
    out.put_slice(br#","message":"#);
    match record.payload.as_ref() {
        b"" => out.put_slice(b"null"),
        json if is_json(json) => put_on_one_line(out, json),
        other => {
            out.put_slice(b"\"");
            out.put_slice(base64(other).as_bytes());
            out.put_slice(b"\"");
        }
    }
    out.put_u8(b'}');
}

fn headers<'a>(topic: &FoundTopic, record: &'a LogRecord) -> BTreeMap<&'a str, Cow<'a, str>> {
    // Those of events are GAPIN's alone.
    if topic.name.is_events() {
        return BTreeMap::new();
    }
    let users = record.headers.iter().filter(|(name, _)| !name.starts_with(OWN_HEADERS));
    users.map(|(name, value)| (name.as_str(), text(value))).collect()
}

fn own<'a>(topic: &FoundTopic, record: &'a LogRecord, name: &str) -> Option<Cow<'a, str>> {
    record.header(name).filter(|_| !topic.name.is_events()).map(|value| text(value))
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => base64(bytes).into(),
    }
}

fn base64(bytes: &[u8]) -> String {
    format!("base64:{}", STANDARD.encode(bytes))
}

fn is_json(payload: &[u8]) -> bool {
    // What is skipped is not looked at for UTF-8.
    std::str::from_utf8(payload).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

/// A line break stands between the tokens of JSON alone, where a space is as good.
fn put_on_one_line(out: &mut BytesMut, json: &[u8]) {
    let from = out.len();
    out.put_slice(json);
    for byte in &mut out[from..] {
        if matches!(*byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::topic::TopicName;
    use bus::Position;
    use bytes::Bytes;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn shown(topic: &str, key: &'static [u8], payload: &'static [u8], headers: &[(&str, &'static [u8])]) -> Value {
        let record = LogRecord {
            position: Position { partition: 3, offset: 41 },
            appended_at_ms: 1_700_000_000_000,
            key: Bytes::from_static(key),
            payload: Bytes::from_static(payload),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), Bytes::from_static(value))).collect(),
        };
        let topic = FoundTopic::of(Uuid::nil(), Uuid::nil(), TopicName::parse(topic).unwrap());
        let mut out = BytesMut::new();
        write(&mut out, &topic, &record, Some("c"));
        assert!(!out.contains(&b'\n'));
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_message_is_shown_with_what_it_has() {
        let headers: [(&str, &[u8]); 4] = [
            ("trace", b"1"),
            ("raw", b"\xff"),
            (MESSAGE_ID_HEADER, b"id"),
            (TIMESTAMP_HEADER, b"2026-01-31T12:00:00Z"),
        ];
        assert_eq!(
            shown("orders", b"k", b"{\"a\":\n[1, \"x y\"]\r\n}", &headers),
            json!({
                "topic": "orders", "partition": 3, "offset": 41, "cursor": "c", "key": "k",
                "message": { "a": [1, "x y"] }, "headers": { "trace": "1", "raw": "base64:/w==" },
                "timestamp": "2026-01-31T12:00:00Z", "appended_at": "2023-11-14T22:13:20Z", "message_id": "id",
            })
        );
        assert_eq!(
            shown("orders", b"", b"", &[]),
            json!({
                "topic": "orders", "partition": 3, "offset": 41, "cursor": "c", "message": null,
                "appended_at": "2023-11-14T22:13:20Z",
            })
        );
    }

    #[test]
    fn what_is_not_json_is_shown_and_breaks_nothing() {
        for (payload, expected) in [
            (&b"hello"[..], json!("base64:aGVsbG8=")),
            (b"{}{}", json!("base64:e317fQ==")),
            (b"\"\xff\"", json!("base64:Iv8i")),
            (b" 7 ", json!(7)),
        ] {
            assert_eq!(shown("orders", b"\xff", payload, &[])["message"], expected);
        }
    }

    #[test]
    fn events_show_no_header_of_gapins() {
        let event = shown("aibbar.events", b"ai", b"{}", &[("org_id", b"secret")]);
        assert_eq!(event.get("headers"), None);
    }
}
