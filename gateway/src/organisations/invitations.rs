//! Invitations: `POST /users`, `/api/v1/invitations`, `POST /auth/invitations/accept`.
//!
//! An invitation's token is in its e-mail alone. It is good once, for a week, for the person whose address was invited.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::Fault;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use store::{
    TokenHash,
    organisations::{Invitation, Invited},
};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    membership::MembershipShown,
    rules::{manageable, may_manage, too_low},
};
use crate::{
    accounts::{attempts, email_address},
    app::App,
    auth::{Caller, Person},
    body::{Body, Checked},
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
    words::RoleWord,
};

/// What every invitation's token begins with.
const TOKEN_MARK: &str = "iv_";
/// A token's own bytes, before they are written as text.
const TOKEN_BYTES: usize = 32;
/// A week: people are on holiday.
const GOOD_FOR_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// Who is invited, as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// The person's e-mail address, known here or not.
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// What they become.
    role: RoleWord,
}

/// An invitation that was sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(crate) struct InvitationShown {
    /// Its id.
    id: Uuid,
    /// To whom.
    #[schema(example = "ada@example.com")]
    email: String,
    /// As what.
    role: RoleWord,
    /// By whom: a person's e-mail address, or the name of a key.
    invited_by: String,
    /// When.
    #[schema(format = DateTime)]
    created_at: String,
    /// From then on it is worth nothing.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// An invitation's token, as its e-mail has it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// `iv_` and 43 characters.
    #[schema(min_length = 1, max_length = 256)]
    token: String,
}

impl Checked for NewInvitation {
    fn faults(&self) -> Vec<Fault> {
        email_address::faults(&self.email)
    }
}

impl Checked for Acceptance {}

/// Invites a person into the organisation, by e-mail. An open invitation to the same address ends with it; one to a role that
/// may more than you may is not yours to end.
#[utoipa::path(
    post, path = "/users", tag = "Members",
    request_body(content = NewInvitation, example = json!({ "email": "ada@example.com", "role": "member" })),
    responses(
        (status = 201, description = "The invitation is on its way.", body = InvitationShown),
        (status = 403, description = "`role_too_low`: nobody gives or takes more than they have themselves."),
        (status = 409, description = "`already_exists`: the person is a member already."),
        (status = 429, description = "`too_many_attempts`: by this organisation, or to this address."),
        (status = 503, description = "`email_unavailable`: no e-mail can be sent here. `overloaded`: too many wait to be sent."),
    ),
)]
pub(crate) async fn invite(
    caller: Caller,
    body: Body<NewInvitation>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(NewInvitation { email, role: RoleWord(role) }) = body;
    may_manage(&caller, role)?;
    app.email.require()?;
    let organisation = app.stores.organisations.organisation_by_id(caller.org_id()).await?;
    let organisation = organisation.ok_or_else(|| Problem::new(Kind::NotFound, "The organisation is gone."))?;
    let now = clock::now();
    // The schema's format and the check beyond it let nothing else pass.
    let email = email_address::canonical(&email).unwrap_or(email);
    attempts::invite(&*app.stores.accounts, organisation.id, &email, now).await?;
    let token = new_token()?;
    let invitation = Invitation {
        id: Uuid::now_v7(),
        org_id: organisation.id,
        email,
        role,
        token: TokenHash::of(&token),
        invited_by: caller.actor().name,
        created_at: now,
        expires_at: now.plus_ms(GOOD_FOR_MS),
        ended_at: None,
    };
    let entry = caller
        .entry("invitation.create", "invitation", invitation.id)
        .with("email", invitation.email.clone())
        .with("role", role.as_str());
    match app.stores.organisations.invite(&invitation, &manageable(&caller), &entry).await? {
        Invited::Done => {}
        Invited::MayNotReplace(role) => return Err(too_low(role)),
    }
    let sent = app.email.invitation(&invitation.email, &organisation.name, &invitation.invited_by, &token);
    if let Err(problem) = sent {
        // Nobody has the token, so nobody could use it.
        let entry = caller.entry("invitation.withdraw", "invitation", invitation.id).with("reason", "not sent");
        let store = &app.stores.organisations;
        store.withdraw_invitation(invitation.org_id, invitation.id, clock::now(), &entry).await?;
        return Err(problem);
    }
    Ok(HttpResponse::Created().json(InvitationShown::of(invitation)))
}

/// The organisation's open invitations, newest first.
#[utoipa::path(
    get, path = "/api/v1/invitations", tag = "Members",
    params(PageParameters),
    responses((status = 200, description = "A page of invitations.", body = Listed<InvitationShown>)),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<InvitationShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let before = page.after()?;
    let mut open = app.stores.organisations.invitations(caller.org_id(), clock::now()).await?;
    open.sort_by_key(|invitation| std::cmp::Reverse(invitation.id));
    open.retain(|invitation| before.is_none_or(|before| invitation.id < before));
    Ok(web::Json(page.of(open, |invitation| invitation.id, InvitationShown::of)))
}

/// Withdraws an open invitation: its link is worth nothing any more.
#[utoipa::path(
    delete, path = "/api/v1/invitations/{id}", tag = "Members",
    params(("id" = Uuid, Path, description = "The invitation's id.")),
    responses(
        (status = 204, description = "It is withdrawn."),
        (status = 403, description = "`role_too_low`: nobody gives or takes more than they have themselves."),
        (status = 404, description = "`not_found`: the organisation has no open invitation of this id."),
    ),
)]
pub(crate) async fn withdraw(
    caller: Caller,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let no_such = || Problem::new(Kind::NotFound, "The organisation has no open invitation of this id.");
    let now = clock::now();
    let invitation = app.stores.organisations.open_invitation(caller.org_id(), *id, now).await?;
    let invitation = invitation.ok_or_else(no_such)?;
    may_manage(&caller, invitation.role)?;
    let entry = caller
        .entry("invitation.withdraw", "invitation", *id)
        .with("email", invitation.email)
        .with("role", invitation.role.as_str());
    match app.stores.organisations.withdraw_invitation(caller.org_id(), *id, now, &entry).await? {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(no_such()),
    }
}

/// Accepts an invitation, for the person who is signed in: their address is the one that was invited.
#[utoipa::path(
    post, path = "/auth/invitations/accept", tag = "Members",
    request_body(content = Acceptance),
    responses(
        (status = 200, description = "The organisation that you now belong to.", body = MembershipShown),
        (status = 400, description = "`invalid_one_time_token`: unknown, used, too old, or for somebody else."),
    ),
)]
pub(crate) async fn accept(
    person: Person,
    body: Body<Acceptance>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<MembershipShown>, Problem> {
    let Body(Acceptance { token }) = body;
    let not_good = || {
        Problem::new(
            Kind::InvalidOneTimeToken,
            "This invitation is not good: unknown, used, too old, or sent to another address than yours.",
        )
    };
    let user = &person.state.user;
    let now = clock::now();
    let token = TokenHash::of(&token);
    let invitation = app.stores.organisations.invitation(&token, now).await?;
    let invitation = invitation.filter(|invitation| invitation.email == user.email).ok_or_else(not_good)?;
    let mut entry = person
        .entry("member.join", "user", user.id)
        .with("invitation", invitation.id.to_string())
        .with("role", invitation.role.as_str());
    // The trail is that of the organisation that they join, not that of the one in use.
    entry.org_id = Some(invitation.org_id);
    let joined = app.stores.organisations.accept_invitation(&token, user.id, now, &entry).await?;
    let joined = joined.ok_or_else(not_good)?;
    if person.state.session.org_id.is_none() {
        // Somebody who was nowhere is there now.
        let session = person.state.session.id;
        app.stores.accounts.use_organisation(user.id, session, invitation.org_id).await?;
    }
    Ok(web::Json(MembershipShown::of(joined)))
}

fn new_token() -> Result<Zeroizing<String>, Problem> {
    let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
    getrandom::fill(bytes.as_mut_slice()).map_err(Problem::internal)?;
    Ok(Zeroizing::new(format!("{TOKEN_MARK}{}", URL_SAFE_NO_PAD.encode(*bytes))))
}

impl InvitationShown {
    fn of(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            role: RoleWord(invitation.role),
            invited_by: invitation.invited_by,
            created_at: invitation.created_at.to_string(),
            expires_at: invitation.expires_at.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_is_its_mark_and_256_bits() {
        let token = new_token().unwrap();
        assert_eq!(token.len(), TOKEN_MARK.len() + 43);
        assert!(token.starts_with(TOKEN_MARK));
        assert_ne!(*token, *new_token().unwrap());
    }
}
