//! The live stream.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use gapin_sdk::{
    ApiErrorKind, Client, Error, EventFilter, EventStream, EventType, LiveStream, MessageFilter, MessageStream, NewKey,
    NewMessage, NewTopic, StreamFilter,
};
use serde_json::json;
use support::{Gateway, Relay, WAIT_MAX, gateway, settings};
use uuid::Uuid;

async fn ask(client: &Client, prompts: &[&str]) {
    for prompt in prompts {
        client.record(json!({"event_type": "ai.query", "query": {"prompt": prompt}})).await.unwrap();
    }
}

async fn next<F: StreamFilter>(stream: &mut LiveStream<F>) -> Result<F::Item, Error> {
    tokio::time::timeout(WAIT_MAX, stream.next()).await.expect("nothing came").expect("the stream has ended")
}

async fn take(stream: &mut EventStream, count: usize) -> Vec<String> {
    let mut prompts = Vec::new();
    while prompts.len() < count {
        let live = next(stream).await.unwrap();
        prompts.push(live.event["query"]["prompt"].as_str().unwrap().to_owned());
    }
    prompts
}

fn of(ai_id: Uuid) -> EventFilter {
    EventFilter::new().ai_id(ai_id)
}

// feature: stream.live
#[tokio::test]
async fn events_come_as_they_are_acknowledged() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    ask(&client, &["before"]).await;
    let mut stream = client.stream(of(ai_id)).from_cursor("earliest");
    assert_eq!(take(&mut stream, 1).await, ["before"]);
    ask(&client, &["one", "two"]).await; // the stream is open
    assert_eq!(take(&mut stream, 2).await, ["one", "two"]);
    ask(&client, &["three"]).await;
    let live = next(&mut stream).await.unwrap();
    assert_eq!(live.event["ai_id"], ai_id.to_string());
    assert_eq!(live.event["event_id"], live.record.event_id.to_string());
    assert_eq!(stream.cursor(), Some(live.cursor.as_str()));
    let mut later = client.stream(of(ai_id)).from_cursor(live.cursor);
    ask(&client, &["four"]).await;
    assert_eq!(take(&mut later, 1).await, ["four"]);
}

// feature: stream.filters
#[tokio::test]
async fn only_what_matches_comes() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    ask(&client, &["outside"]).await;
    for prompt in ["first inside", "second inside"] {
        let event = json!({
            "event_type": "ai.query", "query": {"prompt": prompt}, "metadata": {"session_id": "s-1", "user_id": prompt},
        });
        client.record(event).await.unwrap();
    }
    let mut stream = client.stream(of(ai_id).session_id("s-1").q("second")).from_cursor("earliest");
    assert_eq!(take(&mut stream, 1).await, ["second inside"]);
    let conditions = r#"/event/metadata/user_id="second inside""#;
    let mut stream = client.stream(of(ai_id)).where_(conditions).from_cursor("earliest");
    assert_eq!(take(&mut stream, 1).await, ["second inside"]);
    let mut stream = client.stream(of(ai_id).event_type(EventType::Query)).from_cursor("earliest");
    assert_eq!(take(&mut stream, 3).await, ["outside", "first inside", "second inside"]);
    let mut stream = client.stream(of(ai_id)).where_("/event/event_type=nothing");
    assert_eq!(next(&mut stream).await.unwrap_err().code(), "invalid_parameter");
    assert!(stream.next().await.is_none(), "a stream that ended stays ended");
}

// feature: stream.resumes
#[tokio::test]
async fn a_stream_that_is_cut_goes_on_where_it_was() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let relay = Relay::new(gateway().port);
    let watching = Client::new(settings(gateway(), ai_id).url(&relay.url)).unwrap();
    ask(&client, &["0"]).await;
    let mut stream = watching.stream(of(ai_id)).from_cursor("earliest");
    assert_eq!(take(&mut stream, 1).await, ["0"]);
    for number in (1..10).step_by(2) {
        let (one, other) = (number.to_string(), (number + 1).to_string());
        ask(&client, &[&one]).await;
        relay.cut();
        ask(&client, &[&other]).await;
        assert_eq!(take(&mut stream, 2).await, [one, other]);
    }
    assert_eq!(stream.gaps(), 0);
    assert!(relay.connections() >= 6);
}

// feature: stream.resumes
#[tokio::test]
async fn a_gateway_that_starts_again_goes_on_and_one_that_is_away_is_told_in_the_end() {
    let ai_id = Uuid::new_v4();
    let mut gateway = Gateway::own();
    let client = Client::new(settings(&gateway, ai_id)).unwrap();
    ask(&client, &["0"]).await;
    let mut stream = client.stream(of(ai_id)).from_cursor("earliest");
    assert_eq!(take(&mut stream, 1).await, ["0"]);
    gateway.kill();
    gateway.start();
    ask(&client, &["1"]).await;
    assert_eq!(take(&mut stream, 1).await, ["1"]);
    gateway.stop();
    let mut stream = client.stream(of(ai_id)).retry_for(Duration::from_millis(1));
    assert_eq!(next(&mut stream).await.unwrap_err().code(), "transport");
}

// feature: stream.resumes
#[tokio::test]
async fn a_revoked_key_ends_the_stream_with_its_reason() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let made = client.keys().create(NewKey::new("reader", ["events:read"])).await.unwrap();
    ask(&client, &["0"]).await;
    let reader = Client::new(settings(gateway(), ai_id).api_key(&made.key)).unwrap();
    let mut stream = reader.stream(of(ai_id)).from_cursor("earliest");
    assert_eq!(take(&mut stream, 1).await, ["0"]);
    client.keys().revoke(made.about.id).await.unwrap();
    let ended = next(&mut stream).await.unwrap_err();
    assert!(["key_invalid", "invalid_api_key"].contains(&ended.code()), "{ended}");
    let Error::Api(error) = ended else { panic!("{ended}") };
    assert_eq!(error.kind(), ApiErrorKind::Authentication);
}

// feature: stream.gaps
#[tokio::test]
async fn a_reader_that_was_too_slow_is_told_and_misses_nothing() {
    const EVENTS: usize = 100;
    let ai_id = Uuid::new_v4();
    let gateway = Gateway::with(&[("GAPIN_LIVE_QUEUE_RECORDS_MAX", "8")]);
    let client = Client::new(settings(&gateway, ai_id)).unwrap();
    ask(&client, &["0"]).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let mut stream =
        client.stream(of(ai_id)).from_cursor("earliest").on_gap(move |gap| keep.lock().unwrap().push(gap.clone()));
    assert_eq!(take(&mut stream, 1).await, ["0"]);
    // More than lies between the gateway and this reader, who does not read.
    let long = "x".repeat(200_000);
    for number in 1..=EVENTS {
        let query = json!({"prompt": number.to_string(), "parameters": long});
        client.record(json!({"event_type": "ai.query", "query": query})).await.unwrap();
    }
    let expect: Vec<_> = (1..=EVENTS).map(|number| number.to_string()).collect();
    assert_eq!(take(&mut stream, EVENTS).await, expect);
    let told = told.lock().unwrap();
    assert_eq!(stream.gaps(), told.len() as u64);
    assert!(told[0].missed.unwrap() > 0);
    assert!(told[0].resume.is_some());
}

/// A topic of one partition, which nobody has heard of.
async fn topic(client: &Client) -> String {
    let name = format!("orders-{}", Uuid::new_v4().simple());
    client.topics().create(NewTopic::new(&name).partitions(1)).await.unwrap();
    name
}

async fn publish(client: &Client, topic: &str, numbers: impl IntoIterator<Item = u64>) {
    let messages = numbers.into_iter().map(|number| NewMessage::new(json!({"id": number})));
    assert_eq!(client.publish_all(topic, messages).await.unwrap().rejected, 0);
}

async fn take_numbers(stream: &mut MessageStream, count: usize) -> Vec<u64> {
    let mut numbers = Vec::new();
    while numbers.len() < count {
        numbers.push(next(stream).await.unwrap().message["id"].as_u64().unwrap());
    }
    numbers
}

// feature: stream.topics
#[tokio::test]
async fn messages_of_topics_come_as_they_are_acknowledged() {
    let client = Client::new(settings(gateway(), Uuid::new_v4())).unwrap();
    let (orders, returns) = (topic(&client).await, topic(&client).await);
    let sent = client.publish(&orders, json!({"id": 1})).key("order-1").header("trace", "9f").await.unwrap();
    let mut stream = client.stream(MessageFilter::new([&orders, &returns])).from_cursor("earliest");
    let first = next(&mut stream).await.unwrap();
    assert_eq!((first.message, first.topic, first.partition, first.offset), (json!({"id": 1}), orders.clone(), 0, 0));
    assert_eq!((first.key.as_deref(), first.headers["trace"].as_str()), (Some("order-1"), "9f"));
    assert_eq!(first.message_id, Some(sent.message_id.to_string()));
    publish(&client, &returns, [2]).await; // the stream is open
    let second = next(&mut stream).await.unwrap();
    assert_eq!((second.topic, second.key, second.headers.len()), (returns.clone(), None, 0));
    publish(&client, &orders, [3, 4]).await;
    assert_eq!(take_numbers(&mut stream, 2).await, [3, 4]);
    let mut filtered = client.stream(MessageFilter::new([&orders])).where_("/id=4").from_cursor("earliest");
    assert_eq!(take_numbers(&mut filtered, 1).await, [4]);
    let mut filtered = client.stream(MessageFilter::new([&orders]).q("3")).from_cursor("earliest");
    assert_eq!(take_numbers(&mut filtered, 1).await, [3]);
    let mut later = client.stream(MessageFilter::new([&orders, &returns])).from_cursor(stream.cursor().unwrap());
    publish(&client, &returns, [5]).await;
    assert_eq!(take_numbers(&mut later, 1).await, [5]);
}

// feature: stream.topics
#[tokio::test]
async fn a_stream_of_messages_that_is_cut_goes_on_where_it_was() {
    let client = Client::new(settings(gateway(), Uuid::new_v4())).unwrap();
    let relay = Relay::new(gateway().port);
    let watching = Client::new(settings(gateway(), Uuid::new_v4()).url(&relay.url)).unwrap();
    let orders = topic(&client).await;
    publish(&client, &orders, [0]).await;
    let mut stream = watching.stream(MessageFilter::new([&orders])).from_cursor("earliest");
    assert_eq!(take_numbers(&mut stream, 1).await, [0]);
    for number in (1..10).step_by(2) {
        publish(&client, &orders, [number]).await;
        relay.cut();
        publish(&client, &orders, [number + 1]).await;
        assert_eq!(take_numbers(&mut stream, 2).await, [number, number + 1]);
    }
    assert_eq!(stream.gaps(), 0);
    assert!(relay.connections() >= 6);
}

// feature: stream.topics
#[tokio::test]
async fn a_reader_of_messages_that_was_too_slow_is_told_and_misses_nothing() {
    const MESSAGES: u64 = 100;
    let gateway = Gateway::with(&[("GAPIN_LIVE_QUEUE_RECORDS_MAX", "8")]);
    let client = Client::new(settings(&gateway, Uuid::new_v4())).unwrap();
    let orders = topic(&client).await;
    publish(&client, &orders, [0]).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let stream = client.stream(MessageFilter::new([&orders])).from_cursor("earliest");
    let mut stream = stream.on_gap(move |gap| keep.lock().unwrap().push(gap.clone()));
    assert_eq!(take_numbers(&mut stream, 1).await, [0]);
    // More than lies between the gateway and this reader, who does not read.
    let long = "x".repeat(200_000);
    for number in 1..=MESSAGES {
        client.publish(&orders, json!({"id": number, "long": long})).await.unwrap();
    }
    assert_eq!(take_numbers(&mut stream, 100).await, (1..=MESSAGES).collect::<Vec<_>>());
    let told = told.lock().unwrap();
    assert_eq!(stream.gaps(), told.len() as u64);
    assert!(told[0].missed.unwrap() > 0);
    assert!(told[0].resume.is_some());
}

// feature: stream.topics
#[tokio::test]
async fn a_topic_that_is_deleted_ends_its_stream() {
    let client = Client::new(settings(gateway(), Uuid::new_v4())).unwrap();
    let orders = topic(&client).await;
    publish(&client, &orders, [0]).await;
    let mut stream = client.stream(MessageFilter::new([&orders])).from_cursor("earliest");
    assert_eq!(take_numbers(&mut stream, 1).await, [0]);
    client.topics().delete(&orders).await.unwrap();
    let ended = next(&mut stream).await.unwrap_err();
    assert!(["topic_deleted", "not_found"].contains(&ended.code()), "{ended}");
    let Error::Api(error) = ended else { panic!("{ended}") };
    assert_eq!(error.kind(), ApiErrorKind::NotFound);
    assert!(stream.next().await.is_none());
}

// feature: stream.topics
#[tokio::test]
async fn what_is_no_topic_of_ones_own_is_said() {
    let client = Client::new(settings(gateway(), Uuid::new_v4())).unwrap();
    for topics in [vec![], vec!["orders", "aibbar.events"]] {
        let mut stream = client.stream(MessageFilter::new(topics));
        assert_eq!(next(&mut stream).await.unwrap_err().code(), "configuration");
    }
    let mut stream = client.stream(MessageFilter::new(["nobody.has.made.it"]));
    assert_eq!(next(&mut stream).await.unwrap_err().status(), Some(404));
}
