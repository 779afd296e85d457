//! Invitations: used once, or not at all.

use aibbar::Timestamp;
use uuid::Uuid;

use super::{Database, Row, Transaction, check_text, end, members, organisations, users::EMAIL_CHARS_MAX, values};
use crate::{
    AuditEntry, OrgId, Role, StoreError, TokenHash,
    organisations::{Invitation, Invited, Membership, OPEN_INVITATIONS_MAX},
};

const COLUMNS: &str = "id, org_id, email, role, token, invited_by, created_at_ns, expires_at_ns, ended_at_ns";
pub(super) async fn insert<D: Database>(
    database: &D,
    invitation: &Invitation,
    may_replace: &[Role],
    audit: &AuditEntry,
) -> Result<Invited, StoreError> {
    const IS_MEMBER: &str =
        "SELECT user_id FROM members JOIN users ON users.id = user_id WHERE org_id = $1 AND email = $2";
    const OPEN_TO: &str = "SELECT role FROM invitations \
                           WHERE org_id = $1 AND email = $2 AND ended_at_ns IS NULL AND expires_at_ns > $3";
    const END_OTHERS: &str =
        "UPDATE invitations SET ended_at_ns = $3 WHERE org_id = $1 AND email = $2 AND ended_at_ns IS NULL";
    const OPEN: &str =
        "SELECT count(*) FROM invitations WHERE org_id = $1 AND ended_at_ns IS NULL AND expires_at_ns > $2";
    let insert = format!("INSERT INTO invitations ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    check_text("an e-mail address", &invitation.email, EMAIL_CHARS_MAX)?;
    let org_id = invitation.org_id;
    let mut transaction = database.begin().await?;
    // One after the other, or two at the same moment would not see each other.
    organisations::lock(&mut transaction, org_id).await?;
    if !transaction.query(IS_MEMBER, values![org_id, &invitation.email]).await?.is_empty() {
        transaction.roll_back().await?;
        return Err(StoreError::Exists("a member with this address".to_owned()));
    }
    let open_to = transaction.query(OPEN_TO, values![org_id, &invitation.email, invitation.created_at]).await?;
    for row in &open_to {
        let role = row.parsed(0)?;
        if !may_replace.contains(&role) {
            transaction.roll_back().await?;
            return Ok(Invited::MayNotReplace(role));
        }
    }
    transaction.execute(END_OTHERS, values![org_id, &invitation.email, invitation.created_at]).await?;
    // After those that it replaces have ended: sending one again is possible in a full house.
    let open = transaction.query(OPEN, values![org_id, invitation.created_at]).await?;
    if open.first().map_or(Ok(0), |row| row.number(0))? >= OPEN_INVITATIONS_MAX {
        transaction.roll_back().await?;
        return Err(StoreError::Refused(format!(
            "at most {OPEN_INVITATIONS_MAX} invitations of an organisation are open at a time: withdraw some"
        )));
    }
    let values = values![
        invitation.id,
        org_id,
        &invitation.email,
        invitation.role.as_str(),
        &invitation.token,
        &invitation.invited_by,
        invitation.created_at,
        invitation.expires_at,
        invitation.ended_at,
    ];
    transaction.execute(&insert, values).await.map_err(super::taken("this invitation"))?;
    end(transaction, true, audit).await?;
    Ok(Invited::Done)
}

pub(super) async fn list<D: Database>(
    database: &D,
    org_id: OrgId,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM invitations WHERE org_id = $1 AND ended_at_ns IS NULL AND expires_at_ns > $2 \
         ORDER BY created_at_ns DESC, id DESC LIMIT $3"
    );
    database.ask(&sql, values![org_id, now, OPEN_INVITATIONS_MAX]).await?.iter().map(read).collect()
}

pub(super) async fn by_id<D: Database>(
    database: &D,
    org_id: OrgId,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM invitations \
         WHERE org_id = $1 AND id = $2 AND ended_at_ns IS NULL AND expires_at_ns > $3"
    );
    database.ask(&sql, values![org_id, id, now]).await?.first().map(read).transpose()
}

pub(super) async fn by_token<D: Database>(
    database: &D,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM invitations WHERE token = $1 AND ended_at_ns IS NULL AND expires_at_ns > $2");
    database.ask(&sql, values![token, now]).await?.first().map(read).transpose()
}

pub(super) async fn withdraw<D: Database>(
    database: &D,
    org_id: OrgId,
    id: Uuid,
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<bool, StoreError> {
    const WITHDRAW: &str = "UPDATE invitations SET ended_at_ns = $3 \
                            WHERE org_id = $1 AND id = $2 AND ended_at_ns IS NULL AND expires_at_ns > $3";
    let mut transaction = database.begin().await?;
    let withdrawn = transaction.execute(WITHDRAW, values![org_id, id, at]).await? > 0;
    end(transaction, withdrawn, audit).await?;
    Ok(withdrawn)
}

/// Ends the open invitations that this person made, when they go or may less from now on: whoever was thrown out would come
/// back by one that they sent to another address of theirs. How many.
pub(super) async fn end_those_by<T: Transaction>(
    transaction: &mut T,
    org_id: OrgId,
    user_id: Uuid,
    at: Timestamp,
) -> Result<u64, StoreError> {
    const END: &str = "UPDATE invitations SET ended_at_ns = $3 WHERE org_id = $1 AND ended_at_ns IS NULL \
                       AND expires_at_ns > $3 AND invited_by = (SELECT email FROM users WHERE id = $2)";
    transaction.execute(END, values![org_id, user_id, at]).await
}

pub(super) async fn accept<D: Database>(
    database: &D,
    token: &TokenHash,
    user_id: Uuid,
    at: Timestamp,
    audit: &AuditEntry,
) -> Result<Option<Membership>, StoreError> {
    const USE_UP: &str = "UPDATE invitations SET ended_at_ns = $2 \
                          WHERE token = $1 AND ended_at_ns IS NULL AND expires_at_ns > $2 RETURNING ";
    let mut transaction = database.begin().await?;
    let Some(organisation) = lock_of_token(&mut transaction, token).await? else {
        transaction.roll_back().await?;
        return Ok(None);
    };
    let used = transaction.query(&format!("{USE_UP}{COLUMNS}"), values![token, at]).await?;
    let Some(invitation) = used.first().map(read).transpose()? else {
        transaction.roll_back().await?;
        return Ok(None);
    };
    let role = members::raise(&mut transaction, organisation.id, user_id, invitation.role, at).await?;
    end(transaction, true, &AuditEntry { org_id: Some(organisation.id), ..audit.clone() }).await?;
    Ok(Some(Membership { organisation, role }))
}

/// The organisation that a token invites to, its members as they are until the transaction ends.
async fn lock_of_token<T: Transaction>(
    transaction: &mut T,
    token: &TokenHash,
) -> Result<Option<crate::Organisation>, StoreError> {
    let sql = format!(
        "SELECT {} FROM organisations WHERE id = (SELECT org_id FROM invitations WHERE token = $1){}",
        organisations::COLUMNS,
        T::LOCKING
    );
    transaction.query(&sql, values![token]).await?.first().map(organisations::read).transpose()
}

fn read(row: &Row) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: row.uuid(0)?,
        org_id: row.uuid(1)?,
        email: row.text(2)?,
        role: row.parsed(3)?,
        token: row.token(4)?,
        invited_by: row.text(5)?,
        created_at: row.moment(6)?,
        expires_at: row.moment(7)?,
        ended_at: row.maybe(8, Row::moment)?,
    })
}
