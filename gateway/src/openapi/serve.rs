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
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(page_text()?))
}

/// The page, whose parts lie one level below it.
fn page_text() -> Result<String, Problem> {
    let page = file("index.html")?;
    let page = String::from_utf8_lossy(&page.bytes);
    Ok(page.replace("\"./", "\"docs/").replace("\"index.css", "\"docs/index.css"))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_part_that_the_page_names_is_served_and_it_shows_our_document() {
        let page = page_text().unwrap();
        let named: Vec<_> = page.split('"').filter_map(|text| text.strip_prefix("docs/")).collect();
        assert!(named.contains(&"swagger-ui.css") && named.contains(&"swagger-ui-bundle.js"), "{page}");
        for name in &named {
            assert!(!file(name).unwrap().bytes.is_empty(), "{name}");
        }
        let start = file("swagger-initializer.js").unwrap();
        assert!(String::from_utf8_lossy(&start.bytes).contains("openapi.json"));
        assert_eq!(file("../Cargo.toml").err().map(|problem| problem.kind()), Some(Kind::NotFound));
    }
}
