//! The spool: what a gateway keeps on its own disk while Kafka is away.

use std::path::PathBuf;

use bus::{TopicSpec, spool::SpoolSettings};
use clap::{Args, ValueEnum};

use super::{data_dir::DataDirSettings, values::whole};

/// The spool's folder, in the data directory.
const SPOOL_DIR: &str = "spool";

/// The spool.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Spool")]
pub(crate) struct SpoolingSettings {
    /// Whether a gateway keeps events on its own disk while Kafka is away; off, it answers 503
    #[arg(long, env = "GAPIN_SPOOL", value_name = "SWITCH", default_value = "on", ignore_case = true)]
    pub(crate) spool: Switch,

    /// Folder of the spool, on a disk that outlives the process. Absent: `spool` in the data directory
    #[arg(long, env = "GAPIN_SPOOL_DIR", value_name = "DIR")]
    pub(crate) spool_dir: Option<PathBuf>,

    /// Most that waits in the spool, in bytes; past it a gateway answers 503
    #[arg(long, env = "GAPIN_SPOOL_BYTES_MAX", value_name = "BYTES", default_value = "1073741824", value_parser = whole::<1_048_576, 1_099_511_627_776>)]
    pub(crate) spool_bytes_max: u64,

    /// What the spool leaves free on its disk, in bytes; with less a gateway answers 503
    #[arg(long, env = "GAPIN_SPOOL_FREE_BYTES_MIN", value_name = "BYTES", default_value = "536870912", value_parser = whole::<0, 1_099_511_627_776>)]
    pub(crate) spool_free_bytes_min: u64,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl SpoolingSettings {
    /// The spool's folder.
    pub(crate) fn dir(&self, data_dir: &DataDirSettings) -> PathBuf {
        self.spool_dir.clone().unwrap_or_else(|| data_dir.data_dir.join(SPOOL_DIR))
    }

    /// As the spool takes them; `None` when it is switched off.
    pub(crate) fn build(
        &self,
        data_dir: &DataDirSettings,
        topics: Vec<TopicSpec>,
        record_bytes_max: usize,
    ) -> Option<SpoolSettings> {
        (self.spool == Switch::On).then(|| SpoolSettings {
            bytes_max: self.spool_bytes_max,
            free_bytes_min: self.spool_free_bytes_min,
            record_bytes_max,
            ..SpoolSettings::new(self.dir(data_dir), topics)
        })
    }
}
