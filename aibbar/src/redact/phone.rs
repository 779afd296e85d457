//! Telephone numbers: international ones by every country's numbering plan, national ones by the shapes people write them in.
//!
//! A number without `+` and without a word that says so is taken for a telephone number only in a shape that nothing else has.

use std::sync::OnceLock;

use regex::Regex;

use super::Kind;
use super::context::{before, is_said_before, stands_alone};
use super::hit::Hit;
use super::name::Meaning;
use super::phone_plan::PLAN;
use super::table::{CALL_WORDS, PHONE_WORDS};

pub(super) const DIGITS_MIN: usize = 7;
/// ITU-T E.164 has 15; a trunk `(0)` and a `00` before them are written too.
const DIGITS_MAX: usize = 18;
const GROUPS_MAX: usize = 8;

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !(bytes[at].is_ascii_digit() || matches!(bytes[at], b'+' | b'(')) {
            at += 1;
            continue;
        }
        let written = Written::read(text, at);
        match (1..=written.groups.len()).rev().find(|groups| written.is_phone(text, about, *groups)) {
            Some(groups) => {
                let end = written.groups[groups - 1].end;
                hits.push(Hit::new(Kind::Phone, at, end));
                at = end;
            }
            None => {
                at += 1;
                if bytes[at - 1].is_ascii_digit() {
                    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                        at += 1;
                    }
                }
            }
        }
    }
}

/// Digits in groups, as they stand in a text.
struct Written {
    start: usize,
    /// Begins with `+`.
    plus: bool,
    digits: String,
    groups: Vec<Group>,
}

struct Group {
    /// Digits up to the end of this group.
    digits: usize,
    /// Where it ends in the text, its bracket included.
    end: usize,
    bracketed: bool,
    /// What stood before it: the mark between this group and the one before.
    mark: char,
}

impl Written {
    fn read(text: &str, start: usize) -> Written {
        let bytes = text.as_bytes();
        let mut written = Written { start, plus: bytes[start] == b'+', digits: String::new(), groups: Vec::new() };
        let mut at = start + usize::from(written.plus);
        let mut mark = ' ';
        if written.plus && bytes.get(at) == Some(&b' ') {
            return written;
        }
        while written.groups.len() < GROUPS_MAX {
            let bracketed = bytes.get(at) == Some(&b'(');
            let from = at + usize::from(bracketed);
            let length = bytes[from.min(bytes.len())..]
                .iter()
                .take(DIGITS_MAX + 1)
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if length == 0 || written.digits.len() + length > DIGITS_MAX {
                break;
            }
            let end = from + length;
            if bracketed && bytes.get(end) != Some(&b')') {
                break;
            }
            written.digits.push_str(&text[from..end]);
            at = end + usize::from(bracketed);
            written.groups.push(Group { digits: written.digits.len(), end: at, bracketed, mark });
            match separator(text, at, bracketed) {
                Some((found, next)) => (mark, at) = (found, next),
                None => break,
            }
        }
        written
    }

    /// Whether the first so many groups are a telephone number.
    fn is_phone(&self, text: &str, about: Option<Meaning>, groups: usize) -> bool {
        let last = &self.groups[groups - 1];
        let digits = &self.digits[..last.digits];
        if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) || !self.stands_alone(text, last.end) {
            return false;
        }
        let groups = &self.groups[..groups];
        if self.plus {
            return self.is_international(digits, groups);
        }
        let said = about == Some(Meaning::Phone) || self.is_told(text);
        if said && !is_date(digits, groups) && digits.len() <= 15 {
            return true;
        }
        let shaped = groups.len() > 1;
        shaped
            && (is_north_american(digits, groups, || is_said_before(text, self.start, CALL_WORDS))
                || is_national(digits, groups, || is_said_before(text, self.start, CALL_WORDS))
                || digits.starts_with("00") && self.is_international(&digits[2..], &[]))
    }

    /// Not the middle of something longer, not money, not a measure.
    fn stands_alone(&self, text: &str, end: usize) -> bool {
        let ahead = before(text, self.start);
        let behind = text.as_bytes().get(end).copied();
        let followed = |mark: u8| behind == Some(mark) && text.as_bytes().get(end + 1).is_some_and(u8::is_ascii_digit);
        stands_alone(text, self.start, end, b"-_.@#")
            && !matches!(ahead, Some('$' | '€' | '£' | '¥' | '#' | '-' | '_' | '.' | '+'))
            && !matches!(behind, Some(b'%' | b'_' | b'('))
            && !followed(b':')
            && !followed(b'/')
            && !followed(b',')
    }

    /// `tel:`, `Phone:`, `mobile number is` right before it.
    fn is_told(&self, text: &str) -> bool {
        is_said_before(text, self.start, PHONE_WORDS) && {
            // Another number between the word and this one took the word for itself.
            let from =
                text[..self.start].char_indices().rev().take(40).find(|(_, character)| character.is_ascii_digit());
            from.is_none_or(|(at, _)| is_said_before(&text[at + 1..], self.start - at - 1, PHONE_WORDS))
        }
    }

    fn is_international(&self, digits: &str, groups: &[Group]) -> bool {
        // The trunk zero of `+44 (0)20 …` is not dialled.
        let trunk = groups.iter().position(|group| group.bracketed && group.digits > 0);
        (1..=3.min(digits.len())).any(|length| {
            let national = &digits[length..];
            let without_trunk = trunk.is_some().then(|| national.strip_prefix('0')).flatten();
            digits[..length].parse().is_ok_and(|code: u16| {
                !digits.starts_with('0')
                    && (is_in_plan(code, national) || without_trunk.is_some_and(|national| is_in_plan(code, national)))
            })
        })
    }
}

/// What may stand between two groups: one mark, or a mark with blanks around it; after a bracket also nothing.
fn separator(text: &str, at: usize, after_bracket: bool) -> Option<(char, usize)> {
    let mut rest = text[at..].chars();
    let is_blank = |character: char| matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let is_mark =
        |character: char| matches!(character, '-' | '.' | '/' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}');
    let first = rest.next()?;
    let begins = |at: usize| text.as_bytes().get(at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'(');
    let next = at + first.len_utf8();
    if is_mark(first) {
        return begins(next).then_some((first, next));
    }
    if is_blank(first) {
        if begins(next) {
            return Some((' ', next));
        }
        let second = rest.next().filter(|second| is_mark(*second))?;
        let third = rest.next().filter(|third| is_blank(*third))?;
        let next = next + second.len_utf8() + third.len_utf8();
        return begins(next).then_some((second, next));
    }
    ((after_bracket || first == '(') && begins(at)).then_some(('(', at))
}

fn is_in_plan(code: u16, national: &str) -> bool {
    static PATTERNS: [OnceLock<Option<Regex>>; PLAN.len()] = [const { OnceLock::new() }; PLAN.len()];
    PLAN.binary_search_by_key(&code, |(code, _)| *code).is_ok_and(|place| {
        PATTERNS[place]
            .get_or_init(|| Regex::new(&format!("^(?-u:{})$", PLAN[place].1)).ok())
            .as_ref()
            .is_some_and(|pattern| national.len() >= 5 && pattern.is_match(national))
    })
}

fn sizes(groups: &[Group]) -> Vec<usize> {
    let mut before = 0;
    groups.iter().map(|group| group.digits - std::mem::replace(&mut before, group.digits)).collect()
}

/// `(415) 555-2671`, `415-555-2671`, `1-800-555-0199`; with blanks only, when somebody calls it a number.
fn is_north_american(digits: &str, groups: &[Group], is_called: impl Fn() -> bool) -> bool {
    let (national, groups) = match digits.strip_prefix('1') {
        Some(national) if groups[0].digits == 1 => (national, &groups[1..]),
        _ => (digits, groups),
    };
    let mut sizes = sizes(groups);
    if let Some(first) = sizes.first_mut() {
        *first -= digits.len() - national.len();
    }
    let bytes = national.as_bytes();
    let in_plan = bytes.len() == 10 && bytes[0] >= b'2' && bytes[3] >= b'2' && !national[1..].starts_with("11");
    let bracketed = groups.first().is_some_and(|group| group.bracketed);
    let marked = groups.iter().skip(1).all(|group| group.mark != ' ');
    in_plan && (sizes == [3, 3, 4] || sizes == [3, 7] && bracketed) && (bracketed || marked || is_called())
}

/// `020 7946 0958`, `(030) 123456`, `06 12 34 56 78`: begins with the trunk zero.
fn is_national(digits: &str, groups: &[Group], is_called: impl Fn() -> bool) -> bool {
    let sizes = sizes(groups);
    let trunk = digits.starts_with('0') && !digits.starts_with("00") && (2..=6).contains(&sizes[0]);
    if !trunk || is_date(digits, groups) || !(9..=12).contains(&digits.len()) {
        return false;
    }
    let same_mark =
        groups[2..].iter().all(|group| group.mark == groups[1].mark) || groups[0].bracketed || groups.len() == 3;
    let pairs = sizes.len() == 5 && sizes.iter().all(|size| *size == 2);
    let blocks = sizes.len() <= 4
        && sizes[1..].iter().all(|size| *size >= 2)
        && sizes[0] >= 2
        && digits.len() >= 10 - usize::from(groups[0].bracketed)
        && sizes.iter().any(|size| *size >= 3);
    same_mark && (pairs || blocks && (sizes[0] >= 3 || sizes[1..].iter().all(|size| *size >= 3)) || is_called())
}

/// `01-02-2024`, `2024-05-15`, `20240515`
fn is_date(digits: &str, groups: &[Group]) -> bool {
    let sizes = sizes(groups);
    let year = |year: &str| year.starts_with("19") || year.starts_with("20");
    match sizes.as_slice() {
        [4, 2, 2, ..] => year(digits),
        [1 | 2, 1 | 2, 4, ..] => year(&digits[sizes[0] + sizes[1]..]),
        [2, 2, 2] => true,
        [8] => year(digits) && &digits[4..6] <= "12" && &digits[6..] <= "31",
        _ => false,
    }
}
