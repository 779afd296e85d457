//! What people may see of bytes that are no record of ours. Nobody redacted them yet.

use serde_json::{Map, Value};

use super::{Content, cut};
use crate::{Kind, RuleSet};

/// The longest text that a letter carries, in bytes: enough to see what it is.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// The bytes as text with everything hidden that any rule finds, whatever an organisation has switched off.
///
/// What is no plain text is left out: the rules read text, and would not see an address that stands in UTF-16, or in
/// an archive.
pub(super) fn redacted(payload: &[u8]) -> Content {
    let is_plain = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
    let Some(text) = str::from_utf8(payload).ok().filter(|text| is_plain(text)) else { return Content::LeftOut };
    let rules = Kind::ALL.into_iter().fold(RuleSet::default(), |rules, kind| rules.with(kind, true));
    let by_members = redacted_json(&rules, text);
    // Once more as text: a card's number may stand there as a JSON number, which is no string.
    let (hidden, _) = rules.redact_text(by_members.as_deref().unwrap_or(text));
    Content::Text(cut(&hidden, TEXT_BYTES_MAX).to_owned())
}

/// By names and values, where the text is JSON.
fn redacted_json(rules: &RuleSet, text: &str) -> Option<String> {
    let mut members = Map::from_iter([(String::new(), serde_json::from_str::<Value>(text).ok()?)]);
    rules.redact(&mut members);
    members.values().next().map(Value::to_string)
}
