//! Idempotency keys.

use e2e::System;
use serde_json::json;

use crate::{client, made, messages, named, published};

pub(crate) async fn the_same_request_again_publishes_nothing_twice(system: &System) {
    let client = client(system);
    made(&client, named("orders")).await;
    let keyed = client.with_header("Idempotency-Key", "order-1");
    let batch = json!([{ "topic": "orders", "message": 1 }, { "topic": "orders", "message": 2 }]);
    let first = published(&keyed, batch.clone()).await.expect(202);
    for _ in 0..3 {
        assert_eq!(published(&keyed, batch.clone()).await.expect(202).body, first.body);
    }
    let read = messages(&client, "orders").await;
    assert_eq!(read.len(), 2);
    for (message, told) in read.iter().map(|message| {
        let told = first.results().iter().find(|result| result["message_id"] == message["message_id"]);
        (message, told.expect("the id that was told"))
    }) {
        assert_eq!((&message["partition"], &message["offset"]), (&told["partition"], &told["offset"]));
    }
    let reused = published(&keyed, json!([{ "topic": "orders", "message": 3 }])).await.expect(409);
    assert_eq!(reused.code(), "idempotency_key_reused");
    // Another organisation's key is another.
    let theirs = crate::client(system);
    made(&theirs, named("orders")).await;
    published(&theirs.with_header("Idempotency-Key", "order-1"), batch.clone()).await.expect(202);
    let many = (0..8).map(|_| published(&keyed, batch.clone()));
    for answer in futures_util::future::join_all(many).await {
        assert!(
            answer.status == 202 && answer.body == first.body || answer.code() == "idempotency_key_in_use",
            "{answer:?}"
        );
    }
    assert_eq!(messages(&client, "orders").await.len(), 2);
    let wrong = client.with_header("Idempotency-Key", "a b");
    assert_eq!(published(&wrong, batch).await.expect(400).code(), "invalid_parameter");
}

pub(crate) async fn what_was_refused_under_a_key_is_tried_again(system: &System) {
    let client = client(system);
    made(&client, named("orders")).await;
    let keyed = client.with_header("Idempotency-Key", "order-1");
    let batch = json!([{ "topic": "orders", "message": 1 }, { "topic": "later", "message": 2 }]);
    let first = published(&keyed, batch.clone()).await.expect(207);
    assert_eq!(first.statuses(), ["accepted", "rejected"]);
    made(&client, named("later")).await;
    let second = published(&keyed, batch).await.expect(202);
    assert_eq!(second.results()[0], first.results()[0]);
    assert_eq!((messages(&client, "orders").await.len(), messages(&client, "later").await.len()), (1, 1));
    // Of what nothing was kept, nothing is remembered.
    let other = client.with_header("Idempotency-Key", "order-2");
    published(&other, json!({ "topic": "nowhere", "message": 1 })).await.expect(404);
    published(&other, json!({ "topic": "orders", "message": 1 })).await.expect(202);
}
