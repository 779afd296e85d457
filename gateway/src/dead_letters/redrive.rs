//! Appends the record of a letter to the log again, and a marker that says so.

use std::time::Duration;

use aibbar::{
    Timestamp,
    dead_letter::{Content, DeadLetter, Place, REDRIVE_HEADER, Redrive, Redriven},
    record::{DEAD_LETTERS_TOPIC, EVENTS_TOPIC, ORG_HEADER},
};
use bus::{AppendError, EventLog, NewRecord};

/// How long the log may take to acknowledge; longer than its own bound.
const APPEND_MAX: Duration = Duration::from_secs(30);

/// Who redrives; a kind and an id, never a name.
#[derive(Clone, Debug)]
pub struct By {
    /// `user`, `api_key`, `operator`.
    pub kind: String,
    /// Which one.
    pub id: String,
}

/// What became of one letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its record is in the log again, and the letter says so.
    Redriven,
    /// Its record is in the log again; that the letter says so could not be kept, so it still counts as open.
    Unmarked,
    /// Its record is not in the log again, or the log does not say; why.
    Failed(AppendError),
}

/// Appends the records of these letters, in this order, all at once; then the markers of those that were acknowledged.
/// The store takes what it has already as a double, so a letter may be redriven any number of times.
///
/// Letters that carry no record are the caller's to sort out: `None` is answered for them.
pub async fn redrive(
    log: &dyn EventLog,
    letters: &[(Place, DeadLetter)],
    by: &By,
    now: Timestamp,
) -> Vec<Option<Outcome>> {
    let records: Vec<Option<NewRecord>> = letters.iter().map(|(place, letter)| again(*place, letter)).collect();
    let sent: Vec<NewRecord> = records.iter().flatten().cloned().collect();
    let mut appended = append(log, EVENTS_TOPIC, sent).await.into_iter();
    let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(letters.len());
    let mut markers = Vec::new();
    for ((_, letter), record) in letters.iter().zip(&records) {
        outcomes.push(record.as_ref().map(|_| match appended.next().unwrap_or(Err(AppendError::Closed)) {
            Ok(_) => {
                markers.push(marker(letter, by, now));
                Outcome::Unmarked
            }
            Err(error) => Outcome::Failed(error),
        }));
    }
    let mut marked = append(log, DEAD_LETTERS_TOPIC, markers).await.into_iter();
    for outcome in outcomes.iter_mut().flatten().filter(|outcome| **outcome == Outcome::Unmarked) {
        match marked.next() {
            Some(Ok(_)) => *outcome = Outcome::Redriven,
            failed => tracing::warn!(?failed, "a record was redriven, and its letter does not say so"),
        }
    }
    outcomes
}

async fn append(log: &dyn EventLog, topic: &str, records: Vec<NewRecord>) -> Vec<Result<bus::Position, AppendError>> {
    let count = records.len();
    if count == 0 {
        return Vec::new();
    }
    let late = |_| vec![Err(AppendError::OutcomeUnknown("no answer in time".to_owned())); count];
    tokio::time::timeout(APPEND_MAX, log.append(topic, records)).await.unwrap_or_else(late)
}

/// The record as it was carried, and which letter it comes from.
fn again(place: Place, letter: &DeadLetter) -> Option<NewRecord> {
    letter.redrivable().ok()?;
    let (Content::Record(record), Some(org_id), Some(ai_id)) = (&letter.content, letter.head.org_id, letter.head.ai_id)
    else {
        return None;
    };
    let count = letter.head.redrive.map_or(0, |redrive| redrive.count) + 1;
    Some(NewRecord {
        key: ai_id.to_string().into(),
        payload: record.clone().into(),
        headers: vec![
            (ORG_HEADER.into(), org_id.to_string().into()),
            (REDRIVE_HEADER.into(), Redrive { letter: place, count }.to_string().into()),
        ],
    })
}

/// Under the letter's key and owner: it follows the letter in its partition.
fn marker(letter: &DeadLetter, by: &By, at: Timestamp) -> NewRecord {
    let marker = Redriven {
        source: letter.head.source.clone(),
        at,
        by_kind: by.kind.clone(),
        by_id: by.id.clone(),
        to: EVENTS_TOPIC.to_owned(),
    };
    let org_id = letter.head.org_id.map(|org_id| (ORG_HEADER.into(), org_id.to_string().into()));
    NewRecord { key: letter.key().into(), payload: marker.encode().into(), headers: org_id.into_iter().collect() }
}
