//! Rows of topics and topics of the log, brought together.
//!
//! The log knows a topic by its name alone, and a name may be another topic's a moment later. So whoever makes, changes or
//! deletes one in the log holds its row meanwhile, by its id: alone, and for longer than it waits for the log. As long as the
//! row is there, deleted or not, no other topic has its name; and it is forgotten by its holder alone. Two that were told of
//! two changes come one after the other, and each tells the log what the row says then.

use std::{sync::Arc, time::Duration};

use aibbar::record::EVENTS_TOPIC;
use bus::{EventLog, LogError, TopicConfig, TopicSpec};
use store::{
    StoreError, Topic, TopicStore,
    topics::{HeldTopic, Hold},
};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::shown::TopicShown;
use crate::{
    clock,
    problem::{Kind, Problem},
    streams::topic::log_failed,
};

const SECONDS_PER_HOUR: u64 = 3_600;

/// How long the log may take to make or to delete topics while somebody waits for it.
pub(crate) const LOG_MAX_WAIT: Duration = Duration::from_secs(10);

/// How long a row is held, in milliseconds: what is over the longest wait for the log is left for the store, and for clocks
/// of gateways that differ.
const HELD_MS: i64 = 20_000;

const _: () = assert!(HELD_MS as u128 >= LOG_MAX_WAIT.as_millis() + 5_000);

/// How soon a topic that somebody else works on is looked at again.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Unfinished topics that are asked for at once.
const UNFINISHED_AT_ONCE: u32 = 1_000;

/// What makes topics in the log, and deletes them there.
pub(crate) struct Topics {
    log: Arc<dyn EventLog>,
    store: Arc<dyn TopicStore>,
    /// The topic of events, as every process makes it.
    events: Option<TopicSpec>,
}

impl Topics {
    pub(crate) fn new(log: Arc<dyn EventLog>, store: Arc<dyn TopicStore>, topics: &[TopicSpec]) -> Self {
        let events = topics.iter().find(|spec| spec.name == EVENTS_TOPIC).cloned();
        Self { log, store, events }
    }

    /// The topic of events, as everybody has it.
    pub(super) fn events(&self) -> TopicShown {
        let hours = |retention: Duration| u32::try_from(retention.as_secs() / SECONDS_PER_HOUR).unwrap_or(u32::MAX);
        let retention = self.events.as_ref().and_then(|spec| spec.retention).map(hours);
        TopicShown::of_events(EVENTS_TOPIC, self.events.as_ref().map_or(1, |spec| spec.partitions), retention)
    }

    /// Makes the topic in the log as its row says, whatever of it is there already; until then at most.
    pub(crate) async fn make(&self, topic: &Topic, deadline: Instant) -> Result<(), Problem> {
        self.brought(topic, false, deadline).await
    }

    /// Makes a topic that the log turned out not to have, though its row says otherwise.
    pub(crate) async fn make_again(&self, topic: &Topic, deadline: Instant) -> Result<(), Problem> {
        self.brought(topic, true, deadline).await
    }

    async fn brought(&self, topic: &Topic, again: bool, deadline: Instant) -> Result<(), Problem> {
        let bringing = async {
            loop {
                let held = self.hold_when_free(topic).await?.ok_or_else(super::no_such_topic)?;
                match self.work(&held, again).await? {
                    Worked::AsItIs => return Ok(()),
                    Worked::Deleted => return Err(super::no_such_topic()),
                    Worked::ChangedMeanwhile => {}
                }
            }
        };
        let brought = timeout_at(deadline, bringing).await;
        brought.map_err(|_| log_failed(LogError::Unavailable("no answer in time".to_owned())))?
    }

    /// Holds the topic, as soon as nobody else does; `None`: it is gone.
    async fn hold_when_free(&self, topic: &Topic) -> Result<Option<Box<HeldTopic>>, StoreError> {
        loop {
            match self.hold(topic).await? {
                Hold::Yours(held) => return Ok(Some(held)),
                Hold::Gone => return Ok(None),
                Hold::Anothers => sleep(LOOK_AGAIN_AFTER).await,
            }
        }
    }

    async fn hold(&self, topic: &Topic) -> Result<Hold, StoreError> {
        let now = clock::now();
        self.store.hold_topic(topic.org_id, topic.id, now, now.plus_ms(HELD_MS)).await
    }

    /// What there is to do in the log for a topic that is held. Dropped in the middle, the hold stays until its end: nobody
    /// knows what of it the log does yet.
    async fn work(&self, held: &HeldTopic, again: bool) -> Result<Worked, Problem> {
        if held.is_deleted {
            self.delete_in_log(held).await;
            return Ok(Worked::Deleted);
        }
        if held.topic.is_applied && !again {
            self.let_go(held).await;
            return Ok(Worked::AsItIs);
        }
        match self.make_in_log(&held.topic).await {
            Ok(()) if self.store.topic_is_made(held).await? => Ok(Worked::AsItIs),
            Ok(()) => {
                self.let_go(held).await;
                Ok(Worked::ChangedMeanwhile)
            }
            Err(error) => {
                self.let_go(held).await;
                Err(problem_of(error))
            }
        }
    }

    async fn let_go(&self, held: &HeldTopic) {
        if let Err(error) = self.store.let_topic_go(held).await {
            tracing::debug!(%error, "a topic stays held until the end of the hold");
        }
    }

    async fn make_in_log(&self, topic: &Topic) -> Result<(), LogError> {
        let spec = spec_of(topic);
        self.log.ensure_topic(&spec).await?;
        let is = self.log.describe_topic(&spec.name).await?;
        let config = TopicConfig { retention: spec.retention, compacted: spec.compacted };
        if is.config != config {
            self.log.configure_topic(&spec.name, config).await?;
        }
        if is.partitions < spec.partitions {
            self.log.add_partitions(&spec.name, spec.partitions).await?;
        }
        Ok(())
    }

    /// Deletes in the log what was deleted in the store, and forgets it; whether that is done.
    async fn delete_in_log(&self, held: &HeldTopic) -> bool {
        let name = held.topic.name.in_log(held.topic.org_id);
        match timeout(LOG_MAX_WAIT, self.log.delete_topic(&name)).await {
            Ok(Ok(()) | Err(LogError::NoSuchTopic(_))) => {
                self.store.forget_topic(held).await.is_ok_and(|forgotten| forgotten)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "a deleted topic is not yet deleted in the log");
                self.let_go(held).await;
                false
            }
            // The log may do it yet, so it stays held until the hold ends.
            Err(_) => false,
        }
    }

    /// Deletes in the log a topic that was deleted in the store; whether its name is free. What can't be done now is done
    /// later.
    pub(super) async fn finish(&self, topic: &Topic) -> bool {
        match timeout(LOG_MAX_WAIT, self.hold_when_free(topic)).await {
            Ok(Ok(None)) => true,
            Ok(Ok(Some(held))) if held.is_deleted => self.delete_in_log(&held).await,
            Ok(Ok(Some(held))) => {
                self.let_go(&held).await;
                false
            }
            Ok(Err(_)) | Err(_) => false,
        }
    }

    /// Whether a name that is taken was a deleted topic's, which is forgotten now.
    pub(super) async fn finish_deleted(&self, wanted: &Topic) -> bool {
        match self.store.deleted_topic(wanted.org_id, &wanted.name).await {
            Ok(Some(deleted)) => self.finish(&deleted).await,
            Ok(None) | Err(_) => false,
        }
    }

    /// Does in the log what was broken off or could not be done, of whichever organisation: each once, however the others
    /// fare.
    pub(super) async fn finish_all(&self) {
        let mut after = None;
        loop {
            let unfinished = match self.store.unfinished_topics(after, UNFINISHED_AT_ONCE).await {
                Ok(unfinished) => unfinished,
                Err(error) => return tracing::debug!(%error, "unfinished topics can't be asked for now"),
            };
            for topic in &unfinished {
                // Whoever holds it now finishes it.
                if let Ok(Hold::Yours(held)) = self.hold(topic).await
                    && let Ok(Err(problem)) = timeout(LOG_MAX_WAIT, self.work(&held, false)).await
                {
                    tracing::debug!(%problem, "a topic is not finished in the log");
                }
            }
            after = match unfinished.last() {
                Some(last) if unfinished.len() >= UNFINISHED_AT_ONCE as usize => Some(last.id),
                _ => return,
            };
        }
    }
}

/// What came of the work on a topic that was held.
enum Worked {
    /// The log has it as its row says.
    AsItIs,
    /// It was deleted; the log has forgotten it, or will.
    Deleted,
    /// The log has it as the row said before.
    ChangedMeanwhile,
}

/// The topic as the log is told of it.
fn spec_of(topic: &Topic) -> TopicSpec {
    let retention = topic.retention_hours.map(|hours| Duration::from_secs(u64::from(hours) * SECONDS_PER_HOUR));
    TopicSpec {
        name: topic.name.in_log(topic.org_id),
        partitions: topic.partitions,
        retention,
        compacted: topic.compacted,
    }
}

/// What a log's failure is to whoever asked for something of a topic.
pub(super) fn problem_of(error: LogError) -> Problem {
    match error {
        LogError::TopicExists(_) => Problem::new(
            Kind::AlreadyExists,
            "A topic of this name, or of one that the log can't tell from it, exists.",
        ),
        LogError::InvalidTopic(rule) => Problem::new(Kind::InvalidBody, format!("The log refuses it: {rule}.")),
        other => log_failed(other),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bus::{
        NewRecord,
        local::{LocalLog, LocalSettings},
    };
    use store::{
        Actor, AuditEntry,
        identity::IdentityStore as _,
        sqlite::{SqliteSettings, SqliteStore},
        topics::TopicChanges,
        vault::{MasterKey, Vault},
    };
    use uuid::Uuid;

    use super::*;

    /// A real log, a real store, and the topics of one organisation in both.
    struct World {
        topics: Topics,
        log: Arc<LocalLog>,
        store: Arc<SqliteStore>,
        org_id: store::OrgId,
        _dir: tempfile::TempDir,
    }

    impl World {
        async fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let log = Arc::new(LocalLog::open(&dir.path().join("log"), LocalSettings::default()).unwrap());
            let vault = Arc::new(Vault::new(MasterKey::generate()));
            let path = dir.path().join("store.db");
            let store = Arc::new(SqliteStore::open(&path, SqliteSettings::default(), vault).await.unwrap());
            let org_id = store.ensure_organisation("acme").await.unwrap().id;
            Self { topics: Topics::new(log.clone(), store.clone(), &[]), log, store, org_id, _dir: dir }
        }

        fn entry(&self) -> AuditEntry {
            AuditEntry::new(Some(self.org_id), Actor::system(), "test.change", "test", "test")
        }

        /// A row of `orders`, of which the log knows nothing.
        async fn row(&self) -> Topic {
            let now = clock::now();
            let topic = Topic {
                id: Uuid::now_v7(),
                org_id: self.org_id,
                name: aibbar::topic::TopicName::parse("orders").unwrap(),
                partitions: 1,
                retention_hours: Some(24),
                compacted: false,
                schema: None,
                is_made: false,
                is_applied: false,
                created_by: "test".to_owned(),
                created_at: now,
                updated_at: now,
            };
            self.store.insert_topic(&topic, &self.entry()).await.unwrap();
            topic
        }

        async fn made(&self) -> Topic {
            let topic = self.row().await;
            self.topics.make(&topic, soon()).await.unwrap();
            topic
        }

        async fn deleted(&self, topic: &Topic) {
            assert!(self.store.delete_topic(self.org_id, topic.id, &self.entry()).await.unwrap());
        }

        async fn kept_for(&self, topic: &Topic, hours: u32) -> Topic {
            let changes = TopicChanges { retention_hours: Some(Some(hours)), ..TopicChanges::default() };
            let store = &self.store;
            let changed = store.update_topic(self.org_id, &topic.name, &changes, clock::now(), &self.entry()).await;
            changed.unwrap().unwrap()
        }

        async fn hours_in_log(&self, topic: &Topic) -> u64 {
            let described = self.log.describe_topic(&topic.name.in_log(self.org_id)).await.unwrap();
            described.config.retention.unwrap().as_secs() / SECONDS_PER_HOUR
        }
    }

    fn soon() -> Instant {
        Instant::now() + LOG_MAX_WAIT
    }

    #[tokio::test]
    async fn who_knows_of_a_deleted_topic_deletes_no_other_of_its_name() {
        let world = World::new().await;
        let old = world.made().await;
        world.deleted(&old).await;
        assert!(world.topics.finish(&old).await);
        let new = world.made().await;
        let in_log = new.name.in_log(world.org_id);
        let record = NewRecord { key: "".into(), payload: "1".into(), headers: Vec::new() };
        assert!(world.log.append(&in_log, vec![record]).await[0].is_ok());

        // Whoever looked before comes late, to delete it or to make it.
        assert!(world.topics.finish(&old).await);
        assert_eq!(world.topics.make(&old, soon()).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(world.log.bounds(&in_log).await.unwrap()[&0].end, 1);
    }

    #[tokio::test]
    async fn a_topic_that_is_held_is_neither_made_nor_deleted_by_another() {
        let world = World::new().await;
        let topic = world.row().await;
        let Hold::Yours(held) = world.topics.hold(&topic).await.unwrap() else { panic!("nobody holds it") };
        let shortly = Instant::now() + LOOK_AGAIN_AFTER / 2;
        assert_eq!(world.topics.make(&topic, shortly).await.unwrap_err().kind(), Kind::LogUnavailable);
        world.deleted(&topic).await;
        world.topics.finish_all().await;
        assert!(world.store.deleted_topic(world.org_id, &topic.name).await.unwrap().is_some());
        world.topics.let_go(&held).await;
        // Whoever would have made it finds it deleted, and finishes that.
        assert_eq!(world.topics.make(&topic, soon()).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(world.store.deleted_topic(world.org_id, &topic.name).await.unwrap(), None);
    }

    #[tokio::test]
    async fn of_two_changes_at_once_the_later_is_what_the_log_has() {
        let world = World::new().await;
        let topic = world.made().await;
        let earlier = world.kept_for(&topic, 48).await;
        let later = world.kept_for(&topic, 72).await;
        world.topics.make(&later, soon()).await.unwrap();
        world.topics.make(&earlier, soon()).await.unwrap();
        assert_eq!(world.hours_in_log(&topic).await, 72);
        world.topics.make_again(&earlier, soon()).await.unwrap();
        assert_eq!(world.hours_in_log(&topic).await, 72);

        // One that came while the log was told of the one before it.
        let Hold::Yours(held) = world.topics.hold(&topic).await.unwrap() else { panic!("nobody holds it") };
        world.kept_for(&topic, 96).await;
        assert!(matches!(world.topics.work(&held, true).await, Ok(Worked::ChangedMeanwhile)));
        world.topics.make(&earlier, soon()).await.unwrap();
        assert_eq!(world.hours_in_log(&topic).await, 96);
    }

    #[tokio::test]
    async fn what_could_not_be_done_is_done_later_for_every_topic() {
        let world = World::new().await;
        let topic = world.made().await;
        let changed = world.kept_for(&topic, 48).await;
        assert!(changed.is_made && !changed.is_applied);
        world.topics.finish_all().await;
        assert_eq!(world.hours_in_log(&topic).await, 48);
        world.deleted(&topic).await;
        world.topics.finish_all().await;
        assert!(matches!(
            world.log.describe_topic(&topic.name.in_log(world.org_id)).await,
            Err(LogError::NoSuchTopic(_))
        ));
        assert_eq!(world.store.unfinished_topics(None, 10).await.unwrap(), []);
        world.made().await;
    }
}
