//! Messages with a canary in every place of theirs, and every way on which they are read again.

use std::sync::{Arc, Mutex};

use aibbar::topic::TopicName;
use e2e::{Client, Live, Organisation, Shape, System, eventually};
use serde_json::json;

use crate::{
    canaries::Canaries,
    ear::{As, Ear},
    exits::{Exit, HIDDEN},
    kind::Kind,
};

const TOPIC: &str = "canaries";

/// What was heard of a live stream.
type Heard = Arc<Mutex<Vec<u8>>>;

/// A topic, and who listens to it.
pub(crate) struct Messages {
    in_log: String,
    published: usize,
    frames: Heard,
    server_sent: Heard,
}

impl Messages {
    /// Makes the topic, and listens to it from here on; over server-sent events to events as well.
    pub(crate) async fn listen(client: &Client, system: &System, organisation: &Organisation) -> Messages {
        client.post_json("/api/v1/topics", json!({ "name": TOPIC, "partitions": 2 })).await.expect(201);
        let org_id = client.get("/api/v1/organisation").await.expect(200).body["id"].as_str().unwrap().parse().unwrap();
        let in_log = TopicName::parse(TOPIC).unwrap().in_log(org_id);
        let (frames, server_sent) = (Heard::default(), Heard::default());
        let (hearing, topic) = (frames.clone(), format!("topic={TOPIC}"));
        let mut live = Live::try_open(&system.url, &organisation.api_key, &topic).await.unwrap();
        tokio::spawn(async move {
            while let Some(frame) = live.frame().await {
                hearing.lock().unwrap().extend_from_slice(frame.to_string().as_bytes());
            }
        });
        let hearing = server_sent.clone();
        let request = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = request.get(format!("{}/sse/events?{topic},aibbar.events", system.url));
        let mut stream = request.bearer_auth(&organisation.api_key).send().await.unwrap();
        assert_eq!(stream.status(), 200);
        tokio::spawn(async move {
            // As it came: what no reader of events looks at is looked through as well.
            while let Ok(Some(chunk)) = stream.chunk().await {
                hearing.lock().unwrap().extend_from_slice(&chunk);
            }
        });
        Messages { in_log, published: 0, frames, server_sent }
    }

    /// A message for each kind, and a CloudEvent; every answer is heard.
    pub(crate) async fn publish(&mut self, canaries: &Canaries, ear: &Ear, by: &As) {
        for kind in Kind::ALL.into_iter().chain([Kind::OwnRule]) {
            let at = |place: &str| canaries.make(kind, format_args!("a message's {place}"));
            let (name, value) = (at("member's name"), at("member"));
            let message = json!({
                "note": format!("Please note: {} (thank you).", at("note")), "list": [[at("list")]], name: value,
                "json": json!({ "inner": at("text of JSON") }).to_string(),
            });
            let headers = json!({ "note": at("header"), "other": format!("x {} y", at("other header")) });
            let sent = json!({ "topic": TOPIC, "key": at("key"), "headers": headers, "message": message });
            let mut cloud_event = json!({
                "specversion": "1.0", "id": format!("event-{}", self.published), "source": "/canary", "type": "canary",
                "data": { "note": at("data of a CloudEvent") },
            });
            let subject = at("subject of a CloudEvent");
            // An attribute is one line.
            if !subject.contains('\n') {
                cloud_event["subject"] = subject.into();
            }
            for (content_type, path, body) in [
                ("application/json", "/events/publish".to_owned(), sent),
                ("application/cloudevents+json", format!("/events/publish?topic={TOPIC}"), cloud_event),
            ] {
                let request = ear.request(by, "POST", &path).header("content-type", content_type);
                let (status, answer) = ear.ask(request.body(body.to_string())).await;
                assert_eq!(status, 202, "{kind:?} as {content_type}: {answer}");
                self.published += 1;
            }
        }
    }

    /// What everyone who reads the topic is given.
    pub(crate) async fn exits(&self, system: &System, organisation: &Organisation, ear: &Ear, by: &As) -> Vec<Exit> {
        let mut exits = Vec::new();
        let limit = self.published.to_string();
        let path = format!("/events/read?topic={TOPIC}&limit=10000");
        for way in ["", "&group=canary&reader=canary"] {
            eventually("messages are read", async || {
                let (status, page) = ear.ask(ear.request(by, "GET", &format!("{path}{way}"))).await;
                let items = page["items"].as_array().map_or(0, Vec::len);
                // A group's reader comes by its partitions one after the other.
                let is_all = items >= self.published || !way.is_empty() && items > 0;
                (status == 200 && is_all).then_some(())
            })
            .await;
        }
        let lines = ear.request(by, "GET", &format!("/events/read?topic={TOPIC}&limit={limit}"));
        assert_eq!(ear.ask(lines.header("accept", "application/x-ndjson")).await.0, 200);
        let tail = ["tail", "--topic", TOPIC, "--cursor", "earliest", "--limit", &limit];
        for args in [tail.to_vec(), [&tail[..], &["--json"]].concat()] {
            let ran = system.run_as(organisation, &args, b"").succeeded();
            exits.push(Exit::new(format!("gapin {}", args.join(" ")), ran.stdout, HIDDEN));
            exits.push(Exit::new(format!("what gapin {} says beside", args.join(" ")), ran.stderr, b""));
        }
        for (name, heard) in [("the live stream of the topic", &self.frames), ("server-sent events", &self.server_sent)]
        {
            eventually("every message is heard", async || {
                let count = String::from_utf8_lossy(&heard.lock().unwrap()).matches("\"message_id\":").count();
                (count >= self.published).then_some(())
            })
            .await;
            exits.push(Exit::new(name, heard.lock().unwrap().clone(), HIDDEN));
        }
        let server_sent = String::from_utf8_lossy(&self.server_sent.lock().unwrap()).into_owned();
        assert!(server_sent.contains("\nevent: event\n"), "events were heard besides");
        if system.shape == Shape::AtScale {
            let kept = system.services().kafka.records_at_rest(&self.in_log);
            exits.push(Exit::new("the topic of messages", kept, HIDDEN));
        }
        exits
    }
}

/// Stored events as they are exported.
pub(crate) async fn exported(ear: &Ear, by: &As) -> Vec<Exit> {
    let mut exits = Vec::new();
    let folder = tempfile::tempdir().unwrap();
    for format in ["ndjson", "csv", "parquet"] {
        let request = ear.request(by, "GET", &format!("/aibbar/events/export?format={format}"));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{format}");
        let bytes = answer.bytes().await.unwrap();
        let bytes = match format {
            "parquet" => unpacked(&folder.path().join("export.parquet"), &bytes),
            _ => bytes.to_vec(),
        };
        exits.push(Exit::new(format!("the export as {format}"), bytes, HIDDEN));
    }
    exits
}

/// Its rows as text: in the file they are compressed.
fn unpacked(path: &std::path::Path, bytes: &[u8]) -> Vec<u8> {
    std::fs::write(path, bytes).unwrap();
    let script = "import duckdb, sys; print(duckdb.sql('select columns(*)::varchar from read_parquet(?)', params=[sys.argv[1]]).fetchall())";
    let ran =
        std::process::Command::new(testbed::python_tool("python")).args(["-c", script]).arg(path).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    ran.stdout
}
