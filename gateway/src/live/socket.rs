//! `GET /ws/events`: the live stream over a WebSocket.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodyStream, BoxBody},
    rt, web,
};
use actix_ws::{Message as Heard, MessageStream};
use aibbar::record::EVENTS_TOPIC;
use bus::{LogError, Positions};
use futures_util::StreamExt;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::{
    cursor,
    feed::Feed,
    filter::LiveFilter,
    frame::{self, Frame},
    outbox::{Message, Outbox, outbox},
};
use crate::{
    app::App,
    auth::Caller,
    clock,
    problem::{Kind, Problem},
    query::Parameters,
};

/// The subprotocol that a client may offer.
const PROTOCOL: &str = "gapin.v1";

/// What a client may send: control frames, and a little text that is ignored.
const CLIENT_FRAME_BYTES_MAX: usize = 4 * 1024;

/// How often the client's key and presence are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long a client waits for one of the places to read older records.
const REPLAY_PLACE_MAX_WAIT: Duration = Duration::from_secs(5);

/// How long a client that does not read may keep a gateway that stops.
const GOODBYE_MAX_WAIT: Duration = Duration::from_secs(1);

/// Closed because the server goes away, and because trying again later is right (RFC 6455 § 7.4.1, IANA's registry).
const CLOSE_AWAY: u16 = 1001;
const CLOSE_AGAIN: u16 = 1013;

/// Closed because the key was revoked or expired; 4000–4999 are an application's own (RFC 6455 § 7.4.2).
const CLOSE_KEY_INVALID: u16 = 4401;

/// Why a socket ends from our side.
enum End {
    /// The client left, or was lost.
    Gone,
    Shutdown,
    KeyInvalid,
    LogLost,
}

/// `GET /ws/events`: the live stream of what is recorded, over a WebSocket.
///
/// Each message is a JSON object with `type`: `hello` (from here on everything is seen), `event` (with the members of
/// a record), `events` (several at once, with `batch=1`), `gap` (the client was too slow, `resume` is where what it
/// missed begins), `expired` (the cursor's records are not kept any more), `bye` (why the stream ends). All carry
/// `cursor`, which resumes the stream. A client that can't set headers offers the subprotocols `gapin.v1` and
/// `gapin.key.` followed by its key.
#[utoipa::path(
    get, path = "/ws/events", tag = "Live",
    params(
        ("ai_id" = Option<Uuid>, Query, description = "Of this AI system."),
        ("event_type" = Option<String>, Query, description = "Of this type.",
            pattern = "^ai\\.(action|decision|error|query|response)$", example = "ai.response"),
        ("from" = Option<String>, Query, format = DateTime, description = "At or after this time."),
        ("to" = Option<String>, Query, format = DateTime, description = "Before this time."),
        ("session_id" = Option<String>, Query, description = "Of this `metadata.session_id`.", min_length = 1),
        ("request_id" = Option<String>, Query, description = "Of this `metadata.request_id`.", min_length = 1),
        ("q" = Option<String>, Query, description = "With this text somewhere; ASCII letters match in either case, nothing is a wildcard. At most 1,024 bytes.",
            min_length = 1, max_length = 256),
        ("cursor" = Option<String>, Query, description = "Where to resume: a message's `cursor`, or `earliest`."),
        ("batch" = Option<u32>, Query, description = "1: several records may come in one message.", minimum = 0, maximum = 1),
        ("Connection" = String, Header, description = "As RFC 6455 says.", pattern = "^Upgrade$", example = "Upgrade"),
        ("Upgrade" = String, Header, description = "As RFC 6455 says.", pattern = "^websocket$", example = "websocket"),
        ("Sec-WebSocket-Version" = String, Header, description = "As RFC 6455 says.", pattern = "^13$", example = "13"),
        ("Sec-WebSocket-Key" = String, Header, description = "As RFC 6455 says: 16 random bytes in Base64.",
            pattern = "^[A-Za-z0-9+/]{21}[AQgw]==$", example = "dGhlIHNhbXBsZSBub25jZQ=="),
    ),
    responses(
        (status = 101, description = "The stream begins."),
        (status = 400, description = "`bad_request`: this is no WebSocket's handshake. `invalid_parameter`: a parameter is unknown or wrong, or the cursor is of another log."),
        (status = 503, description = "`overloaded`: as many clients watch as may. `log_unavailable`: the log can't be read now."),
    ),
)]
pub(crate) async fn open(
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let from = parameters.take("cursor").map(|c| cursor::decode(&c)).transpose()?;
    let batched = parameters.number("batch", 0, 1)? == Some(1);
    let filter = LiveFilter::new(parameters.filter()?);
    parameters.end(&["ai_id", "event_type", "from", "to", "session_id", "request_id", "q", "cursor", "batch"])?;

    let (response, _, messages) = actix_ws::handle_with_protocols(&request, payload, &[PROTOCOL])
        .map_err(|_| Problem::new(Kind::BadRequest, "This route is a WebSocket; connect to it as ws:// or wss://."))?;
    let full = || Problem::new(Kind::Overloaded, "There are as many live clients as may be; try again shortly.");
    let subscription = app.hub.subscribe(caller.org_id(), filter).ok_or_else(full)?;

    let mut first_frames = Vec::new();
    let feed = match from {
        None => Feed::live(subscription, batched).await,
        Some(positions) => {
            let (positions, expired) = within_log(&app, positions).await?;
            let permit = timeout(REPLAY_PLACE_MAX_WAIT, app.replays.clone().acquire_owned()).await;
            let permit = permit.ok().and_then(Result::ok).ok_or_else(full)?;
            if expired {
                first_frames.push(frame::expired(&positions));
            }
            Feed::resumed(subscription, batched, app.log.as_ref(), positions, permit).await.map_err(log_away)?
        }
    };
    first_frames.insert(0, frame::hello(feed.positions()));
    let messages = messages.max_frame_size(CLIENT_FRAME_BYTES_MAX);
    let (response, handshake) = response.into_parts();
    let (outbox, outflow) = outbox(handshake);
    rt::spawn(Connection { app: app.get_ref().clone(), caller, outbox, feed }.run(messages, first_frames));
    Ok(response.set_body(BoxBody::new(BodyStream::new(outflow))))
}

fn log_away(error: LogError) -> Problem {
    tracing::warn!(%error, "the log can't be read for a live client");
    Problem::new(Kind::LogUnavailable, "The event log can't be read now; try again shortly.")
}

/// The cursor's positions as far as the log can serve them, and whether something of it is gone for good.
async fn within_log(app: &App, mut positions: Positions) -> Result<(Positions, bool), Problem> {
    let bounds = app.log.bounds(EVENTS_TOPIC).await.map_err(log_away)?;
    let mut expired = false;
    for (partition, at) in &mut positions {
        let Some(bounds) = bounds.get(partition).filter(|b| *at <= b.end) else {
            return Err(Problem::new(Kind::InvalidParameter, "`cursor` is not of this log; connect without one."));
        };
        expired |= *at < bounds.earliest;
        *at = (*at).max(bounds.earliest);
    }
    // Partitions that came after the cursor was given are wanted whole.
    for (partition, bounds) in bounds {
        positions.entry(partition).or_insert(bounds.earliest);
    }
    Ok((positions, expired))
}

/// One open socket.
struct Connection {
    app: Arc<App>,
    caller: Caller,
    outbox: Outbox,
    feed: Feed,
}

impl Connection {
    async fn run(mut self, messages: MessageStream, first_frames: Vec<Frame>) {
        let end = match self.say(first_frames).await {
            Ok(()) => self.talk(messages).await,
            Err(end) => end,
        };
        let (code, reason) = match end {
            End::Gone => return,
            End::Shutdown => (CLOSE_AWAY, "shutdown"),
            End::KeyInvalid => (CLOSE_KEY_INVALID, "key_invalid"),
            End::LogLost => (CLOSE_AGAIN, "log_unavailable"),
        };
        let bye = frame::bye(reason, self.feed.positions());
        // The client may be gone by now; then there is nobody to tell.
        let _ = self.send(vec![Message::Text(bye), Message::Close { code, reason }]).await;
    }

    async fn talk(&mut self, mut messages: MessageStream) -> End {
        let ping_every = self.app.live.ping_every;
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let mut pinged = Instant::now();
        loop {
            tokio::select! {
                frames = self.feed.next() => {
                    let sent = match frames {
                        Ok(frames) => self.say(frames).await,
                        Err(error) => {
                            tracing::warn!(%error, "a live client lost the log");
                            Err(End::LogLost)
                        }
                    };
                    if let Err(end) = sent {
                        return end;
                    }
                }
                message = messages.next() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(Heard::Ping(words))) => {
                            if let Err(end) = self.send(vec![Message::Pong(words)]).await {
                                return end;
                            }
                        }
                        Some(Ok(Heard::Close(_))) | Some(Err(_)) | None => return End::Gone,
                        Some(Ok(_)) => {}
                    }
                }
                _ = look.tick() => {
                    if heard.elapsed() > ping_every * 2 {
                        return End::Gone;
                    }
                    if pinged.elapsed() >= ping_every {
                        pinged = Instant::now();
                        if let Err(end) = self.send(vec![Message::Ping]).await {
                            return end;
                        }
                    }
                    if self.caller.still_valid(&self.app, clock::now()).await == Some(false) {
                        return End::KeyInvalid;
                    }
                }
                () = self.app.draining.cancelled() => return End::Shutdown,
            }
        }
    }

    async fn say(&mut self, frames: Vec<Frame>) -> Result<(), End> {
        self.send(frames.into_iter().map(Message::Text).collect()).await
    }

    /// Hands messages to the socket. A client that reads nothing is given up: after a while, at once when it holds too
    /// much, and soon when the gateway stops.
    async fn send(&mut self, messages: Vec<Message>) -> Result<(), End> {
        let stopping = async {
            self.app.draining.cancelled().await;
            sleep(GOODBYE_MAX_WAIT).await;
        };
        self.feed.note_stalled(Some(Instant::now()));
        let sent = tokio::select! {
            sent = timeout(self.app.live.stalled_max, self.outbox.send(messages)) => sent.is_ok_and(|sent| sent.is_ok()),
            () = self.feed.evicted() => false,
            () = stopping => false,
        };
        self.feed.note_stalled(None);
        if sent { Ok(()) } else { Err(End::Gone) }
    }
}
