//! Events to begin a test from: good ones, of which a test says only what it changes.

use aibbar::{Event, SigningSecret};
use serde_json::{Map, Value, json};

pub(crate) const AT: &str = "2026-03-01T09:30:00Z";

pub(crate) fn secret() -> SigningSecret {
    SigningSecret::new("a-secret-for-tests")
}

/// An event of that type with every required member, well formed but signed by no one.
pub(crate) fn unsigned(event_type: &str) -> Value {
    let mut event = json!({
        "event_type": event_type,
        "ai_id": "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
        "ai_version": "model-1",
        "timestamp": AT,
        "metadata": {},
        "signature": "0".repeat(64),
        "signature_algorithm": "HMAC-SHA256",
    });
    match event_type {
        "ai.action" => {
            event["action"] =
                json!({"function": "f", "input": null, "output": [1], "latency_ms": 1.5, "model": "model-1"});
        }
        "ai.decision" => {
            event["decision"] =
                json!({"type": "t", "logic": "l", "options": ["a", 1], "chosen": "a", "confidence": 0.5});
        }
        "ai.error" => event["error"] = json!({"code": "c", "message": "m", "recoverable": true}),
        _ => {}
    }
    event
}

/// The same, with members added or replaced.
pub(crate) fn unsigned_with(event_type: &str, members: Value) -> Map<String, Value> {
    let mut event = unsigned(event_type).as_object().unwrap().clone();
    event.extend(members.as_object().unwrap().clone());
    event
}

pub(crate) fn signed_with(members: Value) -> Event {
    Event::sign(unsigned_with("ai.query", members), &secret()).unwrap()
}
