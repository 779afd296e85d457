//! Hands a response on, and looks at its body while the caller reads it: frame by frame, as it comes, none held back.
//! An error of the body is the one that it was, with what it came of two causes deeper.

use std::{
    error::Error as StdError,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use reqwest::{Body, Response, ResponseBuilderExt as _};

use super::{exchange::Exchange, fault::Fault};

/// Causes of causes that are told.
const CAUSES_MAX: usize = 8;

/// The same response; what is read of it is recorded.
pub(super) fn followed(response: Response, mut exchange: Exchange) -> Response {
    exchange.answered(response.status(), response.headers());
    // A response that is made of parts knows its address by an extension that only a builder can add.
    let mut builder = http::Response::builder().url(response.url().clone());
    let address = builder.extensions_mut().map(mem::take).unwrap_or_default();
    let (mut parts, body) = http::Response::<Body>::from(response).into_parts();
    parts.extensions.extend(address);
    http::Response::from_parts(parts, Body::wrap(Tee { body, exchange })).into()
}

struct Tee {
    body: Body,
    exchange: Exchange,
}

impl http_body::Body for Tee {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Self { body, exchange } = self.get_mut();
        let polled = ready!(Pin::new(&mut *body).poll_frame(cx));
        match &polled {
            Some(Ok(frame)) => {
                if let Some(chunk) = frame.data_ref() {
                    exchange.chunk(chunk);
                }
                if body.is_end_stream() {
                    exchange.ended();
                }
            }
            Some(Err(error)) => exchange.failed_by(fault_of(error)),
            None => exchange.ended(),
        }
        Poll::Ready(polled)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The way to the provider, or from it, has failed.
pub(super) fn fault_of(error: &reqwest::Error) -> Fault {
    let (code, is_recoverable) = if error.is_timeout() {
        ("timeout", true)
    } else if error.is_connect() || error.is_request() || error.is_body() || error.is_decode() {
        ("connection", true)
    } else {
        ("request", false)
    };
    // Its own text names the address, which may hold a key; those of its causes do not.
    let mut told = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause.filter(|_| told.len() < CAUSES_MAX) {
        told.push(error.to_string());
        cause = error.source();
    }
    Fault::new(code, &told.join(": "), is_recoverable)
}
