//! One round: a load, and all that is measured of it.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    check::{Sought, check},
    connection::{NoAnswer, Target},
    corpus::Corpus,
    durations::Durations,
    event_id::EventIds,
    live::{Arrival, Readers},
    machine::Quiet,
    processes::Watched,
    queries::Asking,
    result::{Latency, Round},
    schedule::{Pace, Schedule},
    sender::Sender,
    sending::{self, Sent},
    stock::{Making, Stock},
    usage::in_q,
    yardstick::Yardstick,
};

/// Clocks of machines differ; events of another run are told by their ids.
const EARLIER: Duration = Duration::from_secs(2);

/// What to send, and how.
#[derive(Clone, Debug)]
pub struct Load {
    /// To whom.
    pub target: Target,
    /// As whom: at least one.
    pub senders: Arc<[Sender]>,
    /// What.
    pub corpus: Arc<Corpus>,
    /// How fast, in requests.
    pub pace: Pace,
    /// Over how many connections.
    pub connections: usize,
    /// Events in each request.
    pub batch: usize,
    /// What is sent in this time, at first, is not counted.
    pub warm_up: Duration,
    /// For how long what is sent is counted.
    pub length: Duration,
    /// The end, when it comes earlier: after so many events, the warm-up's among them.
    pub events_max: Option<u64>,
    /// Whether a connection that was told when to come again waits until then.
    pub heeds_retry_after: bool,
    /// Live readers meanwhile.
    pub readers: usize,
    /// Whether questions are asked meanwhile.
    pub queries: bool,
    /// Processes under test.
    pub watched: Vec<Watched>,
    /// Whether those are all that is under test on this machine.
    pub watches_all: bool,
    /// Whether what was acknowledged is held against the log and the store.
    pub check: bool,
}

/// What a round could not be.
#[derive(Debug, thiserror::Error)]
pub enum NoRound {
    /// The gateway.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// This machine.
    #[error("the generator can't run here: {0}")]
    Machine(#[from] std::io::Error),
}

impl Load {
    /// Sends it all, waits for every answer, and tells what came of it. Takes this thread as long as it lasts.
    pub fn run(&self) -> Result<Round, NoRound> {
        let ids = EventIds::new(run_number());
        let from = rfc3339(SystemTime::now() - EARLIER);
        let yardstick = Yardstick::take();
        let schedule = match self.pace {
            Pace::PerSecond(rate) => {
                let most = self.events_max.map(|events| events.div_ceil(self.batch as u64));
                Some(Schedule::new(rate, self.warm_up + self.length, most))
            }
            Pace::Max => None,
        };
        let requests = schedule.map(|schedule| schedule.requests());
        let making = Making {
            corpus: self.corpus.clone(),
            senders: self.senders.clone(),
            ids,
            batch: self.batch,
            requests: requests.or(self.events_max.map(|events| events.div_ceil(self.batch as u64))),
        };
        let stock = Stock::fill(making);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let readers = match self.readers {
            0 => None,
            count => Some(Readers::open(&self.target, &self.senders[0], ids, count)?),
        };
        let asking = self.queries.then(|| Asking::begin(&self.target, self.senders.clone(), from.clone()));
        let quiet = Quiet::begin(self.all_watched(), self.watches_all);
        let sent = tokio::task::LocalSet::new().block_on(&runtime, sending::send(self, schedule, stock))?;
        let disturbance = quiet.end();
        let queries_us = asking.map(Asking::end).unwrap_or_default();
        let after = Yardstick::take();
        let q_us = yardstick.q_us.min(after.q_us);

        let mut round = self.round(&sent, schedule);
        round.q_us = q_us;
        round.check_us = yardstick.check_us.min(after.check_us);
        round.processes = in_q(sent.processes.clone(), q_us);
        round.disturbance = disturbance;
        round.queries_us = queries_us;
        if let Some(readers) = readers {
            let wanted = sent.tally.acknowledged_ever.count() * self.readers as u64;
            let before = readers.deliveries();
            let (deliveries, arrivals) = readers.close(wanted);
            round.deliveries = deliveries;
            round.deliveries_after = deliveries - before;
            round.live_us = Some(live(&sent, &arrivals));
        }
        if self.check {
            let sought = Sought {
                target: &self.target,
                senders: &self.senders,
                ids,
                acknowledged: &sent.tally.acknowledged_ever,
                from: &from,
            };
            round.kept = Some(runtime.block_on(check(&sought))?);
        }
        Ok(round)
    }

    /// The processes under test, then this one.
    pub(crate) fn all_watched(&self) -> Vec<Watched> {
        self.watched.iter().cloned().chain([Watched::generator()]).collect()
    }

    fn round(&self, sent: &Sent, schedule: Option<Schedule>) -> Round {
        let tally = &sent.tally;
        let seconds = tally.last_answer.saturating_sub(self.warm_up).as_secs_f64();
        Round {
            wanted_rate: schedule.map(|_| match self.pace {
                Pace::PerSecond(rate) => rate,
                Pace::Max => 0.0,
            }),
            connections: self.connections,
            batch: self.batch,
            keys: self.senders.len(),
            readers: self.readers,
            seconds,
            events_sent: tally.events_sent,
            bytes_sent: tally.bytes_sent,
            acknowledged: tally.acknowledged,
            rate_per_s: if seconds > 0.0 { tally.acknowledged as f64 / seconds } else { 0.0 },
            refused: tally.refused.clone(),
            told_to_retry: tally.told_to_retry,
            not_sent: sent.not_sent,
            signed_ahead: sent.was_ahead,
            latency_us: tally.latency.told(),
            acknowledged_latency_us: tally.acknowledged_latency.told(),
            answer_us: tally.answer.told(),
            acknowledged_answer_us: tally.acknowledged_answer.told(),
            added_us: tally.added.told(),
            timeline: tally.timeline.clone(),
            ..Round::default()
        }
    }
}

/// From each acknowledgement to each reader that notes; what came before its sender had read the acknowledgement took no
/// time at all.
fn live(sent: &Sent, arrivals: &[Arrival]) -> Latency {
    let mut took = Durations::default();
    for arrival in arrivals {
        if let Some(moment) = sent.tally.moment(arrival.number)
            && moment >= sent.tally.counts_from
        {
            took.record(arrival.at.saturating_duration_since(sent.began + moment));
        }
    }
    took.told()
}

/// Tells this run's events from those of every other.
fn run_number() -> u64 {
    let (high, low) = uuid::Uuid::new_v4().as_u64_pair();
    high ^ low
}

fn rfc3339(time: SystemTime) -> String {
    // The years of RFC 3339 are those that a clock shows.
    OffsetDateTime::from(time)
        .replace_nanosecond(0)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .format(&Rfc3339)
        .unwrap_or_default()
}
