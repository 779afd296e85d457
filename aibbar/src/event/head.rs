//! What an event is told by, read once.

use std::borrow::Cow;

use uuid::Uuid;

use super::EventType;
use crate::{Signature, Timestamp, json::Node};

#[derive(Clone)]
pub(super) struct Head {
    pub(super) event_type: EventType,
    pub(super) ai_id: Uuid,
    pub(super) timestamp: Timestamp,
    pub(super) event_id: Option<Uuid>,
    pub(super) key_id: Option<Box<str>>,
    pub(super) signature: Signature,
}

impl Head {
    /// None of an event that does not match the schema.
    pub(super) fn read(event: Node<'_>) -> Option<Head> {
        let (mut event_type, mut ai_id, mut timestamp, mut signature) = (None, None, None, None);
        let (mut event_id, mut key_id) = (None, None);
        for (name, value) in event.members() {
            let text = || value.string().unwrap_or(Cow::Borrowed(""));
            match &*name.string()? {
                "event_type" => event_type = EventType::parse(&text()),
                "ai_id" => ai_id = Uuid::try_parse(&text()).ok(),
                "timestamp" => timestamp = Timestamp::parse(&text()),
                "event_id" => event_id = Some(Uuid::try_parse(&text()).ok()?),
                "key_id" => key_id = Some(text().into()),
                "signature" => signature = Signature::parse(&text()),
                _ => {}
            }
        }
        Some(Head {
            event_type: event_type?,
            ai_id: ai_id?,
            timestamp: timestamp?,
            event_id,
            key_id,
            signature: signature?,
        })
    }
}
