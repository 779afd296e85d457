//! What the recorder's thread does: takes a batch, sends it, settles what became of it, and waits where that is asked.
//!
//! It has a runtime of its own, so that it works beside any and without one. While a request is under way, the next batch is
//! signed and compressed where a whole one waits; it is sent once the one before it is settled, so events stay in order. After a
//! panic, such as where the system has no thread for a look-up, what was under way is sent again.

mod settle;
#[cfg(test)]
mod tests;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
};

use aibbar::Signer;
use futures_util::FutureExt;
use tokio::{
    runtime::{Builder, Runtime},
    select,
    task::{JoinHandle, spawn_blocking},
};

use self::settle::{Pause, THREAD};
use super::{
    engine::Engine,
    queue::Entry,
    sender::{Outcome, Prepared, Preparer, Sender},
};
use crate::backoff::Backoff;

/// The thread.
pub(super) fn run(engine: Arc<Engine>) {
    let ended = catch_unwind(AssertUnwindSafe(|| -> Result<(), &'static str> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|_| "runtime")?;
        work_in(&engine, &runtime)?;
        runtime.shutdown_background(); // a look-up may last
        Ok(())
    }));
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(what)) => engine.fault(THREAD, what),
        Err(_) => engine.fault(THREAD, "panic"),
    }
    engine.worker_ended();
}

fn work_in(engine: &Arc<Engine>, runtime: &Runtime) -> Result<(), &'static str> {
    let secret = engine.settings.secret().map_err(|_| "secret")?;
    let options = &engine.options;
    let preparer = Preparer::new(Signer::new(secret), options.compression, options.compress_bytes_min);
    let preparer = Arc::new(preparer);
    let sender = Sender::new(engine.http.clone(), Arc::clone(&preparer), engine.abandoned.subscribe());
    let backoff = Backoff::new(options.retry_wait_min, options.retry_wait_max);
    runtime.block_on(Work { engine, sender, preparer, ahead: None, backoff }.run());
    Ok(())
}

struct Work<'e> {
    engine: &'e Arc<Engine>,
    sender: Sender,
    preparer: Arc<Preparer>,
    /// The next batch.
    ahead: Option<Prepared>,
    backoff: Backoff,
}

impl Work<'_> {
    async fn run(mut self) {
        loop {
            match AssertUnwindSafe(self.one_batch()).catch_unwind().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => {
                    self.ahead = None; // it is under way as well
                    self.again(self.engine.after_panic(), None).await;
                }
            }
        }
    }

    /// False at the end.
    async fn one_batch(&mut self) -> bool {
        let prepared = match self.ahead.take() {
            Some(prepared) => prepared,
            None => match self.engine.next_batch().await {
                Some(batch) => self.preparer.prepare(batch),
                None => return false,
            },
        };
        let (outcome, next) = self.send_and_prepare(prepared).await;
        self.engine.state.lock().skew = self.sender.skew;
        if outcome.again.is_empty() {
            self.backoff.reset();
            self.engine.settle(outcome, None);
            self.ahead = next;
        } else {
            self.engine.tell_again(&outcome);
            self.again(outcome, next).await;
        }
        true
    }

    async fn again(&mut self, outcome: Outcome, next: Option<Prepared>) {
        let pause = Pause::after(&outcome, &self.engine.options, &mut self.backoff);
        self.engine.settle(outcome, next);
        self.engine.pause(pause).await;
    }

    /// What became of a batch, and the next one where a whole one waited meanwhile.
    async fn send_and_prepare(&mut self, batch: Prepared) -> (Outcome, Option<Prepared>) {
        let engine = self.engine;
        let mut preparing: Option<JoinHandle<Prepared>> = None;
        let mut may_prepare = true;
        let mut sending = pin!(self.sender.send(batch));
        let outcome = loop {
            if may_prepare && let Some(batch) = engine.whole_batch() {
                may_prepare = false;
                preparing = begin(&self.preparer, batch);
                if preparing.is_none() {
                    engine.put_back_the_last();
                    engine.fault(THREAD, "thread");
                }
            }
            select! {
                outcome = &mut sending => break outcome,
                () = engine.work.notified(), if may_prepare => {}
            }
        };
        let next = match preparing {
            Some(preparing) => preparing.await.inspect_err(|_| {
                engine.put_back_the_last();
                engine.fault(THREAD, "panic");
            }),
            None => return (outcome, None),
        };
        (outcome, next.ok())
    }
}

/// `None` where the system has no thread for it, which panics.
fn begin(preparer: &Arc<Preparer>, batch: Vec<Entry>) -> Option<JoinHandle<Prepared>> {
    let preparer = Arc::clone(preparer);
    catch_unwind(AssertUnwindSafe(|| spawn_blocking(move || preparer.prepare(batch)))).ok()
}
