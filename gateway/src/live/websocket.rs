//! `GET /ws/events`: the live stream over a WebSocket.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, body::BodyStream, rt, web};
use tokio::time::Instant;

use super::{
    conversation::Conversation,
    opening::{Opened, Opening, StreamParameters},
    outbox::{Wire, outbox},
    pace::Pace,
};
use crate::{
    app::App,
    auth::Caller,
    problem::{Kind, Problem},
    query::FilterParameters,
};

/// The subprotocol that a client may offer.
const PROTOCOL: &str = "gapin.v1";

/// The longest message of a client's.
const CLIENT_FRAME_BYTES_MAX: usize = 64 * 1024;

/// `GET /ws/events`: the live stream of topics, over a WebSocket.
///
/// Each message is a JSON object with `type`; `docs/live.md` and the AsyncAPI document tell of all of them. `event` has
/// the members of a record, `message` those of another topic's message, and `cursor` resumes the stream behind it. A
/// client may send `pause`, `resume` and `filter`. A client that can't set headers offers the subprotocols `gapin.v1`
/// and `gapin.key.` followed by its key, or brings a ticket of `POST /api/v1/stream-tickets`.
#[utoipa::path(
    get, path = "/ws/events", tag = "Live",
    params(
        FilterParameters,
        StreamParameters,
        ("Connection" = String, Header, description = "As RFC 6455 says.", pattern = "^Upgrade$", example = "Upgrade"),
        ("Upgrade" = String, Header, description = "As RFC 6455 says.", pattern = "^websocket$", example = "websocket"),
        ("Sec-WebSocket-Version" = String, Header, description = "As RFC 6455 says.", pattern = "^13$", example = "13"),
        ("Sec-WebSocket-Key" = String, Header, description = "As RFC 6455 says: 16 random bytes in Base64.",
            pattern = "^[A-Za-z0-9+/]{21}[AQgw]==$", example = "dGhlIHNhbXBsZSBub25jZQ=="),
    ),
    responses(
        (status = 101, description = "The stream begins."),
        (status = 400, description = "`bad_request`: this is no WebSocket's handshake. `invalid_parameter`: a parameter is unknown or wrong, or `where` does not parse. `invalid_cursor`: the cursor is none, or of another stream."),
        (status = 404, description = "`not_found`: there is no topic of this name."),
        (status = 429, description = "`too_many_streams`: the organisation has as many streams open as it may."),
        (status = 503, description = "`overloaded`: as many clients watch as may. `log_unavailable`: the log can't be read now."),
    ),
)]
pub(crate) async fn open(
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let opening = Opening::of(&request, None)?;
    let (response, _, heard) = actix_ws::handle_with_protocols(&request, payload, &[PROTOCOL])
        .map_err(|_| Problem::new(Kind::BadRequest, "This route is a WebSocket; connect to it as ws:// or wss://."))?;
    let Opened { seat, feed, first } = opening.open(&app, &caller).await?;
    let heard = heard.max_frame_size(CLIENT_FRAME_BYTES_MAX).aggregate_continuations();
    let heard = Some(heard.max_continuation_size(CLIENT_FRAME_BYTES_MAX));
    let (response, handshake) = response.into_parts();
    let (outbox, outflow) = outbox(Wire::WebSocket, Some(handshake));
    let app = app.get_ref().clone();
    rt::spawn(
        Conversation { app, caller, outbox, feed, heard, pace: Pace::new(Instant::now()), _seat: seat }.run(first),
    );
    Ok(response.set_body(actix_web::body::BoxBody::new(BodyStream::new(outflow))))
}
