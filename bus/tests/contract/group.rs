//! What the members of a group share.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use bus::{GroupDescription, GroupMember, LogError, PartitionLag, Positions};

use crate::rig::{Rig, STEP, WAIT_MAX, after, payloads, read_as, up_to};

/// So many records over all partitions of a new topic.
async fn filled(rig: &Rig, partitions: u32, count: usize) -> String {
    let topic = rig.topic(partitions).await;
    fill(rig, &topic, 0..count).await;
    topic
}

async fn fill(rig: &Rig, topic: &str, range: std::ops::Range<usize>) {
    let names: Vec<_> = range.map(|i| (format!("key-{i}"), format!("{i}"))).collect();
    let records: Vec<_> = names.iter().map(|(key, name)| (key.as_str(), name.as_str())).collect();
    rig.append(topic, &records).await;
}

/// Reads with all members in turn and commits, until every record up to `count` was seen and committed by someone.
async fn drain(rig: &Rig, topic: &str, group: &str, members: &mut [Box<dyn GroupMember>]) -> Vec<BTreeSet<u32>> {
    let started = Instant::now();
    let mut partitions = vec![BTreeSet::new(); members.len()];
    while rig.log.lag(topic, group).await.unwrap().iter().any(|lag| lag.records() > 0) {
        assert!(started.elapsed() < WAIT_MAX, "the group never gets through");
        for (member, partitions) in members.iter_mut().zip(&mut partitions) {
            let records = member.next(up_to(STEP)).await.unwrap();
            match member.commit(&after(&records)).await {
                Ok(()) => partitions.extend(records.iter().map(|r| r.position.partition)),
                // What was read before a rebalance is read again, by whoever holds it then.
                Err(LogError::Fenced) => member.rewind().await.unwrap(),
                Err(error) => panic!("{error}"),
            }
        }
    }
    partitions
}

pub(crate) async fn members_share_the_partitions_and_every_record_comes_once(rig: Rig) {
    let topic = rig.topic(4).await;
    let group = rig.name("group");
    let mut members = vec![rig.join(&topic, &group).await, rig.join(&topic, &group).await];
    // Both hold something before a record is counted: nothing moves from then on.
    let started = Instant::now();
    for round in 0.. {
        assert!(started.elapsed() < WAIT_MAX, "one of two members never gets a partition");
        fill(&rig, &topic, round * 100..round * 100 + 100).await;
        let partitions = drain(&rig, &topic, &group, &mut members).await;
        if partitions.iter().all(|held| !held.is_empty()) && partitions[0].is_disjoint(&partitions[1]) {
            break;
        }
    }
    fill(&rig, &topic, 50_000..50_200).await;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    while seen.len() < 200 {
        assert!(started.elapsed() < WAIT_MAX, "{} of 200", seen.len());
        for member in &mut members {
            let records = member.next(up_to(STEP)).await.unwrap();
            for payload in payloads(&records) {
                *seen.entry(payload).or_default() += 1;
            }
        }
    }
    assert!(seen.values().all(|&times| times == 1), "{seen:?}");
}

pub(crate) async fn a_member_that_leaves_gives_its_partitions_back(rig: Rig) {
    gives_back(rig, true).await;
}

pub(crate) async fn a_member_that_is_dropped_gives_its_partitions_back(rig: Rig) {
    gives_back(rig, false).await;
}

async fn gives_back(rig: Rig, in_order: bool) {
    let topic = filled(&rig, 4, 40).await;
    let group = rig.name("group");
    let mut members = vec![rig.join(&topic, &group).await, rig.join(&topic, &group).await];
    drain(&rig, &topic, &group, &mut members).await;
    fill(&rig, &topic, 40..80).await;
    let leaving = members.remove(0);
    match in_order {
        true => leaving.leave().await,
        false => drop(leaving),
    }
    let mut seen = BTreeSet::new();
    let started = Instant::now();
    while seen.len() < 40 {
        assert!(started.elapsed() < WAIT_MAX, "{} of 40", seen.len());
        let records = members[0].next(up_to(STEP)).await.unwrap();
        match members[0].commit(&after(&records)).await {
            Ok(()) | Err(LogError::Fenced) => {}
            Err(error) => panic!("{error}"),
        }
        // What the one that left had read and not committed comes again; what was committed does not.
        seen.extend(payloads(&records));
    }
    assert_eq!(seen, (40..80).map(|i| i.to_string()).collect());
}

pub(crate) async fn what_was_not_committed_comes_again(rig: Rig) {
    let topic = filled(&rig, 1, 10).await;
    let group = rig.name("group");
    let mut first = rig.join(&topic, &group).await;
    let records = read_as(&mut *first, 10).await;
    first.commit(&after(&records[..4])).await.unwrap();
    first.leave().await;
    let mut second = rig.join(&topic, &group).await;
    assert_eq!(payloads(&read_as(&mut *second, 6).await), payloads(&records[4..]));
}

pub(crate) async fn a_rewind_reads_again_from_what_is_committed(rig: Rig) {
    let topic = filled(&rig, 1, 10).await;
    let group = rig.name("group");
    let mut member = rig.join(&topic, &group).await;
    let records = read_as(&mut *member, 10).await;
    member.rewind().await.unwrap();
    assert_eq!(payloads(&read_as(&mut *member, 10).await), payloads(&records));
    member.commit(&after(&records[..7])).await.unwrap();
    member.rewind().await.unwrap();
    assert_eq!(payloads(&read_as(&mut *member, 3).await), payloads(&records[7..]));
}

pub(crate) async fn a_partition_that_is_held_by_another_can_not_be_committed(rig: Rig) {
    let topic = filled(&rig, 2, 20).await;
    let group = rig.name("group");
    let mut holder = rig.join(&topic, &group).await;
    let records = read_as(&mut *holder, 20).await;
    holder.commit(&after(&records)).await.unwrap();
    let mut members = vec![holder, rig.join(&topic, &group).await];
    let started = Instant::now();
    let held = loop {
        assert!(started.elapsed() < WAIT_MAX, "the second member never gets a partition");
        fill(&rig, &topic, 20..60).await;
        let partitions = drain(&rig, &topic, &group, &mut members).await;
        if partitions.iter().all(|held| held.len() == 1) && partitions[0].is_disjoint(&partitions[1]) {
            break partitions;
        }
    };
    let of_the_other = *held[1].first().unwrap();
    assert_eq!(members[0].commit(&[(of_the_other, 1)].into()).await, Err(LogError::Fenced));
}

pub(crate) async fn lag_is_what_is_not_committed(rig: Rig) {
    let topic = filled(&rig, 1, 10).await;
    let group = rig.name("group");
    let lag = |lag: Vec<PartitionLag>| (lag[0].committed, lag[0].records());
    assert_eq!(lag(rig.log.lag(&topic, &group).await.unwrap()), (None, 10));
    let mut member = rig.join(&topic, &group).await;
    let records = read_as(&mut *member, 10).await;
    member.commit(&after(&records[..3])).await.unwrap();
    assert_eq!(lag(rig.log.lag(&topic, &group).await.unwrap()), (Some(3), 7));
    member.commit(&after(&records)).await.unwrap();
    member.commit(&bus::Positions::new()).await.unwrap();
    assert_eq!(lag(rig.log.lag(&topic, &group).await.unwrap()), (Some(10), 0));
}

pub(crate) async fn groups_do_not_disturb_one_another(rig: Rig) {
    let topic = filled(&rig, 2, 20).await;
    let (one, other) = (rig.name("one"), rig.name("other"));
    let mut member = rig.join(&topic, &one).await;
    let records = read_as(&mut *member, 20).await;
    member.commit(&after(&records)).await.unwrap();
    let mut member = rig.join(&topic, &other).await;
    assert_eq!(read_as(&mut *member, 20).await.len(), 20);
    let _ = tokio::time::timeout(Duration::ZERO, member.next(up_to(STEP))).await;
}

/// Waits until the group is described as this says; answers how.
async fn until_described(
    rig: &Rig,
    topic: &str,
    group: &str,
    members: &mut [Box<dyn GroupMember>],
    is_so: impl Fn(Option<&GroupDescription>) -> bool,
) -> Option<GroupDescription> {
    let started = Instant::now();
    loop {
        for member in &mut *members {
            member.next(up_to(STEP)).await.unwrap();
        }
        let mut groups = rig.log.groups(topic, group).await.unwrap();
        assert!(groups.len() <= 1, "{groups:?}");
        let described = groups.pop();
        if is_so(described.as_ref()) {
            return described;
        }
        assert!(started.elapsed() < WAIT_MAX, "{described:?}");
    }
}

fn names(group: &GroupDescription) -> Vec<&str> {
    let mut names: Vec<_> = group.members.iter().map(|member| member.name.as_str()).collect();
    names.sort_unstable();
    names
}

pub(crate) async fn groups_are_told_with_their_members_and_what_each_holds(rig: Rig) {
    let topic = filled(&rig, 4, 40).await;
    let group = rig.name("group");
    assert_eq!(rig.log.groups(&topic, &group).await.unwrap(), []);
    let started = Instant::now();
    let mut members = vec![rig.join_as(&topic, &group, "one").await, rig.join_as(&topic, &group, "other").await];
    let described = loop {
        let described = until_described(&rig, &topic, &group, &mut members, |group| {
            group.is_some_and(|group| group.members.len() == 2 && group.members.iter().all(|m| m.partitions.len() == 2))
        });
        let described = described.await.unwrap();
        // A member hears of its share when it reads next.
        let told: Vec<_> =
            ["one", "other"].map(|name| described.members.iter().find(|m| m.name == name).cloned()).into();
        let told: Vec<_> = told.into_iter().map(|member| member.unwrap().partitions).collect();
        if told.iter().zip(&members).all(|(told, member)| *told == member.holds()) {
            break described;
        }
        assert!(started.elapsed() < WAIT_MAX, "{described:?}");
    };
    assert_eq!((described.group.as_str(), names(&described)), (group.as_str(), vec!["one", "other"]));
    let held: BTreeSet<_> = described.members.iter().flat_map(|member| member.partitions.clone()).collect();
    assert_eq!(held, (0..4).collect());
    // Another topic has other groups, and another prefix too.
    assert_eq!(rig.log.groups(&rig.topic(1).await, &group).await.unwrap(), []);
    assert_eq!(rig.log.groups(&topic, "no such group").await.unwrap(), []);

    // One that dies is gone in the end, and what it held is the other's.
    drop(members.remove(0));
    let described = until_described(&rig, &topic, &group, &mut members, |group| {
        group.is_some_and(|group| group.members.len() == 1 && group.members[0].partitions.len() == 4)
    });
    assert_eq!(names(&described.await.unwrap()), ["other"]);

    // A group that committed is there without members, one that never did is not.
    let next: Positions = [(0, 1)].into();
    members.remove(0).leave().await;
    until_described(&rig, &topic, &group, &mut [], |group| group.is_none()).await;
    rig.log.reset_group(&topic, &group, &next).await.unwrap();
    let described = until_described(&rig, &topic, &group, &mut [], |group| group.is_some()).await;
    assert_eq!(described.unwrap().members, []);
}

pub(crate) async fn two_members_of_one_name_are_two(rig: Rig) {
    let topic = filled(&rig, 2, 20).await;
    let group = rig.name("group");
    let mut members = vec![rig.join_as(&topic, &group, "same").await, rig.join_as(&topic, &group, "same").await];
    let described = until_described(&rig, &topic, &group, &mut members, |group| {
        group.is_some_and(|group| group.members.len() == 2 && group.members.iter().all(|m| m.partitions.len() == 1))
    });
    assert_eq!(names(&described.await.unwrap()), ["same", "same"]);
    assert_ne!(members[0].holds(), members[1].holds());
    fill(&rig, &topic, 20..60).await;
    drain(&rig, &topic, &group, &mut members).await;
}

pub(crate) async fn a_group_is_reset_only_while_nobody_is_in_it(rig: Rig) {
    let topic = filled(&rig, 2, 40).await;
    let group = rig.name("group");
    let ends: Positions =
        rig.log.bounds(&topic).await.unwrap().into_iter().map(|(p, bounds)| (p, bounds.end)).collect();
    // A group that is not there yet has positions from then on.
    rig.log.reset_group(&topic, &group, &ends).await.unwrap();
    assert!(rig.log.lag(&topic, &group).await.unwrap().iter().all(|lag| lag.records() == 0));

    let mut member = rig.join(&topic, &group).await;
    let started = Instant::now();
    while member.holds().len() < 2 {
        assert!(started.elapsed() < WAIT_MAX, "the member never gets its share");
        assert_eq!(member.next(up_to(STEP)).await.unwrap(), []);
    }
    let beginning: Positions = [(0, 0), (1, 0)].into();
    let refused = rig.log.reset_group(&topic, &group, &beginning).await;
    assert_eq!(refused, Err(LogError::GroupActive(group.clone())));
    member.leave().await;

    // What is not named stays where it is.
    rig.log.reset_group(&topic, &group, &[(1, 3)].into()).await.unwrap();
    let committed: Vec<_> = rig.log.lag(&topic, &group).await.unwrap().iter().map(|lag| lag.committed).collect();
    assert_eq!(committed, [Some(ends[&0]), Some(3)]);
    let none = rig.log.reset_group(&topic, &group, &[(2, 0)].into()).await;
    assert!(matches!(none, Err(LogError::InvalidTopic(_))), "{none:?}");

    rig.log.reset_group(&topic, &group, &beginning).await.unwrap();
    let mut member = rig.join(&topic, &group).await;
    let all: BTreeSet<_> = payloads(&read_as(&mut *member, 40).await).into_iter().collect();
    assert_eq!(all.len(), 40);
}

pub(crate) async fn a_member_says_when_partitions_were_taken_from_it(rig: Rig) {
    let topic = filled(&rig, 2, 20).await;
    let group = rig.name("group");
    let mut members = vec![rig.join(&topic, &group).await];
    drain(&rig, &topic, &group, &mut members).await;
    let alone = members[0].generation();
    fill(&rig, &topic, 20..40).await;
    drain(&rig, &topic, &group, &mut members).await;
    assert_eq!(members[0].generation(), alone, "nothing moved");

    members.push(rig.join(&topic, &group).await);
    let started = Instant::now();
    while members.iter().any(|member| member.holds().len() != 1) {
        assert!(started.elapsed() < WAIT_MAX, "the second member never gets a partition");
        for member in &mut members {
            member.next(up_to(STEP)).await.unwrap();
        }
    }
    assert!(members[0].generation() > alone);
}
