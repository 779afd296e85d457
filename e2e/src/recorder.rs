//! Writers that go on while things break, and note what became of every event.
//!
//! Each writer has AI systems of its own, numbers the events of each, and has one request on its way at a time. What
//! was not acknowledged is sent again, the same bytes, until it is; but what was refused at every try with the word
//! that it was not kept is sometimes given up: such an event must never turn up.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use aibbar::Timestamp;
use serde_json::Value;
use tokio::{sync::watch, task::JoinSet, time::timeout};
use uuid::Uuid;

use crate::{Answer, Client, Journal, Organisation, Seed, WAIT_MAX, event};

const WRITERS: usize = 3;
const SYSTEMS_PER_WRITER: usize = 3;
const BATCH_EVENTS_MAX: usize = 12;
/// Before one in so many batches an AI system makes way for one that nobody has heard of.
const NEWCOMER_ONE_IN: usize = 20;
/// Of the batches that were refused for sure, one in so many is given up.
const GIVEN_UP_ONE_IN: usize = 4;
/// How long a writer waits for one answer; then the outcome is unknown, and it sends again.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(30);
const RETRY_AFTER: Duration = Duration::from_millis(20);
/// How many events more than were asked for may be acknowledged: so the load goes on while the next thing breaks, and
/// is bounded by events however long that takes.
const AHEAD_EVENTS: usize = 200;
/// The events tell a time that lies back by so much: a gateway whose clock was set back takes them too.
const TIMESTAMPS_BEHIND: Duration = Duration::from_secs(3 * 60 * 60);

/// Writers at work.
pub struct Recorder {
    stop: watch::Sender<bool>,
    allowance: watch::Sender<usize>,
    tally: watch::Receiver<Tally>,
    writers: JoinSet<Vec<Noted>>,
}

/// How it went so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Events that were sent at least once.
    pub sent: usize,
    /// Events that were acknowledged.
    pub acknowledged: usize,
    /// Events that were given up after a refusal.
    pub given_up: usize,
    /// Answers that said that nothing was kept.
    pub refused: usize,
    /// Of these, those that said that the gateway has more to do than it can.
    pub overloaded: usize,
    /// Requests without an answer, or whose answer was that the outcome is unknown.
    pub unknown: usize,
    /// Batches that were sent and are neither acknowledged nor given up yet.
    pub under_way: usize,
}

impl Tally {
    /// Requests that were not answered with an acknowledgement.
    pub fn failed(&self) -> usize {
        self.refused + self.unknown
    }
}

/// One event, and what became of it.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Whose it is.
    pub ai_id: Uuid,
    /// Its number among that one's.
    pub sequence: u64,
    /// As it was sent.
    pub event: Value,
    /// Under which id it was acknowledged; `None`: refused with the word that it was not kept, and given up.
    pub event_id: Option<String>,
}

/// What an answer says of a batch.
enum Said {
    Kept(Vec<String>),
    NotKept { is_overloaded: bool },
    Unknown,
}

impl Recorder {
    /// Starts writing; what is sent in which batches is from the seed.
    pub fn start(client: &Client, organisation: &Organisation, seed: &mut Seed) -> Recorder {
        let (stop, stopped) = watch::channel(false);
        let (allowance, allowed) = watch::channel(AHEAD_EVENTS);
        let (tally, seen) = watch::channel(Tally::default());
        let tally = Arc::new(tally);
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            let writer = Writer {
                client: client.clone(),
                organisation: organisation.clone(),
                seed: Seed::of(seed.any(), "writer"),
                numbers: (0..SYSTEMS_PER_WRITER).map(|_| (seed.uuid(), 0)).collect(),
                stopped: stopped.clone(),
                allowed: allowed.clone(),
                tally: tally.clone(),
            };
            writers.spawn(writer.write());
        }
        Recorder { stop, allowance, tally: seen, writers }
    }

    /// How it went so far.
    pub fn tally(&self) -> Tally {
        *self.tally.borrow()
    }

    /// Goes on until so many more are acknowledged.
    pub async fn more(&self, events: usize) {
        let wanted = self.tally().acknowledged + events;
        self.until(&format!("{events} more events acknowledged"), |tally| tally.acknowledged >= wanted).await;
    }

    /// Goes on until this holds of how it went.
    pub async fn until(&self, what: &str, mut holds: impl FnMut(&Tally) -> bool) {
        self.allowance.send_replace(usize::MAX);
        let mut tally = self.tally.clone();
        let waited = timeout(WAIT_MAX, tally.wait_for(|tally| holds(tally))).await;
        let came = waited.is_ok_and(|seen| seen.is_ok());
        assert!(came, "not within {WAIT_MAX:?}: {what}; {:?}", self.tally());
        self.allowance.send_replace(self.tally().acknowledged + AHEAD_EVENTS);
    }

    /// Goes on until this holds of anything else; a little at a time, so that waiting long is not sending much.
    pub async fn while_waiting<T>(&self, what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
        crate::eventually(what, async || {
            self.allowance.send_replace(self.tally().acknowledged + AHEAD_EVENTS);
            ask().await
        })
        .await
    }

    /// Begins nothing new until everything that was begun has an end; then goes on.
    pub async fn settle(&self) {
        self.allowance.send_replace(0);
        let mut tally = self.tally.clone();
        let settled = timeout(WAIT_MAX, tally.wait_for(|tally| tally.under_way == 0)).await;
        assert!(settled.is_ok_and(|seen| seen.is_ok()), "not settled within {WAIT_MAX:?}: {:?}", self.tally());
        self.allowance.send_replace(self.tally().acknowledged + AHEAD_EVENTS);
    }

    /// Begins nothing new, waits until everything that was begun has an end, and tells it all.
    pub async fn stop(mut self) -> Journal {
        let _ = self.stop.send(true);
        let mut all = Vec::new();
        while let Some(noted) = timeout(WAIT_MAX, self.writers.join_next())
            .await
            .unwrap_or_else(|_| panic!("not acknowledged within {WAIT_MAX:?}; {:?}", self.tally()))
        {
            all.extend(noted.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())));
        }
        Journal::new(all, self.tally())
    }
}

struct Writer {
    client: Client,
    organisation: Organisation,
    seed: Seed,
    /// The AI systems, and how many events each has sent.
    numbers: Vec<(Uuid, u64)>,
    stopped: watch::Receiver<bool>,
    allowed: watch::Receiver<usize>,
    tally: Arc<watch::Sender<Tally>>,
}

impl Writer {
    async fn write(mut self) -> Vec<Noted> {
        let mut all = Vec::new();
        while self.may_go_on().await {
            let batch = self.next_batch();
            self.tally.send_modify(|tally| {
                tally.sent += batch.len();
                tally.under_way += 1;
            });
            all.extend(self.send(batch).await);
            self.tally.send_modify(|tally| tally.under_way -= 1);
        }
        all
    }

    /// Waits while as many are acknowledged as may be; answers whether to go on at all.
    async fn may_go_on(&mut self) -> bool {
        loop {
            if *self.stopped.borrow() {
                return false;
            }
            if self.tally.borrow().acknowledged < *self.allowed.borrow_and_update() {
                return true;
            }
            tokio::select! {
                _ = self.stopped.changed() => {}
                _ = self.allowed.changed() => {}
            }
        }
    }

    /// Some events, each of any of the AI systems.
    fn next_batch(&mut self) -> Vec<Noted> {
        if self.seed.below(NEWCOMER_ONE_IN) == 0 {
            let leaving = self.seed.below(self.numbers.len());
            self.numbers[leaving] = (self.seed.uuid(), 0);
        }
        let length = 1 + self.seed.below(BATCH_EVENTS_MAX);
        (0..length).map(|_| self.next_event()).collect()
    }

    fn next_event(&mut self) -> Noted {
        let system = self.seed.below(self.numbers.len());
        let (ai_id, number) = &mut self.numbers[system];
        let (ai_id, sequence) = (*ai_id, *number);
        *number += 1;
        let text = "word ".repeat(self.seed.below(60));
        let event = event()
            .at(Timestamp::from(SystemTime::now() - TIMESTAMPS_BEHIND))
            .with("ai_id", ai_id.to_string())
            .with("sequence", sequence)
            .saying(text)
            .signed_by(&self.organisation);
        Noted { ai_id, sequence, event, event_id: None }
    }

    /// Sends until all of it is acknowledged, or given up.
    async fn send(&mut self, mut batch: Vec<Noted>) -> Vec<Noted> {
        let body = match batch.as_slice() {
            [one] => one.event.to_string(),
            many => Value::Array(many.iter().map(|noted| noted.event.clone()).collect()).to_string(),
        };
        let mut is_surely_not_kept = true;
        loop {
            let asked = self.client.try_post("application/json", None, body.clone().into_bytes());
            let said = match timeout(ANSWER_WAIT_MAX, asked).await {
                Ok(Ok(answer)) => said(&answer, batch.len()),
                Ok(Err(_)) | Err(_) => Said::Unknown,
            };
            match said {
                Said::Kept(ids) => {
                    batch.iter_mut().zip(ids).for_each(|(noted, id)| noted.event_id = Some(id));
                    self.tally.send_modify(|tally| tally.acknowledged += batch.len());
                    return batch;
                }
                Said::NotKept { is_overloaded } => {
                    let give_up = is_surely_not_kept && self.seed.below(GIVEN_UP_ONE_IN) == 0;
                    self.tally.send_modify(|tally| {
                        tally.refused += 1;
                        tally.overloaded += usize::from(is_overloaded);
                        tally.given_up += if give_up { batch.len() } else { 0 };
                    });
                    if give_up {
                        return batch;
                    }
                }
                Said::Unknown => {
                    is_surely_not_kept = false;
                    self.tally.send_modify(|tally| tally.unknown += 1);
                }
            }
            // As a recorder does: not at once.
            tokio::time::sleep(RETRY_AFTER).await;
        }
    }
}

/// Some kept and others not: the whole is sent again, so that the order within it stays.
fn said(answer: &Answer, events: usize) -> Said {
    match answer.status {
        202 if events == 1 => Said::Kept(vec![answer.body["event_id"].as_str().unwrap_or_default().to_owned()]),
        202 => Said::Kept(answer.accepted_ids()),
        207 => Said::Unknown,
        503 => {
            let retry_after =
                answer.headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
            assert!(retry_after.is_some(), "a 503 without Retry-After: {}", answer.body);
            let codes = answer.results().iter().map(|result| result["code"].as_str().unwrap_or_default());
            match codes.chain([answer.code()]).all(|code| ["log_unavailable", "overloaded"].contains(&code)) {
                true => Said::NotKept { is_overloaded: answer.code() == "overloaded" },
                false => Said::Unknown,
            }
        }
        status => panic!("{status}: {}", answer.body),
    }
}

/// The events by AI system and number.
pub(crate) fn by_number(noted: Vec<Noted>) -> BTreeMap<(Uuid, u64), Noted> {
    noted.into_iter().map(|one| ((one.ai_id, one.sequence), one)).collect()
}
