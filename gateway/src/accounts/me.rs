//! `/me`: a person about themselves.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use aibbar::Fault;
use serde::{Deserialize, Serialize};
use store::User;
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    attempts::{self, Tried},
    password_rules,
    passwords::Verdict,
    register::name_faults,
    reset,
    sign_in::OwnOrganisation,
};
use crate::{
    app::App,
    auth::Person,
    body::{Body, Checked},
    problem::{Kind, Problem},
};

/// A person, as they see themselves.
#[derive(Serialize, ToSchema)]
pub(crate) struct Profile {
    id: Uuid,
    email: String,
    name: String,
    /// Whether the address was shown to be theirs.
    email_verified: bool,
    /// Without, they sign in with a provider alone.
    has_password: bool,
    /// When the account was made.
    #[schema(format = "date-time")]
    created_at: String,
}

impl Profile {
    pub(crate) fn of(user: &User) -> Self {
        Self {
            id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            email_verified: user.email_verified_at.is_some(),
            has_password: user.password.is_some(),
            created_at: user.created_at.to_string(),
        }
    }
}

/// A person, their organisations, and the one in use.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    user: Profile,
    /// The session that asks.
    session_id: Uuid,
    /// The organisation in use; none when they are in none.
    organisation: Option<OwnOrganisation>,
    /// Where they belong, oldest membership first.
    organisations: Vec<OwnOrganisation>,
    /// The password was given to them: `POST /me/password` replaces it.
    password_change_required: bool,
}

/// What changes of a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileChanges {
    /// Another name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
}

impl Checked for ProfileChanges {
    fn faults(&self) -> Vec<Fault> {
        name_faults(&self.name)
    }
}

/// A new password for an old one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The one until now.
    #[schema(format = "password", min_length = 1, max_length = 256)]
    current: String,
    /// The new one.
    #[schema(format = "password", min_length = 8, max_length = 256)]
    password: String,
}

impl Checked for PasswordChange {
    fn faults(&self) -> Vec<Fault> {
        if self.current == self.password {
            let detail = "must be another one".to_owned();
            return vec![Fault { pointer: "/password".into(), code: "weak_password", detail }];
        }
        password_rules::faults(&self.password, &[])
    }
}

/// The organisation that a session is to use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsedOrganisation {
    org_id: Uuid,
}

impl Checked for UsedOrganisation {}

/// Who am I?
#[utoipa::path(
    get,
    path = "/me",
    tag = "Accounts",
    responses((status = 200, description = "The person who is signed in.", body = Me))
)]
pub(crate) async fn me(app: web::Data<Arc<App>>, person: Person) -> Result<web::Json<Me>, Problem> {
    // What is shown is what is, not what was a moment ago.
    let user = fresh(&app, &person).await?;
    shown(&app, &person, &user, person.state.session.org_id).await
}

async fn shown(app: &App, person: &Person, user: &User, used: Option<Uuid>) -> Result<web::Json<Me>, Problem> {
    let memberships = app.stores.organisations.memberships(user.id).await?;
    let is_used = |organisation: &OwnOrganisation| Some(organisation.id) == used;
    Ok(web::Json(Me {
        user: Profile::of(user),
        session_id: person.state.session.id,
        organisation: memberships.iter().map(OwnOrganisation::of).find(is_used),
        organisations: memberships.iter().map(OwnOrganisation::of).collect(),
        password_change_required: user.password_is_temporary,
    }))
}

async fn fresh(app: &App, person: &Person) -> Result<User, Problem> {
    let found = app.stores.accounts.user(person.state.user.id).await?;
    found.ok_or_else(|| Problem::new(Kind::InvalidAccessToken, "There is no such person any more."))
}

/// Change my name
#[utoipa::path(
    patch,
    path = "/me",
    tag = "Accounts",
    request_body(content = ProfileChanges, example = json!({"name": "Ada King"})),
    responses((status = 200, description = "As it is now.", body = Me))
)]
pub(crate) async fn change_me(
    app: web::Data<Arc<App>>,
    person: Person,
    Body(changes): Body<ProfileChanges>,
) -> Result<web::Json<Me>, Problem> {
    let name = changes.name.trim();
    let user_id = person.state.user.id;
    let entry = person.entry("user.rename", "user", user_id).with("name", name);
    app.stores.accounts.rename_user(user_id, name, &entry).await?;
    app.sessions.forget(person.state.session.id, person.state.session.org_id).await;
    let user = fresh(&app, &person).await?;
    shown(&app, &person, &user, person.state.session.org_id).await
}

/// Change my password
///
/// Every other session of the person ends.
#[utoipa::path(
    post,
    path = "/me/password",
    tag = "Accounts",
    request_body(content = PasswordChange, example = json!({"current": "a quiet harbour", "password": "a louder harbour"})),
    responses(
        (status = 204, description = "Changed."),
        (status = 401, description = "`invalid_credentials`: the current password is another one."),
        (status = 429, description = "`too_many_attempts`."),
        (status = 503, description = "`overloaded`."),
    )
)]
pub(crate) async fn change_password(
    app: web::Data<Arc<App>>,
    person: Person,
    Body(change): Body<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let user = fresh(&app, &person).await?;
    let faults = password_rules::faults(&change.password, &[&user.email, &user.name]);
    if !faults.is_empty() {
        return Err(Problem::with_faults(Kind::InvalidBody, "The body is not what this route takes.", faults));
    }
    let begun = attempts::begin(&app, Tried::SignIn, person.from.address, Some(&user.email)).await?;
    let passwords = &app.accounts.passwords;
    let verdict = passwords.verify(&Zeroizing::new(change.current), user.password.as_ref()).await?;
    if verdict == Verdict::Wrong {
        let entry = person.entry("user.change_password", "user", user.id).failed();
        app.stores.audit.append_audit(&entry).await?;
        return Err(Problem::new(
            Kind::InvalidCredentials,
            "The current password is another one. Who has none, or lost it, asks for a new one: POST /auth/password/forgot.",
        ));
    }
    begun.forget(&app).await?;
    let hash = passwords.hash(&Zeroizing::new(change.password)).await?;
    let session = &person.state.session;
    reset::set(&app, &person.from, &user, "user.change_password", Some(session.id), &hash).await?;
    app.sessions.forget(session.id, session.org_id).await;
    Ok(HttpResponse::NoContent().finish())
}

/// Use another organisation
///
/// From now on this session uses this organisation, where a request does not name one in `X-Org-Id`.
#[utoipa::path(
    post,
    path = "/me/organisation",
    tag = "Accounts",
    request_body(content = UsedOrganisation, example = json!({"org_id": "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b"})),
    responses(
        (status = 200, description = "As it is now.", body = Me),
        (status = 404, description = "`not_found`: no organisation of this id that you belong to."),
    )
)]
pub(crate) async fn use_organisation(
    app: web::Data<Arc<App>>,
    person: Person,
    Body(wanted): Body<UsedOrganisation>,
) -> Result<web::Json<Me>, Problem> {
    let (user_id, session) = (person.state.user.id, &person.state.session);
    let is_member = app.stores.organisations.member(wanted.org_id, user_id).await?.is_some();
    if !is_member || !app.stores.accounts.use_organisation(user_id, session.id, wanted.org_id).await? {
        return Err(Problem::new(Kind::NotFound, "There is no organisation of this id that you belong to."));
    }
    app.sessions.forget(session.id, session.org_id).await;
    let user = fresh(&app, &person).await?;
    shown(&app, &person, &user, Some(wanted.org_id)).await
}
