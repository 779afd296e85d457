//! The register of AI systems: `/api/v1/ai-systems`. An organisation may take events of registered systems alone.

mod bodies;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use store::AiSystem;
use utoipa::ToSchema;
use uuid::Uuid;

use self::bodies::{ChangedAiSystem, NewAiSystem};
use crate::{
    app::App,
    auth::Caller,
    body::Body,
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
};

/// A registered AI system.
#[derive(Serialize, ToSchema)]
#[schema(as = AiSystem)]
pub(crate) struct AiSystemShown {
    /// What its events call it.
    ai_id: Uuid,
    /// What people call it.
    name: String,
    /// Who answers for it.
    owner: Option<String>,
    /// What it does.
    description: Option<String>,
    /// Where it runs.
    environment: Option<String>,
    /// When it was registered.
    #[schema(format = DateTime)]
    created_at: String,
    /// When that last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Registers an AI system.
#[utoipa::path(
    post, path = "/api/v1/ai-systems", tag = "AI systems",
    request_body(content = NewAiSystem, example = json!({
        "name": "booking agent", "owner": "travel@example.com", "environment": "production",
    })),
    responses(
        (status = 201, description = "Registered.", body = AiSystemShown),
        (status = 409, description = "`already_exists`: the `ai_id` or the name is taken."),
    ),
)]
pub(crate) async fn create(
    caller: Caller,
    body: Body<NewAiSystem>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(body) = body;
    let now = clock::now();
    let system = AiSystem {
        org_id: caller.org_id(),
        ai_id: body.ai_id.unwrap_or_else(Uuid::new_v4),
        name: body.name,
        owner: body.owner,
        description: body.description,
        environment: body.environment,
        created_at: now,
        updated_at: now,
    };
    let entry = caller
        .entry("ai_system.create", "ai_system", system.ai_id)
        .with("name", system.name.clone())
        .with("owner", system.owner.clone())
        .with("environment", system.environment.clone());
    app.stores.ai_systems.insert_ai_system(&system, &entry).await?;
    app.identities_changed().await;
    Ok(HttpResponse::Created().json(AiSystemShown::of(system)))
}

/// The organisation's AI systems.
#[utoipa::path(
    get, path = "/api/v1/ai-systems", tag = "AI systems",
    params(PageParameters),
    responses((status = 200, description = "A page of AI systems.", body = Listed<AiSystemShown>)),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<AiSystemShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let systems = app.stores.ai_systems.ai_systems(caller.org_id(), page.after()?, page.asked()).await?;
    Ok(web::Json(page.of(systems, |system| system.ai_id, AiSystemShown::of)))
}

/// One AI system.
#[utoipa::path(
    get, path = "/api/v1/ai-systems/{ai_id}", tag = "AI systems",
    params(("ai_id" = Uuid, Path, description = "What its events call it.")),
    responses(
        (status = 200, description = "The AI system.", body = AiSystemShown),
        (status = 404, description = "`not_found`: the organisation has registered no AI system of this id."),
    ),
)]
pub(crate) async fn get(
    caller: Caller,
    ai_id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<AiSystemShown>, Problem> {
    let found = app.stores.ai_systems.ai_system(caller.org_id(), *ai_id).await?;
    found.map(AiSystemShown::of).map(web::Json).ok_or_else(no_such_system)
}

/// Changes what is known of an AI system; what is absent stays as it is.
#[utoipa::path(
    patch, path = "/api/v1/ai-systems/{ai_id}", tag = "AI systems",
    params(("ai_id" = Uuid, Path, description = "What its events call it.")),
    request_body(content = ChangedAiSystem, example = json!({ "environment": "staging", "description": null })),
    responses(
        (status = 200, description = "The AI system as it is now.", body = AiSystemShown),
        (status = 404, description = "`not_found`: the organisation has registered no AI system of this id."),
        (status = 409, description = "`already_exists`: the name is taken."),
    ),
)]
pub(crate) async fn update(
    caller: Caller,
    ai_id: web::Path<Uuid>,
    body: Body<ChangedAiSystem>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<AiSystemShown>, Problem> {
    let Body(body) = body;
    let entry = body.told(caller.entry("ai_system.update", "ai_system", *ai_id));
    let changes = body.into_changes();
    let store = &app.stores.ai_systems;
    let changed = store.update_ai_system(caller.org_id(), *ai_id, &changes, clock::now(), &entry).await?;
    let changed = changed.ok_or_else(no_such_system)?;
    app.identities_changed().await;
    Ok(web::Json(AiSystemShown::of(changed)))
}

/// Takes an AI system out of the register. What it recorded stays.
#[utoipa::path(
    delete, path = "/api/v1/ai-systems/{ai_id}", tag = "AI systems",
    params(("ai_id" = Uuid, Path, description = "What its events call it.")),
    responses(
        (status = 204, description = "It is no longer registered."),
        (status = 404, description = "`not_found`: the organisation has registered no AI system of this id."),
    ),
)]
pub(crate) async fn delete(
    caller: Caller,
    ai_id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let entry = caller.entry("ai_system.delete", "ai_system", *ai_id);
    if !app.stores.ai_systems.delete_ai_system(caller.org_id(), *ai_id, &entry).await? {
        return Err(no_such_system());
    }
    app.identities_changed().await;
    Ok(HttpResponse::NoContent().finish())
}

impl AiSystemShown {
    fn of(system: AiSystem) -> Self {
        Self {
            ai_id: system.ai_id,
            name: system.name,
            owner: system.owner,
            description: system.description,
            environment: system.environment,
            created_at: system.created_at.to_string(),
            updated_at: system.updated_at.to_string(),
        }
    }
}

fn no_such_system() -> Problem {
    Problem::new(Kind::NotFound, "No AI system of this id is registered here.")
}
