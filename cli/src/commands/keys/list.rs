//! `gapin keys list`.

use aibbar::Timestamp;
use clap::Args;
use store::{ApiKey, Limit};

use super::{KeyStoreArgs, OrganisationArgs, now, shown};
use crate::{
    exit::{Exit, Failure},
    terminal::{printable, say, say_json},
};

/// Keys that are asked for at once.
const PAGE: u32 = 500;

#[derive(Args, Debug)]
pub(super) struct ListArgs {
    #[command(flatten)]
    organisation: OrganisationArgs,
    /// One JSON object per key
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(super) async fn run(args: ListArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let mut before = None;
    loop {
        let page = store.stores.identity.api_keys(organisation.id, before, PAGE).await?;
        for key in &page {
            if args.json {
                say_json(&shown(key, &organisation.name))?;
            } else {
                say(&line(key, now()))?;
            }
        }
        before = page.last().map(|key| key.id);
        if page.len() < PAGE as usize {
            return Ok(Exit::Ok);
        }
    }
}

fn line(key: &ApiKey, now: Timestamp) -> String {
    let scopes = key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",");
    let used = key.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
    let limits = [(key.limits.requests_per_minute, "requests/min"), (key.limits.events_per_day, "events/day")];
    let limits: String = limits.iter().filter_map(|(limit, unit)| limit_in_words(*limit, unit)).collect();
    let name = printable(&key.name, 40);
    format!("{}  {}…  {:<9}  {name}  {scopes}  {used}{limits}", key.id, key.prefix, state(key, now))
}

/// What the plan says needs no words.
fn limit_in_words(limit: Limit, unit: &str) -> Option<String> {
    match limit {
        Limit::Inherited => None,
        Limit::AtMost(most) => Some(format!("  {most} {unit}")),
        Limit::Off => Some(format!("  {unit} off")),
    }
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
