//! Batches out of the queue, and what became of them back into it.

use std::time::{Duration, Instant};

use tokio::{select, time::sleep};

use super::super::{
    DropReason,
    engine::{Engine, State, Worker},
    options::Options,
    queue::Entry,
    sender::{Outcome, Prepared},
};
use crate::moment;

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
        if outcome.retimed == outcome.again.len() as u64 {
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
                state.under_way.push_back(batch.first()?.ticket);
                Some(batch)
            }
            Err(_) => {
                state.stats.faults += 1;
                state.stats.last_fault = Some("queue_failed".to_owned());
                None
            }
        }
    }

    /// What is sent again goes back into the queue, before `next`, which goes back as well where there is one.
    pub(super) fn settle(&self, outcome: Outcome, next: Option<Prepared>) {
        let Outcome { accepted, refused, again, why: again_for, retimed, requests, .. } = outcome;
        let (now, again_is_empty) = (Instant::now(), again.is_empty());
        let is_abandoned = self.state.lock().is_abandoned;
        let why = if is_abandoned { DropReason::Closed } else { DropReason::RetryTimeSpent };
        let (mut given_up, mut kept) = (Vec::new(), Vec::new());
        for mut entry in again {
            let first_tried = *entry.first_tried.get_or_insert(now);
            // On disk it can wait for as long as there is room.
            let is_late = is_abandoned || now.duration_since(first_tried) >= self.options.retry_for;
            if is_late && self.options.disk_queue.is_none() { given_up.push(entry) } else { kept.push(entry) }
        }
        let mut next = next.map(|prepared| prepared.entries).unwrap_or_default();
        if is_abandoned && self.options.disk_queue.is_none() {
            given_up.append(&mut next);
        }
        self.tell_dropped(&given_up, why);
        for (entry, fault) in &refused {
            self.tell_refused(entry, fault);
        }
        let refused_code = refused.last().map(|(_, fault)| fault.code.clone().into_owned());
        let refused: Vec<_> = refused.into_iter().map(|(entry, _)| entry).collect();
        // Only now: whoever waits for a flush finds everything told.
        let mut state = self.state.lock();
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
        state.count_dropped(given_up.len(), why);
        if again_is_empty {
            state.under_way.pop_front();
        } else {
            state.under_way.clear();
        }
        state.queue.put_back(next);
        state.queue.put_back(kept);
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
        let mut state = self.state.lock();
        // Without having been asked to: the next event begins another.
        state.worker = if state.is_abandoned { Worker::Ended } else { Worker::None };
        if state.is_abandoned {
            state.queue.close();
        }
        for waiter in std::mem::take(&mut state.waiters) {
            let is_settled = state.is_settled(waiter.up_to);
            // Whoever asked may have gone.
            let _ = waiter.answer.send(is_settled);
        }
        drop(state);
        self.settled.notify_all();
    }
}
