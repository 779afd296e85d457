//! The door for messages: `POST /events/publish`. Any JSON to any topic of the organisation, redacted and acknowledged as
//! events are.

mod check;
mod cloud_event;
mod counted;
mod examples;
pub(crate) mod idempotency;
mod incoming;
mod publishing;
mod shown;

use std::{sync::Arc, time::Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use bus::Position;
use serde::Serialize;
use uuid::Uuid;

use self::{
    incoming::{Mode, NewMessages},
    publishing::Publishing,
    shown::{Batch, RefusedBatch, Taken},
};
use crate::{
    app::App,
    auth::Caller,
    door::{Answered, Sent, to_its_end},
    limits::request::Allowance,
    problem::Problem,
    query::Parameters,
    request::RequestId,
    trace::Trace,
};

/// What is told of a message that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Published {
    topic: Arc<str>,
    /// Absent while it waits in a spool: then it has no place in the log yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    message_id: Uuid,
}

/// What is known of a message before it has a place.
pub(super) struct Receipt {
    topic: Arc<str>,
    message_id: Uuid,
    bytes: u64,
    hidden: Vec<aibbar::Kind>,
}

/// `POST /events/publish`: one message, a JSON array of them, NDJSON, or CloudEvents.
///
/// What is answered 202 is on disk. Messages are redacted by the organisation's rules, keys and headers included, and checked
/// before that against the topic's schema, where it has one. Within a batch each message stands for itself: 207 when some
/// were taken and others refused, and the refusals' own status when all were refused for the same class of reason.
///
/// **CloudEvents 1.0** come structured (`application/cloudevents+json`), batched (`application/cloudevents-batch+json`) or
/// binary (`ce-*` headers), with the topic as `?topic=`; they are kept in the binary mode of CloudEvents' Kafka binding, under
/// the key that the extension `partitionkey` says.
///
/// **`Idempotency-Key`**: the same key with the same body again, within 24 hours, publishes nothing twice and has the same
/// results; what was refused is tried again.
#[utoipa::path(
    post, path = "/events/publish", tag = "Messages",
    params(
        ("topic" = Option<String>, Query, description = "The topic of messages that name none; of CloudEvents."),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters."),
    ),
    request_body(description = "At most 10 MiB, 5,000 messages, 256 KiB per message, unless the installation says otherwise.", content(
        (NewMessages = "application/json", examples(
            ("one" = (summary = "One message", value = json!(examples::order()))),
            ("batch" = (summary = "Several messages", value = json!([examples::order(), examples::plain()]))),
        )),
        (String = "application/x-ndjson", examples(
            ("lines" = (summary = "One message per line", value = json!(format!("{}\n{}\n", examples::order(), examples::plain())))),
        )),
        (Object = "application/cloudevents+json", examples(
            ("event" = (summary = "A CloudEvent", value = json!(examples::cloud_event()))),
        )),
        (Vec<Object> = "application/cloudevents-batch+json", examples(
            ("events" = (summary = "CloudEvents", value = json!([examples::cloud_event()]))),
        )),
    )),
    responses(
        (status = 202, description = "Everything is kept.", body = Taken),
        (status = 207, description = "Some messages are kept, others refused.", body = Batch),
        (status = 400, body = RefusedBatch, description = "`invalid_json`, `invalid_body`, `invalid_cloud_event`: the message is refused. `schema_violation`: it does not meet its topic's schema. `empty_batch`: there is none. `invalid_encoding`: the body can't be expanded. `incomplete_body`: it did not arrive whole. `invalid_parameter`: `topic` or `Idempotency-Key`."),
        (status = 403, body = RefusedBatch, description = "`reserved_topic`: events are recorded by POST /aibbar/events."),
        (status = 404, body = RefusedBatch, description = "`not_found`: the organisation has no topic of this name."),
        (status = 408, description = "`body_timeout`: the body did not arrive in time."),
        (status = 409, description = "`idempotency_key_reused`: it was used with another body. `idempotency_key_in_use`: a request with it is under way."),
        (status = 413, body = RefusedBatch, description = "`message_too_large`, `event_too_large`, `body_too_large`, `batch_too_large`: send less at once."),
        (status = 415, description = "`unsupported_media_type`: none of the forms. `unsupported_encoding`: not one of the encodings."),
        (status = 429, body = RefusedBatch, description = "`daily_quota_exceeded`: the day's events are used up. `rate_limited`: too many requests in a minute."),
        (status = 503, body = RefusedBatch, description = "`overloaded`, `log_unavailable`: nothing was kept, send it again. `outcome_unknown`: it may be kept; with an `Idempotency-Key`, and so the same `message_id`, send it again."),
    ),
)]
pub(crate) async fn publish(
    caller: Caller,
    request: HttpRequest,
    mut payload: web::Payload,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let (started, door) = (Instant::now(), &app.door);
    let begun = door.begin(&caller, &request, &mut payload).await?;
    let mode = Mode::of(&request)?;
    let topic = topic_of(&request)?;
    let key = idempotency::key_of(&request)?;
    let (body, counted) = door.read(begun, &request, payload, mode.form()).await?;
    let parts = body.events(door.batch_max())?;
    let place = match door.enter(parts.len()) {
        Ok(place) => place,
        Err(problem) => {
            drop((counted, parts, body));
            return Err(door.hold_back(&request, problem).await);
        }
    };
    let (app, single, trace) = (app.get_ref().clone(), body.is_single(), Trace::of(&request));
    let publishing =
        Publishing { app, caller, mode, topic, key, started, allowance: Allowance::of(&request), trace: trace.clone() };
    let (outcomes, allowance) = to_its_end(counted, trace.with_lines(publishing.run(parts, body, place))).await?;
    allowance.back_into(&request);
    let (outcomes, log_wait) = outcomes?;
    Ok(Answered { outcomes, single, sent: Sent::Messages, log_wait }.answer(&RequestId::of(&request)))
}

impl Published {
    fn of((receipt, position): (Receipt, Position)) -> Self {
        let place = (position != Position::UNKNOWN).then_some(position);
        Self {
            topic: receipt.topic,
            partition: place.map(|place| place.partition),
            offset: place.map(|place| place.offset),
            message_id: receipt.message_id,
        }
    }
}

/// The topic of whatever names none.
fn topic_of(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut parameters = Parameters::of(request)?;
    let topic = parameters.take("topic");
    parameters.end(&["topic"])?;
    Ok(topic)
}
