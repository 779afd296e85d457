//! A service's process: started, waited for, killed, stopped, started again with the same data.

use std::{
    fmt::Display,
    fs::{self, File, OpenOptions},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{wait::wait_until, watchdog::Watchdog};

/// How long a service may take to be ready or to end. Far more than it needs: machines under test are busy.
const READY_WAIT_MAX: Duration = Duration::from_secs(90);
const END_WAIT_MAX: Duration = Duration::from_secs(60);
const LOG_LINES_SHOWN: usize = 40;

/// How one kind of service is run.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The signal that asks it to end.
    pub(crate) stop_signal: &'static str,
    /// The signal for when nobody will look at its data again, as `kill` names it.
    pub(crate) discard_signal: &'static str,
}

/// One process and its folder, which both go when this does.
pub(crate) struct ServiceProcess {
    kind: Kind,
    folder: PathBuf,
    child: Option<Child>,
    watchdog: Watchdog,
}

/// The process ended before it was ready: what it said.
pub(crate) struct NotStarted {
    pub(crate) log: String,
}

impl NotStarted {
    /// Whether another process holds what this one wanted, so that trying again is right.
    pub(crate) fn is_clash(&self) -> bool {
        ["in use", "already bound", "Address already"].iter().any(|words| self.log.contains(words))
    }
}

impl ServiceProcess {
    /// A folder of its own under `/tmp`, which every user can reach, and nothing running yet.
    pub(crate) fn new(kind: Kind) -> ServiceProcess {
        let folder = tempfile::Builder::new()
            .prefix(&format!("gapin-{}-", kind.name))
            .tempdir_in("/tmp")
            .expect("a folder can be made in /tmp")
            .keep();
        let watchdog = Watchdog::over(&folder, kind.discard_signal);
        ServiceProcess { kind, folder, child: None, watchdog }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the service has said so far, over all its starts.
    pub(crate) fn log_path(&self) -> PathBuf {
        self.folder.join("output.log")
    }

    /// Starts it and waits until it is ready; `ready` is given what this start has said so far.
    pub(crate) fn start(&mut self, command: &mut Command, ready: impl Fn(&str) -> bool) -> Result<(), NotStarted> {
        assert!(self.child.is_none(), "{} runs already", self.kind.name);
        let log = self.open_log();
        let said_before = log.metadata().map_or(0, |m| m.len());
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stderr(log.try_clone().expect("a file handle can be cloned"))
            .stdout(log)
            .spawn()
            .unwrap_or_else(|error| self.fail("could not be started", error));
        self.watchdog.guard(child.id());
        self.child = Some(child);

        let mut ended = false;
        let in_time = wait_until(READY_WAIT_MAX, || {
            ended = self.has_ended();
            ended || ready(&self.said_since(said_before))
        });
        if ended {
            self.watchdog.release();
            self.child = None;
            return Err(NotStarted { log: self.said_since(said_before) });
        }
        if !in_time {
            self.fail("was not ready in time", format_args!("{READY_WAIT_MAX:?}"));
        }
        Ok(())
    }

    /// SIGKILL to the whole group, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.end_by("KILL");
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.end_by(self.kind.stop_signal);
    }

    /// Stops the test with the end of the service's log.
    pub(crate) fn fail(&self, what: &str, why: impl Display) -> ! {
        let log = self.said_since(0);
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n");
        panic!("{} {what}: {why}\nthe end of its log:\n{tail}", self.kind.name);
    }

    fn end_by(&mut self, signal: &str) {
        let Some(child) = &self.child else { return };
        send_signal(signal, child.id());
        if !wait_until(END_WAIT_MAX, || self.has_ended()) {
            self.fail("did not end", format_args!("SIG{signal}, {END_WAIT_MAX:?}"));
        }
        self.watchdog.release();
        self.child = None;
    }

    fn has_ended(&mut self) -> bool {
        let Some(child) = self.child.as_mut() else { return true };
        child.try_wait().expect("a child can be waited for").is_some()
    }

    fn open_log(&self) -> File {
        OpenOptions::new().create(true).append(true).open(self.log_path()).expect("the folder is writable")
    }

    fn said_since(&self, start: u64) -> String {
        let log = fs::read(self.log_path()).unwrap_or_default();
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(log.len());
        String::from_utf8_lossy(&log[start..]).into_owned()
    }
}

impl Drop for ServiceProcess {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            send_signal(self.kind.discard_signal, child.id());
            if !wait_until(END_WAIT_MAX, || child.try_wait().is_ok_and(|status| status.is_some())) {
                send_signal("KILL", child.id());
                let _ = child.wait();
            }
            self.watchdog.release();
        }
    }
}

/// To the whole process group that this process leads.
fn send_signal(signal: &str, group_leader: u32) {
    let _ = Command::new("sh")
        .args(["-c", r#"kill -s "$1" -- "-$2" 2>/dev/null"#, "sh", signal, &group_leader.to_string()])
        .status();
}
