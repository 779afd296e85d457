//! serde's side of it: a value is built, or why it can't be is told.

use std::fmt;

use aibbar::json::{DEPTH_MAX, INTEGER_MAX};
use serde::ser::{self, Serialize};
use serde_json::{Map, Number, Value};

/// Why it is refused. Shows no value.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    /// What a `Serialize` says may hold a value, and is not told.
    fn custom<T: fmt::Display>(_: T) -> Self {
        refused("a value can't be serialized")
    }
}

fn refused(why: &str) -> Refused {
    Refused(why.to_owned())
}

type Made = Result<Value, Refused>;

fn integer(number: i128) -> Made {
    let is_safe = number.unsigned_abs() <= u128::from(INTEGER_MAX.unsigned_abs());
    match i64::try_from(number) {
        Ok(number) if is_safe => Ok(number.into()),
        _ => Err(refused("an integer lies beyond 2^53 - 1")),
    }
}

/// Builds a value that stands so deep inside of others.
#[derive(Clone, Copy)]
pub(crate) struct Strict {
    pub(crate) depth: usize,
}

impl Strict {
    fn inside(self) -> Result<Strict, Refused> {
        if self.depth == DEPTH_MAX {
            return Err(Refused(format!("it is nested deeper than {DEPTH_MAX} levels")));
        }
        Ok(Strict { depth: self.depth + 1 })
    }

    fn list(self, variant: Option<&'static str>) -> Result<List, Refused> {
        let inner = if variant.is_some() { self.inside()?.inside()? } else { self.inside()? };
        Ok(List { inner, items: Vec::new(), variant })
    }

    fn object(self, variant: Option<&'static str>) -> Result<Object, Refused> {
        let inner = if variant.is_some() { self.inside()?.inside()? } else { self.inside()? };
        Ok(Object { inner, members: Map::new(), name: None, variant })
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, number: $type) -> Made {
            integer(number.into())
        })*
    };
}

impl ser::Serializer for Strict {
    type Ok = Value;
    type Error = Refused;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeStructVariant = Object;

    integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_u128(self, number: u128) -> Made {
        integer(number.try_into().unwrap_or(i128::MAX))
    }

    fn serialize_f32(self, number: f32) -> Made {
        // By its shortest text, as the recorder does: 0.1 stays 0.1.
        self.serialize_f64(number.to_string().parse().unwrap_or(f64::from(number)))
    }

    fn serialize_f64(self, number: f64) -> Made {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| refused("NaN and infinities are no JSON"))
    }

    fn serialize_bool(self, value: bool) -> Made {
        Ok(value.into())
    }

    fn serialize_char(self, value: char) -> Made {
        Ok(value.to_string().into())
    }

    fn serialize_str(self, value: &str) -> Made {
        Ok(value.into())
    }

    fn serialize_bytes(self, _: &[u8]) -> Made {
        Err(refused("bytes are no JSON"))
    }

    fn serialize_none(self) -> Made {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Made {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Made {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Made {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Made {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Made {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Made {
        Ok(wrapped(Some(variant), value.serialize(self.inside()?)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, Refused> {
        self.list(None)
    }

    fn serialize_tuple(self, _: usize) -> Result<List, Refused> {
        self.list(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, Refused> {
        self.list(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List, Refused> {
        self.list(Some(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object, Refused> {
        self.object(None)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Object, Refused> {
        if name.starts_with("$serde_json::private::") {
            return Err(refused("raw JSON is a text that nobody has read yet: pass its value"));
        }
        self.object(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Object, Refused> {
        self.object(Some(variant))
    }
}

/// A variant with content is an object with one member.
fn wrapped(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Object(Map::from_iter([(variant.to_owned(), value)])),
        None => value,
    }
}

pub(crate) struct List {
    inner: Strict,
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl List {
    fn add<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Refused> {
        self.items.push(item.serialize(self.inner)?);
        Ok(())
    }

    fn made(self) -> Made {
        Ok(wrapped(self.variant, Value::Array(self.items)))
    }
}

macro_rules! list {
    ($($trait:ident::$method:ident),*) => {
        $(impl ser::$trait for List {
            type Ok = Value;
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Refused> {
                self.add(item)
            }

            fn end(self) -> Made {
                self.made()
            }
        })*
    };
}

list!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

pub(crate) struct Object {
    inner: Strict,
    members: Map<String, Value>,
    name: Option<String>,
    variant: Option<&'static str>,
}

impl Object {
    fn add<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<(), Refused> {
        if self.members.insert(name, value.serialize(self.inner)?).is_some() {
            return Err(refused("an object has two members of one name"));
        }
        Ok(())
    }

    fn made(self) -> Made {
        Ok(wrapped(self.variant, Value::Object(self.members)))
    }
}

impl ser::SerializeMap for Object {
    type Ok = Value;
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Refused> {
        match name.serialize(self.inner)? {
            Value::String(name) => {
                self.name = Some(name);
                Ok(())
            }
            _ => Err(refused("a member's name is no string")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        let name = self.name.take().ok_or_else(|| refused("a member has no name"))?;
        self.add(name, value)
    }

    fn end(self) -> Made {
        self.made()
    }
}

macro_rules! object {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Object {
            type Ok = Value;
            type Error = Refused;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Refused> {
                self.add(name.to_owned(), value)
            }

            fn end(self) -> Made {
                self.made()
            }
        })*
    };
}

object!(SerializeStruct, SerializeStructVariant);
