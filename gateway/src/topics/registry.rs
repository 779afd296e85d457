//! Rows of topics and topics of the log, brought together.

use std::{sync::Arc, time::Duration};

use aibbar::record::EVENTS_TOPIC;
use bus::{EventLog, LogError, TopicConfig, TopicSpec};
use store::{Topic, TopicStore};

use super::shown::TopicShown;
use crate::problem::{Kind, Problem};

const SECONDS_PER_HOUR: u64 = 3_600;

/// How long the log may take to make or to delete a topic while somebody waits for it.
const LOG_MAX_WAIT: Duration = Duration::from_secs(10);

/// Topics that were deleted and are looked at at once.
const DELETED_AT_ONCE: u32 = 1_000;

/// What makes topics in the log, and deletes them there.
pub(crate) struct Topics {
    log: Arc<dyn EventLog>,
    store: Arc<dyn TopicStore>,
    /// The topic of events, as every process makes it.
    events: Option<TopicSpec>,
}

impl Topics {
    pub(crate) fn new(log: Arc<dyn EventLog>, store: Arc<dyn TopicStore>, topics: &[TopicSpec]) -> Self {
        let events = topics.iter().find(|spec| spec.name == EVENTS_TOPIC).cloned();
        Self { log, store, events }
    }

    /// The topic of events, as everybody has it.
    pub(super) fn events(&self) -> TopicShown {
        let hours = |retention: Duration| u32::try_from(retention.as_secs() / SECONDS_PER_HOUR).unwrap_or(u32::MAX);
        let retention = self.events.as_ref().and_then(|spec| spec.retention).map(hours);
        TopicShown::of_events(EVENTS_TOPIC, self.events.as_ref().map_or(1, |spec| spec.partitions), retention)
    }

    /// Makes the topic in the log as its row says, whatever of it is there already.
    pub(crate) async fn make(&self, topic: &Topic) -> Result<(), Problem> {
        let making = tokio::time::timeout(LOG_MAX_WAIT, self.make_in_log(topic));
        making.await.map_err(|_| log_away("no answer in time"))?.map_err(problem_of)?;
        // Whoever deletes it marks the row first: what was made after that is nobody's.
        match self.store.topic(topic.org_id, &topic.name).await? {
            Some(row) if row.id == topic.id => Ok(self.store.topic_is_made(topic).await?),
            Some(_) => Err(super::no_such_topic()),
            None => {
                if let Err(error) = self.log.delete_topic(&topic.name.in_log(topic.org_id)).await {
                    tracing::debug!(%error, "a topic that was deleted meanwhile is left in the log");
                }
                Err(super::no_such_topic())
            }
        }
    }

    async fn make_in_log(&self, topic: &Topic) -> Result<(), LogError> {
        let spec = spec_of(topic);
        self.log.ensure_topic(&spec).await?;
        let is = self.log.describe_topic(&spec.name).await?;
        let config = TopicConfig { retention: spec.retention, compacted: spec.compacted };
        if is.config != config {
            self.log.configure_topic(&spec.name, config).await?;
        }
        if is.partitions < spec.partitions {
            self.log.add_partitions(&spec.name, spec.partitions).await?;
        }
        Ok(())
    }

    /// Deletes in the log what was deleted in the store, and forgets it. What can't be done now is done later.
    pub(super) async fn finish(&self, topic: &Topic) -> bool {
        let name = topic.name.in_log(topic.org_id);
        let deleted = match tokio::time::timeout(LOG_MAX_WAIT, self.log.delete_topic(&name)).await {
            Ok(Ok(()) | Err(LogError::NoSuchTopic(_))) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "a deleted topic is not yet deleted in the log");
                false
            }
            Err(_) => false,
        };
        deleted && self.store.forget_topic(topic.org_id, topic.id).await.is_ok()
    }

    /// Whether a name that is taken was a deleted topic's, which is forgotten now.
    pub(super) async fn finish_deleted(&self, wanted: &Topic) -> bool {
        let Ok(deleted) = self.store.deleted_topics(Some(wanted.org_id), DELETED_AT_ONCE).await else { return false };
        match deleted.iter().find(|topic| topic.name.folded() == wanted.name.folded()) {
            Some(topic) => self.finish(topic).await,
            None => false,
        }
    }

    /// Finishes everything that was deleted, of whichever organisation.
    pub(super) async fn finish_all(&self) {
        match self.store.deleted_topics(None, DELETED_AT_ONCE).await {
            Ok(deleted) => {
                for topic in deleted {
                    self.finish(&topic).await;
                }
            }
            Err(error) => tracing::debug!(%error, "deleted topics can't be asked for now"),
        }
    }
}

/// The topic as the log is told of it.
fn spec_of(topic: &Topic) -> TopicSpec {
    let retention = topic.retention_hours.map(|hours| Duration::from_secs(u64::from(hours) * SECONDS_PER_HOUR));
    TopicSpec {
        name: topic.name.in_log(topic.org_id),
        partitions: topic.partitions,
        retention,
        compacted: topic.compacted,
    }
}

/// What a log's failure is to whoever asked for something of a topic.
pub(super) fn problem_of(error: LogError) -> Problem {
    match error {
        LogError::NoSuchTopic(_) => super::no_such_topic(),
        LogError::TopicExists(_) => Problem::new(
            Kind::AlreadyExists,
            "A topic of this name, or of one that the log can't tell from it, exists.",
        ),
        LogError::InvalidTopic(rule) => Problem::new(Kind::InvalidBody, format!("The log refuses it: {rule}.")),
        other => log_away(other),
    }
}

fn log_away(cause: impl std::fmt::Display) -> Problem {
    tracing::warn!(%cause, "the log does not do what is asked of a topic");
    Problem::new(Kind::LogUnavailable, "The log can't be asked now; try again shortly.")
}
