//! What keeps records while the log is away: a local log in front of another.
//!
//! [`SpooledLog`] hands records to its log (`primary`) as long as that acknowledges them. What it does
//! not acknowledge in time goes to a [`LocalLog`](crate::local::LocalLog) in a folder of this machine,
//! and is acknowledged after the fsync. From then on every record goes there, behind those before it,
//! while a task in the background ([`drain`]) hands them on in order and deletes what was acknowledged;
//! when nothing is left it shuts the [`gate`] for a moment, hands on the last few, and records go to the
//! log again. What the log was asked to take and did not answer for may so come twice, never out of
//! order: of each key, the first occurrences in the log are in the order of the acknowledgements, as
//! long as the next record of a key is given after the answer to the one before, or in the same batch.
//!
//! The order holds for what one process takes. Records of one key that come through several processes
//! at once have none.

use std::{collections::HashMap, path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;
use tokio::{sync::watch, task::JoinHandle};

mod aside;
mod carrier;
mod drain;
mod gate;
mod room;
mod settings;
mod shelf;
mod slots;
mod status;
mod tally;

pub use aside::{PutAside, put_aside};
pub use settings::SpoolSettings;
pub use slots::{SlotReport, inspect};
pub use status::{SpoolState, SpoolStatus};

use self::{
    drain::Drainer,
    gate::{Gate, Pass, Way},
    shelf::Shelf,
    tally::Tally,
};
use crate::{AppendError, EventLog, LogError, LogLayer, NewRecord, Position};

/// How long closing waits for the drainer to put down what it has in hand.
const PUT_DOWN_MAX: Duration = Duration::from_secs(2);

type Outcome = Result<Position, AppendError>;

/// A log that a spool stands behind. Appends are spooled while the log is away; everything else goes to the log
/// itself. That a topic is not there is the log's own answer as long as it gives one; while it is away records of
/// any topic are taken, and those whose topic turns out not to be there are put aside, with the reason.
///
/// The position of a record that was spooled is [`Position::UNKNOWN`].
pub struct SpooledLog {
    spool: Arc<Spool>,
    drainer: Mutex<Option<JoinHandle<()>>>,
    stop: watch::Sender<bool>,
}

/// What appends and the drainer share.
struct Spool {
    primary: Arc<dyn EventLog>,
    settings: SpoolSettings,
    gate: Arc<Gate>,
    tally: Arc<Tally>,
    /// `None` while the folder can't be opened.
    shelf: Mutex<Option<Arc<Shelf>>>,
    closed: watch::Sender<bool>,
}

impl SpooledLog {
    /// Opens the spool's folder, looks whether the log is there, and begins to drain what is in the folder. One
    /// that can't be used is logged, shown in the [`status`](Self::status), and tried again every few seconds; a
    /// log that is away is no error.
    pub async fn open(primary: Arc<dyn EventLog>, settings: SpoolSettings) -> SpooledLog {
        let tally = Arc::new(Tally::new(settings.bytes_max));
        let (stop, stopped) = watch::channel(false);
        let spool = Arc::new(Spool {
            primary,
            gate: Arc::new(Gate::new(settings.hold_max)),
            tally,
            shelf: Mutex::new(None),
            closed: watch::Sender::new(false),
            settings,
        });
        let mut drainer = Drainer::new(spool.clone());
        drainer.open_shelf().await;
        drainer.look_for_log().await;
        let drainer = tokio::spawn(drainer.run(stopped));
        SpooledLog { spool, drainer: Mutex::new(Some(drainer)), stop }
    }

    /// The spool as it is now; asks memory alone.
    pub fn status(&self) -> SpoolStatus {
        self.spool.tally.status(self.spool.gate.is_direct())
    }

    /// Whether the log itself, whatever the spool takes, can be reached and written to now.
    pub async fn check_log(&self) -> Result<(), LogError> {
        self.spool.primary.check().await
    }

    /// Whether the spool would take a record now.
    fn has_room(&self) -> bool {
        !matches!(self.status().state, SpoolState::Full | SpoolState::Unavailable)
    }
}

impl Spool {
    fn shelf(&self) -> Option<Arc<Shelf>> {
        self.shelf.lock().clone()
    }

    /// The log did not take the record, and may take it later. A topic that is made here and is not there yet means
    /// that the log is not ready.
    fn is_away(&self, topic: &str, outcome: &Outcome) -> bool {
        use AppendError as E;
        match outcome {
            Err(E::Unavailable(_) | E::OutcomeUnknown(_)) => true,
            Err(E::NoSuchTopic(_)) => self.settings.makes(topic),
            _ => false,
        }
    }

    /// Appends to the log, and to the spool what the log did not take.
    async fn append_directly(self: &Arc<Self>, topic: &str, records: Vec<NewRecord>) -> Vec<Outcome> {
        let mut outcomes = self.primary.append(topic, records.clone()).await;
        let is_away = |outcome: &Outcome| self.is_away(topic, outcome);
        if !outcomes.iter().any(is_away) {
            return outcomes;
        }
        let why = outcomes.iter().filter(|outcome| is_away(outcome)).find_map(|outcome| outcome.as_ref().err());
        if let Some(why) = why
            && self.tally.log_failed(why.to_string())
        {
            tracing::warn!(%why, "the log does not take records; they go to the spool");
        }
        // Before anyone is answered: whatever comes after these answers goes behind these records.
        let pass = self.gate.to_spool();
        let (places, left): (Vec<_>, Vec<_>) = not_taken(&records, &outcomes, is_away).into_iter().unzip();
        let spooled = self.append_to_spool(topic, left, pass).await;
        for (place, spooled) in places.into_iter().zip(spooled) {
            outcomes[place] = match (spooled, &outcomes[place]) {
                (Err(_), Err(AppendError::OutcomeUnknown(why))) => Err(AppendError::OutcomeUnknown(why.clone())),
                (outcome, _) => outcome,
            };
        }
        outcomes
    }

    /// Appends to the spool: all of it or none, but for records that are too large.
    async fn append_to_spool(self: &Arc<Self>, topic: &str, records: Vec<NewRecord>, pass: Pass) -> Vec<Outcome> {
        let count = records.len();
        let Some(shelf) = self.shelf() else {
            return vec![Err(self.refusal("the spool's folder can't be opened")); count];
        };
        let topic = topic.to_owned();
        // A task of its own: a caller that goes away takes neither the records nor the pass with it.
        let appended = tokio::spawn(async move {
            let outcomes = shelf.append(&topic, records).await;
            drop(pass);
            outcomes.into_iter().map(|outcome| outcome.map(|_| Position::UNKNOWN)).collect::<Vec<_>>()
        });
        match appended.await {
            Ok(outcomes) => outcomes,
            Err(_) => vec![Err(AppendError::OutcomeUnknown("the process is ending".to_owned())); count],
        }
    }

    fn refusal(&self, why: &str) -> AppendError {
        match self.tally.reason() {
            Some(reason) => AppendError::Unavailable(format!("{why}: {reason}")),
            None => AppendError::Unavailable(why.to_owned()),
        }
    }
}

/// The records to be spooled, with their places in the batch. One that the log did not take while it
/// took a later one of the same key is not among them: it would come out of order.
fn not_taken(
    records: &[NewRecord],
    outcomes: &[Outcome],
    is_away: impl Fn(&Outcome) -> bool,
) -> Vec<(usize, NewRecord)> {
    let mut last_taken: HashMap<&Bytes, usize> = HashMap::new();
    for (place, (record, outcome)) in records.iter().zip(outcomes).enumerate() {
        if outcome.is_ok() {
            last_taken.insert(&record.key, place);
        }
    }
    let is_left = |outcome: &Outcome| is_away(outcome) || matches!(outcome, Err(AppendError::QueueFull));
    let all = records.iter().zip(outcomes).enumerate();
    all.filter(|(place, (record, outcome))| {
        // Records without a key have no order.
        let is_overtaken = !record.key.is_empty() && last_taken.get(&record.key).is_some_and(|taken| taken > place);
        is_left(outcome) && !is_overtaken
    })
    .map(|(place, (record, _))| (place, record.clone()))
    .collect()
}

#[async_trait]
impl LogLayer for SpooledLog {
    fn behind(&self) -> &dyn EventLog {
        &*self.spool.primary
    }

    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Outcome> {
        if *self.spool.closed.borrow() {
            return vec![Err(AppendError::Closed); records.len()];
        }
        if records.is_empty() {
            return self.spool.primary.append(topic, records).await;
        }
        match self.spool.gate.enter().await {
            Way::Direct => self.spool.append_directly(topic, records).await,
            Way::Spool(pass) => self.spool.append_to_spool(topic, records, pass).await,
        }
    }

    /// Whether records are taken: by the log, or while it is away by the spool.
    async fn check(&self) -> Result<(), LogError> {
        if *self.spool.closed.borrow() {
            return Err(LogError::Closed);
        }
        if self.has_room() {
            return Ok(());
        }
        if self.spool.gate.is_direct() {
            return self.spool.primary.check().await;
        }
        Err(LogError::Unavailable(self.spool.tally.reason().unwrap_or_else(|| "the spool takes nothing".to_owned())))
    }

    /// Takes nothing more, drains what it can as long as the log takes it, and leaves the rest on the disk.
    async fn close(&self, wait_max: Duration) {
        let until = tokio::time::Instant::now() + wait_max;
        self.spool.closed.send_replace(true);
        let _ = tokio::time::timeout_at(until, self.spool.gate.direct_or(self.spool.tally.until_away())).await;
        self.stop.send_replace(true);
        let drainer = self.drainer.lock().take();
        if let Some(mut drainer) = drainer
            && tokio::time::timeout(PUT_DOWN_MAX, &mut drainer).await.is_err()
        {
            // What it hands on now will be handed on again after a restart.
            drainer.abort();
        }
        let left = self.status().records;
        if left > 0 {
            tracing::warn!(records = left, "records are left in the spool; they are handed on after the next start");
        }
        let shelf = self.spool.shelf.lock().take();
        if let Some(shelf) = shelf {
            shelf.close(until.saturating_duration_since(tokio::time::Instant::now()).max(PUT_DOWN_MAX)).await;
        }
        let left = until.saturating_duration_since(tokio::time::Instant::now());
        self.spool.primary.close(left.max(PUT_DOWN_MAX)).await;
    }
}

impl Drop for SpooledLog {
    /// The drainer holds the folder: it ends with the log, as do those who were never told to close.
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(drainer) = self.drainer.lock().take() {
            drainer.abort();
        }
    }
}

/// The folder of one slot; numbers begin at 0.
fn slot_dir(root: &Path, slot: u32) -> std::path::PathBuf {
    root.join(slot.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &'static str, payload: &'static str) -> NewRecord {
        NewRecord { key: key.into(), payload: payload.into(), headers: Vec::new() }
    }

    fn is_away(outcome: &Outcome) -> bool {
        matches!(outcome, Err(AppendError::Unavailable(_) | AppendError::OutcomeUnknown(_)))
    }

    #[test]
    fn a_record_without_a_key_is_overtaken_by_none() {
        let outcomes = [Err(AppendError::QueueFull), Ok(Position { partition: 0, offset: 0 })];
        let left = not_taken(&[record("", "first"), record("", "second")], &outcomes, is_away);
        assert_eq!(left, [(0, record("", "first"))]);
    }

    #[test]
    fn what_a_later_record_of_its_key_overtook_is_not_spooled() {
        let records = ["a", "b", "a", "b", "a"].map(|key| record(key, key));
        let taken = Ok(Position { partition: 0, offset: 0 });
        let away = || Err(AppendError::Unavailable("away".to_owned()));
        let full = || Err(AppendError::QueueFull);
        let outcomes = [away(), away(), taken, full(), away()];
        let places: Vec<_> = not_taken(&records, &outcomes, is_away).into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, [1, 3, 4]);
    }

    #[test]
    fn what_is_too_large_is_not_spooled() {
        let outcomes = [Err(AppendError::TooLarge), Err(AppendError::OutcomeUnknown("late".to_owned()))];
        let left = not_taken(&[record("a", "large"), record("a", "small")], &outcomes, is_away);
        assert_eq!(left, [(1, record("a", "small"))]);
    }
}
