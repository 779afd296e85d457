//! What is being written for a reader: as many messages as were asked for, in as many bytes.

use std::time::Duration;

use bus::ReadLimits;
use bytes::{BufMut, Bytes, BytesMut};

/// Messages, one after the other, up to a bound.
pub(crate) struct Out {
    pub(crate) bytes: BytesMut,
    /// How many messages stand in it.
    pub(crate) items: usize,
    /// Records that were looked at and were not the reader's.
    pub(crate) passed_over: usize,
    form: Form,
    items_max: usize,
    bytes_max: usize,
    is_full: bool,
}

/// What stands around a message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A comma between two.
    List,
    /// A line break behind each.
    Lines,
}

/// Records of others that are passed over for one answer: whoever reads the topic of all organisations on goes on behind
/// them, and does not hold a place for as long as that may be.
const PASSED_OVER_MAX: usize = 20_000;

/// Records in one read of the log.
const STEP_RECORDS_MAX: usize = 1_000;
/// Bytes in one read of the log: what a reader that is kept may hold beside what the log's client does.
const STEP_BYTES_MAX: usize = 1024 * 1024;

impl Out {
    /// The items of a list, behind how the answer begins: so many, in so many bytes, but one in any case.
    pub(crate) fn list(items_max: usize, bytes_max: usize) -> Self {
        let mut out = Self::new(Form::List, items_max, bytes_max);
        out.bytes.put_slice(br#"{"items":["#);
        out
    }

    /// The whole answer of a list: `rest` are its other members, each behind a comma.
    pub(crate) fn into_answer(mut self, rest: &str) -> Bytes {
        self.bytes.put_u8(b']');
        self.bytes.put_slice(rest.as_bytes());
        self.bytes.put_u8(b'}');
        self.bytes.freeze()
    }

    /// Lines: so many, in so many bytes, but one in any case.
    pub(crate) fn lines(items_max: usize, bytes_max: usize) -> Self {
        Self::new(Form::Lines, items_max, bytes_max)
    }

    fn new(form: Form, items_max: usize, bytes_max: usize) -> Self {
        let bytes = BytesMut::new();
        Self { bytes, items: 0, passed_over: 0, form, items_max, bytes_max, is_full: false }
    }

    /// Whether it takes no more.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full || self.items >= self.items_max || self.passed_over >= PASSED_OVER_MAX
    }

    /// What to read of the log next, waiting so long for the first record: no more than there is room for.
    pub(crate) fn next_read(&self, wait_max: Duration) -> ReadLimits {
        let items_left = self.items_max.saturating_sub(self.items);
        let bytes_left = self.bytes_max.saturating_sub(self.bytes.len());
        ReadLimits {
            records_max: items_left.clamp(1, STEP_RECORDS_MAX),
            bytes_max: bytes_left.clamp(1, STEP_BYTES_MAX),
            wait_max,
        }
    }

    /// The same where most records may be another's: reading as few as are wanted would be slow.
    pub(crate) fn next_read_among_others(&self, wait_max: Duration) -> ReadLimits {
        ReadLimits { records_max: STEP_RECORDS_MAX, ..self.next_read(wait_max) }
    }

    /// Bytes that are held once so many bytes of records were read for it: those, and their text beside what is written.
    pub(crate) fn bytes_with(&self, read_bytes: usize) -> usize {
        self.bytes.len() + 2 * read_bytes
    }

    /// Writes one message, or says that there is no room for it.
    pub(crate) fn put(&mut self, write: impl FnOnce(&mut BytesMut)) -> bool {
        let before = self.bytes.len();
        if self.form == Form::List && self.items > 0 {
            self.bytes.put_u8(b',');
        }
        write(&mut self.bytes);
        if self.form == Form::Lines {
            self.bytes.put_u8(b'\n');
        }
        if self.items > 0 && self.bytes.len() > self.bytes_max {
            self.bytes.truncate(before);
            self.is_full = true;
            return false;
        }
        self.items += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(out: &mut Out, text: &str) -> bool {
        out.put(|bytes| bytes.put_slice(text.as_bytes()))
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole_but_one_always_fits() {
        let mut out = Out::list(10, 4);
        assert!(put(&mut out, "123456"));
        assert!(!out.is_full() && !put(&mut out, "7") && out.is_full());
        assert_eq!(out.items, 1);
        assert_eq!(out.into_answer(r#","more":true"#), br#"{"items":[123456],"more":true}"#[..]);

        let mut out = Out::lines(2, 100);
        assert!(put(&mut out, "1") && put(&mut out, "2") && out.is_full());
        assert_eq!(&out.bytes[..], b"1\n2\n");
        let mut out = Out::list(2, 100);
        assert!(put(&mut out, "1") && put(&mut out, "2"));
        assert_eq!(out.into_answer(""), br#"{"items":[1,2]}"#[..]);
    }
}
