//! Organisations, their members and their invitations.

use std::{fmt, str::FromStr};

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use crate::{AuditEntry, OrgId, Plan, Scope, StoreError, accounts::TokenHash};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrgId,
    /// Its unique name, 1–64 characters.
    pub name: String,
    /// The name of its plan.
    pub plan: String,
    /// Whether only events of registered AI systems are taken.
    pub registered_systems_only: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What changes of an organisation; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationChanges {
    /// See [`Organisation::name`].
    pub name: Option<String>,
    /// See [`Organisation::registered_systems_only`].
    pub registered_systems_only: Option<bool>,
    /// See [`Organisation::plan`]; `Refused` when there is no such plan. The operator's alone.
    pub plan: Option<String>,
}

/// What a person is in an organisation. What each role may do stands here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads, and tends topics.
    Member,
    /// All but what only an owner may.
    Admin,
    /// Everything, owners and the organisation itself included.
    Owner,
}

impl Role {
    /// All there are, the least first.
    pub const ALL: [Role; 4] = [Role::Viewer, Role::Member, Role::Admin, Role::Owner];

    /// The API's word for it; what is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Member => "member",
            Role::Admin => "admin",
            Role::Owner => "owner",
        }
    }

    /// What a person of this role may do. Events are recorded by API keys alone: a record names the key it came by.
    pub const fn scopes(self) -> &'static [Scope] {
        use Scope as S;
        match self {
            Role::Viewer => &[S::EventsRead, S::MetricsRead, S::MembersRead],
            Role::Member => &[S::EventsRead, S::MetricsRead, S::MembersRead, S::TopicsManage],
            Role::Admin => &[
                S::EventsRead,
                S::MetricsRead,
                S::MembersRead,
                S::TopicsManage,
                S::KeysManage,
                S::AuditRead,
                S::MembersManage,
            ],
            Role::Owner => &[
                S::EventsRead,
                S::MetricsRead,
                S::MembersRead,
                S::TopicsManage,
                S::KeysManage,
                S::AuditRead,
                S::MembersManage,
                S::OrganisationManage,
            ],
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or(UnknownRole)
    }
}

/// This word names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of owner, admin, member, viewer")]
pub struct UnknownRole;

/// A person in an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user_id: Uuid,
    /// The person's e-mail address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// What they are here.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
}

/// A membership, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub organisation: Organisation,
    /// As what.
    pub role: Role,
}

/// An invitation that was sent. The token itself is in the e-mail alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// To which organisation.
    pub org_id: OrgId,
    /// To whom, in the form of [`crate::accounts::User::email`].
    pub email: String,
    /// As what.
    pub role: Role,
    /// The hash of its token.
    pub token: TokenHash,
    /// By whom: the name of the actor.
    pub invited_by: String,
    /// When.
    pub created_at: Timestamp,
    /// From then on it is worth nothing.
    pub expires_at: Timestamp,
    /// When it was accepted, or withdrawn: since then it is worth nothing.
    pub ended_at: Option<Timestamp>,
}

/// So many invitations of one organisation are open at a time: whoever invites sends mail to strangers.
pub const OPEN_INVITATIONS_MAX: i64 = 200;

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invited {
    /// It is kept.
    Done,
    /// One to the same address is open, as this role, which its inviter may not take back; nothing was changed.
    MayNotReplace(Role),
}

/// What became of a change of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// It was done.
    Done,
    /// There is no such member.
    NoSuchMember,
    /// It would leave the organisation without an owner; nothing was changed.
    LastOwner,
    /// They are not what they were expected to be (any more); nothing was changed.
    RoleChanged,
}

/// Organisations, members, invitations, plans.
#[async_trait]
pub trait OrganisationStore: Send + Sync + 'static {
    /// The organisation of this id.
    async fn organisation_by_id(&self, org_id: OrgId) -> Result<Option<Organisation>, StoreError>;
    /// At most `limit` organisations, by id (their age), after `after`. The operator's view.
    async fn organisations(&self, after: Option<OrgId>, limit: u32) -> Result<Vec<Organisation>, StoreError>;
    /// Makes one with its first owner; `Exists` when the name is taken.
    async fn create_organisation(
        &self,
        organisation: &Organisation,
        owner: Uuid,
        audit: &AuditEntry,
    ) -> Result<(), StoreError>;
    /// Changes and answers it; `None` when there is none of this id. `Exists` when the name is taken. Grows the identities' version.
    async fn update_organisation(
        &self,
        org_id: OrgId,
        changes: &OrganisationChanges,
        audit: &AuditEntry,
    ) -> Result<Option<Organisation>, StoreError>;

    /// The person's organisations, oldest membership first; at most 1,000.
    async fn memberships(&self, user_id: Uuid) -> Result<Vec<Membership>, StoreError>;
    /// At most `limit` members, by user id ascending, after `after`.
    async fn members(&self, org_id: OrgId, after: Option<Uuid>, limit: u32) -> Result<Vec<Member>, StoreError>;
    /// One member.
    async fn member(&self, org_id: OrgId, user_id: Uuid) -> Result<Option<Member>, StoreError>;
    /// Adds a person who is known; `Exists` when they are a member already.
    async fn add_member(&self, org_id: OrgId, user_id: Uuid, role: Role, audit: &AuditEntry) -> Result<(), StoreError>;
    /// Gives another role to a member who has the one `expected`, if any is: whoever asks whether they may looks before the
    /// change, and a promotion may come in between. The last owner's stays; concurrent changes cannot get around that. With a lower role the open
    /// invitations that they made end.
    async fn change_role(
        &self,
        org_id: OrgId,
        user_id: Uuid,
        expected: Option<Role>,
        role: Role,
        audit: &AuditEntry,
    ) -> Result<MemberChange, StoreError>;
    /// Takes out a member who has the role `expected`, if any is, by others or by themselves; sessions that used this organisation go on in another of the
    /// person's, or in none, the open invitations that they made end, and the views that they saved here go. The last owner
    /// stays.
    async fn remove_member(
        &self,
        org_id: OrgId,
        user_id: Uuid,
        expected: Option<Role>,
        audit: &AuditEntry,
    ) -> Result<MemberChange, StoreError>;
    /// Makes `to`, a member, an owner and `from`, an owner, an admin, in one step; the open invitations that `from` made end.
    /// `NoSuchMember` when either is not that.
    async fn transfer_ownership(
        &self,
        org_id: OrgId,
        from: Uuid,
        to: Uuid,
        audit: &AuditEntry,
    ) -> Result<MemberChange, StoreError>;

    /// Keeps an invitation; one to the same address that is still open ends with it, if it is for one of the roles
    /// `may_replace`: inviting anew is withdrawing, too. `Exists` when the person is a member;
    /// `Refused` when [`OPEN_INVITATIONS_MAX`] others are open at its `created_at`.
    async fn invite(
        &self,
        invitation: &Invitation,
        may_replace: &[Role],
        audit: &AuditEntry,
    ) -> Result<Invited, StoreError>;
    /// The organisation's open invitations (not ended, not expired at `now`), newest first; at most
    /// [`OPEN_INVITATIONS_MAX`].
    async fn invitations(&self, org_id: OrgId, now: Timestamp) -> Result<Vec<Invitation>, StoreError>;
    /// The organisation's open invitation of this id.
    async fn open_invitation(&self, org_id: OrgId, id: Uuid, now: Timestamp) -> Result<Option<Invitation>, StoreError>;
    /// The open invitation with this token.
    async fn invitation(&self, token: &TokenHash, now: Timestamp) -> Result<Option<Invitation>, StoreError>;
    /// Ends an open invitation; `false` when there is none of this id.
    async fn withdraw_invitation(
        &self,
        org_id: OrgId,
        id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError>;
    /// Uses the open invitation with this token for a person, once: they become a member (or keep a higher role).
    /// `None` when it is not open. The entry's target is the person; it goes into the trail of the invitation's organisation.
    async fn accept_invitation(
        &self,
        token: &TokenHash,
        user_id: Uuid,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<Membership>, StoreError>;

    /// Makes or changes a plan. Grows the identities' version.
    async fn set_plan(&self, plan: &Plan, audit: &AuditEntry) -> Result<(), StoreError>;
    /// All plans, by name.
    async fn plans(&self) -> Result<Vec<Plan>, StoreError>;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse::<Role>().unwrap(), role);
        }
        assert!("root".parse::<Role>().is_err());
    }

    #[test]
    fn a_higher_role_may_all_that_a_lower_one_may() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[0].scopes().iter().all(|scope| pair[1].scopes().contains(scope)), "{pair:?}");
        }
    }
}
