//! The events that are counted with.

use aibbar::{Event, Receipt, RuleSet, SigningSecret, Timestamp, record};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The corpus's median event, as it stands there.
const MEDIAN: &str = include_str!("../../corpus/median.json");

/// About what one event in a hundred has.
const LARGE_BYTES: usize = 20 * 1024;

/// What a long prompt says, over and over: usual text, with something to hide here and there.
const SENTENCES: [&str; 6] = [
    "The customer asks whether the order of last Tuesday can still be changed, since the address was wrong.",
    "Summarise the conversation in three sentences, and name every promise that was made with its date.",
    "Invoice 2026-0417 over 129.90 was paid by card; the refund of 12.50 is open.\n",
    "You may call `search_orders` with {\"status\": \"open\", \"limit\": 20} before you answer.",
    "Reply to jane.doe@example.com, or call +49 30 901820 between nine and five.",
    "If nothing fits, say so plainly; never invent a number, a name or a source.\n\n",
];

/// What everything here is signed with.
pub fn secret() -> SigningSecret {
    SigningSecret::new("not-a-secret: for the guard only")
}

/// The corpus's median event, signed.
pub fn median() -> String {
    signed(unsigned())
}

/// An event of about 20 KB, signed: the median one with a conversation before it and what a tool found.
pub fn large() -> String {
    let mut event = unsigned();
    let mut messages = Vec::new();
    let mut bytes = 0;
    for turn in 0.. {
        if bytes >= LARGE_BYTES {
            break;
        }
        let text: Vec<&str> = (0..8).map(|at| SENTENCES[(turn * 5 + at) % SENTENCES.len()]).collect();
        let text = format!("{turn}. {}", text.join(" "));
        bytes += text.len() + 80;
        messages
            .push(json!({ "role": if turn % 2 == 0 { "user" } else { "assistant" }, "content": text, "turn": turn }));
    }
    event.insert("query".to_owned(), json!({ "prompt": "Go on.", "parameters": { "messages": messages } }));
    signed(event)
}

/// The record that becomes of an event, as the log carries it.
pub fn recorded(event: &str, org_id: Uuid) -> String {
    let event = parsed(event);
    let rules = RuleSet::default();
    let (event_id, moment) = (event.event_id(), moment());
    let receipt = Receipt {
        event_id,
        org_id,
        received_at: moment,
        api_key_id: Uuid::from_u128(3),
        key_id: "default",
        signature_verified_at: moment,
        gateway: "gateway-1",
        redaction_rules: rules.version(),
    };
    record::encode(&event.redact(&rules), &receipt)
}

/// When everything here was received.
pub fn moment() -> Timestamp {
    Timestamp::parse("2026-03-01T09:30:00.223456Z").expect("a time")
}

fn parsed(event: &str) -> Event {
    Event::parse(event.as_bytes()).expect("an event of ours is taken")
}

fn unsigned() -> Map<String, Value> {
    match serde_json::from_str(MEDIAN) {
        Ok(Value::Object(event)) => event,
        _ => unreachable!("the corpus's event is an object"),
    }
}

fn signed(event: Map<String, Value>) -> String {
    Event::sign(event, &secret()).expect("an event of ours is taken").to_json()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_have_the_sizes_that_they_are_named_after() {
        assert!((900..1_000).contains(&median().len()), "{}", median().len());
        assert!((20_000..23_000).contains(&large().len()), "{}", large().len());
    }

    #[test]
    fn a_large_event_has_something_to_hide() {
        let redacted = parsed(&large()).redact(&RuleSet::default());
        assert!(redacted.redactions.len() > 5, "{}", redacted.redactions.len());
    }
}
