//! `gapin keys`: API keys, and the master key behind them.

mod create;
mod list;
mod rotate;
mod rotate_master;

use std::time::{Duration, SystemTime};

use aibbar::Timestamp;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use store::{Actor, ApiKey, AuditEntry, Limit, Organisation};
use uuid::Uuid;

use crate::{
    exit::{Exit, Failure},
    master_key::WhenAbsent,
    settings::{
        client::uuid, data_dir::DataDirSettings, event_store::EventStoreSettings, gateway::RedisSettings,
        secrets::MasterKeySettings, values::name,
    },
    terminal::say,
    wiring::{Store, StoreSettings, notices, open_store},
};
pub(super) use create::new_api_key;
pub(super) use rotate_master::rotation_lock;

/// Make, list, rotate and revoke API keys; rotate the master key
#[derive(Args, Debug)]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Make a key and print it: it is shown this once
    #[command(after_help = create::EXAMPLES)]
    Create(create::CreateArgs),
    /// List the organisation's keys, without the keys themselves
    List(list::ListArgs),
    /// Give a key a new secret and print it: it is shown this once
    Rotate(rotate::RotateArgs),
    /// Revoke a key: every gateway refuses it within a second
    Revoke(RevokeArgs),
    /// Seal every secret in the store under a new master key, while GAPIN runs
    #[command(after_help = rotate_master::EXAMPLES)]
    RotateMaster(rotate_master::RotateMasterArgs),
}

/// Whose keys.
#[derive(Args, Debug)]
pub(super) struct OrganisationArgs {
    /// The organisation
    #[arg(long, value_name = "NAME", default_value = "dev", value_parser = name::<64>)]
    pub(super) org: String,
}

/// The store that holds them.
#[derive(Args, Debug)]
pub(super) struct KeyStoreArgs {
    #[command(flatten)]
    event_store: EventStoreSettings,
    #[command(flatten)]
    redis: RedisSettings,
    #[command(flatten)]
    master_key: MasterKeySettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

#[derive(Args, Debug)]
struct RevokeArgs {
    /// The key's id, as `gapin keys list` shows it
    #[arg(value_parser = uuid)]
    id: Uuid,
    #[command(flatten)]
    organisation: OrganisationArgs,
    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(crate) const EXAMPLES: &str = "\
Keys live in the store: a running gateway on the same store sees a change within a second.

Examples:
  gapin keys create --org acme --name agent-1
  gapin keys list --org acme
  gapin keys rotate 018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b --org acme --overlap-hours 24
  gapin keys revoke 018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b --org acme";

pub(crate) async fn run(args: KeysArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::Create(args) => create::run(args).await,
        Action::List(args) => list::run(args).await,
        Action::Rotate(args) => rotate::run(args).await,
        Action::Revoke(args) => revoke(args).await,
        Action::RotateMaster(args) => rotate_master::run(args).await,
    }
}

impl KeyStoreArgs {
    pub(super) async fn open(&self) -> Result<Store, Failure> {
        let settings =
            StoreSettings { data_dir: &self.data_dir, event_store: &self.event_store, master_key: &self.master_key };
        open_store(settings, WhenAbsent::Refused).await
    }

    /// Tells running gateways that a key changed. They look by themselves too, so a failure only costs time.
    pub(super) async fn announce(&self) {
        match notices(&self.redis) {
            Ok(Some(notices)) => {
                if let Err(error) = notices.announce().await {
                    tracing::warn!(%error, "Redis could not be told; gateways see the change at their next look");
                }
            }
            Ok(None) => {}
            Err(failure) => tracing::warn!(%failure, "Redis could not be told"),
        }
    }
}

impl OrganisationArgs {
    /// The organisation, which has to be there.
    pub(super) async fn find(&self, store: &Store) -> Result<Organisation, Failure> {
        let found = store.stores.identity.organisation(&self.org).await?;
        found.ok_or_else(|| Failure::failed(format!("there is no organisation {:?}", self.org)))
    }
}

async fn revoke(args: RevokeArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let audit = by_operator(&organisation, "api_key.revoke", "api_key", args.id);
    if !store.stores.identity.revoke_api_key(organisation.id, args.id, now(), &audit).await? {
        return Err(no_such_key(&organisation, args.id));
    }
    args.store.announce().await;
    say(&format!("revoked {}", args.id))?;
    Ok(Exit::Ok)
}

/// An entry of the audit trail: whoever runs this command did this to that, now.
pub(super) fn by_operator(
    organisation: &Organisation,
    action: &str,
    target_kind: &str,
    target_id: impl std::fmt::Display,
) -> AuditEntry {
    AuditEntry::new(Some(organisation.id), Actor::operator(), action, target_kind, target_id)
}

pub(super) fn now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}

/// So long from this moment.
pub(super) fn after(moment: Timestamp, time: Duration) -> Timestamp {
    moment.plus_ms(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

fn no_such_key(organisation: &Organisation, id: Uuid) -> Failure {
    Failure::failed(format!("{} has no key {id} that is not revoked", organisation.name))
}

/// A key as JSON, without the key itself.
fn shown(key: &ApiKey, organisation: &str) -> Value {
    json!({
        "id": key.id,
        "org": organisation,
        "org_id": key.org_id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "requests_per_minute": shown_limit(key.limits.requests_per_minute),
        "events_per_day": shown_limit(key.limits.events_per_day),
        "allowed_ips": key.allowed_ips.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "made_by": key.made_by,
        "created_at": key.created_at.to_string(),
        "last_used_at": key.last_used_at.map(|at| at.to_string()),
        "previous_until": key.previous.as_ref().map(|previous| previous.until.to_string()),
        "expires_at": key.expires_at.map(|at| at.to_string()),
        "revoked_at": key.revoked_at.map(|at| at.to_string()),
    })
}

/// `null`: the plan's.
pub(super) fn shown_limit(limit: Limit) -> Value {
    match limit {
        Limit::Inherited => Value::Null,
        Limit::AtMost(most) => most.into(),
        Limit::Off => "off".into(),
    }
}
