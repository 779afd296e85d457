//! API keys: `/api/v1/keys`. A key is shown once, when it is made or rotated; what is kept of it is a keyed hash.

mod bodies;
pub(crate) mod limits;
mod restrictions;
mod shown;
pub(crate) mod usage;

pub(crate) use shown::KeyStatus;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use aibbar::Timestamp;
use serde_json::Value;
use store::{
    ApiKey, FoundKey, Limits, Scope,
    api_key::{self, NewApiKey},
    identity::ApiKeyChanges,
};
use uuid::Uuid;

use self::{
    bodies::{ChangedKey, NewKey, Rotation, ranges, scopes_of},
    shown::{KeyShown, KeyWithSecret},
};
use crate::{
    app::App,
    auth::Caller,
    body::Body,
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
};

/// Makes an API key. This answer is the only one that shows it.
#[utoipa::path(
    post, path = "/api/v1/keys", tag = "API keys",
    request_body(content = NewKey, example = json!({
        "name": "agent-1", "scopes": ["events:write"], "allowed_ips": ["203.0.113.0/24"], "requests_per_minute": 600,
    })),
    responses(
        (status = 201, description = "Made. `key` is shown this once.", body = KeyWithSecret),
        (
            status = 403,
            description = "`role_too_low`: nobody gives a scope that they do not have; no key makes one bound less than it is.",
        ),
        (status = 409, description = "`already_exists`: another key that is not revoked has this name."),
    ),
)]
pub(crate) async fn create(
    caller: Caller,
    body: Body<NewKey>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(body) = body;
    let now = clock::now();
    let scopes = scopes_of(&body.scopes);
    caller.may_grant(&scopes)?;
    let plan = limits::of_organisation(&app, caller.org_id()).await?;
    let expires_at = body.expires_at.as_deref().and_then(Timestamp::parse);
    refuse(limits::above(&body.limits(), plan, app.key_limits).into_iter().chain(bodies::past(expires_at, now)))?;

    let NewApiKey { key: secret, prefix } = api_key::generate();
    let key = ApiKey {
        id: Uuid::now_v7(),
        org_id: caller.org_id(),
        name: body.name.clone(),
        hash: app.vault.hash_api_key(&secret)?,
        prefix,
        previous: None,
        scopes,
        limits: body.limits(),
        limits_are_granted: false,
        allowed_ips: ranges(&body.allowed_ips),
        made_by: caller.actor().name,
        created_at: now,
        last_used_at: None,
        expires_at,
        revoked_at: None,
    };
    may_make(&caller, &key, plan.or(app.key_limits))?;
    let entry = caller
        .entry("api_key.create", "api_key", key.id)
        .with("name", key.name.clone())
        .with("prefix", key.prefix.clone())
        .with("scopes", words(&key.scopes))
        .with("requests_per_minute", body.requests_per_minute)
        .with("events_per_day", body.events_per_day)
        .with("allowed_ips", key.allowed_ips.iter().map(ToString::to_string).collect::<Vec<_>>())
        .with("expires_at", key.expires_at.map(|at| at.to_string()));
    app.stores.identity.insert_api_key(&key, &entry).await?;
    app.identities_changed().await;
    Ok(with_secret(StatusCode::CREATED, KeyShown::of(key, plan, app.key_limits, now), &secret))
}

/// The organisation's API keys, newest first, revoked and expired ones too.
#[utoipa::path(
    get, path = "/api/v1/keys", tag = "API keys",
    params(PageParameters),
    responses((status = 200, description = "A page of keys.", body = Listed<KeyShown>)),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<KeyShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let plan = limits::of_organisation(&app, caller.org_id()).await?;
    let keys = app.stores.identity.api_keys(caller.org_id(), page.after()?, page.asked()).await?;
    let now = clock::now();
    Ok(web::Json(page.of(keys, |key| key.id, |key| KeyShown::of(key, plan, app.key_limits, now))))
}

/// One API key.
#[utoipa::path(
    get, path = "/api/v1/keys/{id}", tag = "API keys",
    params(("id" = Uuid, Path, description = "The key's id.")),
    responses(
        (status = 200, description = "The key.", body = KeyShown),
        (status = 404, description = "`not_found`: no key of this organisation has this id."),
    ),
)]
pub(crate) async fn get(
    caller: Caller,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<KeyShown>, Problem> {
    let FoundKey { key, plan, .. } = find(&caller, *id, &app).await?;
    Ok(web::Json(KeyShown::of(key, plan, app.key_limits, clock::now())))
}

/// Changes an API key; what is absent stays as it is. A revoked key is changed no more.
#[utoipa::path(
    patch, path = "/api/v1/keys/{id}", tag = "API keys",
    params(("id" = Uuid, Path, description = "The key's id.")),
    request_body(content = ChangedKey, example = json!({ "name": "agent-1 (staging)", "requests_per_minute": null })),
    responses(
        (status = 200, description = "The key as it is now.", body = KeyShown),
        (
            status = 403,
            description = "`role_too_low`: the key has, or would get, a scope that you do not have; or is you, or bound less.",
        ),
        (status = 404, description = "`not_found`: no key of this organisation has this id, or it is revoked."),
        (status = 409, description = "`already_exists`: another key that is not revoked has this name."),
    ),
)]
pub(crate) async fn update(
    caller: Caller,
    id: web::Path<Uuid>,
    body: Body<ChangedKey>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<KeyShown>, Problem> {
    let Body(body) = body;
    let now = clock::now();
    let FoundKey { key, plan, .. } = find(&caller, *id, &app).await?;
    // Whoever can widen a key that may more than they may could use it through others.
    caller.may_grant(&key.scopes)?;
    let expires_at = body.expires_at.as_ref().map(|at| at.as_deref().and_then(Timestamp::parse));
    let changes = ApiKeyChanges {
        name: body.name.clone(),
        scopes: body.scopes.as_deref().map(scopes_of),
        limits: body.limits(key.limits),
        allowed_ips: body.allowed_ips.as_ref().map(|given| ranges(given)),
        expires_at,
    };
    caller.may_grant(changes.scopes.as_deref().unwrap_or_default())?;
    let above = limits::above(&body.limits_given(), plan, app.key_limits);
    refuse(above.into_iter().chain(bodies::past(expires_at.flatten(), now)))?;
    if caller.api_key().is_some_and(|own| own.key.id == key.id) && !restrictions::is_name_alone(&body) {
        return Err(Problem::new(Kind::RoleTooLow, "An API key changes nothing of itself but its name."));
    }
    may_make(&caller, &changed_by(&changes, &key), plan.or(app.key_limits))?;

    let entry = body.told(caller.entry("api_key.update", "api_key", key.id));
    let changed = app.stores.identity.update_api_key(caller.org_id(), key.id, &changes, &entry).await?;
    let changed = changed.ok_or_else(no_such_key)?;
    app.identities_changed().await;
    Ok(web::Json(KeyShown::of(changed, plan, app.key_limits, now)))
}

/// Revokes an API key: every gateway refuses it within a second. A revoked one stays revoked, and is answered the same.
#[utoipa::path(
    delete, path = "/api/v1/keys/{id}", tag = "API keys",
    params(("id" = Uuid, Path, description = "The key's id.")),
    responses(
        (status = 204, description = "It is revoked."),
        (status = 404, description = "`not_found`: no key of this organisation has this id."),
    ),
)]
pub(crate) async fn revoke(
    caller: Caller,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let entry = caller.entry("api_key.revoke", "api_key", *id);
    if !app.stores.identity.revoke_api_key(caller.org_id(), *id, clock::now(), &entry).await? {
        return Err(no_such_key());
    }
    app.identities_changed().await;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives an API key a new secret. The old one ends at once, or after an overlap, or with the next rotation.
#[utoipa::path(
    post, path = "/api/v1/keys/{id}/rotate", tag = "API keys",
    params(("id" = Uuid, Path, description = "The key's id.")),
    request_body(content = Rotation, example = json!({ "overlap_seconds": 3600 })),
    responses(
        (status = 200, description = "Rotated. The new `key` is shown this once.", body = KeyWithSecret),
        (status = 403, description = "`role_too_low`: the key has a scope that you do not have, or is bound less than yours."),
        (status = 404, description = "`not_found`: no key of this organisation has this id, or it is revoked."),
    ),
)]
pub(crate) async fn rotate(
    caller: Caller,
    id: web::Path<Uuid>,
    body: Body<Rotation>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(body) = body;
    let now = clock::now();
    let FoundKey { key, plan, .. } = find(&caller, *id, &app).await?;
    // The answer holds the key: who gets it may do what it may.
    caller.may_grant(&key.scopes)?;
    may_make(&caller, &key, plan.or(app.key_limits))?;
    let previous_until = (body.overlap_seconds > 0).then(|| now.plus_ms(i64::from(body.overlap_seconds) * 1_000));
    let NewApiKey { key: secret, prefix } = api_key::generate();
    let hash = app.vault.hash_api_key(&secret)?;
    let entry = caller
        .entry("api_key.rotate", "api_key", key.id)
        .with("prefix", prefix.clone())
        .with("previous_prefix", key.prefix.clone())
        .with("overlap_seconds", body.overlap_seconds);
    let rotated =
        app.stores.identity.rotate_api_key(caller.org_id(), key.id, &prefix, &hash, previous_until, &entry).await?;
    let rotated = rotated.ok_or_else(no_such_key)?;
    app.identities_changed().await;
    Ok(with_secret(StatusCode::OK, KeyShown::of(rotated, plan, app.key_limits, now), &secret))
}

/// Whether the caller may have this key be good: a key makes none that is bound less than it is itself.
fn may_make(caller: &Caller, key: &ApiKey, behind: Limits) -> Result<(), Problem> {
    match caller.api_key().and_then(|by| restrictions::less_bound(key, &by.key, behind)) {
        None => Ok(()),
        Some(bound) => Err(Problem::new(
            Kind::RoleTooLow,
            format!(
                "Your API key is bound in its {bound}: it makes, changes or rotates no key that is bound less there."
            ),
        )),
    }
}

/// The key as these changes leave it, in what binds it.
fn changed_by(changes: &ApiKeyChanges, key: &ApiKey) -> ApiKey {
    ApiKey {
        limits: changes.limits.unwrap_or(key.limits),
        limits_are_granted: key.limits_are_granted && changes.limits.is_none_or(|limits| limits == key.limits),
        allowed_ips: changes.allowed_ips.clone().unwrap_or_else(|| key.allowed_ips.clone()),
        expires_at: changes.expires_at.unwrap_or(key.expires_at),
        ..key.clone()
    }
}

async fn find(caller: &Caller, id: Uuid, app: &App) -> Result<FoundKey, Problem> {
    app.stores.identity.api_key(caller.org_id(), id).await?.ok_or_else(no_such_key)
}

fn no_such_key() -> Problem {
    Problem::new(Kind::NotFound, "There is no API key of this id (that is not revoked).")
}

fn refuse(faults: impl Iterator<Item = aibbar::Fault>) -> Result<(), Problem> {
    match faults.collect::<Vec<_>>() {
        faults if faults.is_empty() => Ok(()),
        faults => Err(Problem::with_faults(Kind::InvalidBody, "The body is not what this route takes.", faults)),
    }
}

fn with_secret(status: StatusCode, shown: KeyShown, secret: &str) -> HttpResponse {
    let body = KeyWithSecret { shown, key: secret.to_owned() };
    HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

fn words(scopes: &[Scope]) -> Vec<Value> {
    scopes.iter().map(|scope| Value::from(scope.as_str())).collect()
}
