//! Cuts bytes into server-sent events.

use std::collections::VecDeque;

use crate::errors::{Error, UnreadableError};

/// A frame may be so long: 8 MiB. The gateway's are at most some hundred kilobytes.
const FRAME_BYTES_MAX: usize = 8 * 1024 * 1024;

/// One server-sent event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) name: String,
    pub(super) data: String,
}

/// What has come of the next one.
#[derive(Default)]
pub(super) struct Frames {
    line: Vec<u8>,
    name: String,
    data: String,
    has_data: bool,
}

impl Frames {
    /// Adds what is whole now. By line feeds alone: JSON may hold other line separators.
    ///
    /// # Errors
    /// [`Error::Unreadable`] where a frame is longer than any of the gateway's.
    pub(super) fn feed(&mut self, chunk: &[u8], whole: &mut VecDeque<Frame>) -> Result<(), Error> {
        let mut rest = chunk;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.grow(&rest[..end])?;
            self.end_line(whole);
            rest = &rest[end + 1..];
        }
        self.grow(rest)
    }

    fn grow(&mut self, piece: &[u8]) -> Result<(), Error> {
        if self.line.len() + self.data.len() + piece.len() > FRAME_BYTES_MAX {
            return Err(UnreadableError::of_stream("a frame of the stream is longer than any of a gateway's").into());
        }
        self.line.extend_from_slice(piece);
        Ok(())
    }

    fn end_line(&mut self, whole: &mut VecDeque<Frame>) {
        let line = String::from_utf8_lossy(&self.line);
        let line = line.strip_suffix('\r').unwrap_or(&line);
        if line.is_empty() {
            let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
            if std::mem::take(&mut self.has_data) {
                whole.push_back(Frame { name, data });
            }
        } else if let Some(name) = line.strip_prefix("event:") {
            self.name = name.trim().to_owned();
        } else if let Some(data) = line.strip_prefix("data:") {
            if self.has_data {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            self.has_data = true;
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEXT: &str = ": hello\n\nevent: event\nid: 7\ndata: {\"é\":\"\u{2028}\"}\n\nevent: x\r\ndata:1\r\ndata: 2\r\n\r\nevent: none\n\ndata: 3";

    #[test]
    fn frames_are_whole_however_the_bytes_come() {
        let frame = |name: &str, data: &str| Frame { name: name.to_owned(), data: data.to_owned() };
        let expect = [frame("event", "{\"é\":\"\u{2028}\"}"), frame("x", "1\n2")];
        for bytes in 1..TEXT.len() {
            let (mut frames, mut whole) = (Frames::default(), VecDeque::new());
            for chunk in TEXT.as_bytes().chunks(bytes) {
                frames.feed(chunk, &mut whole).unwrap();
            }
            assert_eq!(whole, expect, "by {bytes}");
        }
    }

    #[test]
    fn a_frame_has_a_bound() {
        let (mut frames, mut whole) = (Frames::default(), VecDeque::new());
        frames.feed(b"data: ", &mut whole).unwrap();
        frames.feed(&vec![b'x'; FRAME_BYTES_MAX - 6], &mut whole).unwrap();
        assert_eq!(frames.feed(b"x", &mut whole).unwrap_err().code(), "unreadable");
    }
}
