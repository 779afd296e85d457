//! What the gateway does with an event between the socket and the log, and what readers do with its record.

use std::hint::black_box;

use aibbar::{Event, Receipt, RecordParts, RuleSet, event::TimeWindow, record};
use guard::{Subject, samples};
use uuid::Uuid;

/// 400 days and five minutes, as the gateway has by default.
const WINDOW: TimeWindow = TimeWindow { ahead_ms_max: 5 * 60 * 1_000, age_ms_max: 400 * 24 * 60 * 60 * 1_000 };

pub(super) fn subjects() -> Vec<Subject> {
    vec![
        Subject { name: "check median event", turns: 200, prepare: || checking(samples::median()) },
        Subject { name: "check 20 KB event", turns: 20, prepare: || checking(samples::large()) },
        Subject { name: "decode median record", turns: 500, prepare: || decoding(samples::median()) },
        Subject { name: "decode 20 KB record", turns: 100, prepare: || decoding(samples::large()) },
    ]
}

/// Parsing, schema, time, signature, redaction and the record's line.
fn checking(text: String) -> Box<dyn FnMut()> {
    let (secret, rules, now) = (samples::secret(), RuleSet::default(), samples::moment());
    let (org_id, api_key_id) = (Uuid::from_u128(1), Uuid::from_u128(3));
    Box::new(move || {
        let event = Event::parse(black_box(text.as_bytes())).expect("it is right");
        event.check_time(now, &WINDOW).expect("it is of that day");
        event.verify([&secret]).expect("it is signed");
        let event_id = event.event_id();
        let receipt = Receipt {
            event_id,
            org_id,
            received_at: now,
            api_key_id,
            key_id: "default",
            signature_verified_at: now,
            gateway: "gateway-1",
            redaction_rules: rules.version(),
        };
        black_box(record::encode(&event.redact(&rules), &receipt));
    })
}

/// What the consumer reads of a record.
fn decoding(text: String) -> Box<dyn FnMut()> {
    let record = samples::recorded(&text, Uuid::from_u128(1));
    Box::new(move || {
        black_box(RecordParts::decode(black_box(&record)).expect("it is a record"));
    })
}
