//! Where a string's plain characters end, found eight bytes at a time.
//!
//! Most of an event is the inside of strings, and looking at each byte by itself is the larger half of reading it. A word of
//! eight bytes is compared with all of quote, backslash and the control characters at once, by the well known subtraction that
//! sets the highest bit of each byte that was zero (Mycroft's). A borrow can set the bit of a later byte wrongly, but never
//! before the first right one, and only the first counts. Byte by byte is the twin that tests hold it against.

use super::ENDS_PLAIN_RUN;

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// How many bytes come before the first quote, backslash or control character; all, when there is none.
#[inline]
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let ends = ends_in(u64::from_le_bytes(*word));
        if ends != 0 {
            return index * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    bytes.len() - rest.len() + plainly(rest)
}

/// The lowest bit that is set is in the first byte that ends a run.
fn ends_in(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let is_quote = quote.wrapping_sub(ONES) & !quote;
    let is_backslash = backslash.wrapping_sub(ONES) & !backslash;
    let is_control = word.wrapping_sub(ONES * 0x20) & !word;
    (is_quote | is_backslash | is_control) & HIGHS
}

fn plainly(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| ENDS_PLAIN_RUN[usize::from(*byte)]).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn finds_the_end_that_is_found_byte_by_byte(
            bytes in prop::collection::vec(
                prop_oneof![8 => any::<u8>(), 8 => 0x20_u8.., 1 => Just(b'"'), 1 => Just(b'\\'), 1 => 0x1e_u8..0x24, 1 => 0x5a_u8..0x5f],
                0..40,
            )
        ) {
            prop_assert_eq!(plain_run(&bytes), plainly(&bytes));
        }
    }

    /// Each pair of bytes, in each place of a word: all that a borrow can do.
    #[test]
    fn no_borrow_ends_a_run_too_early() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                for at in 0..7 {
                    let mut bytes = [b'x'; 8];
                    bytes[at] = first;
                    bytes[at + 1] = second;
                    assert_eq!(plain_run(&bytes), plainly(&bytes), "{bytes:?}");
                }
            }
        }
    }
}
