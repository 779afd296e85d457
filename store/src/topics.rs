//! The topics of organisations: what they are called, what their messages must meet, how long they are kept.
//!
//! The log has the records; here stands what the log does not know of them.

use aibbar::{Timestamp, topic::TopicName};
use async_trait::async_trait;
use uuid::Uuid;

use crate::{AuditEntry, OrgId, StoreError};

/// Topics of one organisation at most.
pub const TOPICS_PER_ORGANISATION_MAX: u32 = 1_000;

/// One topic of an organisation. The topic of all organisations' events is in no row: everybody has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Names this topic and none that has or will have its name: cursors are of an id.
    pub id: Uuid,
    /// Whose it is.
    pub org_id: OrgId,
    /// What the organisation calls it.
    pub name: TopicName,
    /// How many partitions were asked for.
    pub partitions: u32,
    /// How long messages are kept; `None`: until they are deleted.
    pub retention_hours: Option<u32>,
    /// Whether of each key the newest message alone is kept.
    pub compacted: bool,
    /// The JSON Schema that messages must meet, as it was given.
    pub schema: Option<String>,
    /// Who made it: the name of an actor.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
}

/// What changes of a topic; `None` leaves it, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicChanges {
    /// See [`Topic::partitions`].
    pub partitions: Option<u32>,
    /// See [`Topic::retention_hours`].
    pub retention_hours: Option<Option<u32>>,
    /// See [`Topic::compacted`].
    pub compacted: Option<bool>,
    /// See [`Topic::schema`].
    pub schema: Option<Option<String>>,
}

/// The topics of all organisations. Each change grows the identities' version: publishing caches them.
#[async_trait]
pub trait TopicStore: Send + Sync + 'static {
    /// Keeps it; `Exists` when the organisation has one of this name, or of one that is the same
    /// [folded](TopicName::folded); `Refused` past [`TOPICS_PER_ORGANISATION_MAX`].
    async fn insert_topic(&self, topic: &Topic, audit: &AuditEntry) -> Result<(), StoreError>;
    /// One of the organisation's.
    async fn topic(&self, org_id: OrgId, name: &TopicName) -> Result<Option<Topic>, StoreError>;
    /// At most `limit` of the organisation's, by name ascending, after `after`.
    async fn topics(&self, org_id: OrgId, after: Option<&TopicName>, limit: u32) -> Result<Vec<Topic>, StoreError>;
    /// At most `limit` of all organisations, by id ascending, after `after`: for housekeeping.
    async fn all_topics(&self, after: Option<Uuid>, limit: u32) -> Result<Vec<Topic>, StoreError>;
    /// Changes and answers it; `None` when there is none of this name.
    async fn update_topic(
        &self,
        org_id: OrgId,
        name: &TopicName,
        changes: &TopicChanges,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<Topic>, StoreError>;
    /// Forgets it, by its id; `false` when it is gone already.
    async fn delete_topic(&self, org_id: OrgId, id: Uuid, audit: &AuditEntry) -> Result<bool, StoreError>;
}
