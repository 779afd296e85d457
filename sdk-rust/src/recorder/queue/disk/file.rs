//! The files of a folder: made, locked, read, removed.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    process, thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Row, TransactionBehavior, types::Type};
use uuid::Uuid;

use crate::moment;

pub(super) const SUFFIX: &str = ".gapin-queue";
/// What is added to the name of a file that can't be read as a whole.
const ASIDE: &str = ".damaged";
const TABLE: &str =
    "create table if not exists events (ticket integer primary key, event_id text not null, payload blob not null)";
const LOCK_ASKED_EVERY: Duration = Duration::from_millis(5);

/// The folder, for the one who makes a file or takes one over: a file that is being made looks as one that was left.
pub(super) struct FolderLock {
    _file: Option<File>,
}

impl FolderLock {
    /// `None` when another has it for so long.
    pub(super) fn of(folder: &Path, wait: Duration) -> Option<Self> {
        // Where a folder can't be opened as a file, a file that is open can't be removed.
        let Ok(file) = File::open(folder) else {
            return Some(Self { _file: None });
        };
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Some(Self { _file: Some(file) }),
                Err(TryLockError::Error(_)) => return Some(Self { _file: None }), // this file system has no locks
                Err(TryLockError::WouldBlock) if begun.elapsed() >= wait => return None,
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_ASKED_EVERY),
            }
        }
    }
}

/// What is queued is nobody else's to read.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut made = fs::DirBuilder::new();
    made.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.create(folder)
}

/// A new file, locked. SQLite gives those that belong to it the same mode.
pub(super) fn make(folder: &Path) -> io::Result<(PathBuf, Connection)> {
    let path = folder.join(format!("{}-{:012x}{SUFFIX}", process::id(), moment::chance() >> 16));
    let mut made = OpenOptions::new();
    made.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut made, 0o600);
    made.open(&path)?;
    let db = open(&path).map_err(io::Error::other)?;
    Ok((path, db))
}

/// Opens and locks a file that is there; fails at once where another process holds it.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(Duration::ZERO)?;
    db.pragma_update(None, "locking_mode", "exclusive")?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "normal")?;
    // Takes the lock, which is then kept.
    db.transaction_with_behavior(TransactionBehavior::Immediate)?.commit()?;
    db.execute(TABLE, ())?;
    Ok(db)
}

pub(super) fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(with(path, suffix)); // it need not be there
    }
}

/// Nobody takes it over again; what is in it is left for people to look at.
pub(super) fn set_aside(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::rename(with(path, suffix), with(path, &format!("{ASIDE}{suffix}"))); // it need not be there
    }
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// An event's id and text, from here on in a row.
pub(super) fn event_of(row: &Row<'_>, column: usize) -> rusqlite::Result<(Uuid, Vec<u8>)> {
    let event_id: String = row.get(column)?;
    let payload: Vec<u8> = row.get(column + 1)?;
    let is_object = payload.first() == Some(&b'{') && payload.last() == Some(&b'}');
    if is_object {
        Ok((Uuid::try_parse(&event_id).unwrap_or_default(), payload))
    } else {
        Err(rusqlite::Error::InvalidColumnType(column + 1, "payload".to_owned(), Type::Blob))
    }
}

/// Whether it is what was read that is damaged, and not the reading that fails.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, InvalidColumnType, QueryReturnedNoRows, Utf8Error};

    match error {
        FromSqlConversionFailure(..) | InvalidColumnType(..) | QueryReturnedNoRows | Utf8Error(..) => true,
        other => matches!(other.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)),
    }
}
