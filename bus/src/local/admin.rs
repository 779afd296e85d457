//! Makes topics, changes them and deletes them. Each is a transaction of its own, and known to readers after it.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction};

use super::{
    file::LANES_MAX,
    lanes::LaneState,
    topics::Topic,
    writer::{WriteFailure, Writer},
};
use crate::{LogError, TopicConfig, TopicSpec, topic_spec::may_have};

/// What came of it: an answer, or a transaction that failed.
type Answer<T> = Result<Result<T, LogError>, WriteFailure>;

pub(super) fn create_topic(writer: &mut Writer, spec: &TopicSpec, must_be_new: bool) -> Answer<()> {
    if writer.topics.find(&spec.name).is_ok() && !must_be_new {
        return Ok(Ok(()));
    }
    if writer.topics.has_one_like(&spec.name) {
        return Ok(Err(LogError::TopicExists(spec.name.clone())));
    }
    let topic = writer.transact(|tx| {
        let TopicSpec { name, partitions, compacted, .. } = spec;
        tx.prepare_cached("INSERT INTO topics (name, retention_ms, compacted) VALUES (?1, ?2, ?3)")?.execute((
            name,
            retention_ms(spec.config()),
            compacted,
        ))?;
        let id = tx.last_insert_rowid();
        Ok(Topic::new(id, name, spec.config(), add_lanes(tx, id, 0, *partitions)?))
    })?;
    writer.topics.add(topic);
    Ok(Ok(()))
}

/// From here on the topic is not there; its rows go later, step by step (see forget.rs).
pub(super) fn delete_topic(writer: &mut Writer, topic: &Arc<Topic>, only_if_empty: bool) -> Answer<bool> {
    if let Err(gone) = topic.is_there() {
        return Ok(Err(gone));
    }
    if only_if_empty && topic.bounds().values().any(|bounds| bounds.earliest < bounds.end) {
        return Ok(Ok(false));
    }
    writer.transact(|tx| {
        // A colon is in no topic's name.
        let rename = "UPDATE topics SET deleted = 1, name = ':' || topic_id WHERE topic_id = ?1";
        tx.prepare_cached(rename)?.execute((topic.id,))?;
        Ok(())
    })?;
    writer.topics.remove(topic);
    topic.set_deleted();
    writer.has_deleted = true;
    Ok(Ok(true))
}

pub(super) fn configure_topic(writer: &mut Writer, topic: &Topic, config: TopicConfig) -> Answer<()> {
    if let Err(gone) = topic.is_there() {
        return Ok(Err(gone));
    }
    writer.transact(|tx| {
        let change = "UPDATE topics SET retention_ms = ?2, compacted = ?3 WHERE topic_id = ?1";
        tx.prepare_cached(change)?.execute((topic.id, retention_ms(config), config.compacted))?;
        Ok(())
    })?;
    topic.set_config(config);
    Ok(Ok(()))
}

pub(super) fn add_partitions(writer: &mut Writer, topic: &Topic, partitions: u32) -> Answer<()> {
    if let Err(gone) = topic.is_there() {
        return Ok(Err(gone));
    }
    let before = topic.partitions();
    if let Err(refused) = may_have(before, partitions) {
        return Ok(Err(refused));
    }
    let added = writer.transact(|tx| add_lanes(tx, topic.id, before, partitions))?;
    topic.grow(added);
    Ok(Ok(()))
}

fn add_lanes(tx: &Transaction<'_>, topic_id: i64, from: u32, until: u32) -> Result<Vec<LaneState>, WriteFailure> {
    let mut insert = tx.prepare_cached("INSERT INTO lanes (lane, topic_id, partition) VALUES (?1, ?2, ?3)")?;
    let mut lanes = Vec::with_capacity((until - from) as usize);
    for partition in from..until {
        let number = free_lane(tx)?;
        insert.execute((number, topic_id, partition))?;
        lanes.push(LaneState::empty(number));
    }
    Ok(lanes)
}

/// A number that no lane has: the one after the last, and once there is none, one that became free.
fn free_lane(tx: &Transaction<'_>) -> Result<i64, WriteFailure> {
    let after_last: i64 =
        tx.prepare_cached("SELECT coalesce(max(lane), 0) + 1 FROM lanes")?.query_row((), |row| row.get(0))?;
    if after_last < LANES_MAX {
        return Ok(after_last);
    }
    let gap = "SELECT lane + 1 FROM lanes AS here WHERE lane + 1 < ?1
               AND NOT EXISTS (SELECT 1 FROM lanes WHERE lane = here.lane + 1) ORDER BY lane LIMIT 1";
    let free: Option<i64> = tx.prepare_cached(gap)?.query_row((LANES_MAX,), |row| row.get(0)).optional()?;
    free.ok_or_else(|| WriteFailure::known("the log has no room for more partitions".to_owned()))
}

fn retention_ms(config: TopicConfig) -> Option<i64> {
    config.retention.map(|kept| i64::try_from(kept.as_millis()).unwrap_or(i64::MAX))
}
