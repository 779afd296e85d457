//! The id of an event: the one it brings, or the one its signature gives it.
//!
//! A derived id is a UUIDv7 (RFC 9562). From the first bit to the last:
//!
//! | bits | what |
//! |---|---|
//! | 48 | `timestamp` in whole milliseconds since the Unix epoch, rounded down |
//! | 4 | the version, `0111` |
//! | 12 (`rand_a`) | bits 0–11 of the signature, its first bit first |
//! | 2 | the variant, `10` |
//! | 62 (`rand_b`) | bits 12–73 of the signature |
//!
//! So whoever sends the same signed event twice sends the same id twice, and nobody without the secret can
//! make another event that gets the id of this one.

use uuid::Uuid;

use crate::{Signature, Timestamp};

/// How far the time inside a given `event_id` may lie from `timestamp`: 24 hours.
pub const EVENT_ID_DISTANCE_MS_MAX: i64 = 24 * 60 * 60 * 1000;

/// Derives the id of an event that brings none. A UUIDv7 cannot say a time before 1970: such an event, which
/// [`crate::Event::check_time`] refuses, gets the first moment of 1970.
pub fn derive_event_id(timestamp: Timestamp, signature: &Signature) -> Uuid {
    let unix_ms = u128::from(timestamp.unix_ms().max(0).unsigned_abs());
    let first_bits = signature.0.iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    let rand_a = first_bits >> (128 - 12);
    let rand_b = first_bits << 12 >> (128 - 62);
    Uuid::from_u128(unix_ms << 80 | 0b0111 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
}

/// The time inside a UUIDv7, in milliseconds since the Unix epoch.
pub fn unix_ms_of(event_id: Uuid) -> i64 {
    // 48 bits always fit.
    (event_id.as_u128() >> 80) as i64
}

/// Whether the time inside an `event_id` is near enough to the event's own.
pub(crate) fn is_near(event_id: Uuid, timestamp: Timestamp) -> bool {
    unix_ms_of(event_id).abs_diff(timestamp.unix_ms()) <= EVENT_ID_DISTANCE_MS_MAX.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The last millisecond whose nanoseconds 64 bits can count, in the year 2262: as far as timestamps are made.
    const LAST_MS: i64 = 9_223_372_036_854;

    /// The bits of a signature that are in the id.
    const SIGNATURE_BITS: u32 = 74;

    fn first_bits(signature: &[u8; 32]) -> u128 {
        signature.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)) >> (128 - SIGNATURE_BITS)
    }

    /// Two signatures that are the same for so many bits and then, perhaps, are not.
    fn two_signatures() -> impl Strategy<Value = ([u8; 32], [u8; 32])> {
        (any::<[u8; 32]>(), any::<[u8; 32]>(), 0_usize..=32).prop_map(|(one, mut other, same)| {
            other[..same].copy_from_slice(&one[..same]);
            (one, other)
        })
    }

    proptest! {
        #[test]
        fn two_events_have_one_id_exactly_when_their_moment_and_their_signatures_beginning_are_one(
            (one, other) in two_signatures(), (at, later) in (0..=LAST_MS, prop_oneof![Just(0_i64), 0_i64..1000])
        ) {
            let derive = |at, signature| derive_event_id(Timestamp::from_unix_ms(at), &Signature(signature));
            let (first, second) = (derive(at, one), derive((at + later).min(LAST_MS), other));
            let same = at == unix_ms_of(second) && first_bits(&one) == first_bits(&other);
            prop_assert_eq!(first == second, same);
            prop_assert_eq!((first.get_version_num(), first.get_variant()), (7, uuid::Variant::RFC4122));
            prop_assert_eq!(unix_ms_of(first), at);
            // Ids are in the order of their events' moments.
            prop_assert!(at >= unix_ms_of(second) || first < second);
        }
    }

    fn check(unix_ms: i64, signature: [u8; 32], expect: &str) {
        let id = derive_event_id(Timestamp::from_unix_ms(unix_ms), &Signature(signature));
        assert_eq!(id.to_string(), expect);
        assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
        assert_eq!(unix_ms_of(id), unix_ms.max(0));
    }

    #[test]
    fn a_derived_id_is_the_time_and_the_first_74_bits_of_the_signature() {
        check(0, [0; 32], "00000000-0000-7000-8000-000000000000");
        check(0, [0xff; 32], "00000000-0000-7fff-bfff-ffffffffffff");
        let mut counting = [0; 32];
        for (byte, value) in counting.iter_mut().zip(0x12_u8..) {
            *byte = value;
        }
        // 12 13 14 15 16 17 18 19 1a 1b: the first 12 bits are 121; 3 1415 1617 1819 1a and the first
        // two bits of 1b, moved right by two, are the other 62.
        check(0x0190_0000_0001, counting, "01900000-0001-7121-8c50-54585c606468");
    }

    #[test]
    fn the_bits_after_the_74th_do_not_count() {
        let mut one = [0xaa; 32];
        let mut other = one;
        one[9] = 0b1010_1010;
        other[9] = 0b1001_0101;
        other[10..].fill(0);
        let at = Timestamp::from_unix_ms(1);
        assert_eq!(derive_event_id(at, &Signature(one)), derive_event_id(at, &Signature(other)));
        other[9] = 0b0110_1010;
        assert_ne!(derive_event_id(at, &Signature(one)), derive_event_id(at, &Signature(other)));
    }

    #[test]
    fn a_time_before_1970_is_the_first_moment_of_it() {
        check(-1, [0; 32], "00000000-0000-7000-8000-000000000000");
    }

    #[test]
    fn an_id_is_near_within_24_hours() {
        let id = derive_event_id(Timestamp::from_unix_ms(1_700_000_000_000), &Signature([0; 32]));
        for (distance_ms, expect) in [(0, true), (86_400_000, true), (86_400_001, false)] {
            for sign in [-1, 1] {
                let at = Timestamp::from_unix_ms(1_700_000_000_000 + sign * distance_ms);
                assert_eq!(is_near(id, at), expect, "{distance_ms}");
            }
        }
    }
}
