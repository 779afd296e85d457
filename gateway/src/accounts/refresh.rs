//! `POST /auth/refresh`: the next pair of tokens for a refresh token, which is good once.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header::CONTENT_TYPE, web};
use serde::Deserialize;
use store::{Actor, AuditEntry, Session, TokenHash, accounts::Refreshed};
use utoipa::ToSchema;

use super::sign_in::{SignedIn, Tokens};
use crate::{
    app::App,
    auth::{caller::From, credentials::REFRESH_COOKIE, csrf, tokens},
    body::{Body, Checked},
    clock,
    problem::{Kind, Problem},
};

/// Two tabs that refresh at the same moment are no thief.
const GRACE_MS: i64 = 10_000;

/// A program's refresh; a browser sends its cookie, and no body.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshRequest {
    /// The newest one.
    #[schema(min_length = 1, max_length = 128)]
    refresh_token: Option<String>,
}

impl Checked for RefreshRequest {}

/// What was presented.
pub(crate) enum Presented {
    InBody(String),
    InCookie(String),
}

impl FromRequest for Presented {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let cookie = request.cookie(REFRESH_COOKIE).map(|cookie| Presented::InCookie(cookie.value().to_owned()));
        let body = match &cookie {
            Some(_) if !request.headers().contains_key(CONTENT_TYPE) => None,
            _ => Some(Body::<RefreshRequest>::from_request(request, payload)),
        };
        Box::pin(async move {
            let in_body = match body {
                Some(body) => body.await?.0.refresh_token.map(Presented::InBody),
                None => None,
            };
            in_body.or(cookie).ok_or_else(not_good)
        })
    }
}

impl Presented {
    /// The token, if the request that brought it may speak for its session.
    pub(super) fn checked(self, app: &App, request: &HttpRequest) -> Result<String, Problem> {
        match self {
            Presented::InBody(token) => csrf::check_sign_in(app, request).map(|()| token),
            Presented::InCookie(token) => csrf::check_before_session(app, request).map(|()| token),
        }
    }
}

/// Refresh
///
/// Gives the next access and refresh token. A refresh token is good once; one that comes back after some seconds ends
/// the whole session, since somebody else has it. A browser sends no body but its cookies, and `X-CSRF-Token`.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "Accounts",
    params(("X-CSRF-Token" = Option<String>, Header, description = "Browsers: the value of the cookie `__Host-gapin_csrf`.")),
    request_body(content = RefreshRequest, example = json!({
        "refresh_token": "rt_c29tZXRoaXJ0eXR3b3JhbmRvbWJ5dGVzb2Zhc2Vzc2lvbg"
    })),
    responses(
        (status = 200, description = "The next tokens.", body = Tokens),
        (status = 400, description = "`invalid_body`."),
        (status = 401, description = "`invalid_refresh_token`: sign in again."),
        (status = 403, description = "`csrf_refused`."),
    )
)]
pub(crate) async fn refresh(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    presented: Presented,
) -> Result<HttpResponse, Problem> {
    let token = presented.checked(&app, &request)?;
    let from = From::of(&request, &app);
    let next = tokens::random(tokens::REFRESH)?;
    let reuse = from.tell(AuditEntry::new(None, Actor::anonymous(""), "session.refresh_reused", "session", ""));
    let refreshed = app
        .stores
        .accounts
        .refresh_session(
            &TokenHash::of(&token),
            &TokenHash::of(&next),
            Some(from.address),
            clock::now(),
            GRACE_MS,
            &reuse.failed(),
        )
        .await?;
    match refreshed {
        Refreshed::Rotated(session) => Ok(go_on(&app, session, next).await?.answer(&request)),
        Refreshed::Reused(session) => {
            app.sessions.forget(session.id, session.org_id).await;
            tracing::warn!(session_id = %session.id, "a used refresh token came back; its session was ended");
            Err(not_good())
        }
        Refreshed::Unknown => Err(not_good()),
    }
}

async fn go_on(app: &App, session: Session, next: String) -> Result<SignedIn, Problem> {
    let user = app.stores.accounts.user(session.user_id).await?.ok_or_else(not_good)?;
    let memberships = app.stores.organisations.memberships(user.id).await?;
    let used = memberships.into_iter().find(|membership| Some(membership.organisation.id) == session.org_id);
    SignedIn::new(app, user, used, &session, next)
}

pub(super) fn not_good() -> Problem {
    Problem::new(Kind::InvalidRefreshToken, "This refresh token is not good (any more): sign in again.")
}
