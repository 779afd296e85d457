//! Payment cards: an issuer's range, a length it uses, and the Luhn digit.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::context::{Said, stands_alone, words};
use super::hit::Hit;
use super::name::Meaning;
use super::ranges::{CARD_GROUPS, ISSUERS};
use super::table::CARD_WORDS;

pub(super) const DIGITS_MIN: usize = 12;
const DIGITS_MAX: usize = 19;

static WORDS: LazyLock<Regex> = LazyLock::new(|| words(CARD_WORDS));

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let said = Said::new(text, &WORDS);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let run = run_end(bytes, at);
        match card(text, |at| about == Some(Meaning::Card) || said.before(at), at) {
            Some(end) => {
                hits.push(Hit::new(Kind::CreditCard, at, end));
                at = end;
            }
            None => at = run,
        }
    }
}

fn run_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |length| at + length)
}

/// Where the card that begins at `start` ends.
fn card(text: &str, is_named: impl Fn(usize) -> bool, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut digits = Vec::with_capacity(DIGITS_MAX);
    let mut groups = Vec::with_capacity(6);
    let mut separator = None;
    let mut from = start;
    let mut longest = None;
    loop {
        let end = run_end(&bytes[..bytes.len().min(from + DIGITS_MAX + 1)], from);
        digits.extend_from_slice(&bytes[from..end]);
        if end == from || digits.len() > DIGITS_MAX {
            break;
        }
        groups.push((end - from) as u8);
        if groups.len() > 1 && !CARD_GROUPS.iter().any(|known| known.starts_with(&groups)) {
            break;
        }
        if digits.len() >= DIGITS_MIN && is_card(text, start, end, &digits, &groups, || is_named(start)) {
            longest = Some(end);
        }
        match bytes.get(end) {
            Some(mark @ (b' ' | b'-' | b'.')) if separator.is_none_or(|first| first == *mark) => {
                separator = Some(*mark)
            }
            _ => break,
        }
        from = end + 1;
    }
    longest
}

fn is_card(text: &str, start: usize, end: usize, digits: &[u8], groups: &[u8], is_named: impl Fn() -> bool) -> bool {
    if !stands_alone(text, start, end, b"-.") || !luhn(digits) || digits.iter().all(|digit| *digit == digits[0]) {
        return false;
    }
    let issued = is_issued(digits) && (groups.len() == 1 || CARD_GROUPS.contains(&groups));
    // The shorter lengths are those of many other numbers: they need somebody to say that it is a card.
    // So are those of UATP, unless nothing else is there.
    let alone = || start == 0 && end == text.len();
    let plain = digits.len() < 14 || digits[0] == b'1' && !alone();
    if issued && !plain { true } else { (issued || digits[0] != b'0') && is_named() }
}

fn is_issued(digits: &[u8]) -> bool {
    let number = digits[..6].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    ISSUERS
        .iter()
        .any(|issuer| (issuer.first..=issuer.last).contains(&number) && issuer.lengths.contains(&(digits.len() as u8)))
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0');
            if place % 2 == 0 { value } else { value * 2 - if value > 4 { 9 } else { 0 } }
        })
        .sum();
    sum.is_multiple_of(10)
}
