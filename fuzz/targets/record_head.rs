//! What a consumer and a live tail read from the log: bytes that may be anything.
#![no_main]

use aibbar::RecordHead;
use libfuzzer_sys::fuzz_target;

/// Far more than the longest sentence about what is wrong.
const SENTENCE_BYTES_MAX: usize = 200;

fuzz_target!(init: gapin_fuzz::write_seeds(gapin_fuzz::records), |bytes: &[u8]| {
    match RecordHead::decode(bytes) {
        Ok(head) => assert_eq!(RecordHead::decode(bytes), Ok(head), "the same bytes have the same head"),
        // What is wrong is told in a sentence of ours, whatever stood there.
        Err(error) => assert!(error.to_string().len() <= SENTENCE_BYTES_MAX, "{error}"),
    }
});
