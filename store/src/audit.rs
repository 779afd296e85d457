//! The audit trail: who did what to what, from where, with what result. Append-only.
//!
//! A change and its entry are one transaction: every method of this crate that changes something for an
//! organisation or a person takes the entry that tells of it, and writes it only when something changed.

use std::{fmt, net::IpAddr};

use aibbar::Timestamp;
use async_trait::async_trait;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{OrgId, StoreError};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// Its id: of the person or of the key; a word for the others (`cli`, `dev`, `nobody`).
    pub id: String,
    /// What people call it: an e-mail address, a key's name. At most 320 characters.
    pub name: String,
}

/// What an [`Actor`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A person with a session.
    User,
    /// A program with an API key.
    ApiKey,
    /// Whoever runs the `gapin` command on the server.
    Operator,
    /// GAPIN itself.
    System,
    /// Somebody who has not signed in.
    Anonymous,
}

impl ActorKind {
    /// All there are.
    pub const ALL: [ActorKind; 5] =
        [ActorKind::User, ActorKind::ApiKey, ActorKind::Operator, ActorKind::System, ActorKind::Anonymous];

    /// The API's word for it; what is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            ActorKind::User => "user",
            ActorKind::ApiKey => "api_key",
            ActorKind::Operator => "operator",
            ActorKind::System => "system",
            ActorKind::Anonymous => "anonymous",
        }
    }

    /// The kind that this word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Actor {
    /// The operator at the command line.
    pub fn operator() -> Self {
        Self { kind: ActorKind::Operator, id: "cli".into(), name: "gapin command".into() }
    }

    /// GAPIN itself.
    pub fn system() -> Self {
        Self { kind: ActorKind::System, id: "gapin".into(), name: "gapin".into() }
    }

    /// Nobody that is known; `name` is what they say of themselves (an e-mail address, or nothing).
    pub fn anonymous(name: impl Into<String>) -> Self {
        Self { kind: ActorKind::Anonymous, id: "nobody".into(), name: name.into() }
    }
}

/// With what result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditResult {
    /// It was done.
    Success,
    /// It was refused, or failed (a failed login).
    Failure,
}

impl AuditResult {
    /// The API's word for it; what is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            AuditResult::Success => "success",
            AuditResult::Failure => "failure",
        }
    }

    /// The result that this word names.
    pub fn parse(word: &str) -> Option<Self> {
        [AuditResult::Success, AuditResult::Failure].into_iter().find(|result| result.as_str() == word)
    }
}

/// One entry of the trail.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// A UUIDv7: the trail's order.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Whose trail; `None` for what concerns no organisation that is known (a failed login of nobody).
    pub org_id: Option<OrgId>,
    /// Who.
    pub actor: Actor,
    /// What, as `noun.verb`: `api_key.create`, `session.login`, `member.role_change`, ….
    pub action: String,
    /// To what: its kind (`api_key`, `user`, …).
    pub target_kind: String,
    /// To what: its id, or its name where that is the id.
    pub target_id: String,
    /// With what result.
    pub result: AuditResult,
    /// From where, when it came over the network.
    pub address: Option<IpAddr>,
    /// The request, as in `X-Request-Id`.
    pub request_id: Option<String>,
    /// What changed, never a secret: `{"scopes": [...]}`.
    pub detail: Map<String, Value>,
}

impl AuditEntry {
    /// A successful change, now; the rest by the fields.
    pub fn new(
        org_id: Option<OrgId>,
        actor: Actor,
        action: &str,
        target_kind: &str,
        target_id: impl fmt::Display,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            at: Timestamp::from(std::time::SystemTime::now()),
            org_id,
            actor,
            action: action.to_owned(),
            target_kind: target_kind.to_owned(),
            target_id: target_id.to_string(),
            result: AuditResult::Success,
            address: None,
            request_id: None,
            detail: Map::new(),
        }
    }

    /// With this in its detail.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    /// As something that was refused.
    pub fn failed(mut self) -> Self {
        self.result = AuditResult::Failure;
        self
    }
}

/// Which entries are wanted. `None` means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The actor's id, or its name (an e-mail address): equal.
    pub actor: Option<String>,
    /// The action, equal (`api_key.create`), or all of a noun (`api_key`).
    pub action: Option<String>,
    /// The target's id, equal.
    pub target: Option<String>,
    /// At or after this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub to: Option<Timestamp>,
}

/// One page of the trail, newest first.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// The id of the last, when there are more behind it: the next page's `before`.
    pub next_before: Option<Uuid>,
}

/// The trail of every organisation. Nothing changes or deletes an entry; the databases refuse it too.
#[async_trait]
pub trait AuditStore: Send + Sync + 'static {
    /// Keeps an entry that no change stands behind (a failed login).
    async fn append_audit(&self, entry: &AuditEntry) -> Result<(), StoreError>;

    /// At most `limit` entries of the organisation before `before` that match, newest first.
    async fn audit(
        &self,
        org_id: OrgId,
        filter: &AuditFilter,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<AuditPage, StoreError>;
}
