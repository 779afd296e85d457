//! What the answers to a publisher look like, for the API's document.
#![allow(dead_code, reason = "`door/answer.rs` writes them, for whatever is sent")]

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::problem::{FaultBody, ProblemBody};

/// What was published is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = PublishedMessages)]
#[serde(untagged)]
pub(super) enum Taken<'a> {
    One(One),
    Batch(Batch<'a>),
}

/// A message that is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = PublishedMessage)]
pub(super) struct One {
    /// Its topic.
    #[schema(example = "orders")]
    topic: String,
    /// Its partition; absent while it waits in a spool, since the log is away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    partition: Option<u32>,
    /// Its place in the partition; absent as the partition is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    offset: Option<u64>,
    /// Its id: readers find it in the message.
    message_id: Uuid,
    /// `accepted`.
    status: &'static str,
}

/// What became of each message of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = PublishResult)]
pub(super) struct Batch<'a> {
    /// How many were kept.
    accepted: usize,
    /// How many were refused.
    rejected: usize,
    /// One result per message, in the order in which they were sent.
    results: Vec<ResultBody<'a>>,
}

/// What became of one message of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = MessageResult)]
struct ResultBody<'a> {
    /// Its place in the batch, from 0.
    index: usize,
    /// Its topic, when it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    /// Its partition, when it was accepted and does not wait in a spool.
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<u32>,
    /// Its place in the partition.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    /// Its id, when it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<Uuid>,
    /// `accepted` or `rejected`.
    #[schema(pattern = "^(accepted|rejected)$")]
    status: &'static str,
    /// Why it was rejected; the `code` of a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultBody<'a>>,
}

/// A batch of which every message was refused for the same class of reason: that problem, and each message's result.
#[derive(Serialize, ToSchema)]
#[schema(as = RefusedMessages)]
pub(super) struct RefusedBatch<'a> {
    #[serde(flatten)]
    problem: ProblemBody<'a>,
    #[serde(flatten)]
    batch: Batch<'a>,
}
