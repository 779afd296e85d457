//! People: who they are, how they sign in, and where they are signed in.

use std::{fmt, net::IpAddr};

use aibbar::Timestamp;
use async_trait::async_trait;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::{AuditEntry, OrgId, Role, StoreError};

/// SHA-256 of a token with at least 128 bits of its own: what is kept of a refresh token, a reset link, an invitation.
#[derive(Clone, Copy)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// Of this token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for TokenHash {}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// An Argon2id hash in the PHC form. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: Uuid,
    /// Their e-mail address, in the one form that is compared (the gateway lowers it); unique.
    pub email: String,
    /// What they are called, 1–128 characters.
    pub name: String,
    /// `None`: they sign in with a provider alone.
    pub password: Option<PasswordHash>,
    /// Whether the password was given to them and is to be replaced.
    pub password_is_temporary: bool,
    /// When they showed that the address is theirs.
    pub email_verified_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// A sign-in on one device; the family of its refresh tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// The organisation in use; `None` when its person is in none.
    pub org_id: Option<OrgId>,
    /// What the device says it is; at most 256 characters.
    pub user_agent: Option<String>,
    /// From where it was last used.
    pub address: Option<IpAddr>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub last_seen_at: Timestamp,
    /// From then on it is worth nothing.
    pub expires_at: Timestamp,
    /// Since then it is worth nothing.
    pub revoked_at: Option<Timestamp>,
}

/// What a request with a session may be: looked up by the session and the organisation it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionState {
    /// The session, which is not revoked and not expired.
    pub session: Session,
    /// Its person.
    pub user: User,
    /// The role in the organisation that was asked for; `None` when they are not in it.
    pub role: Option<Role>,
}

/// What became of a refresh token that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The next token took its place.
    Rotated(Session),
    /// It was used before, longer ago than the grace: a thief or a fault. The session is revoked now.
    Reused(Session),
    /// No such token, or its session has ended.
    Unknown,
}

/// What a one-time token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPurpose {
    /// Shows that an e-mail address is its user's.
    VerifyEmail,
    /// Lets its user set a new password.
    ResetPassword,
}

impl TokenPurpose {
    /// What is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            TokenPurpose::VerifyEmail => "verify_email",
            TokenPurpose::ResetPassword => "reset_password",
        }
    }
}

/// Whether one may try to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Yes; it counts as failed until [`AccountStore::forget_attempts`].
    Allowed,
    /// Not before this.
    NotBefore(Timestamp),
}

/// How fast the delays between sign-ins grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptBounds {
    /// So many may fail without a delay.
    pub free: u32,
    /// The first delay; each further failure doubles it.
    pub delay_ms: i64,
    /// The longest delay.
    pub delay_ms_max: i64,
    /// After so long without an attempt all is forgotten.
    pub forgotten_after_ms: i64,
}

/// The users of an installation, their sessions and their one-time tokens.
#[async_trait]
pub trait AccountStore: Send + Sync + 'static {
    /// Keeps a new person; `Exists` when the address is taken.
    async fn insert_user(&self, user: &User, audit: &AuditEntry) -> Result<(), StoreError>;
    /// The person with this id.
    async fn user(&self, user_id: Uuid) -> Result<Option<User>, StoreError>;
    /// The person with this address.
    async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError>;
    /// Gives another name; `false` when there is no such person.
    async fn rename_user(&self, user_id: Uuid, name: &str, audit: &AuditEntry) -> Result<bool, StoreError>;
    /// Sets a password. Every session but `kept` ends, and every open reset link with it. `false` when there is no such person.
    async fn set_password(
        &self,
        user_id: Uuid,
        password: &PasswordHash,
        is_temporary: bool,
        kept: Option<Uuid>,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;
    /// Keeps another hash of the same password, if `was` is still what is kept; nothing else changes, and the trail tells
    /// nothing. Whether it was done.
    async fn rehash_password(&self, user_id: Uuid, was: &PasswordHash, is: &PasswordHash) -> Result<bool, StoreError>;
    /// Marks the address as shown to be theirs; `false` when there is no such person. Verified stays verified, with its first time.
    async fn verify_email(&self, user_id: Uuid, at: Timestamp, audit: &AuditEntry) -> Result<bool, StoreError>;

    /// The person whom this provider knows by this subject.
    async fn user_by_provider(&self, provider: &str, subject: &str) -> Result<Option<User>, StoreError>;
    /// Ties a provider's subject to a person. `Exists` when it is tied to another, or the person to another of the provider's.
    async fn link_provider(
        &self,
        user_id: Uuid,
        provider: &str,
        subject: &str,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<(), StoreError>;

    /// Keeps a one-time token; others of the same purpose and person end with it.
    async fn insert_one_time_token(
        &self,
        purpose: TokenPurpose,
        user_id: Uuid,
        token: &TokenHash,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Whose a token is that is good at `now`; it stays good.
    async fn one_time_token_owner(
        &self,
        purpose: TokenPurpose,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError>;
    /// Uses up a token, once however many try at the same moment; whose it was, when it was good at `now`.
    async fn take_one_time_token(
        &self,
        purpose: TokenPurpose,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError>;

    /// Begins a session with its first refresh token. A person has at most 100 that are good: the one that was seen longest
    /// ago ends for it.
    async fn insert_session(
        &self,
        session: &Session,
        refresh: &TokenHash,
        audit: &AuditEntry,
    ) -> Result<(), StoreError>;
    /// Uses a refresh token: `next` takes its place, and the session is seen at `now` from `address`. A token that was
    /// used before is taken once more within `grace_ms` of its first use (two tabs at once), and gives `next` beside the
    /// other, while fewer than eight tokens of the session are unused (else it is `Unknown`); later it ends the whole session, with `reuse` in the trail of the organisation in use and the session as
    /// its target, neither of which the caller knows. A session's life is counted anew: it ends as long after `now` as it
    /// was to end after it was last seen.
    async fn refresh_session(
        &self,
        token: &TokenHash,
        next: &TokenHash,
        address: Option<IpAddr>,
        now: Timestamp,
        grace_ms: i64,
        reuse: &AuditEntry,
    ) -> Result<Refreshed, StoreError>;
    /// The session that is good at `now` and of which this is a refresh token, used or not.
    async fn session_of_token(&self, token: &TokenHash, now: Timestamp) -> Result<Option<Session>, StoreError>;
    /// The state of a session that is good at `now`, in the organisation asked for or, if none is, in the one in use.
    async fn session_state(
        &self,
        session_id: Uuid,
        org_id: Option<OrgId>,
        now: Timestamp,
    ) -> Result<Option<SessionState>, StoreError>;
    /// The person's sessions that are good at `now`, last seen first; at most 100.
    async fn sessions(&self, user_id: Uuid, now: Timestamp) -> Result<Vec<Session>, StoreError>;
    /// Names the organisation in use; `false` when there is no such session of this person, or they are no member.
    async fn use_organisation(&self, user_id: Uuid, session_id: Uuid, org_id: OrgId) -> Result<bool, StoreError>;
    /// Ends a session of this person; `false` when there is none that is good at `at`.
    async fn revoke_session(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;
    /// Ends all sessions of this person; how many.
    async fn revoke_sessions(&self, user_id: Uuid, at: Timestamp, audit: &AuditEntry) -> Result<u64, StoreError>;

    /// Asks for a sign-in by `subject` (an address, an account) and counts it as failed beforehand, so that many at the
    /// same moment are many. Works the same whether the subject exists.
    async fn begin_attempt(&self, subject: &str, now: Timestamp, bounds: AttemptBounds) -> Result<Attempt, StoreError>;
    /// The sign-in succeeded: the subject's failures are forgotten.
    async fn forget_attempts(&self, subject: &str) -> Result<(), StoreError>;
    /// One attempt of the subject's succeeded: it counts as failed no more, those before it still do. For an address, behind
    /// which somebody may guess at others' accounts and sign in to their own in between.
    async fn uncount_attempt(&self, subject: &str) -> Result<(), StoreError>;
    /// Deletes what has ended before `before`: sessions and their tokens, refresh tokens used before it (one that comes back
    /// is unknown from then on, and still worth nothing), one-time tokens, invitations, attempts. How many rows.
    async fn sweep_accounts(&self, before: Timestamp) -> Result<u64, StoreError>;
}
