//! Stored records: `GET /aibbar/events` and `GET /aibbar/events/{event_id}`.

mod parameters;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::{BufMut, BytesMut};
use uuid::Uuid;

pub(crate) use parameters::{FilterParameters, ID_BYTES_MAX, Parameters, TEXT_BYTES_MAX};

use crate::{
    app::App,
    auth::Caller,
    cursor,
    problem::{Kind, Problem},
};

/// Records in a page when the client does not say.
const LIMIT_DEFAULT: u32 = 50;
/// Records in a page at most.
const LIMIT_MAX: u32 = 500;
/// Records asked of the store at once, so that a page of large records can end early.
const STEP_RECORDS: u32 = 50;
/// A page ends before its limit once it holds this many bytes.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// `GET /aibbar/events`: newest first, `{items, next_cursor}`.
///
/// A page may hold fewer records than `limit`; only `next_cursor: null` means the end.
#[utoipa::path(
    get, path = "/aibbar/events", tag = "Events",
    params(
        FilterParameters,
        ("limit" = Option<u32>, Query, description = "Records in the page at most; 50 by default.", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/AibbarRecordPage"), content_type = "application/json"),
    ),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let limit = parameters.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT_DEFAULT);
    let mut before = parameters.take("cursor").map(|c| cursor::decode(&c)).transpose()?;
    let filter = parameters.filter()?;
    parameters.end(&["ai_id", "event_type", "from", "to", "session_id", "request_id", "q", "limit", "cursor"])?;

    // The records are spliced as they are kept: no record is parsed or written again on its way out.
    let mut body = BytesMut::with_capacity(16 * 1024);
    body.put_slice(br#"{"items":["#);
    let mut left = limit;
    loop {
        let page = app.events.query(caller.org_id(), &filter, before, left.min(STEP_RECORDS)).await?;
        for record in &page.records {
            if left < limit {
                body.put_u8(b',');
            }
            body.put_slice(record.as_bytes());
            left -= 1;
        }
        before = page.next_before;
        if before.is_none() || left == 0 || body.len() >= PAGE_BYTES_MAX {
            break;
        }
    }
    body.put_slice(br#"],"next_cursor":"#);
    match before {
        Some(event_id) => {
            body.put_u8(b'"');
            body.put_slice(cursor::encode(event_id).as_bytes());
            body.put_slice(b"\"}");
        }
        None => body.put_slice(b"null}"),
    }
    Ok(HttpResponse::Ok().content_type("application/json").body(body.freeze()))
}

/// `GET /aibbar/events/{event_id}`: one record, `{event, record}`.
#[utoipa::path(
    get, path = "/aibbar/events/{event_id}", tag = "Events",
    params(("event_id" = Uuid, Path, description = "The id that it was acknowledged under.")),
    responses(
        (status = 200, description = "The record.", body = ref("#/components/schemas/AibbarRecord"), content_type = "application/json"),
        (status = 404, description = "`not_found`: no event of this id is stored (yet), or it is another organisation's."),
    ),
)]
pub(crate) async fn get(
    caller: Caller,
    event_id: web::Path<String>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let not_found = || Problem::new(Kind::NotFound, "No event of this id is stored (yet).");
    let event_id: Uuid = event_id.parse().map_err(|_| not_found())?;
    let record = app.events.get(caller.org_id(), event_id).await?.ok_or_else(not_found)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(record))
}
