//! How the consumer carries records from the log into the store.

use std::time::Duration;

use clap::Args;

use super::values::{bytes, count, milliseconds, name, seconds};

/// The consumer.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Consumer")]
pub(crate) struct ConsumerSettings {
    /// Consumer group: processes of one group share the work for one store
    #[arg(long = "consumer-group", env = "GAPIN_CONSUMER_GROUP", value_name = "NAME", default_value = "gapin-store", value_parser = name::<64>)]
    pub(crate) group: String,

    /// A batch is written when it holds this many records
    #[arg(
        long = "consumer-batch-records-max",
        env = "GAPIN_CONSUMER_BATCH_RECORDS_MAX",
        value_name = "N",
        default_value = "2000",
        value_parser = count::<1, 100_000>
    )]
    pub(crate) batch_records_max: usize,

    /// A batch is written when its records reach this many bytes
    #[arg(
        long = "consumer-batch-bytes-max",
        env = "GAPIN_CONSUMER_BATCH_BYTES_MAX",
        value_name = "BYTES",
        default_value = "8388608",
        value_parser = bytes::<1_024, 268_435_456>
    )]
    pub(crate) batch_bytes_max: usize,

    /// A batch is written at the latest this long after its first record was read, in milliseconds
    #[arg(
        long = "consumer-batch-age-max-ms",
        env = "GAPIN_CONSUMER_BATCH_AGE_MAX_MS",
        value_name = "MS",
        default_value = "50",
        value_parser = milliseconds::<0, 60_000>
    )]
    pub(crate) batch_age_max: Duration,

    /// Longest wait between two attempts while the log or the store is away, in milliseconds
    #[arg(
        long = "consumer-backoff-max-ms",
        env = "GAPIN_CONSUMER_BACKOFF_MAX_MS",
        value_name = "MS",
        default_value = "5000",
        value_parser = milliseconds::<100, 60_000>
    )]
    pub(crate) backoff_max: Duration,

    /// How often the store is made ready for the coming time, and what is past its retention is dropped, in seconds
    #[arg(
        long = "consumer-housekeeping-seconds",
        env = "GAPIN_CONSUMER_HOUSEKEEPING_SECONDS",
        value_name = "SECONDS",
        default_value = "3600",
        value_parser = seconds::<1, 86_400>
    )]
    pub(crate) housekeeping_interval: Duration,
}
