//! What both doors share, the one for events and the one for messages: who is let in, how a body is read, how records come
//! into the log, and what the sender is told.

mod admission;
mod answer;
mod body;
mod expand;
mod haste;
mod receiving;

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{HttpRequest, web};
use bus::{AppendError, EventLog, NewRecord, Position};
use futures_util::{FutureExt, future::join_all};
use prometheus::IntGauge;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) use self::{
    admission::Place,
    answer::{Answered, refusals},
    body::{Body, Form, media_type},
    haste::{HeldBack, Told},
};
use self::{
    admission::{Admission, Full},
    receiving::{Arriving, Receiving, ShareSpent},
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
    /// From when on no refusal is held back any more.
    draining: CancellationToken,
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
}

/// What is sent to a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    Events,
    Messages,
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
    /// How long the log's answer was waited for; `None` when it was asked nothing.
    pub(crate) log_wait: Option<Duration>,
}

impl Door {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        metrics: Arc<Metrics>,
        bytes: BytesBudget,
        draining: CancellationToken,
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
            metrics,
            bounds,
            draining,
        }
    }

    /// Whether there is room now: asked before the body is read. A refusal may be held back ([`Told`]).
    pub(crate) async fn begin(
        &self,
        caller: &Caller,
        request: &HttpRequest,
        payload: &mut web::Payload,
    ) -> Result<Begun, Problem> {
        match self.let_begin(caller) {
            Ok(begun) => Ok(begun),
            Err(problem) => {
                body::discard(request, payload).await;
                Err(self.hold_back(request, problem).await)
            }
        }
    }

    /// Holds a refusal until it is due, if it says when to come again ([`Told`]); what the request holds should be dropped
    /// before.
    pub(crate) async fn hold_back(&self, request: &HttpRequest, refusal: Problem) -> Problem {
        if let Some(seconds) = refusal.kind().retry_after_s() {
            haste::until_due(request, Duration::from_secs(seconds.into()), self.draining.cancelled()).await;
        }
        refusal
    }

    fn let_begin(&self, caller: &Caller) -> Result<Begun, Problem> {
        self.admission.look()?;
        let counted = Counted::new(&self.metrics.requests_in_flight);
        let arriving = self.receiving.begin(caller.api_key().map_or(Uuid::nil(), |found| found.key.id))?;
        Ok(Begun { counted, arriving })
    }

    /// Reads the body within its bounds. A refusal may be held back.
    pub(crate) async fn read(
        &self,
        begun: Begun,
        request: &HttpRequest,
        payload: web::Payload,
        form: Form,
    ) -> Result<(Body, Counted), Problem> {
        match body::read(request, payload, form, &self.bounds, self.bytes.reserve(), begun.arriving).await {
            Ok(body) => Ok((body, begun.counted)),
            Err(problem) => {
                drop(begun.counted);
                Err(self.hold_back(request, problem).await)
            }
        }
    }

    /// How long the log's answer is waited for.
    pub(crate) fn append_max_wait(&self) -> Duration {
        self.bounds.append_max_wait
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
    pub(crate) async fn append<T>(
        &self,
        sent: Sent,
        checked: Vec<Result<Ready<T>, Problem>>,
        inside: Inside,
    ) -> Appended<T> {
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
        let (mut acknowledged, log_wait) = match batches.is_empty() {
            true => (Vec::new(), None),
            false => {
                let (acknowledged, wait) = self.acknowledged(batches, inside, &topics).await;
                (acknowledged, Some(wait))
            }
        };
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
                    Err(sent.not_appended(error))
                }
            }
        });
        let outcomes = outcomes.collect();
        Appended { outcomes, missing, log_wait }
    }

    async fn acknowledged(
        &self,
        batches: Vec<(Arc<str>, Vec<NewRecord>)>,
        inside: Inside,
        topics: &[(Arc<str>, usize)],
    ) -> (Vec<std::vec::IntoIter<Result<Position, AppendError>>>, Duration) {
        let started = Instant::now();
        let mut appending = Box::pin(AssertUnwindSafe(append_all(self.log.clone(), batches, inside)).catch_unwind());
        let acknowledged = tokio::time::timeout(self.bounds.append_max_wait, &mut appending).await;
        let wait = started.elapsed();
        self.metrics.append_seconds.observe(wait.as_secs_f64());
        let unknown = |why: &str| {
            let unknown = |records| vec![Err(AppendError::OutcomeUnknown(why.to_owned())); records];
            topics.iter().map(|(_, records)| unknown(*records)).collect()
        };
        let acknowledged: Vec<Vec<_>> = match acknowledged {
            Ok(Ok(each)) => each,
            Ok(Err(_)) => unknown("the log's work was broken off"),
            Err(_) => {
                // Nobody waits for it any more; its place is held until it is done.
                tokio::spawn(appending);
                unknown("no answer within the door's bound")
            }
        };
        log_failure(acknowledged.iter().flatten());
        (acknowledged.into_iter().map(Vec::into_iter).collect(), wait)
    }
}

/// Appends to each topic, all at once, and gives the place back when the last of them has answered.
async fn append_all(
    log: Arc<dyn EventLog>,
    batches: Vec<(Arc<str>, Vec<NewRecord>)>,
    inside: Inside,
) -> Vec<Vec<Result<Position, AppendError>>> {
    let _inside = inside;
    let append = async |(topic, records): (Arc<str>, Vec<NewRecord>)| log.append(&topic, records).await;
    join_all(batches.into_iter().map(append)).await
}

impl Inside {
    /// What a request holds while its records are appended.
    pub(crate) fn new(place: Place, body: Body) -> Self {
        Self { _place: place, _bytes: body.into_reservation() }
    }
}

/// Works on a request whose body was read to its end, also when its sender hangs up meanwhile: what the log took is
/// counted and remembered, and what it did not take is given back. As long as the request is counted, a gateway that stops
/// waits for it.
pub(crate) async fn to_its_end<T: Send + 'static>(
    counted: Counted,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Problem> {
    // Boxed, since a task moves what it runs when it begins and when it ends: that is kilobytes of a request's work.
    let working = tokio::spawn(Box::pin(async move {
        let done = work.await;
        drop(counted);
        done
    }));
    working.await.map_err(Problem::internal)
}

/// One line for the whole request, however many of its records the log did not take.
fn log_failure<'a>(acknowledged: impl Iterator<Item = &'a Result<Position, AppendError>>) {
    let mut failed = acknowledged.filter_map(|one| one.as_ref().err());
    if let Some(first) = failed.next() {
        tracing::warn!(error = %first, records = 1 + failed.count(), "the log did not take every record");
    }
}

impl Sent {
    /// What several of them are called.
    fn many(self) -> &'static str {
        match self {
            Sent::Events => "events",
            Sent::Messages => "messages",
        }
    }

    /// What the sender is told of one that the log did not acknowledge.
    fn not_appended(self, error: AppendError) -> Problem {
        use AppendError as E;
        match (error, self) {
            (E::QueueFull, _) => Problem::overloaded(),
            (E::Unavailable(_) | E::Closed | E::NoSuchTopic(_) | E::Refused(_), _) => {
                Problem::new(Kind::LogUnavailable, "The log takes nothing now, and nothing was kept. Send it again.")
            }
            (E::OutcomeUnknown(_), Sent::Events) => Problem::new(
                Kind::OutcomeUnknown,
                "The log did not answer in time; the event may be kept. Send the same event again: it is stored once.",
            ),
            (E::OutcomeUnknown(_), Sent::Messages) => Problem::new(
                Kind::OutcomeUnknown,
                "The log did not answer in time; the message may be kept. Sent again, it may come twice: with the same \
                 `message_id` where the request has an `Idempotency-Key`.",
            ),
            (E::TooLarge, Sent::Events) => {
                Problem::new(Kind::Event(aibbar::Code::EventTooLarge), "The event is larger than the log takes.")
            }
            (E::TooLarge, Sent::Messages) => {
                Problem::new(Kind::MessageTooLarge, "The message is larger than the log takes.")
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
