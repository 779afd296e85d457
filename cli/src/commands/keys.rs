//! `gapin keys`: API keys.

use std::time::{Duration, SystemTime};

use aibbar::Timestamp;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use store::{ApiKey, Organisation, Scope, api_key};
use uuid::Uuid;

use crate::{
    exit::{Exit, Failure},
    master_key::WhenAbsent,
    settings::{
        client::uuid,
        data_dir::DataDirSettings,
        event_store::EventStoreSettings,
        gateway::RedisSettings,
        secrets::MasterKeySettings,
        values::{days, name},
    },
    terminal::{note, printable, say, say_json},
    wiring::{Store, StoreSettings, notices, open_store},
};

/// Make, list and revoke API keys
#[derive(Args, Debug)]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Make a key and print it: it is shown this once
    #[command(after_help = CREATE_EXAMPLES)]
    Create(CreateArgs),
    /// List the organisation's keys, without the keys themselves
    List(ListArgs),
    /// Revoke a key: every gateway refuses it within a second
    Revoke(RevokeArgs),
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
struct CreateArgs {
    #[command(flatten)]
    organisation: OrganisationArgs,

    /// What people call the key; one name is given once among the keys that are not revoked
    #[arg(long, value_name = "NAME", value_parser = name::<128>)]
    name: String,

    /// What the key may do: events:write, events:read, keys:manage, topics:manage, metrics:read,
    /// audit:read, separated by commas, or all
    #[arg(long, value_name = "SCOPE,…", default_value = "events:write,events:read", value_parser = scopes)]
    scopes: Scopes,

    /// From then on the key is refused
    #[arg(long, value_name = "DAYS", value_parser = days::<1, 36_500>)]
    expires_in_days: Option<Duration>,

    /// The key and what is known of it, as one JSON object
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
    /// The key's id, as `gapin keys list` shows it
    #[arg(value_parser = uuid)]
    id: Uuid,
    #[command(flatten)]
    organisation: OrganisationArgs,
    #[command(flatten)]
    store: KeyStoreArgs,
}

/// One argument; clap would take a `Vec` for a repeated one.
#[derive(Clone, Debug)]
struct Scopes(Vec<Scope>);

pub(crate) const EXAMPLES: &str = "\
Keys live in the store: a running gateway on the same store sees a change within a second.

Examples:
  gapin keys create --org acme --name agent-1
  gapin keys list --org acme
  gapin keys revoke 018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b --org acme";

const CREATE_EXAMPLES: &str = "\
The organisation is made when it is not there.

Examples:
  GAPIN_API_KEY=$(gapin keys create --org acme --name agent-1 --scopes events:write)
  gapin keys create --name dashboard --scopes events:read --expires-in-days 90 --json";

pub(crate) async fn run(args: KeysArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::Create(args) => create(args).await,
        Action::List(args) => list(args).await,
        Action::Revoke(args) => revoke(args).await,
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
        let found = store.identity.organisation(&self.org).await?;
        found.ok_or_else(|| Failure::failed(format!("there is no organisation {:?}", self.org)))
    }
}

async fn create(args: CreateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = store.identity.ensure_organisation(&args.organisation.org).await?;
    let now = Timestamp::from(SystemTime::now());
    let expires_at = args.expires_in_days.map(|days| now.plus_ms(i64::try_from(days.as_millis()).unwrap_or(i64::MAX)));
    let (key, text) = new_api_key(&store, &organisation, &args.name, args.scopes.0, now, expires_at);
    store.identity.insert_api_key(&key).await?;
    args.store.announce().await;
    if args.json {
        let mut shown = shown(&key, &organisation.name);
        shown["key"] = text.as_str().into();
        say_json(&shown)?;
    } else {
        note(&format!("API key {:?} of {} ({}), shown this once:", key.name, organisation.name, key.id));
        say(&text)?;
    }
    Ok(Exit::Ok)
}

/// A new key as it is kept, and as it is shown.
pub(super) fn new_api_key(
    store: &Store,
    organisation: &Organisation,
    name: &str,
    scopes: Vec<Scope>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
) -> (ApiKey, String) {
    let made = api_key::generate();
    let key = ApiKey {
        id: Uuid::now_v7(),
        org_id: organisation.id,
        name: name.to_owned(),
        hash: store.vault.hash_api_key(&made.key),
        prefix: made.prefix,
        scopes,
        created_at,
        expires_at,
        revoked_at: None,
    };
    (key, made.key.to_string())
}

async fn list(args: ListArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    for key in store.identity.api_keys(organisation.id).await? {
        if args.json {
            say_json(&shown(&key, &organisation.name))?;
        } else {
            let scopes = key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",");
            let state = state(&key, Timestamp::from(SystemTime::now()));
            say(&format!("{}  {}…  {:<9}  {}  {scopes}", key.id, key.prefix, state, printable(&key.name, 40)))?;
        }
    }
    Ok(Exit::Ok)
}

async fn revoke(args: RevokeArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let now = Timestamp::from(SystemTime::now());
    if !store.identity.revoke_api_key(organisation.id, args.id, now).await? {
        return Err(Failure::failed(format!("{} has no key {}", organisation.name, args.id)));
    }
    args.store.announce().await;
    say(&format!("revoked {}", args.id))?;
    Ok(Exit::Ok)
}

fn shown(key: &ApiKey, organisation: &str) -> Value {
    json!({
        "id": key.id,
        "org": organisation,
        "org_id": key.org_id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "created_at": key.created_at.to_string(),
        "expires_at": key.expires_at.map(|at| at.to_string()),
        "revoked_at": key.revoked_at.map(|at| at.to_string()),
    })
}

fn state(key: &ApiKey, now: Timestamp) -> &'static str {
    if key.revoked_at.is_some() {
        "revoked"
    } else if key.expires_at.is_some_and(|at| at <= now) {
        "expired"
    } else {
        "active"
    }
}

fn scopes(text: &str) -> Result<Scopes, String> {
    if text == "all" {
        return Ok(Scopes(Scope::ALL.to_vec()));
    }
    let mut scopes = Vec::new();
    for word in text.split(',') {
        let scope: Scope = word.trim().parse().map_err(|_| {
            format!("all, or some of {}, separated by commas", Scope::ALL.map(|scope| scope.as_str()).join(", "))
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(Scopes(scopes))
}
