//! What the consumer can reach now.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;

/// A handle on what the consumer can reach; each change is a metric too.
#[derive(Clone)]
pub struct Health {
    state: Arc<State>,
}

struct State {
    ended: CancellationToken,
    log_up: AtomicBool,
    store_up: AtomicBool,
    metrics: Arc<Metrics>,
}

impl Health {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        let state = State {
            ended: CancellationToken::new(),
            log_up: AtomicBool::new(false),
            store_up: AtomicBool::new(false),
            metrics,
        };
        Self { state: Arc::new(state) }
    }

    /// Whether it carries at all: false once it was stopped or has failed for good.
    pub fn running(&self) -> bool {
        !self.state.ended.is_cancelled()
    }

    /// Waits until it carries no more, for whatever reason.
    pub async fn ended(&self) {
        self.state.ended.cancelled().await;
    }

    /// Whether the last call to the log went well; false until the first.
    pub fn log_up(&self) -> bool {
        self.state.log_up.load(Ordering::Relaxed)
    }

    /// Whether the last call to the store went well; false until the first.
    pub fn store_up(&self) -> bool {
        self.state.store_up.load(Ordering::Relaxed)
    }

    pub(crate) fn set_log_up(&self, up: bool) {
        self.state.log_up.store(up, Ordering::Relaxed);
        self.state.metrics.log_up.set(up.into());
    }

    pub(crate) fn set_store_up(&self, up: bool) {
        self.state.store_up.store(up, Ordering::Relaxed);
        self.state.metrics.store_up.set(up.into());
    }

    pub(crate) fn end(&self) {
        self.set_log_up(false);
        self.set_store_up(false);
        self.state.ended.cancel();
    }
}
