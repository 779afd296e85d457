//! The document and its reader, as routes.

use std::sync::{Arc, LazyLock};

use actix_web::{HttpResponse, http::header, web};
use utoipa_swagger_ui::Config;

use crate::problem::{Kind, Problem};

/// The page runs its own scripts, asks its own host, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                           img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // Relative to the page, so that it is found behind a proxy that puts a prefix before every path.
    Arc::new(Config::new(["openapi.json"]).use_base_layout().validator_url("none"))
});

/// `GET /api/openapi.json`: this document.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "Contract",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json")),
)]
pub(crate) async fn json() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(super::text())
}

/// `GET /api/docs`: this document, to read and to try, by Swagger UI.
#[utoipa::path(
    get, path = "/api/docs", tag = "Contract",
    responses((status = 200, description = "A page.", body = String, content_type = "text/html")),
)]
pub(crate) async fn page() -> Result<HttpResponse, Problem> {
    let page = file("index.html")?;
    let page =
        String::from_utf8_lossy(&page.bytes).replace("\"./", "\"docs/").replace("\"index.css", "\"docs/index.css");
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(page))
}

/// `GET /api/docs/{file}`: a part of the page.
#[utoipa::path(
    get, path = "/api/docs/{file}", tag = "Contract",
    params(("file" = String, Path, description = "Its name.", example = "swagger-ui.css")),
    responses(
        (status = 200, description = "A stylesheet, a script or an image.", content_type = "*/*", body = String),
        (status = 404, description = "`not_found`: the page has no such part."),
    ),
)]
pub(crate) async fn page_file(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let file = file(&name)?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(file.bytes.into_owned()))
}

fn file(name: &str) -> Result<utoipa_swagger_ui::SwaggerFile<'static>, Problem> {
    utoipa_swagger_ui::serve(name, CONFIG.clone())
        .map_err(Problem::internal)?
        .ok_or_else(|| Problem::new(Kind::NotFound, "The page has no such part."))
}
