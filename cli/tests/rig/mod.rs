//! The built `gapin`, run with an environment of its own.

#![allow(unreachable_pub, dead_code, reason = "each test binary uses a part of the rig")]
#![allow(clippy::unwrap_used)]

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// The longest that any condition is waited for.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// What a finished run came to.
pub struct Ran {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

/// `gapin` without any variable of the surroundings.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gapin"));
    command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

pub fn run(command: &mut Command) -> Ran {
    run_with_input(command, "")
}

pub fn run_with_input(command: &mut Command, input: &str) -> Ran {
    run_with_bytes(command, input.as_bytes())
}

/// The same with input that need not be text.
pub fn run_with_bytes(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A command that never reads ends with its pipe full: writing must not wait for it.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let ran = ran(child.wait_with_output().unwrap());
    writer.join().unwrap();
    ran
}

fn ran(output: Output) -> Ran {
    Ran {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < WAIT_MAX, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A running `gapin dev`, killed with the test.
pub struct Dev {
    child: Child,
    data_dir: PathBuf,
}

impl Dev {
    /// Starts it on a free port and waits until it is ready.
    pub fn start(data_dir: &Path) -> Dev {
        let stderr = File::create(data_dir.with_extension("log")).unwrap();
        let before = std::fs::metadata(data_dir.join("dev.env")).and_then(|file| file.modified()).ok();
        let child = command(&["dev", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let dev = Dev { child, data_dir: data_dir.to_owned() };
        wait_until("dev.env is written", || {
            let now = std::fs::metadata(data_dir.join("dev.env")).and_then(|file| file.modified()).ok();
            now.is_some() && now != before
        });
        wait_until("gapin dev is ready", || dev.run(&["doctor", "--ready"]).exit == 0);
        dev
    }

    /// A client command against it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.env("GAPIN_DATA_DIR", &self.data_dir);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments))
    }

    /// What `dev.env` says.
    pub fn env(&self, name: &str) -> String {
        env_of(&self.data_dir, name)
    }

    /// Ends it as an operator does, and answers its exit code.
    pub fn terminate(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        wait_until("it has ended", || self.child.try_wait().unwrap().is_some());
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Ends it as a crash does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn env_of(data_dir: &Path, name: &str) -> String {
    let text = std::fs::read_to_string(data_dir.join("dev.env")).unwrap();
    text.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).unwrap().to_owned()
}
