//! `gapin gateway`: the HTTP door at scale.

use ::gateway::settings::EmailOutlet;
use clap::Args;
use store::StoreError;
use traces::Traces;

use crate::{
    data_dir::DataDir,
    exit::{Exit, Failure},
    master_key::WhenAbsent,
    run::{Recorder, RecorderSettings},
    shutdown,
    wiring::{Store, StoreSettings, is_log_embedded, open_log, open_store, topics},
};

/// Run the HTTP gateway
#[derive(Args, Debug)]
pub(crate) struct GatewayArgs {
    #[command(flatten)]
    pub(crate) recorder: RecorderSettings,
}

pub(crate) const EXAMPLES: &str = "\
With Kafka the records are carried into the store by `gapin consumer`; without, the log is a file of
this process, and so is its consumer.

Examples:
  KAFKA_BROKERS=kafka:9092 DATABASE_URL=postgres://… GAPIN_MASTER_KEY_FILE=/run/secrets/master.key \\
      gapin gateway --listen 0.0.0.0:8080 --metrics-listen 0.0.0.0:9090";

pub(crate) async fn run(GatewayArgs { recorder: args }: GatewayArgs, traces: Option<&Traces>) -> Result<Exit, Failure> {
    let mut gateway =
        args.gateway.build(&args.retention, &args.event_log, topics(&args.event_log), EmailOutlet::Nowhere)?;
    gateway.store_group = args.consumer.group.clone();
    let stop = shutdown::on_signal()?;
    let embedded = is_log_embedded(&args.event_log);
    let _lock = if embedded { Some(DataDir::ensure(&args.data_dir.data_dir)?.lock()?) } else { None };
    let log = open_log(&args.event_log, &args.data_dir)?;
    let log = log.spooled(&args.spool, &args.event_log, &args.data_dir).await?;
    let settings =
        StoreSettings { data_dir: &args.data_dir, event_store: &args.event_store, master_key: &args.master_key };
    let store = open_store(settings, WhenAbsent::Refused).await?;
    check_store(&store).await?;
    let running = Recorder {
        log: &log,
        store: &store,
        gateway,
        retention: &args.retention,
        redis: &args.redis,
        consumer: embedded.then_some(&args.consumer),
        traces,
    }
    .start()
    .await?;
    tracing::info!(
        address = %running.gateway.local_addr(), log = log.kind, store = store.kind,
        version = env!("CARGO_PKG_VERSION"), "the gateway is ready"
    );
    running.until(stop).await
}

/// A store that is away is waited for; one that was never made ready, or is another's, is not.
pub(super) async fn check_store(store: &Store) -> Result<(), Failure> {
    match store.stores.identity.version().await {
        Ok(_) => Ok(()),
        Err(StoreError::Unavailable(why)) => {
            tracing::warn!(%why, "the store can't be reached yet; starting without it");
            Ok(())
        }
        Err(error) => {
            Err(Failure::failed(format!("{error}. If the database is new, make it ready with `gapin migrate`")))
        }
    }
}
