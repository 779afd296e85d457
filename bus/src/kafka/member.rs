//! One member of a consumer group.
//!
//! Assignment is eager: at every rebalance each member gives up all partitions, and then reads those
//! that it gets from what is committed. Rebalances are served inside `next` alone (see `messages.rs`);
//! between two calls of it the assignment stands still. What was handed out before a rebalance can't be
//! committed after it, even when its partition came back: another member may have gone further.

use std::time::Duration;

use async_trait::async_trait;
use rdkafka::{
    Offset, TopicPartitionList,
    config::FromClientConfigAndContext,
    consumer::{CommitMode, Consumer, StreamConsumer},
    error::KafkaResult,
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

/// How long leaving may take. It is a courtesy to the other members: who can't tell them is missed once the session ends.
const LEAVE_MAX_WAIT: Duration = Duration::from_secs(2);

pub(super) struct KafkaMember {
    topic: String,
    /// `None` once it is being dropped.
    messages: Option<Messages>,
}

impl KafkaMember {
    /// Blocks while the client is made; joins in the background.
    pub(super) fn new(settings: &KafkaSettings, topic: &str, group: &str, name: &str) -> Result<Self, LogError> {
        let consumer: StreamConsumer<Context> =
            StreamConsumer::from_config_and_context(&settings.consumer(group, name), Context::default())
                .map_err(|error| log_error(&error, topic))?;
        consumer.subscribe(&[topic]).map_err(|error| log_error(&error, topic))?;
        Ok(Self { topic: topic.to_owned(), messages: Some(Messages::new(consumer)) })
    }

    fn messages(&mut self) -> Result<&mut Messages, LogError> {
        self.messages.as_mut().ok_or(LogError::Closed)
    }
}

#[async_trait]
impl GroupMember for KafkaMember {
    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError> {
        let records = self.messages()?.read(limits).await;
        records.map_err(|error| log_error(&error, &self.topic))
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
        self.messages.as_ref().map_or(0, |messages| messages.consumer.context().rebalances())
    }

    async fn rewind(&mut self) -> Result<(), LogError> {
        let topic = self.topic.clone();
        let messages = self.messages()?;
        messages.forget();
        messages.start_from_committed().map_err(|error| log_error(&error, &topic))
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
    /// Assigns the same partitions anew, each from what the group committed. With none there is
    /// nothing to do: those that come will begin there.
    fn start_from_committed(&self) -> KafkaResult<()> {
        let mut assignment = self.consumer.assignment()?;
        if assignment.count() == 0 {
            return Ok(());
        }
        assignment.set_all_offsets(Offset::Invalid)?;
        self.consumer.unassign()?;
        self.consumer.assign(&assignment)
    }
}

impl Drop for KafkaMember {
    /// Leaving the group blocks; a thread of its own takes that off the async worker.
    fn drop(&mut self) {
        if let Some(messages) = self.messages.take() {
            std::thread::spawn(move || drop(messages));
        }
    }
}
