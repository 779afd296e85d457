//! Everything that can go wrong, as a small tree. None of it shows a key, a secret or an event's contents.

use std::{borrow::Cow, fmt, time::Duration};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Where, as an RFC 6901 JSON Pointer; empty is the event itself.
    pub pointer: String,
    /// What kind of fault, stable: `required`, `unknown_field`, `type`, …
    pub code: Cow<'static, str>,
    /// The same for people. Never shows a value.
    pub detail: String,
}

impl From<aibbar::Fault> for Fault {
    fn from(fault: aibbar::Fault) -> Self {
        Self { pointer: fault.pointer, code: fault.code.into(), detail: fault.detail }
    }
}

/// Whatever this crate returns as an error.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is missing or can't be meant.
    #[error("configuration: {0}")]
    Configuration(String),
    /// The event can't be signed, or is not what its schema says: nothing was sent.
    #[error(transparent)]
    InvalidEvent(InvalidEventError),
    /// No answer came: the connection could not be made, or broke. What was sent may have arrived.
    #[error("transport: no answer came ({0})")]
    Transport(String),
    /// No answer came in time. What was sent may have arrived.
    #[error("timeout: no answer came in time")]
    Timeout,
    /// What came is none of a gateway's: something else answers there, or a gateway that a newer version can read. The same
    /// would come again.
    #[error(transparent)]
    Unreadable(UnreadableError),
    /// The gateway refused, with an RFC 9457 problem.
    #[error(transparent)]
    Api(Box<ApiError>),
}

impl Error {
    /// A stable word for what went wrong: the gateway's own, where it answered.
    pub fn code(&self) -> &str {
        match self {
            Self::Configuration(_) => "configuration",
            Self::InvalidEvent(error) => error.code,
            Self::Transport(_) => "transport",
            Self::Timeout => "timeout",
            Self::Unreadable(_) => "unreadable",
            Self::Api(error) => &error.code,
        }
    }

    /// The status of the answer, where there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Unreadable(error) => error.status,
            _ => None,
        }
    }

    /// The gateway's name for the request, to ask its operators about it.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.request_id.as_deref(),
            Self::Unreadable(error) => error.request_id.as_deref(),
            _ => None,
        }
    }

    /// Whether the same again may do better.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(_) | Self::Timeout => true,
            Self::Api(error) => error.is_retryable,
            Self::Configuration(_) | Self::InvalidEvent(_) | Self::Unreadable(_) => false,
        }
    }
}

/// What can't have been meant by a gateway.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unreadable: {detail}")]
#[non_exhaustive]
pub struct UnreadableError {
    /// For people. Says nothing of what came.
    pub detail: &'static str,
    /// The status of the answer; `None` of what a live stream brought.
    pub status: Option<u16>,
    /// The gateway's name for the request, where the answer has one.
    pub request_id: Option<String>,
}

impl UnreadableError {
    /// Of a live stream.
    pub(crate) fn of_stream(detail: &'static str) -> Self {
        Self { detail, status: None, request_id: None }
    }
}

impl From<UnreadableError> for Error {
    fn from(error: UnreadableError) -> Self {
        Self::Unreadable(error)
    }
}

/// An event that was not sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct InvalidEventError {
    /// The one that the gateway would answer: `invalid_json`, `event_too_large`, `schema_violation`,
    /// `invalid_signature`, `timestamp_in_future`, `timestamp_too_old` or `event_id_time_mismatch`.
    pub code: &'static str,
    /// The same for people.
    pub detail: String,
    /// Every fault against the schema, by its place.
    pub faults: Vec<Fault>,
}

impl From<aibbar::Refusal> for InvalidEventError {
    fn from(refusal: aibbar::Refusal) -> Self {
        let faults = refusal.faults.into_iter().map(Fault::from).collect();
        Self { code: refusal.code.as_str(), detail: refusal.detail, faults }
    }
}

impl From<aibbar::Refusal> for Error {
    fn from(refusal: aibbar::Refusal) -> Self {
        Self::InvalidEvent(refusal.into())
    }
}

impl fmt::Display for InvalidEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)?;
        for fault in &self.faults {
            write!(f, "; {} {}", fault.pointer, fault.code)?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidEventError {}

impl From<InvalidEventError> for Error {
    fn from(error: InvalidEventError) -> Self {
        Self::InvalidEvent(error)
    }
}

/// What an answer that is none of success belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// 400, 413, 415 and the like: the request itself is at fault.
    InvalidRequest,
    /// 401: no key, a bad key, or a bad signature.
    Authentication,
    /// 403: the key may not do this.
    PermissionDenied,
    /// 404: there is no such thing, or it is another organisation's.
    NotFound,
    /// 409: it is there already, or somebody else was faster.
    Conflict,
    /// 429: too much; see [`ApiError::retry_after`].
    RateLimit,
    /// 5xx: the gateway can't now.
    Server,
}

/// The gateway's refusal.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ApiError {
    /// A stable word: `rate_limited`, `not_found`, …
    pub code: String,
    /// The answer's status.
    pub status: u16,
    /// What it says to people; empty where it says nothing.
    pub detail: String,
    /// The gateway's name for the request.
    pub request_id: Option<String>,
    /// Whether the same again may do better.
    pub is_retryable: bool,
    /// The places that are at fault, where it names them.
    pub faults: Vec<Fault>,
    /// After how long trying again is right, where it says so.
    pub retry_after: Option<Duration>,
}

impl ApiError {
    /// What its status makes of it.
    pub fn kind(&self) -> ApiErrorKind {
        match self.status {
            401 => ApiErrorKind::Authentication,
            403 => ApiErrorKind::PermissionDenied,
            404 => ApiErrorKind::NotFound,
            409 => ApiErrorKind::Conflict,
            429 => ApiErrorKind::RateLimit,
            500.. => ApiErrorKind::Server,
            _ => ApiErrorKind::InvalidRequest,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.code)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, " (request {request_id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self::Api(Box::new(error))
    }
}
