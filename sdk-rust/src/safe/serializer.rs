//! What serde hands over.

use std::fmt;

use aibbar::{
    canonical,
    json::{self, INTEGER_MAX},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::ser::{self, Serialize};

use super::{
    HEAD_BYTES_MAX,
    names::NameWriter,
    writer::{Open, Writer},
};

/// From here on the canonical form writes a double with an exponent.
const EXPONENT_MIN: f64 = 1e21;

/// A value's own `Serialize` has failed. What it says is not kept: it could hold anything.
#[derive(Debug)]
pub(crate) struct Unshown;

impl fmt::Display for Unshown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it can't be serialized")
    }
}

impl std::error::Error for Unshown {}

impl ser::Error for Unshown {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Done = Result<(), Unshown>;

impl Writer {
    fn integer(&mut self, number: i128) -> Done {
        let is_plain = number.unsigned_abs() <= u128::from(INTEGER_MAX.unsigned_abs());
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(number);
        if is_plain {
            self.raw(digits)
        } else {
            self.text(digits)
        }
        Ok(())
    }

    fn small(&mut self, number: i64) -> Done {
        if number.unsigned_abs() > INTEGER_MAX.unsigned_abs() {
            return self.integer(number.into());
        }
        self.raw(itoa::Buffer::new().format(number));
        Ok(())
    }
}

/// An open object or array, on its way through serde. Without one, nothing more is written of it.
pub(crate) struct Compound<'w> {
    writer: &'w mut Writer,
    open: Option<Open>,
    is_object: bool,
    /// It is the only member of an object of its own: the variant of an enumeration.
    outer: Option<Open>,
    /// Where the name of the next member begins.
    name: usize,
    /// It is JSON as a text, of `serde_json`'s `RawValue`.
    is_raw: bool,
}

/// How `RawValue` names itself to a serializer.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'w> Compound<'w> {
    fn new(writer: &'w mut Writer, is_object: bool) -> Self {
        let open = writer.open(if is_object { b'{' } else { b'[' });
        let name = writer.names.len();
        Self { writer, open, is_object, outer: None, name, is_raw: false }
    }

    /// `{"Variant": …}`
    fn of_variant(writer: &'w mut Writer, variant: &str, is_object: bool) -> Self {
        let Some(outer) = writer.open(b'{') else {
            return Self { name: 0, writer, open: None, is_object, outer: None, is_raw: false };
        };
        canonical::write_string(&mut writer.out, variant);
        writer.out.push(b':');
        let open = writer.open(if is_object { b'{' } else { b'[' });
        let name = writer.names.len();
        Self { writer, open, is_object, outer: Some(outer), name, is_raw: false }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        if let Some(open) = &mut self.open {
            self.writer.element(open, value);
        }
        Ok(())
    }

    fn named(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Done {
        if self.is_raw {
            let mut text = String::new();
            value.serialize(NameWriter(&mut text))?;
            let value = json::parse(text.as_bytes()).unwrap_or_else(|_| text.into());
            self.writer.value(&value);
        } else if let Some(open) = &mut self.open {
            let begin = self.writer.names.len();
            self.writer.names.push_str(name);
            self.writer.member(open, begin, value);
        }
        Ok(())
    }

    fn close(self) -> Done {
        if let Some(open) = &self.open {
            if self.is_object { self.writer.close_object(open) } else { self.writer.close_array() }
        }
        if let Some(outer) = &self.outer {
            self.writer.close_object(outer);
        }
        Ok(())
    }
}

impl<'w> ser::Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Unshown;
    type SerializeSeq = Compound<'w>;
    type SerializeTuple = Compound<'w>;
    type SerializeTupleStruct = Compound<'w>;
    type SerializeTupleVariant = Compound<'w>;
    type SerializeMap = Compound<'w>;
    type SerializeStruct = Compound<'w>;
    type SerializeStructVariant = Compound<'w>;

    fn serialize_bool(self, value: bool) -> Done {
        self.raw(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Done {
        self.small(value.into())
    }

    fn serialize_i16(self, value: i16) -> Done {
        self.small(value.into())
    }

    fn serialize_i32(self, value: i32) -> Done {
        self.small(value.into())
    }

    fn serialize_i64(self, value: i64) -> Done {
        self.small(value)
    }

    fn serialize_i128(self, value: i128) -> Done {
        self.integer(value)
    }

    fn serialize_u8(self, value: u8) -> Done {
        self.small(value.into())
    }

    fn serialize_u16(self, value: u16) -> Done {
        self.small(value.into())
    }

    fn serialize_u32(self, value: u32) -> Done {
        self.small(value.into())
    }

    fn serialize_u64(self, value: u64) -> Done {
        match i64::try_from(value) {
            Ok(value) => self.small(value),
            Err(_) => self.integer(value.into()),
        }
    }

    fn serialize_u128(self, value: u128) -> Done {
        match i128::try_from(value) {
            Ok(value) => self.integer(value),
            Err(_) => {
                self.text(&value.to_string());
                Ok(())
            }
        }
    }

    /// The double that its own shortest text says: 0.1 stays 0.1.
    fn serialize_f32(self, value: f32) -> Done {
        let double = value.to_string().parse().unwrap_or(f64::from(value));
        self.serialize_f64(double)
    }

    fn serialize_f64(self, value: f64) -> Done {
        if value.is_nan() {
            self.text("NaN");
        } else if value.is_infinite() {
            self.text(if value > 0.0 { "Infinity" } else { "-Infinity" });
        } else if value.fract() == 0.0 && value.abs() > INTEGER_MAX as f64 && value.abs() < EXPONENT_MIN {
            // The canonical form would write an integer that no reader takes.
            self.out.push(b'"');
            canonical::write_double(&mut self.out, value);
            self.out.push(b'"');
        } else {
            canonical::write_double(&mut self.out, value);
        }
        Ok(())
    }

    fn serialize_char(self, value: char) -> Done {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        let kept = &value[..value.len().min(HEAD_BYTES_MAX + 1)];
        self.text(&format!("base64:{}", BASE64_STANDARD.encode(kept)));
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.raw("null");
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

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut object = Compound::new(self, true);
        object.named(variant, value)?;
        object.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'w>, Unshown> {
        Ok(Compound::new(self, false))
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound<'w>, Unshown> {
        Ok(Compound::new(self, false))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Compound<'w>, Unshown> {
        Ok(Compound::new(self, false))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'w>, Unshown> {
        Ok(Compound::of_variant(self, variant, false))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'w>, Unshown> {
        Ok(Compound::new(self, true))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Compound<'w>, Unshown> {
        if name == RAW_VALUE {
            return Ok(Compound { writer: self, open: None, is_object: true, outer: None, name: 0, is_raw: true });
        }
        Ok(Compound::new(self, true))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'w>, Unshown> {
        Ok(Compound::of_variant(self, variant, true))
    }
}

impl ser::SerializeSeq for Compound<'_> {
    type Ok = ();
    type Error = Unshown;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeTuple for Compound<'_> {
    type Ok = ();
    type Error = Unshown;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Compound<'_> {
    type Ok = ();
    type Error = Unshown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeTupleVariant for Compound<'_> {
    type Ok = ();
    type Error = Unshown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Unshown;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.name = self.writer.names.len();
        if self.open.is_some() && key.serialize(NameWriter(&mut self.writer.names)).is_err() {
            // No text by itself: its canonical form is.
            self.writer.names.truncate(self.name);
            let begin = self.writer.out.len();
            self.writer.value(key);
            let text = self.writer.out.split_off(begin);
            self.writer.names.push_str(&String::from_utf8_lossy(&text));
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        if let Some(open) = &mut self.open {
            self.writer.member(open, self.name, value);
        }
        Ok(())
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeStruct for Compound<'_> {
    type Ok = ();
    type Error = Unshown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.named(name, value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeStructVariant for Compound<'_> {
    type Ok = ();
    type Error = Unshown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.named(name, value)
    }

    fn end(self) -> Done {
        self.close()
    }
}
