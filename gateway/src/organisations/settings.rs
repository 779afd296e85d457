//! The organisation in use: what it is, and what may be changed of it.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use store::{Limits, Organisation, organisations::OrganisationChanges};
use utoipa::ToSchema;
use uuid::Uuid;

use super::members::outcome;
use crate::{
    app::App,
    auth::{Caller, caller::Who},
    body::{Body, Checked},
    keys::limits::{self, LimitsShown},
    problem::{Kind, Problem},
};

/// An organisation, with what its plan allows each of its keys.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganisationSettings {
    #[serde(flatten)]
    organisation: OrganisationShown,
    /// What each of its keys may at most.
    effective_limits: LimitsShown,
}

/// An organisation.
#[derive(Serialize, ToSchema)]
#[schema(as = Organisation)]
pub(crate) struct OrganisationShown {
    /// Its id; `X-Org-Id` names it.
    id: Uuid,
    /// Its name, unique on this installation.
    name: String,
    /// The name of its plan.
    #[schema(example = "default")]
    plan: String,
    /// Whether only events of registered AI systems are taken.
    registered_systems_only: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
}

/// What changes of an organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedOrganisation {
    /// Its name, unique on this installation.
    #[schema(schema_with = crate::words::name_schema)]
    name: Option<String>,
    /// Whether only events of registered AI systems are taken.
    #[schema(nullable = false)]
    registered_systems_only: Option<bool>,
}

/// Who becomes the owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transfer {
    /// A member of the organisation.
    user_id: Uuid,
}

impl Checked for ChangedOrganisation {}
impl Checked for Transfer {}

/// The organisation in use.
#[utoipa::path(
    get, path = "/api/v1/organisation", tag = "Organisations",
    responses((status = 200, description = "The organisation.", body = OrganisationSettings)),
)]
pub(crate) async fn get(caller: Caller, app: web::Data<Arc<App>>) -> Result<web::Json<OrganisationSettings>, Problem> {
    let found = app.stores.organisations.organisation_by_id(caller.org_id()).await?;
    shown(found.ok_or_else(gone)?, &app).await
}

/// Changes the organisation in use; what is absent stays as it is.
#[utoipa::path(
    patch, path = "/api/v1/organisation", tag = "Organisations",
    request_body(content = ChangedOrganisation, example = json!({ "registered_systems_only": false })),
    responses(
        (status = 200, description = "The organisation as it is now.", body = OrganisationSettings),
        (status = 409, description = "`already_exists`: another organisation has this name."),
    ),
)]
pub(crate) async fn update(
    caller: Caller,
    body: Body<ChangedOrganisation>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<OrganisationSettings>, Problem> {
    let Body(body) = body;
    let mut entry = caller.entry("organisation.update", "organisation", caller.org_id());
    if let Some(name) = &body.name {
        entry = entry.with("name", name.clone());
    }
    if let Some(only) = body.registered_systems_only {
        entry = entry.with("registered_systems_only", only);
    }
    let changes =
        OrganisationChanges { name: body.name, registered_systems_only: body.registered_systems_only, plan: None };
    let changed = app.stores.organisations.update_organisation(caller.org_id(), &changes, &entry).await?;
    let changed = changed.ok_or_else(gone)?;
    app.identities_changed().await;
    shown(changed, &app).await
}

/// Makes another member the owner; the owner who does it, signed in as a person, becomes an admin.
#[utoipa::path(
    post, path = "/api/v1/organisation/transfer", tag = "Organisations",
    request_body(content = Transfer),
    responses(
        (status = 204, description = "It is done."),
        (status = 403, description = "`role_too_low`: only an owner, signed in, gives ownership away."),
        (status = 404, description = "`not_found`: the organisation has no member of this id."),
    ),
)]
pub(crate) async fn transfer(
    caller: Caller,
    body: Body<Transfer>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(Transfer { user_id: to }) = body;
    let Who::Person(state, _) = caller.who() else {
        return Err(Problem::new(Kind::RoleTooLow, "Only an owner, signed in, gives ownership away."));
    };
    let from = state.user.id;
    // Nothing changes hands, and nobody loses a role by it.
    if to != from {
        let entry = caller.entry("organisation.transfer", "user", to).with("from", from.to_string());
        let change = app.stores.organisations.transfer_ownership(caller.org_id(), from, to, &entry).await?;
        outcome(change)?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Leaves the organisation in use. Its last owner stays.
#[utoipa::path(
    post, path = "/api/v1/organisation/leave", tag = "Organisations",
    responses(
        (status = 204, description = "You belong to it no more."),
        (status = 403, description = "`role_too_low`: an API key belongs to its organisation; people leave."),
        (status = 409, description = "`last_owner`: make somebody else an owner first."),
    ),
)]
pub(crate) async fn leave(caller: Caller, app: web::Data<Arc<App>>) -> Result<HttpResponse, Problem> {
    let Who::Person(state, role) = caller.who() else {
        return Err(Problem::new(Kind::RoleTooLow, "An API key belongs to its organisation; people leave."));
    };
    let entry = caller.entry("member.leave", "user", state.user.id).with("role", role.as_str());
    outcome(app.stores.organisations.remove_member(caller.org_id(), state.user.id, None, &entry).await?)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn shown(organisation: Organisation, app: &App) -> Result<web::Json<OrganisationSettings>, Problem> {
    let plan: Limits = limits::of_plan(app, &organisation.plan).await?;
    let effective_limits = LimitsShown::of(plan.or(app.key_limits));
    Ok(web::Json(OrganisationSettings { organisation: OrganisationShown::of(organisation), effective_limits }))
}

impl OrganisationShown {
    pub(super) fn of(organisation: Organisation) -> Self {
        Self {
            id: organisation.id,
            name: organisation.name,
            plan: organisation.plan,
            registered_systems_only: organisation.registered_systems_only,
            created_at: organisation.created_at.to_string(),
        }
    }
}

fn gone() -> Problem {
    Problem::new(Kind::NotFound, "There is no such organisation any more.")
}
