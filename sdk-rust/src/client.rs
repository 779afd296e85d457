//! The client: records events and waits for the acknowledgement, reads them back, watches them live.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    errors::Error,
    http::{Call, Http, JSON},
    resources::{Events, Keys, NewMessage, Publish, PublishAll, Topics},
    settings::{Resolved, Settings},
    signed::signed,
    stream::{LiveStream, StreamFilter},
};

/// An acknowledged event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Accepted {
    /// The id that the gateway keeps it under.
    pub event_id: Uuid,
    /// `accepted`.
    pub status: String,
}

/// A gateway, and who speaks to it. Clones share their connections; `Debug` shows neither the key nor the secret.
#[derive(Clone)]
pub struct Client {
    pub(crate) http: Http,
    settings: Arc<Resolved>,
}

impl Client {
    /// What is not set comes from the environment: see [`Settings`].
    ///
    /// # Errors
    /// [`Error::Configuration`] where something is missing or can't be meant.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let settings = settings.resolve()?;
        Ok(Self { http: Http::new(&settings)?, settings: Arc::new(settings) })
    }

    /// Everything from the environment.
    ///
    /// # Errors
    /// [`Error::Configuration`] where something is missing or can't be meant.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(Settings::new())
    }

    /// Records one event, and returns once it is on the gateway's disk.
    ///
    /// Absent `timestamp`, `event_id`, `ai_id`, `ai_version`, `key_id`, `sequence` and `metadata` are filled in. An event
    /// that has its `signature` is sent as it is.
    ///
    /// # Errors
    /// [`Error::InvalidEvent`] where it can't be signed, breaks the schema or brings an `event_id` of another time than its own:
    /// nothing was sent. [`Error::Api`] where the gateway refused it. [`Error::Transport`] and [`Error::Timeout`] where no answer came: the same event may be sent
    /// again. [`Error::Unreadable`] where something else answered.
    pub async fn record(&self, event: impl Serialize) -> Result<Accepted, Error> {
        let (text, event_id) = signed(&event, &self.settings)?;
        let call = Call::post("/aibbar/events").body(JSON, text);
        // What names another event, or none, is no gateway's.
        let is_meant = |answer: &Accepted| answer.status == "accepted" && answer.event_id == event_id;
        self.http.ask_for(call, is_meant).await
    }

    /// The events that are kept.
    pub fn events(&self) -> Events<'_> {
        Events { http: &self.http }
    }

    /// Topics of one's own.
    pub fn topics(&self) -> Topics<'_> {
        Topics { http: &self.http }
    }

    /// The organisation's API keys.
    pub fn keys(&self) -> Keys<'_> {
        Keys { http: &self.http }
    }

    /// Publishes one message to a topic, once it is awaited.
    pub fn publish(&self, topic: impl Into<String>, message: impl Serialize) -> Publish<'_> {
        Publish::new(&self.http, topic.into(), NewMessage::new(message))
    }

    /// Publishes several, once it is awaited; each has its own result.
    pub fn publish_all(
        &self,
        topic: impl Into<String>,
        messages: impl IntoIterator<Item = NewMessage>,
    ) -> PublishAll<'_> {
        PublishAll::new(&self.http, topic.into(), messages.into_iter().collect())
    }

    /// The live stream: events as they are acknowledged, by an [`EventFilter`](crate::EventFilter), or messages of topics of
    /// one's own, by a [`MessageFilter`](crate::MessageFilter).
    pub fn stream<F: StreamFilter>(&self, filter: F) -> LiveStream<F> {
        LiveStream::new(self.http.clone(), filter)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("url", &self.settings.url).finish_non_exhaustive()
    }
}
