//! Where the next byte stands that a number or an address may begin with: several recognisers ask, and most of a text is neither.
//!
//! Eight bytes are asked at once. In a word whose bytes are each XORed with what is looked for, a byte below a bound borrows from its
//! highest bit when the bound is taken away; a borrow that runs over marks only bytes above one that is marked rightly, so the lowest
//! mark is right. The test holds it against a byte-by-byte search.

const LANES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = LANES << 7;

/// Where the first digit of ASCII from `from` on stands, or the end.
pub(super) fn next_digit(bytes: &[u8], from: usize) -> usize {
    next(bytes, from, digits, |byte| byte.is_ascii_digit())
}

/// Where the first digit from `from` on stands, or mark that a telephone number may begin with (`+`, `(`, `[`), or the end.
pub(super) fn next_digit_or_opening(bytes: &[u8], from: usize) -> usize {
    let marked = |word| digits(word) | those(word, b'+') | those(word, b'(') | those(word, b'[');
    next(bytes, from, marked, |byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'(' | b'['))
}

/// Where the first `:` or `.` from `from` on stands, or the end.
pub(super) fn next_colon_or_dot(bytes: &[u8], from: usize) -> usize {
    next(bytes, from, |word| those(word, b':') | those(word, b'.'), |byte| matches!(byte, b':' | b'.'))
}

/// The first place from `from` on that is marked in its word; at the end of the bytes each is asked by itself.
fn next(bytes: &[u8], from: usize, marked: impl Fn(u64) -> u64, is_one: impl Fn(&u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let (words, tail) = rest.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let marks = marked(u64::from_le_bytes(*word));
        if marks != 0 {
            return from + number * 8 + (marks.trailing_zeros() / 8) as usize;
        }
    }
    let in_tail = tail.iter().position(is_one).unwrap_or(tail.len());
    bytes.len() - tail.len() + in_tail
}

const fn digits(word: u64) -> u64 {
    below(word ^ (LANES * b'0' as u64), 10)
}

const fn those(word: u64, byte: u8) -> u64 {
    below(word ^ (LANES * byte as u64), 1)
}

/// The high bit of each byte below the bound, and perhaps of bytes above one of them.
const fn below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(LANES * bound as u64) & !word & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_next_one_is_the_first_that_a_plain_search_finds(
            bytes in proptest::collection::vec(prop_oneof![6 => any::<u8>(), 1 => b'/'..=b';', 1 => Just(b'+'), 1 => Just(b'[')], 0..60),
            from in 0..70_usize,
        ) {
            let plain = |is_one: fn(&u8) -> bool| {
                bytes.iter().skip(from).position(is_one).map_or(bytes.len(), |at| from + at)
            };
            prop_assert_eq!(next_digit(&bytes, from), plain(u8::is_ascii_digit));
            let opening: fn(&u8) -> bool = |byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'(' | b'[');
            prop_assert_eq!(next_digit_or_opening(&bytes, from), plain(opening));
            prop_assert_eq!(next_colon_or_dot(&bytes, from), plain(|byte| matches!(byte, b':' | b'.')));
        }
    }
}
