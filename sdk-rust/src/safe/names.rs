//! The names of members, from keys that need not be strings.

use serde::ser::{self, Impossible, Serialize};

use super::serializer::Unshown;

/// Adds a key's text. Fails where it is more than one value.
pub(super) struct NameWriter<'n>(pub(super) &'n mut String);

type Done = Result<(), Unshown>;
type Never = Impossible<(), Unshown>;

macro_rules! as_text {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Done {
            self.0.push_str(&value.to_string());
            Ok(())
        })*
    };
}

impl ser::Serializer for NameWriter<'_> {
    type Ok = ();
    type Error = Unshown;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    as_text!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_f32: f32, serialize_f64: f64, serialize_char: char
    );

    fn serialize_str(self, value: &str) -> Done {
        self.0.push_str(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(Unshown)
    }

    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Done {
        Err(Unshown)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Never, Unshown> {
        Err(Unshown)
    }

    fn serialize_tuple(self, _: usize) -> Result<Never, Unshown> {
        Err(Unshown)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never, Unshown> {
        Err(Unshown)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Never, Unshown> {
        Err(Unshown)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Never, Unshown> {
        Err(Unshown)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Never, Unshown> {
        Err(Unshown)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Never, Unshown> {
        Err(Unshown)
    }
}
