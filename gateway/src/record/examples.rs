//! Events for the API's document. Their signatures are of the right form alone: a key of one's own makes the real one.

use serde_json::{Value, json};

/// What a user asked.
pub(super) fn query() -> Value {
    event("ai.query", "query", json!({ "prompt": "Where is my parcel?", "model": "gpt-4-turbo" }))
}

/// What the AI system answered.
pub(super) fn response() -> Value {
    let usage = json!({ "input_tokens": 812, "output_tokens": 64 });
    event(
        "ai.response",
        "response",
        json!({ "output": "It arrives tomorrow.", "finish_reason": "stop", "usage": usage, "latency_ms": 840.5 }),
    )
}

/// What it did.
pub(super) fn action() -> Value {
    event(
        "ai.action",
        "action",
        json!({
            "function": "track_parcel",
            "input": { "parcel": "P-1029" },
            "output": { "status": "in transit" },
            "latency_ms": 120,
            "model": "gpt-4-turbo",
        }),
    )
}

fn event(event_type: &str, member: &str, content: Value) -> Value {
    let mut event = json!({
        "event_type": event_type,
        "ai_id": "7f3c9a52-0a6e-4c1b-9a53-4f0b6f2f8c11",
        "ai_version": "gpt-4-turbo",
        "timestamp": "2026-03-01T09:30:00.250+01:00",
        "metadata": { "session_id": "chat-1029", "request_id": "r-7", "labels": { "channel": "web" } },
        "key_id": "main",
        "signature": "5d2f8b1c0e9a4763b8d1f0c2e3a49576881f2a3b4c5d6e7f8091a2b3c4d5e6f7",
        "signature_algorithm": "HMAC-SHA256",
    });
    event[member] = content;
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_events_in_form() {
        for event in [query(), response(), action()] {
            assert_eq!(aibbar::schema::faults(&event), [], "{event}");
        }
    }
}
