//! What a request with messages counts for, in what its organisation is told.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bus::Position;
use store::OrgId;

use super::Receipt;
use crate::{
    problem::{Kind, Problem},
    statistics::counting::Counting,
};

/// Messages that were handed to the log: what became of each, beside the topic that it was for; none where it was refused
/// before, and counted there.
pub(super) fn appended(
    counting: &Counting,
    org_id: OrgId,
    topics: &[Option<Arc<str>>],
    outcomes: &[Result<(Receipt, Position), Problem>],
    after: Duration,
) {
    #[derive(Default)]
    struct Sums {
        kept: u64,
        bytes: u64,
        refused: u64,
    }
    let mut by_topic: BTreeMap<&str, Sums> = BTreeMap::new();
    let mut hidden: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (topic, outcome) in topics.iter().zip(outcomes) {
        let Some(topic) = topic else { continue };
        let sums = by_topic.entry(topic).or_default();
        match outcome {
            Ok((receipt, _)) => {
                sums.kept += 1;
                sums.bytes += receipt.bytes;
                for kind in &receipt.hidden {
                    *hidden.entry(kind.as_str()).or_default() += 1;
                }
            }
            // What may be kept after all was not refused.
            Err(problem) if problem.kind() == Kind::OutcomeUnknown => {}
            Err(_) => sums.refused += 1,
        }
    }
    if by_topic.values().any(|sums| sums.kept > 0) {
        counting.acknowledged(org_id, after);
    }
    for (topic, sums) in by_topic {
        if sums.kept > 0 {
            counting.published(org_id, topic, sums.kept, sums.bytes);
        }
        if sums.refused > 0 {
            counting.refused_of(org_id, topic, sums.refused);
        }
    }
    for (kind, things) in hidden {
        counting.hidden(org_id, kind, things);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use prometheus::IntCounter;
    use store::statistics::Measure;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_may_be_kept_counts_neither_as_kept_nor_as_refused() {
        let counting = Counting::new(IntCounter::new("lost", "lost").unwrap());
        let topic: Arc<str> = "orders".into();
        let receipt = Receipt { topic: topic.clone(), message_id: Uuid::nil(), bytes: 5, hidden: Vec::new() };
        let refused = |kind| Err(Problem::new(kind, "why"));
        let outcomes = [Ok((receipt, Position::UNKNOWN)), refused(Kind::OutcomeUnknown), refused(Kind::LogUnavailable)];
        appended(
            &counting,
            OrgId::nil(),
            &[Some(topic.clone()), Some(topic.clone()), Some(topic)],
            &outcomes,
            Duration::ZERO,
        );
        let counted = counting.take();
        let sum =
            |measure| counted.iter().filter(|count| count.measure == measure).map(|count| count.counted).sum::<u64>();
        assert_eq!((sum(Measure::Messages), sum(Measure::RefusedMessages)), (1, 1));
    }
}
