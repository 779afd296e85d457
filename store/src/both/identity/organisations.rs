//! Organisations, as far as keys need them.

use std::time::SystemTime;

use aibbar::Timestamp;
use uuid::Uuid;

use super::{Vaulted, ask, begin};
use crate::{
    Organisation, StoreError,
    both::{
        NAME_CHARS_MAX, Touches, Transaction as _, check_text, grow_version,
        organisations::{COLUMNS, read},
        values,
    },
};

pub(super) async fn ensure<D: Vaulted>(store: &D, name: &str) -> Result<Organisation, StoreError> {
    const INSERT: &str =
        "INSERT INTO organisations (id, name, created_at_ns) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    check_text("an organisation's name", name, NAME_CHARS_MAX)?;
    // The ordinary case, found without waiting for the writer.
    if let Some(organisation) = by_name(store, name).await? {
        return Ok(organisation);
    }
    let mut transaction = begin(store).await?;
    let now = Timestamp::from(SystemTime::now());
    let id = Uuid::now_v7();
    if transaction.execute(INSERT, values![id, name, now]).await? > 0 {
        grow_version(&mut transaction, Touches::One(id)).await?;
    }
    transaction.commit().await?;
    let made = by_name(store, name).await?;
    made.ok_or_else(|| StoreError::Unavailable("an organisation just made is not there".to_owned()))
}

pub(super) async fn by_name<D: Vaulted>(store: &D, name: &str) -> Result<Option<Organisation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM organisations WHERE name = $1");
    ask(store, &sql, values![name]).await?.first().map(read).transpose()
}

pub(super) async fn first<D: Vaulted>(store: &D) -> Result<Option<Organisation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM organisations ORDER BY created_at_ns, id LIMIT 1");
    ask(store, &sql, values![]).await?.first().map(read).transpose()
}
