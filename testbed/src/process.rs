//! A process under test or that a test needs: started, waited for, killed, stopped, started again with the same data.

use std::{
    fmt::Display,
    fs::{self, File, OpenOptions},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use crate::{wait::wait_until, watchdog::Watchdog};

/// How long a service may take to be ready. Far more than it needs: machines under test are busy, and where a dozen
/// programs share a processor, brokers that start together take minutes.
const READY_WAIT_MAX: Duration = Duration::from_secs(300);
/// How long a service may take to end.
const END_WAIT_MAX: Duration = Duration::from_secs(60);
const LOG_LINES_SHOWN: usize = 60;

/// How one kind of service is run. Signals as `kill` names them.
pub struct Kind {
    /// What messages and its folder call it.
    pub name: &'static str,
    /// Asks it to end.
    pub stop_signal: &'static str,
    /// For when nobody will look at its data again.
    pub discard_signal: &'static str,
}

/// One process and its folder, which both go when this does, and when the test process does.
pub struct ServiceProcess {
    kind: Kind,
    folder: PathBuf,
    child: Option<Child>,
    watchdog: Watchdog,
}

/// The process ended before it was ready.
#[derive(Debug)]
pub struct NotStarted {
    /// What it said.
    pub log: String,
    /// How it ended.
    pub status: ExitStatus,
}

impl NotStarted {
    /// Whether another process holds what this one wanted, so that trying again is right.
    pub fn is_clash(&self) -> bool {
        ["in use", "already bound", "Address already"].iter().any(|words| self.log.contains(words))
    }
}

impl ServiceProcess {
    /// A folder of its own under `/tmp`, which every user can reach, and nothing running yet.
    pub fn new(kind: Kind) -> ServiceProcess {
        let folder = tempfile::Builder::new()
            .prefix(&format!("gapin-{}-", kind.name))
            .tempdir_in("/tmp")
            .expect("a folder can be made in /tmp")
            .keep();
        let watchdog = Watchdog::over(&folder, kind.discard_signal);
        ServiceProcess { kind, folder, child: None, watchdog }
    }

    /// Its own folder; its data lies in there.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the service has said so far, over all its starts.
    pub fn log_path(&self) -> PathBuf {
        self.folder.join("output.log")
    }

    /// Starts it and waits until it is ready; `ready` is given what this start has said so far.
    pub fn start(&mut self, command: &mut Command, ready: impl Fn(&str) -> bool) -> Result<(), NotStarted> {
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

        let mut ended = None;
        let in_time = wait_until(READY_WAIT_MAX, || {
            ended = self.has_ended();
            ended.is_some() || ready(&self.said_since(said_before))
        });
        if let Some(status) = ended {
            return Err(NotStarted { log: self.said_since(said_before), status });
        }
        if !in_time {
            self.fail("was not ready in time", format_args!("{READY_WAIT_MAX:?}"));
        }
        Ok(())
    }

    /// SIGKILL to the whole group, and waits until it is gone.
    pub fn kill(&mut self) {
        self.signal("KILL");
        self.wait_for_end();
    }

    /// Asks it to end, and waits until it has; `None` when it did not run.
    pub fn stop(&mut self) -> Option<ExitStatus> {
        self.signal(self.kind.stop_signal);
        self.wait_for_end()
    }

    /// Sends a signal to the whole group and goes on.
    pub fn signal(&self, signal: &str) {
        if let Some(child) = &self.child {
            send_signal(signal, child.id());
        }
    }

    /// Waits until it has ended by itself or by a signal; `None` when it did not run.
    pub fn wait_for_end(&mut self) -> Option<ExitStatus> {
        self.child.as_ref()?;
        let mut ended = None;
        wait_until(END_WAIT_MAX, || {
            ended = self.has_ended();
            ended.is_some()
        });
        if ended.is_none() {
            self.fail("did not end", format_args!("{END_WAIT_MAX:?}"));
        }
        ended
    }

    /// The id of the process; `None` when it does not run.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Whether it runs now.
    pub fn is_running(&mut self) -> bool {
        self.child.is_some() && self.has_ended().is_none()
    }

    /// Stops the test with the end of the service's log.
    pub fn fail(&self, what: &str, why: impl Display) -> ! {
        panic!("{} {what}: {why}\n{}", self.kind.name, self.last_said());
    }

    /// The end of its log, and whose it is: for messages.
    pub fn last_said(&self) -> String {
        let log = self.said();
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n");
        format!("the end of the log of {}:\n{tail}", self.kind.name)
    }

    fn has_ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.as_mut()?.try_wait().expect("a child can be waited for")?;
        self.watchdog.release();
        self.child = None;
        Some(status)
    }

    fn open_log(&self) -> File {
        OpenOptions::new().create(true).append(true).open(self.log_path()).expect("the folder is writable")
    }

    /// All that it has said, over all its starts.
    pub fn said(&self) -> String {
        self.said_since(0)
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
