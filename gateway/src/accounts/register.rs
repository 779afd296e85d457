//! `POST /auth/register` and `POST /auth/verify-email`: how strangers become people.
//!
//! The answer to a registration does not tell whether the address has an account, neither in words nor in time: the
//! same is done before it, and what differs is done after it. Who owns the address learns it from an e-mail.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::Fault;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, StoreError, TokenHash, User, accounts::PasswordHash, accounts::TokenPurpose};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::{
    attempts::{self, Tried},
    email_address, password_rules,
    passwords::{Password, Verdict},
    person::{self, NewPerson, actor},
    reset,
    sign_in::{Tokens, signed_in},
};
use crate::{
    app::App,
    auth::{caller::From, csrf, tokens},
    body::{Body, Checked},
    clock,
    email::{Letter, Matter},
    problem::{Kind, Problem},
};

/// How long the link that shows an address is good.
const VERIFY_EMAIL_MS: i64 = 24 * 3_600 * 1_000;

/// Somebody who wants an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    /// Their e-mail address; capital letters make no difference.
    #[schema(format = "email", min_length = 3, max_length = 254)]
    email: String,
    /// Not the e-mail address, not the name, and none of the passwords that are tried first.
    #[schema(format = "password", min_length = 8, max_length = 256)]
    password: String,
    /// What they are called.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// The token of an invitation to this address: the account is made at once, and a member of that organisation.
    #[schema(min_length = 1, max_length = 128)]
    invitation: Option<String>,
}

impl Checked for Registration {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = email_address::faults(&self.email);
        faults.extend(name_faults(&self.name));
        faults.extend(password_rules::faults(&self.password, &[&self.email, &self.name]));
        faults
    }
}

/// The fault of a body's field `name`.
pub(super) fn name_faults(name: &str) -> Vec<Fault> {
    if !name.trim().is_empty() && !name.chars().any(char::is_control) {
        return Vec::new();
    }
    let detail = "must be one line with something to be seen".to_owned();
    vec![Fault { pointer: "/name".into(), code: "format", detail }]
}

/// The token of a link that was sent by e-mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkToken {
    /// As it stands in the link.
    #[schema(min_length = 1, max_length = 128)]
    token: String,
}

impl Checked for LinkToken {}

/// What is said to everyone, whether or not there is an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct LetterSent {
    /// What happens next.
    detail: &'static str,
}

impl LetterSent {
    pub(super) fn answer(detail: &'static str) -> HttpResponse {
        HttpResponse::Accepted().json(LetterSent { detail })
    }
}

/// Register
///
/// An e-mail with a link is sent to the address, and `POST /auth/verify-email` with the link's token makes the account
/// good and signs in. Whether the address has an account already is told in that e-mail alone.
#[utoipa::path(
    post,
    path = "/auth/register",
    tag = "Accounts",
    request_body(content = Registration, example = json!({
        "email": "ada@example.com", "password": "a quiet harbour", "name": "Ada Lovelace"
    })),
    responses(
        (status = 202, description = "An e-mail is on its way.", body = LetterSent,
            example = json!({"detail": "Look into your mail: a link is on its way."})),
        (status = 200, description = "Registered by an invitation, and signed in.", body = Tokens),
        (status = 400, description = "`invalid_body`; `invalid_one_time_token`: the invitation is not good, or to another address."),
        (status = 403, description = "`registration_closed`: accounts are made by invitation; `csrf_refused`."),
        (status = 409, description = "`already_exists`: the invited address has an account; sign in and accept there."),
        (status = 429, description = "`too_many_attempts`."),
        (status = 503, description = "`email_unavailable`; `overloaded`."),
    )
)]
pub(crate) async fn register(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    Body(body): Body<Registration>,
) -> Result<HttpResponse, Problem> {
    csrf::check_sign_in(&app, &request)?;
    let from = From::of(&request, &app);
    let wanted = Wanted {
        email: canonical(&body.email)?,
        name: body.name.trim().to_owned(),
        password: Zeroizing::new(body.password),
    };
    if let Some(token) = &body.invitation {
        return register_invited(&app, &request, &from, wanted, token).await;
    }
    app.accounts.require_open_registration()?;
    app.email.require()?;
    attempts::begin(&app, Tried::Mail, from.address, Some(&wanted.email)).await?;
    let hash = app.accounts.passwords.hash(&wanted.password).await?;
    let known = app.stores.accounts.user_by_email(&wanted.email).await?;

    let later = app.get_ref().clone();
    app.background.begin(async move {
        if let Err(problem) = settle(&later, &from, wanted, hash, known).await {
            tracing::error!(%problem, "a registration was not finished");
        }
    })?;
    Ok(LetterSent::answer("Look into your mail: a link is on its way."))
}

/// What somebody wants to be.
struct Wanted {
    email: String,
    name: String,
    password: Password,
}

/// What comes after the answer.
async fn settle(
    app: &App,
    from: &From,
    wanted: Wanted,
    hash: PasswordHash,
    known: Option<User>,
) -> Result<(), Problem> {
    match known {
        Some(user) if user.email_verified_at.is_some() => {
            app.email.deliver(Letter { to: user.email, matter: Matter::AlreadyRegistered }).await;
            Ok(())
        }
        Some(user) => register_again(app, from, wanted, user).await,
        None => {
            let new = NewPerson {
                email: &wanted.email,
                name: &wanted.name,
                password: Some(hash),
                password_is_temporary: false,
                is_verified: false,
            };
            match person::new_person_alone(&app.stores, new, &|entry| from.tell(entry)).await {
                Ok(user) => send_verification(app, &user).await,
                // Somebody was faster: they have the mail.
                Err(StoreError::Exists(_)) => Ok(()),
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// The address was registered before and never shown to be anybody's. When the password is the same, so is the person,
/// and the link is sent once more. When it is another, one of the two is perhaps not the address's owner, who would
/// confirm the address with the other's password in place: so neither counts, and the link sets a new one.
async fn register_again(app: &App, from: &From, wanted: Wanted, user: User) -> Result<(), Problem> {
    let verdict = app.accounts.passwords.verify(&wanted.password, user.password.as_ref()).await?;
    if verdict != Verdict::Wrong {
        return send_verification(app, &user).await;
    }
    disable_password(app, from, &user).await?;
    reset::send_link(app, &user).await
}

/// Puts a password in place that nobody knows.
pub(crate) async fn disable_password(app: &App, from: &From, user: &User) -> Result<(), Problem> {
    let nobodys = Zeroizing::new(tokens::random("")?);
    let hash = app.accounts.passwords.hash(&nobodys).await?;
    let entry = from.tell(AuditEntry::new(None, actor(user), "user.disable_password", "user", user.id));
    app.stores.accounts.set_password(user.id, &hash, false, None, clock::now(), &entry).await?;
    Ok(())
}

/// Sends the link that shows that the address is theirs; the one before ends.
pub(super) async fn send_verification(app: &App, user: &User) -> Result<(), Problem> {
    let token = tokens::random(tokens::VERIFY_EMAIL)?;
    let until = clock::now().plus_ms(VERIFY_EMAIL_MS);
    let (purpose, hash) = (TokenPurpose::VerifyEmail, TokenHash::of(&token));
    app.stores.accounts.insert_one_time_token(purpose, user.id, &hash, until).await?;
    app.email.deliver(Letter { to: user.email.clone(), matter: Matter::VerifyEmail { token } }).await;
    Ok(())
}

/// The invitation came to the address by e-mail: who has its token, has the address.
async fn register_invited(
    app: &App,
    request: &HttpRequest,
    from: &From,
    wanted: Wanted,
    token: &str,
) -> Result<HttpResponse, Problem> {
    let begun = attempts::begin(app, Tried::Token, from.address, None).await?;
    let token = TokenHash::of(token);
    let invitation = app.stores.organisations.invitation(&token, clock::now()).await?;
    let invitation = invitation.filter(|invitation| invitation.email == wanted.email).ok_or_else(not_good)?;
    let hash = app.accounts.passwords.hash(&wanted.password).await?;
    let user = match app.stores.accounts.user_by_email(&wanted.email).await? {
        Some(user) if user.email_verified_at.is_some() => {
            return Err(Problem::new(
                Kind::AlreadyExists,
                "This address has an account already: sign in, and accept the invitation there.",
            ));
        }
        Some(user) => {
            let entry = AuditEntry::new(Some(invitation.org_id), actor(&user), "user.set_password", "user", user.id);
            let now = clock::now();
            app.stores.accounts.set_password(user.id, &hash, false, None, now, &from.tell(entry)).await?;
            let (org_id, tell) = (Some(invitation.org_id), |entry| from.tell(entry));
            let user = person::rename_unconfirmed(&app.stores, user, wanted.name, org_id, &tell).await?;
            let entry = AuditEntry::new(org_id, actor(&user), "user.verify_email", "user", user.id);
            app.stores.accounts.verify_email(user.id, now, &from.tell(entry)).await?;
            User { email_verified_at: Some(now), ..user }
        }
        None => {
            let new = NewPerson {
                email: &wanted.email,
                name: &wanted.name,
                password: Some(hash),
                password_is_temporary: false,
                is_verified: true,
            };
            person::new_person_alone(&app.stores, new, &|entry| from.tell(entry)).await?
        }
    };
    let entry = AuditEntry::new(Some(invitation.org_id), actor(&user), "invitation.accept", "user", user.id);
    let accepted = app.stores.organisations.accept_invitation(&token, user.id, clock::now(), &from.tell(entry)).await?;
    if accepted.is_none() {
        return Err(not_good());
    }
    begun.forget(app).await?;
    signed_in(app, request, &user, "invitation").await
}

/// Confirm an e-mail address
///
/// With the token of the link that a registration sent. Signs in.
#[utoipa::path(
    post,
    path = "/auth/verify-email",
    tag = "Accounts",
    request_body(content = LinkToken, example = json!({"token": "ve_b0Zk1c2VjbGVhbmJyaWdodGx5c2hpbmluZ3NlYXNpZGU"})),
    responses(
        (status = 200, description = "Confirmed, and signed in.", body = Tokens),
        (status = 400, description = "`invalid_body`; `invalid_one_time_token`."),
        (status = 403, description = "`csrf_refused`."),
        (status = 429, description = "`too_many_attempts`."),
    )
)]
pub(crate) async fn verify_email(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    Body(body): Body<LinkToken>,
) -> Result<HttpResponse, Problem> {
    csrf::check_sign_in(&app, &request)?;
    let from = From::of(&request, &app);
    let begun = attempts::begin(&app, Tried::Token, from.address, None).await?;
    let (token, now) = (TokenHash::of(&body.token), clock::now());
    let user_id = app.stores.accounts.take_one_time_token(TokenPurpose::VerifyEmail, &token, now).await?;
    let user = app.stores.accounts.user(user_id.ok_or_else(not_good)?).await?.ok_or_else(not_good)?;
    let user = confirm(&app, &from, user).await?;
    begun.forget(&app).await?;
    signed_in(&app, &request, &user, "verified_email").await
}

/// The address was shown to be theirs: they get an organisation of their own, unless they are in one.
pub(crate) async fn confirm(app: &App, from: &From, user: User) -> Result<User, Problem> {
    // In this order, so that a crash in between leaves somebody who is sent another link.
    let org_id = person::ensure_organisation(&app.stores, &user, &|entry| from.tell(entry)).await?;
    let now = clock::now();
    let entry = AuditEntry::new(Some(org_id), actor(&user), "user.verify_email", "user", user.id);
    app.stores.accounts.verify_email(user.id, now, &from.tell(entry)).await?;
    Ok(User { email_verified_at: user.email_verified_at.or(Some(now)), ..user })
}

/// The form that is kept; [`Checked`] has seen that there is one.
pub(super) fn canonical(email: &str) -> Result<String, Problem> {
    email_address::canonical(email).ok_or_else(|| {
        Problem::with_faults(Kind::InvalidBody, "There is no such address.", email_address::faults(email))
    })
}

/// Unknown, used, too old: nobody learns which.
pub(super) fn not_good() -> Problem {
    Problem::new(Kind::InvalidOneTimeToken, "This link or invitation is not good (any more): ask for a new one.")
}
