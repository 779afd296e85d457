//! The cursor of a live stream: opaque to clients, to us where the stream is in each of its topics.
//!
//! Of one topic it is the cursor that any reading of that topic has; of several, theirs with dots between them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bus::Positions;
use uuid::Uuid;

use super::topic::{Places, TOPICS_MAX};
use crate::problem::{Kind, Problem};

pub(super) const EVENTS_ID: Uuid = Uuid::nil();

const VERSION: u8 = 2;
/// Of the topic of events alone, which it does not name.
const VERSION_1: u8 = 1;
const PARTITIONS_MAX: usize = 10_000;

/// The cursor that anyone can write: everything that the log keeps.
const EARLIEST: &str = "earliest";

/// Between the cursors of topics; no cursor has it.
const BETWEEN: char = '.';

/// What a cursor asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything that the log keeps.
    Everything,
    /// What follows these positions, by the id of the topic.
    Since(Vec<(Uuid, Positions)>),
}

pub(super) fn encode(places: &Places) -> String {
    let mut cursor = String::new();
    for place in places.iter() {
        if !cursor.is_empty() {
            cursor.push(BETWEEN);
        }
        cursor.push_str(&encode_one(place.topic.id, &place.positions));
    }
    cursor
}

pub(super) fn decode(cursor: &str) -> Result<Wanted, Problem> {
    if cursor == EARLIEST {
        return Ok(Wanted::Everything);
    }
    let topics: Vec<&str> = cursor.split(BETWEEN).take(TOPICS_MAX + 1).collect();
    if topics.len() > TOPICS_MAX {
        return Err(not_ours());
    }
    topics.into_iter().map(|one| decode_one(one).ok_or_else(not_ours)).collect::<Result<_, _>>().map(Wanted::Since)
}

/// The cursor is of another stream, or of none.
pub(super) fn not_ours() -> Problem {
    Problem::new(
        Kind::InvalidParameter,
        "`cursor` is not one that a stream of these topics gave; connect without one, or with `cursor=earliest`.",
    )
}

fn encode_one(topic: Uuid, positions: &Positions) -> String {
    let mut bytes = Vec::with_capacity(17 + positions.len() * 5);
    bytes.push(VERSION);
    bytes.extend_from_slice(topic.as_bytes());
    for (&partition, &offset) in positions {
        push_leb128(&mut bytes, partition.into());
        push_leb128(&mut bytes, offset);
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode_one(cursor: &str) -> Option<(Uuid, Positions)> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (topic, mut rest) = match bytes.split_first()? {
        (&VERSION_1, rest) => (EVENTS_ID, rest),
        (&VERSION, rest) => {
            let (id, rest) = rest.split_first_chunk::<16>()?;
            (Uuid::from_bytes(*id), rest)
        }
        _ => return None,
    };
    let mut positions = Positions::new();
    while !rest.is_empty() {
        let partition = u32::try_from(take_leb128(&mut rest)?).ok()?;
        let offset = take_leb128(&mut rest)?;
        if positions.len() == PARTITIONS_MAX || positions.insert(partition, offset).is_some() {
            return None;
        }
    }
    Some((topic, positions))
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
