//! Writes a batch, and finds the rows that the store never takes: by halving the batch, and by trying again.

use std::{collections::HashMap, ops::Range};

use bus::Position;
use store::{
    StoreError,
    events::{EventStore, NewRow, WriteOutcome},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Backoff, Settings, housekeeping::stopped_within};

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowOutcome {
    /// The store's own answer.
    Written(WriteOutcome),
    /// The store refuses this very row, and says why.
    Refused(String),
}

/// What rows are written with.
pub(crate) struct Writing<'w> {
    pub(crate) events: &'w dyn EventStore,
    pub(crate) settings: &'w Settings,
    pub(crate) stopping: &'w CancellationToken,
}

/// What became of one row so far.
enum Tried {
    Done(RowOutcome),
    /// It failed alone, for this reason, of which nobody can tell whose it is: the row's own, or the store's.
    Doubtful(String),
}

/// How often rows that are not committed yet failed alone while the store took others. It outlives a batch that took too
/// long and is read again: else a slow store would begin anew each time, and never be sure of any row.
#[derive(Default)]
pub(crate) struct Doubts(HashMap<Position, u32>);

/// More than this are in doubt and not committed: partitions went to others. To forget them costs a few writes more.
const DOUBTS_MAX: usize = 100_000;

impl Doubts {
    /// Counts one more failure of the row from this place, and answers how many there are.
    fn add(&mut self, source: Position) -> u32 {
        if self.0.len() >= DOUBTS_MAX {
            self.0.clear();
        }
        let failures = self.0.entry(source).or_default();
        *failures = failures.saturating_add(1);
        *failures
    }

    /// Everything that was read is committed.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Writes all rows, each with the place it was read from, and answers one outcome per row, in order.
///
/// A refused batch is halved until the rows that are to blame stand alone: for one bad row of a thousand that is twenty
/// writes, not a thousand. So is a batch that failed for a reason that nobody can tell ([`StoreError::Unexplained`]); what
/// is found alone then is given up only against two witnesses: the store took another row of the batch, and failed on
/// this one [`Settings::row_attempts_max`] times. Such rows are tried again in rounds, with one wait before each round
/// however many they are: nobody polls the log meanwhile. What takes longer than [`Settings::batch_max`] all the same is
/// broken off. Any other error ends it; what was written until then is written again next time, which changes nothing.
pub(crate) async fn write(
    writing: &Writing<'_>,
    rows: &[NewRow],
    sources: &[Position],
    doubts: &mut Doubts,
) -> Result<Vec<RowOutcome>, StoreError> {
    let started = Instant::now();
    let mut tried = writing.halve(rows, started).await?;
    let took_another = tried.iter().any(|one| matches!(one, Tried::Done(RowOutcome::Written(_))));
    if !took_another && let Some(why) = tried.iter().find_map(Tried::doubt) {
        return Err(StoreError::Unexplained(why.to_owned()));
    }
    writing.be_sure(rows, sources, doubts, &mut tried, started).await?;
    let outcomes = tried.into_iter().map(|one| match one {
        Tried::Done(outcome) => Ok(outcome),
        Tried::Doubtful(why) => Err(StoreError::Unexplained(why)),
    });
    outcomes.collect()
}

impl Tried {
    fn doubt(&self) -> Option<&str> {
        match self {
            Self::Done(_) => None,
            Self::Doubtful(why) => Some(why),
        }
    }
}

impl Writing<'_> {
    async fn once(&self, rows: &[NewRow]) -> Result<Vec<WriteOutcome>, StoreError> {
        let write_max = self.settings.write_max;
        let written = tokio::time::timeout(write_max, self.events.write(rows))
            .await
            .map_err(|_| StoreError::Unavailable(format!("no answer to a write within {} s", write_max.as_secs())))??;
        if written.len() == rows.len() {
            Ok(written)
        } else {
            Err(StoreError::Unreadable(format!("{} outcomes for {} rows", written.len(), rows.len())))
        }
    }

    /// Writes every row, with others or alone.
    async fn halve(&self, rows: &[NewRow], started: Instant) -> Result<Vec<Tried>, StoreError> {
        let mut tried = Vec::with_capacity(rows.len());
        let mut parts: Vec<Range<usize>> = Vec::new();
        if !rows.is_empty() {
            parts.push(0..rows.len());
        }
        // The last part is always the leftmost that is not written yet, so outcomes come in order.
        while let Some(part) = parts.pop() {
            self.in_time(started)?;
            match self.once(&rows[part.clone()]).await {
                Ok(written) => tried.extend(written.into_iter().map(|one| Tried::Done(RowOutcome::Written(one)))),
                Err(StoreError::Refused(why)) if part.len() == 1 => tried.push(Tried::Done(RowOutcome::Refused(why))),
                Err(StoreError::Unexplained(why)) if part.len() == 1 => tried.push(Tried::Doubtful(why)),
                Err(StoreError::Refused(_) | StoreError::Unexplained(_)) => {
                    let middle = part.start + part.len() / 2;
                    parts.push(middle..part.end);
                    parts.push(part.start..middle);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(tried)
    }

    /// Tries rows that failed for a reason that nobody can tell, while the store took others, until none is in doubt.
    async fn be_sure(
        &self,
        rows: &[NewRow],
        sources: &[Position],
        doubts: &mut Doubts,
        tried: &mut [Tried],
        started: Instant,
    ) -> Result<(), StoreError> {
        let mut doubtful: Vec<usize> = (0..tried.len()).filter(|at| tried[*at].doubt().is_some()).collect();
        for at in &doubtful {
            self.judge(&mut tried[*at], doubts.add(sources[*at]));
        }
        doubtful.retain(|at| tried[*at].doubt().is_some());
        let mut backoff = Backoff::new(self.settings.backoff_min, self.settings.backoff_max);
        while !doubtful.is_empty() {
            stopped_within(backoff.next_wait(), self.stopping).await;
            for at in &doubtful {
                if self.stopping.is_cancelled() {
                    return Err(StoreError::Unavailable("the consumer stops before it is sure of a row".to_owned()));
                }
                self.in_time(started)?;
                tried[*at] = self.alone(&rows[*at]).await?;
                if tried[*at].doubt().is_some() {
                    self.judge(&mut tried[*at], doubts.add(sources[*at]));
                }
            }
            doubtful.retain(|at| tried[*at].doubt().is_some());
        }
        Ok(())
    }

    /// Gives a row up that failed often enough.
    fn judge(&self, one: &mut Tried, failures: u32) {
        if failures < self.settings.row_attempts_max {
            return;
        }
        if let Some(why) = one.doubt() {
            let why = format!("{why}; {failures} times, while the store took other rows");
            *one = Tried::Done(RowOutcome::Refused(why));
        }
    }

    async fn alone(&self, row: &NewRow) -> Result<Tried, StoreError> {
        match self.once(std::slice::from_ref(row)).await {
            Ok(written) => {
                let outcome = written.into_iter().next().map(|one| Tried::Done(RowOutcome::Written(one)));
                outcome.ok_or_else(|| StoreError::Unreadable("no outcome for a row".to_owned()))
            }
            Err(StoreError::Refused(why)) => Ok(Tried::Done(RowOutcome::Refused(why))),
            Err(StoreError::Unexplained(why)) => Ok(Tried::Doubtful(why)),
            Err(other) => Err(other),
        }
    }

    /// An error once the batch took so long that the log may take its member for dead.
    fn in_time(&self, started: Instant) -> Result<(), StoreError> {
        let batch_max = self.settings.batch_max;
        if started.elapsed() < batch_max {
            return Ok(());
        }
        Err(StoreError::Unavailable(format!("it did not take a batch within {} s", batch_max.as_secs_f64())))
    }
}
