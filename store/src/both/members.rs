//! Members and their roles. Whoever takes an owner away locks the organisation first: the last one stays, however many
//! try at the same moment.

use uuid::Uuid;

use super::{Database, Row, Transaction, end, invitations, organisations, saved_views, sessions, values};
use crate::{
    AuditEntry, OrgId, Role, StoreError,
    organisations::{Member, MemberChange, Membership},
};

const COLUMNS: &str = "user_id, email, users.name, role, joined_at_ns";
const MEMBERSHIPS_MAX: i64 = 1_000;

const INSERT: &str = "INSERT INTO members (org_id, user_id, role, joined_at_ns) VALUES ($1, $2, $3, $4)";
const SET_ROLE: &str = "UPDATE members SET role = $3 WHERE org_id = $1 AND user_id = $2";

pub(super) async fn memberships<D: Database>(database: &D, user_id: Uuid) -> Result<Vec<Membership>, StoreError> {
    let sql = format!(
        "SELECT {}, role FROM members JOIN organisations ON organisations.id = org_id WHERE user_id = $1 \
         ORDER BY joined_at_ns, org_id LIMIT $2",
        organisations::COLUMNS
    );
    let rows = database.ask(&sql, values![user_id, MEMBERSHIPS_MAX]).await?;
    let read = |row: &Row| {
        Ok(Membership { organisation: organisations::read(row)?, role: row.parsed(organisations::COLUMN_COUNT)? })
    };
    rows.iter().map(read).collect()
}

pub(super) async fn list<D: Database>(
    database: &D,
    org_id: OrgId,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Member>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM members JOIN users ON users.id = user_id WHERE org_id = $1 AND user_id > $2 \
         ORDER BY user_id LIMIT $3"
    );
    // No person has the nil id.
    let rows = database.ask(&sql, values![org_id, after.unwrap_or_default(), i64::from(limit)]).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn one<D: Database>(database: &D, org_id: OrgId, user_id: Uuid) -> Result<Option<Member>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM members JOIN users ON users.id = user_id WHERE org_id = $1 AND user_id = $2");
    database.ask(&sql, values![org_id, user_id]).await?.first().map(read).transpose()
}

pub(super) async fn add<D: Database>(
    database: &D,
    org_id: OrgId,
    user_id: Uuid,
    role: Role,
    audit: &AuditEntry,
) -> Result<(), StoreError> {
    let mut transaction = database.begin().await?;
    let insert = format!("{INSERT} ON CONFLICT DO NOTHING");
    let added = transaction.execute(&insert, values![org_id, user_id, role.as_str(), audit.at]).await? > 0;
    end(transaction, added, audit).await?;
    if added { Ok(()) } else { Err(StoreError::Exists("this member".to_owned())) }
}

pub(super) async fn change_role<D: Database>(
    database: &D,
    org_id: OrgId,
    user_id: Uuid,
    expected: Option<Role>,
    role: Role,
    audit: &AuditEntry,
) -> Result<MemberChange, StoreError> {
    let mut transaction = database.begin().await?;
    organisations::lock(&mut transaction, org_id).await?;
    let mut ended = 0;
    let (change, changed) = match role_of(&mut transaction, org_id, user_id).await? {
        None => (MemberChange::NoSuchMember, false),
        Some(now) if expected.is_some_and(|expected| expected != now) => (MemberChange::RoleChanged, false),
        Some(now) if now == role => (MemberChange::Done, false),
        Some(Role::Owner) if owners(&mut transaction, org_id).await? < 2 => (MemberChange::LastOwner, false),
        Some(now) => {
            transaction.execute(SET_ROLE, values![org_id, user_id, role.as_str()]).await?;
            if role < now {
                ended = invitations::end_those_by(&mut transaction, org_id, user_id, audit.at).await?;
            }
            (MemberChange::Done, true)
        }
    };
    end(transaction, changed, &telling(audit, ended)).await?;
    Ok(change)
}

pub(super) async fn remove<D: Database>(
    database: &D,
    org_id: OrgId,
    user_id: Uuid,
    expected: Option<Role>,
    audit: &AuditEntry,
) -> Result<MemberChange, StoreError> {
    const REMOVE: &str = "DELETE FROM members WHERE org_id = $1 AND user_id = $2";
    let mut transaction = database.begin().await?;
    organisations::lock(&mut transaction, org_id).await?;
    let (mut ended, mut shared_views) = (0, 0);
    let change = match role_of(&mut transaction, org_id, user_id).await? {
        None => MemberChange::NoSuchMember,
        Some(now) if expected.is_some_and(|expected| expected != now) => MemberChange::RoleChanged,
        Some(Role::Owner) if owners(&mut transaction, org_id).await? < 2 => MemberChange::LastOwner,
        Some(_) => {
            shared_views = saved_views::end_those_of(&mut transaction, org_id, user_id).await?;
            transaction.execute(REMOVE, values![org_id, user_id]).await?;
            sessions::leave(&mut transaction, org_id, user_id, audit.at).await?;
            ended = invitations::end_those_by(&mut transaction, org_id, user_id, audit.at).await?;
            MemberChange::Done
        }
    };
    let mut entry = telling(audit, ended);
    if shared_views > 0 {
        entry = entry.with("shared_views_ended", shared_views);
    }
    end(transaction, change == MemberChange::Done, &entry).await?;
    Ok(change)
}

pub(super) async fn transfer<D: Database>(
    database: &D,
    org_id: OrgId,
    from: Uuid,
    to: Uuid,
    audit: &AuditEntry,
) -> Result<MemberChange, StoreError> {
    let mut transaction = database.begin().await?;
    organisations::lock(&mut transaction, org_id).await?;
    let giver = role_of(&mut transaction, org_id, from).await?;
    let taker = role_of(&mut transaction, org_id, to).await?;
    let can = giver == Some(Role::Owner) && taker.is_some();
    let changed = can && from != to;
    let mut ended = 0;
    if changed {
        transaction.execute(SET_ROLE, values![org_id, to, Role::Owner.as_str()]).await?;
        transaction.execute(SET_ROLE, values![org_id, from, Role::Admin.as_str()]).await?;
        ended = invitations::end_those_by(&mut transaction, org_id, from, audit.at).await?;
    }
    end(transaction, changed, &telling(audit, ended)).await?;
    Ok(if can { MemberChange::Done } else { MemberChange::NoSuchMember })
}

/// Makes a person a member, or gives them a role that is higher than theirs; what they are then.
pub(super) async fn raise<T: Transaction>(
    transaction: &mut T,
    org_id: OrgId,
    user_id: Uuid,
    role: Role,
    at: aibbar::Timestamp,
) -> Result<Role, StoreError> {
    match role_of(transaction, org_id, user_id).await? {
        None => {
            transaction.execute(INSERT, values![org_id, user_id, role.as_str(), at]).await?;
            Ok(role)
        }
        Some(now) if now >= role => Ok(now),
        Some(_) => {
            transaction.execute(SET_ROLE, values![org_id, user_id, role.as_str()]).await?;
            Ok(role)
        }
    }
}

/// The entry, saying also how many invitations ended with the change, if any did.
fn telling(audit: &AuditEntry, ended: u64) -> AuditEntry {
    let entry = audit.clone();
    if ended == 0 { entry } else { entry.with("invitations_ended", ended) }
}

async fn role_of<T: Transaction>(
    transaction: &mut T,
    org_id: OrgId,
    user_id: Uuid,
) -> Result<Option<Role>, StoreError> {
    const ROLE: &str = "SELECT role FROM members WHERE org_id = $1 AND user_id = $2";
    transaction.query(ROLE, values![org_id, user_id]).await?.first().map(|row| row.parsed(0)).transpose()
}

async fn owners<T: Transaction>(transaction: &mut T, org_id: OrgId) -> Result<i64, StoreError> {
    const OWNERS: &str = "SELECT count(*) FROM members WHERE org_id = $1 AND role = $2";
    let rows = transaction.query(OWNERS, values![org_id, Role::Owner.as_str()]).await?;
    rows.first().map_or(Ok(0), |row| row.number(0))
}

fn read(row: &Row) -> Result<Member, StoreError> {
    Ok(Member {
        user_id: row.uuid(0)?,
        email: row.text(1)?,
        name: row.text(2)?,
        role: row.parsed(3)?,
        joined_at: row.moment(4)?,
    })
}
