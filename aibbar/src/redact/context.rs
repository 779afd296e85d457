//! What stands around a candidate: word boundaries, and the words before it that say what it is.

/// How far back a word may stand that says what follows, in bytes.
const LOOK_BACK_BYTES: usize = 40;

/// The character before `at`.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character at `at`.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Whether the bytes on both sides of a range of ASCII end its word. A letter or digit of any script, or a joiner
/// (`-`, `.`, `_` …, as given) with one behind it, means that the range is a part of something longer.
pub(super) fn stands_alone(text: &str, start: usize, end: usize, joiners: &[u8]) -> bool {
    let bytes = text.as_bytes();
    let word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let joined_before = || start >= 2 && joiners.contains(&bytes[start - 1]) && word(start - 2);
    let joined_after = || bytes.get(end).is_some_and(|byte| joiners.contains(byte)) && word(end + 1);
    let touches_before = start >= 1 && is_word(before(text, start));
    let touches_after = end < bytes.len() && is_word(after(text, end));
    !(touches_before || touches_after || joined_before() || joined_after())
}

/// Scripts that are written without spaces end a word of ASCII just as a space does.
fn is_word(character: Option<char>) -> bool {
    character.is_some_and(|character| character.is_alphanumeric() && character < '\u{2e80}')
}

/// Whether one of the words (lower case, ASCII or not) stands shortly before `at`, on the same line.
pub(super) fn is_said_before(text: &str, at: usize, words: &[&str]) -> bool {
    let mut from = at.saturating_sub(LOOK_BACK_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let line = text[from..at].rsplit('\n').next().unwrap_or_default().to_lowercase();
    words.iter().any(|word| {
        line.match_indices(word)
            .any(|(found, _)| !is_word(before(&line, found)) && !is_word(after(&line, found + word.len())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_something_longer_does_not_stand_alone() {
        assert!(stands_alone("a 123 b", 2, 5, b"-"));
        assert!(stands_alone("(123).", 1, 4, b"-."));
        assert!(!stands_alone("a123", 1, 4, b"-"));
        assert!(!stands_alone("a-123", 2, 5, b"-"));
        assert!(!stands_alone("é123", 2, 5, b"-"));
        assert!(!stands_alone("123.5", 0, 3, b"."));
    }

    #[test]
    fn words_before_say_what_follows() {
        assert!(is_said_before("My SSN: 123", 8, &["ssn"]));
        assert!(!is_said_before("lessness 123", 9, &["ssn"]));
        assert!(!is_said_before("ssn\n123", 4, &["ssn"]));
    }
}
