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
        cursor::{self, Cursor},
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
        let mut expired = false;
        let positions: Positions = match start {
            Start::Seek(seek) => sought(log, &topic, &bounds, *seek).await.map_err(log_failed)?,
            Start::Cursor(cursor) => {
                let resolved = cursor.resolve(&bounds)?;
                expired = resolved.expired;
                resolved.positions
            }
        };
        let read = positions.iter().filter(|(partition, _)| only.is_none_or(|only| only == **partition));
        let read = read.map(|(&partition, &at)| (partition, at)).collect();
        let reader = log.reader(&topic.in_log, read).await.map_err(log_failed)?;
        let reading = Self { topic, only, positions, reader, ahead: VecDeque::new() };
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

    /// Whether there are partitions by now that this reader does not read.
    pub(super) fn lacks_partitions(&self, bounds: &Bounds) -> bool {
        bounds.len() != self.positions.len()
    }

    /// The same place, in the partitions that there are now.
    pub(super) async fn begin_again(&self, log: &dyn EventLog) -> Result<Begun, Problem> {
        let here = Cursor::new(self.topic.id, self.positions.clone());
        Self::begin(log, self.topic.clone(), self.only, &Start::Cursor(here)).await
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
            if let Some(at) = self.positions.get_mut(&partition) {
                *at = passed.max(*at);
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
