//! Telephone numbers: international ones by every country's numbering plan, national ones by the shapes people write them in.
//!
//! A number without `+` and without a word that says so is taken for a telephone number only in a shape that nothing else has.

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::Kind;
use super::context::{Said, before, stands_alone, words};
use super::hit::Hit;
use super::name::Meaning;
use super::phone_plan::PLAN;
use super::table::{CALL_WORDS, DIAL_WORDS, PHONE_WORDS};

pub(super) const DIGITS_MIN: usize = 7;
/// ITU-T E.164 has 15; a trunk `(0)` and a `00` before them are written too.
const DIGITS_MAX: usize = 18;
const GROUPS_MAX: usize = 8;

static PHONE: LazyLock<Regex> = LazyLock::new(|| words(PHONE_WORDS));
static CALL: LazyLock<Regex> = LazyLock::new(|| words(CALL_WORDS));
static DIAL: LazyLock<Regex> = LazyLock::new(|| words(DIAL_WORDS));

/// What the words before a number make of it.
#[derive(Clone, Copy)]
struct Context {
    /// A telephone number, whatever it looks like.
    told: bool,
    /// A number that somebody may call.
    called: bool,
    /// A number that somebody is asked to call.
    dialled: bool,
}

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let (phone, call, dial) = (Said::new(text, &PHONE), Said::new(text, &CALL), Said::new(text, &DIAL));
    let mut at = 0;
    while at < bytes.len() {
        if !(bytes[at].is_ascii_digit() || matches!(bytes[at], b'+' | b'(')) {
            at += 1;
            continue;
        }
        if is_inside(text, at) {
            at += 1;
            continue;
        }
        let mut written = Written::read(text, at);
        // The last groups of a longer number are no number of their own, unless the number before ended there.
        written.rest_of = at >= 2
            && bytes[at - 1] == b' '
            && bytes[at - 2].is_ascii_digit()
            && hits.last().is_none_or(|last| last.end + 1 != at);
        if written.groups.last().is_none_or(|last| last.digits < DIGITS_MIN) {
            at = written.groups.first().map_or(at, |first| first.end).max(at + 1);
            continue;
        }
        let context = Context {
            told: about == Some(Meaning::Phone) || phone.right_before(at),
            called: call.before(at),
            dialled: dial.before(at),
        };
        match (1..=written.groups.len()).rev().find(|groups| written.is_phone(text, context, *groups)) {
            Some(groups) => {
                let end = extension_end(text, written.groups[groups - 1].end);
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

/// Whether what begins here is the rest of something: of a word, of an amount of money, of a longer number.
fn is_inside(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    at > 0
        && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'$' | b'#' | b'-' | b'_' | b'.' | b'+'))
        && bytes[at] != b'('
        // The seconds of a time.
        || at > 1 && bytes[at - 1] == b':' && bytes[at - 2].is_ascii_digit()
}

/// Past `x123`, the number of one of many telephones behind this one.
fn extension_end(text: &str, end: usize) -> usize {
    match text.as_bytes().get(end) {
        Some(b'x') => {
            end + 1 + text.as_bytes()[end + 1..].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count()
        }
        _ => end,
    }
}

/// Digits in groups, as they stand in a text.
struct Written {
    start: usize,
    /// Begins with `+`.
    plus: bool,
    /// Behind a digit and a blank.
    rest_of: bool,
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
        let mut written =
            Written { start, plus: bytes[start] == b'+', rest_of: false, digits: String::new(), groups: Vec::new() };
        let mut at = start + usize::from(written.plus);
        let mut mark = ' ';
        // `(+49) 30 …`
        let code_in_brackets = written.plus && start > 0 && bytes[start - 1] == b'(';
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
            // Digit by digit nobody writes a number, and lists of digits are many.
            if length == 1 && written.groups.last().is_some_and(|last| last.end - written.start == 1) && !bracketed {
                break;
            }
            let end = from + length;
            if bracketed && bytes.get(end) != Some(&b')') {
                break;
            }
            written.digits.push_str(&text[from..end]);
            let closes = code_in_brackets && written.groups.is_empty() && bytes.get(end) == Some(&b')');
            at = end + usize::from(bracketed || closes);
            written.groups.push(Group { digits: written.digits.len(), end: at, bracketed, mark });
            match separator(text, at, bracketed) {
                Some((found, next)) => (mark, at) = (found, next),
                None => break,
            }
        }
        written
    }

    /// Whether the first so many groups are a telephone number.
    fn is_phone(&self, text: &str, context: Context, groups: usize) -> bool {
        let last = &self.groups[groups - 1];
        let digits = &self.digits[..last.digits];
        if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) || !self.stands_alone(text, last.end) {
            return false;
        }
        let groups = &self.groups[..groups];
        if self.plus {
            return self.is_international(digits, groups);
        }
        if context.told && !is_date(digits, groups) && digits.len() <= 15 {
            return true;
        }
        groups.len() > 1
            && !self.rest_of
            && (is_north_american(digits, groups, context)
                || is_national(digits, groups, context)
                || is_bracketed(digits, groups)
                || is_long_mobile(digits, groups, context)
                || context.dialled && is_dialled(digits, groups)
                || context.called && groups.len() > 2 && self.is_international(digits, &[])
                || digits.strip_prefix("00").is_some_and(|digits| self.is_international(digits, &[])))
    }

    /// Not the middle of something longer, not money, not a measure.
    fn stands_alone(&self, text: &str, end: usize) -> bool {
        let ahead = before(text, self.start);
        let behind = text.as_bytes().get(end).copied();
        let followed = |mark: u8| behind == Some(mark) && text.as_bytes().get(end + 1).is_some_and(u8::is_ascii_digit);
        let extended = extension_end(text, end);
        let whole = if extended > end + 1 { extended } else { end };
        stands_alone(text, self.start, whole, b"-_.@#")
            && !matches!(ahead, Some('€' | '£' | '¥'))
            && !matches!(behind, Some(b'%' | b'_' | b'('))
            && !followed(b':')
            && !followed(b'/')
            && !followed(b',')
    }

    fn is_international(&self, digits: &str, groups: &[Group]) -> bool {
        if digits.starts_with('0') {
            return false;
        }
        // The trunk zero of `+44 (0)20 …` is not dialled.
        let has_trunk = groups.iter().any(|group| group.bracketed);
        (1..=3.min(digits.len())).any(|length| {
            let (code, national) = digits.split_at(length);
            let dialled = national.strip_prefix('0').filter(|_| has_trunk);
            code.parse().is_ok_and(|code| {
                is_in_plan(code, national) || dialled.is_some_and(|dialled| is_in_plan(code, dialled))
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
fn is_north_american(digits: &str, groups: &[Group], context: Context) -> bool {
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
    in_plan && (sizes == [3, 3, 4] || sizes == [3, 7] && bracketed) && (bracketed || marked || context.called)
}

/// `020 7946 0958`, `(030) 123456`, `06 12 34 56 78`: begins with the trunk zero.
fn is_national(digits: &str, groups: &[Group], context: Context) -> bool {
    let sizes = sizes(groups);
    let trunk = digits.starts_with('0') && !digits.starts_with("00") && (2..=6).contains(&sizes[0]);
    // In this shape social security numbers are written, also those that are nobody's.
    if !trunk || sizes == [3, 2, 4] || is_date(digits, groups) || !(9..=12).contains(&digits.len()) {
        return false;
    }
    let same_mark =
        groups[2..].iter().all(|group| group.mark == groups[1].mark) || groups[0].bracketed || groups.len() == 3;
    let pairs = sizes.len() == 5 && sizes.iter().all(|size| *size == 2);
    let blocks = sizes.len() <= 4
        && sizes[1..].iter().all(|size| *size >= 2)
        && sizes[0] >= 2
        && (digits.len() >= 10 || groups[0].bracketed || sizes[0] <= 3 && sizes.last().is_some_and(|last| *last >= 3))
        && sizes.iter().any(|size| *size >= 3);
    same_mark && (pairs || blocks && (sizes[0] >= 3 || sizes[1..].iter().all(|size| *size >= 3)) || context.called)
}

/// `(11) 91234-5678`, `(55) 1234 5678`, `8 (495) 123-45-67`: an area in brackets, and its number in groups.
fn is_bracketed(digits: &str, groups: &[Group]) -> bool {
    let Some(area) = groups.iter().position(|group| group.bracketed).filter(|area| *area <= 1) else { return false };
    let sizes = sizes(groups);
    let trunk = area == 0 || matches!(&digits[..sizes[0]], "0" | "7" | "8");
    let year = sizes[area] == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    trunk
        && !year
        && (2..=5).contains(&sizes[area])
        && (10..=12).contains(&digits.len())
        && sizes[area + 1..].iter().all(|size| *size >= 2)
}

/// `8 800 555-35-35` of Russia, `138 0013 8000` of China; `98765 43210` of India, when somebody calls it a number.
fn is_long_mobile(digits: &str, groups: &[Group], context: Context) -> bool {
    let sizes = sizes(groups);
    let bytes = digits.as_bytes();
    (sizes == [1, 3, 3, 2, 2] || sizes == [1, 3, 3, 4] && digits.starts_with("8800")) && matches!(bytes[0], b'7' | b'8')
        || sizes == [3, 4, 4] && bytes[0] == b'1' && bytes[1] >= b'3'
        || sizes == [5, 5] && bytes[0] >= b'6' && context.called
}

/// Any groups that are no date and no amount, behind a word that asks to call them.
fn is_dialled(digits: &str, groups: &[Group]) -> bool {
    let sizes = sizes(groups);
    let thousands = sizes[1..].iter().all(|size| *size == 3) && digits.ends_with("000");
    (7..=13).contains(&digits.len()) && sizes.iter().all(|size| *size >= 2) && !is_date(digits, groups) && !thousands
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
