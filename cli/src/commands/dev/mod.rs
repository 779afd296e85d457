//! `gapin dev`: everything in one process, and nothing to set up.

mod banner;
mod newcomer;
mod owner;

pub(super) use newcomer::url_of;

use ::gateway::settings::EmailOutlet;
use clap::Args;
use traces::Traces;

use self::banner::Banner;
use crate::{
    data_dir::DataDir,
    exit::{Exit, Failure},
    master_key::WhenAbsent,
    run::{Recorder, RecorderSettings},
    settings::accounts::OwnerSettings,
    shutdown,
    wiring::{StoreSettings, open_log, open_store, topics},
};

/// Run everything in one process: gateway, log, consumer, store and live stream
#[derive(Args, Debug)]
pub(crate) struct DevArgs {
    #[command(flatten)]
    owner: OwnerSettings,
    #[command(flatten)]
    pub(crate) recorder: RecorderSettings,
}

pub(crate) const EXAMPLES: &str = "\
The first start makes the organisation `dev`, an API key, a signing key and an AI system's id, and
writes them to dev.env in the data directory, where the other commands find them. It also makes the
first owner, whose one-time password is shown once; `gapin users reset-password` makes another.

Examples:
  gapin dev
  gapin dev --listen 127.0.0.1:9000 --data-dir /tmp/gapin
  set -a; . ./.gapin/dev.env; set +a; curl -H \"Authorization: Bearer $GAPIN_API_KEY\" \"$GAPIN_URL/aibbar/events\"";

pub(crate) async fn run(
    DevArgs { owner: OwnerSettings { owner_email }, recorder: args }: DevArgs,
    traces: Option<&Traces>,
) -> Result<Exit, Failure> {
    let mut gateway = args.gateway.build(
        &args.retention,
        &args.event_log,
        topics(&args.event_log),
        // On a newcomer's own machine whoever reads the log is the newcomer.
        EmailOutlet::Log,
    )?;
    gateway.store_group = args.consumer.group.clone();
    let stop = shutdown::on_signal()?;
    let data_dir = DataDir::ensure(&args.data_dir.data_dir)?;
    let _lock = data_dir.lock()?;
    let log = open_log(&args.event_log, &args.data_dir)?;
    let log = log.spooled(&args.spool, &args.event_log, &args.data_dir).await?;
    let settings =
        StoreSettings { data_dir: &args.data_dir, event_store: &args.event_store, master_key: &args.master_key };
    let store = open_store(settings, WhenAbsent::MadeInDataDir).await?;
    store.migrate().await?;
    let env = newcomer::provide(&store, &data_dir).await?;
    let new_owner = owner::provide(&store, &owner_email).await?;
    let (dashboard, public_url) = (gateway.dashboard.clone(), gateway.accounts.public_url.clone());
    let running = Recorder {
        log: &log,
        store: &store,
        gateway,
        retention: &args.retention,
        redis: &args.redis,
        consumer: Some(&args.consumer),
        traces,
    }
    .start()
    .await?;
    let address = running.gateway.local_addr();
    newcomer::write(&data_dir, env, address)?;
    let banner = Banner {
        log_kind: log.kind,
        store_kind: store.kind,
        data_dir: &data_dir,
        dashboard,
        public_url,
        owner_email: &owner_email,
        new_owner: new_owner.as_ref(),
    };
    banner.show(address)?;
    running.until(stop).await
}
