//! The record: a redacted event and what the gateway knows of it.

use uuid::Uuid;

use crate::{EventType, Signature, Timestamp, event::RedactedEvent};

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
    /// The version of the redaction rules.
    pub redaction_rules: &'a str,
}

/// Writes `{"event":…,"record":…}` on one line: what the log carries, the store keeps and clients read.
pub fn encode(event: &RedactedEvent, receipt: &Receipt<'_>) -> String {
    let _ = (event, receipt);
    todo!()
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
    /// Reads the head of a record.
    pub fn decode(record: &[u8]) -> Result<RecordHead, NotARecord> {
        let _ = record;
        todo!()
    }
}

/// These bytes are no record of ours; the sentence shows nothing of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record: {0}")]
pub struct NotARecord(pub String);
