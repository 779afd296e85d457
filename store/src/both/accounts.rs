//! [`AccountStore`]: which of these files does what.

use std::net::IpAddr;

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use super::{Database, Transaction, attempts, sessions, users, values};
use crate::{
    AccountStore, AuditEntry, OrgId, Session, SessionState, StoreError, TokenHash, User,
    accounts::{Attempt, AttemptBounds, PasswordHash, Refreshed, TokenPurpose},
};

/// So many rows leave in one transaction: others can write in between.
const ROWS_SWEPT_AT_ONCE: i64 = 1_000;

#[async_trait]
impl<D: Database> AccountStore for D {
    async fn insert_user(&self, user: &User, audit: &AuditEntry) -> Result<(), StoreError> {
        users::insert(self, user, audit).await
    }

    async fn user(&self, user_id: Uuid) -> Result<Option<User>, StoreError> {
        users::by_id(self, user_id).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        users::by_email(self, email).await
    }

    async fn rename_user(&self, user_id: Uuid, name: &str, audit: &AuditEntry) -> Result<bool, StoreError> {
        users::rename(self, user_id, name, audit).await
    }

    async fn set_password(
        &self,
        user_id: Uuid,
        password: &PasswordHash,
        is_temporary: bool,
        kept: Option<Uuid>,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        users::set_password(self, user_id, (password, is_temporary), kept, at, audit).await
    }

    async fn rehash_password(&self, user_id: Uuid, was: &PasswordHash, is: &PasswordHash) -> Result<bool, StoreError> {
        users::rehash_password(self, user_id, was, is).await
    }

    async fn verify_email(&self, user_id: Uuid, at: Timestamp, audit: &AuditEntry) -> Result<bool, StoreError> {
        users::verify_email(self, user_id, at, audit).await
    }

    async fn user_by_provider(&self, provider: &str, subject: &str) -> Result<Option<User>, StoreError> {
        users::by_provider(self, provider, subject).await
    }

    async fn link_provider(
        &self,
        user_id: Uuid,
        provider: &str,
        subject: &str,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        users::link_provider(self, user_id, (provider, subject), at, audit).await
    }

    async fn insert_one_time_token(
        &self,
        purpose: TokenPurpose,
        user_id: Uuid,
        token: &TokenHash,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        users::insert_token(self, purpose, user_id, token, expires_at).await
    }

    async fn one_time_token_owner(
        &self,
        purpose: TokenPurpose,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError> {
        users::token_owner(self, purpose, token, now).await
    }

    async fn take_one_time_token(
        &self,
        purpose: TokenPurpose,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError> {
        users::take_token(self, purpose, token, now).await
    }

    async fn insert_session(
        &self,
        session: &Session,
        refresh: &TokenHash,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        sessions::insert(self, session, refresh, audit).await
    }

    async fn refresh_session(
        &self,
        token: &TokenHash,
        next: &TokenHash,
        address: Option<IpAddr>,
        now: Timestamp,
        grace_ms: i64,
        reuse: &AuditEntry,
    ) -> Result<Refreshed, StoreError> {
        sessions::refresh(self, sessions::Use { token, next, address, now, grace_ms }, reuse).await
    }

    async fn session_of_token(&self, token: &TokenHash, now: Timestamp) -> Result<Option<Session>, StoreError> {
        sessions::of_token(self, token, now).await
    }

    async fn session_state(
        &self,
        session_id: Uuid,
        org_id: Option<OrgId>,
        now: Timestamp,
    ) -> Result<Option<SessionState>, StoreError> {
        sessions::state(self, session_id, org_id, now).await
    }

    async fn sessions(&self, user_id: Uuid, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        sessions::list(self, user_id, now).await
    }

    async fn use_organisation(&self, user_id: Uuid, session_id: Uuid, org_id: OrgId) -> Result<bool, StoreError> {
        sessions::use_organisation(self, user_id, session_id, org_id).await
    }

    async fn revoke_session(
        &self,
        user_id: Uuid,
        session_id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        sessions::revoke(self, user_id, Some(session_id), at, audit).await.map(|revoked| revoked > 0)
    }

    async fn revoke_sessions(&self, user_id: Uuid, at: Timestamp, audit: &AuditEntry) -> Result<u64, StoreError> {
        sessions::revoke(self, user_id, None, at, audit).await
    }

    async fn begin_attempt(&self, subject: &str, now: Timestamp, bounds: AttemptBounds) -> Result<Attempt, StoreError> {
        attempts::begin(self, subject, now, bounds).await
    }

    async fn forget_attempts(&self, subject: &str) -> Result<(), StoreError> {
        attempts::forget(self, subject).await
    }

    async fn uncount_attempt(&self, subject: &str) -> Result<(), StoreError> {
        attempts::uncount(self, subject).await
    }

    async fn sweep_accounts(&self, before: Timestamp) -> Result<u64, StoreError> {
        /// Tables, what tells their rows apart, and which rows have ended.
        const ENDED: [(&str, &str, &str); 5] = [
            ("sessions", "id", "expires_at_ns < $1 OR revoked_at_ns < $1"),
            ("refresh_tokens", "token", "used_at_ns < $1"),
            ("one_time_tokens", "token", "expires_at_ns < $1"),
            ("invitations", "id", "expires_at_ns < $1 OR ended_at_ns < $1"),
            ("login_attempts", "subject", "last_at_ns < $1 AND not_before_ns < $1"),
        ];
        let mut swept = 0;
        for (table, id, has_ended) in ENDED {
            let sweep = format!(
                "DELETE FROM {table} WHERE {id} IN (SELECT {id} FROM {table} WHERE {has_ended} LIMIT $2) AND ({has_ended})"
            );
            loop {
                let mut transaction = self.begin().await?;
                let rows = transaction.execute(&sweep, values![before, ROWS_SWEPT_AT_ONCE]).await?;
                transaction.commit().await?;
                swept += rows;
                if rows < ROWS_SWEPT_AT_ONCE.unsigned_abs() {
                    break;
                }
            }
        }
        Ok(swept)
    }
}
