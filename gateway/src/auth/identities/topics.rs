//! The topics of organisations, cached and kept fresh as their keys are.

use std::sync::Arc;

use aibbar::topic::TopicName;
use moka::future::Cache;
use serde_json::{Map, Value};
use store::{OrgId, StoreError, Topic};

use super::{CACHED_MAX, Identities, Stamped};
use crate::topics::message_schema::MessageSchema;

/// So many parts of a compiled schema take the place of one topic without any.
const PARTS_OF_A_PLACE: usize = 2;

/// A topic as publishing knows it.
#[derive(Debug)]
pub(crate) struct KnownTopic {
    /// What the store knows of it.
    pub(crate) topic: Topic,
    /// As the log calls it.
    pub(crate) in_log: Arc<str>,
    /// What its messages must meet.
    pub(crate) schema: Option<MessageSchema>,
}

/// What this gateway knows of topics; `None`: there is none of this name.
pub(super) type TopicsCache = Cache<(OrgId, TopicName), Stamped<Option<Arc<KnownTopic>>>>;

pub(super) fn cache() -> TopicsCache {
    let weight = |_: &(OrgId, TopicName), topic: &Stamped<Option<Arc<KnownTopic>>>| {
        let schema = topic.found.as_ref().and_then(|topic| topic.schema.as_ref());
        let parts = schema.map_or(0, MessageSchema::parts);
        u32::try_from(1 + parts / PARTS_OF_A_PLACE).unwrap_or(u32::MAX)
    };
    Cache::builder().max_capacity(CACHED_MAX).weigher(weight).build()
}

impl Identities {
    /// The organisation's topic of this name.
    pub(crate) async fn topic(&self, org_id: OrgId, name: &TopicName) -> Result<Option<Arc<KnownTopic>>, StoreError> {
        let slot = (org_id, name.clone());
        if let Some(found) = self.good(self.topics.get(&slot).await, |_| Some(org_id)) {
            return Ok(found);
        }
        self.load(&self.topics, slot, |_| Some(org_id), || self.known_topic(org_id, name)).await
    }

    async fn known_topic(&self, org_id: OrgId, name: &TopicName) -> Result<Option<Arc<KnownTopic>>, StoreError> {
        let Some(topic) = self.topic_store.topic(org_id, name).await? else { return Ok(None) };
        let schema = match topic.schema.clone() {
            None => None,
            Some(text) => {
                let compiled = tokio::task::spawn_blocking(move || {
                    let schema: Map<String, Value> = serde_json::from_str(&text).ok()?;
                    MessageSchema::compile(&schema).ok()
                });
                let compiled = compiled.await.ok().flatten();
                Some(compiled.ok_or_else(|| StoreError::Unreadable("the schema of a topic; set it anew".to_owned()))?)
            }
        };
        Ok(Some(Arc::new(KnownTopic { in_log: name.in_log(org_id).into(), topic, schema })))
    }
}
