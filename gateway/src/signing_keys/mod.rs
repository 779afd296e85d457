//! Signing keys: `/api/v1/signing-keys`. A secret is shown once, when it is made; what is kept of it is sealed.

mod bodies;
mod shown;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use aibbar::SigningSecret;
use store::SigningKey;

use self::{
    bodies::{DefaultChange, NewSigningKey, SigningRotation},
    shown::{SigningKeyShown, SigningKeyWithSecret, by_name},
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

/// A secret's bytes, before they are written as text.
const SECRET_BYTES: usize = 32;

/// Makes a signing key. This answer is the only one that shows its secret.
#[utoipa::path(
    post, path = "/api/v1/signing-keys", tag = "Signing keys",
    request_body(content = NewSigningKey, example = json!({ "key_id": "agent-2026" })),
    responses(
        (status = 201, description = "Made. `secret` is shown this once.", body = SigningKeyWithSecret),
        (status = 409, description = "`already_exists`: a key of this name is there, or was."),
    ),
)]
pub(crate) async fn create(
    caller: Caller,
    body: Body<NewSigningKey>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(body) = body;
    let secret = new_secret()?;
    let key = SigningKey {
        org_id: caller.org_id(),
        key_id: body.key_id.clone(),
        version: 1,
        secret: secret.clone(),
        is_default: body.is_default,
        ai_id: body.ai_id,
        made_by: caller.actor().name,
        created_at: clock::now(),
        last_used_at: None,
        verify_until: None,
        revoked_at: None,
    };
    let entry = caller
        .entry("signing_key.create", "signing_key", &key.key_id)
        .with("ai_id", key.ai_id.map(|id| id.to_string()))
        .with("is_default", key.is_default);
    app.stores.identity.insert_signing_key(&key, &entry).await?;
    app.identities_changed().await;
    // Read back: the first key of an organisation is its default without being told.
    let shown = find(&caller, &key.key_id, &app).await?;
    Ok(with_secret(StatusCode::CREATED, shown, &secret))
}

/// The organisation's signing keys by name, each with its versions, revoked ones too.
#[utoipa::path(
    get, path = "/api/v1/signing-keys", tag = "Signing keys",
    params(PageParameters),
    responses((status = 200, description = "A page of keys.", body = Listed<SigningKeyShown>)),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<SigningKeyShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let after = page.after_name()?;
    let keys = by_name(app.stores.identity.signing_keys(caller.org_id()).await?);
    let behind = keys.into_iter().filter(|(name, _)| after.as_ref().is_none_or(|after| name > after));
    let asked: Vec<_> = behind.take(page.asked() as usize).collect();
    let now = clock::now();
    Ok(web::Json(page.of_named(asked, |(name, _)| name, |(name, versions)| SigningKeyShown::of(name, &versions, now))))
}

/// One signing key with its versions.
#[utoipa::path(
    get, path = "/api/v1/signing-keys/{key_id}", tag = "Signing keys",
    params(("key_id" = String, Path, description = "The key's name in events.")),
    responses(
        (status = 200, description = "The key.", body = SigningKeyShown),
        (status = 404, description = "`not_found`: the organisation has no signing key of this name."),
    ),
)]
pub(crate) async fn get(
    caller: Caller,
    key_id: web::Path<String>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<SigningKeyShown>, Problem> {
    find(&caller, &key_id, &app).await.map(web::Json)
}

/// Makes a signing key the default: the one that is meant when an event names none.
#[utoipa::path(
    patch, path = "/api/v1/signing-keys/{key_id}", tag = "Signing keys",
    params(("key_id" = String, Path, description = "The key's name in events.")),
    request_body(content = DefaultChange, example = json!({ "is_default": true })),
    responses(
        (status = 200, description = "The key as it is now.", body = SigningKeyShown),
        (status = 404, description = "`not_found`: no signing key that is not revoked has this name."),
    ),
)]
pub(crate) async fn update(
    caller: Caller,
    key_id: web::Path<String>,
    _: Body<DefaultChange>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<SigningKeyShown>, Problem> {
    let entry = caller.entry("signing_key.set_default", "signing_key", &*key_id);
    if !app.stores.identity.set_default_signing_key(caller.org_id(), &key_id, &entry).await? {
        return Err(no_such_key());
    }
    app.identities_changed().await;
    find(&caller, &key_id, &app).await.map(web::Json)
}

/// Gives a signing key a new secret, as its next version. What the older versions signed goes on to verify for a while.
#[utoipa::path(
    post, path = "/api/v1/signing-keys/{key_id}/rotate", tag = "Signing keys",
    params(("key_id" = String, Path, description = "The key's name in events.")),
    request_body(content = SigningRotation, example = json!({ "verify_for_seconds": 3600 })),
    responses(
        (status = 200, description = "Rotated. The new `secret` is shown this once.", body = SigningKeyWithSecret),
        (status = 404, description = "`not_found`: no signing key that is not revoked has this name."),
    ),
)]
pub(crate) async fn rotate(
    caller: Caller,
    key_id: web::Path<String>,
    body: Body<SigningRotation>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(body) = body;
    let now = clock::now();
    let secret = new_secret()?;
    let verify_until = now.plus_ms(i64::from(body.verify_for_seconds) * 1_000);
    let entry =
        caller.entry("signing_key.rotate", "signing_key", &*key_id).with("verify_for_seconds", body.verify_for_seconds);
    let rotated =
        app.stores.identity.rotate_signing_key(caller.org_id(), &key_id, &secret, now, verify_until, &entry).await?;
    rotated.ok_or_else(no_such_key)?;
    app.identities_changed().await;
    Ok(with_secret(StatusCode::OK, find(&caller, &key_id, &app).await?, &secret))
}

/// Revokes every version of a signing key: from then on it verifies nothing. Its name is never given again.
#[utoipa::path(
    delete, path = "/api/v1/signing-keys/{key_id}", tag = "Signing keys",
    params(("key_id" = String, Path, description = "The key's name in events.")),
    responses(
        (status = 204, description = "It is revoked, now or before."),
        (status = 404, description = "`not_found`: the organisation has no signing key of this name."),
    ),
)]
pub(crate) async fn revoke(
    caller: Caller,
    key_id: web::Path<String>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let entry = caller.entry("signing_key.revoke", "signing_key", &*key_id);
    if !app.stores.identity.revoke_signing_key(caller.org_id(), &key_id, clock::now(), &entry).await? {
        return Err(no_such_key());
    }
    app.identities_changed().await;
    Ok(HttpResponse::NoContent().finish())
}

async fn find(caller: &Caller, key_id: &str, app: &App) -> Result<SigningKeyShown, Problem> {
    let versions = app.stores.identity.signing_key(caller.org_id(), Some(key_id)).await?;
    if versions.is_empty() {
        return Err(no_such_key());
    }
    Ok(SigningKeyShown::of(key_id.to_owned(), &versions, clock::now()))
}

/// 32 random bytes, as text that needs no quotes anywhere; the same form as the command line makes.
fn new_secret() -> Result<SigningSecret, Problem> {
    let mut bytes = zeroize::Zeroizing::new([0; SECRET_BYTES]);
    getrandom::fill(bytes.as_mut_slice()).map_err(Problem::internal)?;
    Ok(SigningSecret::new(format!("ss_{}", hex::encode(*bytes))))
}

fn no_such_key() -> Problem {
    Problem::new(Kind::NotFound, "There is no signing key of this name (that is not revoked).")
}

fn with_secret(status: StatusCode, shown: SigningKeyShown, secret: &SigningSecret) -> HttpResponse {
    let body = SigningKeyWithSecret { shown, secret: secret.expose().to_owned() };
    HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
