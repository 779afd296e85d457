//! Lines of a stream of any size, each bounded.

use std::io::{self, BufRead, Read as _};

/// The longest line that is read: one recorded conversation with room to spare.
pub(crate) const LINE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u64,
    /// `None` when the line is longer than the bound; it was skipped.
    pub(crate) bytes: Option<Vec<u8>>,
    /// How many bytes of the stream it took, with its end.
    pub(crate) length: u64,
}

/// Reads line by line. Blank lines are passed over, but counted.
pub(crate) struct Lines<R> {
    reader: R,
    bytes_max: usize,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, bytes_max: usize) -> Self {
        Self { reader, bytes_max, number: 0 }
    }

    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let read = (&mut self.reader).take(self.bytes_max as u64 + 1).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let mut length = read as u64;
            let ended = bytes.last() == Some(&b'\n');
            if !ended && read > self.bytes_max {
                length += skip_line(&mut self.reader)?;
                return Ok(Some(Line { number: self.number, bytes: None, length }));
            }
            if !bytes.trim_ascii().is_empty() {
                if ended {
                    bytes.pop();
                }
                return Ok(Some(Line { number: self.number, bytes: Some(bytes), length }));
            }
        }
    }

    /// Everything that is left, as it is; `None` when that is more than the bound.
    pub(crate) fn rest(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        (&mut self.reader).take(self.bytes_max as u64 + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() <= self.bytes_max).then_some(bytes))
    }
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(skipped);
        }
        let (taken, ended) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        reader.consume(taken);
        skipped += taken as u64;
        if ended {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str, bytes_max: usize) -> Vec<(u64, Option<String>)> {
        let mut lines = Lines::new(text.as_bytes(), bytes_max);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push((line.number, line.bytes.map(|bytes| String::from_utf8(bytes).unwrap())));
        }
        all
    }

    #[test]
    fn lines_keep_their_numbers_and_their_bound() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read("a\n\n  \nbc", 9), [(1, some("a")), (4, some("bc"))]);
        assert_eq!(
            read("abcd\nabc\nabcdefghij\nx\n", 4),
            [(1, some("abcd")), (2, some("abc")), (3, None), (4, some("x"))]
        );
        assert_eq!(read("", 4), []);
        assert_eq!(read("abcdefgh", 4), [(1, None)]);
    }
}
