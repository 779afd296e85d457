//! The strict parser: never stops the process, and what it takes, every library reads alike.
#![no_main]

use aibbar::json;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// As many as a batch may have, and few enough to make the bound reachable.
const ELEMENTS_MAX: usize = 64;

/// What a signature would cover: -0 and 0 are the same there.
fn signed(value: &Value) -> String {
    String::from_utf8(serde_json_canonicalizer::to_vec(value).expect("JSON has a canonical form")).expect("it is UTF-8")
}

fuzz_target!(init: gapin_fuzz::write_seeds(gapin_fuzz::json), |bytes: &[u8]| {
    match json::parse(bytes) {
        Ok(ours) => {
            let theirs: Value = serde_json::from_slice(bytes).expect("what is strict JSON is JSON");
            assert_eq!(signed(&ours), signed(&theirs), "two readers of the same bytes disagree");
        }
        Err(fault) => {
            assert!(fault.offset <= bytes.len(), "a fault lies within the text");
            assert_eq!(json::parse(bytes), Err(fault), "the same bytes have the same fault");
        }
    }
    if let Ok(pieces) = json::split_array(bytes, ELEMENTS_MAX) {
        assert!(pieces.len() <= ELEMENTS_MAX);
        let mut end = 0;
        for piece in &pieces {
            assert!(end < piece.start && piece.end < bytes.len(), "pieces lie apart, in order, within the brackets");
            end = piece.end;
        }
        if let Ok(Value::Array(whole)) = json::parse(bytes) {
            let cut: Vec<Value> = pieces.into_iter().map(|piece| json::parse(&bytes[piece]).expect("a part")).collect();
            assert_eq!(cut, whole, "the parts of an array are its elements");
        }
    } else if let Ok(Value::Array(whole)) = json::parse(bytes) {
        assert!(whole.len() > ELEMENTS_MAX, "an array that can be read can be cut");
    }
});
