//! Keys, cached: the event path asks the store nothing once it is warm.
//!
//! Every entry carries a stamp: how many changes this gateway knew of when its loading began. The store grows a version,
//! and marks the organisation, in the same transaction as any change of a key; a task asks a few times a second whose
//! changed, and an entry of one of those, stamped before that was learned, counts as absent. So a revocation reaches
//! every gateway within one poll, whoever made it, a load that raced a revocation can't outlive it, and what one tenant
//! changes makes nobody ask for the keys of others. While the store is away nothing is learned and what is cached goes
//! on working: ingestion does too.

use std::{hash::Hash, sync::Arc, time::Duration};

use aibbar::{RuleSet, SigningSecret, Timestamp};
use moka::future::Cache;
use parking_lot::RwLock;
use store::{
    OrgId, RedactionStore, RetentionStore, StoreError, TopicStore, api_key,
    identity::{ApiKey, FoundKey, IdentityStore, SigningKey, SigningKeyId},
    vault::Vault,
};
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

mod retention;
mod rules;
mod topics;

pub(crate) use self::topics::KnownTopic;
use super::{
    freshness::{Freshness, Stamp},
    last_used::{self, KeysUsed, Noted},
};

/// Entries of each cache: a gateway serves more keys than this more slowly, not wrongly.
const CACHED_MAX: u64 = 100_000;

/// More organisations than this that changed between two polls are taken for all.
const CHANGED_AT_ONCE_MAX: u32 = 1_000;

/// A signing key as an event names it; `None`: the organisation's default.
type NamedKey = (OrgId, Option<Box<str>>);

/// What was found, and when its loading began.
#[derive(Clone)]
struct Stamped<T> {
    stamp: Stamp,
    found: T,
}

/// What records call the signing secret that stands in the environment.
const ENVIRONMENT_KEY_ID: &str = "env";

/// A key, and when its use was noted.
#[derive(Clone)]
struct KnownKey {
    found: Arc<FoundKey>,
    noted: Noted,
}

/// A version of a signing key, and when its use was noted.
pub(crate) struct KnownSigningKey {
    pub(crate) key: SigningKey,
    /// `None`: of one that stands in no store.
    noted: Option<Noted>,
}

/// The keys that this gateway knows.
pub struct Identities {
    store: Arc<dyn IdentityStore>,
    vault: Arc<Vault>,
    freshness: RwLock<Freshness>,
    /// Held while changes are asked for and noted, so that none are noted after later ones.
    looking: Mutex<()>,
    /// Beside the default key of the organisation that was made first.
    default_secret: Option<SigningSecret>,
    api_keys: Cache<Box<str>, Stamped<Option<KnownKey>>>,
    signing_keys: Cache<NamedKey, Stamped<Arc<[KnownSigningKey]>>>,
    ai_systems: Cache<(OrgId, Uuid), Stamped<bool>>,
    redaction: Arc<dyn RedactionStore>,
    rules: rules::RulesCache,
    retention: Arc<dyn RetentionStore>,
    retentions: retention::RetentionCache,
    topic_store: Arc<dyn TopicStore>,
    topics: topics::TopicsCache,
    /// Of everyone who says nothing of redaction.
    default_rules: Arc<RuleSet>,
    last_used: KeysUsed,
    /// Wakes the poll before its time: someone said that a key changed.
    pub(crate) changed: Notify,
}

impl Identities {
    /// Knows nothing yet; `default_secret` verifies what names no key, beside the default key of the first organisation.
    pub fn new(
        store: Arc<dyn IdentityStore>,
        redaction: Arc<dyn RedactionStore>,
        topic_store: Arc<dyn TopicStore>,
        retention: Arc<dyn RetentionStore>,
        vault: Arc<Vault>,
        default_secret: Option<SigningSecret>,
    ) -> Self {
        Self {
            store,
            vault,
            default_secret,
            freshness: RwLock::default(),
            looking: Mutex::new(()),
            api_keys: Cache::new(CACHED_MAX),
            signing_keys: Cache::new(CACHED_MAX),
            ai_systems: Cache::new(CACHED_MAX),
            redaction,
            rules: rules::cache(),
            retention,
            retentions: retention::cache(),
            topic_store,
            topics: topics::cache(),
            default_rules: Arc::default(),
            last_used: KeysUsed::default(),
            changed: Notify::new(),
        }
    }

    /// Follows the changes of identities until told to stop.
    pub(crate) async fn follow(&self, every: Duration, stop: CancellationToken) {
        let mut away = false;
        loop {
            match self.look().await {
                Ok(()) => away = false,
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

    /// Learns at once of a change that this gateway made itself: what it answers next, it knows. Where the store can't
    /// be asked the poll is woken, which goes on asking.
    pub(crate) async fn catch_up(&self) {
        if self.look().await.is_err() {
            self.changed.notify_one();
        }
    }

    /// How many changes are known of: as long as this is the same, whatever was answered is as good as asked again.
    pub(crate) fn stamp(&self) -> Stamp {
        self.freshness.read().now()
    }

    async fn look(&self) -> Result<(), StoreError> {
        let _looking = self.looking.lock().await;
        let version = self.freshness.read().version();
        let changes = self.store.changes_since(version, CHANGED_AT_ONCE_MAX).await?;
        self.freshness.write().learn(&changes);
        Ok(())
    }

    /// Writes when keys were last used, until told to stop.
    pub(crate) async fn keep_last_used(&self, stop: CancellationToken) {
        self.last_used.follow(&*self.store, stop).await;
    }

    /// The key that was presented, when it is one of ours and valid now.
    pub async fn api_key(&self, presented: &str, now: Timestamp) -> Result<Option<Arc<FoundKey>>, StoreError> {
        let Some(prefix) = api_key::parse(presented) else { return Ok(None) };
        let Some(KnownKey { found, noted }) = self.api_key_by_prefix(prefix).await? else { return Ok(None) };
        if !is_valid(&found.key, now) || !self.is_it(&found.key, prefix, presented, now) {
            return Ok(None);
        }
        self.last_used.api_keys.note(|| found.key.id, &noted, now);
        Ok(Some(found))
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

    /// The key as it is now, when the secret of this prefix, with which it was let in, still lets it in.
    pub(crate) async fn still_valid(
        &self,
        id: Uuid,
        prefix: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<FoundKey>>, StoreError> {
        let known = self.api_key_by_prefix(prefix).await?.map(|known| known.found);
        Ok(known.filter(|found| {
            let key = &found.key;
            // Since then the key may have been rotated: then the secret is good for a while, or not at all.
            let previous = key.previous.as_ref().filter(|previous| previous.prefix == prefix);
            let is_good = key.prefix == prefix || previous.is_some_and(|previous| now < previous.until);
            key.id == id && is_good && is_valid(key, now)
        }))
    }

    /// Whether this names a key that is known here already, so that judging it asks the store nothing.
    pub(crate) async fn knows(&self, presented: &str) -> bool {
        let Some(prefix) = api_key::parse(presented) else { return false };
        self.good(self.api_keys.get(prefix).await, key_of).is_some_and(|found| found.is_some())
    }

    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<KnownKey>, StoreError> {
        if let Some(found) = self.good(self.api_keys.get(prefix).await, key_of) {
            return Ok(found);
        }
        self.load(&self.api_keys, prefix.into(), key_of, || async {
            let found = self.store.api_key_by_prefix(prefix).await?;
            Ok(found.map(|found| KnownKey { found: Arc::new(found), noted: last_used::never() }))
        })
        .await
    }

    /// What is cached, when it is still good; `of` tells whose it is.
    fn good<T>(&self, entry: Option<Stamped<T>>, of: impl Fn(&T) -> Option<OrgId>) -> Option<T> {
        let entry = entry?;
        let is_good = self.freshness.read().is_good(entry.stamp, of(&entry.found));
        is_good.then_some(entry.found)
    }

    /// Loads what is not cached, or good no more: once for all who ask at the same time.
    async fn load<K, T, F>(
        &self,
        cache: &Cache<K, Stamped<T>>,
        key: K,
        of: impl Fn(&T) -> Option<OrgId>,
        load: impl Fn() -> F,
    ) -> Result<T, StoreError>
    where
        K: Clone + Eq + Hash + Send + Sync + 'static,
        T: Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, StoreError>>,
    {
        let stamped = || async {
            // Before the store is asked: what changes meanwhile is learned of later.
            let stamp = self.freshness.read().now();
            Ok::<_, StoreError>(Stamped { stamp, found: load().await? })
        };
        // What is good no more would be answered as it is.
        cache.invalidate(&key).await;
        let together = cache.try_get_with(key.clone(), stamped()).await.map_err(|error| (*error).clone())?;
        if let Some(found) = self.good(Some(together), of) {
            return Ok(found);
        }
        // It was begun for somebody else, before a change that is known by now: a load of our own has seen that.
        let own = stamped().await?;
        cache.insert(key, own.clone()).await;
        Ok(own.found)
    }

    /// The versions of the signing key that an event names (or of the default) that verify now, newest first; some may
    /// have ended since they were read, see [`verifies`]. None of those left out begins to verify again by itself.
    pub(crate) async fn signing_key(
        &self,
        org_id: OrgId,
        key_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<[KnownSigningKey]>, StoreError> {
        let slot = (org_id, key_id.map(Box::from));
        if let Some(found) = self.good(self.signing_keys.get(&slot).await, |_| Some(org_id)) {
            return Ok(found);
        }
        self.load(
            &self.signing_keys,
            slot,
            |_| Some(org_id),
            || async {
                let kept = self.store.verifying_keys(org_id, key_id, now).await?;
                let environment = if key_id.is_none() { self.key_of_environment(org_id).await? } else { None };
                let kept = kept.into_iter().map(|key| KnownSigningKey { key, noted: Some(last_used::never()) });
                Ok(kept.chain(environment.map(|key| KnownSigningKey { key, noted: None })).collect())
            },
        )
        .await
    }

    /// This version has just verified an event.
    pub(crate) fn note_verified(&self, by: &KnownSigningKey, now: Timestamp) {
        let Some(noted) = &by.noted else { return };
        let SigningKey { org_id, key_id, version, .. } = &by.key;
        let id = || SigningKeyId { org_id: *org_id, key_id: key_id.clone(), version: *version };
        self.last_used.signing_keys.note(id, noted, now);
    }

    /// The signing secret in the environment, for the organisation that it is meant for.
    async fn key_of_environment(&self, org_id: OrgId) -> Result<Option<SigningKey>, StoreError> {
        let Some(secret) = &self.default_secret else { return Ok(None) };
        let first = self.store.first_organisation().await?;
        Ok(first.filter(|first| first.id == org_id).map(|first| SigningKey {
            org_id,
            key_id: ENVIRONMENT_KEY_ID.to_owned(),
            version: 1,
            secret: secret.clone(),
            is_default: false,
            ai_id: None,
            made_by: "the environment".to_owned(),
            created_at: first.created_at,
            last_used_at: None,
            verify_until: None,
            revoked_at: None,
        }))
    }

    /// Whether the organisation takes events of this AI system.
    pub(crate) async fn takes_ai_system(&self, org_id: OrgId, ai_id: Uuid) -> Result<bool, StoreError> {
        let slot = (org_id, ai_id);
        if let Some(found) = self.good(self.ai_systems.get(&slot).await, |_| Some(org_id)) {
            return Ok(found);
        }
        let ask = || self.store.takes_ai_system(org_id, ai_id);
        self.load(&self.ai_systems, slot, |_| Some(org_id), ask).await
    }
}

/// Whose key was found.
fn key_of(found: &Option<KnownKey>) -> Option<OrgId> {
    found.as_ref().map(|known| known.found.key.org_id)
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

#[cfg(test)]
mod tests;
