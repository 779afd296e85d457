//! Settings: what a wrong one is told, where a secret may come from, and the page that lists them.

#![allow(clippy::unwrap_used)]

mod rig;

use rig::{Ran, command, run};

/// Runs a command that reads every setting of a server, with these variables.
fn gateway_with(variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    let mut command = command(&["gateway", "--data-dir"]);
    command.arg(dir.path().join("data")).args(arguments).envs(variables.iter().copied());
    run(&mut command)
}

#[track_caller]
fn check_told(ran: &Ran, parts: &[&str]) {
    assert_eq!(ran.exit, 2, "{}", ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{part:?} is missing in: {}", ran.stderr);
    }
    assert_eq!(ran.stderr.trim_end().lines().count(), 1, "one sentence: {}", ran.stderr);
}

#[test]
fn a_wrong_value_is_named_with_its_variable_its_flag_and_what_is_allowed() {
    for (variable, flag, value, allowed) in [
        ("GAPIN_LISTEN", "--listen", "localhost", "an IP address and a port"),
        ("GAPIN_METRICS_LISTEN", "--metrics-listen", "9090", "an IP address and a port"),
        ("GAPIN_DRAIN_MAX_MS", "--drain-max-ms", "10s", "a whole number of milliseconds from 100 to 600000"),
        ("GAPIN_BODY_BYTES_MAX", "--body-bytes-max", "1", "a whole number of bytes from 262144 to"),
        ("GAPIN_RETENTION_DAYS", "--retention-days", "0", "a whole number of days from 1 to 36500"),
        ("GAPIN_RETENTION_DAYS_MAX", "--retention-days-max", "36501", "a whole number from 1 to 36500"),
        (
            "GAPIN_CONSUMER_HOUSEKEEPING_SECONDS",
            "--consumer-housekeeping-seconds",
            "0",
            "a whole number of seconds from 1 to 86400",
        ),
        ("GAPIN_TIMESTAMP_AHEAD_MAX_SECONDS", "--timestamp-ahead-max-seconds", "-1", "a whole number of seconds"),
        ("GAPIN_GATEWAY_NAME", "--gateway-name", "a\nb", "1 to 64 characters"),
        ("KAFKA_BROKERS", "--kafka-brokers", "kafka", "host:port"),
        (
            "KAFKA_SECURITY_PROTOCOL",
            "--kafka-security-protocol",
            "tls",
            "one of plaintext, ssl, sasl_plaintext, sasl_ssl",
        ),
        ("KAFKA_SASL_MECHANISM", "--kafka-sasl-mechanism", "GSSAPI", "one of plain, scram-sha-256, scram-sha-512"),
        ("DATABASE_POOL_SIZE_MAX", "--database-pool-size-max", "many", "a whole number from 2 to 1000"),
        ("GAPIN_CONSUMER_BATCH_AGE_MAX_MS", "--consumer-batch-age-max-ms", "1.5", "a whole number of milliseconds"),
        ("GAPIN_LOG", "--log", "consumer=loud", "a level (error, warn, info, debug, trace, off)"),
        ("GAPIN_LOG_FORMAT", "--log-format", "xml", "one of auto, human, json"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "--otel-exporter-otlp-endpoint", "collector:4318", "an http or https URL"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "--otel-exporter-otlp-protocol", "grpc", "http/protobuf"),
        ("OTEL_RESOURCE_ATTRIBUTES", "--otel-resource-attributes", "production", "key=value"),
        ("OTEL_TRACES_SAMPLER", "--otel-traces-sampler", "jaeger_remote", "one of always_on, always_off, traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "--otel-traces-sampler-arg", "50%", "a number from 0 to 1"),
    ] {
        let shown = format!("{value:?}");
        check_told(&gateway_with(&[(variable, value)], &[]), &[variable, flag, &shown, allowed]);
        check_told(&gateway_with(&[], &[&format!("{flag}={value}")]), &[variable, flag, &shown, allowed]);
    }
}

#[test]
fn settings_that_contradict_each_other_are_told_together() {
    let ran = gateway_with(&[("GAPIN_BODY_BYTES_MAX", "1048576"), ("GAPIN_BYTES_IN_FLIGHT_MAX", "1048576")], &[]);
    check_told(&ran, &["GAPIN_BYTES_IN_FLIGHT_MAX", "GAPIN_BODY_BYTES_MAX", "2097152"]);

    let kafka = ("KAFKA_BROKERS", "127.0.0.1:1");
    let ran = gateway_with(&[kafka, ("GAPIN_APPEND_WAIT_MAX_MS", "5000"), ("GAPIN_LOG", "off")], &[]);
    check_told(&ran, &["GAPIN_APPEND_WAIT_MAX_MS", "KAFKA_MESSAGE_TIMEOUT_MS", "5000", "3000 longer", "4000"]);

    let sasl = ("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
    check_told(&gateway_with(&[kafka, sasl], &[]), &["KAFKA_SASL_USERNAME", "sasl_ssl"]);
    let ran = gateway_with(&[kafka, sasl, ("KAFKA_SASL_USERNAME", "u")], &[]);
    check_told(&ran, &["KAFKA_SASL_PASSWORD", "sasl_ssl"]);
}

#[test]
fn a_secret_is_never_shown() {
    for variable in ["DATABASE_URL", "REDIS_URL", "GAPIN_MASTER_KEY", "OTEL_EXPORTER_OTLP_HEADERS"] {
        let ran = gateway_with(&[(variable, "hunter2://u:hunter2@h")], &[]);
        check_told(&ran, &[variable, "is not shown", "it must be"]);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
    let help = run(command(&["gateway", "--help"])
        .env("DATABASE_URL", "hunter2")
        .env("GAPIN_METRICS_TOKEN", "hunter2")
        .env("GAPIN_GATEWAY_NAME", "hunter2"));
    assert!(help.stdout.contains("DATABASE_URL") && !help.stdout.contains("hunter2"), "{}", help.stdout);
}

#[test]
fn a_secret_is_not_taken_from_the_command_line() {
    for (flag, variable) in [
        ("--database-url=postgres://u:hunter2@h/d", "DATABASE_URL"),
        ("--master-key=0000000000000000000000000000000000000000000000000000000000000000", "GAPIN_MASTER_KEY"),
        ("--kafka-sasl-password=hunter2", "KAFKA_SASL_PASSWORD"),
        ("--otel-exporter-otlp-headers=authorization=hunter2", "OTEL_EXPORTER_OTLP_HEADERS"),
    ] {
        let ran = gateway_with(&[], &[flag]);
        check_told(&ran, &[variable, &format!("{variable}_FILE")]);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
}

#[test]
fn a_secret_may_lie_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    std::fs::write(&file, "not a key\n").unwrap();
    let path = file.to_str().unwrap();
    check_told(&gateway_with(&[("GAPIN_MASTER_KEY_FILE", path)], &[]), &["GAPIN_MASTER_KEY", "it must be"]);
    check_told(
        &gateway_with(&[("GAPIN_MASTER_KEY_FILE", "/nonexistent/key")], &[]),
        &["GAPIN_MASTER_KEY_FILE", "/nonexistent/key", "can't be read"],
    );
    // A command that does not need the secret does not mind the file.
    let mut sign = command(&["completions", "bash"]);
    assert_eq!(run(sign.env("GAPIN_MASTER_KEY_FILE", "/nonexistent/key")).exit, 0);
}

#[test]
fn an_empty_variable_counts_as_absent() {
    let ran = run(command(&["consumer"]).env("KAFKA_BROKERS", "").env("GAPIN_RETENTION_DAYS", "").env("GAPIN_LOG", ""));
    check_told(&ran, &["KAFKA_BROKERS", "is not set"]);
}

#[test]
fn at_scale_a_master_key_has_to_be_given() {
    for arguments in [&["gateway"][..], &["migrate"]] {
        let dir = tempfile::tempdir().unwrap();
        let mut command = command(arguments);
        command.env("GAPIN_DATA_DIR", dir.path()).env("DATABASE_URL", "postgres://u:p@127.0.0.1:1/d");
        check_told(&run(&mut command), &["GAPIN_MASTER_KEY", "openssl rand -hex 32"]);
    }
}

#[test]
fn the_document_of_the_api_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/openapi.json");
    let document = run(&mut command(&["openapi"])).stdout;
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(document == written, "contract/openapi.json is stale: write it anew with `make openapi`");
}

#[test]
fn the_page_of_settings_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
    let page = run(&mut command(&["config-docs"])).stdout;
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == written, "docs/configuration.md is stale: write it anew with `make config-docs`");
}
