//! The cursor of a page: opaque to clients, the last event id to us.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::problem::{Kind, Problem};

/// The first byte, so that the form can change.
const VERSION: u8 = 1;

pub(super) fn encode(before: Uuid) -> String {
    let mut bytes = [VERSION; 17];
    bytes[1..].copy_from_slice(before.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode(cursor: &str) -> Result<Uuid, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    match bytes.as_slice() {
        [VERSION, id @ ..] => Uuid::from_slice(id).ok(),
        _ => None,
    }
    .ok_or_else(|| Problem::new(Kind::InvalidParameter, "`cursor` is not one that this route gave."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_anything_else_is_refused() {
        let id = Uuid::now_v7();
        assert_eq!(decode(&encode(id)).unwrap(), id);
        for wrong in ["", "x", "AQ", "not a cursor", &encode(id)[1..], &format!("{}AA", encode(id))] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
    }
}
