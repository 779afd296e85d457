//! Reading: a small pool of connections, and a reader of its own place.

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout_at},
};

use super::{
    file::{offset_of, open_to_read, record_id},
    headers,
    topics::Topic,
    writer::no_partition,
};
use crate::{LogError, LogReader, LogRecord, Offset, Partition, Position, Positions, ReadLimits};

/// Connections that only read, as many as may read at the same time.
pub(super) struct ReadPool {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl ReadPool {
    pub(super) fn open(path: &Path, connections: usize) -> Result<Self, LogError> {
        let connections = connections.max(1);
        let idle: Result<Vec<_>, _> = (0..connections).map(|_| open_to_read(path)).collect();
        Ok(Self { idle: Arc::new(Mutex::new(idle?)), permits: Arc::new(Semaphore::new(connections)) })
    }

    /// Runs this on one of the connections, off the async workers.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, LogError> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| LogError::Closed)?;
        let idle = self.idle.clone();
        let task = tokio::task::spawn_blocking(move || {
            // A connection per permit: one is always there.
            let Some(conn) = idle.lock().pop() else { return Err(LogError::Closed) };
            let result = work(&conn);
            idle.lock().push(conn);
            drop(permit);
            result.map_err(|e| LogError::Unavailable(format!("the log could not be read: {e}")))
        });
        task.await.map_err(|_| LogError::Closed)?
    }
}

/// Records, and where to go on in each partition that was looked at.
pub(super) struct Fetched {
    pub(super) records: Vec<LogRecord>,
    pub(super) next: Positions,
}

/// Reads from these places what is there now, and an error when the topic is gone. Begins with the partition after `first`, so that
/// a busy partition does not keep the others waiting.
pub(super) async fn fetch(
    pool: &ReadPool,
    topic: &Arc<Topic>,
    from: &Positions,
    first: Partition,
    limits: ReadLimits,
) -> Result<Fetched, LogError> {
    // Ends before reading: what the writer deletes meanwhile was read or is skipped, never waited for.
    let range = |(&partition, &from): (&Partition, &Offset)| {
        let lane = topic.lane(partition)?;
        let end = lane.bounds().end;
        (from < end).then_some(Range { partition, lane: lane.number, from, end })
    };
    let mut ranges: Vec<_> = from.iter().filter_map(range).collect();
    if ranges.is_empty() {
        return Ok(Fetched { records: Vec::new(), next: Positions::new() });
    }
    let turn = ranges.partition_point(|range| range.partition <= first);
    let turns = turn % ranges.len();
    ranges.rotate_left(turns);
    let fetched = pool.read(move |conn| read_ranges(conn, &ranges, limits)).await?;
    // The lanes of a deleted topic go to others: what was read may be theirs.
    topic.is_there()?;
    Ok(fetched)
}

struct Range {
    partition: Partition,
    lane: i64,
    from: Offset,
    end: Offset,
}

fn read_ranges(conn: &Connection, ranges: &[Range], limits: ReadLimits) -> rusqlite::Result<Fetched> {
    let mut select = conn.prepare_cached(
        "SELECT id, appended_at_ms, key, headers, payload FROM records WHERE id >= ?1 AND id < ?2 ORDER BY id",
    )?;
    let mut fetched = Fetched { records: Vec::new(), next: Positions::new() };
    let mut bytes = 0;
    for range in ranges {
        let mut rows = select.query((record_id(range.lane, range.from), record_id(range.lane, range.end)))?;
        while let Some(row) = rows.next()? {
            let (key, headers, payload) =
                (row.get_ref(2)?.as_blob()?, row.get_ref(3)?.as_blob()?, row.get_ref(4)?.as_blob()?);
            let headers = headers::decode(headers).ok_or(rusqlite::Error::IntegralValueOutOfRange(3, row.get(0)?))?;
            let offset = offset_of(row.get(0)?);
            let record = LogRecord {
                position: Position { partition: range.partition, offset },
                appended_at_ms: row.get(1)?,
                key: Bytes::copy_from_slice(key),
                headers,
                payload: Bytes::copy_from_slice(payload),
            };
            let records = fetched.records.len();
            let size_bytes = record.size_bytes();
            if records >= limits.records_max.max(1) || (records > 0 && bytes + size_bytes > limits.bytes_max) {
                return Ok(fetched);
            }
            bytes += size_bytes;
            fetched.records.push(record);
            fetched.next.insert(range.partition, offset + 1);
        }
        fetched.next.insert(range.partition, range.end);
    }
    Ok(fetched)
}

/// Waits until something that a read depends on may have changed: `true`, or the time is up: `false`.
pub(super) async fn changed(
    receivers: &mut [&mut watch::Receiver<()>],
    closed: &mut watch::Receiver<bool>,
    until: Instant,
) -> bool {
    let any = futures_util::future::select_all(receivers.iter_mut().map(|r| Box::pin(r.changed())));
    let wait = async {
        tokio::select! {
            _ = any => {}
            _ = closed.changed() => {}
        }
    };
    timeout_at(until, wait).await.is_ok()
}

/// The moment this long from now; a wait without end is bounded to a year.
pub(super) fn deadline(wait_max: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);
    Instant::now() + wait_max.min(LONGEST)
}

/// A reader bound to no group.
pub(super) struct LocalReader {
    pool: Arc<ReadPool>,
    topic: Arc<Topic>,
    appended: watch::Receiver<()>,
    closed: watch::Receiver<bool>,
    next: Positions,
    last: Partition,
}

impl LocalReader {
    pub(super) fn new(
        pool: Arc<ReadPool>,
        topic: Arc<Topic>,
        closed: watch::Receiver<bool>,
        from: &Positions,
    ) -> Result<Self, LogError> {
        if let Some(partition) = from.keys().find(|p| **p >= topic.partitions()) {
            return Err(no_partition(*partition));
        }
        let next = from.iter().map(|(p, offset)| (*p, topic.start_at(*p, *offset))).collect();
        Ok(Self { pool, appended: topic.appended.subscribe(), topic, closed, next, last: Partition::MAX })
    }
}

#[async_trait]
impl LogReader for LocalReader {
    fn passed(&self) -> Positions {
        self.next.clone()
    }

    async fn next(&mut self, limits: ReadLimits) -> Result<Vec<LogRecord>, LogError> {
        let until = deadline(limits.wait_max);
        loop {
            // Marked as seen before looking: an append in between ends the wait below at once.
            self.appended.mark_unchanged();
            if *self.closed.borrow_and_update() {
                return Err(LogError::Closed);
            }
            self.topic.is_there()?;
            let fetched = fetch(&self.pool, &self.topic, &self.next, self.last, limits).await?;
            // No await from here on: a call that is dropped has moved nothing.
            self.next.extend(fetched.next);
            if let Some(record) = fetched.records.last() {
                self.last = record.position.partition;
                return Ok(fetched.records);
            }
            if !changed(&mut [&mut self.appended], &mut self.closed, until).await {
                return Ok(Vec::new());
            }
        }
    }
}
