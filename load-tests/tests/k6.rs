//! The scenarios for k6, at their small size, against a real gateway: what they sign verifies, and what was acknowledged
//! is stored.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use e2e::{Client, System, eventually};
use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn k6() -> PathBuf {
    let program = Path::new(ROOT).join(".tools/k6/k6");
    assert!(program.is_file(), "k6 is not installed; mend it with: make services");
    program
}

async fn keeps_all(script: &str) {
    let system = System::embedded();
    let organisation = system.organisation();
    let result = system.data_dir().join("k6.json");
    let output = Command::new(k6())
        .args(["run", "--quiet", "--no-usage-report"])
        .arg(Path::new(ROOT).join("load-tests/k6").join(script))
        .env("GAPIN_URL", &system.url)
        .env("GAPIN_API_KEY", &organisation.api_key)
        .env("GAPIN_SIGNING_KEY_ID", &organisation.key_id)
        .env("GAPIN_SIGNING_SECRET", organisation.secret.expose())
        .env("GAPIN_AI_ID", organisation.ai_id.to_string())
        .env("RESULT", &result)
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}: {said}");
    let sums: Value = serde_json::from_str(&fs::read_to_string(result).unwrap()).unwrap();
    let acknowledged = sums["acknowledged"].as_u64().unwrap();
    let client = Client::new(&system.url, &organisation.api_key);
    let stored = eventually("all that was acknowledged is stored", async || {
        let told = client.get("/api/v1/metrics/throughput").await.expect(200);
        let stored = told.body["total"]["events"].as_u64().unwrap();
        (stored >= acknowledged).then_some(stored)
    })
    .await;
    assert_eq!(stored, acknowledged, "{script}: {sums}");
}

#[tokio::test]
async fn single_events() {
    keeps_all("single.js").await;
}

#[tokio::test]
async fn batches() {
    keeps_all("batches.js").await;
}

#[tokio::test]
async fn a_rate() {
    keeps_all("minute.js").await;
}

#[tokio::test]
async fn a_burst() {
    keeps_all("burst.js").await;
}
