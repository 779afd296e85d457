//! What rows count for, once they are stored. Pure, but for the labels that a process remembers.

use std::{collections::BTreeMap, time::Duration};

use aibbar::{EventType, Timestamp};
use uuid::Uuid;

use super::{Count, Labels, Measure, OTHER, durations::bucket_number, in_order, label_of_code, minute_of};
use crate::{OrgId, row::Row};

/// Counts these rows, which were stored at this moment, into the minutes in which they were received; a receipt of the
/// future is one of now. In order.
pub(crate) fn tally<'r, 'a: 'r>(
    stored: impl IntoIterator<Item = &'r Row<'a>>,
    at: Timestamp,
    labels: &Labels,
) -> Vec<Count> {
    let mut tally = Tally { at, sums: BTreeMap::new() };
    for row in stored {
        tally.add(row);
    }
    tally.finish(labels)
}

/// A label that is not written out yet: that is done once for each sum, not for each row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Label<'r> {
    Word(&'static str),
    Bucket(u32),
    System(Uuid),
    Code(&'r str),
}

struct Tally<'r> {
    at: Timestamp,
    sums: BTreeMap<(OrgId, i64, Measure, Label<'r>), (u64, u64)>,
}

impl<'r> Tally<'r> {
    fn add(&mut self, row: &'r Row<'_>) {
        let head = row.head;
        let received = head.received_at.min(self.at);
        let at_s = minute_of(received);
        let bytes = row.record().len() as u64;
        let delay = Duration::from_nanos(self.at.unix_ns().saturating_sub(received.unix_ns()).unsigned_abs());
        let delay_us = u64::try_from(delay.as_micros()).unwrap_or(u64::MAX);

        let mut count = |measure, label, counted: u64, total: u64| {
            let sum = self.sums.entry((head.org_id, at_s, measure, label)).or_default();
            *sum = (sum.0.saturating_add(counted), sum.1.saturating_add(total));
        };
        count(Measure::Events, Label::Word(head.event_type.as_str()), 1, bytes);
        count(Measure::AiSystems, Label::System(head.ai_id), 1, bytes);
        count(Measure::StoreDelay, Label::Bucket(bucket_number(delay)), 1, delay_us);
        for (kind, counted) in &row.redactions {
            count(Measure::Redactions, Label::Word(kind), *counted, 0);
        }
        if head.event_type == EventType::Error {
            let label = row.error_code.as_deref().map_or(Label::Word(OTHER), Label::Code);
            count(Measure::ErrorCodes, label, 1, 0);
        }
    }

    fn finish(self, labels: &Labels) -> Vec<Count> {
        in_order(self.sums.into_iter().map(|((org_id, at_s, measure, label), (counted, total))| {
            let label = match label {
                Label::Word(word) => word.to_owned(),
                Label::Bucket(bucket) => bucket.to_string(),
                Label::System(ai_id) if labels.ai_systems.take(org_id, at_s, ai_id) => ai_id.to_string(),
                Label::Code(code) if labels.error_codes.take(org_id, at_s, code.to_owned()) => label_of_code(code),
                Label::System(_) | Label::Code(_) => OTHER.to_owned(),
            };
            Count { org_id, measure, at_s, label, counted, total }
        }))
    }
}
