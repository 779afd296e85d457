//! The one producer of the process.
//!
//! A batch is handed over whole before the first acknowledgement is awaited, so that it travels in as
//! few requests as there are partitions. Idempotence keeps order and doubles out over librdkafka's own
//! retries. Once its queue is full nothing further of a batch is handed over: what was taken is a
//! prefix, and a key's order holds.
//!
//! **The bounded wait.** librdkafka's own time-out is per record, and so not fit to bound an append: the
//! first record of a batch may run out of time in the queue, and the second, handed over a moment later,
//! be sent when the broker comes back. So librdkafka is given much longer, and an append that waited
//! its time *retires* the producer: a fresh one takes what comes after, and everything that waits in
//! the old one, of whatever append, is purged at once. librdkafka sends each partition in order, so
//! what the old producer got through is a prefix of what it was given. A purged record may be in the
//! log: it may have been sent, lost its connection, and waited to be sent again.

use std::{sync::Arc, time::Duration};

use parking_lot::RwLock;
use rdkafka::{
    config::FromClientConfigAndContext,
    message::{Header, OwnedHeaders},
    producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer, PurgeConfig},
};
use tokio::time::{Instant, timeout_at};

use super::{
    context::Context,
    failure::{append_error, log_error},
    settings::KafkaSettings,
    trial::CHECK_TOPIC,
};
use crate::{AppendError, LogError, NewRecord, Position};

/// How long a check may take.
const CHECK_MAX_WAIT: Duration = Duration::from_secs(1);

/// How long the producer may take to learn of a topic; then it does so by itself.
const LEARN_MAX_WAIT: Duration = Duration::from_secs(1);

/// How long a record may take to be given up once its producer was retired.
const PURGE_MAX_WAIT: Duration = Duration::from_secs(2);

pub(super) struct Appender {
    settings: KafkaSettings,
    context: Context,
    current: RwLock<Generation>,
}

/// One producer among those that followed each other.
struct Generation {
    number: u64,
    producer: FutureProducer<Context>,
}

type Handed = Vec<Result<DeliveryFuture, AppendError>>;

impl Appender {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, LogError> {
        let context = Context::default();
        let current = RwLock::new(Generation { number: 0, producer: producer(settings, &context)? });
        Ok(Self { settings: settings.clone(), context, current })
    }

    pub(super) async fn append(
        self: &Arc<Self>,
        topic: &str,
        records: &[NewRecord],
    ) -> Vec<Result<Position, AppendError>> {
        let outcomes = self.append_once(topic, records).await;
        let is_unknown = |outcome: &Result<_, _>| matches!(outcome, Err(AppendError::NoSuchTopic(_)));
        // A topic that was deleted and made again is unknown to a producer until it asks: nothing was sent yet.
        if !outcomes.is_empty() && outcomes.iter().all(is_unknown) && self.learn(topic).await {
            return self.append_once(topic, records).await;
        }
        outcomes
    }

    /// Has the producer ask the brokers what the topic is like now; whether it is there.
    pub(super) async fn learn(self: &Arc<Self>, topic: &str) -> bool {
        let (appender, topic) = (self.clone(), topic.to_owned());
        let asked = tokio::task::spawn_blocking(move || {
            let producer = appender.current.read().producer.clone();
            let metadata = producer.client().fetch_metadata(Some(&topic), LEARN_MAX_WAIT).ok()?;
            let found = metadata.topics().iter().find(|found| found.name() == topic)?;
            Some(found.error().is_none() && !found.partitions().is_empty())
        });
        asked.await.ok().flatten().unwrap_or(false)
    }

    async fn append_once(self: &Arc<Self>, topic: &str, records: &[NewRecord]) -> Vec<Result<Position, AppendError>> {
        let mut deadline = Instant::now() + self.settings.message_timeout;
        let (generation, handed_over) = self.hand_over_all(topic, records).await;
        let mut is_retired = false;
        let mut outcomes = Vec::with_capacity(handed_over.len());
        for one in handed_over {
            let mut delivery = match one {
                Ok(delivery) => delivery,
                Err(error) => {
                    outcomes.push(Err(error));
                    continue;
                }
            };
            let mut answer = timeout_at(deadline, &mut delivery).await;
            if answer.is_err() && !is_retired {
                self.retire(generation, "a record was not acknowledged in time").await;
                (is_retired, deadline) = (true, Instant::now() + PURGE_MAX_WAIT);
                answer = timeout_at(deadline, &mut delivery).await;
            }
            outcomes.push(match answer {
                Ok(Ok(Ok(at))) => {
                    Ok(Position { partition: at.partition.unsigned_abs(), offset: at.offset.unsigned_abs() })
                }
                Ok(Ok(Err((error, _)))) => Err(append_error(&error, topic)),
                Ok(Err(_)) => Err(AppendError::OutcomeUnknown("the producer went away".to_owned())),
                Err(_) => Err(AppendError::OutcomeUnknown("no acknowledgement came in time".to_owned())),
            });
        }
        outcomes
    }

    /// Hands over what the producer has room for; answers which producer it was.
    async fn hand_over_all(self: &Arc<Self>, topic: &str, records: &[NewRecord]) -> (u64, Handed) {
        // librdkafka calls a producer that can never send again fatal.
        let failed_for_good = {
            let current = self.current.read();
            current.producer.client().fatal_error().map(|(code, reason)| (current.number, format!("{code}: {reason}")))
        };
        if let Some((generation, reason)) = failed_for_good {
            self.retire(generation, &reason).await;
        }
        // Held meanwhile, so that nothing is given to a producer that was retired.
        let current = self.current.read();
        let mut is_full = false;
        let mut hand_over = |record| {
            let outcome =
                if is_full { Err(AppendError::QueueFull) } else { self.hand_over(&current.producer, topic, record) };
            is_full |= matches!(outcome, Err(AppendError::QueueFull));
            outcome
        };
        (current.number, records.iter().map(&mut hand_over).collect())
    }

    fn hand_over(
        &self,
        producer: &FutureProducer<Context>,
        topic: &str,
        record: &NewRecord,
    ) -> Result<DeliveryFuture, AppendError> {
        if record.size_bytes() > self.settings.record_bytes_max {
            return Err(AppendError::TooLarge);
        }
        let headers = OwnedHeaders::new_with_capacity(record.headers.len());
        let headers = record
            .headers
            .iter()
            .fold(headers, |headers, (key, value)| headers.insert(Header { key, value: Some(value.as_ref()) }));
        // What is empty here is nothing at all there: no key leaves the partition open, no payload is a tombstone.
        let message = FutureRecord {
            key: (!record.key.is_empty()).then_some(record.key.as_ref()),
            payload: (!record.payload.is_empty()).then_some(record.payload.as_ref()),
            ..FutureRecord::<[u8], [u8]>::to(topic).headers(headers)
        };
        producer.send_result(message).map_err(|(error, _)| append_error(&error, topic))
    }

    /// A fresh producer takes the place of this one, and what waits in this one is given up. Once only:
    /// whoever comes second finds it done, or being done.
    async fn retire(self: &Arc<Self>, generation: u64, reason: &str) {
        let (appender, reason) = (self.clone(), reason.to_owned());
        // Making and ending producers blocks. Spawned, so that it is done to its end also when this append is dropped.
        let retired = tokio::task::spawn_blocking(move || appender.retire_now(generation, &reason));
        let _ = retired.await;
    }

    fn retire_now(&self, generation: u64, reason: &str) {
        if self.current.read().number != generation {
            return;
        }
        let fresh = match producer(&self.settings, &self.context) {
            Ok(fresh) => fresh,
            Err(error) => {
                tracing::error!(%error, "no fresh producer could be made");
                let current = self.current.read().producer.clone();
                give_up_all(&current);
                return;
            }
        };
        let retired = {
            let mut current = self.current.write();
            if current.number != generation {
                return;
            }
            current.number += 1;
            std::mem::replace(&mut current.producer, fresh)
        };
        tracing::warn!(reason, generation, "the producer is retired, and what waits in it is given up");
        give_up_all(&retired);
        // Every waiter is told by its own thread, which ends with it; that takes its time.
        std::thread::spawn(move || drop(retired));
    }

    /// Asks a broker for an answer, about a topic that need not be there: that is cheap however many there are; blocks. By the producer, since its errors tell bad credentials soonest.
    pub(super) fn check(&self) -> Result<(), LogError> {
        let producer = self.current.read().producer.clone();
        match producer.client().fetch_metadata(Some(CHECK_TOPIC), CHECK_MAX_WAIT) {
            Ok(_) => Ok(()),
            Err(error) => match (log_error(&error, CHECK_TOPIC), self.context.last_error()) {
                (LogError::Unavailable(text), Some(reason)) => Err(LogError::Unavailable(format!("{text}: {reason}"))),
                (error, _) => Err(error),
            },
        }
    }

    /// Waits until nothing is under way; blocks.
    pub(super) fn flush(&self, wait_max: Duration) {
        let producer = self.current.read().producer.clone();
        if let Err(error) = producer.flush(wait_max) {
            tracing::warn!(%error, "not everything was acknowledged before the producer closed");
        }
    }
}

fn give_up_all(producer: &FutureProducer<Context>) {
    producer.purge(PurgeConfig::default().queue().inflight());
}

fn producer(settings: &KafkaSettings, context: &Context) -> Result<FutureProducer<Context>, LogError> {
    FutureProducer::from_config_and_context(&settings.producer(), context.clone())
        .map_err(|error| log_error(&error, ""))
}
