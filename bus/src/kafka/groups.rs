//! Questions about groups of readers. Everything here blocks.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{CommitMode, Consumer},
    error::RDKafkaErrorCode,
    groups::GroupInfo,
    topic_partition_list::TopicPartitionListElem,
};

use super::{
    assignment,
    failure::log_error,
    inquiry::{ANSWER_MAX_WAIT, Client, Inquiry, client, listen_to},
    settings::KafkaSettings,
};
use crate::{GROUPS_LISTED_MAX, GroupDescription, LogError, MemberDescription, Partition, PartitionLag, Positions};

/// Clients kept for asking what groups committed; more groups than this are asked more slowly.
const CLIENTS_MAX: usize = 32;

/// How old a list of the cluster's groups may be. Brokers describe all groups or one, and a cluster may have
/// thousands: those who ask at the same time share one list.
const LIST_AGE_MAX: Duration = Duration::from_millis(500);

/// Groups that are remembered to have committed in a topic; one more and all are asked again.
const KNOWN_MAX: usize = 10_000;

/// What Kafka calls the groups of consumers; others are no readers of topics.
const CONSUMER_PROTOCOL: &str = "consumer";

pub(super) struct Groups {
    settings: KafkaSettings,
    inquiry: Arc<Inquiry>,
    /// A group's positions are told only to a client of that group; these never join.
    clients: Mutex<BTreeMap<String, Client>>,
    listed: Mutex<Option<Listed>>,
    /// Topic and group: the group committed there. One that did is so until the topic is deleted.
    known: Mutex<HashSet<(String, String)>>,
}

/// The cluster's groups of consumers, as they were lately.
struct Listed {
    at: Instant,
    groups: Arc<Vec<Group>>,
}

/// A group, whatever its members read.
struct Group {
    name: String,
    members: Vec<Member>,
}

struct Member {
    name: String,
    /// In the bytes of Kafka's protocol.
    assignment: Vec<u8>,
}

impl Groups {
    pub(super) fn new(settings: &KafkaSettings, inquiry: Arc<Inquiry>) -> Self {
        Self {
            settings: settings.clone(),
            inquiry,
            clients: Mutex::default(),
            listed: Mutex::default(),
            known: Mutex::default(),
        }
    }

    /// A group that nobody is in and that committed nothing here is none of this topic's, so groups without members are
    /// asked what they committed, one by one, until it is known that they did. Those that did not answer in time
    /// are told of: their names begin as this topic's do.
    pub(super) fn of_topic(&self, topic: &str, prefix: &str) -> Result<Vec<GroupDescription>, LogError> {
        let deadline = Instant::now() + ANSWER_MAX_WAIT;
        let partitions = self.inquiry.partitions(topic)?;
        let listed = self.list(topic, deadline)?;
        let begin = listed.partition_point(|group| group.name.as_str() < prefix);
        let mut groups = Vec::new();
        for group in listed[begin..].iter().take_while(|group| group.name.starts_with(prefix)) {
            if groups.len() == GROUPS_LISTED_MAX {
                break;
            }
            let members: Vec<_> = group.members.iter().map(|member| member.describe(topic)).collect();
            let holds_some = members.iter().any(|member| !member.partitions.is_empty());
            if holds_some || self.has_committed(topic, &partitions, &group.name, deadline) {
                groups.push(GroupDescription { group: group.name.clone(), members });
            }
        }
        Ok(groups)
    }

    fn has_committed(&self, topic: &str, partitions: &[Partition], group: &str, deadline: Instant) -> bool {
        let known = (topic.to_owned(), group.to_owned());
        if self.known.lock().contains(&known) {
            return true;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        match self.committed_within(topic, partitions, group, left) {
            Ok(none) if none.is_empty() => return false,
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, group, "a group did not say what it committed");
                return true;
            }
        }
        let mut all = self.known.lock();
        if all.len() >= KNOWN_MAX {
            all.clear();
        }
        all.insert(known);
        true
    }

    /// The cluster's groups of consumers, in the order of their names.
    fn list(&self, topic: &str, deadline: Instant) -> Result<Arc<Vec<Group>>, LogError> {
        let late = || LogError::Unavailable("the brokers did not list their groups in time".to_owned());
        let mut listed = self.listed.try_lock_until(deadline).ok_or_else(late)?;
        if let Some(listed) = listed.as_ref().filter(|listed| listed.at.elapsed() < LIST_AGE_MAX) {
            return Ok(listed.groups.clone());
        }
        let at = Instant::now();
        let list = self.inquiry.client.fetch_group_list(None, deadline.saturating_duration_since(at));
        let list = list.map_err(|error| self.inquiry.explained(log_error(&error, topic)))?;
        // A group that only ever had its positions set has no protocol.
        let of_consumers = |group: &&GroupInfo| ["", CONSUMER_PROTOCOL].contains(&group.protocol_type());
        let mut groups: Vec<_> = list.groups().iter().filter(of_consumers).map(Group::of).collect();
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        let groups = Arc::new(groups);
        *listed = Some(Listed { at, groups: groups.clone() });
        Ok(groups)
    }

    /// The topic is deleted, with what was committed there.
    pub(super) fn forget(&self, topic: &str) {
        self.known.lock().retain(|(known, _)| known != topic);
    }

    /// Commits without being a member, which brokers take as long as nobody is one.
    pub(super) fn reset(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError> {
        let partitions = self.inquiry.partitions(topic)?;
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
        let committed = self.client_of(group)?.commit(&offsets, CommitMode::Sync);
        // The group may be there only since now.
        *self.listed.lock() = None;
        committed.map_err(|error| match error.rdkafka_error_code() {
            Some(
                RDKafkaErrorCode::UnknownMemberId
                | RDKafkaErrorCode::IllegalGeneration
                | RDKafkaErrorCode::RebalanceInProgress,
            ) => LogError::GroupActive(group.to_owned()),
            _ => self.inquiry.explained(log_error(&error, topic)),
        })
    }

    pub(super) fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError> {
        let bounds = self.inquiry.bounds(topic)?;
        let partitions: Vec<_> = bounds.keys().copied().collect();
        let committed = self.committed_within(topic, &partitions, group, ANSWER_MAX_WAIT)?;
        let lag =
            |(partition, bounds)| PartitionLag { partition, committed: committed.get(&partition).copied(), bounds };
        Ok(bounds.into_iter().map(lag).collect())
    }

    /// What the group committed, where it did.
    fn committed_within(
        &self,
        topic: &str,
        partitions: &[Partition],
        group: &str,
        wait_max: Duration,
    ) -> Result<Positions, LogError> {
        if wait_max.is_zero() {
            return Err(LogError::Unavailable("there is no time left to ask what it committed".to_owned()));
        }
        let mut asked = TopicPartitionList::with_capacity(partitions.len());
        for &partition in partitions {
            asked.add_partition(topic, partition as i32);
        }
        let committed =
            self.client_of(group)?.committed_offsets(asked, wait_max).map_err(|error| log_error(&error, topic))?;
        let offset = |element: &TopicPartitionListElem<'_>| match element.offset() {
            Offset::Offset(offset) => Some((element.partition().unsigned_abs(), offset.unsigned_abs())),
            _ => None,
        };
        Ok(committed.elements_for_topic(topic).iter().filter_map(offset).collect())
    }

    fn client_of(&self, group: &str) -> Result<Client, LogError> {
        let mut clients = self.clients.lock();
        if let Some(client) = clients.get(group) {
            listen_to(client);
            return Ok(client.clone());
        }
        let evicted = if clients.len() == CLIENTS_MAX { clients.pop_first() } else { None };
        let made = client(&self.settings, group)?;
        clients.insert(group.to_owned(), made.clone());
        drop(clients);
        // Ending a client takes its time, and nobody is to wait for it.
        drop(evicted);
        Ok(made)
    }
}

impl Group {
    fn of(group: &GroupInfo) -> Self {
        let member = |member: &rdkafka::groups::GroupMemberInfo| Member {
            name: member.client_id().to_owned(),
            assignment: member.assignment().unwrap_or_default().to_vec(),
        };
        Self { name: group.name().to_owned(), members: group.members().iter().map(member).collect() }
    }
}

impl Member {
    /// What of the topic it holds.
    fn describe(&self, topic: &str) -> MemberDescription {
        let partitions = assignment::partitions(&self.assignment, topic).unwrap_or_default();
        MemberDescription { name: self.name.clone(), partitions }
    }
}
