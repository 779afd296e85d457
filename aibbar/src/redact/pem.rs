//! Private keys in PEM and its relatives (OpenSSH, PGP, PuTTY), on many lines or with `\n` written out.

use super::Kind;
use super::hit::Hit;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// `OPENSSH PRIVATE KEY`, `PGP PRIVATE KEY BLOCK` …
const LABEL_BYTES_MAX: usize = 64;

/// What stands before the private half of a key in PuTTY's form.
const PUTTY: &str = "Private-Lines:";

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut from = 0;
    while let Some(offset) = text[from..].find(PUTTY) {
        let start = from + offset + PUTTY.len();
        from = cut_short(text, start);
        if from > start {
            hits.push(Hit::new(Kind::Secret, start, from));
        }
    }
    framed(text, hits);
}

fn framed(text: &str, hits: &mut Vec<Hit>) {
    let mut from = 0;
    let mut may_end = true;
    while let Some(offset) = text[from..].find(BEGIN) {
        let start = from + offset;
        from = start + BEGIN.len();
        let Some(body) = body_start(text, from) else { continue };
        // Searched for once in vain, there is no end further on either.
        let end = if may_end { text[body..].find(END).map(|offset| body + offset) } else { None };
        may_end = end.is_some();
        let end = match end {
            Some(end) => block_end(text, end + END.len()),
            None => cut_short(text, body),
        };
        // Armour that holds nothing is what people write about keys.
        if end > body && !is_empty(&text[body..end]) {
            hits.push(Hit::new(Kind::Secret, start, end));
        }
        from = end;
    }
}

fn is_empty(held: &str) -> bool {
    held.trim_start_matches([' ', '\n', '\r', '\t', '.', '\\', 'n']).starts_with(END)
}

/// Where the key begins, if this is a private one.
fn body_start(text: &str, label: usize) -> Option<usize> {
    let mut window = text.len().min(label + LABEL_BYTES_MAX);
    while !text.is_char_boundary(window) {
        window -= 1;
    }
    let length = text[label..window].find(DASHES)?;
    text[label..label + length].contains("PRIVATE KEY").then_some(label + length + DASHES.len())
}

fn block_end(text: &str, label: usize) -> usize {
    let mut window = text.len().min(label + LABEL_BYTES_MAX);
    while !text.is_char_boundary(window) {
        window -= 1;
    }
    text[label..window].find(DASHES).map_or(label, |length| label + length + DASHES.len())
}

/// A key that lost its end goes on as long as it looks like one.
fn cut_short(text: &str, body: usize) -> usize {
    let length = text[body..]
        .bytes()
        .take_while(|byte| {
            byte.is_ascii_alphanumeric()
                || byte.is_ascii_whitespace()
                || matches!(byte, b'+' | b'/' | b'=' | b'\\' | b'-' | b':' | b',')
        })
        .count();
    body + text[body..body + length].trim_end().len()
}
