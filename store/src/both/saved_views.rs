//! [`SavedViewStore`].

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use super::{Database, Row, Transaction, Value, check_text, end, organisations, taken, values};
use crate::{
    AuditEntry, OrgId, SavedView, SavedViewStore, StoreError,
    saved_views::{
        SHARED_VIEWS_MAX, SavedViewChanges, VIEW_NAME_CHARS_MAX, VIEW_PAGE_CHARS_MAX, VIEW_QUERY_BYTES_MAX,
        VIEWS_PER_PERSON_MAX, ViewChange, Viewer,
    },
};

const COLUMNS: &str = "saved_views.id, org_id, owner_id, users.name, saved_views.name, page, query, is_shared, \
                       saved_views.created_at_ns, updated_at_ns";

const NAME: &str = "a view of this name";

#[async_trait]
impl<D: Database> SavedViewStore for D {
    async fn insert_view(&self, view: &SavedView, audit: &AuditEntry) -> Result<(), StoreError> {
        const OWN: &str = "SELECT count(*) FROM saved_views WHERE org_id = $1 AND owner_id = $2";
        const INSERT: &str = "INSERT INTO saved_views \
                              (id, org_id, owner_id, name, page, query, is_shared, created_at_ns, updated_at_ns) \
                              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        check_text("a page's name", &view.page, VIEW_PAGE_CHARS_MAX)?;
        check(&view.name, &view.query)?;
        let mut transaction = self.begin().await?;
        // One after the other, or two at the same moment would not see each other.
        organisations::lock(&mut transaction, view.org_id).await?;
        if count(&mut transaction, OWN, values![view.org_id, view.owner_id]).await? >= VIEWS_PER_PERSON_MAX {
            transaction.roll_back().await?;
            return Err(StoreError::Refused(format!(
                "a person has at most {VIEWS_PER_PERSON_MAX} saved views in an organisation; delete one first"
            )));
        }
        if view.is_shared {
            check_room(&mut transaction, view.org_id).await?;
        }
        let values = values![
            view.id,
            view.org_id,
            view.owner_id,
            &view.name,
            &view.page,
            &view.query,
            view.is_shared,
            view.created_at,
            view.updated_at,
        ];
        transaction.execute(INSERT, values).await.map_err(taken(NAME))?;
        finish(transaction, true, view.is_shared, audit).await
    }

    async fn views(
        &self,
        viewer: Viewer,
        page: Option<&str>,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<SavedView>, StoreError> {
        let of_page = if page.is_some() { "AND page = $5" } else { "" };
        let condition = format!(
            "org_id = $1 AND (owner_id = $2 OR is_shared) AND saved_views.id > $3 {of_page} \
             ORDER BY saved_views.id LIMIT $4"
        );
        // No view has the nil id.
        let mut values = values![viewer.org_id, viewer.user_id, after.unwrap_or(Uuid::nil()), i64::from(limit)];
        values.extend(page.map(Value::from));
        self.ask(&select(&condition), values).await?.iter().map(read).collect()
    }

    async fn update_view(
        &self,
        viewer: Viewer,
        id: Uuid,
        changes: &SavedViewChanges,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<ViewChange, StoreError> {
        const UPDATE: &str = "UPDATE saved_views SET name = $2, query = $3, is_shared = $4, updated_at_ns = $5 \
                              WHERE id = $1";
        let mut transaction = self.begin().await?;
        let was = match find(&mut transaction, viewer, id).await? {
            ViewChange::Done(was) => was,
            refused => {
                transaction.roll_back().await?;
                return Ok(refused);
            }
        };
        let changes = changes.clone();
        let mut is = SavedView {
            name: changes.name.unwrap_or_else(|| was.name.clone()),
            query: changes.query.unwrap_or_else(|| was.query.clone()),
            is_shared: changes.is_shared.unwrap_or(was.is_shared),
            ..was.clone()
        };
        let changed = is != was;
        if changed {
            is.updated_at = at;
            check(&is.name, &is.query)?;
            if is.is_shared && !was.is_shared {
                check_room(&mut transaction, viewer.org_id).await?;
            }
            let values = values![id, &is.name, &is.query, is.is_shared, at];
            transaction.execute(UPDATE, values).await.map_err(taken(NAME))?;
        }
        finish(transaction, changed, was.is_shared || is.is_shared, audit).await?;
        Ok(ViewChange::Done(is))
    }

    async fn delete_view(&self, viewer: Viewer, id: Uuid, audit: &AuditEntry) -> Result<ViewChange, StoreError> {
        const DELETE: &str = "DELETE FROM saved_views WHERE id = $1";
        let mut transaction = self.begin().await?;
        let found = find(&mut transaction, viewer, id).await?;
        match &found {
            ViewChange::Done(was) => {
                transaction.execute(DELETE, values![id]).await?;
                finish(transaction, true, was.is_shared, audit).await?;
            }
            ViewChange::NoSuchView | ViewChange::Anothers => transaction.roll_back().await?,
        }
        Ok(found)
    }
}

/// The views of a member go with them: how many of these were shared.
pub(super) async fn end_those_of<T: Transaction>(
    transaction: &mut T,
    org_id: OrgId,
    owner_id: Uuid,
) -> Result<u64, StoreError> {
    const SHARED: &str = "DELETE FROM saved_views WHERE org_id = $1 AND owner_id = $2 AND is_shared";
    const OTHERS: &str = "DELETE FROM saved_views WHERE org_id = $1 AND owner_id = $2";
    let shared = transaction.execute(SHARED, values![org_id, owner_id]).await?;
    transaction.execute(OTHERS, values![org_id, owner_id]).await?;
    Ok(shared)
}

/// The view, if they may change it; nobody else changes it before this transaction ends.
async fn find<T: Transaction>(transaction: &mut T, viewer: Viewer, id: Uuid) -> Result<ViewChange, StoreError> {
    organisations::lock(transaction, viewer.org_id).await?;
    let condition = "org_id = $1 AND saved_views.id = $2 AND (owner_id = $3 OR is_shared)";
    let rows = transaction.query(&select(condition), values![viewer.org_id, id, viewer.user_id]).await?;
    Ok(match rows.first().map(read).transpose()? {
        None => ViewChange::NoSuchView,
        Some(view) if viewer.may_change(&view) => ViewChange::Done(view),
        Some(_) => ViewChange::Anothers,
    })
}

async fn check_room<T: Transaction>(transaction: &mut T, org_id: OrgId) -> Result<(), StoreError> {
    const SHARED: &str = "SELECT count(*) FROM saved_views WHERE org_id = $1 AND is_shared";
    if count(transaction, SHARED, values![org_id]).await? < SHARED_VIEWS_MAX {
        return Ok(());
    }
    Err(StoreError::Refused(format!("an organisation shares at most {SHARED_VIEWS_MAX} views; delete one first")))
}

async fn count<T: Transaction>(transaction: &mut T, sql: &str, values: Vec<Value>) -> Result<i64, StoreError> {
    transaction.query(sql, values).await?.first().map_or(Ok(0), |row| row.number(0))
}

/// Ends a change; of what nobody else sees, nobody else is told.
async fn finish<T: Transaction>(
    transaction: T,
    changed: bool,
    is_told: bool,
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    if changed && !is_told {
        return transaction.commit().await;
    }
    end(transaction, changed, audit).await
}

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM saved_views JOIN users ON users.id = owner_id WHERE {condition}")
}

fn check(name: &str, query: &str) -> Result<(), StoreError> {
    check_text("a view's name", name, VIEW_NAME_CHARS_MAX)?;
    if query.len() <= VIEW_QUERY_BYTES_MAX {
        return Ok(());
    }
    Err(StoreError::Refused(format!("a view's query is at most {VIEW_QUERY_BYTES_MAX} bytes")))
}

/// From the order of [`COLUMNS`].
fn read(row: &Row) -> Result<SavedView, StoreError> {
    Ok(SavedView {
        id: row.uuid(0)?,
        org_id: row.uuid(1)?,
        owner_id: row.uuid(2)?,
        owner_name: row.text(3)?,
        name: row.text(4)?,
        page: row.text(5)?,
        query: row.text(6)?,
        is_shared: row.flag(7)?,
        created_at: row.moment(8)?,
        updated_at: row.moment(9)?,
    })
}
