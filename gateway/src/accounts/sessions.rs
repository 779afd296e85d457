//! Sessions: signing out here and everywhere, and where a person is signed in.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header::CONTENT_TYPE, web};
use serde::Serialize;
use store::{AuditEntry, Session, TokenHash};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{person::actor, refresh, sign_in::no_cookies};
use crate::{
    app::App,
    auth::{Person, caller::From, credentials::REFRESH_COOKIE, csrf},
    clock,
    problem::{Kind, Problem},
};

/// A sign-in on one device.
#[derive(Serialize, ToSchema)]
pub(crate) struct MySession {
    id: Uuid,
    /// Whether it is the one that asks.
    is_current: bool,
    /// What the device says it is.
    user_agent: Option<String>,
    /// From where it was last used.
    address: Option<String>,
    /// Since when.
    #[schema(format = "date-time")]
    created_at: String,
    /// When its tokens were last refreshed.
    #[schema(format = "date-time")]
    last_seen_at: String,
    /// When it ends, if it is not used again.
    #[schema(format = "date-time")]
    expires_at: String,
}

impl MySession {
    fn of(session: &Session, current: Uuid) -> Self {
        Self {
            id: session.id,
            is_current: session.id == current,
            user_agent: session.user_agent.clone(),
            address: session.address.map(|address| address.to_string()),
            created_at: session.created_at.to_string(),
            last_seen_at: session.last_seen_at.to_string(),
            expires_at: session.expires_at.to_string(),
        }
    }
}

/// Where a person is signed in, last seen first: all of it, at most 100.
#[derive(Serialize, ToSchema)]
pub(crate) struct MySessions {
    items: Vec<MySession>,
    /// Always null: there is one page.
    next_cursor: Option<String>,
}

/// Who signs out.
pub(crate) enum Leaving {
    Person(Person),
    /// Nobody's access token is good any more: the session is told by its refresh token.
    Token(refresh::Presented),
}

impl FromRequest for Leaving {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let brings_token = request.cookie(REFRESH_COOKIE).is_some() || request.headers().contains_key(CONTENT_TYPE);
        let person = Person::from_request(request, payload);
        let token = brings_token.then(|| refresh::Presented::from_request(request, payload));
        Box::pin(async move {
            match (person.await, token) {
                (Ok(person), _) => Ok(Leaving::Person(person)),
                (Err(problem), Some(token)) if is_nobody(&problem) => token.await.map(Leaving::Token),
                (Err(problem), _) => Err(problem),
            }
        })
    }
}

fn is_nobody(problem: &Problem) -> bool {
    matches!(problem.kind(), Kind::MissingApiKey | Kind::InvalidAccessToken)
}

/// Sign out
///
/// Ends this session on every gateway, within a second. When the access token is not good any more, the refresh token
/// will do: a browser's cookie with `X-CSRF-Token`, or a program's JSON body as `POST /auth/refresh` takes it.
#[utoipa::path(
    post,
    path = "/auth/logout",
    tag = "Accounts",
    responses(
        (status = 204, description = "Signed out; a browser's cookies are gone."),
        (status = 400, description = "`invalid_body`, `incomplete_body`: of a refresh token."),
        (status = 401, description = "`invalid_refresh_token`: of a session that has ended, or of none."),
        (status = 408, description = "`body_timeout`: the refresh token did not arrive in time."),
        (status = 413, description = "`body_too_large`: that is no refresh token."),
        (status = 415, description = "`unsupported_media_type`: a refresh token comes as JSON."),
    )
)]
pub(crate) async fn logout(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    leaving: Leaving,
) -> Result<HttpResponse, Problem> {
    let person = match leaving {
        Leaving::Person(person) => person,
        Leaving::Token(presented) => return logout_by_token(&request, &app, presented).await,
    };
    let session = &person.state.session;
    let entry = person.entry("session.logout", "session", session.id);
    app.stores.accounts.revoke_session(session.user_id, session.id, clock::now(), &entry).await?;
    app.sessions.forget(session.id, session.org_id).await;
    Ok(signed_out(&request))
}

async fn logout_by_token(
    request: &HttpRequest,
    app: &App,
    presented: refresh::Presented,
) -> Result<HttpResponse, Problem> {
    let (accounts, now) = (&app.stores.accounts, clock::now());
    let token = presented.checked(app, request)?;
    let session = accounts.session_of_token(&TokenHash::of(&token), now).await?.ok_or_else(refresh::not_good)?;
    let user = accounts.user(session.user_id).await?.ok_or_else(refresh::not_good)?;
    let entry = AuditEntry::new(session.org_id, actor(&user), "session.logout", "session", session.id);
    accounts.revoke_session(user.id, session.id, now, &From::of(request, app).tell(entry)).await?;
    app.sessions.forget(session.id, session.org_id).await;
    Ok(signed_out(request))
}

/// Sign out everywhere
///
/// Ends every session of the person.
#[utoipa::path(
    post,
    path = "/auth/logout-all",
    tag = "Accounts",
    responses((status = 204, description = "Signed out everywhere; a browser's cookies are gone."))
)]
pub(crate) async fn logout_all(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    person: Person,
) -> Result<HttpResponse, Problem> {
    let session = &person.state.session;
    let now = clock::now();
    let others = app.stores.accounts.sessions(session.user_id, now).await?;
    let entry = person.entry("session.logout_all", "user", session.user_id);
    app.stores.accounts.revoke_sessions(session.user_id, now, &entry).await?;
    for ended in &others {
        app.sessions.forget(ended.id, ended.org_id).await;
    }
    Ok(signed_out(&request))
}

fn signed_out(request: &HttpRequest) -> HttpResponse {
    let mut answer = HttpResponse::NoContent();
    if csrf::is_browser(request) {
        for cookie in no_cookies() {
            answer.cookie(cookie);
        }
    }
    answer.finish()
}

/// Where am I signed in?
#[utoipa::path(
    get,
    path = "/me/sessions",
    tag = "Accounts",
    responses((status = 200, description = "The person's sessions.", body = MySessions))
)]
pub(crate) async fn my_sessions(app: web::Data<Arc<App>>, person: Person) -> Result<web::Json<MySessions>, Problem> {
    let current = &person.state.session;
    let sessions = app.stores.accounts.sessions(current.user_id, clock::now()).await?;
    let items = sessions.iter().map(|session| MySession::of(session, current.id)).collect();
    Ok(web::Json(MySessions { items, next_cursor: None }))
}

/// End one of my sessions
#[utoipa::path(
    delete,
    path = "/me/sessions/{id}",
    tag = "Accounts",
    params(("id" = Uuid, Path, description = "The session's id.")),
    responses(
        (status = 204, description = "Ended."),
        (status = 404, description = "`not_found`: no session of yours of this id that is open."),
    )
)]
pub(crate) async fn end_my_session(
    app: web::Data<Arc<App>>,
    person: Person,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let not_found = || Problem::new(Kind::NotFound, "You have no open session of this id.");
    let id: Uuid = id.parse().map_err(|_| not_found())?;
    let user_id = person.state.user.id;
    let entry = person.entry("session.revoke", "session", id);
    if !app.stores.accounts.revoke_session(user_id, id, clock::now(), &entry).await? {
        return Err(not_found());
    }
    app.sessions.forget(id, person.state.session.org_id).await;
    Ok(HttpResponse::NoContent().finish())
}
