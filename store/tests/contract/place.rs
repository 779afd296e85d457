//! A database of the test's own, and the stores opened on it.

use std::sync::Arc;

use store::{
    AccountStore, AiSystemStore, AuditStore, EventStore, IdentityStore, LegalHoldStore, OrganisationStore,
    PublicationStore, RedactionStore, RetentionStore, SavedViewStore, StatisticsStore, StoreError, TopicStore,
    postgres::{PostgresSettings, PostgresStore},
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};

pub(crate) trait Store:
    EventStore
    + IdentityStore
    + AiSystemStore
    + AuditStore
    + AccountStore
    + OrganisationStore
    + RedactionStore
    + RetentionStore
    + LegalHoldStore
    + SavedViewStore
    + StatisticsStore
    + TopicStore
    + PublicationStore
{
}

impl<S> Store for S where
    S: EventStore
        + IdentityStore
        + AiSystemStore
        + AuditStore
        + AccountStore
        + OrganisationStore
        + RedactionStore
        + RetentionStore
        + LegalHoldStore
        + SavedViewStore
        + StatisticsStore
        + TopicStore
        + PublicationStore
{
}

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
        self.open_vault(Arc::new(Vault::new(MasterKey::from_bytes(master_key)))).await
    }

    pub(crate) async fn open_vault(&self, vault: Arc<Vault>) -> Result<Arc<dyn Store>, StoreError> {
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
                           SELECT encode(sealed_secret, 'escape') FROM signing_keys; \
                           SELECT encode(sealed, 'escape') FROM peppers; \
                           SELECT settings || encode(sealed_key, 'escape') FROM redaction; \
                           SELECT detail FROM audit_entries";
                testbed::postgres().query(database, sql).into_bytes()
            }
        }
    }

    /// How many rows there are of this: a table, and a condition perhaps.
    pub(crate) async fn count(&self, rows: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {rows}");
        match self {
            Self::Sqlite { .. } => self.sqlite_file().query_row(&sql, [], |row| row.get(0)).unwrap(),
            Self::Postgres { url } => Self::client(url).await.query_one(&sql, &[]).await.unwrap().get(0),
        }
    }

    /// Runs SQL beside the store, as an operator with the database's own tools would; the database's words when it refuses.
    pub(crate) async fn execute(&self, sql: &str) -> Result<(), String> {
        match self {
            Self::Sqlite { .. } => self.sqlite_file().execute_batch(sql).map_err(|error| error.to_string()),
            Self::Postgres { url } => {
                let refused = Self::client(url).await.batch_execute(sql).await;
                refused.map_err(|error| error.as_db_error().unwrap().message().to_owned())
            }
        }
    }

    fn sqlite_file(&self) -> rusqlite::Connection {
        let Self::Sqlite { folder } = self else { panic!("it is no file") };
        rusqlite::Connection::open(folder.path().join("data").join("store.db")).unwrap()
    }

    /// A connection beside the store.
    pub(crate) async fn client(url: &str) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }
}
