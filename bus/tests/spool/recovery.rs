//! What a process left behind: in its own slot, and in another's.

use std::{fs, time::Duration};

use bus::{
    EventLog,
    spool::{SpoolState, inspect},
};

use crate::{
    TOPIC, everything, faulty,
    faulty::Weather,
    open,
    rig::{payloads, record},
    settings, until_drained, until_free,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_share_a_folder_and_what_one_left_another_hands_on() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let (first, second) = (open(&primary, &settings).await, open(&primary, &settings).await);
    primary.set(Weather::Away);
    assert!(first.append(TOPIC, vec![record("a", "of the first")]).await[0].is_ok());
    assert!(second.append(TOPIC, vec![record("b", "of the second")]).await[0].is_ok());
    let waiting: Vec<_> = inspect(&settings.dir).unwrap().into_iter().map(|slot| (slot.slot, slot.records)).collect();
    assert_eq!(waiting, [(0, 1), (1, 1)]);
    // The second never comes back; the first does.
    drop((first, second));
    until_free(&settings).await;
    primary.set(Weather::Fine);
    let log = open(&primary, &settings).await;
    until_drained(&log).await;
    let started = std::time::Instant::now();
    while inspect(&settings.dir).unwrap().iter().any(|slot| slot.records > 0) {
        assert!(started.elapsed() < crate::WAIT_MAX, "{:?}", inspect(&settings.dir));
        tokio::time::sleep(crate::POLL).await;
    }
    let mut kept = payloads(&everything(&*primary.log, TOPIC).await);
    kept.sort();
    assert_eq!(kept, ["of the first", "of the second"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_left_while_its_process_still_ended_is_handed_on_before_what_is_newer() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let old = open(&primary, &settings).await;
    primary.set(Weather::Away);
    assert!(old.append(TOPIC, vec![record("k", "1")]).await[0].is_ok());
    // The new process is there before the old one has let go of its slot.
    let new = open(&primary, &settings).await;
    assert!(new.append(TOPIC, vec![record("k", "2")]).await[0].is_ok());
    old.close(Duration::from_secs(5)).await;
    primary.set(Weather::Fine);
    until_drained(&new).await;
    assert!(new.append(TOPIC, vec![record("k", "3")]).await[0].is_ok());
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), ["1", "2", "3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_left_in_another_slot_is_handed_on_before_anything_goes_to_the_log_itself() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let (first, second) = (open(&primary, &settings).await, open(&primary, &settings).await);
    primary.set(Weather::Away);
    assert!(second.append(TOPIC, vec![record("k", "1")]).await[0].is_ok());
    first.close(Duration::from_secs(5)).await;
    second.close(Duration::from_secs(5)).await;
    primary.set(Weather::Fine);
    let log = open(&primary, &settings).await;
    assert!(log.append(TOPIC, vec![record("k", "2")]).await[0].is_ok());
    until_drained(&log).await;
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_slot_is_told_of_and_keeps_nobody_from_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    fs::create_dir_all(settings.dir.join("0")).unwrap();
    fs::write(settings.dir.join("0").join("log.db"), "no log at all".repeat(1_000)).unwrap();
    let log = open(&primary, &settings).await;
    assert_eq!((log.status().state, log.status().unreadable_slots), (SpoolState::Idle, 1));
    primary.set(Weather::Away);
    assert!(log.append(TOPIC, vec![record("k", "1")]).await[0].is_ok());
    let slots = inspect(&settings.dir).unwrap();
    let told: Vec<_> = slots.iter().map(|slot| (slot.slot, slot.records, slot.unreadable.is_some())).collect();
    assert_eq!(told, [(0, 0, true), (1, 1, false)]);
    primary.set(Weather::Fine);
    until_drained(&log).await;
    assert_eq!(log.status().unreadable_slots, 1);
    // Once a person took it away nothing more is said of it.
    fs::rename(settings.dir.join("0"), dir.path().join("to be mended")).unwrap();
    log.close(Duration::from_secs(5)).await;
    drop(log);
    let log = open(&primary, &settings).await;
    assert_eq!(log.status().unreadable_slots, 0);
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), ["1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_was_torn_in_its_middle_leaves_the_records_before_it_whole() {
    const RECORDS: usize = 40;
    for cut in [1_u64, 700, 4_099, 8_191, 12_345] {
        let dir = tempfile::tempdir().unwrap();
        let primary = faulty(dir.path()).await;
        let settings = settings(dir.path());
        let log = open(&primary, &settings).await;
        primary.set(Weather::Away);
        for n in 0..RECORDS {
            assert!(log.append(TOPIC, vec![record("k", &n.to_string())]).await[0].is_ok());
        }
        // As the disk had it when the power went: a copy, for a process that ends properly folds the file in.
        let (slot, torn) = (settings.dir.join("0"), dir.path().join("torn"));
        fs::create_dir_all(torn.join("0")).unwrap();
        for name in ["log.db", "log.db-wal"] {
            fs::copy(slot.join(name), torn.join("0").join(name)).unwrap();
        }
        // The last write was on its way: a frame cut short, and one whose bytes are not those that were meant.
        let wal = torn.join("0").join("log.db-wal");
        let bytes = fs::read(&wal).unwrap();
        let mut bytes = bytes[..bytes.len() - cut as usize].to_vec();
        let at = bytes.len() - 10;
        bytes[at] ^= 0xff;
        fs::write(&wal, bytes).unwrap();
        drop(log);

        primary.set(Weather::Fine);
        let log = open(&primary, &bus::spool::SpoolSettings { dir: torn, ..settings }).await;
        let waiting = log.status().records as usize;
        assert!((RECORDS / 2..RECORDS).contains(&waiting), "{waiting} of {RECORDS}");
        until_drained(&log).await;
        let kept = payloads(&everything(&*primary.log, TOPIC).await);
        // The spool that was dropped may have handed on something before it ended.
        let behind = &kept[kept.len() - waiting..];
        assert_eq!(behind, (0..waiting).map(|n| n.to_string()).collect::<Vec<_>>());
        assert!(log.append(TOPIC, vec![record("k", "goes on")]).await[0].is_ok());
    }
}
