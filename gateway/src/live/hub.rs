//! Who watches what: clients and their places, and one tail for each topic that somebody watches.
//!
//! The topic of all organisations' events is always tailed; another's tail begins with the first client that watches it
//! and ends with the last.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use bus::{EventLog, LogRecord, Positions, TopicSpec};
use parking_lot::Mutex;
use store::{OrgId, TopicStore};
use tokio::{runtime::Handle, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

pub(crate) use super::tail::{advance, org_of};
#[cfg(test)]
use super::watching::{Watchers, Watching};
use super::{
    filter::LiveFilter,
    held::HeldBytes,
    queue::Queue,
    tail::{Tail, Tools},
    topic::events,
};
use crate::{
    metrics::Metrics,
    settings::LiveSettings,
    streams::{
        places::{NoPlace, Place, Places},
        topic::FoundTopic,
    },
};

/// A connection that takes nothing for so long has a client that does not read.
const STALLED_AFTER: Duration = Duration::from_secs(1);

/// How long a client waits until a tail that somebody has to begin has begun.
const BEGIN_MAX_WAIT: Duration = Duration::from_secs(10);

/// Hands records to live clients.
pub(crate) struct Hub {
    pub(super) log: Arc<dyn EventLog>,
    topics: Arc<dyn TopicStore>,
    /// Of the topic of all organisations' events.
    events: Arc<Tail>,
    /// Of organisations' topics, by their id: those that somebody watches.
    tails: Mutex<HashMap<Uuid, Arc<Tail>>>,
    seats: Places,
    pub(super) held: HeldBytes,
    metrics: Arc<Metrics>,
    settings: LiveSettings,
    /// Where tails run: not on the thread of the connection that made one necessary.
    runtime: Handle,
    running: TaskTracker,
    stop: CancellationToken,
}

/// The place of one connection; given back when it is dropped.
pub(crate) struct Seat {
    hub: Arc<Hub>,
    _place: Place,
}

/// As many topics are watched as may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyTopics;

/// Why a stream can't begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoStart {
    /// There is no such topic (any more).
    Gone,
    /// The log did not answer in time.
    Late,
}

/// One client, as tails see it.
pub(crate) struct Client {
    pub(super) filter: Arc<LiveFilter>,
    pub(super) queue: Queue,
    /// Since when its connection takes nothing, while it does not.
    pub(super) stalled: Mutex<Option<Instant>>,
    /// It holds too much for too long.
    pub(super) evicted: CancellationToken,
    /// One of its topics was deleted.
    pub(super) topic_deleted: CancellationToken,
}

impl Client {
    fn is_stalled(&self) -> bool {
        self.stalled.lock().is_some_and(|since| since.elapsed() >= STALLED_AFTER)
    }
}

/// What a client is handed; leaving is dropping it.
pub(crate) struct Subscription {
    hub: Arc<Hub>,
    org_id: OrgId,
    joined: Vec<Joined>,
    pub(super) client: Arc<Client>,
}

/// A tail that hands records to the client.
struct Joined {
    tail: Arc<Tail>,
    /// From where on; `None`: from where the tail begins.
    since: Option<Arc<Positions>>,
}

impl Hub {
    /// Begins to tail the topic of events, and makes these topics where they are missing.
    pub(crate) fn start(
        log: Arc<dyn EventLog>,
        topics: Arc<dyn TopicStore>,
        ensured: Vec<TopicSpec>,
        metrics: Arc<Metrics>,
        settings: LiveSettings,
        stop: CancellationToken,
    ) -> Arc<Hub> {
        let events = Arc::new(Tail::new(Arc::new(events()), ensured));
        let hub = Arc::new(Hub {
            log,
            topics,
            events: events.clone(),
            tails: Mutex::default(),
            seats: Places::new(settings.clients_max, settings.organisation_clients_max),
            held: HeldBytes::new(metrics.live_held.clone()),
            metrics,
            settings,
            runtime: Handle::current(),
            running: TaskTracker::new(),
            stop,
        });
        hub.run(events);
        hub
    }

    /// Hands these to everyone who watches the topic of events, as its tail does.
    pub(super) async fn hand_out_events(&self, records: &[LogRecord]) {
        let mut next = self.events.watching.head().as_ref().clone();
        advance(&mut next, records);
        self.events.hand_out(records, &next, &self.tools(&|| self.relieve())).await;
    }

    /// Who watches the topic of events, and how far its tail is.
    #[cfg(test)]
    pub(super) fn watching_events(&self) -> &Watching {
        &self.events.watching
    }

    /// Hands these to those who watched the topic of events when the head was raised past them.
    #[cfg(test)]
    pub(super) async fn hand_out_events_to(&self, watchers: &Watchers, records: &[LogRecord]) {
        self.events.hand_out_to(watchers, records, &self.tools(&|| self.relieve())).await;
    }

    fn tools<'h>(&'h self, relieve: &'h (dyn Fn() + Sync)) -> Tools<'h> {
        let Hub { log, topics, metrics, held, .. } = self;
        Tools { log: log.as_ref(), topics: topics.as_ref(), metrics, held, relieve }
    }

    /// Waits until no tail runs any more, once they were told to stop.
    pub(crate) async fn stopped(&self) {
        self.running.close();
        self.running.wait().await;
    }

    fn run(self: &Arc<Self>, tail: Arc<Tail>) {
        let hub = self.clone();
        let work = async move {
            let relieve = || hub.relieve();
            let tools = hub.tools(&relieve);
            tokio::select! {
                () = tail.run(&tools) => {}
                () = tail.left.cancelled() => {}
                () = hub.stop.cancelled() => {}
            }
        };
        self.running.spawn_on(work, &self.runtime);
    }

    /// A place for one more connection of this organisation.
    pub(crate) fn seat(self: &Arc<Self>, org_id: OrgId) -> Result<Seat, NoPlace> {
        let place = self.seats.take(org_id)?;
        self.metrics.live_clients.inc();
        Ok(Seat { hub: self.clone(), _place: place })
    }

    /// Hands what matches to one more client from now on, within bounds.
    pub(super) fn subscribe(
        self: &Arc<Self>,
        org_id: OrgId,
        topics: &[Arc<FoundTopic>],
        filter: Arc<LiveFilter>,
    ) -> Result<Subscription, TooManyTopics> {
        let client = Arc::new(Client {
            filter,
            queue: Queue::new(self.settings.queue_records_max, self.settings.queue_bytes_max),
            stalled: Mutex::default(),
            evicted: CancellationToken::new(),
            topic_deleted: CancellationToken::new(),
        });
        // Dropped on the way out of a failure, it leaves the tails that it is in already.
        let mut subscription = Subscription { hub: self.clone(), org_id, joined: Vec::new(), client };
        for topic in topics {
            if topic.name.is_events() {
                subscription.join(&self.events);
                continue;
            }
            let mut tails = self.tails.lock();
            let tail = match tails.get(&topic.id) {
                Some(tail) => tail.clone(),
                None if tails.len() >= self.settings.topics_max => {
                    drop(tails);
                    return Err(TooManyTopics);
                }
                None => {
                    let tail = Arc::new(Tail::new(topic.clone(), Vec::new()));
                    tails.insert(topic.id, tail.clone());
                    self.run(tail.clone());
                    tail
                }
            };
            // Under the lock: the last one to leave can't take the tail away meanwhile.
            subscription.join(&tail);
        }
        Ok(subscription)
    }

    /// A topic was deleted through this gateway: whoever watches it is told at once.
    pub(crate) fn topic_deleted(&self, id: Uuid) {
        let tail = self.tails.lock().remove(&id);
        if let Some(tail) = tail {
            tail.watching.end();
            tail.left.cancel();
        }
    }

    /// Records left a client's queue.
    pub(super) fn left_queue(&self, records: usize) {
        self.metrics.live_queued.sub(records as i64);
    }

    /// Keeps what is held for all clients within its bound. Those pay for it first whose connections take nothing: they
    /// lose what waits for them, and are told so; then, when it is their frames under way that fill the room, their
    /// place. The others lose what waits for them only when that does not help.
    fn relieve(&self) {
        if self.held.now() <= self.settings.bytes_max {
            return;
        }
        let enough = self.settings.bytes_max / 4 * 3;
        let tails: Vec<Arc<Tail>> = self.tails.lock().values().cloned().collect();
        let watchers: Vec<_> = tails.iter().chain([&self.events]).map(|tail| tail.watching.watchers()).collect();
        let all = watchers.iter().flat_map(|watchers| watchers.values()).flat_map(|of_one| of_one.iter().cloned());
        let (stalled, others): (Vec<Arc<Client>>, Vec<Arc<Client>>) = all.partition(|client| client.is_stalled());
        self.shed(&stalled, enough);
        if self.held.now() > enough && !stalled.is_empty() {
            stalled.iter().for_each(|client| client.evicted.cancel());
            tracing::warn!(clients = stalled.len(), "live clients that do not read were given up");
        } else {
            self.shed(&others, enough);
        }
    }

    /// The longest queue first, until there is room enough.
    fn shed(&self, clients: &[Arc<Client>], enough: usize) {
        let mut longest_first: Vec<_> = clients.iter().map(|client| (client.queue.bytes(), client)).collect();
        longest_first.sort_unstable_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
        for (_, client) in longest_first {
            if self.held.now() <= enough {
                return;
            }
            let shed = client.queue.shed();
            self.left_queue(shed);
            self.metrics.live_missed.inc_by(shed as u64);
        }
    }
}

impl Subscription {
    fn join(&mut self, tail: &Arc<Tail>) {
        let since = tail.watching.join(self.org_id, self.client.clone());
        self.joined.push(Joined { tail: tail.clone(), since });
    }

    /// From where on the client is handed the records of each topic, once all tails have begun.
    pub(super) async fn since(&self) -> Result<Vec<Arc<Positions>>, NoStart> {
        let all = async {
            let mut all = Vec::with_capacity(self.joined.len());
            for Joined { tail, since } in &self.joined {
                all.push(match since {
                    Some(since) => since.clone(),
                    None => tail.watching.began().await,
                });
            }
            all
        };
        tokio::select! {
            biased;
            () = self.client.topic_deleted.cancelled() => Err(NoStart::Gone),
            all = timeout(BEGIN_MAX_WAIT, all) => all.map_err(|_| NoStart::Late),
        }
    }

    /// The head of each tail.
    pub(super) fn heads(&self) -> Vec<Arc<Positions>> {
        self.joined.iter().map(|joined| joined.tail.watching.head()).collect()
    }

    /// The mark of each tail; nothing while it has not begun.
    pub(super) fn marks(&self) -> Vec<Arc<Positions>> {
        self.joined.iter().map(|joined| joined.tail.watching.mark().unwrap_or_default()).collect()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        for Joined { tail, .. } in self.joined.drain(..) {
            if tail.topic.name.is_events() {
                tail.watching.leave(self.org_id, &self.client);
                continue;
            }
            let mut tails = self.hub.tails.lock();
            let is_last = tail.watching.leave(self.org_id, &self.client);
            let is_kept = tails.get(&tail.topic.id).is_some_and(|kept| Arc::ptr_eq(kept, &tail));
            if is_last && is_kept {
                tails.remove(&tail.topic.id);
                tail.left.cancel();
            }
        }
        // Shut, since a batch that is under way may still come to it.
        self.hub.left_queue(self.client.queue.shut());
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.metrics.live_clients.dec();
    }
}
