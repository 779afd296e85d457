//! The pool, and the loans from it.

use std::{
    fmt,
    ops::{Deref, DerefMut},
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType};
use postgres_native_tls::MakeTlsConnector;
use tokio::time::{self, Instant};

use super::{PostgresSettings, failure::explain};
use crate::StoreError;

/// A server that cancels a statement at its time limit still has to say so.
const ANSWER_SLACK: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub(super) struct Connections {
    pool: Pool,
    config: tokio_postgres::Config,
    tls: MakeTlsConnector,
    /// How long a whole call may take when each of its parts may take its own limit.
    call_time_max: Duration,
}

impl Connections {
    pub(super) fn new(settings: PostgresSettings) -> Result<Self, StoreError> {
        let config = settings.client_config()?;
        let tls = settings.tls(config.get_ssl_mode())?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config.clone(), tls.clone(), recycling))
            .max_size(settings.pool_size_max.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(settings.wait_timeout()))
            .create_timeout(Some(settings.connect_timeout()))
            .build()
            .map_err(|_| StoreError::Refused("the settings of the pool do not fit together".to_owned()))?;
        let call_time_max =
            settings.wait_timeout() + settings.connect_timeout() + settings.statement_timeout() + ANSWER_SLACK;
        Ok(Self { pool, config, tls, call_time_max })
    }

    /// A connection to work with; [`Loan::end`] gives it back.
    pub(super) async fn borrow(&self) -> Result<Loan, StoreError> {
        match self.pool.get().await {
            Ok(client) => Ok(Loan { client: Some(client), ended: false }),
            Err(PoolError::Backend(error)) => Err(explain(error)),
            Err(PoolError::Timeout(TimeoutType::Wait)) => Err(unavailable("all connections to it are in use")),
            Err(_) => Err(unavailable("no connection could be made in time")),
        }
    }

    /// A connection outside the pool, for work that may hold it long.
    pub(super) async fn dedicated(&self) -> Result<tokio_postgres::Client, StoreError> {
        let (client, connection) = self.config.connect(self.tls.clone()).await.map_err(explain)?;
        tokio::spawn(async move {
            // What goes wrong with it is answered to whoever waits on the client.
            let _ = connection.await;
        });
        Ok(client)
    }

    /// Lets the call take no longer than its parts may.
    pub(super) async fn in_time<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        in_time(self.deadline(), call).await
    }

    /// When a call that begins now has to have ended.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.call_time_max
    }
}

/// Lets a part of a call take no longer than the whole may.
pub(super) async fn in_time<T>(
    deadline: Instant,
    part: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    time::timeout_at(deadline, part).await.unwrap_or_else(|_| Err(unavailable("it did not answer in time")))
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("pool", &self.pool.status()).finish_non_exhaustive()
    }
}

/// A lent connection. Dropped before its [`Loan::end`] (an error, a time-out, a caller that went away) it is closed.
pub(super) struct Loan {
    client: Option<Object>,
    ended: bool,
}

impl Loan {
    /// All that was asked was answered.
    pub(super) fn end(mut self) {
        self.ended = true;
    }
}

const LENT: &str = "the connection leaves the loan only when that is dropped";

impl Deref for Loan {
    type Target = Object;

    fn deref(&self) -> &Object {
        self.client.as_ref().expect(LENT)
    }
}

impl DerefMut for Loan {
    fn deref_mut(&mut self) -> &mut Object {
        self.client.as_mut().expect(LENT)
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if !self.ended
            && let Some(client) = self.client.take()
        {
            drop(Object::take(client));
        }
    }
}

fn unavailable(sentence: &str) -> StoreError {
    StoreError::Unavailable(sentence.to_owned())
}
