//! Events signed by the hundred thousand, at the cost of their HMAC.
//!
//! A generator must not cost more than what it measures. An event of the corpus is brought into its canonical form once,
//! with ids, times and counts of a fixed width; each event that is sent is that text with its own values written over
//! them, hashed, and its signature put where it belongs. What is sent is the canonical form itself. The test holds
//! each against `aibbar`'s own parser, schema and signature.

use aibbar::{Signer, canonical, signature};
use memchr::memmem;
use serde_json::{Map, Value};
use uuid::Uuid;

/// As wide as every time that is written over it.
const TIMESTAMP: &str = "2000-01-01T00:00:00.000000Z";
/// As wide as every count that is written over it: counts begin here.
const SEQUENCE_FIRST: u64 = 1_000_000_000;
/// Before this member stands the signature.
const BEHIND_SIGNATURE: &[u8] = br#""signature_algorithm":"#;
const SIGNATURE_MEMBER: usize = r#""signature":"","#.len() + 64;

/// One event of the corpus, as one AI system would send it.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    canonical: Vec<u8>,
    event_id: usize,
    sequence: usize,
    timestamp: usize,
    signature: usize,
}

/// What is each event's own.
pub(crate) struct Own<'t> {
    pub(crate) event_id: Uuid,
    pub(crate) sequence: u64,
    /// As wide as [`TIMESTAMP`].
    pub(crate) timestamp: &'t str,
}

impl Template {
    pub(crate) fn new(event: &Map<String, Value>, ai_id: Uuid, key_id: Option<&str>) -> Template {
        let mut event = event.clone();
        event.insert("event_id".to_owned(), Uuid::nil().to_string().into());
        event.insert("ai_id".to_owned(), ai_id.to_string().into());
        event.insert("sequence".to_owned(), SEQUENCE_FIRST.into());
        event.insert("timestamp".to_owned(), TIMESTAMP.into());
        event.insert("signature_algorithm".to_owned(), signature::ALGORITHM.into());
        if let Some(key_id) = key_id {
            event.insert("key_id".to_owned(), key_id.into());
        }
        let canonical = canonical::to_vec_without(&event, "signature");
        // Behind the last member that has members of its own, or the first of their name: none of these stands inside.
        let behind = |member: &[u8]| memmem::rfind(&canonical, member).expect("the member is there") + member.len();
        let event_id = format!(r#""event_id":"{}"#, Uuid::nil());
        Template {
            event_id: behind(event_id.as_bytes()) - Uuid::nil().to_string().len(),
            sequence: behind(br#""sequence":"#),
            timestamp: behind(br#""timestamp":""#),
            signature: behind(BEHIND_SIGNATURE) - BEHIND_SIGNATURE.len(),
            canonical,
        }
    }

    /// Writes one signed event behind what is there; `scratch` is kept between calls for its memory.
    pub(crate) fn write(&self, own: &Own<'_>, signer: &Signer, scratch: &mut Vec<u8>, out: &mut Vec<u8>) {
        scratch.clear();
        scratch.extend_from_slice(&self.canonical);
        let mut put = |at: usize, text: &[u8]| scratch[at..at + text.len()].copy_from_slice(text);
        put(self.event_id, own.event_id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
        put(self.sequence, (SEQUENCE_FIRST + own.sequence).to_string().as_bytes());
        debug_assert_eq!(own.timestamp.len(), TIMESTAMP.len());
        put(self.timestamp, own.timestamp.as_bytes());
        let signature = signer.sign(scratch);
        out.reserve(scratch.len() + SIGNATURE_MEMBER);
        out.extend_from_slice(&scratch[..self.signature]);
        out.extend_from_slice(br#""signature":""#);
        out.extend_from_slice(signature.to_string().as_bytes());
        out.extend_from_slice(br#"","#);
        out.extend_from_slice(&scratch[self.signature..]);
    }

    /// Bytes of one event as it is sent.
    #[cfg(test)]
    pub(crate) fn sent_bytes(&self) -> usize {
        self.canonical.len() + SIGNATURE_MEMBER
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::{Event, SigningSecret};

    use super::*;
    use crate::{corpus::Corpus, event_id::EventIds};

    #[test]
    fn what_is_written_is_what_aibbar_would_have_signed() {
        let secret = SigningSecret::new("not-a-secret: of a test");
        let signer = Signer::new(&secret);
        let ai_id = Uuid::from_u128(7);
        let ids = EventIds::new(0x1234_5678);
        for key_id in [None, Some("main")] {
            for (number, event) in (0..).zip(Corpus::mixed(3, 300).events().iter().chain(Corpus::median().events())) {
                let own = Own {
                    event_id: ids.id(1_780_000_000_000, number),
                    sequence: number,
                    timestamp: "2026-05-28T20:26:40.000123Z",
                };
                let mut sent = Vec::new();
                let template = Template::new(event, ai_id, key_id);
                template.write(&own, &signer, &mut Vec::new(), &mut sent);
                let read = Event::parse(&sent).unwrap();
                assert_eq!(read.verify([&secret]), Ok(0));
                assert_eq!((read.event_id(), read.ai_id(), read.key_id()), (own.event_id, ai_id, key_id));
                assert_eq!(read.timestamp().to_string(), own.timestamp);
                assert_eq!(template.sent_bytes(), sent.len());

                let plain: Map<String, Value> = serde_json::from_slice(&sent).unwrap();
                let twin = Event::sign(plain, &secret).unwrap();
                assert_eq!(twin.signature(), read.signature(), "the plain twin");
            }
        }
    }

    #[test]
    fn sizes_are_those_of_the_table() {
        let corpus = Corpus::mixed(1, crate::corpus::EVENTS);
        let template = |event| Template::new(event, Uuid::nil(), Some("main")).sent_bytes();
        let mut sizes: Vec<usize> = corpus.events().iter().map(template).collect();
        sizes.sort_unstable();
        let at = |share: f64| sizes[(sizes.len() as f64 * share) as usize] as f64;
        for (share, wanted) in [(0.5, 940.0), (0.9, 1_900.0), (0.99, 20_000.0)] {
            assert!((at(share) / wanted - 1.0).abs() < 0.1, "{share}: {} bytes, not {wanted}", at(share));
        }
    }
}
