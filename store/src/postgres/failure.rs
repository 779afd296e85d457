//! From PostgreSQL's failures to ours. The server's own words are not passed on: they can quote what was written.

use refinery::error::Kind;
use tokio_postgres::{
    Error,
    error::{DbError, SqlState},
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
            // Data exception, constraint violation, WITH CHECK OPTION, program limit: about the row, now and always.
            "22" | "23" | "44" | "54" => StoreError::Refused(format!("PostgreSQL's rules forbid it (SQLSTATE {code})")),
            // Connection, transaction state, authorization, no such database, rollback, names and privileges,
            // resources, state of an object, an operator's hand, the system: about the database, for a while.
            "08" | "25" | "28" | "3D" | "40" | "42" | "53" | "55" | "57" | "58" => {
                unavailable(&format!("PostgreSQL failed (SQLSTATE {code})"))
            }
            // A trigger's own exception, an internal error, what a later version thinks of.
            _ => StoreError::Unexplained(format!("PostgreSQL failed (SQLSTATE {code})")),
        },
    }
}

pub(super) fn explain_migration(error: refinery::Error) -> StoreError {
    match error.kind() {
        Kind::Connection(_, source) => match source.downcast_ref::<Error>().and_then(Error::code) {
            Some(state) => match explain_state(state) {
                StoreError::Unexplained(why) => StoreError::Unavailable(why),
                explained => explained,
            },
            None => unavailable("its connection was closed"),
        },
        _ => StoreError::Unreadable("its schema is of another version of GAPIN".to_owned()),
    }
}

/// Whether the same transaction, begun again, may well succeed.
pub(super) fn is_worth_another_try(error: &Error) -> bool {
    matches!(error.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

/// Whether a row was there already.
pub(super) fn is_double(error: &Error) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
}

/// Whether a row found no partition. A check constraint gives the same state, but has a name: there is none on records,
/// unless an operator adds one, and that refuses for good.
pub(super) fn is_partition_missing(error: &Error) -> bool {
    let constraint = error.as_db_error().and_then(DbError::constraint);
    error.code() == Some(&SqlState::CHECK_VIOLATION) && constraint.is_none()
}

pub(super) fn unavailable(sentence: &str) -> StoreError {
    StoreError::Unavailable(sentence.to_owned())
}
