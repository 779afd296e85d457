//! Flushes that are awaited: answered when what they wait for is settled, or when they took too long.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{select, time::sleep};

use super::super::engine::{Engine, State};

/// Where nobody waits.
const NOTHING_TO_DO: Duration = Duration::from_secs(3600);

/// Tells those that took too long, on the worker's runtime: whoever awaits them may have none.
pub(super) async fn answer(engine: Arc<Engine>) {
    loop {
        let wait = {
            let mut state = engine.state.lock();
            state.answer_waiters();
            state.waiters.iter().map(|waiter| waiter.until.saturating_duration_since(Instant::now())).min()
        };
        select! {
            () = engine.waiters_changed.notified() => {}
            () = sleep(wait.unwrap_or(NOTHING_TO_DO)) => {}
        }
    }
}

impl State {
    pub(in crate::recorder) fn answer_waiters(&mut self) {
        let now = Instant::now();
        for waiter in std::mem::take(&mut self.waiters) {
            let is_settled = self.is_settled(waiter.up_to);
            if is_settled || now >= waiter.until {
                // Whoever asked may have gone.
                let _ = waiter.answer.send(is_settled);
            } else if !waiter.answer.is_closed() {
                self.waiters.push(waiter);
            }
        }
    }
}
