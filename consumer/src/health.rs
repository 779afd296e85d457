//! What the consumer can reach now.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::metrics::Metrics;

/// A handle on what the consumer can reach; each change is a metric too.
#[derive(Clone)]
pub struct Health {
    state: Arc<State>,
}

struct State {
    running: AtomicBool,
    log_up: AtomicBool,
    store_up: AtomicBool,
    metrics: Arc<Metrics>,
}

impl Health {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        let state = State {
            running: AtomicBool::new(true),
            log_up: AtomicBool::new(false),
            store_up: AtomicBool::new(false),
            metrics,
        };
        Self { state: Arc::new(state) }
    }

    /// Whether it carries at all: false once it was stopped or has failed for good.
    pub fn running(&self) -> bool {
        self.state.running.load(Ordering::Relaxed)
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

    pub(crate) fn ended(&self) {
        self.state.running.store(false, Ordering::Relaxed);
        self.set_log_up(false);
        self.set_store_up(false);
    }
}
