//! Groups: what is given out, committed, and comes again; who holds which partitions; how far they are.

use std::collections::BTreeSet;

use aibbar::Timestamp;
use e2e::{Answer, Client, System, event, eventually, text_of};
use serde_json::{Value, json};

use crate::{items, number, numbers, publish, text, with_topic};

/// Reads as one of a group until something came.
async fn read(client: &Client, topic: &str, reader: &str, more: &str) -> Value {
    eventually("messages come to a reader of the group", async || {
        let page = client.get(&path(topic, reader, more)).await.expect(200).body;
        (!items(&page).is_empty()).then_some(page)
    })
    .await
}

fn path(topic: &str, reader: &str, more: &str) -> String {
    format!("/events/read?topic={topic}&group=g&reader={reader}&wait_ms=1000{more}")
}

async fn commit(client: &Client, topic: &str, reader: &str, cursor: &str) -> Answer {
    let body = json!({ "topic": topic, "group": "g", "reader": reader, "cursor": cursor });
    client.post_json("/events/commit", body).await
}

async fn leave(client: &Client, topic: &str, reader: &str) {
    client.post_json("/events/leave", json!({ "topic": topic, "group": "g", "reader": reader })).await.expect(204);
}

/// The group, as it is shown.
async fn shown(client: &Client, topic: &str) -> Option<Value> {
    let groups = client.all(&format!("/api/v1/topics/{topic}/consumers")).await;
    groups.into_iter().find(|group| group["group"] == "g")
}

pub(crate) async fn what_was_not_committed_comes_again(system: &System) {
    let client = with_topic(system, "again", 1).await;
    publish(&client, "again", 0..30, 5).await;
    let first = read(&client, "again", "r", "&limit=10").await;
    assert_eq!(numbers(items(&first)), (0..10).collect::<Vec<_>>());
    assert_eq!(first["partitions"], json!([0]));
    // An answer that was lost on its way is given again, and who shows the cursor goes on.
    let again = read(&client, "again", "r", "&limit=10").await;
    assert_eq!(numbers(items(&again)), (0..10).collect::<Vec<_>>());
    let cursor = text(&again, "next_cursor").to_owned();
    let second = read(&client, "again", "r", &format!("&limit=10&cursor={cursor}")).await;
    assert_eq!(numbers(items(&second)), (10..20).collect::<Vec<_>>());
    // Up to a message in the middle; what is behind it comes again.
    let middle = text(&items(&second)[4], "cursor");
    let committed = commit(&client, "again", "r", middle).await.expect(200).body;
    assert_eq!(committed, json!({ "committed": [{ "partition": 0, "offset": 15 }] }));
    let rest = read(&client, "again", "r", "&limit=100").await;
    assert_eq!(numbers(items(&rest)), (15..30).collect::<Vec<_>>());
    commit(&client, "again", "r", text(&rest, "next_cursor")).await.expect(200);
    let nothing = client.get(&path("again", "r", "&wait_ms=0").replace("&wait_ms=1000", "")).await.expect(200).body;
    assert_eq!((items(&nothing).len(), &nothing["next_cursor"]), (0, &Value::Null));

    // What no reader of this group was given is not committed.
    let page = client.get("/events/read?topic=again").await.expect(200).body;
    assert_eq!(commit(&client, "again", "r", text(&page, "next_cursor")).await.expect(400).code(), "invalid_cursor");
    assert_eq!(commit(&client, "again", "r", "made-up").await.expect(400).code(), "invalid_cursor");
    assert_eq!(commit(&client, "again", "stranger", &cursor).await.expect(409).code(), "lease_lost");
    // Whoever left has no part in it any more, and another goes on behind what is committed.
    leave(&client, "again", "r").await;
    assert_eq!(commit(&client, "again", "r", &cursor).await.expect(409).code(), "lease_lost");
    publish(&client, "again", 30..33, 5).await;
    let other = read(&client, "again", "other", "").await;
    assert_eq!(numbers(items(&other)), [30, 31, 32]);
}

pub(crate) async fn a_reader_that_dies_gives_its_partitions_back(system: &System) {
    let client = with_topic(system, "shared", 4).await;
    publish(&client, "shared", 0..200, 40).await;
    let lease = "&lease_ms=2000&limit=1000";
    // Both are in, and each holds its half.
    eventually("two readers share four partitions", async || {
        let mut held = Vec::new();
        for reader in ["lives", "dies"] {
            let page = client.get(&path("shared", reader, "&lease_ms=20000&limit=1")).await.expect(200).body;
            held.push(page["partitions"].as_array().unwrap().clone());
        }
        let all: BTreeSet<_> = held.iter().flatten().filter_map(Value::as_u64).collect();
        (all.len() == 4 && held.iter().all(|partitions| partitions.len() == 2)).then_some(())
    })
    .await;
    let mine = read(&client, "shared", "lives", lease).await;
    let theirs = read(&client, "shared", "dies", lease).await;
    assert!(items(&theirs).iter().all(|item| !items(&mine).contains(item)));
    let cursor = text(&theirs, "next_cursor").to_owned();
    commit(&client, "shared", "lives", text(&mine, "next_cursor")).await.expect(200);
    let mut got: BTreeSet<u32> = numbers(items(&mine)).into_iter().collect();
    // It commits nothing and asks no more. All that it had comes to the other one.
    eventually("all messages come to the one that lives", async || {
        let page = client.get(&path("shared", "lives", lease)).await.expect(200).body;
        got.extend(numbers(items(&page)));
        if let Some(cursor) = page["next_cursor"].as_str() {
            // Partitions that come in between make it read again.
            let committed = commit(&client, "shared", "lives", cursor).await;
            assert!(committed.status == 200 || committed.code() == "lease_lost", "{}", committed.body);
        }
        (got.len() == 200 && shown(&client, "shared").await?["lag"] == 0).then_some(())
    })
    .await;
    assert_eq!(got, (0..200).collect());
    assert_eq!(commit(&client, "shared", "dies", &cursor).await.expect(409).code(), "lease_lost");
}

pub(crate) async fn a_group_is_shown_and_reset(system: &System) {
    let client = with_topic(system, "told", 2).await;
    publish(&client, "told", 0..10, 10).await;
    assert_eq!(client.get("/api/v1/topics/told/consumers").await.expect(200).body["items"], json!([]));
    let page = read(&client, "told", "worker-1", "&limit=100&lease_ms=300000").await;
    let mut read_of_it = items(&page).len();
    let mut cursor = text(&page, "next_cursor").to_owned();
    while read_of_it < 10 {
        let more = read(&client, "told", "worker-1", &format!("&limit=100&cursor={cursor}&lease_ms=300000")).await;
        read_of_it += items(&more).len();
        cursor = text(&more, "next_cursor").to_owned();
    }
    commit(&client, "told", "worker-1", &cursor).await.expect(200);
    publish(&client, "told", 10..16, 6).await;
    let group = eventually("a group with a member and a lag", async || {
        shown(&client, "told").await.filter(|group| {
            group["lag_seconds"].is_number()
                && group["members"] == json!([{ "reader": "worker-1", "partitions": [0, 1] }])
        })
    })
    .await;
    assert_eq!(group["lag"], 6, "{group}");
    assert!(text(&group, "name_in_log").ends_with(".told/g"), "{group}");
    let partitions = group["partitions"].as_array().unwrap();
    assert_eq!(partitions.iter().map(|p| p["committed"].as_u64().unwrap()).sum::<u64>(), 10, "{group}");
    assert_eq!(partitions.iter().map(|p| p["end"].as_u64().unwrap()).sum::<u64>(), 16, "{group}");

    let reset = async |to: &str, dry_run: bool| {
        let path = "/api/v1/topics/told/consumers/g/reset";
        client.post_json(path, json!({ "to": to, "dry_run": dry_run })).await
    };
    assert_eq!(reset("earliest", false).await.expect(409).code(), "group_active");
    assert_eq!(reset("whenever", false).await.expect(400).code(), "invalid_body");
    leave(&client, "told", "worker-1").await;
    eventually("nobody is in the group", async || (reset("earliest", true).await.status == 200).then_some(())).await;
    let planned = reset("earliest", true).await.expect(200).body;
    assert_eq!(shown(&client, "told").await.unwrap()["lag"], 6, "a dry run moves nothing");
    let sums = |done: &Value| -> (u64, u64) {
        let partitions = done["partitions"].as_array().unwrap();
        let sum = |member: &str| partitions.iter().map(|p| p[member].as_u64().unwrap()).sum();
        (sum("from"), sum("to"))
    };
    assert_eq!((sums(&planned), &planned["dry_run"]), ((10, 0), &json!(true)));
    let done = reset("earliest", false).await.expect(200).body;
    assert_eq!((sums(&done), &done["dry_run"]), ((10, 0), &json!(false)));
    assert_eq!(shown(&client, "told").await.unwrap()["lag"], 16);
    assert_eq!(sums(&reset("latest", false).await.expect(200).body), (0, 16));
    assert_eq!(shown(&client, "told").await.unwrap()["lag"], 0);
    let all = client.get("/events/read?topic=told").await.expect(200).body;
    let second = items(&all).iter().filter(|item| number(item) >= 10);
    let second_began = second.map(|item| Timestamp::parse(text(item, "appended_at")).unwrap()).min().unwrap();
    let by_time = reset(&second_began.to_string(), false).await.expect(200).body;
    assert_eq!(sums(&by_time), (16, 10));
    let again = read(&client, "told", "worker-2", "&limit=100").await;
    assert!(numbers(items(&again)).iter().all(|n| *n >= 10), "{again}");

    // A group begins where it is told to, and nobody sees another's.
    client.post_json("/api/v1/topics/told/consumers/new/reset", json!({ "to": "latest" })).await.expect(200);
    let new = client.all("/api/v1/topics/told/consumers").await;
    assert!(new.iter().any(|group| group["group"] == "new" && group["lag"] == 0), "{new:#?}");
    let stranger = system.client(&system.organisation());
    stranger.get("/api/v1/topics/told/consumers").await.expect(404);
    stranger.post_json("/api/v1/topics/told/consumers/g/reset", json!({ "to": "latest" })).await.expect(404);
    let trail = client.all("/api/v1/audit?action=consumer_group.reset").await;
    assert_eq!(trail.len(), 4, "each reset, and no dry run, is in the trail: {trail:#?}");
}

pub(crate) async fn a_group_reads_its_own_events_alone(system: &System) {
    let (mine, theirs) = (system.organisation(), system.organisation());
    let (my_client, their_client) = (system.client(&mine), system.client(&theirs));
    for n in 0..5 {
        my_client.publish(&event().saying(format!("mine {n}")).signed_by(&mine)).await.expect(202);
        their_client.publish(&event().saying(format!("theirs {n}")).signed_by(&theirs)).await.expect(202);
    }
    let mut seen = Vec::new();
    eventually("a group reads all of its own events", async || {
        let page = my_client.get(&path("aibbar.events", "r", "&limit=100")).await.expect(200).body;
        seen.extend(items(&page).iter().map(|item| text_of(&item["message"]).unwrap().to_owned()));
        if let Some(cursor) = page["next_cursor"].as_str() {
            commit(&my_client, "aibbar.events", "r", cursor).await.expect(200);
        }
        (seen.len() >= 5).then_some(())
    })
    .await;
    assert_eq!(seen, ["mine 0", "mine 1", "mine 2", "mine 3", "mine 4"]);
    // Another's group of the same name knows nothing of it.
    let theirs = read(&their_client, "aibbar.events", "r", "").await;
    assert_eq!(text_of(&items(&theirs)[0]["message"]), Some("theirs 0"));
}
