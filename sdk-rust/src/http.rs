//! Requests to the gateway, and what becomes of its answers. Knows nothing of what is sent.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use bytes::{Bytes, BytesMut};
use reqwest::{
    ClientBuilder, Method, StatusCode,
    header::{self, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
use crate::tls;
use crate::{
    errors::{ApiError, Error, Fault, UnreadableError},
    settings::Resolved,
};

/// An answer is read up to here: 64 MiB.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// So many connections are kept open for the next request.
const IDLE_CONNECTIONS_MAX: usize = 64;

/// No gateway is waited for longer than a day.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * 60 * 60);

const USER_AGENT: &str = concat!("gapin-rust/", env!("CARGO_PKG_VERSION"));

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");

/// Statuses after which the same request may do better.
pub(crate) fn is_retryable_status(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// Codes of single events after which the same event may do better.
pub(crate) fn is_retryable_code(code: &str) -> bool {
    matches!(
        code,
        "overloaded"
            | "log_unavailable"
            | "outcome_unknown"
            | "store_unavailable"
            | "rate_limited"
            | "daily_quota_exceeded"
            | "body_timeout"
            | "incomplete_body"
            | "internal"
    )
}

/// One request, before anybody sends it.
#[derive(Clone)]
#[must_use]
pub(crate) struct Call {
    method: Method,
    /// From the gateway's address on, escaped.
    path: String,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Call {
    pub(crate) fn new(method: Method, path: impl Into<String>) -> Self {
        let (query, headers) = (Vec::new(), HeaderMap::new());
        Self { method, path: path.into(), query, headers, body: None }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// A parameter of the query; one of this name that is there already goes.
    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.retain(|(given, _)| *given != name);
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// What is sent, and what it is.
    pub(crate) fn body(mut self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self.header(header::CONTENT_TYPE, content_type)
    }

    /// Sent as JSON.
    ///
    /// # Errors
    /// [`Error::Configuration`] where the value is none that JSON has.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<Self, Error> {
        let text = serde_json::to_vec(value)
            .map_err(|_| Error::Configuration("what was to be sent can't be written as JSON".to_owned()))?;
        Ok(self.body(JSON, text))
    }
}

/// One part of a path, escaped.
pub(crate) fn part(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            // A dot, too: `.` and `..` would be other paths.
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// A gateway, and who speaks to it. Clones share their connections.
#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    url: String,
    authorization: HeaderValue,
    timeout: Duration,
}

impl Http {
    /// # Errors
    /// [`Error::Configuration`] where these settings allow no connection.
    pub(crate) fn new(settings: &Resolved) -> Result<Self, Error> {
        let configuration = |message: &str| Error::Configuration(message.to_owned());
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", settings.api_key))
            .map_err(|_| configuration("the API key (api_key, GAPIN_API_KEY) holds what no key holds"))?;
        authorization.set_sensitive(true);
        let client = with_tls(reqwest::Client::builder(), settings)?
            .user_agent(USER_AGENT)
            .connect_timeout(settings.request_timeout)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            // Events and keys go to the gateway that was named, and nowhere else.
            .redirect(Policy::none())
            .build()
            .map_err(|_| no_tls())?;
        Ok(Self { client, url: settings.url.clone(), authorization, timeout: settings.request_timeout })
    }

    /// Sends a request and reads its whole answer, whatever it is.
    ///
    /// # Errors
    /// [`Error::Transport`] and [`Error::Timeout`].
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, Error> {
        let answer = async {
            let mut response = self.request(call).send().await.map_err(|error| error_of(&error))?;
            let body = body_of(&mut response).await?;
            let headers = std::mem::take(response.headers_mut());
            Ok(Answer { status: response.status(), headers, body })
        };
        tokio::time::timeout(self.timeout, answer).await.unwrap_or(Err(Error::Timeout))
    }

    /// Sends a request and takes its answer apart.
    ///
    /// # Errors
    /// [`Error::Api`] where it is none of success, [`Error::Unreadable`] where it is none of a gateway's, and those of
    /// [`Http::send`].
    pub(crate) async fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        self.ask_for(call, |_| true).await
    }

    /// [`Http::ask`], for what can be meant by the gateway.
    pub(crate) async fn ask_for<T: DeserializeOwned>(
        &self,
        call: Call,
        is_meant: impl FnOnce(&T) -> bool,
    ) -> Result<T, Error> {
        let answer = self.send(call).await?.succeeded()?;
        let read = serde_json::from_slice(&answer.body).ok().filter(is_meant);
        read.ok_or_else(|| answer.unreadable().into())
    }

    /// Sends a request that is answered by nothing but success.
    ///
    /// # Errors
    /// Those of [`Http::ask`].
    pub(crate) async fn tell(&self, call: Call) -> Result<(), Error> {
        let answer = self.send(call).await?.succeeded()?;
        if answer.status == StatusCode::NO_CONTENT { Ok(()) } else { Err(answer.unreadable().into()) }
    }

    /// Sends a request whose answer is a stream of events, read as it comes.
    ///
    /// # Errors
    /// Those of [`Http::ask`].
    pub(crate) async fn open(&self, call: Call) -> Result<reqwest::Response, Error> {
        let opened = async {
            let call = call.header(header::ACCEPT, EVENT_STREAM);
            let mut response = self.request(call).send().await.map_err(|error| error_of(&error))?;
            if response.status().is_success() && is_event_stream(response.headers()) {
                return Ok(response);
            }
            let body = body_of(&mut response).await?;
            let headers = std::mem::take(response.headers_mut());
            let answer = Answer { status: response.status(), headers, body }.succeeded()?;
            Err(answer.unreadable().into())
        };
        tokio::time::timeout(self.timeout, opened).await.unwrap_or(Err(Error::Timeout))
    }

    fn request(&self, call: Call) -> reqwest::RequestBuilder {
        let mut request = self
            .client
            .request(call.method, format!("{}{}", self.url, call.path))
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::ACCEPT, JSON)
            .headers(call.headers);
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        match call.body {
            Some(body) => request.body(body),
            None => request,
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("url", &self.url).finish_non_exhaustive()
    }
}

fn no_tls() -> Error {
    Error::Configuration("TLS can't be set up on this machine".to_owned())
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn no_certificate() -> Error {
    Error::Configuration("root_certificates are certificates in PEM form".to_owned())
}

#[cfg(feature = "native-tls")]
fn with_tls(client: ClientBuilder, settings: &Resolved) -> Result<ClientBuilder, Error> {
    let roots = match &settings.root_certificates {
        None => Vec::new(),
        Some(pem) => reqwest::Certificate::from_pem_bundle(pem).map_err(|_| no_certificate())?,
    };
    if settings.root_certificates.is_some() && roots.is_empty() {
        return Err(no_certificate());
    }
    Ok(client.tls_backend_native().tls_certs_merge(roots))
}

#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
fn with_tls(client: ClientBuilder, settings: &Resolved) -> Result<ClientBuilder, Error> {
    let roots = settings.root_certificates.as_deref().map(|pem| tls::certificates(pem).ok_or_else(no_certificate));
    let roots = roots.transpose()?.unwrap_or_default();
    let config = tls::config(roots).or_else(|error| {
        // A gateway without TLS may be behind a proxy that has it. Where there is none, the system need not have
        // certificates, as small containers have none.
        if settings.url.starts_with("https:") { Err(error) } else { tls::trusting_nobody() }
    });
    Ok(client.tls_backend_preconfigured(config.map_err(|_| no_tls())?))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_tls(client: ClientBuilder, settings: &Resolved) -> Result<ClientBuilder, Error> {
    if settings.url.starts_with("https:") || settings.root_certificates.is_some() {
        let why = "https needs the feature `rustls` or `native-tls` of gapin-sdk";
        return Err(Error::Configuration(why.to_owned()));
    }
    Ok(client)
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("text/event-stream"))
}

/// The whole body.
///
/// # Errors
/// [`Error::Transport`] and [`Error::Timeout`].
async fn body_of(response: &mut reqwest::Response) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error_of(&error))? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Error::Transport("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What the gateway said, whatever it was.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    fn succeeded(self) -> Result<Self, Error> {
        if self.status.is_success() { Ok(self) } else { Err(self.error().into()) }
    }

    /// The problem that it tells, or what can be said without one.
    pub(crate) fn error(&self) -> ApiError {
        let problem = self.object();
        let text = |name: &str| problem.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let status = self.status.as_u16();
        ApiError {
            code: text("code").map_or_else(|| format!("http_{status}"), str::to_owned),
            status,
            detail: text("detail").or_else(|| text("title")).unwrap_or_default().to_owned(),
            request_id: text("request_id").or_else(|| self.header("x-request-id")).map(str::to_owned),
            is_retryable: is_retryable_status(status),
            faults: faults_of(&problem),
            retry_after: self.retry_after(),
        }
    }

    /// A success that no gateway tells so.
    fn unreadable(&self) -> UnreadableError {
        UnreadableError {
            detail: "the answer is none of a gateway's",
            status: Some(self.status.as_u16()),
            request_id: self.header("x-request-id").map(str::to_owned),
        }
    }

    /// The JSON object of the answer; empty when it is none, such as a proxy's page.
    pub(crate) fn object(&self) -> Map<String, Value> {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// What time it was where the answer was made.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.header("date")?).ok()
    }

    /// `Retry-After`, written as seconds or as a date.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        let told = match text.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            // By its own clock: ours may be wrong.
            Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(self.date()?).unwrap_or_default(),
        };
        Some(told.min(RETRY_AFTER_MAX))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The faults of a problem, or of one result.
pub(crate) fn faults_of(problem: &Map<String, Value>) -> Vec<Fault> {
    let listed = problem.get("errors").and_then(Value::as_array);
    let text = |fault: &Value, name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let fault = |fault: &Value| Fault {
        pointer: text(fault, "pointer"),
        code: text(fault, "code").into(),
        detail: text(fault, "detail"),
    };
    listed.into_iter().flatten().filter(|fault| fault.is_object()).map(fault).collect()
}

/// Why no answer came. Says nothing of what was sent, nor of where.
pub(crate) fn error_of(error: &reqwest::Error) -> Error {
    if error.is_timeout() {
        return Error::Timeout;
    }
    let why = match () {
        () if error.is_connect() => "the connection could not be made",
        () if error.is_builder() => "the request could not be made",
        () if error.is_body() || error.is_decode() => "the answer broke off",
        () => "the connection broke",
    };
    Error::Transport(why.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: Bytes::from(body.to_owned()) }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_answers_own_clock() {
        let after = |headers: &[(&'static str, &str)]| answer(503, headers, "").retry_after();
        assert_eq!(after(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(after(&[("retry-after", "99999999")]), Some(RETRY_AFTER_MAX));
        let (date, later) = ("Sun, 01 Mar 2026 09:30:00 GMT", "Sun, 01 Mar 2026 09:30:09 GMT");
        assert_eq!(after(&[("retry-after", later), ("date", date)]), Some(Duration::from_secs(9)));
        assert_eq!(after(&[("retry-after", date), ("date", later)]), Some(Duration::ZERO));
        for nothing in [&[("retry-after", "soon"), ("date", date)][..], &[("retry-after", later)], &[]] {
            assert_eq!(after(nothing), None);
        }
    }

    #[test]
    fn an_answer_that_is_no_problem_is_an_error_all_the_same() {
        let error = answer(502, &[("x-request-id", "r-9")], "<html>Bad gateway</html>").error();
        assert_eq!((error.code.as_str(), error.is_retryable), ("http_502", true));
        assert_eq!(error.request_id.as_deref(), Some("r-9"));
        assert!(!answer(301, &[], "[]").error().is_retryable);
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn the_choice_of_a_tls_provider_is_left_to_the_program() {
        let settings = crate::Settings::new().url("https://127.0.0.1:9").api_key("k").resolve().unwrap();
        assert!(Http::new(&settings).is_ok());
        for config in [crate::tls::config(Vec::new()), crate::tls::trusting_nobody()] {
            reqwest::Client::builder().tls_backend_preconfigured(config.unwrap()).build().unwrap();
        }
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn what_is_no_certificate_is_none() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "no certificate", broken] {
            assert!(crate::tls::certificates(pem.as_bytes()).is_none(), "{pem}");
        }
    }

    #[test]
    fn a_part_of_a_path_is_only_that() {
        assert_eq!(part("orders-7_a"), "orders-7_a");
        assert_eq!(part("../a b/é?"), "%2E%2E%2Fa%20b%2F%C3%A9%3F");
    }
}
