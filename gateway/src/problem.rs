//! The one place where an error becomes a status and a code (RFC 9457).

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use aibbar::{Code, Fault, Refusal};
use serde::Serialize;
use store::StoreError;

/// What a problem's type begins with: a name, not an address; `code` is appended.
const TYPE_BASE: &str = "urn:gapin:problem:";

/// What went wrong with a request, as the client is told. What the log says is another text.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    faults: Vec<Fault>,
    /// When another try is right, where the kind alone does not say it.
    retry_after_s: Option<u32>,
    /// The methods that there are, for [`Kind::MethodNotAllowed`].
    allow: Option<String>,
}

/// Every cause there is; status, code and title stand in [`Kind::answer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The event itself is refused.
    Event(Code),
    /// There is no event in the batch.
    EmptyBatch,
    /// A query parameter is unknown or wrong.
    InvalidParameter,
    /// The JSON body is not what the route takes; each fault is listed.
    InvalidBody,
    /// The link or invitation is unknown, used or too old.
    InvalidOneTimeToken,
    /// The sign-in with a provider did not come to its end.
    ProviderSignInFailed,
    /// The compressed body can't be expanded.
    InvalidEncoding,
    /// The body did not arrive whole.
    IncompleteBody,
    /// The request can't be read as HTTP, or is not what the route takes.
    BadRequest,
    /// Neither a key nor an access token was sent.
    MissingApiKey,
    /// The key is not one, is unknown, expired or revoked.
    InvalidApiKey,
    /// The access token is not one, or its session has ended.
    InvalidAccessToken,
    /// The refresh token is not one, was used, or its session has ended.
    InvalidRefreshToken,
    /// The e-mail address or the password is wrong: nobody learns which.
    InvalidCredentials,
    /// The key or the role may not do this.
    MissingScope,
    /// The key may not be used from this address.
    AddressNotAllowed,
    /// A browser's request that came from another site, or without its token.
    CsrfRefused,
    /// The person is in no organisation.
    NoOrganisation,
    /// Nobody gives or takes more than they have themselves.
    RoleTooLow,
    /// Accounts are made by the operator here.
    RegistrationClosed,
    /// The organisation takes events of registered AI systems alone, and this is none.
    AiSystemNotRegistered,
    /// `/metrics` wants its token.
    InvalidToken,
    /// There is no such thing, or it is another's.
    NotFound,
    /// The route has other methods.
    MethodNotAllowed,
    /// It is there already, or its name is taken.
    AlreadyExists,
    /// An organisation keeps an owner.
    LastOwner,
    /// The body took too long.
    BodyTimeout,
    /// Too many requests in a minute.
    RateLimited,
    /// The day's events are used up.
    DailyQuotaExceeded,
    /// Too many failed sign-ins.
    TooManyAttempts,
    /// The body, or what it expands to, is too large.
    BodyTooLarge,
    /// The batch holds too many events.
    BatchTooLarge,
    /// The content type is not one of ours.
    UnsupportedMediaType,
    /// The content encoding is not one of ours.
    UnsupportedEncoding,
    /// A full house.
    Overloaded,
    /// The log takes nothing now; nothing was kept.
    LogUnavailable,
    /// The log did not answer in time; the event may be kept or not.
    OutcomeUnknown,
    /// The store can't be asked now.
    StoreUnavailable,
    /// No e-mail can be sent here.
    EmailUnavailable,
    /// The sign-in provider does not answer, or is not configured.
    ProviderUnavailable,
    /// Our fault.
    Internal,
}

impl Kind {
    /// Status, stable code, title.
    pub const fn answer(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Kind::Event(code) => match code {
                Code::InvalidJson => (S::BAD_REQUEST, code.as_str(), "Not JSON that can be signed"),
                Code::SchemaViolation => (S::BAD_REQUEST, code.as_str(), "Not an AIBBAR event"),
                Code::EventTooLarge => (S::PAYLOAD_TOO_LARGE, code.as_str(), "Event too large"),
                Code::InvalidSignature => (S::UNAUTHORIZED, code.as_str(), "Invalid signature"),
                Code::TimestampInFuture => (S::BAD_REQUEST, code.as_str(), "Timestamp in the future"),
                Code::TimestampTooOld => (S::BAD_REQUEST, code.as_str(), "Timestamp too old"),
                Code::EventIdTimeMismatch => (S::BAD_REQUEST, code.as_str(), "Event id of another time"),
            },
            Kind::EmptyBatch => (S::BAD_REQUEST, "empty_batch", "Empty batch"),
            Kind::InvalidParameter => (S::BAD_REQUEST, "invalid_parameter", "Invalid parameter"),
            Kind::InvalidBody => (S::BAD_REQUEST, "invalid_body", "Invalid body"),
            Kind::InvalidOneTimeToken => (S::BAD_REQUEST, "invalid_one_time_token", "Link or invitation not valid"),
            Kind::ProviderSignInFailed => (S::BAD_REQUEST, "provider_sign_in_failed", "Sign-in failed"),
            Kind::InvalidEncoding => (S::BAD_REQUEST, "invalid_encoding", "Body can't be expanded"),
            Kind::IncompleteBody => (S::BAD_REQUEST, "incomplete_body", "Body incomplete"),
            Kind::BadRequest => (S::BAD_REQUEST, "bad_request", "Bad request"),
            Kind::MissingApiKey => (S::UNAUTHORIZED, "missing_api_key", "API key missing"),
            Kind::InvalidApiKey => (S::UNAUTHORIZED, "invalid_api_key", "API key invalid"),
            Kind::InvalidToken => (S::UNAUTHORIZED, "invalid_token", "Token invalid"),
            Kind::InvalidAccessToken => (S::UNAUTHORIZED, "invalid_access_token", "Access token invalid"),
            Kind::InvalidRefreshToken => (S::UNAUTHORIZED, "invalid_refresh_token", "Refresh token invalid"),
            Kind::InvalidCredentials => (S::UNAUTHORIZED, "invalid_credentials", "E-mail address or password wrong"),
            Kind::AddressNotAllowed => (S::FORBIDDEN, "address_not_allowed", "Address not allowed"),
            Kind::CsrfRefused => (S::FORBIDDEN, "csrf_refused", "Cross-site request refused"),
            Kind::NoOrganisation => (S::FORBIDDEN, "no_organisation", "No organisation"),
            Kind::RoleTooLow => (S::FORBIDDEN, "role_too_low", "Role too low"),
            Kind::RegistrationClosed => (S::FORBIDDEN, "registration_closed", "Registration closed"),
            Kind::AiSystemNotRegistered => (S::FORBIDDEN, "ai_system_not_registered", "AI system not registered"),
            Kind::AlreadyExists => (S::CONFLICT, "already_exists", "Exists already"),
            Kind::LastOwner => (S::CONFLICT, "last_owner", "The last owner stays"),
            Kind::RateLimited => (S::TOO_MANY_REQUESTS, "rate_limited", "Too many requests"),
            Kind::DailyQuotaExceeded => (S::TOO_MANY_REQUESTS, "daily_quota_exceeded", "Daily quota exceeded"),
            Kind::TooManyAttempts => (S::TOO_MANY_REQUESTS, "too_many_attempts", "Too many attempts"),
            Kind::MissingScope => (S::FORBIDDEN, "missing_scope", "Scope missing"),
            Kind::NotFound => (S::NOT_FOUND, "not_found", "Not found"),
            Kind::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed"),
            Kind::BodyTimeout => (S::REQUEST_TIMEOUT, "body_timeout", "Body too slow"),
            Kind::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "body_too_large", "Body too large"),
            Kind::BatchTooLarge => (S::PAYLOAD_TOO_LARGE, "batch_too_large", "Batch too large"),
            Kind::UnsupportedMediaType => {
                (S::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Unsupported media type")
            }
            Kind::UnsupportedEncoding => {
                (S::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", "Unsupported content encoding")
            }
            Kind::Overloaded => (S::SERVICE_UNAVAILABLE, "overloaded", "Overloaded"),
            Kind::LogUnavailable => (S::SERVICE_UNAVAILABLE, "log_unavailable", "Event log unavailable"),
            Kind::OutcomeUnknown => (S::SERVICE_UNAVAILABLE, "outcome_unknown", "Outcome unknown"),
            Kind::StoreUnavailable => (S::SERVICE_UNAVAILABLE, "store_unavailable", "Store unavailable"),
            Kind::EmailUnavailable => (S::SERVICE_UNAVAILABLE, "email_unavailable", "E-mail unavailable"),
            Kind::ProviderUnavailable => {
                (S::SERVICE_UNAVAILABLE, "provider_unavailable", "Sign-in provider unavailable")
            }
            Kind::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
        }
    }

    /// The stable word.
    pub const fn code(self) -> &'static str {
        self.answer().1
    }

    /// The HTTP status.
    pub const fn status(self) -> StatusCode {
        self.answer().0
    }

    /// After how many seconds trying again is right; `None` when it is not.
    pub const fn retry_after_s(self) -> Option<u32> {
        match self {
            Kind::Overloaded => Some(1),
            Kind::LogUnavailable | Kind::OutcomeUnknown | Kind::StoreUnavailable => Some(2),
            _ => None,
        }
    }
}

/// The body of a problem; batch answers add their members to it.
#[derive(Serialize)]
pub(crate) struct ProblemBody<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultBody<'a>>,
}

/// One fault, as clients read it.
#[derive(Serialize)]
pub(crate) struct FaultBody<'a> {
    pointer: &'a str,
    code: &'a str,
    detail: &'a str,
}

/// Faults as clients read them.
pub(crate) fn fault_bodies(faults: &[Fault]) -> Vec<FaultBody<'_>> {
    faults.iter().map(|f| FaultBody { pointer: &f.pointer, code: f.code, detail: &f.detail }).collect()
}

impl Problem {
    /// A problem of this kind, in a sentence that says what to do next and shows nothing secret.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), faults: Vec::new(), retry_after_s: None, allow: None }
    }

    /// The same with everything that is wrong, place by place.
    pub(crate) fn with_faults(kind: Kind, detail: impl Into<String>, faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::new(kind, detail) }
    }

    /// The path has other methods: these.
    pub(crate) fn method_not_allowed(methods: String, detail: String) -> Self {
        Self { allow: Some(methods), ..Self::new(Kind::MethodNotAllowed, detail) }
    }

    /// A problem that ends by itself after so many seconds.
    pub(crate) fn retry_after(kind: Kind, seconds: u32, detail: impl Into<String>) -> Self {
        Self { retry_after_s: Some(seconds), ..Self::new(kind, detail) }
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The sentence for people.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// Every fault of a refused event.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Logs what really happened, once, and says nothing of it to the client.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(Kind::Internal, "Something went wrong here; the request id finds it in the log.")
    }

    /// Status and headers that belong to this kind, for a body of the caller's.
    pub(crate) fn head(kind: Kind) -> HttpResponseBuilder {
        let mut head = HttpResponse::build(kind.status());
        head.content_type("application/problem+json");
        if let Some(seconds) = kind.retry_after_s() {
            head.insert_header((header::RETRY_AFTER, seconds));
        }
        if kind.status() == StatusCode::UNAUTHORIZED && !matches!(kind, Kind::Event(_)) {
            head.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        head
    }

    /// The members of the body.
    pub(crate) fn body<'a>(&'a self, request_id: &'a str) -> ProblemBody<'a> {
        let (status, code, title) = self.kind.answer();
        ProblemBody {
            r#type: format!("{TYPE_BASE}{code}"),
            title,
            status: status.as_u16(),
            code,
            detail: &self.detail,
            request_id,
            errors: fault_bodies(&self.faults),
        }
    }

    /// The whole answer.
    pub(crate) fn answer(&self, request_id: &str) -> HttpResponse {
        self.own_head().json(self.body(request_id))
    }

    /// Status and headers of this very problem, for a body of the caller's.
    pub(crate) fn own_head(&self) -> HttpResponseBuilder {
        let mut head = Self::head(self.kind);
        if let Some(seconds) = self.retry_after_s {
            head.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(methods) = &self.allow {
            head.insert_header((header::ALLOW, methods.as_str()));
        }
        head
    }

    /// The same problem of many things at once, in other words.
    pub(crate) fn of_all(&self, detail: String) -> Self {
        Self { detail, faults: Vec::new(), ..self.clone() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.code(), self.detail)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self {
            kind: Kind::Event(refusal.code),
            detail: refusal.detail,
            faults: refusal.faults,
            retry_after_s: None,
            allow: None,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "the store is unavailable");
                Problem::new(Kind::StoreUnavailable, "The store can't be asked now; try again shortly.")
            }
            StoreError::Exists(what) => {
                Problem::new(Kind::AlreadyExists, format!("{} exists already.", capitalised(&what)))
            }
            StoreError::Refused(why) => Problem::new(Kind::InvalidBody, format!("{}.", capitalised(&why))),
            other => Problem::internal(other),
        }
    }
}

fn capitalised(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Handlers answer `Result<_, Problem>`; the body is written by the request-id middleware, which knows the id.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    fn error_response(&self) -> HttpResponse {
        Self::head(self.kind).finish()
    }
}
