//! [`AiSystemStore`].

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use super::{Database, NAME_CHARS_MAX, Row, Touches, Transaction, Value, check_text, end_identities, taken, values};
use crate::{AiSystem, AiSystemStore, AuditEntry, OrgId, StoreError, ai_systems::AiSystemChanges};

const COLUMNS: &str = "org_id, ai_id, name, owner, description, environment, created_at_ns, updated_at_ns";

const OWNER_CHARS_MAX: usize = 256;
const DESCRIPTION_CHARS_MAX: usize = 2_048;
const ENVIRONMENT_CHARS_MAX: usize = 64;

const ID_OR_NAME: &str = "an AI system of this id or name";

#[async_trait]
impl<D: Database> AiSystemStore for D {
    async fn insert_ai_system(&self, system: &AiSystem, audit: &AuditEntry) -> Result<(), StoreError> {
        let insert = format!("INSERT INTO ai_systems ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
        let values = columns(system)?;
        let mut transaction = self.begin_identities().await?;
        transaction.execute(&insert, values).await.map_err(taken(ID_OR_NAME))?;
        end_identities(transaction, true, Touches::One(system.org_id), audit).await
    }

    async fn ai_system(&self, org_id: OrgId, ai_id: Uuid) -> Result<Option<AiSystem>, StoreError> {
        let rows = self.ask(&select("org_id = $1 AND ai_id = $2"), values![org_id, ai_id]).await?;
        rows.first().map(read).transpose()
    }

    async fn ai_systems(&self, org_id: OrgId, after: Option<Uuid>, limit: u32) -> Result<Vec<AiSystem>, StoreError> {
        let limit = i64::from(limit);
        let rows = match after {
            None => self.ask(&select("org_id = $1 ORDER BY ai_id LIMIT $2"), values![org_id, limit]).await?,
            Some(after) => {
                let condition = "org_id = $1 AND ai_id > $2 ORDER BY ai_id LIMIT $3";
                self.ask(&select(condition), values![org_id, after, limit]).await?
            }
        };
        rows.iter().map(read).collect()
    }

    async fn update_ai_system(
        &self,
        org_id: OrgId,
        ai_id: Uuid,
        changes: &AiSystemChanges,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<AiSystem>, StoreError> {
        const UPDATE: &str = "UPDATE ai_systems SET name = $3, owner = $4, description = $5, environment = $6, \
                              created_at_ns = $7, updated_at_ns = $8 WHERE org_id = $1 AND ai_id = $2";
        let mut transaction = self.begin_identities().await?;
        let rows = transaction.query(&select("org_id = $1 AND ai_id = $2"), values![org_id, ai_id]).await?;
        let Some(was) = rows.first().map(read).transpose()? else {
            transaction.roll_back().await?;
            return Ok(None);
        };
        let changes = changes.clone();
        let mut is = AiSystem {
            name: changes.name.unwrap_or_else(|| was.name.clone()),
            owner: changes.owner.unwrap_or_else(|| was.owner.clone()),
            description: changes.description.unwrap_or_else(|| was.description.clone()),
            environment: changes.environment.unwrap_or_else(|| was.environment.clone()),
            ..was.clone()
        };
        let changed = is != was;
        if changed {
            is.updated_at = at;
            transaction.execute(UPDATE, columns(&is)?).await.map_err(taken(ID_OR_NAME))?;
        }
        end_identities(transaction, changed, Touches::One(org_id), audit).await?;
        Ok(Some(is))
    }

    async fn delete_ai_system(&self, org_id: OrgId, ai_id: Uuid, audit: &AuditEntry) -> Result<bool, StoreError> {
        const DELETE: &str = "DELETE FROM ai_systems WHERE org_id = $1 AND ai_id = $2";
        let mut transaction = self.begin_identities().await?;
        let deleted = transaction.execute(DELETE, values![org_id, ai_id]).await? > 0;
        end_identities(transaction, deleted, Touches::One(org_id), audit).await?;
        Ok(deleted)
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM ai_systems WHERE {condition}")
}

/// In the order of [`COLUMNS`].
fn columns(system: &AiSystem) -> Result<Vec<Value>, StoreError> {
    check_text("an AI system's name", &system.name, NAME_CHARS_MAX)?;
    check_length("an AI system's owner", system.owner.as_deref(), OWNER_CHARS_MAX)?;
    check_length("an AI system's description", system.description.as_deref(), DESCRIPTION_CHARS_MAX)?;
    check_length("an AI system's environment", system.environment.as_deref(), ENVIRONMENT_CHARS_MAX)?;
    Ok(values![
        system.org_id,
        system.ai_id,
        &system.name,
        system.owner.as_deref(),
        system.description.as_deref(),
        system.environment.as_deref(),
        system.created_at,
        system.updated_at,
    ])
}

fn check_length(what: &str, text: Option<&str>, chars_max: usize) -> Result<(), StoreError> {
    if text.is_none_or(|text| text.chars().count() <= chars_max) {
        return Ok(());
    }
    Err(StoreError::Refused(format!("{what} is at most {chars_max} characters")))
}

/// From the order of [`COLUMNS`].
fn read(row: &Row) -> Result<AiSystem, StoreError> {
    Ok(AiSystem {
        org_id: row.uuid(0)?,
        ai_id: row.uuid(1)?,
        name: row.text(2)?,
        owner: row.maybe(3, Row::text)?,
        description: row.maybe(4, Row::text)?,
        environment: row.maybe(5, Row::text)?,
        created_at: row.moment(6)?,
        updated_at: row.moment(7)?,
    })
}
