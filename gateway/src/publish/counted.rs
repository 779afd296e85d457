//! What a request with messages counts for, in what its organisation is told.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bus::Position;
use store::OrgId;

use super::Receipt;
use crate::{problem::Problem, statistics::counting::Counting};

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
