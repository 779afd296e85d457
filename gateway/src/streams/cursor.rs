//! The cursor of a stream: opaque to clients; to us a topic, and of each partition the next offset that is wanted.
//!
//! It is of a topic's id, not of its name: one that was deleted and made again is another. Partitions that came after a
//! cursor was given are not in it, and are read from their beginning. A cursor that a group's reader was given says
//! besides in which hold of its partitions it was given: what another reader took over since is not that reader's to
//! commit any more.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bus::{PARTITIONS_MAX, Partition, PartitionBounds, Positions};
use uuid::Uuid;

use crate::problem::{Kind, Problem};

/// The first byte. Of the topic of all organisations' events alone, as live streams gave it: partition and offset of each.
const OF_EVENTS: u8 = 1;
/// The topic's id, and of each partition from 0 one more than the offset; 0: it is not named.
const OF_TOPIC: u8 = 2;
/// The same behind the hold in which it was given.
const OF_GROUP: u8 = 3;

/// The cursor that anyone can write: everything that the log keeps.
pub(crate) const EARLIEST: &str = "earliest";

/// The id of the topic of all organisations' events, which is in no row.
pub(crate) const EVENTS_TOPIC_ID: Uuid = Uuid::nil();

/// A place in a whole stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// The topic that it is of.
    pub(crate) topic_id: Uuid,
    /// The next offset that is wanted of each partition; of one that is not named, everything.
    pub(crate) positions: Positions,
    /// In which hold of a group's reader it was given; `None` outside of groups.
    pub(crate) hold: Option<Hold>,
}

/// A time in which a group's reader held the same partitions without a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    /// The reader's membership, by a random number.
    pub(crate) membership: u64,
    /// Which of its holds.
    pub(crate) era: u64,
}

/// Where a reader begins, as far as the log can serve it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// Of every partition that there is.
    pub(crate) positions: Positions,
    /// Of partitions that the log does not tell of (yet): brokers hear of new ones one after the other.
    pub(crate) unheard: Positions,
    /// Some of what lies behind the cursor is not kept any more.
    pub(crate) expired: bool,
}

impl Cursor {
    /// A place in a stream that no group reads.
    pub(crate) fn new(topic_id: Uuid, positions: Positions) -> Self {
        Self { topic_id, positions, hold: None }
    }

    /// What a cursor says; `earliest` is everything of `topic_id`.
    ///
    /// # Errors
    /// `invalid_cursor` for what is none, and for one of another topic than this.
    pub(crate) fn decode(text: &str, topic_id: Uuid) -> Result<Self, Problem> {
        if text == EARLIEST {
            return Ok(Self::new(topic_id, Positions::new()));
        }
        let wrong = || invalid("This is no cursor that a stream gave; read with `from=earliest` or `from=latest`.");
        let cursor = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| read(&bytes)).ok_or_else(wrong)?;
        if cursor.topic_id != topic_id {
            return Err(invalid(
                "The cursor is of another topic, or of one of this name that was deleted; read with `from=earliest` \
                 or `from=latest`.",
            ));
        }
        Ok(cursor)
    }

    /// The places from which the log is to be read: partitions that came since whole, and what is gone passed over.
    ///
    /// # Errors
    /// `invalid_cursor` for a place behind the end of its partition.
    pub(crate) fn resolve(&self, bounds: &BTreeMap<Partition, PartitionBounds>) -> Result<Resolved, Problem> {
        let never_there = |(partition, at): (&Partition, &u64)| bounds.get(partition).is_some_and(|b| *at > b.end);
        if self.positions.iter().any(never_there) {
            return Err(invalid("The cursor is not of this log; read with `from=earliest` or `from=latest`."));
        }
        let mut expired = false;
        let positions = bounds.iter().map(|(&partition, bounds)| {
            let at = self.positions.get(&partition).copied().unwrap_or(bounds.earliest);
            expired |= at < bounds.earliest;
            (partition, at.max(bounds.earliest))
        });
        let positions = positions.collect();
        let is_unheard = |(partition, _): &(&Partition, &u64)| !bounds.contains_key(partition);
        let unheard = self.positions.iter().filter(is_unheard).map(|(&partition, &at)| (partition, at)).collect();
        Ok(Resolved { positions, unheard, expired })
    }
}

/// A cursor as clients are given it.
pub(crate) fn encode(topic_id: Uuid, positions: &Positions, hold: Option<Hold>) -> String {
    let mut bytes = Vec::with_capacity(32 + positions.len() * 4);
    bytes.push(if hold.is_some() { OF_GROUP } else { OF_TOPIC });
    bytes.extend_from_slice(topic_id.as_bytes());
    if let Some(hold) = hold {
        bytes.extend_from_slice(&hold.membership.to_be_bytes());
        push_leb128(&mut bytes, hold.era);
    }
    let mut next = 0;
    for (&partition, &offset) in positions {
        // A group's reader holds some of the partitions.
        for _ in next..partition {
            push_leb128(&mut bytes, 0);
        }
        push_leb128(&mut bytes, offset + 1);
        next = partition + 1;
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read(bytes: &[u8]) -> Option<Cursor> {
    let (&version, mut rest) = bytes.split_first()?;
    if version == OF_EVENTS {
        return Some(Cursor::new(EVENTS_TOPIC_ID, read_pairs(rest)?));
    }
    let topic_id = Uuid::from_bytes(*take::<16>(&mut rest)?);
    let hold = match version {
        OF_TOPIC => None,
        OF_GROUP => {
            let membership = u64::from_be_bytes(*take::<8>(&mut rest)?);
            Some(Hold { membership, era: take_leb128(&mut rest)? })
        }
        _ => return None,
    };
    let mut positions = Positions::new();
    for partition in 0.. {
        if rest.is_empty() {
            break;
        }
        if partition == PARTITIONS_MAX {
            return None;
        }
        if let Some(offset) = take_leb128(&mut rest)?.checked_sub(1) {
            positions.insert(partition, offset);
        }
    }
    Some(Cursor { topic_id, positions, hold })
}

fn read_pairs(mut rest: &[u8]) -> Option<Positions> {
    let mut positions = Positions::new();
    while !rest.is_empty() {
        let partition = u32::try_from(take_leb128(&mut rest)?).ok()?;
        let offset = take_leb128(&mut rest)?;
        if positions.len() == PARTITIONS_MAX as usize || positions.insert(partition, offset).is_some() {
            return None;
        }
    }
    Some(positions)
}

pub(crate) fn invalid(detail: &str) -> Problem {
    Problem::new(Kind::InvalidCursor, detail)
}

fn take<'b, const N: usize>(rest: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (taken, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(taken)
}

fn push_leb128(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Numbers below 2⁶³: no log counts further.
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

    const TOPIC: Uuid = Uuid::from_u128(0x0198_0a5e_7d7a_7c1e_b5f8_3f1c_2a9d_4e60);

    fn bounds(of: &[(u64, u64)]) -> BTreeMap<Partition, PartitionBounds> {
        (0..).zip(of.iter().map(|&(earliest, end)| PartitionBounds { earliest, end })).collect()
    }

    fn code(refused: Result<impl std::fmt::Debug, Problem>) -> &'static str {
        refused.unwrap_err().kind().code()
    }

    #[test]
    fn a_cursor_comes_back_and_anything_else_is_refused() {
        let hold = Some(Hold { membership: u64::MAX, era: 300 });
        for positions in [
            Positions::new(),
            Positions::from([(0, 0)]),
            Positions::from([(0, 126), (1, 127), (2, 1 << 40)]),
            Positions::from([(3, 0), (300, (1 << 62) - 1)]),
        ] {
            for hold in [None, hold] {
                let cursor = Cursor { topic_id: TOPIC, positions: positions.clone(), hold };
                let text = encode(TOPIC, &positions, hold);
                assert_eq!(Cursor::decode(&text, TOPIC).unwrap(), cursor);
                assert_eq!(code(Cursor::decode(&text, EVENTS_TOPIC_ID)), "invalid_cursor");
                assert_eq!(code(Cursor::decode(&text[..20], TOPIC)), "invalid_cursor");
            }
        }
        assert_eq!(Cursor::decode("earliest", TOPIC).unwrap(), Cursor::new(TOPIC, Positions::new()));
        for wrong in ["", "!", "Ag", "AYA", "AQA", "AQABAAE", "AYCAgICAgICAgICAAQ", "BAAA"] {
            assert_eq!(code(Cursor::decode(wrong, EVENTS_TOPIC_ID)), "invalid_cursor", "{wrong}");
        }
    }

    #[test]
    fn a_cursor_of_older_live_streams_is_still_read() {
        // Partition 0 at 5, partition 2 at 300.
        let old = URL_SAFE_NO_PAD.encode([1, 0, 5, 2, 0xac, 0x02]);
        let cursor = Cursor::decode(&old, EVENTS_TOPIC_ID).unwrap();
        assert_eq!(cursor.positions, Positions::from([(0, 5), (2, 300)]));
        assert_eq!(code(Cursor::decode(&old, TOPIC)), "invalid_cursor");
    }

    #[test]
    fn no_cursor_names_more_partitions_than_a_topic_has() {
        let mut bytes = vec![OF_TOPIC];
        bytes.extend_from_slice(TOPIC.as_bytes());
        bytes.extend(std::iter::repeat_n(1, PARTITIONS_MAX as usize));
        assert!(Cursor::decode(&URL_SAFE_NO_PAD.encode(&bytes), TOPIC).is_ok());
        bytes.push(1);
        assert_eq!(code(Cursor::decode(&URL_SAFE_NO_PAD.encode(&bytes), TOPIC)), "invalid_cursor");
    }

    #[test]
    fn new_partitions_are_read_whole_and_what_is_gone_is_passed_over() {
        let cursor = Cursor::new(TOPIC, Positions::from([(0, 7), (1, 2)]));
        let resolved = cursor.resolve(&bounds(&[(0, 7), (2, 9), (4, 5)])).unwrap();
        let expected = |positions: &[(Partition, u64)], unheard: &[(Partition, u64)], expired| Resolved {
            positions: positions.iter().copied().collect(),
            unheard: unheard.iter().copied().collect(),
            expired,
        };
        assert_eq!(resolved, expected(&[(0, 7), (1, 2), (2, 4)], &[], false));
        let resolved = cursor.resolve(&bounds(&[(8, 9), (0, 9)])).unwrap();
        assert_eq!(resolved, expected(&[(0, 8), (1, 2)], &[], true));
        assert_eq!(code(cursor.resolve(&bounds(&[(0, 6), (0, 9)]))), "invalid_cursor");
        // A broker that has not heard of a partition that was added, and was read through another.
        let resolved = cursor.resolve(&bounds(&[(0, 7)])).unwrap();
        assert_eq!(resolved, expected(&[(0, 7)], &[(1, 2)], false));
    }
}
