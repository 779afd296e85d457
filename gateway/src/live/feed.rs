//! What one live client is sent, whatever carries it: first what it missed since its cursor, read
//! from the log, then the live stream, without a seam.
//!
//! The client's place in the hub is taken first, so its queue fills while older records are read.
//! `positions` says what the client has been sent or does not want; a queued record before it was
//! read from the log already and is left out. Should the queue overflow meanwhile, it is emptied
//! and the log is read on, up to where the hub is by then.

use std::{sync::Arc, time::Duration};

use aibbar::{RecordHead, record::EVENTS_TOPIC};
use bus::{EventLog, LogError, LogReader, LogRecord, Positions, ReadLimits};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep_until},
};

use super::{
    frame::{self, Frame},
    hub::{Subscription, advance, org_of},
    queue::{Delivery, Taken},
};

/// One read of older records.
const REPLAY_LIMITS: ReadLimits =
    ReadLimits { records_max: 500, bytes_max: 1024 * 1024, wait_max: Duration::from_secs(1) };

/// So many reads in a row that bring nothing mean that what is left before the mark are holes in the log, not
/// records. Generous: a reader of Kafka's may take seconds to reach its brokers, and records must not be skipped.
const EMPTY_READS_MAX: u32 = 30;

/// Records in one step of the live stream, and in one frame of a client that takes several.
const STEP_RECORDS_MAX: usize = 256;
/// Bytes in one step.
const STEP_BYTES_MAX: usize = 256 * 1024;

/// The least time between two frames of several records: a reader's eye and its CPU gain nothing from more.
const BATCH_EVERY: Duration = Duration::from_millis(20);

/// The frames of one client.
pub(crate) struct Feed {
    subscription: Subscription,
    positions: Positions,
    replay: Option<Replay>,
    batched: bool,
    not_before: Instant,
}

struct Replay {
    reader: Box<dyn LogReader>,
    until: Arc<Positions>,
    /// Reads in a row that brought nothing.
    empty_reads: u32,
    _permit: OwnedSemaphorePermit,
}

impl Feed {
    /// From now on.
    pub(crate) async fn live(subscription: Subscription, batched: bool) -> Self {
        let positions = subscription.hub.mark().await.as_ref().clone();
        Self { subscription, positions, replay: None, batched, not_before: Instant::now() }
    }

    /// From a cursor on; `permit` is given back once the client is live.
    pub(crate) async fn resumed(
        subscription: Subscription,
        batched: bool,
        log: &dyn EventLog,
        positions: Positions,
        permit: OwnedSemaphorePermit,
    ) -> Result<Self, LogError> {
        let until = subscription.hub.mark().await;
        let reader = log.reader(EVENTS_TOPIC, positions.clone()).await?;
        let replay = Some(Replay { reader, until, empty_reads: 0, _permit: permit });
        Ok(Self { subscription, positions, replay, batched, not_before: Instant::now() })
    }

    /// Where the client is: what it is told to resume from.
    pub(crate) fn positions(&self) -> &Positions {
        &self.positions
    }

    /// Resolves when this client holds too much for too long.
    pub(crate) async fn evicted(&self) {
        self.subscription.client.evicted.cancelled().await;
    }

    /// Notes since when the client's connection takes nothing; `None` when it does.
    pub(crate) fn note_stalled(&self, since: Option<Instant>) {
        *self.subscription.client.stalled.lock() = since.map(Instant::into_std);
    }

    /// The next frames, in order; may be none. Cancel safe.
    pub(crate) async fn next(&mut self) -> Result<Vec<Frame>, LogError> {
        if let Some(replay) = &mut self.replay {
            let records = replay.reader.next(REPLAY_LIMITS).await?;
            return Ok(self.replayed(&records));
        }
        if self.batched {
            sleep_until(self.not_before).await;
        }
        self.subscription.client.queue.filled().await;
        self.not_before = Instant::now() + BATCH_EVERY;
        // The mark is read before the queue: everything before it is in the queue, or counted as missed.
        let mark = self.subscription.hub.mark_now();
        let taken = self.subscription.client.queue.take(STEP_RECORDS_MAX, STEP_BYTES_MAX);
        self.subscription.hub.left_queue(taken.deliveries.len());
        Ok(self.live_frames(taken, &mark))
    }

    fn live_frames(&mut self, taken: Taken, mark: &Positions) -> Vec<Frame> {
        let new: Vec<_> = taken.deliveries.iter().map(Arc::as_ref).filter(|d| self.is_new(d)).collect();
        let mut frames = self.frames(new);
        if taken.missed > 0 {
            frames.push(frame::gap(taken.missed, &self.positions));
        }
        if taken.emptied {
            raise(&mut self.positions, mark);
        }
        frames
    }

    fn replayed(&mut self, records: &[LogRecord]) -> Vec<Frame> {
        let (org_id, client) = (self.subscription.org_id, self.subscription.client.clone());
        let wanted = records.iter().filter(|record| org_of(record) == Some(org_id)).filter(|record| {
            RecordHead::decode(&record.payload).is_ok_and(|head| client.filter.matches(&head, &record.payload))
        });
        let held = &self.subscription.hub.held;
        let counted = |r: &LogRecord| Delivery { position: r.position, record: held.count(r.payload.clone()) };
        let deliveries: Vec<_> = wanted.map(counted).collect();
        let frames = self.frames(deliveries.iter().filter(|d| self.is_new(d)).collect());
        advance(&mut self.positions, records);
        self.end_replay_when_there(records.is_empty());
        frames
    }

    fn end_replay_when_there(&mut self, nothing_read: bool) {
        let Some(replay) = &mut self.replay else { return };
        replay.empty_reads = if nothing_read { replay.empty_reads + 1 } else { 0 };
        if !reached(&self.positions, &replay.until) && replay.empty_reads < EMPTY_READS_MAX {
            return;
        }
        raise(&mut self.positions, &replay.until);
        let queue = &self.subscription.client.queue;
        if queue.has_missed() {
            self.subscription.hub.left_queue(queue.clear());
            replay.until = self.subscription.hub.mark_now();
        } else {
            self.replay = None;
        }
    }

    fn is_new(&self, delivery: &Delivery) -> bool {
        self.positions.get(&delivery.position.partition).is_none_or(|&next| delivery.position.offset >= next)
    }

    fn frames(&mut self, deliveries: Vec<&Delivery>) -> Vec<Frame> {
        let mut frames = Vec::with_capacity(if self.batched { 1 } else { deliveries.len() });
        for chunk in deliveries.chunks(if self.batched { STEP_RECORDS_MAX } else { 1 }) {
            for delivery in chunk {
                self.positions.insert(delivery.position.partition, delivery.position.offset + 1);
            }
            match chunk {
                [one] if !self.batched => frames.extend(frame::event(one, &self.positions)),
                several => frames.push(frame::events(several.iter().copied(), &self.positions)),
            }
        }
        frames
    }
}

fn reached(positions: &Positions, until: &Positions) -> bool {
    until.iter().all(|(partition, &end)| end == 0 || positions.get(partition).is_some_and(|&at| at >= end))
}

fn raise(positions: &mut Positions, to: &Positions) {
    for (&partition, &offset) in to {
        let at = positions.entry(partition).or_default();
        *at = (*at).max(offset);
    }
}
