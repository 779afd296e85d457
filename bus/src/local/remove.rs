//! Takes the oldest records of a lane out of the file, with all that is kept about them.

use rusqlite::Transaction;

use super::{
    file::{offset_of, record_id},
    lanes::Lane,
    writer::WriteFailure,
};
use crate::Offset;

/// What was taken out.
pub(super) struct Removed {
    /// Of keys, headers and payloads.
    pub(super) bytes: i64,
}

/// Removes the records from this row id on, which is the lane's first, through this offset: a step of them.
pub(super) fn remove_through(
    tx: &Transaction<'_>,
    lane: &Lane,
    from: i64,
    last: Offset,
) -> Result<Removed, WriteFailure> {
    let range = (from, record_id(lane.number, last));
    if lane.cleaned() > offset_of(from) {
        tx.prepare_cached(
            "DELETE FROM newest WHERE lane = ?1 AND at <= ?2
             AND key IN (SELECT key FROM records WHERE id >= ?3 AND id <= ?4)",
        )?
        .execute((lane.number, last as i64, range.0, range.1))?;
    }
    let bytes = tx
        .prepare_cached(
            "SELECT coalesce(sum(length(key) + length(headers) + length(payload)), 0) FROM records
             WHERE id >= ?1 AND id <= ?2",
        )?
        .query_row(range, |row| row.get(0))?;
    tx.prepare_cached("DELETE FROM records WHERE id >= ?1 AND id <= ?2")?.execute(range)?;
    tx.prepare_cached("UPDATE lanes SET earliest = ?2, bytes = bytes - ?3 WHERE lane = ?1")?.execute((
        lane.number,
        (last + 1) as i64,
        bytes,
    ))?;
    Ok(Removed { bytes })
}
