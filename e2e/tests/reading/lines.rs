//! Lines, and topics that go away.

use e2e::{Client, System, eventually};
use serde_json::{Value, json};

use crate::{assert_in_order_per_key, numbers, publish, text, with_topic};

/// Reads lines to their end.
async fn lines(client: &Client, query: &str) -> Vec<Value> {
    let client = client.with_header("accept", "application/x-ndjson");
    let answer = client.get(&format!("/events/read?{query}")).await.expect(200);
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    parsed(answer.body.as_str().unwrap())
}

fn parsed(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) async fn lines_come_until_there_are_no_more_and_say_so(system: &System) {
    let client = with_topic(system, "lines", 3).await;
    publish(&client, "lines", 0..3_000, 50).await;
    let mut all = lines(&client, "topic=lines").await;
    let end = all.pop().unwrap();
    assert_eq!(end["end"], "caught_up");
    let mut read = numbers(&all);
    assert_in_order_per_key(&all);
    read.sort_unstable();
    assert_eq!(read, (0..3_000).collect::<Vec<_>>());

    let mut some = lines(&client, "topic=lines&limit=7").await;
    let limit = some.pop().unwrap();
    assert_eq!((some.len(), &limit["end"]), (7, &json!("limit")));
    let rest = lines(&client, &format!("topic=lines&cursor={}", text(&limit, "cursor"))).await;
    assert_eq!(rest.len(), 3_000 - 7 + 1);

    // It waits for what comes, as long as it was told to.
    let cursor = text(&end, "cursor").to_owned();
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { lines(&client, &format!("topic=lines&wait_ms=2000&cursor={cursor}")).await }
    });
    publish(&client, "lines", 3_000..3_005, 5).await;
    let mut came = waiting.await.unwrap();
    assert_eq!(came.pop().unwrap()["end"], "caught_up");
    let mut came = numbers(&came);
    came.sort_unstable();
    assert_eq!(came, (3_000..3_005).collect::<Vec<_>>());
}

pub(crate) async fn deleting_a_topic_under_its_readers_ends_them_with_a_reason(system: &System) {
    let client = with_topic(system, "doomed", 2).await;
    publish(&client, "doomed", 0..2, 2).await;
    let by_lines = client.with_header("accept", "application/x-ndjson");
    let mut reading = by_lines.open("/events/read?topic=doomed&wait_ms=30000").await;
    let mut read = Vec::new();
    while read.iter().filter(|byte| **byte == b'\n').count() < 2 {
        read.extend_from_slice(&reading.chunk().await.unwrap().expect("a line of each message"));
    }
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.get("/events/read?topic=doomed&from=latest&wait_ms=30000").await }
    });
    let member = tokio::spawn({
        let client = client.clone();
        async move {
            let path = "/events/read?topic=doomed&group=g&reader=r&limit=2&wait_ms=30000";
            let first = client.get(path).await;
            if first.status == 404 { first } else { client.get(path).await }
        }
    });
    eventually("the group's reader has joined", async || {
        let groups = client.get("/api/v1/topics/doomed/consumers").await.expect(200).body;
        (!groups["items"].as_array()?.is_empty()).then_some(())
    })
    .await;
    client.request("DELETE", "/api/v1/topics/doomed?confirm=doomed", None).await.expect(204);
    read.extend_from_slice(&reading.bytes().await.unwrap());
    let lines = parsed(std::str::from_utf8(&read).unwrap());
    assert_eq!((lines.len(), &lines[2]["end"]), (3, &json!("topic_deleted")), "{lines:#?}");
    let waited = waiting.await.unwrap();
    assert_eq!((waited.status, waited.code()), (404, "not_found"), "{}", waited.body);
    let of_group = member.await.unwrap();
    // It had the two messages, or was told at once.
    assert!(of_group.status == 404 || of_group.body["items"].as_array().is_some_and(|items| items.len() == 2));
    let commit = json!({ "topic": "doomed", "group": "g", "reader": "r", "cursor": "AA" });
    client.post_json("/events/commit", commit).await.expect(404);
}
