//! API keys: never the key itself, only its hash and the prefix that it is found by.

use aibbar::Timestamp;
use ipnet::IpNet;
use uuid::Uuid;

use super::{
    Vaulted, ask, begin,
    master_keys::{is_pepper_known, load_peppers},
    touch_all,
};
use crate::{
    ApiKey, AuditEntry, FoundKey, Limit, Limits, OrgId, Scope, StoreError,
    both::{
        NAME_CHARS_MAX, Row, Touches, Transaction, Value, check_text, end_identities, taken, value::unreadable, values,
    },
    identity::{API_KEYS_MAX, ApiKeyChanges, PreviousKey},
    vault::{KeyHash, pepper_version},
};

const COLUMNS: &str = "id, org_id, name, prefix, hash, pepper_version, previous_prefix, previous_hash, \
                       previous_pepper_version, previous_until_ns, scopes, requests_per_minute, events_per_day, \
                       allowed_ips, made_by, created_at_ns, last_used_at_ns, expires_at_ns, revoked_at_ns, \
                       limits_are_granted";

/// `k` is the key, `o` its organisation, `p` the plan of that.
const FIND: &str = "SELECT k.id, k.org_id, k.name, k.prefix, k.hash, k.pepper_version, k.previous_prefix, \
                    k.previous_hash, k.previous_pepper_version, k.previous_until_ns, k.scopes, \
                    k.requests_per_minute, k.events_per_day, k.allowed_ips, k.made_by, k.created_at_ns, \
                    k.last_used_at_ns, k.expires_at_ns, k.revoked_at_ns, k.limits_are_granted, p.requests_per_minute, \
                    p.events_per_day, o.registered_systems_only \
                    FROM api_keys k JOIN organisations o ON o.id = k.org_id LEFT JOIN plans p ON p.name = o.plan";

const PLAN_COLUMN: usize = 20;
const REGISTERED_ONLY_COLUMN: usize = 22;

/// Address ranges of one key.
const ALLOWED_IPS_MAX: usize = 64;

const NAME_OR_PREFIX: &str = "an API key of this name or prefix";

pub(super) async fn insert<D: Vaulted>(store: &D, key: &ApiKey, audit: &AuditEntry) -> Result<(), StoreError> {
    let insert = format!(
        "INSERT INTO api_keys ({COLUMNS}) VALUES \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
    );
    let values = columns(key)?;
    let mut transaction = begin(store).await?;
    check_room(&mut transaction, key.org_id).await?;
    check_prefix_is_free(&mut transaction, &key.prefix).await?;
    transaction.execute(&insert, values).await.map_err(taken(NAME_OR_PREFIX))?;
    end_identities(transaction, true, Touches::One(key.org_id), audit).await
}

pub(super) async fn by_prefix<D: Vaulted>(store: &D, prefix: &str) -> Result<Option<FoundKey>, StoreError> {
    let sql = format!("{FIND} WHERE k.prefix = $1 OR k.previous_prefix = $1");
    found(store, ask(store, &sql, values![prefix]).await?).await
}

pub(super) async fn by_id<D: Vaulted>(store: &D, org_id: OrgId, id: Uuid) -> Result<Option<FoundKey>, StoreError> {
    let sql = format!("{FIND} WHERE k.org_id = $1 AND k.id = $2");
    found(store, ask(store, &sql, values![org_id, id]).await?).await
}

pub(super) async fn list<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Vec<ApiKey>, StoreError> {
    let limit = i64::from(limit);
    let (condition, values) = match before {
        None => ("org_id = $1 ORDER BY id DESC LIMIT $2", values![org_id, limit]),
        Some(before) => ("org_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3", values![org_id, before, limit]),
    };
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE {condition}");
    ask(store, &sql, values).await?.iter().map(read).collect()
}

pub(super) async fn update<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    id: Uuid,
    changes: &ApiKeyChanges,
    audit: &AuditEntry,
) -> Result<Option<ApiKey>, StoreError> {
    let mut transaction = begin(store).await?;
    let Some(was) = not_revoked(&mut transaction, org_id, id).await? else {
        transaction.roll_back().await?;
        return Ok(None);
    };
    let changes = changes.clone();
    let is = ApiKey {
        name: changes.name.unwrap_or_else(|| was.name.clone()),
        scopes: changes.scopes.unwrap_or_else(|| was.scopes.clone()),
        limits: changes.limits.unwrap_or(was.limits),
        limits_are_granted: was.limits_are_granted && changes.limits.is_none_or(|limits| limits == was.limits),
        allowed_ips: changes.allowed_ips.unwrap_or_else(|| was.allowed_ips.clone()),
        expires_at: changes.expires_at.unwrap_or(was.expires_at),
        ..was.clone()
    };
    let changed = is != was;
    if changed {
        rewrite(&mut transaction, &is).await?;
    }
    end_identities(transaction, changed, Touches::One(org_id), audit).await?;
    Ok(Some(is))
}

pub(super) async fn rotate<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    id: Uuid,
    prefix: &str,
    hash: &KeyHash,
    previous_until: Option<Timestamp>,
    audit: &AuditEntry,
) -> Result<Option<ApiKey>, StoreError> {
    let mut transaction = begin(store).await?;
    let Some(was) = not_revoked(&mut transaction, org_id, id).await? else {
        transaction.roll_back().await?;
        return Ok(None);
    };
    check_prefix_is_free(&mut transaction, prefix).await?;
    let previous = previous_until.map(|until| PreviousKey { prefix: was.prefix.clone(), hash: was.hash, until });
    let is = ApiKey { prefix: prefix.to_owned(), hash: *hash, previous, ..was };
    rewrite(&mut transaction, &is).await?;
    end_identities(transaction, true, Touches::One(org_id), audit).await?;
    Ok(Some(is))
}

pub(super) async fn revoke<D: Vaulted>(
    store: &D,
    org_id: OrgId,
    id: Uuid,
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<bool, StoreError> {
    const REVOKE: &str =
        "UPDATE api_keys SET revoked_at_ns = $3 WHERE org_id = $1 AND id = $2 AND revoked_at_ns IS NULL";
    const IS_THERE: &str = "SELECT id FROM api_keys WHERE org_id = $1 AND id = $2";
    let mut transaction = begin(store).await?;
    let changed = transaction.execute(REVOKE, values![org_id, id, at]).await? > 0;
    let is_there = changed || !transaction.query(IS_THERE, values![org_id, id]).await?.is_empty();
    end_identities(transaction, changed, Touches::One(org_id), audit).await?;
    Ok(is_there)
}

/// Neither the version nor the trail tells of it.
pub(super) async fn touch<D: Vaulted>(store: &D, used: &[(Uuid, Timestamp)]) -> Result<(), StoreError> {
    const TOUCH: &str = "UPDATE api_keys SET last_used_at_ns = $2 \
                         WHERE id = $1 AND (last_used_at_ns IS NULL OR last_used_at_ns < $2)";
    touch_all(store, TOUCH, used, |(id, at)| values![*id, *at]).await
}

async fn not_revoked(
    transaction: &mut impl Transaction,
    org_id: OrgId,
    id: Uuid,
) -> Result<Option<ApiKey>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE org_id = $1 AND id = $2 AND revoked_at_ns IS NULL");
    transaction.query(&sql, values![org_id, id]).await?.first().map(read).transpose()
}

/// All that may change of a key.
async fn rewrite(transaction: &mut impl Transaction, key: &ApiKey) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE api_keys SET name = $3, prefix = $4, hash = $5, pepper_version = $6, \
                          previous_prefix = $7, previous_hash = $8, previous_pepper_version = $9, \
                          previous_until_ns = $10, scopes = $11, requests_per_minute = $12, events_per_day = $13, \
                          allowed_ips = $14, expires_at_ns = $15, limits_are_granted = $16 \
                          WHERE id = $1 AND org_id = $2";
    let mut values = columns(key)?;
    // What never changes: by whom and when it was made, its last use, its end.
    values.truncate(14);
    values.push(key.expires_at.into());
    values.push(key.limits_are_granted.into());
    transaction.execute(UPDATE, values).await.map_err(taken(NAME_OR_PREFIX)).map(|_| ())
}

/// Whether the organisation may have another key: each takes a place in every gateway's cache.
async fn check_room(transaction: &mut impl Transaction, org_id: OrgId) -> Result<(), StoreError> {
    const SQL: &str = "SELECT count(*) FROM api_keys WHERE org_id = $1 AND revoked_at_ns IS NULL";
    let rows = transaction.query(SQL, values![org_id]).await?;
    if rows.first().ok_or_else(unreadable)?.number(0)? < API_KEYS_MAX as i64 {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "an organisation has at most {API_KEYS_MAX} API keys that are not revoked; revoke one first"
    )))
}

/// The column of present prefixes is unique; that none of them is a former one is for us to see to.
async fn check_prefix_is_free(transaction: &mut impl Transaction, prefix: &str) -> Result<(), StoreError> {
    const SQL: &str = "SELECT id FROM api_keys WHERE prefix = $1 OR previous_prefix = $1";
    if transaction.query(SQL, values![prefix]).await?.is_empty() {
        return Ok(());
    }
    Err(StoreError::Exists(NAME_OR_PREFIX.to_owned()))
}

async fn found<D: Vaulted>(store: &D, rows: Vec<Row>) -> Result<Option<FoundKey>, StoreError> {
    let Some(row) = rows.first() else { return Ok(None) };
    let key = read(row)?;
    // Hashed by a process that knows of a newer pepper: whoever asks is to be able to check it.
    let hashes = std::iter::once(&key.hash).chain(key.previous.as_ref().map(|previous| &previous.hash));
    if !hashes.into_iter().all(|hash| is_pepper_known(store, hash)) {
        load_peppers(store).await?;
    }
    let registered_systems_only = row.flag(REGISTERED_ONLY_COLUMN)?;
    Ok(Some(FoundKey { key, plan: limits(row, PLAN_COLUMN)?, registered_systems_only }))
}

/// In the order of [`COLUMNS`].
fn columns(key: &ApiKey) -> Result<Vec<Value>, StoreError> {
    check_text("an API key's name", &key.name, NAME_CHARS_MAX)?;
    check_text("an API key's prefix", &key.prefix, NAME_CHARS_MAX)?;
    if key.allowed_ips.len() > ALLOWED_IPS_MAX {
        return Err(StoreError::Refused(format!("an API key has at most {ALLOWED_IPS_MAX} address ranges")));
    }
    let joined = |words: Vec<String>| words.join(" ");
    let scopes = joined(key.scopes.iter().map(Scope::to_string).collect());
    let allowed_ips = joined(key.allowed_ips.iter().map(IpNet::to_string).collect());
    let previous = key.previous.as_ref();
    Ok(values![
        key.id,
        key.org_id,
        &key.name,
        &key.prefix,
        key.hash.bytes.to_vec(),
        i64::from(key.hash.pepper_version),
        previous.map(|previous| &previous.prefix),
        previous.map(|previous| previous.hash.bytes.to_vec()),
        previous.map(|previous| i64::from(previous.hash.pepper_version)),
        previous.map(|previous| previous.until),
        &scopes,
        key.limits.requests_per_minute.to_column(),
        key.limits.events_per_day.to_column(),
        &allowed_ips,
        &key.made_by,
        key.created_at,
        key.last_used_at,
        key.expires_at,
        key.revoked_at,
        key.limits_are_granted,
    ])
}

/// From the order of [`COLUMNS`].
fn read(row: &Row) -> Result<ApiKey, StoreError> {
    let previous = match row.maybe(6, Row::text)? {
        None => None,
        Some(prefix) => Some(PreviousKey { prefix, hash: hash(row, 7)?, until: row.moment(9)? }),
    };
    Ok(ApiKey {
        id: row.uuid(0)?,
        org_id: row.uuid(1)?,
        name: row.text(2)?,
        prefix: row.text(3)?,
        hash: hash(row, 4)?,
        previous,
        scopes: words::<Scope>(row, 10)?,
        limits: limits(row, 11)?,
        allowed_ips: words::<IpNet>(row, 13)?,
        made_by: row.text(14)?,
        created_at: row.moment(15)?,
        last_used_at: row.maybe(16, Row::moment)?,
        expires_at: row.maybe(17, Row::moment)?,
        revoked_at: row.maybe(18, Row::moment)?,
        limits_are_granted: row.flag(19)?,
    })
}

/// A hash, and in the next column the version of its pepper.
fn hash(row: &Row, column: usize) -> Result<KeyHash, StoreError> {
    let bytes = row.bytes(column)?.try_into().map_err(|_| unreadable())?;
    Ok(KeyHash { pepper_version: pepper_version(row.number(column + 1)?)?, bytes })
}

/// Requests per minute, and in the next column events per day.
fn limits(row: &Row, column: usize) -> Result<Limits, StoreError> {
    Ok(Limits {
        requests_per_minute: Limit::from_column(row.maybe(column, Row::number)?),
        events_per_day: Limit::from_column(row.maybe(column + 1, Row::number)?),
    })
}

fn words<T: std::str::FromStr>(row: &Row, column: usize) -> Result<Vec<T>, StoreError> {
    let text = row.text(column)?;
    text.split_ascii_whitespace().map(|word| word.parse().map_err(|_| unreadable())).collect()
}
