//! Writes a batch, and finds the rows that the store refuses by halving the batch.

use std::{ops::Range, time::Duration};

use store::{
    StoreError,
    events::{EventStore, NewRow, WriteOutcome},
};

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowOutcome {
    /// The store's own answer.
    Written(WriteOutcome),
    /// The store refuses this very row, and says why.
    Refused(String),
}

/// Writes all rows and answers one outcome per row, in order.
///
/// A refused batch is halved until the rows that are to blame stand alone: for one bad row of a
/// thousand that is twenty writes, not a thousand. Any other error ends it; what was written until
/// then is written again next time, which changes nothing.
pub(crate) async fn write(
    events: &dyn EventStore,
    rows: &[NewRow],
    write_max: Duration,
) -> Result<Vec<RowOutcome>, StoreError> {
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut parts: Vec<Range<usize>> = Vec::new();
    if !rows.is_empty() {
        parts.push(0..rows.len());
    }
    // The last part is always the leftmost that is not written yet, so outcomes come in order.
    while let Some(part) = parts.pop() {
        match write_once(events, &rows[part.clone()], write_max).await {
            Ok(written) => outcomes.extend(written.into_iter().map(RowOutcome::Written)),
            Err(StoreError::Refused(why)) if part.len() == 1 => outcomes.push(RowOutcome::Refused(why)),
            Err(StoreError::Refused(_)) => {
                let middle = part.start + part.len() / 2;
                parts.push(middle..part.end);
                parts.push(part.start..middle);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(outcomes)
}

async fn write_once(
    events: &dyn EventStore,
    rows: &[NewRow],
    write_max: Duration,
) -> Result<Vec<WriteOutcome>, StoreError> {
    let written = tokio::time::timeout(write_max, events.write(rows))
        .await
        .map_err(|_| StoreError::Unavailable(format!("no answer to a write within {} s", write_max.as_secs())))??;
    if written.len() == rows.len() {
        Ok(written)
    } else {
        Err(StoreError::Unreadable(format!("{} outcomes for {} rows", written.len(), rows.len())))
    }
}
