//! `gapin migrate`: brings the store's schema up to date.

use clap::Args;

use crate::{
    exit::{Exit, Failure},
    master_key::WhenAbsent,
    settings::{data_dir::DataDirSettings, event_store::EventStoreSettings, secrets::MasterKeySettings},
    terminal::say,
    wiring::{StoreSettings, open_store},
};

/// Make the store ready, or bring it up to date
#[derive(Args, Debug)]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    event_store: EventStoreSettings,
    #[command(flatten)]
    master_key: MasterKeySettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

pub(crate) const EXAMPLES: &str = "\
Run it before the first start and before the start of a new version. Running it again, or several
times at once, does no harm. A new store is tied to the master key.

Examples:
  DATABASE_URL=postgres://… GAPIN_MASTER_KEY_FILE=/run/secrets/master.key gapin migrate";

pub(crate) async fn run(args: MigrateArgs) -> Result<Exit, Failure> {
    let settings =
        StoreSettings { data_dir: &args.data_dir, event_store: &args.event_store, master_key: &args.master_key };
    let store = open_store(settings, WhenAbsent::Refused).await?;
    store.migrate().await?;
    say(&format!("the store ({}) is up to date", store.kind))?;
    Ok(Exit::Ok)
}
