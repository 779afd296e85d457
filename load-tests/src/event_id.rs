//! Ids that tell which run and which of its events they are, so that what came back can be held against what was sent
//! with one bit for each.

use uuid::Uuid;

/// Bits of the number in an id.
const NUMBER_BITS: u32 = 40;
/// Bits of the run in the 62 that are free in the second half.
const RUN_BITS: u32 = 22;

/// The ids of one run: UUIDv7 as any other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventIds {
    run: u64,
}

impl EventIds {
    pub(crate) fn new(run: u64) -> Self {
        Self { run: run & ((1 << (RUN_BITS + 12)) - 1) }
    }

    /// The id of an event.
    pub(crate) fn id(self, unix_ms: u64, number: u64) -> Uuid {
        let high = (unix_ms << 16) | 0x7000 | (self.run >> RUN_BITS);
        let run = self.run & ((1 << RUN_BITS) - 1);
        let low = (0b10 << 62) | (run << NUMBER_BITS) | (number & ((1 << NUMBER_BITS) - 1));
        Uuid::from_u64_pair(high, low)
    }

    /// The number of an event of this run; `None` for every other.
    pub(crate) fn number(self, id: Uuid) -> Option<u64> {
        let (high, low) = id.as_u64_pair();
        let run = ((high & 0xfff) << RUN_BITS) | ((low >> NUMBER_BITS) & ((1 << RUN_BITS) - 1));
        (run == self.run).then_some(low & ((1 << NUMBER_BITS) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_from_its_own_run_alone() {
        let ids = EventIds::new(0xdead_beef_1234);
        for number in [0, 1, 255, 1 << 39, (1 << 40) - 1] {
            let id = ids.id(1_780_000_000_000, number);
            assert_eq!(id.get_version_num(), 7);
            assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
            assert_eq!(ids.number(id), Some(number));
            assert_eq!(EventIds::new(0xdead_beef_1235).number(id), None);
        }
    }
}
