//! The partitions of a topic: where each begins and ends, known without asking the file.
//!
//! [`Lanes`] grows while others look into it, and looking takes no lock: lanes lie in segments of which each is
//! twice as long as the one before, a segment never moves once it is there, and the count is raised last.

use std::sync::{
    OnceLock,
    atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering},
};

use crate::{Offset, PARTITIONS_MAX, Partition, PartitionBounds};

/// One partition of one topic.
pub(super) struct Lane {
    /// Its number in the file, unique over all topics.
    pub(super) number: i64,
    earliest: AtomicU64,
    end: AtomicU64,
    bytes: AtomicI64,
    cleaned: AtomicU64,
}

/// What the file says of a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct LaneState {
    pub(super) number: i64,
    pub(super) bounds: PartitionBounds,
    /// Keys, headers and payloads of what lies in it.
    pub(super) bytes: i64,
    /// Everything before this was looked at by compaction.
    pub(super) cleaned: Offset,
}

impl LaneState {
    /// Nothing was ever in it.
    pub(super) fn empty(number: i64) -> Self {
        Self { number, bounds: PartitionBounds { earliest: 0, end: 0 }, bytes: 0, cleaned: 0 }
    }
}

impl Lane {
    pub(super) fn new(state: LaneState) -> Self {
        Self {
            number: state.number,
            earliest: AtomicU64::new(state.bounds.earliest),
            end: AtomicU64::new(state.bounds.end),
            bytes: AtomicI64::new(state.bytes),
            cleaned: AtomicU64::new(state.cleaned),
        }
    }

    /// What can be read. Only the writer moves it, and only after its commit.
    pub(super) fn bounds(&self) -> PartitionBounds {
        // Earliest first: it never passes the end, so the pair is in order however the writer moves between.
        let earliest = self.earliest.load(Ordering::Acquire);
        PartitionBounds { earliest, end: self.end.load(Ordering::Acquire) }
    }

    pub(super) fn set_end(&self, end: Offset) {
        self.end.store(end, Ordering::Release);
    }

    pub(super) fn set_earliest(&self, earliest: Offset) {
        self.earliest.store(earliest, Ordering::Release);
    }

    /// Bytes that lie in it.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed).max(0).unsigned_abs()
    }

    /// So many bytes came, or went when negative.
    pub(super) fn weighs_more(&self, bytes: i64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn cleaned(&self) -> Offset {
        self.cleaned.load(Ordering::Relaxed)
    }

    pub(super) fn set_cleaned(&self, cleaned: Offset) {
        self.cleaned.store(cleaned, Ordering::Relaxed);
    }
}

/// Segment `n` holds `2^n` lanes.
const SEGMENTS: usize = 14;
const _: () = assert!((1 << SEGMENTS) > PARTITIONS_MAX, "the segments hold the partitions of the largest topic");

/// The partitions of one topic, by number.
#[derive(Default)]
pub(super) struct Lanes {
    segments: [OnceLock<Box<[OnceLock<Lane>]>>; SEGMENTS],
    count: AtomicU32,
}

impl Lanes {
    pub(super) fn new(lanes: impl IntoIterator<Item = LaneState>) -> Self {
        let all = Self::default();
        all.extend(lanes);
        all
    }

    /// Adds these behind those that there are, [`PARTITIONS_MAX`] in all. By the writer alone.
    pub(super) fn extend(&self, lanes: impl IntoIterator<Item = LaneState>) {
        for state in lanes {
            let partition = self.count();
            let (segment, place) = place_of(partition);
            let segment = self.segments[segment]
                .get_or_init(|| std::iter::repeat_with(OnceLock::new).take(1 << segment).collect());
            let _ = segment[place].set(Lane::new(state));
            self.count.store(partition + 1, Ordering::Release);
        }
    }

    pub(super) fn count(&self) -> u32 {
        self.count.load(Ordering::Acquire)
    }

    pub(super) fn get(&self, partition: Partition) -> Option<&Lane> {
        if partition >= self.count() {
            return None;
        }
        let (segment, place) = place_of(partition);
        self.segments[segment].get()?[place].get()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Partition, &Lane)> {
        (0..self.count()).filter_map(|partition| Some((partition, self.get(partition)?)))
    }
}

fn place_of(partition: Partition) -> (usize, usize) {
    let segment = (partition + 1).ilog2();
    (segment as usize, (partition + 1 - (1 << segment)) as usize)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_partition_has_a_place_of_its_own() {
        let lanes = Lanes::new((0..PARTITIONS_MAX).map(|n| LaneState::empty(i64::from(n))));
        let numbers: Vec<_> = lanes.iter().map(|(_, lane)| lane.number).collect();
        assert_eq!(numbers, (0..i64::from(PARTITIONS_MAX)).collect::<Vec<_>>());
        assert!(lanes.get(PARTITIONS_MAX).is_none());
    }

    #[test]
    fn what_is_looked_at_stays_while_lanes_are_added() {
        let lanes = Lanes::new([LaneState::empty(7)]);
        let first = lanes.get(0).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| lanes.extend((0..5_000).map(|n| LaneState::empty(100 + n))));
            while lanes.count() < 5_001 {
                let last = lanes.count() - 1;
                assert!(lanes.get(last).is_some(), "a lane that is counted is there");
                assert_eq!(first.number, 7);
            }
        });
    }
}
