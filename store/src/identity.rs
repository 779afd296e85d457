//! Organisations, API keys and signing keys.

use std::{fmt, str::FromStr};

use aibbar::{SigningSecret, Timestamp};
use async_trait::async_trait;
use uuid::Uuid;

use crate::{OrgId, StoreError, vault::KeyHash};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrgId,
    /// Its unique name, 1–64 characters.
    pub name: String,
}

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
}

impl Scope {
    /// All there are, in the order in which they are listed.
    pub const ALL: [Scope; 6] = [
        Scope::EventsWrite,
        Scope::EventsRead,
        Scope::KeysManage,
        Scope::TopicsManage,
        Scope::MetricsRead,
        Scope::AuditRead,
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
#[error("a scope is one of events:write, events:read, keys:manage, topics:manage, metrics:read, audit:read")]
pub struct UnknownScope;

/// An API key as it is kept: never the key itself.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Its id, which records name.
    pub id: Uuid,
    /// Whose it is.
    pub org_id: OrgId,
    /// What people call it.
    pub name: String,
    /// The part of the key that may be shown and that it is looked up by.
    pub prefix: String,
    /// The keyed hash of the whole key.
    pub hash: KeyHash,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From then on it is refused.
    pub expires_at: Option<Timestamp>,
    /// Since then it is refused.
    pub revoked_at: Option<Timestamp>,
}

/// A signing key with its secret opened.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Whose it is.
    pub org_id: OrgId,
    /// Its name in events (`key_id`), 1–64 characters, unique within the organisation.
    pub key_id: String,
    /// What events are signed with; `Debug` shows nothing of it.
    pub secret: SigningSecret,
    /// Whether it is meant when an event names no key; one per organisation.
    pub is_default: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// From then on it verifies nothing (rotated).
    pub verify_until: Option<Timestamp>,
    /// Since then it verifies nothing.
    pub revoked_at: Option<Timestamp>,
}

/// Organisations and their keys. Signing secrets are sealed on the way in and opened on the way out, by the vault that the backend was built with.
#[async_trait]
pub trait IdentityStore: Send + Sync + 'static {
    /// The organisation of this name, made when it is not there.
    async fn ensure_organisation(&self, name: &str) -> Result<Organisation, StoreError>;
    /// The organisation of this name.
    async fn organisation(&self, name: &str) -> Result<Option<Organisation>, StoreError>;

    /// Keeps a new key; `Exists` when its prefix or its name within the organisation (among keys not revoked) is taken.
    async fn insert_api_key(&self, key: &ApiKey) -> Result<(), StoreError>;
    /// The key with this prefix, revoked and expired ones too.
    async fn api_key_by_prefix(&self, prefix: &str) -> Result<Option<ApiKey>, StoreError>;
    /// The organisation's keys, newest first.
    async fn api_keys(&self, org_id: OrgId) -> Result<Vec<ApiKey>, StoreError>;
    /// Revokes; `false` when there is none of this id. Once revoked stays revoked, with its first time.
    async fn revoke_api_key(&self, org_id: OrgId, id: Uuid, at: Timestamp) -> Result<bool, StoreError>;

    /// Keeps a new signing key; a new default takes over from the old, and whatever is new becomes
    /// the default of an organisation that has none, or only a revoked one. `Exists` when the name is taken, revoked or not.
    async fn insert_signing_key(&self, key: &SigningKey) -> Result<(), StoreError>;
    /// The key named, or the organisation's default; revoked and expired ones too.
    async fn signing_key(&self, org_id: OrgId, key_id: Option<&str>) -> Result<Option<SigningKey>, StoreError>;
    /// The organisation's signing keys, newest first.
    async fn signing_keys(&self, org_id: OrgId) -> Result<Vec<SigningKey>, StoreError>;
    /// Revokes; `false` when there is none of this name. Once revoked stays revoked, with its first time.
    async fn revoke_signing_key(&self, org_id: OrgId, key_id: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// A number that grows with every change of an organisation or key, in the same transaction:
    /// who caches identities asks for it often, and it must be cheap.
    async fn version(&self) -> Result<u64, StoreError>;
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
