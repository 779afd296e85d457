//! The local log that a spool writes to, with the account of what is in it.
//!
//! Each topic of the log is a topic here, of one partition: one order for all of its records. It is made with the
//! first record that has to wait, and deleted once nothing waits. A further topic keeps what the log refuses for
//! good.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;

use super::{Outcome, room::Room, settings::SpoolSettings, tally::Tally};
use crate::{
    AppendError, EventLog, LogError, LogRecord, NewRecord, Offset, PartitionBounds, ReadLimits, TopicSpec,
    local::{LocalLog, LocalSettings, Weight},
};

/// The topic of what the log refuses for good.
pub(super) const REFUSED_TOPIC: &str = "spool.refused";

/// How often a record is tried whose topic is deleted here, empty, between two looks at it.
const MAKE_TOPIC_TRIES: usize = 5;

/// The headers of a refused record: which topic it was for, and why it was refused.
pub(super) const REFUSED_OF: &str = "spool-topic";
pub(super) const REFUSED_WHY: &str = "spool-reason";

/// What our headers add to a record at most: their names, a topic's name, and a reason of so many bytes.
const REFUSED_HEADERS_BYTES_MAX: usize = 1_024;
const REASON_BYTES_MAX: usize = 512;

/// Connections that read: the drainer alone does.
const READERS: usize = 2;

/// Records deleted in one transaction.
const DELETED_AT_ONCE: usize = 5_000;

/// The partition that every topic has here.
const PARTITION: u32 = 0;

pub(super) struct Shelf {
    pub(super) slot: u32,
    log: LocalLog,
    room: Room,
    tally: Arc<Tally>,
    /// The bound of what is appended; its log's own is larger.
    record_bytes_max: usize,
    topics_max: usize,
}

/// What the local log of a spool is told. A record at the very bound has to fit once more, with the headers
/// of one that was refused: otherwise it could not be put aside, and would stand in everybody's way.
pub(super) fn local_settings(settings: &SpoolSettings) -> LocalSettings {
    LocalSettings {
        record_bytes_max: settings.record_bytes_max.saturating_add(REFUSED_HEADERS_BYTES_MAX),
        reader_connections: READERS,
        retention_step_records: DELETED_AT_ONCE,
        gives_back_disk: true,
        ..LocalSettings::default()
    }
}

impl Shelf {
    /// Makes the topics that are missing, and counts what there is.
    pub(super) async fn new(
        (slot, log): (u32, LocalLog),
        dir: PathBuf,
        settings: &SpoolSettings,
        tally: Arc<Tally>,
    ) -> Result<Shelf, LogError> {
        make_topic(&log, REFUSED_TOPIC).await?;
        let mut waiting = Weight::default();
        for name in topics(&log) {
            let of_topic = log.weigh(&name).await?;
            waiting.records += of_topic.records;
            waiting.bytes += of_topic.bytes;
            let oldest = [waiting.oldest_appended_at_ms, of_topic.oldest_appended_at_ms];
            waiting.oldest_appended_at_ms = oldest.into_iter().flatten().min();
        }
        tally.opened(waiting, log.weigh(REFUSED_TOPIC).await?);
        let room = Room::new(dir, settings.free_bytes_min);
        let (record_bytes_max, topics_max) = (settings.record_bytes_max, settings.topics_max);
        Ok(Shelf { slot, log, room, tally, record_bytes_max, topics_max })
    }

    /// The topics of which something may wait.
    pub(super) fn topics(&self) -> Vec<String> {
        topics(&self.log).collect()
    }

    /// Appends all of this or nothing, but for records that are too large; refuses at once what has no room.
    pub(super) async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Outcome> {
        let fits: Vec<bool> = records.iter().map(|record| record.size_bytes() <= self.record_bytes_max).collect();
        let fitting: Vec<_> = records.into_iter().zip(&fits).filter_map(|(r, fits)| fits.then_some(r)).collect();
        let appended = if fitting.is_empty() { Vec::new() } else { self.append_fitting(topic, fitting).await };
        let mut appended = appended.into_iter();
        let mut outcome =
            || appended.next().unwrap_or_else(|| Err(AppendError::OutcomeUnknown("no answer".to_owned())));
        fits.into_iter().map(|fits| if fits { outcome() } else { Err(AppendError::TooLarge) }).collect()
    }

    async fn append_fitting(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Outcome> {
        let sizes: Vec<_> = records.iter().map(|record| record.size_bytes() as u64).collect();
        let reserved = sizes.iter().sum();
        let full = || vec![Err(AppendError::Unavailable("the spool is full".to_owned())); sizes.len()];
        if !self.tally.reserve(reserved) {
            return full();
        }
        if !self.room.take(reserved) {
            self.tally.not_kept(reserved);
            self.tally.full();
            return full();
        }
        let outcomes = self.append_to_log(topic, records).await;
        let kept = outcomes.iter().zip(&sizes).filter(|(outcome, _)| outcome.is_ok());
        let (count, bytes) = kept.fold((0, 0), |(count, bytes), (_, size)| (count + 1, bytes + size));
        match outcomes.iter().find_map(|outcome| outcome.as_ref().err()) {
            None => self.tally.kept(reserved, count, bytes, now_ms()),
            Some(_) if count > 0 => self.tally.kept(reserved, count, bytes, now_ms()),
            Some(error) => {
                self.tally.not_kept(reserved);
                self.note_failure(error);
            }
        }
        outcomes
    }

    /// Appends to the local log; makes the topic when it is not there, or not any more.
    async fn append_to_log(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Outcome> {
        let refused = |error: AppendError| vec![Err(error); records.len()];
        for _ in 0..MAKE_TOPIC_TRIES {
            if self.log.bounds_now(topic, PARTITION).is_none() {
                // The refused, and those that are made in any case, are not counted.
                if self.log.topics_count() > self.topics_max {
                    return refused(AppendError::Unavailable("records of too many topics wait".to_owned()));
                }
                match make_topic(&self.log, topic).await {
                    Ok(()) => {}
                    Err(LogError::InvalidTopic(why)) => return refused(AppendError::Refused(why)),
                    Err(LogError::Closed) => return refused(AppendError::Closed),
                    Err(error) => return refused(AppendError::Unavailable(error.to_string())),
                }
            }
            let outcomes = self.log.append(topic, records.clone()).await;
            if !outcomes.iter().any(|outcome| matches!(outcome, Err(AppendError::NoSuchTopic(_)))) {
                return outcomes;
            }
        }
        refused(AppendError::Unavailable("the spool's topic is never there".to_owned()))
    }

    fn note_failure(&self, error: &AppendError) {
        // Otherwise its own queue is full, or the record too large: no trouble of the disk's.
        let (AppendError::Unavailable(why) | AppendError::OutcomeUnknown(why)) = error else { return };
        if !self.room.has_free() {
            self.tally.full();
        } else if self.tally.failed(why) {
            tracing::error!(why, "the spool could not be written");
        }
    }

    /// What waits of a topic.
    pub(super) fn bounds(&self, topic: &str) -> PartitionBounds {
        let nothing = PartitionBounds { earliest: 0, end: 0 };
        self.log.bounds_now(topic, PARTITION).unwrap_or(nothing)
    }

    /// Whether anything waits.
    pub(super) fn has_any(&self) -> bool {
        anything_waits(&self.log)
    }

    /// The topics of which nothing lies in the file.
    pub(super) fn empty_topics(&self) -> Vec<String> {
        topics(&self.log).filter(|topic| !waits(&self.log, topic)).collect()
    }

    /// Whoever appends meanwhile finds his topic, or makes it again.
    pub(super) async fn delete_topic_if_empty(&self, topic: &str) {
        if let Err(error) = self.log.delete_topic_if_empty(topic).await {
            tracing::debug!(%error, topic, "an empty topic of the spool is not deleted now");
        }
    }

    /// The next records of a topic, none when there are none.
    pub(super) async fn read(
        &self,
        topic: &str,
        from: Offset,
        records_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<LogRecord>, LogError> {
        let mut reader = self.log.reader(topic, [(PARTITION, from)].into()).await?;
        reader.next(ReadLimits { records_max, bytes_max, wait_max: Duration::ZERO }).await
    }

    /// Deletes what was handed on.
    pub(super) async fn trim(&self, topic: &str, before: Offset) -> Result<(), LogError> {
        self.log.trim(topic, PARTITION, before).await
    }

    /// Keeps records that the log refuses where they are in nobody's way: all of them or none.
    pub(super) async fn put_aside(&self, topic: &str, records: Vec<NewRecord>, why: &str) -> Result<(), AppendError> {
        let why = Bytes::copy_from_slice(&why.as_bytes()[..why.floor_char_boundary(REASON_BYTES_MAX)]);
        let of = Bytes::copy_from_slice(topic.as_bytes());
        let marked = |mut record: NewRecord| {
            record.headers.push((REFUSED_OF.into(), of.clone()));
            record.headers.push((REFUSED_WHY.into(), why.clone()));
            record
        };
        // One partition: the key makes no difference.
        let kept = self.log.append(REFUSED_TOPIC, records.into_iter().map(marked).collect()).await;
        kept.into_iter().find_map(Result::err).map_or(Ok(()), Err)
    }

    /// Looks whether what was wrong still is.
    pub(super) async fn tend(&self) {
        if !self.tally.is_in_trouble() {
            return;
        }
        match self.log.check().await {
            Ok(()) => self.tally.works(),
            Err(error) => drop(self.tally.failed(&error.to_string())),
        }
        if self.room.has_free() {
            self.tally.has_room_again();
        }
    }

    /// Gives a step of the room that nothing needs back to the disk; answers whether there is more.
    pub(super) async fn give_back_disk(&self) -> Result<bool, LogError> {
        self.log.give_back_disk().await
    }

    pub(super) async fn close(&self, wait_max: Duration) {
        self.log.close(wait_max).await;
    }
}

/// A record that was put aside as it was before, and the topic it was for, if that can be told.
pub(super) fn taken_back(mut record: NewRecord) -> (Option<String>, NewRecord) {
    let of = record.headers.iter().find(|(name, _)| *name == REFUSED_OF);
    let topic = of.and_then(|(_, topic)| String::from_utf8(topic.to_vec()).ok());
    record.headers.retain(|(name, _)| *name != REFUSED_OF && *name != REFUSED_WHY);
    (topic, record)
}

/// Whether anything waits in the log of a spool.
pub(super) fn anything_waits(log: &LocalLog) -> bool {
    topics(log).any(|topic| waits(log, &topic))
}

/// Whether the log of a spool holds what was refused.
pub(super) fn has_refused(log: &LocalLog) -> bool {
    waits(log, REFUSED_TOPIC)
}

fn topics(log: &LocalLog) -> impl Iterator<Item = String> {
    log.topic_names().into_iter().filter(|name| name != REFUSED_TOPIC)
}

async fn make_topic(log: &LocalLog, name: &str) -> Result<(), LogError> {
    log.ensure_topic(&TopicSpec { name: name.to_owned(), partitions: 1, retention: None, compacted: false }).await
}

/// Whether anything of this topic waits in the log of a spool.
fn waits(log: &LocalLog, topic: &str) -> bool {
    log.bounds_now(topic, PARTITION).is_some_and(|bounds| bounds.earliest < bounds.end)
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
