//! E-mail addresses, internationalised ones too.

use super::Kind;
use super::context::{after, before};
use super::hit::Hit;
use super::table::FILE_ENDINGS;

/// Longest part before the `@` (RFC 5321 has 64 bytes), in characters.
const LOCAL_CHARACTERS_MAX: usize = 64;
/// Longest part behind it, in characters.
const DOMAIN_CHARACTERS_MAX: usize = 253;

/// So many words with dots between them may follow a host without a blank.
const SENTENCES_MAX: usize = 12;

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut floor = 0;
    for (at, _) in text.match_indices('@') {
        if at < floor {
            continue;
        }
        let Some(end) = domain_end(text, at + 1) else { continue };
        let start = local_start(text, at, floor);
        if start < at && !is_remote(text, start, at, end) {
            hits.push(Hit::new(Kind::Email, start, end));
            floor = end;
        }
    }
}

/// Where the part before the `@` begins; `at` itself when there is none.
fn local_start(text: &str, at: usize, floor: usize) -> usize {
    if let Some(start) = quoted_start(text, at, floor) {
        return start;
    }
    let mut start = at;
    for (index, character) in text[floor..at].char_indices().rev().take(LOCAL_CHARACTERS_MAX) {
        if !(character.is_alphanumeric() || is_mark(character) || ".!#$%'*+-^_~".contains(character)) {
            break;
        }
        start = floor + index;
    }
    // What opens a quotation or a list is not part of the name.
    start
        + text[start..at]
            .chars()
            .take_while(|character| !character.is_alphanumeric() && *character != '_')
            .map(char::len_utf8)
            .sum::<usize>()
}

/// `"john doe"@example.com`
fn quoted_start(text: &str, at: usize, floor: usize) -> Option<usize> {
    let inner_end = at.checked_sub(1).filter(|end| *end > floor && text.as_bytes()[*end] == b'"')?;
    let mut from = inner_end.saturating_sub(LOCAL_CHARACTERS_MAX).max(floor);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let inner = &text[from..inner_end];
    let open = from + inner.rfind('"')?;
    let quoted = &text[open + 1..inner_end];
    (!quoted.is_empty() && !quoted.contains([':', ',', '\n', '{', '['])).then_some(open)
}

/// Where the host behind the `@` ends, when there is one.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    let run: usize = text[start..]
        .chars()
        .take(DOMAIN_CHARACTERS_MAX)
        .take_while(|character| {
            character.is_alphanumeric() || is_mark(*character) || matches!(character, '.' | '-' | '。')
        })
        .map(char::len_utf8)
        .sum();
    let mut domain = text[start..start + run].trim_end_matches(['.', '-', '。']);
    if let Some(doubled) = domain.find("..") {
        domain = &domain[..doubled];
    }
    // A sentence may go on right behind the address: the longest beginning that is a host is the host.
    for _ in 0..SENTENCES_MAX {
        if is_host(domain) {
            return Some(start + domain.len());
        }
        domain = &domain[..domain.rfind(['.', '。'])?];
        if text[start + domain.len()..].starts_with('.') && domain.chars().all(|character| !character.is_alphabetic()) {
            return None; // package@1.2.3
        }
    }
    None
}

/// Vowel signs and the like, that scripts of India and others write inside words.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{eff}' | '\u{200c}' | '\u{200d}')
}

fn is_host(domain: &str) -> bool {
    let mut labels = domain.split(['.', '。']);
    let (Some(last), Some(first)) = (labels.next_back(), labels.next()) else { return false };
    let well_formed = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    let numbered = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let mut rest = labels.peekable();
    // Hosts may begin with digits; a version is made of them.
    let is_version = numbered(first)
        && rest.peek().is_some_and(|second| second.bytes().next().is_some_and(|byte| byte.is_ascii_digit()));
    let top_level = last.starts_with("xn--") && last.len() > 5
        || last.chars().count() >= 2 && last.chars().all(|character| character.is_alphabetic() || is_mark(character));
    top_level
        && !is_version
        && well_formed(first)
        && rest.all(well_formed)
        && !FILE_ENDINGS.contains(&last.to_ascii_lowercase().as_str())
}

/// `git@github.com:owner/name.git` is a place, not a person.
fn is_remote(text: &str, start: usize, at: usize, end: usize) -> bool {
    let service = matches!(&text[start..at], "git" | "hg" | "svn" | "gitolite" | "gitea" | "forgejo");
    let path_follows = matches!(after(text, end), Some(':' | '/'));
    service && (path_follows || before(text, start) == Some('/'))
}
