//! How a value follows its name in text: `=`, `:`, `=>`, `--name value`, `<name>value</name>`, `("name", "value")` …

use super::value::{VALUE_BYTES_SEEN, skip_blanks};

/// How far a name reaches to each side of its stem, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// An identifier in a text.
pub(super) struct Name {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Name {
    pub(super) fn around(text: &str, floor: usize, stem_start: usize, stem_end: usize) -> Name {
        let is_part = |character: &char| {
            character.is_alphanumeric() && *character < '\u{2e80}' || matches!(character, '_' | '-' | '.')
        };
        let length = |characters: &mut dyn Iterator<Item = char>| {
            let mut length = 0;
            for character in characters.take_while(is_part) {
                if length >= NAME_BYTES_MAX {
                    break;
                }
                length += character.len_utf8();
            }
            length
        };
        let mut start = stem_start - length(&mut text[floor..stem_start].chars().rev());
        let mut end = stem_end + length(&mut text[stem_end..].chars());
        end -= text[stem_end..end].len() - text[stem_end..end].trim_end_matches(['.', '-']).len();
        start += text[start..stem_start].len() - text[start..stem_start].trim_start_matches(['.', '-']).len();
        let mut name = Name { start, end };
        if matches!(text[start..end].to_ascii_lowercase().as_str(), "key" | "keys" | "code" | "token" | "tokens") {
            // Two words, as people write them: `API key`.
            if let Some(before) = text[floor..start].strip_suffix(' ') {
                name.start -= 1 + length(&mut before.chars().rev());
                if name.start + 1 >= start {
                    name.start = start;
                }
            }
        }
        name
    }
}

/// How a value follows its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `=`, `=>`, `:=`, `<name>`, `--name `: a machine wrote it, or reads it.
    Assigned,
    /// `:`, as machines and people write.
    Colon,
    /// `("name", "value")`, `-Name value`: only what is unlike a word is taken for a value.
    Paired,
    /// ` is `
    Prose,
    /// A blank, `,`, `|` or `>` alone: only what was made by a machine, or is in quotes and no word, is taken for a value.
    Loose,
    /// `:` and then lines that begin with `-`: the same for the first of them, and the others are as it is.
    Listed,
}

/// The sign behind a name, and where the value may begin.
pub(super) fn sign_after(text: &str, name: &Name) -> Option<(Sign, usize)> {
    let before = &text[..name.start];
    let tail = &text[name.end..];
    let is_element =
        before.strip_suffix('<').is_some_and(|before| !before.ends_with(|last: char| last.is_ascii_alphanumeric()));
    if is_element {
        let close = tail.bytes().take(VALUE_BYTES_SEEN).position(|byte| matches!(byte, b'>' | b'<' | b'\n'))?;
        let inner = &tail[close + 1..];
        let closes = inner.find('<').is_some_and(|end| inner[end..].starts_with("</"));
        return (closes && tail.as_bytes()[close] == b'>' && !tail[..close].ends_with('/'))
            .then(|| (Sign::Assigned, name.end + close + 1));
    }
    let closed = tail.trim_start_matches(['"', '\'', '`', '\\', ']', ')', '*']);
    let closed = if tail.len() - closed.len() <= 4 { closed } else { tail };
    let rest = skip_blanks(closed);
    let at = |rest: &str| text.len() - rest.len();

    // The arrow of R; without a quote behind it, it may be a comparison with something negative.
    if let Some(rest) = rest.strip_prefix("<-").map(skip_blanks).filter(|rest| rest.starts_with(['"', '\''])) {
        return Some((Sign::Assigned, at(rest)));
    }
    for sign in ["=>", ":=", "->", "===", "==", "=", "＝", "?=", "??=", "::=", ":::=", ".=", "+=", "||=", "||", "|="] {
        if let Some(rest) = rest.strip_prefix(sign) {
            if sign.len() > 1 && sign.bytes().all(|byte| byte == b'=') {
                // What is compared with is a value only in quotes.
                let value = skip_blanks(rest);
                if sign == "=="
                    && closed.starts_with(sign)
                    && !value.starts_with(['"', '\''])
                    && value.len() == rest.len()
                {
                    // Nobody compares without a blank, and base64 from the back may begin so: `token==r20n…`.
                    return Some((Sign::Loose, at(rest) - 1));
                }
                return value.starts_with(['"', '\'']).then(|| (Sign::Paired, at(value)));
            }
            return Some((Sign::Assigned, at(rest)));
        }
    }
    for sign in [":", "："] {
        if let Some(rest) = rest.strip_prefix(sign) {
            if rest.starts_with(':') || rest.starts_with("//") {
                return None;
            }
            if let Some(item) = first_item(rest) {
                return Some((Sign::Listed, at(item)));
            }
            let rest = rest.trim_start_matches('*');
            return Some(assigned_after_type(rest).map_or((Sign::Colon, at(rest)), |rest| (Sign::Assigned, at(rest))));
        }
    }
    if let Some(rest) = beside(text, name, closed) {
        return Some((Sign::Assigned, at(rest)));
    }
    if let Some(pair) = rest.strip_prefix(',').map(skip_blanks).filter(|_| before.ends_with(['"', '\''])) {
        return pair.starts_with(['"', '\'']).then(|| (Sign::Paired, at(pair)));
    }
    if closed.len() == tail.len() {
        if let Some(rest) = tail.strip_prefix('(').filter(|rest| rest.starts_with(['"', '\''])) {
            return Some((Sign::Assigned, at(rest)));
        }
        if before.ends_with("--") && tail.starts_with(' ') && !rest.starts_with('-') {
            return Some((Sign::Assigned, at(rest)));
        }
        if tail.starts_with(' ') && takes_next_word(before) {
            return Some((Sign::Paired, at(rest)));
        }
        for verb in ["is ", "was ", "to ", "ist ", "est ", "es ", "is: ", "is:"] {
            if let Some(rest) = rest.strip_prefix(verb).filter(|_| tail.starts_with(' ')) {
                return Some((Sign::Prose, at(rest)));
            }
        }
        if let Some(rest) = told_of(tail) {
            return Some((Sign::Prose, at(rest)));
        }
        let is_typed = ["string", "String", "str", "&str", "char", "text", "Secret", "SecretStr"]
            .iter()
            .any(|kind| rest.starts_with(kind));
        if let Some(rest) = assigned_after_type(rest).filter(|_| is_typed) {
            return Some((Sign::Assigned, at(rest)));
        }
        // A code is often told without any sign: `PIN 4711`.
        if tail.starts_with(' ') && rest.starts_with(|first: char| first.is_ascii_digit()) {
            return Some((Sign::Prose, at(rest)));
        }
    }
    loose(tail, closed).map(|rest| (Sign::Loose, at(rest)))
}

/// The first line of a list of YAML, without its dash.
fn first_item(rest: &str) -> Option<&str> {
    const INDENT_BYTES_MAX: usize = 32;
    let lines = skip_blanks(rest).strip_prefix('\n')?;
    let indent = lines.bytes().take(INDENT_BYTES_MAX).take_while(|byte| *byte == b' ').count();
    lines[indent..].strip_prefix("- ")
}

/// `password for the box: …`, `token of bob's account is …`: what is told after saying what it opens.
fn told_of(tail: &str) -> Option<&str> {
    const OF_BYTES_MAX: usize = 48;
    let of = [" for ", " of ", " to "].iter().find_map(|word| tail.strip_prefix(word))?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b" '@._-".contains(byte);
    let length = of.bytes().take(OF_BYTES_MAX).take_while(is_part).count();
    if let Some(rest) = of[length..].strip_prefix(": ") {
        return Some(rest);
    }
    of[..length].find(" is ").map(|verb| &of[verb + 4..])
}

/// `apikey|…`, `api_key, "…"`, `token > "…"`, `#define API_KEY "…"`, `val key by "…"`: what follows so weak a sign.
fn loose<'t>(tail: &'t str, closed: &'t str) -> Option<&'t str> {
    let rest = skip_blanks(closed);
    let value = match rest.strip_prefix(['|', ',', '>']) {
        Some(rest) => skip_blanks(rest),
        None if closed.len() == tail.len() && rest.len() < tail.len() => rest.strip_prefix("by ").unwrap_or(rest),
        None => return None,
    };
    value.starts_with(|first: char| first.is_ascii_alphanumeric() || "\"'_+/".contains(first)).then_some(value)
}

/// `Some("…")`, `Secret::new("…")`, `new String('…')`: where the text begins that a call is given.
pub(super) fn argument(text: &str, at: usize) -> Option<usize> {
    const CALL_BYTES_MAX: usize = 48;
    const TUPLE_BYTES_MAX: usize = 96;
    let rest = skip_blanks(&text[at..]);
    let open = rest.bytes().take(CALL_BYTES_MAX).position(|byte| byte == b'(')?;
    // `auth=("bob", "…")`: the second of two.
    if open == 0 {
        let (_, second) = rest.get(1..TUPLE_BYTES_MAX.min(rest.len()))?.split_once(',')?;
        let blanks = second.len() - second.trim_start().len();
        let at = at + (text[at..].len() - rest.len()) + 1 + rest[1..].find(',')? + 1 + blanks;
        return text[at..].starts_with(['"', '\'']).then_some(at);
    }
    let is_call = open > 0
        && rest[..open].bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b' '));
    let inner = &rest[open + 1..];
    (is_call && inner.starts_with(['"', '\''])).then(|| text.len() - inner.len())
}

/// `-Password x` of PowerShell, `ENV TOKEN x` of a Dockerfile, `login bob password x` of a netrc.
fn takes_next_word(before: &str) -> bool {
    let mut words = before.trim_end_matches('-').rsplit(' ').filter(|word| !word.is_empty()).take(2);
    let (last, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let dashed =
        before.strip_suffix('-').is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace));
    dashed || matches!(last, "ENV" | "setx" | "ARG") || second == "login" && before.ends_with(' ')
}

/// `name: DB_PASSWORD` and then `value: x`; `<add key="Password" value="x"/>`; `{"name": "DB_PASSWORD", "value": "x"}`.
fn beside<'t>(text: &str, name: &Name, closed: &'t str) -> Option<&'t str> {
    const BETWEEN_BYTES_MAX: usize = 32;
    let is_value = text[..name.start].trim_end_matches(['"', '\'', '\\', ' ']).ends_with([':', '=']);
    let window = closed.bytes().take(BETWEEN_BYTES_MAX);
    let blanks =
        window.take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b'"' | b'\'' | b'\\')).count();
    if !is_value || blanks == 0 {
        return None;
    }
    let rest = &closed[blanks..];
    let rest = ["value", "Value", "content"].iter().find_map(|member| rest.strip_prefix(member))?;
    skip_blanks(rest.trim_start_matches(['"', '\'', '\\'])).strip_prefix([':', '='])
}

/// `string = …`, `: Option<&str> = …`: as behind the name of a variable that has a type.
fn assigned_after_type(rest: &str) -> Option<&str> {
    const TYPE_BYTES_MAX: usize = 48;
    let rest = skip_blanks(rest);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_:<>&'*[]?|. ".contains(byte);
    let length = rest.bytes().take(TYPE_BYTES_MAX).take_while(is_part).count();
    let (kind, rest) = rest.split_at(length);
    let is_type = kind.starts_with(|first: char| first.is_ascii_alphabetic() || first == '&' || first == '_')
        && (!kind.trim_end().contains(' ') || kind.contains(['&', '<', '|']));
    is_type.then(|| rest.strip_prefix('=')).flatten().filter(|rest| !rest.starts_with(['=', '>']))
}
