//! A copy of the file as it is at one moment, made beside whoever has it open.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::failure;
use crate::StoreError;

/// Writes the store of this file, as it is now, into another file that is not there or empty. Only reads the one, also
/// while other processes write to it; blocks on the disk. The copy is whole once this answers, and not yet synced.
///
/// # Errors
/// [`StoreError::Unavailable`] when either can't be used.
pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    // Not by `query_only`, which forbids writing the copy too.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(from, flags).map_err(failure::explain)?;
    connection.execute("VACUUM INTO ?1", (&to.to_string_lossy(),)).map_err(failure::explain)?;
    Ok(())
}
