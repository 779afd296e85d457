//! `POST /auth/login`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::Fault;
use serde::Deserialize;
use store::{AuditEntry, User, audit::Actor};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    attempts::{self, Tried},
    email_address,
    passwords::{Password, Verdict},
    register::{canonical, send_verification},
    sign_in::{Tokens, signed_in},
};
use crate::{
    app::App,
    auth::{caller::From, csrf},
    body::{Body, Checked},
    problem::{Kind, Problem},
};

/// Who they are, and how they show it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    #[schema(format = "email", min_length = 3, max_length = 254)]
    email: String,
    #[schema(format = "password", min_length = 1, max_length = 256)]
    password: String,
}

impl Checked for Login {
    fn faults(&self) -> Vec<Fault> {
        email_address::faults(&self.email)
    }
}

/// Sign in
///
/// With e-mail address and password. A browser (a request with `Origin` or `Sec-Fetch-Site`) gets the session as
/// cookies, a program as JSON. The same answer, in the same time, for a wrong password, an unknown address and one that
/// is not confirmed, to which the link is sent again.
#[utoipa::path(
    post,
    path = "/auth/login",
    tag = "Accounts",
    request_body(content = Login, example = json!({"email": "ada@example.com", "password": "a quiet harbour"})),
    responses(
        (status = 200, description = "Signed in.", body = Tokens),
        (status = 400, description = "`invalid_body`."),
        (status = 401, description = "`invalid_credentials`."),
        (status = 403, description = "`csrf_refused`: a browser's request from another site."),
        (status = 429, description = "`too_many_attempts`: from this address, or for this account."),
        (status = 503, description = "`overloaded`: too many people are signing in."),
    )
)]
pub(crate) async fn login(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    Body(body): Body<Login>,
) -> Result<HttpResponse, Problem> {
    csrf::check_sign_in(&app, &request)?;
    let from = From::of(&request, &app);
    let (email, password) = (canonical(&body.email)?, Zeroizing::new(body.password));
    let begun = attempts::begin(&app, Tried::SignIn, from.address, Some(&email)).await?;
    let user = app.stores.accounts.user_by_email(&email).await?;
    let kept = user.as_ref().and_then(|user| user.password.as_ref());
    let verdict = app.accounts.passwords.verify(&password, kept).await?;
    match user {
        Some(user) if verdict != Verdict::Wrong && user.email_verified_at.is_some() => {
            begun.forget(&app).await?;
            if verdict == Verdict::RightButWeaklyKept {
                keep_better(&app, &user, &password).await?;
            }
            signed_in(&app, &request, &user, "password").await
        }
        user => {
            tell_failure(&app, &from, &email, user.as_ref()).await?;
            if let Some(user) = user.filter(|_| verdict != Verdict::Wrong) {
                send_again(&app, user)?;
            }
            Err(Problem::new(
                Kind::InvalidCredentials,
                "The e-mail address or the password is wrong, or the address is not confirmed: then look into your mail.",
            ))
        }
    }
}

/// Every failure is in the trail of the person's organisation, and one of nobody's in nobody's: the same work.
async fn tell_failure(app: &App, from: &From, email: &str, user: Option<&User>) -> Result<(), Problem> {
    let user_id = user.map_or(Uuid::nil(), |user| user.id);
    let org_id = app.stores.organisations.memberships(user_id).await?.first().map(|first| first.organisation.id);
    let entry = AuditEntry::new(org_id, Actor::anonymous(email), "session.login_failed", "user", user_id);
    app.stores.audit.append_audit(&from.tell(entry.failed())).await?;
    Ok(())
}

/// The password is right and the address not yet confirmed: the link is sent again, not too often.
fn send_again(app: &web::Data<Arc<App>>, user: User) -> Result<(), Problem> {
    let later = app.get_ref().clone();
    app.background.begin(async move {
        let sent = match attempts::may_mail(&later, &user.email).await {
            Ok(true) => send_verification(&later, &user).await,
            other => other.map(|_| ()),
        };
        if let Err(problem) = sent {
            tracing::error!(%problem, "a link was not sent again");
        }
    })
}

/// Hashes the password anew, under today's parameters; the person notices nothing.
async fn keep_better(app: &App, user: &User, password: &Password) -> Result<(), Problem> {
    let Some(kept) = &user.password else { return Ok(()) };
    let better = app.accounts.passwords.hash(password).await?;
    app.stores.accounts.rehash_password(user.id, kept, &better).await?;
    Ok(())
}
