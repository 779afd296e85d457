//! How streams end, and where there is no place for another.

use e2e::{Live, Shape, System, event};
use serde_json::json;

use crate::{Rig, STREAMS_MAX, publish, with_topic};

pub(crate) async fn with_a_revoked_key_a_stream_ends_and_says_so(rig: &Rig) {
    let organisation = rig.organisation();
    let client = rig.client(&organisation);
    let key = json!({ "name": "to be revoked", "scopes": ["events:read"] });
    let made = client.post_json("/api/v1/keys", key).await.expect(201).body;
    let revoked = client.with_key(made["key"].as_str().unwrap());
    let mut live = revoked.live("").await;
    // A stream that pauses is looked at as well.
    let mut paused = revoked.live("").await;
    paused.say(json!({ "type": "pause" })).await;
    paused.expect("paused").await;
    let mut server_sent = revoked.server_sent("", None).await;
    server_sent.expect("hello").await;
    client.request("DELETE", &format!("/api/v1/keys/{}", made["id"].as_str().unwrap()), None).await;
    for live in [&mut live, &mut paused] {
        assert_eq!(live.expect("bye").await["reason"], "key_invalid");
        assert!(live.frame().await.is_none());
        assert_eq!(live.closed, Some((4401, "key_invalid".to_owned())));
    }
    assert_eq!(server_sent.expect("bye").await.data["reason"], "key_invalid");
    assert!(server_sent.next().await.is_none());
}

pub(crate) async fn whoever_watches_a_deleted_topic_is_told(rig: &Rig) {
    let (organisation, client) = with_topic(rig, "orders").await;
    // Also at a gateway that did not delete it.
    let elsewhere = rig.other_url.as_deref().unwrap_or(&rig.url);
    let mut there = Live::try_open(elsewhere, &organisation.api_key, "topic=orders,aibbar.events").await.unwrap();
    let mut here = client.live("topic=orders").await;
    let mut server_sent = client.server_sent("topic=orders", None).await;
    server_sent.expect("hello").await;
    publish(&client, "orders", "k", json!(1)).await;
    for live in [&mut here, &mut there] {
        assert_eq!(live.expect("message").await["message"], 1);
    }
    server_sent.expect("message").await;
    let cursor = here.cursor.clone();
    client.request("DELETE", "/api/v1/topics/orders?confirm=orders", None).await;
    for live in [&mut here, &mut there] {
        assert_eq!(live.expect("bye").await["reason"], "topic_deleted");
        assert!(live.frame().await.is_none());
        assert_eq!(live.closed, Some((4404, "topic_deleted".to_owned())));
    }
    assert_eq!(server_sent.expect("bye").await.data["reason"], "topic_deleted");
    assert_eq!(client.get("/sse/events?topic=orders").await.expect(404).code(), "not_found");
    // One of the same name is another.
    e2e::eventually("its name is free again", async || {
        let made = client.post_json("/api/v1/topics", json!({ "name": "orders", "partitions": 2 })).await;
        (made.status == 201).then_some(())
    })
    .await;
    let refused = client.get(&format!("/sse/events?topic=orders&cursor={cursor}")).await.expect(400);
    assert_eq!(refused.code(), "invalid_cursor");
}

pub(crate) async fn an_organisation_has_so_many_streams_and_no_more(rig: &Rig) {
    let (ours, theirs) = (rig.organisation(), rig.organisation());
    let client = rig.client(&ours);
    let mut streams = Vec::new();
    for _ in 0..STREAMS_MAX {
        streams.push(client.live("").await);
    }
    let refused = client.get("/sse/events").await.expect(429);
    assert_eq!(refused.code(), "too_many_streams");
    assert!(refused.headers.contains_key("retry-after"));
    // An `EventSource` that was let in before would give up for ever: it is told in a stream, and comes again.
    let cursor = streams[0].cursor.clone();
    let mut again = client.server_sent("", Some(&cursor)).await;
    let bye = again.expect("bye").await;
    assert_eq!((&bye.data["reason"], bye.id.as_deref()), (&json!("too_many_streams"), Some(cursor.as_str())));
    assert!(bye.retry.is_some());
    assert!(again.next().await.is_none());
    rig.client(&theirs).live("").await;
    drop(streams.pop());
    e2e::eventually("a place is free again", async || Live::try_open(&rig.url, &ours.api_key, "").await.ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stops_says_so_and_where_to_go_on() {
    let mut system = System::start(Shape::Embedded);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let mut live = client.live("").await;
    let mut server_sent = client.server_sent("", None).await;
    server_sent.expect("hello").await;
    client.publish(&event().signed_by(&organisation)).await.expect(202);
    live.records(1).await;
    server_sent.expect("event").await;
    assert!(tokio::task::block_in_place(|| system.gateway.stop()).success());
    assert_eq!(live.expect("bye").await["reason"], "shutdown");
    assert!(live.frame().await.is_none());
    assert_eq!(live.closed, Some((1001, "shutdown".to_owned())));
    let bye = server_sent.expect("bye").await;
    assert_eq!((&bye.data["reason"], bye.data["cursor"].as_str()), (&json!("shutdown"), bye.id.as_deref()));
    assert!(server_sent.next().await.is_none());
}
