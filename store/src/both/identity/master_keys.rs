//! What hangs on the master keys: the check that they are the right ones, the peppers, and sealing all anew.

use super::{Vaulted, signing_keys};
use crate::{
    StoreError,
    both::{Row, Touches, Transaction, grow_version, values},
    vault::{FIRST_PEPPER, KeyHash, pepper_version, pseudonym_key_owner, signing_secret_owner},
};

const CHECK: &str = "SELECT sealed FROM vault_check";

/// So many secrets are sealed anew in one transaction: others can write in between.
const RESEALED_AT_ONCE: i64 = 100;

/// Peppers that are read: one for each rotation of the master key.
const PEPPERS_MAX: i64 = 10_000;

/// Keeps what a new database needs, or one from before there were peppers. Once is enough, more does no harm.
pub(crate) async fn make_ready<D: Vaulted>(store: &D) -> Result<(), StoreError> {
    const KEEP_CHECK: &str = "INSERT INTO vault_check (only_row, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    const HAS_PEPPER: &str = "SELECT version FROM peppers LIMIT 1";
    const KEEP_PEPPER: &str = "INSERT INTO peppers (version, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let is_checked = !store.ask(CHECK, values![]).await?.is_empty();
    if is_checked && !store.ask(HAS_PEPPER, values![]).await?.is_empty() {
        return Ok(());
    }
    let mut transaction = store.begin_identities().await?;
    if !is_checked {
        transaction.execute(KEEP_CHECK, values![1_i64, store.vault().seal_check()]).await?;
    }
    // Whoever was first: its check tells which master key the database has.
    let check = transaction.query(CHECK, values![]).await?;
    let check = check.first().ok_or_else(not_ready)?.bytes(0)?;
    if transaction.query(HAS_PEPPER, values![]).await?.is_empty() {
        let sealed = store.vault().seal_first_pepper(&check)?;
        transaction.execute(KEEP_PEPPER, values![i64::from(FIRST_PEPPER), sealed]).await?;
    }
    transaction.commit().await
}

/// Whether the database was made with one of the vault's master keys; then the vault gets its peppers.
pub(crate) async fn check_master_key<D: Vaulted>(store: &D) -> Result<(), StoreError> {
    let rows = store.ask(CHECK, values![]).await?;
    store.vault().open_check(&rows.first().ok_or_else(not_ready)?.bytes(0)?)?;
    load_peppers(store).await
}

pub(super) async fn load_peppers<D: Vaulted>(store: &D) -> Result<(), StoreError> {
    let sql = format!("SELECT version, sealed FROM peppers ORDER BY version DESC LIMIT {PEPPERS_MAX}");
    let rows = store.ask(&sql, values![]).await?;
    if rows.is_empty() {
        return Err(not_ready());
    }
    rows.iter().try_for_each(|row| store.vault().keep_pepper(pepper_version(row.number(0)?)?, &row.bytes(1)?))
}

pub(super) fn is_pepper_known<D: Vaulted>(store: &D, hash: &KeyHash) -> bool {
    store.vault().knows_pepper(hash.pepper_version)
}

/// The check comes last: while anything is left under an old master key, a process that does not know it is told at its
/// start. With it comes a new pepper, so that who had the old master key knows nothing of the hashes of new API keys.
pub(super) async fn reseal<D: Vaulted>(store: &D) -> Result<u64, StoreError> {
    let mut resealed = 0;
    loop {
        let some = reseal_some(store).await?;
        resealed += some;
        if some == 0 {
            break;
        }
    }
    loop {
        let some = reseal_some_pseudonym_keys(store).await?;
        resealed += some;
        if some == 0 {
            break;
        }
    }
    resealed += reseal_check(store).await?;
    load_peppers(store).await?;
    Ok(resealed)
}

/// Some signing secrets; how many. None are left when there were none.
async fn reseal_some<D: Vaulted>(store: &D) -> Result<u64, StoreError> {
    const UPDATE: &str =
        "UPDATE signing_keys SET sealed_secret = $4 WHERE org_id = $1 AND key_id = $2 AND version = $3";
    let select = format!(
        "SELECT org_id, key_id, version, sealed_secret FROM signing_keys \
         WHERE substr(sealed_secret, 1, {}) <> $1 LIMIT {RESEALED_AT_ONCE}",
        crate::vault::SEAL_HEADER_BYTES
    );
    let mut transaction = store.begin_identities().await?;
    let rows = transaction.query(&select, values![store.vault().seal_header().to_vec()]).await?;
    for row in &rows {
        let (org_id, key_id, version) = (row.uuid(0)?, row.text(1)?, signing_keys::version(row, 2)?);
        let owner = signing_secret_owner(org_id, &key_id, version);
        let sealed = store.vault().reseal(&row.bytes(3)?, &owner)?;
        transaction.execute(UPDATE, values![org_id, &key_id, i64::from(version), sealed]).await?;
    }
    end(transaction, !rows.is_empty()).await?;
    Ok(rows.len() as u64)
}

/// Some pseudonym keys; how many. None are left when there were none.
async fn reseal_some_pseudonym_keys<D: Vaulted>(store: &D) -> Result<u64, StoreError> {
    const UPDATE: &str = "UPDATE redaction SET sealed_key = $2 WHERE org_id = $1";
    let select = format!(
        "SELECT org_id, key_version, sealed_key FROM redaction WHERE substr(sealed_key, 1, {}) <> $1 \
         LIMIT {RESEALED_AT_ONCE}",
        crate::vault::SEAL_HEADER_BYTES
    );
    let mut transaction = store.begin_identities().await?;
    let rows = transaction.query(&select, values![store.vault().seal_header().to_vec()]).await?;
    for row in &rows {
        let org_id = row.uuid(0)?;
        let owner = pseudonym_key_owner(org_id, signing_keys::version(row, 1)?);
        let sealed = store.vault().reseal(&row.bytes(2)?, &owner)?;
        transaction.execute(UPDATE, values![org_id, sealed]).await?;
    }
    end(transaction, !rows.is_empty()).await?;
    Ok(rows.len() as u64)
}

/// The peppers and the check; how many peppers.
async fn reseal_check<D: Vaulted>(store: &D) -> Result<u64, StoreError> {
    const PEPPERS: &str = "SELECT version, sealed FROM peppers ORDER BY version";
    const UPDATE_PEPPER: &str = "UPDATE peppers SET sealed = $2 WHERE version = $1";
    const NEW_PEPPER: &str = "INSERT INTO peppers (version, sealed) VALUES ($1, $2)";
    const UPDATE_CHECK: &str = "UPDATE vault_check SET sealed = $1";
    let vault = store.vault();
    let mut transaction = store.begin_identities().await?;
    let header = vault.seal_header();
    let is_old = |row: &Row, column| row.bytes(column).map(|sealed| !sealed.starts_with(&header));

    let mut resealed = 0;
    let mut newest = 0;
    for row in transaction.query(PEPPERS, values![]).await? {
        newest = pepper_version(row.number(0)?)?;
        if is_old(&row, 1)? {
            let sealed = vault.reseal_pepper(newest, &row.bytes(1)?)?;
            transaction.execute(UPDATE_PEPPER, values![i64::from(newest), sealed]).await?;
            resealed += 1;
        }
    }
    let checks = transaction.query(CHECK, values![]).await?;
    let check = checks.first().ok_or_else(not_ready)?;
    let check_is_old = is_old(check, 0)?;
    if check_is_old {
        let version = newest.checked_add(1).ok_or_else(not_ready)?;
        let sealed = vault.seal_new_pepper(version);
        transaction.execute(NEW_PEPPER, values![i64::from(version), sealed]).await?;
        transaction.execute(UPDATE_CHECK, values![vault.reseal_check(&check.bytes(0)?)?]).await?;
    }
    end(transaction, resealed > 0 || check_is_old).await?;
    Ok(resealed)
}

async fn end<T: Transaction>(mut transaction: T, changed: bool) -> Result<(), StoreError> {
    if !changed {
        return transaction.roll_back().await;
    }
    grow_version(&mut transaction, Touches::All).await?;
    transaction.commit().await
}

fn not_ready() -> StoreError {
    StoreError::Unreadable("it was not made ready; run the migration".to_owned())
}
