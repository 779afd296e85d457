//! What can never be stored, kept with its reason.

use aibbar::{Timestamp, record::EVENTS_TOPIC};
use bus::{LogRecord, NewRecord};
use serde::Serialize;

/// Why a record is a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its event id is that of another event with another signature.
    EventIdConflict,
    /// The bytes are not a record.
    NotARecord,
    /// The store refuses this very record.
    RefusedByStore,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 3] = [Reason::EventIdConflict, Reason::NotARecord, Reason::RefusedByStore];

    /// The stable word, in letters and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::EventIdConflict => "event_id_conflict",
            Reason::NotARecord => "not_a_record",
            Reason::RefusedByStore => "refused_by_store",
        }
    }
}

/// One record that can't be stored, and why.
pub(crate) struct DeadLetter<'r> {
    pub(crate) source: &'r LogRecord,
    pub(crate) reason: Reason,
    pub(crate) detail: String,
}

/// Whether a letter carries its record's text: without it, it fits into any log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    Whole,
    LeftOut,
}

/// The letter as JSON. A record is read again after a crash, so a letter may be there twice:
/// topic, partition and offset tell.
#[derive(Serialize)]
struct Letter<'a> {
    reason: Reason,
    detail: &'a str,
    topic: &'a str,
    partition: u32,
    offset: u64,
    at: String,
    /// The record as it was carried, which is redacted; absent when it is too large to be carried twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
}

impl DeadLetter<'_> {
    /// The letter as it is appended: under the record's key and with its headers, so that it stays with its owner.
    pub(crate) fn encode(&self, at: Timestamp, text: Text) -> NewRecord {
        let record = String::from_utf8_lossy(&self.source.payload);
        let letter = Letter {
            reason: self.reason,
            detail: &self.detail,
            topic: EVENTS_TOPIC,
            partition: self.source.position.partition,
            offset: self.source.position.offset,
            at: at.to_string(),
            record: (text == Text::Whole).then_some(&record),
        };
        let headers = match self.source.header(aibbar::record::ORG_HEADER) {
            Some(org_id) => vec![(aibbar::record::ORG_HEADER, org_id.clone())],
            None => Vec::new(),
        };
        let payload = serde_json::to_vec(&letter).expect("a letter is strings and numbers");
        NewRecord { key: self.source.key.clone(), payload: payload.into(), headers }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::record::ORG_HEADER;
    use bus::Position;
    use bytes::Bytes;
    use serde_json::{Value, json};

    use super::*;

    fn record(payload: &'static [u8]) -> LogRecord {
        LogRecord {
            position: Position { partition: 3, offset: 41 },
            appended_at_ms: 0,
            key: Bytes::from_static(b"key"),
            payload: Bytes::from_static(payload),
            headers: vec![(ORG_HEADER.to_owned(), Bytes::from_static(b"org"))],
        }
    }

    fn encode(source: &LogRecord, text: Text) -> (NewRecord, Value) {
        let letter = DeadLetter { source, reason: Reason::NotARecord, detail: "no head".to_owned() };
        let encoded = letter.encode(Timestamp::from_unix_ms(0), text);
        let json = serde_json::from_slice(&encoded.payload).unwrap();
        (encoded, json)
    }

    #[test]
    fn a_letter_tells_what_where_when_and_why() {
        let source = record(b"{\"half\":");
        let (encoded, json) = encode(&source, Text::Whole);
        assert_eq!(
            json,
            json!({
                "reason": "not_a_record", "detail": "no head", "topic": "aibbar.events", "partition": 3,
                "offset": 41, "at": "1970-01-01T00:00:00Z", "record": "{\"half\":",
            })
        );
        assert_eq!(encoded.key, source.key);
        assert_eq!(encoded.headers, [(ORG_HEADER, Bytes::from_static(b"org"))]);
    }

    #[test]
    fn a_letter_of_bytes_that_are_no_text_is_still_json() {
        assert_eq!(encode(&record(b"\xff\xfe"), Text::Whole).1["record"], "\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_letter_can_leave_its_record_out() {
        assert_eq!(encode(&record(b"{}"), Text::LeftOut).1.get("record"), None);
    }

    #[test]
    fn reasons_are_one_word_everywhere() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
