//! One `gapin` process: a server that goes on, or a command that ends.

use std::{
    env,
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use serde_json::Value;
use testbed::{Kind, ServiceProcess};

use crate::{
    binary::gapin_path,
    system::{free_address, named},
};

/// A `gapin` process behind this prefix. Its environment has nothing of the test's own but what any program needs.
pub(crate) fn command(prefix: &[OsString], settings: &[(String, String)], args: &[&str]) -> Command {
    const KEPT: [&str; 4] = ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"];
    let mut command = match prefix {
        [] => Command::new(gapin_path()),
        [program, before @ ..] => {
            let mut command = Command::new(program);
            command.args(before).arg(gapin_path());
            command
        }
    };
    command.env_clear();
    command.envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    command.args(args);
    command
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ran {
    /// How.
    pub status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it said beside.
    pub stderr: String,
}

impl Ran {
    /// Runs a command to its end, with this as its input.
    pub(crate) fn run(mut command: Command, input: &[u8]) -> Ran {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary can be run");
        let mut stdin = child.stdin.take().expect("it is piped");
        let input = input.to_vec();
        // A command that ends without reading all of its input closes the pipe: that is its right.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().expect("a child can be waited for");
        writer.join().expect("the writer does not panic");
        Ran {
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Stops the test unless it ended with 0.
    #[track_caller]
    pub fn succeeded(self) -> Ran {
        assert!(self.status.success(), "{}\nstdout:\n{}\nstderr:\n{}", self.status, self.stdout, self.stderr);
        self
    }

    /// The last line that it printed, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        let last = self.stdout.trim_end().lines().next_back().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {last:?}\nstderr:\n{}", self.stderr))
    }
}

/// A server process, which can be killed and started again with the same arguments.
pub struct Gapin {
    process: ServiceProcess,
    prefix: Vec<OsString>,
    args: Vec<String>,
    settings: Vec<(String, String)>,
    /// Where it serves `/metrics` and `/health`, whatever it is.
    operations_at: String,
}

impl Gapin {
    /// Not started yet; this is written before the program and its arguments.
    pub(crate) fn new(name: &'static str, prefix: &[OsString]) -> Gapin {
        let kind = Kind { name, stop_signal: "TERM", discard_signal: "KILL" };
        Gapin {
            process: ServiceProcess::new(kind),
            prefix: prefix.to_vec(),
            args: Vec::new(),
            settings: Vec::new(),
            operations_at: free_address(),
        }
    }

    /// Its own folder, which goes when it does.
    pub(crate) fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// Starts it and waits until it says that it is ready.
    pub(crate) fn start(&mut self, settings: &[(String, String)], args: &[&str]) {
        self.settings = settings.to_vec();
        self.settings.extend(named([("GAPIN_METRICS_LISTEN", self.operations_at.clone())]));
        self.args = args.iter().map(|&arg| arg.to_owned()).collect();
        self.start_again();
    }

    /// Starts it again as it was started before, on the same data, and waits until it is ready.
    pub fn start_again(&mut self) {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let mut command = command(&self.prefix, &self.settings, &args);
        if let Err(error) = self.process.start(&mut command, |_| answers_ready(&self.operations_at)) {
            self.process.fail("ended before it was ready", error.status);
        }
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Sends a signal and goes on.
    pub fn signal(&self, signal: &str) {
        self.process.signal(signal);
    }

    /// Waits until it has ended.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        self.process.wait_for_end().expect("it was started")
    }

    /// SIGTERM, and how it ended.
    pub fn stop(&mut self) -> ExitStatus {
        self.process.stop().expect("it was started")
    }

    /// The id of its process; `None` when it does not run.
    pub fn process_id(&self) -> Option<u32> {
        self.process.id()
    }

    /// The memory that it holds now, in bytes (its resident set).
    #[track_caller]
    pub fn resident_bytes(&self) -> u64 {
        let id = self.process.id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("the system tells of its processes");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it holds memory");
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number of kB");
        kib * 1024
    }

    /// Whether it runs now.
    pub fn is_running(&mut self) -> bool {
        self.process.is_running()
    }

    /// Where it serves its metrics.
    pub(crate) fn metrics_at(&self) -> &str {
        &self.operations_at
    }

    /// What it has logged, over all its starts.
    pub fn said(&self) -> String {
        self.process.said()
    }

    /// Where its log lies.
    pub fn log_path(&self) -> PathBuf {
        self.process.log_path()
    }
}

impl Drop for Gapin {
    /// The folder goes with the process, and with it what could tell why a test failed.
    #[expect(clippy::print_stderr, reason = "a test that fails says why")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.process.last_said());
        }
    }
}

/// Asks over a plain socket: this runs before and beside any runtime.
fn answers_ready(address: &str) -> bool {
    use std::{io::Read, net::TcpStream, time::Duration};
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
