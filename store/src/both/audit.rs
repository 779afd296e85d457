//! [`AuditStore`]: entries are inserted and read, and nothing else.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Database, Row, Transaction, Value, value::unreadable, values};
use crate::{
    Actor, ActorKind, AuditEntry, AuditStore, OrgId, StoreError,
    audit::{AuditFilter, AuditPage, AuditResult},
    query::first_id_at,
};

const COLUMNS: &str = "id, at_ns, org_id, actor_kind, actor_id, actor_name, action, target_kind, target_id, result, \
                       address, request_id, detail";

/// An entry's id is made with its time; so far apart the two may be, in milliseconds.
const ID_SKEW_MS_MAX: i64 = 60_000;

/// Writes an entry as a part of the transaction that makes the change.
pub(crate) async fn insert_audit(transaction: &mut impl Transaction, entry: &AuditEntry) -> Result<(), StoreError> {
    let insert = format!(
        "INSERT INTO audit_entries ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let detail = serde_json::Value::Object(entry.detail.clone()).to_string();
    let values = values![
        entry.id,
        entry.at,
        entry.org_id,
        entry.actor.kind.as_str(),
        &entry.actor.id,
        &entry.actor.name,
        &entry.action,
        &entry.target_kind,
        &entry.target_id,
        entry.result.as_str(),
        entry.address,
        entry.request_id.as_deref(),
        detail.as_str(),
    ];
    transaction.execute(&insert, values).await.map_err(super::taken("this audit entry")).map(|_| ())
}

#[async_trait]
impl<D: Database> AuditStore for D {
    async fn append_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        insert_audit(&mut transaction, entry).await?;
        transaction.commit().await
    }

    async fn audit(
        &self,
        org_id: OrgId,
        filter: &AuditFilter,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<AuditPage, StoreError> {
        if limit == 0 {
            return Ok(AuditPage { entries: Vec::new(), next_before: None });
        }
        let (conditions, mut values) = conditions(org_id, filter, before);
        // One more than asked for tells whether there is more.
        values.push(Value::Number(i64::from(limit) + 1));
        let sql =
            format!("SELECT {COLUMNS} FROM audit_entries WHERE {conditions} ORDER BY id DESC LIMIT ${}", values.len());
        let rows = self.ask(&sql, values).await?;
        let entries = rows.iter().take(limit as usize).map(read).collect::<Result<Vec<_>, _>>()?;
        let has_more = rows.len() > entries.len();
        Ok(AuditPage { next_before: entries.last().filter(|_| has_more).map(|entry| entry.id), entries })
    }
}

/// The conditions, joined, and their parameters.
fn conditions(org_id: OrgId, filter: &AuditFilter, before: Option<Uuid>) -> (String, Vec<Value>) {
    let mut sql = "org_id = $1".to_owned();
    let mut values = values![org_id];
    let mut and = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(" AND ");
        sql.push_str(&condition.replace("{}", &format!("${}", values.len())));
    };
    if let Some(before) = before {
        and("id < {}", before.into());
    }
    if let Some(actor) = &filter.actor {
        and("(actor_id = {} OR actor_name = {})", actor.into());
    }
    if let Some(action) = &filter.action {
        // Itself, or what begins with it and a dot: compared as bytes, in which a slash comes next, so that an index can be
        // used, and no character of the filter is a pattern.
        and("(action = {} OR (action >= {} || '.' AND action < {} || '/'))", action.into());
    }
    if let Some(target) = &filter.target {
        and("target_id = {}", target.into());
    }
    // The exact bound is on the time; the wider one on the id is what the index can use.
    if let Some(from) = filter.from {
        and("at_ns >= {}", from.into());
        and("id >= {}", first_id_at(from.unix_ms().saturating_sub(ID_SKEW_MS_MAX)).into());
    }
    if let Some(to) = filter.to {
        and("at_ns < {}", to.into());
        and("id < {}", first_id_at(to.unix_ms().saturating_add(ID_SKEW_MS_MAX)).into());
    }
    (sql, values)
}

fn read(row: &Row) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        id: row.uuid(0)?,
        at: row.moment(1)?,
        org_id: row.maybe_org(2)?,
        actor: Actor {
            kind: ActorKind::parse(&row.text(3)?).ok_or_else(unreadable)?,
            id: row.text(4)?,
            name: row.text(5)?,
        },
        action: row.text(6)?,
        target_kind: row.text(7)?,
        target_id: row.text(8)?,
        result: AuditResult::parse(&row.text(9)?).ok_or_else(unreadable)?,
        address: row.maybe(10, Row::parsed)?,
        request_id: row.maybe(11, Row::text)?,
        detail: serde_json::from_str(&row.text(12)?).map_err(|_| unreadable())?,
    })
}
