//! Hands the records of one shelf on to the log, in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
    time::Instant,
};

use tokio::task::JoinHandle;

use super::{
    settings::SpoolSettings,
    shelf::{REFUSED_TOPIC, Shelf, taken_back},
    tally::Tally,
};
use crate::{AppendError, EventLog, LogError, LogRecord, NewRecord, Offset};

/// Records handed on at once.
const BATCH_RECORDS_MAX: usize = 10_000;
/// What a batch shrinks to while the log takes only part of it.
const BATCH_RECORDS_MIN: usize = 100;
/// What the first batch has.
const BATCH_RECORDS_FIRST: usize = 1_000;
/// Payloads of one batch.
const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Why records are put aside whose topic was deleted while they waited.
const TOPIC_GONE: &str = "its topic was deleted";

/// One shelf on its way into the log.
pub(super) struct Carrier {
    shelf: Arc<Shelf>,
    tally: Arc<Tally>,
    settings: SpoolSettings,
    /// Of topics that something was handed on of, the first record that the log has not acknowledged. The file knows
    /// it only once what lies before was deleted; what could not be deleted comes twice after a restart.
    next: BTreeMap<String, Offset>,
    /// The topic that had its turn last.
    last: String,
    /// Topics that the log said are not there, until nothing waits: to ask for each record of them takes too long.
    gone: BTreeSet<String>,
    /// What the log refused before this began, and has not been asked for again: its bound may have been
    /// raised. What it refuses from now on waits for the next start.
    refused: Range<Offset>,
    batch_records: usize,
    trimming: Option<JoinHandle<()>>,
}

/// What a step did.
pub(super) enum Step {
    /// Handed on at least one record.
    Carried,
    /// Nothing waits.
    Nothing,
    /// The log did not take what comes next.
    LogAway(AppendError),
    /// The spool can't be read, or not written.
    SpoolAway(String),
}

impl Carrier {
    pub(super) fn new(shelf: Arc<Shelf>, tally: Arc<Tally>, settings: SpoolSettings) -> Self {
        let refused = shelf.bounds(REFUSED_TOPIC);
        Self {
            shelf,
            tally,
            settings,
            next: BTreeMap::new(),
            last: String::new(),
            gone: BTreeSet::new(),
            refused: refused.earliest..refused.end,
            batch_records: BATCH_RECORDS_FIRST,
            trimming: None,
        }
    }

    /// Records that wait, and those that the log is still to be asked for again.
    pub(super) fn left(&self) -> u64 {
        self.waiting() + (self.refused.end - self.refused.start)
    }

    /// Whether nothing is left but so many records, which go in a batch or two.
    pub(super) fn has_only_few_left(&self, few: u64) -> bool {
        self.refused.is_empty() && self.waiting() <= few
    }

    fn waiting(&self) -> u64 {
        self.shelf.topics().iter().map(|topic| self.shelf.bounds(topic).end.saturating_sub(self.next_of(topic))).sum()
    }

    /// The first record of a topic that the log has not acknowledged.
    fn next_of(&self, topic: &str) -> Offset {
        self.next.get(topic).copied().unwrap_or(0).max(self.shelf.bounds(topic).earliest)
    }

    /// Deletes the topics of which nothing lies here. Forgets first how far they were handed on: a topic that is made
    /// again counts from 0, and a call that is dropped half-way must not leave more behind than it found.
    pub(super) async fn clear_empty_topics(&mut self) {
        for topic in self.shelf.empty_topics() {
            self.next.remove(&topic);
            self.shelf.delete_topic_if_empty(&topic).await;
        }
    }

    /// The topic whose turn it is: one that is written to on and on keeps no other waiting.
    fn turn(&self) -> Option<String> {
        let mut waiting = self.shelf.topics();
        waiting.retain(|topic| self.shelf.bounds(topic).end > self.next_of(topic));
        let after = waiting.iter().filter(|topic| **topic > self.last).min();
        after.or(waiting.iter().min()).cloned()
    }

    /// Asks the log again for one that it refused, older than all that waits; when there is none, hands on one
    /// batch, and what goes with it.
    pub(super) async fn step(&mut self, log: &dyn EventLog) -> Step {
        if !self.refused.is_empty() {
            return self.ask_again(log).await;
        }
        let Some(topic) = self.turn() else {
            self.gone.clear();
            return Step::Nothing;
        };
        let from = self.next_of(&topic);
        self.last.clone_from(&topic);
        let began = Instant::now();
        let records = match self.shelf.read(&topic, from, self.batch_records, BATCH_BYTES_MAX).await {
            Ok(records) => records,
            Err(error) => return Step::SpoolAway(error.to_string()),
        };
        let Some(first) = records.first() else {
            return Step::SpoolAway("records that should be there can't be read".to_owned());
        };
        self.tally.oldest(first.appended_at_ms);
        let batch: Vec<_> = records.iter().map(to_append).collect();
        if self.gone.contains(&topic) {
            return self.put_all_aside(&topic, batch, last_of(&records)).await;
        }
        let sizes: Vec<_> = batch.iter().map(|record| record.size_bytes() as u64).collect();
        let outcomes = log.append(&topic, batch).await;
        let taken = outcomes.iter().take_while(|outcome| outcome.is_ok()).count();
        if taken > 0 {
            let (last, bytes) = (&records[taken - 1], sizes[..taken].iter().sum());
            let oldest = records.get(taken).unwrap_or(last).appended_at_ms;
            self.tally.drained(taken as u64, bytes, began.elapsed(), Some(oldest));
            self.done_before(&topic, last.position.offset + 1).await;
        }
        let refusal = outcomes.into_iter().nth(taken).and_then(Result::err);
        let Some(refusal) = refusal else {
            self.batch_records = (self.batch_records * 2).min(BATCH_RECORDS_MAX);
            return Step::Carried;
        };
        match refusal {
            AppendError::TooLarge | AppendError::Refused(_) => self.carry_alone(log, &topic, &records[taken]).await,
            AppendError::NoSuchTopic(_) if self.is_gone(log, &topic).await => {
                let left = records[taken..].iter().map(to_append).collect();
                self.put_all_aside(&topic, left, last_of(&records)).await
            }
            other => {
                self.batch_records = (self.batch_records / 2).max(BATCH_RECORDS_MIN);
                Step::LogAway(other)
            }
        }
    }

    /// Whether a topic that is not made here is not there, by the log's own word: an append may say so of one that it
    /// has not heard of yet.
    async fn is_gone(&mut self, log: &dyn EventLog, topic: &str) -> bool {
        let is_gone = !self.settings.makes(topic) && matches!(log.bounds(topic).await, Err(LogError::NoSuchTopic(_)));
        if is_gone {
            self.gone.insert(topic.to_owned());
        }
        is_gone
    }

    /// Records of a topic that is not there any more: there is nobody to whom they could be handed on.
    async fn put_all_aside(&mut self, topic: &str, records: Vec<NewRecord>, last: Offset) -> Step {
        let sizes: Vec<_> = records.iter().map(|record| record.size_bytes() as u64).collect();
        tracing::warn!(
            topic,
            records = sizes.len(),
            "the topic is not there; its records are kept in the spool's folder"
        );
        if let Err(error) = self.shelf.put_aside(topic, records, TOPIC_GONE).await {
            return Step::SpoolAway(error.to_string());
        }
        sizes.into_iter().for_each(|bytes| self.tally.refused(bytes));
        self.done_before(topic, last + 1).await;
        Step::Carried
    }

    /// A record that the log refused among others: by itself it may pass, and if not, it is put aside.
    async fn carry_alone(&mut self, log: &dyn EventLog, topic: &str, record: &LogRecord) -> Step {
        let again = to_append(record);
        let bytes = again.size_bytes() as u64;
        let began = Instant::now();
        match log.append(topic, vec![again.clone()]).await.pop().unwrap_or(Err(AppendError::Closed)) {
            Ok(_) => self.tally.drained(1, bytes, began.elapsed(), Some(record.appended_at_ms)),
            Err(error @ (AppendError::TooLarge | AppendError::Refused(_))) => {
                tracing::error!(%error, topic, bytes, "the log refuses a record for good; it is kept in the spool's folder");
                if let Err(error) = self.shelf.put_aside(topic, vec![again], &error.to_string()).await {
                    return Step::SpoolAway(error.to_string());
                }
                self.tally.refused(bytes);
            }
            Err(error) => return Step::LogAway(error),
        }
        self.done_before(topic, record.position.offset + 1).await;
        Step::Carried
    }

    /// Hands on the oldest that the log refused before, or puts it aside once more.
    async fn ask_again(&mut self, log: &dyn EventLog) -> Step {
        let records = match self.shelf.read(REFUSED_TOPIC, self.refused.start, 1, BATCH_BYTES_MAX).await {
            Ok(records) => records,
            Err(error) => return self.give_up_refused(&error.to_string()),
        };
        let Some((record, again)) = records.first().map(|record| (record, to_append(record))) else {
            return self.give_up_refused("a record can't be read");
        };
        let (topic, again) = taken_back(again);
        let topic = topic.unwrap_or_default();
        let bytes = again.size_bytes() as u64;
        let mut outcome = Err(AppendError::Refused(TOPIC_GONE.to_owned()));
        if !self.gone.contains(&topic) {
            outcome = log.append(&topic, vec![again.clone()]).await.pop().unwrap_or(Err(AppendError::Closed));
        }
        if matches!(outcome, Err(AppendError::NoSuchTopic(_))) && self.is_gone(log, &topic).await {
            outcome = Err(AppendError::Refused(TOPIC_GONE.to_owned()));
        }
        match outcome {
            Ok(_) => {
                tracing::info!(topic, bytes, "the log takes a record that it had refused");
                self.tally.refused_was_taken(bytes);
            }
            Err(error @ (AppendError::TooLarge | AppendError::Refused(_))) => {
                tracing::error!(%error, topic, bytes, "the log refuses a record again; it is kept in the spool's folder");
                if let Err(error) = self.shelf.put_aside(&topic, vec![again], &error.to_string()).await {
                    return self.give_up_refused(&error.to_string());
                }
            }
            Err(error) => return Step::LogAway(error),
        }
        self.refused.start = record.position.offset + 1;
        trim(&self.shelf, REFUSED_TOPIC, self.refused.start).await;
        Step::Carried
    }

    /// What can't be read, or not be put aside, stays as it is until the next start: it is in nobody's way.
    fn give_up_refused(&mut self, why: &str) -> Step {
        tracing::error!(why, slot = self.shelf.slot, "what the log refused can't be handed on again");
        self.refused.start = self.refused.end;
        Step::Carried
    }

    /// Goes on from here, and deletes what lies before, while the next batch is already under way.
    async fn done_before(&mut self, topic: &str, before: Offset) {
        self.next.insert(topic.to_owned(), before);
        self.trimmed().await;
        let (shelf, topic) = (self.shelf.clone(), topic.to_owned());
        self.trimming = Some(tokio::spawn(async move { trim(&shelf, &topic, before).await }));
    }

    /// Waits until what was handed on is deleted, or can't be for now.
    pub(super) async fn trimmed(&mut self) {
        if let Some(trimming) = self.trimming.take() {
            let _ = trimming.await;
        }
    }

    /// Deletes what could not be deleted before.
    pub(super) async fn trim_rest(&mut self) {
        self.trimmed().await;
        for (topic, next) in &self.next {
            if self.shelf.bounds(topic).earliest < *next {
                trim(&self.shelf, topic, *next).await;
            }
        }
    }
}

fn last_of(records: &[LogRecord]) -> Offset {
    records.last().map_or(0, |record| record.position.offset)
}

async fn trim(shelf: &Shelf, topic: &str, before: Offset) {
    match shelf.trim(topic, before).await {
        Ok(()) | Err(LogError::Closed) => {}
        Err(error) => {
            tracing::warn!(%error, topic, "what the log acknowledged can't be deleted from the spool yet");
        }
    }
}

/// The record as it was appended.
fn to_append(record: &LogRecord) -> NewRecord {
    let headers = record.headers.iter().map(|(name, value)| (name.clone().into(), value.clone()));
    NewRecord { key: record.key.clone(), payload: record.payload.clone(), headers: headers.collect() }
}
