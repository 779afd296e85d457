//! A real browser without a window.

use std::{fs, process::Command};

use crate::{
    installed::{in_path, missing, running_as_root},
    process::{Kind, ServiceProcess},
};

/// What it writes into its profile once it can be spoken to: the port, and the path of its own WebSocket.
const ADDRESS_FILE: &str = "DevToolsActivePort";

/// One headless Chromium, spoken to by the DevTools protocol.
pub struct Chromium {
    url: String,
    _process: ServiceProcess,
}

impl Chromium {
    /// Starts one with a profile of its own.
    pub fn start() -> Chromium {
        let program = in_path("chromium").or_else(|| in_path("chromium-browser"));
        let program = program.unwrap_or_else(|| missing("Chromium"));
        let mut process = ServiceProcess::new(Kind { name: "chromium", stop_signal: "TERM", discard_signal: "KILL" });
        let profile = process.folder().join("profile");
        let mut command = Command::new(program);
        command
            .args(["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            // A proxy of the environment's is not on the way to this machine; little shared memory is in a container.
            .args(["--no-proxy-server", "--disable-dev-shm-usage"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank");
        if running_as_root() {
            // Its sandbox refuses to run as root.
            command.arg("--no-sandbox");
        }
        let told = profile.join(ADDRESS_FILE);
        let address = || {
            let text = fs::read_to_string(&told).ok()?;
            let (port, path) = text.split_once('\n')?;
            Some(format!("ws://127.0.0.1:{port}{}", path.trim()))
        };
        if let Err(error) = process.start(&mut command, |_| address().is_some()) {
            process.fail("ended at once", error.status);
        }
        let url = address().unwrap_or_else(|| process.fail("told no address", ADDRESS_FILE));
        Chromium { url, _process: process }
    }

    /// Where it takes the DevTools protocol: `ws://…`.
    pub fn url(&self) -> &str {
        &self.url
    }
}
