//! Whether a value was made by a machine to be guessed by no one: the test for values whose names only hint at a secret.

use super::stand_in::{entropy, is_stand_in};

/// Shorter ones are words, counts and versions too often, in bytes.
const BYTES_MIN: usize = 14;
/// Longer ones are texts and pictures, in bytes.
const BYTES_MAX: usize = 256;
/// At least so many bits a character.
const ENTROPY_MIN: f32 = 2.9;
/// In random characters at least every so manyth is of another class than the one before it.
const STEADY_MAX: usize = 5;
/// The same where so many consonants stand together that it is no word of any language.
const STEADY_CONSONANTS_MAX: usize = 9;
const CONSONANTS_MIN: usize = 5;
const DIGITS_MIN: usize = 2;
const LETTERS_MIN: usize = 2;

/// Letters and digits without a plan. Not an id, a path, a version, a date, or words that hyphens join.
pub(super) fn is_random(value: &str) -> bool {
    let bytes = value.as_bytes();
    // What most values are not is asked first, and of all bytes at once.
    let fits = (BYTES_MIN..=BYTES_MAX).contains(&bytes.len())
        && count(bytes, u8::is_ascii_digit) >= DIGITS_MIN
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-+/=.~:%".contains(byte))
        && !value.contains("://");
    if !fits || is_uuid(bytes) || is_shown_id(value) {
        return false;
    }
    let longest = value.split(['_', '-', '/', '.', ':', '%']).max_by_key(|part| part.len()).unwrap_or_default();
    let mixed = || {
        let changes = changes(longest);
        STEADY_MAX * changes >= longest.len()
            || STEADY_CONSONANTS_MAX * changes >= longest.len() && consonants_together(longest) >= CONSONANTS_MIN
    };
    longest.len() >= BYTES_MIN - 2
        && count(longest.as_bytes(), u8::is_ascii_digit) >= DIGITS_MIN
        && count(longest.as_bytes(), u8::is_ascii_alphabetic) >= LETTERS_MIN
        && mixed()
        && entropy(value) >= ENTROPY_MIN
        && !is_stand_in(value)
}

/// What services give out as keys and would be no secret elsewhere: a UUID, a long number, a word of letters and digits that is
/// short of [`is_random`].
pub(super) fn is_key_of_service(value: &str) -> bool {
    const DIGITS: std::ops::RangeInclusive<usize> = 15..=24;
    let bytes = value.as_bytes();
    if is_uuid(bytes) {
        return true;
    }
    if DIGITS.contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit) {
        return true;
    }
    is_changing(value, 4, consonants_together(value) >= CONSONANTS_MIN)
}

/// A word of letters and digits that change as often as no name in humps does.
pub(super) fn is_dense(value: &str) -> bool {
    is_changing(value, 3, false)
}

/// Every second character is of another class than the one before it, or, where there are digits, every so manyth; every third
/// where no language has such a word.
fn is_changing(value: &str, steady_with_digits_max: usize, is_no_word: bool) -> bool {
    const BYTES: std::ops::RangeInclusive<usize> = BYTES_MIN..=44;
    let bytes = value.as_bytes();
    if !BYTES.contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let changes = changes(value);
    let digits = bytes.iter().any(u8::is_ascii_digit);
    (2 * changes >= bytes.len()
        || is_no_word && 3 * changes >= bytes.len()
        || digits && steady_with_digits_max * changes >= bytes.len())
        && entropy(value) >= ENTROPY_MIN
        && !is_stand_in(value)
}

fn consonants_together(value: &str) -> usize {
    let is_consonant = |letter: &u8| letter.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(letter);
    value.as_bytes().split(|byte| !is_consonant(byte)).map(<[u8]>::len).max().unwrap_or_default()
}

/// `cus_…`, `evt_…`: what Stripe calls its objects, which stands in every log and opens nothing.
fn is_shown_id(value: &str) -> bool {
    const OBJECTS: [&str; 16] =
        ["acct", "ch", "cs", "cus", "evt", "in", "ii", "pi", "pm", "po", "price", "prod", "req", "seti", "si", "sub"];
    value.split_once('_').is_some_and(|(object, rest)| {
        OBJECTS.contains(&object) && !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// `8-4-4-4-12`: the name of something, as often as a secret.
fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn count(bytes: &[u8], is_one: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().filter(|byte| is_one(byte)).count()
}

/// How often a character is of another class (digit, small letter, capital) than the one before it.
fn changes(value: &str) -> usize {
    let class = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    value.as_bytes().windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_no_plan_is_random() {
        for value in [
            "w6r1kgr1xdlt450r1o8fdoabuc02jtz3wdv9di5p",
            "4f9aKq2Lm8Zx7Wc1",
            "009WW4CfCpldTJhcw1FJQHsgjOsaSUDBMU8pW8CKWe",
        ] {
            assert!(is_random(value), "{value}");
        }
        for value in [
            "my-application-production-2024-01",
            "550e8400-e29b-41d4-a716-446655440000",
            "2024-05-15T15:00:00Z",
            "https://example.com/a1b2c3d4",
            "cvpn-endpoint-prod-eu-west-1",
            "aaaaaaaaaa1111111111bbbbbbbbbb",
            "IdempotencyKeyProvider2",
            "short1",
            "user_profile_cache_v2",
        ] {
            assert!(!is_random(value), "{value}");
        }
    }
}
