//! IPv4 and IPv6 addresses, with the length of their network when it is given.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::context::{Said, after, before, words};
use super::hit::Hit;
use super::table::VERSION_WORDS;

/// `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`
const V6_BYTES_MAX: usize = 45;

static WORDS: LazyLock<Regex> = LazyLock::new(|| words(VERSION_WORDS));

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let said = Said::new(text, &WORDS);
    let mut at = 0;
    while at < bytes.len() {
        if !is_v6_byte(bytes[at]) {
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|byte| !is_v6_byte(*byte)).map_or(bytes.len(), |length| at + length);
        let colons = bytes[at..end].iter().filter(|byte| **byte == b':').take(2).count();
        match (colons >= 2).then(|| v6(text, at, end)).flatten() {
            Some(hit) => hits.push(hit),
            None => v4_in(text, &said, at, end, hits),
        }
        at = end;
    }
}

fn is_v6_byte(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// The whole run as one address.
fn v6(text: &str, start: usize, run_end: usize) -> Option<Hit> {
    let mut end = run_end;
    if text.as_bytes()[end - 1] == b'.' {
        end -= 1;
    }
    if end - start > V6_BYTES_MAX || touches_word(before(text, start)) || touches_word(after(text, run_end)) {
        return None;
    }
    let address = &text[start..end];
    if address == "::" && !is_address_of_nowhere(text, start, end) {
        return None;
    }
    address.parse::<Ipv6Addr>().ok()?;
    if end == run_end {
        end = zone_end(text, end);
        end = network_end(text, end, 128);
    }
    Some(Hit::new(Kind::IpAddress, start, end))
}

/// Two colons alone are an address in a list of them, and an operator in a program.
fn is_address_of_nowhere(text: &str, start: usize, end: usize) -> bool {
    let (ahead, behind) = (before(text, start), after(text, end));
    let bracketed =
        ahead == Some('[') && !text[..start - 1].ends_with(|last: char| last == '!' || last.is_alphanumeric());
    let opens = bracketed || ahead.is_none_or(|ahead| ahead.is_whitespace() || "=\"'(,@>".contains(ahead));
    let closes = behind.is_none_or(|behind| behind.is_whitespace() || "/\"'),].;%<".contains(behind));
    opens && closes && !(ahead == Some(' ') && behind == Some(' '))
}

/// Every four numbers with dots in the run.
fn v4_in(text: &str, said: &Said, start: usize, run_end: usize, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < run_end {
        let begins = bytes[at].is_ascii_digit()
            && !touches_word(before(text, at))
            && !(at > 0 && bytes[at - 1] == b'.' && at > 1 && bytes[at - 2].is_ascii_digit());
        match begins.then(|| v4(text, said, at)).flatten() {
            Some(end) => {
                let end = network_end(text, end, 32);
                hits.push(Hit::new(Kind::IpAddress, at, end));
                at = end;
            }
            None => at += 1,
        }
    }
}

fn v4(text: &str, said: &Said, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = start;
    for part in 0..4 {
        if part > 0 {
            if bytes.get(end) != Some(&b'.') {
                return None;
            }
            end += 1;
        }
        let digits = bytes[end..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > 3 {
            return None;
        }
        end += digits;
    }
    text[start..end].parse::<Ipv4Addr>().ok()?;
    (!touches_word(after(text, end)) && !said.before(start)).then_some(end)
}

fn zone_end(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        Some(b'%') => {
            let zone =
                text.as_bytes()[at + 1..].iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
            if zone > 0 { at + 1 + zone } else { at }
        }
        _ => at,
    }
}

/// Past `/24`, when a network of this family can be so long.
fn network_end(text: &str, at: usize, bits_max: u32) -> usize {
    let bytes = text.as_bytes();
    if bytes.get(at) != Some(&b'/') {
        return at;
    }
    let digits = bytes[at + 1..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let end = at + 1 + digits;
    let fits = text[at + 1..end].parse::<u32>().is_ok_and(|bits| bits <= bits_max);
    if fits && digits <= 3 && !touches_word(after(text, end)) { end } else { at }
}

fn touches_word(character: Option<char>) -> bool {
    character.is_some_and(|character| character.is_alphanumeric() && character < '\u{2e80}' || character == '_')
}
