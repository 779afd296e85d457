//! The grammar of strict JSON: one pass over the text, which tells what it reads to whoever builds something of it.
//!
//! Recursive descent; [`DEPTH_MAX`] bounds the recursion. UTF-8 is checked once for the whole text, so that
//! strings can be taken as slices of it. What is refused, and at which byte, is decided here, but for
//! whether a member's name is new, which is asked of the [`Sink`]: so each takes the same texts, and refuses the others for
//! the same fault.

use super::{DEPTH_MAX, INTEGER_MAX, JsonFault, JsonFaultKind, is_white_space, plain_run::plain_run};

/// A word that is a value.
#[derive(Clone, Copy)]
pub(super) enum Literal {
    Null,
    True,
    False,
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// It stands for itself.
    None,
    /// With escapes of one letter alone, but `\/`: those that every writer uses.
    Short,
    /// With others too: the same string can be written shorter.
    Other,
}

/// A string: what stands between its quotes.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) escapes: Escapes,
}

/// A number that is within the bounds.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Neither a fraction nor an exponent.
    pub(super) is_integer: bool,
}

/// What is built of a text.
pub(super) trait Sink {
    type Value;
    type Name;
    type Object;
    type Array;

    fn literal(&mut self, literal: Literal, start: usize, end: usize) -> Self::Value;
    fn number(&mut self, digits: Digits) -> Self::Value;
    fn string(&mut self, text: Text) -> Self::Value;

    fn begin_object(&mut self, start: usize) -> Self::Object;
    fn name(&mut self, name: Text) -> Self::Name;
    /// Whether the object had no such member before.
    fn member(&mut self, object: &mut Self::Object, name: Self::Name, value: Self::Value) -> bool;
    fn end_object(&mut self, object: Self::Object, end: usize) -> Self::Value;

    fn begin_array(&mut self, start: usize) -> Self::Array;
    fn element(&mut self, array: &mut Self::Array, value: Self::Value);
    fn end_array(&mut self, array: Self::Array, end: usize) -> Self::Value;

    /// That white space stood outside a string.
    fn white_space(&mut self);
}

/// The text of these bytes; what is no text is refused here.
pub(super) fn text_of(json: &[u8]) -> Result<&str, JsonFault> {
    if json.starts_with(b"\xEF\xBB\xBF") {
        return Err(JsonFault { kind: JsonFaultKind::ByteOrderMark, offset: 0 });
    }
    str::from_utf8(json).map_err(|error| JsonFault { kind: JsonFaultKind::InvalidUtf8, offset: error.valid_up_to() })
}

/// Reads one JSON value.
pub(super) fn read<S: Sink>(text: &str, sink: &mut S) -> Result<S::Value, JsonFault> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, depth: 0, sink };
    let value = reader.value()?;
    reader.white_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.fault(JsonFaultKind::TrailingBytes)),
    }
}

struct Reader<'t, 's, S> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    sink: &'s mut S,
}

impl<S: Sink> Reader<'_, '_, S> {
    fn value(&mut self) -> Result<S::Value, JsonFault> {
        self.white_space();
        match self.peek() {
            Some(b'"') => {
                let text = self.string()?;
                Ok(self.sink.string(text))
            }
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') => {
                let digits = self.number()?;
                Ok(self.sink.number(digits))
            }
            Some(b't') => self.literal("true", Literal::True),
            Some(b'f') => self.literal("false", Literal::False),
            Some(b'n') => self.literal("null", Literal::Null),
            _ => Err(self.unexpected(JsonFaultKind::ValueExpected)),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<S::Value, JsonFault>) -> Result<S::Value, JsonFault> {
        if self.depth == DEPTH_MAX {
            return Err(self.fault(JsonFaultKind::TooDeep));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<S::Value, JsonFault> {
        let mut object = self.sink.begin_object(self.at);
        self.at += 1; // the opening brace
        self.white_space();
        if self.take(b'}') {
            return Ok(self.sink.end_object(object, self.at));
        }
        loop {
            self.white_space();
            let name_at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected(JsonFaultKind::NameExpected));
            }
            let name = self.string()?;
            let name = self.sink.name(name);
            self.white_space();
            if !self.take(b':') {
                return Err(self.unexpected(JsonFaultKind::ColonExpected));
            }
            let value = self.value()?;
            if !self.sink.member(&mut object, name, value) {
                return Err(JsonFault { kind: JsonFaultKind::DuplicateMember, offset: name_at });
            }
            self.white_space();
            if self.take(b'}') {
                return Ok(self.sink.end_object(object, self.at));
            }
            if !self.take(b',') {
                return Err(self.unexpected(JsonFaultKind::ObjectNotContinued));
            }
        }
    }

    fn array(&mut self) -> Result<S::Value, JsonFault> {
        let mut array = self.sink.begin_array(self.at);
        self.at += 1; // the opening bracket
        self.white_space();
        if self.take(b']') {
            return Ok(self.sink.end_array(array, self.at));
        }
        loop {
            let value = self.value()?;
            self.sink.element(&mut array, value);
            self.white_space();
            if self.take(b']') {
                return Ok(self.sink.end_array(array, self.at));
            }
            if !self.take(b',') {
                return Err(self.unexpected(JsonFaultKind::ArrayNotContinued));
            }
        }
    }

    fn literal(&mut self, word: &str, literal: Literal) -> Result<S::Value, JsonFault> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.fault(JsonFaultKind::ValueExpected));
        }
        let start = self.at;
        self.at += word.len();
        Ok(self.sink.literal(literal, start, self.at))
    }

    fn number(&mut self) -> Result<Digits, JsonFault> {
        /// Whatever has fewer digits is smaller than 2^53.
        const SURELY_SMALL_DIGITS_MAX: usize = 15;
        /// Whatever has fewer digits before its point, and no exponent, is smaller than the largest double.
        const SURELY_FINITE_DIGITS_MAX: usize = 300;

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
        let mut has_exponent = false;
        if self.take(b'e') || self.take(b'E') {
            is_integer = false;
            has_exponent = true;
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
            let is_small = integer_digits <= SURELY_SMALL_DIGITS_MAX
                || literal.parse::<i64>().is_ok_and(|integer| integer.unsigned_abs() <= INTEGER_MAX.unsigned_abs());
            if !is_small {
                return Err(JsonFault { kind: JsonFaultKind::IntegerTooLarge, offset: start });
            }
        } else {
            // Rust's reading is exact (round half to even), and infinity is its answer to what is too large.
            let is_finite = (!has_exponent && integer_digits <= SURELY_FINITE_DIGITS_MAX)
                || literal.parse().is_ok_and(f64::is_finite);
            if !is_finite {
                return Err(JsonFault { kind: JsonFaultKind::NumberTooLarge, offset: start });
            }
        }
        Ok(Digits { start, end: self.at, is_integer })
    }

    /// Takes digits, and tells how many they were.
    fn digits(&mut self) -> usize {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        count
    }

    fn string(&mut self) -> Result<Text, JsonFault> {
        self.at += 1; // the opening quote
        let start = self.at;
        let mut escapes = Escapes::None;
        loop {
            self.at += plain_run(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    let end = self.at;
                    self.at += 1;
                    return Ok(Text { start, end, escapes });
                }
                Some(b'\\') => {
                    let is_short = self.escape()?;
                    if !is_short {
                        escapes = Escapes::Other;
                    } else if escapes == Escapes::None {
                        escapes = Escapes::Short;
                    }
                }
                Some(_) => return Err(self.fault(JsonFaultKind::ControlCharacter)),
                None => return Err(self.fault(JsonFaultKind::UnexpectedEnd)),
            }
        }
    }

    /// Takes an escape, and tells whether it is one of [`Escapes::Short`].
    fn escape(&mut self) -> Result<bool, JsonFault> {
        let start = self.at;
        self.at += 1; // the backslash
        let Some(letter) = self.peek() else {
            return Err(self.fault(JsonFaultKind::UnexpectedEnd));
        };
        self.at += 1;
        match letter {
            b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(true),
            b'/' => Ok(false),
            b'u' => self.unicode_escape(start).map(|()| false),
            _ => Err(JsonFault { kind: JsonFaultKind::InvalidEscape, offset: start }),
        }
    }

    /// The rest of `\uXXXX`, and the second half when it is the first of a surrogate pair.
    fn unicode_escape(&mut self, start: usize) -> Result<(), JsonFault> {
        let lone = JsonFault { kind: JsonFaultKind::LoneSurrogate, offset: start };
        match self.hex4(start)? {
            0xD800..=0xDBFF => {
                let second_at = self.at;
                if !(self.take(b'\\') && self.take(b'u')) {
                    return Err(lone);
                }
                let second = self.hex4(second_at)?;
                if (0xDC00..=0xDFFF).contains(&second) { Ok(()) } else { Err(lone) }
            }
            0xDC00..=0xDFFF => Err(lone),
            _ => Ok(()),
        }
    }

    fn hex4(&mut self, escape_at: usize) -> Result<u32, JsonFault> {
        let unit = self.bytes.get(self.at..self.at + 4).and_then(super::escape::hex4);
        self.at += 4;
        unit.ok_or(JsonFault { kind: JsonFaultKind::InvalidEscape, offset: escape_at })
    }

    fn white_space(&mut self) {
        if self.peek().is_some_and(is_white_space) {
            self.sink.white_space();
            while self.peek().is_some_and(is_white_space) {
                self.at += 1;
            }
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
