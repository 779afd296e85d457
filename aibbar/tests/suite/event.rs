use aibbar::{
    Code, Event, EventType, Refusal, SigningSecret, Timestamp, event::EVENT_BYTES_MAX, event::TimeWindow, identity,
};
use serde_json::{Value, json};

use crate::samples::{AT, secret, signed_with, unsigned, unsigned_with};

const WINDOW: TimeWindow = TimeWindow { ahead_ms_max: 5 * 60_000, age_ms_max: 400 * 86_400_000 };

fn code<T>(result: Result<T, Refusal>) -> Option<Code> {
    result.err().map(|refusal| refusal.code)
}

#[test]
fn a_signed_event_is_read_back_and_verified() {
    for event_type in EventType::ALL {
        let unsigned = unsigned_with(event_type.as_str(), json!({"key_id": "k1", "sequence": 7}));
        let sent = Event::sign(unsigned, &secret()).unwrap();
        let read = Event::parse(sent.to_json().as_bytes()).unwrap();
        assert_eq!(read.verify([&secret()]), Ok(0));
        assert_eq!(read.event_type(), event_type);
        assert_eq!(read.ai_id().to_string(), "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b");
        assert_eq!(read.timestamp(), Timestamp::parse(AT).unwrap());
        assert_eq!(read.key_id(), Some("k1"));
        assert_eq!(read.signature(), sent.signature());
        assert_eq!(read.event_id(), sent.event_id());
        assert!(!sent.to_json().contains('\n'));
    }
}

#[test]
fn the_signature_holds_however_the_json_is_written() {
    let event = signed_with(json!({"response": {"output": [100.0, 1e21, "é/\n", {"b": 1, "a": -0.0}]}}));
    let value: Value = serde_json::from_str(&event.to_json()).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let rewritten = pretty.replace("100.0", "1E2").replace("é/", r"\u00e9\/").replace("-0.0", "-0");
    assert_ne!(rewritten, pretty);
    assert_eq!(Event::parse(rewritten.as_bytes()).unwrap().verify([&secret()]), Ok(0));
}

#[test]
fn any_change_breaks_the_signature() {
    let event = signed_with(json!({"response": {"output": "yes"}, "metadata": {"user_id": "u"}}));
    let good: Value = serde_json::from_str(&event.to_json()).unwrap();
    let changes: [(&str, Value); 6] = [
        ("/response/output", json!("no")),
        ("/metadata/user_id", json!("v")),
        ("/timestamp", json!("2026-03-01T09:30:00.0Z")), // the same moment, another text
        ("/ai_version", json!("model-2")),
        ("/ai_id", json!("3F2B8C1E-6D4A-4E9B-8A57-0C1D2E3F4A5B")), // the same UUID, another text
        ("/signature", json!("0".repeat(64))),
    ];
    for (pointer, value) in changes {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        let changed = Event::parse(changed.to_string().as_bytes()).unwrap();
        assert_eq!(code(changed.verify([&secret()])), Some(Code::InvalidSignature), "{pointer}");
    }
}

#[test]
fn tells_which_secret_verifies() {
    let event = signed_with(json!({}));
    let other = SigningSecret::new("another-secret-for-tests");
    assert_eq!(event.verify([&other, &secret(), &other]), Ok(1));
    assert_eq!(code(event.verify([&other])), Some(Code::InvalidSignature));
}

#[test]
fn an_unknown_key_and_a_wrong_signature_get_the_same_answer() {
    let event = signed_with(json!({}));
    let wrong = event.verify([&SigningSecret::new("another-secret-for-tests")]);
    assert_eq!(event.verify([]), wrong);
    assert!(wrong.is_err());
}

/// Whatever stands in for a missing secret must open nothing.
#[test]
fn no_secret_verifies_nothing() {
    for guess in ["", "no one's"] {
        let event = Event::sign(unsigned_with("ai.query", json!({})), &SigningSecret::new(guess)).unwrap();
        assert_eq!(code(event.verify([])), Some(Code::InvalidSignature));
    }
}

#[test]
fn a_secret_is_its_utf8_bytes_as_shown() {
    let event = Event::sign(unsigned_with("ai.query", json!({})), &SigningSecret::new("é ")).unwrap();
    assert_eq!(event.verify([&SigningSecret::new("é ")]), Ok(0));
    assert!(event.verify([&SigningSecret::new("é")]).is_err());
}

#[test]
fn signing_replaces_a_signature_and_goes_through_the_same_door() {
    let twice = Event::sign(unsigned_with("ai.query", json!({"signature": 1, "signature_algorithm": 2})), &secret());
    assert_eq!(twice.unwrap().to_json(), signed_with(json!({})).to_json());
    assert_eq!(code(Event::sign(unsigned_with("ai.query", json!({"x": 1})), &secret())), Some(Code::SchemaViolation));
    assert_eq!(
        code(Event::sign(unsigned_with("ai.query", json!({"sequence": u64::MAX})), &secret())),
        Some(Code::InvalidJson)
    );
}

#[test]
fn refuses_in_the_order_size_json_schema() {
    let with_output = |bytes: usize| {
        let mut event = unsigned("ai.response");
        event["response"] = json!({"output": ""});
        let frame = event.to_string().len();
        event["response"]["output"] = json!("x".repeat(bytes - frame));
        event.to_string()
    };
    assert_eq!(with_output(EVENT_BYTES_MAX).len(), EVENT_BYTES_MAX);
    assert!(Event::parse(with_output(EVENT_BYTES_MAX).as_bytes()).is_ok());
    assert_eq!(code(Event::parse(with_output(EVENT_BYTES_MAX + 1).as_bytes())), Some(Code::EventTooLarge));
    assert_eq!(code(Event::parse(&vec![b'['; EVENT_BYTES_MAX + 1])), Some(Code::EventTooLarge));
    assert_eq!(code(Event::parse(&vec![b'['; EVENT_BYTES_MAX])), Some(Code::InvalidJson));
    assert_eq!(code(Event::parse(b"[]")), Some(Code::SchemaViolation));
}

#[test]
fn a_refusal_tells_the_first_fault_and_counts_the_others() {
    let refusal =
        |change: Value| Event::parse(&serde_json::to_vec(&unsigned_with("ai.query", change)).unwrap()).unwrap_err();
    assert_eq!(refusal(json!({"x": 1})).detail, "`/x` is no field of an event");
    assert_eq!(refusal(json!({"x": 1, "y": 1})).detail, "`/x` is no field of an event; and 1 more fault");
    assert_eq!(Event::parse(b"1").unwrap_err().detail, "the event must be of type object");
    assert_eq!(Event::parse(b"{").unwrap_err().detail, "the JSON ends before it is complete (at byte 1)");
}

#[test]
fn the_same_signed_event_has_the_same_id() {
    let event = signed_with(json!({}));
    assert_eq!(event.event_id(), identity::derive_event_id(event.timestamp(), &event.signature()));
    assert_eq!(identity::unix_ms_of(event.event_id()), event.timestamp().unix_ms());
    assert_ne!(event.event_id(), signed_with(json!({"sequence": 1})).event_id());
    let given = "019ca8d1-c940-7000-8000-000000000000";
    assert_eq!(signed_with(json!({"event_id": given})).event_id().to_string(), given);
}

#[test]
fn the_time_window_holds_to_the_millisecond() {
    let event = signed_with(json!({}));
    let at = event.timestamp();
    let check = |now: Timestamp, expect| assert_eq!(code(event.check_time(now, &WINDOW)), expect, "{now}");
    check(at, None);
    check(at.plus_ms(-WINDOW.ahead_ms_max), None);
    check(at.plus_ms(-WINDOW.ahead_ms_max - 1), Some(Code::TimestampInFuture));
    check(at.plus_ms(WINDOW.age_ms_max), None);
    check(at.plus_ms(WINDOW.age_ms_max + 1), Some(Code::TimestampTooOld));
}

#[test]
fn far_times_are_refused_by_any_window() {
    let any = TimeWindow { ahead_ms_max: 1000 * 86_400_000, age_ms_max: i64::MAX };
    let now = Timestamp::parse(AT).unwrap();
    for (timestamp, expect) in [
        ("9999-12-31T23:59:59Z", Some(Code::TimestampInFuture)),
        ("0001-01-01T00:00:00Z", Some(Code::TimestampTooOld)),
        ("1969-12-31T23:59:59.999999999Z", Some(Code::TimestampTooOld)),
        ("1970-01-01T00:00:00Z", None),
    ] {
        let event = signed_with(json!({"timestamp": timestamp}));
        assert_eq!(code(event.check_time(now, &any)), expect, "{timestamp}");
    }
}

#[test]
fn a_given_id_holds_the_time_of_the_event() {
    let now = Timestamp::parse(AT).unwrap();
    for (distance_ms, expect) in [
        (0, None),
        (86_400_000, None),
        (-86_400_000, None),
        (86_400_001, Some(Code::EventIdTimeMismatch)),
        (-86_400_001, Some(Code::EventIdTimeMismatch)),
    ] {
        let id = identity::derive_event_id(now.plus_ms(distance_ms), &aibbar::Signature([0; 32]));
        let event = signed_with(json!({"event_id": id.to_string()}));
        assert_eq!(code(event.check_time(now, &WINDOW)), expect, "{distance_ms}");
    }
}

#[test]
fn debug_shows_nothing_of_what_an_event_says() {
    let event = signed_with(json!({"query": {"prompt": "jane@example.org"}}));
    assert!(!format!("{event:?}").contains("jane"));
}
