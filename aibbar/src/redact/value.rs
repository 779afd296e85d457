//! Where a value stands that follows a name in text: within quotes, up to a blank, as a block of lines, behind the scheme of an
//! `Authorization`.

use super::sign::Sign;
use super::stand_in::is_unlike_a_word;

/// How much of a value is looked at to tell whether it is one, in bytes. All of it is hidden.
pub(super) const VALUE_BYTES_SEEN: usize = 256;
/// Blanks between a name, its sign and its value.
const BLANKS_MAX: usize = 16;

pub(super) fn skip_blanks(text: &str) -> &str {
    let blanks = text.bytes().take(BLANKS_MAX).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    &text[blanks..]
}

/// Where a value stands, without its quotes and without the scheme before it.
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
    /// `Bearer`, `Basic` … stood before it.
    pub(super) has_scheme: bool,
    /// Finds its end, reading so many bytes at most, when `end` is only where what was read of it ends: the whole is read when
    /// it is known to be a secret, or a text of nothing but beginnings would be read again from each.
    pub(super) goes_on: Option<fn(&str, usize, usize) -> usize>,
}

impl Value {
    pub(super) fn read(text: &str, at: usize, sign: Sign, name: &str) -> Value {
        if let Some(value) = Self::authorization(text, at, name) {
            return value;
        }
        if text[..at].ends_with('>') && !text[..at].ends_with("=>") && !text[..at].ends_with("->") {
            return Self::element(text, at);
        }
        let mut rest = skip_blanks(&text[at..]);
        // `"key":` and its value on the next line.
        let lower = rest.trim_start_matches(['\n', '\r', ' ', '\t']);
        if lower.starts_with('"') && rest.len() - lower.len() <= BLANKS_MAX {
            rest = lower;
        }
        let rest = skip_wrapper(skip_yaml_mark(rest));
        let rest = skip_string_prefix(rest);
        let open = rest.trim_start_matches('\\');
        if let Some(inner) = open.strip_prefix(r#"""""#).or_else(|| open.strip_prefix("'''")) {
            return Self::between_three(text, text.len() - inner.len(), &open[..3]);
        }
        match open.bytes().next().filter(|first| matches!(first, b'"' | b'\'' | b'`')) {
            Some(quote) => Self::quoted(text, text.len() - open.len() + 1, quote, open.len() < rest.len(), name),
            None => {
                let at = text.len() - rest.len();
                if let Some(block) = Self::block(text, at).or_else(|| Self::here_document(text, at)) {
                    return block;
                }
                let start = text.len() - rest.len();
                let scheme = scheme_length(rest).or_else(|| own_scheme_length(rest, name));
                Self::bare(text, start + scheme.unwrap_or(0), sign, scheme.is_some())
            }
        }
    }

    /// Up to what ends a value without quotes.
    fn bare(text: &str, start: usize, sign: Sign, has_scheme: bool) -> Value {
        let whole: fn(&str, usize, usize) -> usize = if sign == Sign::Assigned { assigned_end } else { written_end };
        let end = whole(text, start, VALUE_BYTES_SEEN);
        let goes_on = (end - start >= VALUE_BYTES_SEEN).then_some(whole);
        Value { start, end, quoted: false, has_scheme, goes_on }
    }

    /// All that follows the scheme of an `Authorization` that has parts: `Digest username="bob", response="…"`, `AWS4-HMAC-SHA256
    /// Credential=…, Signature=…`.
    fn authorization(text: &str, at: usize, name: &str) -> Option<Value> {
        const PARTED: [&str; 9] = [
            "digest ",
            "aws4-hmac-sha256 ",
            "hawk ",
            "oauth ",
            "signature ",
            "sharedkey ",
            "sharedkeylite ",
            "mac ",
            "scram-sha-256 ",
        ];
        if !name.to_ascii_lowercase().ends_with("authorization") {
            return None;
        }
        let rest = text[at..].trim_start_matches([' ', '\\', '"', '\'']);
        let scheme = PARTED
            .iter()
            .find(|scheme| rest.get(..scheme.len()).is_some_and(|word| word.eq_ignore_ascii_case(scheme)))?;
        let start = text.len() - rest.len() + scheme.len();
        if text[start..].starts_with("[REDACTED:") {
            // What is hidden already, perhaps with a number behind it.
            return Some(Value { start, end: start, quoted: true, has_scheme: true, goes_on: None });
        }
        let end = credentials_end(text, start, VALUE_BYTES_SEEN);
        Some(Value { start, end, quoted: true, has_scheme: true, goes_on: Some(credentials_end) })
    }

    /// A block of YAML: `|` or `>` and then lines that stand further in.
    fn block(text: &str, start: usize) -> Option<Value> {
        let rest = text[start..].strip_prefix(['|', '>'])?.trim_start_matches(['-', '+', ' ']).strip_prefix('\n')?;
        let indent = rest.bytes().take(VALUE_BYTES_SEEN).take_while(|byte| *byte == b' ').count();
        let start = text.len() - rest.len() + indent;
        let end = block_end(text, start, VALUE_BYTES_SEEN);
        (indent > 0 && end > start).then_some(Value {
            start,
            end,
            quoted: true,
            has_scheme: false,
            goes_on: Some(block_end),
        })
    }

    /// `<<EOT` and then lines up to one that says `EOT`.
    fn here_document(text: &str, at: usize) -> Option<Value> {
        const MARK_BYTES_MAX: usize = 16;
        let rest = text[at..].strip_prefix("<<")?.trim_start_matches(['-', '~', '"', '\'']);
        let mark =
            rest.bytes().take(MARK_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let (mark, lines) = rest.split_at(mark);
        let lines = lines.trim_start_matches(['"', '\'']).strip_prefix('\n').filter(|_| !mark.is_empty())?;
        let start = text.len() - lines.len();
        let mut end = start;
        for line in lines.split_inclusive('\n') {
            if line.trim() == mark || end - start >= VALUE_BYTES_SEEN {
                break;
            }
            end += line.len();
        }
        let end = start + text[start..end].trim_end().len();
        (end > start).then_some(Value { start, end, quoted: true, has_scheme: false, goes_on: None })
    }

    /// `<name>value</name>`
    fn element(text: &str, at: usize) -> Value {
        let inner = &text[at..];
        let inner = &inner[..inner.find('<').unwrap_or(inner.len())];
        let start = at + inner.len() - inner.trim_start().len();
        Value { start, end: start + inner.trim().len(), quoted: true, has_scheme: false, goes_on: None }
    }

    /// `"""…"""`, with or without lines of its own.
    fn between_three(text: &str, at: usize, quotes: &str) -> Value {
        let inner = &text[at..];
        let mut window = inner.len().min(VALUE_BYTES_SEEN);
        while !inner.is_char_boundary(window) {
            window -= 1;
        }
        // What is longer is hidden to the end of its line.
        let close = inner[..window].find(quotes).or_else(|| inner.find('\n')).unwrap_or(inner.len());
        let start = at + inner[..close].len() - inner[..close].trim_start().len();
        Value { start, end: start + inner[..close].trim().len(), quoted: true, has_scheme: false, goes_on: None }
    }

    /// Up to the quote that closes it, or to the end of the line when none does.
    fn quoted(text: &str, start: usize, quote: u8, is_escaped: bool, name: &str) -> Value {
        let bytes = text.as_bytes();
        let mut end = start;
        while end < bytes.len() && bytes[end] != quote && !(is_escaped && bytes[end] == b'\\') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        }
        let inner = &text[start..end];
        let scheme = scheme_length(inner).or_else(|| own_scheme_length(inner, name));
        Value { start: start + scheme.unwrap_or(0), end, quoted: true, has_scheme: scheme.is_some(), goes_on: None }
    }
}

/// The end of what follows the scheme of an `Authorization`: of its line, or a quote that was not opened in it.
fn credentials_end(text: &str, start: usize, bytes_max: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = start;
    let mut inner = false;
    while let Some(byte) = bytes.get(end).filter(|byte| **byte != b'\n' && end - start < bytes_max) {
        match byte {
            b'"' | b'\'' if inner => inner = false,
            b'"' | b'\'' if matches!(bytes[end - 1], b'=' | b'\\') => inner = true,
            b'"' | b'\'' => break,
            _ => {}
        }
        end += 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// The end of the lines that stand as far in as the one whose first character is at `start`.
fn block_end(text: &str, start: usize, bytes_max: usize) -> usize {
    let indent = text.as_bytes()[..start].iter().rev().take_while(|byte| **byte == b' ').count();
    let mut end = start;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        let is_inside = number == 0 || line.bytes().take(indent).take_while(|byte| *byte == b' ').count() == indent;
        if !is_inside || line.trim().is_empty() || end - start >= bytes_max {
            break;
        }
        end += line.len();
    }
    start + text[start..end].trim_end().len()
}

/// The end of a list of YAML from whose first item on nothing is to be seen.
pub(super) fn list_end(text: &str, first_end: usize) -> usize {
    let mut end = first_end;
    let mut at = first_end;
    for (number, line) in text[first_end..].split_inclusive('\n').enumerate() {
        at += line.len();
        match line.trim().strip_prefix('-') {
            _ if number == 0 => {}
            Some(item) if item.starts_with(' ') && !item.contains(": ") => {
                end = at - (line.len() - line.trim_end().len())
            }
            _ => break,
        }
    }
    end
}

/// `b"…"`, `u'…'`, `@"…"`: up to the quote.
fn skip_string_prefix(rest: &str) -> &str {
    let bytes = rest.as_bytes();
    let is_quote = |at: usize| matches!(bytes.get(at), Some(b'"' | b'\''));
    match bytes.first() {
        Some(b'b' | b'u' | b'r' | b'f' | b'@' | b'$' | b'L') if is_quote(1) => &rest[1..],
        _ => rest,
    }
}

/// Past what says of which type a value of YAML is, or by which name it is known elsewhere: `!!str`, `&anchor`.
fn skip_yaml_mark(rest: &str) -> &str {
    const MARK_BYTES_MAX: usize = 24;
    let Some(mark) = rest.strip_prefix("!!").or_else(|| rest.strip_prefix('&')) else { return rest };
    let length = mark.bytes().take(MARK_BYTES_MAX).take_while(u8::is_ascii_alphanumeric).count();
    mark[length..].strip_prefix(' ').filter(|_| length > 0).unwrap_or(rest)
}

/// Into a list or a call that holds a text: `["…"]`, `r#"…"#`.
fn skip_wrapper(rest: &str) -> &str {
    let inner = rest.strip_prefix('[').map(skip_blanks).or_else(|| rest.strip_prefix("r#"));
    inner.filter(|inner| inner.starts_with(['"', '\''])).unwrap_or(rest)
}

/// Past the word that says how the credential is to be read.
fn scheme_length(value: &str) -> Option<usize> {
    const SCHEME_BYTES_MAX: usize = 10;
    const SCHEMES: [&str; 14] = [
        "bearer",
        "basic",
        "token",
        "digest",
        "negotiate",
        "apikey",
        "api-key",
        "api-token",
        "ntlm",
        "hawk",
        "key",
        "bot",
        "sso-key",
        "geniekey",
    ];
    let length = value.bytes().take(SCHEME_BYTES_MAX + 1).position(|byte| byte == b' ')?;
    let word = &value[..length];
    let is_scheme = SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme));
    is_scheme.then(|| value.len() - value[word.len()..].trim_start_matches(' ').len())
}

/// Past a scheme that only one service has: `Authorization: PMAK …`. What follows it must be no word.
fn own_scheme_length(value: &str, name: &str) -> Option<usize> {
    const SCHEME_BYTES_MAX: usize = 24;
    if !name.to_ascii_lowercase().ends_with("authorization") {
        return None;
    }
    let length =
        value.bytes().take(SCHEME_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let rest = value[length..].strip_prefix(' ')?;
    let credential = rest.split(|byte: char| byte.is_whitespace() || matches!(byte, '"' | '\'')).next()?;
    (length > 0 && credential.len() >= 16 && is_unlike_a_word(credential)).then_some(length + 1)
}

/// Where a value without quotes ends that a machine reads: `a=b&c=d`, `a=b;c=d`.
fn assigned_end(text: &str, start: usize, bytes_max: usize) -> usize {
    bare_end(text, start, bytes_max, true)
}

/// Where one ends that people write: a comma may be part of it, unless a blank follows.
fn written_end(text: &str, start: usize, bytes_max: usize) -> usize {
    bare_end(text, start, bytes_max, false)
}

fn bare_end(text: &str, start: usize, bytes_max: usize, assigned: bool) -> usize {
    let bytes = &text.as_bytes()[start..];
    let blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let ends = |(at, byte): (usize, &u8)| match byte {
        b'"' | b'\'' | b'`' | b'<' | b'>' => true,
        b'&' | b',' | b';' if assigned => true,
        b',' | b';' => blank(at + 1),
        byte => byte.is_ascii_whitespace(),
    };
    let mut end = bytes.iter().enumerate().take(bytes_max).position(ends).unwrap_or(bytes.len().min(bytes_max)) + start;
    if end - start == bytes_max {
        while !text.is_char_boundary(end) {
            end += 1;
        }
        return end;
    }
    let value = &text[start..end];
    let value = if value.starts_with("${") || value.starts_with("$(") {
        value
    } else {
        value.trim_end_matches([')', ']', '}', '\\'])
    };
    start + value.trim_end_matches(['.', ':', ';', ',']).trim_end_matches('*').len()
}
