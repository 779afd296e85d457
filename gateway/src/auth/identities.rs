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
    identity::{ApiKey, FoundKey, IdentityStore, SigningKey},
    vault::Vault,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Entries of each cache: a gateway serves more keys than this more slowly, not wrongly.
const CACHED_MAX: u64 = 100_000;

struct Versioned<T> {
    version: u64,
    found: T,
}

impl<T: Clone> Clone for Versioned<T> {
    fn clone(&self) -> Self {
        Self { version: self.version, found: self.found.clone() }
    }
}

/// The keys that this gateway knows.
pub(crate) struct Identities {
    store: Arc<dyn IdentityStore>,
    vault: Arc<Vault>,
    version: AtomicU64,
    api_keys: Cache<Box<str>, Versioned<Option<Arc<FoundKey>>>>,
    signing_keys: Cache<(OrgId, Option<Box<str>>), Versioned<Arc<[SigningKey]>>>,
    ai_systems: Cache<(OrgId, Uuid), Versioned<bool>>,
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
            ai_systems: Cache::new(CACHED_MAX),
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
    pub(crate) async fn api_key(&self, presented: &str, now: Timestamp) -> Result<Option<Arc<FoundKey>>, StoreError> {
        let Some(prefix) = api_key::parse(presented) else { return Ok(None) };
        let found = self.api_key_by_prefix(prefix).await?;
        Ok(found.filter(|found| is_valid(&found.key, now) && self.is_it(&found.key, prefix, presented, now)))
    }

    /// Whether what was presented is the key's secret, or the one before its rotation.
    fn is_it(&self, key: &ApiKey, prefix: &str, presented: &str, now: Timestamp) -> bool {
        match &key.previous {
            _ if key.prefix == prefix => self.vault.verifies(&key.hash, presented),
            Some(previous) if previous.prefix == prefix && now < previous.until => {
                self.vault.verifies(&previous.hash, presented)
            }
            _ => false,
        }
    }

    /// Whether a key that was valid still is; `None` when the store can't be asked.
    pub(crate) async fn still_valid(&self, key: &ApiKey, now: Timestamp) -> Option<bool> {
        let found = self.api_key_by_prefix(&key.prefix).await.ok()?;
        let Some(found) = found.filter(|found| found.key.id == key.id && is_valid(&found.key, now)) else {
            return Some(false);
        };
        // Since it was let in, the key may have been rotated: then its old secret may have ended.
        let now_previous = found.key.previous.as_ref().filter(|previous| previous.prefix == key.prefix);
        Some(found.key.prefix == key.prefix || now_previous.is_some_and(|previous| now < previous.until))
    }

    /// Whether this names a key that is known here already, so that judging it asks the store nothing.
    pub(crate) async fn knows(&self, presented: &str) -> bool {
        let Some(prefix) = api_key::parse(presented) else { return false };
        let version = self.version.load(Ordering::Acquire);
        self.api_keys.get(prefix).await.is_some_and(|entry| entry.version == version && entry.found.is_some())
    }

    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<Arc<FoundKey>>, StoreError> {
        let version = self.version.load(Ordering::Acquire);
        if let Some(entry) = self.api_keys.get(prefix).await.filter(|entry| entry.version == version) {
            return Ok(entry.found);
        }
        let found = self.store.api_key_by_prefix(prefix).await?.map(Arc::new);
        self.api_keys.insert(prefix.into(), Versioned { version, found: found.clone() }).await;
        Ok(found)
    }

    /// All versions of the signing key that an event names (or of the default), newest first, valid or not.
    pub(crate) async fn signing_key(
        &self,
        org_id: OrgId,
        key_id: Option<&str>,
    ) -> Result<Arc<[SigningKey]>, StoreError> {
        let version = self.version.load(Ordering::Acquire);
        let slot = (org_id, key_id.map(Box::from));
        if let Some(entry) = self.signing_keys.get(&slot).await.filter(|entry| entry.version == version) {
            return Ok(entry.found);
        }
        let found: Arc<[SigningKey]> = self.store.signing_key(org_id, key_id).await?.into();
        self.signing_keys.insert(slot, Versioned { version, found: found.clone() }).await;
        Ok(found)
    }

    /// Whether the organisation takes events of this AI system.
    pub(crate) async fn takes_ai_system(&self, org_id: OrgId, ai_id: Uuid) -> Result<bool, StoreError> {
        let version = self.version.load(Ordering::Acquire);
        if let Some(entry) = self.ai_systems.get(&(org_id, ai_id)).await.filter(|entry| entry.version == version) {
            return Ok(entry.found);
        }
        let found = self.store.takes_ai_system(org_id, ai_id).await?;
        self.ai_systems.insert((org_id, ai_id), Versioned { version, found }).await;
        Ok(found)
    }
}

/// Whether a version of a signing key verifies events of this AI system now.
pub(crate) fn verifies(key: &SigningKey, ai_id: Uuid, now: Timestamp) -> bool {
    key.revoked_at.is_none()
        && key.verify_until.is_none_or(|until| now < until)
        && key.ai_id.is_none_or(|bound| bound == ai_id)
}

fn is_valid(key: &ApiKey, now: Timestamp) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|at| now < at)
}
