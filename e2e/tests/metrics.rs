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
        let metrics = client.text_at(&url).await;
        promtool_approves(&metrics);
        all.push_str(&metrics);
    }
    const SPOOL: [(&str, &str); 10] = [
        ("gapin_spool_state", "idle"),
        ("gapin_spool_state", "unavailable"),
        ("gapin_spool_records", ""),
        ("gapin_spool_bytes", ""),
        ("gapin_spool_bytes_max", ""),
        ("gapin_spool_oldest_age_seconds", ""),
        ("gapin_spool_drained_records_total", ""),
        ("gapin_spool_drain_records_per_second", ""),
        ("gapin_spool_refused_records", ""),
        ("gapin_spool_unreadable_slots", ""),
    ];
    let spool = if system.services.is_some() { SPOOL.as_slice() } else { &[] };
    let everywhere = [
        ("gapin_build_info", ""),
        ("gapin_events_accepted_total", ""),
        ("gapin_events_rejected_total", "schema_violation"),
        ("gapin_messages_accepted_total", ""),
        ("gapin_redactions_total", "email"),
        ("gapin_http_requests_total", "/aibbar/events"),
        ("gapin_http_request_duration_seconds_bucket", "/aibbar/events"),
        ("gapin_log_append_duration_seconds_count", ""),
        ("gapin_batch_events_count", ""),
        ("gapin_live_clients", ""),
        ("gapin_live_missed_total", ""),
        ("gapin_live_queued_records", ""),
        ("gapin_consumer_lag_records", "partition"),
        ("gapin_consumer_batch_records_count", ""),
        ("gapin_http_connections", ""),
        ("gapin_http_connections_refused_total", ""),
        ("gapin_record_events_in_flight", ""),
        ("gapin_record_in_flight_bytes", ""),
        ("gapin_live_held_bytes", ""),
        ("gapin_exports", ""),
    ];
    for (name, label) in everywhere.iter().chain(spool) {
        let there = all.lines().any(|line| line.starts_with(name) && line.contains(label));
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
