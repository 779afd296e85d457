//! The tape against what it stands for: the same texts taken, the same faults, the same values, the same bytes signed.

use std::fs;

use aibbar::{
    Event, canonical,
    json::{self, JsonFaultKind, Tape},
    schema,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{samples::unsigned, shared_data, strict_json::any_json};

/// Holds the tape against the plain way, for any bytes.
fn check(bytes: &[u8]) {
    let shown = || String::from_utf8_lossy(bytes).into_owned();
    let (tape, value) = match (Tape::parse(bytes), json::parse(bytes)) {
        (Ok(tape), Ok(value)) => (tape, value),
        (Err(fault), Err(plain)) => return assert_eq!(fault, plain, "{}", shown()),
        (tape, plain) => panic!("{}: {:?}, {:?}", shown(), tape.err(), plain.err()),
    };
    assert_eq!(tape.to_value(), value, "{}", shown());
    assert_eq!(
        String::from_utf8_lossy(&canonical::of_tape(&tape)),
        String::from_utf8_lossy(&canonical::to_vec(&value)),
        "{}",
        shown()
    );
    if let Value::Object(object) = &value {
        for omitted in object.keys().map(String::as_str).chain(["signature"]) {
            let without = canonical::of_tape_without(&tape, omitted);
            let plain = canonical::to_vec_without(object, omitted);
            assert_eq!(String::from_utf8_lossy(&without), String::from_utf8_lossy(&plain), "{}", shown());
        }
    }
    // The line says the same to the strictest reader, and has every byte of what serde_json writes, in some order.
    let line = tape.to_line();
    assert_eq!(json::parse(line.as_bytes()).as_ref(), Ok(&value), "{}", shown());
    assert_eq!(sorted(line.as_bytes()), sorted(value.to_string().as_bytes()), "{} {line}", shown());
    assert_eq!(Tape::parse(line.as_bytes()).unwrap().to_line(), line);
    if schema::certainly_accepts(&tape) {
        assert_eq!(schema::faults(&value), [], "{}", shown());
    }
}

fn sorted(bytes: &[u8]) -> Vec<u8> {
    let mut sorted = bytes.to_vec();
    sorted.sort_unstable();
    sorted
}

#[test]
fn agrees_on_the_json_test_suite() {
    for case in shared_data::read_lines("json/parsing.jsonl") {
        check(&shared_data::base64(&case["base64"]));
    }
}

#[test]
fn agrees_on_the_vectors() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/vectors");
    for file in ["events-valid.jsonl", "events-invalid.jsonl", "canonical.jsonl", "signatures.jsonl"] {
        let lines = fs::read_to_string(format!("{folder}/{file}")).unwrap();
        for vector in lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
            if let Some(text) = vector["json"].as_str() {
                check(text.as_bytes());
            }
        }
    }
}

#[test]
fn agrees_on_the_canonical_forms_of_others() {
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        check(&shared_data::read(&format!("jcs/input/{name}.json")));
        check(&shared_data::read(&format!("jcs/output/{name}.json")));
    }
}

#[test]
fn agrees_on_names_of_every_order() {
    let names =
        ["\u{fb33}", "😀", "a", "", "A", "é", r"\u0061b", r"\ud83d\ude00b", r"\n", "a b", "aa", "\u{10ffff}", "~"];
    for turn in 0..names.len() {
        let members: Vec<_> =
            (0..names.len()).map(|index| format!("\"{}\":{index}", names[(index * 5 + turn) % names.len()])).collect();
        check(format!("{{{}}}", members.join(",")).as_bytes());
        for twice in names {
            let text = format!("{{{},\"{twice}\":0}}", members.join(","));
            assert_eq!(
                Tape::parse(text.as_bytes()).err().map(|fault| fault.kind),
                Some(JsonFaultKind::DuplicateMember)
            );
            check(text.as_bytes());
        }
    }
}

/// As many as are compared one by one, and more.
#[test]
fn a_name_that_stands_twice_is_found_in_an_object_of_any_size() {
    for count in [1, 2, 15, 16, 17, 18, 40, 2000] {
        let ascending: Vec<_> = (0..count).map(|index| format!("n{index:05}")).collect();
        let descending: Vec<_> = ascending.iter().rev().cloned().collect();
        let mixed: Vec<_> = (0..count).map(|index| format!("n{:05}", index * 7919 % 100_003)).collect();
        for names in [ascending, descending, mixed] {
            let members =
                |names: &[String]| names.iter().map(|name| format!("\"{name}\":[]")).collect::<Vec<_>>().join(",");
            check(format!("{{{}}}", members(&names)).as_bytes());
            for again in [0, count / 2, count - 1] {
                let escaped = names[again].replacen('n', "\\u006e", 1);
                for name in [&names[again], &escaped] {
                    check(format!("{{{},\"{name}\":[],\"x\":}}", members(&names)).as_bytes());
                }
            }
        }
    }
}

#[test]
fn a_line_has_numbers_and_strings_in_one_spelling_and_members_in_their_order() {
    let line = |json: &str| Tape::parse(json.as_bytes()).unwrap().to_line().into_owned();
    assert_eq!(
        line(
            " { \"b\" : [ 1E2 , -0 , 1.50, 0.5, 1e-7, 100.0, 7 ],\n\"a\": \"\\u00e9\\/\\n\\\"\", \"c\" : {} , \"d\":[ ]}"
        ),
        "{\"b\":[100.0,0,1.5,0.5,1e-7,100.0,7],\"a\":\"é/\\n\\\"\",\"c\":{},\"d\":[]}"
    );
    let written_so = r#"{"b":1,"a":[null,true,false,-1.5,"\n\\"]}"#;
    let tape = Tape::parse(written_so.as_bytes()).unwrap();
    assert!(matches!(tape.to_line(), std::borrow::Cow::Borrowed(line) if line == written_so));
}

/// Each good vector goes the fast way, but for what hardly anyone sends: escapes in the envelope, `7.0` for a count, a small `t`.
#[test]
fn the_good_vectors_are_known_to_be_good() {
    let lines =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/vectors/events-valid.jsonl")).unwrap();
    let (mut known, mut unknown) = (0, Vec::new());
    for vector in lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let Some(json) = vector["json"].as_str() else { continue };
        let tape = Tape::parse(json.as_bytes()).unwrap();
        if schema::certainly_accepts(&tape) {
            known += 1;
        } else {
            unknown.push(vector["name"].as_str().unwrap().to_owned());
        }
    }
    assert!(known > 10, "{known}");
    assert_eq!(unknown, UNKNOWN);
}

const UNKNOWN: [&str; 4] = ["sequence-as-double", "timestamp-lower-case", "escapes", "escaped-member-name"];

#[test]
fn an_event_of_every_type_is_known_to_be_good() {
    for event_type in ["ai.action", "ai.decision", "ai.error", "ai.query", "ai.response"] {
        let tape = Tape::parse(unsigned(event_type).to_string().as_bytes()).unwrap();
        assert!(schema::certainly_accepts(&tape), "{event_type}");
    }
}

/// One good event with everything that an event may have.
fn full(event_type: &str) -> Value {
    let mut event = unsigned(event_type);
    for other in ["ai.action", "ai.decision", "ai.error"] {
        event[&other[3..]] = unsigned(other)[&other[3..]].clone();
    }
    event["event_id"] = json!("019CA8A3-1EC0-7000-8000-000000000000");
    event["sequence"] = json!(7);
    event["key_id"] = json!("k");
    event["query"] = json!({"messages": [{"role": "user"}, 1], "prompt": "p", "model": "m", "parameters": [null]});
    event["response"] = json!({
        "output": null, "model": "m", "finish_reason": "stop",
        "usage": {"input_tokens": 0, "output_tokens": 1}, "latency_ms": 0,
    });
    event["metadata"] = json!({"user_id": "", "session_id": "s", "labels": {"any name at all": ""}});
    event["action"]["tokens_used"] = json!(3);
    event["error"]["stack"] = json!("at …");
    event
}

/// What a member is changed to, around everything that the schema asks for.
fn any_member() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_json(),
        prop::sample::select(vec![
            json!(null),
            json!(true),
            json!(""),
            json!("x"),
            json!([]),
            json!({}),
            json!(0),
            json!(-1),
            json!(1),
            json!(1.5),
            json!(0.5),
            json!(-0.0),
            json!(1e300),
            json!(9_007_199_254_740_991_i64),
            json!("ai.action"),
            json!("ai.other"),
            json!("HMAC-SHA256"),
            json!("3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"),
            json!("019ca8d1-c940-7000-8000-000000000000"),
            json!("2026-03-01T09:30:00Z"),
            json!("2026-02-30T09:30:00Z"),
            json!("2016-12-31T23:59:60Z"),
            json!({"output": 1}),
            json!({"prompt": "p"}),
            json!({"input_tokens": 1, "output_tokens": 2}),
            json!({"labels": {"a": 1}}),
        ]),
        (1_usize..140).prop_map(|count| json!("é".repeat(count))),
        (60_usize..130).prop_map(|count| json!("k".repeat(count))),
        (30_usize..35)
            .prop_map(|count| Value::Object((0..count).map(|index| (index.to_string(), json!(""))).collect())),
    ]
}

/// All objects of an event, by pointer.
const OBJECTS: [&str; 10] = [
    "",
    "/metadata",
    "/metadata/labels",
    "/action",
    "/decision",
    "/error",
    "/query",
    "/response",
    "/response/usage",
    "/x",
];

fn changed(mut event: Value, changes: Vec<(usize, usize, Option<Value>, bool)>) -> Value {
    for (object, member, value, is_new) in changes {
        let Some(Value::Object(members)) = event.pointer_mut(OBJECTS[object % OBJECTS.len()]) else { continue };
        let name = members.keys().nth(member % members.len().max(1)).cloned();
        let name = if is_new { Some("x".to_owned()) } else { name };
        match (name, value) {
            (Some(name), Some(value)) => _ = members.insert(name, value),
            (Some(name), None) => _ = members.remove(&name),
            (None, _) => {}
        }
    }
    event
}

/// The same value, its members in another order, with white space and escapes.
fn written_otherwise(value: &Value, seed: u64, out: &mut String) {
    let space = |out: &mut String, at: u64| out.push_str(["", "", "", " ", "\n\t"][((seed ^ at) % 5) as usize]);
    match value {
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            let turn = seed as usize % members.len().max(1);
            members.rotate_left(turn);
            if seed.is_multiple_of(3) {
                members.reverse();
            }
            out.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                space(out, 1);
                written_otherwise(&json!(name), seed / 3, out);
                space(out, 2);
                out.push(':');
                written_otherwise(value, seed.rotate_right(7), out);
            }
            out.push('}');
        }
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                space(out, 3);
                written_otherwise(element, seed.rotate_right(5), out);
            }
            out.push(']');
        }
        Value::String(string) if seed.is_multiple_of(7) => {
            out.push('"');
            for unit in string.encode_utf16() {
                out.push_str(&format!("\\u{unit:04x}"));
            }
            out.push('"');
        }
        Value::Number(number) if number.is_f64() && seed.is_multiple_of(2) => {
            out.push_str(&format!("{:E}", number.as_f64().unwrap()));
        }
        other => out.push_str(&other.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn agrees_on_any_json(value in any_json(), seed in any::<u64>()) {
        check(value.to_string().as_bytes());
        let mut text = String::new();
        written_otherwise(&value, seed, &mut text);
        check(text.as_bytes());
    }

    #[test]
    fn agrees_on_what_is_nearly_json(
        value in any_json(), seed in any::<u64>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![
            any::<u8>(), prop::sample::select(b"{}[]\",:\\u0e.-+ 1tfn\n".to_vec()),
        ], 0..3_u8), 1..4),
    ) {
        let mut text = String::new();
        written_otherwise(&value, seed, &mut text);
        let mut bytes = text.into_bytes();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len() + 1);
            match how {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => _ = bytes.remove(at),
                2 if at < bytes.len() => bytes[at] = byte,
                _ => bytes.truncate(at),
            }
        }
        check(&bytes);
    }

    /// What is known to be good is good, and a good event that is written plainly is known to be.
    #[test]
    fn the_fast_way_through_the_schema_agrees_with_the_validator(
        event_type in prop::sample::select(vec!["ai.action", "ai.decision", "ai.error", "ai.query", "ai.response"]),
        changes in prop::collection::vec((0..OBJECTS.len(), 0..20_usize, prop::option::weighted(0.8, any_member()), prop::bool::weighted(0.1)), 0..4),
        seed in any::<u64>(),
    ) {
        let event = changed(full(event_type), changes);
        let plain = event.to_string();
        check(plain.as_bytes());
        let mut text = String::new();
        written_otherwise(&event, seed, &mut text);
        check(text.as_bytes());
        // Both ways say the same of an event, however it is written.
        let (one, other) = (Event::parse(plain.as_bytes()), Event::parse(text.as_bytes()));
        prop_assert_eq!(one.err(), other.err());
        let expect = json::parse(plain.as_bytes()).map(|value| schema::faults(&value).is_empty());
        prop_assert_eq!(Event::parse(plain.as_bytes()).is_ok(), expect.unwrap_or_default());
    }
}

/// A mark of a name is no proof of it: these have the same length and the same ends.
#[test]
fn names_that_look_alike_are_told_apart() {
    let names = ["bxxz", "bxyz", "byxz", "bzxz", "baxz"];
    let object: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), json!(1))).collect();
    let members: Vec<_> = names.iter().map(|name| format!("\"{name}\":1")).collect();
    let text = format!("{{{}}}", members.join(","));
    assert_eq!(Tape::parse(text.as_bytes()).unwrap().to_value(), Value::Object(object));
    check(format!("{{{},\"byxz\":2}}", members.join(",")).as_bytes());
}
