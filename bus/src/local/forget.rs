//! Empties deleted topics, a bounded step at a time. Only with the last row of a topic do its numbers become free:
//! until then no other topic can get them, and show what was in this one.

use rusqlite::{OptionalExtension, Transaction};

use super::{
    file::record_id,
    writer::{WriteFailure, Writer},
};

/// Deletes some rows of topics that were deleted; answers whether there are none left, or none that can be deleted.
pub(super) fn step(writer: &mut Writer) -> Result<bool, WriteFailure> {
    let mut rows_left = writer.settings.retention_step_records.max(1);
    writer.transact(|tx| {
        while rows_left > 0 {
            let topic: Option<i64> = tx
                .prepare_cached("SELECT topic_id FROM topics WHERE deleted = 1 LIMIT 1")?
                .query_row((), |row| row.get(0))
                .optional()?;
            let Some(topic) = topic else { return Ok(true) };
            let rows = empty(tx, topic, rows_left)?;
            // A file that is damaged may name what it does not hold.
            if rows == 0 {
                return Ok(true);
            }
            rows_left = rows_left.saturating_sub(rows);
        }
        Ok(false)
    })
}

/// Deletes so many rows of the topic at most, the topic's own as the last; answers how many it were.
fn empty(tx: &Transaction<'_>, topic: i64, rows_max: usize) -> Result<usize, WriteFailure> {
    let limit = i64::try_from(rows_max).unwrap_or(i64::MAX);
    let lane: Option<i64> = tx
        .prepare_cached("SELECT lane FROM lanes WHERE topic_id = ?1 LIMIT 1")?
        .query_row((topic,), |row| row.get(0))
        .optional()?;
    let Some(lane) = lane else {
        let mut rows = tx
            .prepare_cached(
                "DELETE FROM positions WHERE topic_id = ?1 AND (group_name, partition) IN
                 (SELECT group_name, partition FROM positions WHERE topic_id = ?1 LIMIT ?2)",
            )?
            .execute((topic, limit))?;
        if rows < rows_max {
            rows += tx.prepare_cached("DELETE FROM topics WHERE topic_id = ?1")?.execute((topic,))?;
        }
        return Ok(rows);
    };
    let range = (record_id(lane, 0), record_id(lane + 1, 0), limit);
    let mut rows = tx
        .prepare_cached(
            "DELETE FROM records WHERE id IN (SELECT id FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3)",
        )?
        .execute(range)?;
    if rows < rows_max {
        let keys = "DELETE FROM newest WHERE lane = ?1
                    AND key IN (SELECT key FROM newest WHERE lane = ?1 ORDER BY key LIMIT ?2)";
        rows += tx.prepare_cached(keys)?.execute((lane, (rows_max - rows) as i64))?;
    }
    if rows < rows_max {
        rows += tx.prepare_cached("DELETE FROM lanes WHERE lane = ?1")?.execute((lane,))?;
    }
    Ok(rows)
}
