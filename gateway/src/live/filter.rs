//! Which records a live client wants.

use aibbar::RecordHead;
use bytes::Bytes;
use store::events::EventFilter;

/// The filter of one connection, made ready once.
#[derive(Clone, Debug)]
pub(crate) struct LiveFilter {
    filter: EventFilter,
    /// The text as it stands in JSON, in lower case (ASCII).
    needle: Option<Vec<u8>>,
}

impl LiveFilter {
    pub(crate) fn new(filter: EventFilter) -> Self {
        let needle = filter.text.as_deref().map(|text| {
            let json = serde_json::Value::from(text).to_string();
            json[1..json.len() - 1].to_ascii_lowercase().into_bytes()
        });
        Self { filter, needle }
    }

    /// The same rule as a stored query: every part that is given matches.
    pub(crate) fn matches(&self, head: &RecordHead, record: &Bytes) -> bool {
        let f = &self.filter;
        f.ai_id.is_none_or(|v| v == head.ai_id)
            && f.event_type.is_none_or(|v| v == head.event_type)
            && f.from.is_none_or(|v| head.timestamp >= v)
            && f.to.is_none_or(|v| head.timestamp < v)
            && f.session_id.as_ref().is_none_or(|v| head.session_id.as_ref() == Some(v))
            && f.request_id.as_ref().is_none_or(|v| head.request_id.as_ref() == Some(v))
            && self.needle.as_ref().is_none_or(|needle| contains_ignoring_ascii_case(record, needle))
    }
}

/// Whether `needle` (already in lower case) stands in `haystack`.
fn contains_ignoring_ascii_case(haystack: &[u8], needle: &[u8]) -> bool {
    let Some((&first, rest)) = needle.split_first() else { return true };
    let last_start = match haystack.len().checked_sub(needle.len()) {
        Some(last) => last,
        None => return false,
    };
    (0..=last_start).any(|at| {
        haystack[at].to_ascii_lowercase() == first
            && haystack[at + 1..at + needle.len()].iter().map(u8::to_ascii_lowercase).eq(rest.iter().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_as_it_stands_in_json_and_in_either_case() {
        let record = Bytes::from_static(br#"{"event":{"query":{"prompt":"Say \"Hi\" to Zo\u00eb"}}}"#);
        for (text, found) in [("say \"hi\"", true), ("PROMPT", true), ("say hi", false), ("", true)] {
            let filter = LiveFilter::new(EventFilter { text: Some(text.into()), ..EventFilter::default() });
            let needle = filter.needle.unwrap_or_default();
            assert_eq!(contains_ignoring_ascii_case(&record, &needle), found, "{text}");
        }
    }
}
