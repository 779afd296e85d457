//! Why an event is refused, in words and in a stable code.

use std::fmt;

/// Why one event is refused. `as_str` is the API's stable `code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Not JSON, or JSON that two libraries would read differently.
    InvalidJson,
    /// Over [`crate::event::EVENT_BYTES_MAX`].
    EventTooLarge,
    /// The schema says no; each fault is listed.
    SchemaViolation,
    /// A wrong signature, or no such key: nobody learns which.
    InvalidSignature,
    /// `timestamp` lies too far ahead.
    TimestampInFuture,
    /// `timestamp` is older than what is kept.
    TimestampTooOld,
    /// The time inside `event_id` is not the event's.
    EventIdTimeMismatch,
}

impl Code {
    /// Every code there is.
    pub const ALL: [Code; 7] = [
        Code::InvalidJson,
        Code::EventTooLarge,
        Code::SchemaViolation,
        Code::InvalidSignature,
        Code::TimestampInFuture,
        Code::TimestampTooOld,
        Code::EventIdTimeMismatch,
    ];

    /// The stable word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::InvalidJson => "invalid_json",
            Code::EventTooLarge => "event_too_large",
            Code::SchemaViolation => "schema_violation",
            Code::InvalidSignature => "invalid_signature",
            Code::TimestampInFuture => "timestamp_in_future",
            Code::TimestampTooOld => "timestamp_too_old",
            Code::EventIdTimeMismatch => "event_id_time_mismatch",
        }
    }
}

/// One fault of an event, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, as an RFC 6901 JSON Pointer; empty is the event itself.
    pub pointer: String,
    /// What kind of fault, stable: `required`, `unknown_field`, `type`, `format`, `minimum`, ….
    pub code: &'static str,
    /// A sentence for people. Never shows a value of the event: a faulty event may hold what must be hidden.
    pub detail: String,
}

/// An event refused: one code, one sentence, and every fault when there are several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// A sentence for people. Never shows a value of the event.
    pub detail: String,
    /// Every fault found by the schema; empty for other codes.
    pub faults: Vec<Fault>,
}

impl Refusal {
    /// A refusal without single faults.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), faults: Vec::new() }
    }

    /// A refusal for faults against the schema; the sentence tells the first and counts the others.
    pub(crate) fn of_schema(faults: Vec<Fault>) -> Self {
        let first = match faults.first() {
            Some(Fault { pointer, detail, .. }) if pointer.is_empty() => format!("the event {detail}"),
            Some(Fault { pointer, detail, .. }) => format!("`{pointer}` {detail}"),
            None => "the event does not match the schema".to_owned(),
        };
        let detail = match faults.len() {
            0 | 1 => first,
            2 => format!("{first}; and 1 more fault"),
            count => format!("{first}; and {} more faults", count - 1),
        };
        Self { code: Code::SchemaViolation, detail, faults }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Refusal {}
