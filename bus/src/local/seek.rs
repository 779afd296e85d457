//! Finds the offset that goes with a time, and the time that goes with an offset.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::file::{offset_of, record_id};
use crate::{Offset, Partition, PartitionBounds, Positions};

/// A partition to look in.
pub(super) struct Stretch {
    pub(super) partition: Partition,
    pub(super) lane: i64,
    pub(super) bounds: PartitionBounds,
}

/// For each partition the first record that was appended at this time or later; the end where there is none.
pub(super) fn offsets_at(conn: &Connection, stretches: &[Stretch], at_ms: i64) -> rusqlite::Result<Positions> {
    stretches.iter().map(|stretch| Ok((stretch.partition, offset_at(conn, stretch, at_ms)?))).collect()
}

/// When the first record of each stretch was appended, where there is one.
pub(super) fn appended_at(conn: &Connection, stretches: &[Stretch]) -> rusqlite::Result<BTreeMap<Partition, i64>> {
    let mut first =
        conn.prepare_cached("SELECT appended_at_ms FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 1")?;
    let mut times = BTreeMap::new();
    for Stretch { partition, lane, bounds } in stretches {
        let range = (record_id(*lane, bounds.earliest), record_id(*lane, bounds.end));
        if let Some(at_ms) = first.query_row(range, |row| row.get(0)).optional()? {
            times.insert(*partition, at_ms);
        }
    }
    Ok(times)
}

/// Appended-at times never go back within a partition, so halving finds it: a look at one record for each bit of
/// the number of offsets.
fn offset_at(conn: &Connection, stretch: &Stretch, at_ms: i64) -> rusqlite::Result<Offset> {
    let mut first =
        conn.prepare_cached("SELECT id, appended_at_ms FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 1")?;
    let PartitionBounds { earliest: mut low, end } = stretch.bounds;
    let (mut high, mut answer) = (end, end);
    // Whatever lies before `low` is too old; `answer` is the first record from `high` on, and is not.
    while low < high {
        let middle = low + (high - low) / 2;
        let range = (record_id(stretch.lane, middle), record_id(stretch.lane, high));
        let found = first.query_row(range, |row| Ok((offset_of(row.get(0)?), row.get::<_, i64>(1)?))).optional()?;
        match found {
            Some((offset, appended_at_ms)) if appended_at_ms < at_ms => low = offset + 1,
            Some((offset, _)) => (high, answer) = (middle, offset),
            // Compaction leaves offsets without a record.
            None => high = middle,
        }
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::local::layout;

    const LANE: i64 = 3;

    /// The offset of the first of these records (offset, time) at this time or later.
    fn at(records: &[(Offset, i64)], bounds: (Offset, Offset), at_ms: i64) -> Offset {
        let conn = Connection::open_in_memory().unwrap();
        layout::bring_up_to_date(&conn).unwrap();
        for (offset, time) in records {
            conn.execute(
                "INSERT INTO records VALUES (?1, ?2, '', '', '')".replace("''", "x''").as_str(),
                (record_id(LANE, *offset), time),
            )
            .unwrap();
        }
        let bounds = PartitionBounds { earliest: bounds.0, end: bounds.1 };
        offset_at(&conn, &Stretch { partition: 0, lane: LANE, bounds }, at_ms).unwrap()
    }

    #[test]
    fn every_time_leads_to_the_first_record_that_is_not_older() {
        let full: Vec<_> = (5..40).map(|offset| (offset, 100 + (offset as i64 / 3) * 10)).collect();
        let with_gaps: Vec<_> = full.iter().copied().filter(|(offset, _)| offset % 4 == 0 || *offset == 39).collect();
        for records in [&full, &with_gaps] {
            for at_ms in 90..240 {
                let expected = records.iter().find(|(_, time)| *time >= at_ms).map_or(40, |(offset, _)| *offset);
                assert_eq!(at(records, (5, 40), at_ms), expected, "{at_ms}");
            }
        }
        assert_eq!(at(&[], (7, 7), 0), 7);
    }
}
