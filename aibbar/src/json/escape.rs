//! What a string says that is written with escapes.

use std::borrow::Cow;

use super::plain_run::plain_run;

/// What stands for itself stays borrowed. To be called with what the grammar took for a string alone: there is no
/// answer to what is none, and what is wrong in it is left out.
pub(crate) fn unescape(written: &str) -> Cow<'_, str> {
    if !written.contains('\\') {
        return Cow::Borrowed(written);
    }
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    loop {
        let plain;
        (plain, rest) = rest.split_at(plain_run(rest.as_bytes()));
        text.push_str(plain);
        let mut characters = rest.chars();
        match (characters.next(), characters.next()) {
            (Some('\\'), Some('u')) => {
                let character;
                (character, rest) = unicode(rest);
                text.extend(character);
            }
            (Some('\\'), Some(letter)) => {
                text.extend(short(letter));
                rest = characters.as_str();
            }
            (Some(_), _) => rest = &rest[1..],
            (None, _) => return Cow::Owned(text),
        }
    }
}

fn short(letter: char) -> Option<char> {
    Some(match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => return None,
    })
}

/// The character of `\uXXXX`, or of two of them that are one, and what follows.
fn unicode(rest: &str) -> (Option<char>, &str) {
    let unit_at = |at: usize| rest.as_bytes().get(at..at + 4).and_then(hex4);
    match (unit_at(2), unit_at(8)) {
        (Some(first @ 0xD800..=0xDBFF), Some(second @ 0xDC00..=0xDFFF)) => {
            let code_point = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(code_point), &rest[12..])
        }
        (Some(unit), _) => (char::from_u32(unit), &rest[6..]),
        (None, _) => (None, &rest[1..]),
    }
}

/// Four hex digits.
pub(super) fn hex4(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))
}
