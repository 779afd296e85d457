//! The id that is derived for an event which brings none.

use aibbar::{Signature, Timestamp, identity::derive_event_id};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Identity {
    name: &'static str,
    why: &'static str,
    timestamp: &'static str,
    signature: String,
    event_id: String,
}

fn derived(name: &'static str, why: &'static str, timestamp: &'static str, signature: &str) -> Identity {
    let at = Timestamp::parse(timestamp).expect("an identity vector has a moment");
    let event_id = derive_event_id(at, &Signature::parse(signature).expect("and a signature"));
    Identity { name, why, timestamp, signature: signature.to_owned(), event_id: event_id.to_string() }
}

pub(super) fn all() -> Vec<Identity> {
    let counting = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let at = "2026-03-01T09:30:00Z";
    vec![
        derived("counting", "each byte of the signature differs, so that a wrong place shows", at, counting),
        derived("zeros", "only the time, the version and the variant are left", at, &"0".repeat(64)),
        derived("ones", "version and variant are set over the bits, not beside them", at, &"f".repeat(64)),
        derived("first-74-bits", "74 bits set, the others not", at, &format!("{}c{}", "f".repeat(18), "0".repeat(45))),
        derived(
            "after-74-bits",
            "the bits after the 74th do not count",
            at,
            &format!("{}3{}", "0".repeat(18), "f".repeat(45)),
        ),
        derived("epoch", "the first moment of 1970", "1970-01-01T00:00:00Z", counting),
        derived("rounded-down", "to whole milliseconds", "2026-03-01T09:30:00.001999999Z", counting),
        derived("offset", "the time is that of UTC", "2026-03-01T15:00:00.001+05:30", counting),
        derived("leap-day", "a day that not every year has", "2024-02-29T12:00:00Z", counting),
        derived(
            "leap-second",
            "a leap second is the last nanosecond before the next second",
            "2016-12-31T23:59:60Z",
            counting,
        ),
        derived("leap-second-with-fraction", "whatever its fraction", "2016-12-31T23:59:60.5Z", counting),
        derived(
            "before-1970",
            "refused as too old; until then it has the first moment of 1970",
            "1969-12-31T23:59:59.999Z",
            counting,
        ),
    ]
}
