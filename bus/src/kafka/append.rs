//! The one producer of the process.
//!
//! What was appended to one partition at about the same time goes together ([`super::lanes`]), and is handed over whole
//! before the first acknowledgement is awaited, so that it travels in one request. Idempotence keeps order and doubles
//! out over librdkafka's own retries. Once its queue is full nothing further of a turn is handed over: what was taken is
//! a prefix, and a key's order holds.
//!
//! **The bounded wait.** librdkafka's own time-out is per record, and so not fit to bound an append: the
//! first record of a batch may run out of time in the queue, and the second, handed over a moment later,
//! be sent when the broker comes back. So librdkafka is given much longer, and an append that waited
//! its time *retires* the producer: a fresh one takes what comes after, and everything that waits in
//! the old one, of whatever append, is purged at once, and what waits for its turn is given up. librdkafka sends each
//! partition in order, so what the old producer got through is a prefix of what it was given. A purged record may be in
//! the log: it may have been sent, lost its connection, and waited to be sent again.

use std::{fmt, sync::Arc, time::Duration};

use futures_util::FutureExt;
use parking_lot::RwLock;
use rdkafka::{
    config::FromClientConfigAndContext,
    message::{Header, OwnedHeaders},
    producer::{BaseRecord, Producer as _, PurgeConfig, ThreadedProducer},
};
use tokio::{
    runtime::Handle,
    time::{Instant, timeout, timeout_at},
};

use super::{
    context::Context,
    delivery::{Deliveries, Receipt},
    failure::{append_error, log_error},
    lanes::{Driver, Job, Joined, Lanes, Load, Outcomes},
    settings::KafkaSettings,
    trial::CHECK_TOPIC,
};
use crate::{AppendError, LogError, NewRecord, Position};

/// How long a check may take.
const CHECK_MAX_WAIT: Duration = Duration::from_secs(1);

/// How long the producer may take to learn of a topic; then it does so by itself.
const LEARN_MAX_WAIT: Duration = Duration::from_secs(1);

/// How long a record may take to be given up once its producer was retired.
const PURGE_MAX_WAIT: Duration = Duration::from_secs(2);

/// How long after a purge an outcome may take to come to whoever waits for it.
const ANSWER_MAX_WAIT: Duration = Duration::from_millis(500);

/// A turn is begun only with what has more than one part in so many of its time left.
const BEGUN_WITHIN: u32 = 4;

pub(super) struct Appender {
    settings: KafkaSettings,
    context: Context,
    current: RwLock<Generation>,
    lanes: Arc<Lanes>,
    /// Where lanes are driven: where the log was made, since an append may be made on a worker that ends before others
    /// whose records went with it. `None`: made outside of any, and then where the append is made.
    runtime: Option<Handle>,
}

/// One producer among those that followed each other.
struct Generation {
    number: u64,
    producer: Arc<ThreadedProducer<Context>>,
}

/// Why a producer is retired.
#[derive(Clone, Debug)]
enum Cause {
    /// It can never send again, and says why.
    Failed(String),
    /// It did not send a record in time.
    Late,
}

impl Appender {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, LogError> {
        let context = Context::default();
        let current = RwLock::new(Generation { number: 0, producer: producer(settings, &context)? });
        let lanes = Arc::new(Lanes::new(Load {
            records: settings.queue_records_max as usize,
            bytes: settings.queue_kib_max as usize * 1024,
        }));
        Ok(Self { settings: settings.clone(), context, current, lanes, runtime: Handle::try_current().ok() })
    }

    pub(super) async fn append(self: &Arc<Self>, topic: &str, records: Vec<NewRecord>) -> Outcomes {
        let (count, deadline) = (records.len(), self.deadline());
        let Joined { drivers, parts, is_of_new_topic } = match self.lanes.join(topic, records, deadline) {
            Ok(joined) => joined,
            Err(error) => return vec![Err(error); count],
        };
        drivers.into_iter().for_each(|driver| self.set_off(driver));
        if is_of_new_topic {
            let (appender, topic) = (self.clone(), topic.to_owned());
            self.spawn(async move {
                appender.learn(&topic).await;
            });
        }
        let unknown = |why: &str| Err(AppendError::OutcomeUnknown(why.to_owned()));
        let mut outcomes = vec![unknown("the log's work was broken off"); count];
        // Whoever drives the lane may be held up by what went before; nobody waits for it longer than for a purge.
        let until = deadline + PURGE_MAX_WAIT + ANSWER_MAX_WAIT;
        for part in parts {
            match timeout_at(until, part.answered).await {
                Ok(answered) => {
                    for (place, outcome) in part.places.into_iter().zip(answered.unwrap_or_default()) {
                        outcomes[place] = outcome;
                    }
                }
                Err(_) => part.places.into_iter().for_each(|place| outcomes[place] = unknown("no answer came in time")),
            }
        }
        outcomes
    }

    /// Hands the first turn over here, since that waits for nothing, and leaves the rest to the runtime: a thread that has to
    /// be woken for it first is a part of what a lone event waits for.
    fn set_off(self: &Arc<Self>, driver: Driver) {
        let mut driving = Box::pin(self.clone().drive(driver));
        // Its timers are of the runtime in which it goes on.
        let _entered = self.runtime.as_ref().map(Handle::enter);
        if driving.as_mut().now_or_never().is_none() {
            self.spawn(driving);
        }
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        match &self.runtime {
            Some(runtime) => runtime.spawn(work),
            None => tokio::spawn(work),
        };
    }

    /// Until when an append that begins now is waited for.
    fn deadline(&self) -> Instant {
        Instant::now() + self.settings.message_timeout
    }

    /// Has the producer ask the brokers what the topic is like now; whether it is there.
    pub(super) async fn learn(self: &Arc<Self>, topic: &str) -> bool {
        let (appender, topic) = (self.clone(), topic.to_owned());
        let asked = tokio::task::spawn_blocking(move || {
            let producer = appender.current.read().producer.clone();
            let metadata = producer.client().fetch_metadata(Some(&topic), LEARN_MAX_WAIT).ok()?;
            let found = metadata.topics().iter().find(|found| found.name() == topic)?;
            let partitions = u32::try_from(found.partitions().len()).ok()?;
            let is_there = found.error().is_none() && partitions > 0;
            if is_there {
                appender.lanes.learned(&topic, partitions);
            }
            Some(is_there)
        });
        asked.await.ok().flatten().unwrap_or(false)
    }

    /// Takes what waits in a lane, turn by turn, until nothing does.
    async fn drive(self: Arc<Self>, mut driver: Driver) {
        while let Some(mut turn) = driver.next_turn() {
            turn.retain(Job::is_awaited);
            // What has little time left is not begun with: it would retire the producer, for a wait that was not its fault.
            let latest = Instant::now() + self.settings.message_timeout / BEGUN_WITHIN;
            for late in turn.extract_if(.., |job| job.deadline <= latest) {
                late.refuse(&AppendError::Unavailable("its turn did not come in time".to_owned()));
            }
            let mut outcomes = self.append_turn(driver.topic(), &turn).await;
            // A topic that was deleted and made again is unknown to a producer until it asks: nothing was sent yet.
            if is_unknown_topic(&outcomes) && self.learn(driver.topic()).await {
                turn.retain(Job::is_awaited);
                turn.iter_mut().for_each(|job| job.deadline = self.deadline());
                outcomes = self.append_turn(driver.topic(), &turn).await;
            }
            let places = outcomes.iter().flatten().filter(|position| **position != Position::UNKNOWN);
            driver.done(places.map(|position| position.partition).max());
            let mut outcomes = outcomes.into_iter();
            for job in turn {
                let of_job = outcomes.by_ref().take(job.records.len()).collect();
                job.answer(of_job);
            }
        }
    }

    /// Hands a turn over and awaits it, until the time of the first is over.
    async fn append_turn(self: &Arc<Self>, topic: &str, turn: &[Job]) -> Outcomes {
        let Some(deadline) = turn.iter().map(|job| job.deadline).min() else { return Outcomes::new() };
        let deliveries = Deliveries::new(turn.iter().map(|job| job.records.len()).sum());
        let generation = self.hand_over_all(topic, turn, &deliveries).await;
        if timeout_at(deadline, deliveries.complete()).await.is_err() {
            self.retire(generation, Cause::Late).await;
            // What was purged is told of one by one, like everything else.
            let _ = timeout(PURGE_MAX_WAIT, deliveries.complete()).await;
        }
        let unknown = || AppendError::OutcomeUnknown("no acknowledgement came in time".to_owned());
        deliveries.take().into_iter().map(|outcome| outcome.unwrap_or_else(|| Err(unknown()))).collect()
    }

    /// Hands over what the producer has room for; answers which producer it was.
    async fn hand_over_all(self: &Arc<Self>, topic: &str, turn: &[Job], deliveries: &Arc<Deliveries>) -> u64 {
        // librdkafka calls a producer that can never send again fatal.
        let failed_for_good = {
            let current = self.current.read();
            current.producer.client().fatal_error().map(|(code, reason)| (current.number, format!("{code}: {reason}")))
        };
        if let Some((generation, reason)) = failed_for_good {
            self.retire(generation, Cause::Failed(reason)).await;
        }
        // Held meanwhile, so that nothing is given to a producer that was retired.
        let current = self.current.read();
        let mut is_full = false;
        for (place, record) in turn.iter().flat_map(|job| &job.records).enumerate() {
            let handed_over = match is_full {
                true => Err(AppendError::QueueFull),
                false => self.hand_over(&current.producer, topic, record, deliveries.receipt(place)),
            };
            if let Err(error) = handed_over {
                is_full |= error == AppendError::QueueFull;
                deliveries.refused(place, error);
            }
        }
        deliveries.handed_over();
        current.number
    }

    fn hand_over(
        &self,
        producer: &ThreadedProducer<Context>,
        topic: &str,
        record: &NewRecord,
        receipt: Box<Receipt>,
    ) -> Result<(), AppendError> {
        if record.size_bytes() > self.settings.record_bytes_max {
            return Err(AppendError::TooLarge);
        }
        let headers = OwnedHeaders::new_with_capacity(record.headers.len());
        let headers = record
            .headers
            .iter()
            .fold(headers, |headers, (key, value)| headers.insert(Header { key, value: Some(value.as_ref()) }));
        // What is empty here is nothing at all there: no key leaves the partition open, no payload is a tombstone.
        let message = BaseRecord {
            key: (!record.key.is_empty()).then_some(record.key.as_ref()),
            payload: (!record.payload.is_empty()).then_some(record.payload.as_ref()),
            ..BaseRecord::<[u8], [u8], _>::with_opaque_to(topic, receipt).headers(headers)
        };
        producer.send(message).map_err(|(error, _)| append_error(&error, topic))
    }

    /// A fresh producer takes the place of this one, and what waits in this one is given up. Once only:
    /// whoever comes second finds it done, or being done.
    async fn retire(self: &Arc<Self>, generation: u64, cause: Cause) {
        let appender = self.clone();
        // Making and ending producers blocks. Spawned, so that it is done to its end whatever becomes of who asked for it.
        let retired = tokio::task::spawn_blocking(move || appender.retire_now(generation, &cause));
        let _ = retired.await;
    }

    fn retire_now(&self, generation: u64, cause: &Cause) {
        if self.current.read().number != generation {
            return;
        }
        let fresh = match producer(&self.settings, &self.context) {
            Ok(fresh) => fresh,
            Err(error) => {
                tracing::error!(%error, "no fresh producer could be made");
                self.give_up_waiting(cause);
                let current = self.current.read().producer.clone();
                give_up_all(&current);
                return;
            }
        };
        let retired = {
            let mut current = self.current.write();
            if current.number != generation {
                return;
            }
            current.number += 1;
            std::mem::replace(&mut current.producer, fresh)
        };
        tracing::warn!(%cause, generation, "the producer is retired, and what waits in it is given up");
        self.give_up_waiting(cause);
        give_up_all(&retired);
        // Every waiter is told by its own thread, which ends with it; that takes its time.
        std::thread::spawn(move || drop(retired));
    }

    /// What waits behind something late is given up before that is, which frees the lanes: each turn would go to the fresh
    /// producer for what is left of its time, and retire that.
    fn give_up_waiting(&self, cause: &Cause) {
        if let Cause::Late = cause {
            self.lanes.give_up_waiting(&AppendError::Unavailable(cause.to_string()));
        }
    }

    /// Asks a broker for an answer, about a topic that need not be there: that is cheap however many there are; blocks. By the producer, since its errors tell bad credentials soonest.
    pub(super) fn check(&self) -> Result<(), LogError> {
        let producer = self.current.read().producer.clone();
        match producer.client().fetch_metadata(Some(CHECK_TOPIC), CHECK_MAX_WAIT) {
            Ok(_) => Ok(()),
            Err(error) => match (log_error(&error, CHECK_TOPIC), self.context.last_error()) {
                (LogError::Unavailable(text), Some(reason)) => Err(LogError::Unavailable(format!("{text}: {reason}"))),
                (error, _) => Err(error),
            },
        }
    }

    /// Waits until nothing waits or is under way, at most this long.
    pub(super) async fn flush(self: &Arc<Self>, wait_max: Duration) {
        let until = Instant::now() + wait_max;
        if timeout_at(until, self.lanes.idle()).await.is_err() {
            tracing::warn!("not everything had its turn before the producer closed");
            self.lanes.give_up_waiting(&AppendError::Closed);
        }
        let producer = self.current.read().producer.clone();
        let left = until.saturating_duration_since(Instant::now());
        let flushed = tokio::task::spawn_blocking(move || producer.flush(left)).await;
        if let Ok(Err(error)) = flushed {
            tracing::warn!(%error, "not everything was acknowledged before the producer closed");
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Failed(reason) => f.write_str(reason),
            Cause::Late => f.write_str("a record was not acknowledged in time"),
        }
    }
}

/// Whether nothing was sent since the topic is not known, of any record that could be sent.
fn is_unknown_topic(outcomes: &[Result<Position, AppendError>]) -> bool {
    let is_unknown = |outcome: &Result<_, _>| matches!(outcome, Err(AppendError::NoSuchTopic(_)));
    let is_unsent = |outcome: &Result<_, _>| is_unknown(outcome) || matches!(outcome, Err(AppendError::TooLarge));
    outcomes.iter().any(is_unknown) && outcomes.iter().all(is_unsent)
}

fn give_up_all(producer: &ThreadedProducer<Context>) {
    producer.purge(PurgeConfig::default().queue().inflight());
}

fn producer(settings: &KafkaSettings, context: &Context) -> Result<Arc<ThreadedProducer<Context>>, LogError> {
    let producer = ThreadedProducer::from_config_and_context(&settings.producer(), context.clone());
    producer.map(Arc::new).map_err(|error| log_error(&error, ""))
}
