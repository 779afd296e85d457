//! A real log that can be told to fail as Kafka does.
//!
//! What it takes of a batch is a prefix, as of a partition's queue; what it acknowledges is a prefix of
//! what it took; and what was under way when nobody waited any longer may arrive late.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bus::{AppendError, EventLog, LogError, NewRecord, Position, local::LocalLog};

/// What becomes of appends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Fine,
    /// Nothing is taken, and nothing answers.
    Away,
    /// It answers, but takes nothing.
    Deaf,
    /// Takes of each batch a part, acknowledges part of that, and loses the rest of the answers.
    Cut,
    /// As `Cut`, and what it took arrives only later.
    Late,
    /// Each append now and then as by one of the others.
    Changing,
}

pub(crate) struct Faulty {
    pub(crate) log: Arc<LocalLog>,
    weather: Mutex<Weather>,
    /// Decides what is cut where.
    dice: AtomicU64,
    /// Records of at least so many bytes are refused for good, by a log whose own bound is lower than ours.
    pub(crate) record_bytes_max: AtomicU64,
}

impl Faulty {
    pub(crate) fn new(log: LocalLog) -> Self {
        Self {
            log: Arc::new(log),
            weather: Mutex::new(Weather::Fine),
            dice: AtomicU64::new(1),
            record_bytes_max: AtomicU64::new(u64::MAX),
        }
    }

    pub(crate) fn set(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
    }

    pub(crate) fn seed(&self, seed: u64) {
        self.dice.store(seed | 1, Ordering::Release);
    }

    /// A number below this one (xorshift; good enough to cut batches by).
    fn roll(&self, below: usize) -> usize {
        let next = |mut x: u64| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^ (x << 17)
        };
        let rolled = self.dice.fetch_update(Ordering::AcqRel, Ordering::Acquire, |x| Some(next(x))).unwrap();
        (next(rolled) >> 11) as usize % below.max(1)
    }

    fn weather(&self) -> Weather {
        let now = *self.weather.lock().unwrap();
        if now != Weather::Changing {
            return now;
        }
        [Weather::Fine, Weather::Fine, Weather::Away, Weather::Deaf, Weather::Cut, Weather::Late][self.roll(6)]
    }

    async fn cut(
        &self,
        topic: &str,
        records: Vec<NewRecord>,
        arrives_late: bool,
    ) -> Vec<Result<Position, AppendError>> {
        let count = records.len();
        let taken = self.roll(count + 1);
        let answered = if arrives_late { 0 } else { self.roll(taken + 1) };
        let taken: Vec<_> = records.into_iter().take(taken).collect();
        let (log, name) = (self.log.clone(), topic.to_owned());
        let mut outcomes = if arrives_late {
            let later = Duration::from_millis(self.roll(30) as u64);
            tokio::spawn(async move {
                tokio::time::sleep(later).await;
                log.append(&name, taken).await;
            });
            Vec::new()
        } else {
            log.append(&name, taken).await
        };
        outcomes.truncate(answered);
        outcomes.resize(count, Err(AppendError::OutcomeUnknown("the answer was lost".to_owned())));
        outcomes
    }
}

#[async_trait]
impl bus::LogLayer for Faulty {
    fn behind(&self) -> &dyn EventLog {
        &*self.log
    }

    async fn append(&self, topic: &str, records: Vec<NewRecord>) -> Vec<Result<Position, AppendError>> {
        let bound = self.record_bytes_max.load(Ordering::Acquire);
        if let Some(place) = records.iter().position(|record| record.size_bytes() as u64 >= bound) {
            // As a broker does with a request that holds one too large: what came before it is taken.
            let count = records.len();
            let mut outcomes = self.log.append(topic, records.into_iter().take(place).collect()).await;
            outcomes.resize(count, Err(AppendError::TooLarge));
            return outcomes;
        }
        match self.weather() {
            Weather::Fine | Weather::Changing => self.log.append(topic, records).await,
            Weather::Away | Weather::Deaf => {
                tokio::task::yield_now().await;
                vec![Err(AppendError::Unavailable("the weather is bad".to_owned())); records.len()]
            }
            Weather::Cut => self.cut(topic, records, false).await,
            Weather::Late => self.cut(topic, records, true).await,
        }
    }

    async fn check(&self) -> Result<(), LogError> {
        match self.weather() {
            Weather::Away => Err(LogError::Unavailable("the weather is bad".to_owned())),
            _ => self.log.check().await,
        }
    }

    async fn close(&self, _: Duration) {
        // The log outlives the spools in front of it.
    }
}
