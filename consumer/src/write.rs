//! Writes a batch, and finds the rows that the store never takes by halving the batch.

use std::ops::Range;

use store::{
    StoreError,
    events::{EventStore, NewRow, WriteOutcome},
};
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
    /// It failed alone, for a reason that nobody can tell: its own, or the store's.
    Doubtful,
}

/// Writes all rows and answers one outcome per row, in order.
///
/// A refused batch is halved until the rows that are to blame stand alone: for one bad row of a thousand that is twenty
/// writes, not a thousand. So is a batch that failed for a reason that nobody can tell ([`StoreError::Unexplained`]); what
/// is found alone then is given up only against two witnesses: the store took another row of the batch, and failed on
/// this one [`Settings::row_attempts_max`] times. Any other error ends it; what was written until then is written again
/// next time, which changes nothing.
pub(crate) async fn write(writing: &Writing<'_>, rows: &[NewRow]) -> Result<Vec<RowOutcome>, StoreError> {
    let mut tried = Vec::with_capacity(rows.len());
    let mut unexplained = None;
    let mut parts: Vec<Range<usize>> = Vec::new();
    if !rows.is_empty() {
        parts.push(0..rows.len());
    }
    // The last part is always the leftmost that is not written yet, so outcomes come in order.
    while let Some(part) = parts.pop() {
        match writing.once(&rows[part.clone()]).await {
            Ok(written) => tried.extend(written.into_iter().map(|one| Tried::Done(RowOutcome::Written(one)))),
            Err(StoreError::Refused(why)) if part.len() == 1 => tried.push(Tried::Done(RowOutcome::Refused(why))),
            Err(error @ StoreError::Unexplained(_)) if part.len() == 1 => {
                unexplained = Some(error);
                tried.push(Tried::Doubtful);
            }
            Err(StoreError::Refused(_) | StoreError::Unexplained(_)) => {
                let middle = part.start + part.len() / 2;
                parts.push(middle..part.end);
                parts.push(part.start..middle);
            }
            Err(other) => return Err(other),
        }
    }
    let took_another = tried.iter().any(|one| matches!(one, Tried::Done(RowOutcome::Written(_))));
    if let Some(error) = unexplained.filter(|_| !took_another) {
        return Err(error);
    }
    let mut outcomes = Vec::with_capacity(rows.len());
    for (row, one) in rows.iter().zip(tried) {
        outcomes.push(match one {
            Tried::Done(outcome) => outcome,
            Tried::Doubtful => writing.again_and_again(row).await?,
        });
    }
    Ok(outcomes)
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

    /// A row that failed for a reason that nobody can tell, while the store took others.
    async fn again_and_again(&self, row: &NewRow) -> Result<RowOutcome, StoreError> {
        let mut backoff = Backoff::new(self.settings.backoff_min, self.settings.backoff_max);
        let mut attempts = 1;
        loop {
            if stopped_within(backoff.next_wait(), self.stopping).await {
                return Err(StoreError::Unavailable("the consumer stops before it is sure of a row".to_owned()));
            }
            match self.once(std::slice::from_ref(row)).await {
                Ok(written) => {
                    let outcome = written.into_iter().next().map(RowOutcome::Written);
                    return outcome.ok_or_else(|| StoreError::Unreadable("no outcome for a row".to_owned()));
                }
                Err(StoreError::Refused(why)) => return Ok(RowOutcome::Refused(why)),
                Err(StoreError::Unexplained(why)) => {
                    attempts += 1;
                    if attempts >= self.settings.row_attempts_max {
                        let why = format!("{why}; {attempts} times, while the store took other rows");
                        return Ok(RowOutcome::Refused(why));
                    }
                }
                Err(other) => return Err(other),
            }
        }
    }
}
