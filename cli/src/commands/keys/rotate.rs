//! `gapin keys rotate`.

use std::time::Duration;

use clap::Args;
use store::api_key;
use uuid::Uuid;

use super::{KeyStoreArgs, OrganisationArgs, after, by_operator, no_such_key, now, shown};
use crate::{
    exit::{Exit, Failure},
    settings::{client::uuid, values::hours},
    terminal::{note, say, say_json},
};

#[derive(Args, Debug)]
pub(super) struct RotateArgs {
    /// The key's id, as `gapin keys list` shows it; it stays the same
    #[arg(value_parser = uuid)]
    id: Uuid,

    /// How long the old secret stays good beside the new one, at most 168 (7 days); 0: not at all
    #[arg(long, value_name = "HOURS", default_value = "0", value_parser = hours::<0, 168>)]
    overlap_hours: Duration,

    #[command(flatten)]
    organisation: OrganisationArgs,

    /// The new key and what is known of it, as one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(super) async fn run(args: RotateArgs) -> Result<Exit, Failure> {
    let store = args.store.open().await?;
    let organisation = args.organisation.find(&store).await?;
    let made = api_key::generate();
    let hash = store.vault.hash_api_key(&made.key)?;
    let previous_until = (!args.overlap_hours.is_zero()).then(|| after(now(), args.overlap_hours));
    let audit = by_operator(&organisation, "api_key.rotate", "api_key", args.id)
        .with("previous_until", previous_until.map(|until| until.to_string()));
    let rotated = store
        .stores
        .identity
        .rotate_api_key(organisation.id, args.id, &made.prefix, &hash, previous_until, &audit)
        .await?;
    let key = rotated.ok_or_else(|| no_such_key(&organisation, args.id))?;
    args.store.announce().await;
    if args.json {
        let mut shown = shown(&key, &organisation.name);
        shown["key"] = made.key.as_str().into();
        say_json(&shown)?;
    } else {
        let old = previous_until.map_or_else(|| "is refused now".to_owned(), |until| format!("is good until {until}"));
        note(&format!("the old secret of {:?} {old}; the new one, shown this once:", key.name));
        say(&made.key)?;
    }
    Ok(Exit::Ok)
}
