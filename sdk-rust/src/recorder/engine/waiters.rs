//! Flushes and ends that are awaited: told when that has come which they wait for, or when they took too long.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{Engine, State};

/// So many may wait at once.
const WAITERS_MAX: usize = 10_000;
const STACK_BYTES: usize = 128 * 1024;

/// A task that waits.
pub(super) struct Waiter {
    awaited: Awaited,
    until: Instant,
    answer: oneshot::Sender<bool>,
}

#[derive(Clone, Copy)]
pub(super) enum Awaited {
    /// Everything up to this ticket is settled.
    Settled(u64),
    WorkersEnd,
}

impl Engine {
    /// Tells when it has come (true), or that it took too long (false). `None` where nobody can tell it.
    pub(super) fn wait_for(
        self: &Arc<Self>,
        state: &mut State,
        awaited: Awaited,
        timeout: Duration,
    ) -> Option<oneshot::Receiver<bool>> {
        if state.waiters.len() >= WAITERS_MAX || !self.watch(state) {
            return None;
        }
        let (answer, answered) = oneshot::channel();
        state.waiters.push(Waiter { awaited, until: until(timeout), answer });
        self.settled.notify_all(); // it may have less to wait
        Some(answered)
    }

    /// By a thread, for as long as any wait: they may have no runtime, and callbacks may hold up the worker's.
    fn watch(self: &Arc<Self>, state: &mut State) -> bool {
        if !state.is_watched {
            let engine = Arc::clone(self);
            let thread = thread::Builder::new().name("gapin-waiters".to_owned()).stack_size(STACK_BYTES);
            state.is_watched = thread.spawn(move || engine.answer_until_none_waits()).is_ok();
        }
        state.is_watched
    }

    fn answer_until_none_waits(&self) {
        let mut state = self.state.lock();
        loop {
            state.answer_waiters();
            let Some(first) = state.waiters.iter().map(|waiter| waiter.until).min() else {
                break;
            };
            self.settled.wait_until(&mut state, first);
        }
        state.is_watched = false;
    }
}

impl State {
    pub(in crate::recorder) fn answer_waiters(&mut self) {
        let now = Instant::now();
        for waiter in std::mem::take(&mut self.waiters) {
            let has_come = self.has_come(waiter.awaited);
            if has_come || now >= waiter.until {
                // Whoever asked may have gone.
                let _ = waiter.answer.send(has_come);
            } else if !waiter.answer.is_closed() {
                self.waiters.push(waiter);
            }
        }
    }

    /// Where there is no worker, nothing comes.
    pub(in crate::recorder) fn answer_all_waiters(&mut self) {
        for waiter in std::mem::take(&mut self.waiters) {
            let _ = waiter.answer.send(self.has_come(waiter.awaited));
        }
    }

    fn has_come(&self, awaited: Awaited) -> bool {
        match awaited {
            Awaited::Settled(up_to) => self.is_settled(up_to),
            Awaited::WorkersEnd => !self.is_at_work(),
        }
    }
}

/// A moment that no flush waits for, where it is further away than can be said.
pub(super) fn until(timeout: Duration) -> Instant {
    const FAR_AWAY: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(timeout).unwrap_or_else(|| now + FAR_AWAY)
}
