//! A person's own organisations: `/api/v1/organisations`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use store::{Organisation, Role, limits::DEFAULT_PLAN, organisations::Membership};
use utoipa::ToSchema;
use uuid::Uuid;

use super::settings::OrganisationShown;
use crate::{
    app::App,
    auth::Person,
    body::{Body, Checked},
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
    words::RoleWord,
};

/// Organisations that one person belongs to before they make another.
const ORGANISATIONS_MAX: usize = 100;

/// An organisation, and what the person is in it.
#[derive(Serialize, ToSchema)]
#[schema(as = Membership)]
pub(crate) struct MembershipShown {
    #[serde(flatten)]
    organisation: OrganisationShown,
    /// What the person is in it.
    role: RoleWord,
}

/// An organisation to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrganisation {
    /// Its name, unique on this installation.
    #[schema(schema_with = crate::words::name_schema)]
    name: String,
}

impl Checked for NewOrganisation {}

/// The organisations that the person who is signed in belongs to.
#[utoipa::path(
    get, path = "/api/v1/organisations", tag = "Organisations",
    params(PageParameters),
    responses((status = 200, description = "A page of organisations.", body = Listed<MembershipShown>)),
)]
pub(crate) async fn list(
    person: Person,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<MembershipShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let after = page.after()?;
    let mut memberships = app.stores.organisations.memberships(person.state.user.id).await?;
    memberships.sort_by_key(|membership| membership.organisation.id);
    memberships.retain(|membership| after.is_none_or(|after| membership.organisation.id > after));
    Ok(web::Json(page.of(memberships, |membership| membership.organisation.id, MembershipShown::of)))
}

/// Makes an organisation; the person who is signed in is its owner.
#[utoipa::path(
    post, path = "/api/v1/organisations", tag = "Organisations",
    request_body(content = NewOrganisation, example = json!({ "name": "analytical engines" })),
    responses(
        (status = 201, description = "Made.", body = MembershipShown),
        (status = 403, description = "`role_too_low`: you belong to as many organisations as a person may."),
        (status = 409, description = "`already_exists`: another organisation has this name."),
    ),
)]
pub(crate) async fn create(
    person: Person,
    body: Body<NewOrganisation>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(NewOrganisation { name }) = body;
    let owner = person.state.user.id;
    if app.stores.organisations.memberships(owner).await?.len() >= ORGANISATIONS_MAX {
        let detail = format!("You belong to {ORGANISATIONS_MAX} organisations; leave one first.");
        return Err(Problem::new(Kind::RoleTooLow, detail));
    }
    let organisation = Organisation {
        id: Uuid::now_v7(),
        name,
        plan: DEFAULT_PLAN.to_owned(),
        registered_systems_only: false,
        created_at: clock::now(),
    };
    let mut entry =
        person.entry("organisation.create", "organisation", organisation.id).with("name", organisation.name.clone());
    // The trail is the new organisation's, not that of the one in use.
    entry.org_id = Some(organisation.id);
    app.stores.organisations.create_organisation(&organisation, owner, &entry).await?;
    let made = MembershipShown::of(Membership { organisation, role: Role::Owner });
    Ok(HttpResponse::Created().json(made))
}

impl MembershipShown {
    pub(super) fn of(membership: Membership) -> Self {
        Self { organisation: OrganisationShown::of(membership.organisation), role: RoleWord(membership.role) }
    }
}
