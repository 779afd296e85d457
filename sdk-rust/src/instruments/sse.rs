//! Server-sent events, out of chunks of bytes that are cut anywhere. Only what they carry (`data`) is of interest here.

/// The largest event that is read; a larger one is passed over.
pub(super) const EVENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What of a stream has come and is not yet an event.
#[derive(Default)]
pub(super) struct Sse {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// The event is larger than what is read: nothing is kept until it ends.
    is_too_large: bool,
    /// The last byte was a carriage return: a line feed after it belongs to it.
    is_after_return: bool,
}

impl Sse {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The data of every event that ends in this chunk. Text that is no UTF-8 is let go.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Vec<String> {
        let mut events = Vec::new();
        let mut rest = chunk;
        if self.is_after_return && rest.first() == Some(&b'\n') {
            rest = &rest[1..];
        }
        if !chunk.is_empty() {
            self.is_after_return = false;
        }
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.keep(&rest[..at]);
            self.line_ended(&mut events);
            let is_return = rest[at] == b'\r';
            rest = &rest[at + 1..];
            if is_return {
                match rest.first() {
                    Some(b'\n') => rest = &rest[1..],
                    Some(_) => {}
                    None => self.is_after_return = true,
                }
            }
        }
        self.keep(rest);
        events
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.is_too_large && !self.line.is_empty() {
            return; // that the line is not empty is all that matters now
        }
        if self.line.len() + self.data.len() + bytes.len() > EVENT_BYTES_MAX {
            self.is_too_large = true;
            self.data = Vec::new();
            self.line = vec![b':'];
            return;
        }
        self.line.extend_from_slice(bytes);
    }

    fn line_ended(&mut self, events: &mut Vec<String>) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            let is_too_large = std::mem::take(&mut self.is_too_large);
            if std::mem::take(&mut self.has_data) && !is_too_large {
                events.extend(String::from_utf8(data));
            }
            return;
        }
        let Some(value) = line.strip_prefix(b"data").and_then(value_of) else { return };
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        self.data.extend_from_slice(value);
    }
}

/// What follows a field's name.
fn value_of(rest: &[u8]) -> Option<&[u8]> {
    match rest {
        [] => Some(rest),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": hello\n\nevent: a\ndata: {\"x\": 1}\n\ndata:one\r\ndata:  two\r\n\r\nid: 7\ndata: é\r\r\
                          data\n\ndatum: no\n\ndata: cut";
    const WANTED: [&str; 4] = ["{\"x\": 1}", "one\n two", "é", ""];

    #[test]
    fn events_are_the_same_wherever_the_bytes_are_cut() {
        for size in 1..STREAM.len() {
            let mut sse = Sse::new();
            let events: Vec<String> = STREAM.as_bytes().chunks(size).flat_map(|chunk| sse.feed(chunk)).collect();
            assert_eq!(events, WANTED, "in chunks of {size}");
        }
    }

    #[test]
    fn an_event_that_is_too_large_is_passed_over() {
        let mut sse = Sse::new();
        assert!(sse.feed(b"data: ").is_empty());
        let piece = vec![b'x'; EVENT_BYTES_MAX / 3];
        for _ in 0..4 {
            assert!(sse.feed(&piece).is_empty());
            assert!(sse.line.capacity() + sse.data.capacity() <= 2 * EVENT_BYTES_MAX);
        }
        assert!(sse.feed(b"\n\n").is_empty());
        assert_eq!(sse.feed(b"data: next\n\n"), ["next"]);
    }

    #[test]
    fn many_lines_of_data_are_bounded_too() {
        let mut sse = Sse::new();
        let line = [b"data: ".as_slice(), &[b'x'; 1000], b"\n"].concat();
        for _ in 0..EVENT_BYTES_MAX / 500 {
            assert!(sse.feed(&line).is_empty());
            assert!(sse.data.len() <= EVENT_BYTES_MAX + 1001);
        }
        assert!(sse.feed(b"\n").is_empty());
        assert_eq!(sse.feed(b"data: next\n\n"), ["next"]);
    }
}
