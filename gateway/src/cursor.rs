//! The cursor of a page: opaque to clients, to us the last item that the page before it had: by its id, or by its name
//! where that is its id, by its time and place where it is a dead letter.

use aibbar::dead_letter::Place;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{
    dead_letters::Order,
    problem::{Kind, Problem},
};

/// The first byte, so that the form can change.
const ID: u8 = 1;
const NAME: u8 = 2;
const ORDER: u8 = 3;

/// Of a dead letter: when the log took it, the partition, the offset.
const ORDER_BYTES: usize = 8 + 4 + 8;

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

pub(crate) fn encode_order(order: Order) -> String {
    let mut bytes = Vec::with_capacity(1 + ORDER_BYTES);
    bytes.push(ORDER);
    bytes.extend_from_slice(&order.appended_at_ms.to_be_bytes());
    bytes.extend_from_slice(&order.place.partition.to_be_bytes());
    bytes.extend_from_slice(&order.place.offset.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode_order(cursor: &str) -> Result<Order, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    let [ORDER, rest @ ..] = bytes.as_slice() else { return Err(not_ours()) };
    let (at, rest) = rest.split_first_chunk().ok_or_else(not_ours)?;
    let (partition, rest) = rest.split_first_chunk().ok_or_else(not_ours)?;
    let offset = rest.try_into().map_err(|_| not_ours())?;
    let place = Place { partition: u32::from_be_bytes(*partition), offset: u64::from_be_bytes(offset) };
    Ok(Order { appended_at_ms: i64::from_be_bytes(*at), place })
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
        let order = Order { appended_at_ms: -7, place: Place { partition: 3, offset: u64::MAX } };
        assert_eq!(decode_order(&encode_order(order)).unwrap(), order);
        for wrong in ["", "Aw", &encode(id), &encode_order(order)[..20], &format!("{}AA", encode_order(order))] {
            assert!(decode_order(wrong).is_err(), "{wrong}");
        }
    }
}
