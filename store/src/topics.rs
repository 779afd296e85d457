//! The topics of organisations: what they are called, what their messages must meet, how long they are kept.
//!
//! The log has the records; here stands what the log does not know of them.

use aibbar::{Timestamp, topic::TopicName};
use async_trait::async_trait;
use uuid::Uuid;

use crate::{AuditEntry, OrgId, StoreError};

/// Topics of one organisation at most, those included that the log has still to forget.
pub const TOPICS_PER_ORGANISATION_MAX: u32 = 1_000;

/// Partitions of one topic at most.
pub const PARTITIONS_PER_TOPIC_MAX: u32 = 1_000;

/// Partitions of all topics of one organisation at most: they cost a log's servers more than the topics do.
pub const PARTITIONS_PER_ORGANISATION_MAX: u32 = 10_000;

/// The largest JSON Schema of a topic, in bytes.
pub const SCHEMA_BYTES_MAX: usize = 48 * 1024;

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
    /// Whether the log was seen to have it, as it is here or as it was before a change. What is not made yet is made before
    /// anything is appended.
    pub is_made: bool,
    /// Whether the log was seen to have it as it is here.
    pub is_applied: bool,
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

/// A topic that the holder alone works on in the log, until then. A hold is of one moment: whoever holds the topic after
/// that has another, and what the earlier holder still writes changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldTopic {
    /// As its row says at the beginning of the hold.
    pub topic: Topic,
    /// Whether it was deleted, and the log has still to forget it. As long as its row is there, nobody makes another of its
    /// name.
    pub is_deleted: bool,
    /// When the hold ends, unless the holder ends it before.
    pub until: Timestamp,
}

/// What came of asking to work on a topic in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It is the caller's to work on.
    Yours(Box<HeldTopic>),
    /// Somebody else works on it.
    Anothers,
    /// There is no such row any more.
    Gone,
}

/// The topics of all organisations. Each change grows the identities' version: publishing caches them.
#[async_trait]
pub trait TopicStore: Send + Sync + 'static {
    /// Keeps it; `Exists` when the organisation has one of this name, or of one that is the same
    /// [folded](TopicName::folded), or one that was deleted and is not forgotten yet; `Refused` past
    /// [`TOPICS_PER_ORGANISATION_MAX`] or [`PARTITIONS_PER_ORGANISATION_MAX`].
    async fn insert_topic(&self, topic: &Topic, audit: &AuditEntry) -> Result<(), StoreError>;
    /// One of the organisation's.
    async fn topic(&self, org_id: OrgId, name: &TopicName) -> Result<Option<Topic>, StoreError>;
    /// At most `limit` of the organisation's, by name ascending, after `after`.
    async fn topics(&self, org_id: OrgId, after: Option<&TopicName>, limit: u32) -> Result<Vec<Topic>, StoreError>;
    /// At most `limit` of all organisations, by id ascending, after `after`: for housekeeping.
    async fn all_topics(&self, after: Option<Uuid>, limit: u32) -> Result<Vec<Topic>, StoreError>;
    /// Changes and answers it; `None` when there is none of this name. When what the log knows of it changed, that is not
    /// applied any more. One that was made without compaction is not compacted later: `Refused`, since there may be messages
    /// without a key in it.
    async fn update_topic(
        &self,
        org_id: OrgId,
        name: &TopicName,
        changes: &TopicChanges,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<Topic>, StoreError>;
    /// Deletes it, by its id; `false` when it is deleted already. From here on nobody finds it; its name is free once
    /// the log has forgotten it and so has [`TopicStore::forget_topic`]. Until then nobody makes another of its name,
    /// which would have its messages.
    async fn delete_topic(&self, org_id: OrgId, id: Uuid, audit: &AuditEntry) -> Result<bool, StoreError>;
    /// The one that has the name, or one that is the same [folded](TopicName::folded), and that was deleted and is not
    /// forgotten.
    async fn deleted_topic(&self, org_id: OrgId, name: &TopicName) -> Result<Option<Topic>, StoreError>;
    /// At most `limit` of all organisations, by id ascending, after `after`: those that were deleted and are not forgotten,
    /// and those that the log has still to be told of.
    async fn unfinished_topics(&self, after: Option<Uuid>, limit: u32) -> Result<Vec<Topic>, StoreError>;
    /// Asks to work on a topic in the log until then, deleted or not; nobody else does meanwhile.
    async fn hold_topic(&self, org_id: OrgId, id: Uuid, now: Timestamp, until: Timestamp) -> Result<Hold, StoreError>;
    /// Ends the hold of a topic that the log was seen to have as it was held; `false`, and nothing happens, when it changed
    /// or was deleted meanwhile, or is another's to work on.
    async fn topic_is_made(&self, held: &HeldTopic) -> Result<bool, StoreError>;
    /// Forgets one that was deleted, and that the log has forgotten; `false` when it is another's to work on.
    async fn forget_topic(&self, held: &HeldTopic) -> Result<bool, StoreError>;
    /// Ends a hold before its time.
    async fn let_topic_go(&self, held: &HeldTopic) -> Result<(), StoreError>;
}
