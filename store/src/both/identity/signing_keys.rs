//! Signing keys: each version a row, its secret sealed and bound to the row.

use aibbar::{SigningSecret, Timestamp};

use super::{Vaulted, ask, begin, touch_all};
use crate::{
    AuditEntry, OrgId, SigningKey, StoreError,
    both::{
        NAME_CHARS_MAX, Row, Touches, Transaction, Value, check_text, end_identities, taken, value::unreadable, values,
    },
    identity::{SIGNING_KEYS_MAX, SigningKeyId, VERIFYING_VERSIONS_MAX},
    vault::{Vault, signing_secret_owner},
};

const COLUMNS: &str = "org_id, key_id, version, sealed_secret, is_default, ai_id, made_by, created_at_ns, \
                       verify_until_ns, revoked_at_ns, last_used_at_ns";

/// The key that is meant when none is named.
const IS_DEFAULT: &str = "key_id = (SELECT key_id FROM signing_keys WHERE org_id = $1 AND is_default)";

/// Versions that are listed.
const LISTED_MAX: i64 = 10_000;

pub(super) async fn insert<D: Vaulted>(store: &D, key: &SigningKey, audit: &AuditEntry) -> Result<(), StoreError> {
    const HAS_DEFAULT: &str = "SELECT version FROM signing_keys \
                               WHERE org_id = $1 AND is_default AND revoked_at_ns IS NULL";
    check_text("a signing key's name", &key.key_id, NAME_CHARS_MAX)?;
    let mut transaction = begin(store).await?;
    check_room(&mut transaction, key.org_id).await?;
    let is_default = key.is_default || transaction.query(HAS_DEFAULT, values![key.org_id]).await?.is_empty();
    if is_default {
        take_default(&mut transaction, key.org_id).await?;
    }
    let key = SigningKey { version: 1, is_default, ..key.clone() };
    insert_version(&mut transaction, store.vault(), &key).await?;
    end_identities(transaction, true, Touches::One(key.org_id), audit).await
}

pub(super) async fn versions<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    key_id: Option<&str>,
) -> Result<Vec<SigningKey>, StoreError> {
    let (which, values) = match key_id {
        Some(key_id) => ("key_id = $2", values![org_id, key_id]),
        None => (IS_DEFAULT, values![org_id]),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM signing_keys WHERE org_id = $1 AND {which} ORDER BY version DESC LIMIT {LISTED_MAX}"
    );
    ask(store, &sql, values).await?.iter().map(|row| read(row, store.vault())).collect()
}

/// The newest first: should clocks differ so much that there are more, the oldest is left out.
pub(super) async fn verifying<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    key_id: Option<&str>,
    at: Timestamp,
) -> Result<Vec<SigningKey>, StoreError> {
    let (which, values) = match key_id {
        Some(key_id) => ("key_id = $3", values![org_id, at, key_id]),
        None => (IS_DEFAULT, values![org_id, at]),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM signing_keys WHERE org_id = $1 AND {which} AND revoked_at_ns IS NULL \
         AND (verify_until_ns IS NULL OR verify_until_ns > $2) ORDER BY version DESC LIMIT {VERIFYING_VERSIONS_MAX}"
    );
    ask(store, &sql, values).await?.iter().map(|row| read(row, store.vault())).collect()
}

pub(super) async fn list<D: Vaulted>(store: &D, org_id: OrgId) -> Result<Vec<SigningKey>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM signing_keys WHERE org_id = $1 \
         ORDER BY created_at_ns DESC, key_id DESC, version DESC LIMIT {LISTED_MAX}"
    );
    ask(store, &sql, values![org_id]).await?.iter().map(|row| read(row, store.vault())).collect()
}

pub(super) async fn rotate<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    key_id: &str,
    secret: &SigningSecret,
    at: Timestamp,
    verify_until: Timestamp,
    audit: &AuditEntry,
) -> Result<Option<SigningKey>, StoreError> {
    const END_OLDER: &str = "UPDATE signing_keys SET verify_until_ns = $3 WHERE org_id = $1 AND key_id = $2 \
                             AND (verify_until_ns IS NULL OR verify_until_ns > $3)";
    const NO_DEFAULT: &str = "UPDATE signing_keys SET is_default = $3 WHERE org_id = $1 AND key_id = $2 AND is_default";
    let mut transaction = begin(store).await?;
    let Some(newest) = newest(&mut transaction, org_id, key_id).await?.filter(|newest| !newest.is_revoked) else {
        transaction.roll_back().await?;
        return Ok(None);
    };
    transaction.execute(END_OLDER, values![org_id, key_id, verify_until]).await?;
    check_verifying(&mut transaction, org_id, key_id, at).await?;
    transaction.execute(NO_DEFAULT, values![org_id, key_id, false]).await?;
    let key = SigningKey {
        org_id,
        key_id: key_id.to_owned(),
        version: newest.version.checked_add(1).ok_or_else(unreadable)?,
        secret: secret.clone(),
        is_default: newest.is_default,
        ai_id: newest.ai_id,
        made_by: audit.actor.name.clone(),
        created_at: at,
        last_used_at: None,
        verify_until: None,
        revoked_at: None,
    };
    insert_version(&mut transaction, store.vault(), &key).await?;
    end_identities(transaction, true, Touches::One(org_id), audit).await?;
    Ok(Some(key))
}

pub(super) async fn set_default<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    key_id: &str,
    audit: &AuditEntry,
) -> Result<bool, StoreError> {
    const MAKE_DEFAULT: &str =
        "UPDATE signing_keys SET is_default = $4 WHERE org_id = $1 AND key_id = $2 AND version = $3";
    let mut transaction = begin(store).await?;
    let newest = newest(&mut transaction, org_id, key_id).await?.filter(|newest| !newest.is_revoked);
    let Some(newest) = newest else {
        transaction.roll_back().await?;
        return Ok(false);
    };
    if !newest.is_default {
        take_default(&mut transaction, org_id).await?;
        let version = i64::from(newest.version);
        transaction.execute(MAKE_DEFAULT, values![org_id, key_id, version, true]).await?;
    }
    end_identities(transaction, !newest.is_default, Touches::One(org_id), audit).await?;
    Ok(true)
}

pub(super) async fn revoke<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    key_id: &str,
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<bool, StoreError> {
    const REVOKE: &str =
        "UPDATE signing_keys SET revoked_at_ns = $3 WHERE org_id = $1 AND key_id = $2 AND revoked_at_ns IS NULL";
    let mut transaction = begin(store).await?;
    let changed = transaction.execute(REVOKE, values![org_id, key_id, at]).await? > 0;
    let is_there = changed || newest(&mut transaction, org_id, key_id).await?.is_some();
    end_identities(transaction, changed, Touches::One(org_id), audit).await?;
    Ok(is_there)
}

/// Neither the version nor the trail tells of it.
pub(super) async fn touch<D: Vaulted>(store: &D, used: &[(SigningKeyId, Timestamp)]) -> Result<(), StoreError> {
    const TOUCH: &str = "UPDATE signing_keys SET last_used_at_ns = $4 WHERE org_id = $1 AND key_id = $2 \
                         AND version = $3 AND (last_used_at_ns IS NULL OR last_used_at_ns < $4)";
    touch_all(store, TOUCH, used, |(of, at)| values![of.org_id, &of.key_id, i64::from(of.version), *at]).await
}

/// What the next version goes on from.
struct Newest {
    version: u32,
    is_default: bool,
    ai_id: Option<uuid::Uuid>,
    is_revoked: bool,
}

async fn newest(transaction: &mut impl Transaction, org_id: OrgId, key_id: &str) -> Result<Option<Newest>, StoreError> {
    const SQL: &str = "SELECT version, is_default, ai_id, revoked_at_ns FROM signing_keys \
                       WHERE org_id = $1 AND key_id = $2 ORDER BY version DESC LIMIT 1";
    let rows = transaction.query(SQL, values![org_id, key_id]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Newest {
        version: version(row, 0)?,
        is_default: row.flag(1)?,
        ai_id: row.maybe(2, Row::uuid)?,
        is_revoked: row.maybe(3, Row::moment)?.is_some(),
    }))
}

/// Whether the organisation may have another signing key.
async fn check_room(transaction: &mut impl Transaction, org_id: OrgId) -> Result<(), StoreError> {
    const SQL: &str = "SELECT count(DISTINCT key_id) FROM signing_keys WHERE org_id = $1 AND revoked_at_ns IS NULL";
    if count(transaction, SQL, values![org_id]).await? < SIGNING_KEYS_MAX as i64 {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "an organisation has at most {SIGNING_KEYS_MAX} signing keys that are not revoked; revoke one first"
    )))
}

/// Whether another version may verify beside those that do.
async fn check_verifying(
    transaction: &mut impl Transaction,
    org_id: OrgId,
    key_id: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = "SELECT count(*) FROM signing_keys WHERE org_id = $1 AND key_id = $2 \
                       AND revoked_at_ns IS NULL AND (verify_until_ns IS NULL OR verify_until_ns > $3)";
    if count(transaction, SQL, values![org_id, key_id, at]).await? < VERIFYING_VERSIONS_MAX as i64 {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "at most {VERIFYING_VERSIONS_MAX} versions of a signing key verify at once; wait until one has ended, or rotate \
         with a time that ends the older ones sooner"
    )))
}

async fn count(transaction: &mut impl Transaction, sql: &str, values: Vec<Value>) -> Result<i64, StoreError> {
    transaction.query(sql, values).await?.first().ok_or_else(unreadable)?.number(0)
}

/// Nothing is the default any more.
async fn take_default(transaction: &mut impl Transaction, org_id: OrgId) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE signing_keys SET is_default = $2 WHERE org_id = $1 AND is_default";
    transaction.execute(SQL, values![org_id, false]).await.map(|_| ())
}

/// Sealed here, within the transaction.
async fn insert_version(transaction: &mut impl Transaction, vault: &Vault, key: &SigningKey) -> Result<(), StoreError> {
    let insert = format!("INSERT INTO signing_keys ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    let owner = signing_secret_owner(key.org_id, &key.key_id, key.version);
    let values = values![
        key.org_id,
        &key.key_id,
        i64::from(key.version),
        vault.seal(key.secret.expose().as_bytes(), &owner),
        key.is_default,
        key.ai_id,
        &key.made_by,
        key.created_at,
        key.verify_until,
        key.revoked_at,
        key.last_used_at,
    ];
    transaction.execute(&insert, values).await.map_err(taken("a signing key of this name")).map(|_| ())
}

/// From the order of [`COLUMNS`].
fn read(row: &Row, vault: &Vault) -> Result<SigningKey, StoreError> {
    let (org_id, key_id, version) = (row.uuid(0)?, row.text(1)?, version(row, 2)?);
    let opened = vault.open(&row.bytes(3)?, &signing_secret_owner(org_id, &key_id, version))?;
    let secret =
        str::from_utf8(&opened).map_err(|_| StoreError::Unreadable("a signing secret is not text".to_owned()))?;
    Ok(SigningKey {
        org_id,
        key_id,
        version,
        secret: SigningSecret::new(secret),
        is_default: row.flag(4)?,
        ai_id: row.maybe(5, Row::uuid)?,
        made_by: row.text(6)?,
        created_at: row.moment(7)?,
        verify_until: row.maybe(8, Row::moment)?,
        revoked_at: row.maybe(9, Row::moment)?,
        last_used_at: row.maybe(10, Row::moment)?,
    })
}

pub(super) fn version(row: &Row, column: usize) -> Result<u32, StoreError> {
    u32::try_from(row.number(column)?).map_err(|_| unreadable())
}
