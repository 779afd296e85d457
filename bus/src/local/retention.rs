//! Deletes records past their topic's retention, a bounded step at a time.

use rusqlite::Transaction;

use super::{
    file::{offset_of, record_id},
    remove::remove_through,
    topics::Topic,
    writer::{WriteFailure, Writer},
};
use crate::{Offset, Partition};

/// Deletes the partition's oldest records as far as they are past their time, a step of them; answers whether that
/// was all.
pub(super) fn step(
    writer: &mut Writer,
    topic: &Topic,
    partition: Partition,
    now_ms: i64,
) -> Result<bool, WriteFailure> {
    let Some(retention) = topic.config().retention else { return Ok(true) };
    let Some(lane) = topic.lane(partition) else { return Ok(true) };
    let keep_from_ms = now_ms.saturating_sub(i64::try_from(retention.as_millis()).unwrap_or(i64::MAX));
    let bounds = lane.bounds();
    if bounds.earliest == bounds.end || topic.is_there().is_err() {
        return Ok(true);
    }
    let records_max = writer.settings.retention_step_records;
    let range = (record_id(lane.number, bounds.earliest), record_id(lane.number, bounds.end));
    let gone = writer.transact(|tx| {
        let past = past_retention(tx, range, keep_from_ms, records_max)?;
        let Some(last) = past.last else { return Ok(None) };
        Ok(Some((past, last, remove_through(tx, lane, range.0, last)?)))
    })?;
    let Some((past, last, removed)) = gone else { return Ok(true) };
    lane.set_earliest(last + 1);
    lane.weighs_more(-removed.bytes);
    Ok(past.records < records_max)
}

struct Past {
    records: usize,
    last: Option<Offset>,
}

/// Appended-at times never go back within a partition, so the first record to keep ends the search.
fn past_retention(
    tx: &Transaction<'_>,
    (from, until): (i64, i64),
    keep_from_ms: i64,
    records_max: usize,
) -> Result<Past, WriteFailure> {
    let mut oldest =
        tx.prepare_cached("SELECT id, appended_at_ms FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3")?;
    let mut rows = oldest.query((from, until, i64::try_from(records_max).unwrap_or(i64::MAX)))?;
    let mut past = Past { records: 0, last: None };
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? >= keep_from_ms {
            break;
        }
        past = Past { records: past.records + 1, last: Some(offset_of(row.get(0)?)) };
    }
    Ok(past)
}
