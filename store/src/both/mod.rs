//! What is written once and runs on both databases: identities, accounts, organisations, the audit trail.
//!
//! The rules are in these files, in the SQL that both databases understand; [`Database`] and [`Transaction`] are what
//! differs, implemented beside each pool. SQL here names its parameters `$1`, `$2`, …. A change begins a transaction,
//! works, and [`end`]s it with the entry that tells of it; whatever leaves the function before that is rolled back.

mod accounts;
mod ai_systems;
mod attempts;
mod audit;
mod identity;
mod invitations;
mod legal_holds;
mod members;
mod organisations;
mod publications;
mod retention;
mod saved_views;
mod sessions;
mod statistics;
mod topics;
mod users;
mod value;

use crate::{AuditEntry, OrgId, StoreError};
pub(crate) use audit::insert_audit;
pub(crate) use identity::{Vaulted, check_master_key, make_ready};
pub(crate) use retention::{come_one_by_one, drop_rows};
pub(crate) use statistics::additions;
pub(crate) use value::{Row, Value, values};

/// The longest name of anything.
pub(crate) const NAME_CHARS_MAX: usize = 64;

/// One of the two databases.
pub trait Database: Send + Sync + 'static {
    /// Its transactions.
    type Transaction: Transaction;

    /// Asks the database for its own clock: one row, the seconds since the Unix epoch.
    const UNIX_SECONDS: &'static str;

    /// Begins a transaction that will change something. On SQLite it is the only one.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, StoreError>> + Send;

    /// One question, outside of any transaction.
    fn ask(&self, sql: &str, values: Vec<Value>) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// Begins a change of identities (keys, AI systems, organisations, plans): they are rare, and come one after the other.
    fn begin_identities(&self) -> impl Future<Output = Result<Self::Transaction, StoreError>> + Send {
        async {
            let mut transaction = self.begin().await?;
            let lock = format!("SELECT version FROM identity_version{}", Self::Transaction::LOCKING);
            transaction.query(&lock, values![]).await?;
            Ok(transaction)
        }
    }
}

/// A transaction that was begun; dropped before its end, nothing of it has happened.
///
/// A unique value that is taken fails as `Exists`, see [`taken`]; a row that names what is not there, as `Refused`.
pub trait Transaction: Send {
    /// What follows a `SELECT` whose rows nobody else is to change before this transaction ends.
    const LOCKING: &'static str;

    /// One statement that answers rows.
    fn query(&mut self, sql: &str, values: Vec<Value>) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;
    /// One statement; how many rows it changed.
    fn execute(&mut self, sql: &str, values: Vec<Value>) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// Makes it last.
    fn commit(self) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Undoes it. Kinder to the pool than dropping it, for what happens often.
    fn roll_back(self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Ends a change: with its entry when anything changed.
pub(crate) async fn end<T: Transaction>(
    mut transaction: T,
    changed: bool,
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    if !changed {
        return transaction.roll_back().await;
    }
    insert_audit(&mut transaction, audit).await?;
    transaction.commit().await
}

/// Whose identities a change touches: who caches those of others need not look again.
#[derive(Clone, Copy)]
pub(crate) enum Touches {
    /// This organisation's.
    One(OrgId),
    /// Anybody's: plans, what is sealed.
    All,
}

/// Ends a change of identities: with its entry, and a grown version, when anything changed.
pub(crate) async fn end_identities<T: Transaction>(
    mut transaction: T,
    changed: bool,
    touches: Touches,
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    if changed {
        grow_version(&mut transaction, touches).await?;
    }
    end(transaction, changed, audit).await
}

/// Tells everybody who caches identities to look again, once this transaction has ended.
pub(crate) async fn grow_version(transaction: &mut impl Transaction, touches: Touches) -> Result<(), StoreError> {
    const GROW: &str = "UPDATE identity_version SET version = version + 1";
    const GROW_ALL: &str = "UPDATE identity_version SET version = version + 1, all_since = version + 1";
    const MARK: &str =
        "UPDATE organisations SET identity_version = (SELECT version FROM identity_version) WHERE id = $1";
    match touches {
        Touches::One(org_id) => {
            transaction.execute(GROW, values![]).await?;
            transaction.execute(MARK, values![org_id]).await?;
        }
        Touches::All => {
            transaction.execute(GROW_ALL, values![]).await?;
        }
    }
    Ok(())
}

/// Names what exists already when a unique value was taken.
pub(crate) fn taken(what: &str) -> impl Fn(StoreError) -> StoreError {
    move |error| match error {
        StoreError::Exists(_) => StoreError::Exists(what.to_owned()),
        other => other,
    }
}

/// A text as people may give it; `what` begins the sentence that says why not.
pub(crate) fn check_text(what: &str, text: &str, chars_max: usize) -> Result<(), StoreError> {
    let fits = (1..=chars_max).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(StoreError::Refused(format!("{what} is 1–{chars_max} characters, none of them a control character")))
}
