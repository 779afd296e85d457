//! A real OpenTelemetry Collector of the test's own (`testbed/otel`), which writes the traces that it takes into a file.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    installed::collector,
    port::free_port,
    process::{Kind, ServiceProcess},
};

/// What the collector says once it takes traces.
const READY: &str = "Everything is ready";

/// One collector on loopback.
pub struct Collector {
    port: u16,
    process: Mutex<ServiceProcess>,
}

impl Collector {
    /// Starts one, and waits until it takes traces.
    pub fn start() -> Collector {
        let mut process = ServiceProcess::new(Kind { name: "otel", stop_signal: "TERM", discard_signal: "KILL" });
        loop {
            let port = free_port();
            match process.start(&mut program(&process, port), is_ready) {
                Ok(()) => return Collector { port, process: Mutex::new(process) },
                Err(error) if error.is_clash() => continue,
                Err(_) => process.fail("ended at once", "see its log"),
            }
        }
    }

    /// Where it takes OTLP over HTTP, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it took so far, as OTLP's JSON: one line for each request of a sender, the last one maybe not whole yet.
    pub fn took(&self) -> String {
        fs::read_to_string(lines_path(&self.process())).unwrap_or_default()
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.process().kill();
    }

    /// SIGSTOP: whoever connects is let in, and hears nothing.
    pub fn freeze(&self) {
        self.process().signal("STOP");
    }

    fn process(&self) -> MutexGuard<'_, ServiceProcess> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_ready(said: &str) -> bool {
    said.contains(READY)
}

fn lines_path(process: &ServiceProcess) -> PathBuf {
    process.folder().join("traces.jsonl")
}

fn program(process: &ServiceProcess, port: u16) -> Command {
    let lines = lines_path(process);
    let settings = format!(
        "receivers: {{ otlp: {{ protocols: {{ http: {{ endpoint: '127.0.0.1:{port}' }} }} }} }}\n\
         exporters: {{ lines: {{ path: '{lines}' }} }}\n\
         service: {{ pipelines: {{ traces: {{ receivers: [otlp], exporters: [lines] }} }} }}\n",
        lines = lines.display(),
    );
    let path = process.folder().join("settings.yaml");
    fs::write(&path, settings).expect("the folder is writable");
    let mut command = Command::new(collector());
    command.arg("--config").arg(path);
    command
}
