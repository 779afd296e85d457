//! [`Database`] on SQLite: each statement on a blocking thread, the writer held until the transaction ends.

use rusqlite::{
    Connection,
    types::{ToSql, ToSqlOutput, ValueRef},
};
use tokio::sync::OwnedMutexGuard;

use super::{
    SqliteStore,
    connections::on_blocking_thread,
    failure::{explain, is_foreign_key_violation, is_unique_violation},
};
use crate::{
    StoreError,
    both::{Database, Row, Transaction, Value},
};

/// A transaction on the one connection that writes.
pub struct SqliteTransaction {
    /// Away while a statement runs, and for good when one was broken off.
    writer: Option<Writing>,
}

/// The writer with a transaction on it, rolled back before anybody else gets the writer.
struct Writing(OwnedMutexGuard<Connection>);

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // Failing, it has ended by itself: SQLite rolls back on its worst errors.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

impl Database for SqliteStore {
    type Transaction = SqliteTransaction;

    const UNIX_SECONDS: &'static str = "SELECT CAST(strftime('%s', 'now') AS INTEGER)";

    async fn begin(&self) -> Result<SqliteTransaction, StoreError> {
        let mut transaction = SqliteTransaction { writer: Some(Writing(self.connections.writer().await?)) };
        transaction.run(|writer| writer.execute_batch("BEGIN IMMEDIATE")).await?;
        Ok(transaction)
    }

    async fn ask(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let sql = in_our_words(sql);
        self.connections.read(move |connection| rows(connection, &sql, &values).map_err(explain)).await
    }
}

impl Transaction for SqliteTransaction {
    const LOCKING: &'static str = "";

    async fn query(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let sql = in_our_words(sql);
        self.run(move |writer| rows(writer, &sql, &values)).await
    }

    async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let sql = in_our_words(sql);
        self.run(move |writer| writer.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(&values)))
            .await
            .map(|rows| rows as u64)
    }

    async fn commit(mut self) -> Result<(), StoreError> {
        self.run(|writer| writer.execute_batch("COMMIT")).await
    }

    async fn roll_back(mut self) -> Result<(), StoreError> {
        self.run(|writer| writer.execute_batch("ROLLBACK")).await
    }
}

impl SqliteTransaction {
    async fn run<T, F>(&mut self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let broken_off = || StoreError::Unavailable("its work was broken off".to_owned());
        let writer = self.writer.take().ok_or_else(broken_off)?;
        let (writer, answer) = on_blocking_thread(move || {
            let answer = work(&writer.0);
            Ok((writer, answer))
        })
        .await?;
        self.writer = Some(writer);
        answer.map_err(explain_change)
    }
}

fn rows(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map(rusqlite::params_from_iter(values), |row| {
        (0..columns).map(|column| row.get_ref(column).and_then(read)).collect::<rusqlite::Result<Vec<_>>>().map(Row)
    })?;
    rows.collect()
}

fn read(value: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Number(number),
        ValueRef::Text(text) => Value::Text(str::from_utf8(text)?.to_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        // No table has such a column.
        ValueRef::Real(_) => return Err(rusqlite::Error::IntegralValueOutOfRange(0, 0)),
    })
}

/// SQLite numbers `$1` by where it first stands, and `?1` by its number.
pub(super) fn in_our_words(sql: &str) -> String {
    sql.replace('$', "?")
}

fn explain_change(error: rusqlite::Error) -> StoreError {
    match error {
        error if is_unique_violation(&error) => StoreError::Exists("it".to_owned()),
        error if is_foreign_key_violation(&error) => StoreError::Refused("what it belongs to is not there".to_owned()),
        error => explain(error),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Uuid(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Value::Number(number) => (*number).into(),
            Value::Flag(flag) => (*flag).into(),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}
