//! Keys, cached: the event path asks the store nothing once it is warm.
//!
//! Every entry carries the identities' version at which its loading began. The store grows that
//! version in the same transaction as any change of a key, and a task asks for it a few times a
//! second; an entry of another version counts as absent. So a revocation reaches every gateway
//! within one poll, whoever made it, and a load that raced a revocation can't outlive it. While the
//! store is away the version stands still and what is cached goes on working: ingestion does too.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aibbar::Timestamp;
use moka::future::Cache;
use store::{
    OrgId, StoreError, api_key,
    identity::{ApiKey, IdentityStore, SigningKey},
    vault::Vault,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Entries of each cache: a gateway serves more keys than this more slowly, not wrongly.
const CACHED_MAX: u64 = 100_000;

struct Versioned<T> {
    version: u64,
    found: Option<Arc<T>>,
}

impl<T> Clone for Versioned<T> {
    fn clone(&self) -> Self {
        Self { version: self.version, found: self.found.clone() }
    }
}

/// The keys that this gateway knows.
pub(crate) struct Identities {
    store: Arc<dyn IdentityStore>,
    vault: Arc<Vault>,
    version: AtomicU64,
    api_keys: Cache<Box<str>, Versioned<ApiKey>>,
    signing_keys: Cache<(OrgId, Option<Box<str>>), Versioned<SigningKey>>,
    /// Wakes the poll before its time: someone said that a key changed.
    pub(crate) changed: Notify,
}

impl Identities {
    pub(crate) fn new(store: Arc<dyn IdentityStore>, vault: Arc<Vault>) -> Self {
        Self {
            store,
            vault,
            version: AtomicU64::new(0),
            api_keys: Cache::new(CACHED_MAX),
            signing_keys: Cache::new(CACHED_MAX),
            changed: Notify::new(),
        }
    }

    /// Follows the identities' version until told to stop.
    pub(crate) async fn follow(&self, every: Duration, stop: CancellationToken) {
        let mut away = false;
        loop {
            match self.store.version().await {
                Ok(version) => {
                    away = false;
                    self.version.store(version, Ordering::Release);
                }
                Err(error) if !away => {
                    away = true;
                    tracing::warn!(%error, "identities can't be asked; cached keys go on working");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                () = self.changed.notified() => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// The key that was presented, when it is one of ours and valid now.
    pub(crate) async fn api_key(&self, presented: &str, now: Timestamp) -> Result<Option<Arc<ApiKey>>, StoreError> {
        let Some(prefix) = api_key::parse(presented) else { return Ok(None) };
        let found = self.api_key_by_prefix(prefix).await?;
        let hash = self.vault.hash_api_key(presented);
        Ok(found.filter(|key| key.hash.verify(&hash)).filter(|key| is_valid(key, now)))
    }

    /// Whether a key that was valid still is; `None` when the store can't be asked.
    pub(crate) async fn still_valid(&self, key: &ApiKey, now: Timestamp) -> Option<bool> {
        let found = self.api_key_by_prefix(&key.prefix).await.ok()?;
        Some(found.is_some_and(|found| found.id == key.id && is_valid(&found, now)))
    }

    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<Arc<ApiKey>>, StoreError> {
        let version = self.version.load(Ordering::Acquire);
        if let Some(entry) = self.api_keys.get(prefix).await.filter(|entry| entry.version == version) {
            return Ok(entry.found);
        }
        let found = self.store.api_key_by_prefix(prefix).await?.map(Arc::new);
        self.api_keys.insert(prefix.into(), Versioned { version, found: found.clone() }).await;
        Ok(found)
    }

    /// The signing key that an event names (or the default), when it verifies now.
    pub(crate) async fn signing_key(
        &self,
        org_id: OrgId,
        key_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Arc<SigningKey>>, StoreError> {
        let version = self.version.load(Ordering::Acquire);
        let slot = (org_id, key_id.map(Box::from));
        let cached = self.signing_keys.get(&slot).await.filter(|entry| entry.version == version);
        let found = match cached {
            Some(entry) => entry.found,
            None => {
                let found = self.store.signing_key(org_id, key_id).await?.map(Arc::new);
                self.signing_keys.insert(slot, Versioned { version, found: found.clone() }).await;
                found
            }
        };
        let verifies =
            |key: &Arc<SigningKey>| key.revoked_at.is_none() && key.verify_until.is_none_or(|until| now < until);
        Ok(found.filter(verifies))
    }
}

fn is_valid(key: &ApiKey, now: Timestamp) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|at| now < at)
}
