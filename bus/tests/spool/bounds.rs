//! What happens where the spool has no room, or is no help.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bus::{
    AppendError, EventLog, LogError,
    spool::{SpoolSettings, SpoolState, SpooledLog, inspect, put_aside},
};

use crate::{
    POLL, TOPIC, everything, faulty,
    faulty::Weather,
    open,
    rig::{WAIT_MAX, payloads, record},
    settings, topic, until, until_drained,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_spool_refuses_whole_batches_and_takes_again_when_it_was_drained() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &SpoolSettings { bytes_max: 100_000, ..settings(dir.path()) }).await;
    primary.set(Weather::Away);
    let batch = |n: usize| (0..5).map(|i| record("k", &format!("{n}-{i}-{}", "x".repeat(1_000)))).collect::<Vec<_>>();
    let mut acknowledged = 0;
    let refusals = loop {
        let outcomes = log.append(TOPIC, batch(acknowledged)).await;
        if outcomes.iter().all(Result::is_ok) {
            acknowledged += 1;
            continue;
        }
        break outcomes;
    };
    assert!(refusals.iter().all(|outcome| matches!(outcome, Err(AppendError::Unavailable(_)))), "{refusals:?}");
    assert_eq!(acknowledged, 19, "as many as 100,000 bytes hold");
    assert_eq!(log.status().state, SpoolState::Full);
    assert!(matches!(log.check().await, Err(LogError::Unavailable(_))));

    primary.set(Weather::Fine);
    until_drained(&log).await;
    assert_eq!(log.check().await, Ok(()));
    assert!(log.append(TOPIC, batch(acknowledged)).await.iter().all(Result::is_ok));
    let kept = payloads(&everything(&*primary.log, TOPIC).await);
    let wanted: Vec<_> =
        (0..=acknowledged).flat_map(batch).map(|r| String::from_utf8(r.payload.to_vec()).unwrap()).collect();
    assert_eq!(kept, wanted, "each once, in order, and nothing of what was refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_without_the_room_that_must_stay_takes_nothing_and_the_log_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &SpoolSettings { free_bytes_min: u64::MAX / 2, ..settings(dir.path()) }).await;
    assert!(log.append(TOPIC, vec![record("k", "direct")]).await[0].is_ok());
    primary.set(Weather::Away);
    assert!(matches!(log.append(TOPIC, vec![record("k", "refused")]).await[0], Err(AppendError::Unavailable(_))));
    assert_eq!(log.status().state, SpoolState::Full);
    primary.set(Weather::Fine);
    let started = Instant::now();
    while log.append(TOPIC, vec![record("k", "direct again")]).await[0].is_err() {
        assert!(started.elapsed() < WAIT_MAX, "{:?}", log.status());
        tokio::time::sleep(POLL).await;
    }
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), ["direct", "direct again"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_can_not_be_used_stops_nothing_while_the_log_works_and_is_opened_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    // Root may write everywhere, so a read-only folder would not stop whoever runs this.
    fs::write(&settings.dir, "not a folder").unwrap();
    let log = open(&primary, &settings).await;
    assert_eq!(log.status().state, SpoolState::Unavailable);
    assert!(log.append(TOPIC, vec![record("k", "direct")]).await[0].is_ok());
    primary.set(Weather::Cut);
    let lost = log.append(TOPIC, vec![record("k", "may be there")]).await;
    if let Err(error) = &lost[0] {
        assert!(matches!(error, AppendError::OutcomeUnknown(_)), "{error}");
    }
    primary.set(Weather::Away);
    // What reaches neither the log nor the spool is told to be in neither.
    let refused = log.append(TOPIC, vec![record("k", "refused")]).await.remove(0);
    assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");

    fs::remove_file(&settings.dir).unwrap();
    until(&log, "opened", |status| status.state != SpoolState::Unavailable).await;
    assert!(log.append(TOPIC, vec![record("k", "spooled")]).await[0].is_ok());
    primary.set(Weather::Fine);
    until_drained(&log).await;
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await).last().unwrap(), "spooled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_in_the_log_and_is_not_in_the_spool_has_an_unknown_outcome() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &SpoolSettings { bytes_max: 1, ..settings(dir.path()) }).await;
    primary.set(Weather::Late);
    let outcomes = log.append(TOPIC, vec![record("a", "1"), record("b", "2")]).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(AppendError::OutcomeUnknown(_)))), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_the_log_refuses_for_good_is_put_aside_and_in_nobodys_way() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let log = open(&primary, &settings).await;
    primary.set(Weather::Away);
    let large = "x".repeat(5_000);
    let batch = vec![record("k", "before"), record("k", &large), record("k", "behind"), record("k", &large)];
    assert!(log.append(TOPIC, batch).await.iter().all(Result::is_ok));
    primary.record_bytes_max.store(5_000, Ordering::Release);
    primary.set(Weather::Fine);
    until_drained(&log).await;
    let status = log.status();
    assert_eq!((status.refused_records, status.drained_records_total), (2, 2));
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), ["before", "behind"]);
    let report = inspect(&settings.dir).unwrap().remove(0);
    assert_eq!((report.slot, report.records, report.refused_records), (0, 0, 2));
    // People can look at them, while the spool is in use.
    let mut aside = Vec::new();
    put_aside(&settings.dir, |record| aside.push(record)).unwrap();
    assert_eq!(aside.len(), 2);
    for record in aside {
        assert_eq!((record.slot, record.topic.as_str(), record.payload), (0, TOPIC, large.clone().into()));
        assert!(record.reason.contains("larger") && record.key == "k" && record.at_ms > 0, "{}", record.reason);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_log_refused_is_handed_on_after_a_start_once_its_bound_was_raised() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let log = open(&primary, &settings).await;
    primary.set(Weather::Away);
    let large = "x".repeat(5_000);
    assert!(log.append(TOPIC, vec![record("k", &large), record("k", "small")]).await.iter().all(Result::is_ok));
    primary.record_bytes_max.store(5_000, Ordering::Release);
    primary.set(Weather::Fine);
    until_drained(&log).await;
    for (bound, refused, kept) in [(5_000, 1, vec!["small"]), (u64::MAX, 0, vec!["small", large.as_str()])] {
        log_closed(&log).await;
        primary.record_bytes_max.store(bound, Ordering::Release);
        let log = open(&primary, &settings).await;
        until_drained(&log).await;
        assert_eq!(log.status().refused_records, refused);
        let records = everything(&*primary.log, TOPIC).await;
        assert_eq!(payloads(&records), kept);
        assert!(records.iter().all(|record| record.headers.is_empty()), "as it was appended");
        log_closed(&log).await;
        assert_eq!(inspect(&settings.dir).unwrap().remove(0).refused_records, refused);
    }
}

async fn log_closed(log: &SpooledLog) {
    log.close(Duration::from_secs(5)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_at_the_very_bound_can_be_put_aside_and_one_past_it_is_not_taken() {
    const BOUND: usize = 2_000;
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &SpoolSettings { record_bytes_max: BOUND, ..settings(dir.path()) }).await;
    primary.set(Weather::Away);
    let of_size = |bytes: usize| record("k", &"x".repeat(bytes - 1));
    assert_eq!(of_size(BOUND).size_bytes(), BOUND);
    let outcomes = log.append(TOPIC, vec![of_size(BOUND), of_size(BOUND + 1), record("k", "behind")]).await;
    assert!(outcomes[0].is_ok() && outcomes[1] == Err(AppendError::TooLarge) && outcomes[2].is_ok(), "{outcomes:?}");
    primary.record_bytes_max.store(BOUND as u64, Ordering::Release);
    primary.set(Weather::Fine);
    until_drained(&log).await;
    assert_eq!(log.status().refused_records, 1);
    assert_eq!(payloads(&everything(&*primary.log, TOPIC).await), ["behind"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_is_not_there_yet_is_made_and_one_that_is_not_ours_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = SpoolSettings { topics: vec![topic("new", 3)], ..settings(dir.path()) };
    let log = open(&primary, &settings).await;
    assert!(log.append("new", vec![record("k", "kept")]).await[0].is_ok());
    until_drained(&log).await;
    let other = log.append("other", vec![record("k", "x")]).await.remove(0);
    assert_eq!(other, Err(AppendError::NoSuchTopic("other".to_owned())));
    assert_eq!(log.status().state, SpoolState::Idle, "the log answers");
    assert_eq!(payloads(&everything(&*primary.log, "new").await), ["kept"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_back_is_found_under_constant_load_and_records_keep_their_order() {
    const WRITERS: usize = 8;
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &settings(dir.path())).await;
    let (has_to_stop, appended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (log, has_to_stop, appended) = (log.clone(), has_to_stop.clone(), appended.clone());
            tokio::spawn(async move {
                let key = format!("writer-{writer}");
                for n in 0.. {
                    if has_to_stop.load(Ordering::Acquire) {
                        return n;
                    }
                    assert!(log.append(TOPIC, vec![record(&key, &n.to_string())]).await[0].is_ok());
                    appended.fetch_add(1, Ordering::AcqRel);
                }
                unreachable!("it is told to stop")
            })
        })
        .collect();
    for round in 1..4 {
        primary.set(Weather::Away);
        until(&log, "spooling", |status| status.records > 200 * round).await;
        primary.set(Weather::Fine);
        // Nobody stops appending, and yet the spool is left.
        until(&log, "idle", |status| status.state == SpoolState::Idle).await;
    }
    has_to_stop.store(true, Ordering::Release);
    let mut counts = Vec::new();
    for writer in writers {
        counts.push(writer.await.unwrap());
    }
    until_drained(&log).await;
    let records = everything(&*primary.log, TOPIC).await;
    assert_eq!(records.len(), appended.load(Ordering::Acquire), "each once: nothing was ambiguous");
    for (writer, count) in counts.into_iter().enumerate() {
        let of_writer: Vec<_> = records.iter().filter(|r| r.key == format!("writer-{writer}")).cloned().collect();
        assert_eq!(payloads(&of_writer), (0..count).map(|n: usize| n.to_string()).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_spool_gives_its_room_back_to_the_disk() {
    const EMPTY_BYTES_MAX: u64 = 512 * 1024;
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let log = open(&primary, &settings).await;
    primary.set(Weather::Away);
    let large = "x".repeat(100_000);
    for _ in 0..200 {
        assert!(log.append(TOPIC, vec![record("k", &large)]).await[0].is_ok());
    }
    let held = || -> u64 {
        let files = fs::read_dir(settings.dir.join("0")).unwrap();
        files.map(|file| file.unwrap().metadata().map_or(0, |meta| meta.len())).sum()
    };
    assert!(held() > 20_000_000, "{}", held());
    primary.set(Weather::Fine);
    until_drained(&log).await;
    let started = Instant::now();
    while held() > EMPTY_BYTES_MAX {
        assert!(started.elapsed() < WAIT_MAX, "{} bytes are still held", held());
        tokio::time::sleep(POLL).await;
    }
    primary.set(Weather::Away);
    assert!(log.append(TOPIC, vec![record("k", "again")]).await[0].is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_of_the_oldest_is_never_negative_and_the_spool_tells_what_it_holds() {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    let settings = settings(dir.path());
    let log = open(&primary, &settings).await;
    assert_eq!((log.status().state, log.status().oldest_appended_at_ms), (SpoolState::Idle, None));
    primary.set(Weather::Away);
    for n in 0..10 {
        assert!(log.append(TOPIC, vec![record("key", &n.to_string())]).await[0].is_ok());
    }
    let status = log.status();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    assert_eq!((status.state, status.records, status.bytes), (SpoolState::Spooling, 10, 40));
    assert!((1..=now).contains(&status.oldest_appended_at_ms.unwrap()));
    assert!(status.reason.unwrap().contains("weather"));
    // Another process looks, while this one has it open.
    let report = inspect(&settings.dir).unwrap().remove(0);
    assert_eq!((report.records, report.bytes), (10, 40));
    assert!(report.oldest_appended_at_ms.unwrap() <= now);

    log.close(Duration::from_secs(5)).await;
    assert_eq!(log.append(TOPIC, vec![record("key", "late")]).await, [Err(AppendError::Closed)]);
    assert_eq!(inspect(&settings.dir).unwrap().remove(0).records, 10, "what could not be handed on stays");
    primary.set(Weather::Fine);
    drop(log);
    let log = open(&primary, &settings).await;
    until_drained(&log).await;
    assert_eq!(log.status().drained_records_total, 10);
    assert_eq!(log.status().drain_records_per_second, 0.0, "it is drained");
}
