//! IPv4 and IPv6 addresses, with the length of their network when it is given.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Kind;
use super::context::{after, before};
use super::hit::Hit;
use super::next::next_colon_or_dot;
use super::version::Numbering;

/// `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`
const V6_BYTES_MAX: usize = 45;

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut numbering = Numbering::of(text);
    let mut from = 0;
    loop {
        // What an address is made of, around the first of its marks: letters alone make none.
        let mark = next_colon_or_dot(bytes, from);
        if mark >= bytes.len() {
            return;
        }
        let at = bytes[from..mark].iter().rposition(|byte| !is_v6_byte(*byte)).map_or(from, |before| from + before + 1);
        let end = bytes[mark..].iter().position(|byte| !is_v6_byte(*byte)).map_or(bytes.len(), |length| mark + length);
        let count = |mark: u8| bytes[at..end].iter().filter(|byte| **byte == mark).count();
        let (colons, dots) = (count(b':'), count(b'.'));
        // The colon of `ip:fd00::1` belongs to the name.
        let named = bytes[at] == b':' && bytes.get(at + 1) != Some(&b':') && at > 0 && colons >= 2;
        match (colons >= 2).then(|| v6(text, at + usize::from(named), end)).flatten() {
            Some(hit) => hits.push(hit),
            None if dots >= 3 => v4_in(text, &mut numbering, at, end, hits),
            None => {}
        }
        from = end;
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
    if is_hardware(address) || is_path(text, start, end) {
        return None;
    }
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

/// Eight pairs are the address of a device (EUI-64): nobody writes all groups of an address so short.
fn is_hardware(address: &str) -> bool {
    address.len() == 23 && address.split(':').all(|group| group.len() == 2)
}

/// `de::ad`, `face::cafe()`: names of a program that happen to be hexadecimal.
fn is_path(text: &str, start: usize, end: usize) -> bool {
    let address = &text[start..end];
    let Some((first, last)) =
        address.split_once("::").filter(|(first, last)| !first.contains(':') && !last.contains(':'))
    else {
        return false;
    };
    if after(text, end) == Some('(') {
        return true;
    }
    if before(text, start) == Some('[') || matches!(after(text, end), Some('/' | '%')) {
        return false;
    }
    let is_name = |group: &str| group.starts_with(|first: char| first.is_ascii_alphabetic());
    // What is routed locally begins so (fc00::/7, fe80::/10, ff00::/8).
    let local =
        first.len() == 4 && first[..1].eq_ignore_ascii_case("f") && first.as_bytes()[1].to_ascii_lowercase() >= b'c';
    let plain = !address.bytes().any(|byte| byte.is_ascii_digit());
    plain && !last.is_empty() || is_name(first) && is_name(last) && !local
}

/// Every four numbers with dots in the run.
fn v4_in(text: &str, numbering: &mut Numbering, start: usize, run_end: usize, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < run_end {
        let begins = bytes[at].is_ascii_digit()
            && !touches_word(before(text, at))
            && !(at > 0 && bytes[at - 1] == b'.' && at > 1 && bytes[at - 2].is_ascii_digit());
        match begins.then(|| v4(text, numbering, at)).flatten() {
            Some(end) => {
                let end = network_end(text, end, 32);
                hits.push(Hit::new(Kind::IpAddress, at, end));
                at = end;
            }
            None => at += 1,
        }
    }
}

fn v4(text: &str, numbering: &mut Numbering, start: usize) -> Option<usize> {
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
    (!touches_word(after(text, end)) && !numbering.has(start, end)).then_some(end)
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
