//! What of an event its redaction sees, and what becomes of it.

use std::{borrow::Cow, fmt};

use serde_json::{Map, Value};

use super::Event;
use crate::{
    Redaction, RuleSet,
    json::{Kind, Node, Tape},
    redact::{Finding, Piece},
    signature,
};

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
    ///
    /// Most events have nothing to hide. Where that is certain, nothing is built of the event: it goes on as it was sent.
    pub fn redact(self, rules: &RuleSet) -> RedactedEvent {
        if finds_nothing(rules, &self.tape) {
            return RedactedEvent { body: Body::AsSent(self.tape), redactions: Vec::new() };
        }
        self.redact_plainly(rules)
    }

    /// As [`Event::redact`], whether there is anything to hide or not.
    fn redact_plainly(self, rules: &RuleSet) -> RedactedEvent {
        let mut object = match self.tape.to_value() {
            Value::Object(object) => object,
            // The schema takes objects alone.
            _ => Map::new(),
        };
        let redactions = but_fixed(&mut object, |object| rules.redact(object));
        RedactedEvent { body: Body::Redacted(object), redactions }
    }
}

/// Whether there certainly is nothing to hide in the members that rules see.
fn finds_nothing(rules: &RuleSet, event: &Tape) -> bool {
    let seen = || {
        let members = event.root().members().filter(|(name, _)| name.plain().is_none_or(|name| !FIXED.contains(&name)));
        members.flat_map(|(name, value)| name.everything().chain(value.everything()))
    };
    let unescaped: Vec<_> =
        seen().filter(|node| node.kind() == Kind::Escaped).filter_map(|node| node.string()).collect();
    let mut unescaped = unescaped.iter();
    rules.finds_nothing_in(seen().filter_map(|node| piece(node, || unescaped.next())))
}

/// What a rule sees of a value, or of a name; the text of one with escapes is given.
fn piece<'t>(node: Node<'t>, unescaped: impl FnOnce() -> Option<&'t Cow<'t, str>>) -> Option<Piece<'t>> {
    let text = match node.kind() {
        Kind::Plain => node.written(),
        Kind::Escaped => unescaped()?,
        Kind::Integer | Kind::Double => return Some(Piece::Number(node.written())),
        Kind::Null | Kind::True | Kind::False | Kind::Ordered | Kind::Unordered | Kind::Array => return None,
    };
    Some(if node.is_name() { Piece::Key(text) } else { Piece::Text(text) })
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::SigningSecret;

    fn event(output: &Value) -> Event {
        let event = json!({
            "event_type": "ai.response",
            "ai_id": "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
            "ai_version": "model-1",
            "timestamp": "2026-03-01T09:30:00Z",
            "metadata": {"session_id": "s"},
            "response": {"output": output},
        });
        Event::sign(event.as_object().unwrap().clone(), &SigningSecret::new("secret")).unwrap()
    }

    /// What stands in the record, and what of it was hidden.
    fn record_of(redacted: RedactedEvent) -> (Value, Vec<Redaction>) {
        let event = match redacted.body {
            Body::AsSent(tape) => serde_json::from_str(&tape.to_line()).unwrap(),
            Body::Redacted(object) => Value::Object(object),
        };
        (event, redacted.redactions)
    }

    #[test]
    fn an_ordinary_event_goes_on_as_it_was_sent() {
        let corpus: Value = serde_json::from_str(include_str!("../../../load-tests/corpus/median.json")).unwrap();
        let median = Event::sign(corpus.as_object().unwrap().clone(), &SigningSecret::new("secret")).unwrap();
        for event in
            [median, event(&json!("Yes.")), event(&json!({"said": "a \"quiet\" room\nat 7/8", "rooms": [7, 1.5]}))]
        {
            assert!(matches!(event.redact(&RuleSet::default()).body, Body::AsSent(_)));
        }
    }

    #[test]
    fn nothing_is_hidden_by_its_spelling() {
        for text in ["jane@example.org", "jane\\u0040example.org", "\\u006aane@example.org\\n"] {
            for json in
                [format!("\"{text}\""), format!("{{\"{text}\":1}}"), format!("[{{\"\\n\":\"\\\\\"}},[\"{text}\"]]")]
            {
                let event = event(&json!("HERE"));
                let event = Event::parse(event.to_json().replace("\"HERE\"", &json).as_bytes()).unwrap();
                let (record, redactions) = record_of(event.redact(&RuleSet::default()));
                assert!(!record.to_string().contains("example.org"), "{json}");
                assert_eq!(redactions.len(), 1, "{json}");
            }
        }
    }

    fn texts() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            "[ -~]{0,24}",
            any::<String>(),
            prop::sample::select(vec![
                "jane@example.org",
                "+49 30 1234567",
                "4111 1111 1111 1111",
                "password",
                "name",
                "token",
                "hunter2",
                "kty",
                "Bearer abcdef0123456789abcdef0123456789",
                "quiet room\n",
                "10.0.0.1",
                "ok",
                "DB_PASSWORD",
                "key_id",
                "value",
                "key",
                "kind",
                "Secret",
                "data",
                "d",
            ])
            .prop_map(str::to_owned),
        ];
        let leaf = prop_oneof![
            text.clone().prop_map(Value::from),
            prop::sample::select(vec![
                json!(4_111_111_111_111_111_i64),
                json!(7),
                json!(1.5),
                json!(123_456),
                json!(null),
                json!({"kind": "Secret", "data": {"user": "c2hvcA=="}}),
                json!({"kind": "Pod", "data": {"user": "c2hvcA=="}}),
                json!({"name": "DB_PASSWORD", "value": "kelp"}),
                json!({"Key": "DB_PASSWORD", "new": "kelp"}),
                json!({"name": "colour", "value": "kelp"}),
                json!({"kty": "oct", "k": "c2hvcGtlZXBlcg"}),
                json!({"password": {"value": "kelp"}}),
            ]),
        ];
        leaf.prop_recursive(3, 12, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((text.clone(), inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn the_short_way_hides_what_the_plain_way_hides(output in texts(), all in any::<bool>()) {
            let rules = if all { RuleSet::strictest() } else { RuleSet::default() };
            let event = event(&output);
            let plainly = record_of(event.clone().redact_plainly(&rules));
            prop_assert_eq!(record_of(event.redact(&rules)), plainly);
        }
    }
}
