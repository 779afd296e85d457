//! API keys and signing keys: what the path of an event asks for.

use std::{fmt, str::FromStr};

use aibbar::{SigningSecret, Timestamp};
use async_trait::async_trait;
use ipnet::IpNet;
use uuid::Uuid;

use crate::{AuditEntry, Limits, OrgId, Organisation, StoreError, vault::KeyHash};

/// What a key may do; `Display` and `FromStr` are the API's words (`events:write`, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `events:write`
    EventsWrite,
    /// `events:read`
    EventsRead,
    /// `keys:manage`
    KeysManage,
    /// `topics:manage`
    TopicsManage,
    /// `metrics:read`
    MetricsRead,
    /// `audit:read`
    AuditRead,
    /// `members:read`
    MembersRead,
    /// `members:manage`
    MembersManage,
    /// `organisation:manage`
    OrganisationManage,
}

impl Scope {
    /// All there are, in the order in which they are listed.
    pub const ALL: [Scope; 9] = [
        Scope::EventsWrite,
        Scope::EventsRead,
        Scope::KeysManage,
        Scope::TopicsManage,
        Scope::MetricsRead,
        Scope::AuditRead,
        Scope::MembersRead,
        Scope::MembersManage,
        Scope::OrganisationManage,
    ];

    /// The API's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::EventsWrite => "events:write",
            Scope::EventsRead => "events:read",
            Scope::KeysManage => "keys:manage",
            Scope::TopicsManage => "topics:manage",
            Scope::MetricsRead => "metrics:read",
            Scope::AuditRead => "audit:read",
            Scope::MembersRead => "members:read",
            Scope::MembersManage => "members:manage",
            Scope::OrganisationManage => "organisation:manage",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or(UnknownScope)
    }
}

/// This word names no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a scope is one of events:write, events:read, keys:manage, topics:manage, metrics:read, audit:read, \
     members:read, members:manage, organisation:manage"
)]
pub struct UnknownScope;

/// An API key as it is kept: never the key itself.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiKey {
    /// Its id, which records name; stays the same when the key is rotated.
    pub id: Uuid,
    /// Whose it is.
    pub org_id: OrgId,
    /// What people call it.
    pub name: String,
    /// The part of the key that may be shown and that it is looked up by.
    pub prefix: String,
    /// The keyed hash of the whole key.
    pub hash: KeyHash,
    /// What it was before it was rotated, while both are good.
    pub previous: Option<PreviousKey>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Its own limits, where it has any.
    pub limits: Limits,
    /// Whether the operator gave it these limits: they hold above the plan's too, until others are set.
    pub limits_are_granted: bool,
    /// From where it may be used; empty: from everywhere. At most 64.
    pub allowed_ips: Vec<IpNet>,
    /// Who made it: the name of an actor.
    pub made_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<Timestamp>,
    /// From then on it is refused.
    pub expires_at: Option<Timestamp>,
    /// Since then it is refused.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// The limits that hold for it; `plan` is its organisation's, with the server's behind it. A plan that is lowered binds
    /// the keys that were given more when it allowed more.
    pub fn effective_limits(&self, plan: Limits) -> Limits {
        if self.limits_are_granted { self.limits.or(plan) } else { self.limits.at_most(plan) }
    }
}

/// The secret that a key had before its rotation.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviousKey {
    /// Looked up by this too.
    pub prefix: String,
    /// Its hash.
    pub hash: KeyHash,
    /// From then on it is refused.
    pub until: Timestamp,
}

/// A key, with what its organisation says of all its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundKey {
    /// The key.
    pub key: ApiKey,
    /// The limits of the organisation's plan.
    pub plan: Limits,
    /// Whether the organisation takes events of registered AI systems alone. Here, so that where any system is taken the
    /// door for events asks nothing about it: an AI system that was never seen before must not need the store.
    pub registered_systems_only: bool,
}

/// What changes of a key; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApiKeyChanges {
    /// See [`ApiKey::name`].
    pub name: Option<String>,
    /// See [`ApiKey::scopes`].
    pub scopes: Option<Vec<Scope>>,
    /// See [`ApiKey::limits`]. Others than those it has are granted by nobody.
    pub limits: Option<Limits>,
    /// See [`ApiKey::allowed_ips`].
    pub allowed_ips: Option<Vec<IpNet>>,
    /// See [`ApiKey::expires_at`]; `Some(None)`: never.
    pub expires_at: Option<Option<Timestamp>>,
}

/// One version of a signing key with its secret opened.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Whose it is.
    pub org_id: OrgId,
    /// Its name in events (`key_id`), 1–64 characters, unique within the organisation.
    pub key_id: String,
    /// Counts the rotations, from 1. Events name the key, not its version: each valid version is tried, newest first.
    pub version: u32,
    /// What events are signed with; `Debug` shows nothing of it.
    pub secret: SigningSecret,
    /// Whether the key is meant when an event names none; one key per organisation, at its newest version.
    pub is_default: bool,
    /// The one AI system whose events it may sign; `None`: any.
    pub ai_id: Option<Uuid>,
    /// Who made this version: the name of an actor.
    pub made_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last verified an event, give or take a minute.
    pub last_used_at: Option<Timestamp>,
    /// From then on it verifies nothing (rotated).
    pub verify_until: Option<Timestamp>,
    /// Since then it verifies nothing.
    pub revoked_at: Option<Timestamp>,
}

/// One version of a signing key, by what it is told apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SigningKeyId {
    /// See [`SigningKey::org_id`].
    pub org_id: OrgId,
    /// See [`SigningKey::key_id`].
    pub key_id: String,
    /// See [`SigningKey::version`].
    pub version: u32,
}

/// Whose identities changed since a version. Each organisation by itself: what one does all day costs the others nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The version now; see [`IdentityStore::version`].
    pub version: u64,
    /// Anybody's may have changed; then none is named.
    pub all: bool,
    /// Of whom something changed.
    pub organisations: Vec<OrgId>,
}

/// Versions of one signing key that verify at once. Each is tried on a wrong signature: more would make one tenant's wrong
/// signatures dear for all.
pub const VERIFYING_VERSIONS_MAX: usize = 8;

/// Signing keys of one organisation that are not revoked.
pub const SIGNING_KEYS_MAX: usize = 1_000;

/// API keys of one organisation that are not revoked.
pub const API_KEYS_MAX: usize = 1_000;

/// API keys, signing keys, and what else the path of an event asks for. Signing secrets are sealed on the way in and
/// opened on the way out, by the vault that the backend was built with.
#[async_trait]
pub trait IdentityStore: Send + Sync + 'static {
    /// The organisation of this name, made (without members) when it is not there.
    async fn ensure_organisation(&self, name: &str) -> Result<Organisation, StoreError>;
    /// The organisation of this name.
    async fn organisation(&self, name: &str) -> Result<Option<Organisation>, StoreError>;
    /// The organisation that was made first.
    async fn first_organisation(&self) -> Result<Option<Organisation>, StoreError>;

    /// Keeps a new key; `Exists` when its prefix or its name within the organisation (among keys not revoked) is taken;
    /// `Refused` when the organisation has [`API_KEYS_MAX`] that are not revoked.
    async fn insert_api_key(&self, key: &ApiKey, audit: &AuditEntry) -> Result<(), StoreError>;
    /// The key with this prefix, now or before its rotation; revoked and expired ones too.
    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<FoundKey>, StoreError>;
    /// One of the organisation's keys, with its plan.
    async fn api_key(&self, org_id: OrgId, id: Uuid) -> Result<Option<FoundKey>, StoreError>;
    /// At most `limit` of the organisation's keys, newest first (by id), before `before`.
    async fn api_keys(&self, org_id: OrgId, before: Option<Uuid>, limit: u32) -> Result<Vec<ApiKey>, StoreError>;
    /// Changes and answers a key; `None` when there is none of this id that is not revoked. `Exists` when the name is taken.
    async fn update_api_key(
        &self,
        org_id: OrgId,
        id: Uuid,
        changes: &ApiKeyChanges,
        audit: &AuditEntry,
    ) -> Result<Option<ApiKey>, StoreError>;
    /// Gives a key that is not revoked a new secret; the old one stays good until `previous_until`, or not at all. What was
    /// before the old one is gone at once. `None` when there is no such key.
    async fn rotate_api_key(
        &self,
        org_id: OrgId,
        id: Uuid,
        prefix: &str,
        hash: &KeyHash,
        previous_until: Option<Timestamp>,
        audit: &AuditEntry,
    ) -> Result<Option<ApiKey>, StoreError>;
    /// Revokes; `false` when there is none of this id. Once revoked stays revoked, with its first time.
    async fn revoke_api_key(
        &self,
        org_id: OrgId,
        id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;
    /// Notes when keys were last used; a time only moves on. Does not grow the version. At most 10,000 at once.
    async fn touch_api_keys(&self, used: &[(Uuid, Timestamp)]) -> Result<(), StoreError>;

    /// Keeps the first version of a new signing key; a new default takes over from the old, and whatever is new becomes
    /// the default of an organisation that has none, or only a revoked one. `Exists` when the name is taken, revoked or not;
    /// `Refused` when the organisation has [`SIGNING_KEYS_MAX`] that are not revoked.
    async fn insert_signing_key(&self, key: &SigningKey, audit: &AuditEntry) -> Result<(), StoreError>;
    /// What the door for events asks: the versions of the key named, or of the organisation's default, that verify at this
    /// time, newest first. At most [`VERIFYING_VERSIONS_MAX`], so that a wrong signature costs no more than that many looks.
    async fn verifying_keys(
        &self,
        org_id: OrgId,
        key_id: Option<&str>,
        at: Timestamp,
    ) -> Result<Vec<SigningKey>, StoreError>;
    /// All versions of the key named, or of the organisation's default, newest first; revoked and expired ones too.
    /// At most 10,000.
    async fn signing_key(&self, org_id: OrgId, key_id: Option<&str>) -> Result<Vec<SigningKey>, StoreError>;
    /// All versions of the organisation's signing keys, newest first. At most 10,000.
    async fn signing_keys(&self, org_id: OrgId) -> Result<Vec<SigningKey>, StoreError>;
    /// Makes the next version of a key that is not revoked, with this secret; every older version verifies until
    /// `verify_until` at the latest. `None` when there is no such key; `Refused` when more than [`VERIFYING_VERSIONS_MAX`]
    /// would verify at once.
    async fn rotate_signing_key(
        &self,
        org_id: OrgId,
        key_id: &str,
        secret: &SigningSecret,
        at: Timestamp,
        verify_until: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<SigningKey>, StoreError>;
    /// Makes a key that is not revoked the default; `false` when there is none of this name.
    async fn set_default_signing_key(
        &self,
        org_id: OrgId,
        key_id: &str,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;
    /// Revokes every version; `false` when there is none of this name. Once revoked stays revoked, with its first time.
    async fn revoke_signing_key(
        &self,
        org_id: OrgId,
        key_id: &str,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;

    /// Notes when versions of signing keys last verified an event; a time only moves on. Does not grow the version. At most
    /// 10,000 at once.
    async fn touch_signing_keys(&self, used: &[(SigningKeyId, Timestamp)]) -> Result<(), StoreError>;

    /// What the door for events asks of an AI system: whether this organisation takes its events.
    async fn takes_ai_system(&self, org_id: OrgId, ai_id: Uuid) -> Result<bool, StoreError>;

    /// A number that grows with every change of an organisation, plan, key or AI system, in the same transaction:
    /// who caches identities asks for it often, and it must be cheap.
    async fn version(&self) -> Result<u64, StoreError>;
    /// What changed after this version, as cheap to ask while nothing did. More than `limit` organisations are all.
    async fn changes_since(&self, version: u64, limit: u32) -> Result<Changes, StoreError>;

    /// Seals everything anew that is not yet sealed under the vault's first master key; how many secrets. May run beside
    /// gateways whose vault knows both keys, and be repeated.
    async fn reseal(&self) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_scope_reads_back_from_its_word() {
        for scope in Scope::ALL {
            assert_eq!(scope.to_string().parse::<Scope>().unwrap(), scope);
        }
    }

    #[test]
    fn an_unknown_scope_is_answered_with_all_there_are() {
        let error = "events:delete".parse::<Scope>().unwrap_err().to_string();
        for scope in Scope::ALL {
            assert!(error.contains(scope.as_str()), "{error}");
        }
        assert!("Events:Write".parse::<Scope>().is_err());
    }
}
