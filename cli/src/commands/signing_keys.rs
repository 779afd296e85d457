//! `gapin signing-keys`: the secrets that events are signed with.

use std::time::Duration;

use aibbar::{SigningSecret, Timestamp};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use store::{Actor, OrgId, Organisation, SigningKey};
use uuid::Uuid;

use super::keys::{KeyStoreArgs, OrganisationArgs, after, by_operator, now};
use crate::{
    exit::{Exit, Failure},
    settings::{
        client::uuid,
        values::{hours, name},
    },
    terminal::{note, printable, say, say_json},
};

/// Make, list, rotate and revoke the keys that events are signed with
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
    /// Give a signing key a new secret and print it: it is shown this once
    Rotate(RotateArgs),
    /// Make a signing key the one that is meant when an event names none
    SetDefault(NamedArgs),
    /// Revoke a signing key: from then on it verifies nothing
    Revoke(NamedArgs),
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

    /// The one AI system whose events the key may sign. Absent: any
    #[arg(long, value_name = "UUID", value_parser = uuid)]
    ai_id: Option<Uuid>,

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
struct RotateArgs {
    /// The key's name in events; it stays the same
    #[arg(value_parser = name::<64>)]
    key_id: String,

    /// How long the old secrets go on verifying, for events that were signed before; 0: not at all
    #[arg(long, value_name = "HOURS", default_value = "24", value_parser = hours::<0, 8_760>)]
    verify_for_hours: Duration,

    #[command(flatten)]
    organisation: OrganisationArgs,

    /// The secret and what is known of the key, as one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct NamedArgs {
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
  gapin signing-keys rotate agent-2026 --org acme --verify-for-hours 48
  gapin signing-keys revoke agent-2025 --org acme";

pub(crate) async fn run(args: SigningKeysArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::Create(args) => create(args).await,
        Action::List(args) => list(args).await,
        Action::Rotate(args) => rotate(args).await,
        Action::SetDefault(args) => set_default(args).await,
        Action::Revoke(args) => revoke(args).await,
    }
}

async fn create(args: CreateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = store.stores.identity.ensure_organisation(&args.organisation.org).await?;
    let made = new_signing_key(organisation.id, &args.key_id, args.default, &Actor::operator())?;
    let key = SigningKey { ai_id: args.ai_id, ..made };
    let audit = by_operator(&organisation, "signing_key.create", "signing_key", &key.key_id);
    store.stores.identity.insert_signing_key(&key, &audit).await?;
    args.store.announce().await;
    if args.json {
        // Read back: the first key of an organisation is its default without being told.
        let kept = store.stores.identity.signing_key(organisation.id, Some(&args.key_id)).await?;
        say_secret(kept.first().unwrap_or(&key), &organisation)?;
    } else {
        note(&format!("secret of the signing key {:?} of {}, shown this once:", key.key_id, organisation.name));
        say(key.secret.expose())?;
    }
    Ok(Exit::Ok)
}

/// A signing key with a secret of its own.
pub(super) fn new_signing_key(
    org_id: OrgId,
    key_id: &str,
    is_default: bool,
    maker: &Actor,
) -> Result<SigningKey, Failure> {
    Ok(SigningKey {
        org_id,
        key_id: key_id.to_owned(),
        version: 1,
        secret: new_secret()?,
        is_default,
        ai_id: None,
        made_by: maker.name.clone(),
        created_at: now(),
        last_used_at: None,
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
    for key in store.stores.identity.signing_keys(organisation.id).await? {
        if args.json {
            say_json(&shown(&key, &organisation.name))?;
        } else {
            let default = if key.is_default { "  default" } else { "" };
            let bound = key.ai_id.map(|id| format!("  for {id}")).unwrap_or_default();
            let name = printable(&key.key_id, 64);
            let state = state(&key, now());
            say(&format!("{name}  v{}  {state:<9}  {}{bound}{default}", key.version, key.created_at))?;
        }
    }
    Ok(Exit::Ok)
}

async fn rotate(args: RotateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let at = now();
    let verify_until = after(at, args.verify_for_hours);
    let audit = by_operator(&organisation, "signing_key.rotate", "signing_key", &args.key_id)
        .with("verify_until", verify_until.to_string());
    let secret = new_secret()?;
    let rotated = store
        .stores
        .identity
        .rotate_signing_key(organisation.id, &args.key_id, &secret, at, verify_until, &audit)
        .await?;
    let key = rotated.ok_or_else(|| no_such_key(&organisation, &args.key_id))?;
    args.store.announce().await;
    if args.json {
        say_secret(&key, &organisation)?;
    } else {
        note(&format!(
            "the old secrets of {:?} verify until {verify_until}; the new one, shown this once:",
            key.key_id
        ));
        say(key.secret.expose())?;
    }
    Ok(Exit::Ok)
}

async fn set_default(args: NamedArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let audit = by_operator(&organisation, "signing_key.set_default", "signing_key", &args.key_id);
    if !store.stores.identity.set_default_signing_key(organisation.id, &args.key_id, &audit).await? {
        return Err(no_such_key(&organisation, &args.key_id));
    }
    args.store.announce().await;
    say(&format!("{} is the default", args.key_id))?;
    Ok(Exit::Ok)
}

async fn revoke(args: NamedArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let audit = by_operator(&organisation, "signing_key.revoke", "signing_key", &args.key_id);
    if !store.stores.identity.revoke_signing_key(organisation.id, &args.key_id, now(), &audit).await? {
        return Err(no_such_key(&organisation, &args.key_id));
    }
    args.store.announce().await;
    say(&format!("revoked {}", args.key_id))?;
    Ok(Exit::Ok)
}

fn no_such_key(organisation: &Organisation, key_id: &str) -> Failure {
    Failure::failed(format!("{} has no signing key {key_id:?} that is not revoked", organisation.name))
}

/// The secret and what is known of its key.
fn say_secret(key: &SigningKey, organisation: &Organisation) -> Result<(), Failure> {
    let mut shown = shown(key, &organisation.name);
    shown["secret"] = key.secret.expose().into();
    say_json(&shown)
}

fn shown(key: &SigningKey, organisation: &str) -> Value {
    json!({
        "key_id": key.key_id,
        "org": organisation,
        "org_id": key.org_id,
        "version": key.version,
        "default": key.is_default,
        "ai_id": key.ai_id,
        "made_by": key.made_by,
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
