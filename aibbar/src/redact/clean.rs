//! Whether there is anything to hide at all, asked before anything is built: most events hold nothing.
//!
//! What is looked at is the event in pieces, each name before its value. A name that means something may make a secret of what stands beside or
//! below it, so it is answered at once that there may be something; the walk through the whole tells whether there is.

use std::sync::LazyLock;

use super::name::meaning;
use super::walk::{SIBLING_NAMES, may_be_card};
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
                if rules.own().is_none() && is_of_schema(key) {
                    return true;
                }
                meaning(key).is_none() && !makes_secrets_of_siblings(key) && !text::finds_in(rules, key)
            }
            Piece::Text(text) => {
                let names_a_secret = names_its_sibling && meaning(text).is_some();
                !names_a_secret && !text::finds_in(rules, text)
            }
            Piece::Number(digits) => !may_be_card(digits),
        })
}

/// Names that say of the whole object what it is: a JSON Web Key.
fn makes_secrets_of_siblings(key: &str) -> bool {
    key == "kty"
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

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
