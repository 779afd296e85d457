//! Where the two parts of a record stand, found in the one pass that reads its head.
//!
//! Every record of ours reads `{"event":…,"record":…}` with nothing between, so each part is read from where it must begin,
//! and the parser says where it ended: one pass, where finding the parts first ([`plainly`]) takes two. A record that is
//! written in another way, or is none, is read plainly, which also finds the words for what is wrong with it. Both answer
//! the same (see the property below).

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{HeadEvent, HeadLine, HeadReceipt, NotARecord, RecordHead, not_a_record};

/// A record's head, and where in its text its parts stand, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordParts {
    /// What it is searched and routed by.
    pub head: RecordHead,
    /// The event.
    pub event: Range<usize>,
    /// What the gateway added.
    pub receipt: Range<usize>,
}

/// The members of a record, with their places.
type Found<'a> = (HeadLine<'a>, Range<usize>, Range<usize>);

impl RecordParts {
    /// Reads a record. Members that it does not know are skipped, so that a record may grow.
    pub fn decode(text: &str) -> Result<RecordParts, NotARecord> {
        let found = in_our_order(text).map_or_else(|| plainly(text), Ok);
        let (line, event, receipt) = found.map_err(|error| not_a_record(&error))?;
        Ok(RecordParts { head: line.head()?, event, receipt })
    }
}

const EVENT: &str = r#"{"event":"#;
const RECEIPT: &str = r#","record":"#;
const END: &str = "}";

fn in_our_order(text: &str) -> Option<Found<'_>> {
    let rest = text.strip_prefix(EVENT)?;
    let (event, event_bytes) = begin_of::<HeadEvent<'_>>(rest)?;
    let rest = rest[event_bytes..].strip_prefix(RECEIPT)?;
    let (record, receipt_bytes) = begin_of::<HeadReceipt<'_>>(rest)?;
    let receipt_at = text.len() - rest.len();
    let is_all = &rest[receipt_bytes..] == END;
    let (event_end, receipt_end) = (EVENT.len() + event_bytes, receipt_at + receipt_bytes);
    is_all.then_some((HeadLine { event, record }, EVENT.len()..event_end, receipt_at..receipt_end))
}

/// The value that the text begins with, and how many bytes it takes.
fn begin_of<'a, T: Deserialize<'a>>(text: &'a str) -> Option<(T, usize)> {
    if !text.starts_with('{') {
        return None; // white space before it would count as its own
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

fn plainly(text: &str) -> Result<Found<'_>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Places<'a> {
        #[serde(borrow)]
        event: &'a RawValue,
        #[serde(borrow)]
        record: &'a RawValue,
    }
    let line: HeadLine<'_> = serde_json::from_str(text)?;
    let Places { event, record } = serde_json::from_str(text)?;
    let place = |part: &RawValue| {
        let at = part.get().as_ptr() as usize - text.as_ptr() as usize;
        at..at + part.get().len()
    };
    Ok((line, place(event), place(record)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    const EVENT_MEMBERS: [&str; 8] = [
        r#""ai_id":"3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b""#,
        r#""event_type":"ai.query""#,
        r#""timestamp":"2026-03-01T09:30:00Z""#,
        r#""metadata":{"session_id":"a\nb","labels":{"x":[1,{}]}}"#,
        r#""signature":"0000000000000000000000000000000000000000000000000000000000000000""#,
        r#""sequence":7.0"#,
        r#""event":{"record":1}"#,
        r#""query":{"prompt":"},\"record\":{ ä 😀"}"#,
    ];
    const RECEIPT_MEMBERS: [&str; 5] = [
        r#""event_id":"0190a000-0000-7000-8000-000000000001""#,
        r#""org_id":"0190a000-0000-7000-8000-000000000002""#,
        r#""received_at":"2026-03-01T09:30:01Z""#,
        r#""redactions":[{"pointer":"/a","kind":"email"}]"#,
        r#""record":{"event":{}}"#,
    ];

    /// An object of most of the members, in any order, one perhaps twice.
    fn object(members: &'static [&'static str]) -> impl Strategy<Value = String> {
        let count = members.len();
        let all = Just(members.to_vec()).prop_shuffle();
        (all, prop_oneof![6 => Just(count), 1 => 0..count], prop_oneof![9 => Just(false), 1 => Just(true)]).prop_map(
            |(mut members, kept, twice)| {
                members.truncate(kept);
                if twice {
                    members.extend(members.first().copied());
                }
                format!("{{{}}}", members.join(","))
            },
        )
    }

    fn line() -> impl Strategy<Value = String> {
        let space = || prop_oneof![8 => Just(""), 1 => Just(" "), 1 => Just("\n\t")];
        let end = prop_oneof![8 => Just("}"), 1 => Just("} "), 1 => Just("}}"), 1 => Just(""), 1 => Just(r#","x":1}"#)];
        let spaces = (space(), space(), space(), space());
        (object(&EVENT_MEMBERS), object(&RECEIPT_MEMBERS), spaces, any::<bool>(), end).prop_map(
            |(event, receipt, (a, b, c, d), swapped, end)| {
                if swapped && !a.is_empty() {
                    format!(r#"{{"record":{receipt},{a}"event":{event}{end}"#)
                } else {
                    format!(r#"{{{a}"event":{c}{event}{b},"record":{d}{receipt}{end}"#)
                }
            },
        )
    }

    proptest! {
        #[test]
        fn both_ways_find_the_same_parts(text in line()) {
            let plain = plainly(&text).map_err(|error| not_a_record(&error));
            let plain = plain.and_then(|(line, event, receipt)| Ok(RecordParts { head: line.head()?, event, receipt }));
            prop_assert_eq!(RecordParts::decode(&text), plain.clone());
            if let (Some((.., event, receipt)), Ok(plain)) = (in_our_order(&text), plain) {
                prop_assert_eq!((event, receipt), (plain.event, plain.receipt));
            }
        }
    }

    #[test]
    fn a_record_of_ours_is_read_in_one_pass() {
        let text = format!(r#"{{"event":{{{}}},"record":{{{}}}}}"#, EVENT_MEMBERS.join(","), RECEIPT_MEMBERS.join(","));
        let (_, event, receipt) = in_our_order(&text).unwrap();
        assert_eq!(&text[event], format!("{{{}}}", EVENT_MEMBERS.join(",")));
        assert_eq!(&text[receipt], format!("{{{}}}", RECEIPT_MEMBERS.join(",")));
    }
}
