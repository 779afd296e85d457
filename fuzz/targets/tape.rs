//! The tape of a text against the value of it: the same texts taken, the same faults, the same bytes signed, and what is known
//! to match the schema without a value matches it.
#![no_main]

use aibbar::{
    canonical,
    json::{self, Tape},
    schema,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: gapin_fuzz::write_seeds(gapin_fuzz::json), |bytes: &[u8]| {
    let (tape, value) = match (Tape::parse(bytes), json::parse(bytes)) {
        (Ok(tape), Ok(value)) => (tape, value),
        (tape, value) => return assert_eq!(tape.err(), value.err(), "both ways refuse the same, for the same fault"),
    };
    assert_eq!(tape.to_value(), value, "the tape says what the value is");
    let (signed, plainly) = (canonical::of_tape(&tape), canonical::to_vec(&value));
    assert_eq!(String::from_utf8_lossy(&signed), String::from_utf8_lossy(&plainly));
    if let Some(object) = value.as_object() {
        let (signed, plainly) =
            (canonical::of_tape_without(&tape, "signature"), canonical::to_vec_without(object, "signature"));
        assert_eq!(String::from_utf8_lossy(&signed), String::from_utf8_lossy(&plainly));
    }
    let line = tape.to_line();
    assert_eq!(json::parse(line.as_bytes()).as_ref(), Ok(&value), "the line says the same");
    assert_eq!(line.len(), value.to_string().len(), "in the one spelling");
    if schema::certainly_accepts(&tape) {
        assert_eq!(schema::faults(&value), [], "what is certainly good is good");
    }
});
