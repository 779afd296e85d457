//! [`RetentionStore`], and the dropping of rows.
//!
//! A hold is placed, a retention set and anything dropped in transactions that first lock one and the same row, so they come
//! one after the other, in every process. A drop reads what is kept behind that lock: what was answered before is seen by it,
//! and what comes later is answered when the drop has ended.

use std::ops::Range;

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Database, Row, Touches, Transaction, Value, end_identities, insert_audit,
    value::{unreadable, values},
};
use crate::{
    AuditEntry, OrgId, StoreError,
    retention::{
        ClockMemory, ClockTrust, Dropped, Gone, How, Keeping, OwnRetention, RETENTION_DAYS_MAX, RetentionStore, Sweep,
        unix_ms_of,
    },
};

/// So many rows leave in one transaction: others can write in between.
const ROWS_AT_ONCE: i64 = 2_000;

#[async_trait]
impl<D: Database> RetentionStore for D {
    async fn retention(&self, org_id: OrgId) -> Result<Option<OwnRetention>, StoreError> {
        const SQL: &str = "SELECT events_days, updated_by, updated_at_ns FROM retention WHERE org_id = $1";
        let rows = self.ask(SQL, values![org_id]).await?;
        let read = |row: &Row| {
            Ok(OwnRetention { events_days: days(row, 0)?, updated_by: row.text(1)?, updated_at: row.moment(2)? })
        };
        rows.first().map(read).transpose()
    }

    async fn set_retention(
        &self,
        org_id: OrgId,
        events_days: Option<u32>,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        const SET: &str = "INSERT INTO retention (org_id, events_days, updated_by, updated_at_ns) \
                           VALUES ($1, $2, $3, $4) ON CONFLICT (org_id) DO UPDATE SET events_days = \
                           excluded.events_days, updated_by = excluded.updated_by, updated_at_ns = excluded.updated_at_ns";
        const UNSET: &str = "DELETE FROM retention WHERE org_id = $1";
        if events_days.is_some_and(|days| !(1..=RETENTION_DAYS_MAX).contains(&days)) {
            return Err(StoreError::Refused(format!("a retention is 1–{RETENTION_DAYS_MAX} days")));
        }
        let mut transaction = self.begin().await?;
        come_one_by_one(&mut transaction).await?;
        let was = own_days(&mut transaction, org_id).await?;
        match events_days {
            _ if was == events_days => {}
            Some(days) => {
                let values = values![org_id, i64::from(days), &audit.actor.name, at];
                transaction.execute(SET, values).await?;
            }
            None => {
                transaction.execute(UNSET, values![org_id]).await?;
            }
        }
        end_identities(transaction, was != events_days, Touches::One(org_id), audit).await
    }

    async fn look_at_clock(&self, now: Timestamp) -> Result<ClockTrust, StoreError> {
        const MEMORY: &str = "SELECT clock_seen_at_ns, paused_until_ns FROM retention_state";
        const REMEMBER: &str = "UPDATE retention_state SET clock_seen_at_ns = $1, paused_until_ns = $2";
        let database_s = self.ask(D::UNIX_SECONDS, values![]).await?;
        let database_s = database_s.first().ok_or_else(unreadable)?.number(0)?;
        let database_now = Timestamp::from_unix_ms(database_s.saturating_mul(1_000));

        let mut transaction = self.begin().await?;
        come_one_by_one(&mut transaction).await?;
        let rows = transaction.query(MEMORY, values![]).await?;
        let row = rows.first().ok_or_else(unreadable)?;
        let memory = ClockMemory { seen_at: row.maybe(0, Row::moment)?, paused_until: row.moment(1)? }.look(now);
        let trust = memory.trust(now, database_now);
        if let ClockTrust::Disagrees { .. } = trust {
            // One process's wrong clock is not what the others are measured by.
            transaction.roll_back().await?;
            return Ok(trust);
        }
        transaction.execute(REMEMBER, values![memory.seen_at, memory.paused_until]).await?;
        transaction.commit().await?;
        Ok(trust)
    }
}

/// Waits until nobody else drops, holds or sets a retention; from here to its end the transaction is alone with that.
pub(crate) async fn come_one_by_one<T: Transaction>(transaction: &mut T) -> Result<(), StoreError> {
    let lock = format!("SELECT id FROM retention_state{}", T::LOCKING);
    transaction.query(&lock, values![]).await.map(|_| ())
}

/// What makes that something of this organisation is kept.
pub(crate) async fn keeping_of<T: Transaction>(transaction: &mut T, org_id: OrgId) -> Result<Keeping, StoreError> {
    const HELD: &str = "SELECT DISTINCT ai_id FROM legal_holds WHERE org_id = $1 AND released_at_ns IS NULL";
    let mut keeping = Keeping { own_days: own_days(transaction, org_id).await?, ..Keeping::default() };
    for row in transaction.query(HELD, values![org_id]).await? {
        match row.maybe(0, Row::uuid)? {
            Some(ai_id) => drop(keeping.held.insert(ai_id)),
            None => keeping.holds_all = true,
        }
    }
    Ok(keeping)
}

async fn own_days<T: Transaction>(transaction: &mut T, org_id: OrgId) -> Result<Option<u32>, StoreError> {
    const SQL: &str = "SELECT events_days FROM retention WHERE org_id = $1";
    transaction.query(SQL, values![org_id]).await?.first().map(|row| days(row, 0)).transpose()
}

fn days(row: &Row, column: usize) -> Result<u32, StoreError> {
    u32::try_from(row.number(column)?).map_err(|_| unreadable())
}

/// Drops the organisation's rows with these ids that are past their time and that nothing holds, in bounded batches.
pub(crate) async fn drop_rows<D: Database>(
    database: &D,
    org_id: OrgId,
    ids: Range<Uuid>,
    sweep: &Sweep<'_>,
) -> Result<(), StoreError> {
    let mut transaction = database.begin().await?;
    let keeping = keeping_of(&mut transaction, org_id).await?;
    transaction.roll_back().await?;
    if keeping.holds_all {
        return Ok(());
    }
    let ids = ids.start..ids.end.min(sweep.ids_past(keeping.own_days));
    if keeping.held.is_empty() {
        return Rows { org_id, ai_id: None, ids, keeping: &keeping, sweep }.drop_all(database).await;
    }
    // One AI system after the other: what is held is stepped over, not read again each time.
    let mut last = None;
    while let Some(ai_id) = next_system(database, org_id, last).await? {
        last = Some(ai_id);
        if !keeping.held.contains(&ai_id) {
            let rows = Rows { org_id, ai_id: Some(ai_id), ids: ids.clone(), keeping: &keeping, sweep };
            rows.drop_all(database).await?;
        }
    }
    Ok(())
}

/// The AI systems that have rows, one after the other, each found in the index.
async fn next_system<D: Database>(
    database: &D,
    org_id: OrgId,
    after: Option<Uuid>,
) -> Result<Option<Uuid>, StoreError> {
    const FIRST: &str = "SELECT ai_id FROM aibbar_events WHERE org_id = $1 ORDER BY ai_id LIMIT 1";
    const NEXT: &str = "SELECT ai_id FROM aibbar_events WHERE org_id = $1 AND ai_id > $2 ORDER BY ai_id LIMIT 1";
    let rows = match after {
        None => database.ask(FIRST, values![org_id]).await?,
        Some(after) => database.ask(NEXT, values![org_id, after]).await?,
    };
    rows.first().map(|row| row.uuid(0)).transpose()
}

/// Rows that may leave.
struct Rows<'r> {
    org_id: OrgId,
    /// Those of this AI system alone.
    ai_id: Option<Uuid>,
    ids: Range<Uuid>,
    /// What was known when this was begun: once that is no longer so, nothing more is dropped.
    keeping: &'r Keeping,
    sweep: &'r Sweep<'r>,
}

impl Rows<'_> {
    async fn drop_all<D: Database>(mut self, database: &D) -> Result<(), StoreError> {
        while !self.ids.is_empty() && !(self.sweep.is_stopped)() {
            let Some(batch) = self.next_batch(database).await? else { return Ok(()) };
            let Some(events) = self.drop_batch(database, &batch).await? else { return Ok(()) };
            if events > 0 {
                (self.sweep.told)(Dropped { events, how: How::Rows });
            }
            self.ids.start = batch.end;
        }
        Ok(())
    }

    /// The ids of the next rows, as a range.
    async fn next_batch<D: Database>(&self, database: &D) -> Result<Option<Range<Uuid>>, StoreError> {
        let (condition, mut values) = self.matching(&self.ids);
        values.push(ROWS_AT_ONCE.into());
        let sql =
            format!("SELECT event_id FROM aibbar_events WHERE {condition} ORDER BY event_id LIMIT ${}", values.len());
        let rows = database.ask(&sql, values).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
        Ok(Some(first.uuid(0)?..next_id(last.uuid(0)?)))
    }

    /// Answers how many went; `None` when what is kept has changed since.
    async fn drop_batch<D: Database>(&self, database: &D, batch: &Range<Uuid>) -> Result<Option<u64>, StoreError> {
        let (condition, values) = self.matching(batch);
        let sql = format!("DELETE FROM aibbar_events WHERE {condition} RETURNING event_id");
        let mut transaction = database.begin().await?;
        come_one_by_one(&mut transaction).await?;
        if keeping_of(&mut transaction, self.org_id).await? != *self.keeping {
            transaction.roll_back().await?;
            return Ok(None);
        }
        let gone = transaction.query(&sql, values).await?;
        let gone = gone.iter().map(|row| row.uuid(0)).collect::<Result<Vec<_>, _>>()?;
        let (Some(first), Some(last)) = (gone.iter().min(), gone.iter().max()) else {
            transaction.roll_back().await?;
            return Ok(Some(0));
        };
        let (target_kind, target) = match self.ai_id {
            Some(ai_id) => ("ai_system", ai_id),
            None => ("organisation", self.org_id),
        };
        let entry = self.sweep.entry(&Gone {
            org_id: self.org_id,
            target_kind,
            target: target.to_string(),
            from_unix_ms: unix_ms_of(*first),
            to_unix_ms: unix_ms_of(*last) + 1,
            events: gone.len() as u64,
            how: How::Rows,
            keeping: self.keeping,
        });
        insert_audit(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(Some(gone.len() as u64))
    }

    /// The condition that these rows meet, and its parameters.
    fn matching(&self, ids: &Range<Uuid>) -> (String, Vec<Value>) {
        let oldest_kept = self.sweep.oldest_kept(self.keeping.own_days);
        let mut values = values![self.org_id, ids.start, ids.end, oldest_kept];
        let mut sql = "org_id = $1 AND event_id >= $2 AND event_id < $3 AND timestamp_ns < $4".to_owned();
        if let Some(ai_id) = self.ai_id {
            values.push(ai_id.into());
            sql.push_str(" AND ai_id = $5");
        }
        (sql, values)
    }
}

/// The id behind this one.
fn next_id(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_add(1))
}
