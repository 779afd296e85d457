//! Pages: from a cursor, from either end, from a time; what is refused; the long poll.

use std::{collections::BTreeSet, io::Write, net::TcpStream, time::Duration};

use aibbar::{Timestamp, topic::TopicName};
use bus::{
    EventLog, NewRecord,
    kafka::{KafkaLog, KafkaSettings},
};
use e2e::{Client, Shape, System, event, eventually};
use serde_json::json;
use uuid::Uuid;

use crate::{assert_in_order_per_key, items, make_topic, number, numbers, publish, text, with_topic};

pub(crate) async fn a_topic_is_read_whole_from_cursor_to_cursor(system: &System) {
    let client = with_topic(system, "whole", 3).await;
    publish(&client, "whole", 0..250, 20).await;
    let (mut all, mut place) = (Vec::new(), "from=earliest".to_owned());
    loop {
        let page = client.get(&format!("/events/read?topic=whole&limit=40&{place}")).await.expect(200).body;
        assert!(items(&page).len() <= 40, "{page}");
        all.extend_from_slice(items(&page));
        place = format!("cursor={}", text(&page, "next_cursor"));
        if page["caught_up"] == true {
            break;
        }
    }
    assert_eq!(numbers(&all).into_iter().collect::<BTreeSet<_>>(), (0..250).collect());
    assert_eq!(all.len(), 250, "a message came twice");
    assert_in_order_per_key(&all);
    let first = &all[0];
    assert_eq!(first["topic"], "whole");
    assert!(Timestamp::parse(text(first, "appended_at")).is_some() && first["message_id"].is_string(), "{first}");

    // A message's own cursor leads on behind it, a partition may be read alone, and a page is bounded by bytes.
    let middle = text(&all[99], "cursor");
    let rest = client.get(&format!("/events/read?topic=whole&limit=1000&cursor={middle}")).await.expect(200).body;
    assert_eq!(numbers(items(&rest)).into_iter().collect::<BTreeSet<_>>(), numbers(&all[100..]).into_iter().collect());
    let alone = client.get("/events/read?topic=whole&limit=1000&partition=1").await.expect(200).body;
    let of_one: Vec<_> = all.iter().filter(|item| item["partition"] == 1).map(number).collect();
    assert!(!of_one.is_empty());
    assert_eq!(numbers(items(&alone)), of_one);
    let small = client.get("/events/read?topic=whole&limit=1000&bytes_max=1024").await.expect(200).body;
    assert!((1..10).contains(&items(&small).len()) && small["caught_up"] == false, "{small}");
    let smallest = client.get("/events/read?topic=whole&limit=1").await.expect(200).body;
    assert_eq!(items(&smallest).len(), 1);
}

pub(crate) async fn a_read_begins_at_either_end_or_at_a_time(system: &System) {
    let client = with_topic(system, "ends", 2).await;
    publish(&client, "ends", 0..10, 10).await;
    let latest = client.get("/events/read?topic=ends&from=latest").await.expect(200).body;
    assert_eq!((items(&latest).len(), &latest["caught_up"]), (0, &json!(true)));
    // The log counts milliseconds: the next batch gets a later one.
    let last = client.get("/events/read?topic=ends").await.expect(200).body;
    let last = items(&last).iter().map(|item| Timestamp::parse(text(item, "appended_at")).unwrap()).max().unwrap();
    eventually("the clock goes on", async || {
        (Timestamp::from(std::time::SystemTime::now()) > last.plus_ms(2)).then_some(())
    })
    .await;
    publish(&client, "ends", 10..20, 10).await;

    let newer: BTreeSet<u32> = (10..20).collect();
    let cursor = text(&latest, "next_cursor");
    let path = format!("/events/read?topic=ends&wait_ms=30000&cursor={cursor}");
    assert_eq!(numbers(items(&client.get(&path).await.expect(200).body)).into_iter().collect::<BTreeSet<_>>(), newer);
    let path = format!("/events/read?topic=ends&from={}", last.plus_ms(1));
    assert_eq!(numbers(items(&client.get(&path).await.expect(200).body)).into_iter().collect::<BTreeSet<_>>(), newer);
    let future = client.get("/events/read?topic=ends&from=2099-01-01T00:00:00Z").await.expect(200).body;
    assert_eq!((items(&future).len(), &future["caught_up"]), (0, &json!(true)));
}

/// Publishes numbers under keys of their own. A producer of Kafka's learns of new partitions within minutes; one that is
/// made now knows them.
async fn publish_anew(system: &System, client: &Client, topic: &str, numbers: std::ops::Range<u32>) {
    if system.shape == Shape::Embedded {
        return publish(client, topic, numbers, u32::MAX).await;
    }
    let organisation = client.get("/api/v1/organisation").await.expect(200).body;
    let org_id: Uuid = text(&organisation, "id").parse().unwrap();
    let in_log = TopicName::parse(topic).unwrap().in_log(org_id);
    let log = KafkaLog::new(KafkaSettings::new(system.services().kafka.brokers())).unwrap();
    let records = numbers.map(|n| NewRecord {
        key: format!("key-{n}").into(),
        payload: json!({ "n": n }).to_string().into(),
        headers: Vec::new(),
    });
    for outcome in log.append(&in_log, records.collect()).await {
        outcome.unwrap();
    }
}

pub(crate) async fn a_cursor_survives_new_partitions(system: &System) {
    let client = with_topic(system, "growing", 2).await;
    publish(&client, "growing", 0..20, 20).await;
    let page = client.get("/events/read?topic=growing&limit=5").await.expect(200).body;
    let mut all = numbers(items(&page));
    client.request("PATCH", "/api/v1/topics/growing", json!({ "partitions": 6 })).await.expect(200);
    let mut cursor = text(&page, "next_cursor").to_owned();
    // One that was caught up before the partitions came finds them too.
    let before = client.get("/events/read?topic=growing&limit=100&from=latest").await.expect(200).body;
    publish_anew(system, &client, "growing", 20..120).await;
    eventually("all of it is read from the old cursor", async || {
        let path = format!("/events/read?topic=growing&limit=100&wait_ms=1000&cursor={cursor}");
        let page = client.get(&path).await.expect(200).body;
        all.extend(numbers(items(&page)));
        cursor = text(&page, "next_cursor").to_owned();
        (all.len() >= 120).then_some(())
    })
    .await;
    assert_eq!(all.len(), 120, "a message came twice");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), (0..120).collect());
    let path = format!("/events/read?topic=growing&limit=1000&cursor={}", text(&before, "next_cursor"));
    let later = client.get(&path).await.expect(200).body;
    assert_eq!(items(&later).len(), 100);
    assert!(items(&later).iter().any(|item| item["partition"].as_u64() >= Some(2)), "nothing is in a new partition");
}

pub(crate) async fn a_cursor_of_something_else_is_refused(system: &System) {
    let client = with_topic(system, "one", 2).await;
    make_topic(&client, "other", 2).await;
    publish(&client, "one", 0..5, 5).await;
    let page = client.get("/events/read?topic=one").await.expect(200).body;
    let cursor = text(&page, "next_cursor");
    for (path, code) in [
        (format!("topic=other&cursor={cursor}"), "invalid_cursor"),
        (format!("topic=aibbar.events&cursor={cursor}"), "invalid_cursor"),
        ("topic=one&cursor=made-up".to_owned(), "invalid_cursor"),
        (format!("topic=one&cursor={cursor}&from=earliest"), "invalid_parameter"),
        ("topic=one&from=yesterday".to_owned(), "invalid_parameter"),
        ("topic=one&partition=2".to_owned(), "invalid_parameter"),
        ("topic=one&limit=0".to_owned(), "invalid_parameter"),
        ("topic=one&limit=10001".to_owned(), "invalid_parameter"),
        ("topic=one&wait_ms=30001".to_owned(), "invalid_parameter"),
        ("topic=one&group=g".to_owned(), "invalid_parameter"),
        ("topic=one&reader=r".to_owned(), "invalid_parameter"),
        ("topic=one&group=g&reader=r&from=latest".to_owned(), "invalid_parameter"),
        ("topic=a%2Fb".to_owned(), "invalid_parameter"),
        ("limit=5".to_owned(), "invalid_parameter"),
    ] {
        let answer = client.get(&format!("/events/read?{path}")).await.expect(400);
        assert_eq!(answer.code(), code, "{path}: {}", answer.body);
    }
    // A topic that was deleted and made again is another.
    client.request("DELETE", "/api/v1/topics/one?confirm=one", None).await.expect(204);
    client.get(&format!("/events/read?topic=one&cursor={cursor}")).await.expect(404);
    eventually("a topic of the name is made again", async || {
        let body = json!({ "name": "one", "partitions": 2 });
        (client.post_json("/api/v1/topics", body).await.status == 201).then_some(())
    })
    .await;
    let refused = client.get(&format!("/events/read?topic=one&cursor={cursor}")).await.expect(400);
    assert_eq!(refused.code(), "invalid_cursor");
}

pub(crate) async fn a_topic_is_its_organisations_alone(system: &System) {
    let ours = with_topic(system, "same-name", 1).await;
    publish(&ours, "same-name", 0..5, 5).await;
    let theirs = system.organisation();
    let their_client = system.client(&theirs);
    their_client.get("/events/read?topic=same-name").await.expect(404);
    make_topic(&their_client, "same-name", 1).await;
    let page = their_client.get("/events/read?topic=same-name").await.expect(200).body;
    assert_eq!(items(&page).len(), 0);
    assert_eq!(items(&ours.get("/events/read?topic=same-name").await.expect(200).body).len(), 5);

    // Everybody has the topic of events, and sees of it what is their own.
    let mine = system.organisation();
    let my_client = system.client(&mine);
    let from = my_client.get("/events/read?topic=aibbar.events&from=latest").await.expect(200).body;
    for n in 0..3 {
        their_client.publish(&event().saying(format!("theirs {n}")).signed_by(&theirs)).await.expect(202);
        my_client.publish(&event().saying(format!("mine {n}")).signed_by(&mine)).await.expect(202);
    }
    let (mut seen, mut cursor) = (Vec::new(), text(&from, "next_cursor").to_owned());
    eventually("one's own events are read", async || {
        let path = format!("/events/read?topic=aibbar.events&wait_ms=1000&cursor={cursor}");
        let page = my_client.get(&path).await.expect(200).body;
        seen.extend_from_slice(items(&page));
        cursor = text(&page, "next_cursor").to_owned();
        (page["caught_up"] == true && seen.len() >= 3).then_some(())
    })
    .await;
    let said: Vec<_> = seen.iter().map(|item| e2e::text_of(&item["message"]).unwrap()).collect();
    assert_eq!(said, ["mine 0", "mine 1", "mine 2"]);
    assert!(seen.iter().all(|item| item.get("headers").is_none()), "{seen:#?}");
}

pub(crate) async fn a_read_waits_for_messages_and_for_no_one_who_hung_up(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    make_topic(&client, "quiet", 2).await;
    let page = client.get("/events/read?topic=quiet&from=latest").await.expect(200).body;
    let path = format!("/events/read?topic=quiet&wait_ms=30000&cursor={}", text(&page, "next_cursor"));
    let of_group = "/events/read?topic=quiet&group=g&reader=r&wait_ms=30000";
    let waiting = |path: String| {
        let client = client.clone();
        tokio::spawn(async move { client.get(&path).await.expect(200).body })
    };
    let (reading, of_group_reading) = (waiting(path), waiting(of_group.to_owned()));
    let is_busy = async |topic: &str| {
        let reader = json!({ "topic": topic, "group": "g", "reader": "r" });
        client.post_json("/events/leave", reader).await.code() == "reader_busy"
    };
    eventually("the group's reader waits", async || is_busy("quiet").await.then_some(())).await;
    publish(&client, "quiet", 0..1, 1).await;
    for read in [reading, of_group_reading] {
        let got =
            tokio::time::timeout(Duration::from_secs(25), read).await.expect("it does not wait to its end").unwrap();
        assert_eq!(numbers(items(&got)), [0]);
    }
    client.post_json("/events/leave", json!({ "topic": "quiet", "group": "g", "reader": "r" })).await.expect(204);
    client.request("DELETE", "/api/v1/topics/quiet?confirm=quiet", None).await.expect(204);

    // Somebody who waits for messages, and is gone: the reader of that name is free at once.
    make_topic(&client, "silent", 1).await;
    let address = system.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /events/read?topic=silent&group=g&reader=r&wait_ms=30000 HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {}\r\n\r\n",
        organisation.api_key
    )
    .unwrap();
    eventually("it waits", async || is_busy("silent").await.then_some(())).await;
    drop(stream);
    let since = std::time::Instant::now();
    eventually("it waits no more", async || (!is_busy("silent").await).then_some(())).await;
    assert!(since.elapsed() < Duration::from_secs(25), "its wait was waited to the end");
}
