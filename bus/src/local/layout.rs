//! The tables of the file, and how a file of an older layout comes to have them.

use rusqlite::Connection;

/// What this program writes.
pub(super) const VERSION: i64 = 2;

/// Layout 1, as it was: a new file begins with it too, and so goes the same way as an old one.
const LAYOUT_1: &str = "
CREATE TABLE topics (
    topic_id     INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE,
    retention_ms INTEGER
) STRICT;

-- `earliest` outlives the records, so that an emptied partition goes on counting where it was.
CREATE TABLE lanes (
    lane      INTEGER PRIMARY KEY,
    topic_id  INTEGER NOT NULL REFERENCES topics,
    partition INTEGER NOT NULL,
    earliest  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic_id, partition)
) STRICT;

-- The row id is lane and offset: one B+tree, no second index, each partition in a row.
CREATE TABLE records (
    id             INTEGER PRIMARY KEY,
    appended_at_ms INTEGER NOT NULL,
    key            BLOB    NOT NULL,
    headers        BLOB    NOT NULL,
    payload        BLOB    NOT NULL
) STRICT;

CREATE TABLE positions (
    topic_id    INTEGER NOT NULL REFERENCES topics,
    group_name  TEXT    NOT NULL,
    partition   INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    PRIMARY KEY (topic_id, group_name, partition)
) STRICT, WITHOUT ROWID;

-- Written by every check, so that a check proves that the disk takes writes.
CREATE TABLE probe (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at_ms INTEGER NOT NULL
) STRICT;
";

/// What layout 2 adds.
const TO_LAYOUT_2: &str = "
ALTER TABLE topics ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0;

-- A deleted topic keeps its rows, under a name that is none, until all that belongs to it is gone.
ALTER TABLE topics ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX topics_deleted ON topics (topic_id) WHERE deleted = 1;

-- Of keys, headers and payloads: kept with every append and every deletion.
ALTER TABLE lanes ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;

-- Compaction has looked at everything before this offset.
ALTER TABLE lanes ADD COLUMN cleaned INTEGER NOT NULL DEFAULT 0;

-- Of what compaction has looked at, the newest record of each key.
CREATE TABLE newest (
    lane         INTEGER NOT NULL,
    key          BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    tombstone_ms INTEGER,
    PRIMARY KEY (lane, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX newest_tombstones ON newest (lane, tombstone_ms) WHERE tombstone_ms IS NOT NULL;
";

/// Counts what lies in each lane: once, a second or so per GiB.
const WEIGH: &str = "
UPDATE lanes SET bytes = (
    SELECT coalesce(sum(length(key) + length(headers) + length(payload)), 0) FROM records
    WHERE id >= lanes.lane << 40 AND id < (lanes.lane + 1) << 40
);
";

/// Brings the file to this layout, in one transaction; answers the layout that it has then, which is another only
/// when a newer program wrote it.
pub(super) fn bring_up_to_date(conn: &Connection) -> rusqlite::Result<i64> {
    let version = version(conn)?;
    let steps = match version {
        0 => format!("{LAYOUT_1} {TO_LAYOUT_2}"),
        1 => format!("{TO_LAYOUT_2} {WEIGH}"),
        _ => return Ok(version),
    };
    conn.execute_batch(&format!("BEGIN IMMEDIATE; {steps} PRAGMA user_version = {VERSION}; COMMIT;"))?;
    Ok(VERSION)
}

fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::local::file::record_id;

    #[test]
    fn a_file_of_layout_1_is_weighed_and_keeps_everything() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(&format!("{LAYOUT_1} PRAGMA user_version = 1;")).unwrap();
        conn.execute("INSERT INTO topics (topic_id, name, retention_ms) VALUES (3, 'events', 1000)", ()).unwrap();
        conn.execute("INSERT INTO lanes VALUES (8, 3, 0, 5), (9, 3, 1, 0)", ()).unwrap();
        let mut insert = conn.prepare("INSERT INTO records VALUES (?1, 7, ?2, ?3, ?4)").unwrap();
        insert.execute((record_id(8, 5), b"key", b"", b"payload")).unwrap();
        insert.execute((record_id(8, 6), b"k", b"hh", b"p")).unwrap();
        conn.execute("INSERT INTO positions VALUES (3, 'g', 0, 6)", ()).unwrap();

        assert_eq!(bring_up_to_date(&conn).unwrap(), VERSION);
        assert_eq!(version(&conn).unwrap(), VERSION);
        let lanes = conn.prepare("SELECT lane, earliest, bytes, cleaned FROM lanes ORDER BY lane").unwrap();
        let lane = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let lanes: Vec<(i64, i64, i64, i64)> = { lanes }.query_map((), lane).unwrap().map(Result::unwrap).collect();
        assert_eq!(lanes, [(8, 5, 14, 0), (9, 0, 0, 0)]);
        let kept: i64 = conn.query_row("SELECT count(*) FROM records, positions", (), |row| row.get(0)).unwrap();
        assert_eq!(kept, 2);
        assert_eq!(bring_up_to_date(&conn).unwrap(), VERSION, "a second time changes nothing");
    }
}
