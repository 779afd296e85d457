//! Dead letters on their way into the log: made of what was read, kept once.

use std::collections::HashSet;

use aibbar::{
    RecordHead, Timestamp,
    dead_letter::{DeadLetter, Place, REDRIVE_HEADER, Reason, Redrive, Source},
    record::{EVENTS_TOPIC, ORG_HEADER},
};
use bus::{LogRecord, NewRecord, Position};
use uuid::Uuid;

/// One record that can't be stored, and why; the detail quotes nothing of it.
pub(crate) struct Unstorable<'r> {
    pub(crate) source: &'r LogRecord,
    pub(crate) reason: Reason,
    pub(crate) detail: String,
}

impl Unstorable<'_> {
    /// Its letter.
    pub(crate) fn letter(&self, at: Timestamp) -> DeadLetter {
        let LogRecord { position, appended_at_ms, payload, .. } = self.source;
        let source = Source {
            topic: EVENTS_TOPIC.to_owned(),
            place: Place { partition: position.partition, offset: position.offset },
            carried_at: Some(Timestamp::from_unix_ms(*appended_at_ms)),
        };
        let mut letter = DeadLetter::new(self.reason, &self.detail, source, at, org_of(self.source), payload);
        letter.head.redrive = header_text(self.source, REDRIVE_HEADER).and_then(Redrive::parse);
        letter
    }
}

/// The letter as it is appended. Of the record's own key and headers nothing is taken over that is not a UUID: whoever
/// wrote what is no record may have written anything there too.
pub(crate) fn new_record(letter: &DeadLetter) -> NewRecord {
    let headers = match letter.head.org_id {
        Some(org_id) => vec![(ORG_HEADER.into(), org_id.to_string().into())],
        None => Vec::new(),
    };
    NewRecord { key: letter.key().into(), payload: letter.encode().into(), headers }
}

/// Why these bytes, which are a record, are none of ours all the same: they contradict the header that they are routed by.
pub(crate) fn contradiction(source: &LogRecord, head: &RecordHead) -> Option<&'static str> {
    source.header(ORG_HEADER)?;
    let agrees = org_of(source) == Some(head.org_id);
    (!agrees).then_some("its header names another organisation than the record itself")
}

/// Whose a record is, by the log's header.
fn org_of(source: &LogRecord) -> Option<Uuid> {
    header_text(source, ORG_HEADER).and_then(|text| text.parse().ok())
}

fn header_text<'r>(source: &'r LogRecord, name: &str) -> Option<&'r str> {
    str::from_utf8(source.header(name)?).ok()
}

/// Which records' letters are in the log although their positions are not committed yet: when the batch is read again,
/// they are not written again. A crash forgets this, so a letter may still be there twice.
#[derive(Default)]
pub(crate) struct Kept(HashSet<(Position, i64)>);

/// More than this were kept and not committed: partitions went to others. To forget them costs a double at worst.
const KEPT_MAX: usize = 100_000;

impl Kept {
    pub(crate) fn has(&self, source: &LogRecord) -> bool {
        self.0.contains(&(source.position, source.appended_at_ms))
    }

    pub(crate) fn add(&mut self, source: &LogRecord) {
        if self.0.len() >= KEPT_MAX {
            self.0.clear();
        }
        self.0.insert((source.position, source.appended_at_ms));
    }

    /// Everything that was read is committed.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::dead_letter::{Content, Entry};
    use bytes::Bytes;

    use super::*;

    const ORG: Uuid = Uuid::from_u128(1);

    fn read(payload: &'static [u8], headers: &[(&str, String)]) -> LogRecord {
        LogRecord {
            position: Position { partition: 3, offset: 41 },
            appended_at_ms: 7,
            key: Bytes::from_static(b"jane.doe@example.com"),
            payload: Bytes::from_static(payload),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect(),
        }
    }

    fn kept(source: &LogRecord) -> (NewRecord, DeadLetter) {
        let unstorable = Unstorable { source, reason: Reason::NotARecord, detail: "no head".to_owned() };
        let encoded = new_record(&unstorable.letter(Timestamp::from_unix_ms(0)));
        let Ok(Entry::Letter(letter)) = Entry::decode(&encoded.payload, org_of(source)) else { panic!("no letter") };
        (encoded, letter)
    }

    #[test]
    fn a_letter_tells_what_where_when_whose_and_why() {
        let redrive = ("redrive", "0-9/2".to_owned());
        let (encoded, letter) = kept(&read(b"{\"half\":", &[(ORG_HEADER, ORG.to_string()), redrive]));
        let head = &letter.head;
        assert_eq!((head.reason, head.detail.as_str(), head.org_id), (Reason::NotARecord, "no head", Some(ORG)));
        assert_eq!(head.source.place, Place { partition: 3, offset: 41 });
        assert_eq!(head.source.carried_at, Some(Timestamp::from_unix_ms(7)));
        assert_eq!(head.redrive, Some(Redrive { letter: Place { partition: 0, offset: 9 }, count: 2 }));
        assert_eq!(letter.content, Content::Text("{\"half\":".to_owned()));
        assert_eq!(encoded.headers, [(ORG_HEADER.into(), Bytes::from(ORG.to_string()))]);
    }

    #[test]
    fn nothing_that_nobody_redacted_gets_out_by_key_or_header() {
        let (encoded, letter) = kept(&read(b"x", &[(ORG_HEADER, "jane.doe@example.com".to_owned())]));
        assert!(encoded.headers.is_empty());
        assert_eq!((encoded.key.as_ref(), letter.head.org_id), (b"-".as_slice(), None));
        assert!(!String::from_utf8_lossy(&encoded.payload).contains("jane"));
    }
}
