//! Shows that an append would work, step by step, for people who want to know why it does not.
//!
//! That a broker answers says little: a partition may have no leader, too few replicas in sync, or a leader that
//! only an old word of the cluster's calls one. So the topics are looked at, their leaders asked, and in the end one
//! record is appended, to a topic that is there for nothing else, and deleted again.

use std::time::Duration;

use rdkafka::error::RDKafkaErrorCode;
use tokio::time::{Instant, timeout_at};

use super::KafkaLog;
use crate::{AppendError, EventLog, LogError, NewRecord, Partition, TopicSpec};

/// The topic that trials append to. Questions to the brokers may name it whether it is there or not.
pub(super) const CHECK_TOPIC: &str = "gapin.check";

/// How long a record of a trial lives where we may not delete it.
const CHECK_RETENTION: Duration = Duration::from_secs(60 * 60);

/// What is tried.
#[derive(Clone, Debug)]
pub struct Trial<'t> {
    /// Topics that records go to; one that is not there yet is not looked at.
    pub topics: &'t [String],
    /// The group that reads them.
    pub group: &'t str,
    /// How long all of it may take.
    pub wait_max: Duration,
}

/// The first thing that an append, or those who read what was appended, would fail by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// No broker answers.
    #[error("{0}")]
    Away(LogError),
    /// Nobody leads a partition.
    #[error("partition {partition} of {topic} has no leader")]
    NoLeader {
        /// The topic.
        topic: String,
        /// The partition.
        partition: Partition,
    },
    /// A partition takes nothing until more of its replicas are there.
    #[error("partition {partition} of {topic} has {in_sync} replicas in sync, and takes records with {needed} or more")]
    TooFewInSync {
        /// The topic.
        topic: String,
        /// The partition.
        partition: Partition,
        /// Replicas that are there.
        in_sync: usize,
        /// `min.insync.replicas`.
        needed: usize,
    },
    /// The brokers name leaders that don't answer.
    #[error("the leaders of {topic} do not answer: {why}")]
    SilentLeader {
        /// The topic.
        topic: String,
        /// What they were asked came to.
        why: LogError,
    },
    /// We may not make the topic of the trials: all that came before is well.
    #[error("the topic {CHECK_TOPIC}, which appends are tried on, may not be made: {0}")]
    NotAllowed(String),
    /// The topic of the trials is not there, and the cluster makes none.
    #[error("the topic {CHECK_TOPIC}, which appends are tried on, can't be made: {0}")]
    NoTrialTopic(LogError),
    /// The record was not acknowledged.
    #[error("a record that was appended to {CHECK_TOPIC} was not acknowledged: {0}")]
    NotAcknowledged(AppendError),
    /// Records are taken, and nobody can say how far the group read them.
    #[error("the coordinator of the consumer group does not answer: {0}")]
    NoCoordinator(LogError),
}

impl KafkaLog {
    /// Tries what an append and its readers need, from the outside in.
    ///
    /// # Errors
    /// With the first that fails.
    pub async fn try_out(&self, trial: Trial<'_>) -> Result<(), TrialError> {
        let until = Instant::now() + trial.wait_max;
        self.check().await.map_err(TrialError::Away)?;
        for topic in trial.topics {
            self.try_partitions(topic, until).await?;
        }
        self.try_append(until).await?;
        let lag = within(until, self.lag(CHECK_TOPIC, trial.group)).await;
        lag.map(drop).map_err(TrialError::NoCoordinator)
    }

    async fn try_partitions(&self, topic: &str, until: Instant) -> Result<(), TrialError> {
        let replicas = match within(until, self.admin.replicas(topic)).await {
            Err(LogError::NoSuchTopic(_)) => return Ok(()),
            replicas => replicas.map_err(TrialError::Away)?,
        };
        let needed = timeout_at(until, self.admin.in_sync_needed(topic)).await.ok().flatten().unwrap_or(0);
        for (partition, replicas) in replicas {
            let (topic, in_sync) = (topic.to_owned(), replicas.in_sync);
            if !replicas.have_leader {
                return Err(TrialError::NoLeader { topic, partition });
            }
            // Brokers of today ask for no more replicas than a partition has.
            let needed = needed.min(replicas.all);
            if in_sync < needed {
                return Err(TrialError::TooFewInSync { topic, partition, in_sync, needed });
            }
        }
        let bounds = within(until, self.bounds(topic)).await;
        bounds.map(drop).map_err(|why| TrialError::SilentLeader { topic: topic.to_owned(), why })
    }

    async fn try_append(&self, until: Instant) -> Result<(), TrialError> {
        let topic = TopicSpec {
            name: CHECK_TOPIC.to_owned(),
            partitions: 1,
            retention: Some(CHECK_RETENTION),
            compacted: false,
        };
        if let Err(LogError::NoSuchTopic(_)) = within(until, self.admin.replicas(CHECK_TOPIC)).await {
            let made = within(until, self.admin.create(&topic)).await.map_err(TrialError::NoTrialTopic)?;
            made.or_else(|code| may_go_on(&topic, code))?;
        }
        within(until, self.ensure_topic(&topic)).await.map_err(TrialError::NoTrialTopic)?;
        let record = NewRecord { key: "check".into(), payload: "check".into(), headers: Vec::new() };
        let late = || AppendError::OutcomeUnknown("no acknowledgement came in time".to_owned());
        let outcome = timeout_at(until, self.append(CHECK_TOPIC, vec![record])).await;
        let outcome = outcome.ok().and_then(|mut outcomes| outcomes.pop()).unwrap_or_else(|| Err(late()));
        let mut behind = outcome.map_err(TrialError::NotAcknowledged)?;
        behind.offset += 1;
        // It is gone within the hour if this takes too long.
        let _ = timeout_at(until, self.admin.delete_before(CHECK_TOPIC, behind)).await;
        Ok(())
    }
}

async fn within<T>(until: Instant, asked: impl Future<Output = Result<T, LogError>>) -> Result<T, LogError> {
    let late = |_| Err(LogError::Unavailable("no answer in time".to_owned()));
    timeout_at(until, asked).await.unwrap_or_else(late)
}

/// What the brokers' refusal to make the topic of the trials means. Another process may have been first.
fn may_go_on(topic: &TopicSpec, code: RDKafkaErrorCode) -> Result<(), TrialError> {
    use RDKafkaErrorCode as C;
    match code {
        C::TopicAlreadyExists => Ok(()),
        C::TopicAuthorizationFailed | C::ClusterAuthorizationFailed | C::PolicyViolation => {
            Err(TrialError::NotAllowed(code.to_string()))
        }
        code => Err(TrialError::NoTrialTopic(LogError::Unavailable(format!("topic {:?}: {code}", topic.name)))),
    }
}
