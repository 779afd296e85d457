//! Log to store: batches, idempotent writes, positions, dead letters.
//!
//! A member of a consumer group reads records, groups them by count, bytes or age, writes each group
//! as one idempotent batch, and only then commits its positions. What can never be stored goes to the
//! dead letters, durably, before the position moves past it. A log or a store that is away is waited
//! for. So a crash at any point costs a second reading, never a record; any number of consumers may
//! run, each with its share of the partitions.
//!
//! Never moves a position before what lies behind it is stored or dead-lettered. Never skips.

mod batch;
mod carry;
mod dead_letter;
mod health;
mod housekeeping;
mod metrics;
mod settings;
mod trace;
mod write;

use std::sync::Arc;

use bus::EventLog;
use store::{RetentionStore, StatisticsStore, events::EventStore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use aibbar::dead_letter::Reason;
pub use bus::Backoff;
pub use health::{Contact, Health};
pub use settings::Settings;

use crate::{carry::Carrier, housekeeping::Housekeeper, metrics::Metrics};

/// What a consumer is made of.
pub struct Parts {
    /// Where records are read and dead letters are kept.
    pub log: Arc<dyn EventLog>,
    /// Where records are written.
    pub events: Arc<dyn EventStore>,
    /// What is counted of the records, kept small and forgotten in time.
    pub statistics: Arc<dyn StatisticsStore>,
    /// What says how long records are kept, and whether the clock may be trusted with that.
    pub retention: Arc<dyn RetentionStore>,
    /// Where the consumer's metrics are registered.
    pub registry: prometheus::Registry,
}

/// A running consumer. Dropping it without [`Consumer::stop`] ends it as a crash would: nothing is lost.
pub struct Consumer {
    stopping: CancellationToken,
    tasks: TaskTracker,
    health: Health,
}

impl Consumer {
    /// Starts to carry; a log or store that is away is waited for, so this never fails for them.
    ///
    /// # Errors
    /// When the registry has the consumer's metrics already: one consumer per registry.
    pub fn start(parts: Parts, settings: Settings) -> Result<Consumer, prometheus::Error> {
        let metrics = Arc::new(Metrics::register(&parts.registry)?);
        let health = Health::new(metrics.clone());
        let stopping = CancellationToken::new();
        let tasks = TaskTracker::new();
        let settings = Arc::new(settings);

        tasks.spawn(
            Carrier {
                log: parts.log.clone(),
                events: parts.events.clone(),
                settings: settings.clone(),
                metrics: metrics.clone(),
                health: health.clone(),
                stopping: stopping.clone(),
            }
            .run(),
        );
        tasks.spawn(
            Housekeeper {
                events: parts.events,
                statistics: parts.statistics,
                retention: parts.retention,
                settings: settings.clone(),
                metrics: metrics.clone(),
                stopping: stopping.clone(),
            }
            .run(),
        );
        tasks.spawn(housekeeping::measure_lag(parts.log, settings, metrics, stopping.clone()));
        tasks.close();
        Ok(Consumer { stopping, tasks, health })
    }

    /// What it can reach; a handle that stays true for as long as the consumer runs.
    pub fn health(&self) -> Health {
        self.health.clone()
    }

    /// Takes nothing more, stores and commits what it took (when the store is there), leaves the group.
    pub async fn stop(self) {
        self.stopping.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}
