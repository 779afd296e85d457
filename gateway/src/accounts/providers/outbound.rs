//! Requests to sign-in providers: bounded in number, time and bytes, none of them following a redirect.

use std::{future::Future, pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use tokio::sync::Semaphore;

const CONNECT_WAIT_MAX: Duration = Duration::from_secs(5);

/// From the first byte out to the last byte in.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(10);

/// Expanded; far more than any key set or list of addresses has.
const ANSWER_BYTES_MAX: usize = 256 * 1_024;

/// Requests at once; one more is refused at once.
const IN_FLIGHT_MAX: usize = 64;

/// GitHub refuses whoever does not say who they are.
const USER_AGENT: &str = "gapin";

/// The one client for all providers.
pub(super) struct Outbound {
    client: reqwest::Client,
    in_flight: Semaphore,
}

/// Why there is no answer. No address in it: one may carry a code.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("no answer")]
    Request(#[source] reqwest::Error),
    #[error("the answer is longer than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
    #[error("more than {IN_FLIGHT_MAX} requests to sign-in providers at once")]
    TooMany,
}

impl From<reqwest::Error> for NoAnswer {
    fn from(error: reqwest::Error) -> Self {
        NoAnswer::Request(error.without_url())
    }
}

impl Outbound {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            // An answer must come from where the settings say.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_WAIT_MAX)
            .timeout(ANSWER_WAIT_MAX)
            .build()?;
        Ok(Self { client, in_flight: Semaphore::new(IN_FLIGHT_MAX) })
    }

    /// Asks, and reads the whole answer, whatever its status.
    pub(super) async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let _place = self.in_flight.try_acquire().map_err(|_| NoAnswer::TooMany)?;
        let mut answer = self.client.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(NoAnswer::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = http::Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// As `openidconnect` asks.
impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}
