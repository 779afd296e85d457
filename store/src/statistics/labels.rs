//! Which labels have a place of their own in a step, where anybody can make up new ones.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use parking_lot::Mutex;
use uuid::Uuid;

use super::LABELS_MAX;
use crate::OrgId;

/// Steps that are remembered, of any organisations. Past it all are forgotten, which lets some label more in.
const STEPS_MAX: usize = 1_000;

/// The labels that this process let in, of each measure where anybody can make up new ones. Each process knows its own
/// alone: so a step has at most [`LABELS_MAX`] of each.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    pub(super) ai_systems: Places<Uuid>,
    pub(super) error_codes: Places<String>,
}

/// Those of one measure.
#[derive(Debug)]
pub(super) struct Places<L>(Mutex<HashMap<(OrgId, i64), HashSet<L>>>);

impl<L> Default for Places<L> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<L: Eq + Hash> Places<L> {
    /// Whether this label has a place in the organisation's step.
    pub(super) fn take(&self, org_id: OrgId, at_s: i64, label: L) -> bool {
        let mut steps = self.0.lock();
        if steps.len() >= STEPS_MAX && !steps.contains_key(&(org_id, at_s)) {
            steps.clear();
        }
        let known = steps.entry((org_id, at_s)).or_default();
        known.contains(&label) || (known.len() < LABELS_MAX && known.insert(label))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_step_has_a_bounded_number_of_labels_and_keeps_those_it_has() {
        let labels = Places::default();
        let org_id = Uuid::from_u128(1);
        let taken = (0..1_000).filter(|n| labels.take(org_id, 0, Uuid::from_u128(*n))).count();
        assert_eq!(taken, LABELS_MAX);
        assert!(labels.take(org_id, 0, Uuid::from_u128(0)) && !labels.take(org_id, 0, Uuid::from_u128(999)));
        assert!(labels.take(org_id, 60, Uuid::from_u128(999)) && labels.take(Uuid::nil(), 0, Uuid::from_u128(999)));
        for step in 0..2_000 {
            assert!(labels.take(org_id, step * 60, Uuid::from_u128(0)));
        }
        assert!(labels.0.lock().len() <= STEPS_MAX);
    }
}
