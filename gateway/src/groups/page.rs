//! One page of what a group's reader holds.

use std::time::Duration;

use actix_web::HttpResponse;
use bus::LogError;
use tokio::time::Instant;

use super::member::{Member, NotCommitted};
use crate::{
    app::App,
    problem::Problem,
    read::{LOOK_EVERY, out::Out, wanted::WantedByGroup},
    streams::{
        cursor, message,
        topic::{self, FoundTopic, log_failed},
    },
    topics::no_such_topic,
};

/// Reads the page and answers it: as soon as it has anything, and else when the wait is over or the gateway stops.
pub(crate) async fn page(app: &App, wanted: WantedByGroup) -> Result<HttpResponse, Problem> {
    let mut bytes = app.readers.bytes.reserve();
    let mut held = app.groups.join(&wanted.topic, &wanted.group, &wanted.reader, wanted.lease).await?;
    let member = held.member()?;
    // An answer may have been lost on its way: only a reader that shows the last cursor has all that was given out.
    if member.has_uncommitted() && !wanted.cursor.as_ref().is_some_and(|cursor| member.is_at(cursor)) {
        member.give_again();
    }
    let nothing_is_out = !member.has_uncommitted();

    let mut out = Out::list(wanted.limit, wanted.bytes_max);
    let until = Instant::now() + wanted.wait;
    while !out.is_full() {
        if member.ahead().is_empty() {
            let wait_max = match out.items {
                0 => until.saturating_duration_since(Instant::now()).min(LOOK_EVERY),
                _ => Duration::ZERO,
            };
            let read = tokio::select! {
                read = member.read(out.next_read(wait_max)) => read,
                () = app.draining.cancelled() => break,
            };
            let was_something = match read {
                Ok(was_something) => was_something,
                Err(error) => {
                    if matches!(error, LogError::NoSuchTopic(_)) {
                        held.end(&app.groups);
                    }
                    return Err(log_failed(error));
                }
            };
            if was_something && member.ahead().is_empty() {
                // Behind a rewind came what the reader has.
                continue;
            }
            if member.ahead().is_empty() {
                // Partitions that moved may have ended the wait.
                if out.items > 0 || Instant::now() >= until {
                    break;
                }
                if topic::is_gone(app, &wanted.topic).await {
                    held.end(&app.groups);
                    return Err(no_such_topic());
                }
                continue;
            }
        }
        bytes.grow_to(out.bytes_with(member.ahead_bytes()))?;
        give_out(member, &wanted.topic, &mut out);
    }
    // What is others' is passed over, and there is nothing in it for the reader to commit.
    if out.items == 0 && nothing_is_out && member.has_uncommitted() {
        match member.commit_given().await {
            Ok(()) | Err(NotCommitted::Lost | NotCommitted::NeverGiven) => {}
            Err(NotCommitted::Log(error)) => return Err(log_failed(error)),
        }
    }
    let next_cursor = match member.has_uncommitted() {
        true => format!(r#""{}""#, cursor::encode(wanted.topic.id, member.given(), Some(member.hold()))),
        false => "null".to_owned(),
    };
    let partitions: Vec<_> = member.holds().iter().map(u32::to_string).collect();
    let rest = format!(r#","next_cursor":{next_cursor},"partitions":[{}]"#, partitions.join(","));
    drop(held);
    Ok(HttpResponse::Ok().content_type("application/json").body(bytes.into_body(out.into_answer(&rest))))
}

/// Gives out of what lies ahead as much as there is room for.
fn give_out(member: &mut Member, topic: &FoundTopic, out: &mut Out) {
    while !out.is_full() {
        let Some(before) = member.give() else { return };
        let Some(record) = member.ahead().front() else { return };
        if !topic.shows(record) {
            out.passed_over += 1;
        } else {
            let cursor = cursor::encode(topic.id, member.given(), Some(member.hold()));
            if !out.put(|bytes| message::write(bytes, topic, record, Some(&cursor))) {
                member.take_back(before);
                return;
            }
        }
        member.given_out();
    }
}
