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
use crate::backoff::Backoff;

/// As it is called where a fault is told.
pub(super) const THREAD: &str = "the recorder's thread";
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
    pub(super) fn after(outcome: &Outcome, options: &Options, backoff: &mut Backoff) -> Self {
        if !outcome.accepted.is_empty() || outcome.retimed > 0 {
            backoff.reset();
        }
        if outcome.retimed > 0 && outcome.retimed == outcome.again.len() as u64 {
            return Self { chosen: Duration::ZERO, told: Duration::ZERO };
        }
        let own = backoff.next_wait();
        let chosen = if outcome.is_setting { options.retry_wait_max } else { own };
        Self { chosen, told: outcome.retry_after.unwrap_or_default().min(options.retry_for) }
    }

    /// Altogether; `is_cut` where `close()` was called meanwhile.
    fn whole(&self, is_cut: bool) -> Duration {
        if is_cut { self.told } else { self.chosen.max(self.told) }
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
            let remaining = pause.whole(is_cut).saturating_sub(begun.elapsed());
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use uuid::Uuid;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn entries(count: u64) -> Vec<Entry> {
        let entry = |ticket| Entry {
            ticket,
            event_id: Uuid::nil(),
            payload: Vec::new().into(),
            at: Instant::now(),
            first_tried: None,
            is_retimed: false,
        };
        (0..count).map(entry).collect()
    }

    fn options() -> Options {
        Options { retry_wait_min: SECOND, retry_wait_max: SECOND * 4, retry_for: SECOND * 60, ..Options::default() }
    }

    fn failing() -> Backoff {
        let mut backoff = Backoff::new(SECOND, SECOND * 4);
        for _ in 0..9 {
            backoff.next_wait();
        }
        backoff
    }

    #[test]
    fn it_waits_no_less_than_it_is_told_and_no_longer_than_it_tries() {
        for (told, whole) in [(7, 7), (60, 60), (61, 60), (24 * 60 * 60, 60)] {
            let outcome = Outcome { retry_after: Some(SECOND * told), ..Outcome::again(entries(1), "overloaded") };
            let pause = Pause::after(&outcome, &options(), &mut failing());
            assert_eq!((pause.whole(false), pause.whole(true)), (SECOND * whole, SECOND * whole), "told {told} s");
        }
        let nothing = Pause::after(&Outcome::again(entries(1), "timeout"), &options(), &mut failing());
        assert!(nothing.whole(false) < SECOND * 4);
        assert_eq!(nothing.whole(true), Duration::ZERO, "what it chose itself is cut short");
        let sooner = Pause { chosen: SECOND * 3, told: SECOND };
        assert_eq!((sooner.whole(false), sooner.whole(true)), (SECOND * 3, SECOND));
    }

    #[test]
    fn what_somebody_has_to_mend_is_waited_for_as_long_as_may_be() {
        let outcome = Outcome { is_setting: true, ..Outcome::again(entries(1), "invalid_api_key") };
        assert_eq!(Pause::after(&outcome, &options(), &mut failing()).whole(false), SECOND * 4);
    }

    #[test]
    fn what_brought_something_on_makes_the_next_wait_short_again() {
        let (mut backoff, again) = (failing(), || Outcome::again(entries(2), "overloaded"));
        assert_eq!(backoff.failures(), 9);
        Pause::after(&again(), &options(), &mut backoff);
        assert_eq!(backoff.failures(), 10);
        let some = Outcome { accepted: entries(1), ..again() };
        assert!(Pause::after(&some, &options(), &mut backoff).whole(false) < SECOND);
        assert_eq!(backoff.failures(), 1);
        let mut backoff = failing();
        let retimed = Outcome { retimed: 2, ..again() };
        assert_eq!(Pause::after(&retimed, &options(), &mut backoff).whole(false), Duration::ZERO, "it can be sent now");
        assert_eq!(backoff.failures(), 0);
    }
}
