//! What is done by the clock: the store made ready for the coming time, old records dropped, the lag measured.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use aibbar::{Timestamp, record::EVENTS_TOPIC};
use bus::EventLog;
use store::{
    RetentionStore, StatisticsStore, StoreError,
    events::EventStore,
    retention::{ClockTrust, Dropped, Sweep},
};
use tokio_util::sync::CancellationToken;

use crate::{Backoff, Settings, metrics::Metrics};

pub(crate) struct Housekeeper {
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) statistics: Arc<dyn StatisticsStore>,
    pub(crate) retention: Arc<dyn RetentionStore>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) metrics: Arc<Metrics>,
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
            // Statistics do not wait for what is dropped.
            ("tidy statistics", self.tidy_statistics(now).await),
            ("drop what is past its retention", self.drop_past_retention(now).await),
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

    async fn tidy_statistics(&self, now: Timestamp) -> Result<(), StoreError> {
        while !self.stopping.is_cancelled() && self.statistics.tidy_statistics(now).await? {}
        Ok(())
    }

    /// Drops what is past its retention, unless the clock that says so is not trusted: what is dropped is gone.
    async fn drop_past_retention(&self, now: Timestamp) -> Result<(), StoreError> {
        let trust = self.retention.look_at_clock(now).await?;
        self.metrics.retention_paused.set((trust != ClockTrust::Trusted).into());
        match trust {
            ClockTrust::Trusted => {}
            ClockTrust::Disagrees { ahead_ms } => {
                tracing::warn!(ahead_ms, "nothing is dropped: the clocks of this host and of the store are apart");
                return Ok(());
            }
            ClockTrust::Jumped { until } => {
                tracing::warn!(
                    %until,
                    "nothing is dropped until then: since the last look the clock jumped, or days went by unlooked at"
                );
                return Ok(());
            }
        }
        let dropped = AtomicU64::new(0);
        let told = |step: Dropped| {
            self.metrics.count_dropped(step);
            dropped.fetch_add(step.events, Ordering::Relaxed);
        };
        let is_stopped = || self.stopping.is_cancelled();
        let sweep = Sweep { installation: self.settings.retention, now, is_stopped: &is_stopped, told: &told };
        let swept = self.events.drop_past_retention(&sweep).await;
        let dropped = dropped.load(Ordering::Relaxed);
        if dropped > 0 {
            tracing::info!(dropped, "dropped events past their retention; the audit trail tells which");
        }
        swept
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
