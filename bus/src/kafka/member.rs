//! One member of a consumer group.
//!
//! Assignment is eager: at every rebalance each member gives up all partitions, and then reads those
//! that it gets from what is committed. Rebalances are served inside `next` alone (see `messages.rs`);
//! between two calls of it the assignment stands still. What was handed out before a rebalance can't be
//! committed after it, even when its partition came back: another member may have gone further.
//!
//! Nothing but a rebalance ever assigns. Going back by assigning the same partitions anew would do in quiet times; while
//! librdkafka is taking them away, since the session ran out, it is taken for the answer to that, and the member
//! never joins its group again. So going back is a seek, inside of `next`.

use std::time::Duration;

use async_trait::async_trait;
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    config::FromClientConfigAndContext,
    consumer::{CommitMode, Consumer, StreamConsumer},
    error::{KafkaError, KafkaResult},
};

use super::{
    blocking,
    context::Context,
    failure::{commit_error, log_error},
    messages::Messages,
    settings::KafkaSettings,
};
use crate::{GroupMember, LogError, LogRecord, Partition, Positions, ReadLimits};

/// How long one commit may take; then it is not known, and the caller reads again from what is committed.
const COMMIT_MAX_WAIT: Duration = Duration::from_secs(10);

/// How long one question on the way back may take; then it is asked again with the next read.
const ASK_BACK_MAX_WAIT: Duration = Duration::from_secs(5);

/// How long leaving may take. It is a courtesy to the other members: who can't tell them is missed once the session ends.
const LEAVE_MAX_WAIT: Duration = Duration::from_secs(2);

/// So many lengths of a session a member waits for its share before it joins anew. Longer than the group needs to find out
/// that somebody is gone and to share out again; who was only slow to be told loses nothing by it.
const SESSIONS_WITHOUT_SHARE_MAX: u32 = 3;

pub(super) struct KafkaMember {
    topic: String,
    settings: ClientConfig,
    /// How long it waits for its share.
    waits_max: Duration,
    /// `None` once it is being dropped.
    messages: Option<Messages>,
    /// The rebalances of the clients before this one.
    rebalances_before: u64,
}

impl KafkaMember {
    /// Blocks while the client is made; joins in the background.
    pub(super) fn new(settings: &KafkaSettings, topic: &str, group: &str, name: &str) -> Result<Self, LogError> {
        let client = settings.consumer(group, name);
        let messages = Messages::new(subscribed(&client, topic)?);
        Ok(Self {
            topic: topic.to_owned(),
            settings: client,
            waits_max: settings.session_timeout * SESSIONS_WITHOUT_SHARE_MAX,
            messages: Some(messages),
            rebalances_before: 0,
        })
    }

    fn messages(&mut self) -> Result<&mut Messages, LogError> {
        self.messages.as_mut().ok_or(LogError::Closed)
    }

    /// A client that was told to give its partitions up while the brokers answered nothing may never join its group again,
    /// and says nothing of it (librdkafka 2.12). So a member that waits too long for its share begins with a new one.
    async fn join_anew_where_forgotten(&mut self) -> Result<(), LogError> {
        let forgotten = self.messages()?.consumer.clone();
        if forgotten.context().waits_for() < self.waits_max {
            return Ok(());
        }
        let (client, topic) = (self.settings.clone(), self.topic.clone());
        let anew = move || {
            // While no broker answers there is nothing to join, and nothing is told.
            forgotten.fetch_metadata(Some(&topic), ASK_BACK_MAX_WAIT).map_err(|error| log_error(&error, &topic))?;
            subscribed(&client, &topic)
        };
        let consumer = blocking(anew).await?;
        tracing::warn!(topic = self.topic, "a member of a group was told of no partitions for too long; it joins anew");
        // One more: partitions were taken away by this, if there were any.
        self.rebalances_before = self.generation() + 1;
        discard(self.messages.replace(Messages::instead_of_another(consumer)));
        Ok(())
    }
}

fn subscribed(client: &ClientConfig, topic: &str) -> Result<StreamConsumer<Context>, LogError> {
    let error = |error: KafkaError| log_error(&error, topic);
    let consumer: StreamConsumer<Context> =
        StreamConsumer::from_config_and_context(client, Context::default()).map_err(error)?;
    consumer.subscribe(&[topic]).map_err(error)?;
    Ok(consumer)
}

#[async_trait]
impl GroupMember for KafkaMember {
    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError> {
        self.join_anew_where_forgotten().await?;
        let topic = self.topic.clone();
        let messages = self.messages()?;
        messages.go_back_where_asked(&topic).await?;
        messages.read(limits).await.map_err(|error| log_error(&error, &topic))
    }

    async fn commit(&mut self, next: &Positions) -> Result<(), LogError> {
        let topic = self.topic.clone();
        let messages = self.messages()?;
        if messages.was_rebalanced_since_handed_out() {
            return Err(LogError::Fenced);
        }
        let held = messages.consumer.assignment().map_err(|error| log_error(&error, &topic))?;
        let mut offsets = TopicPartitionList::with_capacity(next.len());
        for (&partition, &offset) in next {
            if held.find_partition(&topic, partition as i32).is_none() {
                return Err(LogError::Fenced);
            }
            let offset = Offset::Offset(offset as i64);
            offsets
                .add_partition_offset(&topic, partition as i32, offset)
                .map_err(|error| log_error(&error, &topic))?;
        }
        if next.is_empty() {
            return Ok(());
        }
        let consumer = messages.consumer.clone();
        let commit = move || consumer.commit(&offsets, CommitMode::Sync).map_err(|error| commit_error(&error, &topic));
        // librdkafka waits for a coordinator as long as the session lives.
        match tokio::time::timeout(COMMIT_MAX_WAIT, blocking(commit)).await {
            Ok(committed) => committed,
            Err(_) => Err(LogError::Unavailable("the group's coordinator did not answer a commit in time".to_owned())),
        }
    }

    fn generation(&self) -> u64 {
        self.rebalances_before + self.messages.as_ref().map_or(0, Messages::rebalances)
    }

    async fn rewind(&mut self) -> Result<(), LogError> {
        self.messages()?.ask_back();
        Ok(())
    }

    fn holds(&self) -> Vec<Partition> {
        let assignment = self.messages.as_ref().and_then(|messages| messages.consumer.assignment().ok());
        let held = assignment.iter().flat_map(|list| list.elements_for_topic(&self.topic));
        let mut held: Vec<_> = held.map(|element| element.partition().unsigned_abs()).collect();
        held.sort_unstable();
        held
    }

    async fn leave(mut self: Box<Self>) {
        let messages = self.messages.take();
        let leaving = blocking(move || {
            drop(messages);
            Ok(())
        });
        // It goes on in the background; a coordinator that stands still answers no sooner for being waited for.
        let _ = tokio::time::timeout(LEAVE_MAX_WAIT, leaving).await;
    }
}

impl Messages {
    /// Goes back to what the group committed, where that was asked for. Until it is done it is still asked for, so whoever
    /// is told an error, or leaves in between, reads nothing from further on. Cancel safe.
    async fn go_back_where_asked(&mut self, topic: &str) -> Result<(), LogError> {
        let Some(asked_at) = self.asked_back_at() else { return Ok(()) };
        // What a rebalance assigns begins with what is committed by itself.
        if self.rebalances() == asked_at {
            let (consumer, of) = (self.consumer.clone(), topic.to_owned());
            let went = blocking(move || seek_committed(&consumer).map_err(|error| log_error(&error, &of))).await;
            if let Err(error) = went {
                // The word that the partitions are being taken away may lie behind what would be read again anyway.
                self.discard_what_is_there();
                return Err(error);
            }
        }
        self.went_back();
        Ok(())
    }
}

/// Seeks each partition to what the group committed of it. Blocks.
fn seek_committed(consumer: &StreamConsumer<Context>) -> KafkaResult<()> {
    let assignment = consumer.assignment()?;
    if assignment.count() == 0 {
        return Ok(());
    }
    let committed = consumer.committed_offsets(assignment, ASK_BACK_MAX_WAIT)?;
    for mut element in committed.elements() {
        element.error()?;
        if element.offset() == Offset::Invalid {
            element.set_offset(Offset::Beginning)?;
        }
    }
    let sought = consumer.seek_partitions(committed, ASK_BACK_MAX_WAIT)?;
    sought.elements().iter().try_for_each(|element| element.error())
}

impl Drop for KafkaMember {
    fn drop(&mut self) {
        discard(self.messages.take());
    }
}

/// Leaving the group blocks; a thread of its own takes that off the async worker.
fn discard(messages: Option<Messages>) {
    if let Some(messages) = messages {
        std::thread::spawn(move || drop(messages));
    }
}
