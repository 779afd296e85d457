//! What a newcomer needs before the first event: an organisation, an API key, a signing key, an AI system.
//!
//! Made at the first start and kept ever after. `dev.env` is written last and whole, so a crash
//! between two steps leaves at most a key in the store that nobody knows; the next start revokes it
//! and makes another. What `dev.env` says and the store does not know (a new database) is put back.

use std::{net::SocketAddr, time::SystemTime};

use aibbar::{SigningSecret, Timestamp};
use store::{Actor, ApiKey, AuditEntry, Limits, Organisation, Scope, SigningKey, api_key, identity::ApiKeyChanges};
use uuid::Uuid;

use crate::{
    commands::{keys::new_api_key, signing_keys::new_signing_key},
    data_dir::{DataDir, Existing},
    dev_env::{self, DevEnv},
    exit::Failure,
    settings::{client::uuid, values::Secret},
    wiring::Store,
};

/// The organisation, and the name of each key that is made for it.
pub(super) const DEV: &str = "dev";

/// What `dev.env` is to say, but for the address, which is known once the gateway listens.
pub(super) async fn provide(store: &Store, data_dir: &DataDir) -> Result<DevEnv, Failure> {
    let known = DevEnv::read(data_dir.path())
        .map_err(|error| Failure::failed(format!("{} can't be read: {error}", dev_env::FILE_NAME)))?;
    let organisation = store.stores.identity.ensure_organisation(DEV).await?;
    let (key_id, secret) = signing_key(store, &organisation, &known).await?;
    let api_key = api_key(store, &organisation, &known).await?;
    let api_key_is_new = known.api_key.as_ref().is_some_and(|was| was.expose() != api_key.expose());
    if api_key_is_new || known.signing_key_id.as_ref().is_some_and(|was| *was != key_id) {
        tracing::warn!("a key in dev.env was revoked and has been replaced: source the file again");
    }
    Ok(DevEnv {
        url: known.url.clone(),
        api_key: Some(api_key),
        signing_key_id: Some(key_id),
        signing_secret: Some(secret),
        ai_id: Some(known.ai_id.filter(|id| uuid(id).is_ok()).unwrap_or_else(|| Uuid::new_v4().to_string())),
    })
}

/// Writes `dev.env` when it says something new.
pub(super) fn write(data_dir: &DataDir, env: DevEnv, address: SocketAddr) -> Result<(), Failure> {
    let text = DevEnv { url: Some(url_of(address)), ..env }.to_text();
    let written = std::fs::read_to_string(data_dir.file(dev_env::FILE_NAME)).ok();
    if written.as_deref() != Some(&text) {
        data_dir.write_private(dev_env::FILE_NAME, &text, Existing::Replaced)?;
    }
    Ok(())
}

/// Where a client on this machine reaches the address.
pub(in crate::commands) fn url_of(address: SocketAddr) -> String {
    let mut reachable = address;
    if address.ip().is_unspecified() {
        reachable.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{reachable}")
}

async fn api_key(store: &Store, organisation: &Organisation, known: &DevEnv) -> Result<Secret, Failure> {
    let now = Timestamp::from(SystemTime::now());
    if let Some(text) = &known.api_key
        && let Some(prefix) = api_key::parse(text.expose())
    {
        match store.stores.identity.api_key_by_prefix(prefix).await?.map(|found| found.key) {
            Some(key) if is_ours(store, organisation, &key, prefix, text) => {
                lift_limits(store, &key).await?;
                return Ok(text.clone());
            }
            // Revoked on purpose, or another's: it stays what it is.
            Some(_) => {}
            None => {
                forget_lost_api_keys(store, organisation, now).await?;
                let hash = store.vault.hash_api_key(text.expose())?;
                let key = ApiKey { prefix: prefix.to_owned(), hash, ..dev_key(store, organisation, now)?.0 };
                insert(store, &key).await?;
                return Ok(text.clone());
            }
        }
    }
    forget_lost_api_keys(store, organisation, now).await?;
    let (key, text) = dev_key(store, organisation, now)?;
    insert(store, &key).await?;
    Ok(text.into())
}

/// A key that may everything, without limits: a newcomer's first load test must not be refused.
fn dev_key(store: &Store, organisation: &Organisation, now: Timestamp) -> Result<(ApiKey, String), Failure> {
    let (key, text) = new_api_key(store, organisation, DEV, Scope::ALL.to_vec(), now, &Actor::system())?;
    Ok((ApiKey { limits: Limits::OFF, ..key }, text))
}

async fn insert(store: &Store, key: &ApiKey) -> Result<(), Failure> {
    let audit = by_gapin(key.org_id, "api_key.create", "api_key", key.id).with("name", key.name.as_str());
    Ok(store.stores.identity.insert_api_key(key, &audit).await?)
}

fn is_ours(store: &Store, organisation: &Organisation, key: &ApiKey, prefix: &str, text: &Secret) -> bool {
    key.prefix == prefix
        && store.vault.verifies(&key.hash, text.expose())
        && key.org_id == organisation.id
        && key.revoked_at.is_none()
}

/// A key from before there were limits gets what it would be made with now.
async fn lift_limits(store: &Store, key: &ApiKey) -> Result<(), Failure> {
    let is_from_before = key.made_by.is_empty() && key.name == DEV && key.limits == Limits::default();
    if is_from_before {
        let changes =
            ApiKeyChanges { scopes: Some(Scope::ALL.to_vec()), limits: Some(Limits::OFF), ..ApiKeyChanges::default() };
        let audit = by_gapin(key.org_id, "api_key.update", "api_key", key.id);
        store.stores.identity.update_api_key(key.org_id, key.id, &changes, &audit).await?;
    }
    Ok(())
}

fn by_gapin(org_id: Uuid, action: &str, target_kind: &str, target_id: impl std::fmt::Display) -> AuditEntry {
    AuditEntry::new(Some(org_id), Actor::system(), action, target_kind, target_id)
}

/// Revokes keys of our name whose text nobody has: left by a crash, or by a `dev.env` that was deleted.
async fn forget_lost_api_keys(store: &Store, organisation: &Organisation, now: Timestamp) -> Result<(), Failure> {
    const PAGE: u32 = 500;
    let mut before = None;
    loop {
        let page = store.stores.identity.api_keys(organisation.id, before, PAGE).await?;
        for key in page.iter().filter(|key| key.name == DEV && key.revoked_at.is_none()) {
            let audit = by_gapin(organisation.id, "api_key.revoke", "api_key", key.id);
            store.stores.identity.revoke_api_key(organisation.id, key.id, now, &audit).await?;
        }
        before = page.last().map(|key| key.id);
        if page.len() < PAGE as usize {
            return Ok(());
        }
    }
}

async fn signing_key(store: &Store, organisation: &Organisation, known: &DevEnv) -> Result<(String, Secret), Failure> {
    let is_valid = |key: &SigningKey| key.revoked_at.is_none() && key.verify_until.is_none();
    if let (Some(key_id), Some(secret)) = (&known.signing_key_id, &known.signing_secret) {
        match store.stores.identity.signing_key(organisation.id, Some(key_id)).await?.into_iter().next() {
            Some(key) if is_valid(&key) => return Ok((key.key_id, key.secret.expose().into())),
            Some(_) => {}
            None => {
                let secret = SigningSecret::new(secret.expose());
                let key = SigningKey { secret, ..new_signing_key(organisation.id, key_id, true, &Actor::system())? };
                insert_signing(store, &key).await?;
                return Ok((key.key_id, key.secret.expose().into()));
            }
        }
    }
    // The store can open its secrets: what a crash or a deleted file lost is still there.
    let mut kept = store.stores.identity.signing_keys(organisation.id).await?;
    kept.retain(is_valid);
    if let Some(key) = kept.iter().find(|key| key.is_default).or(kept.first()) {
        return Ok((key.key_id.clone(), key.secret.expose().into()));
    }
    let is_taken = !store.stores.identity.signing_key(organisation.id, Some(DEV)).await?.is_empty();
    let key_id = if is_taken { format!("{DEV}-{}", &Uuid::new_v4().simple().to_string()[..8]) } else { DEV.to_owned() };
    let key = new_signing_key(organisation.id, &key_id, true, &Actor::system())?;
    insert_signing(store, &key).await?;
    Ok((key.key_id, key.secret.expose().into()))
}

async fn insert_signing(store: &Store, key: &SigningKey) -> Result<(), Failure> {
    let audit = by_gapin(key.org_id, "signing_key.create", "signing_key", &key.key_id);
    Ok(store.stores.identity.insert_signing_key(key, &audit).await?)
}
