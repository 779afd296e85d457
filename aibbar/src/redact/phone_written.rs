//! A telephone number as it stands in a text: its groups, what parts them, and whether they are one.

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::context::{before, stands_alone};
use super::phone::Context;
use super::phone_plan::PLAN;
use super::phone_shape::{
    is_asked_for, is_bracketed, is_date, is_dialled, is_long_mobile, is_national, is_north_american,
};

pub(super) const DIGITS_MIN: usize = 7;
/// ITU-T E.164 has 15; a trunk `(0)` and a `00` before them are written too.
const DIGITS_MAX: usize = 18;
pub(super) const GROUPS_MAX: usize = 8;
/// ` , extension: 123456`
const EXTENSION_CHARACTERS_MAX: usize = 20;

/// Digits in groups, as they stand in a text.
pub(super) struct Written {
    pub(super) start: usize,
    /// Begins with `+`.
    pub(super) plus: bool,
    /// Behind a digit and a blank.
    pub(super) rest_of: bool,
    pub(super) digits: String,
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    /// Digits up to the end of this group.
    pub(super) digits: usize,
    /// Where it begins and ends in the text, its bracket included.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) bracketed: bool,
    /// What stood before it: the mark between this group and the one before.
    pub(super) mark: char,
}

impl Written {
    pub(super) fn read(text: &str, start: usize) -> Written {
        let bytes = text.as_bytes();
        let (digits, groups) = (String::with_capacity(DIGITS_MAX), Vec::with_capacity(GROUPS_MAX));
        let mut written = Written { start, plus: bytes[start] == b'+', rest_of: false, digits, groups };
        let mut at = start + usize::from(written.plus);
        let mut mark = ' ';
        // `(+49) 30 …`
        let code_in_brackets = written.plus && start > 0 && bytes[start - 1] == b'(';
        if written.plus && bytes.get(at) == Some(&b' ') {
            return written;
        }
        while written.groups.len() < GROUPS_MAX {
            let closing = match bytes.get(at) {
                Some(b'(') => Some(b')'),
                Some(b'[') if written.groups.is_empty() && is_area_in_square_brackets(&bytes[at..]) => Some(b']'),
                _ => None,
            };
            let bracketed = closing.is_some();
            let from = at + usize::from(bracketed);
            // `(0 30) 90 18 20`: the trunk zero apart.
            let apart = bracketed && bytes[from..].starts_with(b"0 ");
            let digits_from = if apart { from + 2 } else { from };
            let length = bytes[digits_from.min(bytes.len())..]
                .iter()
                .take(DIGITS_MAX + 1)
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if length == 0 || written.digits.len() + length + usize::from(apart) > DIGITS_MAX {
                break;
            }
            // Digit by digit nobody writes a number, and lists of digits are many.
            if length == 1 && written.groups.last().is_some_and(|last| last.end - written.start == 1) && !bracketed {
                break;
            }
            let end = digits_from + length;
            if closing.is_some_and(|closing| bytes.get(end) != Some(&closing)) {
                break;
            }
            if apart {
                written.digits.push('0');
            }
            written.digits.push_str(&text[digits_from..end]);
            let begin = at;
            let closes = code_in_brackets && written.groups.is_empty() && bytes.get(end) == Some(&b')');
            at = end + usize::from(bracketed || closes);
            written.groups.push(Group { digits: written.digits.len(), start: begin, end: at, bracketed, mark });
            match separator(text, at, bracketed) {
                Some((found, next)) => (mark, at) = (found, next),
                None => break,
            }
        }
        written
    }

    /// Whether the first so many groups are a telephone number.
    pub(super) fn is_phone(&self, text: &str, context: Context, groups: usize) -> bool {
        let last = &self.groups[groups - 1];
        let digits = &self.digits[..last.digits];
        if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) || !self.stands_alone(text, last.end, context) {
            return false;
        }
        let ends_list = || self.ends_list(text, groups);
        let groups = &self.groups[..groups];
        if self.plus {
            return self.is_international(digits, groups) || context.told && digits.len() <= 15;
        }
        if context.told && !is_date(digits, groups) && digits.len() <= 15 {
            return true;
        }
        let abroad = !context.other && self.is_dialled_abroad(digits, groups);
        if groups.len() == 1 {
            // Identifiers are filled up with zeros too: one in a path, or a short one, needs somebody who calls it.
            let long = digits.len() >= 13 && text.as_bytes().get(last.end) != Some(&b':');
            return abroad && digits.len() <= 15 && (long || context.called)
                || context.asked && is_asked_for(digits, self.is_international(digits, &[]));
        }
        !self.rest_of
            && (is_north_american(digits, groups, context, ends_list)
                || is_national(digits, groups, context)
                || is_bracketed(digits, groups)
                || !context.other && is_long_mobile(digits, groups, context)
                || context.dialled && !context.other && is_dialled(digits, groups)
                || context.called && !context.other && groups.len() > 2 && self.is_international(digits, &[])
                || abroad)
    }

    /// Whether the numbers end with this group, or with what follows a number of its own begins.
    fn ends_list(&self, text: &str, groups: usize) -> bool {
        match self.groups.get(groups) {
            Some(next) => begins_another(text, next.start),
            None => {
                let behind = &text.as_bytes()[self.groups[groups - 1].end..];
                !(behind.first() == Some(&b' ') && behind.get(1).is_some_and(u8::is_ascii_digit))
            }
        }
    }

    /// Not the middle of something longer, not money, not a measure.
    fn stands_alone(&self, text: &str, end: usize, context: Context) -> bool {
        let bytes = text.as_bytes();
        let ahead = before(text, self.start);
        let behind = bytes.get(end).copied();
        let digits =
            |at: usize| bytes[at.min(bytes.len())..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        let followed = |mark: u8| behind == Some(mark) && digits(end + 1) > 0;
        // `1,234,567` and `1234567,89` are amounts; in a table the comma ends a column.
        let tail = bytes[self.start..end].iter().rev().take_while(|byte| byte.is_ascii_digit()).take(4).count();
        let whole = end - self.start == tail || self.groups.len() == 1;
        let amount =
            followed(b',') && !context.told && (tail <= 3 && digits(end + 1) == 3 || whole && digits(end + 1) <= 3);
        let something_else = matches!(ahead, Some('€' | '£' | '¥'))
            || matches!(behind, Some(b'%' | b'_' | b'('))
            || followed(b':')
            || followed(b'/') && !begins_another(text, end + 1)
            || amount;
        stands_alone(text, self.start, extension_end(text, end), b"-_.@#") && !something_else
    }

    /// Behind the digits that lead out of a country: `00`, in North America `011`.
    fn is_dialled_abroad(&self, digits: &str, groups: &[Group]) -> bool {
        let rest = match digits.strip_prefix("011").filter(|_| groups[0].digits == 3 && groups.len() > 1) {
            Some(rest) => Some(rest),
            None => digits.strip_prefix("00").filter(|_| groups.len() > 1 || digits.len() >= 12),
        };
        rest.is_some_and(|digits| self.is_international(digits, &[]))
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

/// Whether a telephone number that nothing announces begins here: two stand side by side.
pub(super) fn begins_another(text: &str, at: usize) -> bool {
    // Of a row of many only the neighbour is read, and of it only itself.
    let next = Written::read(text, at);
    let groups = &next.groups;
    (2..=groups.len()).any(|length| {
        let digits = &next.digits[..groups[length - 1].digits];
        let groups = &groups[..length];
        let context = Context::default();
        digits.len() >= DIGITS_MIN
            && (is_north_american(digits, groups, Context { called: true, ..context }, || true)
                || is_national(digits, groups, context)
                || is_bracketed(digits, groups)
                || is_long_mobile(digits, groups, context))
    })
}

/// `[415] 555-0132`, and no list of numbers.
fn is_area_in_square_brackets(bytes: &[u8]) -> bool {
    bytes.len() > 6
        && bytes[1..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b']'
        && (bytes[5].is_ascii_digit() || matches!(bytes[5], b' ' | b'-') && bytes[6].is_ascii_digit())
}

/// Past ` x12`, `ext. 5`: the number of one of many telephones behind this one.
pub(super) fn extension_end(text: &str, end: usize) -> usize {
    static EXTENSION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?i:[ ,;]{0,2}(?:ext(?:ension|n)?|poste|ramal|anexo|interno|durchwahl|доб|вн)[.:= ]{0,2}| ?x)[0-9]{1,6}(?-u:\b)",
        )
        .expect("a constant")
    });
    let near = text[end..].char_indices().nth(EXTENSION_CHARACTERS_MAX).map_or(text.len(), |(length, _)| end + length);
    let rest = &text[end..near];
    if !rest.chars().take(3).any(char::is_alphabetic) {
        return end;
    }
    EXTENSION.find(rest).map_or(end, |extension| end + extension.end())
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
