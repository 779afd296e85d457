//! What a browser shows where it can set no header.

use e2e::{Client, Live, event, text_of};

use crate::Rig;

pub(crate) async fn a_ticket_is_good_once_and_for_its_makers_stream(rig: &Rig) {
    let organisation = rig.organisation();
    let client = rig.client(&organisation);
    let person = rig.person(&organisation, &format!("{}@example.com", organisation.name), "viewer").await;
    let nobody = Client::anonymous(&rig.url);
    let mut shown = Vec::new();
    // Made at one gateway, it is good at another, where there is one.
    let elsewhere = rig.other_url.as_deref().unwrap_or(&rig.url);
    for maker in [&client, &person.client] {
        let made = maker.request("POST", "/api/v1/stream-tickets", None).await.expect(201);
        let ticket = made.body["ticket"].as_str().unwrap().to_owned();
        assert!(made.body["expires_at"].is_string());
        let mut live = Live::try_open(elsewhere, "", &format!("token={ticket}")).await.unwrap();
        client.publish(&event().saying("seen").signed_by(&organisation)).await.expect(202);
        assert_eq!(text_of(&live.records(1).await[0]), Some("seen"));
        for gateway in [elsewhere, &rig.url] {
            let again = Client::anonymous(gateway).get(&format!("/sse/events?token={ticket}")).await.expect(401);
            assert_eq!(again.code(), "invalid_ticket");
            assert!(!again.body.to_string().contains(&ticket));
        }
        shown.push(ticket);
    }
    let made = client.request("POST", "/api/v1/stream-tickets", None).await.expect(201);
    let ticket = made.body["ticket"].as_str().unwrap().to_owned();
    // It opens streams and nothing else.
    assert_eq!(nobody.get(&format!("/aibbar/events?token={ticket}")).await.expect(401).code(), "missing_api_key");
    assert_eq!(nobody.with_key(&ticket).get("/aibbar/events").await.expect(401).code(), "invalid_access_token");
    let mut server_sent = nobody.server_sent(&format!("token={ticket}"), None).await;
    server_sent.expect("hello").await;
    shown.push(ticket);
    for wrong in ["x", "st_", "st_a.b.c"] {
        assert_eq!(nobody.get(&format!("/ws/events?token={wrong}")).await.expect(401).code(), "invalid_ticket");
    }

    // Whose key it was ends it.
    client.request("DELETE", &format!("/api/v1/keys/{}", organisation.api_key_id), None).await;
    let bye = server_sent.expect("bye").await;
    assert_eq!(bye.data["reason"], "key_invalid");
    assert!(server_sent.next().await.is_none());
    for process in rig.processes() {
        let said = process.said();
        assert!(shown.iter().all(|ticket| !said.contains(ticket)), "a ticket is in a log");
    }
}
