//! The queue and what is said of it.
//!
//! One lock guards the queue and the counters. The caller's part is short: it takes a number, appends, and wakes the
//! worker only when there is something for it to begin with. The worker takes a batch, sends it without the lock, and
//! settles what became of it; what is to be sent again goes back to the head of the queue, so events stay in their order.
//! Everything that may last has a bound, and no fault reaches a caller.

mod ends;
mod told;
mod waiters;

use std::{
    collections::VecDeque,
    sync::Arc,
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use self::waiters::Waiter;
#[cfg(unix)]
use super::exit;
use super::{
    DropReason, Stats, WhenFull,
    options::Options,
    queue::{self, Count, Entry, Queue},
    reporter::Reporter,
    skew::Skew,
    worker,
};
use crate::{compose::SEQUENCES, errors::Error, http::Http, settings::Resolved};

/// A worker that could not be started, or fell, is not followed by another sooner than this after it.
const START_PAUSE: Duration = Duration::from_secs(1);
const TAIL: &[u8] = br#","signature_algorithm":"HMAC-SHA256","timestamp":"#;

/// Of one recorder.
pub(crate) struct Engine {
    pub(super) settings: Arc<Resolved>,
    pub(super) options: Options,
    pub(super) state: Mutex<State>,
    /// Wakes the worker.
    pub(super) work: Notify,
    /// Becomes true when the worker is to leave what it does.
    pub(super) abandoned: watch::Sender<bool>,
    pub(super) http: Http,
    /// Wakes whoever waits for room, for a flush or for the end, and the thread that tells those who await it.
    pub(super) settled: Condvar,
    pub(super) reporter: Reporter,
}

pub(super) struct State {
    pub(super) queue: Box<dyn Queue>,
    next_ticket: u64,
    /// The batches that the worker has taken, in their order: they stay here whatever becomes of it.
    pub(super) under_way: VecDeque<Vec<Entry>>,
    /// What was recorded up to here is sent without waiting for more.
    pub(super) flush_up_to: Option<u64>,
    waiters: Vec<Waiter>,
    /// Whether a thread looks after those.
    is_watched: bool,
    pub(super) is_closed: bool,
    pub(super) is_abandoned: bool,
    /// Whether nothing was left when it ended.
    is_flushed: bool,
    pub(super) worker: Worker,
    /// No worker is started before.
    start_after: Option<Instant>,
    pub(super) stats: Stats,
    pub(super) skew: Skew,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Worker {
    /// Nothing was to be done yet.
    None,
    AtWork(ThreadId),
    Ended,
}

/// An event on its way into the queue.
pub(super) struct New {
    /// Its canonical bytes, without what is added here and without the brace at the end.
    pub(super) head: Vec<u8>,
    pub(super) event_id: Uuid,
    pub(super) ai_id: Uuid,
    /// Where it brings its own.
    pub(super) sequence: Option<u64>,
}

impl Engine {
    pub(super) fn new(settings: Arc<Resolved>, options: Options) -> Result<Arc<Self>, Error> {
        settings.secret()?;
        let http = Http::new(&settings)?;
        let bound = Count { events: options.queue_events_max, bytes: options.queue_bytes_max };
        let queue = queue::of(options.disk_queue.as_deref(), bound)?;
        let is_left = queue.waiting().events > 0;
        let state = State {
            next_ticket: queue.next_ticket(),
            queue,
            under_way: VecDeque::new(),
            flush_up_to: None,
            waiters: Vec::new(),
            is_watched: false,
            is_closed: false,
            is_abandoned: false,
            is_flushed: false,
            worker: Worker::None,
            start_after: None,
            stats: Stats::default(),
            skew: Skew::default(),
        };
        let engine = Arc::new(Self {
            settings,
            options,
            state: Mutex::new(state),
            work: Notify::new(),
            abandoned: watch::Sender::new(false),
            http,
            settled: Condvar::new(),
            reporter: Reporter::default(),
        });
        if is_left {
            engine.start(&mut engine.state.lock()); // what a process has left that is no more
        }
        #[cfg(unix)]
        if engine.options.ends_at_sigterm {
            exit::end_at_sigterm(&engine)?;
        }
        Ok(engine)
    }

    /// Takes an event into the queue; `timestamp` writes that member's value. The event's id; `None` when it was let go.
    pub(super) fn add(self: &Arc<Self>, new: New, timestamp: impl FnOnce(&mut Vec<u8>)) -> Option<Uuid> {
        let New { head: mut payload, event_id, ai_id, sequence } = new;
        self.queue(event_id, || {
            if let Some(number) = sequence.or_else(|| SEQUENCES.next(ai_id)) {
                payload.extend_from_slice(br#","sequence":"#);
                payload.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            }
            payload.extend_from_slice(TAIL);
            timestamp(&mut payload);
            payload.push(b'}');
            payload
        })
    }

    /// Takes an event that is signed already, as it is.
    pub(super) fn add_signed(self: &Arc<Self>, event_id: Uuid, payload: Vec<u8>) -> Option<Uuid> {
        self.queue(event_id, || payload)
    }

    /// The text is made under the lock, in the order of the queue.
    fn queue(self: &Arc<Self>, event_id: Uuid, payload: impl FnOnce() -> Vec<u8>) -> Option<Uuid> {
        let mut dropped = Vec::new();
        let mut why = DropReason::QueueFull;
        let is_taken = {
            let mut state = self.state.lock();
            let (payload, at) = (payload().into(), Instant::now());
            let ticket = state.next_ticket;
            state.next_ticket += 1;
            let entry = Entry { ticket, event_id, payload, at, first_tried: None, is_retimed: false };
            let has_room = self.make_room(&mut state, &entry, &mut dropped);
            let is_taken = if has_room {
                let size = entry.size();
                match state.queue.put(entry) {
                    Ok(()) => {
                        state.stats.recorded += 1;
                        self.wake_for(&mut state, size);
                        true
                    }
                    Err(entry) => {
                        why = DropReason::QueueFailed;
                        dropped.push(entry);
                        false
                    }
                }
            } else {
                dropped.push(entry);
                false
            };
            if state.is_closed {
                why = DropReason::Closed;
            }
            state.count_dropped(dropped.len(), why);
            is_taken
        };
        self.tell_dropped(&dropped, why);
        is_taken.then_some(event_id)
    }

    fn make_room(self: &Arc<Self>, state: &mut MutexGuard<'_, State>, entry: &Entry, dropped: &mut Vec<Entry>) -> bool {
        let size = entry.size();
        if size > self.options.queue_bytes_max {
            return false;
        }
        loop {
            if state.is_closed {
                return false;
            }
            let held = state.queue.held();
            if self.has_room(held, size) {
                return true;
            }
            match self.options.when_full {
                // What is under way makes no room: those that wait would go for nothing.
                WhenFull::DropOldest if !self.has_room(held.without(state.queue.waiting()), size) => return false,
                WhenFull::DropOldest => match state.drop_oldest() {
                    Some(oldest) => dropped.push(oldest),
                    None => return false,
                },
                WhenFull::Block if !state.is_workers_thread() => {
                    if self.start(state) {
                        self.work.notify_one();
                        self.settled.wait(state);
                    } else {
                        let again = state.start_after.unwrap_or_else(Instant::now);
                        self.settled.wait_until(state, again);
                    }
                }
                WhenFull::Block | WhenFull::DropNewest => return false,
            }
        }
    }

    fn has_room(&self, held: Count, size: usize) -> bool {
        held.events < self.options.queue_events_max && held.bytes + size <= self.options.queue_bytes_max
    }

    /// Only when there is something to begin with: the first event that waits, and the one that makes a batch full. A
    /// worker that is none is started by every event.
    fn wake_for(self: &Arc<Self>, state: &mut MutexGuard<'_, State>, size: usize) {
        let waiting = state.queue.waiting();
        let full_bytes = self.options.batch_bytes_max;
        let fills_bytes = waiting.bytes >= full_bytes && waiting.bytes - size < full_bytes;
        self.start(state);
        if waiting.events == 1 || waiting.events == self.options.batch_events_max || fills_bytes {
            self.work.notify_one();
        }
    }

    /// The counters now.
    pub(super) fn stats(&self) -> Stats {
        let state = self.state.lock();
        let held = state.queue.held();
        Stats {
            queued: held.events,
            queued_bytes: held.bytes,
            clock_skew_ms: state.skew.seconds.map(|seconds| seconds * 1e3),
            ..state.stats.clone()
        }
    }

    /// Starts the worker's thread. False when that is not possible, or was tried just now.
    pub(super) fn start(self: &Arc<Self>, state: &mut State) -> bool {
        match state.worker {
            Worker::AtWork(_) => return true,
            Worker::Ended => return false,
            Worker::None => {}
        }
        if !state.may_start(Instant::now()) {
            return false;
        }
        let engine = Arc::clone(self);
        match thread::Builder::new().name("gapin-recorder".to_owned()).spawn(|| worker::run(engine)) {
            Ok(thread) => {
                state.worker = Worker::AtWork(thread.thread().id());
                true
            }
            Err(_) => {
                // There are too many of them; an event asks again.
                state.stats.faults += 1;
                state.stats.last_fault = Some("thread".to_owned());
                false
            }
        }
    }
}

impl State {
    /// Not always at once again: what it lacks, it may lack for long.
    fn may_start(&mut self, now: Instant) -> bool {
        let may = self.start_after.is_none_or(|after| now >= after);
        if may {
            self.start_after = Some(now + START_PAUSE);
        }
        may
    }

    /// Lets the oldest that waits go.
    pub(super) fn drop_oldest(&mut self) -> Option<Entry> {
        let mut taken = self.queue.take(1, 1).unwrap_or_default();
        // What a broken disk still holds is dropped from here all the same.
        let _ = self.queue.done(&taken);
        taken.pop()
    }

    /// The oldest that is not settled.
    pub(super) fn oldest_ticket(&self) -> Option<u64> {
        let under_way = self.under_way.front().and_then(|batch| batch.first()).map(|entry| entry.ticket);
        under_way.or_else(|| self.queue.oldest().map(|(ticket, _)| ticket))
    }

    /// The last that was recorded.
    pub(super) fn newest_ticket(&self) -> Option<u64> {
        self.next_ticket.checked_sub(1)
    }

    /// Whether everything up to a ticket is settled.
    pub(super) fn is_settled(&self, up_to: u64) -> bool {
        self.oldest_ticket().is_none_or(|oldest| oldest > up_to)
    }

    pub(super) fn is_at_work(&self) -> bool {
        matches!(self.worker, Worker::AtWork(_))
    }

    pub(super) fn is_workers_thread(&self) -> bool {
        self.worker == Worker::AtWork(thread::current().id())
    }

    pub(super) fn count_dropped(&mut self, events: usize, why: DropReason) {
        if events > 0 {
            self.stats.dropped += events as u64;
            *self.stats.dropped_by_reason.entry(why).or_default() += events as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_worker_is_not_started_again_at_once() {
        let settings = crate::Settings::new().api_key("key").signing_secret("secret").ai_id(Uuid::nil());
        let engine = Engine::new(Arc::new(settings.resolve().unwrap()), Options::default()).unwrap();
        let (mut state, now) = (engine.state.lock(), Instant::now());
        assert!(state.may_start(now));
        assert!(!state.may_start(now) && !state.may_start(now + START_PAUSE / 2));
        assert!(state.may_start(now + START_PAUSE) && !state.may_start(now + START_PAUSE));
    }
}
