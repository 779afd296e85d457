//! Records carried out of the store, as many as there are: `GET /aibbar/events/export`.
//!
//! A page of the store is read, written in the wished format and handed to the connection piece by piece; the next one
//! is read when the client has taken this one. So the memory of an export is that of one page, and of one row group
//! where it is Parquet, however large it is. Whatever ends it early breaks the connection off: what has an end is whole.

mod coding;
mod csv;
mod file;
mod format;
mod parquet_file;
mod places;
mod row;
mod stream;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::Version, http::header, web};

use self::{coding::Coding, format::Format, stream::Export};
use crate::{
    app::App,
    auth::Caller,
    clock,
    problem::{Kind, Problem},
    query::Parameters,
};

pub(crate) use places::Exports;
pub(crate) use stream::DRAIN_MAX;

/// Events may be stamped so far ahead of the moment at which an export without `to` begins, and still be in it.
const AHEAD_MS_MAX: i64 = 5 * 60 * 1_000;

/// `GET /aibbar/events/export`: every record that matches, oldest first, as one file.
///
/// Of any size: it is streamed. It is whole when the answer has an end; an export that breaks off (the store or the
/// gateway goes away, or the caller may not read any more) ends its connection without one, which every HTTP client
/// reports as a failure. NDJSON has the records as `GET /aibbar/events` answers them, one on each line; CSV (RFC 4180,
/// with a head line) and Parquet have the columns of `docs/export.md`. In CSV a `'` stands before what a spreadsheet
/// would take for a formula.
#[utoipa::path(
    get, path = "/aibbar/events/export", tag = "Events",
    params(
        ("format" = Option<String>, Query, description = "`ndjson` when absent.", pattern = "^(ndjson|csv|parquet)$", example = "csv"),
        ("ai_id" = Option<Uuid>, Query, description = "Of this AI system."),
        ("event_type" = Option<String>, Query, description = "Of this type.",
            pattern = "^ai\\.(action|decision|error|query|response)$", example = "ai.response"),
        ("from" = Option<String>, Query, format = DateTime, description = "At or after this time."),
        ("to" = Option<String>, Query, format = DateTime, description = "Before this time; when absent, all that is there as the export begins."),
        ("session_id" = Option<String>, Query, description = "Of this `metadata.session_id`.", min_length = 1),
        ("request_id" = Option<String>, Query, description = "Of this `metadata.request_id`.", min_length = 1),
        ("q" = Option<String>, Query, description = "With this text somewhere; as in `GET /aibbar/events`.",
            min_length = 1, max_length = 256),
    ),
    responses(
        (status = 200, description = "The records, oldest first. NDJSON and CSV are compressed (`gzip`, `zstd`) where `Accept-Encoding` names it.", content(
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (String = "application/vnd.apache.parquet"),
        )),
        (status = 400, description = "`bad_request`: an export needs HTTP/1.1 or later, where an answer of unknown length has an end."),
        (status = 429, description = "`too_many_exports`: the organisation has as many exports at work as it may; wait for one to end."),
        (status = 503, description = "`overloaded`: this gateway has as many exports at work as it may."),
    ),
)]
pub(crate) async fn export(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let format = parameters.parsed("format", "one of ndjson, csv, parquet", Format::parse)?.unwrap_or(Format::Ndjson);
    let mut filter = parameters.filter()?;
    parameters.end(&["format", "ai_id", "event_type", "from", "to", "session_id", "request_id", "q"])?;
    if request.version() < Version::HTTP_11 {
        let detail = "An export needs HTTP/1.1 or later: in HTTP/1.0 a broken answer looks like a whole one.";
        return Err(Problem::new(Kind::BadRequest, detail));
    }
    // Without an end in time an export could run after what arrives for ever.
    filter.to = filter.to.or_else(|| Some(clock::now().plus_ms(AHEAD_MS_MAX)));

    let place = app.exports.take(caller.org_id())?;
    let coding = if format.is_compressed() { Coding::Identity } else { Coding::for_client(&request) };
    // The first page is read before the answer begins, so that a store that is away is a 503.
    let begun = Export::begin(app.get_ref().clone(), caller, filter, (format, coding), place).await?;

    let mut answer = HttpResponse::Ok();
    answer.content_type(format.content_type());
    answer.insert_header((header::CONTENT_DISPOSITION, format.disposition()));
    answer.insert_header((header::VARY, "Accept-Encoding"));
    if let Some(name) = coding.name() {
        answer.insert_header((header::CONTENT_ENCODING, name));
    }
    Ok(answer.streaming(begun.pieces()))
}
