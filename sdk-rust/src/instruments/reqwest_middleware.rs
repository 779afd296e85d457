//! Whatever sends through [`reqwest-middleware`](https://docs.rs/reqwest-middleware), such as
//! [rig](https://docs.rs/rig-core) and its agents, recording itself.
//!
//! ```no_run
//! use gapin_sdk::{Recorder, instruments::reqwest_middleware::Recording};
//! use reqwest_middleware::ClientBuilder;
//!
//! # fn main() -> Result<(), gapin_sdk::Error> {
//! let recorder = Recorder::from_env()?;
//! let http = ClientBuilder::new(reqwest::Client::new()).with(Recording::new(&recorder)).build();
//! # Ok(())
//! # }
//! ```
//!
//! What is asked of OpenAI and of those that speak like it, and of Anthropic, is recorded; other requests pass through. A
//! request is known by its path and, where that is not certain, by the `model` in its body.
//! Put it before what tries again: then what is tried again is one query.

use http::Extensions;
use reqwest::{Body, Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use super::{
    exchange::Exchange,
    fault::Fault,
    tee::{fault_of, followed},
};
use crate::recorder::Recorder;

/// A middleware that records, and changes nothing.
#[derive(Clone, Debug)]
pub struct Recording {
    recorder: Recorder,
}

impl Recording {
    /// Records here.
    pub fn new(recorder: &Recorder) -> Self {
        Self { recorder: recorder.clone() }
    }
}

#[async_trait::async_trait]
impl Middleware for Recording {
    async fn handle(&self, request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response> {
        let body = request.body().and_then(Body::as_bytes);
        let begun = Exchange::begin(&self.recorder, request.method(), request.url().path(), body);
        let result = next.run(request, extensions).await;
        let Some(mut exchange) = begun else { return result };
        match result {
            Ok(response) => Ok(followed(response, exchange)),
            Err(error) => {
                exchange.failed_by(fault_of_chain(&error));
                Err(error)
            }
        }
    }
}

fn fault_of_chain(error: &Error) -> Fault {
    match error {
        Error::Reqwest(error) => fault_of(error),
        Error::Middleware(error) => match error.chain().find_map(|cause| cause.downcast_ref::<reqwest::Error>()) {
            Some(error) => fault_of(error),
            None => Fault::new("request", &error.to_string(), false),
        },
    }
}
