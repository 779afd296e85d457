//! Partitions of records: made ahead and on demand, dropped when old.
//!
//! A month's table is made on its own and then attached: that takes no lock that a reader or writer of
//! other months would feel. Who makes or drops holds one advisory lock, so several processes can try at once.

use std::collections::HashSet;

use aibbar::Timestamp;
use deadpool_postgres::Transaction;
use parking_lot::Mutex;
use tokio_postgres::Error;

use super::{
    PostgresStore,
    connections::Loan,
    failure::explain,
    month::{Month, OUTSIDE},
};
use crate::{
    StoreError,
    query::{first_id_at, ids_end_for},
};

/// Months before and after now that are there before anyone writes to them.
const MADE_AHEAD: std::ops::RangeInclusive<i32> = -1..=2;

/// The advisory lock of whoever makes or drops partitions.
const LOCK: i64 = 0x6741_5049_4E00_0002;

/// Dropping waits no longer for running queries: while it waits, new ones wait behind it.
const DROP_LOCK_WAIT: &str = "SET LOCAL lock_timeout = '2s'";

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
        for month in missing {
            let transaction = loan.transaction().await?;
            make(&transaction, month).await?;
            transaction.commit().await?;
            self.known_months.add(month);
        }
        Ok(())
    }

    pub(super) async fn make_ahead(&self, now: Timestamp) -> Result<(), StoreError> {
        let months = MADE_AHEAD.filter_map(|away| Month::of(now)?.plus(away));
        let mut loan = self.connections.borrow().await?;
        self.ensure_months(&mut loan, months).await.map_err(explain)?;
        loan.end();
        Ok(())
    }

    /// Answers how many partitions, and rows outside of all months, went. A partition goes when nothing in it
    /// is to be kept: an event's id may lie a day from its timestamp, so its last day is looked at.
    pub(super) async fn drop_old(&self, oldest_kept: Timestamp) -> Result<u64, StoreError> {
        let mut dropped = 0;
        let mut loan = self.connections.borrow().await?;
        for month in months_there(&loan).await.map_err(explain)? {
            if month.end_unix_ms() > oldest_kept.unix_ms() {
                continue;
            }
            let transaction = loan.transaction().await.map_err(explain)?;
            if drop_month(&transaction, month, oldest_kept).await.map_err(explain)? {
                dropped += 1;
            }
            transaction.commit().await.map_err(explain)?;
        }
        self.known_months.forget();
        for table in OUTSIDE {
            let sql = format!("DELETE FROM {table} WHERE event_id < $1 AND timestamp_ns < $2");
            let end = ids_end_for(oldest_kept);
            dropped += loan.execute(&sql, &[&end, &oldest_kept.unix_ns()]).await.map_err(explain)?;
        }
        loan.end();
        Ok(dropped)
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

async fn months_there(loan: &Loan) -> Result<Vec<Month>, Error> {
    const SQL: &str = "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
                       WHERE i.inhparent = 'aibbar_events'::regclass ORDER BY c.relname";
    let rows = loan.query(SQL, &[]).await?;
    Ok(rows.iter().filter_map(|row| Month::of_table(row.get(0))).collect())
}

/// Whether it went.
async fn drop_month(transaction: &Transaction<'_>, month: Month, oldest_kept: Timestamp) -> Result<bool, Error> {
    lock(transaction).await?;
    let table = month.table();
    let is_there: bool = transaction.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table]).await?.get(0);
    if !is_there {
        return Ok(false);
    }
    if ids_end_for(Timestamp::from_unix_ms(month.end_unix_ms())) > first_id_at(oldest_kept.unix_ms()) {
        let kept = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE timestamp_ns >= $1)");
        if transaction.query_one(&kept, &[&oldest_kept.unix_ns()]).await?.get(0) {
            return Ok(false);
        }
    }
    transaction.batch_execute(DROP_LOCK_WAIT).await?;
    transaction.batch_execute(&format!("DROP TABLE {table}")).await?;
    Ok(true)
}
