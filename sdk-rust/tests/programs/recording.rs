//! Programs that record.

use std::{io::Read, time::Duration};

use gapin_sdk::{Recorder, RecorderBuilder, Settings};

const FLUSH: Duration = Duration::from_secs(60);

fn record(recorder: &Recorder, count: usize) {
    for number in 0..count {
        recorder.query().prompt(number.to_string()).record();
    }
}

fn patient() -> RecorderBuilder {
    Recorder::builder(Settings::new()).batch_age(FLUSH).flush_timeout(FLUSH)
}

/// Records, and comes to its end.
pub(crate) fn just_ends() {
    let recorder = patient().build().unwrap();
    record(&recorder, 25);
}

/// Records, says so, and waits to be ended.
#[cfg(unix)]
pub(crate) fn until_killed() {
    let recorder = patient().end_at_sigterm().build().unwrap();
    record(&recorder, 25);
    println!("recorded");
    wait_for_the_end();
}

/// Records onto disk for a gateway that may not be there.
#[cfg(feature = "disk-queue")]
pub(crate) fn on_disk(folder: &str, url: &str, count: usize) {
    let builder = Recorder::builder(Settings::new().url(url)).batch_age(FLUSH).disk_queue(folder);
    let recorder = builder.build().unwrap();
    record(&recorder, count);
    println!("recorded");
    if url.ends_with(":1") {
        wait_for_the_end();
    }
    assert!(recorder.flush_blocking(FLUSH));
}

/// Records onto disk until it is killed, and says what was recorded.
#[cfg(feature = "disk-queue")]
pub(crate) fn on_and_on(folder: &str, url: &str, name: &str) {
    let builder = Recorder::builder(Settings::new().url(url)).batch_age(Duration::from_millis(20)).batch_events_max(10);
    let builder = builder.queue_events_max(100).when_full(gapin_sdk::recorder::WhenFull::Block);
    let recorder = builder.disk_queue(folder).build().unwrap();
    for number in 0_u64.. {
        let prompt = format!("{name} {number}");
        if recorder.query().prompt(&prompt).record().is_some() {
            println!("{prompt}");
        }
    }
}

/// Records more onto disk than there is room for, for a gateway that is not there, and says what was kept. What was not
/// is told, and counted.
#[cfg(feature = "disk-queue")]
pub(crate) fn on_a_full_disk(folder: &str) {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use gapin_sdk::recorder::DropReason;

    const EVENTS: u64 = 200;
    let told = Arc::new(AtomicU64::new(0));
    let teller = Arc::clone(&told);
    let recorder = Recorder::builder(Settings::new().url("http://127.0.0.1:1"))
        .flush_timeout(Duration::from_millis(1))
        .disk_queue(folder)
        .on_dropped(move |_, why| {
            assert_eq!(why, DropReason::QueueFailed);
            teller.fetch_add(1, Ordering::SeqCst);
        })
        .build()
        .unwrap();
    let kept: Vec<_> =
        (0..EVENTS).filter(|number| recorder.query().prompt(number.to_string()).record().is_some()).collect();
    recorder.close_blocking();
    let stats = recorder.stats();
    assert_eq!((stats.recorded, stats.dropped), (kept.len() as u64, EVENTS - kept.len() as u64));
    assert_eq!(stats.dropped, told.load(Ordering::SeqCst));
    for number in kept {
        println!("{number}");
    }
}

fn wait_for_the_end() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
