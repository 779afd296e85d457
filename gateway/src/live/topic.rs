//! The topics that a stream watches, and where it is in each.

use std::sync::Arc;

use aibbar::{record::EVENTS_TOPIC, topic::TopicName};
use bus::Positions;
use store::OrgId;
use uuid::Uuid;

use crate::streams::{cursor::EVENTS_TOPIC_ID, topic::FoundTopic};

/// Topics of one stream at most.
pub(super) const TOPICS_MAX: usize = 16;

/// The topic of all organisations' events, as everybody watches it.
pub(super) fn events() -> FoundTopic {
    let name = TopicName::parse(EVENTS_TOPIC).expect("our own topic has a name");
    FoundTopic::of(EVENTS_TOPIC_ID, OrgId::nil(), name)
}

/// Where a stream is: in each of its topics the next record of each partition.
#[derive(Clone, Debug)]
pub(super) struct Places(Vec<Place>);

/// Where it is in one topic.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) topic: Arc<FoundTopic>,
    pub(super) positions: Positions,
}

impl Places {
    pub(super) fn new(topics: &[Arc<FoundTopic>]) -> Places {
        Places(topics.iter().map(|topic| Place { topic: topic.clone(), positions: Positions::new() }).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.iter()
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(positions: &[(u32, u64)]) -> Place {
        Place { topic: Arc::new(events()), positions: positions.iter().copied().collect() }
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
