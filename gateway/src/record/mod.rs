//! The door for events: `POST /aibbar/events`.

mod answer;
mod body;
mod budget;
mod check;
mod expand;

use std::{sync::Arc, time::Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::record::EVENTS_TOPIC;
use bus::EventLog;
use tokio::sync::Semaphore;

use crate::{
    app::App,
    auth::{Caller, identities::Identities},
    limits::request::{day_used_up, give_back, take_events},
    metrics::Metrics,
    problem::{Kind, Problem},
    request::RequestId,
    settings::RecordSettings,
};
use answer::{Outcome, Recorded};
use budget::BytesBudget;

/// What the door needs: the log behind it, the keys, and its bounds.
pub(crate) struct RecordDoor {
    log: Arc<dyn EventLog>,
    identities: Arc<Identities>,
    metrics: Arc<Metrics>,
    gateway: String,
    bounds: RecordSettings,
    permits: Semaphore,
    bytes: BytesBudget,
    rules: aibbar::RuleSet,
}

impl RecordDoor {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        identities: Arc<Identities>,
        metrics: Arc<Metrics>,
        gateway: String,
        bounds: RecordSettings,
    ) -> Self {
        Self {
            permits: Semaphore::new(bounds.requests_in_flight_max),
            bytes: BytesBudget::new(bounds.bytes_in_flight_max, metrics.bytes_in_flight.clone()),
            rules: aibbar::RuleSet::default(),
            log,
            identities,
            metrics,
            gateway,
            bounds,
        }
    }

    /// Appends what passed, all at once, and puts each acknowledgement in its event's place.
    async fn append(&self, checked: Vec<Result<check::Ready, Problem>>) -> Vec<Outcome> {
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
        let acknowledged =
            tokio::time::timeout(self.bounds.append_max_wait, self.log.append(EVENTS_TOPIC, records)).await;
        self.metrics.append_seconds.observe(started.elapsed().as_secs_f64());
        let mut acknowledged = match acknowledged {
            Ok(each) => each,
            Err(_) => vec![Err(bus::AppendError::OutcomeUnknown("no answer within the door's bound".into())); sent],
        }
        .into_iter();
        log_failure(acknowledged.as_slice());
        for outcome in outcomes.iter_mut().filter(|o| o.is_ok()) {
            // The log answers one outcome per record; a missing one would be its fault, and is no acknowledgement.
            let answered = acknowledged.next().unwrap_or(Err(bus::AppendError::Closed));
            if let Err(error) = answered {
                *outcome = Err(error.into());
            }
        }
        outcomes
    }
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
            E::QueueFull => Problem::new(Kind::Overloaded, "The gateway is at its capacity; send it again shortly."),
            E::Unavailable(_) | E::Closed | E::NoSuchTopic(_) => Problem::new(
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
pub(crate) async fn record(
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let door = &app.record;
    let _permit = door.permits.try_acquire().map_err(|_| overloaded())?;
    let _counted = Counted::new(&door.metrics.requests_in_flight);

    let body = body::read(&request, payload, &door.bounds, &door.bytes).await?;
    let events = body.events(door.bounds.batch_events_max)?;
    door.metrics.batch_events.observe(events.len() as f64);
    let allowed = take_events(&app.limits, &request, events.len()).await;
    let checked = door.check_all(&caller, &events[..allowed]).await;
    let mut outcomes = door.append(checked).await;
    give_back(&app.limits, &request, outcomes.iter().filter(|outcome| outcome.is_err()).count());
    outcomes.resize_with(events.len(), || Err(day_used_up(&request)));

    let recorded = Recorded { outcomes, single: body.is_single() };
    recorded.count(&door.metrics);
    Ok(recorded.answer(&RequestId::of(&request)))
}

fn overloaded() -> Problem {
    Problem::new(Kind::Overloaded, "The gateway is at its capacity; send it again shortly.")
}

/// Adds one to a gauge for as long as it lives.
struct Counted<'a>(&'a prometheus::IntGauge);

impl<'a> Counted<'a> {
    fn new(gauge: &'a prometheus::IntGauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}
