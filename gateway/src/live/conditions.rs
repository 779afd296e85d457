//! What a client asks of a document's members: `/event/action/function="search",/event/action/tokens_used=512`.
//!
//! A condition is a JSON Pointer (RFC 6901), `=`, and a JSON text, number, `true`, `false` or `null`; several stand
//! with commas between them, and all of them hold. A pointer that has `=` in it stands in quotes, as JSON text.

use serde_json::{Number, Value};

/// The longest list of conditions, in bytes.
pub(super) const CONDITIONS_BYTES_MAX: usize = 2_048;

/// Conditions in one list.
const CONDITIONS_MAX: usize = 16;

/// One member is equal to this.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// The pointer's tokens, as they stand in documents.
    tokens: Vec<String>,
    value: Value,
}

/// Why a list of conditions is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it does not parse at character {position}: {expected}")]
pub(crate) struct NotConditions {
    /// Characters from the beginning, the first being 1.
    pub(crate) position: usize,
    /// What should stand there.
    expected: String,
}

impl Condition {
    /// Every condition of a list.
    pub(super) fn parse_all(text: &str) -> Result<Vec<Condition>, NotConditions> {
        let mut parser = Parser { text, at: 0 };
        if text.len() > CONDITIONS_BYTES_MAX {
            return Err(parser.wrong(format!("conditions of at most {CONDITIONS_BYTES_MAX} bytes")));
        }
        let mut conditions = Vec::new();
        loop {
            if conditions.len() == CONDITIONS_MAX {
                return Err(parser.wrong(format!("at most {CONDITIONS_MAX} conditions")));
            }
            conditions.push(parser.condition()?);
            parser.skip_spaces();
            match parser.rest().chars().next() {
                None => return Ok(conditions),
                Some(',') => parser.at += 1,
                Some(_) => return Err(parser.wrong("a comma and another condition, or the end".to_owned())),
            }
        }
    }

    /// Whether it holds of this document.
    pub(super) fn holds(&self, document: &Value) -> bool {
        let member = self.tokens.iter().try_fold(document, |inside, token| match inside {
            Value::Object(members) => members.get(token),
            Value::Array(items) => items.get(index(token)?),
            _ => None,
        });
        member.is_some_and(|member| match (member, &self.value) {
            (Value::Number(one), Value::Number(other)) => is_same(one, other),
            (one, other) => one == other,
        })
    }
}

/// An array's member as RFC 6901 counts: without a leading zero.
fn index(token: &str) -> Option<usize> {
    let is_plain = token.bytes().all(|b| b.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
    if is_plain { token.parse().ok() } else { None }
}

/// `1` and `1.0` are the same number to JSON.
fn is_same(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64(), one.as_u64(), other.as_u64()) {
        (Some(one), Some(other), ..) => one == other,
        (_, _, Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

struct Parser<'t> {
    text: &'t str,
    /// Bytes that were read.
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(' ').len();
    }

    fn condition(&mut self) -> Result<Condition, NotConditions> {
        self.skip_spaces();
        let began = self.at;
        let pointer = if self.rest().starts_with('"') {
            match self.json()? {
                Value::String(pointer) => pointer,
                _ => return Err(self.wrong("a JSON Pointer".to_owned())),
            }
        } else {
            let end = self.rest().find('=').unwrap_or(self.rest().len());
            let pointer = self.rest()[..end].to_owned();
            self.at += end;
            pointer
        };
        let tokens = tokens(&pointer).map_err(|expected| Parser { text: self.text, at: began }.wrong(expected))?;
        self.skip_spaces();
        if !self.rest().starts_with('=') {
            return Err(self.wrong("`=` after the JSON Pointer".to_owned()));
        }
        self.at += 1;
        self.skip_spaces();
        let began = self.at;
        let value = self.json()?;
        if value.is_array() || value.is_object() {
            let expected = "text in quotes, a number, true, false or null".to_owned();
            return Err(Parser { text: self.text, at: began }.wrong(expected));
        }
        Ok(Condition { tokens, value })
    }

    /// One JSON value, and no further.
    fn json(&mut self) -> Result<Value, NotConditions> {
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            _ => Err(self.wrong("a JSON value: text in quotes, a number, true, false or null".to_owned())),
        }
    }

    fn wrong(&self, expected: String) -> NotConditions {
        NotConditions { position: self.text[..self.at].chars().count() + 1, expected: format!("expected {expected}") }
    }
}

/// The pointer's tokens without their escapes, or what was expected.
fn tokens(pointer: &str) -> Result<Vec<String>, String> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let rest = pointer.strip_prefix('/').ok_or("a JSON Pointer, which begins with `/`")?;
    rest.split('/').map(token).collect()
}

fn token(escaped: &str) -> Result<String, String> {
    let mut token = String::with_capacity(escaped.len());
    let mut chars = escaped.chars();
    while let Some(c) = chars.next() {
        token.push(match c {
            '~' => match chars.next() {
                Some('0') => '~',
                Some('1') => '/',
                _ => return Err("a JSON Pointer, in which `~` is `~0` and `/` is `~1`".to_owned()),
            },
            c => c,
        });
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn check(conditions: &str, document: &Value, expected: bool) {
        let parsed = Condition::parse_all(conditions).unwrap();
        assert_eq!(parsed.iter().all(|condition| condition.holds(document)), expected, "{conditions} of {document}");
    }

    #[test]
    fn members_are_compared_as_json_does() {
        let document = json!({
            "a": { "b=c": 1, "d/e": [true, null, { "f~": "g, \"h\" = ü" }] },
            "n": -2.5, "big": 18_446_744_073_709_551_615_u64, "": "unnamed", "0": "text"
        });
        for (conditions, expected) in [
            (r#"/a/d~1e/2/f~0="g, \"h\" = ü""#, true),
            (r#""/a/b=c"=1"#, true),
            (r#""/a/b=c"=1.0 , /n=-25e-1,/a/d~1e/0=true"#, true),
            (r#""/a/b=c"=1,/n=2"#, false),
            ("/a/d~1e/1=null", true),
            ("/a/d~1e/01=null", false),
            ("/a/d~1e/-=null", false),
            ("/nowhere=null", false),
            ("/a=null", false),
            ("/big=18446744073709551615", true),
            ("/big=18446744073709551614", false),
            (r#"/="unnamed""#, true),
            (r#"/0="text""#, true),
            (r#"/n="-2.5""#, false),
        ] {
            check(conditions, &document, expected);
        }
        check(r#"""="whole""#, &json!("whole"), true);
    }

    #[test]
    fn what_does_not_parse_is_told_with_its_place() {
        for (text, position) in [
            ("", 1),
            ("a=1", 1),
            ("/a", 3),
            ("/a=", 4),
            ("/ü=x", 4),
            ("/a=[1]", 4),
            ("/a~2=1", 1),
            ("/a=1,", 6),
            ("/a=1;/b=2", 4),
            (r#"/a="x" /b=1"#, 8),
            (r#""/a=1"#, 1),
        ] {
            assert_eq!(Condition::parse_all(text).unwrap_err().position, position, "{text}");
        }
        let many = vec!["/a=1"; CONDITIONS_MAX + 1].join(",");
        assert!(Condition::parse_all(&many).is_err());
        assert!(Condition::parse_all(&format!("/{}=1", "a".repeat(CONDITIONS_BYTES_MAX))).is_err());
    }
}
