//! The file: its lock, its tables, its connections, and how a record's place is coded in its row id.

use std::{
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use super::{layout, settings::LocalSettings};
use crate::{LogError, Offset};

const FILE_NAME: &str = "log.db";
const LOCK_NAME: &str = "log.lock";

/// Large enough for an ordinary event to stay in one page, small enough that a single append writes little.
const PAGE_BYTES: u32 = 8 * 1024;
/// The write-ahead log is folded into the file past this many pages (16 MiB).
const CHECKPOINT_PAGES: u32 = 2_000;
/// By how much the file may grow with nothing appended: what the write-ahead log holds is folded in.
pub(super) const GROWS_BY_ITSELF_BYTES: u64 = CHECKPOINT_PAGES as u64 * PAGE_BYTES as u64;
/// What a write-ahead log that once grew is cut back to.
const WAL_BYTES_KEPT: u32 = 64 * 1024 * 1024;
/// Statements are few; each connection keeps all of them prepared.
const STATEMENTS_CACHED: usize = 64;

/// A row id is the lane (one number per topic and partition) above, the offset below.
const OFFSET_BITS: u32 = 40;
const LANE_BITS: u32 = 23;
const _: () = assert!(OFFSET_BITS + LANE_BITS < 64, "a row id is positive and has 63 bits");

/// Partitions of all topics together; the row id after the last one's last is one still.
pub(super) const LANES_MAX: i64 = (1 << LANE_BITS) - 1;
/// One past the last offset of a partition: a trillion records.
pub(super) const OFFSETS_MAX: u64 = 1 << OFFSET_BITS;

/// The row id of a record.
pub(super) fn record_id(lane: i64, offset: Offset) -> i64 {
    debug_assert!(lane <= LANES_MAX && offset <= OFFSETS_MAX);
    (lane << OFFSET_BITS) + offset as i64
}

/// The offset within its lane that a row id stands for.
pub(super) fn offset_of(id: i64) -> Offset {
    id as u64 & (OFFSETS_MAX - 1)
}

/// Takes the folder for this process; whoever holds the returned file holds the lock. `None` when
/// another holds it.
pub(super) fn lock(dir: &Path) -> Result<Option<File>, LogError> {
    let shown = dir.display();
    // Records are for nobody else on this machine, whatever the folder above and the umask allow.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|e| LogError::Unavailable(format!("cannot make the folder {shown}: {e}")))?;
    let file = File::create(dir.join(LOCK_NAME))
        .map_err(|e| LogError::Unavailable(format!("cannot write in the folder {shown}: {e}")))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(LogError::Unavailable(format!("cannot lock the folder {shown}: {e}"))),
    }
}

/// Where the log of a folder lies.
pub(super) fn path(dir: &Path) -> PathBuf {
    dir.join(FILE_NAME)
}

/// The one connection that writes; makes the tables when they are not there, or not as they are now.
pub(super) fn open_to_write(path: &Path, settings: &LocalSettings) -> Result<Connection, LogError> {
    let conn = Connection::open(path).map_err(|e| unavailable(path, &e))?;
    let version = prepare_to_write(&conn, settings).map_err(|e| unavailable(path, &e))?;
    if version != layout::VERSION {
        return Err(LogError::Unavailable(format!(
            "{} has layout {version}, and this program reads layout {}: it was written by a newer one",
            path.display(),
            layout::VERSION
        )));
    }
    Ok(conn)
}

fn prepare_to_write(conn: &Connection, settings: &LocalSettings) -> rusqlite::Result<i64> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    conn.pragma_update(None, "page_size", PAGE_BYTES)?;
    if settings.gives_back_disk {
        conn.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    conn.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit returns when the write-ahead log is on the disk.
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    conn.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT)?;
    if let Some(bytes) = settings.file_bytes_max {
        let pages = u32::try_from(bytes / u64::from(PAGE_BYTES)).unwrap_or(u32::MAX - 1).max(1);
        conn.pragma_update(None, "max_page_count", pages)?;
    }
    layout::bring_up_to_date(conn)
}

/// A connection that only reads.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, LogError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|e| unavailable(path, &e))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    Ok(conn)
}

fn unavailable(path: &Path, error: &rusqlite::Error) -> LogError {
    LogError::Unavailable(format!("cannot open {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_row_id_keeps_lanes_apart_and_offsets_in_order() {
        assert_eq!(offset_of(record_id(7, 0)), 0);
        assert_eq!(offset_of(record_id(LANES_MAX - 1, OFFSETS_MAX - 1)), OFFSETS_MAX - 1);
        assert!(record_id(1, OFFSETS_MAX - 1) < record_id(2, 0));
        assert!(record_id(LANES_MAX - 1, OFFSETS_MAX - 1) > 0);
    }

    #[test]
    fn a_file_of_a_newer_layout_is_refused_by_a_sentence() {
        let dir = tempfile::tempdir().unwrap();
        let file = path(dir.path());
        drop(open_to_write(&file, &LocalSettings::default()).unwrap());
        Connection::open(&file).unwrap().pragma_update(None, "user_version", 3).unwrap();
        let error = open_to_write(&file, &LocalSettings::default()).unwrap_err().to_string();
        assert!(error.contains("has layout 3"), "{error}");
    }
}
