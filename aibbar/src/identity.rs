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
