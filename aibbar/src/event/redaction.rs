//! What of an event its redaction sees, and what becomes of it.

use std::fmt;

use serde_json::{Map, Value};

use super::Event;
use crate::{Redaction, RuleSet, json::Tape, redact::Finding, signature};

/// Members whose form the schema fixes (an id, a time, a word of a list, a digest): they can hold nothing that must be hidden,
/// and are what the record is found and proven by.
const FIXED: [&str; 6] = ["event_type", "ai_id", "timestamp", "event_id", signature::MEMBER, "signature_algorithm"];

/// An event that may leave the process. `Debug` shows what was hidden, and nothing of what the event says.
#[derive(Clone)]
pub struct RedactedEvent {
    pub(crate) body: Body,
    /// What was hidden, by pointer into the redacted event.
    pub redactions: Vec<Redaction>,
}

/// The members of a redacted event; the signature is that of the event as sent.
#[derive(Clone)]
pub(crate) enum Body {
    /// There was nothing to hide.
    AsSent(Tape),
    /// Something was, or might have been.
    Redacted(Map<String, Value>),
}

impl Event {
    /// Hides personal data and secrets, and tells where and of what kind.
    ///
    /// Members whose form the schema fixes (an id, a time, a word of a list, a digest) can hold neither, and are
    /// what the record is found and proven by: no rule ever sees them.
    pub fn redact(self, rules: &RuleSet) -> RedactedEvent {
        let mut object = match self.tape.to_value() {
            Value::Object(object) => object,
            // The schema takes objects alone.
            _ => Map::new(),
        };
        let redactions = but_fixed(&mut object, |object| rules.redact(object));
        RedactedEvent { body: Body::Redacted(object), redactions }
    }
}

/// What [`Event::redact`] would hide of these members of an event, hidden, and why; see [`RuleSet::explain`]. The event need
/// not be complete, nor signed.
pub fn explain_redaction(object: &mut Map<String, Value>, rules: &RuleSet) -> (Vec<Finding>, bool) {
    but_fixed(object, |object| {
        let mut value = Value::Object(std::mem::take(object));
        let found = rules.explain(&mut value);
        if let Value::Object(redacted) = value {
            *object = redacted;
        }
        found
    })
}

/// Does this to all members but those whose form the schema fixes.
fn but_fixed<T>(object: &mut Map<String, Value>, redact: impl FnOnce(&mut Map<String, Value>) -> T) -> T {
    let fixed = FIXED.map(|name| object.remove_entry(name));
    let done = redact(object);
    object.extend(fixed.into_iter().flatten());
    done
}

impl fmt::Debug for RedactedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactedEvent").field("redactions", &self.redactions).finish_non_exhaustive()
    }
}
