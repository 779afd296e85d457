//! The JSON Schemas that events are checked against, as they are.

use actix_web::{HttpResponse, http::header};

/// `GET /api/schemas/aibbar-event.json`: the JSON Schema of an event.
#[utoipa::path(
    get, path = "/api/schemas/aibbar-event.json", tag = "Contract",
    responses((status = 200, description = "JSON Schema 2020-12.", body = Object, content_type = "application/schema+json")),
)]
pub(crate) async fn aibbar_event() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/schema+json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(aibbar::schema::TEXT)
}
