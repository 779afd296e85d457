//! Rows that the database itself refuses: for good, or for a reason that nobody can tell. Really: by rules that an
//! operator put into it.

use e2e::{Shape, System, event, eventually, on_both_shapes};
use serde_json::json;

use crate::{PATH, id, letters};

on_both_shapes!(own: what_the_store_refuses_costs_nothing_else_and_is_redriven_once_that_is_mended);

/// Makes the store refuse records of the session `poison` for good, and takes the rule back.
pub(crate) fn refuse_poison(system: &System, refuse: bool) {
    match system.shape {
        Shape::AtScale => {
            let sql = match refuse {
                true => {
                    "ALTER TABLE aibbar_events ADD CONSTRAINT no_poison CHECK (session_id IS DISTINCT FROM 'poison')"
                }
                false => "ALTER TABLE aibbar_events DROP CONSTRAINT no_poison",
            };
            system.services().sql(sql);
        }
        Shape::Embedded => {
            let store = rusqlite::Connection::open(system.data_dir().join("store.sqlite")).unwrap();
            store.busy_timeout(e2e::WAIT_MAX).unwrap();
            let sql = match refuse {
                true => {
                    "CREATE TRIGGER no_poison BEFORE INSERT ON aibbar_events WHEN NEW.session_id = 'poison' \
                     BEGIN SELECT RAISE(ABORT, 'no poison'); END"
                }
                false => "DROP TRIGGER no_poison",
            };
            store.execute_batch(sql).unwrap();
        }
    }
}

async fn what_the_store_refuses_costs_nothing_else_and_is_redriven_once_that_is_mended(system: System) {
    const GOOD: usize = 60;
    let organisation = system.organisation();
    let client = system.client(&organisation);
    refuse_poison(&system, true);
    let mut events: Vec<_> = (0..GOOD).map(|n| event().saying(format!("good {n}")).signed_by(&organisation)).collect();
    for place in [0, 20, 21, 62] {
        events.insert(place, event().in_session("poison").signed_by(&organisation));
    }
    client.publish(&json!(events)).await.expect(202);
    client.stored_once_there("", GOOD).await;
    let refused = letters(&client, "reason=refused_by_store", 4).await;
    for line in [
        r#"gapin_dead_letters_open{reason="refused_by_store"} 4"#,
        r#"gapin_consumer_dead_letters_total{reason="refused_by_store"} 4"#,
    ] {
        eventually(line, async || metrics(&system).await.contains(line).then_some(())).await;
    }

    // While its cause is there it can't be stored either: its successor names it.
    let path = format!("{PATH}/{}", id(&refused[1]));
    let done = client.request("POST", &format!("{path}/redrive"), None).await.expect(200).body;
    assert_eq!(done, json!({ "id": id(&refused[1]), "status": "redriven" }));
    // At once, and in every list: this is what the topic says.
    let redriven = client.get(&path).await.expect(200).body;
    assert_eq!((&redriven["state"], &redriven["redriven"]["by_kind"]), (&json!("redriven"), &json!("api_key")));
    assert_eq!(redriven["redriven"]["by_id"], json!(organisation.api_key_id));
    let successor = letters(&client, "", 5).await.remove(0);
    assert_eq!(
        (&successor["redriven_from"], &successor["redrives"], &successor["event_id"]),
        (&refused[1]["id"], &json!(1), &refused[1]["event_id"]),
        "{successor}"
    );
    let trail = client.all("/api/v1/audit?action=dead_letter.redrive").await;
    assert_eq!((trail.len(), &trail[0]["target"]["id"]), (1, &refused[1]["id"]));

    refuse_poison(&system, false);
    let dlq = |args: &[&str]| system.run_as(&organisation, &[&["dlq"], args].concat(), b"").succeeded();
    let dry = dlq(&["redrive", "--all", "--limit", "1", "--dry-run", "--json"]).json();
    assert_eq!(dry, json!({ "id": id(&refused[3]), "status": "would_be_redriven" }), "the oldest first");
    dlq(&["redrive", id(&refused[0])]);
    let all = dlq(&["redrive", "--all", "--reason", "refused_by_store"]);
    assert!(all.stderr.contains("3 redriven, 0 failed"), "{}", all.stderr);
    client.stored_once_there("session_id=poison", 4).await;
    client.stored_once_there("", GOOD + 4).await;
    assert!(client.all(&format!("{PATH}?state=open")).await.is_empty());
    // Once more: what is stored already stays as it is, and makes no letter.
    client.request("POST", &format!("{PATH}/{}/redrive", id(&refused[0])), None).await.expect(200);
    client.publish(&event().saying("behind it").signed_by(&organisation)).await.expect(202);
    client.stored_once_there("", GOOD + 5).await;
    assert_eq!(letters(&client, "", 5).await.len(), 5);
}

async fn metrics(system: &System) -> String {
    let client = e2e::Client::anonymous(&system.url);
    let mut all = String::new();
    for url in system.metrics_urls() {
        all += &client.text_at(&url).await;
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_too_large_for_an_index_and_one_that_a_trigger_rejects_are_letters() {
    let system = System::at_scale(1);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    // PostgreSQL has no index entry over some 2,700 bytes: SQLSTATE 54000. A trigger's own exception is P0001, of which
    // nobody but its author knows whether it will pass.
    system.services().sql("CREATE INDEX own ON aibbar_events (session_id)");
    system.services().sql(
        "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF NEW.session_id = 'rejected' THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$",
    );
    system
        .services()
        .sql("CREATE TRIGGER reject BEFORE INSERT ON aibbar_events FOR EACH ROW EXECUTE FUNCTION reject()");
    // Nothing in it repeats: it can't be made smaller.
    let long: String = (0..700).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect();
    let good = |n: usize| event().saying(format!("good {n}")).signed_by(&organisation);
    let events = json!([
        good(0),
        event().in_session(&long).signed_by(&organisation),
        event().in_session("rejected").signed_by(&organisation),
        good(1),
    ]);
    client.publish(&events).await.expect(202);
    client.stored_once_there("", 2).await;
    let found = letters(&client, "reason=refused_by_store", 2).await;
    let details: Vec<&str> = found.iter().map(|letter| letter["detail"].as_str().unwrap()).collect();
    assert!(details.iter().any(|detail| detail.contains("54000")), "{details:?}");
    assert!(details.iter().any(|detail| detail.contains("P0001")), "{details:?}");
    // Neither the database's words nor the row's stand in them.
    assert!(!details.iter().any(|detail| detail.contains("not this one") || detail.contains(&long[..32])));
    client.publish(&good(2)).await.expect(202);
    client.stored_once_there("", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_refuses_everything_for_no_known_reason_is_waited_for() {
    let system = System::at_scale(1);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    system
        .services()
        .sql("CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing'; END $$");
    system
        .services()
        .sql("CREATE TRIGGER reject BEFORE INSERT ON aibbar_events FOR EACH ROW EXECUTE FUNCTION reject()");
    let events: Vec<_> = (0..20).map(|n| event().saying(format!("n {n}")).signed_by(&organisation)).collect();
    client.publish(&json!(events)).await.expect(202);
    eventually("the consumer has failed a few times", async || {
        let said = metrics(&system).await;
        let failures =
            said.lines().find(|line| line.starts_with(r#"gapin_consumer_failures_total{dependency="store"}"#))?;
        (failures.rsplit(' ').next()?.parse::<f64>().ok()? >= 3.0).then_some(())
    })
    .await;
    assert!(client.all(PATH).await.is_empty());
    // The function alone: to drop the trigger asks for a lock that a consumer which tries again may hold another of.
    system
        .services()
        .sql("CREATE OR REPLACE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$");
    client.stored_once_there("", 20).await;
    assert!(client.all(PATH).await.is_empty());
}
