//! The order of members: that of their names' UTF-16 code units.
//!
//! It is the order of their UTF-8 bytes, but for one thing: what UTF-16 writes as two surrogates (D800 to DFFF), and
//! UTF-8 with a first byte of F0 to F4, comes before U+E000 to U+FFFF, which UTF-8 begins with EE or EF. So the first
//! byte in which two names differ tells, once those two are put last; a byte inside a character is never one of them.

use std::cmp::Ordering;

/// The order of members.
pub fn utf16_order(a: &str, b: &str) -> Ordering {
    match a.bytes().zip(b.bytes()).find(|(a, b)| a != b) {
        Some((a, b)) => rank(a).cmp(&rank(b)),
        None => a.len().cmp(&b.len()),
    }
}

fn rank(byte: u8) -> u8 {
    if matches!(byte, 0xee | 0xef) { byte + 0x10 } else { byte }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            prop::char::range('a', 'c'),
            prop::char::range('\u{d7f0}', '\u{d7ff}'),
            prop::char::range('\u{e000}', '\u{e010}'),
            prop::char::range('\u{fff0}', '\u{ffff}'),
            prop::char::range('\u{10000}', '\u{10010}'),
            any::<char>(),
        ];
        prop::collection::vec(character, 0..4).prop_map(String::from_iter)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn is_that_of_the_code_units(a in name(), b in name()) {
            prop_assert_eq!(utf16_order(&a, &b), a.encode_utf16().cmp(b.encode_utf16()));
            prop_assert_eq!(utf16_order(&a, &a), Ordering::Equal);
        }
    }
}
