//! Builds events: a test says what matters, the rest is made up.

use std::time::SystemTime;

use aibbar::{EventType, Signature, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::Organisation;

/// An event in the making.
#[derive(Clone, Debug)]
pub struct EventBuilder {
    members: Map<String, Value>,
}

/// An `ai.response` of now that nobody has sent before.
pub fn event() -> EventBuilder {
    let Value::Object(members) = json!({
        "event_type": "ai.response",
        "ai_version": "e2e-1",
        "timestamp": Timestamp::from(SystemTime::now()).to_string(),
        "metadata": { "request_id": Uuid::new_v4().to_string() },
        "response": { "output": "It is done.", "model": "e2e-1", "latency_ms": 12.5 },
    }) else {
        unreachable!("an object was written")
    };
    EventBuilder { members }
}

impl EventBuilder {
    /// Of this type, with what this type requires.
    pub fn of_type(self, event_type: EventType) -> Self {
        let with_type = self.with("event_type", event_type.as_str());
        match event_type {
            EventType::Action => with_type.with(
                "action",
                json!({ "function": "book", "input": { "seat": "12A" }, "output": null, "latency_ms": 3, "model": "e2e-1" }),
            ),
            EventType::Decision => with_type.with(
                "decision",
                json!({ "type": "seat", "logic": "nearest", "options": ["12A", "12B"], "chosen": "12A", "confidence": 0.75 }),
            ),
            EventType::Error => with_type
                .with("error", json!({ "code": "full", "message": "no seat is left", "recoverable": true })),
            EventType::Query => with_type.with("query", json!({ "prompt": "a seat, please" })),
            EventType::Response => with_type,
        }
    }

    /// What the AI system answered.
    pub fn saying(mut self, output: impl Into<Value>) -> Self {
        self.members["response"]["output"] = output.into();
        self
    }

    /// In this session.
    pub fn in_session(mut self, session_id: &str) -> Self {
        self.members["metadata"]["session_id"] = session_id.into();
        self
    }

    /// At this time.
    pub fn at(self, timestamp: Timestamp) -> Self {
        self.with("timestamp", timestamp.to_string())
    }

    /// With this member, whatever the schema thinks of it.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Without this member.
    pub fn without(mut self, name: &str) -> Self {
        self.members.remove(name);
        self
    }

    /// From this organisation's AI system, signed with its key. An `ai_id` or `key_id` that was given stays.
    pub fn signed_by(mut self, organisation: &Organisation) -> Value {
        self.members.entry("ai_id").or_insert_with(|| organisation.ai_id.to_string().into());
        if !organisation.key_id.is_empty() {
            self.members.entry("key_id").or_insert_with(|| organisation.key_id.clone().into());
        }
        self.members.entry("signature_algorithm").or_insert_with(|| "HMAC-SHA256".into());
        let signature = Signature::of(&self.members, &organisation.secret);
        self.members.insert("signature".to_owned(), signature.to_string().into());
        Value::Object(self.members)
    }
}

/// What [`EventBuilder::saying`] put into an event or record.
pub fn text_of(record: &Value) -> Option<&str> {
    record.pointer("/event/response/output").or_else(|| record.pointer("/response/output"))?.as_str()
}
