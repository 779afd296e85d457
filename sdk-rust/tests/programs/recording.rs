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

fn wait_for_the_end() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
