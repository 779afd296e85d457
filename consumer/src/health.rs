//! What the consumer can reach now.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;

/// What is known of something that the consumer depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// It was not heard of yet: the consumer is starting.
    Awaited,
    /// The last call to it went well.
    Up,
    /// The last call to it failed.
    Down,
}

/// A handle on what the consumer can reach; each change is a metric too.
#[derive(Clone)]
pub struct Health {
    state: Arc<State>,
}

struct State {
    ended: CancellationToken,
    log: Mutex<Contact>,
    store: Mutex<Contact>,
    metrics: Arc<Metrics>,
}

impl Health {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        let state = State {
            ended: CancellationToken::new(),
            log: Mutex::new(Contact::Awaited),
            store: Mutex::new(Contact::Awaited),
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

    /// What is known of the log.
    pub fn log(&self) -> Contact {
        *self.state.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of the store.
    pub fn store(&self) -> Contact {
        *self.state.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_log_up(&self, up: bool) {
        set(&self.state.log, up);
        self.state.metrics.log_up.set(up.into());
    }

    pub(crate) fn set_store_up(&self, up: bool) {
        set(&self.state.store, up);
        self.state.metrics.store_up.set(up.into());
    }

    pub(crate) fn end(&self) {
        self.set_log_up(false);
        self.set_store_up(false);
        self.state.ended.cancel();
    }
}

fn set(contact: &Mutex<Contact>, up: bool) {
    *contact.lock().unwrap_or_else(PoisonError::into_inner) = if up { Contact::Up } else { Contact::Down };
}
