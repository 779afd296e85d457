//! [`async-openai`](https://docs.rs/async-openai), recording itself.
//!
//! ```no_run
//! use async_openai::{Client, config::OpenAIConfig};
//! use gapin_sdk::{Recorder, instruments};
//!
//! # fn main() -> Result<(), gapin_sdk::Error> {
//! let recorder = Recorder::from_env()?;
//! let client = Client::with_config(OpenAIConfig::default());
//! let client = instruments::async_openai::instrument(client, reqwest::Client::new(), &recorder);
//! # Ok(())
//! # }
//! ```
//!
//! Chat completions, responses and completions, streamed or not. The usage of a streamed chat completion is recorded
//! where the program asks for it (`stream_options` with `include_usage`): the request itself is never changed.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use async_openai::{
    Client,
    config::Config,
    error::{ApiErrorResponse, OpenAIError},
    middleware::{HttpRequestFactory, ReqwestService, retry::OpenAIRetryLayer},
};
use parking_lot::Mutex;
use reqwest::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    exchange::Exchange,
    fault::Fault,
    tee::{fault_of, followed},
};
use crate::{context, recorder::Recorder};

/// The client, sending through this HTTP client, with the retries that it has of itself. Who has a stack of tower
/// services adds a [`RecordingLayer`] to it: outside of what tries again, since then what is tried again is one query.
pub fn instrument<C: Config>(client: Client<C>, http: reqwest::Client, recorder: &Recorder) -> Client<C> {
    let sending = OpenAIRetryLayer::default().layer(ReqwestService::new(http.clone()));
    client.with_http_client(http).with_http_service(RecordingLayer::new(recorder).layer(sending))
}

/// A layer that records, and changes nothing.
#[derive(Clone, Debug)]
pub struct RecordingLayer {
    recorder: Recorder,
}

impl RecordingLayer {
    /// Records here.
    pub fn new(recorder: &Recorder) -> Self {
        Self { recorder: recorder.clone() }
    }
}

impl<S> Layer<S> for RecordingLayer {
    type Service = Recording<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Recording { inner, recorder: self.recorder.clone() }
    }
}

/// A service whose exchanges are recorded.
#[derive(Clone, Debug)]
pub struct Recording<S> {
    inner: S,
    recorder: Recorder,
}

impl<S> Service<HttpRequestFactory> for Recording<S>
where
    S: Service<HttpRequestFactory, Response = Response>,
    S::Error: Into<OpenAIError>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let seen = Arc::new(Seen::new(&self.recorder));
        let answer = self.inner.call(watched(request, Arc::clone(&seen)));
        Box::pin(async move {
            let result = answer.await.map_err(Into::into);
            let Some(mut exchange) = seen.take() else { return result };
            match result {
                Ok(response) => Ok(followed(response, exchange)),
                Err(error) => {
                    exchange.failed_by(fault_of_client(&error));
                    Err(error)
                }
            }
        })
    }
}

/// The same request; it is seen when it is made, so that it is not made once more for that.
fn watched(request: HttpRequestFactory, seen: Arc<Seen>) -> HttpRequestFactory {
    HttpRequestFactory::new(move || {
        let (request, seen) = (request.clone(), Arc::clone(&seen));
        async move {
            let made = request.build().await?;
            seen.look(&made);
            Ok(made)
        }
    })
}

/// The exchange that began when the request was made first; whatever is made of it again is the same question.
struct Seen {
    recorder: Recorder,
    /// The caller's: the request may be made in a task of some service's own.
    context: context::Context,
    exchange: Mutex<Begun>,
}

enum Begun {
    NotYet,
    Begun(Option<Box<Exchange>>),
}

impl Seen {
    fn new(recorder: &Recorder) -> Self {
        Self { recorder: recorder.clone(), context: context::current(), exchange: Mutex::new(Begun::NotYet) }
    }

    fn look(&self, request: &Request) {
        let mut exchange = self.exchange.lock();
        if matches!(*exchange, Begun::NotYet) {
            let begun = self.context.scope(|| begin(&self.recorder, request));
            *exchange = Begun::Begun(begun.map(Box::new));
        }
    }

    fn take(&self) -> Option<Exchange> {
        match &mut *self.exchange.lock() {
            Begun::NotYet => None,
            Begun::Begun(exchange) => exchange.take().map(|exchange| *exchange),
        }
    }
}

fn begin(recorder: &Recorder, request: &Request) -> Option<Exchange> {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    // Whatever an OpenAI client sends is meant for a provider.
    Exchange::begin_with_provider(recorder, request.method(), request.url().path(), body)
}

fn fault_of_client(error: &OpenAIError) -> Fault {
    match error {
        OpenAIError::Reqwest(error) => fault_of(error),
        OpenAIError::ApiError(ApiErrorResponse { status_code, api_error }) => {
            let body = serde_json::json!({"error": api_error}).to_string();
            Fault::of_answer(status_code.as_u16(), body.as_bytes())
        }
        other => Fault::new("request", &other.to_string(), false),
    }
}
