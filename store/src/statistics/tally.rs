//! What rows count for, once they are stored. Pure, but for the labels that a process remembers.

use std::{collections::BTreeMap, time::Duration};

use aibbar::Timestamp;
use uuid::Uuid;

use super::{Count, Labels, Measure, OTHER, bucket_of, in_order, minute_of};
use crate::{OrgId, row::Row};

/// Counts these rows, which were stored at this moment, into the minutes in which they were received; a receipt of the
/// future is one of now. In order.
pub(crate) fn tally<'r, 'a: 'r>(
    stored: impl IntoIterator<Item = &'r Row<'a>>,
    at: Timestamp,
    labels: &Labels,
) -> Vec<Count> {
    let mut tally = Tally { labels, at, by_system: BTreeMap::new(), counts: Vec::new() };
    for row in stored {
        tally.add(row);
    }
    tally.finish()
}

struct Tally<'l> {
    labels: &'l Labels,
    at: Timestamp,
    by_system: BTreeMap<(OrgId, i64, Uuid), (u64, u64)>,
    counts: Vec<Count>,
}

impl Tally<'_> {
    fn add(&mut self, row: &Row<'_>) {
        let head = &row.new.head;
        let received = head.received_at.min(self.at);
        let at_s = minute_of(received);
        let bytes = row.new.record.len() as u64;
        let delay = Duration::from_nanos(self.at.unix_ns().saturating_sub(received.unix_ns()).unsigned_abs());
        let delay_us = u64::try_from(delay.as_micros()).unwrap_or(u64::MAX);

        let system = self.by_system.entry((head.org_id, at_s, head.ai_id)).or_default();
        *system = (system.0 + 1, system.1 + bytes);
        let mut count = |measure, label: &str, counted, total| {
            let label = label.to_owned();
            self.counts.push(Count { org_id: head.org_id, measure, at_s, label, counted, total });
        };
        count(Measure::Events, head.event_type.as_str(), 1, bytes);
        count(Measure::StoreDelay, &bucket_of(delay), 1, delay_us);
        for (kind, counted) in &row.redactions {
            count(Measure::Redactions, kind, *counted, 0);
        }
    }

    fn finish(mut self) -> Vec<Count> {
        for ((org_id, at_s, ai_id), (counted, total)) in self.by_system {
            let has_place = self.labels.take(org_id, at_s, ai_id);
            let label = if has_place { ai_id.to_string() } else { OTHER.to_owned() };
            self.counts.push(Count { org_id, measure: Measure::AiSystems, at_s, label, counted, total });
        }
        in_order(self.counts)
    }
}
