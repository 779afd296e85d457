//! What identities are as rows, the same in both databases: names checked, secrets sealed, scopes as words. Pure.

use std::time::SystemTime;

use aibbar::{SigningSecret, Timestamp};
use uuid::Uuid;

use crate::{
    ApiKey, OrgId, Scope, SigningKey, StoreError,
    vault::{KeyHash, Vault, signing_secret_owner},
};

const NAME_CHARS_MAX: usize = 64;

pub(crate) const API_KEY_COLUMNS: &str =
    "id, org_id, name, prefix, hash, scopes, created_at_ns, expires_at_ns, revoked_at_ns";
pub(crate) const SIGNING_KEY_COLUMNS: &str =
    "org_id, key_id, sealed_secret, is_default, created_at_ns, verify_until_ns, revoked_at_ns";

/// An organisation about to be made.
pub(crate) struct NewOrganisation {
    pub(crate) id: OrgId,
    pub(crate) created_at_ns: i64,
}

impl NewOrganisation {
    pub(crate) fn now() -> Self {
        Self { id: Uuid::now_v7(), created_at_ns: Timestamp::from(SystemTime::now()).unix_ns() }
    }
}

/// An [`ApiKey`] as columns.
pub(crate) struct ApiKeyRow {
    pub(crate) id: Uuid,
    pub(crate) org_id: OrgId,
    pub(crate) name: String,
    pub(crate) prefix: String,
    pub(crate) hash: Vec<u8>,
    pub(crate) scopes: String,
    pub(crate) created_at_ns: i64,
    pub(crate) expires_at_ns: Option<i64>,
    pub(crate) revoked_at_ns: Option<i64>,
}

impl ApiKeyRow {
    pub(crate) fn of(key: &ApiKey) -> Result<Self, StoreError> {
        check_name("an API key's name", &key.name)?;
        check_name("an API key's prefix", &key.prefix)?;
        Ok(Self {
            id: key.id,
            org_id: key.org_id,
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            hash: key.hash.0.to_vec(),
            scopes: key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
            created_at_ns: key.created_at.unix_ns(),
            expires_at_ns: key.expires_at.map(Timestamp::unix_ns),
            revoked_at_ns: key.revoked_at.map(Timestamp::unix_ns),
        })
    }

    pub(crate) fn into_key(self) -> Result<ApiKey, StoreError> {
        let hash = <[u8; 32]>::try_from(self.hash)
            .map_err(|_| StoreError::Unreadable("an API key's hash is not 32 bytes".to_owned()))?;
        let scopes = self.scopes.split_ascii_whitespace().map(str::parse).collect::<Result<Vec<Scope>, _>>();
        Ok(ApiKey {
            id: self.id,
            org_id: self.org_id,
            name: self.name,
            prefix: self.prefix,
            hash: KeyHash(hash),
            scopes: scopes
                .map_err(|_| StoreError::Unreadable("an API key has a scope that this version does not know".into()))?,
            created_at: Timestamp::from_unix_ns(self.created_at_ns),
            expires_at: self.expires_at_ns.map(Timestamp::from_unix_ns),
            revoked_at: self.revoked_at_ns.map(Timestamp::from_unix_ns),
        })
    }
}

/// A [`SigningKey`] as columns, its secret sealed.
pub(crate) struct SigningKeyRow {
    pub(crate) org_id: OrgId,
    pub(crate) key_id: String,
    pub(crate) sealed_secret: Vec<u8>,
    pub(crate) is_default: bool,
    pub(crate) created_at_ns: i64,
    pub(crate) verify_until_ns: Option<i64>,
    pub(crate) revoked_at_ns: Option<i64>,
}

impl SigningKeyRow {
    pub(crate) fn seal(key: &SigningKey, vault: &Vault) -> Result<Self, StoreError> {
        check_name("a signing key's name", &key.key_id)?;
        let owner = signing_secret_owner(key.org_id, &key.key_id);
        Ok(Self {
            org_id: key.org_id,
            key_id: key.key_id.clone(),
            sealed_secret: vault.seal(key.secret.expose().as_bytes(), &owner),
            is_default: key.is_default,
            created_at_ns: key.created_at.unix_ns(),
            verify_until_ns: key.verify_until.map(Timestamp::unix_ns),
            revoked_at_ns: key.revoked_at.map(Timestamp::unix_ns),
        })
    }

    pub(crate) fn open(self, vault: &Vault) -> Result<SigningKey, StoreError> {
        let opened = vault.open(&self.sealed_secret, &signing_secret_owner(self.org_id, &self.key_id))?;
        let secret =
            str::from_utf8(&opened).map_err(|_| StoreError::Unreadable("a signing secret is not text".to_owned()))?;
        Ok(SigningKey {
            org_id: self.org_id,
            secret: SigningSecret::new(secret),
            key_id: self.key_id,
            is_default: self.is_default,
            created_at: Timestamp::from_unix_ns(self.created_at_ns),
            verify_until: self.verify_until_ns.map(Timestamp::from_unix_ns),
            revoked_at: self.revoked_at_ns.map(Timestamp::from_unix_ns),
        })
    }
}

/// `what` begins the sentence that says why not.
pub(crate) fn check_name(what: &str, name: &str) -> Result<(), StoreError> {
    let fits = (1..=NAME_CHARS_MAX).contains(&name.chars().count());
    if fits && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(StoreError::Refused(format!("{what} is 1–{NAME_CHARS_MAX} characters, none of them a control character")))
}

pub(crate) fn no_such_organisation() -> StoreError {
    StoreError::Refused("there is no such organisation".to_owned())
}
