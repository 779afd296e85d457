//! The door for events: `POST /aibbar/events`.

mod asked;
mod check;
mod examples;
mod shown;

use std::{sync::Arc, time::Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::{event::TimeWindow, record::EVENTS_TOPIC};
use serde::Serialize;
use store::retention::InstallationRetention;
use traces::TRACEPARENT;
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Caller, identities::Identities},
    door::{Answered, Form, Inside, Sent, media_type, refusals, to_its_end},
    limits::request::Allowance,
    metrics::Metrics,
    problem::Problem,
    request::RequestId,
    settings::Settings,
    trace::Trace,
};
use shown::{Batch, RefusedBatch, Taken};

/// What the door for events needs: the keys, and its bounds.
pub(crate) struct RecordDoor {
    identities: Arc<Identities>,
    metrics: Arc<Metrics>,
    gateway: String,
    /// Of organisations that say nothing of retention.
    time_window: TimeWindow,
    /// What holds for those that say something.
    retention: InstallationRetention,
    topic: Arc<str>,
}

/// What is told of an event that is kept.
#[derive(Serialize)]
struct Kept {
    event_id: Uuid,
}

impl RecordDoor {
    pub(crate) fn new(identities: Arc<Identities>, metrics: Arc<Metrics>, settings: &Settings) -> Self {
        Self {
            identities,
            metrics,
            gateway: settings.name.clone(),
            time_window: settings.record.time_window,
            retention: settings.retention,
            topic: EVENTS_TOPIC.into(),
        }
    }

    fn count(&self, outcomes: &[Result<Kept, Problem>]) {
        let mut accepted = 0;
        for outcome in outcomes {
            match outcome {
                Ok(_) => accepted += 1,
                Err(problem) => self.metrics.rejected.with_label_values(&[problem.kind().code()]).inc(),
            }
        }
        self.metrics.accepted.inc_by(accepted);
    }
}

/// `POST /aibbar/events`: one event, a JSON array of them, or NDJSON.
///
/// What is answered 202 is on disk. The same event may be sent again as often as needed: it is kept once. The body may
/// be compressed (`Content-Encoding: gzip`, `zstd`, `br`, `deflate`). Within a batch each event stands for itself: 207
/// when some were taken and others refused, and the refusals' own status when all were refused for the same class of
/// reason, with every event's result beside the problem.
#[utoipa::path(
    post, path = "/aibbar/events", tag = "Events",
    request_body(description = "At most 10 MiB, 5,000 events, 256 KiB per event, unless the installation says otherwise.", content(
        (ref("#/components/schemas/SentEvents") = "application/json", examples(
            ("one" = (summary = "One event", value = json!(examples::response()))),
            ("batch" = (summary = "Several events", value = json!([examples::query(), examples::response()]))),
            ("action" = (summary = "What an AI system did", value = json!(examples::action()))),
        )),
        (String = "application/x-ndjson", examples(
            ("lines" = (summary = "One event per line", value = json!(format!("{}\n{}\n", examples::query(), examples::response())))),
        )),
    )),
    responses(
        (status = 202, description = "Everything is kept.", body = Taken, examples(
            ("one" = (value = json!({ "event_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", "status": "accepted" }))),
            ("batch" = (value = json!({ "accepted": 1, "rejected": 0, "results": [
                { "index": 0, "event_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", "status": "accepted" },
            ] }))),
        )),
        (status = 207, description = "Some events are kept, others refused.", body = Batch, example = json!({
            "accepted": 1, "rejected": 1, "results": [
                { "index": 0, "event_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", "status": "accepted" },
                { "index": 1, "status": "rejected", "code": "invalid_signature", "detail": "The signature is not right." },
            ],
        })),
        (status = 400, body = RefusedBatch, description = "`invalid_json`, `schema_violation`, `timestamp_in_future`, `timestamp_too_old`, `event_id_time_mismatch`: the event is refused. `empty_batch`: there is none. `invalid_encoding`: the body can't be expanded. `incomplete_body`: it did not arrive whole."),
        (status = 401, body = RefusedBatch, description = "`invalid_signature`: the event's signature is wrong, or its signing key unknown."),
        (status = 403, body = RefusedBatch, description = "`ai_system_not_registered`: the organisation takes events of registered AI systems alone."),
        (status = 408, description = "`body_timeout`: the body did not arrive in time."),
        (status = 413, body = RefusedBatch, description = "`event_too_large`, `body_too_large`, `batch_too_large`: send less at once."),
        (status = 415, description = "`unsupported_media_type`: neither JSON nor NDJSON. `unsupported_encoding`: not one of the encodings."),
        (status = 429, body = RefusedBatch, description = "`daily_quota_exceeded`: the day's events are used up. `rate_limited`: too many requests in a minute."),
        (status = 503, body = RefusedBatch, description = "`overloaded`, `log_unavailable`: nothing was kept, send it again. `outcome_unknown`: it may be kept; sending it again does no harm."),
    ),
)]
pub(crate) async fn record(
    caller: Caller,
    request: HttpRequest,
    mut payload: web::Payload,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let (started, door) = (Instant::now(), &app.door);
    let begun = door.begin(&caller, &request, &mut payload).await?;
    let form = Form::of(media_type(&request).as_deref())?;
    let (body, counted) = door.read(begun, &request, payload, form).await?;
    let events = body.events(door.batch_max())?;
    let place = match door.enter(events.len()) {
        Ok(place) => place,
        Err(problem) => {
            drop((counted, events, body));
            return Err(door.hold_back(&request, problem).await);
        }
    };
    let (app, single) = (app.get_ref().clone(), body.is_single());
    let mut allowance = Allowance::of(&request);
    let trace = Trace::of(&request);
    let traced = trace.clone();
    let recording = async move {
        let count = events.len();
        let allowed = allowance.take(&app.limits, count).await;
        let checking = traced.check();
        let mut checked = app.record.check_all(&caller, &events[..allowed]).await;
        drop((checking, events));
        let appending = traced.append(&checked, EVENTS_TOPIC);
        if let Some(header) = appending.header() {
            let ready = checked.iter_mut().flatten();
            ready.for_each(|ready| ready.record.headers.push((TRACEPARENT.into(), header.clone())));
        }
        let appended = app.door.append(Sent::Events, checked, Inside::new(place, body)).await;
        drop(appending);
        let kept = appended.outcomes.into_iter().map(|outcome| outcome.map(|(event_id, _)| Kept { event_id }));
        let mut outcomes: Vec<_> = kept.collect();
        allowance.give_back(&app.limits, outcomes.iter().filter(|outcome| outcome.is_err()).count());
        outcomes.resize_with(count, || Err(allowance.day_used_up()));

        app.record.count(&outcomes);
        traced.counted(&outcomes);
        if outcomes.iter().any(Result::is_ok) {
            app.counting.acknowledged(caller.org_id(), started.elapsed());
        }
        app.counting.refused_events(caller.org_id(), refusals(&outcomes));
        (outcomes, appended.log_wait, allowance)
    };
    let (outcomes, log_wait, allowance) = to_its_end(counted, trace.with_lines(recording)).await?;
    allowance.back_into(&request);
    Ok(Answered { outcomes, single, sent: Sent::Events, log_wait }.answer(&RequestId::of(&request)))
}
