//! Who is in a group and which partitions each member holds.
//!
//! Members live in this process, so a group is a table in memory; only its positions are in the
//! file. The writer alone changes the table, between two transactions: a position that was
//! committed before a partition moved on is durable before the new holder looks it up, and one that
//! comes after is refused. A holding is stamped with the epoch in which it began, so a partition
//! that went away and came back does not pass for one that stayed.

use std::collections::{BTreeMap, HashMap};

use parking_lot::Mutex;
use tokio::sync::watch;

use super::queue::CommitPosition;
use crate::{GroupDescription, MemberDescription, Partition};

/// A member among those of its group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct MemberId(u64);

/// That a member holds a partition, and since which epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holding {
    member: MemberId,
    epoch: u64,
}

/// A consumer group of one topic.
pub(super) struct Group {
    pub(super) name: String,
    table: Mutex<Table>,
    /// Marked as changed whenever a partition moved on.
    pub(super) changed: watch::Sender<()>,
}

struct Table {
    epoch: u64,
    /// In the order they came.
    members: Vec<MemberId>,
    names: HashMap<MemberId, String>,
    /// By partition.
    holdings: Vec<Option<Holding>>,
}

impl Group {
    pub(super) fn new(name: &str, partitions: u32) -> Self {
        let (members, names) = (Vec::new(), HashMap::new());
        let table = Table { epoch: 0, members, names, holdings: vec![None; partitions as usize] };
        Self { name: name.to_owned(), table: Mutex::new(table), changed: watch::Sender::new(()) }
    }

    /// A new member, with its share.
    pub(super) fn join(&self, name: &str) -> MemberId {
        let mut table = self.table.lock();
        // An epoch begins with every change, so it can name the member that it began with.
        let member = MemberId(table.epoch + 1);
        table.members.push(member);
        table.names.insert(member, name.to_owned());
        self.share(&mut table);
        member
    }

    /// The member's partitions go to the others.
    pub(super) fn leave(&self, member: MemberId) {
        let mut table = self.table.lock();
        table.members.retain(|m| *m != member);
        table.names.remove(&member);
        self.share(&mut table);
    }

    /// The topic has so many partitions now: the new ones are shared too.
    pub(super) fn grow(&self, partitions: u32) {
        let mut table = self.table.lock();
        table.holdings.resize(partitions as usize, None);
        self.share(&mut table);
    }

    /// Whether nobody is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.table.lock().members.is_empty()
    }

    /// Who is in it, and what each holds.
    pub(super) fn describe(&self) -> GroupDescription {
        let table = self.table.lock();
        let held_by = |member: MemberId| {
            let holdings = (0..).zip(&table.holdings);
            holdings.filter(|(_, h)| h.is_some_and(|h| h.member == member)).map(|(partition, _)| partition).collect()
        };
        let describe = |member: &MemberId| MemberDescription {
            name: table.names.get(member).cloned().unwrap_or_default(),
            partitions: held_by(*member),
        };
        GroupDescription { group: self.name.clone(), members: table.members.iter().map(describe).collect() }
    }

    /// The partitions that a member holds now, and the epoch in which each holding began.
    pub(super) fn held_by(&self, member: MemberId) -> BTreeMap<Partition, u64> {
        let table = self.table.lock();
        let of_member = |h: &Option<Holding>| h.filter(|h| h.member == member).map(|h| h.epoch);
        (0..).zip(&table.holdings).filter_map(|(p, h)| Some((p, of_member(h)?))).collect()
    }

    /// Whether the member still holds all that these positions rest on.
    pub(super) fn allows(&self, member: MemberId, positions: &[CommitPosition]) -> bool {
        let table = self.table.lock();
        positions.iter().all(|position| {
            let holding = Holding { member, epoch: position.epoch };
            table.holdings.get(position.partition as usize) == Some(&Some(holding))
        })
    }

    fn share(&self, table: &mut Table) {
        table.epoch += 1;
        let before: Vec<_> = table.holdings.iter().map(|h| h.map(|h| h.member)).collect();
        let after = share_evenly(&before, &table.members);
        for (holding, member) in table.holdings.iter_mut().zip(after) {
            if holding.map(|h| h.member) != member {
                *holding = member.map(|member| Holding { member, epoch: table.epoch });
            }
        }
        self.changed.send_replace(());
    }
}

/// Shares the partitions so that no member has two more than another, moving as few as it can.
fn share_evenly(before: &[Option<MemberId>], members: &[MemberId]) -> Vec<Option<MemberId>> {
    let mut held: HashMap<MemberId, usize> = members.iter().map(|m| (*m, 0)).collect();
    before.iter().flatten().for_each(|m| {
        held.entry(*m).and_modify(|count| *count += 1);
    });
    // Whoever holds most already gets the larger shares, so that fewest partitions move.
    let mut by_held = members.to_vec();
    by_held.sort_by_key(|m| std::cmp::Reverse(held[m]));
    let share = |rank: usize| before.len() / members.len() + usize::from(rank < before.len() % members.len());
    let mut room: Vec<_> = by_held.iter().enumerate().map(|(rank, m)| (*m, share(rank))).collect();
    let mut take = |wanted: Option<MemberId>| {
        let (member, left) = room.iter_mut().find(|(m, left)| *left > 0 && wanted.is_none_or(|w| w == *m))?;
        *left -= 1;
        Some(*member)
    };
    let kept: Vec<_> = before.iter().map(|holder| holder.and_then(|m| take(Some(m)))).collect();
    kept.into_iter().map(|holder| holder.or_else(|| take(None))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(holders: &[Option<MemberId>], members: &[MemberId]) -> Vec<usize> {
        members.iter().map(|m| holders.iter().filter(|h| **h == Some(*m)).count()).collect()
    }

    #[test]
    fn a_partition_that_came_back_is_not_one_that_stayed() {
        let group = Group::new("g", 1);
        let first = group.join("m");
        let epoch = group.held_by(first)[&0];
        let position = [CommitPosition { partition: 0, epoch, next: 5 }];
        assert!(group.allows(first, &position));
        let second = group.join("m");
        assert!(group.allows(first, &position), "one partition stays where it is");
        group.leave(first);
        assert!(!group.allows(first, &position));
        assert_eq!(group.held_by(second).len(), 1);
        let third = group.join("m");
        group.leave(second);
        assert!(!group.allows(third, &position));
    }

    #[test]
    fn partitions_that_are_added_are_shared_and_none_that_was_held_moves() {
        let group = Group::new("g", 2);
        let members = [group.join("first"), group.join("second")];
        let before = members.map(|member| group.held_by(member));
        group.grow(6);
        for (before, member) in before.iter().zip(members) {
            let after = group.held_by(member);
            assert_eq!(after.len(), 3);
            assert!(before.iter().all(|(partition, epoch)| after.get(partition) == Some(epoch)));
        }
        let described = group.describe();
        assert_eq!(described.members.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["first", "second"]);
        assert_eq!(described.members.iter().map(|m| m.partitions.len()).sum::<usize>(), 6);
    }

    #[test]
    fn a_position_of_no_partition_is_refused() {
        let group = Group::new("g", 2);
        let member = group.join("m");
        assert!(!group.allows(member, &[CommitPosition { partition: 2, epoch: 1, next: 0 }]));
    }

    proptest! {
        #[test]
        fn shares_are_even_and_few_partitions_move(
            partitions in 1_usize..40,
            changes in prop::collection::vec(0_usize..6, 1..20),
        ) {
            let mut members: Vec<MemberId> = Vec::new();
            let mut holders = vec![None; partitions];
            for (number, change) in changes.into_iter().enumerate() {
                let joined = change >= members.len();
                if joined { members.push(MemberId(number as u64)); } else { members.remove(change); }
                let after = share_evenly(&holders, &members);
                let counts = counts(&after, &members);
                if let (Some(least), Some(most)) = (counts.iter().min(), counts.iter().max()) {
                    prop_assert!(most - least <= 1, "{counts:?}");
                    prop_assert_eq!(counts.iter().sum::<usize>(), partitions);
                }
                let moved = holders.iter().zip(&after).filter(|(b, a)| b.is_some_and(|b| members.contains(&b)) && b != a).count();
                let newcomers_share = if joined { partitions.div_ceil(members.len()) } else { 0 };
                prop_assert!(moved <= newcomers_share, "{moved} moved");
                holders = after;
            }
        }
    }
}
