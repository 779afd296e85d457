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
use tokio::runtime::Handle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

pub(crate) use super::tail::{advance, org_of};
use super::{
    filter::LiveFilter,
    held::HeldBytes,
    queue::Queue,
    tail::{NoMark, Tail, Tools},
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
    tails: Vec<Arc<Tail>>,
    pub(super) client: Arc<Client>,
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
    pub(super) fn fan_out_events(&self, records: &[LogRecord]) {
        self.events.fan_out(records, &self.tools(&|| self.relieve()));
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
        let mut subscription = Subscription { hub: self.clone(), org_id, tails: Vec::new(), client: client.clone() };
        for topic in topics {
            if topic.name.is_events() {
                self.events.add(org_id, client.clone());
                subscription.tails.push(self.events.clone());
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
            tail.add(org_id, client.clone());
            subscription.tails.push(tail);
        }
        Ok(subscription)
    }

    /// A topic was deleted through this gateway: whoever watches it is told at once.
    pub(crate) fn topic_deleted(&self, id: Uuid) {
        let tail = self.tails.lock().remove(&id);
        if let Some(tail) = tail {
            tail.end();
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
        let all = tails.iter().chain([&self.events]).flat_map(|tail| tail.clients());
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
    /// How far the tail of each topic is, once all have begun.
    pub(super) async fn marks(&self) -> Result<Vec<Arc<Positions>>, NoMark> {
        let mut marks = Vec::with_capacity(self.tails.len());
        for tail in &self.tails {
            marks.push(tail.mark().await?);
        }
        Ok(marks)
    }

    /// How far they are now.
    pub(super) fn marks_now(&self) -> Vec<Arc<Positions>> {
        self.tails.iter().map(|tail| tail.mark_now()).collect()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        for tail in self.tails.drain(..) {
            if tail.topic.name.is_events() {
                tail.remove(self.org_id, &self.client);
                continue;
            }
            let mut tails = self.hub.tails.lock();
            let is_last = tail.remove(self.org_id, &self.client);
            let is_kept = tails.get(&tail.topic.id).is_some_and(|kept| Arc::ptr_eq(kept, &tail));
            if is_last && is_kept {
                tails.remove(&tail.topic.id);
                tail.left.cancel();
            }
        }
        self.hub.left_queue(self.client.queue.clear());
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.metrics.live_clients.dec();
    }
}
