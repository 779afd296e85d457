//! `gapin users`: people, where no e-mail brings them in.

use clap::{Args, Subcommand};
use gateway::provision::{Provisioned, provide_person, reset_password};
use serde_json::json;
use store::{Actor, Role};

use super::keys::{KeyStoreArgs, OrganisationArgs};
use crate::{
    exit::{Exit, Failure},
    settings::values::{email_address, name},
    terminal::{note, say, say_json},
};

/// Make people and reset their passwords
#[derive(Args, Debug)]
pub(crate) struct UsersArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Make a person and print a one-time password: it is shown this once
    #[command(after_help = CREATE_EXAMPLES)]
    Create(CreateArgs),
    /// Give a person a new one-time password and print it; signs them out everywhere
    ResetPassword(ResetPasswordArgs),
}

#[derive(Args, Debug)]
struct CreateArgs {
    /// Their e-mail address
    #[arg(long, value_name = "ADDRESS", value_parser = email_address)]
    email: String,

    /// What they are called. Absent: the part of the address before the @
    #[arg(long, value_name = "NAME", value_parser = name::<128>)]
    name: Option<String>,

    #[command(flatten)]
    organisation: OrganisationArgs,

    /// What they are there: owner, admin, member or viewer
    #[arg(long, value_name = "ROLE", default_value = "member", value_parser = role)]
    role: Role,

    /// Who they are and their password, as one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: KeyStoreArgs,
}

#[derive(Args, Debug)]
struct ResetPasswordArgs {
    /// Whose
    #[arg(long, value_name = "ADDRESS", value_parser = email_address)]
    email: String,
    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(crate) const EXAMPLES: &str = "\
People sign in at the gateway; with the one-time password they are asked to set one of their own.

Examples:
  gapin users create --email ada@example.com --org acme --role owner
  gapin users reset-password --email ada@example.com";

const CREATE_EXAMPLES: &str = "\
The organisation is made when it is not there. Who has an account becomes a member with it.

Examples:
  gapin users create --email ada@example.com --org acme --role owner
  gapin users create --email bob@example.com --name Bob --org acme --json";

pub(crate) async fn run(args: UsersArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::Create(args) => create(args).await,
        Action::ResetPassword(args) => reset(args).await,
    }
}

async fn create(args: CreateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = store.stores.identity.ensure_organisation(&args.organisation.org).await?;
    let before_at = args.email.split('@').next().unwrap_or_default();
    let name = args.name.as_deref().unwrap_or(before_at);
    let by = Actor::operator();
    let provided = provide_person(&store.stores, &args.email, name, organisation.id, args.role, &by).await?;
    let (user, password) = match provided {
        Provisioned::New(user, password) => (user, Some(password)),
        Provisioned::Joined(user) => (user, None),
        Provisioned::Member(user) => {
            return Err(Failure::failed(format!("{} is a member of {} already", user.email, organisation.name)));
        }
    };
    let role = args.role.as_str();
    if args.json {
        say_json(&json!({
            "id": user.id,
            "email": user.email,
            "org": organisation.name,
            "org_id": organisation.id,
            "role": role,
            "one_time_password": password.as_ref().map(|password| password.as_str()),
        }))?;
        return Ok(Exit::Ok);
    }
    match password {
        Some(password) => {
            note(&format!(
                "{} is {role} of {}; the one-time password, shown this once:",
                user.email, organisation.name
            ));
            say(&password)?;
        }
        None => say(&format!("{}, who has an account, is {role} of {} now", user.email, organisation.name))?,
    }
    Ok(Exit::Ok)
}

async fn reset(args: ResetPasswordArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    match reset_password(&store.stores, &args.email, &Actor::operator()).await? {
        Some(password) => {
            note(&format!("the one-time password of {}, shown this once:", args.email));
            say(&password)?;
            Ok(Exit::Ok)
        }
        None => Err(Failure::failed(format!("nobody has the address {}", args.email))),
    }
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_| "owner, admin, member or viewer".to_owned())
}
