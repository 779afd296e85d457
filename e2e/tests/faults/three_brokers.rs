//! Three brokers, every topic on all of them, two of them needed: the loss of one is nobody's business, that of two is told.

use std::sync::Arc;

use bus::{
    EventLog,
    kafka::{KafkaLog, KafkaSettings},
};
use e2e::{Recorder, Services, Shape, Surroundings, System};
use testbed::{Kafka, Postgres, Redis};

use crate::{
    ground::{conclude, seed},
    in_log,
};

const BROKERS: u16 = 3;
/// How many events are acknowledged while one broker is away.
const MEANWHILE_EVENTS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn the_loss_of_one_of_three_brokers_is_not_noticed_and_that_of_two_is_told() {
    const TEST: &str = "the_loss_of_one_of_three_brokers_is_not_noticed_and_that_of_two_is_told";
    let mut seed = seed(TEST);
    let starting = std::thread::spawn(|| Kafka::start_cluster(BROKERS));
    let (postgres, redis) = (Postgres::start(), Redis::start());
    let database_url = postgres.database();
    let mut cluster = starting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let brokers = cluster.iter().map(Kafka::brokers).collect::<Vec<_>>().join(",");
    let others = cluster.split_off(1);
    let services = Services { kafka: cluster.remove(0), postgres, database_url, redis };
    let system = System::start_in(
        Shape::AtScale,
        Surroundings {
            settings: [
                ("KAFKA_BROKERS", brokers.as_str()),
                // What is acknowledged is in Kafka, and in nothing else.
                ("GAPIN_SPOOL", "off"),
                // Longer than the brokers need to find out that one of them is gone.
                ("KAFKA_MESSAGE_TIMEOUT_MS", "20000"),
                ("GAPIN_APPEND_WAIT_MAX_MS", "25000"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            services: Some(services),
            consumers: 1,
            ..Surroundings::default()
        },
    );
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let load = Recorder::start(&client, &organisation, &mut seed);
    load.more(MEANWHILE_EVENTS).await;

    let mut of_all: Vec<&Kafka> = others.iter().chain([&system.services().kafka]).collect();
    seed.shuffle(&mut of_all);
    println!("{TEST}: broker {} is lost, and later {} too", of_all[0].port(), of_all[1].port());
    of_all[0].kill();
    load.more(MEANWHILE_EVENTS).await;
    of_all[0].restart();
    load.more(MEANWHILE_EVENTS).await;
    let tally = load.tally();
    assert_eq!(tally.failed(), 0, "every event was acknowledged at its first try: {tally:?}");

    of_all[0].kill();
    of_all[1].kill();
    // With Retry-After and a code, as the recorder sees to.
    load.until("something is refused", |tally| tally.failed() > 0).await;
    of_all[0].restart();
    of_all[1].restart();
    load.more(MEANWHILE_EVENTS).await;

    let journal = load.stop().await;
    let stored = journal.stored_once_there(&client).await;
    let log: Arc<dyn EventLog> = Arc::new(KafkaLog::new(KafkaSettings::new(&brokers)).unwrap());
    let mut verdict = journal.judge(&stored, &in_log::events(&*log).await);
    verdict.dead = in_log::dead_letters(&*log).await;
    conclude(TEST, 2, &verdict);
}
