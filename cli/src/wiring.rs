//! Where the parts are put together: which log, which store, under which master key.

use std::{sync::Arc, time::Duration};

use aibbar::record::{DEAD_LETTERS_TOPIC, EVENTS_TOPIC};
use bus::{
    EventLog, TopicSpec,
    kafka::KafkaLog,
    local::{LocalLog, LocalSettings},
    spool::SpooledLog,
};
use consumer::Consumer;
use gateway::{Stores, notices::Notices};
use prometheus::Registry;
use store::{
    AccountStore, AiSystemStore, AuditStore, EventStore, IdentityStore, LegalHoldStore, OrganisationStore,
    PublicationStore, RedactionStore, RetentionStore, SavedViewStore, StatisticsStore, TopicStore,
    postgres::{PostgresSettings, PostgresStore},
    sqlite::{SqliteSettings, SqliteStore},
    vault::Vault,
};
use traces::Traces;

use crate::{
    data_dir::{DataDir, STORE_FILE},
    exit::Failure,
    master_key::{WhenAbsent, vault},
    settings::{
        consumer::ConsumerSettings,
        data_dir::DataDirSettings,
        event_log::EventLogSettings,
        event_store::{EventStoreSettings, RetentionSettings},
        gateway::RedisSettings,
        secrets::MasterKeySettings,
        spool::SpoolingSettings,
        values::Secret,
    },
};

/// The embedded log's folder, in the data directory.
pub(crate) const LOG_DIR: &str = "log";

/// The event log, by its trait.
#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) log: Arc<dyn EventLog>,
    /// `kafka` or `local`.
    pub(crate) kind: &'static str,
    /// The same log with a spool behind it, for gateways.
    pub(crate) spool: Option<Arc<SpooledLog>>,
}

/// The store, by its traits.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) stores: Stores,
    pub(crate) vault: Arc<Vault>,
    /// `postgres` or `sqlite`.
    pub(crate) kind: &'static str,
    /// What `migrate` works on; SQLite is brought up to date when it is opened.
    postgres: Option<Arc<PostgresStore>>,
}

/// What a store is opened with.
pub(crate) struct StoreSettings<'s> {
    pub(crate) data_dir: &'s DataDirSettings,
    pub(crate) event_store: &'s EventStoreSettings,
    pub(crate) master_key: &'s MasterKeySettings,
}

/// Whether the log is a file of this process alone.
pub(crate) fn is_log_embedded(settings: &EventLogSettings) -> bool {
    settings.kafka_brokers.is_none()
}

/// Opens the log; brokers that are away are no error here.
pub(crate) fn open_log(settings: &EventLogSettings, data_dir: &DataDirSettings) -> Result<Log, Failure> {
    if let Some(kafka) = settings.kafka()? {
        return Ok(Log { log: Arc::new(KafkaLog::new(kafka)?), kind: "kafka", spool: None });
    }
    let data_dir = DataDir::ensure(&data_dir.data_dir)?;
    let log = LocalLog::open(&data_dir.file(LOG_DIR), LocalSettings::default())?;
    Ok(Log { log: Arc::new(log), kind: "local", spool: None })
}

impl Log {
    /// Puts a spool behind a log that may be away; one on this disk needs none.
    pub(crate) async fn spooled(
        mut self,
        spool: &SpoolingSettings,
        event_log: &EventLogSettings,
        data_dir: &DataDirSettings,
    ) -> Result<Log, Failure> {
        if let Some(kafka) = event_log.kafka()?
            && let Some(settings) = spool.build(data_dir, topics(event_log), kafka.record_bytes_max)
        {
            self.spool = Some(Arc::new(SpooledLog::open(self.log.clone(), settings).await));
        }
        Ok(self)
    }

    /// What a gateway appends to.
    pub(crate) fn door(&self) -> Arc<dyn EventLog> {
        match &self.spool {
            Some(spooled) => spooled.clone(),
            None => self.log.clone(),
        }
    }
}

/// Opens the store. PostgreSQL that is away is no error here; SQLite is made and brought up to date.
pub(crate) async fn open_store(settings: StoreSettings<'_>, when_absent: WhenAbsent) -> Result<Store, Failure> {
    let StoreSettings { data_dir, event_store, master_key: key_settings } = settings;
    match &event_store.database_url {
        Some(url) => {
            let vault = Arc::new(vault(key_settings, &data_dir.data_dir, when_absent)?);
            let store = Arc::new(PostgresStore::connect(postgres_settings(event_store, url), vault.clone())?);
            let stores = by_traits(store.clone());
            Ok(Store { events: store.clone(), stores, vault, kind: "postgres", postgres: Some(store) })
        }
        None => {
            let dir = DataDir::ensure(&data_dir.data_dir)?;
            let vault = Arc::new(vault(key_settings, dir.path(), WhenAbsent::MadeInDataDir)?);
            let store = SqliteStore::open(&dir.file(STORE_FILE), SqliteSettings::default(), vault.clone()).await?;
            let store = Arc::new(store);
            Ok(Store { events: store.clone(), stores: by_traits(store), vault, kind: "sqlite", postgres: None })
        }
    }
}

impl Store {
    /// Brings the schema up to date.
    pub(crate) async fn migrate(&self) -> Result<(), Failure> {
        match &self.postgres {
            Some(store) => Ok(store.migrate().await?),
            None => Ok(()),
        }
    }
}

/// One store as what keeps everything.
fn by_traits<S>(store: Arc<S>) -> Stores
where
    S: IdentityStore
        + AccountStore
        + OrganisationStore
        + AiSystemStore
        + RedactionStore
        + RetentionStore
        + LegalHoldStore
        + SavedViewStore
        + TopicStore
        + PublicationStore
        + AuditStore
        + StatisticsStore,
{
    Stores {
        identity: store.clone(),
        accounts: store.clone(),
        organisations: store.clone(),
        ai_systems: store.clone(),
        redaction: store.clone(),
        retention: store.clone(),
        legal_holds: store.clone(),
        saved_views: store.clone(),
        topics: store.clone(),
        publications: store.clone(),
        statistics: store.clone(),
        audit: store,
    }
}

fn postgres_settings(settings: &EventStoreSettings, url: &Secret) -> PostgresSettings {
    PostgresSettings {
        ca_file: settings.database_ssl_ca_location.clone(),
        pool_size_max: settings.database_pool_size_max,
        ..PostgresSettings::new(url.expose())
    }
}

/// The topics that every process makes when they are missing.
pub(crate) fn topics(settings: &EventLogSettings) -> Vec<TopicSpec> {
    /// Dead letters wait for people, who take longer than a consumer.
    const DEAD_LETTERS_RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);
    let partitions = u32::try_from(settings.log_partitions).unwrap_or(u32::MAX);
    let topic = |name: &str, partitions, retention| TopicSpec {
        name: name.to_owned(),
        partitions,
        retention: Some(retention),
        compacted: false,
    };
    vec![
        topic(EVENTS_TOPIC, partitions, settings.log_retention_days),
        topic(DEAD_LETTERS_TOPIC, 1, DEAD_LETTERS_RETENTION.max(settings.log_retention_days)),
    ]
}

/// Starts a consumer between this log and this store.
pub(crate) fn start_consumer(
    log: &Log,
    store: &Store,
    registry: Registry,
    settings: &ConsumerSettings,
    topics: Vec<TopicSpec>,
    retention: &RetentionSettings,
) -> Result<Consumer, Failure> {
    let parts = consumer::Parts {
        log: log.log.clone(),
        events: store.events.clone(),
        statistics: store.stores.statistics.clone(),
        retention: store.stores.retention.clone(),
        registry,
    };
    let settings = consumer::Settings {
        group: settings.group.clone(),
        topics,
        batch_records_max: settings.batch_records_max,
        batch_bytes_max: settings.batch_bytes_max,
        batch_age_max: settings.batch_age_max,
        backoff_max: settings.backoff_max,
        retention: retention.build(),
        housekeeping_interval: settings.housekeeping_interval,
        ..consumer::Settings::default()
    };
    Consumer::start(parts, settings).map_err(|error| Failure::failed(format!("no consumer can be started: {error}")))
}

/// A registry with the metrics of the process and of its traces.
pub(crate) fn registry(traces: Option<&Traces>) -> Result<Registry, Failure> {
    let registry = Registry::new();
    let process = Box::new(prometheus::process_collector::ProcessCollector::for_self());
    let registered =
        registry.register(process).and_then(|()| traces.map_or(Ok(()), |traces| traces.register(&registry)));
    registered.map_err(|error| Failure::failed(format!("no metrics can be kept: {error}")))?;
    Ok(registry)
}

/// How gateways and the commands that change keys tell each other, when a Redis is configured.
pub(crate) fn notices(settings: &RedisSettings) -> Result<Option<Notices>, Failure> {
    let Some(url) = &settings.redis_url else { return Ok(None) };
    Notices::new(url.expose()).map(Some).map_err(|error| Failure::usage(format!("REDIS_URL is not usable: {error}")))
}
