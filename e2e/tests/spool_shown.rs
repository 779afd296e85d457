//! While Kafka is away: what readiness, the metrics and `gapin doctor` say.
#![allow(clippy::unwrap_used, reason = "a test")]

use e2e::{Client, Shape, System, event, eventually};
use serde_json::{Value, json};

async fn metric(system: &System, client: &Client, name: &str) -> f64 {
    let text = client.text_at(&system.metrics_urls().next().unwrap()).await;
    let line = text.lines().find(|line| line.starts_with(name) && !line.starts_with('#'));
    line.unwrap_or_else(|| panic!("no {name}")).rsplit(' ').next().unwrap().parse().unwrap()
}

/// What doctor finds of one check.
fn found(looked: &str, check: &str) -> Value {
    let findings = looked.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    findings.into_iter().find(|finding| finding["check"] == check).unwrap_or_else(|| panic!("no {check} in {looked}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn while_events_wait_in_the_spool_everybody_who_asks_is_told() {
    const EVENTS: usize = 7;
    let system = System::start(Shape::AtScale);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let ready = client.get("/health/ready").await.expect(200);
    assert_eq!((&ready.body["status"], &ready.body["spool"]["state"]), (&json!("ready"), &json!("idle")));

    system.services().kafka.kill();
    for _ in 0..EVENTS {
        client.publish(&event().signed_by(&organisation)).await.expect(202);
    }
    let ready = eventually("readiness tells of the spool", async || {
        let ready = client.get("/health/ready").await.expect(200).body;
        (ready["spool"]["records"] == EVENTS).then_some(ready)
    })
    .await;
    assert_eq!((&ready["status"], &ready["spool"]["state"]), (&json!("degraded"), &json!("spooling")));
    let log = ready["dependencies"].as_array().unwrap().iter().find(|one| one["name"] == "log").unwrap();
    assert_eq!((&log["state"], &log["required"]), (&json!("down"), &json!(false)));
    assert!(ready["spool"]["bytes"].as_u64().unwrap() > 0 && ready["spool"]["bytes_max"].as_u64().unwrap() > 0);
    let summary = client.get("/health").await.expect(200).body;
    assert_eq!((&summary["status"], &summary["spool"]), (&json!("degraded"), &json!("spooling")));
    assert_eq!(metric(&system, &client, r#"gapin_spool_state{state="spooling"}"#).await, 1.0);
    assert_eq!(metric(&system, &client, "gapin_spool_records").await, EVENTS as f64);
    assert!(metric(&system, &client, "gapin_spool_oldest_age_seconds").await > 0.0);

    let looked = system.run_as(&organisation, &["doctor", "--json"], b"");
    let gateway = found(&looked.stdout, "gateway");
    let said = gateway["finding"].as_str().unwrap();
    assert!(said.contains("Kafka is away") && said.contains(&format!("{EVENTS} records")), "{said}");
    assert!(gateway["mend"].as_str().unwrap().contains("Do not delete"), "{gateway}");

    // On the machine itself the folder is looked into, whether a gateway runs or not.
    let looked = system.run(&["doctor", "--json"]);
    let folder = found(&looked.stdout, "spool");
    let said = folder["finding"].as_str().unwrap();
    assert!(said.contains(&format!("{EVENTS} records")) && said.contains("the oldest for"), "{said}");
    assert_eq!(folder["state"], "doubtful");

    system.services().kafka.restart();
    let ready = eventually("the spool is empty", async || {
        let ready = client.get("/health/ready").await;
        (ready.body["status"] == "ready").then_some(ready.body)
    })
    .await;
    assert_eq!((&ready["spool"]["state"], &ready["spool"]["records"]), (&json!("idle"), &json!(0)));
    assert!(metric(&system, &client, "gapin_spool_drained_records_total").await >= EVENTS as f64);
    client.stored_once_there("", EVENTS).await;
}
