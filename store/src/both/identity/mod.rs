//! [`IdentityStore`]: API keys, signing keys, and what they hang on.
//!
//! Changes come one after the other: each holds the identities' version from its beginning, and grows it when it
//! changed anything. What is sealed is sealed within the change that keeps it, see [`Vault::seal`].

mod api_keys;
mod master_keys;
mod organisations;
mod redaction;
mod signing_keys;

use std::sync::Arc;

use aibbar::{SigningSecret, Timestamp};
use async_trait::async_trait;
use uuid::Uuid;

use super::{Database, Row, Transaction, Value, values};
use crate::{
    ApiKey, AuditEntry, FoundKey, IdentityStore, OrgId, Organisation, SigningKey, StoreError,
    identity::{ApiKeyChanges, Changes, SigningKeyId},
    vault::{KeyHash, Vault},
};
pub(crate) use master_keys::{check_master_key, make_ready};

/// So many keys at once are touched.
const TOUCHED_MAX: usize = 10_000;

/// So many are touched in one transaction: others can write in between.
const TOUCHED_AT_ONCE: usize = 100;

/// A database with secrets in it.
pub trait Vaulted: Database {
    /// What seals, opens and hashes them.
    fn vault(&self) -> &Arc<Vault>;

    /// Answers once it is sure that the master key is the database's: a wrong one would make every key a wrong key.
    fn ready(&self) -> impl Future<Output = Result<(), StoreError>> + Send;
}

async fn begin<D: Vaulted>(store: &D) -> Result<D::Transaction, StoreError> {
    store.ready().await?;
    store.begin_identities().await
}

async fn ask<D: Vaulted>(store: &D, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    store.ready().await?;
    store.ask(sql, values).await
}

/// Notes when keys were last used, by this statement with these values of each.
async fn touch_all<D: Vaulted, K: Clone + Ord + Send + Sync>(
    store: &D,
    touch: &'static str,
    used: &[(K, Timestamp)],
    values_of: impl Fn(&(K, Timestamp)) -> Vec<Value> + Send,
) -> Result<(), StoreError> {
    if used.len() > TOUCHED_MAX {
        return Err(StoreError::Refused(format!("at most {TOUCHED_MAX} keys are touched at once")));
    }
    store.ready().await?;
    // In one order everywhere: two gateways that touch the same keys wait for each other, never both.
    let mut used = used.to_vec();
    used.sort_unstable();
    for some in used.chunks(TOUCHED_AT_ONCE) {
        let mut transaction = store.begin().await?;
        for one in some {
            transaction.execute(touch, values_of(one)).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}

#[async_trait]
impl<D: Vaulted> IdentityStore for D {
    async fn ensure_organisation(&self, name: &str) -> Result<Organisation, StoreError> {
        organisations::ensure(self, name).await
    }

    async fn organisation(&self, name: &str) -> Result<Option<Organisation>, StoreError> {
        organisations::by_name(self, name).await
    }

    async fn first_organisation(&self) -> Result<Option<Organisation>, StoreError> {
        organisations::first(self).await
    }

    async fn insert_api_key(&self, key: &ApiKey, audit: &AuditEntry) -> Result<(), StoreError> {
        api_keys::insert(self, key, audit).await
    }

    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<FoundKey>, StoreError> {
        api_keys::by_prefix(self, prefix).await
    }

    async fn api_key(&self, org_id: OrgId, id: Uuid) -> Result<Option<FoundKey>, StoreError> {
        api_keys::by_id(self, org_id, id).await
    }

    async fn api_keys(&self, org_id: OrgId, before: Option<Uuid>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
        api_keys::list(self, org_id, before, limit).await
    }

    async fn update_api_key(
        &self,
        org_id: OrgId,
        id: Uuid,
        changes: &ApiKeyChanges,
        audit: &AuditEntry,
    ) -> Result<Option<ApiKey>, StoreError> {
        api_keys::update(self, org_id, id, changes, audit).await
    }

    async fn rotate_api_key(
        &self,
        org_id: OrgId,
        id: Uuid,
        prefix: &str,
        hash: &KeyHash,
        previous_until: Option<Timestamp>,
        audit: &AuditEntry,
    ) -> Result<Option<ApiKey>, StoreError> {
        api_keys::rotate(self, org_id, id, prefix, hash, previous_until, audit).await
    }

    async fn revoke_api_key(
        &self,
        org_id: OrgId,
        id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        api_keys::revoke(self, org_id, id, at, audit).await
    }

    async fn touch_api_keys(&self, used: &[(Uuid, Timestamp)]) -> Result<(), StoreError> {
        api_keys::touch(self, used).await
    }

    async fn insert_signing_key(&self, key: &SigningKey, audit: &AuditEntry) -> Result<(), StoreError> {
        signing_keys::insert(self, key, audit).await
    }

    async fn verifying_keys(
        &self,
        org_id: OrgId,
        key_id: Option<&str>,
        at: Timestamp,
    ) -> Result<Vec<SigningKey>, StoreError> {
        signing_keys::verifying(self, org_id, key_id, at).await
    }

    async fn signing_key(&self, org_id: OrgId, key_id: Option<&str>) -> Result<Vec<SigningKey>, StoreError> {
        signing_keys::versions(self, org_id, key_id).await
    }

    async fn signing_keys(&self, org_id: OrgId) -> Result<Vec<SigningKey>, StoreError> {
        signing_keys::list(self, org_id).await
    }

    async fn rotate_signing_key(
        &self,
        org_id: OrgId,
        key_id: &str,
        secret: &SigningSecret,
        at: Timestamp,
        verify_until: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<SigningKey>, StoreError> {
        signing_keys::rotate(self, org_id, key_id, secret, at, verify_until, audit).await
    }

    async fn set_default_signing_key(
        &self,
        org_id: OrgId,
        key_id: &str,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        signing_keys::set_default(self, org_id, key_id, audit).await
    }

    async fn revoke_signing_key(
        &self,
        org_id: OrgId,
        key_id: &str,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        signing_keys::revoke(self, org_id, key_id, at, audit).await
    }

    async fn touch_signing_keys(&self, used: &[(SigningKeyId, Timestamp)]) -> Result<(), StoreError> {
        signing_keys::touch(self, used).await
    }

    async fn takes_ai_system(&self, org_id: OrgId, ai_id: Uuid) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT (NOT registered_systems_only) OR EXISTS (\
                             SELECT 1 FROM ai_systems WHERE org_id = $1 AND ai_id = $2\
                           ) FROM organisations WHERE id = $1";
        let rows = ask(self, SQL, values![org_id, ai_id]).await?;
        rows.first().map_or(Ok(false), |row| row.flag(0))
    }

    async fn version(&self) -> Result<u64, StoreError> {
        let rows = ask(self, "SELECT version FROM identity_version", values![]).await?;
        rows.first().map_or(Ok(0), |row| row.number(0).map(i64::unsigned_abs))
    }

    async fn changes_since(&self, version: u64, limit: u32) -> Result<Changes, StoreError> {
        // One statement, one moment: the organisations are those of exactly this version.
        const SQL: &str = "SELECT v.version, v.all_since, o.id FROM identity_version v LEFT JOIN (\
                             SELECT id FROM organisations WHERE identity_version > $1 LIMIT $2\
                           ) o ON TRUE";
        let since = i64::try_from(version).unwrap_or(i64::MAX);
        let rows = ask(self, SQL, values![since, i64::from(limit) + 1]).await?;
        let Some(first) = rows.first() else { return Ok(Changes::default()) };
        let (now, all_since) = (first.number(0)?, first.number(1)?);
        let organisations =
            rows.iter().filter_map(|row| row.maybe_org(2).transpose()).collect::<Result<Vec<_>, _>>()?;
        // A version that went back is another database's, or of another time: nothing is known of that.
        let all = all_since > since || now < since || organisations.len() > limit as usize;
        let organisations = if all { Vec::new() } else { organisations };
        Ok(Changes { version: now.unsigned_abs(), all, organisations })
    }

    async fn reseal(&self) -> Result<u64, StoreError> {
        self.ready().await?;
        master_keys::reseal(self).await
    }
}
