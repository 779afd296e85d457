//! Sends whatever one likes, and remembers every answer, head and body.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Mutex,
    time::Duration,
};

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// Longer than any answer may take.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(60);
/// After this the server says no more to a request that it can't read.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum As {
    Nobody,
    /// With an API key or an access token.
    Bearer(String),
}

pub(crate) struct Ear {
    url: String,
    http: reqwest::Client,
    heard: Mutex<Vec<u8>>,
    answers: Mutex<usize>,
}

impl Ear {
    pub(crate) fn new(url: &str) -> Ear {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WAIT_MAX).build().unwrap();
        Ear { url: url.to_owned(), http, heard: Mutex::default(), answers: Mutex::default() }
    }

    pub(crate) fn request(&self, who: &As, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{path}", self.url));
        match who {
            As::Nobody => request,
            As::Bearer(token) => request.bearer_auth(token),
        }
    }

    /// Asks; a server that hangs up has answered, too.
    pub(crate) async fn ask(&self, request: RequestBuilder) -> (u16, Value) {
        let Ok(response) = request.send().await else { return (0, Value::Null) };
        let status = response.status().as_u16();
        let head = format!("{status} {:?}\n", response.headers());
        let body = response.bytes().await.unwrap_or_default();
        self.hear(head.as_bytes());
        self.hear(&body);
        *self.answers.lock().unwrap() += 1;
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Sends these bytes as they are, where no HTTP library would.
    pub(crate) fn raw(&self, bytes: &[u8]) {
        let mut stream = TcpStream::connect(self.url.strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(SILENCE_MAX)).unwrap();
        // It may hang up before it has read everything, and that is an answer.
        let _ = stream.write_all(bytes);
        // Nothing more will come: it need not wait for the rest.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        self.hear(&answer);
    }

    pub(crate) fn hear(&self, bytes: &[u8]) {
        let mut heard = self.heard.lock().unwrap();
        heard.extend_from_slice(bytes);
        heard.push(b'\n');
    }

    /// How many answers came.
    pub(crate) fn answers(&self) -> usize {
        *self.answers.lock().unwrap()
    }

    pub(crate) fn everything(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }
}
