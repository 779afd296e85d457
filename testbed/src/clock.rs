//! A clock that can be set while programs run by it.

use std::{
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::installed::missing;

/// Where Debian and Ubuntu put it, by architecture.
const LIBRARIES: &str = "/usr/lib";
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// The time of day of the programs that are run under its [`prefix`](Clock::prefix). What they measure durations
/// by, the monotonic clock, stays: so it is when a real clock is set.
///
/// One thing is not as with a real one: libfaketime fakes `pthread_cond_timedwait` and not C11's `cnd_timedwait`, which
/// librdkafka waits with. While this clock is set back those waits end at once: the program is busy, and slow with Kafka.
pub struct Clock {
    folder: tempfile::TempDir,
    faketime: PathBuf,
}

impl Clock {
    /// A clock that goes right.
    pub fn start() -> Clock {
        let folder = tempfile::Builder::new().prefix("gapin-clock-").tempdir_in("/tmp").expect("/tmp is writable");
        let clock = Clock { folder, faketime: library() };
        clock.set_right();
        clock
    }

    /// What is written before a program and its arguments so that it goes by this clock.
    pub fn prefix(&self) -> Vec<OsString> {
        let named = |name: &str, value: &OsStr| {
            let mut setting = OsString::from(format!("{name}="));
            setting.push(value);
            setting
        };
        vec![
            "env".into(),
            named("LD_PRELOAD", self.faketime.as_os_str()),
            named("FAKETIME_TIMESTAMP_FILE", self.file().as_os_str()),
            // What is set is read whenever a program asks for the time.
            named("FAKETIME_NO_CACHE", OsStr::new("1")),
            named("FAKETIME_DONT_FAKE_MONOTONIC", OsStr::new("1")),
            named("NO_FAKE_STAT", OsStr::new("1")),
        ]
    }

    /// Sets it back, from what is right, by this much.
    pub fn set_back(&self, by: Duration) {
        self.write(&format!("-{}", by.as_secs()));
    }

    /// Sets it right.
    pub fn set_right(&self) {
        self.write("+0");
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    /// In one step: a program that reads it meanwhile reads the old or the new.
    fn write(&self, offset: &str) {
        let fresh = self.folder.path().join("fresh");
        fs::write(&fresh, offset).and_then(|()| fs::rename(&fresh, self.file())).expect("the folder is writable");
    }
}

fn library() -> PathBuf {
    let folders = fs::read_dir(LIBRARIES).into_iter().flatten().flatten().map(|entry| entry.path());
    let candidates = folders.chain([Path::new(LIBRARIES).to_path_buf()]).map(|folder| folder.join(LIBRARY));
    candidates.into_iter().find(|path| path.is_file()).unwrap_or_else(|| missing("libfaketime"))
}
