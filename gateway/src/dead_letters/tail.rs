//! The gateway's own view of the dead letters: the topic read once from its beginning, and then as it grows.

use std::{sync::Arc, time::Duration};

use aibbar::{dead_letter::Reason, record::DEAD_LETTERS_TOPIC};
use bus::{EventLog, LogError, Positions};
use parking_lot::{RwLock, RwLockReadGuard};
use prometheus::{IntCounter, IntGauge, IntGaugeVec, Opts, Registry};
use tokio::{
    sync::{Semaphore, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    index::Index,
    read::{READ_LIMITS, take_in},
};
use crate::problem::{Kind, Problem};

/// How long a request waits for this gateway to have read what is in the topic: every gateway answers the same, also of a
/// letter that was redriven through another a moment ago.
const CAUGHT_UP_MAX: Duration = Duration::from_secs(5);

/// How often the tail looks for partitions that were added, and for a topic that was made anew.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How long to wait before the log is asked again after a failure.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Redrives at a time: each holds some megabytes of letters.
const REDRIVES_AT_ONCE_MAX: usize = 4;

/// The dead letters, as far as this gateway has read them.
pub(crate) struct DeadLetters {
    index: RwLock<Index>,
    read_to: watch::Sender<Positions>,
    pub(super) redrives: Semaphore,
    pub(super) redriven: IntCounter,
    open: IntGaugeVec,
    oldest_open: IntGauge,
}

impl DeadLetters {
    pub(crate) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let redriven = IntCounter::new(
            "gapin_dead_letters_redriven_total",
            "Dead letters whose record was appended to the log again.",
        )?;
        let open = IntGaugeVec::new(
            Opts::new("gapin_dead_letters_open", "Dead letters that nobody redrove, by reason."),
            &["reason"],
        )?;
        let oldest_open = IntGauge::new(
            "gapin_dead_letters_oldest_open_timestamp_seconds",
            "When the oldest dead letter that nobody redrove was kept, as a Unix time; 0: there is none.",
        )?;
        registry.register(Box::new(redriven.clone()))?;
        registry.register(Box::new(open.clone()))?;
        registry.register(Box::new(oldest_open.clone()))?;
        let redrives = Semaphore::new(REDRIVES_AT_ONCE_MAX);
        let (index, read_to) = (RwLock::default(), watch::Sender::new(Positions::new()));
        let letters = Self { index, read_to, redrives, redriven, open, oldest_open };
        letters.show();
        Ok(letters)
    }

    /// Reads until it is told to stop; a log that is away is tried again, from where this was.
    pub(crate) async fn follow(self: Arc<Self>, log: Arc<dyn EventLog>, stop: CancellationToken) {
        let work = async {
            loop {
                match self.follow_until_failure(log.as_ref()).await {
                    Err(LogError::Closed) => return,
                    Err(error) => tracing::debug!(%error, "the dead letters can't be read now; trying again"),
                    Ok(()) => {}
                }
                tokio::time::sleep(RETRY_AFTER).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = stop.cancelled() => {}
        }
    }

    /// `Ok` when the topic has other partitions than before, or was made anew.
    async fn follow_until_failure(&self, log: &dyn EventLog) -> Result<(), LogError> {
        let bounds = log.bounds(DEAD_LETTERS_TOPIC).await?;
        let mut positions = self.read_to.borrow().clone();
        if positions.iter().any(|(partition, next)| bounds.get(partition).is_none_or(|b| b.end < *next)) {
            *self.index.write() = Index::default();
            positions.clear();
        }
        for (&partition, bounds) in &bounds {
            positions.entry(partition).or_insert(bounds.earliest);
        }
        let mut reader = log.reader(DEAD_LETTERS_TOPIC, positions.clone()).await?;
        self.read_to.send_replace(positions);
        let mut look_at = Instant::now() + LOOK_EVERY;
        loop {
            let read = reader.next(READ_LIMITS).await?;
            if !read.is_empty() {
                take_in(&mut self.index.write(), &read);
                self.show();
                self.read_to.send_modify(|positions| crate::live::hub::advance(positions, &read));
            }
            if Instant::now() >= look_at {
                look_at = Instant::now() + LOOK_EVERY;
                let bounds = log.bounds(DEAD_LETTERS_TOPIC).await?;
                let read_to = self.read_to.borrow().clone();
                let is_the_same = bounds.len() == read_to.len()
                    && bounds.iter().all(|(partition, b)| read_to.get(partition).is_some_and(|next| *next <= b.end));
                if !is_the_same {
                    return Ok(());
                }
                self.index.write().forget_before(&bounds);
                self.show();
            }
        }
    }

    /// The index, once it holds everything that is in the topic at this moment.
    pub(super) async fn now(&self, log: &dyn EventLog) -> Result<RwLockReadGuard<'_, Index>, Problem> {
        let bounds = log.bounds(DEAD_LETTERS_TOPIC).await.map_err(unavailable)?;
        let mut read_to = self.read_to.subscribe();
        let is_read = |positions: &Positions| {
            let has_read = |(partition, b): (&u32, &bus::PartitionBounds)| {
                b.end == b.earliest || positions.get(partition).is_some_and(|next| *next >= b.end)
            };
            bounds.iter().all(has_read)
        };
        let caught_up = tokio::time::timeout(CAUGHT_UP_MAX, read_to.wait_for(is_read)).await;
        if !matches!(caught_up, Ok(Ok(_))) {
            let detail = "This gateway is still reading the dead letters; try again shortly.";
            return Err(Problem::new(Kind::LogUnavailable, detail));
        }
        drop(caught_up);
        self.index.write().forget_before(&bounds);
        Ok(self.index.read())
    }

    fn show(&self) {
        let index = self.index.read();
        for reason in Reason::ALL {
            let open = i64::try_from(index.open_count(reason)).unwrap_or(i64::MAX);
            self.open.with_label_values(&[reason.as_str()]).set(open);
        }
        self.oldest_open.set(index.oldest_open_ms().unwrap_or(0) / 1_000);
    }
}

/// The log can't be read. A topic that is not there yet is made by the live tail in a moment.
pub(super) fn unavailable(error: LogError) -> Problem {
    tracing::warn!(%error, "the dead letters can't be read");
    Problem::new(Kind::LogUnavailable, "The event log can't be read now; try again shortly.")
}
