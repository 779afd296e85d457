//! Bringing the schema up to date, once, however many processes start together.

use tokio_postgres::Client;

use super::{
    PostgresStore,
    failure::{explain, explain_migration},
};
use crate::{
    StoreError,
    both::{Vaulted as _, make_ready},
};

mod embedded {
    #![allow(missing_docs, unreachable_pub)]
    refinery::embed_migrations!("../migrations/postgres");
}

/// The advisory lock of whoever migrates.
const LOCK: i64 = 0x6741_5049_4E00_0001;

/// A migration may take longer than a statement usually may; waiting for another's has an end.
const LIMITS: &str = "SET statement_timeout = 0; SET lock_timeout = '60s'";

const VERSION_MIN: i32 = 14;

impl PostgresStore {
    /// Brings the schema up to date, and checks that the database was made with this master key.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let mut client = self.connections.dedicated().await?;
        check_server(&client).await?;
        client.batch_execute(LIMITS).await.map_err(explain)?;
        client.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.map_err(explain)?;
        // Failing here, the lock goes with its connection.
        embedded::migrations::runner().run_async(&mut client).await.map_err(explain_migration)?;
        client.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.map_err(explain)?;
        make_ready(self).await?;
        self.ready().await
    }
}

async fn check_server(client: &Client) -> Result<(), StoreError> {
    const SQL: &str = "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')";
    let row = client.query_one(SQL, &[]).await.map_err(explain)?;
    if row.get::<_, i32>(0) < VERSION_MIN {
        return Err(StoreError::Refused(format!("PostgreSQL {VERSION_MIN} or newer is needed")));
    }
    if row.get::<_, &str>(1) != "UTF8" {
        return Err(StoreError::Refused("the database's encoding has to be UTF8".to_owned()));
    }
    Ok(())
}
