//! `GET /metrics`, in Prometheus' text format.

use actix_web::{HttpRequest, HttpResponse, http::header::AUTHORIZATION, web};
use prometheus::{Encoder, Registry, TextEncoder};
use subtle::ConstantTimeEq;

use crate::problem::{Kind, Problem};

/// Who may read the metrics at one address.
pub(crate) enum MetricsDoor {
    /// Anyone who can reach the address.
    Open(Registry),
    /// Whoever has the token.
    Token(Registry, String),
    /// Nobody: they are at another address.
    Elsewhere,
}

/// `GET /metrics`: everything that is measured, in Prometheus' text format.
#[utoipa::path(
    get, path = "/metrics", tag = "Operations",
    responses(
        (status = 200, description = "The metrics.", body = String, content_type = "text/plain"),
        (status = 401, description = "`invalid_token`: where metrics have a token, it is sent as `Authorization: Bearer …`."),
        (status = 404, description = "`not_found`: metrics are served at another address."),
    ),
)]
pub(crate) async fn metrics(request: HttpRequest, door: web::Data<MetricsDoor>) -> Result<HttpResponse, Problem> {
    let registry = match door.get_ref() {
        MetricsDoor::Open(registry) => registry,
        MetricsDoor::Token(registry, token) => {
            let sent = request.headers().get(AUTHORIZATION).map(|v| v.as_bytes()).unwrap_or_default();
            let sent = sent.strip_prefix(b"Bearer ").unwrap_or_default();
            if !bool::from(sent.ct_eq(token.as_bytes())) {
                return Err(Problem::new(
                    Kind::InvalidToken,
                    "Send the metrics token as `Authorization: Bearer …`, or give /metrics a port of its own.",
                ));
            }
            registry
        }
        MetricsDoor::Elsewhere => {
            return Err(Problem::new(Kind::NotFound, "Metrics are not served at this address."));
        }
    };
    let mut text = Vec::new();
    let encoder = TextEncoder::new();
    encoder.encode(&registry.gather(), &mut text).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type(encoder.format_type()).body(text))
}
