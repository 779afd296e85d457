//! A record as a row of the columns that CSV and Parquet have. Pure.

use aibbar::{NotARecord, RecordHead, Timestamp};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// One record, column by column; `docs/export.md` says what each means.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) event_id: String,
    pub(super) timestamp: Timestamp,
    pub(super) event_type: &'static str,
    pub(super) ai_id: String,
    pub(super) ai_version: Cow<'a, str>,
    pub(super) session_id: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) sequence: Option<u64>,
    pub(super) received_at: Timestamp,
    pub(super) api_key_id: Cow<'a, str>,
    pub(super) key_id: Cow<'a, str>,
    pub(super) gateway: Cow<'a, str>,
    /// How many things were hidden in it.
    pub(super) redactions: usize,
    /// The event as it is kept, to the byte.
    pub(super) event: &'a str,
    /// What the gateway added, to the byte.
    pub(super) record: &'a str,
}

/// The names of the columns, in order.
pub(super) const COLUMNS: [&str; 15] = [
    "event_id",
    "timestamp",
    "event_type",
    "ai_id",
    "ai_version",
    "session_id",
    "request_id",
    "sequence",
    "received_at",
    "api_key_id",
    "key_id",
    "gateway",
    "redactions",
    "event",
    "record",
];

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    event: &'a RawValue,
    #[serde(borrow)]
    record: &'a RawValue,
}

#[derive(Deserialize)]
struct Said<'a> {
    #[serde(borrow)]
    ai_version: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Receipt<'a> {
    #[serde(borrow)]
    api_key_id: Cow<'a, str>,
    #[serde(borrow)]
    key_id: Cow<'a, str>,
    #[serde(borrow)]
    gateway: Cow<'a, str>,
    #[serde(default)]
    redactions: Vec<IgnoredAny>,
}

impl<'a> Row<'a> {
    /// Reads a record as it is stored.
    pub(super) fn of(text: &'a str) -> Result<Self, NotARecord> {
        let head = RecordHead::decode(text.as_bytes())?;
        let not_a_record = |_| NotARecord("a member is missing or has another type".to_owned());
        let line: Line<'a> = serde_json::from_str(text).map_err(not_a_record)?;
        let said: Said<'a> = serde_json::from_str(line.event.get()).map_err(not_a_record)?;
        let receipt: Receipt<'a> = serde_json::from_str(line.record.get()).map_err(not_a_record)?;
        Ok(Self {
            event_id: head.event_id.to_string(),
            timestamp: head.timestamp,
            event_type: head.event_type.as_str(),
            ai_id: head.ai_id.to_string(),
            ai_version: said.ai_version,
            session_id: head.session_id,
            request_id: head.request_id,
            sequence: head.sequence,
            received_at: head.received_at,
            api_key_id: receipt.api_key_id,
            key_id: receipt.key_id,
            gateway: receipt.gateway,
            redactions: receipt.redactions.len(),
            event: line.event.get(),
            record: line.record.get(),
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    /// A stored record that says this, in this session.
    pub(in crate::export) fn record(number: u128, output: &str, session_id: Option<&str>) -> String {
        let id = uuid::Uuid::from_u128(0x0198_0a5e_7d7a_7c1e_b5f8_0000_0000_0000 + number);
        let mut metadata = json!({});
        if let Some(session_id) = session_id {
            metadata["session_id"] = session_id.into();
        }
        json!({
            "event": {
                "event_type": "ai.response", "ai_id": id, "ai_version": "=v1", "timestamp": "2026-03-01T09:30:00.000000001+01:00",
                "metadata": metadata, "response": { "output": output }, "sequence": 7, "signature": "0".repeat(64),
            },
            "record": {
                "event_id": id, "org_id": id, "received_at": "2026-03-01T08:30:01Z", "api_key_id": id, "key_id": "main",
                "gateway": "gapin", "redactions": [{ "pointer": "/response/output", "kind": "email" }],
            },
        })
        .to_string()
    }

    #[test]
    fn a_row_has_the_records_parts_to_the_byte() {
        let text = record(1, "a \u{e9} \"b\"", Some("s"));
        let row = Row::of(&text).unwrap();
        assert_eq!(format!(r#"{{"event":{},"record":{}}}"#, row.event, row.record), text);
        assert_eq!((row.session_id.as_deref(), row.request_id, row.sequence), (Some("s"), None, Some(7)));
        assert_eq!((row.redactions, &*row.ai_version, &*row.key_id), (1, "=v1", "main"));
        assert_eq!(row.timestamp.to_string(), "2026-03-01T08:30:00.000000001Z");
    }

    #[test]
    fn what_is_no_record_is_no_row() {
        for text in ["", "{}", r#"{"event":{},"record":{}}"#] {
            assert!(Row::of(text).is_err(), "{text}");
        }
    }
}
