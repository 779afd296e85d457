//! One event, checked against the schema.

mod head;
#[cfg(feature = "redact")]
mod redaction;

use std::{fmt, sync::LazyLock};

use serde_json::{Map, Value};
use uuid::Uuid;

use head::Head;
#[cfg(feature = "redact")]
pub(crate) use redaction::Body;
#[cfg(feature = "redact")]
pub use redaction::{RedactedEvent, explain_redaction};

use crate::{Code, Refusal, Signature, SigningSecret, Timestamp, canonical, identity, json::Tape, schema, signature};

/// Of nobody: what an event is held against when its key is unknown.
static NO_ONES: LazyLock<SigningSecret> = LazyLock::new(|| SigningSecret::new("no one's"));

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

impl EventType {
    /// Every type.
    pub const ALL: [EventType; 5] =
        [EventType::Action, EventType::Decision, EventType::Error, EventType::Query, EventType::Response];

    /// The word in the event.
    pub const fn as_str(self) -> &'static str {
        match self {
            EventType::Action => "ai.action",
            EventType::Decision => "ai.decision",
            EventType::Error => "ai.error",
            EventType::Query => "ai.query",
            EventType::Response => "ai.response",
        }
    }

    /// The type of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event_type| event_type.as_str() == word)
    }
}

/// How far `timestamp` may lie from now.
#[derive(Clone, Copy, Debug)]
pub struct TimeWindow {
    /// At most this far ahead, in milliseconds (default 5 minutes).
    pub ahead_ms_max: i64,
    /// At most this old, in milliseconds (default 400 days).
    pub age_ms_max: i64,
}

/// An event that has passed strict parsing and the schema. Not yet verified, not yet redacted: never to leave
/// the process like this. `Debug` shows its id, and nothing of what it says.
#[derive(Clone)]
pub struct Event {
    tape: Tape,
    head: Head,
}

impl Event {
    /// Reads one event: strict JSON, then the schema. Answers every fault of the schema at once.
    pub fn parse(json: &[u8]) -> Result<Event, Refusal> {
        if json.len() > EVENT_BYTES_MAX {
            let detail = format!("an event may have {EVENT_BYTES_MAX} bytes; this one has {}", json.len());
            return Err(Refusal::new(Code::EventTooLarge, detail));
        }
        let tape = Tape::parse(json).map_err(|fault| Refusal::new(Code::InvalidJson, fault.to_string()))?;
        let faults = schema::faults_on(&tape);
        if !faults.is_empty() {
            return Err(Refusal::of_schema(faults));
        }
        let head = Head::read(tape.root()).expect("the schema has checked the head");
        Ok(Event { tape, head })
    }

    /// Makes a signed event of an unsigned one: sets `signature_algorithm` and `signature`
    /// (replacing any that is there), then takes the whole through [`Event::parse`], the door of every event.
    pub fn sign(mut unsigned: Map<String, Value>, secret: &SigningSecret) -> Result<Event, Refusal> {
        unsigned.insert("signature_algorithm".to_owned(), signature::ALGORITHM.into());
        let signature = Signature::of(&unsigned, secret);
        unsigned.insert(signature::MEMBER.to_owned(), signature.to_string().into());
        Self::parse(to_line(&unsigned).as_bytes())
    }

    /// The event as JSON on one line, its members in the order in which they were sent.
    pub fn to_json(&self) -> String {
        self.tape.to_line().into_owned()
    }

    /// `event_type`
    pub fn event_type(&self) -> EventType {
        self.head.event_type
    }

    /// `ai_id`
    pub fn ai_id(&self) -> Uuid {
        self.head.ai_id
    }

    /// `timestamp`
    pub fn timestamp(&self) -> Timestamp {
        self.head.timestamp
    }

    /// `key_id`, when the event names one.
    pub fn key_id(&self) -> Option<&str> {
        self.head.key_id.as_deref()
    }

    /// `signature`
    pub fn signature(&self) -> Signature {
        self.head.signature
    }

    /// The idempotency key: the event's own `event_id`, or the one derived from `timestamp` and `signature`.
    pub fn event_id(&self) -> Uuid {
        self.head.event_id.unwrap_or_else(|| identity::derive_event_id(self.head.timestamp, &self.head.signature))
    }

    /// Whether `timestamp` lies in the window around `now`, and `event_id` (when given) within 24 hours of it.
    /// A time before 1970, which no UUIDv7 can say, is too old for every window.
    pub fn check_time(&self, now: Timestamp, window: &TimeWindow) -> Result<(), Refusal> {
        if self.head.timestamp > now.plus_ms(window.ahead_ms_max) {
            let detail =
                format!("`timestamp` lies more than {} s ahead of the gateway's clock", window.ahead_ms_max / 1000);
            return Err(Refusal::new(Code::TimestampInFuture, detail));
        }
        if self.head.timestamp < now.plus_ms(window.age_ms_max.saturating_neg()) || self.head.timestamp.unix_ms() < 0 {
            let days = window.age_ms_max / (24 * 60 * 60 * 1000);
            let detail = format!("`timestamp` is older than the {days} days that events are kept");
            return Err(Refusal::new(Code::TimestampTooOld, detail));
        }
        match self.head.event_id {
            Some(event_id) if !identity::is_near(event_id, self.head.timestamp) => Err(Refusal::new(
                Code::EventIdTimeMismatch,
                "the time inside `event_id` lies more than 24 hours from `timestamp`",
            )),
            _ => Ok(()),
        }
    }

    /// Which of the secrets verifies the signature, in constant time per secret; the canonical form is made once.
    /// With no secret at all it takes as long as with one, so that an unknown key costs what a wrong signature costs.
    pub fn verify<'s>(&self, secrets: impl IntoIterator<Item = &'s SigningSecret>) -> Result<usize, Refusal> {
        let canonical = canonical::of_tape_without(&self.tape, signature::MEMBER);
        let mut tried = 0;
        for secret in secrets {
            if self.head.signature.verifies(&canonical, secret) {
                return Ok(tried);
            }
            tried += 1;
        }
        if tried == 0 {
            // Its answer counts for nothing, even if someone signs with this secret of no one.
            std::hint::black_box(self.head.signature.verifies(&canonical, &NO_ONES));
        }
        Err(Refusal::new(
            Code::InvalidSignature,
            "the signature is not that of this event under any key that is valid for it",
        ))
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_id", &self.event_id())
            .field("event_type", &self.head.event_type)
            .finish_non_exhaustive()
    }
}

fn to_line(object: &Map<String, Value>) -> String {
    serde_json::to_string(object).expect("a JSON object can be written as JSON")
}
