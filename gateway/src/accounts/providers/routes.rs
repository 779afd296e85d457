//! `GET /auth/providers`, `GET /auth/oauth/{provider}/start` and `/callback`.

use std::{collections::HashMap, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT, CACHE_CONTROL, HeaderName, LOCATION},
    web,
};
use serde::Serialize;
use store::{Actor, AuditEntry};
use utoipa::ToSchema;

use super::{Flow, Profile, Provider, link, refused, return_to::ReturnTo};
use crate::{
    accounts::{
        attempts::{self, Tried},
        sign_in::{self, SignedIn, Tokens, session_cookies},
    },
    app::App,
    auth::caller::From,
    clock,
    problem::{Kind, Problem},
    query::Parameters,
};

/// What browsers tell of a request for a page.
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The longest code or state that is looked at; providers give some hundred bytes at most.
const PARAMETER_BYTES_MAX: usize = 2_048;

/// The providers that a person can sign in with here.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignInProviders {
    items: Vec<SignInProvider>,
    /// Always `null`: they are few.
    next_cursor: Option<String>,
}

/// One of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignInProvider {
    /// `google` or `github`.
    #[schema(example = "google")]
    provider: &'static str,
    /// What people call it.
    #[schema(example = "Google")]
    name: &'static str,
    /// Where a browser goes to sign in with it.
    #[schema(example = "/auth/oauth/google/start")]
    start: String,
}

/// The providers that a person can sign in with here.
#[utoipa::path(
    get,
    path = "/auth/providers",
    operation_id = "list_sign_in_providers",
    tag = "Accounts",
    responses((status = 200, description = "Those that are configured; often none.", body = SignInProviders)),
)]
pub(crate) async fn list(app: web::Data<Arc<App>>) -> web::Json<SignInProviders> {
    let item = |provider: Provider| SignInProvider {
        provider: provider.word(),
        name: provider.name(),
        start: format!("/auth/oauth/{}/start", provider.word()),
    };
    web::Json(SignInProviders { items: app.providers.configured().map(item).collect(), next_cursor: None })
}

/// Begin to sign in with a provider.
///
/// A browser goes here, on to the provider, and comes back by the callback. What was begun lies sealed in a cookie, for
/// ten minutes.
#[utoipa::path(
    get,
    path = "/auth/oauth/{provider}/start",
    operation_id = "start_provider_sign_in",
    tag = "Accounts",
    params(
        ("provider" = String, Path, description = "`google` or `github`.", example = "google"),
        (
            "return_to" = Option<String>, Query,
            description = "Where the browser goes once it is signed in: a path of this site. Absent: `/`.",
            max_length = 1024, pattern = r"^/", example = "/events",
        ),
    ),
    responses(
        (
            status = 302,
            description = "Go to the provider; or, when that can't be begun, a browser goes to the dashboard's sign-in page.",
            headers(
                ("Location" = String, description = "The provider's page, with state, PKCE challenge and nonce."),
                ("Set-Cookie" = String, description = "`__Host-gapin_flow_google` or `__Host-gapin_flow_github`."),
            ),
        ),
        (status = 400, description = "`invalid_parameter`: `return_to` is no path of this site, or there is another parameter."),
        (status = 404, description = "`not_found`: there is no such provider, or it is not configured here."),
        (status = 503, description = "`provider_unavailable`: the provider can't be asked now."),
    ),
)]
pub(crate) async fn start(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    word: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let begun = begin(&request, &app, &word).await;
    or_sign_in_page(&request, &app, &word, begun)
}

async fn begin(request: &HttpRequest, app: &App, word: &str) -> Result<HttpResponse, Problem> {
    let provider = configured(app, word)?;
    let mut parameters = Parameters::of(request)?;
    let return_to = parameters.take("return_to").map(|path| ReturnTo::parse(&path)).transpose()?;
    parameters.end(&["return_to"])?;

    let flow = Flow::begin(provider, return_to.unwrap_or_default())?;
    let callback = provider.callback(&app.accounts.public_url());
    let there = app.providers.authorization_url(&flow, callback).await.ok_or_else(not_here)?;
    let there = there.map_err(|failure| failure.tell(provider))?;
    let mut answer = HttpResponse::Found();
    answer.cookie(flow.cookie(&app.vault, clock::now()));
    Ok(answer.insert_header((LOCATION, there.as_str())).insert_header((CACHE_CONTROL, "no-store")).finish())
}

/// Come back from a provider.
///
/// The provider sends the browser here. A profile that is tied to a person signs them in; else the person with the
/// address that the provider has verified is tied to it, or a new person is made. Parameters beyond those named are
/// the provider's affair and not looked at.
#[utoipa::path(
    get,
    path = "/auth/oauth/{provider}/callback",
    operation_id = "finish_provider_sign_in",
    tag = "Accounts",
    params(
        ("provider" = String, Path, description = "`google` or `github`.", example = "google"),
        ("code" = Option<String>, Query, description = "Of the provider's, good once.", max_length = 2048),
        ("state" = Option<String>, Query, description = "As it was given to the provider.", max_length = 2048),
        ("error" = Option<String>, Query, description = "Why there is no code: the person declined, …", example = "access_denied"),
    ),
    responses(
        (status = 200, description = "Signed in: what a program is answered.", body = Tokens),
        (
            status = 302,
            description = "Signed in: a browser goes on to `return_to`. Refused: one goes to the dashboard's sign-in page, \
                           where there is one, with the code of the problem as `refused`.",
            headers(
                ("Location" = String, description = "The `return_to` of the start, or `/login`."),
                ("Set-Cookie" = String, description = "The session's cookies."),
            ),
        ),
        (
            status = 400,
            description = "`provider_sign_in_failed`: it was not begun in this browser, was begun too long ago or declined, \
                           the provider does not confirm it, or has not verified the person's address.",
        ),
        (status = 403, description = "`registration_closed`: nobody has this address here, and strangers make no accounts."),
        (status = 404, description = "`not_found`: there is no such provider, or it is not configured here."),
        (status = 429, description = "`too_many_attempts`: too many that failed came from this address."),
        (status = 503, description = "`provider_unavailable`, `overloaded`: the provider can't be asked now."),
    ),
)]
pub(crate) async fn callback(
    request: HttpRequest,
    app: web::Data<Arc<App>>,
    word: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let finished = come_back(&request, &app, &word).await;
    or_sign_in_page(&request, &app, &word, finished)
}

async fn come_back(request: &HttpRequest, app: &Arc<App>, word: &str) -> Result<HttpResponse, Problem> {
    let provider = configured(app, word)?;
    let from = From::of(request, app);
    let begun = attempts::begin(app, Tried::Token, from.address, None).await?;
    // No entry of the trail for who began nothing here: anyone could make as many as they like.
    let (flow, code) = came_back(request, app, provider)?;
    let mut profile = None;
    let signed_in = finish(request, app, &from, &flow, code, &mut profile).await;
    match &signed_in {
        Err(problem) if matches!(problem.kind(), Kind::ProviderSignInFailed | Kind::RegistrationClosed) => {
            note_failure(app, &from, provider, profile.as_ref(), problem).await?;
        }
        // A provider or a store that is away is nobody's guess.
        _ => begun.forget(app).await?,
    }
    answer(request, flow, signed_in?)
}

/// A person whose browser was sent here reads no JSON: where there is a page to sign in at, they are sent on to it, and it
/// says why. The address names the reason and never brings a text of its own, which anyone could write.
fn or_sign_in_page(
    request: &HttpRequest,
    app: &App,
    word: &str,
    outcome: Result<HttpResponse, Problem>,
) -> Result<HttpResponse, Problem> {
    let problem = match outcome {
        Err(problem) if is_navigation(request) && app.pages.has_a_page() => problem,
        other => return other,
    };
    // What is our own fault is told as such, with the request's id.
    if problem.kind() == Kind::Internal {
        return Err(problem);
    }
    let mut there = format!("/login?refused={}", problem.kind().code());
    if let Ok(provider) = word.parse::<Provider>() {
        there.push_str("&with=");
        there.push_str(provider.word());
    }
    let mut answer = HttpResponse::Found();
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header(("Referrer-Policy", "no-referrer"));
    Ok(answer.insert_header((LOCATION, there)).finish())
}

/// Signs in whoever the provider says it is; the profile stays in `told` whatever becomes of it.
async fn finish(
    request: &HttpRequest,
    app: &Arc<App>,
    from: &From,
    flow: &Flow,
    code: Result<String, Problem>,
    told: &mut Option<Profile>,
) -> Result<SignedIn, Problem> {
    let provider = flow.provider;
    let callback = provider.callback(&app.accounts.public_url());
    let profile = app.providers.profile(flow, callback, code?).await.ok_or_else(not_here)?;
    let profile = &*told.insert(profile.map_err(|failure| failure.tell(provider))?);
    let user = link::person_of(app, from, profile).await?;
    sign_in::begin(app, request, &user, provider.word()).await
}

fn answer(request: &HttpRequest, flow: Flow, signed_in: SignedIn) -> Result<HttpResponse, Problem> {
    let ended = Flow::ended(flow.provider);
    if !is_navigation(request) {
        let mut answer = signed_in.answer(request);
        answer.add_cookie(&ended).map_err(Problem::internal)?;
        return Ok(answer);
    }
    let mut answer = HttpResponse::Found();
    for cookie in session_cookies(&signed_in) {
        answer.cookie(cookie);
    }
    answer.cookie(ended);
    // The address of this page holds the code: it is nothing for caches, nor for the next page's `Referer`.
    answer.insert_header((CACHE_CONTROL, "no-store")).insert_header(("Referrer-Policy", "no-referrer"));
    Ok(answer.insert_header((LOCATION, flow.return_to.as_str())).finish())
}

/// What was begun here, and the code that the provider gave, or why there is none.
fn came_back(request: &HttpRequest, app: &App, provider: Provider) -> Result<(Flow, Result<String, Problem>), Problem> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map_err(|_| refused("The provider's answer can't be read; begin again."))?
        .into_inner();
    let mut parameters = HashMap::new();
    for (name, value) in pairs {
        let is_ours = matches!(name.as_str(), "code" | "state" | "error");
        if is_ours && (value.len() > PARAMETER_BYTES_MAX || parameters.insert(name, value).is_some()) {
            return Err(refused("The provider's answer can't be read; begin again."));
        }
    }
    // The state comes first: what comes without it was not asked for by this browser, whatever it says.
    let state = parameters.remove("state").unwrap_or_default();
    let Some(flow) = Flow::of(request, provider, &state, &app.vault, clock::now()) else {
        return Err(refused(format!(
            "This sign-in with {provider} was not begun in this browser, or too long ago; begin again."
        )));
    };
    let code = match parameters.remove("code") {
        _ if parameters.contains_key("error") => {
            Err(refused(format!("{provider} did not sign you in: you declined, or it refused.")))
        }
        Some(code) if !code.is_empty() => Ok(code),
        _ => Err(refused(format!("{provider} gave no code; begin again."))),
    };
    Ok((flow, code))
}

/// A page that a person asked for, and not a program's request; the older browsers do not say so but ask for HTML.
fn is_navigation(request: &HttpRequest) -> bool {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header(FETCH_MODE) {
        Some(mode) => mode == "navigate",
        None => header(ACCEPT).is_some_and(|accepted| accepted.contains("text/html")),
    }
}

/// Every sign-in that was begun here and fails is told in the trail, as one with a password is: of a person whom we know
/// in that of their organisation, of an unknown one in nobody's.
async fn note_failure(
    app: &App,
    from: &From,
    provider: Provider,
    profile: Option<&Profile>,
    problem: &Problem,
) -> Result<(), Problem> {
    let entry = match link::known(app, profile).await? {
        Some(user) => {
            let memberships = app.stores.organisations.memberships(user.id).await?;
            let org_id = memberships.first().map(|first| first.organisation.id);
            AuditEntry::new(org_id, Actor::anonymous(&user.email), "session.login_failed", "user", user.id)
        }
        None => AuditEntry::new(None, Actor::anonymous(""), "session.login_failed", "provider", provider.word()),
    };
    let entry = entry.with("how", provider.word()).with("reason", problem.detail()).failed();
    Ok(app.stores.audit.append_audit(&from.tell(entry)).await?)
}

fn configured(app: &App, word: &str) -> Result<Provider, Problem> {
    let provider = word.parse().ok().filter(|provider| app.providers.is_configured(*provider));
    provider.ok_or_else(not_here)
}

fn not_here() -> Problem {
    Problem::new(
        Kind::NotFound,
        "Nobody signs in with this provider here; `GET /auth/providers` lists those that are configured.",
    )
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: bool) {
        let request = headers.iter().fold(TestRequest::default(), |request, header| request.insert_header(*header));
        assert_eq!(is_navigation(&request.to_http_request()), expected, "{headers:?}");
    }

    #[test]
    fn a_browser_that_follows_a_link_is_told_from_a_program() {
        check(&[("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site"), ("accept", "text/html,*/*")], true);
        check(&[("accept", "text/html,application/xhtml+xml")], true);
        check(&[("sec-fetch-mode", "cors"), ("accept", "text/html")], false);
        check(&[("accept", "application/json")], false);
        check(&[("accept", "*/*")], false);
        check(&[], false);
    }
}
