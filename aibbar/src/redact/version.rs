//! Four numbers with dots that are no address: versions, and places in a numbering (sections, object identifiers).
//!
//! What decides stands right beside the number: a word that touches it, an operator or a product's name glued to it, a tail that
//! only versions have, a fifth number. A word further off says nothing: `server version 5 on 10.20.30.40`.

use std::sync::LazyLock;

use regex::Regex;

use super::context::{Said, after, words};
use super::number_words::{ADDRESS_NAMES, PLACE_WORDS, VERSION_ENDINGS, VERSION_TAILS, VERSION_WORDS};

/// How long a product's or a requirement's name may be, in bytes.
const NAME_BYTES_MAX: usize = 64;

static WORDS: LazyLock<Regex> = LazyLock::new(|| words(VERSION_WORDS));
static ENDINGS: LazyLock<Regex> = LazyLock::new(|| words(VERSION_ENDINGS));

/// Tells the versions of one text, which is read from its beginning to its end.
pub(super) struct Numbering<'t> {
    text: &'t str,
    words: Said<'t>,
    endings: Said<'t>,
    /// Where the last one ended.
    last: Option<usize>,
}

impl<'t> Numbering<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, words: Said::new(text, &WORDS), endings: Said::in_compounds(text, &ENDINGS), last: None }
    }

    /// Whether the four numbers from `start` to `end` are one.
    pub(super) fn has(&mut self, start: usize, end: usize) -> bool {
        let has = self.is_version(start, end);
        if has {
            self.last = Some(end);
        }
        has
    }

    fn is_version(&self, start: usize, end: usize) -> bool {
        let text = self.text;
        if is_longer(text, start, end) || has_tail(text, end) || text[..start].ends_with(".so.") {
            return true;
        }
        // A port or the length of a network: whatever it is called, it is a place in one.
        let behind = &text.as_bytes()[end..];
        if matches!(behind.first(), Some(b':' | b'/')) && behind.get(1).is_some_and(u8::is_ascii_digit) {
            return false;
        }
        is_required(text, start)
            || is_of_a_product(text, start, end)
            || is_round_behind_a_name(text, start, end)
            || text[..start].trim_end_matches(' ').ends_with('§')
            || !is_large(&text[start..end]) && (self.words.touches(start) || self.endings.touches(start))
            || self.last.is_some_and(|last| is_next_of_a_list(&text[last..start]))
    }
}

/// A fifth number makes it an object identifier, a version or a section, unless it is the port behind an address, or the address is
/// one by its looks: `192.168.1.1.1`.
fn is_longer(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let digits =
        |at: usize| bytes[at.min(bytes.len())..].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    let fifth = if bytes.get(end) == Some(&b'.') { digits(end + 1) } else { 0 };
    if fifth == 0 {
        return false;
    }
    let goes_on = bytes.get(end + 1 + fifth) == Some(&b'.') && digits(end + 2 + fifth) > 0;
    let large = |number: &str| number.len() == 3;
    let mut numbers = text[start..end].split('.');
    let arc = matches!(numbers.next(), Some("0" | "1" | "2"));
    goes_on || arc || !(fifth >= 3 || numbers.any(large))
}

/// `192.168.0.1`: neither versions nor sections come so far twice.
fn is_large(numbers: &str) -> bool {
    numbers.split('.').filter(|number| number.len() == 3).count() >= 2
}

/// `-beta.1`, `+build5`, `.tar.gz`, `.Final`
fn has_tail(text: &str, end: usize) -> bool {
    if !matches!(after(text, end), Some('-' | '+' | '.' | '~')) {
        return false;
    }
    let rest = &text.as_bytes()[end + 1..];
    let letters = rest.iter().take(NAME_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = text[end + 1..end + 1 + letters].to_ascii_lowercase();
    let stem = word.trim_end_matches(|last: char| last.is_ascii_digit());
    VERSION_TAILS.contains(&word.as_str()) || VERSION_TAILS.contains(&stem)
}

/// `==1.2.3.4`, `pkg>=1.2.3.4`, `^1.2.3.4`; not `ip==1.2.3.4`, nor `ip == 1.2.3.4`.
fn is_required(text: &str, start: usize) -> bool {
    const ORDERED: [&str; 5] = [">=", "<=", "~=", "~>", "^="];
    const EQUAL: [&str; 3] = ["===", "==", "!="];
    let ahead = text[..start].strip_suffix('v').unwrap_or(&text[..start]);
    if let Some(named) = ORDERED.iter().find_map(|operator| ahead.trim_end_matches(' ').strip_suffix(operator)) {
        return !is_address_name(name(named.trim_end_matches(' ')));
    }
    if let Some(named) = EQUAL.iter().find_map(|operator| ahead.strip_suffix(operator)) {
        return !named.ends_with(' ') && !is_address_name(name(named));
    }
    let opens = |rest: &str| rest.chars().next_back().is_none_or(|last| !last.is_alphanumeric());
    ahead.strip_suffix(['^', '~']).is_some_and(opens)
}

/// `Chrome/120.0.0.0`; not `http://10.0.0.1`, `hosts/10.0.0.1` or `Server/10.0.0.1`.
fn is_of_a_product(text: &str, start: usize, end: usize) -> bool {
    let Some(ahead) = text[..start].strip_suffix('/') else { return false };
    let product = name(ahead);
    let Some(before) = ahead[..ahead.len() - product.len()].chars().next_back().or(Some(' ')) else { return false };
    let capital = product.starts_with(|first: char| first.is_ascii_uppercase());
    let small = product.bytes().any(|byte| byte.is_ascii_lowercase());
    let round = text[start..end].ends_with(".0.0") && !product.is_empty();
    before != '/' && before != '\\' && before != ':' && (capital && small || round) && !is_address_name(product)
}

/// `dotnet 8.0.1.0`, `openssl 3.0.2.0`: a small first number, a last of nought, which no host has, and the name of a thing before
/// them; not `from 5.0.0.0`, `subnet 9.1.0.0` or `ip 1.0.0.0`.
fn is_round_behind_a_name(text: &str, start: usize, end: usize) -> bool {
    let numbers = &text[start..end];
    let small = numbers.as_bytes().get(1) == Some(&b'.') && !numbers.starts_with('0');
    let Some(ahead) = text[..start].strip_suffix(' ') else { return false };
    let name = name(ahead);
    let lower = name.to_ascii_lowercase();
    small
        && numbers.ends_with(".0")
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !is_address_name(name)
        && !PLACE_WORDS.contains(&lower.as_str())
}

/// The name that ends the text.
fn name(text: &str) -> &str {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let length = text.as_bytes().iter().rev().take(NAME_BYTES_MAX).take_while(is_part).count();
    &text[text.len() - length..]
}

/// Whether the last word of a name is one of an address's: `ip.src`, `clientIp`, `remote_addr`.
fn is_address_name(name: &str) -> bool {
    let last = name.rsplit(['.', '_', '-']).next().unwrap_or(name);
    let humps = last.char_indices().filter(|(_, character)| character.is_ascii_uppercase()).map(|(at, _)| at);
    let is_one = |word: &str| ADDRESS_NAMES.contains(&word.to_ascii_lowercase().as_str());
    is_one(last) || humps.into_iter().any(|at| is_one(&last[at..]))
}

/// Whether only this stands between two versions of one list: `1.2.3.4 to 1.2.3.5`, `1.2.3.4,<2.0.0.0`.
fn is_next_of_a_list(between: &str) -> bool {
    let required = between.trim_end_matches(['<', '>', '=', '!', '~', '^', ' ']);
    let between = if required.trim() == "," { required } else { between };
    between.len() <= 8
        && between.starts_with([' ', ',', '-', '–', '/'])
        && matches!(between.trim(), "" | "," | "-" | "–" | "/" | "->" | "→" | "to" | "and" | "or" | "through" | "&")
}
