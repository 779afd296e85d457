//! `POST /auth/password/forgot` and `POST /auth/password/reset`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::Fault;
use serde::Deserialize;
use store::{
    AuditEntry, TokenHash, User,
    accounts::{PasswordHash, TokenPurpose},
};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    attempts::{self, Tried},
    email_address, password_rules,
    person::{actor, name_of_address, rename_unconfirmed},
    register::{LetterSent, canonical, confirm, not_good},
};
use crate::{
    app::App,
    auth::{caller::From, csrf, tokens},
    body::{Body, Checked},
    clock,
    email::{Letter, Matter},
    problem::{Kind, Problem},
};

/// How long the link is good.
const RESET_PASSWORD_MS: i64 = 3_600 * 1_000;

/// Who can't sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgottenPassword {
    #[schema(format = "email", min_length = 3, max_length = 254)]
    email: String,
}

impl Checked for ForgottenPassword {
    fn faults(&self) -> Vec<Fault> {
        email_address::faults(&self.email)
    }
}

/// A new password, by the link's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordReset {
    /// As it stands in the link.
    #[schema(min_length = 1, max_length = 128)]
    token: String,
    /// The new one.
    #[schema(format = "password", min_length = 8, max_length = 256)]
    password: String,
}

impl Checked for PasswordReset {
    fn faults(&self) -> Vec<Fault> {
        password_rules::faults(&self.password, &[])
    }
}

/// Ask for a new password
///
/// A link is sent to the address, if it has an account; the answer is the same if not.
#[utoipa::path(
    post,
    path = "/auth/password/forgot",
    tag = "Accounts",
    request_body(content = ForgottenPassword, example = json!({"email": "ada@example.com"})),
    responses(
        (status = 202, description = "An e-mail is on its way, if there is such an account.", body = LetterSent,
            example = json!({"detail": "If there is such an account, a link is on its way."})),
        (status = 400, description = "`invalid_body`."),
        (status = 403, description = "`csrf_refused`."),
        (status = 429, description = "`too_many_attempts`."),
        (status = 503, description = "`email_unavailable`; `overloaded`."),
    )
)]
pub(crate) async fn forgot_password(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    Body(body): Body<ForgottenPassword>,
) -> Result<HttpResponse, Problem> {
    csrf::check_sign_in(&app, &request)?;
    app.email.require()?;
    let email = canonical(&body.email)?;
    attempts::begin(&app, Tried::Mail, From::of(&request, &app).address, Some(&email)).await?;
    let user = app.stores.accounts.user_by_email(&email).await?;
    let later = app.get_ref().clone();
    app.background.begin(async move {
        if let Some(user) = user
            && let Err(problem) = send_link(&later, &user).await
        {
            tracing::error!(%problem, "a link for a new password was not sent");
        }
    })?;
    Ok(LetterSent::answer("If there is such an account, a link is on its way."))
}

/// Sends the link that sets a new password; the one before ends.
pub(super) async fn send_link(app: &App, user: &User) -> Result<(), Problem> {
    let token = tokens::random(tokens::RESET_PASSWORD)?;
    let (purpose, until) = (TokenPurpose::ResetPassword, clock::now().plus_ms(RESET_PASSWORD_MS));
    app.stores.accounts.insert_one_time_token(purpose, user.id, &TokenHash::of(&token), until).await?;
    app.email.deliver(Letter { to: user.email.clone(), matter: Matter::ResetPassword { token } }).await;
    Ok(())
}

/// Set a new password
///
/// With the token of the link. Ends every session of the person, and confirms the address: the link came there.
#[utoipa::path(
    post,
    path = "/auth/password/reset",
    tag = "Accounts",
    request_body(content = PasswordReset, example = json!({
        "token": "pr_b0Zk1c2VjbGVhbmJyaWdodGx5c2hpbmluZ3NlYXNpZGU", "password": "a louder harbour"
    })),
    responses(
        (status = 204, description = "Set: sign in with it."),
        (status = 400, description = "`invalid_body`; `invalid_one_time_token`."),
        (status = 403, description = "`csrf_refused`."),
        (status = 429, description = "`too_many_attempts`."),
        (status = 503, description = "`overloaded`."),
    )
)]
pub(crate) async fn reset_password(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    Body(body): Body<PasswordReset>,
) -> Result<HttpResponse, Problem> {
    csrf::check_sign_in(&app, &request)?;
    let from = From::of(&request, &app);
    let begun = attempts::begin(&app, Tried::Token, from.address, None).await?;
    let accounts = &app.stores.accounts;
    let (purpose, token) = (TokenPurpose::ResetPassword, TokenHash::of(&body.token));
    // Nothing is hashed for a token that was made up, and no link is used up for a password that is refused.
    let user_id = accounts.one_time_token_owner(purpose, &token, clock::now()).await?.ok_or_else(not_good)?;
    let user = accounts.user(user_id).await?.ok_or_else(not_good)?;
    let faults = password_rules::faults(&body.password, &[&user.email, &user.name]);
    if !faults.is_empty() {
        return Err(Problem::with_faults(Kind::InvalidBody, "The body is not what this route takes.", faults));
    }
    let hash = app.accounts.passwords.hash(&Zeroizing::new(body.password)).await?;
    // By now somebody else may have used it.
    let taken = accounts.take_one_time_token(purpose, &token, clock::now()).await?;
    taken.filter(|owner| *owner == user.id).ok_or_else(not_good)?;
    let user = if user.email_verified_at.is_none() { confirm_taken_over(&app, &from, user).await? } else { user };
    set(&app, &from, &user, "user.reset_password", None, &hash).await?;
    begun.forget(&app).await?;
    attempts::forgive(&app, &user.email).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whoever came by the link has the address, and need not be who registered with it and chose the name, which an
/// organisation of theirs would take: the name becomes what the address says. They can change it.
async fn confirm_taken_over(app: &App, from: &From, user: User) -> Result<User, Problem> {
    let name = name_of_address(&user.email);
    let user = rename_unconfirmed(&app.stores, user, name, None, &|entry| from.tell(entry)).await?;
    confirm(app, from, user).await
}

/// Sets a password, and tells its person by e-mail; every session but `kept` ends.
pub(super) async fn set(
    app: &App,
    from: &From,
    user: &User,
    action: &str,
    kept: Option<Uuid>,
    hash: &PasswordHash,
) -> Result<(), Problem> {
    let org_id = app.stores.organisations.memberships(user.id).await?.first().map(|first| first.organisation.id);
    let entry = from.tell(AuditEntry::new(org_id, actor(user), action, "user", user.id));
    app.stores.accounts.set_password(user.id, hash, false, kept, clock::now(), &entry).await?;
    let letter = Letter { to: user.email.clone(), matter: Matter::PasswordChanged };
    if app.email.require().is_ok()
        && let Err(problem) = app.email.send(letter)
    {
        tracing::error!(%problem, "nobody was told by e-mail that a password was changed");
    }
    Ok(())
}
