//! Makes topics, changes them and deletes them.
//!
//! A broker that says yes has told the controller; the other brokers learn it a little later. So each call waits
//! until the brokers that are asked say the same, and what comes next finds it done.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rdkafka::{
    Offset, TopicPartitionList,
    admin::{
        AdminClient, AdminOptions, AlterConfig, ConfigResource, ConfigSource, NewPartitions, NewTopic,
        ResourceSpecifier, TopicReplication, TopicResult,
    },
    config::FromClientConfigAndContext,
    error::{KafkaResult, RDKafkaErrorCode},
};
use tokio::time::{Instant, sleep};

use super::{
    blocking,
    context::Context,
    failure::log_error,
    inquiry::{ANSWER_MAX_WAIT, Inquiry, RETRY_AFTER, Replicas},
    settings::KafkaSettings,
};
use crate::{LogError, Partition, Position, TopicConfig, TopicDescription, TopicSpec, topic_spec::may_have};

/// How long a change may take until brokers tell of it, and every partition has a leader.
const SETTLED_MAX_WAIT: Duration = Duration::from_secs(15);

/// Kafka's words for what can be changed.
const RETENTION: &str = "retention.ms";
const CLEANUP: &str = "cleanup.policy";

pub(super) struct Admin {
    settings: KafkaSettings,
    client: AdminClient<Context>,
    inquiry: Arc<Inquiry>,
}

impl Admin {
    pub(super) fn new(settings: &KafkaSettings, inquiry: Arc<Inquiry>) -> Result<Self, LogError> {
        let client = AdminClient::from_config_and_context(&settings.client(), Context::default());
        Ok(Self { client: client.map_err(|error| log_error(&error, ""))?, settings: settings.clone(), inquiry })
    }

    /// Makes the topic unless it is there, and waits until every partition can be written to.
    pub(super) async fn ensure_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        if let Err(LogError::NoSuchTopic(_)) = self.leaders(&spec.name).await {
            match self.create(spec).await? {
                // Another process was first.
                Err(RDKafkaErrorCode::TopicAlreadyExists) => {}
                made => made.map_err(|code| refusal(spec, code))?,
            }
        }
        self.until_written_to(&spec.name, 1).await
    }

    pub(super) async fn create_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        self.create(spec).await?.map_err(|code| refusal(spec, code))?;
        self.until_written_to(&spec.name, spec.partitions).await
    }

    pub(super) async fn delete_topic(&self, topic: &str) -> Result<(), LogError> {
        let deleted = self.client.delete_topics(&[topic], &options()).await;
        self.outcome(deleted, topic)?.map_err(|code| failure(topic, code))?;
        let deadline = Instant::now() + SETTLED_MAX_WAIT;
        loop {
            match self.leaders(topic).await {
                Err(LogError::NoSuchTopic(_)) => return Ok(()),
                Err(error) => return Err(error),
                Ok(_) if Instant::now() < deadline => sleep(RETRY_AFTER).await,
                Ok(_) => return Err(LogError::Unavailable(format!("topic {topic:?} is not gone yet"))),
            }
        }
    }

    pub(super) async fn describe_topic(&self, topic: &str) -> Result<TopicDescription, LogError> {
        let partitions = self.leaders(topic).await?.len() as u32;
        let config = config_of(&self.configured(topic).await?);
        Ok(TopicDescription { partitions, config, bytes: None })
    }

    /// Brokers take the whole of what was set for a topic and nothing else, so what others set is said again.
    pub(super) async fn configure_topic(&self, topic: &str, config: TopicConfig) -> Result<(), LogError> {
        self.leaders(topic).await?;
        let configured = self.configured(topic).await?;
        let ours = entries(config);
        let set_here = |entry: &&rdkafka::admin::ConfigEntry| {
            entry.source == ConfigSource::DynamicTopic && ours.iter().all(|(name, _)| *name != entry.name)
        };
        let mut change = AlterConfig::new(ResourceSpecifier::Topic(topic));
        for entry in configured.entries.iter().filter(set_here) {
            change = change.set(&entry.name, entry.value.as_deref().unwrap_or_default());
        }
        for (name, value) in &ours {
            change = change.set(name, value);
        }
        let changed = self.client.alter_configs([&change], &options()).await;
        let changed = changed.map_err(|error| self.inquiry.explained(log_error(&error, topic)))?;
        if let Some(Err((_, code))) = changed.into_iter().next() {
            return Err(failure(topic, code));
        }
        let deadline = Instant::now() + SETTLED_MAX_WAIT;
        while config_of(&self.configured(topic).await?) != config {
            if Instant::now() >= deadline {
                return Err(LogError::Unavailable(format!("the change of topic {topic:?} is not seen yet")));
            }
            sleep(RETRY_AFTER).await;
        }
        Ok(())
    }

    pub(super) async fn add_partitions(&self, topic: &str, partitions: u32) -> Result<(), LogError> {
        let before = self.leaders(topic).await?.len() as u32;
        may_have(before, partitions)?;
        if partitions > before {
            let wanted = NewPartitions::new(topic, partitions as usize);
            let added = self.client.create_partitions([&wanted], &options()).await;
            match self.outcome(added, topic)? {
                // Another process was first: it may have added more.
                Ok(()) | Err(RDKafkaErrorCode::InvalidPartitions) => {}
                Err(code) => return Err(failure(topic, code)),
            }
        }
        self.until_written_to(topic, partitions).await
    }

    /// Waits until the topic has so many partitions at least, each with a leader.
    async fn until_written_to(&self, topic: &str, partitions: u32) -> Result<(), LogError> {
        let deadline = Instant::now() + SETTLED_MAX_WAIT;
        loop {
            match self.leaders(topic).await {
                Ok(leaders) if leaders.len() >= partitions as usize && leaders.values().all(|&led| led) => {
                    return Ok(());
                }
                Ok(_) | Err(LogError::NoSuchTopic(_)) if Instant::now() < deadline => sleep(RETRY_AFTER).await,
                Ok(_) => return Err(LogError::Unavailable(format!("topic {topic:?} has no leader yet"))),
                Err(error) => return Err(error),
            }
        }
    }

    async fn leaders(&self, topic: &str) -> Result<BTreeMap<Partition, bool>, LogError> {
        let replicas = self.replicas(topic).await?;
        Ok(replicas.into_iter().map(|(partition, replicas)| (partition, replicas.have_leader)).collect())
    }

    /// The topic's partitions, each with who carries it.
    pub(super) async fn replicas(&self, topic: &str) -> Result<BTreeMap<Partition, Replicas>, LogError> {
        let (inquiry, topic) = (self.inquiry.clone(), topic.to_owned());
        blocking(move || inquiry.replicas(&topic)).await
    }

    /// How many replicas have to be in sync for the topic to take a record; `None` where the brokers don't tell.
    pub(super) async fn in_sync_needed(&self, topic: &str) -> Option<usize> {
        self.configured(topic).await.ok()?.get("min.insync.replicas")?.value.as_ref()?.parse().ok()
    }

    /// Deletes what lies before this place, if the brokers let us.
    pub(super) async fn delete_before(&self, topic: &str, place: Position) {
        let mut offsets = TopicPartitionList::with_capacity(1);
        let offset = Offset::Offset(place.offset as i64);
        let deleted = match offsets.add_partition_offset(topic, place.partition as i32, offset) {
            Ok(()) => self.client.delete_records(&offsets, &options()).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = deleted {
            tracing::debug!(%error, topic, "records are left to the topic's retention");
        }
    }

    /// Makes the topic; the inner error is the brokers' refusal.
    pub(super) async fn create(&self, spec: &TopicSpec) -> Result<Result<(), RDKafkaErrorCode>, LogError> {
        /// The brokers' own choice.
        const DEFAULT_REPLICATION: i32 = -1;
        let replication = self.settings.replication_factor.map_or(DEFAULT_REPLICATION, i32::from);
        // A batch of one record of the largest size, and what the protocol adds.
        let message_bytes_max = (self.settings.record_bytes_max + 64 * 1024).to_string();
        let entries = entries(spec.config());
        let topic = NewTopic::new(&spec.name, spec.partitions as i32, TopicReplication::Fixed(replication))
            .set("max.message.bytes", &message_bytes_max)
            // Retention, and where a reader of a time begins, are the log's own time.
            .set("message.timestamp.type", "LogAppendTime");
        let topic = entries.iter().fold(topic, |topic, (name, value)| topic.set(name, value));
        let created = self.client.create_topics([&topic], &options()).await;
        self.outcome(created, &spec.name)
    }

    /// What is in force for the topic.
    async fn configured(&self, topic: &str) -> Result<ConfigResource, LogError> {
        let described = self.client.describe_configs([&ResourceSpecifier::Topic(topic)], &options()).await;
        let described = described.map_err(|error| self.inquiry.explained(log_error(&error, topic)))?;
        match described.into_iter().next() {
            Some(Ok(described)) => Ok(described),
            Some(Err(code)) => Err(failure(topic, code)),
            None => Err(LogError::Unavailable("no broker told of the topic".to_owned())),
        }
    }

    /// What became of the one topic that was asked for.
    fn outcome(
        &self,
        answer: KafkaResult<Vec<TopicResult>>,
        topic: &str,
    ) -> Result<Result<(), RDKafkaErrorCode>, LogError> {
        let answer = answer.map_err(|error| self.inquiry.explained(log_error(&error, topic)))?;
        Ok(match answer.into_iter().next() {
            Some(Err((_, code))) => Err(code),
            Some(Ok(_)) | None => Ok(()),
        })
    }
}

fn options() -> AdminOptions {
    AdminOptions::new().request_timeout(Some(ANSWER_MAX_WAIT)).operation_timeout(Some(ANSWER_MAX_WAIT))
}

/// Why the topic was not made. The name follows Kafka's rule, so that one that is none is too like another.
fn refusal(spec: &TopicSpec, code: RDKafkaErrorCode) -> LogError {
    match code {
        RDKafkaErrorCode::TopicAlreadyExists | RDKafkaErrorCode::InvalidTopic => {
            LogError::TopicExists(spec.name.clone())
        }
        RDKafkaErrorCode::InvalidPartitions => LogError::InvalidTopic(spec.name.clone()),
        code => failure(&spec.name, code),
    }
}

fn failure(topic: &str, code: RDKafkaErrorCode) -> LogError {
    match code {
        RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic => {
            LogError::NoSuchTopic(topic.to_owned())
        }
        code => LogError::Unavailable(format!("topic {topic:?}: {code}")),
    }
}

/// What of a topic can be changed, in Kafka's words.
fn entries(config: TopicConfig) -> [(&'static str, String); 2] {
    let retention = config.retention.map_or("-1".to_owned(), |kept| kept.as_millis().to_string());
    let cleanup = match (config.compacted, config.retention) {
        (false, _) => "delete",
        (true, None) => "compact",
        (true, Some(_)) => "compact,delete",
    };
    [(RETENTION, retention), (CLEANUP, cleanup.to_owned())]
}

fn config_of(configured: &ConfigResource) -> TopicConfig {
    let value = |name| configured.get(name).and_then(|entry| entry.value.as_deref());
    let kept_ms = value(RETENTION).and_then(|ms| ms.parse::<i64>().ok()).and_then(|ms| u64::try_from(ms).ok());
    let cleanup: Vec<_> = value(CLEANUP).unwrap_or("delete").split(',').map(str::trim).collect();
    let deletes = cleanup.contains(&"delete");
    TopicConfig {
        retention: kept_ms.filter(|_| deletes).map(Duration::from_millis),
        compacted: cleanup.contains(&"compact"),
    }
}

#[cfg(test)]
mod tests {
    use rdkafka::admin::{ConfigEntry, OwnedResourceSpecifier};

    use super::*;

    #[test]
    fn what_was_configured_is_read_back() {
        for retention in [None, Some(Duration::from_millis(1_500))] {
            for compacted in [false, true] {
                let config = TopicConfig { retention, compacted };
                let entry = |(name, value): (&str, String)| ConfigEntry {
                    name: name.to_owned(),
                    value: Some(value),
                    source: ConfigSource::DynamicTopic,
                    is_read_only: false,
                    is_default: false,
                    is_sensitive: false,
                };
                let entries = entries(config).into_iter().map(entry).collect();
                let specifier = OwnedResourceSpecifier::Topic("t".to_owned());
                assert_eq!(config_of(&ConfigResource { specifier, entries }), config);
            }
        }
    }
}
