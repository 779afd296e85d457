//! What is hidden already, and stays as it is.
//!
//! Recognisers see every stand-in as `[REDACTED:<kind>]`: a pseudonym names its kind in words that could be taken for the
//! name of a secret, and an own rule may be called anything. What really stands there is put back at the end.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::pseudonym::TOKEN_CHARACTERS;
use super::text::Spot;
use super::why::Why;
use super::{Kind, RuleSet};

/// A pseudonym, or the placeholder of an own rule.
static STAND_IN: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = Kind::ALL.map(|kind| kind.as_str().to_uppercase()).join("|");
    Regex::new(&format!(
        r"\[(?:(?P<kind>{kinds}):[a-z2-7]{{{TOKEN_CHARACTERS}}}|CUSTOM:(?P<rule>[a-z0-9_]{{1,32}}):[a-z2-7]{{{TOKEN_CHARACTERS}}}|REDACTED:custom:(?P<masked>[a-z0-9_]{{1,32}}))\]"
    ))
    .expect("made of words")
});

/// The text as recognisers shall see it, and where something else belongs in it.
///
/// An own rule's stand-in counts only with the name of a rule that there is: in any other name a sender could hide something.
pub(super) fn set_aside<'t>(rules: &RuleSet, text: &'t str) -> (Cow<'t, str>, Vec<Spot>) {
    if !text.contains('[') || !STAND_IN.is_match(text) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut seen = String::with_capacity(text.len());
    let mut spots = Vec::new();
    let mut from = 0;
    for stand_in in STAND_IN.captures_iter(text) {
        let Some(whole) = stand_in.get(0) else { continue };
        let kind = match (stand_in.name("kind"), stand_in.name("rule").or(stand_in.name("masked"))) {
            (Some(word), _) => Kind::parse(&word.as_str().to_lowercase()),
            (None, Some(name)) => rules.knows_rule(name.as_str()).then_some(Kind::Custom),
            (None, None) => None,
        };
        let Some(kind) = kind else { continue };
        seen.push_str(&text[from..whole.start()]);
        let start = seen.len();
        seen.push_str(kind.placeholder());
        let stands_there = Some(whole.as_str().to_owned());
        spots.push(Spot { start, end: seen.len(), kind, why: Why::OfKind(kind), stands_there, is_new: false });
        from = whole.end();
    }
    seen.push_str(&text[from..]);
    (Cow::Owned(seen), spots)
}

/// Whether the text is one stand-in and nothing else.
pub(super) fn is_stand_in(rules: &RuleSet, text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']') && {
        let (seen, _) = set_aside(rules, text);
        Kind::ALL.into_iter().chain([Kind::Custom]).any(|kind| seen == kind.placeholder())
    }
}
