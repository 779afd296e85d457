//! From SQLite's failures to ours. SQLite's own words are not passed on: they can quote what was written.

use refinery::error::Kind;
use rusqlite::{
    Error,
    ffi::{self, ErrorCode},
};

use crate::StoreError;

/// Unknown failures count as `Unavailable`: waiting loses nothing, refusing would.
pub(super) fn explain(error: Error) -> StoreError {
    match explain_write(error) {
        StoreError::Unexplained(why) => StoreError::Unavailable(why),
        explained => explained,
    }
}

/// The same of a write of records, where whoever writes can find out which row it is that fails.
pub(super) fn explain_write(error: Error) -> StoreError {
    let unavailable = |sentence: &str| StoreError::Unavailable(sentence.to_owned());
    let code = match error {
        Error::SqliteFailure(ffi::Error { code, .. }, _) => code,
        Error::InvalidColumnType(..)
        | Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..) => return StoreError::Unreadable("a column holds what no version wrote".to_owned()),
        // Only what does not fit the file's schema is left: a missing table or column.
        Error::SqlInputError { .. } | Error::InvalidColumnName(_) | Error::InvalidColumnIndex(_) => {
            return StoreError::Unreadable("its schema is of another version".to_owned());
        }
        _ => return StoreError::Unexplained("SQLite gave an unexpected answer".to_owned()),
    };
    match code {
        // About the row, now and always; a trigger's own exception is a constraint to SQLite.
        ErrorCode::TooBig | ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch => {
            StoreError::Refused(format!("SQLite's rules forbid it ({code:?})"))
        }
        ErrorCode::NotADatabase => StoreError::Unreadable("its file is no SQLite database".to_owned()),
        ErrorCode::DatabaseCorrupt => StoreError::Unreadable("its file is damaged".to_owned()),
        // About the file, for a while.
        ErrorCode::OperationInterrupted => unavailable("a query took too long; ask for less time or fewer records"),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => unavailable("another process is writing to its file"),
        ErrorCode::DiskFull => unavailable("its disk is full"),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => unavailable("its file can't be written"),
        ErrorCode::CannotOpen => unavailable("its file can't be opened"),
        ErrorCode::SystemIoFailure => unavailable("its disk failed"),
        ErrorCode::OutOfMemory => unavailable("there is no memory left"),
        ErrorCode::FileLockingProtocolFailed => unavailable("its file can't be locked"),
        ErrorCode::SchemaChanged => unavailable("its schema is being changed"),
        ErrorCode::OperationAborted => unavailable("a transaction was broken off"),
        _ => StoreError::Unexplained(format!("SQLite failed ({code:?})")),
    }
}

pub(super) fn explain_migration(error: refinery::Error) -> StoreError {
    match error.kind() {
        Kind::Connection(_, source) => match source.downcast_ref::<Error>() {
            Some(Error::SqliteFailure(failure, _)) => explain(Error::SqliteFailure(*failure, None)),
            _ => StoreError::Unavailable("its schema could not be brought up to date".to_owned()),
        },
        _ => StoreError::Unreadable("its schema is of another version of GAPIN".to_owned()),
    }
}

/// Whether it failed since the value is there already.
pub(super) fn is_unique_violation(error: &Error) -> bool {
    matches!(
        error,
        Error::SqliteFailure(ffi::Error { extended_code: ffi::SQLITE_CONSTRAINT_UNIQUE, .. }, _)
            | Error::SqliteFailure(ffi::Error { extended_code: ffi::SQLITE_CONSTRAINT_PRIMARYKEY, .. }, _)
    )
}

/// Whether it failed since what it belongs to is not there.
pub(super) fn is_foreign_key_violation(error: &Error) -> bool {
    matches!(error, Error::SqliteFailure(ffi::Error { extended_code: ffi::SQLITE_CONSTRAINT_FOREIGNKEY, .. }, _))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_is_refused_unavailable_or_unexplained_by_its_code() {
        let explained = |code| explain_write(Error::SqliteFailure(ffi::Error::new(code), Some("jane.doe".to_owned())));
        for refused in [
            ffi::SQLITE_TOOBIG,
            ffi::SQLITE_MISMATCH,
            ffi::SQLITE_CONSTRAINT_CHECK,
            ffi::SQLITE_CONSTRAINT_DATATYPE,
            ffi::SQLITE_CONSTRAINT_NOTNULL,
            ffi::SQLITE_CONSTRAINT_TRIGGER,
            ffi::SQLITE_CONSTRAINT_UNIQUE,
        ] {
            let failure = explained(refused);
            assert!(matches!(&failure, StoreError::Refused(why) if !why.contains("jane")), "{refused}: {failure:?}");
        }
        for away in [
            ffi::SQLITE_BUSY,
            ffi::SQLITE_BUSY_SNAPSHOT,
            ffi::SQLITE_LOCKED,
            ffi::SQLITE_FULL,
            ffi::SQLITE_IOERR,
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_SHORT_READ,
            ffi::SQLITE_READONLY,
            ffi::SQLITE_READONLY_DBMOVED,
            ffi::SQLITE_PERM,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_NOMEM,
            ffi::SQLITE_PROTOCOL,
            ffi::SQLITE_SCHEMA,
            ffi::SQLITE_ABORT,
            ffi::SQLITE_INTERRUPT,
        ] {
            let failure = explained(away);
            assert!(matches!(failure, StoreError::Unavailable(_)), "{away}: {failure:?}");
        }
        for damaged in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB] {
            let failure = explained(damaged);
            assert!(matches!(failure, StoreError::Unreadable(_)), "{damaged}: {failure:?}");
        }
        for unexplained in [ffi::SQLITE_INTERNAL, ffi::SQLITE_MISUSE, ffi::SQLITE_AUTH, 9_000] {
            let failure = explained(unexplained);
            assert!(matches!(failure, StoreError::Unexplained(_)), "{unexplained}: {failure:?}");
        }
    }
}
