//! A moment, to the nanosecond.

mod plain;

use std::fmt;

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// Nanoseconds are the finest that can be said.
const FRACTION_DIGITS_MAX: usize = 9;

/// A moment as nanoseconds since the Unix epoch (1677 to 2262), UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From nanoseconds since the Unix epoch.
    pub const fn from_unix_ns(unix_ns: i64) -> Self {
        Self(unix_ns)
    }

    /// From milliseconds since the Unix epoch; held at the ends of what can be said.
    pub const fn from_unix_ms(unix_ms: i64) -> Self {
        Self(unix_ms.saturating_mul(1_000_000))
    }

    /// Nanoseconds since the Unix epoch.
    pub const fn unix_ns(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the Unix epoch, rounded down.
    pub const fn unix_ms(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment, moved by so many milliseconds; held at the ends of what can be said.
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms.saturating_mul(1_000_000)))
    }

    /// Reads RFC 3339 with an offset and at most nine fraction digits. `None` when it is not that, or no real date
    /// and time. A moment outside 1677–2262 is real all the same: it is held at the ends of what can be said.
    /// A leap second is the last nanosecond of the second before it.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(plain) = Self::parse_plain(text) {
            return Some(plain);
        }
        Self::parse_any(text)
    }

    /// As [`Timestamp::parse`], of what is written as nearly everyone does. Says nothing of anything else.
    pub(crate) fn parse_plain(text: &str) -> Option<Self> {
        plain::unix_ns(text).map(Self)
    }

    fn parse_any(text: &str) -> Option<Self> {
        // The parser takes any separator, and any number of fraction digits.
        let is_ours = matches!(text.as_bytes().get(10), Some(b'T' | b't'))
            && text.bytes().skip(20).take_while(u8::is_ascii_digit).count() <= FRACTION_DIGITS_MAX;
        if !is_ours {
            return None;
        }
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Some(Self::saturating(at.unix_timestamp_nanos()))
    }

    fn saturating(unix_ns: i128) -> Self {
        Self(unix_ns.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }
}

/// The moment that the system's clock gave.
impl From<std::time::SystemTime> for Timestamp {
    fn from(at: std::time::SystemTime) -> Self {
        Self::saturating(OffsetDateTime::from(at).unix_timestamp_nanos())
    }
}

/// RFC 3339 in UTC (`…Z`), with as many fraction digits as needed.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = OffsetDateTime::from_unix_timestamp_nanos(self.0.into())
            .ok()
            .and_then(|at| at.to_offset(UtcOffset::UTC).format(&Rfc3339).ok())
            .ok_or(fmt::Error)?;
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) -> Result<(), TestCaseError> {
        if let Some(plain) = Timestamp::parse_plain(text) {
            prop_assert_eq!(Timestamp::parse_any(text), Some(plain), "{}", text);
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn what_is_plain_is_what_the_library_reads(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,10})?([Zz]|[+-][0-2][0-9]:[0-6][0-9])?",
        ) {
            check(&text)?;
        }

        #[test]
        fn every_real_moment_of_these_centuries_is_plain(
            year in 1678..2262, month in 1..=12, day in 1..=28, second in 0..86_400,
            end in "(\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
        ) {
            let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
            let text = format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{end}");
            prop_assert!(Timestamp::parse_plain(&text).is_some(), "{}", text);
            check(&text)?;
        }
    }

    /// Each day of the years with every kind of leap, the days that are none with them.
    #[test]
    fn every_day_is_the_librarys() {
        for year in [1678, 1700, 1899, 1900, 1970, 1972, 2000, 2024, 2026, 2100, 2261] {
            for month in 0..=13 {
                for day in 0..=32 {
                    let text = format!("{year}-{month:02}-{day:02}T12:00:00Z");
                    assert_eq!(Timestamp::parse_plain(&text), Timestamp::parse_any(&text), "{text}");
                }
            }
        }
    }
}
