//! The live stream as server-sent events.

use reqwest::Response;
use serde_json::Value;

use crate::wait::WAIT_MAX;

/// One subscription.
pub struct Sse {
    response: Response,
    unread: Vec<u8>,
    /// What was said besides events.
    pub comments: usize,
    /// The id of the newest event that had one.
    pub last_id: String,
}

/// One event as it was sent.
#[derive(Debug)]
pub struct ServerSent {
    /// Its type.
    pub event: String,
    /// Where to resume behind it.
    pub id: Option<String>,
    /// How many milliseconds to wait before connecting again, where it says so.
    pub retry: Option<String>,
    /// Its data.
    pub data: Value,
}

impl Sse {
    pub(crate) fn new(response: Response) -> Sse {
        Sse { response, unread: Vec::new(), comments: 0, last_id: String::new() }
    }

    /// A header of the answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// The next event; `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<ServerSent> {
        loop {
            while let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.unread.drain(..end + 2).collect();
                let block = String::from_utf8(block).expect("the stream is UTF-8");
                match read(&block) {
                    Some(event) => {
                        if let Some(id) = &event.id {
                            self.last_id.clone_from(id);
                        }
                        return Some(event);
                    }
                    None => self.comments += 1,
                }
            }
            let chunk = tokio::time::timeout(WAIT_MAX, self.response.chunk()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("nothing was sent within {WAIT_MAX:?}"));
            self.unread.extend_from_slice(&chunk.ok()??);
        }
    }

    /// The next event, which is of this type.
    pub async fn expect(&mut self, kind: &str) -> ServerSent {
        let event = self.next().await.unwrap_or_else(|| panic!("the stream ended, and {kind} was expected"));
        assert_eq!(event.event, kind, "{event:?}");
        assert_eq!(event.data["type"], kind, "{event:?}");
        event
    }
}

fn read(block: &str) -> Option<ServerSent> {
    let field =
        |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned);
    let data = serde_json::from_str(&field("data")?).expect("data is JSON");
    Some(ServerSent { event: field("event")?, id: field("id"), retry: field("retry"), data })
}
