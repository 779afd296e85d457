//! Moments and ids: RFC 3339 to the microsecond, and UUIDv7 (RFC 9562).

use std::{
    cell::RefCell,
    hash::{BuildHasher, Hasher, RandomState},
    time::{SystemTime, UNIX_EPOCH},
};

use uuid::Uuid;

const NS_PER_S: i64 = 1_000_000_000;
const S_PER_DAY: i64 = 86_400;
/// So much chance is asked of the system at once, by each thread.
const CHANCE_BYTES: usize = 2048;
const ID_CHANCE_BYTES: usize = 8;

/// This machine's clock, in nanoseconds since 1970.
pub(crate) fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Adds RFC 3339 in UTC, to the microsecond; to the nanosecond where that says more.
pub(crate) fn write_text(out: &mut Vec<u8>, unix_ns: i64) {
    let (unix_s, ns) = (unix_ns.div_euclid(NS_PER_S), unix_ns.rem_euclid(NS_PER_S));
    let (days, second) = (unix_s.div_euclid(S_PER_DAY), unix_s.rem_euclid(S_PER_DAY));
    let (year, month, day) = civil(days);
    write_digits(out, year, 4);
    for (before, part) in
        [(b'-', month), (b'-', day), (b'T', second / 3600), (b':', second / 60 % 60), (b':', second % 60)]
    {
        out.push(before);
        write_digits(out, part, 2);
    }
    out.push(b'.');
    if ns % 1000 == 0 {
        write_digits(out, ns / 1000, 6)
    } else {
        write_digits(out, ns, 9)
    }
    out.push(b'Z');
}

/// [`write_text`] as a text.
pub(crate) fn text_of(unix_ns: i64) -> String {
    let mut out = Vec::with_capacity(32);
    write_text(&mut out, unix_ns);
    out.into_iter().map(char::from).collect()
}

/// A new id of that moment. Ids of one thread are in the order of their moments, to a quarter of a microsecond.
pub(crate) fn new_id(unix_ns: i64) -> Uuid {
    let (unix_ms, rest_ns) = (unix_ns.max(0) / 1_000_000, unix_ns.max(0) % 1_000_000);
    let number = (unix_ms as u128) << 80
        | 0b0111 << 76
        | u128::from((rest_ns * 4096 / 1_000_000).unsigned_abs()) << 64
        | 0b10 << 62
        | u128::from(chance() >> 2);
    Uuid::from_u128(number)
}

/// 64 bits of the system's chance.
pub(crate) fn chance() -> u64 {
    thread_local! {
        static KEPT: RefCell<(usize, [u8; CHANCE_BYTES])> = const { RefCell::new((CHANCE_BYTES, [0; CHANCE_BYTES])) };
    }
    KEPT.with_borrow_mut(|(used, bytes)| {
        if *used + ID_CHANCE_BYTES > CHANCE_BYTES {
            if getrandom::fill(bytes).is_err() {
                return RandomState::new().build_hasher().finish();
            }
            *used = 0;
        }
        let taken = bytes[*used..].iter().take(ID_CHANCE_BYTES).fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        *used += ID_CHANCE_BYTES;
        taken
    })
}

/// The same, from 0 to below 1.
pub(crate) fn share() -> f64 {
    // As many bits as a number of this type has.
    (chance() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Year, month and day of a day counted from 1970 (the well-known way over eras of 400 years).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * from_march + 2) / 5 + 1)
}

fn write_digits(out: &mut Vec<u8>, number: i64, digits: u32) {
    for place in (0..digits).rev() {
        out.push(b'0' + (number / 10_i64.pow(place) % 10) as u8);
    }
}

#[cfg(test)]
mod tests {
    use aibbar::Timestamp;

    use super::*;

    #[test]
    fn texts_are_the_moments_that_they_say() {
        let mut at = i64::MIN + 1;
        while at < i64::MAX - 400 * S_PER_DAY * NS_PER_S {
            assert_eq!(Timestamp::parse(&text_of(at)), Some(Timestamp::from_unix_ns(at)), "{at}");
            at += 7 * S_PER_DAY * NS_PER_S + 3_000_000_001;
        }
        assert_eq!(text_of(1_772_357_400_123_456_000), "2026-03-01T09:30:00.123456Z");
    }

    #[test]
    fn ids_are_of_their_moment_and_in_its_order() {
        let (first, second) = (new_id(1_772_357_400_123_456_000), new_id(1_772_357_400_123_457_000));
        assert_eq!((first.get_version_num(), first.get_variant()), (7, uuid::Variant::RFC4122));
        assert_eq!(aibbar::identity::unix_ms_of(first), 1_772_357_400_123);
        assert!(first < second);
    }
}
