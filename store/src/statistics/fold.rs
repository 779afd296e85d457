//! Adding up counts: of one step into each other, and of an hour's minutes into the hour. Pure.

use std::collections::BTreeMap;

use super::{Count, LABELS_MAX, Measure, OTHER};
use crate::OrgId;

/// The counts, those of one step and label added up, in the order in which all writers take them: so writers wait for
/// each other, never in a circle.
pub(crate) fn in_order(counts: impl IntoIterator<Item = Count>) -> Vec<Count> {
    let mut sums: BTreeMap<(OrgId, Measure, i64, String), (u64, u64)> = BTreeMap::new();
    for Count { org_id, measure, at_s, label, counted, total } in counts {
        let sum = sums.entry((org_id, measure, at_s, label)).or_default();
        sum.0 = sum.0.saturating_add(counted);
        sum.1 = sum.1.saturating_add(total);
    }
    let count =
        |((org_id, measure, at_s, label), (counted, total))| Count { org_id, measure, at_s, label, counted, total };
    sums.into_iter().map(count).collect()
}

/// The counts of one organisation's minutes as those of the hour that begins there: of a measure with
/// [free labels](Measure::has_free_labels) the largest [`LABELS_MAX`] keep theirs.
pub(crate) fn fold_hour(minutes: impl IntoIterator<Item = Count>, hour_s: i64) -> Vec<Count> {
    let of_hour = in_order(minutes.into_iter().map(|count| Count { at_s: hour_s, ..count }));
    let mut by_measure: BTreeMap<Measure, Vec<Count>> = BTreeMap::new();
    for count in of_hour {
        by_measure.entry(count.measure).or_default().push(count);
    }
    let capped = by_measure.into_iter().flat_map(|(measure, mut counts)| {
        if !measure.has_free_labels() {
            return counts;
        }
        counts.sort_by_key(|count| std::cmp::Reverse(count.counted));
        for small in counts.iter_mut().skip(LABELS_MAX) {
            small.label = OTHER.to_owned();
        }
        counts
    });
    in_order(capped)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn count(at_s: i64, label: &str, counted: u64) -> Count {
        count_of(Measure::AiSystems, at_s, label, counted)
    }

    fn count_of(measure: Measure, at_s: i64, label: &str, counted: u64) -> Count {
        Count { org_id: OrgId::nil(), measure, at_s, label: label.to_owned(), counted, total: counted * 2 }
    }

    #[test]
    fn an_hour_is_the_sum_of_its_minutes() {
        let hour = fold_hour([count(60, "a", 1), count(120, "a", 2), count(120, "b", 4)], 0);
        assert_eq!(hour, [count(0, "a", 3), count(0, "b", 4)]);
    }

    #[test]
    fn an_hour_keeps_its_largest_labels_and_loses_nothing() {
        let minutes = (0..1_000).map(|n| count(60 * (n % 60), &format!("{n:04}"), n.unsigned_abs() + 1));
        let hour = fold_hour(minutes, 0);
        assert_eq!(hour.len(), LABELS_MAX + 1);
        assert_eq!(hour.iter().map(|count| count.counted).sum::<u64>(), 500_500);
        assert!(hour.contains(&count(0, "0999", 1_000)) && !hour.iter().any(|count| count.label == "0000"));
    }

    #[test]
    fn every_topic_keeps_its_name_in_the_hour() {
        let minutes: Vec<Count> =
            (0..1_000).map(|n| count_of(Measure::Messages, 60 * (n % 60), &format!("{n:04}"), 1)).collect();
        let hour = fold_hour(minutes, 0);
        assert_eq!(hour.len(), 1_000);
        assert!(hour.iter().all(|count| count.at_s == 0 && count.counted == 1 && count.label != OTHER));
    }
}
