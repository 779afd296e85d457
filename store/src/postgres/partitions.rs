//! Partitions of records: made ahead and on demand.
//!
//! A month's table is made on its own and then attached: that takes no lock that a reader or writer of
//! other months would feel. Who makes or drops holds one advisory lock, so several processes can try at once.
//!
//! A connection that looks up the partitions just as one is attached can miss it, and then misses it for good:
//! it is told of the change while it looks, and believes what it found (seen with PostgreSQL 15.18). So who makes
//! a month waits until those have ended who may have been looking, and has everybody look again; only then is
//! anything written to it. See docs/adr/0047.

use std::{collections::HashSet, time::Duration};

use aibbar::Timestamp;
use deadpool_postgres::Transaction;
use parking_lot::Mutex;
use tokio::time::{self, Instant};
use tokio_postgres::Error;

use super::{PostgresStore, connections::Loan, failure::explain, month::Month};
use crate::StoreError;

/// Months before and after now that are there before anyone writes to them.
pub(super) const MADE_AHEAD: std::ops::RangeInclusive<i32> = -1..=2;

/// The advisory lock of whoever makes or drops partitions.
pub(super) const LOCK: i64 = 0x6741_5049_4E00_0002;

/// Who has a transaction open for longer than this is not looking up partitions in it: a dump, say.
const LOOKING_TIME_MAX: Duration = Duration::from_secs(2);
const LOOKING_POLL: Duration = Duration::from_millis(5);

/// Months whose partition was seen. Another process may drop one; who then finds it missing forgets them all.
#[derive(Debug, Default)]
pub(super) struct KnownMonths(Mutex<HashSet<Month>>);

impl KnownMonths {
    pub(super) fn forget(&self) {
        self.0.lock().clear();
    }

    fn has(&self, month: Month) -> bool {
        self.0.lock().contains(&month)
    }

    fn add(&self, month: Month) {
        self.0.lock().insert(month);
    }
}

impl PostgresStore {
    /// Makes the partitions of these months that are not there yet.
    pub(super) async fn ensure_months(
        &self,
        loan: &mut Loan,
        months: impl IntoIterator<Item = Month> + Send,
    ) -> Result<(), Error> {
        let missing: Vec<Month> = months.into_iter().filter(|month| !self.known_months.has(*month)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        for month in &missing {
            let transaction = loan.transaction().await?;
            make(&transaction, *month).await?;
            transaction.commit().await?;
        }
        // Also of what another process made: it may have ended before it did this.
        have_all_look_again(loan).await?;
        missing.into_iter().for_each(|month| self.known_months.add(month));
        Ok(())
    }

    pub(super) async fn make_ahead(&self, now: Timestamp) -> Result<(), StoreError> {
        let months = MADE_AHEAD.filter_map(|away| Month::of(now)?.plus(away));
        let mut loan = self.connections.borrow().await?;
        self.ensure_months(&mut loan, months).await.map_err(explain)?;
        loan.end();
        Ok(())
    }
}

async fn lock(transaction: &Transaction<'_>) -> Result<(), Error> {
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map(|_| ())
}

async fn make(transaction: &Transaction<'_>, month: Month) -> Result<(), Error> {
    lock(transaction).await?;
    let table = month.table();
    let is_there = transaction.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table]).await?.get(0);
    if is_there {
        return Ok(());
    }
    let (first, end) = (month.first_id(), month.end_id());
    let make = format!(
        "CREATE TABLE {table} (LIKE aibbar_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS); \
         ALTER TABLE aibbar_events ATTACH PARTITION {table} FOR VALUES FROM ('{first}') TO ('{end}')"
    );
    transaction.batch_execute(&make).await
}

/// Has every connection look up the partitions anew at its next statement, once none is left that is looking.
async fn have_all_look_again(loan: &mut Loan) -> Result<(), Error> {
    // To the value that it has: the change alone is what makes the others look.
    const CHANGE: &str = "ALTER TABLE ONLY aibbar_events ALTER COLUMN org_id SET STATISTICS";
    const VALUE: &str = "SELECT coalesce(attstattarget, -1)::int FROM pg_attribute \
                         WHERE attrelid = 'aibbar_events'::regclass AND attname = 'org_id'";
    let looking = transactions_of_others(loan).await?;
    let deadline = Instant::now() + LOOKING_TIME_MAX;
    while !looking.is_empty() && Instant::now() < deadline && !looking.is_disjoint(&transactions_of_others(loan).await?)
    {
        time::sleep(LOOKING_POLL).await;
    }
    let transaction = loan.transaction().await?;
    lock(&transaction).await?;
    let value: i32 = transaction.query_one(VALUE, &[]).await?.get(0);
    transaction.batch_execute(&format!("{CHANGE} {value}")).await?;
    transaction.commit().await
}

/// The open transactions of others that use the table of records.
async fn transactions_of_others(loan: &Loan) -> Result<HashSet<String>, Error> {
    const SQL: &str = "SELECT DISTINCT virtualtransaction FROM pg_locks \
                       WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                       AND relation = 'aibbar_events'::regclass AND pid <> pg_backend_pid()";
    Ok(loan.query(SQL, &[]).await?.iter().map(|row| row.get(0)).collect())
}

pub(super) async fn months_there(loan: &Loan) -> Result<Vec<Month>, Error> {
    const SQL: &str = "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
                       WHERE i.inhparent = 'aibbar_events'::regclass ORDER BY c.relname";
    let rows = loan.query(SQL, &[]).await?;
    Ok(rows.iter().filter_map(|row| Month::of_table(row.get(0))).collect())
}
