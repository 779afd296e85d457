//! What one live client is sent, whatever carries it: first what it missed since its cursor, read from the log, then
//! the live stream, without a seam.
//!
//! The client's place in the hub is taken first, so its queue fills while older records are read. `places` says what
//! the client has been sent or does not want; a queued record before that was read from the log already and is left
//! out. Should the queue overflow meanwhile, it is emptied and the log is read on, up to where the hub is by then.
//!
//! A pause, and a change of the filter, end the flow and begin another where it was: while a client pauses nothing is
//! kept for it, and behind the frame that acknowledges a filter everything is by that filter.

use std::{sync::Arc, time::Duration};

use bus::{LogError, LogReader, LogRecord, Positions, ReadLimits};
use store::OrgId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until, timeout},
};

use super::{
    filter::{Candidate, LiveFilter},
    frame::{self, Frame},
    hub::{Hub, Subscription},
    queue::{Delivery, Taken},
    tail::{NoMark, advance, delivery, whose},
    topic::Places,
};
use crate::streams::{cursor::Cursor, topic::FoundTopic};

/// One read of older records.
const REPLAY_LIMITS: ReadLimits =
    ReadLimits { records_max: 500, bytes_max: 1024 * 1024, wait_max: Duration::from_secs(1) };

/// So many reads in a row that bring nothing mean that what is left before the mark are holes in the log, not
/// records. Generous: a reader of Kafka's may take seconds to reach its brokers, and records must not be skipped.
const EMPTY_READS_MAX: u32 = 30;

/// How long a client waits for one of the places to read older records.
const REPLAY_PLACE_MAX_WAIT: Duration = Duration::from_secs(5);

/// Records in one step of the live stream, and in one frame of a client that takes several.
const STEP_RECORDS_MAX: usize = 256;
/// Bytes in one step.
const STEP_BYTES_MAX: usize = 256 * 1024;

/// The least time between two frames of several records: a reader's eye and its CPU gain nothing from more.
const BATCH_EVERY: Duration = Duration::from_millis(20);

/// Why a stream can't begin or go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// As many read older records as may, or as many topics are watched.
    Full,
    /// The cursor is of other topics, or of another log.
    NotOurs,
    /// A topic was deleted.
    TopicDeleted,
    /// The log can't be read now.
    LogAway,
}

impl From<LogError> for Broken {
    fn from(error: LogError) -> Broken {
        match error {
            LogError::NoSuchTopic(_) => Broken::TopicDeleted,
            error => {
                tracing::warn!(%error, "the log can't be read for a live client");
                Broken::LogAway
            }
        }
    }
}

impl From<NoMark> for Broken {
    fn from(none: NoMark) -> Broken {
        match none {
            NoMark::Gone => Broken::TopicDeleted,
            NoMark::Late => Broken::LogAway,
        }
    }
}

/// What a client asked to be sent.
pub(super) struct Asked {
    pub(super) org_id: OrgId,
    pub(super) topics: Vec<Arc<FoundTopic>>,
    pub(super) filter: Arc<LiveFilter>,
    /// Whether frames may be of several records.
    pub(super) batched: bool,
}

/// The frames of one client.
pub(crate) struct Feed {
    hub: Arc<Hub>,
    /// Places for clients that read older records.
    replays: Arc<Semaphore>,
    asked: Asked,
    places: Places,
    /// `None` while the client pauses.
    flow: Option<Flow>,
    not_before: Instant,
}

struct Flow {
    subscription: Subscription,
    replay: Option<Replay>,
}

/// Reading what is older than the live stream, topic by topic.
struct Replay {
    /// One for each topic, made when something of it must be read.
    readers: Vec<Option<Box<dyn LogReader>>>,
    until: Vec<Arc<Positions>>,
    /// The topic that is read now.
    at: usize,
    /// Reads in a row that brought nothing.
    empty_reads: u32,
    _permit: OwnedSemaphorePermit,
}

impl Feed {
    /// From now on, or from what is wanted; and whether something of that is gone for good.
    pub(super) async fn open(
        hub: &Arc<Hub>,
        replays: &Arc<Semaphore>,
        asked: Asked,
        wanted: Option<Vec<Cursor>>,
    ) -> Result<(Feed, bool), Broken> {
        let places = Places::new(&asked.topics);
        let (hub, replays) = (hub.clone(), replays.clone());
        let mut feed = Feed { hub, replays, asked, places, flow: None, not_before: Instant::now() };
        let expired = match wanted {
            None => {
                let subscription = feed.subscribe()?;
                let marks = subscription.marks().await?;
                for (index, mark) in marks.iter().enumerate() {
                    feed.places.at_mut(index).positions = mark.as_ref().clone();
                }
                feed.flow = Some(Flow { subscription, replay: None });
                false
            }
            Some(cursors) => feed.resume(Some(&cursors)).await?,
        };
        Ok((feed, expired))
    }

    /// Goes on from here by another filter.
    pub(super) async fn change_filter(&mut self, filter: Arc<LiveFilter>) -> Result<bool, Broken> {
        let before = std::mem::replace(&mut self.asked.filter, filter);
        if self.flow.is_none() {
            return Ok(false);
        }
        let changed = self.resume(None).await;
        if changed.is_err() {
            self.asked.filter = before;
        }
        changed
    }

    /// Nothing is kept for the client from here on.
    pub(super) fn pause(&mut self) {
        self.flow = None;
    }

    /// Begins a flow at these cursors, one for each topic, or where the client is; answers whether something there is
    /// gone for good. What went on before goes on when this fails.
    pub(super) async fn resume(&mut self, cursors: Option<&[Cursor]>) -> Result<bool, Broken> {
        let mut places = Places::new(&self.asked.topics);
        let mut expired = false;
        for index in 0..places.len() {
            let place = places.at_mut(index);
            let bounds = self.hub.log.bounds(&place.topic.in_log).await?;
            let here = || Cursor::new(place.topic.id, self.places.at(index).positions.clone());
            let cursor = cursors.and_then(|cursors| cursors.get(index)).cloned().unwrap_or_else(here);
            let resolved = cursor.resolve(&bounds).map_err(|_| Broken::NotOurs)?;
            place.positions = resolved.positions;
            expired |= resolved.expired;
        }
        let subscription = self.subscribe()?;
        let until = subscription.marks().await?;
        let is_live = places.iter().zip(&until).all(|(place, mark)| place.has_reached(mark));
        let replay = if is_live {
            None
        } else {
            let permit = timeout(REPLAY_PLACE_MAX_WAIT, self.replays.clone().acquire_owned()).await;
            let permit = permit.ok().and_then(Result::ok).ok_or(Broken::Full)?;
            let readers = places.iter().map(|_| None).collect();
            Some(Replay { readers, until, at: 0, empty_reads: 0, _permit: permit })
        };
        self.places = places;
        self.flow = Some(Flow { subscription, replay });
        Ok(expired)
    }

    fn subscribe(&self) -> Result<Subscription, Broken> {
        let Asked { org_id, topics, filter, .. } = &self.asked;
        self.hub.subscribe(*org_id, topics, filter.clone()).map_err(|_| Broken::Full)
    }

    /// The topics of this stream.
    pub(super) fn topics(&self) -> &[Arc<FoundTopic>] {
        &self.asked.topics
    }

    /// Where the client is: what it is told to resume from.
    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// Resolves when this client holds too much for too long.
    pub(super) async fn evicted(&self) {
        match &self.flow {
            Some(flow) => flow.subscription.client.evicted.cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// Notes since when the client's connection takes nothing; `None` when it does.
    pub(super) fn note_stalled(&self, since: Option<Instant>) {
        if let Some(flow) = &self.flow {
            *flow.subscription.client.stalled.lock() = since.map(Instant::into_std);
        }
    }

    /// The next frames, in order; may be none. Never comes while the client pauses. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<Vec<Frame>, Broken> {
        let Some(flow) = &self.flow else { return std::future::pending().await };
        let client = flow.subscription.client.clone();
        tokio::select! {
            () = client.topic_deleted.cancelled() => Err(Broken::TopicDeleted),
            frames = self.next_frames() => frames,
        }
    }

    async fn next_frames(&mut self) -> Result<Vec<Frame>, Broken> {
        let Some(flow) = &mut self.flow else { return std::future::pending().await };
        if let Some(replay) = &mut flow.replay {
            let place = self.places.at(replay.at);
            if place.has_reached(&replay.until[replay.at]) {
                self.end_topic();
                return Ok(Vec::new());
            }
            let reader = match &mut replay.readers[replay.at] {
                Some(reader) => reader,
                none => none.insert(self.hub.log.reader(&place.topic.in_log, place.positions.clone()).await?),
            };
            let records = reader.next(REPLAY_LIMITS).await?;
            return Ok(self.replayed(&records));
        }
        if self.asked.batched {
            sleep_until(self.not_before).await;
        }
        flow.subscription.client.queue.filled().await;
        self.not_before = Instant::now() + BATCH_EVERY;
        // The marks are read before the queue: everything before them is in the queue, or counted as missed.
        let marks = flow.subscription.marks_now();
        let taken = flow.subscription.client.queue.take(STEP_RECORDS_MAX, STEP_BYTES_MAX);
        self.hub.left_queue(taken.deliveries.len());
        Ok(self.live_frames(&taken, &marks))
    }

    fn live_frames(&mut self, taken: &Taken, marks: &[Arc<Positions>]) -> Vec<Frame> {
        let new: Vec<_> = taken.deliveries.iter().map(Arc::as_ref).filter(|d| self.is_new(d)).collect();
        let mut frames = self.frames(&new);
        if taken.missed > 0 {
            frames.push(frame::gap(taken.missed, &self.places));
        }
        if taken.emptied {
            for (index, mark) in marks.iter().enumerate() {
                self.places.at_mut(index).raise_to(mark);
            }
        }
        frames
    }

    fn replayed(&mut self, records: &[LogRecord]) -> Vec<Frame> {
        let Some(replay) = self.flow.as_mut().and_then(|flow| flow.replay.as_mut()) else { return Vec::new() };
        let (at, topic) = (replay.at, self.places.at(replay.at).topic.clone());
        replay.empty_reads = if records.is_empty() { replay.empty_reads + 1 } else { 0 };
        let is_done = replay.empty_reads >= EMPTY_READS_MAX;
        let wanted =
            records.iter().filter(|record| whose(record, &topic) == Some(self.asked.org_id)).filter(|record| {
                Candidate::of(record, &topic).is_some_and(|candidate| self.asked.filter.matches(&candidate))
            });
        let deliveries: Vec<_> = wanted.map(|record| delivery(record, &topic, &self.hub.held)).collect();
        let frames = self.frames(&deliveries.iter().filter(|d| self.is_new(d)).collect::<Vec<_>>());
        advance(&mut self.places.at_mut(at).positions, records);
        if is_done {
            self.end_topic();
        }
        frames
    }

    /// The topic that is read now is read as far as it must be: on to the next, and after the last to the live stream.
    fn end_topic(&mut self) {
        let Some(flow) = &mut self.flow else { return };
        let Some(replay) = &mut flow.replay else { return };
        self.places.at_mut(replay.at).raise_to(&replay.until[replay.at]);
        replay.empty_reads = 0;
        replay.at += 1;
        if replay.at < replay.until.len() {
            return;
        }
        let queue = &flow.subscription.client.queue;
        if queue.has_missed() {
            self.hub.left_queue(queue.clear());
            replay.until = flow.subscription.marks_now();
            replay.at = 0;
        } else {
            flow.replay = None;
        }
    }

    fn is_new(&self, delivery: &Delivery) -> bool {
        let next = self.places.of(delivery.topic.id).and_then(|p| p.positions.get(&delivery.position.partition));
        next.is_none_or(|&next| delivery.position.offset >= next)
    }

    fn frames(&mut self, deliveries: &[&Delivery]) -> Vec<Frame> {
        let batched = self.asked.batched;
        let mut frames = Vec::with_capacity(if batched { 1 } else { deliveries.len() });
        for alike in deliveries.chunk_by(|one, next| one.topic.name.is_events() == next.topic.name.is_events()) {
            for chunk in alike.chunks(if batched { STEP_RECORDS_MAX } else { 1 }) {
                for delivery in chunk {
                    if let Some(place) = self.places.of_mut(delivery.topic.id) {
                        place.positions.insert(delivery.position.partition, delivery.position.offset + 1);
                    }
                }
                frames.push(match chunk {
                    [one] if !batched => frame::one(one, &self.places),
                    several => frame::several(several, &self.places),
                });
            }
        }
        frames
    }
}
