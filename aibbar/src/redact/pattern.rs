//! An organisation's own regular expression, held to what can be searched for in linear time.
//!
//! One search of the `regex` crate is linear, but a search for *all* matches is not: a pattern may have to read on to the end
//! of the text before it settles for four bytes, and then again from there. So a pattern says how far it can read beyond what
//! it settles for (its *reach*), which must be short, and each match is paid for with that: out of a budget that grows with
//! the text. Whoever uses it up has the rest of the text hidden.
//!
//! Linear is not cheap either: where an automaton has too many states to keep, each byte costs as much as the pattern is large,
//! some ten thousand times the usual. So a pattern is searched for by a lazy automaton that gives up where it keeps making
//! states, and then too the rest of the text is hidden.

use std::ops::Range;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use regex_automata::{
    Input, MatchErrorKind,
    hybrid::{dfa, regex as lazy},
    nfa::thompson,
    util::pool::Pool,
};
use regex_syntax::hir::{Hir, HirKind};

use super::hit::Hit;
use super::settings::Settings;

/// What a pattern matches has at least so many bytes: a placeholder for less would be many times as long.
const MATCH_BYTES_MIN: usize = 4;

/// The longest reach of a pattern, in bytes.
const REACH_BYTES_MAX: usize = 256;

/// The largest compiled pattern, and its cache, in bytes.
const COMPILED_BYTES_MAX: usize = 256 * 1024;

/// For each byte of a text, so many bytes may be read a second time.
const REREAD_PER_BYTE: usize = 8;

/// And so many more, that short texts never run out.
const REREAD_BYTES: usize = 64 * 1024;

/// Once its cache was full, an automaton must read so many bytes with each state that it makes.
const BYTES_PER_STATE_MIN: usize = 256;

/// After so many bytes an automaton that gave up may begin again with an empty cache: filling it takes some milliseconds.
const FRESH_AFTER_BYTES: usize = 256 * 1024;

/// The states of a pattern that looks at the edges of words of all scripts: beside characters beyond ASCII no automaton can,
/// and each byte costs up to as many steps as there are states.
const STATES_BESIDE_WORDS_MAX: usize = 512;

/// A pattern that may be searched for.
#[derive(Debug)]
pub(super) struct Pattern {
    automaton: Arc<lazy::Regex>,
    /// One for each thread that searches.
    memories: Pool<Memory, Box<dyn Fn() -> Memory + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>>,
    /// Of what looks at the edges of words of all scripts: for texts with characters beyond ASCII.
    beside_words: Option<Regex>,
    /// How many bytes beyond a match may have been read to find it.
    reach: usize,
}

/// What an automaton keeps from one text to the next.
#[derive(Debug)]
struct Memory {
    cache: lazy::Cache,
    /// What was read since the cache was empty, in bytes.
    bytes_read: usize,
}

/// The automaton makes states for every few bytes: the pattern costs too much in this text.
struct GaveUp;

impl Pattern {
    /// The sentence says what is wrong with it, and does not show it.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        if pattern.len() > Settings::PATTERN_BYTES_MAX {
            return Err(format!("has more than {} bytes", Settings::PATTERN_BYTES_MAX));
        }
        let hir = regex_syntax::parse(pattern).map_err(|error| {
            // Only the kind of the error: the whole message draws the pattern over several lines.
            let kind = match error {
                regex_syntax::Error::Parse(error) => error.kind().to_string(),
                regex_syntax::Error::Translate(error) => error.kind().to_string(),
                _ => "it can't be parsed".to_owned(),
            };
            format!("is no regular expression: {kind}")
        })?;
        let shortest = hir.properties().minimum_len().unwrap_or(0);
        if shortest < MATCH_BYTES_MIN {
            return Err(format!(
                "can match {shortest} bytes; a rule matches at least {MATCH_BYTES_MIN}, so that it hides something and not everything"
            ));
        }
        let reach = reach(&hir).filter(|reach| *reach <= REACH_BYTES_MAX).ok_or_else(|| {
            format!(
                "can match more than {REACH_BYTES_MAX} bytes; write `{{1,32}}` in place of `+` and `{{0,32}}` in place of `*`, \
                 except for one class of characters at its very end"
            )
        })?;
        let too_large = "is too large once it is compiled: repeat less, or write `[0-9]` and `[A-Za-z]` in place of `\\d` and `\\w`";
        let regex = RegexBuilder::new(pattern)
            .size_limit(COMPILED_BYTES_MAX)
            .dfa_size_limit(COMPILED_BYTES_MAX)
            .build()
            .map_err(|_| too_large)?;
        let automaton = automaton(pattern).map_err(|_| too_large)?;
        let looks_beside_words = hir.properties().look_set().contains_word_unicode();
        if looks_beside_words && automaton.forward().get_nfa().states().len() > STATES_BESIDE_WORDS_MAX {
            return Err("looks at the edges of words and is too large for that: write `[0-9]` and `[A-Za-z]` in place of `\\d` and \
                        `\\w`, or `(?-u:\\b)` in place of `\\b`"
                .to_owned());
        }
        let automaton = Arc::new(automaton);
        let of = automaton.clone();
        let memories: Box<dyn Fn() -> Memory + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe> =
            Box::new(move || Memory { cache: of.create_cache(), bytes_read: 0 });
        Ok(Self { automaton, memories: Pool::new(memories), beside_words: looks_beside_words.then_some(regex), reach })
    }

    /// The next match from `at` on.
    fn find_at(&self, memory: &mut Memory, text: &str, at: usize) -> Result<Option<Range<usize>>, GaveUp> {
        loop {
            let error = match self.automaton.try_search(&mut memory.cache, &Input::new(text).range(at..)) {
                Ok(found) => {
                    let found = found.map(|found| found.range());
                    memory.bytes_read += found.as_ref().map_or(text.len(), |found| found.end) - at;
                    return Ok(found);
                }
                Err(error) => error,
            };
            match (error.kind(), &self.beside_words) {
                (MatchErrorKind::Quit { .. }, Some(regex)) => {
                    return Ok(regex.find_at(text, at).map(|found| found.range()));
                }
                _ if memory.bytes_read < FRESH_AFTER_BYTES => return Err(GaveUp),
                _ => {
                    memory.cache.reset(&self.automaton);
                    memory.bytes_read = 0;
                }
            }
        }
    }
}

fn automaton(pattern: &str) -> Result<lazy::Regex, Box<regex_automata::hybrid::BuildError>> {
    lazy::Regex::builder()
        .dfa(
            dfa::Config::new()
                .unicode_word_boundary(true)
                .cache_capacity(COMPILED_BYTES_MAX)
                .skip_cache_capacity_check(true)
                .minimum_cache_clear_count(Some(1))
                .minimum_bytes_per_state(Some(BYTES_PER_STATE_MIN)),
        )
        .thompson(thompson::Config::new().nfa_size_limit(Some(COMPILED_BYTES_MAX)))
        .build(pattern)
        .map_err(Box::new)
}

/// How far beyond a match the search may have read: the longest match, but for a repeated class at the end, of which
/// whatever is read is also matched.
fn reach(hir: &Hir) -> Option<usize> {
    if let Some(longest) = hir.properties().maximum_len() {
        return Some(longest);
    }
    match hir.kind() {
        HirKind::Capture(capture) => reach(&capture.sub),
        HirKind::Repetition(repetition) if repetition.greedy && is_class(&repetition.sub) => Some(0),
        HirKind::Concat(parts) => {
            // What looks at the edge of a word or of a line matches nothing by itself.
            let end = parts.iter().rposition(|part| !matches!(part.kind(), HirKind::Look(_)))?;
            let head: Option<usize> = parts[..end].iter().map(|part| part.properties().maximum_len()).sum();
            Some(head? + reach(&parts[end])?)
        }
        HirKind::Alternation(branches) => branches.iter().map(reach).sum(),
        _ => None,
    }
}

fn is_class(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(_) => true,
        HirKind::Literal(literal) => literal.0.len() == 1,
        HirKind::Capture(capture) => is_class(&capture.sub),
        _ => false,
    }
}

/// Everything that the patterns find, each with its rule's number.
pub(super) fn find(patterns: &[(u8, Pattern)], text: &str, hits: &mut Vec<Hit>) {
    let mut budget = text.len() * REREAD_PER_BYTE + REREAD_BYTES;
    for (rule, pattern) in patterns {
        let mut memory = pattern.memories.get();
        let mut at = 0;
        loop {
            let found = match pattern.find_at(&mut memory, text, at) {
                Ok(Some(found)) => found,
                Ok(None) => break,
                Err(GaveUp) => {
                    hits.push(Hit::own(*rule, at, text.len()));
                    break;
                }
            };
            hits.push(Hit::own(*rule, found.start, found.end));
            at = found.end;
            let Some(left) = budget.checked_sub(pattern.reach) else {
                budget = 0;
                if at < text.len() {
                    hits.push(Hit::own(*rule, at, text.len()));
                }
                break;
            };
            budget = left;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn refused(pattern: &str, because: &str) {
        let why = Pattern::new(pattern).unwrap_err();
        assert!(why.contains(because), "{pattern}: {why}");
    }

    #[test]
    fn what_reads_far_is_refused() {
        for good in
            ["EMP-[0-9]{6}", "EMP-[0-9]+", r"\bEMP-\d+\b", "(?i)case (?:no|nr)[.]? ?[0-9]{2,12}", "(EMP-|ID-)[0-9]+"]
        {
            Pattern::new(good).unwrap();
        }
        refused("EMP.*[0-9]", "more than 256 bytes");
        refused("(?:EMPL+)+", "more than 256 bytes");
        refused("EMPL[0-9]+?", "more than 256 bytes");
        refused("EMPL.{300}", "more than 256 bytes");
        refused(r"EMPL\w{60}", "too large");
    }

    #[test]
    fn what_matches_little_or_nothing_is_refused() {
        refused("", "can match 0 bytes");
        refused("(?:abcde)?", "can match 0 bytes");
        refused(r"\b", "can match 0 bytes");
        refused("[a-z]{3}", "can match 3 bytes");
        refused("(", "is no regular expression: unclosed group");
        refused(&"a".repeat(513), "more than 512 bytes");
        refused("(?=abcd)abcd", "look-around");
    }

    #[test]
    fn a_match_that_reads_on_is_paid_for_and_who_is_out_of_budget_is_hidden_whole() {
        let pattern = Pattern::new("[a-z]{4}(?:[a-z]{240}!)?").unwrap();
        let text = "a".repeat(200_000);
        let mut hits = Vec::new();
        find(&[(0, pattern)], &text, &mut hits);
        assert!(hits.len() * 244 <= text.len() * REREAD_PER_BYTE + REREAD_BYTES + 2 * 244, "{}", hits.len());
        let covered: usize = hits.iter().map(|hit| hit.end - hit.start).sum();
        assert_eq!(covered, text.len());
    }
}
