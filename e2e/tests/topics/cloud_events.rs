//! CloudEvents, sent and read by their own SDK.

use std::process::Command;

use e2e::System;

use crate::{made, named};

pub(crate) async fn cloud_events_of_the_real_sdk_come_in_all_three_modes(system: &System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    made(&client, named("events")).await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/python/cloud_events.py");
    let mut command = Command::new(testbed::python_tool("python"));
    command.arg(script).env("GAPIN_URL", &system.url).env("GAPIN_API_KEY", &organisation.api_key);
    command.env("NO_PROXY", "127.0.0.1").env("PYTHONDONTWRITEBYTECODE", "1");
    let ran = tokio::task::spawn_blocking(move || command.output()).await.unwrap().expect("Python can be run");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(said.trim(), "6 events came back as they were sent");
}
