//! US social security numbers: area, group and serial within what was ever given out.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::context::{Said, stands_alone, words};
use super::hit::Hit;
use super::name::Meaning;
use super::next::next_digit;
use super::table::SSN_WORDS;

/// How many digits one has.
pub(super) const DIGITS: usize = 9;

/// Printed on wallet inserts and in advertisements; nobody's.
const PUBLISHED: &[&str] = &["078051120", "219099999"];

static WORDS: LazyLock<Regex> = LazyLock::new(|| words(SSN_WORDS));

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let said = Said::new(text, &WORDS);
    let mut at = next_digit(bytes, 0);
    while at < bytes.len() {
        // Another one right beside it says the same as a word.
        let told = about == Some(Meaning::Ssn)
            || hits.last().is_some_and(|last| last.kind == Kind::Ssn && is_beside(text, last.end, at));
        match number(text, told, &said, at) {
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
        at = next_digit(bytes, at);
    }
}

fn number(text: &str, told: bool, said: &Said, start: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[start..];
    let (shape, length) = if bytes.get(..11).is_some_and(is_separated) {
        (Shape::Separated, 11)
    } else if is_written(bytes, b"000-000000") {
        (Shape::Halved, 10)
    } else if is_written(bytes, b"00000-0000") {
        (Shape::LikePostcode, 10)
    } else if is_written(bytes, b"000000000") {
        (Shape::Plain, DIGITS)
    } else {
        return None;
    };
    let digits: Vec<u8> = bytes[..length].iter().copied().filter(u8::is_ascii_digit).collect();
    let end = start + length;
    let named = || match shape {
        Shape::Separated | Shape::Halved => true,
        Shape::Plain => told || said.before(start),
        Shape::LikePostcode => told || said.right_before(start),
    };
    (stands_alone(text, start, end, b"-._+") && is_given_out(&digits) && named()).then_some(end)
}

/// How the nine digits are written.
#[derive(Clone, Copy)]
enum Shape {
    /// `ddd-dd-dddd`
    Separated,
    /// `ddd-dddddd`
    Halved,
    /// `ddddd-dddd`, as the longer ZIP codes are.
    LikePostcode,
    /// Nine digits, as many things are.
    Plain,
}

/// Whether the bytes begin like the pattern, in which `0` stands for any digit.
fn is_written(bytes: &[u8], pattern: &[u8]) -> bool {
    bytes.len() >= pattern.len()
        && bytes
            .iter()
            .zip(pattern)
            .all(|(byte, place)| if *place == b'0' { byte.is_ascii_digit() } else { byte == place })
}

/// Whether only blanks and commas lie between, on the same line.
fn is_beside(text: &str, end: usize, start: usize) -> bool {
    end < start
        && start - end <= 4
        && text.as_bytes()[end..start].iter().all(|byte| matches!(byte, b' ' | b',' | b';' | b'\t'))
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
