//! `gapin plans`: the limits that organisations are on.

use clap::{Args, Subcommand};
use serde_json::json;
use store::{Actor, AuditEntry, Limit, Limits, Plan};

use super::keys::{KeyStoreArgs, shown_limit};
use crate::{
    exit::{Exit, Failure},
    settings::values::{inheritable_limit, name},
    terminal::{printable, say, say_json},
};

/// List and set plans: what they allow each key of the organisations that are on them
#[derive(Args, Debug)]
pub(crate) struct PlansArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List all plans by name
    List(ListArgs),
    /// Make a plan, or change one; what is not given stays as it is
    Set(SetArgs),
}

#[derive(Args, Debug)]
struct ListArgs {
    /// One JSON object per plan; null: the server's settings decide
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct SetArgs {
    /// The plan's name; `default` is the plan of organisations that were given none
    #[arg(value_name = "NAME", value_parser = name::<64>)]
    plan: String,
    /// Requests of each key in any minute; off: no limit; inherit: what the server's settings say
    #[arg(long, value_name = "N|off|inherit", value_parser = inheritable_limit)]
    requests_per_minute: Option<Limit>,
    /// Events of each key in a day (UTC); off: no limit; inherit: what the server's settings say
    #[arg(long, value_name = "N|off|inherit", value_parser = inheritable_limit)]
    events_per_day: Option<Limit>,
    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(crate) const EXAMPLES: &str = "\
Examples:
  gapin plans set large --requests-per-minute 60000 --events-per-day off
  gapin orgs set-plan acme large
  gapin plans list";

pub(crate) async fn run(args: PlansArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::List(args) => list(args).await,
        Action::Set(args) => set(args).await,
    }
}

async fn list(args: ListArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    for plan in store.stores.organisations.plans().await? {
        show(&plan, args.json)?;
    }
    Ok(Exit::Ok)
}

async fn set(args: SetArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let plans = store.stores.organisations.plans().await?;
    let before = plans.into_iter().find(|plan| plan.name == args.plan).map(|plan| plan.limits).unwrap_or_default();
    let limits = Limits {
        requests_per_minute: args.requests_per_minute.unwrap_or(before.requests_per_minute),
        events_per_day: args.events_per_day.unwrap_or(before.events_per_day),
    };
    let plan = Plan { name: args.plan, limits };
    // A plan is the installation's: no organisation's trail tells of it.
    let audit = AuditEntry::new(None, Actor::operator(), "plan.set", "plan", &plan.name)
        .with("requests_per_minute", shown_limit(limits.requests_per_minute))
        .with("events_per_day", shown_limit(limits.events_per_day));
    store.stores.organisations.set_plan(&plan, &audit).await?;
    args.store.announce().await;
    show(&plan, false)?;
    Ok(Exit::Ok)
}

fn show(plan: &Plan, as_json: bool) -> Result<(), Failure> {
    let Limits { requests_per_minute, events_per_day } = plan.limits;
    if as_json {
        return say_json(&json!({
            "name": plan.name,
            "requests_per_minute": shown_limit(requests_per_minute),
            "events_per_day": shown_limit(events_per_day),
        }));
    }
    let words = |limit| match limit {
        Limit::Inherited => "the server's".to_owned(),
        Limit::AtMost(most) => most.to_string(),
        Limit::Off => "off".to_owned(),
    };
    let name = printable(&plan.name, 64);
    say(&format!("{name}  requests a minute: {}  events a day: {}", words(requests_per_minute), words(events_per_day)))
}
