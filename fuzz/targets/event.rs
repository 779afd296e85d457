//! The door of every event: parsing and schema, then redaction, the record, and the record's head.
#![no_main]

use aibbar::{Event, RecordHead};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: gapin_fuzz::write_seeds(gapin_fuzz::events), |bytes: &[u8]| {
    let event = match Event::parse(bytes) {
        Ok(event) => event,
        Err(refusal) => {
            assert_eq!(Event::parse(bytes).err(), Some(refusal), "the same bytes have the same faults");
            return;
        }
    };
    assert_eq!(Event::parse(event.to_json().as_bytes()).expect("it is written as it was read").to_json(), event.to_json());

    let (event_id, ai_id, signature, event_type) = (event.event_id(), event.ai_id(), event.signature(), event.event_type());
    let timestamp = event.timestamp();
    let line = gapin_fuzz::record_of(event);
    let head = RecordHead::decode(line.as_bytes()).expect("a record that was written can be read");
    assert_eq!((head.event_id, head.ai_id, head.event_type), (event_id, ai_id, event_type));
    assert_eq!((head.signature, head.timestamp), (signature, timestamp), "redaction leaves alone what proves the event");
});
