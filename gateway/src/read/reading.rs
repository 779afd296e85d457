//! One reader on its way through a topic.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use bus::{EventLog, LogError, LogReader, LogRecord, Partition, PartitionBounds, Positions};

use super::{out::Out, wanted::Seek};
use crate::{
    problem::{Kind, Problem},
    streams::{
        cursor::{self, Cursor, Resolved},
        message,
        topic::{FoundTopic, log_failed},
    },
};

/// What can be read of each partition.
pub(crate) type Bounds = BTreeMap<Partition, PartitionBounds>;

/// Where a reader begins.
#[derive(Clone, Debug)]
pub(super) enum Start {
    Seek(Seek),
    Cursor(Cursor),
}

/// A reader, and how far it is.
pub(super) struct Reading {
    pub(super) topic: FoundTopic,
    /// The one partition that is read; `None`: all.
    only: Option<Partition>,
    /// Of every partition, also of those that are not read: what is wanted next.
    positions: Positions,
    /// How many partitions the log told of when this reader began: of others that a cursor named only the place is kept.
    partitions: usize,
    /// Where records were missing since it was last asked.
    gaps: Positions,
    reader: Box<dyn LogReader>,
    /// Read, and not given out yet.
    ahead: VecDeque<LogRecord>,
}

/// A reader that has just begun.
pub(super) struct Begun {
    pub(super) reading: Reading,
    pub(super) bounds: Bounds,
    /// Some of what lies behind the cursor is not kept any more.
    pub(super) expired: bool,
}

impl Reading {
    /// Begins to read.
    pub(super) async fn begin(
        log: &dyn EventLog,
        topic: FoundTopic,
        only: Option<Partition>,
        start: &Start,
    ) -> Result<Begun, Problem> {
        let bounds = log.bounds(&topic.in_log).await.map_err(log_failed)?;
        if let Some(only) = only.filter(|only| !bounds.contains_key(only)) {
            let last = bounds.len().saturating_sub(1);
            let detail = format!("The topic has no partition {only}; its partitions are 0 to {last}.");
            return Err(Problem::new(Kind::InvalidParameter, detail));
        }
        let Resolved { mut positions, unheard, expired } = match start {
            Start::Seek(seek) => {
                let positions = sought(log, &topic, &bounds, *seek).await.map_err(log_failed)?;
                Resolved { positions, unheard: Positions::new(), expired: false }
            }
            Start::Cursor(cursor) => cursor.resolve(&bounds)?,
        };
        let read = positions.iter().filter(|(partition, _)| only.is_none_or(|only| only == **partition));
        let read = read.map(|(&partition, &at)| (partition, at)).collect();
        let reader = log.reader(&topic.in_log, read).await.map_err(log_failed)?;
        let (partitions, gaps, ahead) = (positions.len(), Positions::new(), VecDeque::new());
        positions.extend(unheard);
        let reading = Self { topic, only, positions, partitions, gaps, reader, ahead };
        Ok(Begun { reading, bounds, expired })
    }

    /// Whether this reader would go on exactly there.
    pub(super) fn is_at(&self, topic: &FoundTopic, only: Option<Partition>, cursor: &Cursor) -> bool {
        self.only == only && self.topic == *topic && self.positions == cursor.positions
    }

    /// What resumes behind all that was given out.
    pub(super) fn cursor(&self) -> String {
        cursor::encode(self.topic.id, &self.positions, None)
    }

    /// Whether there is more before these ends.
    pub(super) fn is_behind(&self, bounds: &Bounds) -> bool {
        let wanted = bounds.iter().filter(|(partition, _)| self.only.is_none_or(|only| only == **partition));
        wanted.into_iter().any(|(partition, b)| self.positions.get(partition).is_none_or(|at| *at < b.end))
    }

    /// Whether this reader comes to no end within these bounds: there are partitions that it does not read, or what it
    /// wants next is not kept any more, with no record behind that would bring it further.
    pub(super) fn must_begin_again(&self, bounds: &Bounds) -> bool {
        let is_gone = |(partition, b): (&Partition, &PartitionBounds)| {
            let is_read = self.only.is_none_or(|only| only == *partition);
            is_read && self.positions.get(partition).is_some_and(|at| *at < b.earliest)
        };
        bounds.len() != self.partitions || (self.ahead.is_empty() && bounds.iter().any(is_gone))
    }

    /// Whether some of what lay before this reader was deleted before it came there, since this was last asked. The log
    /// is asked only where records were missing: compaction leaves gaps, too.
    pub(super) async fn has_lost_some(&mut self, log: &dyn EventLog) -> Result<bool, LogError> {
        if self.gaps.is_empty() {
            return Ok(false);
        }
        let bounds = log.bounds(&self.topic.in_log).await?;
        let gaps = std::mem::take(&mut self.gaps);
        Ok(gaps.iter().any(|(partition, at)| bounds.get(partition).is_some_and(|b| *at < b.earliest)))
    }

    /// The same place, in the partitions that there are now.
    pub(super) async fn begin_again(&self, log: &dyn EventLog) -> Result<Begun, Problem> {
        let here = Cursor::new(self.topic.id, self.positions.clone());
        let mut begun = Self::begin(log, self.topic.clone(), self.only, &Start::Cursor(here)).await?;
        begun.reading.gaps.clone_from(&self.gaps);
        Ok(begun)
    }

    /// Reads what goes into `out` next, unless some of it lies ahead already, waiting so long for the first record.
    /// Whether there is anything. Cancel safe.
    pub(super) async fn read(&mut self, out: &Out, wait_max: Duration) -> Result<bool, LogError> {
        if !self.ahead.is_empty() {
            return Ok(true);
        }
        let limits = match self.topic.name.is_events() {
            true => out.next_read_among_others(wait_max),
            false => out.next_read(wait_max),
        };
        self.ahead = self.reader.next(limits).await?.into();
        if !self.ahead.is_empty() {
            return Ok(true);
        }
        // Holes at the end of a partition have no record behind them.
        for (partition, passed) in self.reader.passed() {
            if let Some(at) = self.positions.get_mut(&partition).filter(|at| **at < passed) {
                self.gaps.entry(partition).or_insert(*at);
                *at = passed;
            }
        }
        Ok(false)
    }

    /// Bytes of what was read and not given out.
    pub(super) fn ahead_bytes(&self) -> usize {
        self.ahead.iter().map(LogRecord::size_bytes).sum()
    }

    /// Writes as many of those that lie ahead as there is room for.
    pub(super) fn give_out(&mut self, out: &mut Out) {
        while let Some(record) = self.ahead.front().filter(|_| !out.is_full()) {
            let (partition, next) = (record.position.partition, record.position.offset + 1);
            let before = self.positions.insert(partition, next);
            if !self.topic.shows(record) {
                out.passed_over += 1;
            } else {
                let (topic, positions) = (&self.topic, &self.positions);
                let cursor = cursor::encode(topic.id, positions, None);
                if !out.put(|bytes| message::write(bytes, topic, record, Some(&cursor))) {
                    self.positions.extend(before.map(|before| (partition, before)));
                    break;
                }
            }
            if let Some(before) = before.filter(|before| *before < record.position.offset) {
                self.gaps.entry(partition).or_insert(before);
            }
            self.ahead.pop_front();
        }
    }
}

/// The place in every partition.
pub(crate) async fn sought(
    log: &dyn EventLog,
    topic: &FoundTopic,
    bounds: &Bounds,
    seek: Seek,
) -> Result<Positions, LogError> {
    Ok(match seek {
        Seek::Earliest => bounds.iter().map(|(&partition, b)| (partition, b.earliest)).collect(),
        Seek::Latest => bounds.iter().map(|(&partition, b)| (partition, b.end)).collect(),
        Seek::At(at_ms) => {
            let found = log.offsets_at(&topic.in_log, at_ms).await?;
            bounds.iter().map(|(p, b)| (*p, found.get(p).copied().unwrap_or(b.end).max(b.earliest))).collect()
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::topic::TopicName;
    use bus::{
        NewRecord, TopicConfig, TopicSpec,
        local::{LocalLog, LocalSettings},
    };
    use uuid::Uuid;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    struct Rig {
        log: LocalLog,
        topic: FoundTopic,
        _folder: tempfile::TempDir,
    }

    impl Rig {
        async fn start() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let settings = LocalSettings { retention_sweep_every: SOON, ..LocalSettings::default() };
            let log = LocalLog::open(folder.path(), settings).unwrap();
            let topic = FoundTopic::of(Uuid::from_u128(7), Uuid::nil(), TopicName::parse("t").unwrap());
            let spec = TopicSpec { name: topic.in_log.clone(), partitions: 1, retention: None, compacted: false };
            log.create_topic(&spec).await.unwrap();
            Self { log, topic, _folder: folder }
        }

        async fn append(&self, count: usize) {
            let record = NewRecord { key: "k".into(), payload: "{}".into(), headers: Vec::new() };
            for outcome in self.log.append(&self.topic.in_log, vec![record; count]).await {
                outcome.unwrap();
            }
        }

        /// Deletes all that is there.
        async fn expire(&self) {
            let kept = |retention| TopicConfig { retention, compacted: false };
            self.log.configure_topic(&self.topic.in_log, kept(Some(Duration::from_millis(1)))).await.unwrap();
            while self.bounds().await.values().any(|b| b.earliest < b.end) {
                tokio::time::sleep(SOON).await;
            }
            self.log.configure_topic(&self.topic.in_log, kept(None)).await.unwrap();
        }

        async fn bounds(&self) -> Bounds {
            self.log.bounds(&self.topic.in_log).await.unwrap()
        }

        async fn begin(&self, start: &Start) -> Begun {
            Reading::begin(&self.log, self.topic.clone(), None, start).await.unwrap()
        }
    }

    /// Reads a page of so many; how many came.
    async fn page(reading: &mut Reading, items: usize) -> usize {
        let mut out = Out::list(items, 1 << 20);
        while !out.is_full() && reading.read(&out, Duration::ZERO).await.unwrap() {
            reading.give_out(&mut out);
        }
        out.items
    }

    #[tokio::test]
    async fn a_reader_that_was_kept_says_that_what_lay_before_it_expired() {
        let rig = Rig::start().await;
        rig.append(10).await;
        let mut reading = rig.begin(&Start::Seek(Seek::Earliest)).await.reading;
        assert_eq!(page(&mut reading, 3).await, 3);
        assert!(!reading.has_lost_some(&rig.log).await.unwrap());
        rig.expire().await;
        rig.append(2).await;
        // As one does that begins there.
        let cursor = Cursor::decode(&reading.cursor(), rig.topic.id).unwrap();
        assert!(rig.begin(&Start::Cursor(cursor)).await.expired);
        assert_eq!(page(&mut reading, 100).await, 2);
        assert!(reading.has_lost_some(&rig.log).await.unwrap());
        assert!(!reading.has_lost_some(&rig.log).await.unwrap(), "it is told once");
    }

    #[tokio::test]
    async fn a_reader_whose_whole_rest_expired_is_not_behind_for_ever() {
        let rig = Rig::start().await;
        rig.append(10).await;
        let mut reading = rig.begin(&Start::Seek(Seek::Earliest)).await.reading;
        assert_eq!(page(&mut reading, 3).await, 3);
        rig.expire().await;
        let bounds = rig.bounds().await;
        assert!(reading.must_begin_again(&bounds) && reading.is_behind(&bounds));
        let again = reading.begin_again(&rig.log).await.unwrap();
        assert!(again.expired && !again.reading.is_behind(&bounds) && !again.reading.must_begin_again(&bounds));
        // This log tells of it without a record.
        assert_eq!(page(&mut reading, 100).await, 0);
        assert!(reading.has_lost_some(&rig.log).await.unwrap() && !reading.is_behind(&bounds));
    }

    #[tokio::test]
    async fn a_place_in_a_partition_that_the_log_does_not_tell_of_is_kept_until_it_does() {
        let rig = Rig::start().await;
        rig.append(4).await;
        let cursor = Cursor::new(rig.topic.id, Positions::from([(0, 2), (1, 0)]));
        let mut reading = rig.begin(&Start::Cursor(cursor)).await.reading;
        assert_eq!(page(&mut reading, 100).await, 2);
        assert!(!reading.must_begin_again(&rig.bounds().await));
        let here = Cursor::decode(&reading.cursor(), rig.topic.id).unwrap();
        assert_eq!(here.positions, Positions::from([(0, 4), (1, 0)]));
        assert!(reading.is_at(&rig.topic, None, &here));
        rig.log.add_partitions(&rig.topic.in_log, 2).await.unwrap();
        assert!(reading.must_begin_again(&rig.bounds().await));
        let again = reading.begin_again(&rig.log).await.unwrap().reading;
        assert!(!again.is_behind(&rig.bounds().await) && again.cursor() == reading.cursor());
    }
}
