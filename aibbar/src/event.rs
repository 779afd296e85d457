//! One event, checked against the schema.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{Redaction, Refusal, RuleSet, Signature, SigningSecret, Timestamp};

/// The largest event, in bytes of its JSON as it was sent: 256 KiB.
pub const EVENT_BYTES_MAX: usize = 256 * 1024;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// `ai.action`
    Action,
    /// `ai.decision`
    Decision,
    /// `ai.error`
    Error,
    /// `ai.query`
    Query,
    /// `ai.response`
    Response,
}

/// How far `timestamp` may lie from now.
#[derive(Clone, Copy, Debug)]
pub struct TimeWindow {
    /// At most this far ahead, in milliseconds (default 5 minutes).
    pub ahead_ms_max: i64,
    /// At most this old, in milliseconds (default 400 days).
    pub age_ms_max: i64,
}

/// An event that has passed strict parsing and the schema. Not yet verified, not yet redacted: never to leave the process like this.
#[derive(Clone, Debug)]
pub struct Event {
    object: Map<String, Value>,
}

impl Event {
    /// Reads one event: strict JSON, then the schema. Answers every fault of the schema at once.
    pub fn parse(json: &[u8]) -> Result<Event, Refusal> {
        let _ = json;
        todo!()
    }

    /// Makes a signed event of an unsigned one: sets `signature_algorithm` and `signature`
    /// (replacing any that is there), then checks the whole against the schema.
    pub fn sign(unsigned: Map<String, Value>, secret: &SigningSecret) -> Result<Event, Refusal> {
        let _ = (unsigned, secret);
        todo!()
    }

    /// The event as JSON on one line.
    pub fn to_json(&self) -> String {
        todo!()
    }

    /// `event_type`
    pub fn event_type(&self) -> EventType {
        todo!()
    }
    /// `ai_id`
    pub fn ai_id(&self) -> Uuid {
        todo!()
    }
    /// `timestamp`
    pub fn timestamp(&self) -> Timestamp {
        todo!()
    }
    /// `key_id`, when the event names one.
    pub fn key_id(&self) -> Option<&str> {
        todo!()
    }
    /// `signature`
    pub fn signature(&self) -> Signature {
        todo!()
    }

    /// The idempotency key: the event's own `event_id`, or the one derived from `timestamp` and `signature`.
    pub fn event_id(&self) -> Uuid {
        todo!()
    }

    /// Whether `timestamp` lies in the window around `now`, and `event_id` (when given) within 24 hours of it.
    pub fn check_time(&self, now: Timestamp, window: &TimeWindow) -> Result<(), Refusal> {
        let _ = (now, window);
        todo!()
    }

    /// Which of the secrets verifies the signature, in constant time per secret; the canonical form is made once.
    /// With no secret at all it takes as long as with one, so that an unknown key costs what a wrong signature costs.
    pub fn verify<'s>(&self, secrets: impl IntoIterator<Item = &'s SigningSecret>) -> Result<usize, Refusal> {
        let _ = secrets.into_iter().count();
        todo!()
    }

    /// Hides personal data and secrets, and tells where and of what kind.
    pub fn redact(self, rules: &RuleSet) -> RedactedEvent {
        let _ = (rules, self.object);
        todo!()
    }
}

/// An event that may leave the process.
#[derive(Clone, Debug)]
pub struct RedactedEvent {
    /// The event's members, redacted; the signature is that of the event as sent.
    pub(crate) object: Map<String, Value>,
    /// What was hidden, by pointer into the redacted event.
    pub redactions: Vec<Redaction>,
}
