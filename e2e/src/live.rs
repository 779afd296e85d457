//! The live stream over WebSocket.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, ClientRequestBuilder, Message, http::Uri},
};

use crate::wait::WAIT_MAX;

/// One subscription.
pub struct Live {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Where to resume.
    pub cursor: String,
    /// The close code and the reason that the gateway gave, once it has.
    pub closed: Option<(u16, String)>,
}

impl Live {
    pub(crate) async fn open(url: &str, api_key: &str, query: &str) -> Live {
        Self::try_open(url, api_key, query).await.unwrap_or_else(|error| panic!("the live stream opens: {error}"))
    }

    /// Subscribes; done when the gateway has said that it is.
    pub async fn try_open(url: &str, api_key: &str, query: &str) -> Result<Live, tungstenite::Error> {
        let uri: Uri = format!("{}/ws/events?{query}", url.replacen("http", "ws", 1)).parse().expect("a URL");
        let mut request = ClientRequestBuilder::new(uri);
        // Without a key it is the query that tells who calls.
        if !api_key.is_empty() {
            request = request.with_header("Authorization", format!("Bearer {api_key}"));
        }
        let (socket, _) = connect_async(request).await?;
        let mut live = Live { socket, cursor: String::new(), closed: None };
        let hello = live.frame().await.expect("the gateway says hello");
        assert_eq!(hello["type"], "hello", "{hello}");
        Ok(live)
    }

    /// The next records, until there are this many.
    pub async fn records(&mut self, count: usize) -> Vec<Value> {
        let mut records = Vec::new();
        while records.len() < count {
            let frame = tokio::time::timeout(WAIT_MAX, self.frame())
                .await
                .unwrap_or_else(|_| panic!("{} of {count} records seen live within {WAIT_MAX:?}", records.len()))
                .unwrap_or_else(|| panic!("the stream ended after {} of {count} records", records.len()));
            match frame["type"].as_str() {
                Some("event") => records.push(json!({ "event": frame["event"], "record": frame["record"] })),
                Some("events") => records.extend(frame["items"].as_array().cloned().unwrap_or_default()),
                _ => panic!("{} of {count} records seen live, then {frame}", records.len()),
            }
        }
        records
    }

    /// Says this frame to the gateway.
    pub async fn say(&mut self, frame: impl ToString) {
        self.send(Message::text(frame.to_string())).await;
    }

    /// Sends a message of any kind.
    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("the socket is open");
    }

    /// The next frame, which is of this type.
    #[track_caller]
    pub fn expect(&mut self, kind: &str) -> impl Future<Output = Value> {
        let kind = kind.to_owned();
        async move {
            let frame = tokio::time::timeout(WAIT_MAX, self.frame()).await;
            let frame = frame.unwrap_or_else(|_| panic!("no frame within {WAIT_MAX:?}, and {kind} was expected"));
            let frame = frame.unwrap_or_else(|| panic!("the stream ended, and {kind} was expected"));
            assert_eq!(frame["type"], kind.as_str(), "{frame}");
            frame
        }
    }

    /// The next frame; `None` when the stream has ended.
    pub async fn frame(&mut self) -> Option<Value> {
        loop {
            match self.socket.next().await?.ok()? {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
                    if let Some(cursor) = frame["cursor"].as_str() {
                        cursor.clone_into(&mut self.cursor);
                    }
                    return Some(frame);
                }
                Message::Close(close) => {
                    self.closed = close.map(|close| (close.code.into(), close.reason.to_string()));
                    return None;
                }
                _ => {}
            }
        }
    }
}
