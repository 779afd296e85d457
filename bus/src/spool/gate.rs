//! Which way an append goes.
//!
//! As long as the gate is [`Mode::Direct`] an append costs one look at an atomic. It may look a moment
//! before another append turns the gate to the spool, and still go to the log: that breaks no order,
//! for the record before it of its key was answered before it looked.
//!
//! The way back is narrow. Once the drainer has caught up it shuts the gate: new appends wait, those on
//! their way into the spool finish, the last records are handed on, and only with the spool empty and
//! nobody on the way into it the gate turns to the log, in one step. Whoever waited too long, or whose
//! append the log did not take meanwhile, turns it to the spool, and the drainer begins anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// To the log.
    Direct,
    /// To the spool.
    Spooling,
    /// Nowhere: wait.
    Shut,
}

/// The way of one append.
pub(super) enum Way {
    Direct,
    Spool(Pass),
}

/// That somebody is on the way into the spool; until it is dropped the gate does not turn to the log.
pub(super) struct Pass(Arc<Gate>);

pub(super) struct Gate {
    /// What is in `state`, for those who only look.
    is_direct: AtomicBool,
    state: Mutex<State>,
    /// Marked as changed whenever somebody may have waited for it.
    changed: watch::Sender<()>,
    hold_max: Duration,
}

struct State {
    mode: Mode,
    passes: usize,
}

impl Gate {
    /// A gate that leads to the log.
    pub(super) fn new(hold_max: Duration) -> Self {
        let state = Mutex::new(State { mode: Mode::Direct, passes: 0 });
        Self { is_direct: AtomicBool::new(true), state, changed: watch::Sender::new(()), hold_max }
    }

    pub(super) fn is_direct(&self) -> bool {
        self.is_direct.load(Ordering::Acquire)
    }

    /// The way of an append that begins now; waits while the gate is shut, at most `hold_max`.
    pub(super) async fn enter(self: &Arc<Self>) -> Way {
        if self.is_direct() {
            return Way::Direct;
        }
        let until = Instant::now() + self.hold_max;
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            {
                let mut state = self.state.lock();
                match state.mode {
                    Mode::Direct => return Way::Direct,
                    Mode::Spooling => {
                        state.passes += 1;
                        return Way::Spool(Pass(self.clone()));
                    }
                    Mode::Shut => {}
                }
            }
            if timeout_at(until, changed.changed()).await.is_err() && self.has_waited_enough() {
                return Way::Spool(self.to_spool());
            }
        }
    }

    fn has_waited_enough(&self) -> bool {
        self.state.lock().mode == Mode::Shut
    }

    /// Turns the gate to the spool, wherever it led, and lets one in.
    pub(super) fn to_spool(self: &Arc<Self>) -> Pass {
        let mut state = self.state.lock();
        state.passes += 1;
        self.turn(&mut state, Mode::Spooling);
        Pass(self.clone())
    }

    /// Shuts the gate, if it leads to the spool.
    pub(super) fn shut(&self) {
        let mut state = self.state.lock();
        if state.mode == Mode::Spooling {
            self.turn(&mut state, Mode::Shut);
        }
    }

    /// Waits until nobody is on the way into the spool of a gate that is shut: `true`; `false` when it was turned meanwhile.
    pub(super) async fn settled(&self) -> bool {
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            {
                let state = self.state.lock();
                if state.mode != Mode::Shut {
                    return false;
                }
                if state.passes == 0 {
                    return true;
                }
            }
            let _ = changed.changed().await;
        }
    }

    /// The log failed again: whoever waits goes into the spool.
    pub(super) fn open_to_spool(&self) {
        let mut state = self.state.lock();
        if state.mode == Mode::Shut {
            self.turn(&mut state, Mode::Spooling);
        }
    }

    /// Turns a shut gate to the log, if nobody is on the way into the spool and nothing is in it.
    pub(super) fn open_to_log(&self, is_empty: impl FnOnce() -> bool) -> bool {
        let mut state = self.state.lock();
        let may = state.mode == Mode::Shut && state.passes == 0 && is_empty();
        if may {
            self.turn(&mut state, Mode::Direct);
        }
        may
    }

    /// Waits until the gate leads to the log no longer.
    pub(super) async fn left_direct(&self) {
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            if !self.is_direct() {
                return;
            }
            let _ = changed.changed().await;
        }
    }

    /// Waits until the gate leads to the log, or until the other thing happened.
    pub(super) async fn direct_or(&self, other: impl Future<Output = ()>) {
        let direct = async {
            let mut changed = self.changed.subscribe();
            loop {
                changed.mark_unchanged();
                if self.is_direct() {
                    return;
                }
                let _ = changed.changed().await;
            }
        };
        tokio::select! {
            () = direct => {}
            () = other => {}
        }
    }

    fn turn(&self, state: &mut State, mode: Mode) {
        if state.mode != mode {
            state.mode = mode;
            self.is_direct.store(mode == Mode::Direct, Ordering::Release);
            self.changed.send_replace(());
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.passes -= 1;
        if state.passes == 0 && state.mode == Mode::Shut {
            self.0.changed.send_replace(());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use futures_util::FutureExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn gate() -> Arc<Gate> {
        Arc::new(Gate::new(LONG))
    }

    #[tokio::test]
    async fn it_opens_to_the_log_only_when_nobody_is_on_the_way_into_the_spool() {
        let gate = gate();
        assert!(matches!(gate.enter().await, Way::Direct));
        let failed = gate.to_spool();
        let Way::Spool(behind) = gate.enter().await else { panic!("it leads to the spool") };
        gate.shut();
        assert!(!gate.open_to_log(|| true));
        assert!(gate.settled().now_or_never().is_none());
        drop(failed);
        assert!(!gate.open_to_log(|| true));
        drop(behind);
        assert_eq!(gate.settled().now_or_never(), Some(true));
        assert!(!gate.open_to_log(|| false));
        let waiting = tokio::spawn({
            let gate = gate.clone();
            async move { matches!(gate.enter().await, Way::Direct) }
        });
        tokio::task::yield_now().await;
        assert!(gate.open_to_log(|| true));
        assert!(waiting.await.unwrap());
    }

    #[tokio::test]
    async fn whoever_waits_at_a_shut_gate_goes_into_the_spool_when_the_log_fails_again() {
        let gate = gate();
        drop(gate.to_spool());
        gate.shut();
        let waiting = tokio::spawn({
            let gate = gate.clone();
            async move { matches!(gate.enter().await, Way::Spool(_)) }
        });
        tokio::task::yield_now().await;
        gate.open_to_spool();
        assert!(waiting.await.unwrap());
        assert!(!gate.open_to_log(|| true), "it is no longer shut");
    }

    #[tokio::test]
    async fn nobody_waits_at_a_shut_gate_for_longer_than_the_bound() {
        let gate = Arc::new(Gate::new(Duration::from_millis(1)));
        drop(gate.to_spool());
        gate.shut();
        assert!(matches!(gate.enter().await, Way::Spool(_)));
        assert!(!gate.settled().await, "it was turned");
    }

    #[tokio::test]
    async fn a_waiter_that_goes_away_leaves_nothing_behind() {
        let gate = gate();
        drop(gate.to_spool());
        gate.shut();
        assert!(gate.enter().now_or_never().is_none());
        assert!(gate.open_to_log(|| true));
    }
}
