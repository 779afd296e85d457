//! The store in PostgreSQL (14 or newer): many gateways and consumers on one database.
//!
//! The pool is lazy: a store is made while the server is away, and answers `Unavailable` until it is
//! back. A connection whose call did not end well is closed, never lent again: whatever was left of that
//! call on it cannot reach the next one.

mod connections;
mod copy;
mod drop_month;
mod events;
mod failure;
mod migration;
mod month;
mod partitions;
mod settings;
mod sweep;
mod transaction;
mod write;

use std::sync::Arc;

use crate::{
    StoreError,
    both::{Vaulted, check_master_key},
    statistics::Labels,
    vault::Vault,
};
use connections::Connections;
use partitions::KnownMonths;
pub use settings::PostgresSettings;

/// Records and identities in PostgreSQL. Cheap to clone; the clones share their connections.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    connections: Connections,
    known_months: Arc<KnownMonths>,
    caution: Arc<write::Caution>,
    labels: Arc<Labels>,
    vault: Arc<Vault>,
    /// Set once the master key was found to be the one that the database was made with.
    master_key_is_right: Arc<tokio::sync::OnceCell<()>>,
}

impl PostgresStore {
    /// Makes the store; the server need not be there yet. `Refused` when the settings can't work.
    pub fn connect(settings: PostgresSettings, vault: Arc<Vault>) -> Result<Self, StoreError> {
        Ok(Self {
            connections: Connections::new(settings)?,
            known_months: Arc::default(),
            caution: Arc::default(),
            labels: Arc::default(),
            vault,
            master_key_is_right: Arc::default(),
        })
    }
}

impl Vaulted for PostgresStore {
    fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// Looks once, then trusts: whoever changes the master key changes it for processes that know both.
    async fn ready(&self) -> Result<(), StoreError> {
        self.master_key_is_right.get_or_try_init(|| check_master_key(self)).await.map(|_| ())
    }
}
