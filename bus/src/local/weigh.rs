//! How much lies in a topic: counted in the file, for those who keep an account of it from then on.

use std::path::Path;

use rusqlite::Connection;

use super::{
    file::{open_to_read, path, record_id},
    topics::Topic,
};
use crate::LogError;

/// What lies in one topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Records.
    pub records: u64,
    /// Bytes of their keys, headers and payloads.
    pub bytes: u64,
    /// When the oldest was taken, in milliseconds since the Unix epoch.
    pub oldest_appended_at_ms: Option<i64>,
}

/// What lies in each topic of a folder's log, also while another process has it open. Only reads;
/// blocks on the disk, a second or so per GiB. No log in the folder is an empty one.
pub fn weigh_folder(dir: &Path) -> Result<Vec<(String, Weight)>, LogError> {
    let path = path(dir);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let conn = open_to_read(&path)?;
    let cannot_read = |e: rusqlite::Error| LogError::Unavailable(format!("cannot read {}: {e}", path.display()));
    weigh_all(&conn).map_err(cannot_read)
}

/// Asks for what every layout has: nobody brought this file up to date.
fn weigh_all(conn: &Connection) -> rusqlite::Result<Vec<(String, Weight)>> {
    // A deleted topic has a name that is none.
    let mut topics = conn.prepare("SELECT topic_id, name FROM topics WHERE name NOT LIKE ':%'")?;
    let mut lanes = conn.prepare("SELECT lane FROM lanes WHERE topic_id = ?1")?;
    let mut rows = topics.query(())?;
    let mut weights = Vec::new();
    while let Some(row) = rows.next()? {
        let lanes: Vec<i64> = lanes.query_map((row.get::<_, i64>(0)?,), |row| row.get(0))?.collect::<Result<_, _>>()?;
        weights.push((row.get(1)?, weigh_lanes(conn, lanes)?));
    }
    Ok(weights)
}

/// What lies in this topic now.
pub(super) fn weigh(conn: &Connection, topic: &Topic) -> rusqlite::Result<Weight> {
    weigh_lanes(conn, topic.lanes().map(|(_, lane)| lane.number))
}

fn weigh_lanes(conn: &Connection, lanes: impl IntoIterator<Item = i64>) -> rusqlite::Result<Weight> {
    // The length of a blob stands in the row's head: payloads on pages of their own are not read.
    let mut sum = conn.prepare_cached(
        "SELECT count(*), coalesce(sum(length(key) + length(headers) + length(payload)), 0), min(appended_at_ms)
         FROM records WHERE id >= ?1 AND id < ?2",
    )?;
    let mut all = Weight::default();
    for lane in lanes {
        let of_lane = sum.query_row((record_id(lane, 0), record_id(lane + 1, 0)), |row| {
            Ok(Weight {
                records: row.get::<_, i64>(0)?.unsigned_abs(),
                bytes: row.get::<_, i64>(1)?.unsigned_abs(),
                oldest_appended_at_ms: row.get(2)?,
            })
        })?;
        all.records += of_lane.records;
        all.bytes += of_lane.bytes;
        let oldest = [all.oldest_appended_at_ms, of_lane.oldest_appended_at_ms];
        all.oldest_appended_at_ms = oldest.into_iter().flatten().min();
    }
    Ok(all)
}
