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
            let wait = match self.keep().await {
                Ok(dropped) => {
                    if dropped > 0 {
                        tracing::info!(dropped, "dropped records past their retention");
                    }
                    backoff.reset();
                    self.settings.housekeeping_interval
                }
                Err(error) => {
                    tracing::warn!(%error, "housekeeping failed; it is tried again");
                    backoff.next_wait()
                }
            };
            if stopped_within(wait, &self.stopping).await {
                return;
            }
        }
    }

    async fn keep(&self) -> Result<u64, StoreError> {
        let now = Timestamp::from(SystemTime::now());
        self.events.prepare(now).await?;
        let retention_ms = i64::try_from(self.settings.retention.as_millis()).unwrap_or(i64::MAX);
        let dropped = self.events.drop_older_than(now.plus_ms(-retention_ms)).await?;
        while !self.stopping.is_cancelled() && self.statistics.tidy_statistics(now).await? {}
        Ok(dropped)
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
