//! The vectors, each with the reason it is there. What is expected of an event is written by hand;
//! canonical forms, signatures and ids are computed, and tests compare them with other implementations.

use aibbar::{Signature, SigningSecret, json};
use serde::Serialize;
use serde_json::{Map, Value};

mod canonical;
mod identity;
mod invalid_json;
mod invalid_schema;
mod invalid_seal;
mod signatures;
mod valid;

/// The secret of every vector that names no other.
const SECRET: &str = "not-a-secret: for test vectors only";

/// When the vectors are checked: `timestamp` is compared with it.
const NOW: &str = "2026-03-01T09:30:02Z";

/// The largest event.
const EVENT_BYTES_MAX: usize = aibbar::event::EVENT_BYTES_MAX;

/// Every file: its name and its text.
pub(crate) fn files() -> Vec<(&'static str, String)> {
    let invalid: Vec<_> =
        [invalid_json::all(), invalid_schema::all(), invalid_seal::all()].into_iter().flatten().collect();
    vec![
        ("events-valid.jsonl", lines(&valid::all())),
        ("events-invalid.jsonl", lines(&invalid)),
        ("canonical.jsonl", lines(&canonical::all())),
        ("signatures.jsonl", lines(&signatures::all())),
        ("identity.jsonl", lines(&identity::all())),
    ]
}

fn lines<T: Serialize>(vectors: &[T]) -> String {
    vectors.iter().map(|vector| serde_json::to_string(vector).expect("a vector is JSON") + "\n").collect()
}

/// The bytes of an event, as a line of a file can hold them.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    /// The text itself.
    Json(String),
    /// Bytes that are no text.
    Base64(String),
    /// `before`, then `pad` so many times, then `after`.
    Padded { before: String, pad: &'static str, times: usize, after: String },
}

#[derive(Serialize)]
struct Invalid {
    name: &'static str,
    why: &'static str,
    #[serde(flatten)]
    body: Body,
    secret: &'static str,
    now: &'static str,
    code: &'static str,
    faults: Vec<ExpectedFault>,
}

#[derive(Serialize)]
struct ExpectedFault {
    pointer: String,
    code: String,
}

impl Invalid {
    fn new(name: &'static str, why: &'static str, body: Body, code: &'static str) -> Self {
        Self { name, why, body, secret: SECRET, now: NOW, code, faults: Vec::new() }
    }
}

/// Stands in the text of an event where its signature goes.
const SIGNATURE_HERE: &str = "\"@\"";

/// A good `ai.query` with nothing optional. `members` (as `,"name":value`) come last.
fn query_with(members: &str) -> String {
    format!(
        r#"{{"event_type":"ai.query","ai_id":"3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b","ai_version":"model-1","timestamp":"2026-03-01T09:30:00Z","metadata":{{}},"signature":"@","signature_algorithm":"HMAC-SHA256"{members}}}"#
    )
}

/// The same, with one piece of its text replaced.
fn query_replacing(piece: &str, by: &str) -> String {
    let event = query_with("");
    assert_eq!(event.matches(piece).count(), 1, "{piece}");
    event.replace(piece, by)
}

/// Puts the signature where it goes.
fn signed(event: &str, secret: &str) -> String {
    let signature = Signature::of(&object(event), &SigningSecret::new(secret));
    event.replace(SIGNATURE_HERE, &format!("\"{signature}\""))
}

/// For what cannot be signed: some signature of the right form.
fn with_any_signature(event: &str) -> String {
    event.replace(SIGNATURE_HERE, &format!("\"{}\"", "0".repeat(64)))
}

fn object(event: &str) -> Map<String, Value> {
    match json::parse(event.as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("a vector that is signed is an object: {other:?}"),
    }
}
