//! The HTTP door of GAPIN: it records events, answers queries and streams live.
//!
//! The only crate that knows actix. It never stores a record itself: it appends to the log and
//! reads from the store.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bus::EventLog;
use store::{events::EventStore, identity::IdentityStore, vault::Vault};

/// What a gateway is made of.
pub struct Parts {
    /// Where events are appended and tailed.
    pub log: Arc<dyn EventLog>,
    /// Where records are queried.
    pub events: Arc<dyn EventStore>,
    /// Where keys are looked up.
    pub identity: Arc<dyn IdentityStore>,
    /// What hashes API keys.
    pub vault: Arc<Vault>,
    /// Where the gateway's metrics are registered, and what `/metrics` answers.
    pub registry: prometheus::Registry,
}

/// The gateway's bounds and addresses.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where `/metrics`, `/health*` are served besides, openly; `None`: only on `listen`.
    pub operations_listen: Option<SocketAddr>,
    /// Its name in records and logs.
    pub name: String,
    /// How long it waits for what is in flight when it stops.
    pub drain_max: Duration,
}

/// A running gateway.
pub struct Gateway {
    local_addr: SocketAddr,
}

impl Gateway {
    /// Binds, starts the live tail and serves.
    pub async fn start(parts: Parts, settings: Settings) -> std::io::Result<Gateway> {
        let _ = parts;
        Ok(Gateway { local_addr: settings.listen })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Stops accepting, answers what is in flight (at most `drain_max`), says goodbye to live clients.
    pub async fn stop(self) {}
}

/// Serves `/metrics` and `/health*` alone, for processes that are not a gateway (the consumer).
pub mod operations {}
