//! Around every request: its id, its span, its count, and the body of its problem.

use std::{
    rc::Rc,
    sync::{Arc, LazyLock},
    time::Instant,
};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use aibbar::RuleSet;
use tracing::Instrument;
use uuid::Uuid;

use crate::{
    app::App,
    clock,
    limits::request::{Admitted, admit, conclude},
    problem::{Kind, Problem},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a client.
const CLIENT_ID_BYTES_MAX: usize = 64;

/// What no id may hold, since it stands in log lines, in the audit trail and in answers.
static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::strictest);

/// The id of a request, ours or the client's.
#[derive(Clone)]
pub(crate) struct RequestId(Rc<str>);

impl RequestId {
    /// The id of this request.
    pub(crate) fn of(request: &HttpRequest) -> RequestId {
        request.extensions().get::<RequestId>().cloned().unwrap_or_else(|| RequestId("".into()))
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The client's own id when it is short and plain, and nothing that must be hidden, so that it can stand in a log
    /// line; else a new one.
    fn for_request(request: &ServiceRequest) -> RequestId {
        let plain = |id: &&str| {
            (1..=CLIENT_ID_BYTES_MAX).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
                && !RULES.finds_in(id)
        };
        match request.headers().get(&REQUEST_ID).and_then(|v| v.to_str().ok()).filter(plain) {
            Some(id) => RequestId(id.into()),
            None => RequestId(Uuid::now_v7().to_string().into()),
        }
    }
}

/// The middleware.
pub(crate) async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let started = Instant::now();
    let id = RequestId::for_request(&request);
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let app = request.app_data::<web::Data<Arc<App>>>().cloned();
    let span = tracing::info_span!("request", id = id.as_str(), method = method.as_str());

    let admitted = app.as_ref().map_or(Ok(Admitted::Free), |app| admit(request.request(), app));
    let mut response = match &admitted {
        Ok(_) => write_problem(next.call(request).instrument(span.clone()).await?, &id),
        Err(problem) => {
            let (request, _) = request.into_parts();
            ServiceResponse::new(request, problem.answer(id.as_str())).map_into_right_body()
        }
    };
    let route = response.request().match_pattern();
    let route = route.as_deref().unwrap_or("unmatched");
    let status = response.status();
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    guard_answer(response.headers_mut());
    if let Some(app) = app {
        if let Ok(admitted) = admitted {
            conclude(admitted, &app, clock::unix_ms(), &mut response);
        }
        if app.draining.is_cancelled() {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        app.metrics.requests.with_label_values(&[route, method_label(&method), status.as_str()]).inc();
        if status != StatusCode::SWITCHING_PROTOCOLS {
            app.metrics.request_seconds.with_label_values(&[route]).observe(started.elapsed().as_secs_f64());
        }
    }
    let _in_span = span.enter();
    tracing::debug!(route, status = status.as_u16(), elapsed_us = started.elapsed().as_micros() as u64, "answered");
    Ok(response)
}

/// What is answered is as good as private, unless a route says that everybody may keep it; and it is what it says it is.
fn guard_answer(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Any method outside the few that routes have is one label, since clients can invent them.
fn method_label(method: &actix_web::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Gives every failed answer its problem body, with the request's id: ours as it is, actix's own by status.
fn write_problem<B: MessageBody>(answered: ServiceResponse<B>, id: &RequestId) -> ServiceResponse<EitherBody<B>> {
    let Some(error) = answered.response().error() else {
        return answered.map_into_left_body();
    };
    let problem = match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => from_actix(answered.status(), error),
    };
    let (request, _) = answered.into_parts();
    ServiceResponse::new(request, problem.answer(id.as_str())).map_into_right_body()
}

fn from_actix(status: StatusCode, error: &Error) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::new(Kind::NotFound, "There is no such thing."),
        s if s.is_client_error() => {
            // Not with the error itself: it may quote the request.
            tracing::debug!(status = s.as_u16(), "refused by the HTTP layer");
            Problem::new(Kind::BadRequest, "The request is not what this route takes.")
        }
        _ => Problem::internal(error),
    }
}
