//! Signing in: a session begins, and its tokens are given in the way that suits who asked. A browser gets them as
//! cookies that no script can read, a program as JSON.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::{CACHE_CONTROL, USER_AGENT},
};
use serde::Serialize;
use store::{AuditEntry, Session, TokenHash, User, organisations::Membership};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{me::Profile, person::actor};
use crate::{
    app::App,
    auth::{
        caller::From,
        credentials::{ACCESS_COOKIE, REFRESH_COOKIE},
        csrf::{self, CSRF_COOKIE},
        tokens::{self, ACCESS_TOKEN_S},
    },
    clock,
    problem::Problem,
};

/// How long a session lives without a refresh; each one begins it anew.
const SESSION_S: u32 = 30 * 24 * 3_600;

const USER_AGENT_CHARS_MAX: usize = 256;

/// Where the refresh cookie is sent, and nowhere else.
const REFRESH_PATH: &str = "/auth";

/// A session that has begun, or goes on, with its tokens.
pub(crate) struct SignedIn {
    user: User,
    membership: Option<Membership>,
    access_token: String,
    refresh_token: String,
    csrf_token: String,
}

/// What a sign-in answers. A browser gets the tokens as cookies instead.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// Send it as `Authorization: Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// Good once, for the next pair of tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// For how many seconds the access token is good.
    expires_in: u32,
    /// Browsers alone: to be sent as `X-CSRF-Token` with whatever changes something; in a cookie too.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
    /// Whose session it is.
    user: Profile,
    /// The organisation in use.
    organisation: Option<OwnOrganisation>,
    /// The password was given to them: `POST /me/password` replaces it.
    password_change_required: bool,
}

/// An organisation, as one of its members sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnOrganisation {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// `owner`, `admin`, `member` or `viewer`.
    pub(crate) role: &'static str,
}

impl OwnOrganisation {
    pub(crate) fn of(membership: &Membership) -> Self {
        Self {
            id: membership.organisation.id,
            name: membership.organisation.name.clone(),
            role: membership.role.as_str(),
        }
    }
}

/// Begins a session of this person and answers with it; `how` they signed in (`password`, …) stands in the trail.
pub(crate) async fn signed_in(
    app: &App,
    request: &HttpRequest,
    user: &User,
    how: &str,
) -> Result<HttpResponse, Problem> {
    Ok(begin(app, request, user, how).await?.answer(request))
}

/// Begins a session of this person.
pub(crate) async fn begin(app: &App, request: &HttpRequest, user: &User, how: &str) -> Result<SignedIn, Problem> {
    let from = From::of(request, app);
    let now = clock::now();
    let membership = app.stores.organisations.memberships(user.id).await?.into_iter().next();
    let session = Session {
        id: Uuid::now_v7(),
        user_id: user.id,
        org_id: membership.as_ref().map(|membership| membership.organisation.id),
        user_agent: user_agent(request),
        address: Some(from.address),
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus_ms(i64::from(SESSION_S) * 1_000),
        revoked_at: None,
    };
    let refresh_token = tokens::random(tokens::REFRESH)?;
    let entry = AuditEntry::new(session.org_id, actor(user), "session.login", "session", session.id).with("how", how);
    app.stores.accounts.insert_session(&session, &TokenHash::of(&refresh_token), &from.tell(entry)).await?;
    SignedIn::new(app, user.clone(), membership, &session, refresh_token)
}

impl SignedIn {
    /// A session with its newest refresh token, and a new access token.
    pub(crate) fn new(
        app: &App,
        user: User,
        membership: Option<Membership>,
        session: &Session,
        refresh_token: String,
    ) -> Result<Self, Problem> {
        let now = clock::now();
        Ok(Self {
            access_token: tokens::access_token(&app.vault, session.user_id, session.id, now)?,
            csrf_token: csrf::token(&app.vault, session.id, now)?,
            refresh_token,
            user,
            membership,
        })
    }

    /// In the way that suits who asked.
    pub(crate) fn answer(self, request: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        // Tokens are nothing for a cache on the way.
        answer.insert_header((CACHE_CONTROL, "no-store"));
        let is_browser = csrf::is_browser(request);
        if is_browser {
            for cookie in session_cookies(&self) {
                answer.cookie(cookie);
            }
        }
        let for_program = |token: String| (!is_browser).then_some(token);
        answer.json(Tokens {
            token_type: (!is_browser).then_some("Bearer"),
            expires_in: ACCESS_TOKEN_S,
            csrf_token: is_browser.then_some(self.csrf_token),
            organisation: self.membership.as_ref().map(OwnOrganisation::of),
            password_change_required: self.user.password_is_temporary,
            user: Profile::of(&self.user),
            access_token: for_program(self.access_token),
            refresh_token: for_program(self.refresh_token),
        })
    }
}

/// The session as cookies: for a browser that is answered with a redirect, too.
pub(crate) fn session_cookies(signed_in: &SignedIn) -> [Cookie<'static>; 3] {
    cookies(
        signed_in.access_token.clone(),
        signed_in.refresh_token.clone(),
        signed_in.csrf_token.clone(),
        i64::from(SESSION_S),
    )
}

/// What makes a browser forget its session.
pub(crate) fn no_cookies() -> [Cookie<'static>; 3] {
    cookies(String::new(), String::new(), String::new(), 0)
}

/// `Lax`: a link from elsewhere finds its reader signed in, another site's form does not. `__Host-` and `__Secure-`
/// make browsers insist on TLS (or this very machine), and on the host.
fn cookies(access: String, refresh: String, csrf: String, session_s: i64) -> [Cookie<'static>; 3] {
    let cookie = |name: &'static str, value: String, path: &'static str, lives_s: i64, is_hidden: bool| {
        Cookie::build(name, value)
            .path(path)
            .secure(true)
            .http_only(is_hidden)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(lives_s))
            .finish()
    };
    [
        cookie(ACCESS_COOKIE, access, "/", session_s.min(i64::from(ACCESS_TOKEN_S)), true),
        cookie(REFRESH_COOKIE, refresh, REFRESH_PATH, session_s, true),
        cookie(CSRF_COOKIE, csrf, "/", session_s, false),
    ]
}

/// What the device says it is.
fn user_agent(request: &HttpRequest) -> Option<String> {
    let text = request.headers().get(USER_AGENT)?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| text.chars().take(USER_AGENT_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_for_this_host_over_tls_and_hidden_from_scripts_but_for_the_csrf_token() {
        let shown = cookies("a".into(), "r".into(), "c".into(), 7_200).map(|cookie| cookie.to_string());
        assert_eq!(
            shown,
            [
                "__Host-gapin_access=a; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600",
                "__Secure-gapin_refresh=r; HttpOnly; SameSite=Lax; Secure; Path=/auth; Max-Age=7200",
                "__Host-gapin_csrf=c; SameSite=Lax; Secure; Path=/; Max-Age=7200",
            ]
        );
    }

    #[test]
    fn a_user_agent_is_cut_to_its_bound() {
        let request = actix_web::test::TestRequest::default().insert_header((USER_AGENT, "x".repeat(1_000)));
        assert_eq!(user_agent(&request.to_http_request()).map(|text| text.len()), Some(USER_AGENT_CHARS_MAX));
        assert_eq!(user_agent(&actix_web::test::TestRequest::default().to_http_request()), None);
    }
}
