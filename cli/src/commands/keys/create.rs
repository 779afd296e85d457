//! `gapin keys create`.

use std::time::Duration;

use aibbar::Timestamp;
use clap::Args;
use ipnet::IpNet;
use store::{Actor, ApiKey, Limit, Limits, Organisation, Scope, api_key};
use uuid::Uuid;

use super::{KeyStoreArgs, OrganisationArgs, after, by_operator, now, shown};
use crate::{
    exit::{Exit, Failure},
    settings::values::{address_range, days, limit, name},
    terminal::{note, say, say_json},
    wiring::Store,
};

#[derive(Args, Debug)]
pub(super) struct CreateArgs {
    #[command(flatten)]
    organisation: OrganisationArgs,

    /// What people call the key; one name is given once among the keys that are not revoked
    #[arg(long, value_name = "NAME", value_parser = name::<64>)]
    name: String,

    /// What the key may do: events:write, events:read, keys:manage, topics:manage, metrics:read, audit:read,
    /// members:read, members:manage, organisation:manage, separated by commas, or all
    #[arg(long, value_name = "SCOPE,…", default_value = "events:write,events:read", value_parser = scopes)]
    scopes: Scopes,

    /// Requests that the key may make in any minute, or off. Absent: as many as the organisation's plan says
    #[arg(long, value_name = "N|off", value_parser = limit)]
    requests_per_minute: Option<Limit>,

    /// Events that the key may record in one day (UTC), or off. Absent: as many as the organisation's plan says
    #[arg(long, value_name = "N|off", value_parser = limit)]
    events_per_day: Option<Limit>,

    /// From where the key may be used: addresses and ranges of addresses, separated by commas. Absent: from everywhere
    #[arg(long, value_name = "RANGE,…", value_delimiter = ',', value_parser = address_range)]
    allowed_ips: Vec<IpNet>,

    /// From then on the key is refused
    #[arg(long, value_name = "DAYS", value_parser = days::<1, 36_500>)]
    expires_in_days: Option<Duration>,

    /// The key and what is known of it, as one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: KeyStoreArgs,
}

/// One argument; clap would take a `Vec` for a repeated one.
#[derive(Clone, Debug)]
struct Scopes(Vec<Scope>);

pub(super) const EXAMPLES: &str = "\
The organisation is made when it is not there.

Examples:
  GAPIN_API_KEY=$(gapin keys create --org acme --name agent-1 --scopes events:write)
  gapin keys create --name dashboard --scopes events:read --expires-in-days 90 --json
  gapin keys create --name batch --events-per-day off --allowed-ips 10.0.0.0/8";

pub(super) async fn run(args: CreateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = store.stores.identity.ensure_organisation(&args.organisation.org).await?;
    let created_at = now();
    let (made, text) = new_api_key(&store, &organisation, &args.name, args.scopes.0, created_at, &Actor::operator())?;
    let key = ApiKey {
        limits_are_granted: true,
        limits: Limits {
            requests_per_minute: args.requests_per_minute.unwrap_or_default(),
            events_per_day: args.events_per_day.unwrap_or_default(),
        },
        allowed_ips: args.allowed_ips,
        expires_at: args.expires_in_days.map(|days| after(created_at, days)),
        ..made
    };
    let audit = by_operator(&organisation, "api_key.create", "api_key", key.id)
        .with("name", key.name.as_str())
        .with("scopes", key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>());
    store.stores.identity.insert_api_key(&key, &audit).await?;
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

/// A new key as it is kept, with the limits of its plan and good from everywhere, and as it is shown.
pub(in crate::commands) fn new_api_key(
    store: &Store,
    organisation: &Organisation,
    name: &str,
    scopes: Vec<Scope>,
    created_at: Timestamp,
    maker: &Actor,
) -> Result<(ApiKey, String), Failure> {
    let made = api_key::generate();
    let key = ApiKey {
        id: Uuid::now_v7(),
        org_id: organisation.id,
        name: name.to_owned(),
        hash: store.vault.hash_api_key(&made.key)?,
        prefix: made.prefix,
        previous: None,
        scopes,
        limits: Limits::default(),
        limits_are_granted: false,
        allowed_ips: Vec::new(),
        made_by: maker.name.clone(),
        created_at,
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
    };
    Ok((key, made.key.to_string()))
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
