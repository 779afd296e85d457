//! A trial tells a Kafka that would take records from one that merely answers.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use bus::{
    EventLog, LogError, TopicSpec,
    kafka::{KafkaLog, KafkaSettings, Trial, TrialError},
};
use testbed::Kafka;

const TOPIC: &str = "events";
/// Longer than a machine with other work takes for what is well.
const WAIT_MAX: Duration = Duration::from_secs(20);

fn log(kafka: &Kafka) -> KafkaLog {
    KafkaLog::new(KafkaSettings { message_timeout: Duration::from_secs(3), ..KafkaSettings::new(kafka.brokers()) })
        .unwrap()
}

async fn try_out(log: &KafkaLog, topics: &[&str]) -> Result<(), TrialError> {
    let topics: Vec<String> = topics.iter().map(|topic| (*topic).to_owned()).collect();
    log.try_out(Trial { topics: &topics, group: "readers", wait_max: WAIT_MAX }).await
}

async fn make_topic(log: &KafkaLog) {
    log.ensure_topic(&TopicSpec { name: TOPIC.to_owned(), partitions: 2, retention: None, compacted: false })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_take_records_passes_and_keeps_none_of_the_trials() {
    let kafka = Kafka::start();
    let log = log(&kafka);
    assert_eq!(try_out(&log, &[TOPIC]).await, Ok(()), "before the topic is there");
    make_topic(&log).await;
    assert_eq!(try_out(&log, &[TOPIC]).await, Ok(()));
    let kept = log.bounds("gapin.check").await.unwrap()[&0];
    assert_eq!((kept.earliest, kept.end), (2, 2));
    assert!(log.bounds(TOPIC).await.unwrap().values().all(|bounds| bounds.end == 0));
    kafka.kill();
    assert!(matches!(try_out(&log, &[TOPIC]).await, Err(TrialError::Away(LogError::Unavailable(_)))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_that_answers_and_takes_nothing_is_told_with_what_it_lacks() {
    let cluster = Kafka::start_cluster(3);
    let log = log(&cluster[0]);
    make_topic(&log).await;
    // Brokers learn of a new topic one after the other.
    let began = Instant::now();
    loop {
        match try_out(&log, &[TOPIC]).await {
            Ok(()) => break,
            Err(error) => assert!(began.elapsed() < WAIT_MAX, "{error}"),
        }
    }
    cluster[1].kill();
    cluster[2].kill();
    assert_eq!(log.check().await, Ok(()), "one broker is there, and answers");
    // What it knows of the others may be old. Of a cluster that tells nothing, the append does.
    let looked_at = try_out(&log, &[TOPIC]).await;
    let appended = try_out(&log, &[]).await;
    for tried in [&looked_at, &appended] {
        assert!(!matches!(tried, Ok(()) | Err(TrialError::Away(_) | TrialError::NotAllowed(_))), "{tried:?}");
    }
}
