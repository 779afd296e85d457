//! What a stream brings: events, or the messages of topics of one's own.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    errors::Error,
    resources::{EventFilter, RecordNotes},
};

/// Where the gateway keeps events.
const EVENTS_TOPIC: &str = "aibbar.events";

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Live {
    /// The event as it is kept.
    pub event: Value,
    /// What the gateway knows of it.
    pub record: RecordNotes,
    /// Goes on behind it.
    pub cursor: String,
}

/// One message of a topic of one's own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LiveMessage {
    /// What was published; `null` where it deletes its key from a compacted topic.
    pub message: Value,
    /// Its topic.
    pub topic: String,
    /// Its partition.
    pub partition: u32,
    /// Its place in the partition.
    pub offset: u64,
    /// When the log took it.
    pub appended_at: String,
    /// Messages of one key are in order.
    #[serde(default)]
    pub key: Option<String>,
    /// What is said beside it.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The publisher's own time.
    #[serde(default)]
    pub timestamp: Option<String>,
    /// The id that its publisher was told.
    #[serde(default)]
    pub message_id: Option<String>,
    /// Goes on behind it.
    pub cursor: String,
}

/// Which messages; all of it holds.
#[derive(Debug, Clone)]
#[must_use]
pub struct MessageFilter {
    topics: Vec<String>,
    text: Option<String>,
}

impl MessageFilter {
    /// Of these topics, at most 16. Events are no messages: they are watched by an [`EventFilter`].
    pub fn new(topics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { topics: topics.into_iter().map(Into::into).collect(), text: None }
    }

    /// With this text somewhere.
    pub fn q(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}

mod sealed {
    use super::{EventFilter, MessageFilter};

    pub trait Sealed {}
    impl Sealed for EventFilter {}
    impl Sealed for MessageFilter {}
}

/// An [`EventFilter`] or a [`MessageFilter`].
pub trait StreamFilter: sealed::Sealed + Clone + fmt::Debug + Send + Unpin + 'static {
    /// What the stream brings.
    type Item: DeserializeOwned;

    /// The name of the frames that hold one.
    #[doc(hidden)]
    const FRAME: &'static str;

    /// The parameters of the request.
    #[doc(hidden)]
    fn parameters(&self) -> Result<Vec<(&'static str, String)>, Error>;

    /// The cursor that goes on behind it.
    #[doc(hidden)]
    fn cursor_of(item: &Self::Item) -> &str;

    /// What tells it from all others.
    #[doc(hidden)]
    fn identity_of(item: &Self::Item) -> String;
}

impl StreamFilter for EventFilter {
    type Item = Live;

    const FRAME: &'static str = "event";

    fn parameters(&self) -> Result<Vec<(&'static str, String)>, Error> {
        Ok(self.conditions().to_vec())
    }

    fn cursor_of(live: &Live) -> &str {
        &live.cursor
    }

    /// Two of one id with different signatures are a conflict, and both are shown.
    fn identity_of(live: &Live) -> String {
        let signature = live.event.get("signature").and_then(Value::as_str).unwrap_or_default();
        format!("{} {signature}", live.record.event_id)
    }
}

impl StreamFilter for MessageFilter {
    type Item = LiveMessage;

    const FRAME: &'static str = "message";

    fn parameters(&self) -> Result<Vec<(&'static str, String)>, Error> {
        let refused = |why: &str| Err(Error::Configuration(why.to_owned()));
        if self.topics.is_empty() {
            return refused("a stream of messages names a topic");
        }
        if self.topics.iter().any(|name| name == EVENTS_TOPIC) {
            return refused("events are no messages: watch them by an EventFilter");
        }
        let text = self.text.iter().map(|text| ("q", text.clone()));
        Ok([("topic", self.topics.join(","))].into_iter().chain(text).collect())
    }

    fn cursor_of(live: &LiveMessage) -> &str {
        &live.cursor
    }

    fn identity_of(live: &LiveMessage) -> String {
        format!("{} {} {}", live.topic, live.partition, live.offset)
    }
}
