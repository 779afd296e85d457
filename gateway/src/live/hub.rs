//! Tails the log once and hands each record to every client that wants it.
//!
//! One task reads; clients are kept by organisation, so a record costs nothing where nobody of its
//! organisation watches, and its head is decoded once however many do. After each batch the hub
//! publishes how far it is. A client that reads this mark *before* it empties its queue has been
//! handed (or told it missed) everything before the mark, so the mark is a cursor to resume from.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use aibbar::{
    RecordHead,
    record::{EVENTS_TOPIC, ORG_HEADER},
};
use bus::{EventLog, LogError, LogRecord, Positions, ReadLimits, TopicSpec};
use parking_lot::{Mutex, RwLock};
use store::OrgId;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    filter::LiveFilter,
    held::HeldBytes,
    queue::{Delivery, Queue},
};
use crate::{metrics::Metrics, settings::LiveSettings};

/// One read of the log.
const TAIL_LIMITS: ReadLimits =
    ReadLimits { records_max: 1_000, bytes_max: 4 * 1024 * 1024, wait_max: Duration::from_millis(500) };

/// A connection that takes nothing for so long has a client that does not read.
const STALLED_AFTER: Duration = Duration::from_secs(1);

/// How often the tail looks for partitions that were added.
const PARTITIONS_LOOK_EVERY: Duration = Duration::from_secs(30);

/// How long to wait before the log is asked again after a failure.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Hands records to live clients.
pub(crate) struct Hub {
    clients: RwLock<HashMap<OrgId, Vec<Arc<Client>>>>,
    clients_count: AtomicUsize,
    /// How far the tail is; `None` until it has begun.
    mark: watch::Sender<Option<Arc<Positions>>>,
    pub(super) held: HeldBytes,
    metrics: Arc<Metrics>,
    settings: LiveSettings,
}

/// One client, as the hub sees it.
pub(crate) struct Client {
    pub(super) filter: LiveFilter,
    pub(super) queue: Queue,
    /// Since when its connection takes nothing, while it does not.
    pub(super) stalled: Mutex<Option<Instant>>,
    /// It holds too much for too long.
    pub(super) evicted: CancellationToken,
}

impl Client {
    fn is_stalled(&self) -> bool {
        self.stalled.lock().is_some_and(|since| since.elapsed() >= STALLED_AFTER)
    }
}

/// A client's place in the hub; leaving is dropping it.
pub(crate) struct Subscription {
    pub(super) hub: Arc<Hub>,
    pub(super) org_id: OrgId,
    pub(super) client: Arc<Client>,
}

impl Hub {
    pub(crate) fn new(metrics: Arc<Metrics>, settings: LiveSettings) -> Self {
        Self {
            clients: RwLock::default(),
            clients_count: AtomicUsize::new(0),
            mark: watch::Sender::new(None),
            held: HeldBytes::new(metrics.live_held.clone()),
            metrics,
            settings,
        }
    }

    /// A place for one more client, unless there are as many as may be.
    pub(crate) fn subscribe(self: &Arc<Self>, org_id: OrgId, filter: LiveFilter) -> Option<Subscription> {
        let room = |count| (count < self.settings.clients_max).then_some(count + 1);
        self.clients_count.fetch_update(Ordering::AcqRel, Ordering::Acquire, room).ok()?;
        self.metrics.live_clients.inc();
        let queue = Queue::new(self.settings.queue_records_max, self.settings.queue_bytes_max);
        let client = Arc::new(Client { filter, queue, stalled: Mutex::default(), evicted: CancellationToken::new() });
        self.clients.write().entry(org_id).or_default().push(client.clone());
        Some(Subscription { hub: self.clone(), org_id, client })
    }

    /// How far the tail is, once it has begun.
    pub(crate) async fn mark(&self) -> Arc<Positions> {
        let mut mark = self.mark.subscribe();
        match mark.wait_for(Option::is_some).await {
            Ok(positions) => positions.clone().unwrap_or_default(),
            // The sender is this hub itself.
            Err(_) => Arc::default(),
        }
    }

    /// How far the tail is now.
    pub(super) fn mark_now(&self) -> Arc<Positions> {
        self.mark.borrow().clone().unwrap_or_default()
    }

    /// Records left a client's queue.
    pub(super) fn left_queue(&self, records: usize) {
        self.metrics.live_queued.sub(records as i64);
    }

    /// Tails the log until told to stop; a log that is away is tried again, from where the tail was.
    /// The topics are made first: it is the tail that notices when the log can be reached.
    pub(crate) async fn tail(self: Arc<Self>, log: Arc<dyn EventLog>, topics: Vec<TopicSpec>, stop: CancellationToken) {
        let work = async {
            let mut away = false;
            loop {
                match self.tail_until_failure(log.as_ref(), &topics, &mut away).await {
                    Err(LogError::Closed) => return,
                    Err(error) if !away => {
                        away = true;
                        tracing::warn!(%error, "the live tail lost the log; trying again");
                    }
                    _ => {}
                }
                tokio::time::sleep(RETRY_AFTER).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = stop.cancelled() => {}
        }
    }

    async fn tail_until_failure(
        &self,
        log: &dyn EventLog,
        topics: &[TopicSpec],
        away: &mut bool,
    ) -> Result<(), LogError> {
        for topic in topics {
            log.ensure_topic(topic).await?;
        }
        let mut positions = self.positions_to_go_on_from(log).await?;
        let mut reader = log.reader(EVENTS_TOPIC, positions.clone()).await?;
        self.mark.send_replace(Some(Arc::new(positions.clone())));
        let mut looked = Instant::now();
        loop {
            let records = reader.next(TAIL_LIMITS).await?;
            *away = false;
            if !records.is_empty() {
                self.fan_out(&records);
                self.relieve();
                advance(&mut positions, &records);
                self.mark.send_replace(Some(Arc::new(positions.clone())));
            }
            if looked.elapsed() >= PARTITIONS_LOOK_EVERY {
                looked = Instant::now();
                if log.bounds(EVENTS_TOPIC).await?.len() != positions.len() {
                    return Ok(());
                }
            }
        }
    }

    /// Where the tail was, with partitions that are new since from their beginning; at first, the end.
    async fn positions_to_go_on_from(&self, log: &dyn EventLog) -> Result<Positions, LogError> {
        let bounds = log.bounds(EVENTS_TOPIC).await?;
        let was = self.mark.borrow().clone();
        Ok(match was {
            None => bounds.into_iter().map(|(partition, b)| (partition, b.end)).collect(),
            Some(was) => bounds
                .into_iter()
                .map(|(partition, b)| (partition, was.get(&partition).copied().unwrap_or(b.earliest)))
                .collect(),
        })
    }

    fn fan_out(&self, records: &[LogRecord]) {
        let clients = self.clients.read();
        if clients.is_empty() {
            return;
        }
        let (mut delivered, mut missed) = (0, 0);
        for record in records {
            let watching = org_of(record).and_then(|org_id| clients.get(&org_id));
            let Some(watching) = watching.filter(|w| !w.is_empty()) else { continue };
            let Ok(head) = RecordHead::decode(&record.payload) else { continue };
            let mut shared = None;
            for client in watching.iter().filter(|c| c.filter.matches(&head, &record.payload)) {
                let delivery = shared.get_or_insert_with(|| {
                    Arc::new(Delivery { position: record.position, record: self.held.count(record.payload.clone()) })
                });
                match client.queue.push(delivery) {
                    true => delivered += 1,
                    false => missed += 1,
                }
            }
        }
        self.metrics.live_queued.add(delivered as i64);
        self.metrics.live_delivered.inc_by(delivered);
        self.metrics.live_missed.inc_by(missed);
    }
}

impl Hub {
    /// Keeps what is held for all clients within its bound. Those pay for it first whose connections take nothing: they
    /// lose what waits for them, and are told so; then, when it is their frames under way that fill the room, their
    /// place. The others lose what waits for them only when that does not help.
    fn relieve(&self) {
        if self.held.now() <= self.settings.bytes_max {
            return;
        }
        let enough = self.settings.bytes_max / 4 * 3;
        let clients = self.clients.read();
        let all = clients.values().flatten();
        let (stalled, others): (Vec<&Arc<Client>>, Vec<&Arc<Client>>) = all.partition(|client| client.is_stalled());
        self.shed(stalled.iter().copied(), enough);
        if self.held.now() > enough && !stalled.is_empty() {
            stalled.iter().for_each(|client| client.evicted.cancel());
            tracing::warn!(clients = stalled.len(), "live clients that do not read were given up");
        } else {
            self.shed(others.iter().copied(), enough);
        }
    }

    /// The longest queue first, until there is room enough.
    fn shed<'c>(&self, clients: impl Iterator<Item = &'c Arc<Client>>, enough: usize) {
        let mut longest_first: Vec<_> = clients.map(|client| (client.queue.bytes(), client)).collect();
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

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut clients = self.hub.clients.write();
        if let Some(watching) = clients.get_mut(&self.org_id) {
            watching.retain(|c| !Arc::ptr_eq(c, &self.client));
            if watching.is_empty() {
                clients.remove(&self.org_id);
            }
        }
        drop(clients);
        self.hub.metrics.live_queued.sub(self.client.queue.clear() as i64);
        self.hub.clients_count.fetch_sub(1, Ordering::AcqRel);
        self.hub.metrics.live_clients.dec();
    }
}

/// Whose a record is, by the log's header: no payload is parsed for it.
pub(crate) fn org_of(record: &LogRecord) -> Option<OrgId> {
    let text = std::str::from_utf8(record.header(ORG_HEADER)?).ok()?;
    Uuid::try_parse(text).ok()
}

/// Moves the positions past these records.
pub(crate) fn advance(positions: &mut Positions, records: &[LogRecord]) {
    for record in records {
        let next = positions.entry(record.position.partition).or_default();
        *next = (*next).max(record.position.offset + 1);
    }
}
