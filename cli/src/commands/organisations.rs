//! `gapin orgs`: organisations, as the operator of an installation sees them.

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use store::{Organisation, organisations::OrganisationChanges};

use super::keys::{KeyStoreArgs, by_operator};
use crate::{
    exit::{Exit, Failure},
    settings::values::name,
    terminal::{printable, say, say_json},
    wiring::Store,
};

/// Organisations asked for at once.
const PAGE_ORGANISATIONS: u32 = 500;

/// Make, list and change organisations
#[derive(Args, Debug)]
pub(crate) struct OrganisationsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List all organisations, the oldest first
    List(ListArgs),
    /// Make an organisation, without members; `gapin users create` gives it some
    Create(CreateArgs),
    /// Put an organisation on a plan; its keys have the plan's limits from then on
    SetPlan(SetPlanArgs),
    /// Show what is set for an organisation, or change it
    Settings(SettingsArgs),
}

#[derive(Args, Debug)]
struct ListArgs {
    /// One JSON object per organisation
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct CreateArgs {
    /// Its name, unique on this installation
    #[arg(value_name = "NAME", value_parser = name::<64>)]
    organisation: String,
    /// What is known of it, as one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct SetPlanArgs {
    /// The organisation's name
    #[arg(value_name = "NAME", value_parser = name::<64>)]
    organisation: String,
    /// The plan's name, as `gapin plans list` shows it
    #[arg(value_parser = name::<64>)]
    plan: String,
    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct SettingsArgs {
    /// The organisation's name
    #[arg(value_name = "NAME", value_parser = name::<64>)]
    organisation: String,
    /// Another name for it
    #[arg(long, value_name = "NAME", value_parser = name::<64>)]
    rename: Option<String>,
    /// Whether only events of registered AI systems are taken
    #[arg(long, value_name = "true|false")]
    registered_systems_only: Option<bool>,
    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(crate) const EXAMPLES: &str = "\
Examples:
  gapin orgs create acme
  gapin orgs set-plan acme large
  gapin orgs settings acme --registered-systems-only true
  gapin orgs list --json";

pub(crate) async fn run(args: OrganisationsArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::List(args) => list(args).await,
        Action::Create(args) => create(args).await,
        Action::SetPlan(args) => {
            let changes = OrganisationChanges { plan: Some(args.plan), ..OrganisationChanges::default() };
            change(&args.store, &args.organisation, &changes).await
        }
        Action::Settings(args) => {
            let changes = OrganisationChanges {
                name: args.rename,
                registered_systems_only: args.registered_systems_only,
                plan: None,
            };
            change(&args.store, &args.organisation, &changes).await
        }
    }
}

async fn list(args: ListArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let mut after = None;
    loop {
        let page = store.stores.organisations.organisations(after, PAGE_ORGANISATIONS).await?;
        let Some(last) = page.last() else { return Ok(Exit::Ok) };
        after = Some(last.id);
        for organisation in &page {
            if args.json {
                say_json(&shown(organisation))?;
            } else {
                let name = printable(&organisation.name, 64);
                let plan = printable(&organisation.plan, 64);
                let only = if organisation.registered_systems_only { "  registered systems only" } else { "" };
                say(&format!("{}  {}  {name}  {plan}{only}", organisation.id, organisation.created_at))?;
            }
        }
    }
}

async fn create(args: CreateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    if store.stores.identity.organisation(&args.organisation).await?.is_some() {
        return Err(Failure::failed(format!("there is an organisation {:?} already", args.organisation)));
    }
    let made = store.stores.identity.ensure_organisation(&args.organisation).await?;
    if args.json {
        say_json(&shown(&made))?;
    } else {
        say(&format!("made {} ({})", printable(&made.name, 64), made.id))?;
    }
    Ok(Exit::Ok)
}

/// Changes what there is to change, and shows what is set.
async fn change(args: &KeyStoreArgs, organisation: &str, changes: &OrganisationChanges) -> Result<Exit, Failure> {
    let store = args.open().await?;
    let mut found = find(&store, organisation).await?;
    if *changes != OrganisationChanges::default() {
        let mut audit = by_operator(&found, "organisation.update", "organisation", found.id);
        if let Some(name) = &changes.name {
            audit = audit.with("name", name.clone());
        }
        if let Some(plan) = &changes.plan {
            audit = audit.with("plan", plan.clone());
        }
        if let Some(only) = changes.registered_systems_only {
            audit = audit.with("registered_systems_only", only);
        }
        let changed = store.stores.organisations.update_organisation(found.id, changes, &audit).await?;
        found = changed.ok_or_else(|| no_such_organisation(organisation))?;
        args.announce().await;
    }
    say_json(&shown(&found))?;
    Ok(Exit::Ok)
}

async fn find(store: &Store, name: &str) -> Result<Organisation, Failure> {
    store.stores.identity.organisation(name).await?.ok_or_else(|| no_such_organisation(name))
}

fn no_such_organisation(name: &str) -> Failure {
    Failure::failed(format!("there is no organisation {name:?}"))
}

fn shown(organisation: &Organisation) -> Value {
    json!({
        "id": organisation.id,
        "name": organisation.name,
        "plan": organisation.plan,
        "registered_systems_only": organisation.registered_systems_only,
        "created_at": organisation.created_at.to_string(),
    })
}
