//! From bytes to a value, in one pass.

use serde_json::{Map, Number, Value};

use super::{
    JsonFault,
    escape::unescape,
    grammar::{self, Digits, Escapes, Literal, Sink, Text},
};

/// Reads one JSON value. Integers become `i64`, all other numbers `f64`.
pub fn parse(json: &[u8]) -> Result<Value, JsonFault> {
    let text = grammar::text_of(json)?;
    grammar::read(text, &mut Values { text })
}

/// The value of a number that the grammar took.
pub(super) fn number(digits: &str, is_integer: bool) -> Number {
    let integer = if is_integer { digits.parse::<i64>().ok().map(Number::from) } else { None };
    // The grammar has seen to it that it is one of both.
    integer.or_else(|| Number::from_f64(digits.parse().ok()?)).unwrap_or_else(|| Number::from(0))
}

struct Values<'t> {
    text: &'t str,
}

impl Values<'_> {
    fn owned(&self, text: Text) -> String {
        let written = &self.text[text.start..text.end];
        match text.escapes {
            Escapes::None => written.to_owned(),
            Escapes::Short | Escapes::Other => unescape(written).into_owned(),
        }
    }
}

impl Sink for Values<'_> {
    type Value = Value;
    type Name = String;
    type Object = Map<String, Value>;
    type Array = Vec<Value>;

    fn literal(&mut self, literal: Literal, _: usize, _: usize) -> Value {
        match literal {
            Literal::Null => Value::Null,
            Literal::True => Value::Bool(true),
            Literal::False => Value::Bool(false),
        }
    }

    fn number(&mut self, digits: Digits) -> Value {
        Value::Number(number(&self.text[digits.start..digits.end], digits.is_integer))
    }

    fn string(&mut self, text: Text) -> Value {
        Value::String(self.owned(text))
    }

    fn begin_object(&mut self, _: usize) -> Map<String, Value> {
        Map::new()
    }

    fn name(&mut self, name: Text) -> String {
        self.owned(name)
    }

    fn member(&mut self, object: &mut Map<String, Value>, name: String, value: Value) -> bool {
        object.insert(name, value).is_none()
    }

    fn end_object(&mut self, object: Map<String, Value>, _: usize) -> Value {
        Value::Object(object)
    }

    fn begin_array(&mut self, _: usize) -> Vec<Value> {
        Vec::new()
    }

    fn element(&mut self, array: &mut Vec<Value>, value: Value) {
        array.push(value);
    }

    fn end_array(&mut self, array: Vec<Value>, _: usize) -> Value {
        Value::Array(array)
    }

    fn white_space(&mut self) {}
}
