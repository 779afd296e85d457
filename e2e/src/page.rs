//! A page in a real browser, and what its scripts say.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
pub use testbed::Chromium;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::wait::{WAIT_MAX, eventually};

/// One page of a browser, over the DevTools protocol.
pub struct Page {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: String,
    last_id: u64,
}

impl Page {
    /// Opens this address in a page of its own.
    pub async fn open(browser: &Chromium, url: &str) -> Page {
        let (socket, _) = connect_async(browser.url()).await.expect("the browser takes the DevTools protocol");
        let mut page = Page { socket, session: String::new(), last_id: 0 };
        let target = page.call("Target.createTarget", json!({ "url": "about:blank" })).await["targetId"].clone();
        let attached = page.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true })).await;
        page.session = attached["sessionId"].as_str().expect("a session with the page").to_owned();
        let gone = page.call("Page.navigate", json!({ "url": url })).await;
        assert!(gone.get("errorText").is_none(), "{url}: {gone}");
        let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
        page.until(&format!("location.origin === {} && document.readyState === 'complete'", json!(origin))).await;
        page
    }

    /// What this script comes to, promises awaited.
    pub async fn run(&mut self, script: &str) -> Value {
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", asked).await;
        assert!(answer.get("exceptionDetails").is_none(), "{script}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until this is true in the page.
    pub async fn until(&mut self, condition: &str) {
        let page = tokio::sync::Mutex::new(self);
        let what = format!("in the page: {condition}");
        eventually(&what, async || (page.lock().await.run(condition).await == true).then_some(())).await;
    }

    async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut call = json!({ "id": id, "method": method, "params": parameters });
        if !self.session.is_empty() {
            call["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(call.to_string())).await.expect("the browser listens");
        let answered = async {
            loop {
                let message = self.socket.next().await.expect("the browser is there").expect("the browser is there");
                let Message::Text(text) = message else { continue };
                let mut answer: Value = serde_json::from_str(&text).expect("the browser speaks JSON");
                if answer["id"] == id {
                    assert!(answer.get("error").is_none(), "{method}: {answer}");
                    return answer["result"].take();
                }
            }
        };
        let in_time = tokio::time::timeout(WAIT_MAX, answered).await;
        in_time.unwrap_or_else(|_| panic!("{method} took more than {WAIT_MAX:?}"))
    }
}
