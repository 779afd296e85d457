//! What librdkafka tells us beside its answers: log lines, errors, rebalances.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use parking_lot::Mutex;
use rdkafka::{
    ClientContext,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, ConsumerContext, Rebalance},
    error::KafkaError,
};

/// The context of one client of ours; clones share what it was told.
#[derive(Clone, Default)]
pub(super) struct Context(Arc<Told>);

#[derive(Default)]
struct Told {
    /// Why the brokers could not be reached last: what an answer of "timed out" leaves out.
    last_error: Mutex<Option<String>>,
    /// Grows whenever partitions come or go.
    rebalances: AtomicU64,
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
}

impl ClientContext for Context {
    /// A cluster that is away makes a line every second or so: those who use it log the loss once.
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
            ) => tracing::warn!(facility, "{message}"),
            _ => tracing::debug!(facility, "{message}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "a client of Kafka reports an error");
        *self.0.last_error.lock() = Some(reason.to_owned());
    }
}

impl ConsumerContext for Context {
    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        self.0.rebalances.fetch_add(1, Ordering::AcqRel);
        let (what, partitions) = match rebalance {
            Rebalance::Assign(list) => ("assigned", list.count()),
            Rebalance::Revoke(list) => ("revoked", list.count()),
            Rebalance::Error(_) => ("failed", 0),
        };
        tracing::debug!(what, partitions, "a rebalance of the group");
    }
}
