//! What is counted of each organisation: small sums per minute, label and measure, never the events themselves.
//!
//! A consumer counts what it stores in the transaction that stores it, so that an event counts exactly once, however
//! often it was sent or read again. A gateway adds what only it knows in numbered writes, of which each counts once.
//! Minutes become hours when they are a day old ([`StatisticsStore::tidy_statistics`]), and go after some days.

mod durations;
mod fold;
mod labels;
mod tally;

use aibbar::{Timestamp, topic::TopicName};
use async_trait::async_trait;

use crate::{OrgId, StoreError};

pub use durations::{Durations, bucket_of};
pub(crate) use fold::{fold_hour, in_order};
pub(crate) use labels::Labels;
pub(crate) use tally::tally;

/// Seconds of a step as it is counted.
pub const MINUTE_S: i64 = 60;

/// Seconds of a step that was rolled up.
pub const HOUR_S: i64 = 3_600;

/// Labels of one organisation and measure in one step at most, where anybody can make up new ones
/// (`Measure::has_free_labels`): what is past it counts under [`OTHER`].
pub const LABELS_MAX: usize = 200;

/// The label of what has no room under its own.
pub const OTHER: &str = "other";

/// Characters of an error's code that are counted by: codes that begin with the same ones count together.
pub const CODE_CHARS_MAX: usize = 100;

/// What the label of a code begins with: no code is [`OTHER`].
const CODE_MARK: char = ':';

/// The label under which events are counted whose error has this code.
pub fn label_of_code(code: &str) -> String {
    format!("{CODE_MARK}{code}")
}

/// The code that a label stands for; `None` for [`OTHER`].
pub fn code_of_label(label: &str) -> Option<&str> {
    label.strip_prefix(CODE_MARK)
}

/// Counts in one write of a gateway at most.
pub const COUNTS_PER_WRITE_MAX: usize = 10_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Events stored, by type; in total their records' bytes.
    Events,
    /// The same by AI system.
    AiSystems,
    /// Things hidden, by kind: in events as they were stored, in messages as they were published.
    Redactions,
    /// Events stored, by the time from being received to being stored (see [`bucket_of`]); in total microseconds.
    StoreDelay,
    /// Events and messages refused, by code.
    Refused,
    /// Requests refused as a whole, by code.
    RefusedRequests,
    /// Requests whose events or messages were acknowledged, by the time that took; in total microseconds.
    Acknowledgement,
    /// Messages acknowledged, by topic; in total their bytes.
    Messages,
    /// Messages refused, by topic; and events, by theirs.
    RefusedMessages,
    /// Events of the type `ai.error` stored, by the code of their error (see [`label_of_code`]).
    ErrorCodes,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Measure; 10] = [
        Measure::Events,
        Measure::AiSystems,
        Measure::Redactions,
        Measure::StoreDelay,
        Measure::Refused,
        Measure::RefusedRequests,
        Measure::Acknowledgement,
        Measure::Messages,
        Measure::RefusedMessages,
        Measure::ErrorCodes,
    ];

    /// Whether anybody who records can make up new labels: then a step has at most [`LABELS_MAX`]. The labels of all others
    /// are few already: codes, kinds, buckets, or topics, of which an organisation has a bounded number.
    pub(crate) const fn has_free_labels(self) -> bool {
        matches!(self, Measure::AiSystems | Measure::ErrorCodes)
    }

    /// The number under which it is stored: never change one, never use one again.
    pub(crate) const fn number(self) -> i64 {
        match self {
            Measure::Events => 1,
            Measure::AiSystems => 2,
            Measure::Redactions => 3,
            Measure::StoreDelay => 4,
            Measure::Refused => 5,
            Measure::RefusedRequests => 6,
            Measure::Acknowledgement => 7,
            Measure::Messages => 8,
            Measure::RefusedMessages => 9,
            Measure::ErrorCodes => 10,
        }
    }

    pub(crate) fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.number() == number)
    }
}

/// So much of one thing, in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Whose.
    pub org_id: OrgId,
    /// Of what.
    pub measure: Measure,
    /// Where its minute begins, in seconds since the Unix epoch: see [`minute_of`].
    pub at_s: i64,
    /// Of which: a type, a code, a kind, a topic, an AI system, a bucket of durations.
    pub label: String,
    /// How many.
    pub counted: u64,
    /// What they sum up to: bytes or microseconds; 0 where there is nothing to sum up.
    pub total: u64,
}

/// Where the minute of this moment begins, in seconds since the Unix epoch.
pub fn minute_of(at: Timestamp) -> i64 {
    step_of(at, MINUTE_S)
}

/// Where the step of this moment begins, in seconds since the Unix epoch; steps are so many seconds long.
pub fn step_of(at: Timestamp, step_s: i64) -> i64 {
    at.unix_ns().div_euclid(1_000_000_000).div_euclid(step_s) * step_s
}

/// Steps of one length, from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where the first step begins, in seconds since the Unix epoch.
    pub from_s: i64,
    /// Where the last one ends.
    pub to_s: i64,
    /// The length of each, in seconds: a multiple of [`MINUTE_S`], and of [`HOUR_S`] for what is older than a day.
    pub step_s: i64,
}

impl Span {
    /// So many steps of so many seconds, of which the last is the one that is now.
    pub fn up_to(now: Timestamp, step_s: i64, steps: i64) -> Span {
        let to_s = step_of(now, step_s) + step_s;
        Span { from_s: to_s - steps * step_s, to_s, step_s }
    }
}

/// What was counted in one step under one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Where the step begins, in seconds since the Unix epoch.
    pub at_s: i64,
    /// See [`Count::label`].
    pub label: String,
    /// How many.
    pub counted: u64,
    /// What they sum up to.
    pub total: u64,
}

/// What was counted under one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// See [`Count::label`].
    pub label: String,
    /// How many.
    pub counted: u64,
    /// What they sum up to.
    pub total: u64,
}

/// What is known of one topic from counting alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TopicStatistics {
    /// Messages since midnight, UTC.
    pub messages_today: u64,
    /// Their bytes.
    pub bytes_today: u64,
    /// Messages in the last 30 days.
    pub messages_30_days: u64,
    /// Their bytes.
    pub bytes_30_days: u64,
    /// Messages per second, in the last five minutes.
    pub publish_rate: f64,
    /// Of the messages sent in the last hour the share that was refused, from 0 to 1.
    pub error_rate: f64,
}

/// The statistics of all organisations.
#[async_trait]
pub trait StatisticsStore: Send + Sync + 'static {
    /// Adds what a gateway counted, at most [`COUNTS_PER_WRITE_MAX`] at once. `writer` names one life of one process, and
    /// `sequence` grows with each of its writes: a number that arrived before adds nothing, so a write whose answer was
    /// lost may be sent again.
    async fn add_counts(&self, writer: &str, sequence: u64, counts: &[Count], at: Timestamp) -> Result<(), StoreError>;

    /// What was counted, per step and label, in order of both; steps and labels of which there is nothing are left out.
    async fn series(&self, org_id: OrgId, measure: Measure, span: Span) -> Result<Vec<Point>, StoreError>;

    /// The same per step, over all labels.
    async fn series_of_all(&self, org_id: OrgId, measure: Measure, span: Span) -> Result<Vec<Point>, StoreError>;

    /// The same per step, of this label alone.
    async fn series_of(
        &self,
        org_id: OrgId,
        measure: Measure,
        span: Span,
        label: &str,
    ) -> Result<Vec<Point>, StoreError>;

    /// At most `limit` labels of which most was counted in these steps, most first.
    async fn largest(&self, org_id: OrgId, measure: Measure, span: Span, limit: u32) -> Result<Vec<Share>, StoreError>;

    /// What was counted under this label in these steps.
    async fn share_of(&self, org_id: OrgId, measure: Measure, span: Span, label: &str) -> Result<Share, StoreError>;

    /// What is known of one topic from counting; nothing from before `since`, when it was made, but what an hour that was
    /// rolled up adds to it: what a topic of the same name was sent in that very hour.
    async fn topic_statistics(
        &self,
        org_id: OrgId,
        topic: &TopicName,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<TopicStatistics, StoreError>;

    /// Rolls up one hour of one organisation whose minutes are a day old, and answers `true`; when there is none, forgets
    /// what is too old and answers `false`. Any number of processes may do so at once.
    async fn tidy_statistics(&self, now: Timestamp) -> Result<bool, StoreError>;
}
