//! [`LegalHoldStore`].

use async_trait::async_trait;
use uuid::Uuid;

use super::{Database, NAME_CHARS_MAX, Row, Transaction, check_text, end, retention::come_one_by_one, values};
use crate::{
    AuditEntry, OrgId, StoreError,
    legal_holds::{ACTIVE_HOLDS_MAX, HeldNow, LegalHold, LegalHoldStore, Release},
};

const COLUMNS: &str = "id, org_id, ai_id, name, reason, placed_by, placed_at_ns, release_reason, released_by, \
                       released_at_ns";

const REASON_CHARS_MAX: usize = 1_024;

#[async_trait]
impl<D: Database> LegalHoldStore for D {
    async fn place_hold(&self, hold: &LegalHold, audit: &AuditEntry) -> Result<(), StoreError> {
        const ACTIVE: &str = "SELECT count(*) FROM legal_holds WHERE org_id = $1 AND released_at_ns IS NULL";
        const INSERT: &str = "INSERT INTO legal_holds (id, org_id, ai_id, name, reason, placed_by, placed_at_ns) \
                              VALUES ($1, $2, $3, $4, $5, $6, $7)";
        if let Some(name) = &hold.name {
            check_text("a hold's name", name, NAME_CHARS_MAX)?;
        }
        check_reason(&hold.reason)?;
        let mut transaction = self.begin().await?;
        come_one_by_one(&mut transaction).await?;
        let active = transaction.query(ACTIVE, values![hold.org_id]).await?;
        if active.first().map_or(Ok(0), |row| row.number(0))? >= ACTIVE_HOLDS_MAX {
            transaction.roll_back().await?;
            return Err(StoreError::Refused(format!("an organisation has at most {ACTIVE_HOLDS_MAX} active holds")));
        }
        let values = values![
            hold.id,
            hold.org_id,
            hold.ai_id,
            hold.name.as_deref(),
            &hold.reason,
            &hold.placed_by,
            hold.placed_at
        ];
        transaction.execute(INSERT, values).await?;
        end(transaction, true, audit).await
    }

    async fn release_hold(
        &self,
        org_id: OrgId,
        id: Uuid,
        release: &Release,
        audit: &AuditEntry,
    ) -> Result<Option<LegalHold>, StoreError> {
        const UPDATE: &str = "UPDATE legal_holds SET release_reason = $3, released_by = $4, released_at_ns = $5 \
                              WHERE org_id = $1 AND id = $2 AND released_at_ns IS NULL";
        check_reason(&release.reason)?;
        let mut transaction = self.begin().await?;
        come_one_by_one(&mut transaction).await?;
        let values = values![org_id, id, &release.reason, &release.by, release.at];
        let released = transaction.execute(UPDATE, values).await? > 0;
        let hold = transaction.query(&one(), values![org_id, id]).await?;
        let hold = hold.first().map(read).transpose()?;
        end(transaction, released, audit).await?;
        Ok(hold)
    }

    async fn legal_hold(&self, org_id: OrgId, id: Uuid) -> Result<Option<LegalHold>, StoreError> {
        self.ask(&one(), values![org_id, id]).await?.first().map(read).transpose()
    }

    async fn legal_holds(
        &self,
        org_id: OrgId,
        active: Option<bool>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<LegalHold>, StoreError> {
        let state = match active {
            None => "",
            Some(true) => "AND released_at_ns IS NULL",
            Some(false) => "AND released_at_ns IS NOT NULL",
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM legal_holds WHERE org_id = $1 AND id < $2 {state} ORDER BY id DESC LIMIT $3"
        );
        // No hold has the largest id there is.
        let values = values![org_id, before.unwrap_or(Uuid::max()), i64::from(limit)];
        self.ask(&sql, values).await?.iter().map(read).collect()
    }

    async fn held_now(&self, org_id: OrgId) -> Result<HeldNow, StoreError> {
        const HELD: &str = "SELECT DISTINCT ai_id FROM legal_holds WHERE org_id = $1 AND released_at_ns IS NULL";
        let mut held = HeldNow::default();
        for row in self.ask(HELD, values![org_id]).await? {
            match row.maybe(0, Row::uuid)? {
                Some(_) => held.ai_systems += 1,
                None => held.everything = true,
            }
        }
        Ok(held)
    }
}

fn one() -> String {
    format!("SELECT {COLUMNS} FROM legal_holds WHERE org_id = $1 AND id = $2")
}

/// May have several lines.
fn check_reason(reason: &str) -> Result<(), StoreError> {
    if (1..=REASON_CHARS_MAX).contains(&reason.chars().count()) {
        return Ok(());
    }
    Err(StoreError::Refused(format!("a reason is 1–{REASON_CHARS_MAX} characters")))
}

/// From the order of [`COLUMNS`].
fn read(row: &Row) -> Result<LegalHold, StoreError> {
    let release = match row.maybe(9, Row::moment)? {
        Some(at) => Some(Release { reason: row.text(7)?, by: row.text(8)?, at }),
        None => None,
    };
    Ok(LegalHold {
        id: row.uuid(0)?,
        org_id: row.uuid(1)?,
        ai_id: row.maybe(2, Row::uuid)?,
        name: row.maybe(3, Row::text)?,
        reason: row.text(4)?,
        placed_by: row.text(5)?,
        placed_at: row.moment(6)?,
        release,
    })
}
