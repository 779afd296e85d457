//! How much lies in a topic: counted in the file, for those who keep an account of it from then on.

use std::path::Path;

use rusqlite::Connection;

use super::{
    file::{open_to_read, path, record_id},
    topics::{Topic, Topics},
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
    let topics = Topics::load(&conn).map_err(cannot_read)?;
    let weights = topics.named().into_iter().map(|(name, topic)| Ok((name, weigh(&conn, &topic)?)));
    weights.collect::<rusqlite::Result<Vec<_>>>().map_err(cannot_read)
}

/// What lies in this topic now.
pub(super) fn weigh(conn: &Connection, topic: &Topic) -> rusqlite::Result<Weight> {
    // The length of a blob stands in the row's head: payloads on pages of their own are not read.
    let mut sum = conn.prepare_cached(
        "SELECT count(*), coalesce(sum(length(key) + length(headers) + length(payload)), 0), min(appended_at_ms)
         FROM records WHERE id >= ?1 AND id < ?2",
    )?;
    let mut all = Weight::default();
    for lane in &topic.lanes {
        let of_lane = sum.query_row((record_id(lane.number, 0), record_id(lane.number + 1, 0)), |row| {
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
