//! The record: a redacted event and what the gateway knows of it.

mod parts;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Number, error::Category};
use uuid::Uuid;

use crate::{
    EventType, Signature, Timestamp,
    event::{Body, RedactedEvent},
    json,
};

pub use parts::RecordParts;

/// The topic of all records; key: the `ai_id` as text.
pub const EVENTS_TOPIC: &str = "aibbar.events";

/// The topic of what can never be stored, each with its reason.
pub const DEAD_LETTERS_TOPIC: &str = "aibbar.events.dlq";

/// The log header that names the organisation (UUID as text), so that a fan-out need not parse what nobody there reads.
pub const ORG_HEADER: &str = "org_id";

/// What the gateway adds, beside the event.
#[derive(Clone, Debug)]
pub struct Receipt<'a> {
    /// The event's own id, or the derived one.
    pub event_id: Uuid,
    /// Whose it is.
    pub org_id: Uuid,
    /// When the gateway took it.
    pub received_at: Timestamp,
    /// The API key that brought it.
    pub api_key_id: Uuid,
    /// The signing key that verified it.
    pub key_id: &'a str,
    /// When it was verified.
    pub signature_verified_at: Timestamp,
    /// The name of the gateway that took it.
    pub gateway: &'a str,
    /// The version of the redaction rules: [`crate::RuleSet::version`].
    pub redaction_rules: &'a str,
}

/// The version of the event format, as written into the record.
pub const SCHEMA: &str = "aibbar/1";

/// Writes `{"event":…,"record":…}` on one line: what the log carries, the store keeps and clients read. The event stands in
/// it as it was sent, where redaction certainly found nothing in it.
pub fn encode(event: &RedactedEvent, receipt: &Receipt<'_>) -> String {
    let receipt = LineReceipt {
        event_id: receipt.event_id,
        org_id: receipt.org_id,
        received_at: receipt.received_at.to_string(),
        api_key_id: receipt.api_key_id,
        key_id: receipt.key_id,
        signature_verified_at: receipt.signature_verified_at.to_string(),
        gateway: receipt.gateway,
        redactions: event
            .redactions
            .iter()
            .map(|redaction| LineRedaction {
                pointer: &redaction.pointer,
                kind: redaction.kind.as_str(),
                rule: redaction.rule.as_deref(),
            })
            .collect(),
        redaction_rules: receipt.redaction_rules,
        schema: SCHEMA,
    };
    let event = match &event.body {
        Body::AsSent(tape) => tape.to_line(),
        Body::Redacted(object) => Cow::Owned(as_json(object)),
    };
    ["{\"event\":", &event, ",\"record\":", &as_json(&receipt), "}"].concat()
}

fn as_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text, numbers and JSON values can be written as JSON")
}

#[derive(Serialize)]
struct LineReceipt<'a> {
    event_id: Uuid,
    org_id: Uuid,
    received_at: String,
    api_key_id: Uuid,
    key_id: &'a str,
    signature_verified_at: String,
    gateway: &'a str,
    redactions: Vec<LineRedaction<'a>>,
    redaction_rules: &'a str,
    schema: &'a str,
}

#[derive(Serialize)]
struct LineRedaction<'a> {
    pointer: &'a str,
    kind: &'a str,
    /// Of `custom` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
}

/// What a record is searched and routed by, read without building the rest of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHead {
    /// `record.org_id`
    pub org_id: Uuid,
    /// `record.event_id`
    pub event_id: Uuid,
    /// `record.received_at`
    pub received_at: Timestamp,
    /// `event.ai_id`
    pub ai_id: Uuid,
    /// `event.event_type`
    pub event_type: EventType,
    /// `event.timestamp`
    pub timestamp: Timestamp,
    /// `event.metadata.session_id`
    pub session_id: Option<String>,
    /// `event.metadata.request_id`
    pub request_id: Option<String>,
    /// `event.sequence`
    pub sequence: Option<u64>,
    /// `event.signature`
    pub signature: Signature,
}

impl RecordHead {
    /// Reads the head of a record. Members that it does not know are skipped, so that a record may grow.
    pub fn decode(record: &[u8]) -> Result<RecordHead, NotARecord> {
        let line: HeadLine<'_> = serde_json::from_str(Self::text(record)?).map_err(|error| not_a_record(&error))?;
        line.head()
    }

    /// A record's bytes as the text that they have to be.
    pub fn text(record: &[u8]) -> Result<&str, NotARecord> {
        str::from_utf8(record).map_err(|error| NotARecord(format!("not UTF-8 at byte {}", error.valid_up_to())))
    }
}

// Text is borrowed from the record where it stands there without escapes, and what is not named here is
// skipped without being built.

#[derive(Deserialize)]
struct HeadLine<'a> {
    #[serde(borrow)]
    event: HeadEvent<'a>,
    #[serde(borrow)]
    record: HeadReceipt<'a>,
}

impl HeadLine<'_> {
    fn head(self) -> Result<RecordHead, NotARecord> {
        let HeadLine { event, record } = self;
        Ok(RecordHead {
            org_id: record.org_id,
            event_id: record.event_id,
            received_at: moment(&record.received_at, "record.received_at")?,
            ai_id: event.ai_id,
            event_type: EventType::parse(&event.event_type)
                .ok_or_else(|| NotARecord("event.event_type is no type of event".to_owned()))?,
            timestamp: moment(&event.timestamp, "event.timestamp")?,
            session_id: event.metadata.session_id,
            request_id: event.metadata.request_id,
            sequence: event.sequence.map(sequence).transpose()?,
            signature: Signature::parse(&event.signature)
                .ok_or_else(|| NotARecord("event.signature is not 64 lowercase hex digits".to_owned()))?,
        })
    }
}

#[derive(Deserialize)]
struct HeadEvent<'a> {
    ai_id: Uuid,
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    metadata: HeadMetadata,
    sequence: Option<Number>,
    #[serde(borrow)]
    signature: Cow<'a, str>,
}

#[derive(Deserialize)]
struct HeadMetadata {
    session_id: Option<String>,
    request_id: Option<String>,
}

#[derive(Deserialize)]
struct HeadReceipt<'a> {
    event_id: Uuid,
    org_id: Uuid,
    #[serde(borrow)]
    received_at: Cow<'a, str>,
}

fn moment(text: &str, member: &str) -> Result<Timestamp, NotARecord> {
    Timestamp::parse(text).ok_or_else(|| NotARecord(format!("{member} is no RFC 3339 time")))
}

/// A sequence number may have been signed as `7.0` or `7e0`: to JSON Schema, and to every double, that is 7.
fn sequence(number: Number) -> Result<u64, NotARecord> {
    number
        .as_u64()
        .or_else(|| {
            let double = number.as_f64()?;
            let is_count = double.fract() == 0.0 && (0.0..=json::INTEGER_MAX as f64).contains(&double);
            is_count.then_some(double as u64)
        })
        .ok_or_else(|| NotARecord("event.sequence is no count".to_owned()))
}

/// serde's own sentence may quote the text, so only its place and kind are told.
fn not_a_record(error: &serde_json::Error) -> NotARecord {
    let what = match error.classify() {
        Category::Data => "a member is missing, stands twice or has another type",
        Category::Eof => "it ends before it is complete",
        Category::Syntax | Category::Io => "it is not JSON",
    };
    NotARecord(format!("{what} (line {}, column {})", error.line(), error.column()))
}

/// These bytes are no record of ours; the sentence shows nothing of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record: {0}")]
pub struct NotARecord(pub String);
