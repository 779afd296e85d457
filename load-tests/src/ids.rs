//! Finds the records in whatever they come in, by the bytes that each has once.
//!
//! An export, the log and a live stream have records as they are kept: `{"event":…,"record":{"event_id":"…",…}}`. Parsing
//! all of it would cost the generator more than the gateway; inside of a JSON string these bytes can't stand, since
//! quotes are escaped there.

use memchr::memmem::Finder;
use uuid::Uuid;

const BEFORE_ID: &[u8] = br#""record":{"event_id":""#;
const ID_BYTES: usize = 36;

/// Finds ids in pieces of text, however it was cut.
pub(crate) struct Ids {
    finder: Finder<'static>,
    /// The end of what came, which may be the beginning of an id.
    rest: Vec<u8>,
}

impl Default for Ids {
    fn default() -> Self {
        Self { finder: Finder::new(BEFORE_ID), rest: Vec::new() }
    }
}

impl Ids {
    /// Tells each id that ends in this piece.
    pub(crate) fn find(&mut self, piece: &[u8], mut found: impl FnMut(Uuid)) {
        self.rest.extend_from_slice(piece);
        let mut from = 0;
        while let Some(at) = self.finder.find(&self.rest[from..]) {
            let id = from + at + BEFORE_ID.len();
            let Some(text) = self.rest.get(id..id + ID_BYTES) else {
                from += at;
                break;
            };
            if let Ok(id) = Uuid::try_parse_ascii(text) {
                found(id);
            }
            from = id + ID_BYTES;
        }
        let kept = (BEFORE_ID.len() + ID_BYTES - 1).min(self.rest.len() - from);
        let keep_from = if self.rest[from..].starts_with(BEFORE_ID) { from } else { self.rest.len() - kept };
        self.rest.drain(..keep_from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_once_however_the_text_is_cut() {
        let ids: Vec<Uuid> = (1..40).map(Uuid::from_u128).collect();
        let text: String = (ids.iter())
            .map(|id| {
                format!(r#"{{"event":{{"a":"\"record\":{{\"event_id\":\""}},"record":{{"event_id":"{id}","x":1}}}}"#)
            })
            .collect();
        for size in (1..90).chain([text.len()]) {
            let mut finder = Ids::default();
            let mut found = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                finder.find(piece, |id| found.push(id));
            }
            assert_eq!(found, ids, "in pieces of {size}");
        }
    }
}
