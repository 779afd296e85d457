//! Hands what this gateway counted to the store, every few seconds and once more when it stops.
//!
//! Each write has a number, and is sent with the same number until the store says that it has it: a write whose answer was
//! lost adds nothing twice. While the store is away one write waits, and counting goes on.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use store::{
    StatisticsStore,
    statistics::{COUNTS_PER_WRITE_MAX, Count},
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::counting::Counting;
use crate::clock;

/// Time between two writes.
const WRITE_EVERY: Duration = Duration::from_secs(2);

/// How long the last write of a gateway that stops may take.
const LAST_WRITE_MAX: Duration = Duration::from_secs(5);

/// Writes until it is stopped.
pub(crate) async fn write(
    counting: Arc<Counting>,
    store: Arc<dyn StatisticsStore>,
    gateway: String,
    stop: CancellationToken,
) {
    // A gateway of this name may run a second time, and many may have it.
    let writer = format!("{gateway}/{}", Uuid::now_v7());
    let mut waiting = Waiting { counting, store, writer, sequence: 0, writes: VecDeque::new() };
    let mut failing = false;
    loop {
        let stopped = timeout(WRITE_EVERY, stop.cancelled()).await.is_ok();
        if stopped {
            if timeout(LAST_WRITE_MAX, waiting.write_all()).await != Ok(true) {
                tracing::warn!("the last statistics of this gateway could not be written");
            }
            return;
        }
        let written = waiting.write_all().await;
        if !written && !failing {
            tracing::warn!("the store does not take statistics; they are counted on, and written when it does");
        }
        failing = !written;
    }
}

struct Waiting {
    counting: Arc<Counting>,
    store: Arc<dyn StatisticsStore>,
    writer: String,
    /// The number of the first of the writes.
    sequence: u64,
    writes: VecDeque<Vec<Count>>,
}

impl Waiting {
    /// Whether everything that was counted is in the store.
    async fn write_all(&mut self) -> bool {
        // What waits goes first, as it is: it may be there already.
        if !self.write_waiting().await {
            return false;
        }
        self.writes.extend(self.counting.take().chunks(COUNTS_PER_WRITE_MAX).map(<[Count]>::to_vec));
        self.write_waiting().await
    }

    async fn write_waiting(&mut self) -> bool {
        while let Some(counts) = self.writes.front() {
            if let Err(error) = self.store.add_counts(&self.writer, self.sequence + 1, counts, clock::now()).await {
                tracing::debug!(%error, "statistics could not be written");
                return false;
            }
            self.writes.pop_front();
            self.sequence += 1;
        }
        true
    }
}
