//! The vectors in `contract/vectors/` are up to date, and this crate agrees with every one of them.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, path::PathBuf};

use aibbar::{Code, Event, Refusal, Signature, SigningSecret, Timestamp, canonical, event::TimeWindow, identity, json};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

#[path = "../examples/make_vectors/vectors/mod.rs"]
mod vectors;

fn read(name: &str) -> String {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/vectors")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_lines(name: &str) -> Vec<Value> {
    let lines: Vec<Value> = read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: BTreeSet<_> = lines.iter().map(|vector| text(vector, "name")).collect();
    assert_eq!(names.len(), lines.len(), "each vector has a name of its own");
    assert!(lines.iter().all(|vector| !text(vector, "why").is_empty()));
    lines
}

fn text<'a>(vector: &'a Value, member: &str) -> &'a str {
    vector[member].as_str().unwrap_or_else(|| panic!("{member} of {vector}"))
}

fn body(vector: &Value) -> Vec<u8> {
    if let Some(json) = vector["json"].as_str() {
        json.into()
    } else if let Some(base64) = vector["base64"].as_str() {
        BASE64_STANDARD.decode(base64).unwrap()
    } else {
        let padded = &vector["padded"];
        let times = padded["times"].as_u64().unwrap() as usize;
        [text(padded, "before"), &text(padded, "pad").repeat(times), text(padded, "after")].concat().into()
    }
}

/// The whole check, as a gateway does it.
fn check(vector: &Value) -> Result<Event, Refusal> {
    let event = Event::parse(&body(vector))?;
    let window = TimeWindow { ahead_ms_max: 5 * 60_000, age_ms_max: 400 * 86_400_000 };
    event.check_time(Timestamp::parse(text(vector, "now")).unwrap(), &window)?;
    event.verify([&SigningSecret::new(text(vector, "secret"))])?;
    Ok(event)
}

#[test]
fn the_committed_files_are_what_the_program_writes() {
    for (name, expect) in vectors::files() {
        assert!(read(name) == expect, "{name} is stale: run `cargo run -p aibbar --example make_vectors`");
    }
}

#[test]
fn valid_events_are_taken() {
    for vector in read_lines("events-valid.jsonl") {
        let event = check(&vector).unwrap_or_else(|refusal| panic!("{}: {refusal}", vector["name"]));
        assert_eq!(event.event_id().to_string(), text(&vector, "event_id"), "{}", vector["name"]);
    }
}

#[test]
fn invalid_events_are_refused_for_exactly_their_faults() {
    let mut codes = BTreeSet::new();
    for vector in read_lines("events-invalid.jsonl") {
        let refusal = check(&vector).expect_err(text(&vector, "name"));
        assert_eq!(refusal.code.as_str(), text(&vector, "code"), "{}", vector["name"]);
        let faults: BTreeSet<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        let expect: BTreeSet<_> = vector["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| (text(fault, "pointer"), text(fault, "code")))
            .collect();
        assert_eq!(faults, expect, "{}", vector["name"]);
        codes.insert(refusal.code.as_str());
    }
    assert_eq!(codes.len(), Code::ALL.len(), "every code has a vector");
}

#[test]
fn canonical_forms_agree_with_ours_and_with_another_implementation() {
    for vector in read_lines("canonical.jsonl") {
        let value = json::parse(text(&vector, "json").as_bytes()).unwrap();
        assert_eq!(canonical::to_vec(&value), text(&vector, "canonical").as_bytes(), "{}", vector["name"]);
        assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), text(&vector, "canonical"));
    }
}

#[test]
fn signatures_agree() {
    for vector in read_lines("signatures.jsonl") {
        let object = json::parse(text(&vector, "json").as_bytes()).unwrap();
        let mut object = object.as_object().unwrap().clone();
        let signature = Signature::of(&object, &SigningSecret::new(text(&vector, "secret")));
        assert_eq!(signature.to_string(), text(&vector, "signature"), "{}", vector["name"]);
        object.remove("signature");
        assert_eq!(serde_json_canonicalizer::to_string(&object).unwrap(), text(&vector, "canonical"));
    }
}

#[test]
fn derived_ids_agree() {
    for vector in read_lines("identity.jsonl") {
        let at = Timestamp::parse(text(&vector, "timestamp")).unwrap();
        let signature = Signature::parse(text(&vector, "signature")).unwrap();
        let event_id = identity::derive_event_id(at, &signature);
        assert_eq!(event_id.to_string(), text(&vector, "event_id"), "{}", vector["name"]);
    }
}
