//! What a live client is shown of a record, as JSON text: made once, shared by everyone who watches.

use std::collections::BTreeMap;

use aibbar::Timestamp;
use bus::LogRecord;
use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use super::topic::Watched;

/// What the gateway's own headers begin with.
const OWN: &str = "gapin-";

#[derive(Serialize)]
struct Message<'m> {
    topic: &'m str,
    partition: u32,
    offset: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    message: Option<&'m RawValue>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<&'m str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    appended_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
}

/// A JSON object: of an event the record as it is carried, of any other message what every reader of it is told.
pub(super) fn shown(record: &LogRecord, topic: &Watched) -> Bytes {
    if topic.is_events() {
        return record.payload.clone();
    }
    let text = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
    let own = |name: &str| record.header(name).map(text);
    let users = record.headers.iter().filter(|(name, _)| !name.starts_with(OWN));
    let message = Message {
        topic: topic.name.as_str(),
        partition: record.position.partition,
        offset: record.position.offset,
        key: (!record.key.is_empty()).then(|| text(&record.key)),
        message: serde_json::from_slice(&record.payload).ok(),
        headers: users.map(|(name, value)| (name.as_str(), text(value))).collect(),
        timestamp: own("gapin-timestamp"),
        appended_at: Timestamp::from_unix_ms(record.appended_at_ms).to_string(),
        message_id: own("gapin-message-id"),
    };
    serde_json::to_vec(&message).unwrap_or_default().into()
}
