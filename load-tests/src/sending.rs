//! Sends: open loop, over many connections, on one thread.
//!
//! A thread of its own says when the schedule wants a request, since a runtime's timers are too coarse for that; whichever
//! connection is free takes it. When none is, it waits, and that wait is part of its time. The connections are tasks of
//! one thread: with the gateway on the same machine every further thread would be taken from it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::header::HeaderValue;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    connection::{Answer, Connection, NoAnswer, bearer},
    load::Load,
    processes::Watch,
    result::Process,
    schedule::Schedule,
    stock::{Prepared, Stock},
    tally::{Ended, Tally},
};

const EVENTS_PATH: &str = "/aibbar/events";
/// A stock that is empty for a moment is looked at again after this.
const STOCK_PAUSE: Duration = Duration::from_micros(200);
/// A connection that broke is opened again, so often at most in a row.
const REOPENED_MAX: u32 = 50;
const REOPEN_PAUSE: Duration = Duration::from_millis(20);
/// No refusal is heeded for longer.
const RETRY_WAIT_MAX: Duration = Duration::from_secs(5);
/// How long the last answers may take.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(60);
/// And what is still to be done when all have ended by themselves.
const CLOSING: Duration = Duration::from_secs(5);
/// Where every connection has a request that is due already, none is sent sooner for being told of more at once.
const BEHIND_STEP: Duration = Duration::from_millis(1);
/// The thread that says when never sleeps longer, so that it ends when nobody listens.
const SLEEP_MAX: Duration = Duration::from_millis(50);

/// What was sent.
pub(crate) struct Sent {
    pub(crate) tally: Tally,
    pub(crate) began: Instant,
    pub(crate) not_sent: u64,
    pub(crate) was_ahead: bool,
    /// What the processes took, from the end of the warm-up to the last answer.
    pub(crate) processes: Vec<Process>,
}

struct Shared {
    stock: Stock,
    bearers: Vec<HeaderValue>,
    schedule: Option<Schedule>,
    /// One permit for each request that is wanted by now.
    wanted: Arc<Semaphore>,
    taken: Cell<u64>,
    began: Instant,
    end: Duration,
    tally: RefCell<Tally>,
}

pub(crate) async fn send(load: &Load, schedule: Option<Schedule>, stock: Stock) -> Result<Sent, NoAnswer> {
    let mut connections = Vec::with_capacity(load.connections);
    for _ in 0..load.connections {
        connections.push(Connection::open(&load.target).await?);
    }
    let tally = Tally { counts_from: load.warm_up, is_watched_live: load.readers > 0, ..Tally::default() };
    let shared = Rc::new(Shared {
        stock,
        bearers: load.senders.iter().map(|sender| bearer(&sender.api_key)).collect(),
        schedule,
        wanted: Arc::new(Semaphore::new(0)),
        taken: Cell::new(0),
        began: Instant::now(),
        end: load.warm_up + load.length,
        tally: RefCell::new(tally),
    });
    let caller = schedule.map(|schedule| {
        let (wanted, began, connections) = (shared.wanted.clone(), shared.began, load.connections);
        std::thread::spawn(move || call(schedule, &wanted, began, connections))
    });
    let mut senders = JoinSet::new();
    for connection in connections {
        senders.spawn_local(send_on(shared.clone(), load.clone(), connection));
    }
    tokio::time::sleep_until((shared.began + load.warm_up).into()).await;
    let watch = Watch::begin(load.all_watched());
    let all = async { while senders.join_next().await.is_some() {} };
    // Each breaks off by itself what has no answer by the end; a little later nothing can be under way but a connection that is opened.
    let _ = tokio::time::timeout_at((shared.began + shared.end + ANSWER_WAIT_MAX + CLOSING).into(), all).await;
    senders.shutdown().await;
    if let Some(caller) = caller {
        shared.wanted.close();
        let _ = caller.join();
    }
    let mut tally = shared.tally.take();
    let processes = watch.end(tally.acknowledged);
    let not_sent = shared.schedule.map_or(0, |schedule| {
        let left = shared.taken.get().min(schedule.requests())..schedule.requests();
        left.clone().for_each(|request| tally.never_sent(schedule.due(request), shared.end));
        left.end - left.start
    });
    Ok(Sent { tally, began: shared.began, not_sent, was_ahead: shared.stock.was_ahead(), processes })
}

/// Says when requests are wanted.
fn call(schedule: Schedule, wanted: &Semaphore, began: Instant, connections: usize) {
    let mut called = 0;
    while called < schedule.requests() && !wanted.is_closed() {
        let by_now = schedule.wanted_by(began.elapsed());
        add(wanted, by_now - called);
        called = by_now;
        if called < schedule.requests() {
            let wait = (began + schedule.due(called)).saturating_duration_since(Instant::now());
            let is_behind = wanted.available_permits() > connections;
            std::thread::sleep(if is_behind { wait.max(BEHIND_STEP) } else { wait }.min(SLEEP_MAX));
        }
    }
    // So that each connection learns that there is no more.
    add(wanted, connections as u64);
}

fn add(wanted: &Semaphore, permits: u64) {
    if permits > 0 {
        wanted.add_permits(usize::try_from(permits).unwrap_or(0));
    }
}

async fn send_on(shared: Rc<Shared>, load: Load, mut connection: Connection) {
    loop {
        // An answer may have said that its connection ends: the next request is sent on another one.
        if !connection.is_open().await {
            match open_again(&load, &shared).await {
                Some(opened) => connection = opened,
                None => return,
            }
        }
        let Some(due) = shared.next().await else { return };
        let Some(prepared) = shared.prepared().await else { return };
        let sent = shared.began.elapsed();
        let bearer = &shared.bearers[prepared.sender];
        let answer = connection.answer("POST", EVENTS_PATH, bearer, prepared.body.clone());
        // What is not answered by the end counts as a request that took until then, at least.
        let until = shared.began + shared.end + ANSWER_WAIT_MAX;
        let answer = tokio::time::timeout_at(until.into(), answer).await.ok().and_then(Result::ok);
        shared.ended(due, sent, &prepared, answer.as_ref());
        if let Some(wait) = answer.as_ref().and_then(|answer| answer.retry_after).filter(|_| load.heeds_retry_after) {
            tokio::time::sleep(wait.min(RETRY_WAIT_MAX)).await;
        }
        if answer.is_none() {
            match open_again(&load, &shared).await {
                Some(opened) => connection = opened,
                None => return,
            }
        }
    }
}

async fn open_again(load: &Load, shared: &Shared) -> Option<Connection> {
    for _ in 0..REOPENED_MAX {
        if let Ok(connection) = Connection::open(&load.target).await {
            return Some(connection);
        }
        tokio::time::sleep(REOPEN_PAUSE).await;
        if shared.began.elapsed() > shared.end {
            return None;
        }
    }
    None
}

impl Shared {
    /// Waits until a request is wanted, and tells when it was; `None`: no more.
    async fn next(&self) -> Option<Duration> {
        let Some(schedule) = self.schedule else {
            let now = self.began.elapsed();
            return (now < self.end).then_some(now);
        };
        self.wanted.acquire().await.ok()?.forget();
        let request = self.taken.get();
        if request >= schedule.requests() || self.began.elapsed() > self.end {
            return None;
        }
        self.taken.set(request + 1);
        Some(schedule.due(request))
    }

    async fn prepared(&self) -> Option<Prepared> {
        loop {
            // Asked before, so that what comes in between is taken.
            let is_whole = self.stock.is_whole();
            match self.stock.take() {
                Some(prepared) => return Some(prepared),
                None if is_whole => return None,
                None => tokio::time::sleep(STOCK_PAUSE).await,
            }
        }
    }

    fn ended(&self, due: Duration, sent: Duration, prepared: &Prepared, answer: Option<&Answer>) {
        self.tally.borrow_mut().ended(&Ended {
            due,
            sent,
            answered: self.began.elapsed(),
            first: prepared.first,
            events: prepared.events,
            bytes: prepared.body.len(),
            answer,
        });
    }
}
