//! What is done by the clock: the store made ready for the coming time, old records dropped, the lag measured.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use aibbar::{Timestamp, record::EVENTS_TOPIC};
use bus::EventLog;
use store::{StatisticsStore, StoreError, events::EventStore};
use tokio_util::sync::CancellationToken;

use crate::{Backoff, Settings, metrics::Metrics};

pub(crate) struct Housekeeper {
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) statistics: Arc<dyn StatisticsStore>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) stopping: CancellationToken,
}

impl Housekeeper {
    /// Keeps house at once and then at every interval; sooner again after a failure.
    pub(crate) async fn run(self) {
        let mut backoff = Backoff::new(self.settings.backoff_min, self.settings.housekeeping_interval);
        loop {
            let wait = if self.keep().await {
                backoff.reset();
                self.settings.housekeeping_interval
            } else {
                backoff.next_wait()
            };
            if stopped_within(wait, &self.stopping).await {
                return;
            }
        }
    }

    /// Whether all went well. Each step is on its own: one that fails keeps no other from being done.
    async fn keep(&self) -> bool {
        let now = Timestamp::from(SystemTime::now());
        let steps = [
            ("make the store ready", self.events.prepare(now).await),
            ("drop old records", self.drop_old(now).await),
            ("tidy statistics", self.tidy_statistics(now).await),
        ];
        let mut all_went_well = true;
        for (step, done) in steps {
            if let Err(error) = done {
                tracing::warn!(step, %error, "housekeeping failed; it is tried again");
                all_went_well = false;
            }
        }
        all_went_well
    }

    async fn drop_old(&self, now: Timestamp) -> Result<(), StoreError> {
        let retention_ms = i64::try_from(self.settings.retention.as_millis()).unwrap_or(i64::MAX);
        let dropped = self.events.drop_older_than(now.plus_ms(-retention_ms)).await?;
        if dropped > 0 {
            tracing::info!(dropped, "dropped records past their retention");
        }
        Ok(())
    }

    async fn tidy_statistics(&self, now: Timestamp) -> Result<(), StoreError> {
        while !self.stopping.is_cancelled() && self.statistics.tidy_statistics(now).await? {}
        Ok(())
    }
}

/// Measures the group's lag at every interval. A log that is away leaves the last known lag standing.
pub(crate) async fn measure_lag(
    log: Arc<dyn EventLog>,
    settings: Arc<Settings>,
    metrics: Arc<Metrics>,
    stopping: CancellationToken,
) {
    let mut backoff = Backoff::new(settings.backoff_min, settings.lag_interval);
    loop {
        let lag = tokio::select! {
            () = stopping.cancelled() => return,
            lag = log.lag(EVENTS_TOPIC, &settings.group) => lag,
        };
        let wait = match lag {
            Ok(partitions) => {
                for lag in partitions {
                    let records = i64::try_from(lag.records()).unwrap_or(i64::MAX);
                    metrics.lag.with_label_values(&[&lag.partition.to_string()]).set(records);
                }
                backoff.reset();
                settings.lag_interval
            }
            Err(error) => {
                tracing::debug!(%error, "the lag could not be measured");
                backoff.next_wait()
            }
        };
        if stopped_within(wait, &stopping).await {
            return;
        }
    }
}

/// Waits; true when it was cut short by the stop.
pub(crate) async fn stopped_within(wait: Duration, stopping: &CancellationToken) -> bool {
    tokio::time::timeout(wait, stopping.cancelled()).await.is_ok()
}
