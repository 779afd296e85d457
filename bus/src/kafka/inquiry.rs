//! Questions about topics and groups. Everything here blocks, but for the making of topics.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use rdkafka::{
    Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication},
    config::FromClientConfigAndContext,
    consumer::{BaseConsumer, Consumer},
    error::RDKafkaErrorCode,
};
use tokio::time::{Instant, sleep};

use super::{blocking, context::Context, failure::log_error, settings::KafkaSettings};
use crate::{LogError, Partition, PartitionBounds, PartitionLag, Position, TopicSpec};

/// How long one question may take.
const ANSWER_MAX_WAIT: Duration = Duration::from_secs(5);

/// How long a new topic may take until every partition has a leader.
const LEADERS_MAX_WAIT: Duration = Duration::from_secs(15);

/// How long to wait before the same is asked again.
const RETRY_AFTER: Duration = Duration::from_millis(50);

/// Clients kept for asking what groups committed; more groups than this are asked more slowly.
const GROUPS_MAX: usize = 32;

/// librdkafka wants a name; nothing is ever committed under it.
const NO_GROUP: &str = "gapin-inquiry";

type Client = Arc<BaseConsumer<Context>>;

/// Who carries a partition, as the brokers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Replicas {
    pub(super) have_leader: bool,
    pub(super) in_sync: usize,
    pub(super) all: usize,
}

pub(super) struct Inquiry {
    settings: KafkaSettings,
    client: Client,
    admin: AdminClient<Context>,
    /// A group's positions are told only to a client of that group; these never join.
    of_groups: Mutex<BTreeMap<String, Client>>,
}

impl Inquiry {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, LogError> {
        Ok(Self {
            client: client(settings, NO_GROUP)?,
            admin: AdminClient::from_config_and_context(&settings.client(), Context::default())
                .map_err(|error| log_error(&error, ""))?,
            settings: settings.clone(),
            of_groups: Mutex::default(),
        })
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
        let mut bounds = BTreeMap::new();
        for partition in self.partitions(topic)? {
            let (earliest, end) = self.watermarks(topic, partition)?;
            bounds.insert(partition, PartitionBounds { earliest: earliest.unsigned_abs(), end: end.unsigned_abs() });
        }
        Ok(bounds)
    }

    /// A broker that has just become a leader, or ceased to be one, says so for a moment.
    fn watermarks(&self, topic: &str, partition: Partition) -> Result<(i64, i64), LogError> {
        let deadline = std::time::Instant::now() + ANSWER_MAX_WAIT;
        loop {
            match self.client.fetch_watermarks(topic, partition as i32, ANSWER_MAX_WAIT) {
                Err(error)
                    if matches!(
                        error.rdkafka_error_code(),
                        Some(RDKafkaErrorCode::NotLeaderForPartition | RDKafkaErrorCode::LeaderNotAvailable)
                    ) && std::time::Instant::now() < deadline =>
                {
                    std::thread::sleep(RETRY_AFTER);
                }
                answer => return answer.map_err(|error| log_error(&error, topic)),
            }
        }
    }

    pub(super) fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError> {
        let bounds = self.bounds(topic)?;
        let mut asked = TopicPartitionList::with_capacity(bounds.len());
        for &partition in bounds.keys() {
            asked.add_partition(topic, partition as i32);
        }
        let committed = self
            .of_group(group)?
            .committed_offsets(asked, ANSWER_MAX_WAIT)
            .map_err(|error| log_error(&error, topic))?;
        let lag = |(partition, bounds)| {
            let committed = committed.find_partition(topic, partition as i32).map(|found| found.offset());
            let committed = match committed {
                Some(Offset::Offset(offset)) => Some(offset.unsigned_abs()),
                _ => None,
            };
            PartitionLag { partition, committed, bounds }
        };
        Ok(bounds.into_iter().map(lag).collect())
    }

    fn of_group(&self, group: &str) -> Result<Client, LogError> {
        let mut of_groups = self.of_groups.lock();
        if let Some(client) = of_groups.get(group) {
            listen_to(client);
            return Ok(client.clone());
        }
        if of_groups.len() == GROUPS_MAX {
            of_groups.pop_first();
        }
        let client = client(&self.settings, group)?;
        of_groups.insert(group.to_owned(), client.clone());
        Ok(client)
    }

    /// Makes the topic unless it is there, and waits until every partition can be written to.
    pub(super) async fn ensure_topic(self: &Arc<Self>, spec: &TopicSpec) -> Result<(), LogError> {
        if let Err(LogError::NoSuchTopic(_)) = self.replicas_of(&spec.name).await {
            self.create(spec).await?;
        }
        let deadline = Instant::now() + LEADERS_MAX_WAIT;
        loop {
            match self.replicas_of(&spec.name).await {
                Ok(replicas) if replicas.values().all(|replicas| replicas.have_leader) => return Ok(()),
                Ok(_) | Err(LogError::NoSuchTopic(_)) if Instant::now() < deadline => {
                    sleep(RETRY_AFTER).await;
                }
                Ok(_) => return Err(LogError::Unavailable(format!("topic {:?} has no leader yet", spec.name))),
                Err(error) => return Err(error),
            }
        }
    }

    /// The same as [`replicas`](Self::replicas), off the async workers.
    pub(super) async fn replicas_of(self: &Arc<Self>, topic: &str) -> Result<BTreeMap<Partition, Replicas>, LogError> {
        let (inquiry, topic) = (self.clone(), topic.to_owned());
        blocking(move || inquiry.replicas(&topic)).await
    }

    /// How many replicas have to be in sync for the topic to take a record; `None` where the brokers don't tell.
    pub(super) async fn in_sync_needed(&self, topic: &str) -> Option<usize> {
        let options = AdminOptions::new().request_timeout(Some(ANSWER_MAX_WAIT));
        let described = self.admin.describe_configs(&[ResourceSpecifier::Topic(topic)], &options).await.ok()?;
        described.into_iter().next()?.ok()?.get("min.insync.replicas")?.value.as_ref()?.parse().ok()
    }

    /// Deletes what lies before this place, if the brokers let us.
    pub(super) async fn delete_before(&self, topic: &str, place: Position) {
        let mut offsets = TopicPartitionList::with_capacity(1);
        let offset = Offset::Offset(place.offset as i64);
        let options = AdminOptions::new().request_timeout(Some(ANSWER_MAX_WAIT));
        let deleted = match offsets.add_partition_offset(topic, place.partition as i32, offset) {
            Ok(()) => self.admin.delete_records(&offsets, &options).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = deleted {
            tracing::debug!(%error, topic, "records are left to the topic's retention");
        }
    }

    async fn create(&self, spec: &TopicSpec) -> Result<(), LogError> {
        self.try_create(spec).await?.map_err(|code| LogError::Unavailable(format!("topic {:?}: {code}", spec.name)))
    }

    /// Makes the topic unless it is there; the inner error is that we may not.
    pub(super) async fn try_create(&self, spec: &TopicSpec) -> Result<Result<(), RDKafkaErrorCode>, LogError> {
        /// The brokers' own choice.
        const DEFAULT_REPLICATION: i32 = -1;
        let replication = self.settings.replication_factor.map_or(DEFAULT_REPLICATION, i32::from);
        let retention_ms = spec.retention.map_or("-1".to_owned(), |kept| kept.as_millis().to_string());
        // A batch of one record of the largest size, and what the protocol adds.
        let message_bytes_max = (self.settings.record_bytes_max + 64 * 1024).to_string();
        let topic = NewTopic::new(&spec.name, spec.partitions as i32, TopicReplication::Fixed(replication))
            .set("retention.ms", &retention_ms)
            .set("max.message.bytes", &message_bytes_max);
        let options =
            AdminOptions::new().request_timeout(Some(ANSWER_MAX_WAIT)).operation_timeout(Some(ANSWER_MAX_WAIT));
        let created = self.admin.create_topics([&topic], &options).await;
        let created = created.map_err(|error| self.explained(log_error(&error, &spec.name)))?;
        match created.into_iter().next() {
            // Another process was first.
            Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists))) | Some(Ok(_)) | None => Ok(Ok(())),
            Some(Err((
                _,
                code @ (RDKafkaErrorCode::TopicAuthorizationFailed
                | RDKafkaErrorCode::ClusterAuthorizationFailed
                | RDKafkaErrorCode::PolicyViolation),
            ))) => Ok(Err(code)),
            Some(Err((_, RDKafkaErrorCode::InvalidTopic | RDKafkaErrorCode::InvalidPartitions))) => {
                Err(LogError::InvalidTopic(spec.name.clone()))
            }
            Some(Err((_, code))) => Err(LogError::Unavailable(format!("topic {:?}: {code}", spec.name))),
        }
    }

    /// "Timed out" alone helps nobody: adds what the connection said last.
    fn explained(&self, error: LogError) -> LogError {
        listen_to(&self.client);
        match (error, self.client.client().context().last_error()) {
            (LogError::Unavailable(text), Some(reason)) => LogError::Unavailable(format!("{text}: {reason}")),
            (error, _) => error,
        }
    }
}

/// Takes in what a client has to say. Nobody else does for those that never read, and what they say
/// while brokers are away would pile up.
fn listen_to(client: &Client) {
    while client.poll(Duration::ZERO).is_some() {}
}

fn client(settings: &KafkaSettings, group: &str) -> Result<Client, LogError> {
    BaseConsumer::from_config_and_context(&settings.consumer(group), Context::default())
        .map(Arc::new)
        .map_err(|error| log_error(&error, ""))
}
