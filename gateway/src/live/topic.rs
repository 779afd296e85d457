//! The topics that a stream watches, and where it is in each.

use std::sync::Arc;

use aibbar::{record::EVENTS_TOPIC, topic::TopicName};
use bus::{PartitionBounds, Positions};
use store::OrgId;
use uuid::Uuid;

/// Topics of one stream at most.
pub(super) const TOPICS_MAX: usize = 16;

/// A topic that is watched.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    /// Names this topic and none that has or will have its name.
    pub(super) id: Uuid,
    /// What its organisation calls it.
    pub(super) name: TopicName,
    /// What the log calls it.
    pub(super) in_log: String,
    /// Whose it is; `None`: the one of all organisations' events.
    pub(super) owner: Option<OrgId>,
}

impl Watched {
    /// The topic of all organisations' events.
    pub(crate) fn events() -> Watched {
        let name = TopicName::parse(EVENTS_TOPIC).expect("our own topic has a name");
        Watched { id: super::cursor::EVENTS_ID, in_log: EVENTS_TOPIC.to_owned(), name, owner: None }
    }

    /// Whether it carries events rather than messages of any kind.
    pub(super) fn is_events(&self) -> bool {
        self.owner.is_none()
    }
}

/// Where a stream is: in each of its topics the next record of each partition.
#[derive(Clone, Debug)]
pub(super) struct Places(Vec<Place>);

/// Where it is in one topic.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) topic: Arc<Watched>,
    pub(super) positions: Positions,
}

impl Places {
    pub(super) fn new(topics: &[Arc<Watched>]) -> Places {
        Places(topics.iter().map(|topic| Place { topic: topic.clone(), positions: Positions::new() }).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn at(&self, index: usize) -> &Place {
        &self.0[index]
    }

    pub(super) fn at_mut(&mut self, index: usize) -> &mut Place {
        &mut self.0[index]
    }

    /// The place in the topic of this id.
    pub(super) fn of(&self, id: Uuid) -> Option<&Place> {
        self.0.iter().find(|place| place.topic.id == id)
    }

    /// The same, to move.
    pub(super) fn of_mut(&mut self, id: Uuid) -> Option<&mut Place> {
        self.0.iter_mut().find(|place| place.topic.id == id)
    }
}

impl Place {
    /// Whether everything before this mark was seen.
    pub(super) fn has_reached(&self, mark: &Positions) -> bool {
        mark.iter().all(|(partition, &end)| end == 0 || self.positions.get(partition).is_some_and(|&at| at >= end))
    }

    /// Moves on to the mark where it is not there yet.
    pub(super) fn raise_to(&mut self, mark: &Positions) {
        for (&partition, &offset) in mark {
            let at = self.positions.entry(partition).or_default();
            *at = (*at).max(offset);
        }
    }

    /// Brings the place within what the log still has; `true` when something before that is gone for good, `None` when
    /// it lies where the log never was. Partitions that it does not name are wanted whole.
    pub(super) fn bring_within(&mut self, bounds: impl IntoIterator<Item = (u32, PartitionBounds)>) -> Option<bool> {
        let mut expired = false;
        let mut known = 0;
        let named = self.positions.len();
        for (partition, bounds) in bounds {
            match self.positions.get_mut(&partition) {
                None => drop(self.positions.insert(partition, bounds.earliest)),
                Some(at) if *at > bounds.end => return None,
                Some(at) => {
                    known += 1;
                    expired |= *at < bounds.earliest;
                    *at = (*at).max(bounds.earliest);
                }
            }
        }
        (known == named).then_some(expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(positions: &[(u32, u64)]) -> Place {
        Place { topic: Arc::new(Watched::events()), positions: positions.iter().copied().collect() }
    }

    #[test]
    fn a_place_is_brought_within_the_log_and_new_partitions_are_wanted_whole() {
        let bounds = |pairs: &[(u32, u64, u64)]| -> Vec<(u32, PartitionBounds)> {
            pairs.iter().map(|&(p, earliest, end)| (p, PartitionBounds { earliest, end })).collect()
        };
        let mut some = place(&[(0, 5)]);
        assert_eq!(some.bring_within(bounds(&[(0, 2, 9), (1, 3, 4)])), Some(false));
        assert_eq!(some.positions, Positions::from([(0, 5), (1, 3)]));
        let mut old = place(&[(0, 1)]);
        assert_eq!(old.bring_within(bounds(&[(0, 2, 9)])), Some(true));
        assert_eq!(old.positions, Positions::from([(0, 2)]));
        assert_eq!(place(&[(0, 10)]).bring_within(bounds(&[(0, 2, 9)])), None);
        assert_eq!(place(&[(7, 0)]).bring_within(bounds(&[(0, 2, 9)])), None);
    }

    #[test]
    fn a_mark_is_reached_when_every_partition_is() {
        let mark = Positions::from([(0, 3), (1, 0)]);
        assert!(place(&[(0, 3)]).has_reached(&mark));
        assert!(!place(&[(0, 2), (1, 5)]).has_reached(&mark));
        let mut behind = place(&[(0, 1), (1, 5)]);
        behind.raise_to(&mark);
        assert_eq!(behind.positions, Positions::from([(0, 3), (1, 5)]));
    }
}
