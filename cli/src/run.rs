//! A process with a gateway: started from its parts, drained in the right order.

use std::{sync::Arc, time::Duration};

use bus::EventLog;
use clap::Args;
use consumer::Consumer;
use gateway::Gateway;
use tokio_util::sync::CancellationToken;
use traces::Traces;

use crate::{
    exit::{Exit, Failure},
    open_files,
    settings::{
        consumer::ConsumerSettings,
        data_dir::DataDirSettings,
        event_log::EventLogSettings,
        event_store::{EventStoreSettings, RetentionSettings},
        gateway::{GatewaySettings, RedisSettings},
        secrets::MasterKeySettings,
        spool::SpoolingSettings,
        traces::TraceSettings,
    },
    wiring::{Log, Store, notices, registry, start_consumer},
};

/// Everything that a process with a gateway can be told.
#[derive(Args, Debug)]
pub(crate) struct RecorderSettings {
    #[command(flatten)]
    pub(crate) gateway: GatewaySettings,
    #[command(flatten)]
    pub(crate) event_log: EventLogSettings,
    #[command(flatten)]
    pub(crate) spool: SpoolingSettings,
    #[command(flatten)]
    pub(crate) event_store: EventStoreSettings,
    #[command(flatten)]
    pub(crate) retention: RetentionSettings,
    #[command(flatten)]
    pub(crate) redis: RedisSettings,
    #[command(flatten)]
    pub(crate) consumer: ConsumerSettings,
    #[command(flatten)]
    pub(crate) master_key: MasterKeySettings,
    #[command(flatten)]
    pub(crate) data_dir: DataDirSettings,
    #[command(flatten)]
    pub(crate) traces: TraceSettings,
}

/// What a process with a gateway is started from.
pub(crate) struct Recorder<'s> {
    pub(crate) log: &'s Log,
    pub(crate) store: &'s Store,
    pub(crate) gateway: gateway::Settings,
    pub(crate) retention: &'s RetentionSettings,
    pub(crate) redis: &'s RedisSettings,
    /// Whether the consumer runs in this process, and how.
    pub(crate) consumer: Option<&'s ConsumerSettings>,
    /// The traces of this process, where there are any.
    pub(crate) traces: Option<&'s Traces>,
}

/// A gateway that runs, with the consumer beside it if there is one.
pub(crate) struct Running {
    pub(crate) gateway: Gateway,
    consumer: Option<Consumer>,
    log: Arc<dyn EventLog>,
    drain_max: Duration,
}

impl Recorder<'_> {
    pub(crate) async fn start(self) -> Result<Running, Failure> {
        let topics = self.gateway.topics.clone();
        let (listen, drain_max) = (self.gateway.http.listen, self.gateway.http.drain_max);
        let registry = registry(self.traces)?;
        for topic in topics.iter().filter(|_| self.log.kind == "local") {
            // In a file this is done at once: the first event finds its topic.
            self.log.log.ensure_topic(topic).await?;
        }
        let parts = gateway::Parts {
            log: self.log.door(),
            log_kind: self.log.kind,
            spool: self.log.spool.clone(),
            events: self.store.events.clone(),
            stores: self.store.stores.clone(),
            store_kind: self.store.kind,
            vault: self.store.vault.clone(),
            notices: notices(self.redis)?,
            registry: registry.clone(),
        };
        let mut settings = self.gateway;
        settings.http.connections_max = open_files::room_for(settings.http.connections_max);
        let gateway = Gateway::start(parts, settings).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Failure::failed(format!(
                "{listen} is taken by another process: stop it, or choose another address with --listen or GAPIN_LISTEN"
            )),
            _ => Failure::failed(format!("{listen} can't be listened on: {error}")),
        })?;
        let consumer = match self.consumer {
            Some(settings) => Some(start_consumer(self.log, self.store, registry, settings, topics, self.retention)?),
            None => None,
        };
        Ok(Running { gateway, consumer, log: self.log.door(), drain_max })
    }
}

impl Running {
    /// Runs until it is told to stop, then drains: the gateway stops accepting and answers what is in
    /// flight, the consumer stores what it took, the log hands over what is queued.
    pub(crate) async fn until(self, stop: CancellationToken) -> Result<Exit, Failure> {
        let failed = match &self.consumer {
            None => {
                stop.cancelled().await;
                false
            }
            Some(consumer) => {
                let health = consumer.health();
                tokio::select! {
                    () = stop.cancelled() => false,
                    () = health.ended() => true,
                }
            }
        };
        self.gateway.stop().await;
        if let Some(consumer) = self.consumer {
            stop_consumer(consumer, self.drain_max).await;
        }
        self.log.close(self.drain_max).await;
        if failed { Err(Failure::failed("the consumer ended by itself; its log lines tell why")) } else { Ok(Exit::Ok) }
    }
}

/// Stops the consumer. What it does not finish in time is read again at the next start.
pub(crate) async fn stop_consumer(consumer: Consumer, drain_max: Duration) {
    if tokio::time::timeout(drain_max, consumer.stop()).await.is_err() {
        tracing::warn!("the consumer did not finish in time; what it took is read again at the next start");
    }
}
