//! What is done after the answer: bounded, and finished before the gateway ends.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::problem::{Kind, Problem};

/// Works at once; one more is refused before its request is answered.
const WORKS_MAX: usize = 1_024;

/// The works that go on.
#[derive(Clone)]
pub(crate) struct Background {
    tracker: TaskTracker,
    places: Arc<Semaphore>,
    /// The gateway stops: whoever waits for a better time has none.
    pub(crate) stopping: CancellationToken,
}

impl Background {
    pub(crate) fn new() -> Self {
        Self {
            tracker: TaskTracker::new(),
            places: Arc::new(Semaphore::new(WORKS_MAX)),
            stopping: CancellationToken::new(),
        }
    }

    /// Begins a work, or says that there are too many.
    pub(crate) fn begin(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Problem> {
        let place = self
            .places
            .clone()
            .try_acquire_owned()
            .map_err(|_| Problem::new(Kind::Overloaded, "Too much is going on here; try again in a moment."))?;
        self.tracker.spawn(async move {
            work.await;
            drop(place);
        });
        Ok(())
    }

    /// Waits until every work has ended, at most so long.
    pub(crate) async fn finish(&self, wait_max: Duration) {
        self.stopping.cancel();
        self.tracker.close();
        if tokio::time::timeout(wait_max, self.tracker.wait()).await.is_err() {
            tracing::warn!(works = self.tracker.len(), "works in the background did not end in time");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_work_that_was_begun_is_finished() {
        let background = Background::new();
        let (done, seen) = oneshot::channel();
        let stopping = background.stopping.clone();
        background
            .begin(async move {
                stopping.cancelled().await;
                done.send(()).unwrap();
            })
            .unwrap();
        background.finish(Duration::from_secs(60)).await;
        seen.await.unwrap();
    }

    #[tokio::test]
    async fn one_work_too_many_is_refused() {
        let background = Background::new();
        for _ in 0..WORKS_MAX {
            background.begin(std::future::pending()).unwrap();
        }
        assert_eq!(background.begin(async {}).unwrap_err().kind(), Kind::Overloaded);
    }
}
