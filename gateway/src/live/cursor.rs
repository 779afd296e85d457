//! The cursor of a live stream: opaque to clients, one offset per partition to us.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bus::Positions;

use crate::problem::{Kind, Problem};

/// The first byte, so that the form can change.
const VERSION: u8 = 1;

/// The cursor that anyone can write: everything that the log keeps.
const EARLIEST: &str = "earliest";

/// More partitions than any topic of ours has: bounds what a forged cursor costs.
const PARTITIONS_MAX: usize = 10_000;

/// The version, then partition and offset of each, as LEB128.
pub(crate) fn encode(positions: &Positions) -> String {
    let mut bytes = Vec::with_capacity(1 + positions.len() * 5);
    bytes.push(VERSION);
    for (&partition, &offset) in positions {
        push_leb128(&mut bytes, partition.into());
        push_leb128(&mut bytes, offset);
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a cursor says; of a partition that it does not name everything is wanted.
pub(crate) fn decode(cursor: &str) -> Result<Positions, Problem> {
    if cursor == EARLIEST {
        return Ok(Positions::new());
    }
    let wrong = || Problem::new(Kind::InvalidParameter, "`cursor` is not one that this stream gave.");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let [VERSION, rest @ ..] = bytes.as_slice() else { return Err(wrong()) };
    let mut rest = rest;
    let mut positions = Positions::new();
    while !rest.is_empty() {
        let partition = take_leb128(&mut rest).and_then(|p| u32::try_from(p).ok()).ok_or_else(wrong)?;
        let offset = take_leb128(&mut rest).ok_or_else(wrong)?;
        if positions.len() == PARTITIONS_MAX || positions.insert(partition, offset).is_some() {
            return Err(wrong());
        }
    }
    Ok(positions)
}

fn push_leb128(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn take_leb128(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..63).step_by(7) {
        let (&byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_anything_else_is_refused() {
        for positions in [
            Positions::new(),
            Positions::from([(0, 0)]),
            Positions::from([(0, 127), (1, 128), (9, 1 << 40), (300, (1 << 62) - 1)]),
        ] {
            assert_eq!(decode(&encode(&positions)).unwrap(), positions);
        }
        assert_eq!(decode("earliest").unwrap(), Positions::new());
        for wrong in ["", "!", "Ag", "AYA", "AQA", "AQABAAE", "AYCAgICAgICAgICAAQ"] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
    }
}
