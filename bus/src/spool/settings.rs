//! The bounds of a spool.

use std::{path::PathBuf, time::Duration};

use crate::TopicSpec;

const MIB: u64 = 1024 * 1024;

/// Where a spool lies, what goes into it, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpoolSettings {
    /// The folder. Each process takes a folder of its own in it, named by a number from 0.
    pub dir: PathBuf,
    /// The topics whose records are kept while the log is away; made in the log when they are missing there.
    pub topics: Vec<TopicSpec>,
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
    /// The usual bounds, in this folder, for these topics.
    pub fn new(dir: impl Into<PathBuf>, topics: Vec<TopicSpec>) -> Self {
        Self {
            dir: dir.into(),
            topics,
            bytes_max: 1024 * MIB,
            free_bytes_min: 512 * MIB,
            record_bytes_max: MIB as usize,
            hold_max: Duration::from_secs(1),
        }
    }
}
