//! One connection to a gateway: HTTP/1.1, kept alive, one request at a time.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response,
    body::Incoming,
    client::conn::http1::{self, SendRequest},
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use url::Url;

/// Where a gateway is.
#[derive(Clone, Debug)]
pub struct Target {
    address: String,
    host: HeaderValue,
    path: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The address is none that can be spoken to.
    #[error("{0} is not usable: the generator speaks plain HTTP, and not TLS")]
    Address(String),
    /// The gateway can't be reached, or went away.
    #[error("the gateway can't be reached: {0}")]
    Gone(String),
    /// It answered something else.
    #[error("{what}: the gateway answered {status}: {body}")]
    Refused {
        /// What was asked.
        what: String,
        /// The status.
        status: u16,
        /// The beginning of the body.
        body: String,
    },
}

impl Target {
    /// The gateway at this address.
    pub fn new(url: &Url) -> Result<Target, NoAnswer> {
        let unusable = || NoAnswer::Address(url.to_string());
        let host = url.host_str().filter(|_| url.scheme() == "http").ok_or_else(unusable)?;
        let port = url.port_or_known_default().ok_or_else(unusable)?;
        let address = format!("{host}:{port}");
        let host = HeaderValue::from_str(&address).map_err(|_| unusable())?;
        Ok(Target { address, host, path: url.path().trim_end_matches('/').to_owned() })
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// After how long one may come again; `None`: it does not say.
    pub(crate) retry_after: Option<Duration>,
    /// How long the gateway waited for its log; `None`: it does not say.
    pub(crate) log_wait: Option<Duration>,
    pub(crate) body: Bytes,
}

pub(crate) struct Connection {
    send: SendRequest<Full<Bytes>>,
    target: Target,
    /// `*/*` when it is `None`.
    accept: Option<HeaderValue>,
}

/// `log;dur=MILLISECONDS` among what `Server-Timing` says.
fn log_wait(timing: &str) -> Option<Duration> {
    let log = timing.split(',').find_map(|metric| metric.trim().strip_prefix("log;dur="))?;
    Duration::try_from_secs_f64(log.parse::<f64>().ok()? / 1_000.0).ok()
}

impl Connection {
    pub(crate) async fn open(target: &Target) -> Result<Connection, NoAnswer> {
        let gone = |error: std::io::Error| NoAnswer::Gone(error.to_string());
        let stream = TcpStream::connect(&target.address).await.map_err(gone)?;
        stream.set_nodelay(true).map_err(gone)?;
        let handshake = http1::handshake(TokioIo::new(stream)).await;
        let (send, connection) = handshake.map_err(|error| NoAnswer::Gone(error.to_string()))?;
        // What ends it is told to whoever sends.
        tokio::spawn(connection);
        Ok(Connection { send, target: target.clone(), accept: None })
    }

    /// Whether a further request can be sent on it.
    pub(crate) async fn is_open(&mut self) -> bool {
        self.send.ready().await.is_ok()
    }

    /// Asks, and answers the head; the body is still to come.
    pub(crate) async fn ask(
        &mut self,
        method: &'static str,
        path: &str,
        bearer: &HeaderValue,
        body: Bytes,
    ) -> Result<Response<Incoming>, NoAnswer> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method.parse().unwrap_or_default();
        let uri =
            if self.target.path.is_empty() { path.parse() } else { format!("{}{path}", self.target.path).parse() };
        *request.uri_mut() = uri.map_err(|_| NoAnswer::Address(path.to_owned()))?;
        let headers = request.headers_mut();
        headers.insert(HOST, self.target.host.clone());
        headers.insert(AUTHORIZATION, bearer.clone());
        if let Some(accept) = &self.accept {
            headers.insert(ACCEPT, accept.clone());
        }
        if method != "GET" {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let gone = |error: hyper::Error| NoAnswer::Gone(error.to_string());
        self.send.ready().await.map_err(gone)?;
        self.send.send_request(request).await.map_err(gone)
    }

    /// Asks, and reads the answer to its end.
    pub(crate) async fn answer(
        &mut self,
        method: &'static str,
        path: &str,
        bearer: &HeaderValue,
        body: Bytes,
    ) -> Result<Answer, NoAnswer> {
        let response = self.ask(method, path, bearer, body).await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| NoAnswer::Gone(error.to_string()))?.to_bytes();
        let retry_after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let log_wait = head.headers.get("server-timing").and_then(|value| log_wait(value.to_str().ok()?));
        Ok(Answer { status: head.status.as_u16(), retry_after: retry_after.map(Duration::from_secs), log_wait, body })
    }

    /// Asks for lines, of records or of server-sent events, and takes no other answer than a good one.
    pub(crate) async fn lines(&mut self, path: &str, bearer: &HeaderValue) -> Result<Response<Incoming>, NoAnswer> {
        self.accept = Some(HeaderValue::from_static("application/x-ndjson, text/event-stream"));
        let response = self.ask("GET", path, bearer, Bytes::new()).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.map_err(|error| NoAnswer::Gone(error.to_string()))?.to_bytes();
        Err(refused(format!("GET {path}"), &Answer { status, retry_after: None, log_wait: None, body }))
    }

    /// Asks for JSON, and takes no other answer than a good one.
    pub(crate) async fn json(
        &mut self,
        method: &'static str,
        path: &str,
        bearer: &HeaderValue,
        body: Bytes,
    ) -> Result<Value, NoAnswer> {
        let answer = self.answer(method, path, bearer, body).await?;
        match serde_json::from_slice(&answer.body) {
            Ok(value) if (200..300).contains(&answer.status) => Ok(value),
            _ => Err(refused(format!("{method} {path}"), &answer)),
        }
    }
}

/// How a key is shown to the gateway.
pub(crate) fn bearer(api_key: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(&format!("Bearer {api_key}")).unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

pub(crate) fn refused(what: String, answer: &Answer) -> NoAnswer {
    const SHOWN_MAX: usize = 300;
    let body = String::from_utf8_lossy(&answer.body[..answer.body.len().min(SHOWN_MAX)]).into_owned();
    NoAnswer::Refused { what, status: answer.status, body }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_plain_http_is_spoken() {
        let target = |text: &str| Target::new(&Url::parse(text).unwrap());
        assert!(target("https://gapin.example.org").is_err());
        let target = target("http://127.0.0.1:8080/below/").unwrap();
        assert_eq!((target.address.as_str(), target.path.as_str()), ("127.0.0.1:8080", "/below"));
    }
}
