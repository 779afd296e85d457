//! Questions about topics and groups. Everything here blocks.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use rdkafka::{
    Offset, TopicPartitionList,
    config::FromClientConfigAndContext,
    consumer::{BaseConsumer, CommitMode, Consumer},
    error::{KafkaError, RDKafkaErrorCode},
    groups::GroupInfo,
    topic_partition_list::TopicPartitionListElem,
};

use super::{assignment, context::Context, failure::log_error, settings::KafkaSettings};
use crate::{
    GROUPS_LISTED_MAX, GroupDescription, LogError, MemberDescription, Partition, PartitionBounds, PartitionLag,
    Positions,
};

/// How long one question may take.
pub(super) const ANSWER_MAX_WAIT: Duration = Duration::from_secs(5);

/// How long to wait before the same is asked again.
pub(super) const RETRY_AFTER: Duration = Duration::from_millis(50);

/// Clients kept for asking what groups committed; more groups than this are asked more slowly.
const GROUPS_MAX: usize = 32;

/// librdkafka wants a name; nothing is ever committed under it.
const NO_GROUP: &str = "gapin-inquiry";

/// What the clients here call themselves.
const NAME: &str = "gapin";

/// What Kafka calls the groups of consumers; others are no readers of topics.
const CONSUMER_PROTOCOL: &str = "consumer";

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
    /// A group's positions are told only to a client of that group; these never join.
    of_groups: Mutex<BTreeMap<String, Client>>,
}

impl Inquiry {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, LogError> {
        Ok(Self { client: client(settings, NO_GROUP)?, settings: settings.clone(), of_groups: Mutex::default() })
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

    /// A group that nobody is in and that committed nothing here is none of this topic's, so the groups without
    /// members are asked what they committed, one by one.
    pub(super) fn groups(&self, topic: &str, prefix: &str) -> Result<Vec<GroupDescription>, LogError> {
        let partitions = self.partitions(topic)?;
        let list = self.client.fetch_group_list(None, ANSWER_MAX_WAIT);
        let list = list.map_err(|error| self.explained(log_error(&error, topic)))?;
        let is_wanted = |group: &&GroupInfo| {
            // A group that only ever had its positions set has no protocol.
            group.name().starts_with(prefix) && ["", CONSUMER_PROTOCOL].contains(&group.protocol_type())
        };
        let mut found: Vec<_> = list.groups().iter().filter(is_wanted).collect();
        found.sort_by(|one, other| one.name().cmp(other.name()));
        let mut groups = Vec::new();
        for group in found {
            if groups.len() == GROUPS_LISTED_MAX {
                break;
            }
            let members = members(group, topic);
            let reads = members.iter().any(|member| !member.partitions.is_empty());
            if reads || !self.committed(topic, &partitions, group.name())?.is_empty() {
                groups.push(GroupDescription { group: group.name().to_owned(), members });
            }
        }
        Ok(groups)
    }

    /// Commits without being a member, which brokers take as long as nobody is one.
    pub(super) fn reset_group(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError> {
        let partitions = self.partitions(topic)?;
        if let Some(partition) = next.keys().find(|partition| !partitions.contains(partition)) {
            return Err(LogError::InvalidTopic(format!("it has no partition {partition}")));
        }
        let mut offsets = TopicPartitionList::with_capacity(next.len());
        for (&partition, &offset) in next {
            let offset = Offset::Offset(i64::try_from(offset).unwrap_or(i64::MAX));
            offsets.add_partition_offset(topic, partition as i32, offset).map_err(|error| log_error(&error, topic))?;
        }
        if next.is_empty() {
            return Ok(());
        }
        let committed = self.of_group(group)?.commit(&offsets, CommitMode::Sync);
        committed.map_err(|error| match error.rdkafka_error_code() {
            Some(
                RDKafkaErrorCode::UnknownMemberId
                | RDKafkaErrorCode::IllegalGeneration
                | RDKafkaErrorCode::RebalanceInProgress,
            ) => LogError::GroupActive(group.to_owned()),
            _ => self.explained(log_error(&error, topic)),
        })
    }

    pub(super) fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError> {
        let bounds = self.bounds(topic)?;
        let partitions: Vec<_> = bounds.keys().copied().collect();
        let committed = self.committed(topic, &partitions, group)?;
        let lag =
            |(partition, bounds)| PartitionLag { partition, committed: committed.get(&partition).copied(), bounds };
        Ok(bounds.into_iter().map(lag).collect())
    }

    /// What the group committed, where it did.
    fn committed(&self, topic: &str, partitions: &[Partition], group: &str) -> Result<Positions, LogError> {
        let mut asked = TopicPartitionList::with_capacity(partitions.len());
        for &partition in partitions {
            asked.add_partition(topic, partition as i32);
        }
        let committed = self
            .of_group(group)?
            .committed_offsets(asked, ANSWER_MAX_WAIT)
            .map_err(|error| log_error(&error, topic))?;
        let offset = |element: &TopicPartitionListElem<'_>| match element.offset() {
            Offset::Offset(offset) => Some((element.partition().unsigned_abs(), offset.unsigned_abs())),
            _ => None,
        };
        Ok(committed.elements_for_topic(topic).iter().filter_map(offset).collect())
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
fn listen_to(client: &Client) {
    while client.poll(Duration::ZERO).is_some() {}
}

/// Who is in the group, and what of the topic each holds.
fn members(group: &GroupInfo, topic: &str) -> Vec<MemberDescription> {
    let describe = |member: &rdkafka::groups::GroupMemberInfo| MemberDescription {
        name: member.client_id().to_owned(),
        partitions: assignment::partitions(member.assignment().unwrap_or_default(), topic).unwrap_or_default(),
    };
    group.members().iter().map(describe).collect()
}

fn client(settings: &KafkaSettings, group: &str) -> Result<Client, LogError> {
    BaseConsumer::from_config_and_context(&settings.consumer(group, NAME), Context::default())
        .map(Arc::new)
        .map_err(|error| log_error(&error, ""))
}
