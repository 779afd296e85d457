//! Why bytes are not the JSON we take.

use std::fmt;

use super::{DEPTH_MAX, INTEGER_MAX};

/// What is wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JsonFaultKind {
    /// It begins with a byte order mark.
    ByteOrderMark,
    /// It is not UTF-8.
    InvalidUtf8,
    /// It ends too early.
    UnexpectedEnd,
    /// Something follows the value.
    TrailingBytes,
    /// No value begins here.
    ValueExpected,
    /// A member name in quotes is missing.
    NameExpected,
    /// The colon after a member name is missing.
    ColonExpected,
    /// An element of an array is followed by neither a comma nor the end.
    ArrayNotContinued,
    /// A member of an object is followed by neither a comma nor the end.
    ObjectNotContinued,
    /// A closing bracket closes nothing, or something of the other kind.
    BracketMismatch,
    /// A control character stands unescaped in a string.
    ControlCharacter,
    /// No such escape.
    InvalidEscape,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// Not a number as JSON writes it.
    InvalidNumber,
    /// An integer that not every library reads alike.
    IntegerTooLarge,
    /// A number that no double holds.
    NumberTooLarge,
    /// Two members of one object have the same name.
    DuplicateMember,
    /// Objects and arrays stand too deep in one another.
    TooDeep,
}

/// A JSON text refused: what is wrong, and at which byte. Shows nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// What is wrong.
    pub kind: JsonFaultKind,
    /// Where, in bytes from the beginning.
    pub offset: usize,
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use JsonFaultKind as K;
        match self.kind {
            K::ByteOrderMark => f.write_str("JSON must not begin with a byte order mark"),
            K::InvalidUtf8 => f.write_str("these bytes are not UTF-8"),
            K::UnexpectedEnd => f.write_str("the JSON ends before it is complete"),
            K::TrailingBytes => f.write_str("nothing but white space may follow the JSON value"),
            K::ValueExpected => f.write_str("a JSON value must stand here"),
            K::NameExpected => f.write_str("a member name in double quotes must stand here"),
            K::ColonExpected => f.write_str("a colon must follow the member name"),
            K::ArrayNotContinued => f.write_str("a comma or a closing bracket must follow an element"),
            K::ObjectNotContinued => f.write_str("a comma or a closing brace must follow a member"),
            K::BracketMismatch => f.write_str("this bracket closes nothing that is open"),
            K::ControlCharacter => f.write_str("a control character in a string must be escaped"),
            K::InvalidEscape => f.write_str("JSON knows no such escape"),
            K::LoneSurrogate => f.write_str("half of a surrogate pair is no character"),
            K::InvalidNumber => f.write_str("this is not a number as JSON writes it"),
            K::IntegerTooLarge => {
                write!(f, "integers must lie within ±{INTEGER_MAX}; send a larger one as a string")
            }
            K::NumberTooLarge => f.write_str("this number is larger than any double"),
            K::DuplicateMember => f.write_str("this member name stands twice in one object"),
            K::TooDeep => write!(f, "objects and arrays may be nested {DEPTH_MAX} deep"),
        }?;
        write!(f, " (at byte {})", self.offset)
    }
}

impl std::error::Error for JsonFault {}
