//! `gapin signing-keys`: the secrets that events are signed with.

use std::time::SystemTime;

use aibbar::{SigningSecret, Timestamp};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use store::{OrgId, SigningKey};

use super::keys::{KeyStoreArgs, OrganisationArgs};
use crate::{
    exit::{Exit, Failure},
    settings::values::name,
    terminal::{note, printable, say, say_json},
};

/// Make, list and revoke the keys that events are signed with
#[derive(Args, Debug)]
pub(crate) struct SigningKeysArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Make a signing key and print its secret: it is shown this once
    Create(CreateArgs),
    /// List the organisation's signing keys, without their secrets
    List(ListArgs),
    /// Revoke a signing key: from then on it verifies nothing
    Revoke(RevokeArgs),
}

#[derive(Args, Debug)]
struct CreateArgs {
    #[command(flatten)]
    organisation: OrganisationArgs,

    /// The key's name in events (`key_id`), for good unique in the organisation
    #[arg(long, value_name = "ID", value_parser = name::<64>)]
    key_id: String,

    /// Meant when an event names no key; the first key of an organisation is that anyway
    #[arg(long)]
    default: bool,

    /// The secret and what is known of the key, as one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct ListArgs {
    #[command(flatten)]
    organisation: OrganisationArgs,
    /// One JSON object per key
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct RevokeArgs {
    /// The key's name in events
    #[arg(value_parser = name::<64>)]
    key_id: String,
    #[command(flatten)]
    organisation: OrganisationArgs,
    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(crate) const EXAMPLES: &str = "\
Examples:
  GAPIN_SIGNING_SECRET=$(gapin signing-keys create --org acme --key-id agent-2026)
  gapin signing-keys list --org acme
  gapin signing-keys revoke agent-2025 --org acme";

pub(crate) async fn run(args: SigningKeysArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::Create(args) => create(args).await,
        Action::List(args) => list(args).await,
        Action::Revoke(args) => revoke(args).await,
    }
}

async fn create(args: CreateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = store.identity.ensure_organisation(&args.organisation.org).await?;
    let key = new_signing_key(organisation.id, &args.key_id, args.default)?;
    store.identity.insert_signing_key(&key).await?;
    args.store.announce().await;
    if args.json {
        // Read back: the first key of an organisation is its default without being told.
        let kept = store.identity.signing_key(organisation.id, Some(&args.key_id)).await?.unwrap_or(key);
        let mut shown = shown(&kept, &organisation.name);
        shown["secret"] = kept.secret.expose().into();
        say_json(&shown)?;
    } else {
        note(&format!("secret of the signing key {:?} of {}, shown this once:", key.key_id, organisation.name));
        say(key.secret.expose())?;
    }
    Ok(Exit::Ok)
}

/// A signing key with a secret of its own.
pub(super) fn new_signing_key(org_id: OrgId, key_id: &str, is_default: bool) -> Result<SigningKey, Failure> {
    Ok(SigningKey {
        org_id,
        key_id: key_id.to_owned(),
        secret: new_secret()?,
        is_default,
        created_at: Timestamp::from(SystemTime::now()),
        verify_until: None,
        revoked_at: None,
    })
}

/// 32 random bytes, as text that needs no quotes anywhere.
fn new_secret() -> Result<SigningSecret, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::failed(format!("the system gives no randomness: {error}")))?;
    Ok(SigningSecret::new(format!("ss_{}", hex::encode(bytes))))
}

async fn list(args: ListArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    for key in store.identity.signing_keys(organisation.id).await? {
        if args.json {
            say_json(&shown(&key, &organisation.name))?;
        } else {
            let default = if key.is_default { "  default" } else { "" };
            let state = state(&key, Timestamp::from(SystemTime::now()));
            say(&format!("{}  {state:<9}  {}{default}", printable(&key.key_id, 64), key.created_at))?;
        }
    }
    Ok(Exit::Ok)
}

async fn revoke(args: RevokeArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let now = Timestamp::from(SystemTime::now());
    if !store.identity.revoke_signing_key(organisation.id, &args.key_id, now).await? {
        return Err(Failure::failed(format!("{} has no signing key {:?}", organisation.name, args.key_id)));
    }
    args.store.announce().await;
    say(&format!("revoked {}", args.key_id))?;
    Ok(Exit::Ok)
}

fn shown(key: &SigningKey, organisation: &str) -> Value {
    json!({
        "key_id": key.key_id,
        "org": organisation,
        "org_id": key.org_id,
        "default": key.is_default,
        "algorithm": "HMAC-SHA256",
        "created_at": key.created_at.to_string(),
        "verify_until": key.verify_until.map(|at| at.to_string()),
        "revoked_at": key.revoked_at.map(|at| at.to_string()),
    })
}

fn state(key: &SigningKey, now: Timestamp) -> &'static str {
    if key.revoked_at.is_some() {
        "revoked"
    } else if key.verify_until.is_some_and(|until| until <= now) {
        "expired"
    } else {
        "active"
    }
}
