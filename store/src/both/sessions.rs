//! Sessions: the families of refresh tokens.
//!
//! A token that was used stays, with the time of its first use: within the grace it may be used again (two tabs asked
//! at the same moment), later it tells of a thief and ends its session. The session's row is locked before any of its
//! tokens is looked at, so uses of one family come one after the other, on however many gateways.

use std::net::IpAddr;

use aibbar::Timestamp;
use uuid::Uuid;

use super::{
    Database, Row, Transaction, Value, end, insert_audit,
    users::{USER_COLUMN_COUNT, USER_COLUMNS, lock_user, read_user},
    values,
};
use crate::{AuditEntry, OrgId, Session, SessionState, StoreError, TokenHash, accounts::Refreshed};

const COLUMNS: &str = "sessions.id, sessions.user_id, sessions.org_id, user_agent, address, sessions.created_at_ns, \
                       last_seen_at_ns, expires_at_ns, revoked_at_ns";
const COLUMN_COUNT: usize = 9;

/// More devices than a person has. Without a bound each sign-in would leave a session for as long as it lives.
const GOOD_SESSIONS_MAX: i64 = 100;
/// More tabs than ask at the same moment. Without a bound each use of a token within the grace would make one more, and
/// each of those more again.
const UNUSED_TOKENS_MAX: i64 = 8;
const USER_AGENT_CHARS_MAX: usize = 256;
const NS_PER_MS: i64 = 1_000_000;

const INSERT_TOKEN: &str = "INSERT INTO refresh_tokens (token, session_id, used_at_ns) VALUES ($1, $2, NULL)";

pub(super) async fn insert<D: Database>(
    database: &D,
    session: &Session,
    refresh: &TokenHash,
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO sessions (id, user_id, org_id, user_agent, address, created_at_ns, \
                          last_seen_at_ns, expires_at_ns, revoked_at_ns) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    // It is what a client says of itself, for people to read: its first characters will do.
    let user_agent = session.user_agent.as_ref();
    let user_agent = user_agent.map(|agent| agent.chars().take(USER_AGENT_CHARS_MAX).collect::<String>());
    // Those seen longest ago make room.
    const END_OTHERS: &str = "UPDATE sessions SET revoked_at_ns = $2 WHERE user_id = $1 AND revoked_at_ns IS NULL \
                              AND expires_at_ns > $2 AND id NOT IN \
                              (SELECT id FROM sessions WHERE user_id = $1 AND revoked_at_ns IS NULL \
                              AND expires_at_ns > $2 ORDER BY last_seen_at_ns DESC, id DESC LIMIT $3)";
    let mut transaction = database.begin().await?;
    lock_user(&mut transaction, session.user_id).await?;
    transaction.execute(END_OTHERS, values![session.user_id, session.created_at, GOOD_SESSIONS_MAX - 1]).await?;
    let values = values![
        session.id,
        session.user_id,
        session.org_id,
        user_agent.as_deref(),
        session.address,
        session.created_at,
        session.last_seen_at,
        session.expires_at,
        session.revoked_at,
    ];
    transaction.execute(INSERT, values).await?;
    transaction.execute(INSERT_TOKEN, values![refresh, session.id]).await?;
    end(transaction, true, audit).await
}

/// A refresh token that is being used.
pub(super) struct Use<'a> {
    pub(super) token: &'a TokenHash,
    pub(super) next: &'a TokenHash,
    pub(super) address: Option<IpAddr>,
    pub(super) now: Timestamp,
    pub(super) grace_ms: i64,
}

pub(super) async fn refresh<D: Database>(
    database: &D,
    used: Use<'_>,
    reuse: &AuditEntry,
) -> Result<Refreshed, StoreError> {
    const USE: &str = "UPDATE refresh_tokens SET used_at_ns = $2 WHERE token = $1 AND used_at_ns IS NULL";
    const SEE: &str = "UPDATE sessions SET last_seen_at_ns = $2, address = $3, expires_at_ns = $4 WHERE id = $1";
    const REVOKE: &str = "UPDATE sessions SET revoked_at_ns = $2 WHERE id = $1";

    let mut transaction = database.begin().await?;
    let Some((mut session, used_at)) = lock_family(&mut transaction, used.token, used.now).await? else {
        transaction.roll_back().await?;
        return Ok(Refreshed::Unknown);
    };
    if used_at.is_some_and(|at| ms_between(at, used.now) > used.grace_ms) {
        transaction.execute(REVOKE, values![session.id, used.now]).await?;
        let entry = AuditEntry { org_id: session.org_id, target_id: session.id.to_string(), ..reuse.clone() };
        insert_audit(&mut transaction, &entry).await?;
        transaction.commit().await?;
        session.revoked_at = Some(used.now);
        return Ok(Refreshed::Reused(session));
    }
    if used_at.is_some() && unused_tokens(&mut transaction, session.id).await? >= UNUSED_TOKENS_MAX {
        transaction.roll_back().await?;
        return Ok(Refreshed::Unknown);
    }
    // It lives on as long from now as it was to live from when it was last seen.
    let life_ns = session.expires_at.unix_ns().saturating_sub(session.last_seen_at.unix_ns());
    session.last_seen_at = session.last_seen_at.max(used.now);
    session.expires_at = Timestamp::from_unix_ns(session.last_seen_at.unix_ns().saturating_add(life_ns));
    session.address = used.address.or(session.address);
    transaction.execute(USE, values![used.token, used.now]).await?;
    transaction.execute(INSERT_TOKEN, values![used.next, session.id]).await?;
    let seen = values![session.id, session.last_seen_at, session.address, session.expires_at];
    transaction.execute(SEE, seen).await?;
    transaction.commit().await?;
    Ok(Refreshed::Rotated(session))
}

/// The session of a token, nobody else's until the transaction ends, and when the token was first used.
async fn lock_family<T: Transaction>(
    transaction: &mut T,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<(Session, Option<Timestamp>)>, StoreError> {
    const USED_AT: &str = "SELECT used_at_ns FROM refresh_tokens WHERE token = $1";
    let lock = format!(
        "SELECT {COLUMNS} FROM sessions WHERE id = (SELECT session_id FROM refresh_tokens WHERE token = $1){}",
        T::LOCKING
    );
    let sessions = transaction.query(&lock, values![token]).await?;
    // Only now that the session is ours is the token as the last user left it.
    let tokens = transaction.query(USED_AT, values![token]).await?;
    let (Some(session), Some(token)) = (sessions.first(), tokens.first()) else { return Ok(None) };
    let session = read(session)?;
    let is_good = session.revoked_at.is_none() && session.expires_at > now;
    Ok(if is_good { Some((session, token.maybe(0, Row::moment)?)) } else { None })
}

/// How many of a session's tokens are good for a use, which none is for another meanwhile: its family is locked.
async fn unused_tokens<T: Transaction>(transaction: &mut T, session_id: Uuid) -> Result<i64, StoreError> {
    const UNUSED: &str = "SELECT token FROM refresh_tokens WHERE session_id = $1 AND used_at_ns IS NULL LIMIT $2";
    let unused = transaction.query(UNUSED, values![session_id, UNUSED_TOKENS_MAX]).await?;
    Ok(i64::try_from(unused.len()).unwrap_or(i64::MAX))
}

/// Gateways' clocks may differ: a use that lies ahead was just now.
fn ms_between(earlier: Timestamp, later: Timestamp) -> i64 {
    later.unix_ns().saturating_sub(earlier.unix_ns()) / NS_PER_MS
}

pub(super) async fn of_token<D: Database>(
    database: &D,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE id = (SELECT session_id FROM refresh_tokens WHERE token = $1) \
         AND revoked_at_ns IS NULL AND expires_at_ns > $2"
    );
    database.ask(&sql, values![token, now]).await?.first().map(read).transpose()
}

pub(super) async fn state<D: Database>(
    database: &D,
    session_id: Uuid,
    org_id: Option<OrgId>,
    now: Timestamp,
) -> Result<Option<SessionState>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, {USER_COLUMNS}, members.role FROM sessions JOIN users ON users.id = sessions.user_id \
         LEFT JOIN members ON members.user_id = sessions.user_id AND members.org_id = coalesce($2, sessions.org_id) \
         WHERE sessions.id = $1 AND revoked_at_ns IS NULL AND expires_at_ns > $3"
    );
    let rows = database.ask(&sql, values![session_id, org_id, now]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(SessionState {
        session: read(row)?,
        user: read_user(row, COLUMN_COUNT)?,
        role: row.maybe(COLUMN_COUNT + USER_COLUMN_COUNT, Row::parsed)?,
    }))
}

pub(super) async fn list<D: Database>(database: &D, user_id: Uuid, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE user_id = $1 AND revoked_at_ns IS NULL AND expires_at_ns > $2 \
         ORDER BY last_seen_at_ns DESC, id DESC LIMIT $3"
    );
    database.ask(&sql, values![user_id, now, GOOD_SESSIONS_MAX]).await?.iter().map(read).collect()
}

pub(super) async fn use_organisation<D: Database>(
    database: &D,
    user_id: Uuid,
    session_id: Uuid,
    org_id: OrgId,
) -> Result<bool, StoreError> {
    const USE: &str = "UPDATE sessions SET org_id = $3 WHERE id = $2 AND user_id = $1 AND revoked_at_ns IS NULL \
                       AND EXISTS (SELECT 1 FROM members WHERE members.org_id = $3 AND members.user_id = $1)";
    let mut transaction = database.begin().await?;
    let used = transaction.execute(USE, values![user_id, session_id, org_id]).await? > 0;
    transaction.commit().await?;
    Ok(used)
}

pub(super) async fn revoke<D: Database>(
    database: &D,
    user_id: Uuid,
    session_id: Option<Uuid>,
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<u64, StoreError> {
    const ALL: &str =
        "UPDATE sessions SET revoked_at_ns = $2 WHERE user_id = $1 AND revoked_at_ns IS NULL AND expires_at_ns > $2";
    let mut transaction = database.begin().await?;
    lock_user(&mut transaction, user_id).await?;
    let revoked = match session_id {
        None => transaction.execute(ALL, values![user_id, at]).await?,
        Some(id) => transaction.execute(&format!("{ALL} AND id = $3"), values![user_id, at, id]).await?,
    };
    end(transaction, revoked > 0, audit).await?;
    Ok(revoked)
}

/// Moves a person's sessions out of an organisation that they just left, into the one they joined first, or into none.
pub(super) async fn leave<T: Transaction>(
    transaction: &mut T,
    org_id: OrgId,
    user_id: Uuid,
    at: Timestamp,
) -> Result<(), StoreError> {
    const NEXT: &str = "SELECT org_id FROM members WHERE user_id = $1 ORDER BY joined_at_ns, org_id LIMIT 1";
    const MOVE: &str = "UPDATE sessions SET org_id = $3 \
                        WHERE user_id = $1 AND org_id = $2 AND revoked_at_ns IS NULL AND expires_at_ns > $4";
    lock_user(transaction, user_id).await?;
    let next = transaction.query(NEXT, values![user_id]).await?;
    let next = next.first().map_or(Ok(Value::Null), |row| row.uuid(0).map(Value::Uuid))?;
    transaction.execute(MOVE, vec![user_id.into(), org_id.into(), next, at.into()]).await.map(|_| ())
}

fn read(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.uuid(0)?,
        user_id: row.uuid(1)?,
        org_id: row.maybe_org(2)?,
        user_agent: row.maybe(3, Row::text)?,
        address: row.maybe(4, Row::parsed)?,
        created_at: row.moment(5)?,
        last_seen_at: row.moment(6)?,
        expires_at: row.moment(7)?,
        revoked_at: row.maybe(8, Row::moment)?,
    })
}
