//! Making room: deletes what nobody needs any more, and gives its pages back to the disk, a bounded
//! step at a time between appends.

use rusqlite::Connection;

use super::{
    file::record_id,
    remove::{Removed, remove_through},
    topics::Topic,
    writer::{WriteFailure, Writer},
};
use crate::{Offset, Partition};

/// Pages given back to the disk in one transaction: 8 MiB.
const GIVEN_BACK_PAGES: u32 = 1_000;

/// Deletes the partition's oldest records as far as they lie before this offset, a step of them;
/// answers where the partition begins now.
pub(super) fn step(
    writer: &mut Writer,
    topic: &Topic,
    partition: Partition,
    before: Offset,
) -> Result<Offset, WriteFailure> {
    let Some(lane) = topic.lane(partition) else { return Ok(before) };
    let bounds = lane.bounds();
    let until = before.min(bounds.end).min(bounds.earliest + writer.settings.retention_step_records as u64);
    if until <= bounds.earliest || topic.is_there().is_err() {
        return Ok(bounds.earliest);
    }
    let from = record_id(lane.number, bounds.earliest);
    let Removed { bytes } = writer.transact(|tx| remove_through(tx, lane, from, until - 1))?;
    lane.set_earliest(until);
    lane.weighs_more(-bytes);
    Ok(until)
}

/// Gives pages that hold nothing back to the disk, a step of them; answers whether there are more.
/// Once there are none, the write-ahead log is folded in and cut off.
pub(super) fn give_back_step(writer: &mut Writer) -> Result<bool, WriteFailure> {
    if !writer.settings.gives_back_disk {
        return Ok(false);
    }
    let (held_nothing, left) = writer.transact(|tx| {
        let before = pages_that_hold_nothing(tx)?;
        {
            // One row, and so one step of the statement, for every page.
            let mut vacuum = tx.prepare_cached(&format!("PRAGMA incremental_vacuum({GIVEN_BACK_PAGES})"))?;
            let mut pages = vacuum.query(())?;
            while pages.next()?.is_some() {}
        }
        Ok((before, pages_that_hold_nothing(tx)?))
    })?;
    if left == 0
        && let Some(conn) = &writer.conn
    {
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?;
    }
    // A file that was made without the map of its pages gives none back.
    Ok(left > 0 && left < held_nothing)
}

fn pages_that_hold_nothing(conn: &Connection) -> rusqlite::Result<u32> {
    conn.pragma_query_value(None, "freelist_count", |row| row.get(0))
}
