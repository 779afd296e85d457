//! What an error of Kafka's means to us.

use rdkafka::{
    error::{KafkaError, RDKafkaErrorCode as Code},
    types::RDKafkaErrorCode,
};

use crate::{AppendError, LogError};

/// Why a record that was handed over was not acknowledged. What can't be known for sure not to be in the log is unknown.
pub(super) fn append_error(error: &KafkaError, topic: &str) -> AppendError {
    let Some(code) = code_of(error) else { return AppendError::Unavailable(error.to_string()) };
    match code {
        Code::QueueFull => AppendError::QueueFull,
        Code::MessageSizeTooLarge | Code::InvalidMessageSize => AppendError::TooLarge,
        Code::UnknownTopic | Code::UnknownTopicOrPartition | Code::UnknownPartition => {
            AppendError::NoSuchTopic(topic.to_owned())
        }
        Code::InvalidRecord => AppendError::Refused(code.to_string()),
        // A clock that is off: the same record passes under a later stamp.
        Code::InvalidTimestamp
        | Code::NotEnoughReplicas
        | Code::TopicAuthorizationFailed
        | Code::ClusterAuthorizationFailed
        | Code::InvalidTopic
        | Code::PolicyViolation => AppendError::Unavailable(code.to_string()),
        _ => AppendError::OutcomeUnknown(code.to_string()),
    }
}

/// Why a question or a read failed.
pub(super) fn log_error(error: &KafkaError, topic: &str) -> LogError {
    match code_of(error) {
        Some(Code::UnknownTopic | Code::UnknownTopicOrPartition | Code::UnknownPartition) => {
            LogError::NoSuchTopic(topic.to_owned())
        }
        Some(code) => LogError::Unavailable(code.to_string()),
        None => LogError::Unavailable(error.to_string()),
    }
}

/// Why a commit failed: the group may have moved on.
pub(super) fn commit_error(error: &KafkaError, topic: &str) -> LogError {
    match code_of(error) {
        Some(
            Code::IllegalGeneration
            | Code::UnknownMemberId
            | Code::RebalanceInProgress
            | Code::AssignmentLost
            | Code::FencedInstanceId,
        ) => LogError::Fenced,
        _ => log_error(error, topic),
    }
}

fn code_of(error: &KafkaError) -> Option<RDKafkaErrorCode> {
    error.rdkafka_error_code()
}
