//! A log in front of another: the spool, and what tests make logs fail with.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;

use crate::{
    AppendError, EventLog, GroupDescription, GroupMember, LogError, LogReader, NewRecord, Partition, PartitionBounds,
    PartitionLag, Position, Positions, TopicConfig, TopicDescription, TopicSpec,
};

/// Does what the log behind does, but for what it says itself; it is an [`EventLog`] by that.
#[async_trait]
pub trait LogLayer: Send + Sync + 'static {
    /// The log behind.
    fn behind(&self) -> &dyn EventLog;

    /// [`EventLog::configure_topic`].
    async fn configure_topic(&self, topic: &str, config: TopicConfig) -> Result<(), LogError> {
        self.behind().configure_topic(topic, config).await
    }

    /// [`EventLog::reset_group`].
    async fn reset_group(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError> {
        self.behind().reset_group(topic, group, next).await
    }

    /// [`EventLog::append`].
    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        self.behind().append(topic, records).await
    }

    /// [`EventLog::reader`].
    async fn reader(&self, topic: &str, from: Positions) -> Result<Box<dyn LogReader>, LogError> {
        self.behind().reader(topic, from).await
    }

    /// [`EventLog::join`].
    async fn join(&self, topic: &str, group: &str, name: &str) -> Result<Box<dyn GroupMember>, LogError> {
        self.behind().join(topic, group, name).await
    }

    /// [`EventLog::check`].
    async fn check(&self) -> Result<(), LogError> {
        self.behind().check().await
    }

    /// [`EventLog::close`].
    async fn close(&self, wait_max: Duration) {
        self.behind().close(wait_max).await;
    }
}

#[async_trait]
impl<L: LogLayer> EventLog for L {
    async fn ensure_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        self.behind().ensure_topic(spec).await
    }

    async fn create_topic(&self, spec: &TopicSpec) -> Result<(), LogError> {
        self.behind().create_topic(spec).await
    }

    async fn delete_topic(&self, topic: &str) -> Result<(), LogError> {
        self.behind().delete_topic(topic).await
    }

    async fn describe_topic(&self, topic: &str) -> Result<TopicDescription, LogError> {
        self.behind().describe_topic(topic).await
    }

    async fn configure_topic(&self, topic: &str, config: TopicConfig) -> Result<(), LogError> {
        LogLayer::configure_topic(self, topic, config).await
    }

    async fn add_partitions(&self, topic: &str, partitions: u32) -> Result<(), LogError> {
        self.behind().add_partitions(topic, partitions).await
    }

    async fn offsets_at(&self, topic: &str, at_ms: i64) -> Result<Positions, LogError> {
        self.behind().offsets_at(topic, at_ms).await
    }

    async fn appended_at(&self, topic: &str, places: &Positions) -> Result<BTreeMap<Partition, i64>, LogError> {
        self.behind().appended_at(topic, places).await
    }

    async fn groups(&self, topic: &str, prefix: &str) -> Result<Vec<GroupDescription>, LogError> {
        self.behind().groups(topic, prefix).await
    }

    async fn reset_group(&self, topic: &str, group: &str, next: &Positions) -> Result<(), LogError> {
        LogLayer::reset_group(self, topic, group, next).await
    }

    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        LogLayer::append(self, topic, records).await
    }

    async fn bounds(&self, topic: &str) -> Result<BTreeMap<Partition, PartitionBounds>, LogError> {
        self.behind().bounds(topic).await
    }

    async fn reader(&self, topic: &str, from: Positions) -> Result<Box<dyn LogReader>, LogError> {
        LogLayer::reader(self, topic, from).await
    }

    async fn join(&self, topic: &str, group: &str, name: &str) -> Result<Box<dyn GroupMember>, LogError> {
        LogLayer::join(self, topic, group, name).await
    }

    async fn lag(&self, topic: &str, group: &str) -> Result<Vec<PartitionLag>, LogError> {
        self.behind().lag(topic, group).await
    }

    async fn check(&self) -> Result<(), LogError> {
        LogLayer::check(self).await
    }

    async fn close(&self, wait_max: Duration) {
        LogLayer::close(self, wait_max).await;
    }
}
