//! [`IdentityStore`] on SQLite.

use aibbar::Timestamp;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Params, ToSql, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use super::{
    SqliteStore,
    failure::{explain, is_foreign_key_violation, is_unique_violation},
};
use crate::{
    ApiKey, IdentityStore, OrgId, Organisation, SigningKey, StoreError,
    identity_row::{
        API_KEY_COLUMNS, ApiKeyRow, NewOrganisation, SIGNING_KEY_COLUMNS, SigningKeyRow, check_name,
        no_such_organisation,
    },
};

#[async_trait]
impl IdentityStore for SqliteStore {
    async fn ensure_organisation(&self, name: &str) -> Result<Organisation, StoreError> {
        check_name("an organisation's name", name)?;
        // The ordinary case, found without waiting for the writer.
        if let Some(organisation) = self.organisation(name).await? {
            return Ok(organisation);
        }
        let name = name.to_owned();
        self.change(move |transaction| {
            let new = NewOrganisation::now();
            transaction.execute(
                "INSERT INTO organisations (id, name, created_at_ns) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING",
                params![new.id, name, new.created_at_ns],
            )?;
            let id =
                transaction.query_row("SELECT id FROM organisations WHERE name = ?1", [&name], |row| row.get(0))?;
            Ok(Change { made: id == new.id, answer: Organisation { id, name } })
        })
        .await
        .map_err(explain_change("an organisation of this name"))
    }

    async fn organisation(&self, name: &str) -> Result<Option<Organisation>, StoreError> {
        const SQL: &str = "SELECT id, name FROM organisations WHERE name = ?1";
        let name = name.to_owned();
        self.connections
            .read(move |connection| {
                let found = connection.prepare_cached(SQL).and_then(|mut statement| {
                    statement
                        .query_row([name], |row| Ok(Organisation { id: row.get(0)?, name: row.get(1)? }))
                        .optional()
                });
                found.map_err(explain)
            })
            .await
    }

    async fn insert_api_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let row = ApiKeyRow::of(key)?;
        self.change(move |transaction| {
            transaction.execute(
                &format!("INSERT INTO api_keys ({API_KEY_COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
                params![
                    row.id,
                    row.org_id,
                    row.name,
                    row.prefix,
                    row.hash,
                    row.scopes,
                    row.created_at_ns,
                    row.expires_at_ns,
                    row.revoked_at_ns,
                ],
            )?;
            Ok(Change { made: true, answer: () })
        })
        .await
        .map_err(explain_change("an API key of this name or prefix"))
    }

    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<ApiKey>, StoreError> {
        let prefix = prefix.to_owned();
        let rows = self.api_key_rows("prefix = ?1", prefix).await?;
        rows.into_iter().next().map(ApiKeyRow::into_key).transpose()
    }

    async fn api_keys(&self, org_id: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        let rows = self.api_key_rows("org_id = ?1 ORDER BY created_at_ns DESC, id DESC", org_id).await?;
        rows.into_iter().map(ApiKeyRow::into_key).collect()
    }

    async fn revoke_api_key(&self, org_id: OrgId, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
        self.revoke("api_keys", "id", org_id, id, at).await
    }

    async fn insert_signing_key(&self, key: &SigningKey) -> Result<(), StoreError> {
        let row = SigningKeyRow::seal(key, &self.vault)?;
        self.change(move |transaction| {
            insert_signing_key(transaction, &row)?;
            Ok(Change { made: true, answer: () })
        })
        .await
        .map_err(explain_change("a signing key of this name"))
    }

    async fn signing_key(&self, org_id: OrgId, key_id: Option<&str>) -> Result<Option<SigningKey>, StoreError> {
        let key_id = key_id.map(str::to_owned);
        let rows = self
            .connections
            .read(move |connection| {
                match key_id {
                    Some(key_id) => {
                        signing_key_rows(connection, "org_id = ?1 AND key_id = ?2", params![org_id, key_id])
                    }
                    None => signing_key_rows(connection, "org_id = ?1 AND is_default", params![org_id]),
                }
                .map_err(explain)
            })
            .await?;
        rows.into_iter().next().map(|row| row.open(&self.vault)).transpose()
    }

    async fn signing_keys(&self, org_id: OrgId) -> Result<Vec<SigningKey>, StoreError> {
        const NEWEST_FIRST: &str = "org_id = ?1 ORDER BY created_at_ns DESC, key_id DESC";
        let rows = self
            .connections
            .read(move |connection| signing_key_rows(connection, NEWEST_FIRST, params![org_id]).map_err(explain))
            .await?;
        rows.into_iter().map(|row| row.open(&self.vault)).collect()
    }

    async fn revoke_signing_key(&self, org_id: OrgId, key_id: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.revoke("signing_keys", "key_id", org_id, key_id.to_owned(), at).await
    }

    async fn version(&self) -> Result<u64, StoreError> {
        self.connections
            .read(|connection| {
                let mut statement =
                    connection.prepare_cached("SELECT version FROM identity_version").map_err(explain)?;
                let version: i64 = statement.query_row([], |row| row.get(0)).map_err(explain)?;
                Ok(version.unsigned_abs())
            })
            .await
    }
}

/// What a transaction did.
struct Change<T> {
    /// Whether anything is different now.
    made: bool,
    answer: T,
}

/// Why a change did not happen.
enum Failed {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl SqliteStore {
    /// One transaction; when it changed anything, the version grows in it.
    async fn change<T, F>(&self, work: F) -> Result<T, Failed>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> rusqlite::Result<Change<T>> + Send + 'static,
    {
        let ended = self.connections.write(move |connection| Ok(change(connection, work)));
        ended.await.map_err(Failed::Store)?.map_err(Failed::Sqlite)
    }

    /// `table` and `id_column` are ours, never a caller's.
    async fn revoke<I>(
        &self,
        table: &'static str,
        id_column: &'static str,
        org_id: OrgId,
        id: I,
        at: Timestamp,
    ) -> Result<bool, StoreError>
    where
        I: ToSql + Send + 'static,
    {
        self.change(move |transaction| {
            let is_there = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE org_id = ?1 AND {id_column} = ?2)");
            let answer = transaction.query_row(&is_there, params![org_id, id], |row| row.get(0))?;
            let revoke = format!(
                "UPDATE {table} SET revoked_at_ns = ?3 WHERE org_id = ?1 AND {id_column} = ?2 AND revoked_at_ns IS NULL"
            );
            let made = transaction.execute(&revoke, params![org_id, id, at.unix_ns()])? > 0;
            Ok(Change { made, answer })
        })
        .await
        .map_err(explain_change("it"))
    }

    async fn api_key_rows<V>(&self, condition: &'static str, value: V) -> Result<Vec<ApiKeyRow>, StoreError>
    where
        V: ToSql + Send + 'static,
    {
        let sql = format!("SELECT {API_KEY_COLUMNS} FROM api_keys WHERE {condition}");
        self.connections
            .read(move |connection| {
                let read = || {
                    let mut statement = connection.prepare_cached(&sql)?;
                    let rows = statement.query_map([value], |row| {
                        Ok(ApiKeyRow {
                            id: row.get(0)?,
                            org_id: row.get(1)?,
                            name: row.get(2)?,
                            prefix: row.get(3)?,
                            hash: row.get(4)?,
                            scopes: row.get(5)?,
                            created_at_ns: row.get(6)?,
                            expires_at_ns: row.get(7)?,
                            revoked_at_ns: row.get(8)?,
                        })
                    })?;
                    rows.collect::<rusqlite::Result<Vec<_>>>()
                };
                read().map_err(explain)
            })
            .await
    }
}

fn change<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Change<T>>,
) -> rusqlite::Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let change = work(&transaction)?;
    if change.made {
        transaction.execute("UPDATE identity_version SET version = version + 1", [])?;
    }
    transaction.commit()?;
    Ok(change.answer)
}

fn insert_signing_key(transaction: &Transaction<'_>, row: &SigningKeyRow) -> rusqlite::Result<()> {
    const HAS_DEFAULT: &str =
        "SELECT EXISTS (SELECT 1 FROM signing_keys WHERE org_id = ?1 AND is_default AND revoked_at_ns IS NULL)";
    let has_default: bool = transaction.query_row(HAS_DEFAULT, [row.org_id], |row| row.get(0))?;
    let is_default = row.is_default || !has_default;
    if is_default {
        transaction.execute("UPDATE signing_keys SET is_default = 0 WHERE org_id = ?1 AND is_default", [row.org_id])?;
    }
    transaction.execute(
        &format!("INSERT INTO signing_keys ({SIGNING_KEY_COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
        params![
            row.org_id,
            row.key_id,
            row.sealed_secret,
            is_default,
            row.created_at_ns,
            row.verify_until_ns,
            row.revoked_at_ns,
        ],
    )?;
    Ok(())
}

fn signing_key_rows(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<SigningKeyRow>> {
    let sql = format!("SELECT {SIGNING_KEY_COLUMNS} FROM signing_keys WHERE {condition}");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(values, |row| {
        Ok(SigningKeyRow {
            org_id: row.get(0)?,
            key_id: row.get(1)?,
            sealed_secret: row.get(2)?,
            is_default: row.get(3)?,
            created_at_ns: row.get(4)?,
            verify_until_ns: row.get(5)?,
            revoked_at_ns: row.get(6)?,
        })
    })?;
    rows.collect()
}

/// `what` is what exists already when a unique value was taken.
fn explain_change(what: &str) -> impl Fn(Failed) -> StoreError {
    move |failed| match failed {
        Failed::Store(error) => error,
        Failed::Sqlite(error) if is_unique_violation(&error) => StoreError::Exists(what.to_owned()),
        Failed::Sqlite(error) if is_foreign_key_violation(&error) => no_such_organisation(),
        Failed::Sqlite(error) => explain(error),
    }
}
