//! A month's partition, dropped.
//!
//! Where everybody in it is done with a month it goes as it is. Where little of it is kept (for a hold, or an organisation
//! that keeps longer), that is copied into a new partition first, which takes its place. Else its rows leave in batches:
//! slower, and always possible.
//!
//! The trail is to tell exactly how much went, so the month is counted, behind a lock that only its writers feel: those of
//! events that are late by a whole retention. The lock behind which holds are placed is taken when that is done, and then the
//! plan is made again: if it is another, nothing happens until the next time.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::{self, Instant};
use tokio_postgres::{Client, Error, error::SqlState, types::ToSql};
use uuid::Uuid;

use super::{
    PostgresStore,
    failure::explain,
    month::Month,
    partitions::{LOCK, MADE_AHEAD},
    sweep::days,
    transaction::PostgresTransaction,
};
use crate::{
    OrgId, StoreError,
    both::{Transaction as _, come_one_by_one, insert_audit},
    retention::{Dropped, Gone, How, Keeping, Sweep},
};

/// At most so many rows are moved out of a partition that goes.
const MOVED_ROWS_MAX: i64 = 200_000;

/// Counting a month, or copying what is kept of it, takes no longer, else its rows leave in batches. Dropping waits no longer
/// for running queries: while it waits, new ones wait behind it.
const LIMITS: &str = "SET LOCAL statement_timeout = '120s'; SET LOCAL lock_timeout = '2s'";

/// All of it together.
const DROP_TIME_MAX: Duration = Duration::from_secs(10 * 60);

/// Rows that stay: those of organisations that keep all, and those of AI systems that are held.
const KEPT: &str = "(org_id = ANY($1) OR (org_id, ai_id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[])))";

/// What became of a month.
pub(super) enum Outcome {
    /// What may go of it as a partition has gone.
    Done,
    /// It can't go as a partition.
    RowByRow,
    /// Others use it, or what is kept has changed meanwhile: another time.
    InUse,
}

/// Why a drop is broken off.
enum Halt {
    As(Outcome),
    Failed(StoreError),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        match error.code() {
            Some(&SqlState::LOCK_NOT_AVAILABLE | &SqlState::T_R_DEADLOCK_DETECTED) => Self::As(Outcome::InUse),
            Some(&SqlState::QUERY_CANCELED) => Self::As(Outcome::RowByRow),
            // Somebody else has dropped it.
            Some(&SqlState::UNDEFINED_TABLE) => Self::As(Outcome::Done),
            _ => Self::Failed(explain(error)),
        }
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// What is to become of a month.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Whether something of it may go with its partition.
    pub(super) anything_goes: bool,
    /// Everybody who has rows in it, and what makes that they are kept.
    pub(super) keeping: BTreeMap<OrgId, Keeping>,
    /// Those of whom everything stays.
    staying: Vec<OrgId>,
    /// Of the others, the AI systems that are held.
    held: BTreeSet<(OrgId, Uuid)>,
}

impl Plan {
    pub(super) async fn of(client: &Client, month: Month, sweep: &Sweep<'_>) -> Result<Self, Error> {
        let table = month.table();
        let keeping = keeping_of(client, organisations_in(client, &table).await?).await?;
        let mut plan = Self { anything_goes: false, keeping, staying: Vec::new(), held: BTreeSet::new() };
        for (org_id, keeping) in &plan.keeping {
            if keeping.holds_all || !sweep.is_past(keeping.own_days, month.end_unix_ms()) {
                plan.staying.push(*org_id);
                continue;
            }
            let systems =
                if keeping.held.is_empty() { BTreeSet::new() } else { systems_in(client, &table, *org_id).await? };
            let held: BTreeSet<_> = systems.intersection(&keeping.held).map(|ai_id| (*org_id, *ai_id)).collect();
            if !systems.is_empty() && held.len() == systems.len() {
                plan.staying.push(*org_id);
            } else {
                plan.held.extend(held);
                plan.anything_goes = true;
            }
        }
        if plan.keeping.is_empty() {
            // It is empty: in the way, unless it was made ahead.
            let first_ahead = Month::of(sweep.now).and_then(|now| now.plus(*MADE_AHEAD.start()));
            let is_past = sweep.is_past(None, month.end_unix_ms());
            plan.anything_goes = is_past && first_ahead.is_some_and(|first| month < first);
        }
        Ok(plan)
    }

    fn keeps_some(&self) -> bool {
        !self.staying.is_empty() || !self.held.is_empty()
    }
}

/// What was found in a month that goes.
struct Counted {
    /// How many events of whom go.
    gone: Vec<(OrgId, i64)>,
    how: How,
}

impl PostgresStore {
    /// Drops the month's partition by this plan.
    pub(super) async fn drop_month(&self, month: Month, plan: &Plan, sweep: &Sweep<'_>) -> Result<Outcome, StoreError> {
        let deadline = Instant::now() + DROP_TIME_MAX;
        let mut transaction = self.begin_until(deadline).await?;
        let dropping = drop_within(&mut transaction, month, plan, sweep);
        let counted = match time::timeout_at(deadline, dropping).await {
            Ok(Ok(counted)) => counted,
            Ok(Err(Halt::As(outcome))) => {
                transaction.roll_back().await?;
                return Ok(outcome);
            }
            Ok(Err(Halt::Failed(error))) => return Err(error),
            // With its connection the transaction ends.
            Err(_) => return Ok(Outcome::RowByRow),
        };
        transaction.commit().await?;
        self.known_months.forget();
        let events = counted.gone.iter().map(|(_, events)| events.unsigned_abs()).sum();
        if events > 0 {
            (sweep.told)(Dropped { events, how: counted.how });
        }
        Ok(Outcome::Done)
    }
}

async fn drop_within(
    transaction: &mut PostgresTransaction,
    month: Month,
    plan: &Plan,
    sweep: &Sweep<'_>,
) -> Result<Counted, Halt> {
    let table = month.table();
    let client = transaction.client();
    client.batch_execute(LIMITS).await?;
    client.batch_execute(&format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")).await?;
    let counted = count(client, &table, plan).await?;
    let kept = format!("{table}_kept");
    if counted.how == How::MovedPartition {
        copy(client, &table, &kept, plan).await?;
    }

    come_one_by_one(transaction).await.map_err(|_| Halt::As(Outcome::InUse))?;
    if Plan::of(transaction.client(), month, sweep).await? != *plan {
        return Err(Halt::As(Outcome::InUse));
    }
    for (org_id, events) in &counted.gone {
        let entry = sweep.entry(&Gone {
            org_id: *org_id,
            target_kind: "month",
            target: month.to_string(),
            from_unix_ms: month.start_unix_ms(),
            to_unix_ms: month.end_unix_ms(),
            events: events.unsigned_abs(),
            how: counted.how,
            keeping: &plan.keeping[org_id],
        });
        insert_audit(transaction, &entry).await?;
    }

    let client = transaction.client();
    client.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    client.batch_execute(&format!("DROP TABLE {table}")).await?;
    if counted.how == How::MovedPartition {
        let (first, end) = (month.first_id(), month.end_id());
        let attach = format!(
            "ALTER TABLE {kept} RENAME TO {table}; \
             ALTER TABLE aibbar_events ATTACH PARTITION {table} FOR VALUES FROM ('{first}') TO ('{end}')"
        );
        client.batch_execute(&attach).await?;
    }
    Ok(counted)
}

/// What goes, or that it is better to let it go row by row: too much stays, or more than goes.
async fn count(client: &Client, table: &str, plan: &Plan) -> Result<Counted, Halt> {
    if !plan.keeps_some() {
        let all = format!("SELECT org_id, count(*) FROM {table} GROUP BY org_id ORDER BY org_id");
        return Ok(Counted { gone: counts(client, &all, &[]).await?, how: How::Partition });
    }
    let kept =
        format!("SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {KEPT} LIMIT {}) AS kept", MOVED_ROWS_MAX + 1);
    let (held_of, held) = plan.held.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
    let values: [&(dyn ToSql + Sync); 3] = [&plan.staying, &held_of, &held];
    let kept: i64 = client.query_one(&kept, &values).await?.get(0);
    if kept > MOVED_ROWS_MAX {
        return Err(Halt::As(Outcome::RowByRow));
    }
    let others = format!("SELECT org_id, count(*) FROM {table} WHERE NOT {KEPT} GROUP BY org_id ORDER BY org_id");
    let gone = counts(client, &others, &values).await?;
    if gone.iter().map(|(_, events)| events).sum::<i64>() < kept {
        return Err(Halt::As(Outcome::RowByRow));
    }
    // All that was to be kept may have left before the month was locked.
    Ok(Counted { gone, how: if kept == 0 { How::Partition } else { How::MovedPartition } })
}

async fn counts(client: &Client, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<(OrgId, i64)>, Error> {
    Ok(client.query(sql, values).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What is kept, in a table that can become the month's partition, with its indexes.
async fn copy(client: &Client, table: &str, kept: &str, plan: &Plan) -> Result<(), Error> {
    let make =
        format!("CREATE TABLE {kept} (LIKE aibbar_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)");
    client.batch_execute(&make).await?;
    let (held_of, held) = plan.held.iter().copied().unzip::<_, _, Vec<_>, Vec<_>>();
    let copy = format!("INSERT INTO {kept} SELECT * FROM {table} WHERE {KEPT}");
    client.execute(&copy, &[&plan.staying, &held_of, &held]).await.map(|_| ())
}

/// Everybody who has rows in a table of records: each found in the index.
pub(super) async fn organisations_in(client: &Client, table: &str) -> Result<Vec<OrgId>, Error> {
    let sql = format!(
        "WITH RECURSIVE found AS (\
           (SELECT org_id FROM {table} ORDER BY org_id LIMIT 1) \
           UNION ALL SELECT (SELECT org_id FROM {table} WHERE org_id > found.org_id ORDER BY org_id LIMIT 1) \
           FROM found WHERE found.org_id IS NOT NULL\
         ) SELECT org_id FROM found WHERE org_id IS NOT NULL"
    );
    Ok(client.query(&sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// The AI systems of which an organisation has rows in a table of records: each found in the index.
async fn systems_in(client: &Client, table: &str, org_id: OrgId) -> Result<BTreeSet<Uuid>, Error> {
    let sql = format!(
        "WITH RECURSIVE found AS (\
           (SELECT ai_id FROM {table} WHERE org_id = $1 ORDER BY ai_id LIMIT 1) \
           UNION ALL SELECT (SELECT ai_id FROM {table} WHERE org_id = $1 AND ai_id > found.ai_id ORDER BY ai_id LIMIT 1) \
           FROM found WHERE found.ai_id IS NOT NULL\
         ) SELECT ai_id FROM found WHERE ai_id IS NOT NULL"
    );
    Ok(client.query(&sql, &[&org_id]).await?.iter().map(|row| row.get(0)).collect())
}

/// What makes that something of these is kept.
async fn keeping_of(client: &Client, organisations: Vec<OrgId>) -> Result<BTreeMap<OrgId, Keeping>, Error> {
    const OWN: &str = "SELECT org_id, events_days FROM retention WHERE org_id = ANY($1)";
    const HELD: &str =
        "SELECT DISTINCT org_id, ai_id FROM legal_holds WHERE org_id = ANY($1) AND released_at_ns IS NULL";
    let mut all: BTreeMap<_, _> = organisations.iter().map(|org_id| (*org_id, Keeping::default())).collect();
    for row in client.query(OWN, &[&organisations]).await? {
        all.entry(row.get(0)).or_default().own_days = Some(days(row.get(1)));
    }
    for row in client.query(HELD, &[&organisations]).await? {
        let keeping = all.entry(row.get(0)).or_default();
        match row.get::<_, Option<Uuid>>(1) {
            Some(ai_id) => drop(keeping.held.insert(ai_id)),
            None => keeping.holds_all = true,
        }
    }
    Ok(all)
}
