//! [`EventStore`] on SQLite.

use std::time::{Duration, SystemTime};

use aibbar::Timestamp;
use async_trait::async_trait;
use rusqlite::{
    Connection, OptionalExtension as _, TransactionBehavior, params, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use tokio::time;
use uuid::Uuid;

use super::{
    SqliteStore,
    failure::{explain, explain_write},
    transaction::in_our_words,
};
use crate::{
    EventFilter, EventPage, EventStore, ExportPage, NewRow, OrgId, StoreError, WriteOutcome,
    both::{additions, drop_rows},
    query::{Conditions, Dialect, PAGE_BYTES_MAX, Value, Walk},
    retention::Sweep,
    row::{Row, event_type_number},
    statistics::{Labels, tally},
};

/// SQLite's `lower` and `instr` know ASCII letters only and compare bytes, as PostgreSQL's do under the collation "C".
const DIALECT: Dialect = Dialect {
    placeholder: '?',
    session_is: "session_id = {}",
    request_is: "request_id = {}",
    text_contains: "instr(lower(substr(record, event_at, event_chars)), {}) > 0",
};

const CHECK_TIME_MAX: Duration = Duration::from_secs(1);

#[async_trait]
impl EventStore for SqliteStore {
    async fn write(&self, rows: &[NewRow]) -> Result<Vec<WriteOutcome>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let rows = rows.to_vec();
        let labels = self.labels.clone();
        self.connections.write(move |connection| write(connection, &rows, &labels)).await
    }

    async fn get(&self, org_id: OrgId, event_id: Uuid) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT record FROM aibbar_events WHERE org_id = ?1 AND event_id = ?2";
        self.connections
            .read(move |connection| {
                let mut statement = connection.prepare_cached(SQL).map_err(explain)?;
                statement.query_row(params![org_id, event_id], |row| row.get(0)).optional().map_err(explain)
            })
            .await
    }

    async fn query(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<EventPage, StoreError> {
        let (records, next_before) = self.page(org_id, filter, Walk::NewestFirst { before }, limit).await?;
        Ok(EventPage { records, next_before })
    }

    async fn export(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<ExportPage, StoreError> {
        let (records, next_after) = self.page(org_id, filter, Walk::OldestFirst { after }, limit).await?;
        Ok(ExportPage { records, next_after })
    }

    async fn count(&self, org_id: OrgId) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT count(*) FROM aibbar_events WHERE org_id = ?1";
        self.connections
            .read(move |connection| {
                let mut statement = connection.prepare_cached(SQL).map_err(explain)?;
                let count: i64 = statement.query_row([org_id], |row| row.get(0)).map_err(explain)?;
                Ok(count.unsigned_abs())
            })
            .await
    }

    async fn drop_past_retention(&self, sweep: &Sweep<'_>) -> Result<(), StoreError> {
        let mut last_org = None;
        while let Some(org_id) = self.next_organisation(last_org).await? {
            last_org = Some(org_id);
            if (sweep.is_stopped)() {
                return Ok(());
            }
            drop_rows(self, org_id, Uuid::nil()..Uuid::max(), sweep).await?;
        }
        Ok(())
    }

    async fn prepare(&self, _now: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn check(&self) -> Result<(), StoreError> {
        let look = self.connections.read(|connection| {
            connection.query_row("SELECT version FROM identity_version", [], |_| Ok(())).map_err(explain)
        });
        let busy = |_| Err(StoreError::Unavailable("it did not answer in time".to_owned()));
        time::timeout(CHECK_TIME_MAX, look).await.unwrap_or_else(busy)
    }
}

impl SqliteStore {
    /// The next records on this walk, and the id of the last where there are more behind it.
    async fn page(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        walk: Walk,
        limit: u32,
    ) -> Result<(Vec<String>, Option<Uuid>), StoreError> {
        let conditions = Conditions::new(org_id, filter, walk, &DIALECT);
        let direction = walk.direction();
        self.connections.read(move |connection| query(connection, conditions, direction, limit).map_err(explain)).await
    }

    /// The organisations that have records, one after the other, each found in the index.
    async fn next_organisation(&self, after: Option<OrgId>) -> Result<Option<OrgId>, StoreError> {
        const FIRST: &str = "SELECT org_id FROM aibbar_events ORDER BY org_id LIMIT 1";
        const NEXT: &str = "SELECT org_id FROM aibbar_events WHERE org_id > ?1 ORDER BY org_id LIMIT 1";
        self.connections
            .read(move |connection| {
                let found = match after {
                    None => connection.query_row(FIRST, [], |row| row.get(0)),
                    Some(after) => connection.query_row(NEXT, [after], |row| row.get(0)),
                };
                found.optional().map_err(explain)
            })
            .await
    }
}

fn write(connection: &mut Connection, rows: &[NewRow], labels: &Labels) -> Result<Vec<WriteOutcome>, StoreError> {
    let rows = rows.iter().map(Row::of).collect::<Result<Vec<_>, _>>()?;
    insert(connection, &rows, labels).map_err(explain_write)
}

/// The new rows are counted in the same transaction.
fn insert(connection: &mut Connection, rows: &[Row<'_>], labels: &Labels) -> rusqlite::Result<Vec<WriteOutcome>> {
    const INSERT: &str = "INSERT INTO aibbar_events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
                          ON CONFLICT (org_id, event_id) DO NOTHING";
    const SIGNATURE: &str = "SELECT signature FROM aibbar_events WHERE org_id = ?1 AND event_id = ?2";

    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut insert = transaction.prepare_cached(INSERT)?;
    let mut signature = transaction.prepare_cached(SIGNATURE)?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        let head = row.head;
        let inserted = insert.execute(params![
            head.org_id,
            head.event_id,
            head.ai_id,
            event_type_number(head.event_type),
            head.timestamp.unix_ns(),
            head.received_at.unix_ns(),
            row.session_id,
            row.request_id,
            row.sequence,
            head.signature.0.as_slice(),
            row.event_at,
            row.event_chars,
            row.record(),
        ])?;
        outcomes.push(if inserted == 1 {
            WriteOutcome::Stored
        } else {
            let there: Vec<u8> = signature.query_row(params![head.org_id, head.event_id], |row| row.get(0))?;
            if there == head.signature.0 { WriteOutcome::AlreadyStored } else { WriteOutcome::Conflict }
        });
    }
    drop((insert, signature));
    let stored = rows.iter().zip(&outcomes).filter(|(_, outcome)| **outcome == WriteOutcome::Stored);
    for (sql, values) in additions(&tally(stored.map(|(row, _)| row), SystemTime::now().into(), labels)) {
        transaction.prepare_cached(&in_our_words(&sql))?.execute(params_from_iter(&values))?;
    }
    transaction.commit()?;
    Ok(outcomes)
}

fn query(
    connection: &Connection,
    mut conditions: Conditions,
    direction: &str,
    limit: u32,
) -> rusqlite::Result<(Vec<String>, Option<Uuid>)> {
    let mut records = Vec::new();
    if limit == 0 {
        return Ok((records, None));
    }
    // One more than asked for tells whether there is more.
    let limit_place = conditions.push(Value::Big(i64::from(limit) + 1));
    let sql = format!(
        "SELECT event_id, record FROM aibbar_events WHERE {} ORDER BY event_id {direction} LIMIT ?{limit_place}",
        conditions.sql
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(&conditions.values))?;
    let mut last = None;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        if records.len() == limit as usize || bytes >= PAGE_BYTES_MAX {
            return Ok((records, last));
        }
        let record: String = row.get(1)?;
        bytes += record.len();
        last = Some(row.get(0)?);
        records.push(record);
    }
    Ok((records, None))
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Uuid(uuid) => ToSqlOutput::Borrowed(ValueRef::Blob(uuid.as_bytes())),
            Value::Small(number) => (*number).into(),
            Value::Big(number) => (*number).into(),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}
