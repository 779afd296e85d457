//! Exit codes and output that scripts rely on.

#![allow(clippy::unwrap_used)]

mod rig;

use rig::{Ran, command, run, run_with_input};
use serde_json::Value;

const AI_ID: &str = "35098d83-8a24-471d-8fa9-83df6e63c952";
const EVENT: &str = r#"{"event_type":"ai.query","ai_version":"v","query":{"prompt":"hi"}}"#;

/// A client command whose gateway is nowhere.
fn client(arguments: &[&str]) -> std::process::Command {
    let mut command = command(arguments);
    command
        .env("GAPIN_DATA_DIR", "/nonexistent")
        .env("GAPIN_URL", "http://127.0.0.1:9")
        .env("GAPIN_API_KEY", "sk_nobodys")
        .env("GAPIN_SIGNING_SECRET", "secret")
        .env("GAPIN_AI_ID", AI_ID);
    command
}

#[track_caller]
fn check(ran: Ran, exit: i32, told: &str) {
    assert_eq!(ran.exit, exit, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stderr.contains(told) || ran.stdout.contains(told),
        "{told:?} is missing in: {}{}",
        ran.stdout,
        ran.stderr
    );
}

#[test]
fn help_is_no_failure_and_wrong_usage_is_2() {
    check(run(&mut command(&["--help"])), 0, "gapin dev");
    check(run(&mut command(&["--version"])), 0, "gapin 0.");
    check(run(&mut command(&[])), 2, "Usage");
    check(run(&mut command(&["fly"])), 2, "fly");
    check(run(&mut command(&["keys", "create"])), 2, "--name");
}

#[test]
fn every_command_has_examples() {
    for arguments in [
        &["dev"][..],
        &["gateway"],
        &["consumer"],
        &["migrate"],
        &["keys"],
        &["keys", "create"],
        &["signing-keys"],
        &["sign"],
        &["verify"],
        &["import", "openai-chat"],
        &["redact"],
        &["tail"],
        &["doctor"],
        &["completions"],
    ] {
        let mut command = command(arguments);
        check(run(command.arg("--help")), 0, "Examples:\n  ");
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        check(run(&mut command(&["completions", shell])), 0, "gapin");
    }
}

#[test]
fn a_missing_setting_of_a_client_is_2_and_says_where_it_was_looked_for() {
    for (arguments, variable) in [
        (&["tail"][..], "GAPIN_URL"),
        (&["sign"], "GAPIN_SIGNING_SECRET"),
        (&["verify"], "GAPIN_SIGNING_SECRET"),
        (&["import", "openai-chat", "-"], "GAPIN_AI_ID"),
    ] {
        let mut command = command(arguments);
        let ran = run(command.env("GAPIN_DATA_DIR", "/nonexistent"));
        assert!(ran.stderr.contains("/nonexistent/dev.env"), "{}", ran.stderr);
        check(ran, 2, variable);
    }
}

#[test]
fn a_gateway_that_can_t_be_reached_is_4() {
    check(run(&mut client(&["tail"])), 4, "can't be reached");
    check(run(&mut client(&["doctor", "--ready"])), 4, "no connection");
    let conversation = r#"{"id":"a","model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    let mut import = client(&["import", "openai-chat", "-", "--retry-max-seconds", "0"]);
    check(run_with_input(&mut import, conversation), 4, "is not to be had");
}

#[test]
fn an_input_that_can_t_be_opened_is_2() {
    check(run(&mut client(&["import", "openai-chat", "/nonexistent/file"])), 2, "/nonexistent/file");
    check(run(&mut client(&["import", "openai-chat", "/"])), 2, "folder");
    check(run(&mut client(&["sign"])), 2, "no event");
}

#[test]
fn lines_that_can_t_be_read_are_told_and_3() {
    let ran =
        run_with_input(&mut client(&["import", "openai-chat", "-", "--json"]), "garbage\n\n[1]\n{\"messages\":1}\n");
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&report["unreadable"], &report["sent"]), (&3.into(), &0.into()));
    let lines: Vec<_> = report["refusals"].as_array().unwrap().iter().map(|refused| &refused["line"]).collect();
    assert_eq!(lines, [1, 3, 4]);
}

#[test]
fn what_sign_makes_verify_takes_and_a_change_is_3() {
    let signed = run_with_input(&mut client(&["sign"]), EVENT);
    assert_eq!((signed.exit, signed.stdout.lines().count()), (0, 1), "{}", signed.stderr);
    check(run_with_input(&mut client(&["verify"]), &signed.stdout), 0, "valid");

    let changed = signed.stdout.replace("\"hi\"", "\"ho\"");
    let both = run_with_input(&mut client(&["verify", "--json"]), &format!("{}{changed}", signed.stdout));
    assert_eq!(both.exit, 3);
    let lines: Vec<Value> = both.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["valid"], &lines[1]["valid"]), (&true.into(), &false.into()));
    assert_eq!(lines[1]["code"], "invalid_signature");

    let mut stranger = client(&["verify"]);
    check(run_with_input(stranger.env("GAPIN_SIGNING_SECRET", "another"), &signed.stdout), 3, "invalid_signature");
}

#[test]
fn sign_goes_on_behind_an_event_that_it_refuses() {
    let ran = run_with_input(&mut client(&["sign"]), &format!("{EVENT}\n{{\"event_type\":\"ai.query\"}}\n{EVENT}\n"));
    assert_eq!((ran.exit, ran.stdout.lines().count()), (3, 2), "{}", ran.stderr);
    assert!(ran.stderr.contains("line 2: schema_violation"), "{}", ran.stderr);
}
