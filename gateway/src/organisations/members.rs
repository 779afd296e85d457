//! The members of the organisation in use: `/users`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use store::{
    Role,
    organisations::{Member, MemberChange},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::may_manage;
use crate::{
    app::App,
    auth::Caller,
    body::{Body, Checked},
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
    words::RoleWord,
};

/// A member of the organisation.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberShown {
    /// The person's id.
    id: Uuid,
    /// The person's e-mail address.
    #[schema(example = "ada@example.com")]
    email: String,
    /// The person's name.
    #[schema(example = "Ada Lovelace")]
    name: String,
    /// What they are in the organisation.
    role: RoleWord,
    /// Since when.
    #[schema(format = DateTime)]
    joined_at: String,
}

/// What changes of a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedMember {
    /// What they are from now on.
    role: RoleWord,
}

impl Checked for ChangedMember {}

/// The members of the organisation.
#[utoipa::path(
    get, path = "/users", tag = "Members",
    params(PageParameters),
    responses((status = 200, description = "A page of members.", body = Listed<MemberShown>)),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<MemberShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let members = app.stores.organisations.members(caller.org_id(), page.after()?, page.asked()).await?;
    Ok(web::Json(page.of(members, |member| member.user_id, MemberShown::of)))
}

/// One member of the organisation.
#[utoipa::path(
    get, path = "/users/{id}", tag = "Members",
    params(("id" = Uuid, Path, description = "The person's id.")),
    responses(
        (status = 200, description = "The member.", body = MemberShown),
        (status = 404, description = "`not_found`: the organisation has no member of this id."),
    ),
)]
pub(crate) async fn get(
    caller: Caller,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<MemberShown>, Problem> {
    find(&caller, *id, &app).await.map(MemberShown::of).map(web::Json)
}

/// Gives a member another role. Only who may all that a role may makes or unmakes people of it.
#[utoipa::path(
    patch, path = "/users/{id}", tag = "Members",
    params(("id" = Uuid, Path, description = "The person's id.")),
    request_body(content = ChangedMember, example = json!({ "role": "viewer" })),
    responses(
        (status = 200, description = "The member as they are now.", body = MemberShown),
        (status = 403, description = "`role_too_low`: nobody gives or takes more than they have themselves."),
        (status = 404, description = "`not_found`: the organisation has no member of this id."),
        (
            status = 409,
            description = "`last_owner`: make somebody else an owner first. `role_changed`: by another, meanwhile.",
        ),
    ),
)]
pub(crate) async fn update(
    caller: Caller,
    id: web::Path<Uuid>,
    body: Body<ChangedMember>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<MemberShown>, Problem> {
    let Body(ChangedMember { role: RoleWord(role) }) = body;
    may_manage(&caller, role)?;
    let change = match change_role(&caller, *id, role, &app).await? {
        MemberChange::RoleChanged => change_role(&caller, *id, role, &app).await?,
        change => change,
    };
    outcome(change)?;
    find(&caller, *id, &app).await.map(MemberShown::of).map(web::Json)
}

/// Takes a member out of the organisation; their account, and what they are elsewhere, stays.
#[utoipa::path(
    delete, path = "/users/{id}", tag = "Members",
    params(("id" = Uuid, Path, description = "The person's id.")),
    responses(
        (status = 204, description = "They are a member no more."),
        (status = 403, description = "`role_too_low`: nobody gives or takes more than they have themselves."),
        (status = 404, description = "`not_found`: the organisation has no member of this id."),
        (
            status = 409,
            description = "`last_owner`: make somebody else an owner first. `role_changed`: by another, meanwhile.",
        ),
    ),
)]
pub(crate) async fn remove(
    caller: Caller,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let change = match remove_member(&caller, *id, &app).await? {
        MemberChange::RoleChanged => remove_member(&caller, *id, &app).await?,
        change => change,
    };
    outcome(change)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Looks whether the caller may, and does it only to what was looked at: else an admin's request that is on its way while
/// somebody becomes an owner would demote an owner.
async fn change_role(caller: &Caller, id: Uuid, role: Role, app: &App) -> Result<MemberChange, Problem> {
    let before = find(caller, id, app).await?;
    may_manage(caller, before.role)?;
    let entry = caller
        .entry("member.role_change", "user", id)
        .with("email", before.email)
        .with("from", before.role.as_str())
        .with("to", role.as_str());
    Ok(app.stores.organisations.change_role(caller.org_id(), id, Some(before.role), role, &entry).await?)
}

/// As [`change_role`].
async fn remove_member(caller: &Caller, id: Uuid, app: &App) -> Result<MemberChange, Problem> {
    let member = find(caller, id, app).await?;
    may_manage(caller, member.role)?;
    let entry =
        caller.entry("member.remove", "user", id).with("email", member.email).with("role", member.role.as_str());
    Ok(app.stores.organisations.remove_member(caller.org_id(), id, Some(member.role), &entry).await?)
}

async fn find(caller: &Caller, id: Uuid, app: &App) -> Result<Member, Problem> {
    app.stores.organisations.member(caller.org_id(), id).await?.ok_or_else(no_such_member)
}

fn no_such_member() -> Problem {
    Problem::new(Kind::NotFound, "The organisation has no member of this id.")
}

/// What the store did, as the client is told.
pub(super) fn outcome(change: MemberChange) -> Result<(), Problem> {
    match change {
        MemberChange::Done => Ok(()),
        MemberChange::NoSuchMember => Err(no_such_member()),
        MemberChange::LastOwner => Err(Problem::new(
            Kind::LastOwner,
            "This is the organisation's last owner: make somebody else an owner first.",
        )),
        MemberChange::RoleChanged => Err(Problem::new(
            Kind::RoleChanged,
            "Somebody else changes this member's role at this moment: look at what it is, and try again.",
        )),
    }
}

impl MemberShown {
    fn of(member: Member) -> Self {
        Self {
            id: member.user_id,
            email: member.email,
            name: member.name,
            role: RoleWord(member.role),
            joined_at: member.joined_at.to_string(),
        }
    }
}
