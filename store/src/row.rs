//! What a record is as a row, the same in both databases. Pure.

use std::{borrow::Cow, ops::Range};

use aibbar::{EventType, RecordHead, redact::Kind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    NewRow, StoreError,
    statistics::{CODE_CHARS_MAX, OTHER},
};

/// An event is at most 256 KiB; what the gateway adds (its list of redactions above all) stays far below the rest.
const RECORD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A [`NewRow`] with what the columns need beside its head.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    new: &'a NewRow,
    pub(crate) head: &'a RecordHead,
    pub(crate) session_id: Option<Cow<'a, str>>,
    pub(crate) request_id: Option<Cow<'a, str>>,
    pub(crate) sequence: Option<i64>,
    /// The event's first character in the record, counted from 1.
    pub(crate) event_at: i32,
    pub(crate) event_chars: i32,
    /// How many things of each kind were hidden in it.
    pub(crate) redactions: Vec<(&'static str, u64)>,
    /// The code of its error, as it is counted by; of an event of the type `ai.error` alone.
    pub(crate) error_code: Option<String>,
}

impl<'a> Row<'a> {
    /// The whole record.
    pub(crate) fn record(&self) -> &'a str {
        self.new.record()
    }

    /// `Refused` when this can't be a record, whatever the database.
    pub(crate) fn of(new: &'a NewRow) -> Result<Self, StoreError> {
        if new.record().len() > RECORD_BYTES_MAX {
            return Err(StoreError::Refused(format!("a record is at most {RECORD_BYTES_MAX} bytes")));
        }
        let (event, receipt) = match &new.parts {
            Some((event, receipt)) => (event.clone(), new.record().get(receipt.clone())),
            None => {
                let Parts { event, record } = parts(new.record())?;
                let at = event.get().as_ptr() as usize - new.record().as_ptr() as usize;
                (at..at + event.get().len(), record.map(RawValue::get))
            }
        };
        let head = new.head();
        let error_code = match head.event_type {
            EventType::Error => new.record().get(event.clone()).and_then(error_code),
            EventType::Action | EventType::Decision | EventType::Query | EventType::Response => None,
        };
        let (event_at, event_chars) = place_of(event, new.record())?;
        let sequence = head.sequence.map(i64::try_from).transpose();
        Ok(Self {
            new,
            head,
            session_id: head.session_id.as_deref().map(storable),
            request_id: head.request_id.as_deref().map(storable),
            sequence: sequence.map_err(|_| StoreError::Refused("a sequence is below 2^63".to_owned()))?,
            event_at,
            event_chars,
            redactions: receipt.map(redactions).unwrap_or_default(),
            error_code,
        })
    }
}

#[derive(Deserialize)]
struct Parts<'a> {
    #[serde(borrow)]
    event: &'a RawValue,
    #[serde(borrow)]
    record: Option<&'a RawValue>,
}

fn parts(record: &str) -> Result<Parts<'_>, StoreError> {
    serde_json::from_str(record).map_err(|_| not_a_record())
}

fn not_a_record() -> StoreError {
    StoreError::Refused(r#"a record reads {"event":…,"record":…}"#.to_owned())
}

/// Where the event, this part of the record, stands in it: its first character, counted from 1, and how many there are.
fn place_of(event: Range<usize>, record: &str) -> Result<(i32, i32), StoreError> {
    let count = |part: Range<usize>| {
        let chars = record.get(part).map(|text| text.chars().count());
        chars.and_then(|count| i32::try_from(count).ok()).ok_or_else(not_a_record)
    };
    Ok((count(0..event.start)? + 1, count(event)?))
}

/// How many things of each kind the receipt tells of. It is counted, and decides nothing: one that tells of none, or in
/// another way, is as good as any.
fn redactions(receipt: &str) -> Vec<(&'static str, u64)> {
    #[derive(Default, Deserialize)]
    struct Receipt<'a> {
        #[serde(borrow, default)]
        redactions: Vec<Redaction<'a>>,
    }
    #[derive(Deserialize)]
    struct Redaction<'a> {
        #[serde(borrow)]
        kind: Cow<'a, str>,
    }
    let receipt: Receipt<'_> = serde_json::from_str(receipt).unwrap_or_default();
    let mut counts: Vec<(&'static str, u64)> = Vec::new();
    for redaction in receipt.redactions {
        let kind = Kind::ALL.into_iter().chain([Kind::Custom]).find(|kind| kind.as_str() == redaction.kind);
        let kind = kind.map_or(OTHER, Kind::as_str);
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, counted)) => *counted += 1,
            None => counts.push((kind, 1)),
        }
    }
    counts
}

/// The code of the event's error. As with redactions, it is counted, and decides nothing.
fn error_code(event: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Event<'a> {
        #[serde(borrow)]
        error: Error<'a>,
    }
    #[derive(Deserialize)]
    struct Error<'a> {
        #[serde(borrow)]
        code: Cow<'a, str>,
    }
    let event: Event<'_> = serde_json::from_str(event).ok()?;
    Some(storable(&event.error.code).chars().take(CODE_CHARS_MAX).collect())
}

/// PostgreSQL's text can't hold U+0000; the same replacement everywhere keeps both databases alike.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

/// The number under which a type is stored: never change one, never use one again.
pub(crate) const fn event_type_number(event_type: EventType) -> i16 {
    match event_type {
        EventType::Action => 1,
        EventType::Decision => 2,
        EventType::Error => 3,
        EventType::Query => 4,
        EventType::Response => 5,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::{Signature, Timestamp};
    use uuid::Uuid;

    use super::*;

    #[track_caller]
    fn check(record: &str, event: &str) {
        let head = RecordHead {
            org_id: Uuid::nil(),
            event_id: Uuid::nil(),
            received_at: Timestamp::from_unix_ms(0),
            ai_id: Uuid::nil(),
            event_type: EventType::Query,
            timestamp: Timestamp::from_unix_ms(0),
            session_id: None,
            request_id: None,
            sequence: None,
            signature: Signature([0; 32]),
        };
        let new = NewRow::new(head, record);
        let Row { event_at: at, event_chars: chars, .. } = Row::of(&new).unwrap();
        let found: String = record.chars().skip(at as usize - 1).take(chars as usize).collect();
        assert_eq!(found, event);
    }

    #[test]
    fn the_event_is_found_in_the_record() {
        check(r#"{"event":{"a":1},"record":{"b":2}}"#, r#"{"a":1}"#);
        check(r#"{"event":{"ä":"\u0000€😀"},"record":{}}"#, r#"{"ä":"\u0000€😀"}"#);
        check(r#" { "record" : {"😀":"event"} , "event" : {} } "#, "{}");
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for record in ["", "null", "{}", r#"{"event":{}"#, r#"{"event":1,"event":2}"#, "{\"event\":\"\0\"}"] {
            assert!(matches!(parts(record), Err(StoreError::Refused(_))), "{record:?}");
        }
    }

    #[test]
    fn what_was_hidden_is_counted_by_kind_whatever_else_the_receipt_says() {
        let hidden =
            r#"{"redactions":[{"pointer":"/a","kind":"email"},{"kind":"phone"},{"kind":"email"},{"kind":"x"}]}"#;
        assert_eq!(redactions(hidden), [("email", 2), ("phone", 1), (OTHER, 1)]);
        for strange in ["null", "7", "{}", r#"{"redactions":3}"#, r#"{"redactions":[{}]}"#] {
            assert_eq!(redactions(strange), [], "{strange}");
        }
    }

    #[test]
    fn the_code_of_an_error_is_read_whatever_else_the_event_says() {
        let long = "x".repeat(CODE_CHARS_MAX);
        for (code, read) in [("timeout", "timeout"), ("", ""), (r"a\u0000b", "a\u{FFFD}b"), (r#"\"ü\""#, "\"ü\"")] {
            let event = format!(r#"{{"metadata":{{"x":1}},"error":{{"message":"m","code":"{code}"}}}}"#);
            assert_eq!(error_code(&event).as_deref(), Some(read));
        }
        let event = format!(r#"{{"error":{{"code":"{long}y"}}}}"#);
        assert_eq!(error_code(&event), Some(long));
        for strange in ["{}", r#"{"error":null}"#, r#"{"error":{}}"#, r#"{"error":{"code":7}}"#, "null"] {
            assert_eq!(error_code(strange), None, "{strange}");
        }
    }

    #[test]
    fn nul_is_replaced_and_nothing_else() {
        assert_eq!(storable("a\0b"), "a\u{FFFD}b");
        assert!(matches!(storable("a\u{1}b\u{FFFD}"), Cow::Borrowed(_)));
    }
}
