//! People, what they sign in with, and their one-time tokens.

use aibbar::Timestamp;
use uuid::Uuid;

use super::{Database, Row, Transaction, check_text, end, values};
use crate::{
    AuditEntry, StoreError, TokenHash, User,
    accounts::{PasswordHash, TokenPurpose},
};

/// As [`read_user`] reads them.
pub(super) const USER_COLUMNS: &str = "users.id, users.email, users.name, users.password, password_is_temporary, email_verified_at_ns, users.created_at_ns";
/// How many columns these are.
pub(super) const USER_COLUMN_COUNT: usize = 7;

/// RFC 5321 allows no longer address.
pub(super) const EMAIL_CHARS_MAX: usize = 320;
const PERSON_NAME_CHARS_MAX: usize = 128;
const SUBJECT_CHARS_MAX: usize = 256;

pub(super) async fn insert<D: Database>(database: &D, user: &User, audit: &AuditEntry) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO users (id, email, name, password, password_is_temporary, email_verified_at_ns, \
                          created_at_ns) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    check_text("an e-mail address", &user.email, EMAIL_CHARS_MAX)?;
    check_text("a person's name", &user.name, PERSON_NAME_CHARS_MAX)?;
    let mut transaction = database.begin().await?;
    let values = values![
        user.id,
        &user.email,
        &user.name,
        user.password.as_ref().map(|password| &password.0),
        user.password_is_temporary,
        user.email_verified_at,
        user.created_at,
    ];
    let inserted = transaction.execute(INSERT, values).await? > 0;
    end(transaction, inserted, audit).await?;
    if inserted { Ok(()) } else { Err(StoreError::Exists("an account with this address".to_owned())) }
}

pub(super) async fn by_id<D: Database>(database: &D, user_id: Uuid) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER_COLUMNS} FROM users WHERE id = $1");
    database.ask(&sql, values![user_id]).await?.first().map(|row| read_user(row, 0)).transpose()
}

pub(super) async fn by_email<D: Database>(database: &D, email: &str) -> Result<Option<User>, StoreError> {
    if cannot_be_there(email) {
        return Ok(None);
    }
    let sql = format!("SELECT {USER_COLUMNS} FROM users WHERE email = $1");
    database.ask(&sql, values![email]).await?.first().map(|row| read_user(row, 0)).transpose()
}

pub(super) async fn by_provider<D: Database>(
    database: &D,
    provider: &str,
    subject: &str,
) -> Result<Option<User>, StoreError> {
    if cannot_be_there(provider) || cannot_be_there(subject) {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {USER_COLUMNS} FROM provider_links JOIN users ON users.id = user_id WHERE provider = $1 AND subject = $2"
    );
    database.ask(&sql, values![provider, subject]).await?.first().map(|row| read_user(row, 0)).transpose()
}

pub(super) async fn rename<D: Database>(
    database: &D,
    user_id: Uuid,
    name: &str,
    audit: &AuditEntry,
) -> Result<bool, StoreError> {
    const RENAME: &str = "UPDATE users SET name = $2 WHERE id = $1 AND name <> $2";
    check_text("a person's name", name, PERSON_NAME_CHARS_MAX)?;
    let mut transaction = database.begin().await?;
    let there = lock_user(&mut transaction, user_id).await?;
    let renamed = transaction.execute(RENAME, values![user_id, name]).await? > 0;
    end(transaction, renamed, audit).await?;
    Ok(there)
}

pub(super) async fn set_password<D: Database>(
    database: &D,
    user_id: Uuid,
    (password, is_temporary): (&PasswordHash, bool),
    kept: Option<Uuid>,
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<bool, StoreError> {
    const SET: &str = "UPDATE users SET password = $2, password_is_temporary = $3 WHERE id = $1";
    const END_SESSIONS: &str = "UPDATE sessions SET revoked_at_ns = $2 \
                                WHERE user_id = $1 AND revoked_at_ns IS NULL AND expires_at_ns > $2 AND id <> $3";
    const END_LINKS: &str = "DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2";
    let mut transaction = database.begin().await?;
    let set = transaction.execute(SET, values![user_id, &password.0, is_temporary]).await? > 0;
    if set {
        // No session has the nil id.
        transaction.execute(END_SESSIONS, values![user_id, at, kept.unwrap_or_default()]).await?;
        transaction.execute(END_LINKS, values![user_id, TokenPurpose::ResetPassword.as_str()]).await?;
    }
    end(transaction, set, audit).await?;
    Ok(set)
}

/// The same password: no session ends, and the trail tells nothing.
pub(super) async fn rehash_password<D: Database>(
    database: &D,
    user_id: Uuid,
    was: &PasswordHash,
    is: &PasswordHash,
) -> Result<bool, StoreError> {
    const REHASH: &str = "UPDATE users SET password = $3 WHERE id = $1 AND password = $2";
    let mut transaction = database.begin().await?;
    let done = transaction.execute(REHASH, values![user_id, &was.0, &is.0]).await? > 0;
    transaction.commit().await?;
    Ok(done)
}

pub(super) async fn verify_email<D: Database>(
    database: &D,
    user_id: Uuid,
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<bool, StoreError> {
    const VERIFY: &str = "UPDATE users SET email_verified_at_ns = $2 WHERE id = $1 AND email_verified_at_ns IS NULL";
    let mut transaction = database.begin().await?;
    let there = lock_user(&mut transaction, user_id).await?;
    let verified = transaction.execute(VERIFY, values![user_id, at]).await? > 0;
    end(transaction, verified, audit).await?;
    Ok(there)
}

pub(super) async fn link_provider<D: Database>(
    database: &D,
    user_id: Uuid,
    (provider, subject): (&str, &str),
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO provider_links (provider, subject, user_id, created_at_ns) \
                          VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    const TIED_TO: &str = "SELECT user_id FROM provider_links WHERE provider = $1 AND subject = $2";
    check_text("a provider's name", provider, SUBJECT_CHARS_MAX)?;
    check_text("a provider's subject", subject, SUBJECT_CHARS_MAX)?;
    let mut transaction = database.begin().await?;
    let linked = transaction.execute(INSERT, values![provider, subject, user_id, at]).await? > 0;
    let tied = transaction.query(TIED_TO, values![provider, subject]).await?;
    let tied_to = tied.first().map(|row| row.uuid(0)).transpose()?;
    end(transaction, linked, audit).await?;
    if tied_to == Some(user_id) { Ok(()) } else { Err(StoreError::Exists("a link of this provider".to_owned())) }
}

pub(super) async fn insert_token<D: Database>(
    database: &D,
    purpose: TokenPurpose,
    user_id: Uuid,
    token: &TokenHash,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    const END_OTHERS: &str = "DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2";
    const INSERT: &str = "INSERT INTO one_time_tokens (token, purpose, user_id, expires_at_ns) VALUES ($1, $2, $3, $4)";
    let mut transaction = database.begin().await?;
    // One after the other, or two at the same moment would not see each other.
    lock_user(&mut transaction, user_id).await?;
    transaction.execute(END_OTHERS, values![user_id, purpose.as_str()]).await?;
    transaction.execute(INSERT, values![token, purpose.as_str(), user_id, expires_at]).await?;
    transaction.commit().await
}

pub(super) async fn token_owner<D: Database>(
    database: &D,
    purpose: TokenPurpose,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<Uuid>, StoreError> {
    const ASK: &str = "SELECT user_id FROM one_time_tokens WHERE token = $1 AND purpose = $2 AND expires_at_ns > $3";
    database.ask(ASK, values![token, purpose.as_str(), now]).await?.first().map(|row| row.uuid(0)).transpose()
}

pub(super) async fn take_token<D: Database>(
    database: &D,
    purpose: TokenPurpose,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<Uuid>, StoreError> {
    const TAKE: &str =
        "DELETE FROM one_time_tokens WHERE token = $1 AND purpose = $2 AND expires_at_ns > $3 RETURNING user_id";
    let mut transaction = database.begin().await?;
    let taken = transaction.query(TAKE, values![token, purpose.as_str(), now]).await?;
    transaction.commit().await?;
    taken.first().map(|row| row.uuid(0)).transpose()
}

/// Whether there is such a person, who stays as they are until the transaction ends. Whoever changes many sessions of
/// a person locks the person first: so two such changes never wait for each other.
pub(super) async fn lock_user<T: Transaction>(transaction: &mut T, user_id: Uuid) -> Result<bool, StoreError> {
    let sql = format!("SELECT id FROM users WHERE id = $1{}", T::LOCKING);
    Ok(!transaction.query(&sql, values![user_id]).await?.is_empty())
}

/// Reads [`USER_COLUMNS`], which begin at this column.
pub(super) fn read_user(row: &Row, first: usize) -> Result<User, StoreError> {
    Ok(User {
        id: row.uuid(first)?,
        email: row.text(first + 1)?,
        name: row.text(first + 2)?,
        password: row.maybe(first + 3, Row::text)?.map(PasswordHash),
        password_is_temporary: row.flag(first + 4)?,
        email_verified_at: row.maybe(first + 5, Row::moment)?,
        created_at: row.moment(first + 6)?,
    })
}

/// No text with U+0000 is kept; asked for as it would be stored, another's could be found.
fn cannot_be_there(text: &str) -> bool {
    text.contains('\0')
}
