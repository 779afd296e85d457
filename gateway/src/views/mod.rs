//! Saved views: `/api/v1/views`. What people look at again and again in the dashboard, for themselves or shared.

mod bodies;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use store::{
    Role, SavedView,
    saved_views::{VIEW_PAGE_CHARS_MAX, ViewChange, Viewer},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::bodies::{ChangedView, NewView};
use crate::{
    app::App,
    auth::Member,
    body::Body,
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
};

/// A saved view.
#[derive(Serialize, ToSchema)]
#[schema(as = View)]
pub(crate) struct ViewShown {
    /// Its id.
    id: Uuid,
    /// What people call it.
    name: String,
    /// Which page of the dashboard it is of.
    #[schema(example = "live")]
    page: String,
    /// What that page is asked for: the query of its URL.
    #[schema(example = "type=ai.error&range=24h")]
    query: String,
    /// Whether every member of the organisation sees it.
    shared: bool,
    /// Who made it: its owner's id.
    owner_id: Uuid,
    /// Its owner's name.
    #[schema(example = "Ada Lovelace")]
    owner: String,
    /// Whether you may change it and take it away: it is yours, or you are an admin or an owner.
    may_change: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What views are filtered by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `list` reads")]
pub(crate) struct ViewParameters {
    /// Of this page of the dashboard.
    #[param(pattern = "^[a-z][a-z-]*$", max_length = 32, example = "live")]
    page: Option<String>,
}

/// Saves a view, for oneself or for every member of the organisation.
#[utoipa::path(
    post, path = "/api/v1/views", tag = "Saved views",
    request_body(content = NewView, example = json!({
        "name": "errors of today", "page": "live", "query": "type=ai.error&range=24h", "shared": false,
    })),
    responses(
        (status = 201, description = "Saved.", body = ViewShown),
        (status = 409, description = "`already_exists`: you have a view of this name for this page."),
    ),
)]
pub(crate) async fn create(
    member: Member,
    body: Body<NewView>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(NewView { name, page, query, shared }) = body;
    let (owner, now) = (member.user(), clock::now());
    let view = SavedView {
        id: Uuid::now_v7(),
        org_id: member.org_id,
        owner_id: owner.id,
        owner_name: owner.name.clone(),
        name,
        page,
        query,
        is_shared: shared,
        created_at: now,
        updated_at: now,
    };
    let entry =
        member.entry("view.create", "view", view.id).with("name", view.name.clone()).with("page", view.page.clone());
    app.stores.saved_views.insert_view(&view, &entry).await?;
    Ok(HttpResponse::Created().json(ViewShown::of(view, viewer(&member))))
}

/// The person's own views, and those that are shared with them.
#[utoipa::path(
    get, path = "/api/v1/views", tag = "Saved views",
    params(ViewParameters, PageParameters),
    responses((status = 200, description = "A page of views, oldest first.", body = Listed<ViewShown>)),
)]
pub(crate) async fn list(
    member: Member,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<ViewShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    let of_page = parameters.parsed("page", "the name of a page, such as live", page_name)?;
    parameters.end(&["page", "limit", "cursor"])?;
    let viewer = viewer(&member);
    let views = app.stores.saved_views.views(viewer, of_page.as_deref(), page.after()?, page.asked()).await?;
    Ok(web::Json(page.of(views, |view| view.id, |view| ViewShown::of(view, viewer))))
}

/// Changes a view; what is absent stays as it is. One that is shared is changed by its owner, and by admins and owners
/// of the organisation.
#[utoipa::path(
    patch, path = "/api/v1/views/{id}", tag = "Saved views",
    params(("id" = Uuid, Path, description = "The view's id.")),
    request_body(content = ChangedView, example = json!({ "name": "errors", "shared": true })),
    responses(
        (status = 200, description = "The view as it is now.", body = ViewShown),
        (status = 403, description = "`role_too_low`: it is another's, who shares it."),
        (status = 404, description = "`not_found`: you see no view of this id."),
        (status = 409, description = "`already_exists`: its owner has a view of this name for this page."),
    ),
)]
pub(crate) async fn update(
    member: Member,
    id: web::Path<Uuid>,
    body: Body<ChangedView>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<ViewShown>, Problem> {
    let Body(body) = body;
    let mut entry = member.entry("view.update", "view", *id);
    if let Some(name) = &body.name {
        entry = entry.with("name", name.clone());
    }
    if body.query.is_some() {
        entry = entry.with("query", "changed");
    }
    if let Some(shared) = body.shared {
        entry = entry.with("shared", shared);
    }
    let viewer = viewer(&member);
    let changes = body.into_changes();
    let change = app.stores.saved_views.update_view(viewer, *id, &changes, clock::now(), &entry).await?;
    Ok(web::Json(ViewShown::of(outcome(change)?, viewer)))
}

/// Takes a view away. One that is shared is taken away by its owner, and by admins and owners of the organisation.
#[utoipa::path(
    delete, path = "/api/v1/views/{id}", tag = "Saved views",
    params(("id" = Uuid, Path, description = "The view's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "`role_too_low`: it is another's, who shares it."),
        (status = 404, description = "`not_found`: you see no view of this id."),
    ),
)]
pub(crate) async fn delete(
    member: Member,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let entry = member.entry("view.delete", "view", *id);
    outcome(app.stores.saved_views.delete_view(viewer(&member), *id, &entry).await?)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Those who manage members also tend what members share.
fn viewer(member: &Member) -> Viewer {
    Viewer { org_id: member.org_id, user_id: member.user().id, tends_shared: member.role >= Role::Admin }
}

fn page_name(text: &str) -> Option<String> {
    let is_name = text.len() <= VIEW_PAGE_CHARS_MAX
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    is_name.then(|| text.to_owned())
}

fn outcome(change: ViewChange) -> Result<SavedView, Problem> {
    match change {
        ViewChange::Done(view) => Ok(view),
        ViewChange::NoSuchView => Err(Problem::new(Kind::NotFound, "You see no saved view of this id.")),
        ViewChange::Anothers => Err(Problem::new(
            Kind::RoleTooLow,
            "This view is another's, who shares it: they, an admin or an owner may change it.",
        )),
    }
}

impl ViewShown {
    fn of(view: SavedView, viewer: Viewer) -> Self {
        Self {
            may_change: viewer.may_change(&view),
            id: view.id,
            name: view.name,
            page: view.page,
            query: view.query,
            shared: view.is_shared,
            owner_id: view.owner_id,
            owner: view.owner_name,
            created_at: view.created_at.to_string(),
            updated_at: view.updated_at.to_string(),
        }
    }
}
