//! What a gateway shows of its spool: in its metrics, and in what it says of its readiness.

use std::sync::Arc;

use bus::spool::{SpoolState, SpoolStatus};
use prometheus::{
    Gauge, GaugeVec, IntCounter, IntGauge, Opts, Registry,
    core::{Collector, Desc},
    proto::MetricFamily,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;

/// Asks the spool how it is: cheap, and never waits for a disk.
pub type SpoolView = Arc<dyn Fn() -> SpoolStatus + Send + Sync>;

/// Where events wait while the log is away.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Spool)]
pub(crate) struct SpoolReport {
    /// `idle`: nothing waits. `spooling`: the log is away, events are kept here. `draining`: the log is back and takes
    /// what waits. `full`, `unavailable`: it takes nothing.
    #[schema(pattern = "^(idle|spooling|draining|full|unavailable)$")]
    state: &'static str,
    /// Records that wait for the log.
    records: u64,
    /// Bytes that wait.
    bytes: u64,
    /// How many bytes may wait.
    bytes_max: u64,
    /// How long the oldest has waited; 0 when nothing waits.
    oldest_age_seconds: f64,
    /// Records that the log takes of it per second.
    drain_records_per_second: f64,
    /// Records that the log refuses for good, which wait for a person.
    refused_records: u64,
    /// Parts of the spool's folder that can't be read and may hold events, which wait for a person.
    unreadable_slots: u64,
}

impl SpoolReport {
    pub(super) fn of(status: &SpoolStatus) -> Self {
        Self {
            state: status.state.as_str(),
            records: status.records,
            bytes: status.bytes,
            bytes_max: status.bytes_max,
            oldest_age_seconds: oldest_age_s(status, clock::now().unix_ms()),
            drain_records_per_second: status.drain_records_per_second,
            refused_records: status.refused_records,
            unreadable_slots: status.unreadable_slots,
        }
    }

    /// The state in a word.
    pub(super) fn state(&self) -> &'static str {
        self.state
    }
}

/// Whether a record that comes now finds a place in the spool if the log is away.
pub(super) fn takes_records(state: SpoolState) -> bool {
    match state {
        SpoolState::Idle | SpoolState::Spooling | SpoolState::Draining => true,
        SpoolState::Full | SpoolState::Unavailable => false,
    }
}

/// Whether the spool itself knows that the log is away.
pub(super) fn misses_log(state: SpoolState) -> bool {
    matches!(state, SpoolState::Spooling | SpoolState::Full)
}

/// A clock that was set back makes an age of nothing, not a negative one.
fn oldest_age_s(status: &SpoolStatus, now_ms: i64) -> f64 {
    status.oldest_appended_at_ms.map_or(0.0, |at| now_ms.saturating_sub(at).max(0) as f64 / 1_000.0)
}

/// The spool's metric families, read at the moment of a scrape.
struct SpoolCollector {
    view: SpoolView,
    state: GaugeVec,
    records: IntGauge,
    bytes: IntGauge,
    bytes_max: IntGauge,
    oldest_age: Gauge,
    drained: IntCounter,
    drain_rate: Gauge,
    refused: IntGauge,
    unreadable: IntGauge,
}

/// Adds the spool's families to the process's metrics.
pub(crate) fn register(registry: &Registry, view: SpoolView) -> prometheus::Result<()> {
    registry.register(Box::new(SpoolCollector {
        view,
        state: GaugeVec::new(
            Opts::new("gapin_spool_state", "1 for the state that the spool is in, 0 for every other."),
            &["state"],
        )?,
        records: IntGauge::new("gapin_spool_records", "Records that wait in the spool for the log.")?,
        bytes: IntGauge::new("gapin_spool_bytes", "Bytes that wait in the spool for the log.")?,
        bytes_max: IntGauge::new("gapin_spool_bytes_max", "Bytes that may wait in the spool.")?,
        oldest_age: Gauge::new(
            "gapin_spool_oldest_age_seconds",
            "How long the oldest record in the spool has waited; 0 when none waits.",
        )?,
        drained: IntCounter::new(
            "gapin_spool_drained_records_total",
            "Records that the log took out of the spool since the process started.",
        )?,
        drain_rate: Gauge::new(
            "gapin_spool_drain_records_per_second",
            "How many records the log takes out of the spool in a second.",
        )?,
        refused: IntGauge::new(
            "gapin_spool_refused_records",
            "Records that the log refuses for good, kept in the spool's folder.",
        )?,
        unreadable: IntGauge::new(
            "gapin_spool_unreadable_slots",
            "Slots of the spool's folder that can't be read and may hold acknowledged records.",
        )?,
    }))
}

impl Collector for SpoolCollector {
    fn desc(&self) -> Vec<&Desc> {
        let plain: [&dyn Collector; 9] = [
            &self.state,
            &self.records,
            &self.bytes,
            &self.bytes_max,
            &self.oldest_age,
            &self.drained,
            &self.drain_rate,
            &self.refused,
            &self.unreadable,
        ];
        plain.into_iter().flat_map(Collector::desc).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let status = (self.view)();
        for state in SpoolState::ALL {
            let is_it = if state == status.state { 1.0 } else { 0.0 };
            self.state.with_label_values(&[state.as_str()]).set(is_it);
        }
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.records.set(whole(status.records));
        self.bytes.set(whole(status.bytes));
        self.bytes_max.set(whole(status.bytes_max));
        self.oldest_age.set(oldest_age_s(&status, clock::now().unix_ms()));
        self.drained.inc_by(status.drained_records_total.saturating_sub(self.drained.get()));
        self.drain_rate.set(status.drain_records_per_second);
        self.refused.set(whole(status.refused_records));
        self.unreadable.set(whole(status.unreadable_slots));
        let all: [&dyn Collector; 9] = [
            &self.state,
            &self.records,
            &self.bytes,
            &self.bytes_max,
            &self.oldest_age,
            &self.drained,
            &self.drain_rate,
            &self.refused,
            &self.unreadable,
        ];
        all.into_iter().flat_map(Collector::collect).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn status(state: SpoolState, oldest_appended_at_ms: Option<i64>) -> SpoolStatus {
        SpoolStatus {
            state,
            records: 7,
            bytes: 700,
            bytes_max: 1_000,
            oldest_appended_at_ms,
            drained_records_total: 3,
            drain_records_per_second: 1.5,
            refused_records: 2,
            unreadable_slots: 1,
            reason: Some("brokers at a secret host are away".into()),
        }
    }

    #[test]
    fn metrics_are_of_the_moment_of_the_scrape_and_name_no_host() {
        let registry = Registry::new();
        register(&registry, Arc::new(|| status(SpoolState::Spooling, Some(0)))).unwrap();
        let text = || prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        let shown = text();
        for line in [
            "gapin_spool_state{state=\"spooling\"} 1",
            "gapin_spool_state{state=\"idle\"} 0",
            "gapin_spool_records 7",
            "gapin_spool_bytes 700",
            "gapin_spool_bytes_max 1000",
            "gapin_spool_drained_records_total 3",
            "gapin_spool_drain_records_per_second 1.5",
            "gapin_spool_refused_records 2",
            "gapin_spool_unreadable_slots 1",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "no {line} in:\n{shown}");
        }
        assert!(!shown.contains("secret"));
        assert!(text().contains("gapin_spool_drained_records_total 3"), "a second scrape counts nothing twice");
    }

    #[test]
    fn an_age_is_never_negative() {
        for (oldest, now_ms, age_s) in [(None, 5_000, 0.0), (Some(1_000), 5_000, 4.0), (Some(9_000), 5_000, 0.0)] {
            assert_eq!(oldest_age_s(&status(SpoolState::Idle, oldest), now_ms), age_s);
        }
    }
}
