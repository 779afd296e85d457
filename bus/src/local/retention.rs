//! Deletes records past their topic's retention, a bounded step at a time between appends.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::Transaction;

use super::{
    file::{offset_of, record_id},
    topics::Topic,
    writer::{WriteFailure, Writer},
};
use crate::{Offset, Partition};

/// One walk over all partitions after another.
pub(super) struct Sweep {
    every: Duration,
    due: Instant,
    /// What is left of the present walk.
    left: VecDeque<(Arc<Topic>, Partition)>,
}

impl Sweep {
    pub(super) fn first(every: Duration) -> Self {
        Self { every, due: Instant::now(), left: VecDeque::new() }
    }

    /// When the next step is to be taken: at once in the middle of a walk.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// Deletes at most one step's worth of one partition.
    pub(super) fn step(&mut self, writer: &mut Writer, now_ms: i64) -> Result<(), WriteFailure> {
        if self.left.is_empty() {
            let kept_for_a_time = writer.topics.all().into_iter().filter(|topic| topic.retention.is_some());
            self.left =
                kept_for_a_time.flat_map(|topic| (0..topic.partitions()).map(move |p| (topic.clone(), p))).collect();
        }
        let outcome = match self.left.front() {
            Some((topic, partition)) => delete_step(writer, topic, *partition, now_ms),
            None => Ok(0),
        };
        if !matches!(outcome, Ok(deleted) if deleted == writer.settings.retention_step_records) {
            self.left.pop_front();
        }
        if self.left.is_empty() || outcome.is_err() {
            self.left.clear();
            self.due = Instant::now() + self.every;
        }
        outcome.map(drop)
    }
}

/// Deletes the partition's oldest records as far as they are past their time; answers how many.
fn delete_step(writer: &mut Writer, topic: &Topic, partition: Partition, now_ms: i64) -> Result<usize, WriteFailure> {
    let Some(retention) = topic.retention else { return Ok(0) };
    let keep_from_ms = now_ms.saturating_sub(i64::try_from(retention.as_millis()).unwrap_or(i64::MAX));
    let lane = topic.lane(partition);
    let bounds = lane.bounds();
    if bounds.earliest == bounds.end {
        return Ok(0);
    }
    let step = writer.settings.retention_step_records;
    let range = (record_id(lane.number, bounds.earliest), record_id(lane.number, bounds.end));
    let past = past_retention(writer, range, keep_from_ms, step)?;
    let Some(last) = past.last else { return Ok(0) };
    writer.transact(|tx| delete_through(tx, lane.number, range.0, last))?;
    lane.set_earliest(last + 1);
    Ok(past.records)
}

struct Past {
    records: usize,
    last: Option<Offset>,
}

/// Appended-at times never go back within a partition, so the first record to keep ends the search.
fn past_retention(
    writer: &mut Writer,
    (from, until): (i64, i64),
    keep_from_ms: i64,
    records_max: usize,
) -> Result<Past, WriteFailure> {
    writer.transact(|tx| {
        let mut oldest = tx
            .prepare_cached("SELECT id, appended_at_ms FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3")?;
        let mut rows = oldest.query((from, until, i64::try_from(records_max).unwrap_or(i64::MAX)))?;
        let mut past = Past { records: 0, last: None };
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(1)? >= keep_from_ms {
                break;
            }
            past = Past { records: past.records + 1, last: Some(offset_of(row.get(0)?)) };
        }
        Ok(past)
    })
}

pub(super) fn delete_through(tx: &Transaction<'_>, lane: i64, from: i64, last: Offset) -> Result<(), WriteFailure> {
    tx.prepare_cached("DELETE FROM records WHERE id >= ?1 AND id <= ?2")?.execute((from, record_id(lane, last)))?;
    tx.prepare_cached("UPDATE lanes SET earliest = ?2 WHERE lane = ?1")?.execute((lane, (last + 1) as i64))?;
    Ok(())
}
