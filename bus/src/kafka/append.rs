//! The one producer of the process.
//!
//! A batch is handed over whole before the first acknowledgement is awaited, so that it travels in as
//! few requests as there are partitions. Idempotence keeps order and doubles out over librdkafka's own
//! retries. Once its queue is full nothing further of a batch is handed over: what was taken is a
//! prefix, and a key's order holds.

use std::time::Duration;

use parking_lot::RwLock;
use rdkafka::{
    config::FromClientConfigAndContext,
    message::{Header, OwnedHeaders},
    producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer},
};

use super::{
    context::Context,
    failure::{append_error, log_error},
    settings::KafkaSettings,
};
use crate::{AppendError, LogError, NewRecord, Position};

/// How long a check may take.
const CHECK_MAX_WAIT: Duration = Duration::from_secs(1);

/// A topic that need not be there: asking for it makes a broker answer, and is cheap however many topics there are.
const CHECK_TOPIC: &str = "gapin.check";

pub(super) struct Appender {
    settings: KafkaSettings,
    context: Context,
    producer: RwLock<FutureProducer<Context>>,
}

impl Appender {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, LogError> {
        let context = Context::default();
        let producer = RwLock::new(producer(settings, &context)?);
        Ok(Self { settings: settings.clone(), context, producer })
    }

    pub(super) async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        let mut handed_over = Vec::with_capacity(records.len());
        {
            let producer = self.usable_producer();
            let mut is_full = false;
            for record in records {
                let outcome =
                    if is_full { Err(AppendError::QueueFull) } else { self.hand_over(&producer, topic, record) };
                is_full |= matches!(outcome, Err(AppendError::QueueFull));
                handed_over.push(outcome);
            }
        }
        let mut outcomes = Vec::with_capacity(handed_over.len());
        for one in handed_over {
            outcomes.push(match one {
                Ok(delivery) => acknowledged(delivery, topic).await,
                Err(error) => Err(error),
            });
        }
        outcomes
    }

    fn hand_over(
        &self,
        producer: &FutureProducer<Context>,
        topic: &str,
        record: NewRecord,
    ) -> Result<DeliveryFuture, AppendError> {
        if record.size_bytes() > self.settings.record_bytes_max {
            return Err(AppendError::TooLarge);
        }
        let headers = OwnedHeaders::new_with_capacity(record.headers.len());
        let headers = record
            .headers
            .iter()
            .fold(headers, |headers, (key, value)| headers.insert(Header { key, value: Some(value.as_ref()) }));
        let message =
            FutureRecord::to(topic).key(record.key.as_ref()).payload(record.payload.as_ref()).headers(headers);
        producer.send_result(message).map_err(|(error, _)| append_error(&error, topic))
    }

    /// The producer; a new one when the old one can never send again (librdkafka calls that fatal).
    fn usable_producer(&self) -> FutureProducer<Context> {
        let current = self.producer.read().clone();
        let Some((code, reason)) = current.client().fatal_error() else { return current };
        tracing::error!(%code, reason, "the producer failed for good; making a new one");
        let mut slot = self.producer.write();
        if slot.client().fatal_error().is_some() {
            match producer(&self.settings, &self.context) {
                // Its end flushes, which blocks.
                Ok(new) => {
                    let old = std::mem::replace(&mut *slot, new);
                    std::thread::spawn(move || drop((old, current)));
                }
                Err(error) => tracing::error!(%error, "no new producer could be made"),
            }
        }
        slot.clone()
    }

    /// Asks a broker for an answer; blocks. By the producer, since its errors tell bad credentials soonest.
    pub(super) fn check(&self) -> Result<(), LogError> {
        let producer = self.producer.read().clone();
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
        let producer = self.producer.read().clone();
        if let Err(error) = producer.flush(wait_max) {
            tracing::warn!(%error, "not everything was acknowledged before the producer closed");
        }
    }
}

fn producer(settings: &KafkaSettings, context: &Context) -> Result<FutureProducer<Context>, LogError> {
    FutureProducer::from_config_and_context(&settings.producer(), context.clone())
        .map_err(|error| log_error(&error, ""))
}

async fn acknowledged(delivery: DeliveryFuture, topic: &str) -> Result<Position, AppendError> {
    match delivery.await {
        Ok(Ok(delivery)) => {
            Ok(Position { partition: delivery.partition.unsigned_abs(), offset: delivery.offset.unsigned_abs() })
        }
        Ok(Err((error, _))) => Err(append_error(&error, topic)),
        Err(_) => Err(AppendError::OutcomeUnknown("the producer went away".to_owned())),
    }
}
