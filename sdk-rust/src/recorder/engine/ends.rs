//! Waiting until what was recorded is settled, and the end.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::MutexGuard;

use super::{
    super::DropReason,
    Engine, State,
    waiters::{Awaited, until},
};

/// How long the end waits for the worker itself, once it has nothing more to do than to tell what it let go.
const WORKER_END_WAIT: Duration = Duration::from_secs(1);

impl Engine {
    /// Waits until everything that was recorded before is settled; false when it took too long.
    pub(crate) async fn flush(self: &Arc<Self>, timeout: Duration) -> bool {
        let answered = {
            let mut state = self.state.lock();
            let Some(up_to) = self.begin_flush(&mut state) else {
                return true;
            };
            if !state.is_at_work() || state.is_workers_thread() {
                return false;
            }
            self.wait_for(&mut state, Awaited::Settled(up_to), timeout)
        };
        match answered {
            Some(answered) => answered.await.unwrap_or(false),
            None => self.flush_blocking(timeout),
        }
    }

    /// The same for code that is not asynchronous.
    pub(crate) fn flush_blocking(self: &Arc<Self>, timeout: Duration) -> bool {
        let until = until(timeout);
        let mut state = self.state.lock();
        let Some(up_to) = self.begin_flush(&mut state) else {
            return true;
        };
        if state.is_workers_thread() {
            return false; // what a callback waits for would wait for the callback
        }
        while !state.is_settled(up_to) {
            if !state.is_at_work() || self.settled.wait_until(&mut state, until).timed_out() {
                return state.is_settled(up_to);
            }
        }
        true
    }

    /// Everything up to the ticket that this answers is sent at once. `None` where there is nothing.
    fn begin_flush(self: &Arc<Self>, state: &mut MutexGuard<'_, State>) -> Option<u64> {
        let up_to = state.newest_ticket()?;
        if state.is_settled(up_to) {
            return None;
        }
        state.flush_up_to = state.flush_up_to.max(Some(up_to));
        state.start_after = None; // it is awaited
        self.start(state);
        self.work.notify_one();
        Some(up_to)
    }

    /// Flushes, ends the worker, and lets go of what is left: whether nothing was. May be called again, and answers the same.
    pub(crate) async fn close(self: &Arc<Self>, timeout: Duration) -> bool {
        if self.begin_close() {
            let is_flushed = self.flush(timeout).await;
            self.abandon(is_flushed);
        }
        let (is_flushed, ended) = {
            let mut state = self.state.lock();
            let is_awaited = state.is_at_work() && !state.is_workers_thread();
            let ended = if is_awaited { self.wait_for(&mut state, Awaited::WorkersEnd, WORKER_END_WAIT) } else { None };
            (state.is_flushed, ended)
        };
        if let Some(ended) = ended {
            let _ = ended.await; // longer than this it is not waited for
        }
        is_flushed
    }

    /// The same for code that is not asynchronous.
    pub(crate) fn close_blocking(self: &Arc<Self>, timeout: Duration) -> bool {
        if self.begin_close() {
            let is_flushed = self.flush_blocking(timeout);
            self.abandon(is_flushed);
        }
        let mut state = self.state.lock();
        let until = Instant::now() + WORKER_END_WAIT;
        while state.is_at_work() && !state.is_workers_thread() {
            if self.settled.wait_until(&mut state, until).timed_out() {
                break;
            }
        }
        state.is_flushed
    }

    /// False when it has ended already. A close that was begun and not waited for is gone on with by the next one.
    fn begin_close(&self) -> bool {
        let mut state = self.state.lock();
        state.is_closed = true;
        self.settled.notify_all(); // whoever waits for room
        !state.is_abandoned
    }

    /// Of several that close, the first to come here says how it ended: to the others what it let go looks settled.
    fn abandon(&self, is_flushed: bool) {
        let mut left = Vec::new();
        {
            let mut state = self.state.lock();
            if !state.is_abandoned {
                state.is_flushed = is_flushed;
            }
            state.is_abandoned = true;
            if self.options.disk_queue.is_none() {
                while let Some(entry) = state.drop_oldest() {
                    left.push(entry);
                }
            }
            state.count_dropped(left.len(), DropReason::Closed);
            if !state.is_at_work() {
                state.queue.close();
            }
        }
        self.work.notify_one();
        self.abandoned.send_replace(true);
        self.settled.notify_all();
        self.tell_dropped(&left, DropReason::Closed);
    }
}
