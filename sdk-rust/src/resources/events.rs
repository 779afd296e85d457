//! `client.events()`: what is kept.

use std::time::SystemTime;

use aibbar::{EventType, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::Pages;
use crate::{
    errors::Error,
    http::{Call, Http},
};

/// A moment: RFC 3339 with an offset, or the system's time.
#[derive(Debug, Clone)]
pub struct Moment(String);

impl From<&str> for Moment {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Moment {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<SystemTime> for Moment {
    fn from(at: SystemTime) -> Self {
        Self(Timestamp::from(at).to_string())
    }
}

/// Which events; all of it holds.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct EventFilter {
    conditions: Vec<(&'static str, String)>,
}

impl EventFilter {
    /// All of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of this AI system.
    pub fn ai_id(self, ai_id: Uuid) -> Self {
        self.with("ai_id", ai_id.to_string())
    }

    /// Of this type.
    pub fn event_type(self, event_type: EventType) -> Self {
        self.with("event_type", event_type.as_str().to_owned())
    }

    /// From this time on.
    pub fn from(self, moment: impl Into<Moment>) -> Self {
        self.with("from", moment.into().0)
    }

    /// Before this time.
    pub fn to(self, moment: impl Into<Moment>) -> Self {
        self.with("to", moment.into().0)
    }

    /// Of this session.
    pub fn session_id(self, session_id: impl Into<String>) -> Self {
        self.with("session_id", session_id.into())
    }

    /// Of this request.
    pub fn request_id(self, request_id: impl Into<String>) -> Self {
        self.with("request_id", request_id.into())
    }

    /// With this text somewhere.
    pub fn q(self, text: impl Into<String>) -> Self {
        self.with("q", text.into())
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.conditions.push((name, value));
        self
    }

    pub(crate) fn conditions(&self) -> &[(&'static str, String)] {
        &self.conditions
    }
}

/// What is kept of an event.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The event as it is kept: what the gateway has hidden is hidden, and the signature is that of what was sent.
    pub event: Value,
    /// What the gateway knows of it.
    pub record: RecordNotes,
}

/// What the gateway knows of an event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecordNotes {
    /// Its own id, or the one that follows from its signature.
    pub event_id: Uuid,
    /// Whose it is.
    pub org_id: Uuid,
    /// When the gateway took it.
    pub received_at: String,
    /// The API key that brought it.
    pub api_key_id: Uuid,
    /// The signing key that verified it.
    pub key_id: String,
    /// When it was verified.
    pub signature_verified_at: String,
    /// Which gateway took it.
    pub gateway: String,
    /// What is hidden.
    pub redactions: Vec<Redaction>,
    /// By which rules.
    pub redaction_rules: String,
    /// The version of the event's form.
    pub schema: String,
}

/// One thing that is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Redaction {
    /// Where, as a JSON Pointer into the event.
    pub pointer: String,
    /// `email`, `phone`, `secret`, …
    pub kind: String,
    /// The rule's name, where it is one of the organisation's own.
    #[serde(default)]
    pub rule: Option<String>,
}

/// The events that are kept.
#[derive(Debug, Clone, Copy)]
pub struct Events<'c> {
    pub(crate) http: &'c Http,
}

impl Events<'_> {
    /// Events that match, newest first.
    pub fn list(&self, filter: EventFilter) -> Pages<Record> {
        let all = Call::get("/aibbar/events");
        Pages::new(self.http, filter.conditions.into_iter().fold(all, |call, (name, value)| call.query(name, value)))
    }

    /// One event.
    ///
    /// # Errors
    /// [`Error::Api`] of [`crate::ApiErrorKind::NotFound`]: there is none of this id (yet: what is acknowledged can be
    /// read a moment later).
    pub async fn get(&self, event_id: Uuid) -> Result<Record, Error> {
        self.http.ask(Call::get(format!("/aibbar/events/{event_id}"))).await
    }
}
