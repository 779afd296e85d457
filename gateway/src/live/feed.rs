//! What one live client is sent, whatever carries it: first what it missed since its cursor, read from the log, then
//! the live stream, without a seam.
//!
//! `places` says up to where the client has been sent everything, or told of a gap, or does not want it; whatever is
//! queued of what lies before is left out. The three ways in which they move keep to what `watching.rs` promises:
//!
//! - Older records are read from `places` up to a **head** that was read after the queue was opened, and empty. What
//!   the queue then holds, or counts as missed, begins before that head and goes on without a hole.
//! - So the stream is live once that head is reached and nothing was missed. Otherwise the queue is opened anew and the
//!   log is read on, up to the head of then. Live from the beginning is only whose places reach what it was told when it
//!   joined.
//! - Live, the places follow what is taken from the queue. Up to a **mark** they move only when the mark was read before
//!   the queue was found empty, and behind the notice of what was missed.
//!
//! A pause shuts the queue: nothing is kept for the client, the log has it. A change of the filter joins the tails anew,
//! and goes on where the client was: behind the frame that acknowledges a filter everything is by that filter.

use std::{sync::Arc, time::Duration};

use bus::{LogError, LogRecord, Positions};
use store::OrgId;
use tokio::time::{Instant, sleep_until};

use super::{
    filter::{Candidate, LiveFilter},
    frame::{self, Frame},
    hub::{Hub, NoStart, Subscription},
    line::Line,
    queue::{Delivery, Taken},
    replay::{Replay, Step},
    tail::{advance, delivery, whose},
    topic::Places,
};
use crate::streams::{cursor::Cursor, topic::FoundTopic};

/// Records in one step of the live stream, and in one frame of a client that takes several.
const STEP_RECORDS_MAX: usize = 256;
/// Bytes in one step.
const STEP_BYTES_MAX: usize = 256 * 1024;

/// The least time between two steps of the live stream: what comes in between goes together, in one write of the
/// connection. A write of its own was most of what a delivery cost, while an eye, and whatever else reads along,
/// gains nothing from more of them. What comes after a pause goes at once, and so does what one step has no room for.
pub(super) const STEP_EVERY: Duration = Duration::from_millis(20);

/// Why a stream can't begin or go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// As many topics are watched as may.
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

impl From<NoStart> for Broken {
    fn from(none: NoStart) -> Broken {
        match none {
            NoStart::Gone => Broken::TopicDeleted,
            NoStart::Late => Broken::LogAway,
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
    line: Line,
    asked: Asked,
    places: Places,
    flow: Flow,
    /// When the next step of the live stream may be taken.
    pub(super) not_before: Instant,
}

struct Flow {
    subscription: Subscription,
    course: Course,
}

enum Course {
    /// The client wants nothing now; the queue is shut.
    Paused,
    /// It is sent what is older than the live stream.
    Replays(Box<Replay>),
    Live,
}

impl Feed {
    /// From now on, or from what is wanted; and whether something of that is gone for good.
    pub(super) async fn open(
        hub: &Arc<Hub>,
        line: &Line,
        asked: Asked,
        wanted: Option<Vec<Cursor>>,
    ) -> Result<(Feed, bool), Broken> {
        let mut places = Places::new(&asked.topics);
        let begun = match wanted {
            None => {
                let subscription = subscribe(hub, &asked)?;
                for (index, since) in subscription.since().await?.iter().enumerate() {
                    places.at_mut(index).positions = since.as_ref().clone();
                }
                Begun { places, flow: Flow { subscription, course: Course::Live }, expired: false }
            }
            Some(cursors) => begin(hub, line, &asked, &cursors).await?,
        };
        let Begun { places, flow, expired } = begun;
        let (hub, line) = (hub.clone(), line.clone());
        Ok((Feed { hub, line, asked, places, flow, not_before: Instant::now() }, expired))
    }

    /// Goes on from here by another filter.
    pub(super) async fn change_filter(&mut self, filter: Arc<LiveFilter>) -> Result<bool, Broken> {
        let before = std::mem::replace(&mut self.asked.filter, filter);
        if matches!(self.flow.course, Course::Paused) {
            return Ok(false);
        }
        let changed = self.resume(None).await;
        if changed.is_err() {
            self.asked.filter = before;
        }
        changed
    }

    /// Nothing is kept for the client from here on; it is still told how its stream ends.
    pub(super) fn pause(&mut self) {
        self.settle();
        self.hub.left_queue(self.flow.subscription.client.queue.shut());
        self.flow.course = Course::Paused;
    }

    /// Goes on from these cursors, one for each topic, or from where the client is; answers whether something there is
    /// gone for good. What went on before goes on when this fails.
    pub(super) async fn resume(&mut self, cursors: Option<&[Cursor]>) -> Result<bool, Broken> {
        self.settle();
        let here = || self.places.iter().map(|place| Cursor::new(place.topic.id, place.positions.clone())).collect();
        let cursors = cursors.map_or_else(here, <[Cursor]>::to_vec);
        let Begun { places, flow, expired } = begin(&self.hub, &self.line, &self.asked, &cursors).await?;
        self.places = places;
        let before = std::mem::replace(&mut self.flow, flow);
        // One client has one place among those that read older records.
        if let (Course::Replays(before), Course::Replays(replay)) = (before.course, &mut self.flow.course) {
            replay.stand(before.into_standing());
        }
        Ok(expired)
    }

    /// Live, and with nothing that waits, the client is where the tails are: what it does not want lies behind it.
    fn settle(&mut self) {
        let Flow { subscription, course: Course::Live } = &self.flow else { return };
        let marks = subscription.marks();
        if subscription.client.queue.is_empty() {
            self.raise_to(&marks);
        }
    }

    fn raise_to(&mut self, marks: &[Arc<Positions>]) {
        for (index, mark) in marks.iter().enumerate() {
            self.places.at_mut(index).raise_to(mark);
        }
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
        self.flow.subscription.client.evicted.cancelled().await;
    }

    /// Notes since when the client's connection takes nothing; `None` when it does.
    pub(super) fn note_stalled(&self, since: Option<Instant>) {
        *self.flow.subscription.client.stalled.lock() = since.map(Instant::into_std);
    }

    /// The next frames, in order; may be none. While the client pauses nothing comes but the end. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<Vec<Frame>, Broken> {
        let client = self.flow.subscription.client.clone();
        tokio::select! {
            () = client.topic_deleted.cancelled() => {}
            frames = self.next_frames() => return frames,
        }
        // What came before the end is sent before it is told: nobody can resume there.
        let is_live = matches!(self.flow.course, Course::Live);
        if is_live && !client.queue.is_empty() { Ok(self.live_frames()) } else { Err(Broken::TopicDeleted) }
    }

    async fn next_frames(&mut self) -> Result<Vec<Frame>, Broken> {
        let Flow { subscription, course } = &mut self.flow;
        match course {
            Course::Paused => std::future::pending().await,
            Course::Replays(replay) => {
                let queue = &subscription.client.queue;
                match replay.step(&mut self.places).await? {
                    Step::Records(topic, records) => return Ok(self.replayed(topic, &records)),
                    // Nothing of what waits is wanted while others have their turn: the log has it.
                    Step::Rests => self.hub.left_queue(queue.shut()),
                    Step::Ends if !queue.has_missed() => *course = Course::Live,
                    Step::Begins | Step::Ends => {
                        self.hub.left_queue(queue.reopen());
                        replay.read_until(subscription.heads(), &mut self.places);
                    }
                }
                Ok(Vec::new())
            }
            Course::Live => {
                if self.not_before > Instant::now() {
                    sleep_until(self.not_before).await;
                }
                subscription.client.queue.filled().await;
                Ok(self.live_frames())
            }
        }
    }

    /// What waits for a client whose stream is live.
    fn live_frames(&mut self) -> Vec<Frame> {
        let subscription = &self.flow.subscription;
        // The marks before the queue: what lies before them is in it, or counted.
        let marks = subscription.marks();
        let taken = subscription.client.queue.take(STEP_RECORDS_MAX, STEP_BYTES_MAX);
        self.hub.left_queue(taken.deliveries.len());
        // It may be told of records that the step before took already.
        let is_step = !taken.deliveries.is_empty() || taken.missed > 0;
        if is_step && taken.emptied {
            self.not_before = Instant::now() + STEP_EVERY;
        }
        self.frames_of(&taken, &marks)
    }

    fn frames_of(&mut self, taken: &Taken, marks: &[Arc<Positions>]) -> Vec<Frame> {
        let new: Vec<_> = taken.deliveries.iter().map(Arc::as_ref).filter(|d| self.is_new(d)).collect();
        let mut frames = self.frames(&new);
        if taken.missed > 0 {
            frames.push(frame::gap(taken.missed, &self.places));
        }
        if taken.emptied {
            self.raise_to(marks);
        }
        frames
    }

    fn replayed(&mut self, topic: usize, records: &[LogRecord]) -> Vec<Frame> {
        let place = self.places.at(topic);
        let topic_of = place.topic.clone();
        let wanted =
            records.iter().filter(|record| whose(record, &topic_of) == Some(self.asked.org_id)).filter(|record| {
                Candidate::of(record, &topic_of).is_some_and(|candidate| self.asked.filter.matches(&candidate))
            });
        let deliveries: Vec<_> = wanted.map(|record| delivery(record, &topic_of, &self.hub.held)).collect();
        let frames = self.frames(&deliveries.iter().filter(|d| self.is_new(d)).collect::<Vec<_>>());
        advance(&mut self.places.at_mut(topic).positions, records);
        frames
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

/// How a flow begins.
struct Begun {
    places: Places,
    flow: Flow,
    /// Some of what lies behind the cursors is not kept any more.
    expired: bool,
}

/// A flow from these cursors, one for each topic.
async fn begin(hub: &Arc<Hub>, line: &Line, asked: &Asked, cursors: &[Cursor]) -> Result<Begun, Broken> {
    let mut places = Places::new(&asked.topics);
    let mut expired = false;
    for (index, cursor) in cursors.iter().enumerate() {
        let place = places.at_mut(index);
        let bounds = hub.log.bounds(&place.topic.in_log).await?;
        let resolved = cursor.resolve(&bounds).map_err(|_| Broken::NotOurs)?;
        place.positions = resolved.positions;
        expired |= resolved.expired;
    }
    let subscription = subscribe(hub, asked)?;
    let since = subscription.since().await?;
    let is_live = places.iter().zip(&since).all(|(place, since)| place.has_reached(since));
    let course = if is_live {
        Course::Live
    } else {
        // Opened anew when its turn has come.
        hub.left_queue(subscription.client.queue.shut());
        Course::Replays(Box::new(Replay::new(hub.log.clone(), line.clone(), asked.org_id)))
    };
    Ok(Begun { places, flow: Flow { subscription, course }, expired })
}

fn subscribe(hub: &Arc<Hub>, asked: &Asked) -> Result<Subscription, Broken> {
    hub.subscribe(asked.org_id, &asked.topics, asked.filter.clone()).map_err(|_| Broken::Full)
}
