//! US social security numbers: area, group and serial within what was ever given out.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::context::{Said, stands_alone, words};
use super::hit::Hit;
use super::name::Meaning;
use super::table::SSN_WORDS;

/// How many digits one has.
pub(super) const DIGITS: usize = 9;

/// Printed on wallet inserts and in advertisements; nobody's.
const PUBLISHED: &[&str] = &["078051120", "219099999"];

static WORDS: LazyLock<Regex> = LazyLock::new(|| words(SSN_WORDS));

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let said = Said::new(text, &WORDS);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        match number(text, about, &said, at) {
            Some(end) => {
                hits.push(Hit::new(Kind::Ssn, at, end));
                at = end;
            }
            None => {
                while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                    at += 1;
                }
            }
        }
    }
}

fn number(text: &str, about: Option<Meaning>, said: &Said, start: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[start..];
    let (length, digits) = match (bytes.get(..11), bytes.get(..DIGITS)) {
        (Some(separated), _) if is_separated(separated) => {
            (11, [&separated[..3], &separated[4..6], &separated[7..]].concat())
        }
        (_, Some(plain)) if plain.iter().all(u8::is_ascii_digit) => (DIGITS, plain.to_vec()),
        _ => return None,
    };
    let end = start + length;
    let named = || about == Some(Meaning::Ssn) || said.before(start);
    (stands_alone(text, start, end, b"-._+") && is_given_out(&digits) && (length > DIGITS || named())).then_some(end)
}

/// `ddd-dd-dddd`, with the same separator twice.
fn is_separated(bytes: &[u8]) -> bool {
    matches!(bytes[3], b'-' | b' ' | b'.')
        && bytes[3] == bytes[6]
        && bytes.iter().enumerate().all(|(place, byte)| matches!(place, 3 | 6) || byte.is_ascii_digit())
}

fn is_given_out(digits: &[u8]) -> bool {
    let (area, group, serial) = (&digits[..3], &digits[3..5], &digits[5..]);
    area != b"000"
        && area != b"666"
        && area[0] != b'9'
        && group != b"00"
        && serial != b"0000"
        && !PUBLISHED.iter().any(|published| published.as_bytes() == digits)
}
