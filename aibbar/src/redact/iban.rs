//! International bank account numbers: a country, its length, and the remainder of 97.

use super::Kind;
use super::context::stands_alone;
use super::hit::Hit;
use super::next::next_digit;
use super::ranges::IBAN_LENGTHS;

pub(super) const DIGITS_MIN: usize = 4;
/// The shortest there is: Norway's.
pub(super) const BYTES_MIN: usize = 15;
/// The longest there is, with a separator after every fourth character and some to spare.
const BYTES_MAX: usize = 48;

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        // Two letters that begin a word, and two digits.
        let digit = next_digit(bytes, from + 2);
        if digit + 2 >= bytes.len() {
            return;
        }
        let start = digit - 2;
        let begins = bytes[start..digit].iter().all(u8::is_ascii_alphabetic)
            && bytes[digit + 1].is_ascii_digit()
            && (start == 0 || !bytes[start - 1].is_ascii_alphanumeric());
        match begins.then(|| number(text, start)).flatten() {
            Some(end) => {
                hits.push(Hit::new(Kind::Iban, start, end));
                from = end;
            }
            None => from = start + 1,
        }
    }
}

fn number(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let country = [bytes[start].to_ascii_uppercase(), bytes[start + 1].to_ascii_uppercase()];
    let place = IBAN_LENGTHS.binary_search_by_key(&country, |(country, _)| *country).ok()?;
    let length = usize::from(IBAN_LENGTHS[place].1);

    let mut characters = Vec::with_capacity(length);
    let mut end = start;
    for (at, byte) in bytes.iter().enumerate().skip(start).take(BYTES_MAX) {
        match byte {
            byte if byte.is_ascii_alphanumeric() => characters.push(byte.to_ascii_uppercase()),
            b' ' | b'-' if bytes[at - 1].is_ascii_alphanumeric() => continue,
            _ => break,
        }
        if characters.len() == length {
            end = at + 1;
            break;
        }
    }
    (characters.len() == length && remainder_of_97(&characters) == 1 && stands_alone(text, start, end, b"-_"))
        .then_some(end)
}

fn remainder_of_97(characters: &[u8]) -> u32 {
    let (head, tail) = characters.split_at(4);
    tail.iter().chain(head).fold(0, |remainder, character| match character {
        b'0'..=b'9' => (remainder * 10 + u32::from(character - b'0')) % 97,
        letter => (remainder * 100 + u32::from(letter - b'A') + 10) % 97,
    })
}
