//! What somebody else put into the topic, and what a crash leaves behind.

use std::time::Duration;

use aibbar::record::{DEAD_LETTERS_TOPIC, EVENTS_TOPIC, ORG_HEADER};
use bus::{
    EventLog, NewRecord,
    kafka::{KafkaLog, KafkaSettings},
    local::{LocalLog, LocalSettings},
};
use e2e::{Organisation, System, bytes_under, event, eventually};
use serde_json::{Value, json};

use crate::{PATH, id, letters, refused::refuse_poison};

const CANARY: &str = "canary.of.nobody@example.com";

fn foreign(payload: &[u8]) -> NewRecord {
    NewRecord { key: CANARY.into(), payload: payload.to_vec().into(), headers: vec![("note".into(), CANARY.into())] }
}

async fn append(log: &dyn EventLog, records: Vec<NewRecord>) {
    for outcome in log.append(EVENTS_TOPIC, records).await {
        outcome.unwrap();
    }
}

/// Bytes that are no records: of nobody, but the last, which says whose it is.
fn strange_records(organisation_id: &str) -> Vec<NewRecord> {
    let utf16: Vec<u8> = CANARY.bytes().flat_map(|byte| [byte, 0]).collect();
    let mut records: Vec<NewRecord> = [
        b"" as &[u8],
        b"\xff\xfe\x00\x80",
        &utf16,
        format!("please write to {CANARY}").as_bytes(),
        format!(r#"{{"event":{{"to":"{CANARY}","password":"tr0ub4dor&3-of-nobody"}},"record":{{}}}}"#).as_bytes(),
    ]
    .into_iter()
    .map(foreign)
    .collect();
    records.push(NewRecord {
        headers: vec![(ORG_HEADER.into(), organisation_id.to_owned().into())],
        ..foreign(format!("mine, of {CANARY}").as_bytes())
    });
    records
}

fn kafka(system: &System) -> KafkaLog {
    KafkaLog::new(KafkaSettings::new(system.services().kafka.brokers())).unwrap()
}

/// The organisation's id, as its records say it.
async fn organisation_id(system: &System, organisation: &Organisation) -> String {
    let client = system.client(organisation);
    let sent = client.publish(&event().signed_by(organisation)).await.expect(202);
    let path = format!("/aibbar/events/{}", sent.body["event_id"].as_str().unwrap());
    eventually("it is stored", async || {
        let stored = client.get(&path).await;
        (stored.status == 200).then(|| stored.body["record"]["org_id"].as_str().unwrap().to_owned())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_bytes_are_letters_of_nobody_block_nothing_and_give_nothing_away() {
    let system = System::at_scale(1);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let org_id = organisation_id(&system, &organisation).await;
    let log = kafka(&system);
    let count = strange_records(&org_id).len();
    append(&log, strange_records(&org_id)).await;
    client.publish(&event().saying("behind them").signed_by(&organisation)).await.expect(202);
    client.stored_once_there("", 2).await;

    let ours = letters(&client, "", 1).await.remove(0);
    assert_eq!((&ours["reason"], &ours["redrivable"]), (&json!("not_a_record"), &json!(false)));
    let path = format!("{PATH}/{}", id(&ours));
    assert_eq!(client.get(&path).await.expect(200).body["text"], "mine, of [REDACTED:email]");
    assert_eq!(client.request("POST", &format!("{path}/redrive"), None).await.expect(409).code(), "not_redrivable");

    let listed = eventually("the operator sees all of them", async || {
        let listed = system.run(&["dlq", "list", "--on-log", "--json"]).succeeded().stdout;
        (listed.lines().count() == count).then_some(listed)
    })
    .await;
    let of_nobody: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(of_nobody.iter().filter(|letter| letter["org_id"].is_null()).count(), count - 1);
    for letter in &of_nobody {
        let shown = system.run(&["dlq", "show", id(letter), "--on-log"]).succeeded().stdout;
        assert!(shown.contains("not_a_record"), "{shown}");
        assert!(!shown.contains("canary") && !shown.contains("tr0ub4dor"), "{shown}");
        assert_eq!(system.run(&["dlq", "redrive", id(letter), "--on-log"]).status.code(), Some(3));
    }
    // Nothing of it is in the topic of letters, nor in anyone's log.
    let at_rest = system.services().kafka.records_at_rest(DEAD_LETTERS_TOPIC);
    let said = system.gateway.said() + &system.consumers[0].said();
    for secret in ["canary", "tr0ub4dor", "c\0a\0n"] {
        assert!(!at_rest.contains(secret) && !said.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_bytes_in_an_embedded_log_are_letters_too() {
    let mut system = System::embedded();
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let org_id = organisation_id(&system, &organisation).await;
    assert_eq!(system.gateway.stop().code(), Some(0));
    let log = LocalLog::open(&system.data_dir().join("log"), LocalSettings::default()).unwrap();
    append(&log, strange_records(&org_id)).await;
    log.close(Duration::from_secs(10)).await;
    drop(log);
    system.gateway.start_again();
    client.publish(&event().saying("behind them").signed_by(&organisation)).await.expect(202);
    client.stored_once_there("", 2).await;
    let ours = letters(&client, "reason=not_a_record", 1).await.remove(0);
    let shown = client.get(&format!("{PATH}/{}", id(&ours))).await.expect(200).body;
    assert_eq!(shown["text"], "mine, of [REDACTED:email]");
    assert!(!system.gateway.said().contains("canary"));
    // The store, at least, has never seen them.
    let store: Vec<u8> = std::fs::read(system.data_dir().join("store.sqlite")).unwrap();
    assert!(!String::from_utf8_lossy(&store).contains("canary"));
    assert!(String::from_utf8_lossy(&bytes_under(&system.data_dir().join("log"))).contains("canary"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_written_twice_is_shown_once_by_every_gateway() {
    let mut system = System::at_scale(1);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    refuse_poison(&system, true);
    let mut refused = 0;
    // In the middle of its work, whatever it was doing.
    for _ in 0..3 {
        for _ in 0..4 {
            client.publish(&event().in_session("poison").signed_by(&organisation)).await.expect(202);
            refused += 1;
        }
        system.consumers[0].kill();
        system.consumers[0].start_again();
    }
    let before = letters(&client, "", refused).await;
    client.request("POST", &format!("{PATH}/{}/redrive", id(&before[0])), None).await.expect(200);
    let before = letters(&client, "", refused + 1).await;

    // As after a crash between a letter and the position behind it, for all of them at once: the position goes back.
    let log = kafka(&system);
    let in_topic = async || {
        let bounds = log.bounds(DEAD_LETTERS_TOPIC).await.ok()?;
        Some(bounds.values().map(|bounds| bounds.end).sum::<u64>())
    };
    let entries = eventually("the topic tells", in_topic).await;
    assert_eq!(system.consumers[0].stop().code(), Some(0));
    let back = ["--group", "gapin-store", "--reset-offsets", "--to-earliest", "--topic", EVENTS_TOPIC, "--execute"];
    // A consumer that was killed is a member until its session ends, and a group with members keeps its positions.
    eventually("the group is empty and goes back", async || {
        let said = system.services().kafka.tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", &back);
        said.lines().any(|line| line.contains("gapin-store") && line.contains(EVENTS_TOPIC)).then_some(())
    })
    .await;
    system.consumers[0].start_again();
    eventually("every letter is there once more", async || {
        (in_topic().await? >= entries + refused as u64).then_some(())
    })
    .await;

    let other = e2e::Client::new(&system.add_gateway(), &organisation.api_key);
    assert_eq!(client.all(PATH).await, before);
    assert_eq!(other.all(PATH).await, before);
    // What one gateway does, the other shows at once.
    let open: Vec<&Value> = before.iter().filter(|letter| letter["state"] == "open").collect();
    for (one, another, letter) in [(&client, &other, open[1]), (&other, &client, open[2])] {
        one.request("POST", &format!("{PATH}/{}/redrive", id(letter)), None).await.expect(200);
        let seen = another.get(&format!("{PATH}/{}", id(letter))).await.expect(200).body;
        assert_eq!(seen["state"], "redriven");
    }
}
