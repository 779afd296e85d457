//! A database of the test's own, and the stores opened on it.

use std::sync::Arc;

use store::{
    EventStore, IdentityStore, StoreError,
    postgres::{PostgresSettings, PostgresStore},
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};

pub(crate) trait Store: EventStore + IdentityStore {}

impl<S: EventStore + IdentityStore> Store for S {}

pub(crate) enum Place {
    Sqlite { folder: tempfile::TempDir },
    Postgres { url: String },
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) async fn postgres() -> Self {
        let made = tokio::task::spawn_blocking(|| testbed::postgres().database());
        Self::Postgres { url: made.await.unwrap() }
    }

    /// A store on this database, ready; more of them are like more processes.
    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        self.open_with([7; 32]).await.unwrap()
    }

    pub(crate) async fn open_with(&self, master_key: [u8; 32]) -> Result<Arc<dyn Store>, StoreError> {
        let vault = Arc::new(Vault::new(&MasterKey::from_bytes(master_key)));
        match self {
            Self::Sqlite { folder } => {
                let file = folder.path().join("data").join("store.db");
                Ok(Arc::new(SqliteStore::open(&file, SqliteSettings::default(), vault).await?))
            }
            Self::Postgres { url } => {
                let store = PostgresStore::connect(PostgresSettings::new(url), vault)?;
                store.migrate().await?;
                Ok(Arc::new(store))
            }
        }
    }

    /// Everything that is on disk (SQLite), or in the tables of identities (PostgreSQL).
    pub(crate) fn bytes_at_rest(&self) -> Vec<u8> {
        match self {
            Self::Sqlite { folder } => {
                let files = std::fs::read_dir(folder.path().join("data")).unwrap();
                files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
            }
            Self::Postgres { url } => {
                let database = url.rsplit('/').next().unwrap();
                let sql = "SELECT encode(t::text::bytea, 'escape') FROM api_keys t; \
                           SELECT encode(sealed_secret, 'escape') FROM signing_keys";
                testbed::postgres().query(database, sql).into_bytes()
            }
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }
}
