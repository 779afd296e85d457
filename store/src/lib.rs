//! Where records are queried and identities are kept.
//!
//! One trait per concern, on [`postgres`] and on [`sqlite`], one contract suite on both. Records are
//! written and found in each database's own way; everything else is written once (`both`). All SQL
//! of the project is here. Secrets at rest are sealed or hashed by [`vault`] before any backend sees
//! them.

pub mod accounts;
pub mod ai_systems;
pub mod api_key;
pub mod audit;
mod both;
pub mod events;
pub mod identity;
pub mod legal_holds;
pub mod limits;
pub mod organisations;
pub mod postgres;
pub mod publications;
mod query;
pub mod redaction;
pub mod retention;
mod row;
pub mod saved_views;
pub mod sqlite;
pub mod statistics;
pub mod topics;
pub mod vault;

use uuid::Uuid;

pub use accounts::{AccountStore, Session, SessionState, TokenHash, User};
pub use ai_systems::{AiSystem, AiSystemStore};
pub use audit::{Actor, ActorKind, AuditEntry, AuditStore};
pub use events::{EventFilter, EventPage, EventStore, ExportPage, NewRow, WriteOutcome};
pub use identity::{ApiKey, FoundKey, IdentityStore, Scope, SigningKey};
pub use legal_holds::{LegalHold, LegalHoldStore};
pub use limits::{Limit, Limits, Plan};
pub use organisations::{Organisation, OrganisationStore, Role};
pub use publications::PublicationStore;
pub use redaction::RedactionStore;
pub use retention::{InstallationRetention, RetentionStore};
pub use saved_views::{SavedView, SavedViewStore};
pub use statistics::StatisticsStore;
pub use topics::{Topic, TopicStore};

/// The organisation (tenant) that owns keys, AI systems and records.
pub type OrgId = Uuid;

/// Why the store did not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Away for now: wait and try again.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The database refuses this very row or value, now and always.
    #[error("the store refuses it: {0}")]
    Refused(String),
    /// The database failed to write, and its answer is in no list of ours: the row may be to blame, or the database.
    /// Only [`EventStore::write`] tells it apart from `Unavailable`.
    #[error("the store failed for a reason that is not known: {0}")]
    Unexplained(String),
    /// It is there already, or the name is taken.
    #[error("{0} exists already")]
    Exists(String),
    /// What is in the database can't be read: another schema version, a wrong master key, damage.
    #[error("the store holds something unreadable: {0}")]
    Unreadable(String),
}
