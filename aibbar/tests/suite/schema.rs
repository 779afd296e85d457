use aibbar::schema::{self, FAULTS_MAX};
use serde_json::{Value, json};

use crate::samples::unsigned;

const TYPES: [&str; 5] = ["ai.action", "ai.decision", "ai.error", "ai.query", "ai.response"];

/// Each fault as `pointer code`.
fn faults(event: &Value) -> Vec<String> {
    schema::faults(event).into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

/// Changes a good event, and says what that is refused for.
fn check(event_type: &str, change: impl FnOnce(&mut Value), expect: &[&str]) {
    let mut event = unsigned(event_type);
    change(&mut event);
    assert_eq!(faults(&event), expect, "{event}");
}

fn remove(event: &mut Value, name: &str) {
    event.as_object_mut().unwrap().remove(name);
}

#[test]
fn is_a_draft_2020_12_schema() {
    let text: Value = serde_json::from_str(schema::TEXT).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&text));
}

#[test]
fn takes_an_event_of_every_type() {
    for event_type in TYPES {
        check(event_type, |_| {}, &[]);
    }
}

#[test]
fn takes_every_optional_field() {
    let everything = |event: &mut Value| {
        event["event_id"] = json!("019CA8A3-1EC0-7000-8000-000000000000");
        event["sequence"] = json!(9_007_199_254_740_991_i64);
        event["key_id"] = json!("k".repeat(64));
        event["ai_version"] = json!("é".repeat(128));
        event["query"] = json!({"messages": [{"role": "user"}, 1], "prompt": "p", "model": "m", "parameters": [null]});
        event["response"] = json!({
            "output": null, "model": "m", "finish_reason": "stop",
            "usage": {"input_tokens": 0, "output_tokens": 1}, "latency_ms": 0,
        });
        event["metadata"] = json!({
            "user_id": "", "session_id": "", "request_id": "", "source_ip": "", "country": "", "region": "",
            "trace_id": "", "span_id": "", "labels": {"any name at all": ""},
        });
        for other in ["ai.action", "ai.decision", "ai.error"] {
            let name = &other[3..];
            event[name] = unsigned(other)[name].clone();
        }
        event["action"]["tokens_used"] = json!(3.0);
        event["error"]["stack"] = json!("at …");
    };
    for event_type in TYPES {
        check(event_type, everything, &[]);
    }
}

#[test]
fn names_every_missing_field() {
    assert_eq!(
        faults(&json!({})),
        [
            "/ai_id required",
            "/ai_version required",
            "/event_type required",
            "/metadata required",
            "/signature required",
            "/signature_algorithm required",
            "/timestamp required",
        ]
    );
    for (event_type, object, names) in [
        ("ai.action", "action", vec!["function", "input", "latency_ms", "model", "output"]),
        ("ai.decision", "decision", vec!["chosen", "confidence", "logic", "options", "type"]),
        ("ai.error", "error", vec!["code", "message", "recoverable"]),
    ] {
        check(event_type, |event| remove(event, object), &[&format!("/{object} required")]);
        let expect: Vec<_> = names.iter().map(|name| format!("/{object}/{name} required")).collect();
        let expect: Vec<_> = expect.iter().map(String::as_str).collect();
        check(event_type, |event| event[object] = json!({}), &expect);
    }
    check("ai.query", |event| event["query"] = json!({"model": "m"}), &["/query required"]);
    check("ai.query", |event| event["response"] = json!({}), &["/response/output required"]);
    check(
        "ai.query",
        |event| event["response"] = json!({"output": 1, "usage": {}}),
        &["/response/usage/input_tokens required", "/response/usage/output_tokens required"],
    );
}

#[test]
fn names_every_unknown_field_wherever_it_is() {
    let objects = ["/metadata", "/action", "/decision", "/error", "/query", "/response", "/response/usage"];
    let mut event = unsigned("ai.action");
    event["decision"] = unsigned("ai.decision")["decision"].clone();
    event["error"] = unsigned("ai.error")["error"].clone();
    event["query"] = json!({"prompt": "p"});
    event["response"] = json!({"output": 1, "usage": {"input_tokens": 1, "output_tokens": 1}});
    event["x"] = json!(1);
    for pointer in objects {
        event.pointer_mut(pointer).unwrap()["x"] = json!(1);
    }
    let mut expect: Vec<_> = objects.iter().map(|pointer| format!("{pointer}/x unknown_field")).collect();
    expect.push("/x unknown_field".to_owned());
    expect.sort();
    assert_eq!(faults(&event), expect);
}

#[test]
fn does_not_show_a_name_that_may_be_personal_data() {
    let long = "a".repeat(65);
    for name in ["jane@example.org", "+49 30 1234567", "Jane Doe", "a/b", "a~b", "", "é", &long] {
        check("ai.query", |event| event[name] = json!(1), &[" unknown_field"]);
        check("ai.query", |event| event["metadata"][name] = json!(1), &["/metadata unknown_field"]);
        check("ai.query", |event| event["metadata"]["labels"] = json!({name: 1}), &["/metadata/labels type"]);
    }
    check("ai.query", |event| event["metadata"]["labels"] = json!({"a.b-c_1": 1}), &["/metadata/labels/a.b-c_1 type"]);
}

#[test]
fn never_shows_a_value() {
    let personal = "jane@example.org";
    let mut event = json!({"event_type": personal, "ai_id": personal, "timestamp": personal, "signature": personal,
        "signature_algorithm": personal, "event_id": personal, "metadata": personal, "sequence": personal,
        "key_id": personal.repeat(5), "ai_version": personal.repeat(20), "action": personal, "response": personal});
    event[personal] = json!(personal);
    event["query"] = json!({personal: personal, "messages": personal});
    event["decision"] = json!({"options": personal, "confidence": personal});
    let faults = schema::faults(&event);
    assert!(faults.len() > 15);
    assert!(!format!("{faults:?}").contains("jane"), "{faults:?}");
}

#[test]
fn names_every_wrong_type() {
    check(
        "ai.action",
        |event| {
            for name in ["ai_version", "timestamp", "event_type", "ai_id", "signature", "signature_algorithm", "key_id"]
            {
                event[name] = json!(1);
            }
            event["event_id"] = json!(null);
            event["sequence"] = json!("1");
            event["metadata"] = json!([]);
        },
        &[
            "/ai_id type",
            "/ai_version type",
            "/event_id type",
            "/event_type enum",
            "/event_type type",
            "/key_id type",
            "/metadata type",
            "/sequence type",
            "/signature type",
            "/signature_algorithm enum",
            "/signature_algorithm type",
            "/timestamp type",
        ],
    );
    for not_an_object in [json!([]), json!("x"), json!(1), json!(null)] {
        assert_eq!(faults(&not_an_object), [" type"]);
    }
    for name in ["query", "response", "action", "decision", "error"] {
        check("ai.query", |event| event[name] = json!("x"), &[&format!("/{name} type")]);
    }
    check("ai.query", |event| event["metadata"]["user_id"] = json!(null), &["/metadata/user_id type"]);
    check(
        "ai.query",
        |event| event["query"] = json!({"messages": {}, "prompt": []}),
        &["/query/messages type", "/query/prompt type"],
    );
    check("ai.error", |event| event["error"]["recoverable"] = json!("true"), &["/error/recoverable type"]);
}

#[test]
fn holds_numbers_to_their_range() {
    check("ai.query", |event| event["sequence"] = json!(-1), &["/sequence minimum"]);
    check("ai.query", |event| event["sequence"] = json!(1.5), &["/sequence type"]);
    check("ai.query", |event| event["sequence"] = json!(1e20), &["/sequence maximum"]);
    check("ai.action", |event| event["action"]["latency_ms"] = json!(-0.1), &["/action/latency_ms minimum"]);
    check("ai.action", |event| event["action"]["tokens_used"] = json!(-1), &["/action/tokens_used minimum"]);
    check("ai.decision", |event| event["decision"]["confidence"] = json!(1.01), &["/decision/confidence maximum"]);
    check("ai.decision", |event| event["decision"]["confidence"] = json!(-0.01), &["/decision/confidence minimum"]);
    for good in [json!(0), json!(1), json!(0.0), json!(1.0), json!(-0.0)] {
        check("ai.decision", |event| event["decision"]["confidence"] = good, &[]);
    }
}

#[test]
fn holds_text_to_its_length() {
    check("ai.query", |event| event["ai_version"] = json!(""), &["/ai_version min_length"]);
    check("ai.query", |event| event["ai_version"] = json!("é".repeat(129)), &["/ai_version max_length"]);
    check("ai.query", |event| event["key_id"] = json!(""), &["/key_id min_length"]);
    check("ai.query", |event| event["key_id"] = json!("k".repeat(65)), &["/key_id max_length"]);
    let labels = |count| Value::Object((0..count).map(|index| (format!("l{index}"), json!(""))).collect());
    check("ai.query", |event| event["metadata"]["labels"] = labels(32), &[]);
    check("ai.query", |event| event["metadata"]["labels"] = labels(33), &["/metadata/labels max_properties"]);
}

#[test]
fn holds_text_to_its_form() {
    for good in ["00000000-0000-0000-0000-000000000000", "3F2B8C1E-6D4A-4E9B-8A57-0C1D2E3F4A5B"] {
        check("ai.query", |event| event["ai_id"] = json!(good), &[]);
    }
    for bad in [
        "",
        "3f2b8c1e6d4a4e9b8a570c1d2e3f4a5b",
        "{3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b}",
        "urn:uuid:3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
        "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b\n",
        "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5g",
    ] {
        check("ai.query", |event| event["ai_id"] = json!(bad), &["/ai_id format"]);
    }
    for bad in ["019ca8a3-1ec0-4000-8000-000000000000", "019ca8a3-1ec0-7000-c000-000000000000"] {
        check("ai.query", |event| event["event_id"] = json!(bad), &["/event_id format"]);
    }
    for bad in ["0".repeat(63), "0".repeat(65), "A".repeat(64), format!("{}\n", "0".repeat(64)), "g".repeat(64)] {
        check("ai.query", |event| event["signature"] = json!(bad), &["/signature pattern"]);
    }
    check("ai.query", |event| event["event_type"] = json!("ai.other"), &["/event_type enum"]);
    check("ai.query", |event| event["signature_algorithm"] = json!("hmac-sha256"), &["/signature_algorithm enum"]);
}

#[test]
fn a_timestamp_is_a_real_date_and_time_with_an_offset() {
    for good in [
        "2024-02-29T23:59:59Z",
        "2026-03-01T09:30:00.123456789+01:00",
        "2026-03-01t09:30:00z",
        "2016-12-31T23:59:60Z",
        "9999-12-31T23:59:59Z",
    ] {
        check("ai.query", |event| event["timestamp"] = json!(good), &[]);
    }
    for bad in [
        "2023-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-03-01T12:00:60Z",
        "2026-03-01T09:30:00",
        "2026-03-01 09:30:00Z",
        "2026-03-01T09:30:00.1234567890Z",
        "2026-03-01T09:30:00Z\n",
        "2026-03-01T24:00:00Z",
        "٢٠٢٦-03-01T09:30:00Z",
        "1772357400",
    ] {
        check("ai.query", |event| event["timestamp"] = json!(bad), &["/timestamp format"]);
    }
}

#[test]
fn tells_no_more_faults_than_there_is_room_for() {
    let mut event = unsigned("ai.query");
    for index in 0..5000 {
        event[format!("x{index}")] = json!(1);
    }
    assert_eq!(schema::faults(&event).len(), FAULTS_MAX);
}

/// [`schema::faults`] has words for these keywords only.
#[test]
fn uses_only_keywords_whose_faults_have_a_code() {
    const KNOWN: [&str; 17] = [
        "type",
        "required",
        "additionalProperties",
        "properties",
        "enum",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "maxProperties",
        "anyOf",
        "allOf",
        "if",
        "then",
        "const",
        "$ref",
    ];
    const NOTES: [&str; 7] = ["$schema", "$id", "title", "description", "examples", "format", "$defs"];
    fn walk(schema: &Value) {
        for (keyword, value) in schema.as_object().unwrap() {
            assert!(KNOWN.contains(&keyword.as_str()) || NOTES.contains(&keyword.as_str()), "{keyword}");
            match keyword.as_str() {
                "properties" | "$defs" => value.as_object().unwrap().values().for_each(walk),
                "allOf" | "anyOf" => value.as_array().unwrap().iter().for_each(walk),
                "additionalProperties" if value.is_object() => walk(value),
                _ => {}
            }
        }
    }
    walk(&serde_json::from_str(schema::TEXT).unwrap());
}
