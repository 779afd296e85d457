//! The door for events: `POST /aibbar/events`.

mod admission;
mod answer;
mod body;
mod check;
mod examples;
mod expand;
mod receiving;

use std::{sync::Arc, time::Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::record::EVENTS_TOPIC;
use bus::EventLog;
use prometheus::IntGauge;
use uuid::Uuid;

use crate::{
    app::App,
    auth::{Caller, identities::Identities},
    bytes_budget::{BytesBudget, Reservation},
    limits::request::{day_used_up, give_back, take_events},
    metrics::Metrics,
    problem::{Kind, Problem},
    request::RequestId,
    settings::{RecordSettings, Settings},
};
use admission::{Admission, Full, Place};
use answer::{Batch, Outcome, Recorded, RefusedBatch, Taken};
use receiving::{Receiving, ShareSpent};

/// So many times the largest batch is always let in, however slowly things go.
const BATCHES_ALWAYS: usize = 2;

/// What the door needs: the log behind it, the keys, and its bounds.
pub(crate) struct RecordDoor {
    log: Arc<dyn EventLog>,
    identities: Arc<Identities>,
    metrics: Arc<Metrics>,
    gateway: String,
    bounds: RecordSettings,
    receiving: Receiving,
    admission: Admission,
    bytes: BytesBudget,
}

impl RecordDoor {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        identities: Arc<Identities>,
        metrics: Arc<Metrics>,
        bytes: BytesBudget,
        settings: &Settings,
    ) -> Self {
        let bounds = settings.record.clone();
        let line = admission::Bounds {
            requests_max: bounds.requests_in_flight_max,
            events_always: bounds.batch_events_max.saturating_mul(BATCHES_ALWAYS),
            wait_max: bounds.queue_max_wait,
        };
        Self {
            receiving: Receiving::new(settings.http.connections_max, bounds.bytes_in_flight_max),
            admission: Admission::new(line, metrics.events_in_flight.clone()),
            bytes,
            log,
            identities,
            metrics,
            gateway: settings.name.clone(),
            bounds,
        }
    }

    /// Appends what passed, all at once, and puts each acknowledgement in its event's place.
    ///
    /// What was handed over is seen through to its end, also when nobody waits for it any more: until then it holds its
    /// place, since until then it lies in the log's queue.
    async fn append(&self, checked: Vec<Result<check::Ready, Problem>>, held: Held) -> Vec<Outcome> {
        let mut records = Vec::with_capacity(checked.len());
        let mut outcomes = Vec::with_capacity(checked.len());
        for one in checked {
            outcomes.push(one.map(|ready| {
                records.push(ready.record);
                ready.event_id
            }));
        }
        if records.is_empty() {
            return outcomes;
        }
        let sent = records.len();
        let started = Instant::now();
        let log = self.log.clone();
        let appending = tokio::spawn(async move {
            let _held = held;
            log.append(EVENTS_TOPIC, records).await
        });
        let acknowledged = tokio::time::timeout(self.bounds.append_max_wait, appending).await;
        self.metrics.append_seconds.observe(started.elapsed().as_secs_f64());
        let mut acknowledged = match acknowledged {
            Ok(Ok(each)) => each,
            Ok(Err(_)) => unknown("the log's work was broken off", sent),
            Err(_) => unknown("no answer within the door's bound", sent),
        }
        .into_iter();
        log_failure(acknowledged.as_slice());
        for outcome in outcomes.iter_mut().filter(|o| o.is_ok()) {
            // The log answers one outcome per record; a missing one would be its fault, and tells nothing.
            let missing = || Err(bus::AppendError::OutcomeUnknown("no answer for this record".into()));
            let answered = acknowledged.next().unwrap_or_else(missing);
            if let Err(error) = answered {
                *outcome = Err(error.into());
            }
        }
        outcomes
    }
}

/// What a request holds until the log has answered.
struct Held {
    _place: Place,
    _bytes: Reservation,
    _counted: Counted,
}

fn unknown(why: &str, records: usize) -> Vec<Result<bus::Position, bus::AppendError>> {
    vec![Err(bus::AppendError::OutcomeUnknown(why.to_owned())); records]
}

/// One line for the whole request, however many of its events the log did not take.
fn log_failure(acknowledged: &[Result<bus::Position, bus::AppendError>]) {
    let mut failed = acknowledged.iter().filter_map(|a| a.as_ref().err());
    if let Some(first) = failed.next() {
        tracing::warn!(error = %first, events = 1 + failed.count(), "the log did not take every event");
    }
}

impl From<bus::AppendError> for Problem {
    fn from(error: bus::AppendError) -> Self {
        use bus::AppendError as E;
        match error {
            E::QueueFull => Problem::overloaded(),
            E::Unavailable(_) | E::Closed | E::NoSuchTopic(_) | E::Refused(_) => Problem::new(
                Kind::LogUnavailable,
                "The event log takes nothing now; the event was not kept. Send it again.",
            ),
            E::OutcomeUnknown(_) => Problem::new(
                Kind::OutcomeUnknown,
                "The event log did not answer in time; the event may be kept. Send the same event again: it is stored once.",
            ),
            E::TooLarge => {
                Problem::new(Kind::Event(aibbar::Code::EventTooLarge), "The event is larger than the event log takes.")
            }
        }
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
    payload: web::Payload,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let door = &app.record;
    door.admission.look()?;
    let counted = Counted::new(&door.metrics.requests_in_flight);

    let arriving = door.receiving.begin(caller.api_key().map_or(Uuid::nil(), |found| found.key.id))?;
    let body = body::read(&request, payload, &door.bounds, door.bytes.reserve(), arriving).await?;
    let events = body.events(door.bounds.batch_events_max)?;
    let place = door.admission.enter(events.len())?;
    door.metrics.batch_events.observe(events.len() as f64);
    let allowed = take_events(&app.limits, &request, events.len()).await;
    let checked = door.check_all(&caller, &events[..allowed]).await;
    let (count, single) = (events.len(), body.is_single());
    drop(events);
    let held = Held { _place: place, _bytes: body.into_reservation(), _counted: counted };
    let mut outcomes = door.append(checked, held).await;
    give_back(&app.limits, &request, outcomes.iter().filter(|outcome| outcome.is_err()).count());
    outcomes.resize_with(count, || Err(day_used_up(&request)));

    let recorded = Recorded { outcomes, single };
    recorded.count(&door.metrics);
    Ok(recorded.answer(&RequestId::of(&request)))
}

impl From<Full> for Problem {
    fn from(Full: Full) -> Self {
        Problem::overloaded()
    }
}

impl From<ShareSpent> for Problem {
    fn from(ShareSpent: ShareSpent) -> Self {
        Problem::new(
            Kind::Overloaded,
            "This key sends more at once than its share of the gateway; send less at once, or faster.",
        )
    }
}

/// Adds one to a gauge for as long as it lives.
struct Counted(IntGauge);

impl Counted {
    fn new(gauge: &IntGauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
