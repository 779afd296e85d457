//! Writing a batch: one transaction, whatever of it was there before.
//!
//! Almost every batch is all new, and is copied in (see [`super::copy`]). One of which something was there is merged:
//! what PostgreSQL did not insert was there; its signature tells the same event from a conflict. Rows go in ordered by key:
//! two writers with overlapping batches wait for each other, never in a circle.

use std::{
    collections::{BTreeSet, HashMap},
    sync::atomic::{AtomicU32, Ordering},
    time::SystemTime,
};

use aibbar::Timestamp;
use deadpool_postgres::Transaction;
use tokio_postgres::{Error, error::SqlState};
use uuid::Uuid;

use super::{
    PostgresStore,
    connections::Loan,
    copy::copy_in,
    failure::{explain_write, is_double, is_partition_missing, is_worth_another_try, unavailable},
    month::Month,
    partitions::MADE_AHEAD,
    transaction::as_sql,
};
use crate::{
    NewRow, OrgId, StoreError, WriteOutcome,
    both::additions,
    row::{Row, event_type_number},
    statistics::tally,
};

/// A deadlock, or a partition that another process dropped under us, is rare; twice in a row is something else.
const ATTEMPTS_MAX: usize = 3;

/// So many batches are merged without trying to copy them after one of which something was there: where senders repeat
/// themselves, or a consumer reads again what it had not committed, there is more of it to come.
const MERGED_AFTER_A_DOUBLE: u32 = 16;

/// How many batches are still to be merged before one is copied again.
#[derive(Debug, Default)]
pub(super) struct Caution(AtomicU32);

impl Caution {
    fn may_copy(&self) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_err()
    }

    fn met_a_double(&self) {
        self.0.store(MERGED_AFTER_A_DOUBLE, Ordering::Relaxed);
    }
}

const INSERT: &str = "INSERT INTO aibbar_events (org_id, event_id, ai_id, event_type, timestamp_ns, received_at_ns, \
     session_id, request_id, sequence, signature, event_at, event_chars, record) \
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int2[], $5::int8[], $6::int8[], $7::text[], \
     $8::text[], $9::int8[], $10::bytea[], $11::int4[], $12::int4[], $13::text[]) \
     ON CONFLICT (org_id, event_id) DO NOTHING RETURNING org_id, event_id";

/// `LATERAL … LIMIT 1` makes it one look into the index per key, however the planner guesses.
const SIGNATURES: &str = "SELECT k.org_id, k.event_id, e.signature \
     FROM unnest($1::uuid[], $2::uuid[]) AS k (org_id, event_id) CROSS JOIN LATERAL \
     (SELECT signature FROM aibbar_events WHERE org_id = k.org_id AND event_id = k.event_id LIMIT 1) AS e";

type Key = (OrgId, Uuid);
type SignatureBytes = [u8; 32];

impl PostgresStore {
    pub(super) async fn write_batch(&self, rows: &[NewRow]) -> Result<Vec<WriteOutcome>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let rows = rows.iter().map(Row::of).collect::<Result<Vec<_>, _>>()?;
        let first = first_of_each_key(&rows);
        let mut may_copy = self.caution.may_copy();
        let mut loan = self.connections.borrow().await?;
        for _ in 0..ATTEMPTS_MAX {
            match self.insert(&mut loan, &first, may_copy).await {
                Ok(Some(there)) => {
                    loan.end();
                    if !there.is_empty() {
                        self.caution.met_a_double();
                    }
                    return Ok(outcomes(&rows, &first, &there));
                }
                // A partition was dropped between the insert and the look.
                Ok(None) => {}
                Err(error) if may_copy && is_double(&error) => {
                    // Noted at once: what is wrong with another row may end the merge, and the halves that follow have the double too.
                    self.caution.met_a_double();
                    may_copy = false;
                }
                Err(error) if is_partition_missing(&error) => self.known_months.forget(),
                Err(error) if is_worth_another_try(&error) => {}
                Err(error) => return Err(explain_write(error)),
            }
        }
        Err(unavailable("others kept it from writing"))
    }

    /// Answers the signatures of the keys that were there; `None` when one of them has gone meanwhile.
    async fn insert(
        &self,
        loan: &mut Loan,
        rows: &[&Row<'_>],
        may_copy: bool,
    ) -> Result<Option<HashMap<Key, SignatureBytes>>, Error> {
        let months: BTreeSet<Month> = rows.iter().filter_map(|row| Month::of_id(row.head.event_id)).collect();
        self.ensure_months(loan, months.iter().copied()).await?;

        let transaction = loan.transaction().await?;
        if !lock_late(&transaction, &months).await? {
            self.known_months.forget();
            return Ok(None);
        }
        // Of several partitions each is filled apart: then rows would not go in in the order of their keys.
        let is_of_one = months.len() == 1 && rows.iter().all(|row| Month::of_id(row.head.event_id).is_some());
        if may_copy && is_of_one {
            copy_in(&transaction, rows).await?;
            self.count(&transaction, rows.iter().copied()).await?;
            transaction.commit().await?;
            return Ok(Some(HashMap::new()));
        }
        self.merge(transaction, rows).await
    }

    /// Inserts what is not there, and looks for the rest.
    async fn merge(
        &self,
        transaction: Transaction<'_>,
        rows: &[&Row<'_>],
    ) -> Result<Option<HashMap<Key, SignatureBytes>>, Error> {
        let statement = transaction.prepare_cached(INSERT).await?;
        let columns = Columns::of(rows);
        let inserted = transaction
            .query(
                &statement,
                &[
                    &columns.org_id,
                    &columns.event_id,
                    &columns.ai_id,
                    &columns.event_type,
                    &columns.timestamp_ns,
                    &columns.received_at_ns,
                    &columns.session_id,
                    &columns.request_id,
                    &columns.sequence,
                    &columns.signature,
                    &columns.event_at,
                    &columns.event_chars,
                    &columns.record,
                ],
            )
            .await?;
        if inserted.len() == rows.len() {
            self.count(&transaction, rows.iter().copied()).await?;
            transaction.commit().await?;
            return Ok(Some(HashMap::new()));
        }

        let inserted: BTreeSet<Key> = inserted.iter().map(|row| (row.get(0), row.get(1))).collect();
        let (org_ids, event_ids): (Vec<_>, Vec<_>) =
            rows.iter().map(|row| key(row)).filter(|key| !inserted.contains(key)).unzip();
        let statement = transaction.prepare_cached(SIGNATURES).await?;
        let found = transaction.query(&statement, &[&org_ids, &event_ids]).await?;
        let there: HashMap<Key, SignatureBytes> = found
            .iter()
            .filter_map(|row| Some(((row.get(0), row.get(1)), row.get::<_, &[u8]>(2).try_into().ok()?)))
            .collect();
        if there.len() < org_ids.len() {
            return Ok(None);
        }
        self.count(&transaction, rows.iter().copied().filter(|row| inserted.contains(&key(row)))).await?;
        transaction.commit().await?;
        Ok(Some(there))
    }

    /// Counts what was inserted, last of all: the rows of counts are those that writers wait for each other at.
    async fn count<'r, 'a: 'r>(
        &self,
        transaction: &Transaction<'_>,
        inserted: impl Iterator<Item = &'r Row<'a>> + Send,
    ) -> Result<(), Error> {
        for (sql, values) in additions(&tally(inserted, Timestamp::from(SystemTime::now()), &self.labels)) {
            let statement = transaction.prepare_cached(&sql).await?;
            transaction.execute(&statement, &as_sql(&values)).await?;
        }
        Ok(())
    }
}

/// Waits, before anything else is locked, until nobody is about to drop the months that lie behind: who drops one locks it
/// first and the table of all months later, so who comes to it by that would wait in a circle. `false` when one has gone.
async fn lock_late(transaction: &Transaction<'_>, months: &BTreeSet<Month>) -> Result<bool, Error> {
    let first_ahead = Month::of(Timestamp::from(SystemTime::now())).and_then(|now| now.plus(*MADE_AHEAD.start()));
    let late: Vec<String> = months
        .iter()
        .filter(|month| first_ahead.is_some_and(|first| **month < first))
        .map(|month| month.table())
        .collect();
    if late.is_empty() {
        return Ok(true);
    }
    let locked = transaction.batch_execute(&format!("LOCK TABLE {} IN ROW EXCLUSIVE MODE", late.join(", "))).await;
    match locked {
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Ok(false),
        locked => locked.map(|()| true),
    }
}

/// The batch turned on its side: one array per column.
struct Columns<'a> {
    org_id: Vec<Uuid>,
    event_id: Vec<Uuid>,
    ai_id: Vec<Uuid>,
    event_type: Vec<i16>,
    timestamp_ns: Vec<i64>,
    received_at_ns: Vec<i64>,
    session_id: Vec<Option<&'a str>>,
    request_id: Vec<Option<&'a str>>,
    sequence: Vec<Option<i64>>,
    signature: Vec<&'a [u8]>,
    event_at: Vec<i32>,
    event_chars: Vec<i32>,
    record: Vec<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(rows: &[&'a Row<'a>]) -> Self {
        fn column<'a, T>(rows: &[&'a Row<'a>], value: impl Fn(&'a Row<'a>) -> T) -> Vec<T> {
            rows.iter().map(|row| value(row)).collect()
        }
        Self {
            org_id: column(rows, |row| row.head.org_id),
            event_id: column(rows, |row| row.head.event_id),
            ai_id: column(rows, |row| row.head.ai_id),
            event_type: column(rows, |row| event_type_number(row.head.event_type)),
            timestamp_ns: column(rows, |row| row.head.timestamp.unix_ns()),
            received_at_ns: column(rows, |row| row.head.received_at.unix_ns()),
            session_id: column(rows, |row| row.session_id.as_deref()),
            request_id: column(rows, |row| row.request_id.as_deref()),
            sequence: column(rows, |row| row.sequence),
            signature: column(rows, |row| row.head.signature.0.as_slice()),
            event_at: column(rows, |row| row.event_at),
            event_chars: column(rows, |row| row.event_chars),
            record: column(rows, |row| row.record()),
        }
    }
}

fn key(row: &Row<'_>) -> Key {
    (row.head.org_id, row.head.event_id)
}

/// Of rows with the same key the first, ordered by key.
fn first_of_each_key<'r, 'a>(rows: &'r [Row<'a>]) -> Vec<&'r Row<'a>> {
    let mut first: Vec<&Row<'_>> = rows.iter().collect();
    first.sort_by_key(|row| key(row)); // stable: the first of a key stays first
    first.dedup_by_key(|row| key(row));
    first
}

/// One per row of the batch, in its order: a row without a signature `there` was new.
fn outcomes(rows: &[Row<'_>], first: &[&Row<'_>], there: &HashMap<Key, SignatureBytes>) -> Vec<WriteOutcome> {
    if there.is_empty() && first.len() == rows.len() {
        return vec![WriteOutcome::Stored; rows.len()];
    }
    let outcome = |row: &Row<'_>| {
        let found = first.binary_search_by_key(&key(row), |row| key(row));
        let first = first[found.expect("every key of the batch has a first row")];
        let there = there.get(&key(row));
        if row.head.signature.0 != *there.unwrap_or(&first.head.signature.0) {
            WriteOutcome::Conflict
        } else if there.is_none() && std::ptr::eq(row, first) {
            WriteOutcome::Stored
        } else {
            WriteOutcome::AlreadyStored
        }
    };
    rows.iter().map(outcome).collect()
}
