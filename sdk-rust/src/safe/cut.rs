//! Shortens what is too large, with a mark.

use aibbar::{canonical, json};
use serde_json::{Map, Value};

use super::{CUT_TO, HEAD_BYTES_MAX};

const TEXT_MARK: &str = "…[cut: ";
const TEXT_MARK_END: &str = " characters]";

/// An event's canonical bytes but for the brace at the end, cut where they are too many. `None` when that does not help.
pub(crate) fn within_bound(mut head: Vec<u8>) -> Option<Vec<u8>> {
    if head.len() <= HEAD_BYTES_MAX {
        return Some(head);
    }
    head.push(b'}');
    let whole = json::parse(&head).ok()?;
    let cuts = CUT_TO.into_iter().map(|most| canonical::to_vec(&value(&whole, most)));
    let mut cut = cuts.into_iter().find(|cut| cut.len() <= HEAD_BYTES_MAX)?;
    cut.pop();
    Some(cut)
}

/// Strings of at most so many characters, and lists and objects of at most as many members.
fn value(whole: &Value, most: usize) -> Value {
    match whole {
        Value::String(string) => Value::String(text(string, most)),
        Value::Array(items) => {
            let mut kept: Vec<_> = items.iter().take(most).map(|item| value(item, most)).collect();
            if items.len() > most {
                kept.push(format!("[cut: {} items]", items.len()).into());
            }
            Value::Array(kept)
        }
        Value::Object(members) => {
            let mut kept: Map<_, _> = members
                .iter()
                .take(most)
                .map(|(name, member)| (name.chars().take(most).collect(), value(member, most)))
                .collect();
            if members.len() > most {
                kept.insert("…".to_owned(), format!("[cut: {} members]", members.len()).into());
            }
            Value::Object(kept)
        }
        other => other.clone(),
    }
}

/// A string of at most so many characters, and a mark. One that was cut before keeps its mark.
pub(super) fn text(whole: &str, most: usize) -> String {
    let Some((end, _)) = whole.char_indices().nth(most) else {
        return whole.to_owned();
    };
    let mark = match whole.rfind(TEXT_MARK) {
        Some(at) if whole.ends_with(TEXT_MARK_END) => whole[at..].to_owned(),
        _ => format!("{TEXT_MARK}{}{TEXT_MARK_END}", whole.chars().count()),
    };
    format!("{}{mark}", &whole[..end])
}
