//! A topic as lines, NDJSON, for as long as the client likes: pulled through the connection, a piece at a time.
//!
//! Each line is a message with the cursor behind it. The last one says why there are no more:
//! `{"end": "…", "cursor": "…", "expired": false}`, so that a stream that was cut off is not taken for one that came to its end.

use std::{sync::Arc, time::Duration};

use actix_web::HttpResponse;
use bus::LogError;
use bytes::Bytes;
use futures_util::stream;
use tokio::time::Instant;

use super::{
    out::Out,
    page::{self, LOOK_EVERY},
    readers::ReadPlace,
    reading::{Bounds, Reading},
    wanted::Wanted,
};
use crate::{
    app::App,
    auth::Caller,
    bytes_budget::{BudgetSpent, Reservation},
    clock,
    problem::{Kind, Problem},
    streams::topic,
};

/// Bytes of lines that are handed to the connection at once.
const PIECE_BYTES_MAX: usize = 256 * 1024;

/// How long the log may hand over nothing although there is more, before the stream ends and says so.
const SILENT_MAX: Duration = Duration::from_secs(10);

/// Why a stream ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// Everything was read, and nothing came for as long as was asked for.
    CaughtUp,
    /// As many messages as were asked for.
    Limit,
    TopicDeleted,
    Shutdown,
    KeyInvalid,
    LogUnavailable,
    /// All reads together hold as much as they may.
    Overloaded,
}

impl End {
    fn as_str(self) -> &'static str {
        match self {
            End::CaughtUp => "caught_up",
            End::Limit => "limit",
            End::TopicDeleted => "topic_deleted",
            End::Shutdown => "shutdown",
            End::KeyInvalid => "key_invalid",
            End::LogUnavailable => "log_unavailable",
            End::Overloaded => "overloaded",
        }
    }
}

impl From<BudgetSpent> for End {
    fn from(BudgetSpent: BudgetSpent) -> Self {
        End::Overloaded
    }
}

impl From<LogError> for End {
    fn from(error: LogError) -> Self {
        match error {
            LogError::NoSuchTopic(_) => End::TopicDeleted,
            error => {
                tracing::warn!(%error, "a reader of lines lost the log");
                End::LogUnavailable
            }
        }
    }
}

/// One stream of lines.
struct Lines {
    app: Arc<App>,
    caller: Caller,
    /// `None` once the last line was written.
    reading: Option<Reading>,
    /// The ends of the partitions, when they were last asked for.
    ends: Option<Bounds>,
    /// Some of what lay behind the cursor was not kept any more, and passed over.
    expired: bool,
    left: usize,
    bytes_max: usize,
    wait: Duration,
    /// When the log handed over something last.
    heard: Instant,
    look_at: Instant,
    /// What the piece that was handed over last is held against.
    held: Reservation,
    _place: ReadPlace,
}

/// Answers the topic as lines.
pub(super) async fn lines(app: &Arc<App>, caller: Caller, wanted: Wanted) -> Result<HttpResponse, Problem> {
    let place = app.readers.place(wanted.topic.org_id)?;
    let (reading, ends, expired) = page::begin(app, &wanted).await?;
    let now = Instant::now();
    let lines = Lines {
        app: app.clone(),
        caller,
        reading: Some(reading),
        ends,
        expired,
        left: wanted.limit,
        bytes_max: wanted.bytes_max.min(PIECE_BYTES_MAX),
        wait: wanted.wait,
        heard: now,
        look_at: now + LOOK_EVERY,
        held: app.readers.bytes.reserve(),
        _place: place,
    };
    let pieces = stream::unfold(lines, |mut lines| async move {
        let piece = lines.next().await?;
        Some((Ok::<_, actix_web::Error>(piece), lines))
    });
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").streaming(Box::pin(pieces)))
}

impl Lines {
    /// The next lines; `None` behind the last.
    async fn next(&mut self) -> Option<Bytes> {
        let mut reading = self.reading.take()?;
        // Whoever asks for the next piece has taken the last one.
        self.held = self.app.readers.bytes.reserve();
        let mut out = Out::lines(self.left, self.bytes_max);
        match self.fill(&mut reading, &mut out).await {
            Ok(()) => {
                self.left -= out.items;
                self.reading = Some(reading);
            }
            Err(end) => {
                // A log that can't be asked now is the end that is told of.
                self.expired |= reading.has_lost_some(&*self.app.log).await.unwrap_or(false);
                let (end_as, cursor, expired) = (end.as_str(), reading.cursor(), self.expired);
                let last = format!("{{\"end\":\"{end_as}\",\"cursor\":\"{cursor}\",\"expired\":{expired}}}\n");
                out.bytes.extend_from_slice(last.as_bytes());
                if matches!(end, End::CaughtUp | End::Limit) {
                    self.app.readers.keep(reading);
                }
            }
        }
        Some(out.bytes.freeze())
    }

    /// Reads until there is something to hand on.
    async fn fill(&mut self, reading: &mut Reading, out: &mut Out) -> Result<(), End> {
        while out.items == 0 || !out.is_full() {
            if self.left == out.items {
                return if out.items == 0 { Err(End::Limit) } else { Ok(()) };
            }
            let now = Instant::now();
            if now >= self.look_at {
                self.look_at = now + LOOK_EVERY;
                self.look(reading).await?;
            }
            // What is there is handed on before more is waited for.
            let wait = if out.items > 0 || self.ends.is_none() { Duration::ZERO } else { LOOK_EVERY };
            let draining = self.app.draining.clone();
            let read = tokio::select! {
                read = reading.read(out, wait) => read?,
                () = draining.cancelled() => return Err(End::Shutdown),
            };
            if read {
                self.held.grow_to(out.bytes_with(reading.ahead_bytes()))?;
                reading.give_out(out);
                // A piece full of others' records is no reason to end.
                out.passed_over = 0;
                self.heard = Instant::now();
                continue;
            }
            if out.items > 0 {
                return Ok(());
            }
            self.at_the_end(reading).await?;
        }
        Ok(())
    }

    /// The log had nothing: the end, or a moment's silence.
    async fn at_the_end(&mut self, reading: &mut Reading) -> Result<(), End> {
        let now = Instant::now();
        let bounds = self.app.log.bounds(&reading.topic.in_log).await?;
        if reading.must_begin_again(&bounds) {
            let again = reading.begin_again(&*self.app.log).await.map_err(|problem| match problem.kind() {
                Kind::NotFound => End::TopicDeleted,
                _ => End::LogUnavailable,
            })?;
            self.expired |= again.expired;
            *reading = again.reading;
        }
        let is_behind = reading.is_behind(&bounds);
        self.ends = Some(bounds);
        if is_behind {
            return if now > self.heard + SILENT_MAX { Err(End::LogUnavailable) } else { Ok(()) };
        }
        if now >= self.heard + self.wait { Err(End::CaughtUp) } else { Ok(()) }
    }

    /// Whether the stream may go on: a log may read a topic on that was deleted and made again.
    async fn look(&self, reading: &Reading) -> Result<(), End> {
        if self.app.draining.is_cancelled() {
            return Err(End::Shutdown);
        }
        if self.caller.still_valid(&self.app, clock::now()).await == Some(false) {
            return Err(End::KeyInvalid);
        }
        if topic::is_gone(&self.app, &reading.topic).await { Err(End::TopicDeleted) } else { Ok(()) }
    }
}
