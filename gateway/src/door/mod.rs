//! What both doors share, the one for events and the one for messages: who is let in, how a body is read, how records come
//! into the log, and what the sender is told.

mod admission;
mod answer;
mod body;
mod expand;
mod receiving;

use std::{sync::Arc, time::Instant};

use actix_web::{HttpRequest, web};
use bus::{AppendError, EventLog, NewRecord, Position};
use futures_util::future::join_all;
use prometheus::IntGauge;
use uuid::Uuid;

use self::{
    admission::{Admission, Full, Place},
    receiving::{Arriving, Receiving, ShareSpent},
};
pub(crate) use self::{
    answer::Answered,
    body::{Body, Form, media_type},
};
use crate::{
    auth::Caller,
    bytes_budget::{BytesBudget, Reservation},
    metrics::Metrics,
    problem::{Kind, Problem},
    settings::{RecordSettings, Settings},
};

/// So many times the largest batch is always let in, however slowly things go.
const BATCHES_ALWAYS: usize = 2;

/// The way in: the log behind it, and its bounds.
pub(crate) struct Door {
    log: Arc<dyn EventLog>,
    metrics: Arc<Metrics>,
    bounds: RecordSettings,
    receiving: Receiving,
    admission: Admission,
    bytes: BytesBudget,
}

/// A request that was let begin.
pub(crate) struct Begun {
    counted: Counted,
    arriving: Arriving,
}

/// A request whose body was read; it holds its place until the log has answered.
pub(crate) struct Inside {
    _place: Place,
    _bytes: Reservation,
    _counted: Counted,
}

/// A record on its way, and what its sender is told once it is acknowledged.
pub(crate) struct Ready<T> {
    /// The topic, as the log calls it.
    pub(crate) topic: Arc<str>,
    pub(crate) record: NewRecord,
    pub(crate) receipt: T,
}

/// What became of the records of a request, in its order.
pub(crate) struct Appended<T> {
    pub(crate) outcomes: Vec<Result<(T, Position), Problem>>,
    /// Topics that the log does not have.
    pub(crate) missing: Vec<Arc<str>>,
}

impl Door {
    pub(crate) fn new(log: Arc<dyn EventLog>, metrics: Arc<Metrics>, bytes: BytesBudget, settings: &Settings) -> Self {
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
            metrics,
            bounds,
        }
    }

    /// Whether there is room now: asked before the body is read.
    pub(crate) fn begin(&self, caller: &Caller) -> Result<Begun, Problem> {
        self.admission.look()?;
        let counted = Counted::new(&self.metrics.requests_in_flight);
        let arriving = self.receiving.begin(caller.api_key().map_or(Uuid::nil(), |found| found.key.id))?;
        Ok(Begun { counted, arriving })
    }

    /// Reads the body within its bounds.
    pub(crate) async fn read(
        &self,
        begun: Begun,
        request: &HttpRequest,
        payload: web::Payload,
        form: Form,
    ) -> Result<(Body, Counted), Problem> {
        let body = body::read(request, payload, form, &self.bounds, self.bytes.reserve(), begun.arriving).await?;
        Ok((body, begun.counted))
    }

    /// How many events or messages a batch may hold.
    pub(crate) fn batch_max(&self) -> usize {
        self.bounds.batch_events_max
    }

    /// Takes a place for so many events or messages.
    pub(crate) fn enter(&self, count: usize) -> Result<Place, Problem> {
        let place = self.admission.enter(count)?;
        self.metrics.batch_events.observe(count as f64);
        Ok(place)
    }

    /// Appends what passed, all at once, and puts each acknowledgement in its record's place.
    ///
    /// What was handed over is seen through to its end, also when nobody waits for it any more: until then it holds its
    /// place, since until then it lies in the log's queue.
    pub(crate) async fn append<T>(&self, checked: Vec<Result<Ready<T>, Problem>>, inside: Inside) -> Appended<T> {
        let mut batches: Vec<(Arc<str>, Vec<NewRecord>)> = Vec::new();
        let mut outcomes = Vec::with_capacity(checked.len());
        for one in checked {
            outcomes.push(one.map(|ready| {
                let batch = batches.iter().position(|(topic, _)| *topic == ready.topic).unwrap_or_else(|| {
                    batches.push((ready.topic.clone(), Vec::new()));
                    batches.len() - 1
                });
                batches[batch].1.push(ready.record);
                (ready.receipt, batch)
            }));
        }
        let topics: Vec<_> = batches.iter().map(|(topic, records)| (topic.clone(), records.len())).collect();
        let mut acknowledged = self.acknowledged(batches, inside, &topics).await;
        let mut missing = Vec::new();
        let outcomes = outcomes.into_iter().map(|outcome| {
            let (receipt, batch) = outcome?;
            // The log answers one outcome per record; a missing one would be its fault, and tells nothing.
            let none = || Err(AppendError::OutcomeUnknown("no answer for this record".into()));
            match acknowledged[batch].next().unwrap_or_else(none) {
                Ok(position) => Ok((receipt, position)),
                Err(error) => {
                    let topic = &topics[batch].0;
                    if matches!(error, AppendError::NoSuchTopic(_)) && !missing.contains(topic) {
                        missing.push(topic.clone());
                    }
                    Err(error.into())
                }
            }
        });
        let outcomes = outcomes.collect();
        Appended { outcomes, missing }
    }

    async fn acknowledged(
        &self,
        batches: Vec<(Arc<str>, Vec<NewRecord>)>,
        inside: Inside,
        topics: &[(Arc<str>, usize)],
    ) -> Vec<std::vec::IntoIter<Result<Position, AppendError>>> {
        if batches.is_empty() {
            return Vec::new();
        }
        let started = Instant::now();
        let log = self.log.clone();
        let appending = tokio::spawn(async move {
            let _inside = inside;
            let log = &log;
            join_all(batches.into_iter().map(|(topic, records)| async move { log.append(&topic, records).await })).await
        });
        let acknowledged = tokio::time::timeout(self.bounds.append_max_wait, appending).await;
        self.metrics.append_seconds.observe(started.elapsed().as_secs_f64());
        let unknown = |why: &str| {
            let unknown = |records| vec![Err(AppendError::OutcomeUnknown(why.to_owned())); records];
            topics.iter().map(|(_, records)| unknown(*records)).collect()
        };
        let acknowledged: Vec<Vec<_>> = match acknowledged {
            Ok(Ok(each)) => each,
            Ok(Err(_)) => unknown("the log's work was broken off"),
            Err(_) => unknown("no answer within the door's bound"),
        };
        log_failure(acknowledged.iter().flatten());
        acknowledged.into_iter().map(Vec::into_iter).collect()
    }
}

impl Inside {
    /// What a request holds while its records are appended.
    pub(crate) fn new(place: Place, body: Body, counted: Counted) -> Self {
        Self { _place: place, _bytes: body.into_reservation(), _counted: counted }
    }
}

/// One line for the whole request, however many of its records the log did not take.
fn log_failure<'a>(acknowledged: impl Iterator<Item = &'a Result<Position, AppendError>>) {
    let mut failed = acknowledged.filter_map(|one| one.as_ref().err());
    if let Some(first) = failed.next() {
        tracing::warn!(error = %first, events = 1 + failed.count(), "the log did not take every event");
    }
}

impl From<AppendError> for Problem {
    fn from(error: AppendError) -> Self {
        use AppendError as E;
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
pub(crate) struct Counted(IntGauge);

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
