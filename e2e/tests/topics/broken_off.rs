//! What was broken off between the store and the log, and what is published while the log is away.

use e2e::{Shape, System, eventually, lock_sqlite_under};
use serde_json::{Value, json};

use crate::{TOPICS, client, made, messages, named, published};

/// A topic whose row is there, and whose gateway is killed while the log is away.
async fn a_topic_that_was_broken_off_is_made_at_its_next_use(mut system: System) {
    let client = client(&system);
    made(&client, named("before")).await;
    let locked = match system.shape {
        Shape::Embedded => Some(lock_sqlite_under(&system.data_dir(), "log")),
        Shape::AtScale => {
            system.services().kafka.freeze();
            None
        }
    };
    let maker = client.clone();
    // Nobody waits for its answer: there is none.
    let making = tokio::spawn(async move { maker.request("POST", TOPICS, named("orders")).await });
    eventually("the row is there", async || {
        let names = client.all(TOPICS).await;
        names.iter().any(|topic| topic["name"] == "orders").then_some(())
    })
    .await;
    system.gateway.kill();
    assert!(making.await.is_err(), "the gateway was killed before it answered");
    match system.shape {
        Shape::Embedded => drop(locked),
        Shape::AtScale => system.services().kafka.thaw(),
    }
    system.gateway.start_again();
    let told = eventually("the topic takes messages", async || {
        let answer = published(&client, json!({ "topic": "orders", "message": "first" })).await;
        (answer.status == 202).then_some(answer.body)
    })
    .await;
    assert_eq!(told["topic"], "orders");
    let read = eventually("the message is there", async || {
        Some(messages(&client, "orders").await).filter(|read| !read.is_empty())
    })
    .await;
    assert_eq!(read[0]["message"], "first");
    let described = client.get(&format!("{TOPICS}/orders")).await.expect(200).body;
    assert_eq!(described["statistics"]["partitions"].as_array().unwrap().len(), 2);
}

mod embedded {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_topic_that_was_broken_off_is_made_at_its_next_use() {
        super::a_topic_that_was_broken_off_is_made_at_its_next_use(System::embedded()).await;
    }
}

mod at_scale {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_broken_off_and_what_was_spooled_comes_into_the_log() {
        let mut system = System::at_scale(1);
        let another = system.add_gateway();
        let client = client(&system);
        made(&client, named("orders")).await;
        published(&client, json!({ "topic": "orders", "key": "k", "message": 0 })).await.expect(202);

        // A key is known to every gateway.
        let keyed = client.with_header("Idempotency-Key", "once");
        let elsewhere = e2e::Client::new(&another, client.api_key()).with_header("Idempotency-Key", "once");
        let message = json!({ "topic": "orders", "key": "k", "message": 1 });
        let first = published(&keyed, message.clone()).await.expect(202).body;
        assert_eq!(published(&elsewhere, message).await.expect(202).body, first);

        system.services().kafka.kill();
        let mut spooled = Vec::new();
        for number in 2..6 {
            let message = json!({ "topic": "orders", "key": "k", "message": number });
            spooled.push(published(&client, message).await.expect(202).body);
        }
        // They have no place yet, and an id by which they are found.
        assert!(
            spooled.iter().all(|told| told.get("offset").is_none() && told.get("partition").is_none()),
            "{spooled:?}"
        );
        // A topic that the log can't make now is not there.
        let refused = client.request("POST", TOPICS, named("later")).await.expect(503);
        assert_eq!(refused.code(), "log_unavailable");
        assert_eq!(client.all(TOPICS).await.len(), 2);
        system.services().kafka.restart();
        let read = eventually("what was spooled is in the log", async || {
            let answer = client.get("/events/read?topic=orders&limit=100").await;
            let items = answer.body["items"].as_array().cloned().unwrap_or_default();
            (items.len() >= 6).then_some(items)
        })
        .await;
        let numbers: Vec<_> = read.iter().map(|message| message["message"].clone()).collect();
        assert_eq!(numbers, (0..6).map(Value::from).collect::<Vec<_>>());
        for told in &spooled {
            assert!(read.iter().any(|message| message["message_id"] == told["message_id"]), "{told}");
        }
        // And its name is free again.
        eventually("the topic can be made", async || {
            let answer = client.request("POST", TOPICS, named("later")).await;
            (answer.status == 201).then_some(())
        })
        .await;
        a_topic_that_was_broken_off_is_made_at_its_next_use(system).await;
    }
}
