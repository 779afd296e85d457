//! One open stream, over whatever carries it: what comes is handed to the connection, what the client says is done, and
//! whatever ends it is told with a reason.

use std::{io::ErrorKind, sync::Arc, time::Duration};

use actix_ws::{AggregatedMessage as Heard, AggregatedMessageStream, ProtocolError};
use futures_util::StreamExt;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::{
    control::{self, Control, Refused},
    cursor,
    feed::{Broken, Feed},
    frame::{self, Frame},
    hub::Seat,
    opening::is_filter_of,
    outbox::{Message, Outbox},
    pace::Pace,
};
use crate::{app::App, auth::Caller, clock};

/// How often the client's key and presence are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long a client that does not read may keep a gateway that stops.
const GOODBYE_MAX_WAIT: Duration = Duration::from_secs(1);

/// Why a stream ends from our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The client left, or was lost.
    Gone,
    Shutdown,
    CredentialsEnded,
    LogLost,
    TopicDeleted,
    /// What the client sent is no WebSocket's.
    ProtocolBroken,
    /// What the client sent is text by its kind, and not UTF-8.
    NotText,
    /// What the client sent is longer than it may be.
    FrameTooLarge,
    /// The client says more than it may.
    TooManyFrames,
}

impl End {
    /// The close code of a WebSocket, and the reason in words that programs compare; `None` when nobody is there to be
    /// told. 4000–4999 are an application's own (RFC 6455 § 7.4.2).
    fn told(self) -> Option<(u16, &'static str)> {
        match self {
            End::Gone => None,
            End::Shutdown => Some((1001, "shutdown")),
            End::ProtocolBroken => Some((1002, "protocol_error")),
            End::NotText => Some((1007, "not_text")),
            End::TooManyFrames => Some((1008, "too_many_frames")),
            End::FrameTooLarge => Some((1009, "frame_too_large")),
            End::LogLost => Some((1013, "log_unavailable")),
            End::CredentialsEnded => Some((4401, "key_invalid")),
            End::TopicDeleted => Some((4404, "topic_deleted")),
        }
    }
}

impl From<Broken> for End {
    fn from(broken: Broken) -> End {
        match broken {
            Broken::TopicDeleted => End::TopicDeleted,
            Broken::LogAway | Broken::Full | Broken::NotOurs => End::LogLost,
        }
    }
}

/// One open stream.
pub(super) struct Conversation {
    pub(super) app: Arc<App>,
    pub(super) caller: Caller,
    pub(super) outbox: Outbox,
    pub(super) feed: Feed,
    /// `None` where a client can say nothing.
    pub(super) heard: Option<AggregatedMessageStream>,
    pub(super) pace: Pace,
    pub(super) _seat: Seat,
}

impl Conversation {
    /// Until either side ends it.
    pub(super) async fn run(mut self, first: Vec<Frame>) {
        let end = match self.say(first).await {
            Ok(()) => self.talk().await,
            Err(end) => end,
        };
        let Some((code, reason)) = end.told() else { return };
        let bye = frame::bye(reason, self.feed.places());
        // The client may be gone by now; then there is nobody to tell.
        let _ = self.send(vec![Message::Text(bye), Message::Close { code: Some(code), reason }]).await;
    }

    async fn talk(&mut self) -> End {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut heard_at, mut pinged_at) = (Instant::now(), Instant::now());
        loop {
            let done = tokio::select! {
                frames = self.feed.next() => match frames {
                    Ok(frames) => self.say(frames).await,
                    Err(broken) => Err(broken.into()),
                },
                heard = next_of(&mut self.heard) => {
                    heard_at = Instant::now();
                    self.hear(heard).await
                }
                _ = look.tick() => self.look(heard_at, &mut pinged_at).await,
                () = self.outbox.gone() => Err(End::Gone),
                () = self.app.draining.cancelled() => Err(End::Shutdown),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn look(&mut self, heard_at: Instant, pinged_at: &mut Instant) -> Result<(), End> {
        let ping_every = self.app.live.ping_every;
        // The answer of a slow client comes once it has read all that was sent before the question.
        let there_at = heard_at.max(self.outbox.taken_at());
        if self.heard.is_some() && there_at.elapsed() > ping_every * 2 {
            return Err(End::Gone);
        }
        if pinged_at.elapsed() >= ping_every {
            *pinged_at = Instant::now();
            self.send(vec![Message::Ping]).await?;
        }
        if is_revoked(&self.caller, &self.app).await { Err(End::CredentialsEnded) } else { Ok(()) }
    }

    async fn hear(&mut self, heard: Option<Result<Heard, ProtocolError>>) -> Result<(), End> {
        if !self.pace.allows(Instant::now()) {
            return Err(End::TooManyFrames);
        }
        match heard {
            Some(Ok(Heard::Ping(words))) => self.send(vec![Message::Pong(words)]).await,
            Some(Ok(Heard::Pong(_))) => Ok(()),
            Some(Ok(Heard::Text(text))) => {
                let answer = match self.obey(&text).await {
                    Ok(frames) => frames,
                    Err(Told::Refused(refused)) => {
                        vec![frame::error(refused.code, &refused.detail, refused.position)]
                    }
                    Err(Told::End(end)) => return Err(end),
                };
                self.say(answer).await
            }
            Some(Ok(Heard::Binary(_))) => {
                self.say(vec![frame::error("invalid_frame", "Frames are JSON text.", None)]).await
            }
            Some(Ok(Heard::Close(close))) => {
                self.send(vec![Message::Close { code: close.map(|close| answer_to(close.code.into())), reason: "" }])
                    .await?;
                Err(End::Gone)
            }
            Some(Err(ProtocolError::Io(error))) if error.kind() == ErrorKind::InvalidData => Err(End::NotText),
            None | Some(Err(ProtocolError::Io(_))) => Err(End::Gone),
            Some(Err(ProtocolError::Overflow)) => Err(End::FrameTooLarge),
            Some(Err(_)) => Err(End::ProtocolBroken),
        }
    }

    /// What the client is answered to what it asks.
    async fn obey(&mut self, text: &str) -> Result<Vec<Frame>, Told> {
        let expired = match control::parse(text).map_err(Told::Refused)? {
            Control::Pause => {
                self.feed.pause();
                return Ok(vec![frame::paused(self.feed.places())]);
            }
            Control::Resume(None) => self.feed.resume(None).await,
            Control::Resume(Some(cursor)) => {
                let cursors = cursor::decode(&cursor, self.feed.topics());
                let cursors = cursors.map_err(|problem| Refused::new("invalid_cursor", problem.detail()))?;
                self.feed.resume(Some(&cursors)).await
            }
            Control::Filter(filter) => {
                is_filter_of(&filter, self.feed.topics()).map_err(|detail| Refused::new("invalid_filter", detail))?;
                let expired = self.feed.change_filter(Arc::from(filter)).await?;
                return Ok(self.answer(frame::filtered, expired));
            }
        };
        Ok(self.answer(frame::resumed, expired?))
    }

    fn answer(&self, acknowledge: impl Fn(&super::topic::Places) -> Frame, expired: bool) -> Vec<Frame> {
        let places = self.feed.places();
        let mut frames = vec![acknowledge(places)];
        if expired {
            frames.push(frame::expired(places));
        }
        frames
    }

    async fn say(&mut self, frames: Vec<Frame>) -> Result<(), End> {
        self.send(frames.into_iter().map(Message::Text).collect()).await
    }

    /// Hands messages to the connection. A client that reads nothing is given up: after a while, at once when it holds
    /// too much, and soon when the gateway stops. One that reads slowly has its time, as long as its credentials are good.
    async fn send(&mut self, messages: Vec<Message>) -> Result<(), End> {
        let Conversation { app, caller, outbox, feed, .. } = self;
        let stopping = async {
            app.draining.cancelled().await;
            sleep(GOODBYE_MAX_WAIT).await;
        };
        let revoked = async {
            loop {
                sleep(LOOK_EVERY).await;
                if is_revoked(caller, app).await {
                    // Time for what is under way: behind it the client is told.
                    return sleep(app.live.stalled_max).await;
                }
            }
        };
        feed.note_stalled(Some(Instant::now()));
        let sent = tokio::select! {
            biased;
            sent = outbox.send(messages) => sent.is_ok(),
            () = outbox.takes_nothing_for(app.live.stalled_max) => false,
            () = feed.evicted() => false,
            () = revoked => false,
            () = stopping => false,
        };
        feed.note_stalled(None);
        if sent { Ok(()) } else { Err(End::Gone) }
    }
}

/// Whether the stream's credentials are good no more; not while that can't be known.
async fn is_revoked(caller: &Caller, app: &Arc<App>) -> bool {
    caller.still_valid(app, clock::now()).await == Some(false)
}

/// What a close code is answered with: itself, if it is one that may be sent (RFC 6455 § 7.4).
fn answer_to(code: u16) -> u16 {
    match code {
        1000..=1003 | 1007..=1014 | 3000..=4999 => code,
        _ => 1002,
    }
}

/// What became of what a client asked for, when it was not done.
enum Told {
    Refused(Refused),
    End(End),
}

impl From<Refused> for Told {
    fn from(refused: Refused) -> Told {
        Told::Refused(refused)
    }
}

impl From<Broken> for Told {
    fn from(broken: Broken) -> Told {
        match broken {
            Broken::Full => {
                Told::Refused(Refused::new("overloaded", "As many topics are watched as may; try again shortly."))
            }
            Broken::NotOurs => Told::Refused(Refused::new("invalid_cursor", "The cursor is not of this log.")),
            Broken::TopicDeleted => Told::End(End::TopicDeleted),
            Broken::LogAway => {
                Told::Refused(Refused::new("log_unavailable", "The event log can't be read now; try again shortly."))
            }
        }
    }
}

/// What the client says next; never anything where it can say nothing.
async fn next_of(heard: &mut Option<AggregatedMessageStream>) -> Option<Result<Heard, ProtocolError>> {
    match heard {
        Some(heard) => heard.next().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_code_that_no_one_may_send_is_not_sent_back() {
        for (code, answer) in
            [(1000, 1000), (1001, 1001), (4000, 4000), (1005, 1002), (1006, 1002), (999, 1002), (5000, 1002)]
        {
            assert_eq!(answer_to(code), answer);
        }
    }
}
