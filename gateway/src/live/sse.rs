//! `GET /sse/events`: the live stream as server-sent events (HTML § 9.2).

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{CACHE_CONTROL, HeaderName},
    },
    rt, web,
};
use bytes::Bytes;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::{
    conversation::Conversation,
    frame::{self, Frame},
    opening::{Opened, Opening, StreamParameters},
    outbox::{Message, Wire, outbox},
    pace::Pace,
};
use crate::{
    app::App,
    auth::Caller,
    problem::{Kind, Problem},
    query::FilterParameters,
};

/// Where an `EventSource` that lost its connection was.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// nginx keeps an answer back until there is more of it, unless it is told not to.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// After so many milliseconds a client that lost its connection tries again.
const RETRY_MS: u32 = 1_000;

/// The same where there was no place for it, or no log.
const RETRY_REFUSED_MS: u32 = 5_000;

/// One event of the stream: its fields.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what `encode` writes as text")]
pub(crate) struct ServerSentEvent {
    /// Where to go on behind it; what an `EventSource` sends as `Last-Event-ID`.
    id: Option<String>,
    /// The type of the frame: `hello`, `event`, `message`, `bye`, ….
    #[schema(example = "event")]
    event: String,
    /// The frame, as JSON text: `contract/asyncapi.yaml` describes it.
    data: String,
    /// After so many milliseconds to connect again.
    retry: Option<u32>,
}

/// `GET /sse/events`: the live stream of topics, as server-sent events.
///
/// The same stream as `GET /ws/events`: an event's `data` is what is a message there, `event` is its `type` and `id` its
/// cursor, so an `EventSource` goes on where it was. The last is `bye`, which tells why the stream ends.
#[utoipa::path(
    get, path = "/sse/events", tag = "Live",
    params(
        FilterParameters,
        StreamParameters,
        ("Last-Event-ID" = Option<String>, Header, description = "Where to resume, before `cursor`: what an `EventSource` sends by itself."),
    ),
    responses(
        (status = 200, description = "The stream begins, and does not end by itself.", body = ServerSentEvent, content_type = "text/event-stream"),
        (status = 400, description = "`invalid_parameter`: a parameter is unknown or wrong, or `where` does not parse. `invalid_cursor`: the cursor is none, or of another stream."),
        (status = 404, description = "`not_found`: there is no topic of this name."),
        (status = 429, description = "`too_many_streams`: the organisation has as many streams open as it may. Whoever brings `Last-Event-ID` is told this, and what 503 tells, by `bye` in a stream of 200."),
        (status = 503, description = "`overloaded`: as many clients watch as may. `log_unavailable`: the log can't be read now."),
    ),
)]
pub(crate) async fn open(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let resumed = match request.headers().get(&LAST_EVENT_ID).map(|value| value.to_str()) {
        None | Some(Ok("")) => None,
        Some(Ok(cursor)) => Some(cursor),
        Some(Err(_)) => return Err(Problem::new(Kind::InvalidParameter, "`Last-Event-ID` is not one of this stream.")),
    };
    let opening = Opening::of(&request, resumed)?;
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/event-stream")
        // Whoever compresses it holds events back.
        .insert_header((CACHE_CONTROL, "no-store, no-transform"))
        .insert_header((ACCEL_BUFFERING, "no"));
    if request.method() == Method::HEAD {
        return Ok(response.finish());
    }
    let Opened { seat, feed, first } = match opening.open(&app, &caller).await {
        Ok(opened) => opened,
        Err(problem) => {
            let goodbye = resumed.and_then(|cursor| goodbye(&problem, cursor)).ok_or(problem)?;
            return Ok(response.body(goodbye));
        }
    };
    let (outbox, outflow) = outbox(Wire::ServerSentEvents, None);
    let app = app.get_ref().clone();
    rt::spawn(
        Conversation { app, caller, outbox, feed, heard: None, pace: Pace::new(Instant::now()), _seat: seat }
            .run(first),
    );
    Ok(response.streaming(outflow))
}

/// What ends a stream that could not begin again, for a reason that passes. An `EventSource` gives up for ever when it
/// is answered anything but a stream; behind this it comes again by itself.
fn goodbye(problem: &Problem, cursor: &str) -> Option<Vec<u8>> {
    let passes = matches!(
        problem.kind(),
        Kind::TooManyStreams | Kind::Overloaded | Kind::LogUnavailable | Kind::StoreUnavailable
    );
    let is_cursor = cursor.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    (passes && is_cursor).then(|| {
        let bye = frame::bye_behind(problem.kind().code(), cursor.to_owned());
        [format!("retry: {RETRY_REFUSED_MS}\n").into_bytes(), event(bye).concat()].concat()
    })
}

/// A message as it is sent; what has no meaning here is none.
pub(super) fn encode(message: Message) -> Vec<Bytes> {
    match message {
        Message::Text(frame) => event(frame),
        Message::Ping => vec![Bytes::from_static(b": there\n\n")],
        Message::Pong(_) | Message::Close { .. } => Vec::new(),
    }
}

fn event(frame: Frame) -> Vec<Bytes> {
    let retry = if frame.kind == "hello" { format!("retry: {RETRY_MS}\n") } else { String::new() };
    let (id, cursor, end) = frame.cursor.as_deref().map_or(("", "", ""), |cursor| ("id: ", cursor, "\n"));
    let head = [&retry, id, cursor, end, "event: ", frame.kind, "\ndata: "].concat();
    let body = frame.into_pieces();
    let mut pieces = Vec::with_capacity(body.len() + 2);
    pieces.push(Bytes::from(head));
    pieces.extend(body.into_iter().map(on_one_line));
    pieces.push(Bytes::from_static(b"\n\n"));
    pieces
}

/// A line ends the data. In JSON text a line's end stands between tokens alone, where a space says the same.
fn on_one_line(piece: Bytes) -> Bytes {
    if memchr::memchr2(b'\n', b'\r', &piece).is_none() {
        return piece;
    }
    piece.iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_its_lines_and_its_data_is_one() {
        let sent = encode(Message::Text(frame::text("{\r\n\"a\": 1}".to_owned()))).concat();
        assert_eq!(sent, b"event: text\ndata: {  \"a\": 1}\n\n");
        assert_eq!(encode(Message::Ping).concat(), b": there\n\n");
        assert!(encode(Message::Close { code: Some(1001), reason: "shutdown" }).is_empty());
    }

    #[test]
    fn an_event_source_that_finds_no_place_is_told_to_come_again_and_any_other_is_refused() {
        let full = Problem::new(Kind::TooManyStreams, "Close one first.");
        let told = goodbye(&full, "Ag-_.x").map(String::from_utf8);
        let expected = "retry: 5000\nid: Ag-_.x\nevent: bye\n\
                        data: {\"type\":\"bye\",\"reason\":\"too_many_streams\",\"cursor\":\"Ag-_.x\"}\n\n";
        assert_eq!(told, Some(Ok(expected.to_owned())));
        assert_eq!(goodbye(&full, "a\nb"), None);
        assert_eq!(goodbye(&Problem::new(Kind::InvalidCursor, "None."), "Ag"), None);
    }
}
