//! What an answer says of each event.

use std::borrow::Cow;

use serde::Deserialize;

use crate::{errors::Fault, http};

#[derive(Deserialize)]
pub(super) struct Results<'a> {
    #[serde(borrow)]
    pub(super) results: Vec<EventResult<'a>>,
}

impl<'a> Results<'a> {
    /// `None` where the answer does not tell of each of so many events.
    pub(super) fn read(body: &'a [u8], events: usize) -> Option<Self> {
        let read: Self = serde_json::from_slice(body).ok()?;
        (read.results.len() == events).then_some(read)
    }
}

#[derive(Deserialize)]
pub(super) struct EventResult<'a> {
    #[serde(borrow, default)]
    status: Cow<'a, str>,
    #[serde(borrow, default)]
    code: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    detail: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    errors: Option<Vec<Place<'a>>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow, default)]
    pointer: Cow<'a, str>,
    #[serde(borrow, default)]
    detail: Cow<'a, str>,
}

/// What is done with an event.
pub(super) enum Becomes<'r> {
    Accepted,
    /// It may do better, for that reason.
    Again(&'r str),
    /// With another time it may.
    Retimed(&'r str),
    Refused,
}

impl EventResult<'_> {
    pub(super) fn becomes(&self) -> Becomes<'_> {
        match self.code.as_deref().unwrap_or_default() {
            _ if self.status == "accepted" => Becomes::Accepted,
            code if http::is_retryable_code(code) => Becomes::Again(code),
            code @ "timestamp_in_future" => Becomes::Retimed(code),
            _ if self.status == "rejected" => Becomes::Refused,
            // No gateway says so: what does is something else, or says it of something else.
            _ => Becomes::Again("unreadable"),
        }
    }

    /// The first place, and what is wrong at all of them.
    pub(super) fn fault(&self) -> Fault {
        let code = self.code.as_deref().unwrap_or("refused").to_owned().into();
        let places = self.errors.as_deref().unwrap_or_default();
        let Some(first) = places.first() else {
            let detail = self.detail.as_deref().unwrap_or_default().to_owned();
            return Fault { pointer: String::new(), code, detail };
        };
        let told: Vec<_> = places.iter().map(|place| format!("{} {}", place.pointer, place.detail)).collect();
        Fault { pointer: first.pointer.clone().into_owned(), code, detail: told.join("; ") }
    }
}
