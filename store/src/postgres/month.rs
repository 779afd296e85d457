//! A month as a partition of records. Pure.

use std::fmt;

use aibbar::Timestamp;
use time::{Date, Month as Name, OffsetDateTime};
use uuid::Uuid;

use crate::query::first_id_at;

/// The first year whose months have partitions of their own; what is before goes to one of its own.
const YEAR_MIN: i32 = 2020;
/// The first year whose months no longer have partitions of their own; so many months at most: 960.
const YEAR_END: i32 = 2100;

const PREFIX: &str = "aibbar_events_";

/// The partitions for ids outside of all months.
pub(super) const OUTSIDE: [&str; 2] = ["aibbar_events_before_2020", "aibbar_events_from_2100"];

/// A month in UTC that has, or can have, a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Month {
    /// Months since the beginning of year 0.
    index: i32,
}

impl Month {
    /// The month of this moment; `None` outside 2020–2099.
    pub(super) fn of(at: Timestamp) -> Option<Self> {
        Self::of_unix_ms(at.unix_ms())
    }

    /// The month in which this event id is kept; `None` when it goes to a partition outside.
    pub(super) fn of_id(event_id: Uuid) -> Option<Self> {
        i64::try_from(event_id.as_u128() >> 80).ok().and_then(Self::of_unix_ms)
    }

    /// So many months later (or earlier); `None` outside 2020–2099.
    pub(super) fn plus(self, months: i32) -> Option<Self> {
        let index = self.index + months;
        (YEAR_MIN..YEAR_END).contains(&index.div_euclid(12)).then_some(Self { index })
    }

    /// The first that there is.
    pub(super) const fn earliest() -> Self {
        Self { index: YEAR_MIN * 12 }
    }

    /// The partition's name.
    pub(super) fn table(self) -> String {
        format!("{PREFIX}{:04}_{:02}", self.year(), self.number())
    }

    /// The month of this partition; `None` when it is not one of a month.
    pub(super) fn of_table(name: &str) -> Option<Self> {
        let (year, month) = name.strip_prefix(PREFIX)?.split_once('_')?;
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        let index = (1..=12).contains(&month).then_some(year * 12 + month - 1)?;
        Self { index }.plus(0)
    }

    /// The smallest id in it.
    pub(super) fn first_id(self) -> Uuid {
        first_id_at(self.start_unix_ms())
    }

    /// The smallest id after it.
    pub(super) fn end_id(self) -> Uuid {
        first_id_at(self.end_unix_ms())
    }

    /// The millisecond in which the next month begins.
    pub(super) fn end_unix_ms(self) -> i64 {
        Self { index: self.index + 1 }.start_unix_ms()
    }

    /// The millisecond in which it begins.
    pub(super) fn start_unix_ms(self) -> i64 {
        let name = Name::try_from(self.number() as u8).expect("a month's number is 1 to 12");
        let start = Date::from_calendar_date(self.year(), name, 1).expect("every month has a first day");
        start.midnight().assume_utc().unix_timestamp() * 1000
    }

    fn of_unix_ms(unix_ms: i64) -> Option<Self> {
        let at = OffsetDateTime::from_unix_timestamp(unix_ms.div_euclid(1000)).ok()?;
        Self { index: at.year() * 12 + i32::from(u8::from(at.month())) - 1 }.plus(0)
    }

    fn year(self) -> i32 {
        self.index.div_euclid(12)
    }

    fn number(self) -> i32 {
        self.index.rem_euclid(12) + 1
    }
}

/// `2026-11`
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn month(at: &str) -> Option<Month> {
        Month::of(Timestamp::parse(at).unwrap())
    }

    #[test]
    fn a_month_begins_with_its_first_millisecond() {
        assert_eq!(month("2026-11-30T23:59:59.999999999Z").unwrap().table(), "aibbar_events_2026_11");
        assert_eq!(month("2026-12-01T00:00:00Z").unwrap().table(), "aibbar_events_2026_12");
        assert_eq!(month("2027-01-01T00:00:00+01:00").unwrap().table(), "aibbar_events_2026_12");
    }

    #[test]
    fn months_meet_without_a_gap() {
        let mut month = month("2020-01-01T00:00:00Z").unwrap();
        let mut count = 1;
        while let Some(next) = month.plus(1) {
            assert_eq!(month.end_id(), next.first_id());
            assert_eq!(Month::of_id(month.first_id()), Some(month));
            assert_eq!(Month::of_id(Uuid::from_u128(month.end_id().as_u128() - 1)), Some(month));
            (month, count) = (next, count + 1);
        }
        assert_eq!(count, 960);
    }

    #[test]
    fn outside_there_are_no_months() {
        assert_eq!(month("2019-12-31T23:59:59.999Z"), None);
        assert_eq!(month("2100-01-01T00:00:00Z"), None);
        assert_eq!(Month::of_id(Uuid::nil()), None);
        assert_eq!(Month::of_id(Uuid::max()), None);
        assert_eq!(month("2020-01-01T00:00:00Z").unwrap().plus(-1), None);
    }

    #[test]
    fn a_tables_name_reads_back() {
        let month = month("2026-11-30T00:00:00Z").unwrap();
        assert_eq!(Month::of_table(&month.table()), Some(month));
        assert_eq!(month.to_string(), "2026-11");
        assert_eq!(Month::earliest().plus(-1), None);
        for name in ["aibbar_events_before_2020", "aibbar_events_from_2100", "aibbar_events_2026_13", "aibbar_events"] {
            assert_eq!(Month::of_table(name), None, "{name}");
        }
    }

    /// The bounds of the fixed partitions stand in the migration.
    #[test]
    fn the_months_meet_the_partitions_outside() {
        let migration = include_str!("../../../migrations/postgres/V1__events.sql");
        let first = month("2020-01-01T00:00:00Z").unwrap();
        let last = month("2099-12-31T00:00:00Z").unwrap();
        assert!(migration.contains(&format!("TO ('{}')", first.first_id())));
        assert!(migration.contains(&format!("FROM ('{}')", last.end_id())));
        assert!(OUTSIDE.iter().all(|name| migration.contains(name)));
    }
}
