//! Every frame of the protocol, from real streams, held to the document.

use std::collections::BTreeSet;

use aibbar::topic::TopicName;
use e2e::{Client, Live, Message, Organisation, Shape, event};
use serde_json::{Value, json};

use crate::{PARTITIONS, Rig, contract::Contract, make_topic, publish};

pub(crate) async fn every_frame_is_as_the_contract_says(rig: &Rig) {
    let mut contract = Contract::read();
    let organisation = rig.organisation();
    let client = rig.client(&organisation);
    make_topic(&client, "orders").await;

    records_of_both_kinds(&mut contract, &client, &organisation).await;
    what_a_client_asks_for(&mut contract, &client, &organisation).await;
    a_gap(&mut contract, rig, &client, &organisation).await;
    let expires = rig.shape == Shape::AtScale;
    if expires {
        what_is_gone(&mut contract, rig, &client).await;
    }
    the_end(&mut contract, &client).await;
    contract.was_seen_whole(if expires { &[] } else { &["expired"] });
}

/// Sees so many frames, and says which types there were.
async fn see(contract: &mut Contract, live: &mut Live, frames: usize) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for _ in 0..frames {
        let frame = live.frame().await.expect("the stream goes on");
        contract.holds(&frame);
        kinds.insert(frame["type"].as_str().unwrap().to_owned());
    }
    kinds
}

async fn records_of_both_kinds(contract: &mut Contract, client: &Client, organisation: &Organisation) {
    let mut one_by_one = client.live("topic=orders,aibbar.events").await;
    let mut several = client.live("topic=aibbar.events,orders&batch=1").await;
    let mut server_sent = client.server_sent("topic=orders,aibbar.events", None).await;
    contract.holds(&server_sent.expect("hello").await.data);
    client.publish(&event().signed_by(organisation)).await.expect(202);
    let with_everything = json!({
        "topic": "orders", "key": "k", "message": { "total": 1 }, "headers": { "trace": "1" },
        "timestamp": "2026-03-01T09:30:00Z",
    });
    client.post_json("/events/publish", with_everything).await.expect(202);
    let both = |one: &str, other: &str| BTreeSet::from([one.to_owned(), other.to_owned()]);
    assert_eq!(see(contract, &mut one_by_one, 2).await, both("event", "message"));
    assert_eq!(see(contract, &mut several, 2).await, both("events", "messages"));
    let mut kinds = BTreeSet::new();
    for _ in 0..2 {
        let event = server_sent.next().await.unwrap();
        contract.holds(&event.data);
        assert_eq!(event.data["type"], event.event.as_str());
        assert_eq!(event.data["cursor"].as_str(), event.id.as_deref());
        kinds.insert(event.event);
    }
    assert_eq!(kinds, both("event", "message"));
}

async fn what_a_client_asks_for(contract: &mut Contract, client: &Client, organisation: &Organisation) {
    let mut live = client.live("").await;
    for (asked, answer) in [
        (json!({ "type": "pause" }), "paused"),
        (json!({ "type": "resume" }), "resumed"),
        (
            json!({ "type": "filter", "event_type": "ai.response", "where": "/event/response/output=\"this\"" }),
            "filtered",
        ),
    ] {
        contract.takes(&asked);
        live.say(asked).await;
        let frame = live.expect(answer).await;
        contract.holds(&frame);
    }
    for (wrong, code) in [
        (Message::text("{"), "invalid_frame"),
        (Message::text(r#"{"type":"stop"}"#), "invalid_frame"),
        (Message::binary(vec![1, 2, 3]), "invalid_frame"),
        (Message::text(r#"{"type":"filter","where":"/a=b"}"#), "invalid_filter"),
        (Message::text(r#"{"type":"resume","cursor":"x"}"#), "invalid_cursor"),
    ] {
        live.send(wrong).await;
        let frame = live.expect("error").await;
        contract.holds(&frame);
        assert_eq!(frame["code"], code);
    }
    // None of that changed anything.
    client.publish(&event().saying("that").signed_by(organisation)).await.expect(202);
    client.publish(&event().saying("this").signed_by(organisation)).await.expect(202);
    let frame = live.expect("event").await;
    assert_eq!(frame["event"]["response"]["output"], "this");
}

/// A client that reads too late is told how many it missed, and goes on from there over the same socket.
async fn a_gap(contract: &mut Contract, rig: &Rig, client: &Client, organisation: &Organisation) {
    const EVENTS: usize = 300;
    let padding = "padding ".repeat(6 * 1024);
    let mut live = client.live("").await;
    let sending = rig.client(organisation);
    for number in 0..EVENTS {
        let sent = event().saying(format!("{number}: {padding}").as_str()).signed_by(organisation);
        sending.publish(&sent).await.expect(202);
    }
    let mut seen = BTreeSet::new();
    let gap = loop {
        let frame = live.frame().await.expect("the stream goes on");
        contract.holds(&frame);
        match frame["type"].as_str() {
            Some("event") => seen.insert(number(&frame)),
            _ => break frame,
        };
    };
    assert_eq!(gap["type"], "gap");
    assert_eq!(gap["missed"].as_u64().unwrap() as usize, EVENTS - seen.len());
    live.say(json!({ "type": "resume", "cursor": gap["resume"] })).await;
    live.expect("resumed").await;
    while seen.len() < EVENTS {
        seen.insert(number(&live.expect("event").await));
    }
}

fn number(frame: &Value) -> usize {
    frame["event"]["response"]["output"].as_str().unwrap().split(':').next().unwrap().parse().unwrap()
}

/// What Kafka keeps no more, by its own tool.
async fn what_is_gone(contract: &mut Contract, rig: &Rig, client: &Client) {
    let old = client.live("topic=orders").await.cursor;
    publish(client, "orders", "k", json!("gone")).await;
    let org_id = client.get("/api/v1/organisation").await.expect(200).body["id"].as_str().unwrap().parse().unwrap();
    let topic = TopicName::parse("orders").unwrap().in_log(org_id);
    let partitions: Vec<Value> =
        (0..PARTITIONS).map(|number| json!({ "topic": topic, "partition": number, "offset": -1 })).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), json!({ "version": 1, "partitions": partitions }).to_string()).unwrap();
    let arguments = ["--offset-json-file", &file.path().display().to_string()];
    rig.services().kafka.tool("org.apache.kafka.tools.DeleteRecordsCommand", &arguments);
    let mut live = client.live(&format!("topic=orders&cursor={old}")).await;
    contract.holds(&live.expect("expired").await);
}

async fn the_end(contract: &mut Contract, client: &Client) {
    let mut live = client.live("topic=orders").await;
    publish(client, "orders", "k", json!(1)).await;
    contract.holds(&live.expect("message").await);
    client.request("DELETE", "/api/v1/topics/orders?confirm=orders", None).await;
    contract.holds(&live.expect("bye").await);
}
