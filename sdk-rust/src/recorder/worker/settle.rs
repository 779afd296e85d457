//! Batches out of the queue, and what became of them back into it.

use std::time::{Duration, Instant};

use parking_lot::MutexGuard;
use tokio::{select, time::sleep};

use super::super::{
    DropReason,
    engine::{Engine, State, Worker},
    options::Options,
    queue::Entry,
    sender::{Outcome, Prepared},
};
use crate::moment;

/// As it is called where a fault is told.
pub(super) const THREAD: &str = "the recorder's thread";
const DOUBLINGS_MAX: u32 = 20;
/// A disk that can't be read is asked again after so long.
const QUEUE_FAILED_WAIT: Duration = Duration::from_secs(1);

/// How long to wait before sending again.
pub(super) struct Pause {
    /// What the recorder chose; `close()` cuts it short.
    chosen: Duration,
    /// What it was told.
    told: Duration,
}

impl Pause {
    pub(super) fn after(outcome: &Outcome, options: &Options, failures: &mut u32) -> Self {
        if !outcome.accepted.is_empty() || outcome.retimed > 0 {
            *failures = 0;
        }
        if outcome.retimed > 0 && outcome.retimed == outcome.again.len() as u64 {
            return Self { chosen: Duration::ZERO, told: Duration::ZERO };
        }
        let doubled = options.retry_wait_min.saturating_mul(1 << (*failures).min(DOUBLINGS_MAX));
        *failures += 1;
        let longest = options.retry_wait_max.min(doubled);
        // Full jitter: whoever failed together does not come back together.
        let share = (moment::chance() >> 11) as f64 / (1_u64 << 53) as f64;
        let chosen = if outcome.is_setting { options.retry_wait_max } else { longest.mul_f64(share) };
        Self { chosen, told: outcome.retry_after.unwrap_or_default().min(options.retry_for) }
    }
}

impl Engine {
    /// Waits for a batch: a whole one, one that is old enough, or one that a flush asks for. `None` at the end.
    pub(super) async fn next_batch(&self) -> Option<Vec<Entry>> {
        loop {
            self.tell_lost();
            let mut can_be_read = true;
            let wait = {
                let mut state = self.state.lock();
                if state.is_abandoned {
                    return None;
                }
                match state.queue.oldest() {
                    None => None,
                    Some((ticket, since)) => {
                        let remaining = self.options.batch_age.saturating_sub(since.elapsed());
                        let is_asked = state.flush_up_to.is_some_and(|up_to| ticket <= up_to);
                        if remaining.is_zero() || is_asked || self.is_whole(&state) {
                            match self.take(&mut state) {
                                Some(batch) => return Some(batch),
                                None => {
                                    can_be_read = false;
                                    Some(QUEUE_FAILED_WAIT)
                                }
                            }
                        } else {
                            Some(remaining)
                        }
                    }
                }
            };
            if !can_be_read {
                self.reporter.warn("queue", "the disk queue can't be read; what is in it waits");
            }
            match wait {
                None => self.work.notified().await,
                Some(wait) => select! {
                    () = self.work.notified() => {}
                    () = sleep(wait) => {}
                },
            }
        }
    }

    /// Events that can't be read from the disk are counted as let go; nobody has their text.
    fn tell_lost(&self) {
        let mut state = self.state.lock();
        let lost = state.queue.lost();
        if lost == 0 {
            return;
        }
        state.count_dropped(lost, DropReason::QueueFailed);
        state.answer_waiters();
        drop(state);
        self.settled.notify_all();
        self.reporter
            .warn("lost", "events on disk can't be read, and were let go: a file of the disk queue is damaged");
    }

    /// The next batch where a whole one waits.
    pub(super) fn whole_batch(&self) -> Option<Vec<Entry>> {
        let mut state = self.state.lock();
        if self.is_whole(&state) && !state.is_abandoned { self.take(&mut state) } else { None }
    }

    fn is_whole(&self, state: &State) -> bool {
        let waiting = state.queue.waiting();
        waiting.events >= self.options.batch_events_max || waiting.bytes >= self.options.batch_bytes_max
    }

    fn take(&self, state: &mut State) -> Option<Vec<Entry>> {
        match state.queue.take(self.options.batch_events_max, self.options.batch_bytes_max) {
            Ok(batch) => {
                batch.first()?;
                state.under_way.push_back(batch.clone());
                Some(batch)
            }
            Err(_) => {
                state.stats.faults += 1;
                state.stats.last_fault = Some("queue_failed".to_owned());
                None
            }
        }
    }

    /// What is sent again goes back into the queue, before `next`, which goes back as well where there is one. It is decided
    /// under the lock whether there is still a queue: a callback may have closed the recorder.
    pub(super) fn settle(&self, outcome: Outcome, next: Option<Prepared>) {
        let Outcome { accepted, refused, again, why: again_for, retimed, requests, .. } = outcome;
        let (now, again_is_empty) = (Instant::now(), again.is_empty());
        let (mut given_up, mut kept) = (Vec::new(), Vec::new());
        for mut entry in again {
            let first_tried = *entry.first_tried.get_or_insert(now);
            // On disk it can wait for as long as there is room.
            let is_late = now.duration_since(first_tried) >= self.options.retry_for;
            if is_late && self.options.disk_queue.is_none() { given_up.push(entry) } else { kept.push(entry) }
        }
        kept.extend(next.into_iter().flat_map(|prepared| prepared.entries));
        self.tell_dropped(&given_up, DropReason::RetryTimeSpent);
        for (entry, fault) in &refused {
            self.tell_refused(entry, fault);
        }
        let refused_code = refused.last().map(|(_, fault)| fault.code.clone().into_owned());
        let refused: Vec<_> = refused.into_iter().map(|(entry, _)| entry).collect();
        // Only now: whoever waits for a flush finds everything told.
        let mut state = self.state.lock();
        self.put_back(&mut state, kept);
        state.stats.requests += requests;
        state.stats.accepted += accepted.len() as u64;
        state.stats.refused += refused.len() as u64;
        state.stats.retries += u64::from(!again_for.is_empty());
        state.stats.retimed += retimed;
        if refused_code.is_some() {
            state.stats.last_fault = refused_code;
        } else if !again_for.is_empty() {
            state.stats.last_fault = Some(again_for);
        }
        state.count_dropped(given_up.len(), DropReason::RetryTimeSpent);
        if again_is_empty {
            state.under_way.pop_front();
        } else {
            state.under_way.clear();
        }
        for done in [&accepted, &refused, &given_up] {
            if state.queue.done(done).is_err() {
                state.stats.faults += 1; // they are sent once more, by the next process: the gateway keeps them once
            }
        }
        state.queue.refill();
        state.answer_waiters();
        drop(state);
        self.settled.notify_all();
    }

    /// It waits again; after the end it is let go, where it is not on disk.
    fn put_back(&self, state: &mut MutexGuard<'_, State>, entries: Vec<Entry>) {
        if !state.is_abandoned || self.options.disk_queue.is_some() {
            state.queue.put_back(entries);
            return;
        }
        MutexGuard::unlocked(state, || self.tell_dropped(&entries, DropReason::Closed));
        state.count_dropped(entries.len(), DropReason::Closed);
        let _ = state.queue.done(&entries); // it is in memory
    }

    /// The batch that was taken last waits again.
    pub(super) fn put_back_the_last(&self) {
        let mut state = self.state.lock();
        if let Some(batch) = state.under_way.back().cloned() {
            self.put_back(&mut state, batch);
            state.under_way.pop_back();
        }
    }

    /// What a panic has left under way is to be sent again: what became of it is not known.
    pub(super) fn after_panic(&self) -> Outcome {
        self.fault(THREAD, "panic");
        let left = self.state.lock().under_way.iter().flatten().cloned().collect();
        Outcome::again(left, "panic")
    }

    pub(super) fn tell_again(&self, outcome: &Outcome) {
        let why = &outcome.why;
        let hint = if outcome.is_setting { ": look at GAPIN_URL and GAPIN_API_KEY" } else { "" };
        self.reporter.warn(
            &format!("again:{why}"),
            &format!("the gateway can't be given events now ({why}); they are kept and sent again{hint}"),
        );
    }

    /// Waits before the next try. `close()` cuts short what this recorder chose itself, not what it was told.
    pub(super) async fn pause(&self, pause: Pause) {
        let begun = Instant::now();
        let was_closed = self.state.lock().is_closed;
        loop {
            let is_cut = {
                let state = self.state.lock();
                if state.is_abandoned {
                    return;
                }
                state.is_closed && !was_closed
            };
            let whole = if is_cut { pause.told } else { pause.chosen.max(pause.told) };
            let remaining = whole.saturating_sub(begun.elapsed());
            if remaining.is_zero() {
                return;
            }
            select! {
                () = self.work.notified() => {}
                () = sleep(remaining) => {}
            }
        }
    }

    /// Nothing more is sent by this worker.
    pub(super) fn worker_ended(&self) {
        if !self.state.lock().under_way.is_empty() {
            self.settle(self.after_panic(), None);
        }
        let mut state = self.state.lock();
        // Without having been asked to: an event begins another.
        state.worker = if state.is_abandoned { Worker::Ended } else { Worker::None };
        if state.is_abandoned {
            state.queue.close();
        }
        state.answer_all_waiters();
        drop(state);
        self.settled.notify_all();
    }
}
