//! The one place where an error becomes a status and a code (RFC 9457).

mod kind;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use aibbar::{Fault, Refusal};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

use crate::bytes_budget::BudgetSpent;

pub use kind::Kind;

/// What a problem's type begins with: a name, not an address; `code` is appended.
pub(crate) const TYPE_BASE: &str = "urn:gapin:problem:";

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

/// Why a request failed (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// The name of the kind of problem; not an address.
    #[schema(format = "uri")]
    r#type: String,
    /// The kind of problem, for people.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The kind of problem, for programs; stable.
    code: &'static str,
    /// What is wrong here, and what to do next, for people.
    detail: &'a str,
    /// The id under which the log knows the request.
    request_id: &'a str,
    /// Everything that is wrong with the body, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultBody<'a>>,
}

/// One thing that is wrong, at one place.
#[derive(Serialize, ToSchema)]
#[schema(as = Fault)]
pub(crate) struct FaultBody<'a> {
    /// Where: a JSON Pointer (RFC 6901) into what was sent; empty is the whole of it.
    pointer: &'a str,
    /// What kind of fault: `required`, `unknown_field`, `type`, `format`, `minimum`, …
    code: &'a str,
    /// A sentence for people.
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

    /// A full house: refused at once, with nothing done.
    pub(crate) fn overloaded() -> Self {
        Self::new(Kind::Overloaded, "The gateway is at its capacity; send it again shortly.")
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

impl From<BudgetSpent> for Problem {
    fn from(BudgetSpent: BudgetSpent) -> Self {
        Self::overloaded()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) | StoreError::Unexplained(cause) => {
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
