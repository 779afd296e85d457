//! The commands of `docs/streams.md`, as they are printed.

use std::process::Command;

use e2e::System;

use crate::messages;

pub(crate) async fn the_guides_commands_work_as_printed(system: &System) {
    let organisation = system.organisation();
    let guide = include_str!("../../../docs/streams.md");
    let publishing = guide.split("\n## To read").next().unwrap();
    let blocks: Vec<_> = publishing.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 3, "the guide shows commands");
    let script = format!("set -euxo pipefail\n{}", blocks.join("\n"));
    let mut command = Command::new("timeout");
    command.args(["60", "bash", "-c", &script]).env("GAPIN_URL", &system.url);
    command.env("GAPIN_API_KEY", &organisation.api_key).env("NO_PROXY", "127.0.0.1");
    let ran = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(ran.status.success(), "{}\n{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    let read = messages(&system.client(&organisation), "orders").await;
    let mut ids: Vec<_> = read.iter().filter_map(|message| message["message"]["id"].as_u64()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [7, 8, 9]);
}
