//! [`TopicStore`].

use aibbar::{Timestamp, topic::TopicName};
use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Database, Row, Touches, Transaction, Value, end_identities, grow_version, taken, value::unreadable, values,
};
use crate::{
    AuditEntry, OrgId, StoreError, Topic, TopicStore,
    topics::{
        HeldTopic, Hold, PARTITIONS_PER_ORGANISATION_MAX, PARTITIONS_PER_TOPIC_MAX, SCHEMA_BYTES_MAX,
        TOPICS_PER_ORGANISATION_MAX, TopicChanges,
    },
};

const COLUMNS: &str = "id, org_id, name, folded, partitions, retention_hours, compacted, schema, is_made, created_by, \
                       created_at_ns, updated_at_ns, is_applied";

const COLUMNS_COUNT: usize = 13;

const NAME: &str = "a topic of this name";

#[async_trait]
impl<D: Database> TopicStore for D {
    async fn insert_topic(&self, topic: &Topic, audit: &AuditEntry) -> Result<(), StoreError> {
        let insert =
            format!("INSERT INTO topics ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
        let values = columns(topic)?;
        let mut transaction = self.begin_identities().await?;
        let (topics, partitions) = counted(&mut transaction, topic.org_id).await?;
        transaction.execute(&insert, values).await.map_err(taken(NAME))?;
        if topics >= i64::from(TOPICS_PER_ORGANISATION_MAX) {
            return Err(StoreError::Refused(format!(
                "an organisation has at most {TOPICS_PER_ORGANISATION_MAX} topics; delete one first"
            )));
        }
        check_partitions(partitions + i64::from(topic.partitions))?;
        end_identities(transaction, true, Touches::One(topic.org_id), audit).await
    }

    async fn topic(&self, org_id: OrgId, name: &TopicName) -> Result<Option<Topic>, StoreError> {
        let condition = "org_id = $1 AND name = $2 AND NOT is_deleted";
        let rows = self.ask(&select(condition), values![org_id, name.as_str()]).await?;
        rows.first().map(read).transpose()
    }

    async fn topics(&self, org_id: OrgId, after: Option<&TopicName>, limit: u32) -> Result<Vec<Topic>, StoreError> {
        // No name is empty.
        let after = after.map_or("", TopicName::as_str);
        let condition = "org_id = $1 AND name > $2 AND NOT is_deleted ORDER BY name LIMIT $3";
        let rows = self.ask(&select(condition), values![org_id, after, i64::from(limit)]).await?;
        rows.iter().map(read).collect()
    }

    async fn all_topics(&self, after: Option<Uuid>, limit: u32) -> Result<Vec<Topic>, StoreError> {
        let condition = "id > $1 AND NOT is_deleted ORDER BY id LIMIT $2";
        let rows = self.ask(&select(condition), values![after.unwrap_or(Uuid::nil()), i64::from(limit)]).await?;
        rows.iter().map(read).collect()
    }

    async fn update_topic(
        &self,
        org_id: OrgId,
        name: &TopicName,
        changes: &TopicChanges,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<Topic>, StoreError> {
        const UPDATE: &str = "UPDATE topics SET partitions = $2, retention_hours = $3, compacted = $4, schema = $5, \
                              updated_at_ns = $6, is_applied = $7 WHERE id = $1";
        let mut transaction = self.begin_identities().await?;
        let condition = "org_id = $1 AND name = $2 AND NOT is_deleted";
        let rows = transaction.query(&select(condition), values![org_id, name.as_str()]).await?;
        let Some(was) = rows.first().map(read).transpose()? else {
            transaction.roll_back().await?;
            return Ok(None);
        };
        let changes = changes.clone();
        let mut is = Topic {
            partitions: changes.partitions.unwrap_or(was.partitions),
            retention_hours: changes.retention_hours.unwrap_or(was.retention_hours),
            compacted: changes.compacted.unwrap_or(was.compacted),
            schema: changes.schema.unwrap_or_else(|| was.schema.clone()),
            ..was.clone()
        };
        let changed = is != was;
        if changed {
            is.updated_at = at;
            let of_log = |topic: &Topic| (topic.partitions, topic.retention_hours, topic.compacted);
            is.is_applied = was.is_applied && of_log(&is) == of_log(&was);
            check(&is)?;
            if is.compacted && !was.compacted {
                return Err(StoreError::Refused(
                    "a topic that was made without compaction stays without: there may be messages without a key in it"
                        .to_owned(),
                ));
            }
            if is.partitions < was.partitions {
                return Err(StoreError::Refused(format!(
                    "the topic has {} partitions already, and partitions are never taken away",
                    was.partitions
                )));
            }
            let (_, partitions) = counted(&mut transaction, org_id).await?;
            check_partitions(partitions + i64::from(is.partitions) - i64::from(was.partitions))?;
            let (partitions, retention) = (i64::from(is.partitions), is.retention_hours.map(i64::from));
            let values = values![is.id, partitions, retention, is.compacted, is.schema.as_deref(), at, is.is_applied];
            transaction.execute(UPDATE, values).await?;
        }
        end_identities(transaction, changed, Touches::One(org_id), audit).await?;
        Ok(Some(is))
    }

    async fn delete_topic(&self, org_id: OrgId, id: Uuid, audit: &AuditEntry) -> Result<bool, StoreError> {
        const DELETE: &str = "UPDATE topics SET is_deleted = $3 WHERE org_id = $1 AND id = $2 AND NOT is_deleted";
        let mut transaction = self.begin_identities().await?;
        let deleted = transaction.execute(DELETE, values![org_id, id, true]).await? > 0;
        end_identities(transaction, deleted, Touches::One(org_id), audit).await?;
        Ok(deleted)
    }

    async fn deleted_topic(&self, org_id: OrgId, name: &TopicName) -> Result<Option<Topic>, StoreError> {
        let condition = "org_id = $1 AND folded = $2 AND is_deleted";
        let rows = self.ask(&select(condition), values![org_id, &name.folded()]).await?;
        rows.first().map(read).transpose()
    }

    async fn unfinished_topics(&self, after: Option<Uuid>, limit: u32) -> Result<Vec<Topic>, StoreError> {
        // As the index of the unfinished says it.
        let condition = "id > $1 AND (is_deleted OR NOT is_applied) ORDER BY id LIMIT $2";
        let rows = self.ask(&select(condition), values![after.unwrap_or(Uuid::nil()), i64::from(limit)]).await?;
        rows.iter().map(read).collect()
    }

    async fn hold_topic(&self, org_id: OrgId, id: Uuid, now: Timestamp, until: Timestamp) -> Result<Hold, StoreError> {
        const IS_THERE: &str = "SELECT id FROM topics WHERE org_id = $1 AND id = $2";
        let hold = format!(
            "UPDATE topics SET held_until_ns = $4 WHERE org_id = $1 AND id = $2 AND held_until_ns <= $3 \
             RETURNING {COLUMNS}, is_deleted"
        );
        let mut transaction = self.begin().await?;
        let rows = transaction.query(&hold, values![org_id, id, now, until]).await?;
        let Some(row) = rows.first() else {
            let rows = transaction.query(IS_THERE, values![org_id, id]).await?;
            transaction.roll_back().await?;
            return Ok(if rows.is_empty() { Hold::Gone } else { Hold::Anothers });
        };
        let held = HeldTopic { topic: read(row)?, is_deleted: row.flag(COLUMNS_COUNT)?, until };
        transaction.commit().await?;
        Ok(Hold::Yours(Box::new(held)))
    }

    async fn topic_is_made(&self, held: &HeldTopic) -> Result<bool, StoreError> {
        const MADE: &str = "UPDATE topics SET is_made = $5, is_applied = $5, held_until_ns = 0 WHERE org_id = $1 \
                            AND id = $2 AND held_until_ns = $3 AND updated_at_ns = $4 AND NOT is_deleted";
        let topic = &held.topic;
        let mut transaction = self.begin_identities().await?;
        let values = values![topic.org_id, topic.id, held.until, topic.updated_at, true];
        if transaction.execute(MADE, values).await? == 0 {
            transaction.roll_back().await?;
            return Ok(false);
        }
        // Who caches it makes it no more.
        if !topic.is_made {
            grow_version(&mut transaction, Touches::One(topic.org_id)).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    async fn forget_topic(&self, held: &HeldTopic) -> Result<bool, StoreError> {
        const FORGET: &str = "DELETE FROM topics WHERE org_id = $1 AND id = $2 AND held_until_ns = $3 AND is_deleted";
        let mut transaction = self.begin_identities().await?;
        let values = values![held.topic.org_id, held.topic.id, held.until];
        let forgotten = transaction.execute(FORGET, values).await? > 0;
        transaction.commit().await?;
        Ok(forgotten)
    }

    async fn let_topic_go(&self, held: &HeldTopic) -> Result<(), StoreError> {
        const LET_GO: &str = "UPDATE topics SET held_until_ns = 0 WHERE org_id = $1 AND id = $2 AND held_until_ns = $3";
        let mut transaction = self.begin().await?;
        transaction.execute(LET_GO, values![held.topic.org_id, held.topic.id, held.until]).await?;
        transaction.commit().await
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM topics WHERE {condition}")
}

/// Topics of the organisation, and partitions of them all.
async fn counted(transaction: &mut impl Transaction, org_id: OrgId) -> Result<(i64, i64), StoreError> {
    const COUNT: &str = "SELECT count(*), CAST(coalesce(sum(partitions), 0) AS bigint) FROM topics WHERE org_id = $1";
    let rows = transaction.query(COUNT, values![org_id]).await?;
    let row = rows.first().ok_or_else(unreadable)?;
    Ok((row.number(0)?, row.number(1)?))
}

fn check_partitions(of_organisation: i64) -> Result<(), StoreError> {
    if of_organisation <= i64::from(PARTITIONS_PER_ORGANISATION_MAX) {
        return Ok(());
    }
    Err(StoreError::Refused(format!(
        "an organisation has at most {PARTITIONS_PER_ORGANISATION_MAX} partitions, over all of its topics"
    )))
}

fn check(topic: &Topic) -> Result<(), StoreError> {
    let refuse = |why: String| Err(StoreError::Refused(why));
    if topic.name.is_events() {
        return refuse("the topic of events is there for everybody".to_owned());
    }
    if !(1..=PARTITIONS_PER_TOPIC_MAX).contains(&topic.partitions) {
        return refuse(format!("a topic has 1 to {PARTITIONS_PER_TOPIC_MAX} partitions"));
    }
    if topic.retention_hours == Some(0) {
        return refuse("messages are kept for an hour at least".to_owned());
    }
    if topic.schema.as_ref().is_some_and(|schema| schema.len() > SCHEMA_BYTES_MAX) {
        return refuse(format!("a topic's schema has at most {SCHEMA_BYTES_MAX} bytes"));
    }
    Ok(())
}

/// In the order of [`COLUMNS`].
fn columns(topic: &Topic) -> Result<Vec<Value>, StoreError> {
    check(topic)?;
    Ok(values![
        topic.id,
        topic.org_id,
        topic.name.as_str(),
        &topic.name.folded(),
        i64::from(topic.partitions),
        topic.retention_hours.map(i64::from),
        topic.compacted,
        topic.schema.as_deref(),
        topic.is_made,
        &topic.created_by,
        topic.created_at,
        topic.updated_at,
        topic.is_applied,
    ])
}

/// From the order of [`COLUMNS`].
fn read(row: &Row) -> Result<Topic, StoreError> {
    let count = |column| u32::try_from(row.number(column)?).map_err(|_| unreadable());
    Ok(Topic {
        id: row.uuid(0)?,
        org_id: row.uuid(1)?,
        name: TopicName::parse(&row.text(2)?).map_err(|_| unreadable())?,
        partitions: count(4)?,
        retention_hours: row.maybe(5, |_, column| count(column))?,
        compacted: row.flag(6)?,
        schema: row.maybe(7, Row::text)?,
        is_made: row.flag(8)?,
        created_by: row.text(9)?,
        created_at: row.moment(10)?,
        updated_at: row.moment(11)?,
        is_applied: row.flag(12)?,
    })
}
