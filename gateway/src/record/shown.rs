//! What the answers to a sender of events look like, for the API's document.

#![allow(dead_code, reason = "`door/answer.rs` writes them, for whatever is sent")]

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::problem::{FaultBody, ProblemBody};

/// What was sent is kept.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Taken<'a> {
    One(One),
    Batch(Batch<'a>),
}

/// An event that was kept.
#[derive(Serialize, ToSchema)]
#[schema(as = AcceptedEvent)]
pub(super) struct One {
    /// The id that it is kept under: its own, or the one derived from it.
    event_id: Uuid,
    /// `accepted`.
    status: &'static str,
}

/// What became of each event of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchResult)]
pub(super) struct Batch<'a> {
    /// How many were kept.
    accepted: usize,
    /// How many were refused.
    rejected: usize,
    /// One result per event, in the order in which they were sent.
    results: Vec<ResultBody<'a>>,
}

/// What became of one event of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = EventResult)]
struct ResultBody<'a> {
    /// Its place in the batch, from 0.
    index: usize,
    /// The id that it is kept under, when it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Uuid>,
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

/// A batch of which every event was refused for the same class of reason: that problem, and each event's result.
#[derive(Serialize, ToSchema)]
pub(super) struct RefusedBatch<'a> {
    #[serde(flatten)]
    problem: ProblemBody<'a>,
    #[serde(flatten)]
    batch: Batch<'a>,
}
