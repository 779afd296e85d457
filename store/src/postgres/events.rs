//! [`EventStore`] on PostgreSQL.

use std::time::Duration;

use aibbar::Timestamp;
use async_trait::async_trait;
use tokio::time;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{
    PostgresStore,
    failure::{explain, unavailable},
};
use crate::{
    EventFilter, EventPage, EventStore, ExportPage, NewRow, OrgId, StoreError, WriteOutcome,
    query::{Conditions, Dialect, PAGE_BYTES_MAX, Value, Walk},
    retention::Sweep,
};

const CHECK_TIME_MAX: Duration = Duration::from_secs(1);

/// The collation "C" lowers ASCII letters only and compares bytes, as SQLite does.
const DIALECT: Dialect = Dialect {
    placeholder: '$',
    session_is: "left(session_id, 128) = left({}::text, 128) AND session_id = {}::text",
    request_is: "left(request_id, 128) = left({}::text, 128) AND request_id = {}::text",
    text_contains: r#"strpos(lower(substr(record, event_at, event_chars) COLLATE "C"), {}::text) > 0"#,
};

#[async_trait]
impl EventStore for PostgresStore {
    async fn write(&self, rows: &[NewRow]) -> Result<Vec<WriteOutcome>, StoreError> {
        self.connections.in_time(self.write_batch(rows)).await
    }

    async fn get(&self, org_id: OrgId, event_id: Uuid) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT record FROM aibbar_events WHERE org_id = $1 AND event_id = $2";
        let found = self.read_rows(SQL, &[&org_id, &event_id]).await?;
        Ok(found.first().map(|row| row.get(0)))
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
        let rows = self.read_rows("SELECT count(*) FROM aibbar_events WHERE org_id = $1", &[&org_id]).await?;
        Ok(rows.first().map_or(0, |row| row.get::<_, i64>(0).unsigned_abs()))
    }

    async fn drop_past_retention(&self, sweep: &Sweep<'_>) -> Result<(), StoreError> {
        self.sweep(sweep).await
    }

    async fn prepare(&self, now: Timestamp) -> Result<(), StoreError> {
        self.connections.in_time(self.make_ahead(now)).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        let answer = time::timeout(CHECK_TIME_MAX, self.read_rows("SELECT 1", &[])).await;
        answer.unwrap_or_else(|_| Err(unavailable("it did not answer in time"))).map(|_| ())
    }
}

impl PostgresStore {
    /// The next records on this walk, and the id of the last where there are more behind it.
    async fn page(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        walk: Walk,
        limit: u32,
    ) -> Result<(Vec<String>, Option<Uuid>), StoreError> {
        if limit == 0 {
            return Ok((Vec::new(), None));
        }
        let mut conditions = Conditions::new(org_id, filter, walk, &DIALECT);
        // One more than asked for tells whether there is more.
        let rows_max = conditions.push(Value::Big(i64::from(limit) + 1));
        let (matching, direction) = (&conditions.sql, walk.direction());
        let sql = format!(
            "WITH page AS MATERIALIZED (\
               SELECT event_id, record FROM aibbar_events WHERE {matching} ORDER BY event_id {direction} LIMIT ${rows_max}\
             ), measured AS (\
               SELECT event_id, record, sum(octet_length(record)) OVER (ORDER BY event_id {direction}) AS bytes FROM page\
             ) SELECT event_id, record, (SELECT count(*) FROM page) FROM measured \
             WHERE bytes - octet_length(record) < {PAGE_BYTES_MAX} ORDER BY event_id {direction}",
        );
        let values: Vec<&(dyn ToSql + Sync)> = conditions.values.iter().map(Value::as_sql).collect();
        let mut rows = self.read_rows(&sql, &values).await?;

        let found: i64 = rows.first().map_or(0, |row| row.get(2));
        rows.truncate(limit as usize);
        let has_more = found > rows.len() as i64;
        let next = rows.last().filter(|_| has_more).map(|row| row.get(0));
        Ok((rows.iter().map(|row| row.get(1)).collect(), next))
    }

    /// One statement, prepared once per connection.
    pub(super) async fn read_rows(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let read = async {
            let loan = self.connections.borrow().await?;
            let statement = loan.prepare_cached(sql).await.map_err(explain)?;
            let rows = loan.query(&statement, values).await.map_err(explain)?;
            loan.end();
            Ok(rows)
        };
        self.connections.in_time(read).await
    }
}

impl Value {
    fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Value::Uuid(uuid) => uuid,
            Value::Small(number) => number,
            Value::Big(number) => number,
            Value::Text(text) => text,
        }
    }
}
