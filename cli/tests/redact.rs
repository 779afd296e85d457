//! `gapin redact`, as people and scripts use it.
#![allow(clippy::unwrap_used)]

mod rig;

use rig::{Ran, command, run_with_bytes, run_with_input};
use serde_json::Value;

fn redact(arguments: &[&str], input: &str) -> Ran {
    run_with_input(&mut command(&[&["redact"], arguments].concat()), input)
}

#[track_caller]
fn check(arguments: &[&str], input: &str, expected: &str) {
    let ran = redact(arguments, input);
    assert_eq!((ran.exit, ran.stdout.as_str(), ran.stderr.as_str()), (0, expected, ""), "{input}");
}

#[test]
fn text_json_and_lines_of_json_come_out_without_what_must_be_hidden() {
    check(&[], "to bob@example.com\n\nat 10.0.0.1", "to [REDACTED:email]\n\nat 10.0.0.1");
    check(
        &[],
        "{\"b\":\"bob@example.com\"}\n{\"password\":\"hunter2\"}\n",
        "{\"b\":\"[REDACTED:email]\"}\n{\"password\":\"[REDACTED:password]\"}\n",
    );
    check(&[], "{\n  \"pin\": 4711\n}\n", "{\n  \"pin\": \"[REDACTED:password]\"\n}\n");
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
    check(&[], &format!("{key}after\n"), "[REDACTED:secret]\nafter\n");
    let event =
        r#"{"ai_id":"3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b","event_type":"ai.query","query":{"prompt":"+14155552671"}}"#;
    check(&[], &format!("{event}\n"), &format!("{}\n", event.replace("+14155552671", "[REDACTED:phone]")));
}

#[test]
fn the_command_line_says_what_is_hidden_and_how() {
    let text = "bob@example.com +14155552671 10.0.0.1";
    check(&["--ip-address", "on"], text, "[REDACTED:email] [REDACTED:phone] [REDACTED:ip_address]");
    check(&["--kinds", "phone,ip_address"], text, "bob@example.com [REDACTED:phone] [REDACTED:ip_address]");
    let ran =
        redact(&["--mode", "pseudonym", "--kinds", "email"], "bob@example.com\nBob@Example.com ann@example.com\n");
    let words: Vec<_> = ran.stdout.split_whitespace().collect();
    assert!(words[0].starts_with("[EMAIL:") && words[0] == words[1] && words[0] != words[2], "{}", ran.stdout);
    let again = redact(&["--mode", "pseudonym"], "bob@example.com");
    assert_ne!(again.stdout, words[0], "each run has a key of its own");
    let refused = redact(&["--kinds", "fax"], text);
    assert!(refused.exit == 2 && refused.stderr.contains("credit_card"), "{}", refused.stderr);
}

#[test]
fn rules_come_from_the_same_json_as_the_apis() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.json");
    let path = path.to_str().unwrap();
    let rules = r#"{"modes":{"email":"off"},"rules":[{"name":"employee","pattern":"EMP-[0-9]{6}"},{"name":"who","pointer":"/who"}]}"#;
    std::fs::write(path, rules).unwrap();
    check(&["--rules", path], "EMP-123456 bob@example.com", "[REDACTED:custom:employee] bob@example.com");
    check(&["--rules", path], "{\"who\":[1]}", "{\"who\":\"[REDACTED:custom:who]\"}\n");
    std::fs::write(path, r#"{"rules":[{"name":"x","pattern":"x+"},{"name":"y","pointer":"/ai_id"}]}"#).unwrap();
    let refused = redact(&["--rules", path], "x");
    assert_eq!((refused.exit, refused.stdout.as_str()), (2, ""));
    assert!(
        refused.stderr.contains("/rules/0/pattern") && refused.stderr.contains("/rules/1/pointer"),
        "{}",
        refused.stderr
    );
}

#[test]
fn what_is_no_utf8_is_said_and_never_goes_through() {
    let mut command = command(&["redact"]);
    let ran = run_with_bytes(&mut command, b"na\xefve bob@example.com\nfine\n");
    assert_eq!((ran.exit, ran.stdout.as_str()), (3, "na\u{fffd}ve [REDACTED:email]\nfine\n"));
    assert!(ran.stderr.starts_with("line 1, byte 3: no UTF-8"), "{}", ran.stderr);
}

#[test]
fn what_was_hidden_is_told_and_never_what_it_was() {
    let input = "hello\nmail bob@example.com\n";
    let ran = redact(&["--explain"], input);
    assert!(ran.stderr.starts_with("line 2: email at 5–21: a name, `@`"), "{}", ran.stderr);
    let ran = redact(&["--json"], "{\"a\":[\"4111 1111 1111 1111\"]}");
    let told: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!((&told["pointer"], &told["kind"], &told["line"]), (&"/a/0".into(), &"credit_card".into(), &1.into()));
    assert!(told["why"].as_str().unwrap().contains("Luhn"));
    for ran in [redact(&["--explain"], input), redact(&["--json"], input)] {
        assert!(!ran.stderr.contains("bob") && !ran.stdout.contains("bob"));
    }
}

#[test]
fn a_check_prints_nothing_and_fails_when_there_is_something() {
    for (input, exit) in [("nothing here\n", 0), ("bob@example.com\n", 1), ("", 0)] {
        let ran = redact(&["--check"], input);
        assert_eq!((ran.exit, ran.stdout.as_str()), (exit, ""), "{input}");
    }
    let ran = redact(&["--read-as", "json"], "{");
    assert_eq!((ran.exit, ran.stdout.as_str()), (3, ""));
    let missing = redact(&["/nonexistent"], "");
    assert_eq!(missing.exit, 2);
}
