//! [`IdentityStore`] on PostgreSQL.

use aibbar::Timestamp;
use async_trait::async_trait;
use deadpool_postgres::Transaction;
use tokio_postgres::{Error, Row, error::SqlState, types::ToSql};
use uuid::Uuid;

use super::{PostgresStore, connections::Loan, failure::explain};
use crate::{
    ApiKey, IdentityStore, OrgId, Organisation, SigningKey, StoreError,
    identity_row::{
        API_KEY_COLUMNS, ApiKeyRow, NewOrganisation, SIGNING_KEY_COLUMNS, SigningKeyRow, check_name,
        no_such_organisation,
    },
};

#[async_trait]
impl IdentityStore for PostgresStore {
    async fn ensure_organisation(&self, name: &str) -> Result<Organisation, StoreError> {
        const INSERT: &str =
            "INSERT INTO organisations (id, name, created_at_ns) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
        check_name("an organisation's name", name)?;
        if let Some(organisation) = self.organisation(name).await? {
            return Ok(organisation);
        }
        let new = NewOrganisation::now();
        self.change("an organisation of this name", INSERT, &[&new.id, &name, &new.created_at_ns]).await?;
        let made = self.organisation(name).await?;
        made.ok_or_else(|| StoreError::Unavailable("an organisation just made is not there".to_owned()))
    }

    async fn organisation(&self, name: &str) -> Result<Option<Organisation>, StoreError> {
        if cannot_be_there(name) {
            return Ok(None);
        }
        let rows = self.identities("SELECT id, name FROM organisations WHERE name = $1", &[&name]).await?;
        Ok(rows.first().map(|row| Organisation { id: row.get(0), name: row.get(1) }))
    }

    async fn insert_api_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let row = ApiKeyRow::of(key)?;
        let insert = format!("INSERT INTO api_keys ({API_KEY_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        self.change(
            "an API key of this name or prefix",
            &insert,
            &[
                &row.id,
                &row.org_id,
                &row.name,
                &row.prefix,
                &row.hash,
                &row.scopes,
                &row.created_at_ns,
                &row.expires_at_ns,
                &row.revoked_at_ns,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<ApiKey>, StoreError> {
        if cannot_be_there(prefix) {
            return Ok(None);
        }
        let sql = format!("SELECT {API_KEY_COLUMNS} FROM api_keys WHERE prefix = $1");
        let rows = self.identities(&sql, &[&prefix]).await?;
        rows.first().map(|row| api_key_row(row).into_key()).transpose()
    }

    async fn api_keys(&self, org_id: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        let sql =
            format!("SELECT {API_KEY_COLUMNS} FROM api_keys WHERE org_id = $1 ORDER BY created_at_ns DESC, id DESC");
        let rows = self.identities(&sql, &[&org_id]).await?;
        rows.iter().map(|row| api_key_row(row).into_key()).collect()
    }

    async fn revoke_api_key(&self, org_id: OrgId, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
        const REVOKE: &str =
            "UPDATE api_keys SET revoked_at_ns = $3 WHERE org_id = $1 AND id = $2 AND revoked_at_ns IS NULL";
        const IS_THERE: &str = "SELECT 1 FROM api_keys WHERE org_id = $1 AND id = $2";
        let revoked = self.change("it", REVOKE, &[&org_id, &id, &at.unix_ns()]).await? > 0;
        Ok(revoked || !self.identities(IS_THERE, &[&org_id, &id]).await?.is_empty())
    }

    async fn insert_signing_key(&self, key: &SigningKey) -> Result<(), StoreError> {
        let row = SigningKeyRow::seal(key, &self.vault)?;
        self.check_master_key().await?;
        let insert = async {
            let mut loan = self.connections.borrow().await?;
            let inserted = insert_signing_key(&mut loan, &row).await;
            inserted.map_err(explain_change("a signing key of this name"))?;
            loan.end();
            Ok(())
        };
        self.connections.in_time(insert).await
    }

    async fn signing_key(&self, org_id: OrgId, key_id: Option<&str>) -> Result<Option<SigningKey>, StoreError> {
        let select = format!("SELECT {SIGNING_KEY_COLUMNS} FROM signing_keys WHERE org_id = $1");
        let rows = match key_id {
            Some(key_id) if cannot_be_there(key_id) => return Ok(None),
            Some(key_id) => self.identities(&format!("{select} AND key_id = $2"), &[&org_id, &key_id]).await?,
            None => self.identities(&format!("{select} AND is_default"), &[&org_id]).await?,
        };
        rows.first().map(|row| signing_key_row(row).open(&self.vault)).transpose()
    }

    async fn signing_keys(&self, org_id: OrgId) -> Result<Vec<SigningKey>, StoreError> {
        let sql = format!(
            "SELECT {SIGNING_KEY_COLUMNS} FROM signing_keys WHERE org_id = $1 ORDER BY created_at_ns DESC, key_id DESC"
        );
        let rows = self.identities(&sql, &[&org_id]).await?;
        rows.iter().map(|row| signing_key_row(row).open(&self.vault)).collect()
    }

    async fn revoke_signing_key(&self, org_id: OrgId, key_id: &str, at: Timestamp) -> Result<bool, StoreError> {
        const REVOKE: &str =
            "UPDATE signing_keys SET revoked_at_ns = $3 WHERE org_id = $1 AND key_id = $2 AND revoked_at_ns IS NULL";
        const IS_THERE: &str = "SELECT 1 FROM signing_keys WHERE org_id = $1 AND key_id = $2";
        if cannot_be_there(key_id) {
            return Ok(false);
        }
        let revoked = self.change("it", REVOKE, &[&org_id, &key_id, &at.unix_ns()]).await? > 0;
        Ok(revoked || !self.identities(IS_THERE, &[&org_id, &key_id]).await?.is_empty())
    }

    async fn version(&self) -> Result<u64, StoreError> {
        let rows = self.identities("SELECT version FROM identity_version", &[]).await?;
        Ok(rows.first().map_or(0, |row| row.get::<_, i64>(0).unsigned_abs()))
    }
}

impl PostgresStore {
    /// Reads identities, once it is sure that the master key is theirs: a wrong one would make every key a wrong key.
    async fn identities(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        self.check_master_key().await?;
        self.read_rows(sql, values).await
    }

    /// One statement in a transaction, in which the version grows when any row changed; answers how many did.
    /// `what` is what exists already when a unique value was taken.
    async fn change(&self, what: &str, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, StoreError> {
        self.check_master_key().await?;
        let change = async {
            let mut loan = self.connections.borrow().await?;
            let changed = change(&mut loan, sql, values).await.map_err(explain_change(what))?;
            loan.end();
            Ok(changed)
        };
        self.connections.in_time(change).await
    }
}

async fn change(loan: &mut Loan, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
    let transaction = begin(loan).await?;
    let changed = transaction.execute(sql, values).await?;
    commit(transaction, changed > 0).await?;
    Ok(changed)
}

async fn insert_signing_key(loan: &mut Loan, row: &SigningKeyRow) -> Result<(), Error> {
    const HAS_DEFAULT: &str =
        "SELECT EXISTS (SELECT 1 FROM signing_keys WHERE org_id = $1 AND is_default AND revoked_at_ns IS NULL)";
    const NO_DEFAULT: &str = "UPDATE signing_keys SET is_default = false WHERE org_id = $1 AND is_default";
    let transaction = begin(loan).await?;
    let has_default: bool = transaction.query_one(HAS_DEFAULT, &[&row.org_id]).await?.get(0);
    let is_default = row.is_default || !has_default;
    if is_default {
        transaction.execute(NO_DEFAULT, &[&row.org_id]).await?;
    }
    let insert = format!("INSERT INTO signing_keys ({SIGNING_KEY_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    transaction
        .execute(
            &insert,
            &[
                &row.org_id,
                &row.key_id,
                &row.sealed_secret,
                &is_default,
                &row.created_at_ns,
                &row.verify_until_ns,
                &row.revoked_at_ns,
            ],
        )
        .await?;
    commit(transaction, true).await
}

/// Changes of identities are rare and come one after the other: each holds the version from its beginning.
async fn begin(loan: &mut Loan) -> Result<Transaction<'_>, Error> {
    let transaction = loan.transaction().await?;
    transaction.execute("SELECT version FROM identity_version FOR UPDATE", &[]).await?;
    Ok(transaction)
}

async fn commit(transaction: Transaction<'_>, changed: bool) -> Result<(), Error> {
    if changed {
        transaction.execute("UPDATE identity_version SET version = version + 1", &[]).await?;
    }
    transaction.commit().await
}

fn explain_change(what: &str) -> impl Fn(Error) -> StoreError {
    move |error| match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => StoreError::Exists(what.to_owned()),
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => no_such_organisation(),
        _ => explain(error),
    }
}

/// PostgreSQL's text has no U+0000; not even the question can be asked.
fn cannot_be_there(name: &str) -> bool {
    name.contains('\0')
}

fn api_key_row(row: &Row) -> ApiKeyRow {
    ApiKeyRow {
        id: row.get(0),
        org_id: row.get(1),
        name: row.get(2),
        prefix: row.get(3),
        hash: row.get(4),
        scopes: row.get(5),
        created_at_ns: row.get(6),
        expires_at_ns: row.get(7),
        revoked_at_ns: row.get(8),
    }
}

fn signing_key_row(row: &Row) -> SigningKeyRow {
    SigningKeyRow {
        org_id: row.get(0),
        key_id: row.get(1),
        sealed_secret: row.get(2),
        is_default: row.get(3),
        created_at_ns: row.get(4),
        verify_until_ns: row.get(5),
        revoked_at_ns: row.get(6),
    }
}
