//! A disk that is full while the log is away, and has room again.

use bus::{
    AppendError, EventLog,
    spool::{SpoolSettings, SpoolState},
};

use crate::{
    TOPIC, everything, faulty,
    faulty::Weather,
    open,
    rig::{payloads, record},
    settings,
    small_disk::{fill, make_room, on_a_disk_of},
    until, until_drained,
};

const DISK_BYTES: u64 = 64 * 1024 * 1024;
const FREE_BYTES_MIN: u64 = 8 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spool_whose_disk_is_full_refuses_drains_and_takes_again_without_a_restart() {
    let test = "full_disk::a_spool_whose_disk_is_full_refuses_drains_and_takes_again_without_a_restart";
    let Some(disk) = on_a_disk_of(DISK_BYTES, test) else { return };
    let elsewhere = tempfile::tempdir().unwrap();
    let primary = faulty(elsewhere.path()).await;
    let mut n = 0;
    let mut acknowledged = Vec::new();
    let large = "x".repeat(50_000);
    // At first what must stay free does; then nobody cares, and the disk is filled to its last byte.
    for free_bytes_min in [FREE_BYTES_MIN, 0] {
        let settings = SpoolSettings { free_bytes_min, ..settings(&disk) };
        let log = open(&primary, &settings).await;
        primary.set(Weather::Away);
        assert!(log.append(TOPIC, vec![record("k", &n.to_string())]).await[0].is_ok());
        acknowledged.push(n.to_string());
        if free_bytes_min == 0 {
            fill(&disk);
        }
        let refusals = loop {
            n += 1;
            let names = [format!("{n}-a-{large}"), format!("{n}-b")];
            let outcomes = log.append(TOPIC, names.iter().map(|name| record("k", name)).collect()).await;
            if outcomes.iter().any(Result::is_err) {
                break outcomes;
            }
            acknowledged.extend(names);
        };
        assert!(refusals.iter().all(|outcome| matches!(outcome, Err(AppendError::Unavailable(_)))), "{refusals:?}");
        assert!(matches!(log.status().state, SpoolState::Full | SpoolState::Unavailable), "{:?}", log.status());
        assert!(free_bytes_min == 0 || fs4::available_space(&disk).unwrap() >= FREE_BYTES_MIN);
        if free_bytes_min == 0 {
            make_room(&disk);
            until(&log, "open again", |status| status.state == SpoolState::Spooling).await;
            assert!(log.append(TOPIC, vec![record("k", "room")]).await[0].is_ok());
            acknowledged.push("room".to_owned());
        }
        primary.set(Weather::Fine);
        until_drained(&log).await;
        n += 1;
    }
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), acknowledged);
}
