//! Reads given partitions, bound to no group.

use async_trait::async_trait;
use rdkafka::{
    Offset, TopicPartitionList,
    config::FromClientConfigAndContext,
    consumer::{Consumer, StreamConsumer},
};

use super::{context::Context, failure::log_error, messages::Messages, settings::KafkaSettings};
use crate::{LogError, LogReader, LogRecord, Positions, ReadLimits};

/// librdkafka wants a name even where no group is joined; nothing is ever committed under it.
const NO_GROUP: &str = "gapin-reader";

/// What it calls itself.
const NAME: &str = "gapin";

pub(super) struct KafkaReader {
    topic: String,
    /// `None` once it is being dropped.
    messages: Option<Messages>,
    reads_nothing: bool,
}

impl KafkaReader {
    /// Blocks while the client is made.
    pub(super) fn new(settings: &KafkaSettings, topic: &str, from: &Positions) -> Result<Self, LogError> {
        let consumer: StreamConsumer<Context> =
            StreamConsumer::from_config_and_context(&settings.consumer(NO_GROUP, NAME), Context::default())
                .map_err(|error| log_error(&error, topic))?;
        let mut assignment = TopicPartitionList::with_capacity(from.len());
        for (&partition, &offset) in from {
            let (partition, offset) = (partition as i32, Offset::Offset(offset as i64));
            assignment.add_partition_offset(topic, partition, offset).map_err(|error| log_error(&error, topic))?;
        }
        consumer.assign(&assignment).map_err(|error| log_error(&error, topic))?;
        let messages = Some(Messages::new(consumer));
        Ok(Self { topic: topic.to_owned(), messages, reads_nothing: from.is_empty() })
    }
}

#[async_trait]
impl LogReader for KafkaReader {
    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError> {
        if self.reads_nothing {
            tokio::time::sleep(limits.wait_max).await;
            return Ok(Vec::new());
        }
        match &mut self.messages {
            Some(messages) => messages.read(limits).await.map_err(|error| log_error(&error, &self.topic)),
            None => Err(LogError::Closed),
        }
    }

    fn passed(&self) -> Positions {
        self.messages.as_ref().map(Messages::passed).unwrap_or_default()
    }
}

impl Drop for KafkaReader {
    /// Closing a consumer blocks; a thread of its own takes that off the async worker.
    fn drop(&mut self) {
        let messages = self.messages.take();
        std::thread::spawn(move || drop(messages));
    }
}
