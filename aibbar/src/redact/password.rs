//! Values that their names give away, in text: `password=…`, `"api_key": "…"`, `<token>…</token>`, `--secret …`, `Authorization: Bearer …`.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::hit::Hit;
use super::name::{Meaning, is_key_of_service, meaning};
use super::program::{is_code, is_reference_by_name};
use super::providers::PROVIDERS;
use super::random::{is_random, is_uuid};
use super::stand_in::{entropy, is_reference_or_sample, is_stand_in, is_unlike_a_word};

/// How far a name reaches to each side of its stem, in bytes.
const NAME_BYTES_MAX: usize = 64;
/// How much of a value is looked at to tell whether it is one, in bytes. All of it is hidden.
const VALUE_BYTES_SEEN: usize = 256;
/// Blanks between a name, its sign and its value.
const BLANKS_MAX: usize = 16;

/// What some word of every name that matters contains, and the names of services.
static STEM: LazyLock<Regex> = LazyLock::new(|| {
    let plain = "pass|pwd|pswd|psswd|pw\\b|secret|token|key|cred|auth|bearer|basic|jwt|\\bpin|otp|cvv|cvc|csc|code|kennwort|contrase|senha|\
                 wachtwoord|\\bmdp\\b|\\bclave|haslo|heslo|jelszo|lozinka|parola|adgangskode|salasana|losenord|sifre|\\bapi\\b|\\baccess\\b|\\bsid\\b|\
                 \\bsig\\b|-signature|sessid|sessionid|salt|pepper|seed|mnemonic";
    let written = "lösenord|hasło|jelszó|şifre|пароль|пароля|密码|密碼|口令|パスワード|비밀번호|암호";
    let services =
        PROVIDERS.iter().filter(|name| name.len() >= SERVICE_BYTES_MIN).copied().collect::<Vec<_>>().join("|");
    Regex::new(&format!("(?i-u:{plain}|{services})|(?i:{written})")).expect("made of words")
});

/// Shorter names of services are parts of too many other words to be looked for.
const SERVICE_BYTES_MIN: usize = 4;

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut from = 0;
    let mut floor = 0;
    while let Some(stem) = STEM.find_at(text, from) {
        let name = Name::around(text, floor, stem.start(), stem.end());
        from = name.end.max(stem.end());
        if text[..name.start].ends_with("[REDACTED:") {
            continue;
        }
        if let Some(value) = scheme_value(text, &name).or_else(|| named_value(text, &name)) {
            hits.push(value);
            from = value.end;
            floor = from;
        }
    }
}

/// An identifier in a text.
struct Name {
    start: usize,
    end: usize,
}

impl Name {
    fn around(text: &str, floor: usize, stem_start: usize, stem_end: usize) -> Name {
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
enum Sign {
    /// `=`, `=>`, `:=`, `<name>`, `--name `: a machine wrote it, or reads it.
    Assigned,
    /// `:`, as machines and people write.
    Colon,
    /// `("name", "value")`, `-Name value`: only what is unlike a word is taken for a value.
    Paired,
    /// ` is `
    Prose,
}

/// `Bearer …` and `Basic …`, wherever they stand.
fn scheme_value(text: &str, name: &Name) -> Option<Hit> {
    let scheme = &text[name.start..name.end];
    let rest = text[name.end..].strip_prefix(' ')?.trim_start_matches(' ');
    let start = text.len() - rest.len();
    let end = start + rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte)).count();
    let value = text[start..end].trim_end_matches('.');
    let is_credential = if scheme.eq_ignore_ascii_case("bearer") {
        value.len() >= 8 && is_unlike_a_word(value) && !is_stand_in(value)
    } else if scheme.eq_ignore_ascii_case("basic") {
        let mixed = value.bytes().any(|byte| byte.is_ascii_digit() || byte == b'=')
            && value.bytes().any(|byte| byte.is_ascii_uppercase());
        value.len() >= 8 && value.len().is_multiple_of(4) && mixed && !value.contains(['-', '_', '.'])
    } else {
        return None;
    };
    is_credential.then(|| Hit::new(Kind::Secret, start, start + value.len()))
}

fn named_value(text: &str, name: &Name) -> Option<Hit> {
    let (sign, at) = sign_after(text, name)?;
    let (sign, at) = argument(text, at).map_or((sign, at), |at| (Sign::Paired, at));
    let word = &text[name.start..name.end];
    let meaning = meaning(word).filter(|meaning| meaning.is_secret() || *meaning == Meaning::Key)?;
    let mut value = Value::read(text, at, sign, word);
    let seen = seen(text, value.start, value.end);
    if !is_secret(meaning, word, seen, sign, value.quoted, &text[value.end..]) {
        return None;
    }
    if let Some(whole) = value.goes_on {
        value.end = whole(text, value.start, usize::MAX);
    }
    Some(Hit::new(if value.has_scheme { Kind::Secret } else { Kind::Password }, value.start, value.end))
}

fn seen(text: &str, start: usize, end: usize) -> &str {
    let mut to = end.min(start + VALUE_BYTES_SEEN);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[start..to]
}

/// The sign behind a name, and where the value may begin.
fn sign_after(text: &str, name: &Name) -> Option<(Sign, usize)> {
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
                let rest = skip_blanks(rest);
                return rest.starts_with(['"', '\'']).then(|| (Sign::Paired, at(rest)));
            }
            return Some((Sign::Assigned, at(rest)));
        }
    }
    for sign in [":", "："] {
        if let Some(rest) = rest.strip_prefix(sign) {
            if rest.starts_with(':') || rest.starts_with("//") {
                return None;
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
    None
}

/// `Some("…")`, `Secret::new("…")`, `new String('…')`: where the text begins that a call is given.
fn argument(text: &str, at: usize) -> Option<usize> {
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

fn skip_blanks(text: &str) -> &str {
    let blanks = text.bytes().take(BLANKS_MAX).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    &text[blanks..]
}

/// Where a value stands, without its quotes and without the scheme before it.
struct Value {
    start: usize,
    end: usize,
    quoted: bool,
    /// `Bearer`, `Basic` … stood before it.
    has_scheme: bool,
    /// Finds its end, reading so many bytes at most, when `end` is only where what was read of it ends: the whole is read when
    /// it is known to be a secret, or a text of nothing but beginnings would be read again from each.
    goes_on: Option<fn(&str, usize, usize) -> usize>,
}

impl Value {
    fn read(text: &str, at: usize, sign: Sign, name: &str) -> Value {
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
        let rest = skip_string_prefix(rest);
        let open = rest.trim_start_matches('\\');
        match open.bytes().next().filter(|first| matches!(first, b'"' | b'\'' | b'`')) {
            Some(quote) => Self::quoted(text, text.len() - open.len() + 1, quote, open.len() < rest.len()),
            None => {
                if let Some(block) = Self::block(text, text.len() - rest.len()) {
                    return block;
                }
                let start = text.len() - rest.len();
                let scheme = scheme_length(rest);
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

    /// `<name>value</name>`
    fn element(text: &str, at: usize) -> Value {
        let inner = &text[at..];
        let inner = &inner[..inner.find('<').unwrap_or(inner.len())];
        let start = at + inner.len() - inner.trim_start().len();
        Value { start, end: start + inner.trim().len(), quoted: true, has_scheme: false, goes_on: None }
    }

    /// Up to the quote that closes it, or to the end of the line when none does.
    fn quoted(text: &str, start: usize, quote: u8, is_escaped: bool) -> Value {
        let bytes = text.as_bytes();
        let mut end = start;
        while end < bytes.len() && bytes[end] != quote && !(is_escaped && bytes[end] == b'\\') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if end >= bytes.len() {
            end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        }
        let scheme = scheme_length(&text[start..end]);
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

/// `b"…"`, `u'…'`, `@"…"`: up to the quote.
fn skip_string_prefix(rest: &str) -> &str {
    let bytes = rest.as_bytes();
    let is_quote = |at: usize| matches!(bytes.get(at), Some(b'"' | b'\''));
    match bytes.first() {
        Some(b'b' | b'u' | b'r' | b'f' | b'@' | b'$' | b'L') if is_quote(1) => &rest[1..],
        _ => rest,
    }
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

/// So many digits under a token's name are no count.
const TOKEN_DIGITS_MIN: usize = 10;

/// Whether this value is one to hide. A name promises more or less, a sign too, and a sentence is none.
fn is_secret(meaning: Meaning, name: &str, value: &str, sign: Sign, quoted: bool, rest: &str) -> bool {
    let characters = value.chars().count();
    // Under a password's name in quotes, a plain word may be the password; a reference or a row of stars is not.
    let is_nobodys =
        if meaning == Meaning::Password && quoted { is_reference_or_sample(value) } else { is_stand_in(value) };
    if is_nobodys || value.is_empty() {
        return false;
    }
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    if sign == Sign::Paired && !is_unlike_a_word(value) || is_reference_by_name(value, quoted, rest) {
        return false;
    }
    let firm = matches!(sign, Sign::Assigned | Sign::Paired) || sign == Sign::Colon && quoted;
    let is_sentence = || !quoted && value.chars().all(char::is_alphabetic) && follows_a_word(rest);
    match meaning {
        Meaning::Pin => digits && (3..=8).contains(&characters),
        Meaning::Password if name.ends_with("PWD") && value.starts_with('/') => false,
        Meaning::Password => match sign {
            Sign::Prose => characters >= 4 && (is_unlike_a_word(value) || quoted) || digits && characters >= 6,
            Sign::Colon if !quoted => {
                characters >= if digits { 4 } else { 3 } && !is_sentence() && !is_code(value, quoted)
            }
            _ => characters >= 3 && !is_code(value, quoted),
        },
        Meaning::Secret if firm => {
            let plain = value.contains(' ') && !is_unlike_a_word(value);
            characters >= if digits { 6 } else { 4 } && !plain && !is_code(value, quoted)
        }
        Meaning::Secret | Meaning::Token => {
            let long = firm && characters >= if quoted { 16 } else { 8 };
            // As many digits as no count has.
            let plain = digits && characters < TOKEN_DIGITS_MIN || value.contains(' ') || entropy(value) <= 1.5;
            characters >= 6 && !plain && (long || is_unlike_a_word(value)) && !is_code(value, quoted)
        }
        Meaning::Key => {
            sign != Sign::Prose && (is_random(value) || is_uuid(value.as_bytes()) && is_key_of_service(name))
        }
        Meaning::Phone | Meaning::Ssn | Meaning::Card | Meaning::Cookie => false,
    }
}

fn follows_a_word(rest: &str) -> bool {
    rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|first: char| first.is_alphabetic()))
}
