//! Letters as clients read them.

use aibbar::dead_letter::{Content, DeadLetter, Redriven};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::index::{Known, State};

/// A dead letter, without what it carries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadLetter)]
pub struct LetterShown {
    /// Its id: where it lies among the dead letters.
    #[schema(example = "0-41")]
    id: String,
    /// `event_id_conflict`, `not_a_record` or `refused_by_store`.
    #[schema(example = "event_id_conflict")]
    reason: &'static str,
    /// The reason in a sentence.
    detail: String,
    /// `open`, or `redriven` once somebody had its record appended to the log again.
    #[schema(example = "open")]
    state: &'static str,
    /// When it became a dead letter.
    #[schema(format = DateTime)]
    at: String,
    /// The topic of the record.
    #[schema(example = "aibbar.events")]
    topic: String,
    /// The record's partition.
    partition: u32,
    /// The record's offset.
    offset: u64,
    /// The organisation that it belongs to; absent where that is nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<Uuid>,
    /// The AI system, when the record names one.
    ai_id: Option<Uuid>,
    /// The event, when the record names one.
    event_id: Option<Uuid>,
    /// Whether its record can be appended again.
    redrivable: bool,
    /// How often its record was appended again before it failed this time.
    redrives: u32,
    /// The earlier letter of the same record, when it came from one.
    redriven_from: Option<String>,
    /// That its record was appended again.
    redriven: Option<RedrivenShown>,
}

/// That, when and by whom a record was appended again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Redriven)]
pub struct RedrivenShown {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// `user`, `api_key` or `operator`.
    #[schema(example = "user")]
    by_kind: String,
    /// Which one.
    by_id: String,
    /// The topic that it was appended to.
    #[schema(example = "aibbar.events")]
    to: String,
}

/// A dead letter with what it carries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WholeDeadLetter)]
pub struct LetterWhole {
    #[serde(flatten)]
    letter: LetterShown,
    /// The record, as it would have been stored; `null` when there is none.
    #[schema(value_type = Option<Object>)]
    record: Option<Box<RawValue>>,
    /// What was there instead of a record, redacted; `null` when it is a record, or is left out: too large, or no text.
    text: Option<String>,
}

impl LetterShown {
    /// As it is known.
    pub fn of(known: Known) -> Self {
        let (state, redrivable) = (State::of(&known), known.redrivable().is_ok());
        let head = known.head;
        Self {
            id: known.place.to_string(),
            reason: head.reason.as_str(),
            detail: head.detail,
            state: state.as_str(),
            at: head.at.to_string(),
            topic: head.source.topic,
            partition: head.source.place.partition,
            offset: head.source.place.offset,
            org_id: head.org_id,
            ai_id: head.ai_id,
            event_id: head.event_id,
            redrivable,
            redrives: head.redrive.map_or(0, |redrive| redrive.count),
            redriven_from: head.redrive.map(|redrive| redrive.letter.to_string()),
            redriven: known.redriven.map(RedrivenShown::of),
        }
    }
}

impl RedrivenShown {
    fn of(marker: Redriven) -> Self {
        Self { at: marker.at.to_string(), by_kind: marker.by_kind, by_id: marker.by_id, to: marker.to }
    }
}

impl LetterWhole {
    /// As it is known, with what was read of it.
    pub fn of(known: Known, letter: DeadLetter) -> Self {
        let (record, text) = match letter.content {
            Content::Record(record) => (RawValue::from_string(record).ok(), None),
            Content::Text(text) => (None, Some(text)),
            Content::LeftOut => (None, None),
        };
        Self { letter: LetterShown::of(known), record, text }
    }
}
