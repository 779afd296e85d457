//! One connection that writes, a few that read, each used by one call at a time on a blocking thread.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore},
    task, time,
};

use super::{SqliteSettings, failure};
use crate::StoreError;

/// How many steps of SQLite's machine lie between two looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

#[derive(Clone)]
pub(super) struct Connections {
    writer: Arc<AsyncMutex<Connection>>,
    readers: Arc<Readers>,
    wait: Duration,
    query_time_max: Duration,
}

struct Readers {
    /// As many permits as connections; who has a permit finds a connection.
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    pub(super) fn new(writer: Connection, readers: Vec<Connection>, settings: &SqliteSettings) -> Self {
        Self {
            writer: Arc::new(AsyncMutex::new(writer)),
            readers: Arc::new(Readers { permits: Arc::new(Semaphore::new(readers.len())), idle: Mutex::new(readers) }),
            wait: Duration::from_millis(settings.wait_ms.into()),
            query_time_max: Duration::from_millis(settings.query_ms_max.into()),
        }
    }

    /// Runs this on the connection that writes. Once begun it ends, even when nobody waits for it any more.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let mut writer = self.writer().await?;
        on_blocking_thread(move || work(&mut writer)).await
    }

    /// The connection that writes, for as long as its holder keeps it.
    pub(super) async fn writer(&self) -> Result<OwnedMutexGuard<Connection>, StoreError> {
        time::timeout(self.wait, self.writer.clone().lock_owned()).await.map_err(|_| busy("writes"))
    }

    /// Runs this on a connection that reads, within the time that a query may take.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let waiting = time::timeout(self.wait, self.readers.permits.clone().acquire_owned());
        let Ok(Ok(permit)) = waiting.await else { return Err(busy("queries")) };
        let readers = self.readers.clone();
        let query_time_max = self.query_time_max;
        on_blocking_thread(move || {
            let _permit = permit;
            let connection = readers.idle.lock().pop().expect("there are as many permits as connections");
            let mut lent = Lent { connection: Some(connection), readers: &readers };
            let connection = lent.connection.as_mut().expect("it is taken only when the loan ends");
            let deadline = Instant::now() + query_time_max;
            let is_late = move || Instant::now() >= deadline;
            connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(is_late)).map_err(failure::explain)?;
            work(connection)
        })
        .await
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

/// Goes back to the idle ones whatever happens, a panic included, and before its permit does.
struct Lent<'a> {
    connection: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.readers.idle.lock().extend(self.connection.take());
    }
}

pub(super) async fn on_blocking_thread<T, F>(work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StoreError> + Send + 'static,
{
    let ended = task::spawn_blocking(work).await;
    ended.unwrap_or_else(|_| Err(StoreError::Unavailable("its work was broken off".to_owned())))
}

fn busy(with: &str) -> StoreError {
    StoreError::Unavailable(format!("it is busy with other {with}"))
}
