//! [`OrganisationStore`]: organisations and plans here, members and invitations in files of their own.

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Database, NAME_CHARS_MAX, Row, Transaction, check_text, end, end_identities, invitations, members, taken, values,
};
use crate::{
    AuditEntry, Limit, Limits, OrgId, Organisation, OrganisationStore, Plan, Role, StoreError, TokenHash,
    organisations::{Invitation, Invited, Member, MemberChange, Membership, OrganisationChanges},
};

/// As [`read`] reads them.
pub(super) const COLUMNS: &str = "organisations.id, organisations.name, plan, registered_systems_only, \
                                  organisations.created_at_ns";
/// How many columns these are.
pub(super) const COLUMN_COUNT: usize = 5;

const PLANS_MAX: i64 = 1_000;

#[async_trait]
impl<D: Database> OrganisationStore for D {
    async fn organisation_by_id(&self, org_id: OrgId) -> Result<Option<Organisation>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM organisations WHERE id = $1");
        self.ask(&sql, values![org_id]).await?.first().map(read).transpose()
    }

    async fn organisations(&self, after: Option<OrgId>, limit: u32) -> Result<Vec<Organisation>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM organisations WHERE id > $1 ORDER BY id LIMIT $2");
        // No organisation has the nil id.
        self.ask(&sql, values![after.unwrap_or_default(), i64::from(limit)]).await?.iter().map(read).collect()
    }

    async fn create_organisation(
        &self,
        organisation: &Organisation,
        owner: Uuid,
        audit: &AuditEntry,
    ) -> Result<(), StoreError> {
        const INSERT: &str = "INSERT INTO organisations (id, name, plan, registered_systems_only, created_at_ns) \
                              VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        const INSERT_OWNER: &str = "INSERT INTO members (org_id, user_id, role, joined_at_ns) VALUES ($1, $2, $3, $4)";
        let Organisation { id, name, plan, registered_systems_only, created_at } = organisation;
        check_text("an organisation's name", name, NAME_CHARS_MAX)?;
        let mut transaction = self.begin().await?;
        check_plan(&mut transaction, plan).await?;
        let values = values![*id, name, plan, *registered_systems_only, *created_at];
        let made = transaction.execute(INSERT, values).await? > 0;
        if made {
            transaction.execute(INSERT_OWNER, values![*id, owner, Role::Owner.as_str(), *created_at]).await?;
        }
        end(transaction, made, audit).await?;
        if made { Ok(()) } else { Err(StoreError::Exists(ORGANISATION.to_owned())) }
    }

    async fn update_organisation(
        &self,
        org_id: OrgId,
        changes: &OrganisationChanges,
        audit: &AuditEntry,
    ) -> Result<Option<Organisation>, StoreError> {
        const UPDATE: &str =
            "UPDATE organisations SET name = $2, plan = $3, registered_systems_only = $4 WHERE id = $1";
        if let Some(name) = &changes.name {
            check_text("an organisation's name", name, NAME_CHARS_MAX)?;
        }
        let mut transaction = self.begin_identities().await?;
        let Some(was) = lock(&mut transaction, org_id).await? else {
            transaction.roll_back().await?;
            return Ok(None);
        };
        if let Some(plan) = &changes.plan {
            check_plan(&mut transaction, plan).await?;
        }
        let is = Organisation {
            name: changes.name.as_ref().unwrap_or(&was.name).clone(),
            plan: changes.plan.as_ref().unwrap_or(&was.plan).clone(),
            registered_systems_only: changes.registered_systems_only.unwrap_or(was.registered_systems_only),
            ..was
        };
        if is != was {
            let values = values![org_id, &is.name, &is.plan, is.registered_systems_only];
            transaction.execute(UPDATE, values).await.map_err(taken(ORGANISATION))?;
        }
        end_identities(transaction, is != was, audit).await?;
        Ok(Some(is))
    }

    async fn memberships(&self, user_id: Uuid) -> Result<Vec<Membership>, StoreError> {
        members::memberships(self, user_id).await
    }

    async fn members(&self, org_id: OrgId, after: Option<Uuid>, limit: u32) -> Result<Vec<Member>, StoreError> {
        members::list(self, org_id, after, limit).await
    }

    async fn member(&self, org_id: OrgId, user_id: Uuid) -> Result<Option<Member>, StoreError> {
        members::one(self, org_id, user_id).await
    }

    async fn add_member(&self, org_id: OrgId, user_id: Uuid, role: Role, audit: &AuditEntry) -> Result<(), StoreError> {
        members::add(self, org_id, user_id, role, audit).await
    }

    async fn change_role(
        &self,
        org_id: OrgId,
        user_id: Uuid,
        expected: Option<Role>,
        role: Role,
        audit: &AuditEntry,
    ) -> Result<MemberChange, StoreError> {
        members::change_role(self, org_id, user_id, expected, role, audit).await
    }

    async fn remove_member(
        &self,
        org_id: OrgId,
        user_id: Uuid,
        expected: Option<Role>,
        audit: &AuditEntry,
    ) -> Result<MemberChange, StoreError> {
        members::remove(self, org_id, user_id, expected, audit).await
    }

    async fn transfer_ownership(
        &self,
        org_id: OrgId,
        from: Uuid,
        to: Uuid,
        audit: &AuditEntry,
    ) -> Result<MemberChange, StoreError> {
        members::transfer(self, org_id, from, to, audit).await
    }

    async fn invite(
        &self,
        invitation: &Invitation,
        may_replace: &[Role],
        audit: &AuditEntry,
    ) -> Result<Invited, StoreError> {
        invitations::insert(self, invitation, may_replace, audit).await
    }

    async fn invitations(&self, org_id: OrgId, now: Timestamp) -> Result<Vec<Invitation>, StoreError> {
        invitations::list(self, org_id, now).await
    }

    async fn open_invitation(&self, org_id: OrgId, id: Uuid, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
        invitations::by_id(self, org_id, id, now).await
    }

    async fn invitation(&self, token: &TokenHash, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
        invitations::by_token(self, token, now).await
    }

    async fn withdraw_invitation(
        &self,
        org_id: OrgId,
        id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        invitations::withdraw(self, org_id, id, at, audit).await
    }

    async fn accept_invitation(
        &self,
        token: &TokenHash,
        user_id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<Membership>, StoreError> {
        invitations::accept(self, token, user_id, at, audit).await
    }

    async fn set_plan(&self, plan: &Plan, audit: &AuditEntry) -> Result<(), StoreError> {
        const WAS: &str = "SELECT name, requests_per_minute, events_per_day FROM plans WHERE name = $1";
        const SET: &str = "INSERT INTO plans (name, requests_per_minute, events_per_day) VALUES ($1, $2, $3) \
                           ON CONFLICT (name) DO UPDATE SET requests_per_minute = excluded.requests_per_minute, \
                           events_per_day = excluded.events_per_day";
        check_text("a plan's name", &plan.name, NAME_CHARS_MAX)?;
        let mut transaction = self.begin_identities().await?;
        let was = transaction.query(WAS, values![&plan.name]).await?.first().map(read_plan).transpose()?;
        let changes = was.as_ref() != Some(plan);
        let Limits { requests_per_minute, events_per_day } = plan.limits;
        let values = values![&plan.name, requests_per_minute.to_column(), events_per_day.to_column()];
        transaction.execute(SET, values).await?;
        end_identities(transaction, changes, audit).await
    }

    async fn plans(&self) -> Result<Vec<Plan>, StoreError> {
        const PLANS: &str = "SELECT name, requests_per_minute, events_per_day FROM plans LIMIT $1";
        let plans = self.ask(PLANS, values![PLANS_MAX]).await?;
        let mut plans = plans.iter().map(read_plan).collect::<Result<Vec<_>, _>>()?;
        // The databases have orders of their own.
        plans.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(plans)
    }
}

const ORGANISATION: &str = "an organisation of this name";

/// The organisation; itself and its members stay as they are until the transaction ends.
pub(super) async fn lock<T: Transaction>(
    transaction: &mut T,
    org_id: OrgId,
) -> Result<Option<Organisation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM organisations WHERE id = $1{}", T::LOCKING);
    transaction.query(&sql, values![org_id]).await?.first().map(read).transpose()
}

async fn check_plan(transaction: &mut impl Transaction, plan: &str) -> Result<(), StoreError> {
    let found = transaction.query("SELECT name FROM plans WHERE name = $1", values![plan]).await?;
    if found.is_empty() { Err(StoreError::Refused("there is no such plan".to_owned())) } else { Ok(()) }
}

/// Reads [`COLUMNS`], the first of the row.
pub(super) fn read(row: &Row) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: row.uuid(0)?,
        name: row.text(1)?,
        plan: row.text(2)?,
        registered_systems_only: row.flag(3)?,
        created_at: row.moment(4)?,
    })
}

fn read_plan(row: &Row) -> Result<Plan, StoreError> {
    Ok(Plan {
        name: row.text(0)?,
        limits: Limits {
            requests_per_minute: Limit::from_column(row.maybe(1, Row::number)?),
            events_per_day: Limit::from_column(row.maybe(2, Row::number)?),
        },
    })
}
