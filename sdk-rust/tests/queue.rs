//! The queue is bounded, and what is in it is not lost.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use futures_util::FutureExt;
use gapin_sdk::{
    Recorder,
    recorder::{DropReason, WhenFull},
};
use support::{
    FLUSH, Through, eventually, eventually_async, faulty, gateway, numbered,
    programs::{self, program},
    prompts, record, settings, stored,
};
use uuid::Uuid;

// feature: queue.drop_oldest
// feature: queue.told
#[test]
fn past_its_bound_the_oldest_go_and_are_told() {
    let through = Through::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let recorder = through
        .builder()
        .queue_events_max(5)
        .on_dropped(move |event, why| {
            teller.lock().unwrap().push((event["query"]["prompt"].as_str().unwrap().to_owned(), why));
        })
        .build()
        .unwrap();
    let gate = through.hold_the_first(&recorder);
    for number in 0..20 {
        record(&recorder, number..number + 1);
        assert!(recorder.stats().queued <= 5);
    }
    gate.open();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(5)), ["first", "16", "17", "18", "19"]);
    let wanted: Vec<_> = numbered(0..16).into_iter().map(|number| (number, DropReason::QueueFull)).collect();
    assert_eq!(*told.lock().unwrap(), wanted);
    let stats = recorder.stats();
    assert_eq!((stats.dropped, stats.dropped_by_reason[&DropReason::QueueFull]), (16, 16));
}

// feature: queue.drop_newest
#[test]
fn past_its_bound_the_newest_are_refused() {
    let through = Through::new();
    let recorder = through.builder().queue_events_max(5).when_full(WhenFull::DropNewest).build().unwrap();
    let gate = through.hold_the_first(&recorder);
    let ids: Vec<_> = (0..20).map(|number: usize| recorder.query().prompt(number.to_string()).record()).collect();
    assert!(ids[..4].iter().all(Option::is_some) && ids[4..].iter().all(Option::is_none));
    gate.open();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(5)), ["first", "0", "1", "2", "3"]);
    assert_eq!(recorder.stats().dropped, 16);
}

// feature: queue.block
#[test]
fn past_its_bound_the_caller_waits() {
    let through = Through::new();
    let recorder = through.builder().queue_events_max(5).when_full(WhenFull::Block).build().unwrap();
    let gate = through.hold_the_first(&recorder);
    let is_done = Arc::new(AtomicBool::new(false));
    let caller = thread::spawn({
        let (recorder, is_done) = (recorder.clone(), Arc::clone(&is_done));
        move || {
            record(&recorder, 0..20);
            is_done.store(true, Ordering::SeqCst);
        }
    });
    eventually("the queue is full", || (recorder.stats().queued == 5).then_some(()));
    assert!(!is_done.load(Ordering::SeqCst));
    gate.open();
    caller.join().unwrap();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(21)), [vec!["first".to_owned()], numbered(0..20)].concat());
    assert_eq!(recorder.stats().dropped, 0);
}

// feature: queue.block
#[test]
fn whoever_waits_for_room_is_let_go_by_the_end() {
    let through = Through::new();
    through.faulty.always(Some(faulty::refuse(503, "overloaded", &[])));
    let recorder = through.builder().queue_events_max(1).when_full(WhenFull::Block).build().unwrap();
    record(&recorder, 0..1);
    let caller = thread::spawn({
        let recorder = recorder.clone();
        move || recorder.query().prompt("waits").record()
    });
    eventually("it is tried", || (recorder.stats().retries > 0).then_some(()));
    assert!(!recorder.close_blocking());
    assert_eq!(caller.join().unwrap(), None);
    assert_eq!(recorder.stats().dropped_by_reason[&DropReason::Closed], 2);
}

// feature: queue.bytes
#[test]
fn the_queue_is_bounded_in_bytes() {
    let through = Through::new();
    let recorder = through.builder().queue_bytes_max(100_000).build().unwrap();
    let gate = through.hold_the_first(&recorder);
    for number in 0..20 {
        recorder.query().prompt(format!("{number} {}", "x".repeat(20_000))).record();
        assert!(recorder.stats().queued_bytes <= 100_000);
    }
    assert!((3..=5).contains(&recorder.stats().queued));
    assert_eq!(recorder.query().prompt("y".repeat(200_000)).record(), None);
    gate.open();
    assert!(recorder.flush_blocking(FLUSH));
}

// feature: queue.bytes
#[test]
fn those_that_wait_do_not_go_for_nothing() {
    let through = Through::new();
    let recorder = through.builder().queue_bytes_max(100_000).build().unwrap();
    let gate = faulty::Gate::new();
    through.faulty.faults([faulty::held_until(&gate)]);
    recorder.query().prompt("x".repeat(60_000)).record();
    eventually("it is under way", || (!through.faulty.arrived().is_empty()).then_some(()));
    record(&recorder, 0..3);
    assert_eq!(recorder.query().prompt("y".repeat(50_000)).record(), None, "even alone there is no room for it");
    assert_eq!((recorder.stats().dropped, recorder.stats().queued), (1, 4));
    gate.open();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(4))[1..], numbered(0..3));
}

// feature: queue.flush
#[test]
fn flush_says_whether_it_was_in_time() {
    let through = Through::new();
    let recorder = through.builder().build().unwrap();
    assert!(recorder.flush_blocking(Duration::ZERO), "nothing is to be sent");
    let gate = through.hold_the_first(&recorder);
    assert!(!recorder.flush_blocking(Duration::from_millis(50)));
    gate.open();
    assert!(recorder.flush_blocking(FLUSH));
    through.stored(1);
}

// feature: queue.flush
#[tokio::test]
async fn a_flush_can_be_awaited_by_many() {
    let through = Through::new();
    let recorder = through.builder().build().unwrap();
    let gate = through.hold_the_first(&recorder);
    assert!(!recorder.flush(Duration::from_millis(50)).await);
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let recorder = recorder.clone();
            tokio::spawn(async move { recorder.flush(FLUSH).await })
        })
        .collect();
    gate.open();
    for each in waiting {
        assert!(each.await.unwrap());
    }
    assert!(recorder.close().await);
    assert_eq!(recorder.stats().accepted, 1);
}

/// Polls a future by nothing but its waker.
fn without_a_runtime<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            return value;
        }
        thread::park();
    }
}

// feature: queue.flush
#[test]
fn a_flush_works_in_any_runtime_and_what_a_callback_waits_for_does_not_hold_it_up() {
    let through = Through::new();
    through.faulty.faults([faulty::refuse(413, "batch_too_large", &[])]);
    let known: Arc<Mutex<Option<Recorder>>> = Arc::default();
    let answers = Arc::new(Mutex::new(Vec::new()));
    let (inside, teller) = (Arc::clone(&known), Arc::clone(&answers));
    let builder = through.builder().on_refused(move |_, _| {
        let recorder = inside.lock().unwrap().clone().unwrap();
        teller.lock().unwrap().push(recorder.flush_blocking(FLUSH));
    });
    let recorder = builder.build().unwrap();
    *known.lock().unwrap() = Some(recorder.clone());
    record(&recorder, 0..1);
    assert!(without_a_runtime(recorder.flush(FLUSH)));
    assert_eq!(*answers.lock().unwrap(), [false]);
    known.lock().unwrap().take();
}

// feature: queue.close
#[test]
fn the_last_clones_end_sends_what_is_left() {
    let through = Through::new();
    let recorder = through.builder().batch_age(FLUSH).flush_timeout(FLUSH).build().unwrap();
    let clone = recorder.clone();
    drop(recorder);
    record(&clone, 0..30);
    drop(clone);
    assert_eq!(through.faulty.events().len(), 30);
    assert_eq!(prompts(&through.stored(30)), numbered(0..30));
}

// feature: queue.close
#[test]
fn after_close_nothing_is_taken() {
    let through = Through::new();
    let recorder = through.builder().batch_age(FLUSH).flush_timeout(FLUSH).build().unwrap();
    record(&recorder, 0..3);
    assert!(recorder.close_blocking());
    assert_eq!(recorder.query().prompt("too late").record(), None);
    assert_eq!(recorder.stats().dropped_by_reason[&DropReason::Closed], 1);
    assert_eq!(prompts(&through.stored(3)), numbered(0..3));
}

// feature: queue.close
#[test]
fn close_keeps_to_its_time_and_tells_what_it_let_go() {
    let through = Through::new();
    through.faulty.always(Some(faulty::refuse(503, "overloaded", &[("retry-after", "30")])));
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let recorder = through
        .builder()
        .flush_timeout(Duration::from_millis(300))
        .on_dropped(move |_, why| teller.lock().unwrap().push(why))
        .build()
        .unwrap();
    record(&recorder, 0..1);
    assert!(!recorder.close_blocking());
    eventually("it is told", || (*told.lock().unwrap() == [DropReason::Closed]).then_some(()));
}

// feature: queue.close
#[test]
fn a_close_that_nobody_waited_for_is_gone_on_with() {
    let through = Through::new();
    let recorder = through.builder().flush_timeout(FLUSH).build().unwrap();
    let gate = through.hold_the_first(&recorder);
    record(&recorder, 0..3);
    assert_eq!(recorder.close().now_or_never(), None);
    gate.open();
    drop(recorder);
    assert_eq!(prompts(&through.stored(4)), ["first", "0", "1", "2"]);
}

// feature: queue.close
#[tokio::test(flavor = "multi_thread")]
async fn a_second_close_waits_for_the_first_and_answers_the_same() {
    let through = Through::new();
    let recorder = through.builder().flush_timeout(FLUSH).build().unwrap();
    let gate = through.hold_the_first(&recorder);
    let mut first = Box::pin(recorder.close());
    assert_eq!((&mut first).now_or_never(), None);
    let second = recorder.clone();
    let second = tokio::task::spawn_blocking(move || second.close_blocking());
    assert!(!second.is_finished());
    gate.open();
    assert!(first.await && second.await.unwrap() && recorder.close().await);
    assert_eq!(prompts(&through.stored(1)), ["first"]);

    through.faulty.always(Some(faulty::refuse(503, "overloaded", &[])));
    let recorder = through.builder().flush_timeout(Duration::from_millis(200)).build().unwrap();
    record(&recorder, 0..3);
    let closing: Vec<_> = (0..4)
        .map(|_| {
            let recorder = recorder.clone();
            tokio::spawn(async move { recorder.close().await })
        })
        .collect();
    for each in closing {
        assert!(!each.await.unwrap(), "three were let go");
    }
    assert!(!recorder.close_blocking());
    let all_are_counted = async || {
        let dropped = recorder.stats().dropped_by_reason;
        (dropped.get(&DropReason::Closed) == Some(&3)).then_some(())
    };
    eventually_async("all three are counted", all_are_counted).await;
}

// feature: queue.close
#[test]
fn close_does_not_wait_for_an_answer_that_does_not_come() {
    let through = Through::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let builder = through.builder().flush_timeout(Duration::from_millis(50));
    let recorder = builder.on_dropped(move |_, why| teller.lock().unwrap().push(why)).build().unwrap();
    let gate = through.hold_the_first(&recorder);
    assert!(!recorder.close_blocking());
    eventually("it is told", || (*told.lock().unwrap() == [DropReason::Closed]).then_some(()));
    gate.open();
}

/// A process of its own that records.
fn start(name: &str, ai_id: Uuid, args: &[&str]) -> Child {
    let mut command = program(gateway(), name);
    command.env("GAPIN_AI_ID", ai_id.to_string()).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

fn wait_until_recorded(process: &mut Child) {
    let mut line = String::new();
    BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "recorded\n");
}

// feature: queue.exit
#[test]
fn a_process_that_just_ends_loses_nothing() {
    let ai_id = Uuid::new_v4();
    assert!(start("just_ends", ai_id, &[]).wait().unwrap().success());
    assert_eq!(prompts(&stored(gateway(), ai_id, 25)), numbered(0..25));
}

// feature: queue.sigterm
#[cfg(unix)]
#[test]
fn sigterm_loses_nothing_and_ends_the_process() {
    use std::os::unix::process::ExitStatusExt;

    const SIGTERM: i32 = 15;
    let ai_id = Uuid::new_v4();
    let mut process = start("until_killed", ai_id, &[]);
    wait_until_recorded(&mut process);
    let _input = process.stdin.take(); // to wait would close it, which ends the program as well
    let sent = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(process.wait().unwrap().signal(), Some(SIGTERM));
    assert_eq!(prompts(&stored(gateway(), ai_id, 25)), numbered(0..25));
}

// feature: queue.processes
#[test]
fn processes_record_beside_each_other() {
    let (ai_id, folder) = (Uuid::new_v4(), tempfile::tempdir().unwrap());
    let folder = folder.path().to_str().unwrap();
    let url = &gateway().url;
    let mut processes: Vec<_> = (0..2).map(|_| start("just_ends", ai_id, &[])).collect();
    processes.extend((0..3).map(|_| start("on_disk", ai_id, &[folder, url, "25"])));
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let mut found = prompts(&stored(gateway(), ai_id, 5 * 25));
    found.sort_by_key(|prompt| prompt.parse::<usize>().unwrap());
    let wanted: Vec<_> = numbered(0..25).into_iter().flat_map(|number| vec![number; 5]).collect();
    assert_eq!(found, wanted);
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
}

// feature: queue.disk
#[test]
fn what_is_on_disk_survives_sigkill() {
    let (ai_id, folder) = (Uuid::new_v4(), tempfile::tempdir().unwrap());
    let path = folder.path().to_str().unwrap();
    let mut process = start("on_disk", ai_id, &[path, "http://127.0.0.1:1", "25"]);
    wait_until_recorded(&mut process);
    process.kill().unwrap(); // SIGKILL
    process.wait().unwrap();
    assert_eq!(gateway().records(ai_id).len(), 0);
    let mut again = start("on_disk", ai_id, &[path, &gateway().url, "0"]);
    let mut said = String::new();
    again.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(again.wait().unwrap().success());
    assert_eq!(prompts(&stored(gateway(), ai_id, 25)), numbered(0..25));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

// feature: queue.disk
#[test]
fn the_disk_queue_is_bounded_and_in_order() {
    let (through, folder) = (Through::new(), tempfile::tempdir().unwrap());
    through.faulty.faults((0..3).map(|_| faulty::refuse(503, "overloaded", &[])));
    let recorder = through
        .builder()
        .disk_queue(folder.path())
        .queue_events_max(50)
        .batch_events_max(7)
        .batch_age(FLUSH)
        .build()
        .unwrap();
    record(&recorder, 0..80);
    assert!(recorder.flush_blocking(FLUSH));
    let stats = recorder.stats();
    assert_eq!(stats.accepted + stats.dropped, 80);
    assert_eq!((stats.queued, stats.queued_bytes, stats.faults), (0, 0, 0));
    let events = prompts(&through.stored(usize::try_from(stats.accepted).unwrap()));
    assert!(events.is_sorted_by_key(|prompt| prompt.parse::<usize>().unwrap()));
    assert_eq!(events.last().unwrap(), "79");
}

// feature: queue.disk
#[test]
fn what_can_not_be_sent_stays_on_disk_for_the_next_recorder() {
    let (through, folder) = (Through::new(), tempfile::tempdir().unwrap());
    through.faulty.always(Some(faulty::refuse(503, "overloaded", &[])));
    let builder = through.builder().disk_queue(folder.path()).retry_for(Duration::from_millis(1));
    let first = builder.flush_timeout(Duration::from_millis(100)).build().unwrap();
    record(&first, 0..10);
    eventually("it is tried", || (first.stats().retries > 2).then_some(()));
    let second = Recorder::builder(settings(gateway(), through.ai_id)).disk_queue(folder.path()).build().unwrap();
    assert_eq!(second.stats().queued, 0, "a file that is in use is nobody else's");
    drop(second);
    assert!(!first.close_blocking());
    assert_eq!(first.stats().dropped, 0);
    let third = Recorder::builder(settings(gateway(), through.ai_id)).disk_queue(folder.path()).build().unwrap();
    assert!(third.flush_blocking(FLUSH));
    assert_eq!(third.stats().accepted, 10);
    drop(third);
    assert_eq!(prompts(&through.stored(10)), numbered(0..10));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

// feature: queue.disk
#[test]
fn what_was_left_leaves_room_for_what_is_recorded_now() {
    let (through, folder) = (Through::new(), tempfile::tempdir().unwrap());
    through.faulty.always(Some(faulty::refuse(503, "overloaded", &[])));
    let builder = || through.builder().disk_queue(folder.path()).flush_timeout(Duration::from_millis(1));
    let first = builder().build().unwrap();
    record(&first, 0..50);
    assert!(!first.close_blocking());
    let second = eventually("half of its room is taken over", || {
        let second = builder().queue_events_max(10).batch_events_max(3).flush_timeout(FLUSH).build().unwrap();
        (second.stats().queued == 5).then_some(second)
    });
    record(&second, 50..54);
    assert_eq!(second.stats().dropped, 0);
    through.faulty.always(None);
    assert!(second.flush_blocking(FLUSH));
    drop(second);
    let mut found = prompts(&through.stored(54));
    found.sort_by_key(|prompt| prompt.parse::<usize>().unwrap());
    assert_eq!(found, numbered(0..54));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

// feature: queue.disk
#[test]
fn what_can_not_be_read_is_counted_and_holds_nothing_up() {
    let (through, folder) = (Through::new(), tempfile::tempdir().unwrap());
    through.faulty.always(Some(faulty::refuse(503, "overloaded", &[])));
    let builder = || through.builder().disk_queue(folder.path()).flush_timeout(Duration::from_millis(1));
    let first = builder().build().unwrap();
    record(&first, 0..3);
    assert!(!first.close_blocking());
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let db = eventually("its thread has let it go", || {
        let db = rusqlite::Connection::open(&file).unwrap();
        db.execute("update events set payload = x'' where ticket = (select min(ticket) from events)", ()).ok()?;
        Some(db)
    });
    db.close().unwrap();
    through.faulty.always(None);
    let second = builder().flush_timeout(FLUSH).build().unwrap();
    assert!(second.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(2)), ["1", "2"]);
    assert_eq!(second.stats().dropped_by_reason[&DropReason::QueueFailed], 1);
}

// feature: queue.disk
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_keeps_what_it_has() {
    /// In blocks of 512 bytes: room for some of the events.
    const FULL: &str = r#"trap "" XFSZ; ulimit -f 400; exec "$@""#;
    let (ai_id, folder) = (Uuid::new_v4(), tempfile::tempdir().unwrap());
    let path = folder.path().to_str().unwrap();
    let programs = programs::example("programs");
    let mut full = Command::new("sh");
    full.args(["-c", FULL, "sh"]).arg(&programs).args(["on_a_full_disk", path]).envs(&gateway().env);
    let output = full.env("GAPIN_AI_ID", ai_id.to_string()).output().unwrap();
    let said = programs::said(&output);
    let kept: Vec<&str> = said.lines().collect();
    assert!(!kept.is_empty() && kept.len() < 200, "{} are kept", kept.len());
    let mut again = start("on_disk", ai_id, &[path, &gateway().url, "0"]);
    assert!(again.wait().unwrap().success());
    assert_eq!(prompts(&stored(gateway(), ai_id, kept.len())), kept);
}

// feature: queue.disk
#[test]
fn a_folder_that_is_none_is_said() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = Recorder::builder(settings(gateway(), Uuid::new_v4())).disk_queue(file.path()).build().unwrap_err();
    assert!(refused.to_string().contains("disk_queue"), "{refused}");
}
