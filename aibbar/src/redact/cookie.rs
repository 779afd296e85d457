//! The values of cookies: `Cookie: sid=4f9a…; theme=dark`. What tells who somebody is stays unread, what tells how they like a page
//! may be read.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::hit::Hit;
use super::name::{Meaning, meaning};
use super::stand_in::{is_stand_in, is_unlike_a_word};

/// A browser keeps a cookie of so many bytes at most, and sends as many again for others: read further is nothing.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// A value this long is no preference, in bytes.
const PREFERENCE_BYTES_MAX: usize = 12;

/// What a server says about a cookie, and not in it.
const ATTRIBUTES: [&str; 6] = ["path", "domain", "expires", "max-age", "samesite", "priority"];

pub(super) fn find(text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    static HEADER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"(?i-u:\b(?:set-)?cookie2?\\?["']?: ?\\?["']?)"#).expect("a fixed pattern"));
    if about == Some(Meaning::Cookie) {
        cookies(text, 0, text.len(), hits);
        return;
    }
    let mut from = 0;
    while let Some(header) = HEADER.find_at(text, from) {
        let start = header.end();
        let window = &text.as_bytes()[start..text.len().min(start + HEADER_BYTES_MAX)];
        let length =
            window.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b'"' | b'\'')).unwrap_or(window.len());
        let mut end = start + length;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        cookies(text, start, end, hits);
        from = end;
    }
}

/// `name=value; name=value`
fn cookies(text: &str, start: usize, end: usize, hits: &mut Vec<Hit>) {
    let mut at = start;
    for cookie in text[start..end].split_inclusive(';') {
        let pair = cookie.trim_end_matches(';');
        if let Some((name, value)) = pair.split_once('=') {
            let blank = [' ', '\t', '"'];
            let offset = at + pair.len() - value.trim_start_matches(blank).len();
            let value = value.trim_matches(blank);
            if is_secret(name.trim(), value) {
                hits.push(Hit::new(Kind::Password, offset, offset + value.len()));
            }
        }
        at += cookie.len();
    }
}

fn is_secret(name: &str, value: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let names_one = || {
        ["sess", "sid", "auth", "token", "remember", "jwt"].iter().any(|part| lower.contains(part))
            || meaning(name).is_some_and(Meaning::is_secret)
    };
    !ATTRIBUTES.contains(&lower.as_str())
        && !is_stand_in(value)
        && value.len() >= 3
        && (names_one() || value.len() > PREFERENCE_BYTES_MAX || value.len() >= 8 && is_unlike_a_word(value))
}
