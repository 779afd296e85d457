//! The guard of the gateway's speed: how many instructions a request takes, from its first byte on the socket to the
//! answer's last, and a delivery to live clients. Built as tests are, so the counts are larger than those of a release;
//! what counts is that they do not grow. What an event costs optimised is counted by the crate `guard` itself.
#![allow(clippy::unwrap_used, reason = "a test")]

mod rig;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use aibbar::record::{EVENTS_TOPIC, ORG_HEADER};
use bus::{
    EventLog as _, LogRecord, Position, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use bytes::Bytes;
use gateway::Deliveries;
use guard::{Subject, samples};
use rig::Rig;
use serde_json::Value;
use store::{
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// A delivery is to so many clients at once.
const CLIENTS: usize = 50;

/// Every client asks for a member of the event, which the event has.
const CONDITIONS: &str = r#"/event/action/function="search_direct_flight""#;

fn main() -> ExitCode {
    guard::main(&[
        Subject { name: "request with one event", turns: 50, prepare: || requests(1) },
        Subject { name: "request with 100 events", turns: 3, prepare: || requests(100) },
        Subject { name: "delivery to 50 live clients", turns: 20, prepare: deliveries },
    ])
}

/// One request after the other over one connection, each answered 202; everything is in this process, the log's disk
/// behind it.
fn requests(events: usize) -> Box<dyn FnMut()> {
    let runtime = runtime();
    let (rig, org) = runtime.block_on(async {
        let rig = Rig::start(|settings| {
            settings.http.workers = 1;
            // What happens every so often would count more on a slow machine than on a fast one.
            settings.identity_poll = Duration::from_secs(3600);
        });
        let rig = rig.await;
        let org = rig.org().await;
        (rig, org)
    });
    let event = org.sign(Value::as_object(&median_of_now()).unwrap().clone());
    let body = match events {
        1 => event,
        many => format!("[{}]", vec![event; many].join(",")),
    };
    let request = format!(
        "POST /aibbar/events HTTP/1.1\r\nhost: gapin\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        org.api_key,
        body.len(),
    );
    let mut socket = TcpStream::connect(rig.url.strip_prefix("http://").unwrap()).unwrap();
    socket.set_nodelay(true).unwrap();
    let mut answer = Vec::new();
    Box::new(move || {
        let _rig = (&rig, &runtime);
        socket.write_all(request.as_bytes()).unwrap();
        read_answer(&mut socket, &mut answer);
        assert!(answer.starts_with(b"HTTP/1.1 202"), "{}", String::from_utf8_lossy(&answer));
    })
}

/// The corpus's median event, as of now: the gateway takes nothing that is much older.
fn median_of_now() -> Value {
    let mut event: Value = serde_json::from_str(&samples::median()).unwrap();
    event["timestamp"] = rig::now().to_string().into();
    event.as_object_mut().unwrap().remove("key_id");
    event
}

/// Reads one answer with its body, whose length its head tells.
fn read_answer(socket: &mut TcpStream, answer: &mut Vec<u8>) {
    let mut piece = [0; 64 * 1024];
    answer.clear();
    loop {
        let bytes = socket.read(&mut piece).unwrap();
        assert!(bytes > 0, "the gateway hung up");
        answer.extend_from_slice(&piece[..bytes]);
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&answer[..head]).unwrap().to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if answer.len() >= head + 4 + length.trim().parse::<usize>().unwrap() {
            return;
        }
    }
}

/// One record to clients with a filter, from the log's reader to the bytes that each connection is given.
fn deliveries() -> Box<dyn FnMut()> {
    let runtime = runtime();
    let org_id = Uuid::from_u128(1);
    let (mut deliveries, folder) = runtime.block_on(watched(org_id));
    let record = samples::recorded(&samples::median(), org_id);
    let bytes_at_least = CLIENTS * record.len();
    let payload = Bytes::from(record);
    let mut offset = 1_000_000;
    Box::new(move || {
        let _folder = &folder;
        offset += 1;
        let record = LogRecord {
            position: Position { partition: 0, offset },
            appended_at_ms: 0,
            key: Bytes::from_static(b"3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"),
            payload: payload.clone(),
            headers: vec![(ORG_HEADER.to_owned(), Bytes::from(org_id.to_string()))],
        };
        let bytes = runtime.block_on(deliveries.deliver(&[record]));
        assert!(bytes > bytes_at_least, "not everything was delivered: {bytes} bytes");
    })
}

async fn watched(org_id: Uuid) -> (Deliveries, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let log = LocalLog::open(folder.path(), LocalSettings::default()).unwrap();
    let topic = TopicSpec { name: EVENTS_TOPIC.into(), partitions: 10, retention: None, compacted: false };
    log.ensure_topic(&topic).await.unwrap();
    let vault = Arc::new(Vault::new(MasterKey::generate()));
    let store = SqliteStore::open(&folder.path().join("store.db"), SqliteSettings::default(), vault).await.unwrap();
    let deliveries = Deliveries::open(Arc::new(log), Arc::new(store), org_id, CLIENTS, Some(CONDITIONS)).await;
    (deliveries, folder)
}

/// One worker: the fewer threads there are, the less it matters which of them runs when.
fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
