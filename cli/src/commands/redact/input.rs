//! The input, piece by piece: a line of text, a JSON value. Never more of it in memory than the longest piece.

use std::io::{self, BufRead, BufReader, Read};

use serde_json::Value;

use super::Format;
use crate::lines::LINE_BYTES_MAX;

/// The longest run of lines that is held together because a private key began and has not ended, in bytes.
const KEY_BYTES_MAX: usize = 64 * 1024;

/// One piece, and the line that it begins on, from 1.
pub(super) struct Piece {
    pub(super) line: u64,
    pub(super) said: Said,
    /// Where its first bytes are that are no UTF-8: a U+FFFD stands for them.
    pub(super) broken_at: Option<Spot>,
}

/// A byte of the input, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) line: u64,
    pub(super) byte: usize,
}

impl Piece {
    fn whole(line: u64, said: Said) -> Piece {
        Piece { line, said, broken_at: None }
    }

    /// Text. What is no UTF-8 can't be looked into, so it is not let through: nobody knows what it hides.
    fn text(line: u64, bytes: Vec<u8>) -> Piece {
        let broken = match String::from_utf8(bytes) {
            Ok(text) => return Piece::whole(line, Said::Text(text)),
            Err(broken) => broken,
        };
        let before = &broken.as_bytes()[..broken.utf8_error().valid_up_to()];
        let lines = before.iter().filter(|byte| **byte == b'\n').count() as u64;
        let byte = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        let text = String::from_utf8_lossy(broken.as_bytes()).into_owned();
        Piece { line, said: Said::Text(text), broken_at: Some(Spot { line: line + lines, byte }) }
    }
}

/// What a piece is.
pub(super) enum Said {
    /// Text with its line's end, if it has one.
    Text(String),
    /// JSON.
    Json {
        value: Value,
        /// Whether it was laid out over lines.
        is_laid_out: bool,
    },
    /// More than is read at once; it was skipped.
    TooLong,
    /// Not JSON, where JSON was asked for; the sentence shows nothing of it.
    Invalid(String),
}

pub(super) struct Pieces<R: Read> {
    reader: BufReader<R>,
    format: Format,
    /// Of the line to be read next.
    line: u64,
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(reader: BufReader<R>, format: Format) -> Self {
        Self { reader, format, line: 1 }
    }

    /// Whether nothing of the next piece is here yet.
    pub(super) fn must_wait(&self) -> bool {
        self.reader.buffer().is_empty()
    }

    pub(super) fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        if self.format == Format::Json {
            return self.whole(Vec::new());
        }
        let line = self.line;
        let Some(bytes) = self.next_line()? else { return Ok(None) };
        let Some(bytes) = bytes else { return Ok(Some(Piece::whole(line, Said::TooLong))) };
        if self.format == Format::Auto && !bytes.trim_ascii().is_empty() {
            self.format = match json(&bytes) {
                Some(_) => Format::Ndjson,
                None if begins_a_value(&bytes) => return self.whole(bytes),
                None => Format::Text,
            };
        }
        if self.format == Format::Ndjson
            && let Some(value) = json(&bytes)
        {
            return Ok(Some(Piece::whole(line, Said::Json { value, is_laid_out: false })));
        }
        let bytes = self.with_rest_of_key(bytes)?;
        Ok(Some(Piece::text(line, bytes)))
    }

    /// All that is left as one value, behind what was read of it.
    fn whole(&mut self, mut bytes: Vec<u8>) -> io::Result<Option<Piece>> {
        let line = self.line.saturating_sub(1).max(1);
        let room = LINE_BYTES_MAX.saturating_sub(bytes.len()) as u64 + 1;
        (&mut self.reader).take(room).read_to_end(&mut bytes)?;
        // What looked like JSON may be text; what was said to be JSON may not.
        let may_be_text = std::mem::replace(&mut self.format, Format::Ndjson) == Format::Auto;
        if bytes.len() > LINE_BYTES_MAX {
            io::copy(&mut self.reader, &mut io::sink())?;
            return Ok(Some(Piece::whole(line, Said::TooLong)));
        }
        if bytes.trim_ascii().is_empty() {
            return Ok(None);
        }
        let said = match aibbar::json::parse(&bytes) {
            Ok(value) => Said::Json { value, is_laid_out: bytes.trim_ascii().contains(&b'\n') },
            Err(_) if may_be_text => return Ok(Some(Piece::text(line, bytes))),
            Err(fault) => Said::Invalid(fault.to_string()),
        };
        Ok(Some(Piece::whole(line, said)))
    }

    /// The next line with its end; `Some(None)` when it is too long, and was skipped.
    fn next_line(&mut self) -> io::Result<Option<Option<Vec<u8>>>> {
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if read <= LINE_BYTES_MAX || bytes.last() == Some(&b'\n') {
            return Ok(Some(Some(bytes)));
        }
        self.reader.skip_until(b'\n')?;
        Ok(Some(None))
    }

    /// A line that begins a private key, with the lines up to its end: the armour shows only as a whole.
    fn with_rest_of_key(&mut self, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        if !begins_key(&bytes) {
            return Ok(bytes);
        }
        while bytes.len() <= KEY_BYTES_MAX && !ends_key(&bytes) {
            match self.next_line()? {
                Some(Some(line)) => bytes.extend(line),
                // Skipped: what is behind it is no part of a key.
                Some(None) | None => break,
            }
        }
        Ok(bytes)
    }
}

fn json(line: &[u8]) -> Option<Value> {
    aibbar::json::parse(line).ok()
}

/// Whether a line is the first of a JSON object or array over several lines, and no log line in brackets.
fn begins_a_value(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let behind = line.get(1..).unwrap_or_default().trim_ascii_start();
    matches!(line.first(), Some(b'{' | b'[')) && matches!(behind.first(), None | Some(b'"' | b'{' | b'['))
}

fn begins_key(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.rfind("-----BEGIN ").is_some_and(|at| text[at..].contains("PRIVATE KEY") && !text[at..].contains("-----END "))
}

fn ends_key(bytes: &[u8]) -> bool {
    let last = bytes[..bytes.len().saturating_sub(1)].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    bytes[last..].windows(9).any(|window| window == b"-----END ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pieces(format: Format, input: &str) -> Vec<(u64, String)> {
        let mut pieces = Pieces::new(BufReader::new(input.as_bytes()), format);
        let mut all = Vec::new();
        while let Some(Piece { line, said, .. }) = pieces.next_piece().unwrap() {
            all.push((
                line,
                match said {
                    Said::Text(text) => format!("text {text}"),
                    Said::Json { value, is_laid_out } => format!("json {value} {is_laid_out}"),
                    Said::TooLong => "too long".to_owned(),
                    Said::Invalid(_) => "invalid".to_owned(),
                },
            ));
        }
        all
    }

    #[track_caller]
    fn check(format: Format, input: &str, expected: &[(u64, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(line, said)| (*line, (*said).to_owned())).collect();
        assert_eq!(pieces(format, input), expected, "{input:?}");
    }

    #[test]
    fn the_first_line_tells_what_it_is() {
        check(Format::Auto, "a\n\n b", &[(1, "text a\n"), (2, "text \n"), (3, "text  b")]);
        check(
            Format::Auto,
            "\n{\"a\":1}\nnone\n[2]",
            &[(1, "text \n"), (2, "json {\"a\":1} false"), (3, "text none\n"), (4, "json [2] false")],
        );
        check(Format::Auto, "{\n \"a\": 1\n}\n", &[(1, "json {\"a\":1} true")]);
        check(Format::Auto, "[2026-01-01] x\n", &[(1, "text [2026-01-01] x\n")]);
        check(Format::Auto, "[\nno JSON\n", &[(1, "text [\nno JSON\n")]);
        check(Format::Auto, "", &[]);
    }

    #[test]
    fn what_was_said_to_be_json_is_json_or_nothing() {
        check(Format::Json, "[1,\n2]", &[(1, "json [1,2] true")]);
        check(Format::Json, "x", &[(1, "invalid")]);
        check(Format::Json, "\n", &[]);
        check(Format::Text, "{\"a\":1}", &[(1, "text {\"a\":1}")]);
    }

    #[test]
    fn what_is_no_utf8_is_told_with_its_place() {
        let spots = |format, input: &[u8]| {
            let mut pieces = Pieces::new(BufReader::new(input), format);
            let mut spots = Vec::new();
            while let Some(piece) = pieces.next_piece().unwrap() {
                spots.extend(piece.broken_at.map(|spot| (spot.line, spot.byte)));
            }
            spots
        };
        assert_eq!(spots(Format::Text, b"good\nna\xefve\n\xffx\xff\n"), [(2, 3), (3, 1)]);
        assert_eq!(spots(Format::Auto, b"[\n\"a\xff\"]"), [(2, 3)]);
        let key = b"-----BEGIN PRIVATE KEY-----\nMI\xffE\n-----END PRIVATE KEY-----\n";
        assert_eq!(spots(Format::Auto, key), [(2, 3)]);
        assert_eq!(spots(Format::Text, "h\u{e9}llo \u{fffd}".as_bytes()), []);
    }

    #[test]
    fn a_private_key_is_held_together_and_not_longer() {
        let key = "x -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";
        check(Format::Text, &format!("{key}after\n"), &[(1, &format!("text {key}")), (4, "text after\n")]);
        let endless = format!("-----BEGIN PRIVATE KEY-----\n{}", "MIIE\n".repeat(KEY_BYTES_MAX));
        assert!(pieces(Format::Text, &endless).iter().all(|(_, text)| text.len() <= KEY_BYTES_MAX + 16));
    }
}
