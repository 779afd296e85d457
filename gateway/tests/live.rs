//! The live stream: resumed without loss, honest about what was missed, closed to others.
#![allow(clippy::unwrap_used)]

mod rig;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rig::{Org, Rig, now};
use serde_json::Value;
use store::{
    api_key,
    identity::{ApiKeyChanges, IdentityStore, Scope},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        ClientRequestBuilder, Error, Message,
        http::Uri,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

const WAIT_MAX: Duration = Duration::from_secs(30);

struct Socket {
    inner: WebSocketStream<MaybeTlsStream<TcpStream>>,
    cursor: String,
    is_closed: bool,
    close_code: Option<u16>,
}

impl Socket {
    async fn try_open(rig: &Rig, org: &Org, query: &str) -> Result<Socket, Error> {
        let uri: Uri = format!("{}/ws/events?{query}", rig.url.replacen("http", "ws", 1)).parse().unwrap();
        let request = ClientRequestBuilder::new(uri).with_header("Authorization", format!("Bearer {}", org.api_key));
        let (inner, _) = connect_async(request).await?;
        Ok(Socket { inner, cursor: String::new(), is_closed: false, close_code: None })
    }

    async fn open(rig: &Rig, org: &Org, query: &str) -> Socket {
        let mut socket = Self::try_open(rig, org, query).await.unwrap();
        assert_eq!(socket.frame().await.unwrap()["type"], "hello");
        socket
    }

    /// The next frame; `None` at the end.
    async fn frame(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(WAIT_MAX, self.inner.next()).await.expect("a frame in time")?.ok()?;
            match message {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if let Some(cursor) = frame["cursor"].as_str() {
                        self.cursor = cursor.to_owned();
                    }
                    return Some(frame);
                }
                Message::Close(close) => {
                    self.is_closed = true;
                    self.close_code = close.map(|c| c.code.into());
                }
                _ => {}
            }
        }
    }

    /// The sessions of the next records.
    async fn sessions(&mut self, count: usize) -> Vec<String> {
        let session = |record: &Value| record["event"]["metadata"]["session_id"].as_str().unwrap().to_owned();
        let mut sessions = Vec::new();
        while sessions.len() < count {
            let frame = self.frame().await.unwrap_or_else(|| panic!("the stream ended after {sessions:?}"));
            match frame["type"].as_str().unwrap() {
                "event" => sessions.push(session(&frame)),
                "events" => sessions.extend(frame["items"].as_array().unwrap().iter().map(session)),
                other => panic!("unexpected {other} after {sessions:?}"),
            }
        }
        sessions
    }
}

fn names(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|i| format!("s-{i}")).collect()
}

#[tokio::test]
async fn what_is_acknowledged_is_seen_by_everyone_who_watches_and_by_no_other_organisation() {
    let rig = Rig::start(|_| {}).await;
    let (mine, other) = (rig.org().await, rig.org().await);
    let mut watching = [Socket::open(&rig, &mine, "").await, Socket::open(&rig, &mine, "batch=1").await];
    let mut outside = Socket::open(&rig, &other, "cursor=earliest").await;
    for name in names(0..5) {
        rig.record(&mine, &name).await;
    }
    for socket in &mut watching {
        assert_eq!(socket.sessions(5).await, names(0..5));
    }
    rig.record(&other, "theirs").await;
    assert_eq!(outside.sessions(1).await, ["theirs"]);
}

#[tokio::test]
async fn filters_leave_out_what_does_not_match() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let mut by_session = Socket::open(&rig, &org, "session_id=s-1").await;
    let mut by_text = Socket::open(&rig, &org, "q=S-2&event_type=ai.query").await;
    for name in names(0..4) {
        rig.record(&org, &name).await;
    }
    assert_eq!(by_session.sessions(1).await, ["s-1"]);
    assert_eq!(by_text.sessions(1).await, ["s-2"]);
    let refused = Socket::try_open(&rig, &org, "session=typo").await;
    assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 400));
}

#[tokio::test]
async fn a_cursor_resumes_without_a_loss_while_events_keep_coming() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let mut before = Socket::open(&rig, &org, "").await;
    for name in names(0..10) {
        rig.record(&org, &name).await;
    }
    assert_eq!(before.sessions(4).await, names(0..4));
    let cursor = before.cursor.clone();
    drop(before);
    for name in names(10..20) {
        rig.record(&org, &name).await;
    }
    let coming = async {
        for name in names(20..60) {
            rig.record(&org, &name).await;
        }
    };
    let seeing = async {
        let mut after = Socket::open(&rig, &org, &format!("cursor={cursor}&batch=1")).await;
        assert_eq!(after.sessions(56).await, names(4..60));
    };
    tokio::join!(coming, seeing);
    let mut all = Socket::open(&rig, &org, "cursor=earliest").await;
    assert_eq!(all.sessions(60).await, names(0..60));
    for wrong in ["nonsense", "AQDoBwAA"] {
        let refused = Socket::try_open(&rig, &org, &format!("cursor={wrong}")).await;
        assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 400), "{wrong}");
    }
}

#[tokio::test]
async fn a_reader_that_takes_its_time_is_made_once_however_often_the_client_is_looked_at() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    for name in names(0..3) {
        rig.record(&org, &name).await;
    }
    let before = rig.log.readers();
    // Longer than between two looks at the client's key.
    rig.log.make_readers_in(Duration::from_millis(1_200));
    let mut socket = Socket::open(&rig, &org, "cursor=earliest").await;
    assert_eq!(socket.sessions(3).await, names(0..3));
    assert_eq!(rig.log.readers() - before, 1);
}

#[tokio::test]
async fn a_slow_client_is_told_what_it_missed_and_gets_it_by_resuming() {
    let rig = Rig::start(|s| s.live.queue_records_max = 4).await;
    let org = rig.org().await;
    let mut slow = Socket::open(&rig, &org, "").await;
    // Far more than socket buffers and the queue hold together, while nobody reads.
    let pad = "x".repeat(60 * 1024);
    let total = 600;
    for name in names(0..total) {
        let mut event = org.unsigned(&name);
        event.insert("query".into(), serde_json::json!({"prompt": pad}));
        assert_eq!(rig.post(&org, org.sign(event)).send().await.unwrap().status(), 202);
    }
    let mut seen = 0;
    let (missed, resume) = loop {
        let frame = slow.frame().await.unwrap();
        match frame["type"].as_str().unwrap() {
            "event" => {
                assert_eq!(frame["event"]["metadata"]["session_id"], format!("s-{seen}"));
                seen += 1;
            }
            "gap" => break (frame["missed"].as_u64().unwrap(), frame["resume"].as_str().unwrap().to_owned()),
            other => panic!("unexpected {other}"),
        }
    };
    assert!(missed > 0 && rig.metric("gapin_live_missed_total").await >= missed as f64);
    let mut resumed = Socket::open(&rig, &org, &format!("cursor={resume}")).await;
    assert_eq!(resumed.sessions(total - seen).await, names(seen..total));
}

#[tokio::test]
async fn a_revoked_key_ends_the_stream_and_says_so() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let mut socket = Socket::open(&rig, &org, "").await;
    assert!(rig.store.revoke_api_key(org.id, org.api_key_id, now(), &rig::entry(org.id)).await.unwrap());
    assert_eq!(socket.frame().await.unwrap()["reason"], "key_invalid");
    assert!(socket.frame().await.is_none());
    assert_eq!(socket.close_code, Some(4401));
    let refused = Socket::try_open(&rig, &org, "").await;
    assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 401));
}

#[tokio::test]
async fn a_stream_opened_with_a_former_secret_ends_with_the_overlap() {
    let rig = Rig::start(|_| {}).await;
    let mut org = rig.org().await;
    let mut former = Socket::open(&rig, &org, "").await;
    let new = api_key::generate();
    let (hash, until) = (rig.vault.hash_api_key(&new.key).unwrap(), now().plus_ms(2_000));
    let entry = rig::entry(org.id);
    let rotated = rig.store.rotate_api_key(org.id, org.api_key_id, &new.prefix, &hash, Some(until), &entry).await;
    assert!(rotated.unwrap().is_some());
    org.api_key = new.key.to_string();
    let mut present = Socket::open(&rig, &org, "").await;
    assert_eq!(former.frame().await.unwrap()["reason"], "key_invalid");
    assert!(until <= now(), "both secrets are good until then");
    rig.record(&org, "s-0").await;
    assert_eq!(present.sessions(1).await, ["s-0"]);
}

#[tokio::test]
async fn a_stream_ends_when_its_key_loses_the_scope_or_the_address() {
    let rig = Rig::start(|_| {}).await;
    let scopes = Some(vec![Scope::EventsWrite]);
    let allowed_ips = Some(vec!["203.0.113.0/24".parse().unwrap()]);
    for changes in [
        ApiKeyChanges { scopes, ..ApiKeyChanges::default() },
        ApiKeyChanges { allowed_ips, ..ApiKeyChanges::default() },
    ] {
        let org = rig.org().await;
        let mut socket = Socket::open(&rig, &org, "").await;
        rig.store.update_api_key(org.id, org.api_key_id, &changes, &rig::entry(org.id)).await.unwrap();
        assert_eq!(socket.frame().await.unwrap()["reason"], "key_invalid", "{changes:?}");
        assert!(socket.frame().await.is_none());
        assert_eq!(socket.close_code, Some(4401));
    }
}

#[tokio::test]
async fn a_stop_says_goodbye_with_a_cursor_that_resumes() {
    let mut rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let mut socket = Socket::open(&rig, &org, "").await;
    rig.record(&org, "s-0").await;
    assert_eq!(socket.sessions(1).await, names(0..1));
    let stopping = tokio::spawn(rig.stop());
    let bye = socket.frame().await.unwrap();
    assert_eq!((&bye["type"], &bye["reason"]), (&Value::from("bye"), &Value::from("shutdown")));
    assert!(socket.frame().await.is_none());
    assert_eq!(socket.close_code, Some(1001));
    stopping.await.unwrap();
}

#[tokio::test]
async fn as_many_clients_as_may_be_and_pings_are_answered() {
    let rig = Rig::start(|s| s.live.clients_max = 1).await;
    let org = rig.org().await;
    let mut one = Socket::open(&rig, &org, "").await;
    let refused = Socket::try_open(&rig, &org, "").await;
    assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 503));
    one.inner.send(Message::Ping("there?".into())).await.unwrap();
    let answer = tokio::time::timeout(WAIT_MAX, one.inner.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(answer, Message::Pong("there?".into()));
    one.inner.close(None).await.unwrap();
    rig.until("there is room again", async || Socket::try_open(&rig, &org, "").await.is_ok()).await;
}

#[tokio::test]
async fn a_clients_close_is_answered_with_its_code() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    for close in [Some(CloseFrame { code: CloseCode::Library(4000), reason: "done".into() }), None] {
        let mut socket = Socket::open(&rig, &org, "").await;
        let code = close.as_ref().map(|close| close.code.into());
        socket.inner.close(close).await.unwrap();
        assert_eq!(socket.frame().await, None);
        assert_eq!((socket.is_closed, socket.close_code), (true, code));
    }
}

#[tokio::test]
async fn a_client_that_says_too_much_is_told_so() {
    let rig = Rig::start(|_| {}).await;
    let org = rig.org().await;
    let mut socket = Socket::open(&rig, &org, "").await;
    for _ in 0..300 {
        socket.inner.feed(Message::Ping("there?".into())).await.unwrap();
    }
    socket.inner.flush().await.unwrap();
    assert_eq!(socket.frame().await.unwrap()["reason"], "too_many_frames");
    assert_eq!(socket.frame().await, None);
    assert_eq!(socket.close_code, Some(1008));
}

#[tokio::test]
async fn a_key_may_come_as_a_subprotocol_and_needs_its_scope() {
    let rig = Rig::start(|_| {}).await;
    let (org, writer) = (rig.org().await, rig.org_with(&[Scope::EventsWrite]).await);
    let uri: Uri = format!("{}/ws/events", rig.url.replacen("http", "ws", 1)).parse().unwrap();
    let request = ClientRequestBuilder::new(uri).with_sub_protocol("gapin.v1");
    let request = request.with_sub_protocol(format!("gapin.key.{}", org.api_key));
    let (_, answer) = connect_async(request).await.unwrap();
    assert_eq!(answer.headers()["sec-websocket-protocol"], "gapin.v1");
    let refused = Socket::try_open(&rig, &writer, "").await;
    assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 403));
}
