//! The trace of one request, where traces are on: its span, which follows from the client's, and those of its steps.
//!
//! They tell how many and how long, never what: no payload, no key, nobody's name.

use actix_web::{
    HttpMessage as _, HttpRequest,
    dev::ServiceRequest,
    http::{StatusCode, header::HeaderMap},
};
use bytes::Bytes;
use traces::{TARGET, TRACEPARENT, TRACESTATE, TRACESTATE_BYTES_MAX, TraceContext, context_of, set_parent};
use tracing::{Instrument as _, Span, field::Empty, instrument::Instrumented};

use crate::request::{RULES, callers_organisation};

/// The span of a request, and that of its log lines, for what is done of it elsewhere. Where traces are off both are none,
/// and cost as much.
#[derive(Clone)]
pub(crate) struct Trace {
    server: Span,
    lines: Span,
}

impl Trace {
    const NONE: Trace = Trace { server: Span::none(), lines: Span::none() };

    /// Begins the trace of a request to this route, and has its log lines tell of it; nothing where traces are off, and for
    /// what is no route of the API.
    pub(crate) fn begin(request: &ServiceRequest, method: &'static str, lines: &Span) -> Trace {
        if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            return Trace::NONE;
        }
        let Some(route) = request.match_pattern() else { return Trace::NONE };
        let server = tracing::info_span!(
            target: TARGET, parent: None, "request",
            otel.name = format_args!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = route,
            http.response.status_code = Empty,
            gapin.organisation.id = Empty,
            gapin.accepted = Empty,
            gapin.refused = Empty,
        );
        if let Some(parent) = parent_of(request.headers()) {
            set_parent(&server, parent);
        }
        if let Some(context) = context_of(&server) {
            lines.record("trace_id", context.trace_id());
        }
        let trace = Trace { server, lines: lines.clone() };
        request.extensions_mut().insert(trace.clone());
        trace
    }

    /// The trace of this request.
    pub(crate) fn of(request: &HttpRequest) -> Trace {
        request.extensions().get::<Trace>().cloned().unwrap_or(Trace::NONE)
    }

    /// Work on the request elsewhere, whose log lines are the request's.
    pub(crate) fn with_lines<F>(&self, work: F) -> Instrumented<F> {
        work.instrument(self.lines.clone())
    }

    /// The check of everything in the request, until it is dropped.
    pub(crate) fn check(&self) -> Span {
        if self.server.is_disabled() {
            return Span::none();
        }
        tracing::info_span!(target: TARGET, parent: &self.server, "check")
    }

    /// The append of what passed the check to the log, until it is dropped; and what that is.
    pub(crate) fn append<T, E>(&self, checked: &[Result<T, E>], what: &'static str) -> Append {
        if self.server.is_disabled() || checked.iter().all(Result::is_err) {
            return Append(Span::none());
        }
        Append(tracing::info_span!(
            target: TARGET, parent: &self.server, "append",
            otel.name = format_args!("send {what}"),
            otel.kind = "producer",
            messaging.operation.type = "send",
            messaging.batch.message_count = checked.iter().filter(|one| one.is_ok()).count(),
        ))
    }

    /// What became of the events or messages of the request.
    pub(crate) fn counted<T, E>(&self, outcomes: &[Result<T, E>]) {
        if self.server.is_disabled() {
            return;
        }
        let accepted = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        self.server.record("gapin.accepted", accepted);
        self.server.record("gapin.refused", outcomes.len() - accepted);
    }

    /// The request's handler panicked, and the request went down with it.
    pub(crate) fn panicked(self) {
        self.server.record("otel.status_code", "ERROR");
    }

    /// The request is answered, so: its span ends with this, whatever is still sent.
    pub(crate) fn answered(self, request: &HttpRequest, status: StatusCode) {
        if self.server.is_disabled() {
            return;
        }
        request.extensions_mut().remove::<Trace>();
        self.server.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            self.server.record("otel.status_code", "ERROR");
        }
        if let Some(org_id) = callers_organisation(request) {
            self.server.record("gapin.organisation.id", tracing::field::display(org_id));
        }
    }
}

/// An append to the log that is traced, or not.
pub(crate) struct Append(Span);

impl Append {
    /// What records carry so that whoever reads them can tell which trace they belong to; `None` where none is kept of it.
    pub(crate) fn header(&self) -> Option<Bytes> {
        let context = context_of(&self.0).filter(TraceContext::is_sampled)?;
        Some(context.traceparent().into())
    }
}

/// What the client's span is, by its headers: one `traceparent`, and what its `tracestate` says. That is sent on, and a
/// client may write anything there: where redaction would hide something of it, it is left away whole.
fn parent_of(headers: &HeaderMap) -> Option<TraceContext> {
    let mut all = headers.get_all(TRACEPARENT);
    let (first, None) = (all.next()?, all.next()) else { return None };
    let parent = TraceContext::parse(first.to_str().ok()?)?;
    let states: Vec<&str> = headers.get_all(TRACESTATE).filter_map(|value| value.to_str().ok()).collect();
    let state = states.join(",");
    let is_short = state.len() <= TRACESTATE_BYTES_MAX;
    Some(if is_short && !RULES.finds_in(&state) { parent.with_state(&state) } else { parent })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;

    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const OTHER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b8-01";

    fn parent(headers: &[(&str, &str)]) -> Option<TraceContext> {
        let request = headers.iter().fold(TestRequest::post(), |request, header| request.append_header(*header));
        parent_of(request.to_http_request().headers())
    }

    #[test]
    fn the_parent_is_what_one_traceparent_says() {
        let expected = TraceContext::parse(PARENT);
        assert!(expected.is_some());
        assert_eq!(parent(&[(TRACEPARENT, PARENT)]), expected);
        assert_eq!(parent(&[(TRACESTATE, "vendor=a")]), None);
        assert_eq!(parent(&[(TRACEPARENT, PARENT), (TRACEPARENT, OTHER)]), None, "which of them?");
        assert_eq!(parent(&[(TRACEPARENT, "nonsense")]), None);
    }

    #[test]
    fn a_tracestate_goes_with_it_unless_it_says_what_must_be_hidden() {
        let plain = TraceContext::parse(PARENT).unwrap();
        let given = parent(&[(TRACEPARENT, PARENT), (TRACESTATE, "vendor=a"), (TRACESTATE, "other=b")]);
        assert_eq!(given, Some(plain.clone().with_state("vendor=a,other=b")));
        let given = parent(&[(TRACEPARENT, PARENT), (TRACESTATE, "vendor=jane.doe@example.com")]);
        assert_eq!(given, Some(plain));
    }

    #[test]
    fn where_traces_are_off_there_is_no_span_and_no_header() {
        let request = TestRequest::post().insert_header((TRACEPARENT, PARENT)).to_srv_request();
        let trace = Trace::begin(&request, "POST", &Span::none());
        assert!(trace.server.is_disabled() && trace.check().is_disabled());
        assert_eq!(trace.append(&[Ok::<_, ()>(())], "events").header(), None);
    }
}
