//! The consumer's metrics: base units, bounded labels.

use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};
use store::{
    events::WriteOutcome,
    retention::{Dropped, How},
};

use crate::Reason;

/// Outcomes of `gapin_consumer_records_total`.
const STORED: &str = "stored";
const ALREADY_STORED: &str = "already_stored";
const DEAD_LETTER: &str = "dead_letter";

const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];
const RECORDS: &[f64] = &[1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0];

pub(crate) struct Metrics {
    records: IntCounterVec,
    dead_letters: IntCounterVec,
    failures: IntCounterVec,
    dropped: IntCounterVec,
    pub(crate) retention_paused: IntGauge,
    /// Partitions: as many as the topic has.
    pub(crate) lag: IntGaugeVec,
    pub(crate) batch_records: Histogram,
    pub(crate) write_seconds: Histogram,
    pub(crate) delay_seconds: Histogram,
    pub(crate) log_up: IntGauge,
    pub(crate) store_up: IntGauge,
}

impl Metrics {
    pub(crate) fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let metrics = Self {
            records: IntCounterVec::new(
                Opts::new("gapin_consumer_records_total", "Records done with, by what became of them."),
                &["outcome"],
            )?,
            dead_letters: IntCounterVec::new(
                Opts::new("gapin_consumer_dead_letters_total", "Records that can never be stored, by reason."),
                &["reason"],
            )?,
            failures: IntCounterVec::new(
                Opts::new(
                    "gapin_consumer_failures_total",
                    "Calls to the log or the store that failed and are tried again.",
                ),
                &["dependency"],
            )?,
            dropped: IntCounterVec::new(
                Opts::new("gapin_consumer_dropped_events_total", "Events dropped past their retention, by how."),
                &["by"],
            )?,
            retention_paused: IntGauge::new(
                "gapin_consumer_retention_paused",
                "1 when nothing is dropped, since the clock is not trusted.",
            )?,
            lag: IntGaugeVec::new(
                Opts::new("gapin_consumer_lag_records", "Records in the log that the group has not committed yet."),
                &["partition"],
            )?,
            batch_records: Histogram::with_opts(
                HistogramOpts::new("gapin_consumer_batch_records", "Records in one batch written to the store.")
                    .buckets(RECORDS.to_vec()),
            )?,
            write_seconds: Histogram::with_opts(
                HistogramOpts::new("gapin_consumer_write_seconds", "Time to write one batch to the store.")
                    .buckets(SECONDS.to_vec()),
            )?,
            delay_seconds: Histogram::with_opts(
                HistogramOpts::new(
                    "gapin_consumer_delay_seconds",
                    "Time from a batch's oldest record being in the log to its being in the store.",
                )
                .buckets(SECONDS.to_vec()),
            )?,
            log_up: IntGauge::new("gapin_consumer_log_up", "1 when the consumer's last call to the log went well.")?,
            store_up: IntGauge::new(
                "gapin_consumer_store_up",
                "1 when the consumer's last call to the store went well.",
            )?,
        };
        registry.register(Box::new(metrics.records.clone()))?;
        registry.register(Box::new(metrics.dead_letters.clone()))?;
        registry.register(Box::new(metrics.failures.clone()))?;
        registry.register(Box::new(metrics.dropped.clone()))?;
        registry.register(Box::new(metrics.retention_paused.clone()))?;
        registry.register(Box::new(metrics.lag.clone()))?;
        registry.register(Box::new(metrics.batch_records.clone()))?;
        registry.register(Box::new(metrics.write_seconds.clone()))?;
        registry.register(Box::new(metrics.delay_seconds.clone()))?;
        registry.register(Box::new(metrics.log_up.clone()))?;
        registry.register(Box::new(metrics.store_up.clone()))?;
        metrics.show_zeros();
        Ok(metrics)
    }

    /// A counter that appears only with its first count hides that count from `rate`.
    fn show_zeros(&self) {
        for outcome in [STORED, ALREADY_STORED, DEAD_LETTER] {
            drop(self.records.with_label_values(&[outcome]));
        }
        for reason in Reason::ALL {
            drop(self.dead_letters.with_label_values(&[reason.as_str()]));
        }
        for how in How::ALL {
            drop(self.dropped.with_label_values(&[how.as_str()]));
        }
        for dependency in ["log", "store"] {
            drop(self.failures.with_label_values(&[dependency]));
        }
    }

    pub(crate) fn count_written(&self, outcome: WriteOutcome) {
        match outcome {
            WriteOutcome::Stored => self.records.with_label_values(&[STORED]).inc(),
            WriteOutcome::AlreadyStored => self.records.with_label_values(&[ALREADY_STORED]).inc(),
            // Counted as a dead letter, once that is kept.
            WriteOutcome::Conflict => {}
        }
    }

    pub(crate) fn count_dead_letter(&self, reason: Reason) {
        self.records.with_label_values(&[DEAD_LETTER]).inc();
        self.dead_letters.with_label_values(&[reason.as_str()]).inc();
    }

    pub(crate) fn count_dropped(&self, dropped: Dropped) {
        self.dropped.with_label_values(&[dropped.how.as_str()]).inc_by(dropped.events);
    }

    pub(crate) fn log_failures(&self) -> IntCounter {
        self.failures.with_label_values(&["log"])
    }

    pub(crate) fn store_failures(&self) -> IntCounter {
        self.failures.with_label_values(&["store"])
    }
}
