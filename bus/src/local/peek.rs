//! Looks at the records of a folder's log from outside, also while another process has it open.

use std::path::Path;

use bytes::Bytes;
use rusqlite::Connection;

use super::{
    file::{offset_of, open_to_read, path, record_id},
    headers,
};
use crate::{LogError, LogRecord, Partition, Position};

/// Hands over each record of a topic, oldest first, one at a time. Only reads; blocks on the disk. A folder without a log,
/// or a log without the topic, has none.
pub fn peek_folder(dir: &Path, topic: &str, mut each: impl FnMut(LogRecord)) -> Result<(), LogError> {
    let path = path(dir);
    if !path.exists() {
        return Ok(());
    }
    let conn = open_to_read(&path)?;
    let cannot_read = |e: rusqlite::Error| LogError::Unavailable(format!("cannot read {}: {e}", path.display()));
    let mut select = conn
        .prepare("SELECT id, appended_at_ms, key, headers, payload FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id")
        .map_err(cannot_read)?;
    for (partition, lane) in lanes(&conn, topic).map_err(cannot_read)? {
        let range = (record_id(lane, 0), record_id(lane + 1, 0));
        let records = select.query_map(range, |row| {
            Ok(LogRecord {
                position: Position { partition, offset: offset_of(row.get(0)?) },
                appended_at_ms: row.get(1)?,
                key: Bytes::from(row.get::<_, Vec<u8>>(2)?),
                headers: headers::decode(row.get_ref(3)?.as_blob()?)
                    .ok_or(rusqlite::Error::IntegralValueOutOfRange(3, row.get(0)?))?,
                payload: Bytes::from(row.get::<_, Vec<u8>>(4)?),
            })
        });
        for record in records.map_err(cannot_read)? {
            each(record.map_err(cannot_read)?);
        }
    }
    Ok(())
}

/// Asks for what every layout has: nobody brought this file up to date.
fn lanes(conn: &Connection, topic: &str) -> rusqlite::Result<Vec<(Partition, i64)>> {
    let mut select = conn
        .prepare("SELECT partition, lane FROM lanes JOIN topics USING (topic_id) WHERE name = ?1 ORDER BY partition")?;
    select.query_map((topic,), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
