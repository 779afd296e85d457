//! Metrics that Prometheus takes without complaint.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use e2e::{System, event, on_both_shapes};

on_both_shapes!(own: every_process_serves_metrics_that_promtool_approves_of);

async fn every_process_serves_metrics_that_promtool_approves_of(system: System) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let _live = client.live("").await;
    client.publish(&event().saying("ada@example.com").signed_by(&organisation)).await.expect(202);
    client.publish(&event().with("colour", "red").signed_by(&organisation)).await.expect(400);
    client.stored_once_there("", 1).await;

    let mut all = String::new();
    for url in system.metrics_urls() {
        let metrics = reqwest::get(url).await.unwrap().error_for_status().unwrap().text().await.unwrap();
        promtool_approves(&metrics);
        all.push_str(&metrics);
    }
    for (name, label) in [
        ("gapin_build_info", ""),
        ("events_accepted_total", ""),
        ("events_rejected_total", "schema_violation"),
        ("redactions_total", "email"),
        ("requests_total", "/aibbar/events"),
        ("request_seconds_bucket", "/aibbar/events"),
        ("append_seconds_count", ""),
        ("lag_records", ""),
        ("live_clients", ""),
    ] {
        let there = all.lines().any(|line| line.contains(name) && line.contains(label) && !line.starts_with('#'));
        assert!(there, "no {name} {label} in:\n{all}");
    }
    assert!(
        !all.contains(&organisation.name) && !all.contains(&organisation.ai_id.to_string()),
        "a label is unbounded"
    );
}

fn promtool_approves(metrics: &str) {
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is not installed; mend it with: make services");
    promtool.stdin.take().unwrap().write_all(metrics.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && said.is_empty(), "{}\n{metrics}", String::from_utf8_lossy(&said));
}
