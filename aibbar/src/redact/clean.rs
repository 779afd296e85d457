//! Whether there is anything to hide at all, asked before anything is built: most events hold nothing.
//!
//! What is looked at is the event in pieces, each name before its value. A name that means something may make a secret of what stands beside or
//! below it, so it is answered at once that there may be something; the walk through the whole tells whether there is.

use std::slice::Iter;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::name::meaning;
use super::walk::{MANIFEST_KIND, SIBLING_NAMES, WEB_KEY_MARK, may_be_card};
use super::{RuleSet, text};

/// A part of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// A member's name, its escapes undone.
    Key(&'t str),
    /// A string, its escapes undone.
    Text(&'t str),
    /// A number, as it is written.
    Number(&'t str),
}

/// What the schema itself calls members: a test holds that no rule finds anything in them, and that they mean nothing.
#[rustfmt::skip]
const MEMBERS: &[&str] = &[
    "code", "type", "ai_id", "error", "input", "logic", "model", "query", "stack", "usage", "action", "chosen",
    "key_id", "labels", "output", "prompt", "region", "country", "message", "options", "span_id", "user_id", "decision",
    "event_id", "function", "messages", "metadata", "response", "sequence", "trace_id", "signature", "source_ip",
    "timestamp", "ai_version", "confidence", "event_type", "latency_ms", "parameters", "request_id", "session_id",
    "recoverable", "tokens_used", "input_tokens", "finish_reason", "output_tokens", "signature_algorithm",
];

/// The same, by length.
static MEMBERS_BY_LENGTH: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let longest = MEMBERS.iter().map(|member| member.len()).max().unwrap_or_default();
    (0..=longest).map(|length| MEMBERS.iter().copied().filter(|member| member.len() == length).collect()).collect()
});

fn is_of_schema(key: &str) -> bool {
    MEMBERS_BY_LENGTH.get(key.len()).is_some_and(|members| members.contains(&key))
}

/// See [`RuleSet::finds_nothing_in`].
pub(super) fn finds_nothing_in<'t>(rules: &RuleSet, mut pieces: impl Iterator<Item = Piece<'t>>) -> bool {
    let mut names_its_sibling = false;
    // An own rule may point at a place, and pieces have none.
    !rules.points_at_places()
        && pieces.all(|piece| match piece {
            Piece::Key(key) => {
                names_its_sibling = SIBLING_NAMES.contains(&key);
                holds_nothing(rules, key)
                    || meaning(key).is_none() && !makes_secrets_of_siblings(key) && !text::finds_in(rules, key)
            }
            Piece::Text(text) => {
                let names_a_secret = names_its_sibling && meaning(text).is_some() || text == MANIFEST_KIND;
                !names_a_secret && !text::finds_in(rules, text)
            }
            // A time in micro- or nanoseconds is as long as a card, and stands in many an event.
            Piece::Number(digits) => !may_be_card(digits) || is_whole(digits) && !text::finds_in(rules, digits),
        })
}

/// Whether there is anything to hide in a member's name.
pub(super) fn finds_in_name(rules: &RuleSet, key: &str) -> bool {
    !holds_nothing(rules, key) && text::finds_in(rules, key)
}

/// Whether a member's name is known to hold nothing: own rules may find something in any.
fn holds_nothing(rules: &RuleSet, key: &str) -> bool {
    rules.own().is_none() && is_of_schema(key)
}

/// Whether a number is written in digits alone, which is how the walk would read it.
fn is_whole(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name says of the whole object what it is: a JSON Web Key.
fn makes_secrets_of_siblings(key: &str) -> bool {
    key == WEB_KEY_MARK
}

/// [`finds_nothing_in`] the pieces of an object. In builds with assertions, which are those of the tests and of the fuzzers, the walk
/// holds each of its results against this: what it hides must not have been told as nothing.
pub(super) fn finds_nothing_in_object(rules: &RuleSet, object: &Map<String, Value>) -> bool {
    let mut numbers = Vec::new();
    numbers_of_object(object, &mut numbers);
    let (mut pieces, mut numbers) = (Vec::new(), numbers.iter());
    pieces_of_object(object, &mut numbers, &mut pieces);
    finds_nothing_in(rules, pieces.into_iter())
}

fn numbers_of_object(object: &Map<String, Value>, numbers: &mut Vec<String>) {
    object.values().for_each(|value| numbers_of(value, numbers));
}

fn numbers_of(value: &Value, numbers: &mut Vec<String>) {
    match value {
        Value::Number(number) => numbers.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| numbers_of(value, numbers)),
        Value::Object(object) => numbers_of_object(object, numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn pieces_of_object<'t>(object: &'t Map<String, Value>, numbers: &mut Iter<'t, String>, pieces: &mut Vec<Piece<'t>>) {
    for (key, value) in object {
        pieces.push(Piece::Key(key));
        pieces_of(value, numbers, pieces);
    }
}

fn pieces_of<'t>(value: &'t Value, numbers: &mut Iter<'t, String>, pieces: &mut Vec<Piece<'t>>) {
    match value {
        Value::String(text) => pieces.push(Piece::Text(text)),
        Value::Number(_) => pieces.extend(numbers.next().map(|digits| Piece::Number(digits))),
        Value::Array(values) => values.iter().for_each(|value| pieces_of(value, numbers, pieces)),
        Value::Object(object) => pieces_of_object(object, numbers, pieces),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(schema: &Value, into: &mut Vec<String>) {
        let Some(keywords) = schema.as_object() else {
            schema.as_array().into_iter().flatten().for_each(|schema| members(schema, into));
            return;
        };
        for (keyword, value) in keywords {
            if let ("properties", Some(properties)) = (keyword.as_str(), value.as_object()) {
                into.extend(properties.keys().cloned());
            }
            members(value, into);
        }
    }

    #[test]
    fn what_the_schema_calls_members_holds_nothing_and_means_nothing() {
        let mut named = Vec::new();
        members(&serde_json::from_str(crate::schema::TEXT).unwrap_or_default(), &mut named);
        named.sort_by_key(|name| (name.len(), name.clone()));
        named.dedup();
        assert_eq!(MEMBERS, named);
        for member in MEMBERS {
            assert!(meaning(member).is_none() && !text::finds_in(&RuleSet::strictest(), member), "{member}");
            assert!(is_of_schema(member) && !is_of_schema(&format!("{member}x")) && !makes_secrets_of_siblings(member));
        }
    }
}
