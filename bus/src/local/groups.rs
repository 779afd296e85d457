//! The groups of a topic: those that committed something, from the file, and those with members, from memory.

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::{Connection, OptionalExtension};

use super::{read::ReadPool, topics::Topic};
use crate::{GROUPS_LISTED_MAX, GroupDescription, LogError};

pub(super) async fn describe(
    pool: &ReadPool,
    topic: &Arc<Topic>,
    prefix: &str,
) -> Result<Vec<GroupDescription>, LogError> {
    let (topic_id, wanted) = (topic.id, prefix.to_owned());
    let committed = pool.read(move |conn| that_committed(conn, topic_id, &wanted)).await?;
    topic.is_there()?;
    let without_members = |group: String| (group.clone(), GroupDescription { group, members: Vec::new() });
    let mut groups: BTreeMap<_, _> = committed.into_iter().map(without_members).collect();
    for group in topic.groups_with_members(prefix) {
        groups.insert(group.name.clone(), group.describe());
    }
    Ok(groups.into_values().take(GROUPS_LISTED_MAX).collect())
}

/// Their names in order. From each name straight to the next: a group has a row for each partition.
fn that_committed(conn: &Connection, topic_id: i64, prefix: &str) -> rusqlite::Result<Vec<String>> {
    let mut at_or_after = conn.prepare_cached(
        "SELECT group_name FROM positions WHERE topic_id = ?1 AND group_name >= ?2 ORDER BY group_name LIMIT 1",
    )?;
    let mut after = conn.prepare_cached(
        "SELECT group_name FROM positions WHERE topic_id = ?1 AND group_name > ?2 ORDER BY group_name LIMIT 1",
    )?;
    let mut names: Vec<String> = Vec::new();
    let mut next: Option<String> = at_or_after.query_row((topic_id, prefix), |row| row.get(0)).optional()?;
    while let Some(name) = next.filter(|name| name.starts_with(prefix) && names.len() < GROUPS_LISTED_MAX) {
        next = after.query_row((topic_id, &name), |row| row.get(0)).optional()?;
        names.push(name);
    }
    Ok(names)
}
