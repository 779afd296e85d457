//! A JSON form for whatever a program holds: lossy where it must be, and never a fault.
//!
//! | what | becomes |
//! |---|---|
//! | NaN, infinities, whole numbers beyond 2^53 - 1 (of doubles those below 1e21) | their text |
//! | bytes (`serialize_bytes`) | `base64:` and their Base64 |
//! | names of members that are no strings | their text |
//! | what is nested too deep, such as an object inside itself | `[nested deeper than 64 levels]` |
//! | what can't be serialized, or panics | `[Type that can't be shown]` |
//! | what comes after 100,000 values or 4 MiB | `[left out: too many values]` |
//! | an event over 256 KiB | its longest strings, lists and objects are cut, and say so |
//!
//! It is written in the canonical form (RFC 8785) at once, without a tree of values between: that is what recording
//! costs its caller.

mod cut;
mod names;
mod serializer;
mod writer;

pub(crate) use cut::within_bound;
pub(crate) use writer::Writer;

use aibbar::event::EVENT_BYTES_MAX;

/// Values of one event that are looked at.
pub(crate) const NODES_MAX: usize = 100_000;
/// Bytes of one value that are made, before it is cut to what an event holds.
pub(crate) const LOOKED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What is added to an event after it was measured: `sequence`, `timestamp`, `signature` and their names.
pub(crate) const TAIL_BYTES_MAX: usize = 512;
/// What the rest of an event may have.
pub(crate) const HEAD_BYTES_MAX: usize = EVENT_BYTES_MAX - TAIL_BYTES_MAX;
/// To how many characters strings are cut, and to how many members lists and objects: the first that suffices.
pub(crate) const CUT_TO: [usize; 6] = [65_536, 16_384, 4_096, 1_024, 256, 64];

#[cfg(test)]
mod tests;
