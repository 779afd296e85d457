//! Values that their names give away, in text: `password=…`, `"api_key": "…"`, `<token>…</token>`, `--secret …`, `Authorization: Bearer …`.

use super::Kind;
use super::hit::Hit;
use super::name::{Meaning, meaning};
use super::passphrase::passphrase_end;
use super::program::{is_code, is_reference_by_name, names_a_header};
use super::random::{is_dense, is_key_of_service, is_random};
use super::sign::{Name, Sign, argument, sign_after};
use super::stand_in::{entropy, is_reference_or_sample, is_stand_in, is_unlike_a_word};
use super::stem;
use super::value::{VALUE_BYTES_SEEN, Value, list_end, skip_blanks};

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut from = 0;
    let mut floor = 0;
    while let Some((start, end)) = stem::next(text, from) {
        let name = Name::around(text, floor, start, end);
        from = name.end.max(end);
        if text[..name.start].ends_with("[REDACTED:") {
            continue;
        }
        if let Some(value) = scheme_value(text, &name).or_else(|| named_value(text, &name)) {
            hits.push(value);
            from = value.end;
            floor = from;
        }
    }
}

/// `Bearer …` and `Basic …`, wherever they stand.
fn scheme_value(text: &str, name: &Name) -> Option<Hit> {
    let scheme = &text[name.start..name.end];
    let rest = text[name.end..].strip_prefix(' ')?.trim_start_matches(' ');
    let start = text.len() - rest.len();
    let end = start + rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte)).count();
    let value = text[start..end].trim_end_matches('.');
    let is_credential = if scheme.eq_ignore_ascii_case("bearer") {
        value.len() >= 8 && is_unlike_a_word(value) && !is_stand_in(value)
    } else if scheme.eq_ignore_ascii_case("basic") {
        let mixed = value.bytes().any(|byte| byte.is_ascii_digit() || byte == b'=')
            && value.bytes().any(|byte| byte.is_ascii_uppercase());
        value.len() >= 8 && value.len().is_multiple_of(4) && mixed && !value.contains(['-', '_', '.'])
    } else {
        return None;
    };
    is_credential.then(|| Hit::new(Kind::Secret, start, start + value.len()))
}

fn named_value(text: &str, name: &Name) -> Option<Hit> {
    let (sign, at) = sign_after(text, name)?;
    let given = argument(text, at);
    // `localStorage.getItem("token2")`: what asks for a secret is given its name.
    let is_asked_for = given.is_some_and(|given| text[at..given].to_ascii_lowercase().contains("get"));
    let (sign, at) = given.map_or((sign, at), |at| (Sign::Paired, at));
    // A list of texts is as often one of names.
    let sign = if skip_blanks(&text[at..]).starts_with('[') { Sign::Loose } else { sign };
    let word = &text[name.start..name.end];
    let is_key = |meaning: &Meaning| matches!(meaning, Meaning::Key | Meaning::ServiceKey);
    let meaning = meaning(word).filter(|meaning| meaning.is_secret() || is_key(meaning))?;
    if is_inside_resource_name(text, name.start) {
        return None;
    }
    let mut value = Value::read(text, at, sign, word);
    if meaning == Meaning::Password
        && matches!(sign, Sign::Assigned | Sign::Colon)
        && !value.quoted
        && let Some(end) = passphrase_end(text, name.start, value.start)
    {
        return Some(Hit::new(Kind::Password, value.start, end));
    }
    let seen = seen(text, value.start, value.end);
    if is_asked_for && !is_random(seen) {
        return None;
    }
    if !is_secret(meaning, word, seen, sign, value.quoted, &text[value.end..]) {
        return None;
    }
    if sign == Sign::Listed {
        value.end = list_end(text, value.end);
    } else if let Some(whole) = value.goes_on {
        value.end = whole(text, value.start, usize::MAX);
    }
    Some(Hit::new(if value.has_scheme { Kind::Secret } else { Kind::Password }, value.start, value.end))
}

/// `arn:aws:secretsmanager:…:secret:name`: what tells where a secret lies names it, and does not hold it.
fn is_inside_resource_name(text: &str, at: usize) -> bool {
    const PREFIX_BYTES_MAX: usize = 96;
    let bytes = &text.as_bytes()[..at];
    let word = bytes.iter().rev().take(PREFIX_BYTES_MAX);
    let length = word.take_while(|byte| byte.is_ascii_alphanumeric() || b"-_:/".contains(byte)).count();
    text[at - length..at].starts_with("arn:")
}

fn seen(text: &str, start: usize, end: usize) -> &str {
    let mut to = end.min(start + VALUE_BYTES_SEEN);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[start..to]
}

/// So many digits under a token's name are no count.
const TOKEN_DIGITS_MIN: usize = 10;
/// So many are the token itself, also where nothing but a colon says so.
const TOKEN_DIGITS_CERTAIN: usize = 15;
/// What follows a sign that is hardly one is at least so long, in quotes.
const LOOSE_BYTES_MIN: usize = 8;

/// Whether this value is one to hide. A name promises more or less, a sign too, and a sentence is none.
fn is_secret(meaning: Meaning, name: &str, value: &str, sign: Sign, quoted: bool, rest: &str) -> bool {
    let characters = value.chars().count();
    // Under a password's name in quotes, a plain word may be the password; a reference or a row of stars is not.
    let is_nobodys =
        if meaning == Meaning::Password && quoted { is_reference_or_sample(value) } else { is_stand_in(value) };
    if is_nobodys || value.is_empty() || names_a_header(name, value) {
        return false;
    }
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    // As many digits as no count has.
    let is_number = digits && characters >= TOKEN_DIGITS_CERTAIN && meaning == Meaning::Token;
    if sign == Sign::Paired && !is_number && !is_unlike_a_word(value) || is_reference_by_name(value, quoted, rest) {
        return false;
    }
    if matches!(sign, Sign::Loose | Sign::Listed) {
        // A password that somebody chose is as plain as what programs and manuals put in quotes, but for a digit.
        let is_chosen = || {
            meaning == Meaning::Password
                && quoted
                && value.len() >= LOOSE_BYTES_MIN
                && value.bytes().any(|byte| byte.is_ascii_digit())
                && !value.contains([' ', '/', '(', '=', ':'])
        };
        let is_made = is_random(value) || is_dense(value) || is_chosen();
        return !is_address(value) && is_made && meaning != Meaning::Key && meaning != Meaning::Pin;
    }
    let firm = matches!(sign, Sign::Assigned | Sign::Paired) || sign == Sign::Colon && quoted;
    let is_sentence = || !quoted && value.chars().all(char::is_alphabetic) && follows_a_word(rest);
    match meaning {
        Meaning::Pin => digits && (3..=8).contains(&characters),
        Meaning::Password if name.ends_with("PWD") && value.starts_with('/') => false,
        Meaning::Password => match sign {
            Sign::Prose => characters >= 4 && (is_unlike_a_word(value) || quoted) || digits && characters >= 6,
            Sign::Colon if !quoted => {
                characters >= if digits { 4 } else { 3 }
                    && !is_sentence()
                    && !is_code(value, quoted)
                    && !value.starts_with('(')
            }
            _ => characters >= 3 && !is_code(value, quoted),
        },
        Meaning::Secret if firm => {
            let plain = value.contains(' ') && !is_unlike_a_word(value);
            characters >= if digits { 6 } else { 4 } && !plain && !is_code(value, quoted)
        }
        Meaning::Secret | Meaning::Token => {
            let long =
                firm && characters >= if quoted { 16 } else { 8 } || digits && characters >= TOKEN_DIGITS_CERTAIN;
            let plain = digits && characters < TOKEN_DIGITS_MIN || value.contains(' ') || entropy(value) <= 1.5;
            let is_other = meaning == Meaning::Token && is_address(value);
            characters >= 6 && !plain && !is_other && (long || is_unlike_a_word(value)) && !is_code(value, quoted)
        }
        Meaning::Key => is_random(value) || is_dense(value),
        Meaning::ServiceKey => is_random(value) || is_key_of_service(value),
        Meaning::Phone | Meaning::Ssn | Meaning::Card | Meaning::Cookie => false,
    }
}

/// `0x` and forty digits: where a contract or a coin is, which everybody may see.
fn is_address(value: &str) -> bool {
    const DIGITS: usize = 40;
    value
        .strip_prefix("0x")
        .is_some_and(|rest| rest.len() == DIGITS && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn follows_a_word(rest: &str) -> bool {
    rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|first: char| first.is_alphabetic()))
}
