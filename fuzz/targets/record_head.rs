//! What a consumer and a live tail read from the log: bytes that may be anything.
#![no_main]

use aibbar::{RecordHead, RecordParts};
use libfuzzer_sys::fuzz_target;

/// Far more than the longest sentence about what is wrong.
const SENTENCE_BYTES_MAX: usize = 200;

fuzz_target!(init: gapin_fuzz::write_seeds(gapin_fuzz::records), |bytes: &[u8]| {
    match RecordHead::decode(bytes) {
        Ok(head) => {
            assert_eq!(RecordHead::decode(bytes).as_ref(), Ok(&head), "the same bytes have the same head");
            let text = str::from_utf8(bytes).expect("a record is text");
            let parts = RecordParts::decode(text).expect("what has a head has parts");
            assert_eq!(parts.head, head, "and by the other way too");
            for part in [parts.event, parts.receipt] {
                assert!(!text[part].starts_with(char::is_whitespace), "a part begins where it begins");
            }
        }
        // What is wrong is told in a sentence of ours, whatever stood there.
        Err(error) => assert!(error.to_string().len() <= SENTENCE_BYTES_MAX, "{error}"),
    }
});
