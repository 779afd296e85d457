//! Strict JSON: refuses whatever two libraries would read differently, and says where.
//!
//! A signature covers the canonical form of what was *read*. If two readers of the same bytes can disagree
//! (which of two members of one name counts, what 9007199254740993 is, what half a surrogate pair stands for),
//! then one of them can be shown something that the signer never said. So those bytes are no event at all.

mod array;
mod escape;
mod fault;
mod grammar;
mod names;
mod plain_run;
mod tape;
mod tape_sink;
mod value;

pub use array::{SplitFault, split_array};
pub use fault::{JsonFault, JsonFaultKind};
pub use tape::Tape;
pub use value::parse;

pub(crate) use plain_run::plain_run;
pub(crate) use tape::{Kind, Node};

/// How deep objects and arrays may stand in one another; the outermost one counts.
pub const DEPTH_MAX: usize = 64;

/// The largest integer that every JSON library reads alike, 2^53 − 1; its negative is the smallest.
pub const INTEGER_MAX: i64 = (1 << 53) - 1;

/// What a JSON text is, told by its first byte after white space. Says nothing of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It begins as an object.
    Object,
    /// It begins as an array.
    Array,
    /// It begins as something else, JSON or not.
    Other,
    /// There is nothing but white space.
    Empty,
}

/// Tells an object from an array without reading further than its first bracket.
pub fn shape(json: &[u8]) -> Shape {
    match json.iter().find(|byte| !is_white_space(**byte)) {
        Some(b'{') => Shape::Object,
        Some(b'[') => Shape::Array,
        Some(_) => Shape::Other,
        None => Shape::Empty,
    }
}

const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The bytes that cannot stand for themselves in a string: quote, backslash, control characters.
pub(crate) static ENDS_PLAIN_RUN: [bool; 256] = {
    let mut ends = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        ends[control] = true;
        control += 1;
    }
    ends[b'"' as usize] = true;
    ends[b'\\' as usize] = true;
    ends
};
