//! What is hidden in a JSON value: in every string, in keys, and by the names of members.
#![allow(clippy::unwrap_used)]

use aibbar::{Kind, Redaction, RuleSet};
use serde_json::{Map, Value, json};

fn redacted(value: Value) -> (Value, Vec<(String, Kind)>) {
    let Value::Object(mut object) = value else { panic!("an object") };
    let list = RuleSet::default().redact(&mut object);
    (Value::Object(object), list.into_iter().map(|Redaction { pointer, kind, .. }| (pointer, kind)).collect())
}

#[track_caller]
fn check(value: Value, expected: Value, expected_list: &[(&str, Kind)]) {
    let (value, list) = redacted(value);
    assert_eq!(value, expected);
    let list: Vec<(&str, Kind)> = list.iter().map(|(pointer, kind)| (pointer.as_str(), *kind)).collect();
    assert_eq!(list, expected_list);
}

#[track_caller]
fn check_untouched(value: Value) {
    check(value.clone(), value, &[]);
}

#[test]
fn every_string_at_any_depth_is_searched() {
    check(
        json!({"a": [{"b": ["hi bob@example.com, bye", "x"]}], "n": "123-45-6789 or eve@example.com"}),
        json!({"a": [{"b": ["hi [REDACTED:email], bye", "x"]}], "n": "[REDACTED:ssn] or [REDACTED:email]"}),
        &[("/a/0/b/0", Kind::Email), ("/n", Kind::Email), ("/n", Kind::Ssn)],
    );
}

#[test]
fn keys_are_searched_and_none_is_lost() {
    check(
        json!({"bob@example.com": 1, "eve@example.com": 2, "[REDACTED:email]": 3, "x": {"a/b~bob@example.com": true}}),
        json!({"[REDACTED:email]#2": 1, "[REDACTED:email]#3": 2, "[REDACTED:email]": 3, "x": {"a/[REDACTED:email]": true}}),
        &[
            ("/[REDACTED:email]#2", Kind::Email),
            ("/[REDACTED:email]#3", Kind::Email),
            ("/x/a~1[REDACTED:email]", Kind::Email),
        ],
    );
}

#[test]
fn pointers_lead_into_the_redacted_value() {
    let (value, list) = redacted(json!({"a~b": {"c/d": {"bob@example.com": ["+14155552671"]}}}));
    for (pointer, kind) in &list {
        assert!(value.pointer(pointer).is_some(), "{pointer} ({kind:?}) in {value}");
    }
    assert_eq!(list[1].0, "/a~0b/c~1d/[REDACTED:email]/0");
}

#[test]
fn a_name_that_means_secret_hides_its_value() {
    check(
        json!({"dbPassword": "two words", "X-Api-Key": "k", "client_secret": "s", "Authorization": "Bearer x", "token": "abc"}),
        json!({
            "dbPassword": "[REDACTED:password]", "X-Api-Key": "[REDACTED:password]", "client_secret": "[REDACTED:password]",
            "Authorization": "[REDACTED:password]", "token": "[REDACTED:password]"
        }),
        &[
            ("/Authorization", Kind::Password),
            ("/X-Api-Key", Kind::Password),
            ("/client_secret", Kind::Password),
            ("/dbPassword", Kind::Password),
            ("/token", Kind::Password),
        ],
    );
    check(
        json!({"credentials": {"user": "bob", "pass": "hunter2"}, "passwords": ["a", "b"]}),
        json!({"credentials": {"user": "bob", "pass": "[REDACTED:password]"}, "passwords": ["[REDACTED:password]", "[REDACTED:password]"]}),
        &[("/credentials/pass", Kind::Password), ("/passwords/0", Kind::Password), ("/passwords/1", Kind::Password)],
    );
    check(
        json!({"env": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "PORT", "value": "5432"}]}),
        json!({"env": [{"name": "DB_PASSWORD", "value": "[REDACTED:password]"}, {"name": "PORT", "value": "5432"}]}),
        &[("/env/0/value", Kind::Password)],
    );
    check(
        json!({"password": {"old": "hunter1", "new": "hunter2"}, "secret": {"value": "hunter3", "type": "string"}}),
        json!({"password": {"old": "[REDACTED:password]", "new": "[REDACTED:password]"},
               "secret": {"value": "[REDACTED:password]", "type": "string"}}),
        &[("/password/new", Kind::Password), ("/password/old", Kind::Password), ("/secret/value", Kind::Password)],
    );
    check(
        json!({"properties": {"password": {"type": "string", "description": "at least 12 characters"}}}),
        json!({"properties": {"password": {"type": "string", "description": "at least 12 characters"}}}),
        &[],
    );
    check(
        json!({"api_key": concat!("ghp_", "4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQq")}),
        json!({"api_key": "[REDACTED:secret]"}),
        &[("/api_key", Kind::Secret)],
    );
}

#[test]
fn a_name_says_what_plain_digits_are() {
    check(
        json!({"phone": "4155552671", "ssn": 536221234, "pin": 4711, "mobile": 14155552671_u64}),
        json!({"phone": "[REDACTED:phone]", "ssn": "[REDACTED:ssn]", "pin": "[REDACTED:password]", "mobile": "[REDACTED:phone]"}),
        &[("/mobile", Kind::Phone), ("/phone", Kind::Phone), ("/pin", Kind::Password), ("/ssn", Kind::Ssn)],
    );
}

#[test]
fn a_number_that_can_only_be_a_card_is_hidden_without_a_name() {
    check(
        json!({"n": 4012888888881881_u64, "ids": [1715785200123456_u64, 4012888888881882_u64, 536221234]}),
        json!({"n": "[REDACTED:credit_card]", "ids": [1715785200123456_u64, 4012888888881882_u64, 536221234]}),
        &[("/n", Kind::CreditCard)],
    );
}

#[test]
fn the_private_members_of_a_web_key_are_hidden() {
    check(
        json!({"jwk": {"kty": "RSA", "n": "0vx7agoebGcQSuu", "e": "AQAB", "d": "X4cTteJY_gn4FYPsXB8rdX"}}),
        json!({"jwk": {"kty": "RSA", "n": "0vx7agoebGcQSuu", "e": "AQAB", "d": "[REDACTED:password]"}}),
        &[("/jwk/d", Kind::Password)],
    );
}

#[test]
fn names_of_the_schema_and_of_language_models_are_no_secrets() {
    check_untouched(json!({
        "action": {"tokens_used": 512, "latency_ms": 41155526, "model": "gpt-4-turbo-2024-04-09"},
        "response": {"usage": {"input_tokens": 123456, "output_tokens": 7}, "finish_reason": "stop"},
        "query": {"parameters": {"max_tokens": 4096, "stop_token": "</s>", "tokenizer": "cl100k_base", "auth": "none", "pin": 13}},
        "logprobs": {"content": [{"token": "Hello", "logprob": -0.31, "bytes": [72], "top_logprobs": [{"token": " hunter2", "logprob": -1}]}]},
        "tokens": ["Hel", "lo"],
        "page": {"next_page_token": "CAUQAA", "hasPassword": "yes", "password": null, "secret": true, "token_type": "bearer"},
    }));
}

#[test]
fn signed_identity_survives() {
    check_untouched(json!({
        "event_type": "ai.action", "ai_id": "550e8400-e29b-41d4-a716-446655440000", "ai_version": "gpt-4-turbo",
        "timestamp": "2026-11-21T04:33:51.123456789+01:00", "event_id": "01890a5d-ac96-774b-bcce-b302099a8057", "sequence": 4155552671_u64,
        "signature": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "signature_algorithm": "HMAC-SHA256",
        "key_id": "default", "metadata": {"user_id": "mia_li_3668", "session_id": "9f86d081884c7d65", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span_id": "00f067aa0ba902b7", "source_ip": "203.0.113.9", "labels": {"order": "W4155552", "token_budget": "512"}},
    }));
}

#[test]
fn the_list_is_bounded_and_nothing_stays_readable() {
    let strings: Vec<Value> = (0..5000).map(|index| json!(format!("bob{index}@example.com"))).collect();
    let long = "k".repeat(3000);
    let (value, list) = redacted(json!({"a": strings, "b": {long.clone(): {"c": "+14155552671"}}}));
    assert!(!value.to_string().contains("@example.com"));
    assert!(!value.to_string().contains("4155552671"));
    assert_eq!(list.len(), RuleSet::REDACTIONS_MAX + 2);
    assert_eq!(list[RuleSet::REDACTIONS_MAX..], [(String::new(), Kind::Email), (String::new(), Kind::Phone)]);

    let (_, list) = redacted(json!({"b": {long: {"c": "+14155552671"}}}));
    assert_eq!(list, [("/b".to_owned(), Kind::Phone)]);
}

#[test]
fn many_keys_that_become_the_same_cost_no_more_than_their_number() {
    let mut object: Map<String, Value> =
        (0..20_000).map(|index| (format!("bob{index}@example.com"), json!(index))).collect();
    RuleSet::default().redact(&mut object);
    assert_eq!(object.len(), 20_000);
    assert!(object.keys().all(|key| key.starts_with("[REDACTED:email]")));
}
