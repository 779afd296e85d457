//! What a member of a group promises when its broker stands still for longer than its session lasts.
#![allow(clippy::unwrap_used)]

#[path = "contract/rig.rs"]
#[allow(dead_code, reason = "shared with the contract suite, which uses all of it")]
mod rig;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use bus::{
    EventLog, GroupMember, TopicSpec,
    kafka::{KafkaLog, KafkaSettings},
};
use rig::{STEP, WAIT_MAX, after, payloads, read_as, record, up_to};
use testbed::Kafka;

const TOPIC: &str = "events";
const GROUP: &str = "group";
/// The least that a broker takes.
const SESSION: Duration = Duration::from_secs(6);
/// The longest that any condition is waited for: a session has to run out, a broker to come back, a group to share anew.
const READ_MAX: Duration = WAIT_MAX.saturating_mul(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_back_while_the_session_runs_out_reads_on_afterwards() {
    let kafka = Kafka::start();
    let settings = KafkaSettings { session_timeout: SESSION, ..KafkaSettings::new(kafka.brokers()) };
    let log = KafkaLog::new(settings).unwrap();
    log.ensure_topic(&TopicSpec { name: TOPIC.to_owned(), partitions: 4, retention: None, compacted: false })
        .await
        .unwrap();
    append(&log, 0..40).await;
    let mut member = log.join(TOPIC, GROUP, "a member").await.unwrap();
    let records = read_as(&mut *member, 40).await;
    member.commit(&after(&records)).await.unwrap();

    for round in 1..=3 {
        append(&log, round * 100..round * 100 + 40).await;
        kafka.freeze();
        lose_the_session(&mut *member).await;
        kafka.thaw();
        read_and_commit(&mut *member, round * 100..round * 100 + 40).await;
    }
}

async fn append(log: &KafkaLog, names: std::ops::Range<usize>) {
    for name in names {
        // A broker that comes back may let one go: what is asked here is of those who read.
        while log.append(TOPIC, vec![record(&format!("key-{name}"), &name.to_string())]).await[0].is_err() {}
    }
}

/// As whoever carries records does while the log is away: goes back after each failure, until partitions were taken away.
async fn lose_the_session(member: &mut dyn GroupMember) {
    let (started, generation) = (Instant::now(), member.generation());
    while member.generation() == generation {
        assert!(started.elapsed() < READ_MAX, "the session never runs out");
        let _ = member.next(up_to(STEP)).await;
        let _ = member.rewind().await;
    }
}

async fn read_and_commit(member: &mut dyn GroupMember, names: std::ops::Range<usize>) {
    let mut missing: BTreeSet<_> = names.map(|n| n.to_string()).collect();
    let started = Instant::now();
    let mut last_error = None;
    while !missing.is_empty() {
        let (held, generation) = (member.holds(), member.generation());
        assert!(started.elapsed() < READ_MAX, "never read: {missing:?}; {last_error:?}, {held:?}, {generation}");
        let committed = match member.next(up_to(STEP)).await {
            Ok(records) => member.commit(&after(&records)).await.map(|()| records),
            Err(error) => Err(error),
        };
        match committed {
            Ok(records) => payloads(&records).iter().for_each(|name| {
                missing.remove(name);
            }),
            Err(error) => {
                last_error = Some((started.elapsed(), error));
                member.rewind().await.unwrap();
            }
        }
    }
}
