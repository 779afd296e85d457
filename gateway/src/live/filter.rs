//! Which records a live client wants: made ready once, asked of every record.

use std::cell::OnceCell;

use aibbar::RecordHead;
use bus::LogRecord;
use memchr::memmem::Finder;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use store::events::EventFilter;

use super::conditions::{Condition, NotConditions};
use crate::streams::topic::FoundTopic;

/// The filter of one connection.
#[derive(Clone, Debug)]
pub(crate) struct LiveFilter {
    of_events: EventFilter,
    /// What the text is found by: [`EventFilter::needle`].
    needle: Option<Finder<'static>>,
    conditions: Vec<Condition>,
}

impl LiveFilter {
    /// Every part that is given matches; `conditions` as [`Condition::parse_all`] takes them.
    pub(crate) fn new(filter: EventFilter, conditions: Option<&str>) -> Result<Self, NotConditions> {
        let needle = filter.needle().map(|needle| Finder::new(needle.as_bytes()).into_owned());
        let conditions = conditions.map(Condition::parse_all).transpose()?.unwrap_or_default();
        Ok(Self { of_events: filter, needle, conditions })
    }

    /// Whether it asks for what events alone have.
    pub(crate) fn is_of_events(&self) -> bool {
        let EventFilter { ai_id, event_type, from, to, session_id, request_id, text: _ } = &self.of_events;
        ai_id.is_some()
            || event_type.is_some()
            || from.is_some()
            || to.is_some()
            || session_id.is_some()
            || request_id.is_some()
    }

    /// The cheap parts first.
    pub(crate) fn matches(&self, candidate: &Candidate<'_>) -> bool {
        candidate.head.as_ref().is_none_or(|head| self.matches_head(head))
            && self.needle.as_ref().is_none_or(|needle| needle.find(candidate.lowered()).is_some())
            && (self.conditions.is_empty()
                || candidate.document().is_some_and(|d| self.conditions.iter().all(|condition| condition.holds(d))))
    }

    /// The same rule as a stored query.
    fn matches_head(&self, head: &RecordHead) -> bool {
        let f = &self.of_events;
        f.ai_id.is_none_or(|v| v == head.ai_id)
            && f.event_type.is_none_or(|v| v == head.event_type)
            && f.from.is_none_or(|v| head.timestamp >= v)
            && f.to.is_none_or(|v| head.timestamp < v)
            && f.session_id.as_ref().is_none_or(|v| head.session_id.as_ref() == Some(v))
            && f.request_id.as_ref().is_none_or(|v| head.request_id.as_ref() == Some(v))
    }
}

/// A record that clients may want. What is read of it is read once, when the first of them asks, however many do.
pub(crate) struct Candidate<'r> {
    text: &'r [u8],
    /// Of events alone.
    head: Option<RecordHead>,
    lowered: OnceCell<Vec<u8>>,
    document: OnceCell<Option<Value>>,
}

impl<'r> Candidate<'r> {
    /// `None` for what stands in the topic of events and is none.
    pub(crate) fn of(record: &'r LogRecord, topic: &FoundTopic) -> Option<Candidate<'r>> {
        let head = if topic.name.is_events() { Some(RecordHead::decode(&record.payload).ok()?) } else { None };
        Some(Candidate { text: &record.payload, head, lowered: OnceCell::new(), document: OnceCell::new() })
    }

    /// What is searched, in lower case (ASCII): of a record the event, and nothing that the gateway added.
    fn lowered(&self) -> &[u8] {
        self.lowered.get_or_init(|| match &self.head {
            Some(_) => event_of(self.text).to_ascii_lowercase(),
            None => self.text.to_ascii_lowercase(),
        })
    }

    fn document(&self) -> Option<&Value> {
        self.document.get_or_init(|| serde_json::from_slice(self.text).ok()).as_ref()
    }
}

/// The event of a record, as it stands there.
fn event_of(record: &[u8]) -> &[u8] {
    #[derive(Deserialize)]
    struct Parts<'r> {
        #[serde(borrow)]
        event: &'r RawValue,
    }
    // A record whose head was read has one.
    serde_json::from_slice::<Parts<'_>>(record).map_or(&[], |parts| parts.event.get().as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_is_found_as_it_stands_in_json_and_in_either_case() {
        let text = br#"{"event":{"query":{"prompt":"Say \"Hi\" to Zo\u00eb"}}}"#;
        let candidate = Candidate { text, head: None, lowered: OnceCell::new(), document: OnceCell::new() };
        for (text, found) in [("say \"hi\"", true), ("PROMPT", true), ("say hi", false), ("", true)] {
            let filter = EventFilter { text: Some(text.into()), ..EventFilter::default() };
            assert_eq!(LiveFilter::new(filter, None).unwrap().matches(&candidate), found, "{text}");
        }
        let by_member = |conditions| LiveFilter::new(EventFilter::default(), Some(conditions)).unwrap();
        assert!(by_member(r#"/event/query/prompt="Say \"Hi\" to Zoë""#).matches(&candidate));
        assert!(!by_member(r#"/event/query/prompt="Say""#).matches(&candidate));
    }

    #[test]
    fn of_a_record_the_event_is_searched_and_nothing_that_the_gateway_added() {
        let record = br#"{"event":{"event_type":"ai.query","ai_id":"3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
            "timestamp":"2026-03-01T09:30:00Z","signature":"abababababababababababababababababababababababababababababababab",
            "metadata":{},"query":{"prompt":"Hello"}},"record":{"event_id":"01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
            "org_id":"01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e61","received_at":"2026-03-01T09:30:00Z","gateway":"gw-1"}}"#;
        let head = Some(RecordHead::decode(record).unwrap());
        let candidate = Candidate { text: record, head, lowered: OnceCell::new(), document: OnceCell::new() };
        for (text, found) in [("hello", true), ("ai.query", true), ("gw-1", false), ("org_id", false), ("}}}", false)] {
            let filter = EventFilter { text: Some(text.into()), ..EventFilter::default() };
            assert_eq!(LiveFilter::new(filter, None).unwrap().matches(&candidate), found, "{text}");
        }
    }
}
