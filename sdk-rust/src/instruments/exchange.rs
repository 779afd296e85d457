//! An exchange with a provider, recorded as it goes on.

use std::fmt;

use reqwest::{
    Method, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use serde_json::Value;

use super::{
    dialect::Dialect,
    fault::Fault,
    transcript::{Head, Transcript},
};
use crate::{
    context::{self, Context},
    recorder::Recorder,
    settings::AI_VERSION_DEFAULT,
};

/// One request to a model's provider and its answer, for HTTP clients that no instrument is made for.
///
/// Tell it what goes over the wire, in order: the request to [`Exchange::begin`], the answer's head, its chunks as
/// they come, and that it has ended or failed. One that goes before its answer has ended records what came so far. All
/// events have the metadata of the [context](crate::context) that it began in, wherever it goes on.
///
/// ```
/// # fn sent(recorder: &gapin_sdk::Recorder, url: &reqwest::Url, body: &[u8], headers: &reqwest::header::HeaderMap) {
/// use gapin_sdk::instruments::Exchange;
///
/// let exchange = Exchange::begin(recorder, &reqwest::Method::POST, url.path(), Some(body));
/// // … the request is sent, an answer comes …
/// if let Some(mut exchange) = exchange {
///     exchange.answered(reqwest::StatusCode::OK, headers);
///     exchange.chunk(br#"{"choices": []}"#);
///     exchange.ended();
/// }
/// # }
/// ```
pub struct Exchange {
    recorder: Recorder,
    context: Context,
    transcript: Transcript,
}

impl Exchange {
    /// Records what is asked; none where the request is none to a model. Known are the chat completions, responses and
    /// completions of OpenAI and of those that speak like it, and the messages of Anthropic. But for chat completions the
    /// body must name a `model`: paths of other APIs end like these, too.
    ///
    /// No body: its bytes can't be seen, and of a chat completion the query is recorded without its content.
    pub fn begin(recorder: &Recorder, method: &Method, path: &str, body: Option<&[u8]>) -> Option<Self> {
        let dialect = Dialect::of(path).filter(|dialect| method == Method::POST && dialect.is_in(body))?;
        Some(Self::begin_in(dialect, recorder, body))
    }

    /// [`Exchange::begin`], where it is certain that the request is one to a provider.
    #[cfg(feature = "async-openai")]
    pub(super) fn begin_with_provider(
        recorder: &Recorder,
        method: &Method,
        path: &str,
        body: Option<&[u8]>,
    ) -> Option<Self> {
        let dialect = Dialect::of(path).filter(|_| method == Method::POST)?;
        Some(Self::begin_in(dialect, recorder, body))
    }

    fn begin_in(dialect: Dialect, recorder: &Recorder, body: Option<&[u8]>) -> Self {
        let names_version = recorder.ai_version() == AI_VERSION_DEFAULT;
        let (transcript, asked) = Transcript::new(dialect, body, names_version);
        let exchange = Self { recorder: recorder.clone(), context: here(), transcript };
        exchange.record(vec![asked]);
        exchange
    }

    /// An answer begins.
    pub fn answered(&mut self, status: StatusCode, headers: &HeaderMap) {
        let said = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = said(CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
        let encoding = said(CONTENT_ENCODING).trim();
        self.transcript.answered(Head {
            status: status.as_u16(),
            is_streamed: media_type.eq_ignore_ascii_case("text/event-stream"),
            is_plain: encoding.is_empty() || encoding.eq_ignore_ascii_case("identity"),
        });
    }

    /// Some of the answer's body, cut anywhere.
    pub fn chunk(&mut self, chunk: &[u8]) {
        let events = self.transcript.chunk(chunk);
        self.record(events);
    }

    /// The answer's body has ended.
    pub fn ended(&mut self) {
        let events = self.transcript.ended();
        self.record(events);
    }

    /// There is no answer, or no more of it.
    pub fn failed(&mut self, code: &str, message: &str, is_recoverable: bool) {
        self.failed_by(Fault::new(code, message, is_recoverable));
    }

    pub(super) fn failed_by(&mut self, fault: Fault) {
        let events = self.transcript.failed(fault);
        self.record(events);
    }

    fn record(&self, events: Vec<Value>) {
        if events.is_empty() {
            return;
        }
        self.context.scope(|| {
            for event in events {
                self.recorder.record(event);
            }
        });
    }
}

/// Shows nothing of what was asked, nor of what came back.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("recorder", &self.recorder).finish_non_exhaustive()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let events = self.transcript.left();
        self.record(events);
    }
}

/// The context here and now, with the span that is current.
fn here() -> Context {
    let here = context::current();
    match context::current_span() {
        Some((trace_id, span_id)) if !context::carried().is_some_and(|carried| carried.names_a_trace()) => {
            here.trace_id(trace_id).span_id(span_id)
        }
        _ => here,
    }
}
