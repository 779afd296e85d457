//! What organisations say of redaction, and the keys of their pseudonyms.

use aibbar::{
    Timestamp,
    redact::{PseudonymKey, Settings},
};
use async_trait::async_trait;

use crate::{AuditEntry, OrgId, StoreError};

/// What one organisation says of redaction.
#[derive(Clone, Debug)]
pub struct OrganisationRedaction {
    /// Whose it is.
    pub org_id: OrgId,
    /// Counts the changes of the settings, from 1; records name it.
    pub version: u64,
    /// The settings.
    pub settings: Settings,
    /// Who changed them last: the name of an actor.
    pub updated_by: String,
    /// When.
    pub updated_at: Timestamp,
    /// What pseudonyms are made with now.
    pub key: PseudonymKey,
    /// Counts the keys, from 1.
    pub key_version: u32,
    /// When this one was made.
    pub key_made_at: Timestamp,
}

/// The key that took the place of one that was erased.
#[derive(Clone, Debug)]
pub struct NewPseudonymKey {
    /// What pseudonyms are made with from now on.
    pub key: PseudonymKey,
    /// Counts the keys, from 1.
    pub version: u32,
    /// When it was made.
    pub made_at: Timestamp,
}

/// The settings of all organisations. Each change grows the identities' version: the event path caches them. Keys are made
/// here, sealed on the way in and opened on the way out, by the vault that the backend was built with.
#[async_trait]
pub trait RedactionStore: Send + Sync + 'static {
    /// What the organisation says of redaction; `None`: nothing yet, so everything is as it is by default. `Unreadable` when
    /// it was written by a version that knows more: who then goes on with less would hide less.
    async fn redaction(&self, org_id: OrgId) -> Result<Option<OrganisationRedaction>, StoreError>;

    /// Replaces the settings, which are good (see [`Settings::faults`]), and answers what holds now. The first settings bring
    /// the first key; the same settings again change nothing. Settings that this version can't read are replaced as any
    /// others: so does an organisation go on after a step back to it. `Refused` when there is no such organisation.
    async fn set_redaction(
        &self,
        org_id: OrgId,
        settings: &Settings,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<OrganisationRedaction, StoreError>;

    /// Makes a new key in the place of the old one, which is gone: what it made leads nowhere any more. `None` when the
    /// organisation never had one. Neither the old key nor the settings are read: an erasure is owed to people, and waits for
    /// nothing that another version wrote.
    async fn erase_pseudonym_key(
        &self,
        org_id: OrgId,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<NewPseudonymKey>, StoreError>;
}
