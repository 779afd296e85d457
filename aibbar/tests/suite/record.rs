use aibbar::{EventType, Kind, Receipt, RecordHead, RuleSet, Timestamp, record};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::samples::{AT, signed_with};

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn receipt(event_id: Uuid) -> Receipt<'static> {
    Receipt {
        event_id,
        org_id: Uuid::from_u128(1),
        received_at: moment("2026-03-01T09:30:01.5Z"),
        api_key_id: Uuid::from_u128(2),
        key_id: "k1",
        signature_verified_at: moment("2026-03-01T09:30:01.6Z"),
        gateway: "gateway-1",
        redaction_rules: RuleSet::VERSION,
    }
}

fn record_of(members: Value) -> String {
    let event = signed_with(members);
    let event_id = event.event_id();
    record::encode(&event.redact(&RuleSet::default()), &receipt(event_id))
}

/// Changes a good record, and says what it is refused for.
fn check_refused(change: impl FnOnce(&mut Value), expect: &str) {
    let mut record: Value = serde_json::from_str(&record_of(json!({"sequence": 1}))).unwrap();
    change(&mut record);
    let refused = RecordHead::decode(record.to_string().as_bytes()).unwrap_err().to_string();
    assert!(refused.contains(expect), "{refused}");
}

#[test]
fn is_the_redacted_event_beside_what_the_gateway_knows() {
    let event = signed_with(json!({"query": {"prompt": "write to jane@example.org"}}));
    let (event_id, signature) = (event.event_id(), event.signature());
    let redacted = event.redact(&RuleSet::default());
    let line = record::encode(&redacted, &receipt(event_id));
    assert!(!line.contains('\n'));
    let record: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(record["event"]["query"]["prompt"], "write to [REDACTED:email]");
    assert_eq!(record["event"]["signature"], signature.to_string());
    assert_eq!(record["event"]["timestamp"], AT);
    assert_eq!(
        record["record"],
        json!({
            "event_id": event_id,
            "org_id": "00000000-0000-0000-0000-000000000001",
            "received_at": "2026-03-01T09:30:01.5Z",
            "api_key_id": "00000000-0000-0000-0000-000000000002",
            "key_id": "k1",
            "signature_verified_at": "2026-03-01T09:30:01.6Z",
            "gateway": "gateway-1",
            "redactions": [{"pointer": "/query/prompt", "kind": "email"}],
            "redaction_rules": RuleSet::VERSION,
            "schema": "aibbar/1",
        })
    );
    assert!(!format!("{redacted:?}").contains("write to"));
}

#[test]
fn no_rule_touches_what_a_record_is_found_and_proven_by() {
    let members = json!({
        "ai_id": "41111111-1111-1111-1111-111111111111", // a card number, were it not a UUID
        "event_id": "019ca8d1-c940-7000-8000-555555555555",
        "timestamp": "2026-03-01T09:30:00.415555267+01:00",
    });
    let event = signed_with(members);
    let before: Value = serde_json::from_str(&event.to_json()).unwrap();
    let rules = Kind::ALL.into_iter().fold(RuleSet::default(), |rules, kind| rules.with(kind, true));
    let event_id = event.event_id();
    let record: Value = serde_json::from_str(&record::encode(&event.redact(&rules), &receipt(event_id))).unwrap();
    assert_eq!(record["event"], before);
    assert_eq!(record["record"]["redactions"], json!([]));
}

#[test]
fn its_head_is_what_was_written() {
    let members = json!({
        "sequence": 7,
        "metadata": {"session_id": "s\"\n\u{0}é", "request_id": "r1", "labels": {"a": "b"}},
        "response": {"output": {"event_type": "x", "metadata": {"session_id": "not this"}}},
    });
    let event = signed_with(members.clone());
    let head = RecordHead::decode(record_of(members).as_bytes()).unwrap();
    assert_eq!(
        head,
        RecordHead {
            org_id: Uuid::from_u128(1),
            event_id: event.event_id(),
            received_at: moment("2026-03-01T09:30:01.5Z"),
            ai_id: event.ai_id(),
            event_type: EventType::Query,
            timestamp: moment(AT),
            session_id: Some("s\"\n\u{0}é".to_owned()),
            request_id: Some("r1".to_owned()),
            sequence: Some(7),
            signature: event.signature(),
        }
    );
    let bare = RecordHead::decode(record_of(json!({})).as_bytes()).unwrap();
    assert_eq!((bare.session_id, bare.request_id, bare.sequence), (None, None, None));
}

#[test]
fn a_sequence_signed_as_a_double_is_the_same_number() {
    for sequence in [json!(7.0), json!(9_007_199_254_740_991.0)] {
        let head = RecordHead::decode(record_of(json!({"sequence": sequence})).as_bytes()).unwrap();
        assert_eq!(head.sequence, sequence.as_f64().map(|sequence| sequence as u64));
    }
    check_refused(|record| record["event"]["sequence"] = json!(-1), "event.sequence");
    check_refused(|record| record["event"]["sequence"] = json!(1.5), "event.sequence");
    check_refused(|record| record["event"]["sequence"] = json!("1"), "another type");
}

#[test]
fn a_record_may_grow_and_is_still_read() {
    let mut record: Value = serde_json::from_str(&record_of(json!({}))).unwrap();
    record["record"]["of_a_later_version"] = json!({"a": [1, 2]});
    record["later"] = json!(1);
    assert!(RecordHead::decode(record.to_string().as_bytes()).is_ok());
}

#[test]
fn what_is_no_record_is_refused_without_being_shown() {
    for member in ["org_id", "event_id", "received_at"] {
        check_refused(
            |record| record["record"][member] = json!("jane@example.org"),
            if member == "received_at" { "record.received_at" } else { "another type" },
        );
        check_refused(|record| _ = record["record"].as_object_mut().unwrap().remove(member), "missing");
    }
    for member in ["event_type", "ai_id", "timestamp", "signature", "metadata"] {
        check_refused(|record| record["event"][member] = json!("jane@example.org"), "");
        check_refused(|record| _ = record["event"].as_object_mut().unwrap().remove(member), "missing");
    }
    for bytes in
        [&b""[..], b"{", b"[]", b"null", b"{}", b"jane@example.org", b"{\"jane@example.org\":", b"\xff", b"{}{}"]
    {
        let refused = RecordHead::decode(bytes).unwrap_err().to_string();
        assert!(refused.starts_with("not a record: ") && !refused.contains("jane"), "{refused}");
    }
    let twice = record_of(json!({})).replacen(
        "\"record\":{",
        "\"record\":{\"org_id\":\"00000000-0000-0000-0000-000000000003\",",
        1,
    );
    assert!(RecordHead::decode(twice.as_bytes()).is_err());
}
