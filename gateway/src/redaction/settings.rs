//! `/api/v1/redaction`: what holds, what is to hold, and the end of a key.

use std::sync::Arc;

use actix_web::web;
use aibbar::{Fault, redact::Settings};
use serde_json::{Value, json};

use super::{
    bodies::{Erasure, NewSettings},
    shown::{ErasedShown, RedactionShown},
};
use crate::{
    app::App,
    auth::Caller,
    body::Body,
    clock,
    problem::{Kind, Problem},
};

/// What the organisation hides, and how.
#[utoipa::path(
    get, path = "/api/v1/redaction", tag = "Redaction",
    responses((status = 200, description = "What holds.", body = RedactionShown)),
)]
pub(crate) async fn get(caller: Caller, app: web::Data<Arc<App>>) -> Result<web::Json<RedactionShown>, Problem> {
    let found = app.stores.redaction.redaction(caller.org_id()).await?;
    Ok(web::Json(RedactionShown::of(found.as_ref())))
}

/// Replaces what the organisation says of redaction: what is absent is as it is by default.
///
/// It holds for events that come from then on, on every gateway within a second; what was recorded stays as it is.
#[utoipa::path(
    put, path = "/api/v1/redaction", tag = "Redaction",
    request_body(content = NewSettings, example = json!({
        "modes": { "email": "pseudonym", "ip_address": "mask" },
        "rules": [
            { "name": "employee_id", "pattern": "EMP-[0-9]{6}", "mode": "pseudonym" },
            { "name": "user", "pointer": "/metadata/user_id" },
        ],
    })),
    responses((status = 200, description = "What holds now.", body = RedactionShown)),
)]
pub(crate) async fn update(
    caller: Caller,
    body: Body<NewSettings>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<RedactionShown>, Problem> {
    let Body(body) = body;
    let settings = body.to_settings();
    let entry = caller
        .entry("redaction.update", "redaction", caller.org_id())
        .with("modes", json!(settings.modes))
        .with("rules", told(&settings));
    let changed = app.stores.redaction.set_redaction(caller.org_id(), &settings, clock::now(), &entry).await?;
    app.identities_changed().await;
    Ok(web::Json(RedactionShown::of(Some(&changed))))
}

/// Erases the key of the organisation's pseudonyms, for ever, and begins another.
///
/// Pseudonyms in what was recorded stay as they stand there and lead nowhere: nobody can find out whose they are, nor make
/// them again. The same person's data has another pseudonym from now on.
#[utoipa::path(
    post, path = "/api/v1/redaction/pseudonym-key/erase", tag = "Redaction",
    request_body(content = Erasure, example = json!({ "organisation": "acme" })),
    responses(
        (status = 200, description = "It is gone; another is in its place.", body = ErasedShown),
        (status = 404, description = "`not_found`: the organisation never had one."),
    ),
)]
pub(crate) async fn erase_key(
    caller: Caller,
    body: Body<Erasure>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<ErasedShown>, Problem> {
    let Body(Erasure { organisation: named }) = body;
    let organisation = app.stores.organisations.organisation_by_id(caller.org_id()).await?;
    if organisation.is_none_or(|organisation| organisation.name != named) {
        let detail = "must be the name of the organisation: this can't be undone".to_owned();
        let fault = Fault { pointer: "/organisation".to_owned(), code: "confirmation", detail };
        return Err(Problem::with_faults(Kind::InvalidBody, "The organisation's name confirms it.", vec![fault]));
    }
    let entry = caller.entry("redaction.erase_key", "redaction", caller.org_id());
    let erased = app.stores.redaction.erase_pseudonym_key(caller.org_id(), clock::now(), &entry).await?;
    let Some(erased) = erased else {
        return Err(Problem::new(Kind::NotFound, "The organisation has no key of pseudonyms: it has no settings yet."));
    };
    app.identities_changed().await;
    Ok(web::Json(ErasedShown::of(&erased)))
}

/// Rules as the trail tells of them: what each is called, what it is and what becomes of what it finds.
fn told(settings: &Settings) -> Value {
    let rules = settings.rules.iter();
    rules
        .map(|rule| json!({ "name": rule.name, "pattern": rule.pattern, "pointer": rule.pointer, "mode": rule.mode }))
        .collect()
}
