//! `/api/v1/legal-holds`: what is not dropped, however old it is.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use store::legal_holds::{LegalHold, Release};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{RefOr, schema::Schema},
};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Caller,
    body::{Body, Checked},
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
    words::{optional_text_schema, text_schema},
};

/// A hold to be placed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLegalHold {
    /// The AI system whose events it holds, registered or not; absent: everything that the organisation has.
    ai_id: Option<Uuid>,
    /// What people call it.
    #[schema(schema_with = name)]
    name: Option<String>,
    /// Why.
    #[schema(schema_with = reason)]
    reason: String,
}

/// Why a hold ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRelease {
    /// Why.
    #[schema(schema_with = reason)]
    reason: String,
}

impl Checked for NewLegalHold {}
impl Checked for NewRelease {}

fn name() -> RefOr<Schema> {
    optional_text_schema(64, r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$")
}

/// May have several lines.
fn reason() -> RefOr<Schema> {
    text_schema(1_024, r"^[^\x00]*$")
}

/// A legal hold.
#[derive(Serialize, ToSchema)]
#[schema(as = LegalHold)]
pub(crate) struct HoldShown {
    /// Its id.
    id: Uuid,
    /// The AI system whose events it holds; `null`: everything that the organisation has.
    ai_id: Option<Uuid>,
    /// What people call it.
    name: Option<String>,
    /// Why it was placed.
    reason: String,
    /// By whom.
    placed_by: String,
    /// When.
    #[schema(format = DateTime)]
    placed_at: String,
    /// How it ended; `null` while it is active.
    release: Option<ReleaseShown>,
}

/// The end of a hold.
#[derive(Serialize, ToSchema)]
#[schema(as = LegalHoldRelease)]
pub(crate) struct ReleaseShown {
    /// Why.
    reason: String,
    /// By whom.
    released_by: String,
    /// When.
    #[schema(format = DateTime)]
    released_at: String,
}

/// What holds are filtered by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `list_holds` reads")]
pub(crate) struct HoldParameters {
    /// `true`: those that hold now; `false`: those that were released.
    active: Option<bool>,
}

/// Places a hold: once this is answered, nothing that it covers is dropped, until it is released.
#[utoipa::path(
    post, path = "/api/v1/legal-holds", tag = "Retention",
    request_body(content = NewLegalHold, examples(
        ("everything" = (summary = "Everything", value = json!({ "reason": "Request of the supervisory authority" }))),
        ("ai_system" = (summary = "One AI system", value = json!({
            "ai_id": "0198a3c0-7d2f-7c1b-9f7e-2b8f3f1d5a10", "name": "case 4711", "reason": "Doe v. Example Travel",
        }))),
    )),
    responses((status = 201, description = "It holds.", body = HoldShown)),
)]
pub(crate) async fn place_hold(
    caller: Caller,
    body: Body<NewLegalHold>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(NewLegalHold { ai_id, name, reason }) = body;
    let id = Uuid::now_v7();
    let entry = caller
        .entry("legal_hold.place", "legal_hold", id)
        .with("ai_id", ai_id.map(|ai_id| ai_id.to_string()))
        .with("name", name.clone())
        .with("reason", reason.clone());
    let hold = LegalHold {
        id,
        org_id: caller.org_id(),
        ai_id,
        name,
        reason,
        placed_by: entry.actor.name.clone(),
        placed_at: clock::now(),
        release: None,
    };
    app.stores.legal_holds.place_hold(&hold, &entry).await?;
    Ok(HttpResponse::Created().json(HoldShown::of(hold)))
}

/// The organisation's legal holds, newest first; those that were released stay.
#[utoipa::path(
    get, path = "/api/v1/legal-holds", tag = "Retention",
    params(HoldParameters, PageParameters),
    responses((status = 200, description = "A page of holds.", body = Listed<HoldShown>)),
)]
pub(crate) async fn list_holds(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<HoldShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    let active = parameters.parsed("active", "`true` or `false`", |word| word.parse().ok())?;
    parameters.end(&["active", "limit", "cursor"])?;
    let holds = app.stores.legal_holds.legal_holds(caller.org_id(), active, page.after()?, page.asked()).await?;
    Ok(web::Json(page.of(holds, |hold| hold.id, HoldShown::of)))
}

/// One legal hold.
#[utoipa::path(
    get, path = "/api/v1/legal-holds/{id}", tag = "Retention",
    params(("id" = Uuid, Path, description = "The hold's id.")),
    responses(
        (status = 200, description = "The hold.", body = HoldShown),
        (status = 404, description = "`not_found`: the organisation has no hold of this id."),
    ),
)]
pub(crate) async fn get_hold(
    caller: Caller,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<HoldShown>, Problem> {
    let found = app.stores.legal_holds.legal_hold(caller.org_id(), *id).await?;
    found.map(HoldShown::of).map(web::Json).ok_or_else(no_such_hold)
}

/// Releases a hold: what it alone kept is dropped when its time is over. One that was released before stays as it was.
#[utoipa::path(
    post, path = "/api/v1/legal-holds/{id}/release", tag = "Retention",
    params(("id" = Uuid, Path, description = "The hold's id.")),
    request_body(content = NewRelease, example = json!({ "reason": "The case is closed" })),
    responses(
        (status = 200, description = "It holds no more.", body = HoldShown),
        (status = 404, description = "`not_found`: the organisation has no hold of this id."),
    ),
)]
pub(crate) async fn release_hold(
    caller: Caller,
    id: web::Path<Uuid>,
    body: Body<NewRelease>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<HoldShown>, Problem> {
    let Body(NewRelease { reason }) = body;
    let entry = caller.entry("legal_hold.release", "legal_hold", *id).with("reason", reason.clone());
    let release = Release { reason, by: entry.actor.name.clone(), at: clock::now() };
    let released = app.stores.legal_holds.release_hold(caller.org_id(), *id, &release, &entry).await?;
    released.map(HoldShown::of).map(web::Json).ok_or_else(no_such_hold)
}

impl HoldShown {
    fn of(hold: LegalHold) -> Self {
        Self {
            id: hold.id,
            ai_id: hold.ai_id,
            name: hold.name,
            reason: hold.reason,
            placed_by: hold.placed_by,
            placed_at: hold.placed_at.to_string(),
            release: hold.release.map(|release| ReleaseShown {
                reason: release.reason,
                released_by: release.by,
                released_at: release.at.to_string(),
            }),
        }
    }
}

fn no_such_hold() -> Problem {
    Problem::new(Kind::NotFound, "The organisation has no legal hold of this id.")
}
