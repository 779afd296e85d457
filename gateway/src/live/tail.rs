//! The end of one topic, read once, and each record handed to every client that wants it.
//!
//! Clients are kept by organisation, so a record costs nothing where nobody of its organisation watches, and what must
//! be read of it is read once however many do. How far the tail is, and why no record falls between it and a client:
//! `watching.rs`.
//!
//! A tail that nobody watches for a while rests: reading every record again to hand it to nobody cost a gateway on Kafka
//! more than anything else about an event beside its check. It only looks where the log ends, once a second, so
//! that it knows a place also when the log is away. When somebody comes it looks once more, and goes on from there; until
//! then that client waits, as for a tail that has not begun.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use aibbar::record::ORG_HEADER;
use bus::{EventLog, LogError, LogRecord, Partition, PartitionBounds, Positions, ReadLimits, TopicSpec};
use store::{OrgId, TopicStore};
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    filter::Candidate,
    held::HeldBytes,
    hub::Client,
    queue::{Delivery, Pushed},
    shown::shown,
    watching::{Watchers, Watching},
};
use crate::{metrics::Metrics, streams::topic::FoundTopic};

/// One read of the log.
const TAIL_LIMITS: ReadLimits =
    ReadLimits { records_max: 1_000, bytes_max: 4 * 1024 * 1024, wait_max: Duration::from_millis(500) };

/// After so long without a watcher a tail rests: whoever comes back at once finds it reading.
const REST_AFTER: Duration = Duration::from_secs(10);

/// How often a tail that rests looks where the log ends.
const REST_LOOK_EVERY: Duration = Duration::from_secs(1);
/// And takes the log for away that has not answered by then.
const REST_LOOK_MAX_WAIT: Duration = Duration::from_secs(2);

/// How often the tail looks for partitions that were added.
const PARTITIONS_LOOK_EVERY: Duration = Duration::from_secs(30);

/// How often the tail of an organisation's topic looks whether it is still there: another gateway may have deleted it,
/// and a log may be slow to tell.
const TOPIC_LOOK_EVERY: Duration = Duration::from_secs(2);

/// How long to wait before the log is asked again after a failure.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// After so many clients were asked whether they want a record, others have their turn on this worker.
const ASKED_IN_A_ROW_MAX: usize = 4_096;

/// The tail of one topic.
pub(super) struct Tail {
    pub(super) topic: Arc<FoundTopic>,
    /// Topics that are made where they are missing: it is this tail that notices when the log can be reached.
    ensured: Vec<TopicSpec>,
    pub(super) watching: Watching,
    /// Nobody watches any more.
    pub(super) left: CancellationToken,
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
        Tail { topic, ensured, watching: Watching::default(), left: CancellationToken::new() }
    }

    /// Tails the log until the topic is gone; a log that is away is tried again, from where the tail was.
    pub(super) async fn run(&self, tools: &Tools<'_>) {
        let mut away = false;
        loop {
            match self.run_until_failure(tools, &mut away).await {
                Err(LogError::Closed) => return,
                Err(LogError::NoSuchTopic(_)) if !self.topic.name.is_events() => return self.watching.end(),
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
        self.watching.begin(&positions);
        let (mut looked, mut topic_looked, mut watched) = (Instant::now(), Instant::now(), Instant::now());
        loop {
            if self.watching.is_watched() {
                watched = Instant::now();
            } else if watched.elapsed() >= REST_AFTER {
                drop(reader);
                positions = self.rest(tools.log).await?;
                reader = tools.log.reader(&self.topic.in_log, positions.clone()).await?;
            }
            let records = reader.next(TAIL_LIMITS).await?;
            *away = false;
            if !records.is_empty() {
                advance(&mut positions, &records);
                self.hand_out(&records, &positions, tools).await;
                (tools.relieve)();
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

    /// Reads nothing until somebody watches; answers where to go on.
    pub(super) async fn rest(&self, log: &dyn EventLog) -> Result<Positions, LogError> {
        let mut looked = Ok(());
        while looked.is_ok() && self.watching.rest() {
            tokio::select! {
                () = self.watching.came() => {}
                () = tokio::time::sleep(REST_LOOK_EVERY) => {}
            }
            // Whoever comes meanwhile waits for this look, and not for a log that does not answer.
            looked = match tokio::time::timeout(REST_LOOK_MAX_WAIT, log.bounds(&self.topic.in_log)).await {
                Ok(bounds) => bounds.map(|bounds| self.watching.skip_to(&ends(bounds))),
                Err(_) => Err(LogError::Unavailable("it does not say where it ends".to_owned())),
            };
        }
        // Also when the log is away: then whoever joins is told the last place that is known, rather than nothing.
        let head = self.watching.wake();
        looked.map(|()| head.as_ref().clone())
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
        let was = self.watching.mark();
        Ok(bounds
            .into_iter()
            .map(|(partition, b)| match &was {
                Some(was) => (partition, was.get(&partition).copied().unwrap_or(b.earliest)),
                None => (partition, b.end),
            })
            .collect())
    }

    /// Hands these, behind which the tail is at `next`, to everyone who wants them.
    pub(super) async fn hand_out(&self, records: &[LogRecord], next: &Positions, tools: &Tools<'_>) {
        let watchers = self.watching.raise_head(next);
        self.hand_out_to(&watchers, records, tools).await;
        self.watching.raise_mark();
    }

    pub(super) async fn hand_out_to(&self, watchers: &Watchers, records: &[LogRecord], tools: &Tools<'_>) {
        let mut asked = 0;
        for record in records {
            let Some(watching) = whose(record, &self.topic).and_then(|org_id| watchers.get(&org_id)) else { continue };
            asked += watching.len();
            if asked > ASKED_IN_A_ROW_MAX {
                asked = watching.len();
                yield_now().await;
            }
            self.hand_one_out(record, watching, tools);
        }
    }

    fn hand_one_out(&self, record: &LogRecord, watching: &[Arc<Client>], tools: &Tools<'_>) {
        let Some(candidate) = Candidate::of(record, &self.topic) else { return };
        let (mut delivered, mut missed) = (0, 0);
        let mut shared = None;
        for client in watching.iter().filter(|client| client.queue.is_open() && client.filter.matches(&candidate)) {
            let delivery = shared.get_or_insert_with(|| Arc::new(delivery(record, &self.topic, tools.held)));
            match client.queue.push(delivery) {
                Pushed::Added => delivered += 1,
                Pushed::Missed => missed += 1,
                Pushed::NotWanted => {}
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

fn ends(bounds: BTreeMap<Partition, PartitionBounds>) -> Positions {
    bounds.into_iter().map(|(partition, bounds)| (partition, bounds.end)).collect()
}

pub(crate) use bus::advance;
