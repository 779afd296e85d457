//! Questions about topics. Everything here blocks.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rdkafka::{
    Offset, TopicPartitionList,
    config::FromClientConfigAndContext,
    consumer::{BaseConsumer, Consumer},
    error::{KafkaError, RDKafkaErrorCode},
};

use super::{context::Context, failure::log_error, settings::KafkaSettings};
use crate::{LogError, Partition, PartitionBounds, Positions};

/// How long one question may take.
pub(super) const ANSWER_MAX_WAIT: Duration = Duration::from_secs(5);

/// How long to wait before the same is asked again.
pub(super) const RETRY_AFTER: Duration = Duration::from_millis(50);

/// librdkafka wants a name; nothing is ever committed under it.
const NO_GROUP: &str = "gapin-inquiry";

/// What the clients here call themselves.
const NAME: &str = "gapin";

pub(super) type Client = Arc<BaseConsumer<Context>>;

/// Who carries a partition, as the brokers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Replicas {
    pub(super) have_leader: bool,
    pub(super) in_sync: usize,
    pub(super) all: usize,
}

pub(super) struct Inquiry {
    pub(super) client: Client,
}

impl Inquiry {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, LogError> {
        Ok(Self { client: client(settings, NO_GROUP)? })
    }

    /// The topic's partitions, each with who carries it.
    pub(super) fn replicas(&self, topic: &str) -> Result<BTreeMap<Partition, Replicas>, LogError> {
        listen_to(&self.client);
        let metadata = self
            .client
            .fetch_metadata(Some(topic), ANSWER_MAX_WAIT)
            .map_err(|error| self.explained(log_error(&error, topic)))?;
        let missing = || LogError::NoSuchTopic(topic.to_owned());
        let found = metadata.topics().iter().find(|t| t.name() == topic).ok_or_else(missing)?;
        if let Some(error) = found.error() {
            return match RDKafkaErrorCode::from(error) {
                RDKafkaErrorCode::LeaderNotAvailable => {
                    Ok(BTreeMap::from([(0, Replicas { have_leader: false, in_sync: 0, all: 0 })]))
                }
                RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic => Err(missing()),
                other => Err(LogError::Unavailable(other.to_string())),
            };
        }
        let replicas = found.partitions().iter().map(|p| {
            (
                p.id().unsigned_abs(),
                Replicas { have_leader: p.leader() >= 0, in_sync: p.isr().len(), all: p.replicas().len() },
            )
        });
        let partitions: BTreeMap<_, _> = replicas.collect();
        if partitions.is_empty() { Err(missing()) } else { Ok(partitions) }
    }

    /// The topic's partitions.
    pub(super) fn partitions(&self, topic: &str) -> Result<Vec<Partition>, LogError> {
        Ok(self.replicas(topic)?.into_keys().collect())
    }

    pub(super) fn bounds(&self, topic: &str) -> Result<BTreeMap<Partition, PartitionBounds>, LogError> {
        let partitions = self.partitions(topic)?;
        let earliest = self.list_offsets(topic, &partitions, Offset::Beginning)?;
        let ends = self.list_offsets(topic, &partitions, Offset::End)?;
        let bounds = |partition| {
            let earliest = earliest.get(&partition).copied().flatten().unwrap_or(0);
            // Asked one after the other, and the second never comes out before the first.
            let end = ends.get(&partition).copied().flatten().unwrap_or(0).max(earliest);
            (partition, PartitionBounds { earliest, end })
        };
        Ok(partitions.into_iter().map(bounds).collect())
    }

    pub(super) fn offsets_at(&self, topic: &str, at_ms: i64) -> Result<Positions, LogError> {
        let partitions = self.partitions(topic)?;
        let found = self.list_offsets(topic, &partitions, Offset::Offset(at_ms.max(0)))?;
        let ends = self.list_offsets(topic, &partitions, Offset::End)?;
        let offset = |partition| {
            let end = ends.get(&partition).copied().flatten().unwrap_or(0);
            (partition, found.get(&partition).copied().flatten().unwrap_or(end))
        };
        Ok(partitions.into_iter().map(offset).collect())
    }

    /// Asks each broker once, for all of its partitions: for an end of them, or with a time for the first record
    /// from then on. A broker that has just become a leader, or ceased to be one, says so for a moment.
    fn list_offsets(
        &self,
        topic: &str,
        partitions: &[Partition],
        wanted: Offset,
    ) -> Result<BTreeMap<Partition, Option<u64>>, LogError> {
        let deadline = std::time::Instant::now() + ANSWER_MAX_WAIT;
        loop {
            match self.list_offsets_once(topic, partitions, wanted) {
                Err(error)
                    if matches!(
                        error.rdkafka_error_code(),
                        Some(
                            RDKafkaErrorCode::NotLeaderForPartition
                                | RDKafkaErrorCode::LeaderNotAvailable
                                | RDKafkaErrorCode::FencedLeaderEpoch
                                | RDKafkaErrorCode::UnknownLeaderEpoch
                        )
                    ) && std::time::Instant::now() < deadline =>
                {
                    std::thread::sleep(RETRY_AFTER);
                }
                answer => return answer.map_err(|error| self.explained(log_error(&error, topic))),
            }
        }
    }

    fn list_offsets_once(
        &self,
        topic: &str,
        partitions: &[Partition],
        wanted: Offset,
    ) -> Result<BTreeMap<Partition, Option<u64>>, KafkaError> {
        let mut asked = TopicPartitionList::with_capacity(partitions.len());
        for &partition in partitions {
            asked.add_partition_offset(topic, partition as i32, wanted)?;
        }
        let answered = self.client.offsets_for_times(asked, ANSWER_MAX_WAIT)?;
        let mut offsets = BTreeMap::new();
        for element in answered.elements() {
            element.error()?;
            let offset = if let Offset::Offset(offset) = element.offset() { Some(offset.unsigned_abs()) } else { None };
            offsets.insert(element.partition().unsigned_abs(), offset);
        }
        Ok(offsets)
    }

    /// "Timed out" alone helps nobody: adds what the connection said last.
    pub(super) fn explained(&self, error: LogError) -> LogError {
        listen_to(&self.client);
        match (error, self.client.client().context().last_error()) {
            (LogError::Unavailable(text), Some(reason)) => LogError::Unavailable(format!("{text}: {reason}")),
            (error, _) => error,
        }
    }
}

/// Takes in what a client has to say. Nobody else does for those that never read, and what they say
/// while brokers are away would pile up.
pub(super) fn listen_to(client: &Client) {
    while client.poll(Duration::ZERO).is_some() {}
}

/// A client that asks as one of this group, and never joins it.
pub(super) fn client(settings: &KafkaSettings, group: &str) -> Result<Client, LogError> {
    BaseConsumer::from_config_and_context(&settings.consumer(group, NAME), Context::default())
        .map(Arc::new)
        .map_err(|error| log_error(&error, ""))
}
