//! The ground that a system under faults stands on: every way to it and out of it can be broken.

use std::{fs, path::Path, sync::Arc, time::Duration};

use bus::{
    EventLog,
    kafka::{KafkaLog, KafkaSettings},
    local::{LocalLog, LocalSettings},
};
use e2e::{Client, Journal, Organisation, Recorder, Seed, Services, Shape, Surroundings, System, Verdict};
use testbed::{Clock, Kafka, Postgres, Proxy, Redis, SmallDisk};

use crate::in_log;

/// Room for what these tests write, and soon filled.
const DISK_BYTES: u64 = 96 * 1024 * 1024;
/// Soon filled by the fault that fills it.
const SPOOL_BYTES_MAX: u64 = 3 * 1024 * 1024;
/// What the faults before may have left in the spool when the next one strikes: most of the room is that one's.
const SPOOL_LEFT_BYTES_MAX: u64 = SPOOL_BYTES_MAX / 3;
const CONSUMERS: usize = 2;

/// A system, and what it stands on.
pub(crate) struct Ground {
    pub(crate) system: System,
    /// Between clients and the gateway.
    pub(crate) to_gateway: Proxy,
    /// Between the processes and their services, in the shape that has them.
    pub(crate) ways: Option<Ways>,
    /// Holds what the processes keep on a disk.
    pub(crate) disk: SmallDisk,
    /// What the processes go by.
    pub(crate) clock: Clock,
}

/// The ways to the services.
pub(crate) struct Ways {
    pub(crate) to_kafka: Proxy,
    pub(crate) to_postgres: Proxy,
    pub(crate) to_redis: Proxy,
}

impl Ground {
    /// Starts a system.
    pub(crate) fn start(shape: Shape) -> Ground {
        let (disk, clock) = (SmallDisk::mount(DISK_BYTES), Clock::start());
        let mut surroundings = Surroundings {
            prefix: disk.prefix().into_iter().chain(clock.prefix()).collect(),
            settings: vec![
                ("GAPIN_DATA_DIR".to_owned(), disk.path().join("data").display().to_string()),
                // The whole disk is smaller than what the spool otherwise leaves free.
                ("GAPIN_SPOOL_FREE_BYTES_MIN".to_owned(), "1048576".to_owned()),
                ("GAPIN_SPOOL_BYTES_MAX".to_owned(), SPOOL_BYTES_MAX.to_string()),
            ],
            services: None,
            consumers: CONSUMERS,
        };
        let ways = (shape == Shape::AtScale).then(|| behind_proxies(&mut surroundings));
        let system = System::start_in(shape, surroundings);
        let port = system.url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap();
        Ground { system, to_gateway: Proxy::to(port), ways, disk, clock }
    }

    /// Speaks for this organisation, through the proxy.
    pub(crate) fn client(&self, organisation: &Organisation) -> Client {
        Client::new(&format!("http://127.0.0.1:{}", self.to_gateway.port()), &organisation.api_key)
    }

    /// Waits until what the faults before left in the spool is handed on but for a part: a spool that several faults fill
    /// one after the other refuses what it should, and not what this one is to show. The load is not called on meanwhile:
    /// it could go on as fast as the spool is drained.
    pub(crate) async fn spool_has_room(&self) {
        e2e::eventually("the spool has room for one more fault", async || {
            (self.spool_bytes().await <= SPOOL_LEFT_BYTES_MAX).then_some(())
        })
        .await;
    }

    /// What waits in the gateway's spool at this very moment: readiness may tell of the second before, and the gateway of
    /// several hundred events more.
    pub(crate) async fn spool_bytes(&self) -> u64 {
        if self.ways.is_none() {
            return 0;
        }
        let metrics = self.system.metrics_urls().next().unwrap();
        let metrics = Client::anonymous(&self.system.url).text_at(&metrics).await;
        let bytes = metrics.lines().find_map(|line| line.strip_prefix("gapin_spool_bytes "));
        bytes.expect("a gateway tells of its spool").parse().unwrap()
    }

    /// Ends the load and the system, and holds everything that is there against what was sent.
    pub(crate) async fn judge(mut self, recorder: Recorder, organisation: &Organisation) -> Verdict {
        let journal: Journal = recorder.stop().await;
        let client = self.system.client(organisation);
        let stored = journal.stored_once_there(&client).await;
        let ended = self.system.gateway.stop();
        assert_eq!(ended.code(), Some(0), "{}", self.system.gateway.said());
        for consumer in &mut self.system.consumers {
            assert_eq!(consumer.stop().code(), Some(0), "{}", consumer.said());
        }
        // SQLite does not go the way by which the test reaches the disk.
        let left = tempfile::tempdir().unwrap();
        if self.system.shape == Shape::Embedded {
            copy(&self.disk.from_outside().join("data"), left.path());
        }
        let log: Arc<dyn EventLog> = match &self.ways {
            Some(ways) => Arc::new(KafkaLog::new(KafkaSettings::new(brokers(&ways.to_kafka))).unwrap()),
            None => Arc::new(LocalLog::open(&left.path().join("log"), LocalSettings::default()).unwrap()),
        };
        let mut verdict = journal.judge(&stored, &in_log::events(&*log).await);
        verdict.dead = in_log::dead_letters(&*log).await;
        log.close(Duration::ZERO).await;
        let rows = self.rows_in_store(left.path());
        if rows != stored.len() {
            verdict.unexpected.push(format!("{rows} rows in the store, {} that can be read", stored.len()));
        }
        verdict
    }

    fn rows_in_store(&self, data_dir: &Path) -> usize {
        const COUNT: &str = "SELECT count(*) FROM aibbar_events";
        match &self.system.services {
            Some(services) => services.sql(COUNT).parse().unwrap(),
            None => rows_in_sqlite(&data_dir.join("store.sqlite"), COUNT),
        }
    }
}

fn rows_in_sqlite(file: &Path, count: &str) -> usize {
    let store = rusqlite::Connection::open(file).unwrap();
    let rows: i64 = store.query_row(count, [], |row| row.get(0)).unwrap();
    usize::try_from(rows).unwrap()
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// Starts services that are reached through proxies alone.
fn behind_proxies(surroundings: &mut Surroundings) -> Ways {
    let to_kafka = Proxy::start();
    let advertised = to_kafka.port();
    // Kafka sends its clients where it says that it is.
    let kafka = std::thread::spawn(move || Kafka::start_advertised_at(advertised));
    let (postgres, redis) = (Postgres::start(), Redis::start());
    let (to_postgres, to_redis) = (Proxy::to(postgres.port()), Proxy::to(redis.port()));
    let database_url = postgres.database();
    let kafka = kafka.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    to_kafka.aim_at(kafka.port());
    let through =
        |url: &str, port: u16, proxy: &Proxy| url.replacen(&format!(":{port}"), &format!(":{}", proxy.port()), 1);
    surroundings.settings.extend([
        ("KAFKA_BROKERS".to_owned(), brokers(&to_kafka)),
        ("DATABASE_URL".to_owned(), through(&database_url, postgres.port(), &to_postgres)),
        ("REDIS_URL".to_owned(), through(&redis.url(), redis.port(), &to_redis)),
    ]);
    surroundings.services = Some(Services { kafka, postgres, database_url, redis });
    Ways { to_kafka, to_postgres, to_redis }
}

fn brokers(proxy: &Proxy) -> String {
    format!("127.0.0.1:{}", proxy.port())
}

/// The number that all chance of this run comes from, printed with how to have the same again.
pub(crate) fn seed(test: &str) -> Seed {
    let number = Seed::given();
    println!(
        "{test}: seed={number}; the same again: GAPIN_FAULT_SEED={number} cargo test --workspace --exclude gapin-sdk --test faults {test}"
    );
    Seed::of(number, test)
}

/// Prints the figures of a run, on one line that `make soak` reads; then they must be clean.
pub(crate) fn conclude(test: &str, faults: usize, verdict: &Verdict) {
    println!("figures: {test} faults={faults} {verdict}");
    assert!(verdict.is_clean(), "{test}: {verdict}");
}
