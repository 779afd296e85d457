//! The system under test, as the scenarios take it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use e2e::{Organisation, Services, Shape, Surroundings, System};
use load_tests::{Corpus, Load, Pace, Sender, Target, Watched, corpus, keys};
use url::Url;

use crate::scrape::{Histogram, Metrics};

/// A consumer that has not caught up by then will not.
const IDLE_WAIT_MAX: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A system, and what is sent to it.
pub(crate) struct Rig {
    pub(crate) system: System,
    pub(crate) organisation: Organisation,
    corpus: Arc<Corpus>,
}

impl Rig {
    pub(crate) fn start(shape: Shape) -> Rig {
        let services = match shape {
            Shape::Embedded => None,
            Shape::AtScale => Some(Services::start_for_load()),
        };

        let system = System::start_in(shape, Surroundings { services, consumers: 1, ..Surroundings::default() });
        let organisation = system.organisation();
        Rig { system, organisation, corpus: Arc::new(Corpus::mixed(1, corpus::EVENTS)) }
    }

    pub(crate) fn shape(&self) -> Shape {
        self.system.shape
    }

    /// A load by so many AI systems, each with a signing key of its own.
    pub(crate) fn load(&self, keys: usize) -> Result<Load, String> {
        let first = sender(&self.organisation, 0);
        let senders: Arc<[Sender]> = match keys {
            1 => Arc::new([first]),
            keys => block_on(keys::make(&self.target()?, &first, keys))?,
        };
        self.load_of(senders)
    }

    pub(crate) fn load_of(&self, senders: Arc<[Sender]>) -> Result<Load, String> {
        Ok(Load {
            target: self.target()?,
            senders,
            corpus: self.corpus.clone(),
            pace: Pace::Max,
            connections: 64,
            batch: 1,
            warm_up: Duration::from_secs(2),
            length: Duration::from_secs(6),
            events_max: None,
            readers: 0,
            queries: false,
            watched: self.watched(),
            watches_all: true,
            check: true,
        })
    }

    pub(crate) fn target(&self) -> Result<Target, String> {
        let url = Url::parse(&self.system.url).map_err(|error| error.to_string())?;
        Target::new(&url).map_err(|error| error.to_string())
    }

    /// Every process of it that runs.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        let services = self.system.services.as_ref();
        let all = [
            ("gateway", self.system.gateway.process_id()),
            ("consumer", self.system.consumers.first().and_then(e2e::Gapin::process_id)),
            ("kafka", services.and_then(|services| services.kafka.process_id())),
            ("postgres", services.and_then(|services| services.postgres.process_id())),
            ("redis", services.and_then(|services| services.redis.process_id())),
        ];
        let running = all.into_iter().filter_map(|(name, pid)| Some((name, pid?)));
        running.map(|(name, pid)| Watched { name: name.to_owned(), pid }).collect()
    }

    /// Waits until everything that is in the log is in the store, so that the next scenario begins with nothing to do.
    pub(crate) fn idle(&self) -> Result<(), String> {
        let began = Instant::now();
        while self.lag()? > 0.0 {
            if began.elapsed() > IDLE_WAIT_MAX {
                return Err("the consumer does not catch up".to_owned());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    fn lag(&self) -> Result<f64, String> {
        Ok(self.metrics()?.iter().map(|metrics| metrics.sum("gapin_consumer_lag_records")).sum())
    }

    /// How long the log took to acknowledge, so far.
    pub(crate) fn appends(&self) -> Histogram {
        let metrics = self.metrics().unwrap_or_default();
        metrics.first().map(|gateway| gateway.histogram("gapin_log_append_duration_seconds")).unwrap_or_default()
    }

    /// Of each process, the gateway's first.
    pub(crate) fn metrics(&self) -> Result<Vec<Metrics>, String> {
        self.system.metrics_urls().map(|url| Metrics::scrape(&url)).collect()
    }
}

/// An organisation's AI system.
pub(crate) fn sender(organisation: &Organisation, number: usize) -> Sender {
    Sender {
        organisation: number,
        api_key: organisation.api_key.clone(),
        key_id: Some(organisation.key_id.clone()),
        secret: organisation.secret.clone(),
        ai_id: organisation.ai_id,
    }
}

fn block_on<T>(future: impl Future<Output = Result<T, load_tests::NoAnswer>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(future).map_err(|error| error.to_string())
}
