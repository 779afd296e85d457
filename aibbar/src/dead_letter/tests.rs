#![allow(clippy::unwrap_used)]

use serde_json::{Map, Value, json};

use super::*;
use crate::{Event, Receipt, RuleSet, SigningSecret, record};

const ORG: Uuid = Uuid::from_u128(1);
const OTHER_ORG: Uuid = Uuid::from_u128(2);

fn now() -> Timestamp {
    Timestamp::from_unix_ms(1_800_000_000_000)
}

fn source() -> Source {
    Source {
        topic: EVENTS_TOPIC.to_owned(),
        place: Place { partition: 3, offset: 41 },
        carried_at: Some(Timestamp::from_unix_ms(1_799_999_999_000)),
    }
}

fn record_of(org_id: Uuid) -> String {
    let event: Map<String, Value> = serde_json::from_value(json!({
        "event_type": "ai.query", "ai_id": Uuid::from_u128(7), "ai_version": "test", "timestamp": now().to_string(),
        "query": { "prompt": "a \"quoted\" \\ question, 1.50 \u{0} é" }, "metadata": {},
    }))
    .unwrap();
    let event = Event::sign(event, &SigningSecret::new("secret")).unwrap();
    let receipt = Receipt {
        event_id: event.event_id(),
        org_id,
        received_at: now(),
        api_key_id: Uuid::nil(),
        key_id: "k",
        signature_verified_at: now(),
        gateway: "test",
        redaction_rules: RuleSet::VERSION,
    };
    record::encode(&event.redact(&RuleSet::default()), &receipt)
}

fn letter(reason: Reason, header: Option<Uuid>, payload: &[u8]) -> DeadLetter {
    DeadLetter::new(reason, "a sentence", source(), now(), header, payload)
}

#[track_caller]
fn read(payload: &str, header: Option<Uuid>) -> DeadLetter {
    match Entry::decode(payload.as_bytes(), header).unwrap() {
        Entry::Letter(letter) => letter,
        Entry::Redriven(_) => panic!("a marker: {payload}"),
    }
}

#[test]
fn a_letter_comes_back_with_its_record_to_the_byte() {
    let record = record_of(ORG);
    let mut made = letter(Reason::RefusedByStore, Some(ORG), record.as_bytes());
    made.head.redrive = Some(Redrive { letter: Place { partition: 0, offset: 4 }, count: 2 });
    let read = read(&made.encode(), Some(ORG));
    assert_eq!(read, made);
    assert_eq!(read.content, Content::Record(record));
    assert_eq!((read.head.org_id, read.head.ai_id), (Some(ORG), Some(Uuid::from_u128(7))));
    assert_eq!(read.redrivable(), Ok(()));
    assert_eq!(read.key(), Uuid::from_u128(7).to_string());
}

#[test]
fn a_letter_without_its_content_is_small_and_says_what_it_said() {
    let made = letter(Reason::RefusedByStore, Some(ORG), record_of(ORG).as_bytes()).without_content();
    assert!(made.encode().len() < 1024, "{}", made.encode());
    let read = read(&made.encode(), Some(ORG));
    assert_eq!((read.head.event_id.is_some(), read.redrivable()), (true, Err(NotRedrivable::NoRecord)));
}

#[test]
fn a_record_that_failed_too_often_stays() {
    let mut made = letter(Reason::RefusedByStore, Some(ORG), record_of(ORG).as_bytes());
    for (count, expected) in [(REDRIVES_MAX - 1, Ok(())), (REDRIVES_MAX, Err(NotRedrivable::TooOften))] {
        made.head.redrive = Some(Redrive { letter: Place { partition: 0, offset: 4 }, count });
        assert_eq!(made.redrivable(), expected);
    }
}

#[test]
fn a_conflict_is_none_that_could_be_mended() {
    let made = letter(Reason::EventIdConflict, Some(ORG), record_of(ORG).as_bytes());
    assert_eq!(made.redrivable(), Err(NotRedrivable::Conflict));
}

#[test]
fn what_is_no_record_is_shown_redacted_or_not_at_all() {
    #[track_caller]
    fn check(payload: &[u8], hidden: &str) {
        let made = letter(Reason::NotARecord, None, payload);
        assert!(!made.encode().contains(hidden), "{}", made.encode());
        assert_eq!(made.redrivable(), Err(NotRedrivable::NoRecord));
        assert_eq!(made.head.org_id, None);
        assert_eq!(made.key(), "-");
        assert_eq!(read(&made.encode(), None), made);
    }
    check(b"write to jane.doe@example.com now", "jane.doe");
    check(br#"{"note":{"mail":"jane.doe@example.com"},"half":"#, "jane.doe");
    check(br#"{"password":"hunter2-and-more"}"#, "hunter2");
    check(br#"{"card":4111111111111111}"#, "4111111111111111");
    check(br#"{"from":"192.168.17.4"}"#, "192.168.17.4");
    check(br#"{"a":"jane\u002edoe@example.com"}"#, "jane");
    let utf16: Vec<u8> = "jane.doe@example.com".bytes().flat_map(|byte| [byte, 0]).collect();
    for binary in [&b"\xff\xfejane.doe@example.com"[..], &utf16] {
        check(binary, "a\\u0000n");
        assert_eq!(letter(Reason::NotARecord, None, binary).content, Content::LeftOut);
    }
    assert_eq!(letter(Reason::NotARecord, None, b"{}").content, Content::Text("{}".to_owned()));
}

#[test]
fn nobody_gets_anothers_record() {
    let of_other = record_of(OTHER_ORG);
    // The header says one thing, the record another.
    let made = letter(Reason::EventIdConflict, Some(ORG), of_other.as_bytes());
    assert_eq!((made.head.org_id, made.redrivable()), (None, Err(NotRedrivable::NoRecord)));
    // Somebody wrote a letter in which both are at odds.
    let forged = letter(Reason::EventIdConflict, Some(OTHER_ORG), of_other.as_bytes())
        .encode()
        .replace(&format!(r#""org_id":"{OTHER_ORG}","ai_id""#), &format!(r#""org_id":"{ORG}","ai_id""#));
    for header in [None, Some(ORG), Some(OTHER_ORG)] {
        let read = read(&forged, header);
        assert_eq!(read.head.org_id, None, "{header:?}");
        assert!(read.redrivable().is_err());
    }
    assert_eq!(read(&made.encode(), Some(ORG)).head.org_id, None);
    // What is no record belongs to whom the header names.
    assert_eq!(letter(Reason::NotARecord, Some(ORG), b"{}").head.org_id, Some(ORG));
}

#[test]
fn letters_of_the_first_form_are_read_and_hide_what_was_never_redacted() {
    let record = record_of(ORG);
    let first = |reason: &str, record: &str| {
        json!({ "reason": reason, "detail": "no head", "topic": EVENTS_TOPIC, "partition": 3, "offset": 41,
            "at": "1970-01-01T00:00:00Z", "record": record })
        .to_string()
    };
    let conflict = read(&first("event_id_conflict", &record), Some(ORG));
    assert_eq!(conflict.content, Content::Record(record));
    assert_eq!((conflict.head.org_id, conflict.redrivable()), (Some(ORG), Err(NotRedrivable::Conflict)));
    assert_eq!(conflict.head.source.carried_at, None);
    let garbage = read(&first("not_a_record", "mail jane.doe@example.com"), Some(ORG));
    assert_eq!(garbage.content, Content::Text("mail [REDACTED:email]".to_owned()));
    assert_eq!((garbage.head.org_id, garbage.head.detail.as_str()), (Some(ORG), "no head"));
}

#[test]
fn a_marker_comes_back() {
    let marker = Redriven {
        source: source(),
        at: now(),
        by_kind: "user".to_owned(),
        by_id: ORG.to_string(),
        to: EVENTS_TOPIC.to_owned(),
    };
    assert_eq!(Entry::decode(marker.encode().as_bytes(), Some(ORG)), Ok(Entry::Redriven(marker)));
}

#[test]
fn anything_else_is_no_letter() {
    for payload in
        ["", "{}", "[]", "null", r#"{"reason":"weather","partition":1,"offset":1,"at":"1970-01-01T00:00:00Z"}"#]
    {
        assert_eq!(Entry::decode(payload.as_bytes(), None), Err(NotALetter), "{payload}");
    }
}

#[test]
fn reasons_are_one_word_everywhere() {
    for reason in Reason::ALL {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        assert_eq!(Reason::parse(reason.as_str()), Some(reason));
    }
}
