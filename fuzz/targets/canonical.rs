//! The canonical form: that of RFC 8785, as another library writes it, and the same again when it is read again.
#![no_main]

use aibbar::{canonical, json};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(init: gapin_fuzz::write_seeds(gapin_fuzz::json), |bytes: &[u8]| {
    let Ok(value) = json::parse(bytes) else { return };
    let ours = canonical::to_vec(&value);
    let theirs = serde_json_canonicalizer::to_vec(&value).expect("what is strict JSON has a canonical form");
    assert_eq!(String::from_utf8_lossy(&ours), String::from_utf8_lossy(&theirs));
    // Not by the strict parser: 1e20 becomes digits that it would take for an integer that is too large.
    let again: Value = serde_json::from_slice(&ours).expect("the canonical form is JSON");
    assert_eq!(canonical::to_vec(&again), ours, "the canonical form of the canonical form is itself");
});
