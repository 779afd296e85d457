//! `client.topics()`: topics of one's own.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Pages;
use crate::{
    errors::Error,
    http::{Call, Http, part},
};

/// A topic to be made; the gateway's defaults where nothing is said.
#[derive(Debug, Clone, Serialize)]
#[must_use]
pub struct NewTopic {
    name: String,
    #[serde(flatten)]
    settings: TopicChange,
}

impl NewTopic {
    /// 1 to 200 of `A–Z a–z 0–9 . _ -`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), settings: TopicChange::new() }
    }

    /// How many partitions.
    pub fn partitions(mut self, partitions: u32) -> Self {
        self.settings = self.settings.partitions(partitions);
        self
    }

    /// How long messages are kept; `None`: until they are deleted.
    pub fn retention_days(mut self, days: impl Into<Option<u32>>) -> Self {
        self.settings = self.settings.retention_days(days);
        self
    }

    /// Whether of each key the newest message alone is kept.
    pub fn compacted(mut self, is_compacted: bool) -> Self {
        self.settings = self.settings.compacted(is_compacted);
        self
    }

    /// The JSON Schema that messages must meet.
    pub fn schema(mut self, schema: impl Into<Option<Value>>) -> Self {
        self.settings = self.settings.schema(schema);
        self
    }
}

/// What changes of a topic.
#[derive(Debug, Clone, Default, Serialize)]
#[must_use]
pub struct TopicChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    partitions: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_days: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compacted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Option<Value>>,
}

impl TopicChange {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many partitions.
    pub fn partitions(mut self, partitions: u32) -> Self {
        self.partitions = Some(partitions);
        self
    }

    /// How long messages are kept; `None`: until they are deleted.
    pub fn retention_days(mut self, days: impl Into<Option<u32>>) -> Self {
        self.retention_days = Some(days.into());
        self
    }

    /// Whether of each key the newest message alone is kept.
    pub fn compacted(mut self, is_compacted: bool) -> Self {
        self.compacted = Some(is_compacted);
        self
    }

    /// The JSON Schema that messages must meet; `None`: any will do.
    pub fn schema(mut self, schema: impl Into<Option<Value>>) -> Self {
        self.schema = Some(schema.into());
        self
    }
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// How many partitions it has.
    pub partitions: u32,
    /// How long messages are kept; none: until they are deleted.
    #[serde(default)]
    pub retention_days: Option<u32>,
    /// Whether of each key the newest message alone is kept.
    pub compacted: bool,
    /// The JSON Schema that messages must meet.
    #[serde(default)]
    pub schema: Option<Value>,
    /// Whether it is GAPIN's own.
    pub reserved: bool,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<String>,
    /// Who made it.
    #[serde(default)]
    pub created_by: Option<String>,
    /// When it was changed.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// What is in it, where it was asked for alone.
    #[serde(default)]
    pub statistics: Option<TopicStatistics>,
}

/// What is in a topic now.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct TopicStatistics {
    /// Messages that can be read; absent where the log does not tell.
    #[serde(default)]
    pub messages: Option<u64>,
    /// Bytes on the log's disk; absent where the log does not tell.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// Everything that it tells, by the API's names.
    #[serde(flatten)]
    pub others: serde_json::Map<String, Value>,
}

/// Streams of messages, each an organisation's own.
#[derive(Debug, Clone, Copy)]
pub struct Topics<'c> {
    pub(crate) http: &'c Http,
}

impl Topics<'_> {
    /// All of them.
    pub fn list(&self) -> Pages<Topic> {
        Pages::new(self.http, Call::get("/api/v1/topics"))
    }

    /// Makes one.
    ///
    /// # Errors
    /// [`Error::Api`], such as of [`crate::ApiErrorKind::Conflict`] where there is one of this name.
    pub async fn create(&self, topic: NewTopic) -> Result<Topic, Error> {
        self.http.ask(Call::post("/api/v1/topics").json(&topic)?).await
    }

    /// One, with what is in it.
    ///
    /// # Errors
    /// [`Error::Api`] of [`crate::ApiErrorKind::NotFound`] where there is none.
    pub async fn get(&self, name: &str) -> Result<Topic, Error> {
        self.http.ask(Call::get(path(name))).await
    }

    /// Changes it.
    ///
    /// # Errors
    /// [`Error::Api`].
    pub async fn update(&self, name: &str, change: TopicChange) -> Result<Topic, Error> {
        self.http.ask(Call::new(Method::PATCH, path(name)).json(&change)?).await
    }

    /// Deletes it with its messages, for good.
    ///
    /// # Errors
    /// [`Error::Api`].
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        self.http.tell(Call::new(Method::DELETE, path(name)).query("confirm", name)).await
    }
}

fn path(name: &str) -> String {
    format!("/api/v1/topics/{}", part(name))
}
