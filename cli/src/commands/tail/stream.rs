//! The connection behind `tail`: made again when it breaks, going on from the cursor, each record once.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use consumer::Backoff;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        http::{HeaderValue, StatusCode, header::AUTHORIZATION},
    },
};
use url::Url;

use crate::{
    exit::{Exit, Failure},
    settings::values::Secret,
    terminal::{note, printable},
};

const CONNECT_MAX: Duration = Duration::from_secs(10);
/// The server pings every 20 seconds: a connection that is silent for this long is none.
const SILENCE_MAX: Duration = Duration::from_secs(65);
const BACKOFF_MIN: Duration = Duration::from_millis(200);
const BACKOFF_MAX: Duration = Duration::from_secs(10);
/// A cursor may lie a little behind: so many records are remembered, and shown once.
const REMEMBERED_MAX: usize = 16 * 1024;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Follows the stream.
pub(super) struct Follower {
    url: Url,
    api_key: Secret,
    cursor: Option<String>,
    seen: Seen,
}

/// Why a connection came to its end.
enum End {
    /// No more are wanted.
    Enough,
    /// It is gone: connect again, from the cursor. The words are for people.
    Broken(String),
    /// Connect again at once, from the cursor, for what was missed.
    Missed,
    /// Connecting again is no use.
    Refused(Failure),
}

/// Why no connection was made.
enum NoConnection {
    Broken(String),
    /// The cursor is not of this log.
    CursorUnknown,
    Refused(Failure),
}

/// One frame, of any type. (A tagged enum would copy every record to find its tag.)
#[derive(Deserialize)]
struct Frame<'f> {
    r#type: &'f str,
    cursor: Option<String>,
    #[serde(borrow, default)]
    items: Vec<&'f RawValue>,
    #[serde(default)]
    missed: u64,
    resume: Option<String>,
    #[serde(default)]
    reason: String,
}

impl Follower {
    pub(super) fn new(url: Url, api_key: Secret, cursor: Option<String>) -> Self {
        Self { url, api_key, cursor, seen: Seen::default() }
    }

    /// Hands over every record until `print` says that it was enough, or something can't be mended.
    pub(super) async fn follow(
        mut self,
        mut print: impl FnMut(&RawValue) -> Result<bool, Failure>,
    ) -> Result<Exit, Failure> {
        let mut backoff = Backoff::new(BACKOFF_MIN, BACKOFF_MAX);
        let mut connected_before = false;
        loop {
            let why = match self.connect().await {
                Ok(socket) => {
                    connected_before = true;
                    match self.read(socket, &mut print, &mut backoff).await? {
                        End::Enough => return Ok(Exit::Ok),
                        End::Refused(failure) => return Err(failure),
                        End::Missed => continue,
                        End::Broken(why) => why,
                    }
                }
                Err(NoConnection::Refused(failure)) => return Err(failure),
                Err(NoConnection::CursorUnknown) if connected_before => {
                    note("the log was made anew since; going on with what comes");
                    self.cursor = None;
                    continue;
                }
                Err(NoConnection::CursorUnknown) => {
                    return Err(Failure::usage("--cursor is not one of this log; leave it out, or take `earliest`"));
                }
                Err(NoConnection::Broken(why)) if !connected_before => {
                    return Err(Failure::unreachable(format!("{} can't be reached: {why}", self.shown_url())));
                }
                Err(NoConnection::Broken(why)) => why,
            };
            let wait = backoff.next_wait();
            note(&format!("{why}; connecting again in {:.1} s", wait.as_secs_f64()));
            tokio::time::sleep(wait).await;
        }
    }

    async fn connect(&self) -> Result<Socket, NoConnection> {
        let mut url = self.url.clone();
        if let Some(cursor) = &self.cursor {
            url.query_pairs_mut().append_pair("cursor", cursor);
        }
        let refused = |why: String| NoConnection::Refused(Failure::failed(why));
        let mut request = url.as_str().into_client_request().map_err(|error| refused(error.to_string()))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", self.api_key.expose()));
        let mut bearer = bearer.map_err(|_| NoConnection::Refused(Failure::usage("GAPIN_API_KEY is not a key")))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
        match tokio::time::timeout(CONNECT_MAX, connect_async(request)).await {
            Ok(Ok((socket, _))) => Ok(socket),
            Ok(Err(Error::Http(answer))) => Err(self.not_opened(answer.status(), answer.body().as_deref())),
            Ok(Err(error)) => Err(NoConnection::Broken(error.to_string())),
            Err(_) => Err(NoConnection::Broken(format!("no answer within {} s", CONNECT_MAX.as_secs()))),
        }
    }

    fn not_opened(&self, status: StatusCode, body: Option<&[u8]>) -> NoConnection {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Problem {
            code: String,
            detail: String,
        }
        let problem: Problem = body.and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
        let words = format!("{} {} {}", status.as_u16(), problem.code, problem.detail);
        match status {
            StatusCode::BAD_REQUEST if self.cursor.is_some() && problem.detail.contains("cursor") => {
                NoConnection::CursorUnknown
            }
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                NoConnection::Broken(format!("the gateway answers {}", words.trim_end()))
            }
            _ => NoConnection::Refused(Failure::failed(format!("the gateway refuses: {}", words.trim_end()))),
        }
    }

    async fn read(
        &mut self,
        mut socket: Socket,
        print: &mut impl FnMut(&RawValue) -> Result<bool, Failure>,
        backoff: &mut Backoff,
    ) -> Result<End, Failure> {
        let end = loop {
            let message = match tokio::time::timeout(SILENCE_MAX, socket.next()).await {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(error))) => break End::Broken(format!("the connection broke: {error}")),
                Ok(None) => break End::Broken("the connection was closed".to_owned()),
                Err(_) => break End::Broken("the connection is silent".to_owned()),
            };
            match message {
                Message::Text(text) => {
                    if let Some(end) = self.take(&text, print, backoff)? {
                        break end;
                    }
                }
                Message::Close(_) => break End::Broken("the connection was closed".to_owned()),
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        };
        // A goodbye is a courtesy; whoever is gone does not miss it.
        let _ = tokio::time::timeout(Duration::from_secs(1), socket.close(None)).await;
        Ok(end)
    }

    /// Takes one frame; `Some` ends the connection.
    fn take(
        &mut self,
        text: &str,
        print: &mut impl FnMut(&RawValue) -> Result<bool, Failure>,
        backoff: &mut Backoff,
    ) -> Result<Option<End>, Failure> {
        let Ok(frame) = serde_json::from_str::<Frame<'_>>(text) else {
            return Ok(Some(End::Refused(Failure::failed("the gateway sent a frame that this version can't read"))));
        };
        let is_first = self.cursor.is_none();
        match frame.r#type {
            "hello" => {
                backoff.reset();
                if is_first {
                    note(&format!("following {}", self.shown_url()));
                    self.cursor = frame.cursor;
                }
            }
            "events" | "messages" => {
                for record in frame.items {
                    if self.seen.is_new(record) && !print(record)? {
                        return Ok(Some(End::Enough));
                    }
                }
                self.go_on_from(frame.cursor);
            }
            "gap" => {
                note(&format!("{} came faster than they were read; going back for them", frame.missed));
                self.go_on_from(frame.resume);
                return Ok(Some(End::Missed));
            }
            "expired" => {
                note("some are no longer kept in the log; going on with the oldest that are");
                self.go_on_from(frame.cursor);
            }
            "bye" => {
                self.go_on_from(frame.cursor);
                return Ok(Some(match frame.reason.as_str() {
                    "key_invalid" => End::Refused(Failure::failed("the API key was revoked or has expired")),
                    "topic_deleted" => End::Refused(Failure::failed("the topic was deleted")),
                    reason => End::Broken(format!("the gateway says goodbye ({})", printable(reason, 40))),
                }));
            }
            // Of a later version: nothing that this one needs.
            _ => {}
        }
        Ok(None)
    }

    fn go_on_from(&mut self, cursor: Option<String>) {
        if cursor.is_some() {
            self.cursor = cursor;
        }
    }

    fn shown_url(&self) -> String {
        format!("{}{}", self.url.origin().ascii_serialization(), self.url.path())
    }
}

/// What was shown last.
#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    fn is_new(&mut self, record: &RawValue) -> bool {
        let Some(id) = id_of(record) else { return true };
        if !self.ids.insert(id.clone()) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

/// What tells a record from every other of its stream: an event by its id, a message by its place.
fn id_of(record: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Head<'r> {
        #[serde(borrow)]
        record: Option<Receipt<'r>>,
        partition: Option<u32>,
        offset: Option<u64>,
    }
    #[derive(Deserialize)]
    struct Receipt<'r> {
        event_id: &'r str,
    }
    let head: Head<'_> = serde_json::from_str(record.get()).ok()?;
    match head {
        Head { record: Some(receipt), .. } => Some(receipt.event_id.to_owned()),
        Head { partition, offset, .. } => Some(format!("{}:{}", partition?, offset?)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn follower(cursor: Option<&str>) -> Follower {
        let url = Url::parse("ws://127.0.0.1:1/ws/events").unwrap();
        Follower::new(url, Secret::from("sk_x"), cursor.map(str::to_owned))
    }

    fn take(follower: &mut Follower, frame: &str) -> (Vec<String>, Option<End>) {
        let mut printed = Vec::new();
        let mut backoff = Backoff::new(BACKOFF_MIN, BACKOFF_MAX);
        let mut print = |record: &RawValue| {
            printed.push(record.get().to_owned());
            Ok(true)
        };
        let end = follower.take(frame, &mut print, &mut backoff).unwrap();
        (printed, end)
    }

    #[test]
    fn an_event_is_shown_once_and_moves_the_cursor() {
        let mut follower = follower(None);
        take(&mut follower, r#"{"type":"hello","cursor":"c1"}"#);
        assert_eq!(follower.cursor.as_deref(), Some("c1"));
        let record = r#"{"event":{},"record":{"event_id":"e1"}}"#;
        let frame = format!(r#"{{"type":"events","cursor":"c2","items":[{record},{record}]}}"#);
        let (printed, end) = take(&mut follower, &frame);
        assert_eq!(printed, [record]);
        assert!(end.is_none());
        assert_eq!(follower.cursor.as_deref(), Some("c2"));
    }

    #[test]
    fn a_message_is_shown_once() {
        let mut follower = follower(Some("c1"));
        let message = |offset: u32| format!(r#"{{"topic":"orders","partition":1,"offset":{offset},"message":null}}"#);
        let frame = |items: &str| format!(r#"{{"type":"messages","cursor":"c2","items":[{items}]}}"#);
        let (printed, _) = take(&mut follower, &frame(&format!("{},{},{}", message(1), message(2), message(1))));
        assert_eq!(printed, [message(1), message(2)]);
        assert_eq!(follower.cursor.as_deref(), Some("c2"));
    }

    #[test]
    fn what_was_missed_is_fetched_from_where_it_begins() {
        let mut follower = follower(Some("c1"));
        let (_, end) = take(&mut follower, r#"{"type":"gap","missed":3,"resume":"c0"}"#);
        assert!(matches!(end, Some(End::Missed)));
        assert_eq!(follower.cursor.as_deref(), Some("c0"));
    }

    #[test]
    fn a_goodbye_tells_whether_to_come_back() {
        let mut follower = follower(None);
        let (_, end) = take(&mut follower, r#"{"type":"bye","reason":"shutdown","cursor":"c"}"#);
        assert!(matches!(end, Some(End::Broken(_))));
        let (_, end) = take(&mut follower, r#"{"type":"bye","reason":"key_invalid","cursor":"c"}"#);
        assert!(matches!(end, Some(End::Refused(_))));
        let (_, end) = take(&mut follower, r#"{"type":"bye","reason":"topic_deleted","cursor":"c"}"#);
        assert!(matches!(end, Some(End::Refused(_))));
    }

    #[test]
    fn frames_of_a_later_version_are_passed_over() {
        assert!(take(&mut follower(None), r#"{"type":"weather","sun":1}"#).1.is_none());
    }
}
