//! The register of AI systems: which `ai_id` is what, and whose.

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use crate::{AuditEntry, OrgId, StoreError};

/// One registered AI system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AiSystem {
    /// Whose it is.
    pub org_id: OrgId,
    /// What its events call it; unique within the organisation.
    pub ai_id: Uuid,
    /// What people call it, 1–64 characters, unique within the organisation.
    pub name: String,
    /// Who answers for it, as people write it: a name, a team, an e-mail address. At most 256 characters.
    pub owner: Option<String>,
    /// What it does. At most 2,048 characters.
    pub description: Option<String>,
    /// Where it runs: `production`, `staging`, …. At most 64 characters.
    pub environment: Option<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When that last changed.
    pub updated_at: Timestamp,
}

/// What changes; `None` leaves it, `Some(None)` empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AiSystemChanges {
    /// See [`AiSystem::name`].
    pub name: Option<String>,
    /// See [`AiSystem::owner`].
    pub owner: Option<Option<String>>,
    /// See [`AiSystem::description`].
    pub description: Option<Option<String>>,
    /// See [`AiSystem::environment`].
    pub environment: Option<Option<String>>,
}

/// The registers of all organisations. Each change grows the identities' version (the event path caches the register).
#[async_trait]
pub trait AiSystemStore: Send + Sync + 'static {
    /// Registers; `Exists` when the id or the name is taken.
    async fn insert_ai_system(&self, system: &AiSystem, audit: &AuditEntry) -> Result<(), StoreError>;
    /// One of the organisation's.
    async fn ai_system(&self, org_id: OrgId, ai_id: Uuid) -> Result<Option<AiSystem>, StoreError>;
    /// At most `limit` of the organisation's, by `ai_id` ascending, after `after`.
    async fn ai_systems(&self, org_id: OrgId, after: Option<Uuid>, limit: u32) -> Result<Vec<AiSystem>, StoreError>;
    /// Changes and answers it; `None` when there is none of this id. `Exists` when the name is taken.
    async fn update_ai_system(
        &self,
        org_id: OrgId,
        ai_id: Uuid,
        changes: &AiSystemChanges,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<AiSystem>, StoreError>;
    /// Takes it out of the register (its records stay); `false` when there is none of this id.
    async fn delete_ai_system(&self, org_id: OrgId, ai_id: Uuid, audit: &AuditEntry) -> Result<bool, StoreError>;
}
