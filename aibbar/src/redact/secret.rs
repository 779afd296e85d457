//! Tokens that show by their own shape what they are: the table's, and JSON Web Tokens.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::context::before;
use super::hit::Hit;
use super::stand_in::{entropy, is_sample};
use super::tokens::{TOKENS, Token};

/// The table, ready to run: one search for all prefixes, then only the rules of the prefix that was found.
struct Rules {
    prefixes: Regex,
    /// For each prefix that no other prefix begins: the rules that begin with it.
    by_prefix: Vec<(&'static str, Vec<(&'static Token, Regex)>)>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut shortest: Vec<&'static str> = TOKENS.iter().map(|token| token.prefix).chain([JWT]).collect();
    shortest.sort_unstable();
    shortest.dedup_by(|longer, shorter| longer.starts_with(*shorter));
    let any = shortest.iter().map(|prefix| regex::escape(prefix)).collect::<Vec<_>>().join("|");
    let compile =
        |pattern: &str| Regex::new(pattern).expect("the table's patterns are valid: a test compiles them all");
    let by_prefix = shortest
        .into_iter()
        .map(|prefix| {
            let rules = TOKENS.iter().filter(|token| token.prefix.starts_with(prefix));
            (prefix, rules.map(|token| (token, compile(&format!("^(?-u:{})", token.body)))).collect())
        })
        .collect();
    Rules { prefixes: compile(&any), by_prefix }
});

/// What a JSON object begins with in base64.
const JWT: &str = "eyJ";

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut from = 0;
    let mut no_jwt_before = 0;
    while let Some(found) = RULES.prefixes.find_at(text, from) {
        let start = found.start();
        from = found.end();
        // Inside of a word no token begins, but after the punctuation that a prefix may begin with one does.
        let inside = found.as_str().starts_with(|first: char| first.is_ascii_alphanumeric())
            && before(text, start).is_some_and(|character| character.is_ascii_alphanumeric());
        let hit = by_table(text, start, found.as_str(), inside).or_else(|| {
            if inside || found.as_str() != JWT || start < no_jwt_before {
                return None;
            }
            // What follows its header is the same for every later beginning in the same run of characters.
            no_jwt_before = part_end(text, start);
            Some((start, jwt(text, start, no_jwt_before)?))
        });
        if let Some((start, end)) = hit {
            hits.push(Hit::new(Kind::Secret, start, end));
            from = end;
        }
    }
}

fn by_table(text: &str, at: usize, prefix: &str, inside: bool) -> Option<(usize, usize)> {
    let place = RULES.by_prefix.binary_search_by_key(&prefix, |(prefix, _)| prefix).ok()?;
    RULES.by_prefix[place].1.iter().find_map(|(token, body)| {
        let rest = text[at..].strip_prefix(token.prefix)?;
        let start = match token.ahead {
            (_, 0) if inside || token.apart && before(text, at) == Some('.') => return None,
            (_, 0) => at,
            (fewest, most) => at - ahead(text, at, fewest, most)?,
        };
        let body_start = at + token.prefix.len();
        let end = body_start + body.find(rest)?.end();
        let goes_on = if token.long { long_end(text, end, token) } else { end };
        is_token(text, start, body_start, end, token).then_some((start, goes_on))
    })
}

/// How many bytes of a word end at `at`, when they are neither too few nor too many.
fn ahead(text: &str, at: usize, fewest: u8, most: u8) -> Option<usize> {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-');
    let length = text.as_bytes()[..at].iter().rev().take(usize::from(most) + 1).take_while(is_part).count();
    (usize::from(fewest)..=usize::from(most)).contains(&length).then_some(length)
}

/// Where a token of any length ends: with base64's last two characters only where its body has them.
fn long_end(text: &str, from: usize, token: &Token) -> usize {
    let slashed = token.body.contains("+/");
    let goes_on = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=') || slashed && matches!(byte, b'+' | b'/')
    };
    from + text.as_bytes()[from..].iter().take_while(|byte| goes_on(byte)).count()
}

fn is_token(text: &str, start: usize, body_start: usize, end: usize, token: &Token) -> bool {
    let goes_on = text.as_bytes().get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let whole = &text[start..end];
    // Of a token that carries its mark inside, what stands before it counts too.
    let random = if token.ahead.1 == 0 { &text[body_start..end] } else { whole };
    (token.long || !goes_on)
        && (!token.digit || random.bytes().any(|byte| byte.is_ascii_digit()))
        && entropy(random) >= token.entropy
        && (token.entropy == 0.0 || !is_sample(whole))
}

/// `eyJ….eyJ….…`, signed or not (`alg: none`), and the five parts of an encrypted one.
fn jwt(text: &str, start: usize, header_end: usize) -> Option<usize> {
    const PARTS_MAX: usize = 5;
    const HEADER_BYTES_MIN: usize = 12;
    let bytes = text.as_bytes();
    if header_end - start < HEADER_BYTES_MIN || bytes.get(header_end) != Some(&b'.') {
        return None;
    }
    let payload = header_end + 1;
    let mut end = part_end(text, payload);
    let signed = text[payload..].starts_with(JWT);
    let mut parts = 2;
    while parts < PARTS_MAX
        && bytes.get(end) == Some(&b'.')
        && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        end = part_end(text, end + 1);
        parts += 1;
    }
    (signed || parts == PARTS_MAX).then_some(end)
}

/// Where the characters of base64url end.
fn part_end(text: &str, from: usize) -> usize {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
    text.as_bytes()[from..].iter().position(|byte| !is_part(*byte)).map_or(text.len(), |length| from + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_compiles() {
        assert!(RULES.by_prefix.iter().map(|(_, rules)| rules.len()).sum::<usize>() == TOKENS.len());
    }
}
