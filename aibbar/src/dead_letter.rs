//! Dead letters: what can never be stored, kept with its reason, in the topic [`DEAD_LETTERS_TOPIC`].
//!
//! The topic carries two kinds of entries, each one JSON object: a **letter**, and later, when somebody had its record
//! appended to the log again, a **marker** that says so. A record is read again after a crash, so a letter may be there
//! twice: [`Source`] tells. A letter's record is carried as it was, to the byte, when it is one of ours: the gateway
//! redacted it. What is none of ours may hold anything, and is carried as redacted text, or not at all.
//!
//! [`DEAD_LETTERS_TOPIC`]: crate::record::DEAD_LETTERS_TOPIC

mod place;
mod shown;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

pub use place::{Place, Redrive, Source};

use crate::{RecordHead, Timestamp, record::EVENTS_TOPIC};

/// The longest detail of a letter, in bytes; ours are one short sentence.
const DETAIL_BYTES_MAX: usize = 512;

/// The key of letters whose record has no usable key of its own. Never empty: entries without a key would not stay in
/// one partition, and a marker might come before its letter.
const KEY_OF_NOBODY: &str = "-";

/// The log header of a record that was appended again from a letter: which letter, and how often that was done.
pub const REDRIVE_HEADER: &str = "redrive";

/// So often one record may be appended again. Each time it fails anew makes a new letter, so there is an end to it.
pub const REDRIVES_MAX: u32 = 16;

/// Why a record is a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its event id is that of another event with another signature.
    EventIdConflict,
    /// The bytes are not a record.
    NotARecord,
    /// The store refuses this very record.
    RefusedByStore,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 3] = [Reason::EventIdConflict, Reason::NotARecord, Reason::RefusedByStore];

    /// The stable word, in letters, in metrics and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::EventIdConflict => "event_id_conflict",
            Reason::NotARecord => "not_a_record",
            Reason::RefusedByStore => "refused_by_store",
        }
    }

    /// The reason that this word names.
    pub fn parse(word: &str) -> Option<Reason> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// What a letter says, but for the record itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterHead {
    /// Why.
    pub reason: Reason,
    /// The reason in a sentence, which quotes nothing of the record.
    pub detail: String,
    /// Which record.
    pub source: Source,
    /// When the letter was made.
    pub at: Timestamp,
    /// Whose it is; `None`: nobody's that is known.
    pub org_id: Option<Uuid>,
    /// The AI system, when the record names one.
    pub ai_id: Option<Uuid>,
    /// The event, when the record names one.
    pub event_id: Option<Uuid>,
    /// When the record itself came from a letter: from which, and how often so far.
    pub redrive: Option<Redrive>,
}

/// What a letter carries of its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The record as the gateway made it, redacted, to the byte.
    Record(String),
    /// What was there instead of a record, as text, redacted here: of use to people alone.
    Text(String),
    /// Nothing: it is larger than the log takes twice, or no text that could be redacted.
    LeftOut,
}

/// One dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// What it says.
    pub head: LetterHead,
    /// What it carries.
    pub content: Content,
}

/// That the record of a letter was appended to the log again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redriven {
    /// The record's first place: the letter is that of this source.
    pub source: Source,
    /// When.
    pub at: Timestamp,
    /// What kind of actor did it: `user`, `api_key`, `operator`. An id, never a name: names are e-mail addresses.
    pub by_kind: String,
    /// Which one.
    pub by_id: String,
    /// The topic that it was appended to. No place there: it may have waited in a spool before.
    pub to: String,
}

/// One entry of the topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A letter.
    Letter(DeadLetter),
    /// A marker.
    Redriven(Redriven),
}

/// These bytes are no entry of the topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a dead letter")]
pub struct NotALetter;

/// Why the record of a letter can't be appended again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum NotRedrivable {
    /// What it carries is no record, or nothing.
    #[error("It carries no record that could be appended again.")]
    NoRecord,
    /// Nobody knows whose it is.
    #[error("Nobody knows whose record it is.")]
    NobodysRecord,
    /// The store keeps another event under its id, for as long as it would keep this one: it would only become a letter
    /// again, and each time a new one.
    #[error(
        "Another event with its id is stored, and stays: to redrive it would make another dead letter, and nothing else."
    )]
    Conflict,
    /// It was appended again [`REDRIVES_MAX`] times already.
    #[error("Its record was appended again {REDRIVES_MAX} times, and failed each time.")]
    TooOften,
}

impl NotRedrivable {
    /// The stable word, in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            NotRedrivable::NoRecord => "no_record",
            NotRedrivable::NobodysRecord => "nobodys_record",
            NotRedrivable::Conflict => "event_id_conflict",
            NotRedrivable::TooOften => "too_often",
        }
    }
}

impl DeadLetter {
    /// Makes the letter of these bytes, which lie at `source` under the header of `header_org_id`.
    pub fn new(
        reason: Reason,
        detail: &str,
        source: Source,
        at: Timestamp,
        header_org_id: Option<Uuid>,
        payload: &[u8],
    ) -> DeadLetter {
        let head = RecordHead::decode(payload).ok();
        let of_record = |head: &RecordHead| is_of(head, header_org_id);
        let record = head.as_ref().filter(|head| reason != Reason::NotARecord && of_record(head));
        let content = match (record, str::from_utf8(payload)) {
            (Some(_), Ok(text)) => Content::Record(text.trim().to_owned()),
            _ => shown::redacted(payload),
        };
        DeadLetter {
            head: LetterHead {
                reason,
                detail: cut(detail, DETAIL_BYTES_MAX).to_owned(),
                source,
                at,
                // A record that contradicts its header is nobody's: either of the two could be false.
                org_id: match &head {
                    Some(head) => of_record(head).then_some(head.org_id),
                    None => header_org_id,
                },
                ai_id: head.as_ref().map(|head| head.ai_id),
                event_id: head.as_ref().map(|head| head.event_id),
                redrive: None,
            },
            content,
        }
    }

    /// The same letter without what it carries, for a log that takes no more.
    #[must_use]
    pub fn without_content(&self) -> DeadLetter {
        DeadLetter { head: self.head.clone(), content: Content::LeftOut }
    }

    /// The key that the letter and its markers are appended under.
    pub fn key(&self) -> String {
        self.head.ai_id.map_or_else(|| KEY_OF_NOBODY.to_owned(), |ai_id| ai_id.to_string())
    }

    /// The letter as the topic carries it.
    pub fn encode(&self) -> String {
        let head = &self.head;
        let record = match &self.content {
            Content::Record(record) => serde_json::value::RawValue::from_string(record.clone()).ok(),
            Content::Text(_) | Content::LeftOut => None,
        };
        let line = LetterLine {
            reason: head.reason,
            detail: &head.detail,
            topic: &head.source.topic,
            partition: head.source.place.partition,
            offset: head.source.place.offset,
            carried_at: head.source.carried_at.map(|at| at.to_string()),
            at: head.at.to_string(),
            org_id: head.org_id,
            ai_id: head.ai_id,
            event_id: head.event_id,
            redrive: head.redrive.map(|redrive| redrive.to_string()),
            text: match &self.content {
                Content::Text(text) => Some(text),
                Content::Record(_) | Content::LeftOut => None,
            },
            record: record.as_deref(),
        };
        serde_json::to_string(&line).expect("a letter is text, numbers and JSON")
    }

    /// Whether its record may be appended again.
    pub fn redrivable(&self) -> Result<(), NotRedrivable> {
        redrivable(&self.head, matches!(self.content, Content::Record(_)))
    }
}

/// Whether the record of a letter with this head may be appended again.
pub fn redrivable(head: &LetterHead, has_record: bool) -> Result<(), NotRedrivable> {
    match head.redrive {
        _ if !has_record => Err(NotRedrivable::NoRecord),
        _ if head.org_id.is_none() => Err(NotRedrivable::NobodysRecord),
        _ if head.reason == Reason::EventIdConflict => Err(NotRedrivable::Conflict),
        Some(redrive) if redrive.count >= REDRIVES_MAX => Err(NotRedrivable::TooOften),
        _ => Ok(()),
    }
}

impl Redriven {
    /// The marker as the topic carries it.
    pub fn encode(&self) -> String {
        let line = MarkerLine {
            redriven: MarkerBody {
                topic: self.source.topic.clone(),
                partition: self.source.place.partition,
                offset: self.source.place.offset,
                carried_at: self.source.carried_at.map(|at| at.to_string()),
                at: self.at.to_string(),
                by_kind: self.by_kind.clone(),
                by_id: self.by_id.clone(),
                to: self.to.clone(),
            },
        };
        serde_json::to_string(&line).expect("a marker is text and numbers")
    }
}

impl Entry {
    /// Reads an entry of the topic, of today or of the first form (the record as a string, no owner but the header).
    pub fn decode(payload: &[u8], header_org_id: Option<Uuid>) -> Result<Entry, NotALetter> {
        let line: EntryLine<'_> = serde_json::from_slice(payload).map_err(|_| NotALetter)?;
        if let Some(body) = line.redriven {
            return body.read().map(Entry::Redriven);
        }
        let head = LetterHead {
            reason: line.reason.ok_or(NotALetter)?,
            detail: cut(&line.detail, DETAIL_BYTES_MAX).to_owned(),
            source: Source {
                topic: line.topic.unwrap_or_else(|| EVENTS_TOPIC.to_owned()),
                place: Place { partition: line.partition.ok_or(NotALetter)?, offset: line.offset.ok_or(NotALetter)? },
                carried_at: line.carried_at.as_deref().and_then(Timestamp::parse),
            },
            at: line.at.as_deref().and_then(Timestamp::parse).ok_or(NotALetter)?,
            org_id: line.org_id,
            ai_id: line.ai_id,
            event_id: line.event_id,
            redrive: line.redrive.as_deref().and_then(Redrive::parse),
        };
        Ok(Entry::Letter(with_content(head, line.record, line.text, header_org_id)?))
    }
}

/// The record is looked at again: whoever can write to the topic must not make one organisation's record another's.
fn with_content(
    mut head: LetterHead,
    record: Option<&RawValue>,
    text: Option<String>,
    header_org_id: Option<Uuid>,
) -> Result<DeadLetter, NotALetter> {
    let content = match (record, text) {
        (None, Some(text)) => Content::Text(text),
        (None, None) => Content::LeftOut,
        (Some(raw), _) if raw.get().starts_with('"') => {
            let record: String = serde_json::from_str(raw.get()).map_err(|_| NotALetter)?;
            let source = head.source.clone();
            let read = DeadLetter::new(head.reason, &head.detail, source, head.at, header_org_id, record.as_bytes());
            return Ok(DeadLetter { head: LetterHead { redrive: head.redrive, ..read.head }, content: read.content });
        }
        (Some(raw), _) => match RecordHead::decode(raw.get().as_bytes()) {
            Ok(of_record) if is_of(&of_record, head.org_id) => {
                (head.ai_id, head.event_id) = (Some(of_record.ai_id), Some(of_record.event_id));
                Content::Record(raw.get().to_owned())
            }
            _ => {
                head.org_id = None;
                shown::redacted(raw.get().as_bytes())
            }
        },
    };
    // The header is what the log routes by; an owner that it contradicts is none.
    if head.org_id.is_none() || header_org_id.is_some_and(|header| head.org_id != Some(header)) {
        head.org_id = None;
    }
    Ok(DeadLetter { head, content })
}

/// Records that were carried without the header are their own word.
fn is_of(head: &RecordHead, org_id: Option<Uuid>) -> bool {
    org_id.is_none_or(|org_id| head.org_id == org_id)
}

fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

#[derive(Serialize)]
struct LetterLine<'a> {
    reason: Reason,
    detail: &'a str,
    topic: &'a str,
    partition: u32,
    offset: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    carried_at: Option<String>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ai_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redrive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct MarkerLine {
    redriven: MarkerBody,
}

#[derive(Serialize, Deserialize)]
struct MarkerBody {
    topic: String,
    partition: u32,
    offset: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carried_at: Option<String>,
    at: String,
    by_kind: String,
    by_id: String,
    to: String,
}

impl MarkerBody {
    fn read(self) -> Result<Redriven, NotALetter> {
        Ok(Redriven {
            source: Source {
                topic: self.topic,
                place: Place { partition: self.partition, offset: self.offset },
                carried_at: self.carried_at.as_deref().and_then(Timestamp::parse),
            },
            at: Timestamp::parse(&self.at).ok_or(NotALetter)?,
            by_kind: self.by_kind,
            by_id: self.by_id,
            to: self.to,
        })
    }
}

#[derive(Deserialize)]
struct EntryLine<'a> {
    redriven: Option<MarkerBody>,
    reason: Option<Reason>,
    #[serde(default)]
    detail: String,
    topic: Option<String>,
    partition: Option<u32>,
    offset: Option<u64>,
    carried_at: Option<String>,
    at: Option<String>,
    org_id: Option<Uuid>,
    ai_id: Option<Uuid>,
    event_id: Option<Uuid>,
    redrive: Option<String>,
    text: Option<String>,
    #[serde(borrow)]
    record: Option<&'a RawValue>,
}

#[cfg(test)]
mod tests;
