//! `client.keys()`: API keys.

use std::{fmt, time::Duration};

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::Pages;
use crate::{
    errors::Error,
    http::{Call, Http},
};

/// An API key to be made.
#[derive(Debug, Clone, Serialize)]
#[must_use]
pub struct NewKey {
    #[serde(flatten)]
    settings: KeyChange,
}

impl NewKey {
    /// Scopes: `events:write`, `events:read`, `keys:manage`, …
    pub fn new(name: impl Into<String>, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { settings: KeyChange::new().name(name).scopes(scopes) }
    }

    /// Requests in one minute; what the plan allows where it is not said.
    pub fn requests_per_minute(mut self, requests: u64) -> Self {
        self.settings = self.settings.requests_per_minute(requests);
        self
    }

    /// Events in one day (UTC); what the plan allows where it is not said.
    pub fn events_per_day(mut self, events: u64) -> Self {
        self.settings = self.settings.events_per_day(events);
        self
    }

    /// From then on it is refused; RFC 3339.
    pub fn expires_at(mut self, moment: impl Into<String>) -> Self {
        self.settings = self.settings.expires_at(Some(moment.into()));
        self
    }

    /// From where alone it may be used, as addresses or ranges.
    pub fn allowed_ips(mut self, ips: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings = self.settings.allowed_ips(ips);
        self
    }
}

/// What changes of an API key; `None` takes a limit away.
#[derive(Debug, Clone, Default, Serialize)]
#[must_use]
pub struct KeyChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests_per_minute: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events_per_day: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_ips: Option<Vec<String>>,
}

impl KeyChange {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What it is called.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What it may do.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Requests in one minute.
    pub fn requests_per_minute(mut self, requests: impl Into<Option<u64>>) -> Self {
        self.requests_per_minute = Some(requests.into());
        self
    }

    /// Events in one day (UTC).
    pub fn events_per_day(mut self, events: impl Into<Option<u64>>) -> Self {
        self.events_per_day = Some(events.into());
        self
    }

    /// From then on it is refused; RFC 3339.
    pub fn expires_at(mut self, moment: Option<String>) -> Self {
        self.expires_at = Some(moment);
        self
    }

    /// From where alone it may be used, as addresses or ranges; none: from everywhere.
    pub fn allowed_ips(mut self, ips: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed_ips = Some(ips.into_iter().map(Into::into).collect());
        self
    }
}

/// An API key, without the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What the key begins with; not secret.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// `active`, `expired` or `revoked`.
    pub status: String,
    /// From where alone it may be used; empty: from everywhere.
    #[serde(default)]
    pub allowed_ips: Vec<String>,
    /// When it was made.
    pub created_at: String,
    /// Its own limit of requests in one minute.
    #[serde(default)]
    pub requests_per_minute: Option<u64>,
    /// Its own limit of events in one day.
    #[serde(default)]
    pub events_per_day: Option<u64>,
    /// From then on it is refused.
    #[serde(default)]
    pub expires_at: Option<String>,
    /// When it was used last.
    #[serde(default)]
    pub last_used_at: Option<String>,
    /// Until then the key before its last rotation is good.
    #[serde(default)]
    pub previous_valid_until: Option<String>,
    /// Since then it is refused.
    #[serde(default)]
    pub revoked_at: Option<String>,
}

/// A key with the key itself, which is shown this once, and never by `Debug`.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct MadeKey {
    /// To be kept somewhere safe.
    pub key: String,
    /// What else there is to say of it.
    #[serde(flatten)]
    pub about: ApiKey,
}

impl fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeKey").field("about", &self.about).finish_non_exhaustive()
    }
}

/// The organisation's API keys.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'c> {
    pub(crate) http: &'c Http,
}

impl Keys<'_> {
    /// All of them.
    pub fn list(&self) -> Pages<ApiKey> {
        Pages::new(self.http, Call::get("/api/v1/keys"))
    }

    /// Makes one.
    ///
    /// # Errors
    /// [`Error::Api`].
    pub async fn create(&self, key: NewKey) -> Result<MadeKey, Error> {
        self.http.ask(Call::post("/api/v1/keys").json(&key)?).await
    }

    /// One.
    ///
    /// # Errors
    /// [`Error::Api`].
    pub async fn get(&self, id: Uuid) -> Result<ApiKey, Error> {
        self.http.ask(Call::get(path(id))).await
    }

    /// Changes it.
    ///
    /// # Errors
    /// [`Error::Api`].
    pub async fn update(&self, id: Uuid, change: KeyChange) -> Result<ApiKey, Error> {
        self.http.ask(Call::new(Method::PATCH, path(id)).json(&change)?).await
    }

    /// Gives it another secret; the old one stays good for as long as is said.
    ///
    /// # Errors
    /// [`Error::Api`].
    pub async fn rotate(&self, id: Uuid, overlap: Option<Duration>) -> Result<MadeKey, Error> {
        let how = match overlap {
            Some(overlap) => json!({"overlap_seconds": overlap.as_secs()}),
            None => json!({}),
        };
        self.http.ask(Call::post(format!("{}/rotate", path(id))).json(&how)?).await
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`Error::Api`].
    pub async fn revoke(&self, id: Uuid) -> Result<(), Error> {
        self.http.tell(Call::new(Method::DELETE, path(id))).await
    }
}

fn path(id: Uuid) -> String {
    format!("/api/v1/keys/{id}")
}
