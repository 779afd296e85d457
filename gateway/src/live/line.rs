//! The line of clients that read older records: so many at once, and of one organisation, since each reader is a client
//! of the log's own. Nobody is sent away: whoever comes waits for its turn, and whoever has had it for a while lets
//! others go first, so that a few who read slowly don't keep the rest waiting for ever.

use std::{
    collections::HashMap,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use parking_lot::Mutex;
use store::OrgId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// How long a client may read before it lets somebody go first who waits.
const TURN_MAX: Duration = Duration::from_secs(10);

/// Who reads older records now, and who waits.
#[derive(Clone)]
pub(crate) struct Line {
    places: Arc<Semaphore>,
    organisation_places: usize,
    /// Of those organisations that read or wait.
    of: Arc<Mutex<HashMap<OrgId, Weak<Semaphore>>>>,
    waiting: Arc<AtomicUsize>,
}

/// The time in which one client may read; others may when it is dropped.
pub(super) struct Turn {
    line: Line,
    ends: Instant,
    _own: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

/// One that waits.
struct InLine(Arc<AtomicUsize>);

impl Line {
    pub(crate) fn new(places: usize, organisation_places: usize) -> Line {
        let places = Arc::new(Semaphore::new(places));
        Line { places, organisation_places, of: Arc::default(), waiting: Arc::default() }
    }

    /// The next turn of this organisation's that nobody else waits for. Dropped, it is out of the line.
    pub(super) fn turn(&self, org_id: OrgId) -> BoxFuture<'static, Turn> {
        let (line, own) = (self.clone(), self.own(org_id));
        let in_line = InLine::new(&self.waiting);
        let turn = async move {
            // First among their own: of the places of all, no organisation's clients take more of the line either.
            let _own = own.acquire_owned().await.expect("it is never closed");
            let _of_all = line.places.clone().acquire_owned().await.expect("it is never closed");
            drop(in_line);
            Turn { line, ends: Instant::now() + TURN_MAX, _own, _of_all }
        };
        turn.boxed()
    }

    fn own(&self, org_id: OrgId) -> Arc<Semaphore> {
        let mut of = self.of.lock();
        if let Some(own) = of.get(&org_id).and_then(Weak::upgrade) {
            return own;
        }
        of.retain(|_, own| own.strong_count() > 0);
        let own = Arc::new(Semaphore::new(self.organisation_places));
        of.insert(org_id, Arc::downgrade(&own));
        own
    }
}

impl Turn {
    /// Whether it was long enough, and somebody waits.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        now >= self.ends && self.line.waiting.load(Ordering::Relaxed) > 0
    }
}

impl InLine {
    fn new(waiting: &Arc<AtomicUsize>) -> InLine {
        waiting.fetch_add(1, Ordering::Relaxed);
        InLine(waiting.clone())
    }
}

impl Drop for InLine {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn no_organisation_takes_all_turns_and_whoever_comes_first_is_first() {
        let line = Line::new(3, 2);
        let [one, other] = [OrgId::from_u128(1), OrgId::from_u128(2)];
        let first = line.turn(one).now_or_never().unwrap();
        let _second = line.turn(one).now_or_never().unwrap();
        let mut third = line.turn(one);
        assert!(futures_util::poll!(&mut third).is_pending());
        let _others = line.turn(other).now_or_never().unwrap();
        let mut others = line.turn(other);
        assert!(futures_util::poll!(&mut others).is_pending());
        drop(first);
        // It was asked for before, but its own organisation's turn was up only now.
        let _others = others.now_or_never().unwrap();
        assert!(futures_util::poll!(&mut third).is_pending());
        drop(_others);
        third.now_or_never().unwrap();
        assert_eq!(line.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_turn_is_over_when_it_was_long_enough_and_somebody_waits() {
        let line = Line::new(1, 1);
        let org_id = OrgId::from_u128(1);
        let turn = line.turn(org_id).await;
        let late = Instant::now() + TURN_MAX;
        assert!(!turn.is_over(late));
        let waiting = line.turn(org_id);
        assert!(turn.is_over(late));
        assert!(!turn.is_over(turn.ends - TURN_MAX / 2));
        drop(waiting);
        assert!(!turn.is_over(late));
        let waiting = line.turn(org_id);
        drop(turn);
        drop(waiting.await);
        // Whoever reads and waits no more leaves nothing behind.
        line.turn(OrgId::from_u128(2)).await;
        assert_eq!(line.of.lock().len(), 1);
    }
}
