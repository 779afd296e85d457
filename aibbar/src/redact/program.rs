//! What a program writes where a value would stand: names, types, calls.

use super::name::{Meaning, meaning};
use super::random::is_random;

/// `newPassword`, `user_token`, `Option<…>`: what a program calls the value, or what type it is.
pub(super) fn is_reference_by_name(value: &str, quoted: bool, rest: &str) -> bool {
    let is_name = || {
        value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && (value.contains('_')
                || value.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
                    && value.bytes().any(|byte| byte.is_ascii_lowercase()))
            && meaning(value).is_some_and(Meaning::is_secret)
    };
    let is_constant = || {
        value.matches('_').count() >= 2
            && value.starts_with(|first: char| first.is_ascii_uppercase())
            && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            && meaning(value).is_some_and(Meaning::is_secret)
    };
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_type = || {
        let capital = value.starts_with(|first: char| first.is_ascii_uppercase());
        capital && is_word(value) && rest.starts_with('<')
            || value.starts_with("__") && !is_random(value)
            || value.starts_with(['&', '*'])
                && (value.len() == 1 || value[1..].split("::").all(is_word) || value == "*mut" || value == "*const")
            || value.contains("::") && value.split("::").all(is_word)
            || capital
                && value
                    .trim_end_matches(|last: char| last.is_ascii_digit())
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
                && rest.starts_with([',', ';', ')'])
                && !value.ends_with(|last: char| last.is_ascii_digit() && !matches!(last, '2' | '4' | '6' | '8'))
    };
    let is_macro = || {
        value.split_once('!').is_some_and(|(name, inner)| {
            is_word(name) && (if inner.is_empty() { rest } else { inner }).starts_with(['(', '[', '{'])
        })
    };
    let is_number = || {
        let (digits, kind) = value.split_at(value.bytes().take_while(u8::is_ascii_digit).count());
        value.strip_prefix("0x").is_some_and(|digits| digits.len() <= 8)
            || !digits.is_empty()
                && matches!(kind, "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "usize" | "L" | "UL")
    };
    let is_index = || {
        value.find('[').is_some_and(|open| {
            value[..open].bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'@'))
        })
    };
    // `useState<string>("")`, `new<Token>()`: a call of something generic.
    let is_generic_call = || {
        const TYPE_BYTES_MAX: usize = 64;
        let of = rest
            .bytes()
            .take(TYPE_BYTES_MAX)
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"<|[]_., ".contains(byte));
        is_word(value) && rest.starts_with('<') && rest[of.count()..].starts_with(">(")
    };
    let opens_block = || rest.starts_with(" {") && is_word(value);
    !quoted
        && (is_name()
            || is_constant()
            || is_type()
            || is_macro()
            || is_number()
            || is_index()
            || is_generic_call()
            || opens_block())
}

/// `api_key_header = "X-API-Key"`: where a secret will be looked for.
pub(super) fn names_a_header(name: &str, value: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    name.to_ascii_lowercase().ends_with("header") && value.split(['-', '_']).all(is_name)
}

/// `request.form`, `getToken()`, `settings.API_KEY`: where a program takes the value from.
pub(super) fn is_code(value: &str, quoted: bool) -> bool {
    let is_path = || {
        value.contains('.')
            && value.split('.').all(|part| {
                part.starts_with(|first: char| first.is_alphabetic() || first == '_')
                    && part.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            })
    };
    let is_call = || {
        value.find('(').is_some_and(|open| {
            open > 0
                && value[..open].bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':'))
        })
    };
    !quoted && (is_path() || is_call())
}
