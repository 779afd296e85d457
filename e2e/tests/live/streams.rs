//! What comes, and where it goes on.

use e2e::{event, text_of};
use serde_json::{Value, json};

use crate::{Rig, make_topic, publish, with_topic};

pub(crate) async fn a_filter_is_of_members_and_topics(rig: &Rig) {
    let (organisation, client) = with_topic(rig, "orders").await;
    let (_, others) = with_topic(rig, "orders").await;
    let paid = "%2Fstate%3D%22paid%22%2C%2Flines%2F0%2Fsku%3D%22A%22";
    let mut orders = client.live(&format!("topic=orders&where={paid}")).await;
    let mut text = client.live("topic=orders,aibbar.events&q=NEEDLE").await;
    let by_function = "%2Fevent%2Fresponse%2Flatency_ms%3D12.50";
    let mut events = client.live(&format!("where={by_function}&event_type=ai.response")).await;

    publish(&others, "orders", "k", json!({ "state": "paid", "lines": [{ "sku": "A" }], "of": "another needle" }))
        .await;
    publish(&client, "orders", "k", json!({ "state": "open", "lines": [{ "sku": "A" }] })).await;
    publish(&client, "orders", "k", json!({ "state": "paid", "lines": [{ "sku": "B" }] })).await;
    publish(&client, "orders", "k", json!({ "state": "paid", "lines": [{ "sku": "A" }], "mine": true })).await;
    let frame = orders.expect("message").await;
    assert_eq!(
        (&frame["message"]["mine"], &frame["topic"], &frame["key"]),
        (&json!(true), &json!("orders"), &json!("k"))
    );

    client.publish(&event().saying("hay").signed_by(&organisation)).await.expect(202);
    client.publish(&event().saying("a needle").signed_by(&organisation)).await.expect(202);
    assert_eq!(text_of(&text.records(1).await[0]), Some("a needle"));
    publish(&client, "orders", "k", json!("a Needle too")).await;
    assert_eq!(text.expect("message").await["message"], "a Needle too");
    let seen: Vec<Value> = events.records(2).await;
    assert_eq!(seen.iter().map(|record| text_of(record).unwrap()).collect::<Vec<_>>(), ["hay", "a needle"]);

    for (query, status, code, said) in [
        ("where=%2Fa%3Db", 400, "invalid_parameter", "at character 4"),
        ("where=a%3D1", 400, "invalid_parameter", "at character 1"),
        ("topic=orders&ai_id=3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b", 400, "invalid_parameter", "orders"),
        ("topic=or%2Fders", 400, "invalid_parameter", "A–Z"),
        ("topic=orders,orders", 400, "invalid_parameter", "twice"),
        ("topic=unknown", 404, "not_found", "no topic"),
        ("topic=orders&cursor=x", 400, "invalid_cursor", ""),
    ] {
        let answer = client.get(&format!("/sse/events?{query}")).await.expect(status);
        assert_eq!(answer.code(), code, "{query}: {}", answer.body);
        assert!(answer.body["detail"].as_str().unwrap().contains(said), "{query}: {}", answer.body);
    }
    client.server_sent("where=%2Fa%3D%22b%22", Some("")).await.expect("hello").await;
}

pub(crate) async fn a_client_pauses_and_changes_its_filter(rig: &Rig) {
    const WHILE_PAUSED: usize = 100;
    const PORTION: usize = 25;
    let organisation = rig.organisation();
    let client = rig.client(&organisation);
    let mut live = client.live("q=first").await;
    live.say(json!({ "type": "pause" })).await;
    live.expect("paused").await;
    // More than a queue holds: whoever pauses has none. Somebody else sees them in portions, so none of them is new
    // when the stream goes on.
    let mut watching = client.live("q=first").await;
    let sent: Vec<Value> = (0..WHILE_PAUSED)
        .map(|number| event().saying(format!("first {number}").as_str()).signed_by(&organisation))
        .collect();
    for portion in sent.chunks(PORTION) {
        client.publish(&Value::from(portion)).await.expect(202);
        watching.records(portion.len()).await;
    }
    live.say(json!({ "type": "resume" })).await;
    live.expect("resumed").await;
    let texts: Vec<String> =
        live.records(WHILE_PAUSED).await.iter().map(|record| text_of(record).unwrap().to_owned()).collect();
    assert_eq!(texts, (0..WHILE_PAUSED).map(|number| format!("first {number}")).collect::<Vec<_>>());

    live.say(json!({ "type": "filter", "q": "second" })).await;
    live.expect("filtered").await;
    client.publish(&event().saying("first again").signed_by(&organisation)).await.expect(202);
    client.publish(&event().saying("second").signed_by(&organisation)).await.expect(202);
    assert_eq!(text_of(&live.records(1).await[0]), Some("second"));
    // All of it from the beginning, by the filter of now.
    live.say(json!({ "type": "resume", "cursor": "earliest" })).await;
    live.expect("resumed").await;
    assert_eq!(text_of(&live.records(1).await[0]), Some("second"));
}

pub(crate) async fn a_cursor_is_of_its_topics_alone(rig: &Rig) {
    let (_, client) = with_topic(rig, "orders").await;
    make_topic(&client, "bills").await;
    let mut both = client.live("topic=orders,bills").await;
    publish(&client, "orders", "k", json!(1)).await;
    assert_eq!(both.expect("message").await["message"], 1);
    let cursor = both.cursor.clone();
    publish(&client, "bills", "k", json!(2)).await;
    publish(&client, "orders", "k", json!(3)).await;
    let mut again = client.live(&format!("topic=orders,bills&cursor={cursor}")).await;
    let mut seen =
        [again.expect("message").await, again.expect("message").await].map(|frame| frame["message"].as_u64());
    seen.sort_unstable();
    assert_eq!(seen, [Some(2), Some(3)]);
    publish(&client, "orders", "k", json!(4)).await;
    assert_eq!(again.expect("message").await["message"], 4);
    for other in ["orders", "bills", "bills,orders", "aibbar.events"] {
        let answer = client.get(&format!("/sse/events?topic={other}&cursor={cursor}")).await.expect(400);
        assert_eq!(answer.code(), "invalid_cursor");
    }
    // What `GET /events/read` gives is taken, and the other way round.
    let page = client.get("/events/read?topic=bills&from=earliest").await.expect(200).body;
    let cursor = page["cursor"].as_str().or(page["next_cursor"].as_str()).unwrap();
    let mut live = client.live(&format!("topic=bills&cursor={cursor}")).await;
    publish(&client, "bills", "k", json!(5)).await;
    assert_eq!(live.expect("message").await["message"], 5);
}

pub(crate) async fn server_sent_events_go_on_behind_the_last_id(rig: &Rig) {
    let organisation = rig.organisation();
    let client = rig.client(&organisation);
    let said = async |text: &str| {
        client.publish(&event().saying(text).signed_by(&organisation)).await.expect(202);
    };
    let mut stream = client.server_sent("", None).await;
    assert_eq!(stream.header("content-type"), Some("text/event-stream"));
    assert!(stream.header("cache-control").unwrap().contains("no-transform"));
    assert_eq!(stream.header("content-encoding"), None);
    let hello = stream.expect("hello").await;
    assert!(hello.retry.is_some() && hello.id.is_some(), "{hello:?}");
    for text in ["one", "two", "three"] {
        said(text).await;
    }
    for text in ["one", "two"] {
        assert_eq!(text_of(&stream.expect("event").await.data), Some(text));
    }
    let id = stream.last_id.clone();
    drop(stream);
    said("four").await;
    // An `EventSource` keeps its address: what it saw last counts, not where it began.
    let mut stream = client.server_sent("cursor=earliest", Some(&id)).await;
    stream.expect("hello").await;
    for text in ["three", "four"] {
        assert_eq!(text_of(&stream.expect("event").await.data), Some(text));
    }
    said("five").await;
    assert_eq!(text_of(&stream.expect("event").await.data), Some("five"));
}

pub(crate) async fn gapin_tail_follows_a_topic(rig: &Rig) {
    let (organisation, client) = with_topic(rig, "orders").await;
    for number in 0..3 {
        publish(&client, "orders", "k", json!({ "number": number })).await;
    }
    let tail = |args: &[&str]| {
        let args = [&["tail", "--topic", "orders", "--cursor", "earliest", "--limit", "3"], args].concat();
        rig.run_as(&organisation, &args, b"").succeeded().stdout
    };
    let lines: Vec<Value> = tail(&["--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<_> = lines.iter().map(|line| line["message"]["number"].as_u64()).collect();
    assert_eq!(numbers, [Some(0), Some(1), Some(2)]);
    let shown = tail(&[]);
    assert!(shown.lines().next().unwrap().ends_with(r#"  k  {"number":0}"#), "{shown}");
    let refused = rig.run_as(&organisation, &["tail", "--topic", "nowhere"], b"");
    assert!(!refused.status.success() && refused.stderr.contains("not_found"), "{}", refused.stderr);
}
