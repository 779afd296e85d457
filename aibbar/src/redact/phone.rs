//! Telephone numbers: international ones by every country's numbering plan, national ones by the shapes people write them in.
//!
//! A number without `+` and without a word that says so is taken for a telephone number only in a shape that nothing else has.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::card::OTHER;
use super::context::{Said, any_of, stems, words};
use super::hit::Hit;
use super::name::Meaning;
use super::next::next_digit_or_opening;
use super::phone_words::{AND_WORDS, CALL_WORDS, DIAL_WORDS, NUMBER_WORDS, PHONE_STEMS, PHONE_WORDS};
pub(super) use super::phone_written::DIGITS_MIN;
use super::phone_written::{Written, begins_another, extension_end};

/// How long ` und `, ` / ` or `, ` between two numbers may be, in bytes.
const AND_BYTES_MAX: usize = 12;

static PHONE: LazyLock<Regex> = LazyLock::new(|| words(PHONE_WORDS));
static STEMS: LazyLock<Regex> = LazyLock::new(|| stems(PHONE_STEMS));
static CALL: LazyLock<Regex> = LazyLock::new(|| words(CALL_WORDS));
static DIAL: LazyLock<Regex> = LazyLock::new(|| {
    let (dial, number) = (any_of(DIAL_WORDS), any_of(NUMBER_WORDS));
    Regex::new(&format!("(?im)(?:{dial}|^(?:{number}))")).expect("made of words")
});

/// What the words before a number make of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Context {
    /// A telephone number, whatever it looks like.
    pub(super) told: bool,
    /// A number that somebody may call.
    pub(super) called: bool,
    /// A number that somebody is asked to call.
    pub(super) dialled: bool,
    /// The same, and nothing else is numbered between.
    pub(super) asked: bool,
    /// The number of something else.
    pub(super) other: bool,
}

/// The words of one text that say something about numbers.
struct Around<'t> {
    text: &'t str,
    is_phone: bool,
    phone: Said<'t>,
    stems: Said<'t>,
    call: Said<'t>,
    dial: Said<'t>,
    other: Said<'t>,
}

impl<'t> Around<'t> {
    fn of(text: &'t str, about: Option<Meaning>) -> Self {
        Self {
            text,
            is_phone: about == Some(Meaning::Phone),
            phone: Said::new(text, &PHONE),
            stems: Said::in_compounds(text, &STEMS),
            call: Said::new(text, &CALL),
            dial: Said::new(text, &DIAL),
            other: Said::new(text, &OTHER),
        }
    }

    /// `told_end` is where the last number ended that was one because somebody said so.
    fn context(&self, at: usize, told_end: Option<usize>) -> Context {
        let other = self.other.touches(at);
        let dialled = self.dial.before(at);
        let told = self.phone.right_before(at) || self.stems.right_before(at);
        let next = told_end.is_some_and(|end| is_next_of_a_list(&self.text[end..at]));
        Context {
            told: self.is_phone || !other && (told || next),
            called: dialled || self.call.before(at),
            dialled,
            asked: !other && self.dial.right_before(at),
            other,
        }
    }
}

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let around = Around::of(text, about);
    let mut told_end = None;
    let mut at = 0;
    loop {
        at = next_digit_or_opening(bytes, at);
        if at >= bytes.len() {
            break;
        }
        if is_inside(text, at) {
            at += 1;
            continue;
        }
        let mut written = Written::read(text, at);
        if written.groups.last().is_none_or(|last| last.digits < DIGITS_MIN) {
            at = written.groups.first().map_or(at, |first| first.end).max(at + 1);
            continue;
        }
        // The last groups of a longer number are no number of their own, unless the number before ended there, or these are parted
        // in another way.
        written.rest_of = at >= 2
            && bytes[at - 1] == b' '
            && bytes[at - 2].is_ascii_digit()
            && !written.groups[0].bracketed
            && written.groups.get(1).is_none_or(|second| second.mark == ' ')
            && hits.last().is_none_or(|last| last.end + 1 != at);
        let context = around.context(at, told_end);
        match length(text, &written, context) {
            Some(groups) => {
                let end = extension_end(text, written.groups[groups - 1].end);
                hits.push(Hit::new(Kind::Phone, at, end));
                told_end = context.told.then_some(end).or(told_end);
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

/// How many of the groups are one number: the most that can be, but not where they are two side by side.
fn length(text: &str, written: &Written, context: Context) -> Option<usize> {
    let longest = (1..=written.groups.len()).rev().find(|groups| written.is_phone(text, context, *groups))?;
    let shaped = Context { told: false, ..context };
    let first = (1..longest)
        .find(|groups| written.is_phone(text, shaped, *groups) && begins_another(text, written.groups[*groups].start));
    first.or(Some(longest))
}

/// Whether what begins here is the rest of something: of a word, of an amount of money, of a longer number.
fn is_inside(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    at > 0
        && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'$' | b'#' | b'-' | b'_' | b'.' | b'+'))
        && !matches!(bytes[at], b'(' | b'[')
        // The seconds of a time.
        || at > 1 && bytes[at - 1] == b':' && bytes[at - 2].is_ascii_digit()
}

/// Whether only this stands between two numbers of one list: `0171 1234567 oder 0172 7654321`.
fn is_next_of_a_list(between: &str) -> bool {
    between.len() <= AND_BYTES_MAX
        && !between.is_empty()
        && between
            .chars()
            .all(|character| character.is_alphabetic() || matches!(character, ' ' | ',' | ';' | '/' | '|' | '&' | '"'))
        && AND_WORDS.contains(&between.trim_matches(|end: char| !end.is_alphabetic()).to_lowercase().as_str())
}
