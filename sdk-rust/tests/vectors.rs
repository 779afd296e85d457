//! The contract's vectors, all of them.
#![allow(clippy::unwrap_used)]

mod support;

use std::{fs, path::PathBuf, time::SystemTime};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use gapin_sdk::{Client, InvalidEventError, verify};
use serde_json::Value;
use support::{gateway, random::HardValues, settings};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

fn vectors(name: &str) -> Vec<Value> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/vectors")).join(name);
    let lines = fs::read_to_string(path).unwrap();
    let vectors: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(vectors.len() > 5);
    vectors
}

fn text<'v>(vector: &'v Value, member: &str) -> &'v str {
    vector[member].as_str().unwrap()
}

fn bytes_of(vector: &Value) -> Vec<u8> {
    if let Some(base64) = vector["base64"].as_str() {
        return BASE64_STANDARD.decode(base64).unwrap();
    }
    let padded = &vector["padded"];
    match padded["times"].as_u64() {
        Some(times) => {
            let pad = text(padded, "pad").repeat(times as usize);
            [text(padded, "before"), &pad, text(padded, "after")].concat().into()
        }
        None => text(vector, "json").into(),
    }
}

fn moment(text: &str) -> SystemTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap().into()
}

/// What a gateway does with it, and the id that it keeps it under.
fn take(vector: &Value) -> Result<Uuid, InvalidEventError> {
    let bytes = bytes_of(vector);
    let event = verify::check(&bytes)?;
    verify::check_time(&event, moment(text(vector, "now")))?;
    if !verify::verify(&bytes, text(vector, "secret")) {
        let why = aibbar::Refusal::new(aibbar::Code::InvalidSignature, "it does not verify");
        return Err(why.into());
    }
    Ok(verify::event_id_of(&event))
}

// feature: verify.canonical
#[test]
fn canonical_forms_are_those_of_the_contract() {
    for vector in vectors("canonical.jsonl") {
        let value = aibbar::json::parse(text(&vector, "json").as_bytes()).unwrap();
        let canonical = gapin_sdk::canonicalize(&value).unwrap();
        assert_eq!(String::from_utf8(canonical).unwrap(), text(&vector, "canonical"), "{}", vector["name"]);
    }
}

// feature: verify.canonical
#[test]
fn what_json_lacks_has_no_canonical_form() {
    for refused in [gapin_sdk::canonicalize(&f64::NAN), gapin_sdk::canonicalize(&(1_u64 << 53))] {
        assert_eq!(refused.unwrap_err().code, "invalid_json");
    }
}

// feature: verify.signatures
#[test]
fn signatures_are_those_of_the_contract() {
    for vector in vectors("signatures.jsonl") {
        let (name, secret) = (&vector["name"], text(&vector, "secret"));
        let mut event = aibbar::json::parse(text(&vector, "json").as_bytes()).unwrap();
        event["signature"] = vector["signature"].clone();
        assert!(gapin_sdk::verify(&event, secret), "{name}");
        assert!(!gapin_sdk::verify(&event, &format!("{secret}x")), "{name}");
        for wrong in [text(&vector, "signature").to_uppercase(), text(&vector, "signature")[1..].to_owned()] {
            let mut event = event.clone();
            event["signature"] = wrong.into();
            assert!(!gapin_sdk::verify(&event, secret), "{name}");
        }
        event.as_object_mut().unwrap().remove("signature");
        assert!(!gapin_sdk::verify(&event, secret), "{name}");
        let canonical = gapin_sdk::canonicalize(&event).unwrap();
        assert_eq!(String::from_utf8(canonical).unwrap(), text(&vector, "canonical"), "{name}");
        // Not every vector is a whole event, and only such can be signed.
        if let Ok(signed) = gapin_sdk::sign(&event, secret) {
            assert_eq!(signed["signature"], vector["signature"], "{name}");
        }
    }
}

// feature: verify.valid
#[test]
fn valid_events_are_taken() {
    for vector in vectors("events-valid.jsonl") {
        let event_id = take(&vector).unwrap_or_else(|refused| panic!("{}: {refused}", vector["name"]));
        assert_eq!(event_id.to_string(), text(&vector, "event_id"), "{}", vector["name"]);
        // What is signed again has the same signature.
        let mut event = aibbar::json::parse(&bytes_of(&vector)).unwrap();
        let signature = event.as_object_mut().unwrap().remove("signature").unwrap();
        assert_eq!(gapin_sdk::sign(&event, text(&vector, "secret")).unwrap()["signature"], signature);
    }
}

// feature: verify.invalid
#[test]
fn invalid_events_are_refused_for_exactly_their_faults() {
    for vector in vectors("events-invalid.jsonl") {
        let refused = take(&vector).expect_err(text(&vector, "name"));
        assert_eq!(refused.code, text(&vector, "code"), "{}", vector["name"]);
        let mut told: Vec<_> = refused.faults.iter().map(|fault| (fault.pointer.as_str(), &*fault.code)).collect();
        let faults = vector["faults"].as_array().unwrap();
        let mut expect: Vec<_> = faults.iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect();
        told.sort_unstable();
        expect.sort_unstable();
        assert_eq!(told, expect, "{}", vector["name"]);
    }
}

// feature: verify.identity
#[test]
fn ids_are_derived_as_the_gateway_does() {
    for vector in vectors("identity.jsonl") {
        let at = aibbar::Timestamp::parse(text(&vector, "timestamp")).unwrap();
        let signature = aibbar::Signature::parse(text(&vector, "signature")).unwrap();
        let event_id = aibbar::identity::derive_event_id(at, &signature);
        assert_eq!(event_id.to_string(), text(&vector, "event_id"), "{}", vector["name"]);
    }
}

// feature: verify.gateway
#[tokio::test]
async fn what_is_signed_here_the_gateway_verifies() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let mut values = HardValues::new(20_261_121);
    for number in 0..200 {
        let accepted = client.record(values.event(number)).await.unwrap();
        assert_eq!(accepted.status, "accepted");
    }
    let records = support::stored_records(gateway(), ai_id, 200);
    assert!(records.iter().all(|record| record["record"]["signature_verified_at"].is_string()));
}

// feature: verify.gateway
#[tokio::test]
async fn what_was_read_back_verifies_and_what_was_changed_does_not() {
    let ai_id = Uuid::new_v4();
    let client = Client::new(settings(gateway(), ai_id)).unwrap();
    let secret = gateway().setting("GAPIN_SIGNING_SECRET");
    let mut values = HardValues::new(7);
    for number in 0..100 {
        client.record(values.event(number)).await.unwrap();
    }
    support::stored(gateway(), ai_id, 100);
    let mut records = client.events().list(gapin_sdk::EventFilter::new().ai_id(ai_id));
    let mut verified = 0;
    while let Some(record) = records.next().await {
        let mut record = record.unwrap();
        if record.record.redactions.is_empty() {
            assert!(gapin_sdk::verify(&record.event, secret));
            verified += 1;
        }
        record.event["action"]["latency_ms"] = 2.into();
        assert!(!gapin_sdk::verify(&record.event, secret));
    }
    assert!(verified > 90, "{verified}");
}
