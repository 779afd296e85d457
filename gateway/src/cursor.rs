//! The cursor of a page: opaque to clients, to us the last item that the page before it had: by its id, or by its name
//! where that is its id.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::problem::{Kind, Problem};

/// The first byte, so that the form can change.
const ID: u8 = 1;
const NAME: u8 = 2;

pub(crate) fn encode(id: Uuid) -> String {
    let mut bytes = [ID; 17];
    bytes[1..].copy_from_slice(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(cursor: &str) -> Result<Uuid, Problem> {
    match URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default().as_slice() {
        [ID, id @ ..] => Uuid::from_slice(id).map_err(|_| not_ours()),
        _ => Err(not_ours()),
    }
}

pub(crate) fn encode_name(name: &str) -> String {
    URL_SAFE_NO_PAD.encode([&[NAME], name.as_bytes()].concat())
}

pub(crate) fn decode_name(cursor: &str) -> Result<String, Problem> {
    match URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default().as_slice() {
        [NAME, name @ ..] => String::from_utf8(name.to_vec()).map_err(|_| not_ours()),
        _ => Err(not_ours()),
    }
}

fn not_ours() -> Problem {
    Problem::new(Kind::InvalidParameter, "`cursor` is not one that this route gave.")
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
        assert_eq!(decode_name(&encode_name("agent é")).unwrap(), "agent é");
        for wrong in ["", "AQ", "Av8", &encode(id)] {
            assert!(decode_name(wrong).is_err(), "{wrong}");
        }
        assert!(decode(&encode_name("agent")).is_err());
    }
}
