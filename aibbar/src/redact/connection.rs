//! The password inside of a URL: `postgres://user:password@host/db`. Scheme, user and host stay readable.

use super::Kind;
use super::hit::Hit;
use super::stand_in::is_stand_in;

/// Longest user, password and host, in bytes.
const AUTHORITY_BYTES_MAX: usize = 1024;
/// A user without a password who is as long as this is a token.
const TOKEN_BYTES_MIN: usize = 20;

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    oracle(text, hits);
    for (at, slashes) in text.match_indices("://") {
        let start = at + slashes.len();
        let bytes = &text.as_bytes()[start..text.len().min(start + AUTHORITY_BYTES_MAX)];
        let length = bytes.iter().position(|byte| ends_authority(*byte)).unwrap_or(bytes.len());
        let Some(user_length) = bytes[..length].iter().rposition(|byte| *byte == b'@') else { continue };
        let user = &text[start..start + user_length];
        match user.find(':') {
            Some(colon) => {
                let password = &user[colon + 1..];
                if !is_stand_in(password) {
                    hits.push(Hit::new(Kind::Secret, start + colon + 1, start + user_length));
                }
            }
            None if user.len() >= TOKEN_BYTES_MIN
                && user.bytes().any(|byte| byte.is_ascii_digit())
                && !user.contains('.') =>
            {
                hits.push(Hit::new(Kind::Secret, start, start + user_length));
            }
            None => {}
        }
    }
}

/// `jdbc:oracle:thin:user/password@//host:1521/service`
fn oracle(text: &str, hits: &mut Vec<Hit>) {
    for (at, driver) in text.match_indices("jdbc:oracle:") {
        let start = at + driver.len();
        let bytes = &text.as_bytes()[start..text.len().min(start + AUTHORITY_BYTES_MAX)];
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'@' | b'"' | b'\'' | b'<' | b'>');
        let Some(end) = bytes.iter().position(ends).filter(|end| bytes[*end] == b'@') else { continue };
        let Some(slash) = bytes[..end].iter().position(|byte| *byte == b'/') else { continue };
        let (from, to) = (start + slash + 1, start + end);
        if !is_stand_in(&text[from..to]) {
            hits.push(Hit::new(Kind::Secret, from, to));
        }
    }
}

fn ends_authority(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'?' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\')
}
