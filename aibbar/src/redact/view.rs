//! A text as it reads once its escapes are undone, with the way back to the bytes it came from.
//!
//! `a%40example.com` and `{\"mail\":\"a\u0040example.com\"}` hold an address that only shows when they are decoded. The recognisers
//! run on the decoded view, and what they find is hidden in the original.

/// A decoded text and, for each of its bytes, where that byte's character begins in the original.
pub(super) struct View {
    pub(super) text: String,
    /// One longer than `text`: the last is the original's length.
    starts: Vec<u32>,
}

impl View {
    /// The text with its percent and backslash escapes undone, once; `None` when it has none (or is beyond 4 GiB).
    pub(super) fn decoded(original: &str) -> Option<View> {
        let bytes = original.as_bytes();
        if u32::try_from(bytes.len()).is_err() || !bytes.iter().any(|byte| matches!(byte, b'%' | b'\\')) {
            return None;
        }
        let mut view = View { text: String::with_capacity(bytes.len()), starts: Vec::with_capacity(bytes.len() + 1) };
        let mut changed = false;
        let mut at = 0;
        while at < bytes.len() {
            let undone = match bytes[at] {
                b'%' => percent_run(bytes, at),
                b'\\' => backslash(bytes, at),
                _ => None,
            };
            match undone {
                Some((text, next)) => {
                    view.push(&text, at);
                    at = next;
                    changed = true;
                }
                None => {
                    // Everything up to the next possible escape, at once.
                    let next = bytes[at + 1..]
                        .iter()
                        .position(|byte| matches!(byte, b'%' | b'\\'))
                        .map_or(bytes.len(), |offset| at + 1 + offset);
                    view.text.push_str(&original[at..next]);
                    view.starts.extend(at as u32..next as u32);
                    at = next;
                }
            }
        }
        view.starts.push(bytes.len() as u32);
        changed.then_some(view)
    }

    /// The same view, seen from the text that `original` itself was decoded from.
    pub(super) fn through(mut self, original: &View) -> View {
        for start in &mut self.starts {
            *start = original.starts[*start as usize];
        }
        self
    }

    /// The range of the original that was decoded to this range.
    pub(super) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        (self.starts[start] as usize, self.starts[end] as usize)
    }

    /// The decoded text of one escape, or of a run of them, that began at `at`.
    fn push(&mut self, decoded: &str, at: usize) {
        self.text.push_str(decoded);
        self.starts.extend(decoded.bytes().map(|_| at as u32));
    }
}

/// One `%XX`, or as many as make one character of UTF-8.
fn percent_run(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let first = percent(bytes, at)?;
    let length = match first {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut character = Vec::with_capacity(length);
    for index in 0..length {
        character.push(percent(bytes, at + 3 * index)?);
    }
    Some((String::from_utf8(character).ok()?, at + 3 * length))
}

fn percent(bytes: &[u8], at: usize) -> Option<u8> {
    match bytes.get(at..at + 3)? {
        [b'%', high, low] => Some((hex(*high)? << 4 | hex(*low)?) as u8),
        _ => None,
    }
}

/// One escape of a JSON string.
fn backslash(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let character = match bytes.get(at + 1)? {
        quoted @ (b'"' | b'\'' | b'\\' | b'/') => *quoted as char,
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(bytes, at),
        _ => return None,
    };
    Some((character.to_string(), at + 2))
}

fn unicode(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let unit = |at: usize| -> Option<u32> {
        let [b'\\', b'u', digits @ ..] = bytes.get(at..at + 6)? else { return None };
        digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | hex(*digit)?))
    };
    let high = unit(at)?;
    if let Some(character) = char::from_u32(high) {
        return Some((character.to_string(), at + 6));
    }
    let low = unit(at + 6)?;
    char::decode_utf16([high as u16, low as u16]).next()?.ok().map(|character| (character.to_string(), at + 12))
}

fn hex(digit: u8) -> Option<u32> {
    (digit as char).to_digit(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(original: &str, expected: Option<&str>) {
        assert_eq!(View::decoded(original).map(|view| view.text).as_deref(), expected, "{original}");
    }

    #[test]
    fn escapes_are_undone_once() {
        check("plain", None);
        check("100% sure", None);
        check("a%40example.com", Some("a@example.com"));
        check("%C3%A4%40x", Some("ä@x"));
        check("%FF%40", Some("%FF@"));
        check(r#"{\"a\":\"b\"}"#, Some(r#"{"a":"b"}"#));
        check(r"a\u0040b", Some("a@b"));
        check(r"\ud83d\ude00!", Some("😀!"));
        check(r"\ud83d!", None);
        check(r"\\n", Some("\\n"));
    }

    #[test]
    fn what_is_found_leads_back_to_the_original() {
        let original = "mail=a%40example.com&x=1";
        let view = View::decoded(original).expect("it has an escape");
        let start = view.text.find("a@").expect("it is there");
        let (from, to) = view.original(start, start + "a@example.com".len());
        assert_eq!(&original[from..to], "a%40example.com");
    }
}
