//! The store: PostgreSQL when a database is named, SQLite in the data directory otherwise.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use store::{InstallationRetention, retention::RETENTION_DAYS_MAX};

use super::values::{Secret, count, database_url, days};

/// The store.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Store")]
pub(crate) struct EventStoreSettings {
    /// PostgreSQL, as postgres://user:password@host:5432/database. Absent: SQLite in the data directory
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, hide = true, value_name = "URL", value_parser = database_url)]
    pub(crate) database_url: Option<Secret>,

    /// PEM file of the authority that signs the database's certificate, besides the system's
    #[arg(long, env = "DATABASE_SSL_CA_LOCATION", value_name = "FILE")]
    pub(crate) database_ssl_ca_location: Option<PathBuf>,

    /// Most connections to PostgreSQL from this process
    #[arg(long, env = "DATABASE_POOL_SIZE_MAX", value_name = "N", default_value = "16", value_parser = count::<2, 1_000>)]
    pub(crate) database_pool_size_max: usize,
}

/// How long records are kept.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Store")]
pub(crate) struct RetentionSettings {
    /// How long the store keeps records, in days, where their organisation does not say; an older event is refused
    #[arg(
        long,
        env = "GAPIN_RETENTION_DAYS",
        value_name = "DAYS",
        default_value = "400",
        value_parser = days::<1, 36_500>
    )]
    pub(crate) retention_days: Duration,

    /// The most that an organisation may say itself, in days
    #[arg(
        long,
        env = "GAPIN_RETENTION_DAYS_MAX",
        value_name = "DAYS",
        default_value = "36500",
        value_parser = count::<1, 36_500>
    )]
    pub(crate) retention_days_max: usize,
}

impl RetentionSettings {
    /// As the store takes them.
    pub(crate) fn build(&self) -> InstallationRetention {
        const DAY_S: u64 = 24 * 60 * 60;
        let bounded = |days| u32::try_from(days).unwrap_or(RETENTION_DAYS_MAX).min(RETENTION_DAYS_MAX);
        InstallationRetention {
            days: bounded(self.retention_days.as_secs() / DAY_S),
            days_max: bounded(self.retention_days_max as u64),
        }
    }
}
