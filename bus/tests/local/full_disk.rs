//! A disk that is full, and has room again.

use bus::{AppendError, EventLog, LogError, NewRecord};

use crate::{
    everything, make_topic, open,
    rig::{payloads, record},
    small_disk::{fill, make_room, on_a_disk_of},
};

const TOPIC: &str = "events";
const DISK_BYTES: u64 = 24 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_is_an_answer_and_needs_no_restart_once_it_has_room() {
    let test = "full_disk::a_disk_that_is_full_is_an_answer_and_needs_no_restart_once_it_has_room";
    let Some(disk) = on_a_disk_of(DISK_BYTES, test) else { return };
    let log = open(&disk.join("log"));
    make_topic(&log, TOPIC, 2, None).await;
    let mut acknowledged = Vec::new();
    let batch = |n: usize| -> Vec<NewRecord> {
        (0..3).map(|i| record("k", &format!("{n}-{i}-{}", "x".repeat(20_000)))).collect()
    };
    let payload = |record: NewRecord| String::from_utf8(record.payload.to_vec()).unwrap();
    let mut n = 0;
    for round in 0..3 {
        fill(&disk);
        // Until the first refusal: the write-ahead log may have room of its own left.
        loop {
            n += 1;
            let outcomes = log.append(TOPIC, batch(n)).await;
            if outcomes.iter().all(Result::is_ok) {
                acknowledged.extend(batch(n).into_iter().map(payload));
                continue;
            }
            let is_unavailable = |outcome: &Result<_, _>| matches!(outcome, Err(AppendError::Unavailable(_)));
            assert!(outcomes.iter().all(is_unavailable), "{outcomes:?}");
            break;
        }
        assert!(matches!(log.check().await, Err(LogError::Unavailable(_))));
        // Who reads is not concerned.
        assert_eq!(payloads(&everything(&log, TOPIC).await), acknowledged);
        make_room(&disk);
        assert_eq!(log.check().await, Ok(()));
        assert!(log.append(TOPIC, batch(0)).await.iter().all(Result::is_ok), "round {round}");
        acknowledged.extend(batch(0).into_iter().map(payload));
    }
}
