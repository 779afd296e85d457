//! From PostgreSQL's failures to ours. The server's own words are not passed on: they can quote what was written.

use refinery::error::Kind;
use tokio_postgres::{Error, error::SqlState};

use crate::StoreError;

/// Unknown failures count as `Unavailable`: waiting loses nothing, refusing would.
pub(super) fn explain(error: Error) -> StoreError {
    match error.code() {
        Some(state) => explain_state(state),
        None if error.is_closed() => unavailable("its connection was closed"),
        None => unavailable("no connection to it, or a broken one"),
    }
}

fn explain_state(state: &SqlState) -> StoreError {
    let code = state.code();
    match *state {
        SqlState::QUERY_CANCELED => unavailable("a query took too long; ask for less time or fewer records"),
        SqlState::TOO_MANY_CONNECTIONS => unavailable("it has no connection left"),
        SqlState::DISK_FULL => unavailable("its disk is full"),
        SqlState::READ_ONLY_SQL_TRANSACTION => unavailable("it is read-only, a standby perhaps"),
        SqlState::CANNOT_CONNECT_NOW => unavailable("it is starting or stopping"),
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => unavailable("it is being stopped"),
        SqlState::LOCK_NOT_AVAILABLE => unavailable("what it needs is in use"),
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            unavailable("it does not accept the user or the password")
        }
        SqlState::INVALID_CATALOG_NAME => unavailable("there is no database of this name"),
        SqlState::INSUFFICIENT_PRIVILEGE => unavailable("its user may not do this"),
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN => {
            StoreError::Unreadable("its schema is missing or of another version; run the migration".to_owned())
        }
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => {
            StoreError::Unreadable("PostgreSQL reports damage".to_owned())
        }
        _ => match code.get(..2).unwrap_or_default() {
            // Data exception, constraint violation, program limit.
            "22" | "23" | "54" => StoreError::Refused(format!("PostgreSQL's rules forbid it (SQLSTATE {code})")),
            _ => unavailable(&format!("PostgreSQL failed (SQLSTATE {code})")),
        },
    }
}

pub(super) fn explain_migration(error: refinery::Error) -> StoreError {
    match error.kind() {
        Kind::Connection(_, source) => match source.downcast_ref::<Error>().and_then(Error::code) {
            Some(state) => explain_state(state),
            None => unavailable("its connection was closed"),
        },
        _ => StoreError::Unreadable("its schema is of another version of GAPIN".to_owned()),
    }
}

/// Whether the same transaction, begun again, may well succeed.
pub(super) fn is_worth_another_try(error: &Error) -> bool {
    matches!(error.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

/// Whether a row found no partition. (A check constraint would give the same state; there is none on records.)
pub(super) fn is_partition_missing(error: &Error) -> bool {
    error.code() == Some(&SqlState::CHECK_VIOLATION)
}

pub(super) fn unavailable(sentence: &str) -> StoreError {
    StoreError::Unavailable(sentence.to_owned())
}
