//! The instruments, on a real system: what they tell is what is there.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fs, sync::Arc, time::Duration};

use e2e::{Organisation, System};
use load_tests::{
    Corpus, Load, Pace, Sender, Target, Watched, keys,
    result::{Kept, Results, Round},
};
use url::Url;

const EVENTS: u64 = 240;

fn sender(organisation: &Organisation, number: usize) -> Sender {
    Sender {
        organisation: number,
        api_key: organisation.api_key.clone(),
        key_id: Some(organisation.key_id.clone()),
        secret: organisation.secret.clone(),
        ai_id: organisation.ai_id,
    }
}

/// A load that ends with its events, however slow the machine is.
fn load(system: &System, senders: Vec<Sender>) -> Load {
    Load {
        target: Target::new(&Url::parse(&system.url).unwrap()).unwrap(),
        senders: senders.into(),
        corpus: Arc::new(Corpus::mixed(1, 200)),
        pace: Pace::Max,
        connections: 8,
        batch: 1,
        warm_up: Duration::ZERO,
        length: Duration::from_secs(600),
        events_max: Some(EVENTS),
        heeds_retry_after: false,
        readers: 0,
        queries: false,
        watched: vec![Watched { name: "gateway".to_owned(), pid: system.gateway.process_id().unwrap() }],
        watches_all: false,
        check: true,
    }
}

#[track_caller]
fn is_all_kept(round: &Round, events: u64) {
    assert_eq!((round.events_sent, round.acknowledged), (events, events), "{:?}", round.refused);
    let all = Kept { acknowledged: events, in_log: Some(events), stored: events, ..Kept::default() };
    assert_eq!(round.kept, Some(all));
}

#[test]
fn all_that_was_acknowledged_is_in_the_log_and_in_the_store() {
    let system = System::embedded();
    let senders = vec![sender(&system.organisation(), 0), sender(&system.organisation(), 1)];
    let single = load(&system, senders).run().unwrap();
    is_all_kept(&single, EVENTS);
    assert_eq!(single.latency_us.count, EVENTS);
    assert!(single.signed_ahead && single.q_us > 0.0 && single.check_us > 0.0);
    assert!(single.processes.iter().any(|process| process.name == "gateway" && process.resident_mib[2] > 0.0));
}

#[test]
fn batches_at_a_rate_come_to_live_readers_and_are_answered_to_queries() {
    let system = System::embedded();
    let senders = vec![sender(&system.organisation(), 0)];
    let load = Load { batch: 10, pace: Pace::PerSecond(20.0), readers: 3, queries: true, ..load(&system, senders) };
    let round = load.run().unwrap();
    is_all_kept(&round, EVENTS);
    assert_eq!((round.deliveries, round.live_us.unwrap().count), (3 * EVENTS, 3 * EVENTS));
    assert!(round.queries_us.keys().all(|kind| ["by id", "by AI system", "by time"].contains(&kind.as_str())));
    assert!(round.queries_us["by time"].count > 0);
}

#[test]
fn what_is_refused_is_told_by_its_code() {
    let system = System::embedded();
    let (ours, others) = (sender(&system.organisation(), 0), sender(&system.organisation(), 1));
    let forger = Sender { secret: others.secret.clone(), ..ours.clone() };
    let round = load(&system, vec![ours, forger]).run().unwrap();
    assert_eq!(round.acknowledged, EVENTS / 2);
    let (code, refused) = round.refused.iter().next().unwrap();
    assert!(code.contains("invalid_signature") && *refused == EVENTS / 2, "{:?}", round.refused);
    assert_eq!(round.kept.map(|kept| (kept.stored, kept.lost, kept.unacknowledged)), Some((EVENTS / 2, 0, 0)));
}

#[tokio::test]
async fn keys_are_made_and_taken_away_again() {
    let system = System::embedded();
    let first = sender(&system.organisation(), 0);
    let target = Target::new(&Url::parse(&system.url).unwrap()).unwrap();
    let made = keys::make(&target, &first, 5).await.unwrap();
    let load = load(&system, made.to_vec());
    let round = tokio::task::spawn_blocking(move || load.run().unwrap()).await.unwrap();
    is_all_kept(&round, EVENTS);
    keys::revoke(&target, &made).await.unwrap();
    let listed = e2e::Client::new(&system.url, &first.api_key).all("/api/v1/signing-keys").await;
    assert!(
        listed
            .iter()
            .filter(|key| key["key_id"].as_str().unwrap().starts_with("bench-"))
            .all(|key| key["status"] == "revoked")
    );
}

#[test]
fn the_command_shows_a_table_and_writes_what_it_measured() {
    let system = System::embedded();
    let organisation = system.organisation();
    let file = system.data_dir().join("result.json");
    let file_word = file.display().to_string();
    let args =
        ["bench", "--events", "120", "--batch", "4", "--connections", "3", "--warm-up", "0", "--duration", "600"];
    let ran = system.run_as(&organisation, &[args.as_slice(), &["--json", &file_word]].concat(), b"").succeeded();
    assert!(ran.stdout.contains("120 acknowledged: 120 in the log, 120 stored; 0 lost, 0 doubled"), "{}", ran.stdout);
    let results: Results = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let run = &results.runs[0];
    assert_eq!((run.rounds.len(), run.rounds.last().unwrap().acknowledged), (1, 120));
    assert!(run.command.starts_with("gapin bench "), "{}", run.command);
    let text = serde_json::to_string(&results).unwrap();
    for secret in [&organisation.api_key, organisation.secret.expose(), "/tmp"] {
        assert!(!text.contains(secret) && !ran.stdout.contains(secret));
    }
}
