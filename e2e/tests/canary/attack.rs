//! Everything that may be sent, with a canary in it.

use std::io::Write as _;

use aibbar::EventType;
use e2e::{Organisation, event};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{
        ClientRequestBuilder, Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use uuid::Uuid;

use crate::{
    canaries::{Canaries, percent_encoded},
    ear::{As, Ear},
    event::{Filler, every_member},
    kind::Kind,
};

const EVENTS: &str = "/aibbar/events";

/// Everyone who attacks, and whom.
#[derive(Clone, Copy)]
pub(crate) struct Attack<'a> {
    pub(crate) canaries: &'a Canaries,
    pub(crate) ear: &'a Ear,
    pub(crate) organisation: &'a Organisation,
    /// A person's access token.
    pub(crate) session: &'a str,
}

/// A good event, and where it holds something that must be hidden.
pub(crate) struct Good {
    pub(crate) event: Value,
    pub(crate) places: Vec<String>,
}

impl Attack<'_> {
    fn by_key(&self) -> As {
        As::Bearer(self.organisation.api_key.clone())
    }

    fn text(&self, kind: Kind, place: impl std::fmt::Display) -> String {
        self.canaries.make(kind, place)
    }

    /// One good event for each kind, of each type in turn.
    pub(crate) fn good_events(&self) -> Vec<Good> {
        let kinds = Kind::ALL.into_iter().chain([Kind::OwnRule]);
        let good = kinds.zip(EventType::ALL.into_iter().cycle()).map(|(kind, event_type)| {
            let mut filler = Filler::new(self.canaries, kind, "a good event");
            let mut event = event().of_type(event_type);
            for (name, value) in filler.event() {
                event = event.with(&name, value);
            }
            Good { event: event.signed_by(self.organisation), places: filler.places }
        });
        good.collect()
    }

    /// Two events of one id: the second can never be stored.
    pub(crate) fn conflicting_events(&self) -> [Value; 2] {
        let id = Uuid::now_v7().to_string();
        ["first", "second"].map(|which| {
            let text = self.text(Kind::Email, format_args!("the {which} of two events of one id"));
            event().with("event_id", id.clone()).saying(text).signed_by(self.organisation)
        })
    }

    /// A good event of this kind that is never sent as it is.
    fn filled(&self, kind: Kind) -> Map<String, Value> {
        let mut filler = Filler::new(self.canaries, kind, "a bad event");
        let mut event = event();
        for (name, value) in filler.event() {
            event = event.with(&name, value);
        }
        let Value::Object(members) = event.signed_by(self.organisation) else { unreachable!() };
        members
    }

    /// Events that are refused: for their form, their types, their signature, their time, their size.
    pub(crate) async fn bad_events(&self) {
        for kind in Kind::ALL {
            let good = self.filled(kind);
            let spoilt = |spoil: &dyn Fn(&mut Map<String, Value>)| {
                let mut event = good.clone();
                spoil(&mut event);
                Value::Object(event)
            };
            let mut batch = vec![
                spoilt(&|event| {
                    event.insert("ai_version".into(), "changed".into());
                }),
                spoilt(&|event| {
                    event.insert(
                        "key_id".into(),
                        self.text(kind, "an unknown key's id").chars().take(64).collect::<String>().into(),
                    );
                }),
                spoilt(&|event| {
                    event.insert("timestamp".into(), "2001-02-03T04:05:06Z".into());
                }),
                spoilt(&|event| {
                    event.insert(
                        self.text(kind, "the name of an unknown member"),
                        self.text(kind, "an unknown member").into(),
                    );
                }),
                Value::from(self.text(kind, "a text instead of an event")),
                json!([self.text(kind, "a list instead of an event")]),
                json!({ self.text(kind, "the only member"): self.text(kind, "the only value") }),
            ];
            for place in every_member() {
                batch.push(spoilt(&|event| {
                    let instead =
                        json!({ self.text(kind, format_args!("a name in {place}")): [self.text(kind, &place)] });
                    put(event, &place, instead);
                }));
                batch.push(spoilt(&|event| put(event, &place, self.text(kind, &place).into())));
            }
            self.post(&Value::Array(batch.clone()).to_string(), &[]).await;
            let lines: Vec<String> = batch.iter().map(Value::to_string).collect();
            self.post(&lines.join("\n"), &[("content-type", "application/x-ndjson")]).await;
            for event in batch.iter().step_by(9) {
                self.post(&event.to_string(), &[]).await;
            }

            let good = Value::Object(good).to_string();
            self.post(&good[..good.len() - 2], &[]).await;
            let twice = self.text(kind, "a member that stands twice");
            let twice = Value::from(twice).to_string();
            self.post(&good.replacen('{', &format!("{{{twice}:1,{twice}:2,"), 1), &[]).await;
            self.post(&format!("{good}{}", self.text(kind, "what follows the event")), &[]).await;
            self.post(&self.text(kind, "no JSON at all"), &[]).await;
            let long = self.text(kind, "an event that is too large");
            self.post(&json!({ "response": { "output": long.repeat(300 * 1024 / long.len()) } }).to_string(), &[])
                .await;
            self.post(&good, &[("content-type", "text/html")]).await;
            self.post(&good, &[("content-encoding", "gzip")]).await;
            self.post(&good, &[("content-encoding", "lzma")]).await;
            self.post_bytes(gzip(&good.as_bytes()[..good.len() / 2]), &[("content-encoding", "gzip")]).await;
        }
    }

    async fn post(&self, body: &str, headers: &[(&str, &str)]) {
        self.post_bytes(body.as_bytes().to_vec(), headers).await;
    }

    async fn post_bytes(&self, body: Vec<u8>, headers: &[(&str, &str)]) {
        let mut request = self.ear.request(&self.by_key(), "POST", EVENTS);
        if headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (status, body) = self.ear.ask(request.body(body)).await;
        let is_refused = status >= 400 || status == 0 || body["accepted"] == 0;
        assert!(is_refused, "a bad event was taken: {status} {body}");
    }

    /// Canaries as headers that are read, and that are not.
    pub(crate) async fn headers(&self) {
        const HEADERS: [&str; 20] = [
            "user-agent",
            "x-request-id",
            "traceparent",
            "tracestate",
            "authorization",
            "content-type",
            "cookie",
            "x-org-id",
            "origin",
            "referer",
            "idempotency-key",
            "x-forwarded-for",
            "forwarded",
            "accept",
            "accept-language",
            "if-none-match",
            "x-csrf-token",
            "sec-websocket-protocol",
            "x-api-key",
            "content-encoding",
        ];
        for header in HEADERS {
            for kind in Kind::ALL {
                let text = self.text(kind, format_args!("the header {header}")).replace('\n', " ");
                let text = match header {
                    "cookie" => format!("__Host-gapin_access={text}; __Secure-gapin_refresh={text}; other={text}"),
                    "authorization" if kind == Kind::Password => format!("Basic {}", base64(&text)),
                    "authorization" if kind != Kind::Bearer => format!("Bearer {text}"),
                    "sec-websocket-protocol" => format!("gapin.v1, gapin.key.{text}"),
                    _ => text,
                };
                let name = HeaderName::from_static(header);
                let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) else { panic!("{header}: {text}") };
                let who = if header == "authorization" { As::Nobody } else { self.by_key() };
                for (method, path) in
                    [("GET", EVENTS), ("POST", EVENTS), ("POST", "/auth/refresh"), ("GET", "/nowhere")]
                {
                    let mut request = self.ear.request(&who, method, path).header(&name, &value);
                    if method == "POST" {
                        request = request.body("{}");
                    }
                    self.ear.ask(request).await;
                }
            }
        }
    }

    /// Canaries where no HTTP library would put them.
    pub(crate) fn raw_requests(&self) {
        for kind in Kind::ALL {
            let at = |place: &str| self.text(kind, place).replace('\n', " ");
            let key = &self.organisation.api_key;
            for request in [
                format!("GET /{} HTTP/1.1\r\nHost: gapin\r\n\r\n", at("a path that is not escaped")),
                format!("{} / HTTP/1.1\r\nHost: gapin\r\n\r\n", at("a method")),
                format!("GET / {}\r\nHost: gapin\r\n\r\n", at("a version")),
                format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", at("a host")),
                format!("GET / HTTP/1.1\r\nHost: gapin\r\n{}: 1\r\n\r\n", at("a header's name")),
                format!("GET / HTTP/1.1\r\nHost: gapin\r\nContent-Length: {}\r\n\r\n", at("a length")),
                format!("POST {EVENTS} HTTP/1.1\r\nHost: gapin\r\nTransfer-Encoding: {}\r\n\r\n", at("an encoding")),
                format!(
                    "POST {EVENTS} HTTP/1.1\r\nHost: gapin\r\nAuthorization: Bearer {key}\r\nTransfer-Encoding: chunked\r\n\
                     Content-Type: application/json\r\n\r\n{}\r\n",
                    at("the size of a chunk")
                ),
                format!(
                    "POST {EVENTS} HTTP/1.1\r\nHost: gapin\r\nAuthorization: Bearer {key}\r\nContent-Length: 9999\r\n\
                     Content-Type: application/json\r\n\r\n{{\"half\": \"{}",
                    at("half of a body")
                ),
            ] {
                self.ear.raw(request.as_bytes());
            }
        }
    }

    /// Every route of the API's document, in turn with each kind: in its path, its query and its body.
    pub(crate) async fn routes(&self) {
        let (_, document) = self.ear.ask(self.ear.request(&As::Nobody, "GET", "/api/openapi.json")).await;
        let paths = document["paths"].as_object().expect("the document has paths");
        let everyone = [As::Nobody, self.by_key(), As::Bearer(self.session.to_owned())];
        let mut kinds = Kind::ALL.into_iter().cycle();
        let mut tried = 0;
        for (path, methods) in paths {
            for (method, told) in methods.as_object().unwrap() {
                if !["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                    continue;
                }
                let method = method.to_uppercase();
                let name = format!("{method} {path}");
                let takes_something = path.contains('{') || told.get("requestBody").is_some() || method == "GET";
                for (who, round) in everyone.iter().flat_map(|who| (0..3).map(move |round| (who, round))) {
                    // A stream that is let in does not end by itself; what it can't be asked for is refused.
                    if round == 0 && path.starts_with("/sse/") && !matches!(who, As::Nobody) {
                        continue;
                    }
                    // What needs nothing of its caller but a session would end the session.
                    if !takes_something && matches!(who, As::Bearer(token) if token == self.session) {
                        continue;
                    }
                    let kind = kinds.next().unwrap();
                    let path = self.filled_path(kind, &name, path);
                    let query = if round == 0 { String::new() } else { self.query(kind, &name, told, round) };
                    let mut request = self.ear.request(who, &method, &format!("{path}{query}"));
                    if told.get("requestBody").is_some() {
                        request = request
                            .header("content-type", "application/json")
                            .body(self.body(kind, &name, told, round));
                    }
                    let (status, answer) = self.ear.ask(request).await;
                    // 207 of a batch of which nothing was taken: each for a reason of its own.
                    let nothing_taken = status == 207 && answer["accepted"] == 0;
                    let is_refused = status >= 400 || status == 0 || nothing_taken;
                    // Where nothing is taken, nothing is wrong.
                    let may_be_taken = method == "GET" || !takes_something;
                    assert!(is_refused || may_be_taken, "{name} took what was wrong: {status} {answer}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 400, "{tried} requests");
    }

    fn filled_path(&self, kind: Kind, name: &str, path: &str) -> String {
        let segments = path.split('/').map(|segment| match segment.starts_with('{') {
            true => percent_encoded(&self.text(kind, format_args!("the path of {name}"))),
            false => segment.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    fn query(&self, kind: Kind, name: &str, told: &Value, round: usize) -> String {
        let mut pairs = Vec::new();
        for parameter in told["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query") {
            let parameter = parameter["name"].as_str().unwrap();
            pairs.push((parameter.to_owned(), self.text(kind, format_args!("{parameter} of {name}"))));
        }
        if round == 2 || pairs.is_empty() {
            let unknown = self.text(kind, format_args!("the name of a parameter of {name}"));
            pairs.push((unknown, self.text(kind, format_args!("an unknown parameter of {name}"))));
        }
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", percent_encoded(name), percent_encoded(value))).collect();
        format!("?{}", pairs.join("&"))
    }

    /// The document's example with a canary for every text, and a member that is not known; or no JSON at all.
    fn body(&self, kind: Kind, name: &str, told: &Value, round: usize) -> String {
        if round == 2 {
            return format!("{{\"email\": \"{}", self.text(kind, format_args!("the broken body of {name}")));
        }
        let content = &told["requestBody"]["content"]["application/json"];
        let one = content["examples"].as_object().and_then(|examples| examples.values().next());
        let example = one.map(|example| &example["value"]).or_else(|| content.get("example"));
        let mut body = example.cloned().unwrap_or_else(|| json!({}));
        self.fill(kind, name, &mut body);
        if round == 0
            && let Some(members) = body.as_object_mut()
        {
            let unknown = self.text(kind, format_args!("the name of a member of {name}"));
            members.insert(unknown, self.text(kind, format_args!("an unknown member of {name}")).into());
        } else if let Some(members) = body.as_object_mut() {
            // A name that looks like one, and a type that no member has.
            members.insert("colour".into(), json!([{ "of": self.text(kind, format_args!("deep in {name}")) }]));
        }
        body.to_string()
    }

    fn fill(&self, kind: Kind, name: &str, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(kind, format_args!("a text of the body of {name}")),
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(kind, name, item)),
            Value::Object(members) => members.values_mut().for_each(|value| self.fill(kind, name, value)),
            _ => {}
        }
    }

    /// What is said into a live stream that only listens.
    pub(crate) async fn live_messages(&self, url: &str) {
        let url = url.replacen("http", "ws", 1);
        for kind in Kind::ALL {
            let query = percent_encoded(&self.text(kind, "the cursor of a live stream"));
            let open = async |query: &str, protocol: Option<String>| {
                let uri = format!("{url}/ws/events?{query}").parse().unwrap();
                let mut request = ClientRequestBuilder::new(uri);
                match protocol {
                    Some(protocol) => request = request.with_sub_protocol(protocol),
                    None => {
                        request = request.with_header("authorization", format!("Bearer {}", self.organisation.api_key))
                    }
                }
                connect_async(request).await
            };
            for (query, protocol) in [
                (format!("cursor={query}"), None),
                (format!("ai_id={query}&{query}=1"), None),
                (String::new(), Some(format!("gapin.key.{}", self.text(Kind::ApiKeyOfOurs, "a subprotocol")))),
            ] {
                match open(&query, protocol).await {
                    Ok(_) => panic!("a live stream with {query:?} opened"),
                    Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => {
                        self.ear.hear(format!("{answer:?}").as_bytes());
                        self.ear.hear(answer.body().as_deref().unwrap_or_default());
                    }
                    Err(_) => {}
                }
            }
            let (mut socket, head) = open("", None).await.expect("the live stream opens");
            self.ear.hear(format!("{head:?}").as_bytes());
            let close = CloseFrame {
                code: CloseCode::Normal,
                reason: self.text(kind, "a close frame").chars().take(100).collect::<String>().into(),
            };
            for message in [
                Message::text(self.text(kind, "a message to a live stream")),
                Message::text(json!({ "type": self.text(kind, "a frame to a live stream") }).to_string()),
                Message::binary(self.text(kind, "a binary message").into_bytes()),
                Message::Close(Some(close)),
            ] {
                // It may have hung up at the first.
                let _ = socket.send(message).await;
            }
            while let Some(Ok(message)) = socket.next().await {
                self.ear.hear(format!("{message:?}").as_bytes());
                self.ear.hear(&message.into_data());
            }
        }
    }
}

/// Puts this at the pointer, whose parent is there.
fn put(event: &mut Map<String, Value>, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let mut members = event;
    for step in parent.split('/').skip(1) {
        members = members.get_mut(step).and_then(Value::as_object_mut).unwrap_or_else(|| panic!("no {parent}"));
    }
    members.insert(name.to_owned(), value);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
