//! What librdkafka tells us beside its answers: log lines, errors, rebalances.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use rdkafka::{
    ClientContext,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, ConsumerContext, Rebalance},
    error::KafkaError,
    producer::{DeliveryResult, ProducerContext},
};

use super::{delivery::Receipt, repeats::Repeats};

/// The context of one client of ours; clones share what it was told.
#[derive(Clone, Default)]
pub(super) struct Context(Arc<Told>);

struct Told {
    /// What repeated lines are timed from.
    began: Instant,
    /// Why the brokers could not be reached last: what an answer of "timed out" leaves out.
    last_error: Mutex<Option<String>>,
    /// Which lines were told lately.
    repeats: Mutex<Repeats>,
    /// Grows whenever partitions come or go.
    rebalances: AtomicU64,
    /// Since when a member of a group waits for its share; none once it has one, be it of no partition.
    waits_since: Mutex<Option<Instant>>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            last_error: Mutex::default(),
            repeats: Mutex::default(),
            rebalances: AtomicU64::default(),
            waits_since: Mutex::new(Some(Instant::now())),
        }
    }
}

impl Context {
    /// Takes the last error out.
    pub(super) fn last_error(&self) -> Option<String> {
        self.0.last_error.lock().take()
    }

    /// How many rebalances there were.
    pub(super) fn rebalances(&self) -> u64 {
        self.0.rebalances.load(Ordering::Acquire)
    }

    /// For how long the member has waited to be told its share of the partitions.
    pub(super) fn waits_for(&self) -> Duration {
        self.0.waits_since.lock().map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl ClientContext for Context {
    /// A cluster that is away makes a line every second or so: those who use it log the loss once. What else comes
    /// again and again is told once, and then counted.
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match (level, facility) {
            (_, "FAIL" | "ERROR") => tracing::debug!(facility, "{message}"),
            (
                RDKafkaLogLevel::Emerg
                | RDKafkaLogLevel::Alert
                | RDKafkaLogLevel::Critical
                | RDKafkaLogLevel::Error
                | RDKafkaLogLevel::Warning,
                _,
            ) => match self.0.repeats.lock().tell(message, self.0.began.elapsed()) {
                Some(0) => tracing::warn!(facility, "{message}"),
                Some(repeated) => tracing::warn!(facility, repeated, "{message}"),
                None => tracing::debug!(facility, "{message}"),
            },
            _ => tracing::debug!(facility, "{message}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "a client of Kafka reports an error");
        *self.0.last_error.lock() = Some(reason.to_owned());
    }
}

impl ProducerContext for Context {
    type DeliveryOpaque = Box<Receipt>;

    fn delivery(&self, result: &DeliveryResult<'_>, receipt: Box<Receipt>) {
        receipt.deliver(result);
    }
}

impl ConsumerContext for Context {
    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        self.0.rebalances.fetch_add(1, Ordering::AcqRel);
        let (what, partitions, waits_since) = match rebalance {
            Rebalance::Assign(list) => ("assigned", list.count(), None),
            Rebalance::Revoke(list) => ("revoked", list.count(), Some(Instant::now())),
            Rebalance::Error(_) => ("failed", 0, Some(Instant::now())),
        };
        *self.0.waits_since.lock() = waits_since;
        tracing::debug!(what, partitions, "a rebalance of the group");
    }
}
