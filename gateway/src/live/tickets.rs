//! `POST /api/v1/stream-tickets`: what a browser shows instead of a key, where it can set no header.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, auth::Caller, clock, problem::Problem};

/// A ticket, and how long it is good.
#[derive(Serialize, ToSchema)]
pub(crate) struct StreamTicket {
    /// What a stream is asked for with, as `?token=`; once.
    #[schema(example = "st_AQAB…")]
    ticket: String,
    /// Until when the connection must have been made.
    #[schema(format = "date-time", example = "2026-01-31T12:00:30Z")]
    expires_at: String,
}

/// `POST /api/v1/stream-tickets`: a ticket for one connection to `/ws/events` or `/sse/events`.
///
/// Good once, within 30 seconds, as `?token=`. The stream is its maker's: it ends when their key is revoked or their
/// session ends.
#[utoipa::path(
    post, path = "/api/v1/stream-tickets", tag = "Live",
    responses((status = 201, description = "The ticket.", body = StreamTicket)),
)]
pub(crate) async fn create(caller: Caller, app: web::Data<Arc<App>>) -> Result<HttpResponse, Problem> {
    let made = app.tickets.make(&app.vault, &caller, clock::now())?;
    Ok(HttpResponse::Created().json(StreamTicket { ticket: made.ticket, expires_at: made.expires_at.to_string() }))
}
