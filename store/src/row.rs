//! What a record is as a row, the same in both databases. Pure.

use std::borrow::Cow;

use aibbar::EventType;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{NewRow, StoreError};

/// An event is at most 256 KiB; what the gateway adds (its list of redactions above all) stays far below the rest.
const RECORD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A [`NewRow`] with what the columns need beside its head.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) new: &'a NewRow,
    pub(crate) session_id: Option<Cow<'a, str>>,
    pub(crate) request_id: Option<Cow<'a, str>>,
    pub(crate) sequence: Option<i64>,
    /// The event's first character in the record, counted from 1.
    pub(crate) event_at: i32,
    pub(crate) event_chars: i32,
}

impl<'a> Row<'a> {
    /// `Refused` when this can't be a record, whatever the database.
    pub(crate) fn of(new: &'a NewRow) -> Result<Self, StoreError> {
        if new.record.len() > RECORD_BYTES_MAX {
            return Err(StoreError::Refused(format!("a record is at most {RECORD_BYTES_MAX} bytes")));
        }
        let (event_at, event_chars) = event_place(&new.record)?;
        let sequence = new.head.sequence.map(i64::try_from).transpose();
        Ok(Self {
            new,
            session_id: new.head.session_id.as_deref().map(storable),
            request_id: new.head.request_id.as_deref().map(storable),
            sequence: sequence.map_err(|_| StoreError::Refused("a sequence is below 2^63".to_owned()))?,
            event_at,
            event_chars,
        })
    }
}

/// Where the event stands in the record: its first character, counted from 1, and how many there are.
fn event_place(record: &str) -> Result<(i32, i32), StoreError> {
    #[derive(Deserialize)]
    struct Parts<'a> {
        #[serde(borrow)]
        event: &'a RawValue,
    }
    let not_a_record = || StoreError::Refused(r#"a record reads {"event":…,"record":…}"#.to_owned());

    let event = serde_json::from_str::<Parts<'_>>(record).map_err(|_| not_a_record())?.event.get();
    let start = event.as_ptr() as usize - record.as_ptr() as usize;
    let count = |text: &str| i32::try_from(text.chars().count()).map_err(|_| not_a_record());
    Ok((count(&record[..start])? + 1, count(event)?))
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
    use super::*;

    #[track_caller]
    fn check(record: &str, event: &str) {
        let (at, chars) = event_place(record).unwrap();
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
            assert!(matches!(event_place(record), Err(StoreError::Refused(_))), "{record:?}");
        }
    }

    #[test]
    fn nul_is_replaced_and_nothing_else() {
        assert_eq!(storable("a\0b"), "a\u{FFFD}b");
        assert!(matches!(storable("a\u{1}b\u{FFFD}"), Cow::Borrowed(_)));
    }
}
