//! Who watches a topic, and how far its tail has handed the records to them.
//!
//! Nothing is lost between the log and a client's queue. Two places in the log move with every batch, under one lock
//! with the list of watchers: the **head** goes past the batch *before* the first of its records is handed to anybody,
//! together with the look at who watches; the **mark** follows *after* the last of them was handed out. From that:
//!
//! 1. Whoever joins is told the head of that moment. Every record from there on is handed to it, so that is where its
//!    reading of older records has to reach. The mark would be too low: a batch may be under way that it is not handed.
//! 2. Whoever reads the mark and *then* finds its queue empty has been handed everything before that mark, or told that
//!    it missed it. The head would be too high: what lies before it may still be on its way.
//! 3. Whoever throws away what its queue holds, and opens it again after it was closed to records, and *then* reads the
//!    head, knows that whatever it did not take lies before that head. So it reads the log up to there, and what comes
//!    from there on is in the queue. The mark would be too low again.

use std::{collections::HashMap, sync::Arc};

use bus::Positions;
use parking_lot::Mutex;
use store::OrgId;
use tokio::sync::{Notify, watch};

use super::hub::Client;

/// Everyone who watches, by organisation. A list that somebody looks at is never changed: another takes its place.
pub(super) type Watchers = HashMap<OrgId, Arc<Vec<Arc<Client>>>>;

/// The watchers of one topic.
#[derive(Default)]
pub(super) struct Watching {
    now: Mutex<Now>,
    /// Where the tail began, or went on after it rested; `None` while it does neither.
    began_at: watch::Sender<Option<Arc<Positions>>>,
    /// Told when somebody joins.
    came: Notify,
}

#[derive(Default)]
struct Now {
    watchers: Arc<Watchers>,
    /// `None` until the tail has begun.
    head: Option<Arc<Positions>>,
    mark: Arc<Positions>,
    /// The topic was deleted.
    is_gone: bool,
    /// The tail reads nothing, since nobody watched.
    rests: bool,
}

impl Watching {
    /// One more client of this organisation; answers from where on it is handed records. `None`: from where the tail
    /// [begins](Self::began), or goes on after its rest.
    pub(super) fn join(&self, org_id: OrgId, client: Arc<Client>) -> Option<Arc<Positions>> {
        let mut now = self.now.lock();
        if now.is_gone {
            client.topic_deleted.cancel();
        }
        Arc::make_mut(Arc::make_mut(&mut now.watchers).entry(org_id).or_default()).push(client);
        self.came.notify_one();
        if now.rests { None } else { now.head.clone() }
    }

    /// One less; whether nobody watches any more. What is being handed out may still reach its queue.
    pub(super) fn leave(&self, org_id: OrgId, client: &Arc<Client>) -> bool {
        let mut now = self.now.lock();
        let watchers = Arc::make_mut(&mut now.watchers);
        if let Some(watching) = watchers.get_mut(&org_id) {
            Arc::make_mut(watching).retain(|c| !Arc::ptr_eq(c, client));
            if watching.is_empty() {
                watchers.remove(&org_id);
            }
        }
        watchers.is_empty()
    }

    /// Everyone who watches.
    pub(super) fn watchers(&self) -> Arc<Watchers> {
        self.now.lock().watchers.clone()
    }

    /// Whether anybody watches.
    pub(super) fn is_watched(&self) -> bool {
        !self.now.lock().watchers.is_empty()
    }

    /// Waits until somebody joins; one who joined before may count once.
    pub(super) async fn came(&self) {
        self.came.notified().await;
    }

    /// The tail rests, if nobody watches; answers whether it does. Whoever joins from now on waits until it is
    /// [woken](Self::wake).
    pub(super) fn rest(&self) -> bool {
        let mut now = self.now.lock();
        now.rests = now.watchers.is_empty();
        if now.rests {
            self.began_at.send_replace(None);
        }
        now.rests
    }

    /// Goes behind records that nobody is handed: of a tail that rests.
    pub(super) fn skip_to(&self, next: &Positions) {
        let next = Arc::new(next.clone());
        let mut now = self.now.lock();
        if now.rests {
            (now.head, now.mark) = (Some(next.clone()), next);
        }
    }

    /// The tail rests no longer, and goes on from its head; answers where that is.
    pub(super) fn wake(&self) -> Arc<Positions> {
        let mut now = self.now.lock();
        now.rests = false;
        let head = now.head.clone().unwrap_or_default();
        self.began_at.send_replace(Some(head.clone()));
        head
    }

    /// The tail goes on from here, for the first time or after a failure.
    pub(super) fn begin(&self, at: &Positions) {
        let at = Arc::new(at.clone());
        let mut now = self.now.lock();
        (now.head, now.mark) = (Some(at.clone()), at.clone());
        drop(now);
        // Where it began at first is where it began.
        self.began_at.send_if_modified(|began| began.is_none() && began.replace(at).is_none());
    }

    /// Waits until the tail has begun, and answers where.
    pub(super) async fn began(&self) -> Arc<Positions> {
        let mut began = self.began_at.subscribe();
        let at = began.wait_for(Option::is_some).await.ok().and_then(|at| at.clone());
        at.unwrap_or_default() // The other end is here, and so it is there.
    }

    /// Records before this are handed out from now on: to these.
    pub(super) fn raise_head(&self, next: &Positions) -> Arc<Watchers> {
        let mut now = self.now.lock();
        now.head = Some(Arc::new(next.clone()));
        now.watchers.clone()
    }

    /// Everything before the head was handed out.
    pub(super) fn raise_mark(&self) {
        let mut now = self.now.lock();
        if let Some(head) = now.head.clone() {
            now.mark = head;
        }
    }

    /// How far records may have been handed out.
    pub(super) fn head(&self) -> Arc<Positions> {
        self.now.lock().head.clone().unwrap_or_default()
    }

    /// How far all of them were; `None` until the tail has begun.
    pub(super) fn mark(&self) -> Option<Arc<Positions>> {
        let now = self.now.lock();
        now.head.is_some().then(|| now.mark.clone())
    }

    /// The topic was deleted: whoever watches it, or comes to watch it, is told.
    pub(super) fn end(&self) {
        let watchers = {
            let mut now = self.now.lock();
            now.is_gone = true;
            now.watchers.clone()
        };
        watchers.values().flat_map(|watching| watching.iter()).for_each(|client| client.topic_deleted.cancel());
    }
}
