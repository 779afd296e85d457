//! One page of a topic.

use std::time::Duration;

use actix_web::HttpResponse;
use tokio::time::Instant;

use super::{
    out::Out,
    reading::{Begun, Bounds, Reading, Start},
    wanted::Wanted,
};
use crate::{
    app::App,
    problem::Problem,
    streams::topic::{self, log_failed},
    topics::no_such_topic,
};

/// How long the log may take to hand over records that lie before its end, while the page is empty. A new reader of
/// Kafka's finds its brokers first.
const SILENT_MAX: Duration = Duration::from_secs(5);
/// The same once the page has some.
const SILENT_MORE_MAX: Duration = Duration::from_millis(500);

/// How often it is looked, while messages are waited for, whether the topic is still there, and for lines whether their key is.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Reads the page and answers it: as soon as it has anything, and else when the wait is over or the gateway stops.
pub(super) async fn page(app: &App, wanted: Wanted) -> Result<HttpResponse, Problem> {
    let _place = app.readers.place(wanted.topic.org_id)?;
    let mut held = app.readers.bytes.reserve();
    let mut out = Out::list(wanted.limit, wanted.bytes_max);
    let waits_until = Instant::now() + wanted.wait;
    let (mut reading, mut ends, mut expired) = begin(app, &wanted).await?;
    let mut silent_until = Instant::now() + SILENT_MAX;

    while !out.is_full() {
        let now = Instant::now();
        // Without ends, this reader goes on where a page ended: what it has is there at once.
        let is_behind = ends.as_ref().is_some_and(|ends| reading.is_behind(ends));
        let until = match (&ends, is_behind) {
            (None, _) => now,
            (Some(_), true) => silent_until,
            (Some(_), false) if out.items > 0 => break,
            (Some(_), false) => waits_until,
        };
        let read = tokio::select! {
            read = reading.read(&out, until.saturating_duration_since(now).min(LOOK_EVERY)) => read.map_err(log_failed)?,
            () = app.draining.cancelled(), if ends.is_some() && !is_behind => break,
        };
        if read {
            held.grow_to(out.bytes_with(reading.ahead_bytes()))?;
            reading.give_out(&mut out);
        }
        match (read, &ends) {
            (true, _) => silent_until = Instant::now() + SILENT_MORE_MAX,
            (false, Some(_)) if Instant::now() >= until => break,
            (false, Some(_)) if topic::is_gone(app, &wanted.topic).await => return Err(no_such_topic()),
            (false, Some(_)) => {}
            (false, None) => {
                let bounds = app.log.bounds(&wanted.topic.in_log).await.map_err(log_failed)?;
                if reading.must_begin_again(&bounds) {
                    let again = reading.begin_again(&*app.log).await?;
                    expired |= again.expired;
                    reading = again.reading;
                }
                ends = Some(bounds);
            }
        }
    }
    expired |= reading.has_lost_some(&*app.log).await.map_err(log_failed)?;
    let caught_up = ends.as_ref().is_some_and(|ends| !reading.is_behind(ends));
    let cursor = reading.cursor();
    let body = out.into_answer(&format!(r#","next_cursor":"{cursor}","caught_up":{caught_up},"expired":{expired}"#));
    app.readers.keep(reading);
    Ok(HttpResponse::Ok().content_type("application/json").body(held.into_body(body)))
}

/// A reader where the request wants it: one that waits there, or a new one, which knows the ends of the partitions.
pub(super) async fn begin(app: &App, wanted: &Wanted) -> Result<(Reading, Option<Bounds>, bool), Problem> {
    if let Start::Cursor(cursor) = &wanted.start {
        if let Some(reading) = app.readers.take(&wanted.topic, wanted.partition, cursor) {
            return Ok((reading, None, false));
        }
    } else {
        app.readers.note_made();
    }
    let begun = Reading::begin(&*app.log, wanted.topic.clone(), wanted.partition, &wanted.start).await?;
    let Begun { reading, bounds, expired } = begun;
    Ok((reading, Some(bounds), expired))
}
