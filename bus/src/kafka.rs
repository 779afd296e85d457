//! The event log on Apache Kafka or Redpanda.
//!
//! One producer serves the whole process ([`append`], in turns: [`lanes`]); each reader and each member of a group is a
//! consumer of its own ([`reader`], [`member`]); further clients answer questions ([`inquiry`], [`groups`], [`lookup`])
//! and make and change topics ([`admin`]).
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

mod admin;
mod append;
mod assignment;
mod context;
mod delivery;
mod failure;
mod groups;
mod inquiry;
mod lanes;
mod lookup;
mod member;
mod messages;
mod reader;
mod repeats;
mod settings;
mod trial;

pub use settings::{Compression, KafkaSettings, Password, Sasl, SaslMechanism, Security};
pub use trial::{Trial, TrialError};

use self::{
    admin::Admin, append::Appender, groups::Groups, inquiry::Inquiry, lookup::Lookup, member::KafkaMember,
    reader::KafkaReader,
};
use crate::{
    AppendError, EventLog, GroupDescription, GroupMember, LogError, LogReader, NewRecord, Partition, PartitionBounds,
    PartitionLag, Position, Positions, TopicConfig, TopicDescription, TopicSpec,
};

/// How long setting a group's positions may take; then it is not known whether they were set.
const RESET_MAX_WAIT: Duration = Duration::from_secs(10);

/// The log on a Kafka cluster.
pub struct KafkaLog {
    settings: KafkaSettings,
    appender: Arc<Appender>,
    inquiry: Arc<Inquiry>,
    groups: Arc<Groups>,
    lookup: Arc<Lookup>,
    admin: Admin,
    closed: AtomicBool,
}

impl KafkaLog {
    /// Makes the clients; connects in the background. Fails only when the settings are no settings.
    pub fn new(settings: KafkaSettings) -> Result<KafkaLog, LogError> {
        let inquiry = Arc::new(Inquiry::new(&settings)?);
        Ok(KafkaLog {
            appender: Arc::new(Appender::new(&settings)?),
            admin: Admin::new(&settings, inquiry.clone())?,
            groups: Arc::new(Groups::new(&settings, inquiry.clone())),
            lookup: Arc::new(Lookup::new(&settings)),
            inquiry,
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

    async fn ask_groups<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Groups) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        self.open()?;
        let groups = self.groups.clone();
        blocking(move || question(&groups)).await
    }
}

#[async_trait]
impl EventLog for KafkaLog {
    async fn ensure_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        spec.check()?;
        self.open()?;
        self.admin.ensure_topic(spec).await?;
        self.appender.learn(&spec.name).await;
        Ok(())
    }

    async fn create_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        spec.check()?;
        self.open()?;
        self.admin.create_topic(spec).await?;
        self.appender.learn(&spec.name).await;
        Ok(())
    }

    async fn delete_topic(&self, topic: &str) -> Result<(), LogError> {
        self.open()?;
        self.groups.forget(topic);
        self.admin.delete_topic(topic).await
    }

    async fn describe_topic(&self, topic: &str) -> Result<TopicDescription, LogError> {
        self.open()?;
        self.admin.describe_topic(topic).await
    }

    async fn configure_topic(&self, topic: &str, config: TopicConfig) -> Result<(), LogError> {
        self.open()?;
        self.admin.configure_topic(topic, config).await
    }

    async fn add_partitions(&self, topic: &str, partitions: u32) -> Result<(), LogError> {
        self.open()?;
        self.admin.add_partitions(topic, partitions).await?;
        self.appender.learn(topic).await;
        Ok(())
    }

    async fn offsets_at(&self, topic: &str, at_ms: i64) -> Result<Positions, LogError> {
        let topic = topic.to_owned();
        self.ask(move |inquiry| inquiry.offsets_at(&topic, at_ms)).await
    }

    async fn appended_at(&self, topic: &str, places: &Positions) -> Result<BTreeMap<Partition, i64>, LogError> {
        self.open()?;
        let (lookup, topic, places) = (self.lookup.clone(), topic.to_owned(), places.clone());
        blocking(move || lookup.appended_at(&topic, &places)).await
    }

    async fn groups(&self, topic: &str, prefix: &str) -> Result<Vec<GroupDescription>, LogError> {
        let (topic, prefix) = (topic.to_owned(), prefix.to_owned());
        self.ask_groups(move |groups| groups.of_topic(&topic, &prefix)).await
    }

    async fn reset_group(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError> {
        let (topic, group, next) = (topic.to_owned(), group.to_owned(), next.clone());
        let reset = self.ask_groups(move |groups| groups.reset(&topic, &group, &next));
        // librdkafka waits for a coordinator as long as the client lives.
        match tokio::time::timeout(RESET_MAX_WAIT, reset).await {
            Ok(reset) => reset,
            Err(_) => Err(LogError::Unavailable("the group's coordinator did not answer in time".to_owned())),
        }
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

    async fn join(&self, topic: &str, group: &str, name: &str) -> Result<Box<dyn GroupMember>, LogError> {
        let (topic, group, name) = (topic.to_owned(), group.to_owned(), name.to_owned());
        let settings = self.settings.clone();
        let member = self.ask(move |inquiry| {
            inquiry.partitions(&topic)?;
            KafkaMember::new(&settings, &topic, &group, &name)
        });
        Ok(Box::new(member.await?))
    }

    async fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError> {
        let (topic, group) = (topic.to_owned(), group.to_owned());
        self.ask_groups(move |groups| groups.lag(&topic, &group)).await
    }

    async fn check(&self) -> Result<(), LogError> {
        self.open()?;
        let appender = self.appender.clone();
        blocking(move || appender.check()).await
    }

    async fn close(&self, wait_max: Duration) {
        self.closed.store(true, Ordering::Release);
        self.appender.flush(wait_max).await;
    }
}

/// Runs a blocking call of librdkafka's off the async workers.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LogError> + Send + 'static,
) -> Result<T, LogError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(LogError::Unavailable("its work was broken off".to_owned())))
}
