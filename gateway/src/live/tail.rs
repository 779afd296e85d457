//! The end of one topic, read once, and each record handed to every client that wants it.
//!
//! Clients are kept by organisation, so a record costs nothing where nobody of its organisation watches, and what must
//! be read of it is read once however many do. After each batch the tail publishes how far it is. A client that reads
//! this mark *before* it empties its queue has been handed (or told it missed) everything before the mark, so the mark
//! is a place to resume from.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use aibbar::record::ORG_HEADER;
use bus::{EventLog, LogError, LogRecord, Positions, ReadLimits, TopicSpec};
use parking_lot::RwLock;
use store::{OrgId, TopicStore};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{filter::Candidate, held::HeldBytes, hub::Client, queue::Delivery, shown::shown};
use crate::{metrics::Metrics, streams::topic::FoundTopic};

/// One read of the log.
const TAIL_LIMITS: ReadLimits =
    ReadLimits { records_max: 1_000, bytes_max: 4 * 1024 * 1024, wait_max: Duration::from_millis(500) };

/// How often the tail looks for partitions that were added.
const PARTITIONS_LOOK_EVERY: Duration = Duration::from_secs(30);

/// How often the tail of an organisation's topic looks whether it is still there: another gateway may have deleted it,
/// and a log may be slow to tell.
const TOPIC_LOOK_EVERY: Duration = Duration::from_secs(2);

/// How long to wait before the log is asked again after a failure.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// How long a client waits until a tail that somebody has to begin has begun.
const BEGIN_MAX_WAIT: Duration = Duration::from_secs(10);

/// The tail of one topic.
pub(super) struct Tail {
    pub(super) topic: Arc<FoundTopic>,
    /// Topics that are made where they are missing: it is this tail that notices when the log can be reached.
    ensured: Vec<TopicSpec>,
    watchers: RwLock<HashMap<OrgId, Vec<Arc<Client>>>>,
    state: watch::Sender<State>,
    /// Nobody watches any more.
    pub(super) left: CancellationToken,
}

#[derive(Clone)]
enum State {
    Beginning,
    At(Arc<Positions>),
    /// The topic was deleted.
    Gone,
}

/// Why a tail has no mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoMark {
    /// There is no such topic (any more).
    Gone,
    /// The log did not answer in time.
    Late,
}

/// What a tail does its work with.
pub(super) struct Tools<'h> {
    pub(super) log: &'h dyn EventLog,
    pub(super) topics: &'h dyn TopicStore,
    pub(super) metrics: &'h Metrics,
    pub(super) held: &'h HeldBytes,
    /// Keeps what is held within its bound.
    pub(super) relieve: &'h (dyn Fn() + Sync),
}

impl Tail {
    pub(super) fn new(topic: Arc<FoundTopic>, ensured: Vec<TopicSpec>) -> Tail {
        Tail {
            topic,
            ensured,
            watchers: RwLock::default(),
            state: watch::Sender::new(State::Beginning),
            left: CancellationToken::new(),
        }
    }

    /// One more client of this organisation.
    pub(super) fn add(&self, org_id: OrgId, client: Arc<Client>) {
        self.watchers.write().entry(org_id).or_default().push(client);
    }

    /// One less; whether nobody watches any more.
    pub(super) fn remove(&self, org_id: OrgId, client: &Arc<Client>) -> bool {
        let mut watchers = self.watchers.write();
        if let Some(watching) = watchers.get_mut(&org_id) {
            watching.retain(|c| !Arc::ptr_eq(c, client));
            if watching.is_empty() {
                watchers.remove(&org_id);
            }
        }
        watchers.is_empty()
    }

    /// Everyone who watches.
    pub(super) fn clients(&self) -> Vec<Arc<Client>> {
        self.watchers.read().values().flatten().cloned().collect()
    }

    /// How far the tail is, once it has begun.
    pub(super) async fn mark(&self) -> Result<Arc<Positions>, NoMark> {
        let mut state = self.state.subscribe();
        let begun = state.wait_for(|state| !matches!(state, State::Beginning));
        let Ok(Ok(state)) = timeout(BEGIN_MAX_WAIT, begun).await else { return Err(NoMark::Late) };
        match &*state {
            State::At(positions) => Ok(positions.clone()),
            State::Gone => Err(NoMark::Gone),
            State::Beginning => Err(NoMark::Late),
        }
    }

    /// How far the tail is now.
    pub(super) fn mark_now(&self) -> Arc<Positions> {
        match &*self.state.borrow() {
            State::At(positions) => positions.clone(),
            State::Beginning | State::Gone => Arc::default(),
        }
    }

    /// The topic was deleted: whoever watches is told.
    pub(super) fn end(&self) {
        self.state.send_replace(State::Gone);
        for client in self.clients() {
            client.topic_deleted.cancel();
        }
    }

    /// Tails the log until the topic is gone; a log that is away is tried again, from where the tail was.
    pub(super) async fn run(&self, tools: &Tools<'_>) {
        let mut away = false;
        loop {
            match self.run_until_failure(tools, &mut away).await {
                Err(LogError::Closed) => return,
                Err(LogError::NoSuchTopic(_)) if !self.topic.name.is_events() => return self.end(),
                Err(error) if !away => {
                    away = true;
                    tracing::warn!(%error, "a live tail lost the log; trying again");
                }
                _ => {}
            }
            tokio::time::sleep(RETRY_AFTER).await;
        }
    }

    async fn run_until_failure(&self, tools: &Tools<'_>, away: &mut bool) -> Result<(), LogError> {
        for topic in &self.ensured {
            tools.log.ensure_topic(topic).await?;
        }
        let mut positions = self.positions_to_go_on_from(tools.log).await?;
        let mut reader = tools.log.reader(&self.topic.in_log, positions.clone()).await?;
        self.state.send_replace(State::At(Arc::new(positions.clone())));
        let (mut looked, mut topic_looked) = (Instant::now(), Instant::now());
        loop {
            let records = reader.next(TAIL_LIMITS).await?;
            *away = false;
            if !records.is_empty() {
                self.fan_out(&records, tools);
                (tools.relieve)();
                advance(&mut positions, &records);
                self.state.send_replace(State::At(Arc::new(positions.clone())));
            }
            if topic_looked.elapsed() >= TOPIC_LOOK_EVERY {
                topic_looked = Instant::now();
                if self.was_deleted(tools.topics).await {
                    return Err(LogError::NoSuchTopic(self.topic.in_log.clone()));
                }
            }
            if looked.elapsed() >= PARTITIONS_LOOK_EVERY {
                looked = Instant::now();
                if tools.log.bounds(&self.topic.in_log).await?.len() != positions.len() {
                    return Ok(());
                }
            }
        }
    }

    /// Whether its organisation has it no more, or another of its name; not while the store can't be asked.
    async fn was_deleted(&self, topics: &dyn TopicStore) -> bool {
        if self.topic.name.is_events() {
            return false;
        }
        let found = topics.topic(self.topic.org_id, &self.topic.name).await;
        found.is_ok_and(|found| found.is_none_or(|found| found.id != self.topic.id))
    }

    /// Where the tail was, with partitions that are new since from their beginning; at first, the end.
    async fn positions_to_go_on_from(&self, log: &dyn EventLog) -> Result<Positions, LogError> {
        let bounds = log.bounds(&self.topic.in_log).await?;
        let state = self.state.borrow().clone();
        Ok(match state {
            State::At(was) => bounds
                .into_iter()
                .map(|(partition, b)| (partition, was.get(&partition).copied().unwrap_or(b.earliest)))
                .collect(),
            State::Beginning | State::Gone => bounds.into_iter().map(|(partition, b)| (partition, b.end)).collect(),
        })
    }

    pub(super) fn fan_out(&self, records: &[LogRecord], tools: &Tools<'_>) {
        let watchers = self.watchers.read();
        if watchers.is_empty() {
            return;
        }
        let (mut delivered, mut missed) = (0, 0);
        for record in records {
            let Some(watching) = whose(record, &self.topic).and_then(|org_id| watchers.get(&org_id)) else { continue };
            let Some(candidate) = Candidate::of(record, &self.topic) else { continue };
            let mut shared = None;
            for client in watching.iter().filter(|client| client.filter.matches(&candidate)) {
                let delivery = shared.get_or_insert_with(|| Arc::new(delivery(record, &self.topic, tools.held)));
                match client.queue.push(delivery) {
                    true => delivered += 1,
                    false => missed += 1,
                }
            }
        }
        tools.metrics.live_queued.add(delivered as i64);
        tools.metrics.live_delivered.inc_by(delivered);
        tools.metrics.live_missed.inc_by(missed);
    }
}

/// What clients are handed of a record.
pub(super) fn delivery(record: &LogRecord, topic: &Arc<FoundTopic>, held: &HeldBytes) -> Delivery {
    let record_shown = held.count(shown(record, topic));
    Delivery { topic: topic.clone(), position: record.position, record: record_shown }
}

/// Whose a record is; no payload is parsed for it.
pub(super) fn whose(record: &LogRecord, topic: &FoundTopic) -> Option<OrgId> {
    if topic.name.is_events() { org_of(record) } else { Some(topic.org_id) }
}

/// Whose event a record is, by the log's header.
pub(crate) fn org_of(record: &LogRecord) -> Option<OrgId> {
    let text = std::str::from_utf8(record.header(ORG_HEADER)?).ok()?;
    Uuid::try_parse(text).ok()
}

pub(crate) use bus::advance;
