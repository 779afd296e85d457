//! From bytes to a value, in one pass.
//!
//! Recursive descent; [`DEPTH_MAX`] bounds the recursion. UTF-8 is checked once for the whole text, so that
//! strings can be taken as slices of it.

use serde_json::{Map, Number, Value};

use super::{DEPTH_MAX, ENDS_PLAIN_RUN, INTEGER_MAX, JsonFault, JsonFaultKind, is_white_space};

/// Reads one JSON value. Integers become `i64`, all other numbers `f64`.
pub fn parse(json: &[u8]) -> Result<Value, JsonFault> {
    if json.starts_with(b"\xEF\xBB\xBF") {
        return Err(JsonFault { kind: JsonFaultKind::ByteOrderMark, offset: 0 });
    }
    let text = str::from_utf8(json)
        .map_err(|error| JsonFault { kind: JsonFaultKind::InvalidUtf8, offset: error.valid_up_to() })?;
    let mut parser = Parser { text, bytes: json, at: 0, depth: 0 };
    let value = parser.value()?;
    parser.white_space();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.fault(JsonFaultKind::TrailingBytes)),
    }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Result<Value, JsonFault> {
        self.white_space();
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.unexpected(JsonFaultKind::ValueExpected)),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, JsonFault>) -> Result<Value, JsonFault> {
        if self.depth == DEPTH_MAX {
            return Err(self.fault(JsonFaultKind::TooDeep));
        }
        self.depth += 1;
        self.at += 1; // the opening bracket
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, JsonFault> {
        let mut members = Map::new();
        self.white_space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.white_space();
            let name_at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected(JsonFaultKind::NameExpected));
            }
            let name = self.string()?;
            self.white_space();
            if !self.take(b':') {
                return Err(self.unexpected(JsonFaultKind::ColonExpected));
            }
            let value = self.value()?;
            if members.insert(name, value).is_some() {
                return Err(JsonFault { kind: JsonFaultKind::DuplicateMember, offset: name_at });
            }
            self.white_space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err(self.unexpected(JsonFaultKind::ObjectNotContinued));
            }
        }
    }

    fn array(&mut self) -> Result<Value, JsonFault> {
        let mut elements = Vec::new();
        self.white_space();
        if self.take(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            self.white_space();
            if self.take(b']') {
                return Ok(Value::Array(elements));
            }
            if !self.take(b',') {
                return Err(self.unexpected(JsonFaultKind::ArrayNotContinued));
            }
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, JsonFault> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.fault(JsonFaultKind::ValueExpected));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Number, JsonFault> {
        let start = self.at;
        let invalid = JsonFault { kind: JsonFaultKind::InvalidNumber, offset: start };
        self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let integer_digits = self.digits();
        if integer_digits == 0 || (leading_zero && integer_digits > 1) {
            return Err(invalid);
        }
        let mut is_integer = true;
        if self.take(b'.') {
            is_integer = false;
            if self.digits() == 0 {
                return Err(invalid);
            }
        }
        if self.take(b'e') || self.take(b'E') {
            is_integer = false;
            if !self.take(b'+') {
                self.take(b'-');
            }
            if self.digits() == 0 {
                return Err(invalid);
            }
        }

        let literal = &self.text[start..self.at];
        if is_integer {
            // What not even an i64 holds is beyond the bound as well.
            return literal
                .parse::<i64>()
                .ok()
                .filter(|integer| integer.unsigned_abs() <= INTEGER_MAX.unsigned_abs())
                .map(Number::from)
                .ok_or(JsonFault { kind: JsonFaultKind::IntegerTooLarge, offset: start });
        }
        // Rust's reading is exact (round half to even), and infinity is its answer to what is too large.
        literal
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .ok_or(JsonFault { kind: JsonFaultKind::NumberTooLarge, offset: start })
    }

    /// Takes digits, and tells how many they were.
    fn digits(&mut self) -> usize {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        count
    }

    fn string(&mut self) -> Result<String, JsonFault> {
        self.at += 1; // the opening quote
        let plain = self.plain_run();
        if self.take(b'"') {
            return Ok(plain.to_owned());
        }
        let mut string = plain.to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => return Err(self.fault(JsonFaultKind::ControlCharacter)),
                None => return Err(self.fault(JsonFaultKind::UnexpectedEnd)),
            }
            string.push_str(self.plain_run());
        }
    }

    /// Takes everything up to the next quote, backslash or control character.
    fn plain_run(&mut self) -> &'a str {
        let start = self.at;
        let rest = &self.bytes[start..];
        self.at += rest.iter().position(|byte| ENDS_PLAIN_RUN[usize::from(*byte)]).unwrap_or(rest.len());
        &self.text[start..self.at]
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        let start = self.at;
        self.at += 1; // the backslash
        let Some(letter) = self.peek() else {
            return Err(self.fault(JsonFaultKind::UnexpectedEnd));
        };
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(start),
            _ => return Err(JsonFault { kind: JsonFaultKind::InvalidEscape, offset: start }),
        })
    }

    /// The rest of `\uXXXX`, and the second half when it is the first of a surrogate pair.
    fn unicode_escape(&mut self, start: usize) -> Result<char, JsonFault> {
        let lone = JsonFault { kind: JsonFaultKind::LoneSurrogate, offset: start };
        let unit = self.hex4(start)?;
        let code_point = match unit {
            0xD800..=0xDBFF => {
                let second_at = self.at;
                if !(self.take(b'\\') && self.take(b'u')) {
                    return Err(lone);
                }
                let second = self.hex4(second_at)?;
                if !(0xDC00..=0xDFFF).contains(&second) {
                    return Err(lone);
                }
                0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00)
            }
            _ => unit,
        };
        char::from_u32(code_point).ok_or(lone)
    }

    fn hex4(&mut self, escape_at: usize) -> Result<u32, JsonFault> {
        let invalid = JsonFault { kind: JsonFaultKind::InvalidEscape, offset: escape_at };
        let digits = self.bytes.get(self.at..self.at + 4).ok_or(invalid)?;
        let mut unit = 0;
        for digit in digits {
            unit = unit << 4 | char::from(*digit).to_digit(16).ok_or(invalid)?;
        }
        self.at += 4;
        Ok(unit)
    }

    fn white_space(&mut self) {
        while self.peek().is_some_and(is_white_space) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn fault(&self, kind: JsonFaultKind) -> JsonFault {
        JsonFault { kind, offset: self.at }
    }

    /// Something else was expected here; when there is nothing at all, that is the fault to tell.
    fn unexpected(&self, kind: JsonFaultKind) -> JsonFault {
        self.fault(if self.peek().is_none() { JsonFaultKind::UnexpectedEnd } else { kind })
    }
}
