//! A mail server of the test's own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::{
    installed::python_tool,
    process::{Kind, ServiceProcess},
};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/smtp/server.py");

/// What the server says when it listens; the port follows.
const LISTENING: &str = "listening on ";

/// One SMTP server on loopback, which keeps what it is sent. It refuses messages to `refused…@…` for good, and the
/// first to any `later…@…` for now.
pub struct Smtp {
    port: u16,
    letters: PathBuf,
    process: Mutex<ServiceProcess>,
}

impl Smtp {
    /// Starts one that takes messages from everyone.
    pub fn start() -> Smtp {
        Self::start_with(&[])
    }

    /// Starts one that takes messages after this user signed in.
    pub fn start_for(user: &str, password: &str) -> Smtp {
        Self::start_with(&[user, password])
    }

    fn start_with(credentials: &[&str]) -> Smtp {
        let mut process = ServiceProcess::new(Kind { name: "smtp", stop_signal: "TERM", discard_signal: "KILL" });
        let letters = process.folder().join("letters.jsonl");
        let mut command = Command::new(python_tool("python"));
        command.arg(SCRIPT).arg(&letters).args(credentials);
        if let Err(error) = process.start(&mut command, |said| port_in(said).is_some()) {
            process.fail("ended at once", error.status);
        }
        let port = port_in(&process.said()).expect("it was said");
        Smtp { port, letters, process: Mutex::new(process) }
    }

    /// Where it listens, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address as settings take it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What it was sent so far: one JSON object per line, with `to`, `headers`, `text`, `html` and `raw`.
    pub fn letters(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.letters).unwrap_or_default();
        // A line without its end is still being written.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(str::to_owned).collect()
    }

    /// The file that they are kept in.
    pub fn letters_path(&self) -> &Path {
        &self.letters
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.process.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }
}

fn port_in(said: &str) -> Option<u16> {
    said.lines().find_map(|line| line.strip_prefix(LISTENING)?.parse().ok())
}
