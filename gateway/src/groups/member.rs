//! One reader's membership: what it was given out, what of it is committed, and whether it may still commit it.
//!
//! What was given out stays given out until it is committed, or until the log moved partitions: then all of it may be
//! another reader's by now, so it is forgotten, a new era begins, and this reader goes on at what the group committed.

use std::{collections::VecDeque, time::Duration};

use bus::{GroupMember, LogError, LogRecord, Partition, Position, Positions, ReadLimits};

use crate::streams::cursor::{Cursor, Hold};

/// Bytes that are taken along while the log is heard for an idle reader.
const IDLE_AHEAD_BYTES_MAX: usize = 1024 * 1024;
/// One record, when there is one.
const IDLE_READ: ReadLimits = ReadLimits { records_max: 1, bytes_max: 1, wait_max: Duration::ZERO };

/// A member of the log's group, with what its reader has in hand.
pub(super) struct Member {
    /// The same for as long as this reader is in the group.
    membership: u64,
    member: Box<dyn GroupMember>,
    /// [`GroupMember::generation`] when it was last asked.
    generation: u64,
    era: u64,
    /// The log is to be read again from what is committed, before more of it is handed over.
    must_rewind: bool,
    /// Read, and not given out.
    ahead: VecDeque<LogRecord>,
    /// Behind what was given out.
    given: Positions,
    /// What of that the log has committed.
    committed: Positions,
}

/// Why a cursor was not committed.
#[derive(Debug)]
pub(super) enum NotCommitted {
    /// It is not of this membership, or the partitions have moved since.
    Lost,
    /// It lies behind what was given out.
    NeverGiven,
    /// The log could not do it.
    Log(LogError),
}

impl Member {
    pub(super) fn new(membership: u64, member: Box<dyn GroupMember>) -> Self {
        let generation = member.generation();
        Self {
            membership,
            member,
            generation,
            era: 0,
            must_rewind: false,
            ahead: VecDeque::new(),
            given: Positions::new(),
            committed: Positions::new(),
        }
    }

    /// The hold in which cursors are given now.
    pub(super) fn hold(&self) -> Hold {
        Hold { membership: self.membership, era: self.era }
    }

    /// What was read and not given out, in order.
    pub(super) fn ahead(&self) -> &VecDeque<LogRecord> {
        &self.ahead
    }

    /// Bytes of what was read and not given out.
    pub(super) fn ahead_bytes(&self) -> usize {
        self.ahead.iter().map(LogRecord::size_bytes).sum()
    }

    /// Behind what was given out.
    pub(super) fn given(&self) -> &Positions {
        &self.given
    }

    /// The partitions that it holds.
    pub(super) fn holds(&self) -> Vec<Partition> {
        self.member.holds()
    }

    /// Whether something was given out that is not committed.
    pub(super) fn has_uncommitted(&self) -> bool {
        self.given.iter().any(|(partition, at)| self.committed.get(partition) != Some(at))
    }

    /// The next of what lies ahead is given out. Where it was before, to take it back.
    pub(super) fn give(&mut self) -> Option<(Partition, Option<u64>)> {
        let position = self.ahead.front()?.position;
        Some((position.partition, self.given.insert(position.partition, position.offset + 1)))
    }

    /// It was not given out after all.
    pub(super) fn take_back(&mut self, (partition, before): (Partition, Option<u64>)) {
        match before {
            Some(before) => self.given.insert(partition, before),
            None => self.given.remove(&partition),
        };
    }

    /// It is in the reader's answer.
    pub(super) fn given_out(&mut self) {
        self.ahead.pop_front();
    }

    /// Whether the reader is where this cursor says, so that it has all that was given out.
    pub(super) fn is_at(&self, cursor: &Cursor) -> bool {
        cursor.hold == Some(self.hold()) && cursor.positions == self.given
    }

    /// All that was given out and not committed comes again.
    pub(super) fn give_again(&mut self) {
        self.ahead.clear();
        self.given = self.committed.clone();
        self.must_rewind = true;
    }

    /// Reads on from the log, waiting as long as the limits say. Whether there was anything: of it the reader may have
    /// all already. Cancel safe.
    pub(super) async fn read(&mut self, limits: ReadLimits) -> Result<bool, LogError> {
        if self.must_rewind {
            self.member.rewind().await?;
            self.must_rewind = false;
        }
        let read = self.member.next(limits).await?;
        // No await from here on: what was read is not lost with a caller that goes away.
        let is_something = !read.is_empty();
        if !self.follow() {
            // Behind a rewind there may be what the reader has.
            let is_given = |at: &Position| self.given.get(&at.partition).is_some_and(|given| at.offset < *given);
            self.ahead.extend(read.into_iter().filter(|record| !is_given(&record.position)));
        }
        Ok(is_something)
    }

    /// Hears the log for a reader that is busy elsewhere: other members of its group may wait for this one. What comes is
    /// taken along for the reader, up to a bound; past it it is let go, and read again once the reader is through
    /// with what lies ahead.
    pub(super) async fn hear(&mut self) -> Result<(), LogError> {
        if !self.must_rewind && self.ahead_bytes() < IDLE_AHEAD_BYTES_MAX {
            return self.read(IDLE_READ).await.map(drop);
        }
        self.must_rewind = true;
        self.member.next(IDLE_READ).await?;
        self.follow();
        Ok(())
    }

    /// Begins an era when partitions have moved. Whether all that this reader had is to be read again.
    fn follow(&mut self) -> bool {
        let generation = self.member.generation();
        if generation == self.generation {
            return false;
        }
        self.generation = generation;
        let had_something = !self.ahead.is_empty() || self.has_uncommitted();
        self.begin_era();
        self.must_rewind |= had_something;
        had_something
    }

    fn begin_era(&mut self) {
        self.era += 1;
        self.ahead.clear();
        self.given.clear();
        self.committed.clear();
    }

    /// Commits up to this cursor.
    pub(super) async fn commit(&mut self, cursor: &Cursor) -> Result<(), NotCommitted> {
        if cursor.hold != Some(self.hold()) {
            return Err(NotCommitted::Lost);
        }
        if cursor.positions.iter().any(|(partition, at)| self.given.get(partition).is_none_or(|given| given < at)) {
            return Err(NotCommitted::NeverGiven);
        }
        let is_news = |(partition, at): &(&Partition, &u64)| self.committed.get(partition).is_none_or(|c| c < at);
        let next: Positions = cursor.positions.iter().filter(is_news).map(|(&p, &at)| (p, at)).collect();
        if next.is_empty() {
            return Ok(());
        }
        match self.member.commit(&next).await {
            Ok(()) => {
                self.committed.extend(next);
                Ok(())
            }
            Err(LogError::Fenced) => {
                self.begin_era();
                self.must_rewind = true;
                Err(NotCommitted::Lost)
            }
            Err(error) => Err(NotCommitted::Log(error)),
        }
    }

    /// Commits all that was given out: of what was only passed over there is nothing for a reader to confirm.
    pub(super) async fn commit_given(&mut self) -> Result<(), NotCommitted> {
        let all = Cursor { topic_id: uuid::Uuid::nil(), positions: self.given.clone(), hold: Some(self.hold()) };
        self.commit(&all).await
    }

    /// Leaves the group at once.
    pub(super) async fn leave(self) {
        self.member.leave().await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{path::Path, time::Duration};

    use bus::{
        EventLog, NewRecord, TopicSpec,
        local::{LocalLog, LocalSettings},
    };
    use uuid::Uuid;

    use super::*;

    const LIMITS: ReadLimits = ReadLimits { records_max: 100, bytes_max: 1 << 20, wait_max: Duration::from_secs(20) };

    async fn log_with(folder: &Path, records: usize) -> LocalLog {
        let log = LocalLog::open(folder, LocalSettings::default()).unwrap();
        let spec = TopicSpec { name: "t".into(), partitions: 2, retention: None, compacted: false };
        log.ensure_topic(&spec).await.unwrap();
        let records =
            (0..records).map(|n| NewRecord { key: format!("k{n}").into(), payload: "x".into(), headers: Vec::new() });
        for outcome in log.append("t", records.collect()).await {
            outcome.unwrap();
        }
        log
    }

    async fn append(log: &LocalLog, key: &str, payload: &[u8]) {
        let record = NewRecord { key: key.to_owned().into(), payload: payload.to_vec().into(), headers: Vec::new() };
        log.append("t", vec![record]).await.remove(0).unwrap();
    }

    async fn join(log: &LocalLog, membership: u64) -> Member {
        Member::new(membership, log.join("t", "g", "r").await.unwrap())
    }

    /// Reads and gives out so many; the cursor behind them.
    async fn given(member: &mut Member, count: usize) -> Cursor {
        let mut given = 0;
        while given < count {
            if member.ahead().is_empty() {
                member.read(LIMITS).await.unwrap();
                continue;
            }
            member.give().unwrap();
            member.given_out();
            given += 1;
        }
        Cursor { topic_id: Uuid::nil(), positions: member.given().clone(), hold: Some(member.hold()) }
    }

    #[tokio::test]
    async fn what_is_not_committed_comes_again_and_what_is_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_with(folder.path(), 10).await;
        let mut member = join(&log, 1).await;
        let first = given(&mut member, 4).await;
        assert!(member.has_uncommitted() && member.is_at(&first));
        member.give_again();
        let again = given(&mut member, 4).await;
        assert_eq!(again, first);
        member.commit(&again).await.unwrap();
        assert!(!member.has_uncommitted());
        let last = given(&mut member, 6).await;
        assert!(matches!(
            member.commit(&Cursor { positions: Positions::from([(0, 1_000)]), ..last.clone() }).await,
            Err(NotCommitted::NeverGiven)
        ));
        member.commit(&last).await.unwrap();
        // A cursor that lies before what is committed moves nothing back.
        member.commit(&first).await.unwrap();
        let lag: u64 = log.lag("t", "g").await.unwrap().iter().map(bus::PartitionLag::records).sum();
        assert_eq!(lag, 0);
    }

    #[tokio::test]
    async fn an_idle_reader_holds_no_more_than_a_bound_and_misses_nothing_of_what_was_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_with(folder.path(), 0).await;
        let payload = vec![b'x'; IDLE_AHEAD_BYTES_MAX / 8];
        for n in 0..40 {
            append(&log, &format!("k{n}"), &payload).await;
        }
        let mut member = join(&log, 1).await;
        let first = given(&mut member, 3).await;
        member.commit(&first).await.unwrap();
        given(&mut member, 2).await;
        for _ in 0..60 {
            member.hear().await.unwrap();
            assert!(member.ahead_bytes() < IDLE_AHEAD_BYTES_MAX + 2 * payload.len());
        }
        let mut seen = Vec::new();
        while seen.len() < 35 {
            if member.ahead().is_empty() {
                member.read(LIMITS).await.unwrap();
                continue;
            }
            seen.push(member.ahead()[0].position);
            member.give().unwrap();
            member.given_out();
        }
        let ends: Positions = log.bounds("t").await.unwrap().into_iter().map(|(p, bounds)| (p, bounds.end)).collect();
        assert_eq!(*member.given(), ends, "all of it");
        let once: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(once.len(), 35, "and each once");
        let in_order = |partition| seen.iter().filter(|at| at.partition == partition).is_sorted();
        assert!(in_order(0) && in_order(1));
    }

    #[tokio::test]
    async fn a_full_idle_reader_still_hears_that_its_partitions_moved() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_with(folder.path(), 0).await;
        for n in 0..8 {
            append(&log, &format!("k{n}"), &vec![b'x'; IDLE_AHEAD_BYTES_MAX / 2]).await;
        }
        let mut idle = join(&log, 1).await;
        while !idle.must_rewind {
            idle.hear().await.unwrap();
        }
        let era = idle.hold().era;
        let mut other = join(&log, 2).await;
        idle.hear().await.unwrap();
        assert!(idle.hold().era > era && idle.ahead().is_empty());
        assert_eq!(idle.holds().len(), 1);
        other.read(LIMITS).await.unwrap();
        assert_eq!(other.holds().len(), 1);
    }

    #[tokio::test]
    async fn partitions_that_moved_on_are_not_committed_by_who_had_them() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_with(folder.path(), 10).await;
        let mut first = join(&log, 1).await;
        let cursor = given(&mut first, 10).await;
        let other = join(&log, 2).await;
        // It comes and goes: by their numbers alone, all partitions are where they were.
        other.leave().await;
        first.read(ReadLimits { wait_max: Duration::ZERO, ..LIMITS }).await.unwrap();
        assert!(matches!(first.commit(&cursor).await, Err(NotCommitted::Lost)));
        let again = given(&mut first, 10).await;
        assert_ne!(again.hold, cursor.hold);
        assert!(matches!(
            first.commit(&Cursor { hold: Some(Hold { membership: 2, ..first.hold() }), ..again.clone() }).await,
            Err(NotCommitted::Lost)
        ));
        first.commit(&again).await.unwrap();
    }
}
