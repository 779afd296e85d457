//! The event log on Apache Kafka or Redpanda.
//!
//! One producer serves the whole process ([`append`]); each reader and each member of a group is a
//! consumer of its own ([`reader`], [`member`]); a further client answers questions ([`inquiry`]).
//! librdkafka connects by itself and again after a loss, so nothing here needs the brokers to be up
//! when it is made. Its blocking calls run on blocking threads, never on an async worker.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;

mod append;
mod context;
mod failure;
mod inquiry;
mod member;
mod messages;
mod reader;
mod repeats;
mod settings;
mod trial;

pub use settings::{Compression, KafkaSettings, Password, Sasl, SaslMechanism, Security};
pub use trial::{Trial, TrialError};

use self::{append::Appender, inquiry::Inquiry, member::KafkaMember, reader::KafkaReader};
use crate::{
    AppendError, EventLog, GroupMember, LogError, LogReader, NewRecord, Partition, PartitionBounds, PartitionLag,
    Position, Positions, TopicSpec,
};

/// The log on a Kafka cluster.
pub struct KafkaLog {
    settings: KafkaSettings,
    appender: Arc<Appender>,
    inquiry: Arc<Inquiry>,
    closed: AtomicBool,
}

impl KafkaLog {
    /// Makes the clients; connects in the background. Fails only when the settings are no settings.
    pub fn new(settings: KafkaSettings) -> Result<KafkaLog, LogError> {
        Ok(KafkaLog {
            appender: Arc::new(Appender::new(&settings)?),
            inquiry: Arc::new(Inquiry::new(&settings)?),
            settings,
            closed: AtomicBool::new(false),
        })
    }

    fn open(&self) -> Result<(), LogError> {
        if self.closed.load(Ordering::Acquire) { Err(LogError::Closed) } else { Ok(()) }
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Inquiry) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        self.open()?;
        let inquiry = self.inquiry.clone();
        blocking(move || question(&inquiry)).await
    }
}

#[async_trait]
impl EventLog for KafkaLog {
    async fn ensure_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        spec.check()?;
        self.open()?;
        self.inquiry.ensure_topic(spec).await
    }

    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        if self.open().is_err() {
            return vec![Err(AppendError::Closed); records.len()];
        }
        self.appender.append(topic, records).await
    }

    async fn bounds(&self, topic: &str) -> Result<BTreeMap<Partition, PartitionBounds>, LogError> {
        let topic = topic.to_owned();
        self.ask(move |inquiry| inquiry.bounds(&topic)).await
    }

    async fn reader(&self, topic: &str, from: Positions) -> Result<Box<dyn LogReader>, LogError> {
        let (topic, settings) = (topic.to_owned(), self.settings.clone());
        let reader = self.ask(move |inquiry| {
            let partitions = inquiry.partitions(&topic)?;
            if let Some(partition) = from.keys().find(|partition| !partitions.contains(partition)) {
                return Err(LogError::InvalidTopic(format!("it has no partition {partition}")));
            }
            KafkaReader::new(&settings, &topic, &from)
        });
        Ok(Box::new(reader.await?))
    }

    async fn join(&self, topic: &str, group: &str) -> Result<Box<dyn GroupMember>, LogError> {
        let (topic, group, settings) = (topic.to_owned(), group.to_owned(), self.settings.clone());
        let member = self.ask(move |inquiry| {
            inquiry.partitions(&topic)?;
            KafkaMember::new(&settings, &topic, &group)
        });
        Ok(Box::new(member.await?))
    }

    async fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError> {
        let (topic, group) = (topic.to_owned(), group.to_owned());
        self.ask(move |inquiry| inquiry.lag(&topic, &group)).await
    }

    async fn check(&self) -> Result<(), LogError> {
        self.open()?;
        let appender = self.appender.clone();
        blocking(move || appender.check()).await
    }

    async fn close(&self, wait_max: Duration) {
        self.closed.store(true, Ordering::Release);
        let appender = self.appender.clone();
        let flushed = blocking(move || {
            appender.flush(wait_max);
            Ok(())
        });
        // Whatever was not flushed in time was never acknowledged.
        let _ = flushed.await;
    }
}

/// Runs a blocking call of librdkafka's off the async workers.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LogError> + Send + 'static,
) -> Result<T, LogError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(LogError::Unavailable("its work was broken off".to_owned())))
}
