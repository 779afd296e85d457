//! A text as it reads once its escapes are undone, with the way back to the bytes it came from.
//!
//! `a%40example.com`, `a&#64;example.com` and `{\"mail\":\"a\u0040example.com\"}` hold an address that only shows when they are
//! decoded; `a＠example.com` and a card whose groups no-break spaces part, when their characters are written plainly. The
//! recognisers run on the decoded view, and what they find is hidden in the original.

use super::fold::{Folded, fold};
use super::hint::may_begin_escape;

/// A decoded text and, for each of its bytes, where that byte's character begins in the original.
pub(super) struct View {
    pub(super) text: String,
    /// One longer than `text`: the last is the original's length.
    starts: Vec<u32>,
}

impl View {
    /// The text with its percent, backslash and HTML escapes undone, once, and its characters written plainly; `None` when that
    /// changes nothing (or the text is beyond 4 GiB).
    pub(super) fn decoded(original: &str) -> Option<View> {
        let bytes = original.as_bytes();
        // Where nothing changes, nothing is copied: most per cent signs and ampersands are just that.
        let mut at = next_escape(bytes, 0);
        while at < bytes.len() && undone(original, at).is_none() {
            at = next_escape(bytes, at + 1);
        }
        if at == bytes.len() || u32::try_from(bytes.len()).is_err() {
            return None;
        }
        let mut view = View { text: String::with_capacity(bytes.len()), starts: Vec::with_capacity(bytes.len() + 1) };
        view.copy(original, 0, at);
        while at < bytes.len() {
            at = match undone(original, at) {
                Some((character, next)) => {
                    view.push(character, at);
                    next
                }
                None => {
                    let next = next_escape(bytes, at + 1);
                    view.copy(original, at, next);
                    next
                }
            };
        }
        view.starts.push(bytes.len() as u32);
        Some(view)
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

    fn copy(&mut self, original: &str, from: usize, to: usize) {
        self.text.push_str(&original[from..to]);
        self.starts.extend(from as u32..to as u32);
    }

    /// What an escape that began at `at` stands for; nothing, for a character that is not seen.
    fn push(&mut self, decoded: Option<char>, at: usize) {
        if let Some(character) = decoded {
            self.text.push(character);
            self.starts.extend(std::iter::repeat_n(at as u32, character.len_utf8()));
        }
    }
}

static MAY_BEGIN_ESCAPE: [bool; 256] = {
    let mut begins = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        begins[byte] = may_begin_escape(byte as u8);
        byte += 1;
    }
    begins
};

/// The next place from here where an escape may begin, or the end.
fn next_escape(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| MAY_BEGIN_ESCAPE[usize::from(*byte)])
        .map_or(bytes.len(), |offset| from + offset)
}

/// The escape that begins here, if one does.
fn undone(original: &str, at: usize) -> Option<Undone> {
    let bytes = original.as_bytes();
    match bytes[at] {
        b'%' => percent_run(bytes, at),
        b'\\' => backslash(bytes, at),
        b'&' => entity(bytes, at),
        0..=0x7f => None,
        _ => plain(original, at),
    }
}

/// What an escape stands for, and where it ends.
type Undone = (Option<char>, usize);

/// One character of another script, or of no width, as it is written plainly.
fn plain(original: &str, at: usize) -> Option<Undone> {
    let character = original[at..].chars().next()?;
    let plain = match fold(character)? {
        Folded::Into(plain) => Some(plain),
        Folded::Away => None,
    };
    Some((plain, at + character.len_utf8()))
}

/// `&#64;`, `&#x40;`, `&commat;`
fn entity(bytes: &[u8], at: usize) -> Option<Undone> {
    /// `&#x10ffff;`, `&equals;`
    const BYTES_MAX: usize = 10;
    const NAMED: [(&[u8], char); 20] = [
        (b"amp", '&'),
        (b"lt", '<'),
        (b"gt", '>'),
        (b"quot", '"'),
        (b"apos", '\''),
        (b"nbsp", ' '),
        (b"commat", '@'),
        (b"period", '.'),
        (b"colon", ':'),
        (b"num", '#'),
        (b"plus", '+'),
        (b"equals", '='),
        (b"lpar", '('),
        (b"rpar", ')'),
        (b"hyphen", '-'),
        (b"dash", '-'),
        (b"sol", '/'),
        (b"lowbar", '_'),
        (b"semi", ';'),
        (b"Tab", '\t'),
    ];
    let body = &bytes[at + 1..bytes.len().min(at + BYTES_MAX)];
    let body = &body[..body.iter().position(|byte| *byte == b';')?];
    let character = match body {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        name => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((Some(character), at + 1 + body.len() + 1))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let number = |value: u32, digit: &u8| Some(value * radix + (*digit as char).to_digit(radix)?);
    let code = (!digits.is_empty() && digits.len() <= 7).then(|| digits.iter().try_fold(0, number))??;
    char::from_u32(code)
}

/// One `%XX`, or as many as make one character of UTF-8.
fn percent_run(bytes: &[u8], at: usize) -> Option<Undone> {
    let first = percent(bytes, at)?;
    let length = match first {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut character = [0; 4];
    for (index, byte) in character.iter_mut().enumerate().take(length) {
        *byte = percent(bytes, at + 3 * index)?;
    }
    Some((std::str::from_utf8(&character[..length]).ok()?.chars().next(), at + 3 * length))
}

fn percent(bytes: &[u8], at: usize) -> Option<u8> {
    match bytes.get(at..at + 3)? {
        [b'%', high, low] => Some((hex(*high)? << 4 | hex(*low)?) as u8),
        _ => None,
    }
}

/// One escape of a JSON string, or of a program's.
fn backslash(bytes: &[u8], at: usize) -> Option<Undone> {
    let character = match bytes.get(at + 1)? {
        quoted @ (b'"' | b'\'' | b'\\' | b'/') => *quoted as char,
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(bytes, at).or_else(|| braced(bytes, at)),
        b'x' => return Some((Some(number(bytes.get(at + 2..at + 4)?, 16)?), at + 4)),
        _ => return None,
    };
    Some((Some(character), at + 2))
}

/// `\u{40}`
fn braced(bytes: &[u8], at: usize) -> Option<Undone> {
    let digits = bytes[at..].strip_prefix(b"\\u{")?;
    let length = digits.iter().take(8).position(|byte| *byte == b'}')?;
    Some((Some(number(&digits[..length], 16)?), at + 3 + length + 1))
}

fn unicode(bytes: &[u8], at: usize) -> Option<Undone> {
    let unit = |at: usize| -> Option<u32> {
        let [b'\\', b'u', digits @ ..] = bytes.get(at..at + 6)? else { return None };
        digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | hex(*digit)?))
    };
    let high = unit(at)?;
    if let Some(character) = char::from_u32(high) {
        return Some((Some(character), at + 6));
    }
    let low = unit(at + 6)?;
    char::decode_utf16([high as u16, low as u16]).next()?.ok().map(|character| (Some(character), at + 12))
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
        check("a&#64;b &#x40; &commat; &amp;#64;", Some("a@b @ @ &#64;"));
        check("AT&T & &nothing; &#; &#xyz;", None);
        check(r"a\x40b\u{40}c", Some("a@b@c"));
    }

    #[test]
    fn characters_are_read_as_their_plain_forms() {
        check("a＠ｂ．com", Some("a@b.com"));
        check("4111\u{a0}1111\u{202f}1111\u{2007}1111", Some("4111 1111 1111 1111"));
        check("415\u{2011}555–2671", Some("415-555-2671"));
        check("bob\u{200b}@exa\u{ad}mple.com", Some("bob@example.com"));
        check("٤١٥ and ４１１１", Some("415 and 4111"));
        check("paſſword of the \u{212a}ey", Some("password of the key"));
        check("Grüße, 例子, юзер, żółć", None);
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
