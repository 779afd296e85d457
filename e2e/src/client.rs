//! HTTP, as any client of the API speaks it.

use std::{collections::BTreeMap, time::Duration};

use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use crate::{Sse, eventually, live::Live};

/// Longer than any answer may take, the designed 503 of a log that is away included.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(60);
const PAGE_LIMIT: usize = 100;

/// Longer than any test reads a stream.
const STREAM_WAIT_MAX: Duration = Duration::from_secs(900);

/// Someone with an API key, with an access token, or with neither.
#[derive(Clone, Debug)]
pub struct Client {
    url: String,
    /// What is sent as `Authorization: Bearer`; empty: nothing.
    api_key: String,
    /// What is sent with every request beside it.
    headers: HeaderMap,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, when that is JSON; a string of it when not.
    pub body: Value,
}

impl Answer {
    /// The stable code of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The status of each event of a batch, in order.
    pub fn statuses(&self) -> Vec<&str> {
        self.results().iter().map(|result| result["status"].as_str().unwrap_or_default()).collect()
    }

    /// The id of each accepted event of a batch, in order.
    pub fn accepted_ids(&self) -> Vec<String> {
        let accepted = self.results().iter().filter(|result| result["status"] == "accepted");
        accepted.map(|result| result["event_id"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// What became of each event of a batch, in order.
    pub fn results(&self) -> &[Value] {
        self.body["results"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// Stops the test unless the status is this.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }
}

impl Client {
    /// Speaks to the gateway at this address with this key.
    pub fn new(url: &str, api_key: &str) -> Client {
        // The gateway is on this machine: whatever proxy the environment names is not on the way.
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WAIT_MAX).build();
        let http = http.expect("the client can be built");
        Client { url: url.to_owned(), api_key: api_key.to_owned(), headers: HeaderMap::new(), http }
    }

    /// Speaks to the gateway at this address without a key.
    pub fn anonymous(url: &str) -> Client {
        Self::new(url, "")
    }

    /// The key or token that it sends.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The same with another key, or with an access token.
    pub fn with_key(&self, api_key: &str) -> Client {
        Client { api_key: api_key.to_owned(), ..self.clone() }
    }

    /// The same with this header on every request.
    #[track_caller]
    pub fn with_header(&self, name: &str, value: &str) -> Client {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("the name of a header");
        let value = HeaderValue::from_str(value).expect("the value of a header");
        let mut client = self.clone();
        client.headers.insert(name, value);
        client
    }

    /// Sends this method with this JSON body, if there is one: `request("PATCH", "/api/v1/keys/…", json!({ … }))`,
    /// `request("DELETE", "/api/v1/keys/…", None)`.
    pub async fn request(&self, method: &str, path: &str, body: impl Into<Option<Value>>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.asking(method, path);
        if let Some(body) = body.into() {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        answer(request).await.expect("the gateway answers")
    }

    /// The same as [`Client::request`], where what is sent decides what comes: `POST` with a JSON body.
    pub async fn post_json(&self, path: &str, body: Value) -> Answer {
        self.request("POST", path, body).await
    }

    /// Sends this method with these bytes.
    pub async fn send(&self, method: &str, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self.asking(method, path).header(CONTENT_TYPE, content_type).body(body);
        answer(request).await.expect("the gateway answers")
    }

    /// A request as this client makes them, not yet sent.
    fn asking(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url)).headers(self.headers.clone());
        if self.api_key.is_empty() { request } else { request.bearer_auth(&self.api_key) }
    }

    /// Every item of a list of the API, page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        let separator = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.get(&format!("{path}{separator}limit={PAGE_LIMIT}{cursor}")).await.expect(200);
            items.extend_from_slice(page.body["items"].as_array().expect("a page has items"));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// Sends one event, or an array of them.
    pub async fn publish(&self, events: &Value) -> Answer {
        self.post("application/json", None, events.to_string().into_bytes()).await
    }

    /// Sends these bytes as they are.
    pub async fn post(&self, content_type: &str, encoding: Option<&str>, body: Vec<u8>) -> Answer {
        self.try_post(content_type, encoding, body).await.expect("the gateway answers")
    }

    /// The same, where the gateway may be gone.
    pub async fn try_post(&self, content_type: &str, encoding: Option<&str>, body: Vec<u8>) -> reqwest::Result<Answer> {
        let mut request = self.asking(Method::POST, "/aibbar/events").header(CONTENT_TYPE, content_type).body(body);
        if let Some(encoding) = encoding {
            request = request.header(CONTENT_ENCODING, encoding);
        }
        answer(request).await
    }

    /// What a process serves at this address, of its own or not.
    pub async fn text_at(&self, url: &str) -> String {
        let response = self.http.get(url).send().await.and_then(reqwest::Response::error_for_status);
        response.expect("the process answers").text().await.expect("the process answers")
    }

    /// Asks for this path and query.
    pub async fn get(&self, path: &str) -> Answer {
        answer(self.asking(Method::GET, path)).await.expect("the gateway answers")
    }

    /// Asks for this path and query, and leaves the body to be read as it comes.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        let response = self.asking(Method::GET, path).send().await.expect("the gateway answers");
        assert_eq!(response.status(), 200);
        response
    }

    /// Every record that matches, newest first, page by page; `filter` as in a URL's query.
    pub async fn stored(&self, filter: &str) -> Vec<Value> {
        let mut records = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("/aibbar/events?limit={PAGE_LIMIT}{cursor}&{filter}")).await.expect(200);
            let items = page.body["items"].as_array().expect("a page has items");
            assert!(items.len() <= PAGE_LIMIT, "a page of {}", items.len());
            records.extend_from_slice(items);
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return records,
            }
        }
    }

    /// Waits until that many records match, and answers them by their id.
    pub async fn stored_once_there(&self, filter: &str, count: usize) -> BTreeMap<String, Value> {
        let mut seen = 0;
        let what = format!("{count} records stored");
        let records = eventually(&what, async || {
            let records = self.stored(filter).await;
            seen = records.len();
            (records.len() >= count).then_some(records)
        })
        .await;
        let by_id: BTreeMap<String, Value> = records.iter().map(|record| (id_of(record), record.clone())).collect();
        assert_eq!(by_id.len(), records.len(), "a record came twice");
        assert_eq!(records.len(), count, "more records than were sent");
        by_id
    }

    /// Opens the live stream as server-sent events, behind this id if there is one; `query` as in a URL.
    pub async fn server_sent(&self, query: &str, last_event_id: Option<&str>) -> Sse {
        let mut request = self.asking(Method::GET, &format!("/sse/events?{query}")).timeout(STREAM_WAIT_MAX);
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = request.send().await.expect("the gateway answers");
        assert_eq!(response.status(), 200);
        Sse::new(response)
    }

    /// Opens the live stream; `query` as in a URL.
    pub async fn live(&self, query: &str) -> Live {
        Live::open(&self.url, &self.api_key, query).await
    }
}

fn id_of(record: &Value) -> String {
    record["record"]["event_id"].as_str().expect("a record has an id").to_owned()
}

pub(crate) async fn answer(request: RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let status: StatusCode = response.status();
    let headers = response.headers().clone();
    // Lines of JSON are text, also where there is but one of them.
    let is_lines = headers.get(CONTENT_TYPE).is_some_and(|form| form.as_bytes().starts_with(b"application/x-ndjson"));
    let text = response.text().await?;
    let body = if is_lines { None } else { serde_json::from_str(&text).ok() };
    let body = body.unwrap_or(Value::String(text));
    Ok(Answer { status: status.as_u16(), headers, body })
}
