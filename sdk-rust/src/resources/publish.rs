//! Messages of one's own topics.

use std::{collections::BTreeMap, fmt, future::IntoFuture};

use futures_util::future::{BoxFuture, FutureExt};
use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    errors::{Error, Fault, InvalidEventError},
    http::{Call, Http, faults_of},
    strict,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A message to be published. `Debug` shows where to, and not what it says.
#[derive(Clone, Serialize)]
#[must_use]
pub struct NewMessage {
    message: Value,
    /// Why it is none of JSON.
    #[serde(skip)]
    fault: Option<InvalidEventError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
}

impl NewMessage {
    /// Any JSON; `null` deletes its key from a compacted topic. What JSON lacks, such as NaN, is refused when it is sent.
    pub fn new(message: impl Serialize) -> Self {
        let (message, fault) = match strict::value_of(&message) {
            Ok(message) => (message, None),
            Err(fault) => (Value::Null, Some(fault)),
        };
        Self { message, fault, topic: None, key: None, headers: BTreeMap::new(), timestamp: None }
    }

    /// For another topic than the others.
    pub fn topic(mut self, topic: impl Into<String>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// Messages of one key stay in order.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// What is said beside it.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// The publisher's own time, RFC 3339.
    pub fn timestamp(mut self, timestamp: impl Into<String>) -> Self {
        self.timestamp = Some(timestamp.into());
        self
    }
}

impl fmt::Debug for NewMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMessage").field("topic", &self.topic).finish_non_exhaustive()
    }
}

/// A message that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Published {
    /// Its topic.
    pub topic: String,
    /// Its id: readers find it in the message.
    pub message_id: Uuid,
    /// `accepted`.
    pub status: String,
    /// Its partition; absent while it waits in a spool.
    #[serde(default)]
    pub partition: Option<u32>,
    /// Its place in the partition; absent as the partition is.
    #[serde(default)]
    pub offset: Option<u64>,
}

/// What became of each message.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct PublishResults {
    /// How many were kept.
    pub accepted: usize,
    /// How many were refused.
    pub rejected: usize,
    /// One for each message, in their order.
    pub results: Vec<MessageResult>,
}

/// What became of one message.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct MessageResult {
    /// Its place among those that were sent, from 0.
    pub index: usize,
    /// `accepted` or `rejected`.
    pub status: String,
    /// Its id, when it was accepted.
    #[serde(default)]
    pub message_id: Option<Uuid>,
    /// Why it was rejected.
    #[serde(default)]
    pub code: Option<String>,
    /// The same for people.
    #[serde(default)]
    pub detail: Option<String>,
    #[serde(flatten)]
    others: serde_json::Map<String, Value>,
}

impl MessageResult {
    /// Every fault of a rejected message, by its place.
    pub fn faults(&self) -> Vec<Fault> {
        faults_of(&self.others)
    }
}

/// A message on its way: `.await` sends it.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct Publish<'c> {
    http: &'c Http,
    message: NewMessage,
    idempotency_key: Option<String>,
}

impl<'c> Publish<'c> {
    pub(crate) fn new(http: &'c Http, topic: String, message: NewMessage) -> Self {
        Self { http, message: message.topic(topic), idempotency_key: None }
    }

    /// Messages of one key stay in order.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.message = self.message.key(key);
        self
    }

    /// What is said beside it.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.message = self.message.header(name, value);
        self
    }

    /// The publisher's own time, RFC 3339.
    pub fn timestamp(mut self, timestamp: impl Into<String>) -> Self {
        self.message = self.message.timestamp(timestamp);
        self
    }

    /// The same key with the same message again, within 24 hours, publishes nothing twice.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }
}

impl<'c> IntoFuture for Publish<'c> {
    type Output = Result<Published, Error>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let message = whole(self.message)?;
            let is_meant = |published: &Published| published.status == "accepted";
            send(self.http, &message, self.idempotency_key, is_meant).await
        }
        .boxed()
    }
}

/// Messages on their way: `.await` sends them.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct PublishAll<'c> {
    http: &'c Http,
    messages: Vec<NewMessage>,
    idempotency_key: Option<String>,
}

impl<'c> PublishAll<'c> {
    pub(crate) fn new(http: &'c Http, topic: String, mut messages: Vec<NewMessage>) -> Self {
        for message in &mut messages {
            message.topic.get_or_insert_with(|| topic.clone());
        }
        Self { http, messages, idempotency_key: None }
    }

    /// The same key with the same messages again, within 24 hours, publishes nothing twice.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }
}

impl<'c> IntoFuture for PublishAll<'c> {
    type Output = Result<PublishResults, Error>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let messages: Vec<NewMessage> = self.messages.into_iter().map(whole).collect::<Result<_, _>>()?;
            let is_meant = |told: &PublishResults| told.results.len() == messages.len();
            send(self.http, &messages, self.idempotency_key, is_meant).await
        }
        .boxed()
    }
}

fn whole(message: NewMessage) -> Result<NewMessage, Error> {
    match message.fault {
        Some(fault) => Err(Error::Configuration(format!("the message can't be written as JSON: {}", fault.detail))),
        None => Ok(message),
    }
}

async fn send<T: DeserializeOwned>(
    http: &Http,
    messages: &impl Serialize,
    idempotency_key: Option<String>,
    is_meant: impl FnOnce(&T) -> bool,
) -> Result<T, Error> {
    let mut call = Call::post("/events/publish").json(messages)?;
    if let Some(key) = idempotency_key {
        let key = HeaderValue::try_from(key)
            .map_err(|_| Error::Configuration("the idempotency key holds what no header may".to_owned()))?;
        call = call.header(IDEMPOTENCY_KEY, key);
    }
    http.ask_for(call, is_meant).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_json_lacks_is_no_message() {
        for message in [NewMessage::new(f64::NAN), NewMessage::new([f32::INFINITY]), NewMessage::new(u64::MAX)] {
            let error = whole(message.topic("orders.made")).unwrap_err();
            assert_eq!(error.code(), "configuration");
        }
        let written = |message: NewMessage| serde_json::to_string(&whole(message).unwrap()).unwrap();
        assert_eq!(written(NewMessage::new(None::<u8>).key("k")), r#"{"message":null,"key":"k"}"#);
        assert_eq!(written(NewMessage::new(0.1_f32)), r#"{"message":0.1}"#);
    }
}
