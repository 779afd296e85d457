//! The real services that a run is on.

use std::{fs, sync::Arc};

use aibbar::record::{DEAD_LETTERS_TOPIC, EVENTS_TOPIC};
use bus::{
    EventLog, TopicSpec,
    kafka::{KafkaLog, KafkaSettings},
    local::{LocalLog, LocalSettings},
};
use consumer::{Consumer, Parts, Settings};
use prometheus::Registry;
use store::{
    EventStore, RetentionStore, StatisticsStore,
    postgres::{PostgresSettings, PostgresStore},
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use testbed::{Kafka, Postgres};

/// What a server that keeps its promises is run with: nothing that was committed is lost with the machine's power.
const DURABLE: [&str; 5] =
    ["fsync=on", "full_page_writes=on", "synchronous_commit=on", "shared_buffers=512MB", "max_wal_size=8GB"];

const PARTITIONS: u32 = 4;

pub(crate) struct System {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) postgres: Option<Server>,
    events: Arc<dyn EventStore>,
    statistics: Arc<dyn StatisticsStore>,
    retention: Arc<dyn RetentionStore>,
    pub(crate) kafka: Option<Kafka>,
    _folder: tempfile::TempDir,
}

/// A PostgreSQL, and two databases with our tables: one for the store, one for `COPY`.
pub(crate) struct Server {
    pub(crate) cluster: Postgres,
    pub(crate) store: String,
    pub(crate) copy: String,
}

impl Server {
    async fn start() -> (Server, PostgresStore) {
        let cluster = tokio::task::spawn_blocking(|| Postgres::start_with(&DURABLE)).await.unwrap();
        let (store_url, copy_url) = (cluster.database(), cluster.database());
        let open = async |url: &str| {
            let store = PostgresStore::connect(PostgresSettings::new(url), vault()).unwrap();
            store.migrate().await.unwrap();
            store.prepare(std::time::SystemTime::now().into()).await.unwrap();
            store
        };
        let name = |url: &str| url.rsplit('/').next().unwrap().to_owned();
        open(&copy_url).await;
        let store = open(&store_url).await;
        (Server { cluster, store: name(&store_url), copy: name(&copy_url) }, store)
    }

    /// The process that the server's others are children of.
    pub(crate) fn server_id(&self) -> u32 {
        let file = fs::read_to_string(self.cluster.folder().join("data/postmaster.pid")).unwrap();
        file.lines().next().unwrap().trim().parse().unwrap()
    }
}

impl System {
    /// `kafka`: Kafka and PostgreSQL. `embedded`: the local log and SQLite.
    pub(crate) async fn start(shape: &str) -> System {
        let folder = tempfile::tempdir().unwrap();
        let system = match shape {
            "kafka" => {
                let kafka = tokio::task::spawn_blocking(Kafka::start).await.unwrap();
                let log = self::kafka(&kafka.brokers());
                let (server, store) = Server::start().await;
                Self::of(log, Arc::new(store), Some(server), Some(kafka), folder)
            }
            "embedded" => {
                let log = Arc::new(LocalLog::open(&folder.path().join("log"), LocalSettings::default()).unwrap());
                let file = folder.path().join("store.db");
                let store = SqliteStore::open(&file, SqliteSettings::default(), vault()).await.unwrap();
                Self::of(log, Arc::new(store), None, None, folder)
            }
            other => panic!("{other}: kafka or embedded"),
        };
        for topic in topics() {
            system.log.ensure_topic(&topic).await.unwrap();
        }
        system
    }

    fn of<S: EventStore + StatisticsStore + RetentionStore>(
        log: Arc<dyn EventLog>,
        store: Arc<S>,
        postgres: Option<Server>,
        kafka: Option<Kafka>,
        folder: tempfile::TempDir,
    ) -> System {
        let (events, statistics) = (store.clone(), store.clone());
        System { log, postgres, events, statistics, retention: store, kafka, _folder: folder }
    }

    /// A consumer, and how many records it has stored so far.
    pub(crate) fn consume(&self) -> (Consumer, impl Fn() -> u64 + use<>) {
        let registry = Registry::new();
        let parts = Parts {
            log: self.log.clone(),
            events: self.events.clone(),
            statistics: self.statistics.clone(),
            retention: self.retention.clone(),
            registry: registry.clone(),
        };
        let consumer = Consumer::start(parts, Settings { topics: topics(), ..Settings::default() }).unwrap();
        let stored = move || {
            let families = registry.gather();
            let records = families.iter().find(|family| family.name() == "gapin_consumer_records_total").unwrap();
            records.get_metric().iter().map(|metric| metric.get_counter().get_value() as u64).sum()
        };
        (consumer, stored)
    }
}

pub(crate) fn kafka(brokers: &str) -> Arc<KafkaLog> {
    Arc::new(KafkaLog::new(KafkaSettings::new(brokers)).unwrap())
}

fn vault() -> Arc<Vault> {
    Arc::new(Vault::new(MasterKey::from_bytes([7; 32])))
}

fn topics() -> Vec<TopicSpec> {
    let topic =
        |name: &str, partitions| TopicSpec { name: name.to_owned(), partitions, retention: None, compacted: false };
    vec![topic(EVENTS_TOPIC, PARTITIONS), topic(DEAD_LETTERS_TOPIC, 1)]
}
