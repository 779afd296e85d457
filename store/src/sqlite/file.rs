//! Opening the file: its mode, its settings, its schema.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags};

use super::{SqliteSettings, failure};
use crate::StoreError;

mod embedded {
    #![allow(missing_docs, unreachable_pub)]
    refinery::embed_migrations!("../migrations/sqlite");
}

/// Two processes may start on a new file at once: the work of the first makes that of the second fail, and
/// looking again finds it done. So long between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

const PREPARED_STATEMENTS_MAX: usize = 64;

/// What the writer keeps of the file, in KiB, made use of as the file grows: request ids come in no order, so that each event touches pages of
/// their index anywhere, and with the two MiB that SQLite takes by itself most of them are read anew.
const WRITER_CACHE_KIB: i64 = 32 * 1024;
/// The write-ahead log is folded into the file past this many pages (32 MiB): each page of an index that was written more than once
/// is folded in once.
const CHECKPOINT_PAGES: i64 = 8_000;

/// How long the write-ahead log stays after a burst, on disk.
const WAL_BYTES_KEPT: i64 = 64 * 1024 * 1024;

/// The connection that writes, on a file that is ready.
pub(super) fn open_and_migrate(path: &Path, settings: &SqliteSettings) -> Result<Connection, StoreError> {
    create(path).map_err(|error| StoreError::Unavailable(format!("its file can't be made: {}", error.kind())))?;
    let mut connection = connect(path, settings)?;
    let deadline = Instant::now() + Duration::from_millis(settings.wait_ms.into());
    loop {
        match prepare(&mut connection) {
            Err(StoreError::Unavailable(_)) if Instant::now() < deadline => thread::sleep(LOOK_AGAIN),
            result => return result.map(|()| connection),
        }
    }
}

/// A connection that can only read.
pub(super) fn open_reader(path: &Path, settings: &SqliteSettings) -> Result<Connection, StoreError> {
    let connection = connect(path, settings)?;
    connection.pragma_update(None, "query_only", true).map_err(failure::explain)?;
    Ok(connection)
}

fn connect(path: &Path, settings: &SqliteSettings) -> Result<Connection, StoreError> {
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_millis(settings.wait_ms.into()))?;
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS_MAX);
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(connection)
    };
    open().map_err(failure::explain)
}

fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))
        .and_then(|_| connection.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT))
        .and_then(|()| connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB))
        .and_then(|()| connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES))
        .map_err(failure::explain)?;
    embedded::migrations::runner().run(connection).map_err(failure::explain_migration).map(|_| ())
}

/// Makes the folder and the file with the rights they should have; SQLite gives its side files the file's.
/// What is there already is not even opened: closing it again would drop the locks that SQLite holds on it
/// for other connections of this process.
fn create(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    let mut file = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        file.mode(0o600);
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        folder.recursive(true).create(parent)?;
    }
    match file.write(true).create_new(true).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
