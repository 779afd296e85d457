//! Around every request: its id, its span, its count, the body of its problem, and the end of its panics.

use std::{
    panic::AssertUnwindSafe,
    rc::Rc,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use aibbar::RuleSet;
use futures_util::FutureExt;
use store::OrgId;
use tracing::{Instrument, field::Empty};
use uuid::Uuid;

use crate::{
    app::App,
    bytes_budget::{BudgetSpent, BytesBudget, HeldAnswer},
    clock,
    door::HeldBack,
    limits::request::{Admitted, admit, conclude},
    problem::{Kind, Problem},
    statistics::counting::Counting,
    trace::Trace,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a client.
const CLIENT_ID_BYTES_MAX: usize = 64;

/// What nothing may hold that is a client's own and stands in log lines, in traces, in the audit trail and in answers.
pub(crate) static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::strictest);

/// The id of a request, ours or the client's.
#[derive(Clone, Debug)]
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

/// Whose request it is, as soon as that is known: what is refused of it counts for them.
#[derive(Clone, Copy)]
pub(crate) struct CallersOrganisation(pub(crate) OrgId);

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
    let span = tracing::info_span!("request", id = id.as_str(), method = method_label(&method), trace_id = Empty);
    let trace = Trace::begin(&request, method_label(&method), &span);

    let admitted = app.as_ref().map_or(Ok(Admitted::Free), |app| admit(request.request(), app));
    let mut response = match &admitted {
        Ok(_) => {
            let answering = AssertUnwindSafe(async { next.call(request).await }).catch_unwind();
            match answering.instrument(span.clone()).await {
                Ok(answered) => write_problem(answered?, &id, app.as_ref().map(|app| &*app.counting)),
                Err(_) => {
                    trace.panicked();
                    if let Some(app) = &app {
                        app.metrics.requests.with_label_values(&["panicked", method_label(&method), "500"]).inc();
                    }
                    let _in_span = span.enter();
                    return Err(Panicked { problem: Problem::internal("a handler panicked"), id }.into());
                }
            }
        }
        Err(problem) => {
            let (request, _) = request.into_parts();
            ServiceResponse::new(request, problem.answer(id.as_str())).map_into_right_body()
        }
    };
    if let Some(app) = &app {
        response = hold(response, &app.bytes, &id);
    }
    let route = response.request().match_pattern();
    let route = match (&route, &admitted) {
        (Some(route), _) => route.as_str(),
        (None, Ok(Admitted::ToPages)) => "dashboard",
        (None, _) => "unmatched",
    };
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
            let held_back = response.request().extensions().get::<HeldBack>().map_or(Duration::ZERO, |held| held.0);
            let took = started.elapsed().saturating_sub(held_back);
            app.metrics.request_seconds.with_label_values(&[route]).observe(took.as_secs_f64());
        }
    }
    trace.answered(response.request(), status);
    let _in_span = span.enter();
    tracing::debug!(route, status = status.as_u16(), elapsed_us = started.elapsed().as_micros() as u64, "answered");
    Ok(response)
}

/// A handler that panicked: what it panicked with is for nobody's eyes, since it may show what was sent.
#[derive(Debug)]
struct Panicked {
    problem: Problem,
    id: RequestId,
}

impl std::fmt::Display for Panicked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a handler panicked")
    }
}

impl ResponseError for Panicked {
    fn status_code(&self) -> StatusCode {
        self.problem.status_code()
    }

    /// The whole answer: the request went down with its handler, and nothing above it writes one.
    fn error_response(&self) -> HttpResponse {
        let mut response = self.problem.answer(self.id.as_str());
        if let Ok(value) = HeaderValue::from_str(self.id.as_str()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        guard_answer(response.headers_mut());
        response
    }
}

/// Counts a large answer among the bytes in flight until it is sent; without room for it, it is none.
fn hold<B>(
    response: ServiceResponse<EitherBody<B>>,
    budget: &BytesBudget,
    id: &RequestId,
) -> ServiceResponse<EitherBody<B>>
where
    B: MessageBody + 'static,
{
    let (request, response) = response.into_parts();
    let mut no_room = false;
    let response = response.map_body(|_, body| match body {
        EitherBody::Left { body } if HeldAnswer::is_for(body.size()) => match body.try_into_bytes() {
            Ok(bytes) => match HeldAnswer::new(bytes, budget) {
                Ok(held) => EitherBody::Right { body: BoxBody::new(held) },
                Err(BudgetSpent) => {
                    no_room = true;
                    EitherBody::Right { body: BoxBody::new(()) }
                }
            },
            Err(streamed) => EitherBody::left(streamed),
        },
        small_or_problem => small_or_problem,
    });
    let response = if no_room { Problem::overloaded().answer(id.as_str()).map_into_right_body() } else { response };
    ServiceResponse::new(request, response)
}

/// What is answered is as good as private, unless a route says that everybody may keep it; and it is what it says it is.
fn guard_answer(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Any method outside the few that routes have is one word in metrics and log lines, since clients can invent them and
/// write anything there.
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
fn write_problem<B: MessageBody>(
    answered: ServiceResponse<B>,
    id: &RequestId,
    counting: Option<&Counting>,
) -> ServiceResponse<EitherBody<B>> {
    let Some(error) = answered.response().error() else {
        return answered.map_into_left_body();
    };
    let problem = match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => from_actix(answered.status(), error),
    };
    let (request, _) = answered.into_parts();
    if let (Some(org_id), Some(counting)) = (callers_organisation(&request), counting) {
        counting.refused_request(org_id, &problem);
    }
    ServiceResponse::new(request, problem.answer(id.as_str())).map_into_right_body()
}

/// Whose request it is, once that is known.
pub(crate) fn callers_organisation(request: &HttpRequest) -> Option<OrgId> {
    request.extensions().get::<CallersOrganisation>().map(|CallersOrganisation(org_id)| *org_id)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::{App, http::header::CONTENT_TYPE, middleware::from_fn, test};

    use super::*;

    #[actix_web::test]
    async fn a_panic_is_a_500_that_tells_nothing_of_it() {
        async fn panics() -> &'static str {
            panic!("the event said: jane.doe@example.com")
        }
        let app = App::new().wrap(from_fn(around)).route("/", web::get().to(panics));
        let server = test::init_service(app).await;
        let request = test::TestRequest::get().uri("/").insert_header((REQUEST_ID, "mine")).to_request();
        let error = test::try_call_service(&server, request).await.unwrap_err();
        let answer = error.error_response();
        assert_eq!(answer.status(), 500);
        let header = |name| answer.headers().get(name).unwrap();
        assert_eq!(header(CONTENT_TYPE), "application/problem+json");
        assert_eq!(header(REQUEST_ID), "mine");
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.contains(r#""code":"internal""#) && !text.contains("jane"), "{text}");
        assert!(!error.to_string().contains("jane"));
    }
}
