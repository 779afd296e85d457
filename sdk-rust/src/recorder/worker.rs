//! What the recorder's thread does: takes a batch, sends it, settles what became of it, and waits where that is asked.
//!
//! It has a runtime of its own, so that it works beside any and without one. While a request is under way, the next batch is
//! signed and compressed where a whole one waits; it is sent once the one before it is settled, so events stay in order.

mod settle;
mod waiters;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
};

use aibbar::Signer;
use tokio::{
    select,
    task::{JoinHandle, spawn_blocking},
};

use self::settle::Pause;
use super::{
    engine::Engine,
    sender::{Outcome, Prepared, Preparer, Sender},
};

/// The thread.
pub(super) fn run(engine: Arc<Engine>) {
    let ended = catch_unwind(AssertUnwindSafe(|| -> Result<(), &'static str> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|_| "runtime")?;
        let secret = engine.settings.secret().map_err(|_| "secret")?;
        let options = &engine.options;
        let preparer = Preparer::new(Signer::new(secret), options.compression, options.compress_bytes_min);
        let preparer = Arc::new(preparer);
        let sender = Sender::new(engine.http.clone(), Arc::clone(&preparer), engine.abandoned.subscribe());
        runtime.spawn(waiters::answer(Arc::clone(&engine)));
        runtime.block_on(work(&engine, sender, &preparer));
        Ok(())
    }));
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(what)) => engine.fault("the recorder's thread", what),
        Err(_) => engine.fault("the recorder's thread", "panic"),
    }
    engine.worker_ended();
}

async fn work(engine: &Arc<Engine>, mut sender: Sender, preparer: &Arc<Preparer>) {
    let mut failures = 0;
    let mut ahead = None;
    loop {
        let prepared = match ahead.take() {
            Some(prepared) => prepared,
            None => match engine.next_batch().await {
                Some(batch) => preparer.prepare(batch),
                None => return,
            },
        };
        let (outcome, next) = send_and_prepare(engine, &mut sender, prepared, preparer).await;
        engine.state.lock().skew = sender.skew;
        if outcome.again.is_empty() {
            failures = 0;
            engine.settle(outcome, None);
            ahead = next;
        } else {
            let pause = Pause::after(&outcome, &engine.options, &mut failures);
            engine.tell_again(&outcome);
            engine.settle(outcome, next);
            engine.pause(pause).await;
        }
    }
}

/// What became of a batch, and the next one where a whole one waited meanwhile.
async fn send_and_prepare(
    engine: &Arc<Engine>,
    sender: &mut Sender,
    batch: Prepared,
    preparer: &Arc<Preparer>,
) -> (Outcome, Option<Prepared>) {
    let mut preparing: Option<JoinHandle<Prepared>> = None;
    let mut sending = pin!(sender.send(batch));
    let outcome = loop {
        if preparing.is_none()
            && let Some(batch) = engine.whole_batch()
        {
            let preparer = Arc::clone(preparer);
            preparing = Some(spawn_blocking(move || preparer.prepare(batch)));
        }
        select! {
            outcome = &mut sending => break outcome,
            () = engine.work.notified(), if preparing.is_none() => {}
        }
    };
    match preparing {
        Some(preparing) => (outcome, preparing.await.ok()),
        None => (outcome, None),
    }
}
