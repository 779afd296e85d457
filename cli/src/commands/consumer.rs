//! `gapin consumer`: carries records from Kafka into the store.

use std::sync::Arc;

use async_trait::async_trait;
use clap::Args;
use consumer::{Contact, Health};
use gateway::operations::{self, Dependency, NotUp, Probe, Readiness};
use traces::Traces;

use super::gateway::check_store;
use crate::{
    exit::{Exit, Failure},
    master_key::WhenAbsent,
    run::stop_consumer,
    settings::{
        consumer::ConsumerSettings,
        data_dir::DataDirSettings,
        event_log::EventLogSettings,
        event_store::{EventStoreSettings, RetentionSettings},
        gateway::{DrainSettings, MetricsListenSettings},
        secrets::MasterKeySettings,
        traces::TraceSettings,
    },
    shutdown,
    wiring::{StoreSettings, is_log_embedded, open_log, open_store, registry, start_consumer, topics},
};

/// Run a consumer: it carries records from Kafka into the store
#[derive(Args, Debug)]
pub(crate) struct ConsumerArgs {
    #[command(flatten)]
    consumer: ConsumerSettings,
    #[command(flatten)]
    event_log: EventLogSettings,
    #[command(flatten)]
    event_store: EventStoreSettings,
    #[command(flatten)]
    retention: RetentionSettings,
    #[command(flatten)]
    metrics_listen: MetricsListenSettings,
    #[command(flatten)]
    drain: DrainSettings,
    #[command(flatten)]
    master_key: MasterKeySettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
    #[command(flatten)]
    pub(crate) traces: TraceSettings,
}

pub(crate) const EXAMPLES: &str = "\
Any number may run: they share the partitions, and one that dies loses and doubles nothing.

Examples:
  KAFKA_BROKERS=kafka:9092 DATABASE_URL=postgres://… GAPIN_MASTER_KEY_FILE=/run/secrets/master.key \\
      gapin consumer --metrics-listen 0.0.0.0:9091";

pub(crate) async fn run(args: ConsumerArgs, traces: Option<&Traces>) -> Result<Exit, Failure> {
    if is_log_embedded(&args.event_log) {
        return Err(Failure::usage(
            "KAFKA_BROKERS (--kafka-brokers) is not set, and without Kafka the log is a file of one process: \
             `gapin dev` and `gapin gateway` carry its records themselves",
        ));
    }
    let stop = shutdown::on_signal()?;
    let log = open_log(&args.event_log, &args.data_dir)?;
    let settings =
        StoreSettings { data_dir: &args.data_dir, event_store: &args.event_store, master_key: &args.master_key };
    let store = open_store(settings, WhenAbsent::Refused).await?;
    check_store(&store).await?;
    let registry = registry(traces)?;
    let topics = topics(&args.event_log);
    let consumer = start_consumer(&log, &store, registry.clone(), &args.consumer, topics, &args.retention)?;
    let health = consumer.health();

    let readiness = Readiness::new(dependencies(&health, log.kind, store.kind), stop.clone());
    let operations = match args.metrics_listen.metrics_listen {
        Some(listen) => Some(
            operations::serve(listen, registry, Arc::new(readiness))
                .await
                .map_err(|error| Failure::failed(format!("{listen} can't be listened on: {error}")))?,
        ),
        None => None,
    };
    let metrics = operations.as_ref().map(|server| server.local_addr().to_string());
    tracing::info!(log = log.kind, store = store.kind, metrics, "the consumer runs");

    let failed = tokio::select! {
        () = stop.cancelled() => false,
        () = health.ended() => true,
    };
    stop_consumer(consumer, args.drain.drain_max_ms).await;
    log.log.close(args.drain.drain_max_ms).await;
    if let Some(operations) = operations {
        operations.stop().await;
    }
    if failed { Err(Failure::failed("the consumer ended by itself; its log lines tell why")) } else { Ok(Exit::Ok) }
}

fn dependencies(health: &Health, log_kind: &'static str, store_kind: &'static str) -> Vec<Dependency> {
    let dependency = |name, kind, contact: fn(&Health) -> Contact| Dependency {
        name,
        kind,
        required: true,
        probe: Box::new(HealthProbe { health: health.clone(), contact }),
    };
    vec![dependency("log", log_kind, Health::log), dependency("store", store_kind, Health::store)]
}

/// The consumer's last word on one dependency.
struct HealthProbe {
    health: Health,
    contact: fn(&Health) -> Contact,
}

#[async_trait]
impl Probe for HealthProbe {
    async fn probe(&self) -> Result<(), NotUp> {
        match (self.contact)(&self.health) {
            Contact::Up => Ok(()),
            Contact::Awaited => Err(NotUp::Starting),
            Contact::Down => Err(NotUp::Down("the consumer's last call to it failed".to_owned())),
        }
    }
}
