//! The store in one SQLite file: nothing to install.
//!
//! WAL with `synchronous=FULL`: what a write answered is on disk. One connection writes, a few read; each
//! works on a blocking thread, never on an async worker. Another process (the command line beside a
//! running server) may have the same file open.

mod connections;
mod events;
mod failure;
mod file;
mod snapshot;
mod transaction;

pub use snapshot::copy;

use std::{path::Path, sync::Arc};

use rusqlite::Connection;

use crate::{
    StoreError,
    both::{Vaulted, check_master_key, make_ready},
    statistics::Labels,
    vault::Vault,
};
use connections::Connections;

/// How a [`SqliteStore`] behaves.
#[derive(Clone, Copy, Debug)]
pub struct SqliteSettings {
    /// How many queries run at once; more wait.
    pub readers_max: usize,
    /// How long a call waits for a connection of its own, or for another process to let go of the file.
    pub wait_ms: u32,
    /// How long one query may take.
    pub query_ms_max: u32,
}

impl Default for SqliteSettings {
    fn default() -> Self {
        Self { readers_max: 4, wait_ms: 5_000, query_ms_max: 10_000 }
    }
}

/// Records and identities in one SQLite file. Cheap to clone; the clones share their connections.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    connections: Connections,
    labels: Arc<Labels>,
    vault: Arc<Vault>,
}

impl SqliteStore {
    /// Opens the file, making it (mode 0600) and its folder (0700) when they are not there, brings its
    /// schema up to date, and checks that it was made with this master key.
    pub async fn open(path: &Path, settings: SqliteSettings, vault: Arc<Vault>) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let connections = connections::on_blocking_thread(move || {
            let writer = file::open_and_migrate(&path, &settings)?;
            let readers = (0..settings.readers_max.max(1))
                .map(|_| file::open_reader(&path, &settings))
                .collect::<Result<Vec<Connection>, StoreError>>()?;
            Ok(Connections::new(writer, readers, &settings))
        })
        .await?;
        let store = Self { connections, labels: Arc::default(), vault };
        make_ready(&store).await?;
        check_master_key(&store).await?;
        Ok(store)
    }

    /// Nothing is left to do once it is open; here so that both stores are started alike.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Vaulted for SqliteStore {
    fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// It was made sure of when the file was opened.
    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
