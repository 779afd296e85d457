//! What becomes of spans: counted, and told in a log line now and then.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use prometheus::{IntCounter, IntCounterVec, Opts, Registry};

/// Spans that wait, or are under way; what ends past it is dropped. A span takes up to some kilobytes.
pub(crate) const SPANS_WAITING_MAX: usize = 8_192;

/// One line tells of the failures of so long.
const TOLD_EVERY: Duration = Duration::from_secs(60);

/// What became of spans.
#[derive(Debug)]
pub(crate) struct Tally {
    waiting: AtomicUsize,
    spans: IntCounterVec,
    sent: IntCounter,
    failed: IntCounter,
    dropped: IntCounter,
    told_at: Mutex<Option<Instant>>,
}

impl Tally {
    pub(crate) fn new() -> Result<Self, prometheus::Error> {
        let options = Opts::new(
            "gapin_trace_spans_total",
            "Spans that ended, by outcome: sent to the collector, failed there, or dropped for want of room.",
        );
        let spans = IntCounterVec::new(options, &["outcome"])?;
        let [sent, failed, dropped] = ["sent", "failed", "dropped"].map(|outcome| spans.with_label_values(&[outcome]));
        Ok(Self { waiting: AtomicUsize::new(0), spans, sent, failed, dropped, told_at: Mutex::new(None) })
    }

    pub(crate) fn register(&self, registry: &Registry) -> Result<(), prometheus::Error> {
        registry.register(Box::new(self.spans.clone()))
    }

    /// Whether there is room for one more.
    pub(crate) fn enter(&self) -> bool {
        let room = |waiting| (waiting < SPANS_WAITING_MAX).then_some(waiting + 1);
        let entered = self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).is_ok();
        if !entered {
            self.dropped.inc();
        }
        entered
    }

    /// So many left, sent or not.
    pub(crate) fn left(&self, spans: usize, failure: Option<&dyn std::fmt::Display>) {
        self.waiting.fetch_sub(spans, Ordering::Relaxed);
        match failure {
            None => self.sent.inc_by(spans as u64),
            Some(why) => {
                self.failed.inc_by(spans as u64);
                if self.is_to_be_told(Instant::now()) {
                    tracing::warn!(%why, spans, "spans did not come to the collector");
                }
            }
        }
    }

    fn is_to_be_told(&self, now: Instant) -> bool {
        let mut told_at = self.told_at.lock();
        let is_due = told_at.is_none_or(|told_at| now.saturating_duration_since(told_at) >= TOLD_EVERY);
        if is_due {
            *told_at = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn past_its_bound_spans_are_dropped_and_counted_until_some_left() {
        let tally = Tally::new().unwrap();
        assert!((0..SPANS_WAITING_MAX).all(|_| tally.enter()));
        assert!(!tally.enter() && !tally.enter());
        tally.left(1, None);
        tally.left(2, Some(&"away"));
        assert!((0..3).all(|_| tally.enter()) && !tally.enter());
        assert_eq!((tally.sent.get(), tally.failed.get(), tally.dropped.get()), (1, 2, 3));
    }

    #[test]
    fn failures_are_told_once_a_minute() {
        let tally = Tally::new().unwrap();
        let start = Instant::now();
        let told = [0, 1, 59, 60, 61, 120].map(|after| tally.is_to_be_told(start + Duration::from_secs(after)));
        assert_eq!(told, [true, false, false, true, false, true]);
    }
}
