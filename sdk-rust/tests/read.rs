//! What is read back, and what is managed.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt;
use gapin_sdk::{
    ApiErrorKind, Client, Error, EventFilter, EventType, KeyChange, NewKey, NewMessage, NewTopic, Record, TopicChange,
};
use serde_json::{Value, json};
use support::{eventually_async, gateway, settings, stored};
use uuid::Uuid;

fn client(ai_id: Uuid) -> Client {
    Client::new(settings(gateway(), ai_id)).unwrap()
}

fn query(prompt: impl Into<Value>) -> Value {
    json!({"event_type": "ai.query", "query": {"prompt": prompt.into()}})
}

async fn all(client: &Client, filter: EventFilter) -> Vec<Record> {
    client.events().list(filter).limit(10).try_collect().await.unwrap()
}

fn kind(error: Error) -> ApiErrorKind {
    match error {
        Error::Api(error) => error.kind(),
        other => panic!("{other}"),
    }
}

fn unheard_of() -> String {
    format!("orders-{}", Uuid::new_v4().simple())
}

// feature: read.list
#[tokio::test]
async fn lists_page_by_themselves() {
    let ai_id = Uuid::new_v4();
    let client = client(ai_id);
    for number in 0..25 {
        let mut event = query(number.to_string());
        event["metadata"] = json!({"session_id": if number % 2 == 0 { "even" } else { "odd" }});
        client.record(event).await.unwrap();
    }
    stored(gateway(), ai_id, 25);
    let of_ai = EventFilter::new().ai_id(ai_id);
    let listed = all(&client, of_ai.clone()).await;
    let prompts: Vec<_> = listed.iter().map(|record| record.event["query"]["prompt"].as_str().unwrap()).collect();
    let expect: Vec<_> = (0..25).rev().map(|number| number.to_string()).collect();
    assert_eq!(prompts, expect);
    let pages: Vec<Vec<Record>> = client.events().list(of_ai.clone()).limit(10).pages().try_collect().await.unwrap();
    assert_eq!(pages.concat(), listed);
    assert!(pages.iter().all(|page| page.len() <= 10));
    assert_eq!(all(&client, of_ai.clone().session_id("even")).await.len(), 13);
    let future = SystemTime::now() + Duration::from_secs(120);
    assert_eq!(all(&client, of_ai.clone().from(future)).await, []);
    assert_eq!(all(&client, of_ai.clone().to(future).event_type(EventType::Query)).await.len(), 25);
    assert_eq!(all(&client, of_ai.clone().event_type(EventType::Error)).await, []);
    let refused = client.events().list(of_ai.from("2026-01-01")).next().await.unwrap().unwrap_err();
    assert_eq!(refused.status(), Some(400), "a time without an offset is no moment");
}

// feature: read.get
#[tokio::test]
async fn one_event_is_read() {
    let client = client(Uuid::new_v4());
    let accepted = client.record(query("call 555 or write to a@example.com")).await.unwrap();
    let record = eventually_async("it is stored", async || client.events().get(accepted.event_id).await.ok()).await;
    assert_eq!(record.event["query"]["prompt"], "call 555 or write to [REDACTED:email]");
    assert_eq!(record.record.event_id, accepted.event_id);
    let hidden: Vec<_> = record.record.redactions.iter().map(|one| (one.pointer.as_str(), one.kind.as_str())).collect();
    assert_eq!(hidden, [("/query/prompt", "email")]);
    let missing = client.events().get(Uuid::new_v4()).await.unwrap_err();
    assert_eq!((missing.code(), missing.status(), missing.is_retryable()), ("not_found", Some(404), false));
    assert_eq!(kind(missing), ApiErrorKind::NotFound);
}

// feature: read.topics
#[tokio::test]
async fn topics_are_made_listed_read_changed_and_deleted() {
    let client = client(Uuid::new_v4());
    let topics = client.topics();
    let name = unheard_of();
    let topic = NewTopic::new(&name).partitions(2).retention_days(14).schema(json!({"type": "object"}));
    let made = topics.create(topic).await.unwrap();
    assert_eq!((made.name.as_str(), made.partitions, made.retention_days), (name.as_str(), 2, Some(14)));
    let listed: Vec<_> = topics.list().limit(1).map_ok(|topic| topic.name).try_collect().await.unwrap();
    assert!(listed.contains(&name));
    assert_eq!(topics.update(&name, TopicChange::new().retention_days(7)).await.unwrap().retention_days, Some(7));
    let read = topics.get(&name).await.unwrap();
    assert_eq!(read.schema, Some(json!({"type": "object"})));
    assert_eq!(read.statistics.unwrap().messages, Some(0));
    let without = topics.update(&name, TopicChange::new().schema(None)).await.unwrap();
    assert_eq!(without.schema, None);
    assert_eq!(kind(topics.create(NewTopic::new(&name)).await.unwrap_err()), ApiErrorKind::Conflict);
    topics.delete(&name).await.unwrap();
    assert_eq!(kind(topics.get(&name).await.unwrap_err()), ApiErrorKind::NotFound);
}

// feature: read.publish
#[tokio::test]
async fn a_message_is_published_once_per_idempotency_key() {
    let client = client(Uuid::new_v4());
    let name = unheard_of();
    client.topics().create(NewTopic::new(&name).partitions(1)).await.unwrap();
    let idempotency_key = format!("{name}-1");
    let publish = |number: i32| {
        let publish = client.publish(&name, json!({"id": number})).key("order-7").header("trace", "9f");
        publish.idempotency_key(&idempotency_key)
    };
    let first = publish(7).await.unwrap();
    assert_eq!((first.topic.as_str(), first.status.as_str()), (name.as_str(), "accepted"));
    assert_eq!(publish(7).await.unwrap().message_id, first.message_id);
    let messages = [NewMessage::new(1), NewMessage::new(2).key("k")];
    let several = client.publish_all(&name, messages).await.unwrap();
    assert_eq!((several.accepted, several.rejected), (2, 0));
    assert!(several.results.iter().all(|result| result.message_id.is_some() && result.faults().is_empty()));
    eventually_async("three are there", async || {
        let statistics = client.topics().get(&name).await.unwrap().statistics.unwrap();
        (statistics.messages == Some(3)).then_some(())
    })
    .await;
    let reused = publish(8).await.unwrap_err();
    assert_eq!((reused.code(), reused.status()), ("idempotency_key_reused", Some(409)));
    client.topics().delete(&name).await.unwrap();
}

// feature: read.publish
#[tokio::test]
async fn of_several_messages_each_has_its_own_result() {
    let client = client(Uuid::new_v4());
    let name = unheard_of();
    let schema = json!({"type": "object", "required": ["id"]});
    client.topics().create(NewTopic::new(&name).partitions(1).schema(schema)).await.unwrap();
    let messages = [NewMessage::new(json!({"id": 1})), NewMessage::new(json!({}))];
    let results = client.publish_all(&name, messages).await.unwrap();
    assert_eq!((results.accepted, results.rejected), (1, 1));
    assert_eq!(results.results[1].status, "rejected");
    let faults = results.results[1].faults();
    assert_eq!(faults.iter().map(|fault| &*fault.code).collect::<Vec<_>>(), ["required"]);
    client.topics().delete(&name).await.unwrap();
}

// feature: read.keys
#[tokio::test]
async fn keys_are_made_listed_changed_rotated_and_revoked() {
    let client = client(Uuid::new_v4());
    let keys = client.keys();
    let made = keys.create(NewKey::new("ci", ["events:read"]).requests_per_minute(900)).await.unwrap();
    assert_eq!((made.about.name.as_str(), made.about.requests_per_minute), ("ci", Some(900)));
    assert!(!format!("{made:?}").contains(&made.key));
    let id = made.about.id;
    let with = |key: &str| Client::new(settings(gateway(), Uuid::new_v4()).api_key(key)).unwrap();
    let reader = with(&made.key);
    reader.events().list(EventFilter::new()).pages().try_next().await.unwrap();
    let refused = reader.record(query("?")).await.unwrap_err();
    assert_eq!(refused.code(), "missing_scope");
    assert_eq!(kind(refused), ApiErrorKind::PermissionDenied);
    assert_eq!(keys.get(id).await.unwrap().prefix, made.about.prefix);
    let changed = keys.update(id, KeyChange::new().name("ci-2").requests_per_minute(None)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.requests_per_minute), ("ci-2", None));
    let rotated = keys.rotate(id, Some(Duration::from_secs(60))).await.unwrap();
    assert_ne!(rotated.key, made.key);
    let listed: Vec<_> = keys.list().limit(2).map_ok(|key| key.id).try_collect().await.unwrap();
    assert!(listed.contains(&id));
    keys.revoke(id).await.unwrap();
    let reader = with(&rotated.key);
    eventually_async("the key is refused", async || {
        let error = reader.events().list(EventFilter::new()).next().await?.err()?;
        (kind(error) == ApiErrorKind::Authentication).then_some(())
    })
    .await;
}
