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

/// Every token has so many of the characters that tokens are made of in a row, in bytes: a test holds the table to it.
const RUN_BYTES_MIN: usize = 12;

/// Whether any token can be in a text: words are shorter.
pub(super) fn may_be_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(window) = bytes.get(from..from + RUN_BYTES_MIN) {
        // From the back: a window without a run is left behind whole.
        match window.iter().rposition(|byte| !IS_OF_RUN[usize::from(*byte)]) {
            Some(at) => from += at + 1,
            None => return true,
        }
    }
    false
}

/// What tokens are made of.
static IS_OF_RUN: [bool; 256] = {
    let mut is_of_run = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let this = byte as u8;
        is_of_run[byte] = this.is_ascii_alphanumeric()
            || matches!(
                this,
                b'_' | b'-' | b'.' | b'~' | b'/' | b'+' | b'=' | b'$' | b'%' | b':' | b',' | b'|' | b'@' | b'!'
            );
        byte += 1;
    }
    is_of_run
};

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
    fn every_token_has_a_run() {
        for token in TOKENS {
            let body = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(token.body);
            let prefix = regex_syntax::hir::Hir::literal(token.prefix.as_bytes());
            let runs = run_min(&regex_syntax::hir::Hir::concat(vec![prefix, body.expect("it is a pattern")]));
            // What stands ahead of the prefix are such bytes, too.
            let longest = runs.longest.max(usize::from(token.ahead.0) + runs.first);
            assert!(longest >= RUN_BYTES_MIN, "{} {}: {runs:?}", token.prefix, token.body);
        }
    }

    /// The fewest bytes of runs that every match of a pattern has: at its beginning, at its end, the longest; and whether all of it is one.
    #[derive(Clone, Copy, Debug, Default)]
    struct Runs {
        first: usize,
        last: usize,
        longest: usize,
        whole: bool,
    }

    fn run_min(hir: &regex_syntax::hir::Hir) -> Runs {
        use regex_syntax::hir::{Class, HirKind};
        let of = |is_run: bool, bytes: usize| {
            let bytes = if is_run { bytes } else { 0 };
            Runs { first: bytes, last: bytes, longest: bytes, whole: is_run }
        };
        let then = |a: Runs, b: Runs| Runs {
            first: if a.whole { a.first + b.first } else { a.first },
            last: if b.whole { a.last + b.last } else { b.last },
            longest: a.longest.max(b.longest).max(a.last + b.first),
            whole: a.whole && b.whole,
        };
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => of(true, 0),
            HirKind::Literal(literal) => {
                literal.0.iter().fold(of(true, 0), |runs, byte| then(runs, of(IS_OF_RUN[usize::from(*byte)], 1)))
            }
            HirKind::Class(Class::Bytes(class)) => of(
                class
                    .ranges()
                    .iter()
                    .all(|range| (range.start()..=range.end()).all(|byte| IS_OF_RUN[usize::from(byte)])),
                1,
            ),
            HirKind::Class(Class::Unicode(_)) => of(false, 1),
            HirKind::Repetition(repetition) => {
                let once = run_min(&repetition.sub);
                (0..repetition.min).fold(Runs { whole: once.whole, ..Runs::default() }, |runs, _| then(runs, once))
            }
            HirKind::Capture(capture) => run_min(&capture.sub),
            HirKind::Concat(parts) => parts.iter().map(run_min).fold(of(true, 0), then),
            HirKind::Alternation(branches) => branches
                .iter()
                .map(run_min)
                .reduce(|a, b| Runs {
                    first: a.first.min(b.first),
                    last: a.last.min(b.last),
                    longest: a.longest.min(b.longest),
                    whole: a.whole && b.whole,
                })
                .expect("an alternation has branches"),
        }
    }

    #[test]
    fn every_rule_compiles() {
        assert!(RULES.by_prefix.iter().map(|(_, rules)| rules.len()).sum::<usize>() == TOKENS.len());
    }
}
