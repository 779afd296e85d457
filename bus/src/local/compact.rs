//! Compaction: of each key the newest record stays, and a tombstone goes some time after it was seen.
//!
//! It follows the appends at a distance. For what it has looked at the file has a table of the newest record of
//! each key; each further record takes the place of the one before, which is deleted. So a step costs what it looks
//! at, however long the partition is, and appends have nothing to do with it.
//!
//! The last record of a partition always stays: where a partition ends is read from it when the log is opened.

use rusqlite::{OptionalExtension, Transaction};

use super::{
    file::{offset_of, record_id},
    lanes::Lane,
    topics::Topic,
    writer::{WriteFailure, Writer},
};
use crate::{Offset, Partition, PartitionBounds};

/// Bytes of keys that one step looks at, but for the last key.
const STEP_KEY_BYTES: usize = 4 * 1024 * 1024;

/// Looks at the partition's next records, or for tombstones that may go; answers whether there was nothing more.
pub(super) fn step(
    writer: &mut Writer,
    topic: &Topic,
    partition: Partition,
    now_ms: i64,
) -> Result<bool, WriteFailure> {
    let Some(lane) = topic.lane(partition) else { return Ok(true) };
    let bounds = lane.bounds();
    if bounds.earliest == bounds.end || topic.is_there().is_err() {
        return Ok(true);
    }
    let records_max = writer.settings.retention_step_records;
    if lane.cleaned() < bounds.end {
        clean(writer, lane, bounds, records_max, now_ms)?;
        return Ok(false);
    }
    let kept_ms = i64::try_from(writer.settings.tombstones_kept.as_millis()).unwrap_or(i64::MAX);
    let seen_before_ms = now_ms.saturating_sub(kept_ms);
    let dropped = drop_tombstones(writer, lane, bounds, records_max, seen_before_ms)?;
    Ok(dropped < records_max)
}

struct Seen {
    offset: Offset,
    key: Vec<u8>,
    is_tombstone: bool,
}

fn clean(
    writer: &mut Writer,
    lane: &Lane,
    bounds: PartitionBounds,
    records_max: usize,
    now_ms: i64,
) -> Result<(), WriteFailure> {
    let from = lane.cleaned().max(bounds.earliest);
    let (freed, cleaned) = writer.transact(|tx| {
        let seen = look_at(tx, lane, from, bounds.end, records_max)?;
        // Compacted already, or deleted: there may be offsets without a record, at the end too.
        let is_all = seen.len() < records_max && seen.iter().map(|seen| seen.key.len()).sum::<usize>() < STEP_KEY_BYTES;
        let cleaned = match seen.last() {
            Some(last) if !is_all => last.offset + 1,
            _ => bounds.end,
        };
        let mut freed = 0;
        for record in seen.iter().filter(|record| !record.key.is_empty()) {
            freed += take_place(tx, lane, record, now_ms)?;
        }
        tx.prepare_cached("UPDATE lanes SET cleaned = ?2, bytes = bytes - ?3 WHERE lane = ?1")?.execute((
            lane.number,
            cleaned as i64,
            freed,
        ))?;
        Ok((freed, cleaned))
    })?;
    lane.weighs_more(-freed);
    lane.set_cleaned(cleaned);
    Ok(())
}

fn look_at(
    tx: &Transaction<'_>,
    lane: &Lane,
    from: Offset,
    end: Offset,
    records_max: usize,
) -> Result<Vec<Seen>, WriteFailure> {
    let mut select = tx.prepare_cached(
        "SELECT id, key, length(payload) = 0 FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    )?;
    let limit = i64::try_from(records_max).unwrap_or(i64::MAX);
    let mut rows = select.query((record_id(lane.number, from), record_id(lane.number, end), limit))?;
    let (mut seen, mut key_bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let (offset, key): (_, Vec<u8>) = (offset_of(row.get(0)?), row.get(1)?);
        key_bytes += key.len();
        seen.push(Seen { offset, key, is_tombstone: row.get(2)? });
        if key_bytes >= STEP_KEY_BYTES {
            break;
        }
    }
    Ok(seen)
}

/// The record is the newest of its key now; answers the bytes of the one before, which is deleted.
fn take_place(tx: &Transaction<'_>, lane: &Lane, record: &Seen, now_ms: i64) -> Result<i64, WriteFailure> {
    let before: Option<i64> = tx
        .prepare_cached("SELECT at FROM newest WHERE lane = ?1 AND key = ?2")?
        .query_row((lane.number, &record.key), |row| row.get(0))
        .optional()?;
    let freed = match before {
        Some(before) => remove_one(tx, lane, before.unsigned_abs())?,
        None => 0,
    };
    let tombstone_ms = record.is_tombstone.then_some(now_ms);
    tx.prepare_cached("INSERT OR REPLACE INTO newest (lane, key, at, tombstone_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute((lane.number, &record.key, record.offset as i64, tombstone_ms))?;
    Ok(freed)
}

fn drop_tombstones(
    writer: &mut Writer,
    lane: &Lane,
    bounds: PartitionBounds,
    records_max: usize,
    seen_before_ms: i64,
) -> Result<usize, WriteFailure> {
    let (freed, dropped) = writer.transact(|tx| {
        let mut select =
            tx.prepare_cached("SELECT at, key FROM newest WHERE lane = ?1 AND tombstone_ms < ?2 AND at < ?3 LIMIT ?4")?;
        let (last, limit) = ((bounds.end - 1) as i64, i64::try_from(records_max).unwrap_or(i64::MAX));
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?));
        let past: Vec<_> =
            select.query_map((lane.number, seen_before_ms, last, limit), row)?.collect::<rusqlite::Result<_>>()?;
        let (mut freed, mut dropped) = (0, 0);
        for (at, key) in &past {
            freed += remove_one(tx, lane, at.unsigned_abs())?;
            dropped +=
                tx.prepare_cached("DELETE FROM newest WHERE lane = ?1 AND key = ?2")?.execute((lane.number, key))?;
        }
        if freed > 0 {
            tx.prepare_cached("UPDATE lanes SET bytes = bytes - ?2 WHERE lane = ?1")?.execute((lane.number, freed))?;
        }
        Ok((freed, dropped))
    })?;
    lane.weighs_more(-freed);
    Ok(dropped)
}

/// Deletes one record, if it is still there; answers its bytes.
fn remove_one(tx: &Transaction<'_>, lane: &Lane, offset: Offset) -> Result<i64, WriteFailure> {
    let freed = tx
        .prepare_cached("DELETE FROM records WHERE id = ?1 RETURNING length(key) + length(headers) + length(payload)")?
        .query_row((record_id(lane.number, offset),), |row| row.get(0))
        .optional()?;
    Ok(freed.unwrap_or(0))
}
