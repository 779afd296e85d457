//! [`Database`] on PostgreSQL: read committed, one connection of the pool until the transaction ends.

use bytes::BytesMut;
use tokio::time::Instant;
use tokio_postgres::{
    Error,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

use super::{
    PostgresStore,
    connections::{Loan, in_time},
    failure::explain,
};
use crate::{
    StoreError,
    both::{Database, Row, Transaction, Value},
};

/// A transaction on a lent connection: dropped before its end the connection is closed, and the server rolls back.
pub struct PostgresTransaction {
    loan: Loan,
    deadline: Instant,
}

impl Database for PostgresStore {
    type Transaction = PostgresTransaction;

    const UNIX_SECONDS: &'static str = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS bigint)";

    async fn begin(&self) -> Result<PostgresTransaction, StoreError> {
        self.begin_until(self.connections.deadline()).await
    }

    async fn ask(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.read_rows(sql, &as_sql(&values)).await?.iter().map(read).collect()
    }
}

impl PostgresStore {
    /// Begins a transaction that has to have ended by then.
    pub(super) async fn begin_until(&self, deadline: Instant) -> Result<PostgresTransaction, StoreError> {
        let begin = async {
            let loan = self.connections.borrow().await?;
            loan.batch_execute("BEGIN").await.map_err(explain)?;
            Ok(loan)
        };
        Ok(PostgresTransaction { loan: in_time(deadline, begin).await?, deadline })
    }
}

impl Transaction for PostgresTransaction {
    const LOCKING: &'static str = " FOR NO KEY UPDATE";

    async fn query(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let query = async {
            let statement = self.loan.prepare_cached(sql).await.map_err(explain)?;
            let rows = self.loan.query(&statement, &as_sql(&values)).await.map_err(explain_change)?;
            rows.iter().map(read).collect()
        };
        in_time(self.deadline, query).await
    }

    async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let execute = async {
            let statement = self.loan.prepare_cached(sql).await.map_err(explain)?;
            self.loan.execute(&statement, &as_sql(&values)).await.map_err(explain_change)
        };
        in_time(self.deadline, execute).await
    }

    async fn commit(self) -> Result<(), StoreError> {
        self.end("COMMIT").await
    }

    async fn roll_back(self) -> Result<(), StoreError> {
        self.end("ROLLBACK").await
    }
}

impl PostgresTransaction {
    /// For statements in PostgreSQL's own words.
    pub(super) fn client(&self) -> &tokio_postgres::Client {
        &self.loan
    }

    async fn end(self, how: &str) -> Result<(), StoreError> {
        let end = async { self.loan.batch_execute(how).await.map_err(explain_change) };
        in_time(self.deadline, end).await?;
        self.loan.end();
        Ok(())
    }
}

fn read(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let unreadable = |_| StoreError::Unreadable("a column holds what no version wrote".to_owned());
    let columns = row.columns().iter().enumerate();
    let values = columns.map(|(column, described)| {
        let value = match *described.type_() {
            Type::UUID => row.try_get::<_, Option<_>>(column).map(|value| value.map(Value::Uuid)),
            Type::INT8 => row.try_get::<_, Option<_>>(column).map(|value| value.map(Value::Number)),
            Type::BOOL => row.try_get::<_, Option<_>>(column).map(|value| value.map(Value::Flag)),
            Type::BYTEA => row.try_get::<_, Option<_>>(column).map(|value| value.map(Value::Bytes)),
            _ => row.try_get::<_, Option<_>>(column).map(|value| value.map(Value::Text)),
        };
        value.map(|value| value.unwrap_or(Value::Null)).map_err(unreadable)
    });
    values.collect::<Result<Vec<_>, _>>().map(Row)
}

pub(super) fn as_sql(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn explain_change(error: Error) -> StoreError {
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => StoreError::Exists("it".to_owned()),
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => StoreError::Refused("what it belongs to is not there".to_owned()),
        _ => explain(error),
    }
}

impl ToSql for Value {
    fn to_sql(&self, column: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Uuid(id) => id.to_sql_checked(column, out),
            Value::Number(number) => number.to_sql_checked(column, out),
            Value::Flag(flag) => flag.to_sql_checked(column, out),
            Value::Text(text) => text.to_sql_checked(column, out),
            Value::Bytes(bytes) => bytes.to_sql_checked(column, out),
        }
    }

    /// Each value asks for itself.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
