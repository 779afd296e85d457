//! Payment cards: an issuer's range, a length it uses, and the Luhn digit.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::context::{Said, after, before, stands_alone, words};
use super::hit::Hit;
use super::name::Meaning;
use super::next::next_digit;
use super::number_words::{CARD_WORDS, OTHER_WORDS, PAY_WORDS};
use super::ranges::{CARD_GROUPS, ISSUERS};

pub(super) const DIGITS_MIN: usize = 12;
const DIGITS_MAX: usize = 19;

static CARD: LazyLock<Regex> = LazyLock::new(|| words(CARD_WORDS));
static PAY: LazyLock<Regex> = LazyLock::new(|| words(PAY_WORDS));
pub(super) static OTHER: LazyLock<Regex> = LazyLock::new(|| words(OTHER_WORDS));

/// What the words before a number make of it.
enum Called {
    /// A card.
    Card,
    /// Something that somebody pays with.
    Means,
    Nothing,
}

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let (says_card, says_pay, says_other) = (Said::new(text, &CARD), Said::new(text, &PAY), Said::new(text, &OTHER));
    let called = |at| {
        if about == Some(Meaning::Card) {
            Called::Card
        } else if says_other.touches(at) {
            Called::Nothing
        } else if says_card.before(at) {
            Called::Card
        } else if says_pay.before(at) {
            Called::Means
        } else {
            Called::Nothing
        }
    };
    let mut read = Read::default();
    let mut at = next_digit(bytes, 0);
    while at < bytes.len() {
        let run = run_end(bytes, at);
        match card(text, &called, at, &mut read) {
            Some(end) => {
                hits.push(Hit::new(Kind::CreditCard, at, end));
                at = next_digit(bytes, end);
            }
            None => at = next_digit(bytes, run),
        }
    }
}

fn run_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |length| at + length)
}

/// What was read of one number; kept for its memory, since lists of numbers are long.
#[derive(Default)]
struct Read {
    digits: Vec<u8>,
    /// How long each group of them is.
    groups: Vec<u8>,
}

/// Where the card that begins at `start` ends.
fn card(text: &str, called: &impl Fn(usize) -> Called, start: usize, read: &mut Read) -> Option<usize> {
    let bytes = text.as_bytes();
    let Read { digits, groups } = read;
    digits.clear();
    groups.clear();
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
        if groups.len() > 1 && !CARD_GROUPS.iter().any(|known| known.starts_with(groups)) {
            break;
        }
        if digits.len() >= DIGITS_MIN && is_card(text, start, end, digits, groups, || called(start)) {
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

fn is_card(text: &str, start: usize, end: usize, digits: &[u8], groups: &[u8], called: impl Fn() -> Called) -> bool {
    let is_apart = stands_alone(text, start, end, b"-.") || is_on_track_one(text, start, end);
    if !is_apart
        || !luhn(digits)
        || digits.iter().all(|digit| *digit == digits[0])
        || is_of_a_list(text, start, end, groups)
    {
        return false;
    }
    let issued = is_issued(digits) && (groups.len() == 1 || CARD_GROUPS.contains(&groups));
    // The shorter lengths are those of many other numbers: they need somebody to say that it is a card, or paid with.
    // So are those of issuers that begin with 1, as times do. Where nothing else is there, that says it too.
    let alone = || start == 0 && end == text.len() && !is_article(digits);
    let plain = digits.len() < 14 || digits[0] == b'1';
    if issued && (!plain || alone()) {
        return true;
    }
    match called() {
        Called::Card => issued || digits[0] != b'0',
        Called::Means => issued,
        Called::Nothing => false,
    }
}

/// The first track of a magnetic stripe: `%B4111111111111111^DOE/JOHN^…`.
fn is_on_track_one(text: &str, start: usize, end: usize) -> bool {
    (text[..start].ends_with("%B") || text[..start].ends_with("%b")) && text[end..].starts_with('^')
}

/// Groups in which cards are seldom written, among more groups: columns of numbers.
fn is_of_a_list(text: &str, start: usize, end: usize, groups: &[u8]) -> bool {
    let seldom = groups.len() > 1 && groups[0] > 4;
    let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
    seldom
        && (before(text, start) == Some(' ') && is_digit(before(text, start - 1))
            || after(text, end) == Some(' ') && is_digit(after(text, end + 1)) && !is_expiry(&text[end + 1..]))
}

/// `12/27`
fn is_expiry(text: &str) -> bool {
    text.bytes().take(2).all(|byte| byte.is_ascii_digit()) && text.as_bytes().get(2) == Some(&b'/')
}

/// Whether the digits are those of an article (EAN-13, UPC-A), by their own check digit.
fn is_article(digits: &[u8]) -> bool {
    let weighted = |(place, digit): (usize, &u8)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 };
    matches!(digits.len(), 12 | 13) && digits.iter().rev().enumerate().map(weighted).sum::<u32>().is_multiple_of(10)
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
