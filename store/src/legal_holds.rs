//! Legal holds: what one covers is not dropped, however old it is, until the hold is released.

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use crate::{AuditEntry, OrgId, StoreError};

/// So many holds of one organisation are active at a time: all of them are looked at whenever something of it is dropped.
pub const ACTIVE_HOLDS_MAX: i64 = 1_000;

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalHold {
    /// Its id, a UUIDv7: holds are listed by it.
    pub id: Uuid,
    /// Whose events it holds.
    pub org_id: OrgId,
    /// The AI system whose events it holds; `None`: everything that the organisation has.
    pub ai_id: Option<Uuid>,
    /// What people call it, 1–64 characters.
    pub name: Option<String>,
    /// Why it was placed, 1–1,024 characters.
    pub reason: String,
    /// By whom: the name of an actor.
    pub placed_by: String,
    /// When.
    pub placed_at: Timestamp,
    /// How it ended; `None` while it is active.
    pub release: Option<Release>,
}

/// The end of a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Why, 1–1,024 characters.
    pub reason: String,
    /// By whom: the name of an actor.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What active holds of an organisation cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeldNow {
    /// Whether one covers everything.
    pub everything: bool,
    /// How many AI systems have holds of their own.
    pub ai_systems: u64,
}

/// The holds of all organisations.
#[async_trait]
pub trait LegalHoldStore: Send + Sync + 'static {
    /// Keeps a hold. Once this has answered, nothing that it covers is dropped: whatever was being dropped meanwhile is gone
    /// before the answer, or stays. `Refused` with [`ACTIVE_HOLDS_MAX`] active ones, or for an organisation that is not there.
    async fn place_hold(&self, hold: &LegalHold, audit: &AuditEntry) -> Result<(), StoreError>;

    /// Ends a hold and answers it; one that has ended stays as it was. `None` when the organisation has none of this id.
    async fn release_hold(
        &self,
        org_id: OrgId,
        id: Uuid,
        release: &Release,
        audit: &AuditEntry,
    ) -> Result<Option<LegalHold>, StoreError>;

    /// One hold, active or released.
    async fn legal_hold(&self, org_id: OrgId, id: Uuid) -> Result<Option<LegalHold>, StoreError>;

    /// At most `limit` holds placed before that of the id `before`, newest first; with `active` only those that are, or that
    /// are not.
    async fn legal_holds(
        &self,
        org_id: OrgId,
        active: Option<bool>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<LegalHold>, StoreError>;

    /// What active holds cover.
    async fn held_now(&self, org_id: OrgId) -> Result<HeldNow, StoreError>;
}
