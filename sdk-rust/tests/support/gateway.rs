//! The real gateway, in a folder of its own, on a free port of the loopback.

use std::{
    collections::HashMap,
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::OnceLock,
};

use gapin_sdk::Settings;
use serde_json::Value;
use uuid::Uuid;

use super::{eventually, raw};

/// A page of what is stored.
const PAGE: usize = 500;

/// Runs the gateway until its own standard input ends, as it does when the tests end, however they do.
const UNTIL_INPUT_ENDS: &str = r#"
"$@" >>gateway.log 2>&1 </dev/null & echo $!
cat >/dev/null
kill -TERM $! 2>/dev/null
wait $!
if [ -n "$REMOVED_AT_THE_END" ]; then rm -rf "$REMOVED_AT_THE_END"; fi
"#;

/// The gateway of all tests that do not break it.
pub fn gateway() -> &'static Gateway {
    static SHARED: OnceLock<Gateway> = OnceLock::new();
    SHARED.get_or_init(|| {
        let mut gateway = Gateway::new();
        gateway.is_shared = true;
        gateway.start();
        gateway
    })
}

/// Settings of this gateway.
pub fn settings(gateway: &Gateway, ai_id: Uuid) -> Settings {
    Settings::new()
        .url(&gateway.url)
        .api_key(gateway.setting("GAPIN_API_KEY"))
        .signing_secret(gateway.setting("GAPIN_SIGNING_SECRET"))
        .signing_key_id(gateway.setting("GAPIN_SIGNING_KEY_ID"))
        .ai_id(ai_id)
        .ai_version("model-1")
}

/// Waits until exactly so many events of an AI system are stored, and tells them, oldest first.
pub fn stored(gateway: &Gateway, ai_id: Uuid, count: usize) -> Vec<Value> {
    stored_records(gateway, ai_id, count).into_iter().map(|mut record| record["event"].take()).collect()
}

/// [`stored`], with what the gateway knows of each: `{"event": …, "record": …}`.
pub fn stored_records(gateway: &Gateway, ai_id: Uuid, count: usize) -> Vec<Value> {
    let mut records = eventually(&format!("{count} events stored"), || {
        let records = gateway.records(ai_id);
        (records.len() >= count).then_some(records)
    });
    assert_eq!(records.len(), count);
    records.sort_by_key(|record| record["event"]["sequence"].as_i64().unwrap_or(-1));
    records
}

fn gapin_bin() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/gapin");
    let path = env::var_os("GAPIN_BIN").map_or(built, PathBuf::from);
    assert!(path.is_file(), "there is no {}; mend it with: cargo build -p cli --bin gapin", path.display());
    path
}

/// `gapin dev`. Started, killed and started again on the same port and data.
pub struct Gateway {
    pub url: String,
    /// The first start takes a free one, and others keep it.
    pub port: u16,
    pub env: HashMap<String, String>,
    folder: PathBuf,
    starts: usize,
    is_shared: bool,
    running: Option<Running>,
}

struct Running {
    shell: Child,
    input: Option<ChildStdin>,
    gateway_pid: u32,
}

impl Gateway {
    fn new() -> Self {
        Self {
            url: String::new(),
            port: 0,
            env: HashMap::new(),
            folder: tempfile::tempdir().unwrap().keep(),
            starts: 0,
            is_shared: false,
            running: None,
        }
    }

    /// One for a test that kills it. It ends with this value.
    pub fn own() -> Self {
        let mut gateway = Self::new();
        gateway.start();
        gateway
    }

    pub fn setting(&self, name: &str) -> &str {
        &self.env[name]
    }

    pub fn start(&mut self) {
        self.starts += 1;
        let mut command = Command::new("sh");
        command.args(["-c", UNTIL_INPUT_ENDS, "sh"]).arg(gapin_bin());
        command.args(["dev", "--listen", &format!("127.0.0.1:{}", self.port)]);
        command.current_dir(&self.folder).env_clear().env("GAPIN_WORKERS", "2");
        for name in ["PATH", "HOME", "TMPDIR"] {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        if self.is_shared {
            command.env("REMOVED_AT_THE_END", &self.folder);
        }
        let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut pid = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut pid).unwrap();
        let input = shell.stdin.take();
        self.running = Some(Running { shell, input, gateway_pid: pid.trim().parse().unwrap() });
        self.env = eventually("the gateway has told its settings", || self.settings_told());
        self.url = self.env["GAPIN_URL"].clone();
        self.port = self.url.rsplit(':').next().unwrap().parse().unwrap();
        eventually("the gateway is ready", || {
            let answer = raw::get(self.port, "/health/ready", "").ok()?;
            (answer.status() == 200).then_some(())
        });
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(running) = &self.running {
            let killed = Command::new("kill").args(["-KILL", &running.gateway_pid.to_string()]).status().unwrap();
            assert!(killed.success());
        }
        self.stop();
    }

    /// SIGTERM.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            drop(running.input.take());
            let _ = running.shell.wait();
        }
    }

    /// Everything that is stored of an AI system, newest first.
    pub fn records(&self, ai_id: Uuid) -> Vec<Value> {
        let mut records = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/aibbar/events?ai_id={ai_id}&limit={PAGE}{cursor}");
            let answer = raw::get(self.port, &path, self.setting("GAPIN_API_KEY")).unwrap();
            assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
            let mut page: Value = serde_json::from_slice(&answer.body).unwrap();
            records.append(page["items"].as_array_mut().unwrap());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return records,
            }
        }
    }

    fn settings_told(&self) -> Option<HashMap<String, String>> {
        let said = fs::read_to_string(self.folder.join("gateway.log")).ok()?;
        if said.matches("  keys  ").count() < self.starts {
            return None;
        }
        let text = fs::read_to_string(self.folder.join(".gapin/dev.env")).ok()?;
        let setting = |line: &str| {
            let (name, value) = line.split_once('=')?;
            name.starts_with("GAPIN_").then(|| (name.to_owned(), value.trim_matches('\'').to_owned()))
        };
        Some(text.lines().filter_map(setting).collect())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
