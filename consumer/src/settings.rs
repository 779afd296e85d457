//! The consumer's bounds.

use std::time::Duration;

use bus::TopicSpec;
use store::InstallationRetention;

/// The group in which all consumers that feed one store share the partitions.
pub(crate) const GROUP: &str = "gapin-store";

/// How much is carried at once, how long is waited, how long is kept.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The consumer group.
    pub group: String,
    /// The topics that are made when they are missing: the one that is read, and the dead letters'.
    pub topics: Vec<TopicSpec>,
    /// A batch is written when it holds this many records.
    pub batch_records_max: usize,
    /// A batch is written when its payloads reach this many bytes.
    pub batch_bytes_max: usize,
    /// A batch is written when its first record was read this long ago.
    pub batch_age_max: Duration,
    /// One write that takes longer counts as a store that is away. Well below the five minutes after
    /// which Kafka gives a silent member's partitions away.
    pub write_max: Duration,
    /// A batch whose rows are tried apart and again for longer than this is broken off, and read again smaller. Nobody
    /// polls the log meanwhile, so this and one more write have to be well below those five minutes too.
    pub batch_max: Duration,
    /// So often a single row may fail for a reason that nobody can tell, while the store takes others, until it goes to
    /// the dead letters.
    pub row_attempts_max: u32,
    /// The first wait after a failure.
    pub backoff_min: Duration,
    /// The longest wait after failures.
    pub backoff_max: Duration,
    /// How long records are kept, where their organisation does not say.
    pub retention: InstallationRetention,
    /// How often the store is made ready for the coming time and old records are dropped.
    pub housekeeping_interval: Duration,
    /// How often the lag is measured.
    pub lag_interval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            group: GROUP.to_owned(),
            topics: Vec::new(),
            batch_records_max: 2_000,
            batch_bytes_max: 8 * 1024 * 1024,
            batch_age_max: Duration::from_millis(50),
            write_max: Duration::from_secs(60),
            batch_max: Duration::from_secs(150),
            row_attempts_max: 6,
            backoff_min: Duration::from_millis(100),
            backoff_max: Duration::from_secs(5),
            retention: InstallationRetention::default(),
            housekeeping_interval: Duration::from_secs(60 * 60),
            lag_interval: Duration::from_secs(5),
        }
    }
}
