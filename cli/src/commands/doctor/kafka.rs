//! Whether Kafka would take records and hand them on, shown and not guessed.

use std::time::Duration;

use bus::{
    EventLog,
    kafka::{KafkaLog, KafkaSettings, Trial, TrialError},
};

use super::finding::Finding;
use crate::{settings::event_log::EventLogSettings, wiring::topics};

/// Below what the doctor gives any check: a trial that takes longer tells by itself what it waits for.
const TRIAL_MAX: Duration = Duration::from_secs(8);

/// An append that takes longer is one to be told of, whatever gateways wait.
const APPEND_MAX: Duration = Duration::from_secs(4);

pub(super) async fn log(settings: &EventLogSettings) -> Finding {
    let kafka = match settings.kafka() {
        Ok(Some(kafka)) => kafka,
        Ok(None) => return Finding::fine("no Kafka is configured"),
        Err(failure) => return cannot_be(&failure.sentence),
    };
    let message_timeout = kafka.message_timeout.min(APPEND_MAX);
    let log = match KafkaLog::new(KafkaSettings { message_timeout, ..kafka }) {
        Ok(log) => log,
        Err(error) => return cannot_be(&error.to_string()),
    };
    let topics: Vec<String> = topics(settings).into_iter().map(|topic| topic.name).collect();
    let group = consumer::Settings::default().group;
    let tried = log.try_out(Trial { topics: &topics, group: &group, wait_max: TRIAL_MAX }).await;
    log.close(Duration::from_secs(1)).await;
    match tried {
        Ok(()) => Finding::fine("kafka took a record on trial; its topics have leaders and replicas enough"),
        Err(error) => told(&error),
    }
}

fn cannot_be(sentence: &str) -> Finding {
    Finding::wrong(sentence, "Mend the KAFKA_… setting that the sentence names.")
}

fn told(error: &TrialError) -> Finding {
    use TrialError as E;
    let mend = match error {
        E::Away(_) => {
            "Look at KAFKA_BROKERS, at KAFKA_SECURITY_PROTOCOL and the SASL user and password, and whether the \
             brokers run."
        }
        E::NoLeader { .. } | E::SilentLeader { .. } => {
            "Start the brokers that are missing, and look into their logs: until a leader is there, gateways keep \
             events in their spools."
        }
        E::TooFewInSync { .. } => {
            "Start the brokers that are missing, or lower the topic's min.insync.replicas: until then gateways keep \
             events in their spools."
        }
        E::NotAcknowledged(_) => {
            "Look whether all brokers run and the user may write there, and at min.insync.replicas and \
             KAFKA_REPLICATION_FACTOR: until an append is acknowledged, gateways keep events in their spools."
        }
        E::NoCoordinator(_) => {
            "Look at the topic __consumer_offsets and its brokers: events are taken, and no consumer stores them."
        }
        E::NoTrialTopic(_) => {
            "Look whether enough brokers and controllers run: a cluster that makes no topic has lost its majority."
        }
        E::NotAllowed(_) => {
            return Finding::doubtful(
                error.to_string(),
                "What can be asked is well. To have an append tried, make that topic with one partition, or give the \
                 user the right to.",
            );
        }
    };
    Finding::unreachable(error.to_string(), mend)
}
