//! The bounds of a spool.

use std::{path::PathBuf, time::Duration};

use crate::TopicSpec;

const MIB: u64 = 1024 * 1024;

/// Where a spool lies, what goes into it, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpoolSettings {
    /// The folder. Each process takes a folder of its own in it, named by a number from 0.
    pub dir: PathBuf,
    /// The topics that are made in the log when they are missing there. Records of every topic are kept while the log
    /// is away; those of another topic that is not there once the log is back are put aside.
    pub topics: Vec<TopicSpec>,
    /// Topics whose records may wait at the same time.
    pub topics_max: usize,
    /// Bytes of keys, headers and payloads that may wait.
    pub bytes_max: u64,
    /// Bytes that stay free on the disk: with less, nothing is taken. 0: the disk is not asked.
    pub free_bytes_min: u64,
    /// Key, payload and headers of one record together: as much as the log takes.
    pub record_bytes_max: usize,
    /// How long an append is held at most while the last records are handed on; then it goes behind them.
    pub hold_max: Duration,
}

impl SpoolSettings {
    /// Whether the topic is made in the log when it is missing there.
    pub(super) fn makes(&self, topic: &str) -> bool {
        self.topics.iter().any(|spec| spec.name == topic)
    }

    /// The usual bounds, in this folder, for these topics.
    pub fn new(dir: impl Into<PathBuf>, topics: Vec<TopicSpec>) -> Self {
        Self {
            dir: dir.into(),
            topics,
            topics_max: 10_000,
            bytes_max: 1024 * MIB,
            free_bytes_min: 512 * MIB,
            record_bytes_max: MIB as usize,
            hold_max: Duration::from_secs(1),
        }
    }
}
