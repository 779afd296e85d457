//! The limits of everyone who is authenticated: the rules, the shared counts, and the map between them.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use prometheus::Registry;
use store::limits::{Limit, Limits};
use tokio_util::sync::CancellationToken;

use super::{
    Addresses, Clock, LEASE_MS, Left, Now, Quota,
    day::{self, Day},
    metrics::LimitMetrics,
    minute::{self, Minute},
    seconds_up,
    shared::{Away, SharedCounts},
    source::{Ask, Grant, Subject},
    window::{BUCKET_MS, WINDOW_MS},
};
use crate::settings::LimitSettings;

const SHARDS: usize = 64;

/// Keys and people that are counted at once; past it the one that was idle the longest is forgotten.
const METERS_PER_SHARD_MAX: usize = 1_024;

/// After so long nothing of a minute counts any more.
const IDLE_MS: u64 = WINDOW_MS + BUCKET_MS + LEASE_MS;

/// How often leases that have ended are given back.
const TEND_EVERY: Duration = Duration::from_millis(250);

/// Every so many rounds of that, those who are idle are forgotten.
const SWEEP_EVERY_ROUNDS: u32 = 40;

/// Questions at once that only give back.
const SETTLING_MAX: usize = 32;

/// Requests that one question speaks for, at most.
const WAITING_MAX: u64 = 1_024;

/// What everyone who is authenticated may do.
pub struct Limiter {
    defaults: Limits,
    shards: [Mutex<HashMap<Subject, Arc<Meter>>>; SHARDS],
    addresses: Addresses,
    shared: Option<SharedCounts>,
    /// Those who may have something to give back when their lease ends; each at most once.
    leased: Mutex<Vec<Arc<Meter>>>,
    clock: Clock,
    metrics: Arc<LimitMetrics>,
}

/// The counts of one key or person.
struct Meter {
    subject: Subject,
    state: Mutex<State>,
    /// Whoever holds it asks the shared counts, for all who wait for it.
    asking: tokio::sync::Mutex<()>,
    waiting: AtomicU64,
    used_at_ms: AtomicU64,
}

struct State {
    minute: Minute,
    day: Day,
    /// Whether it stands in the list of those with leases.
    is_listed: bool,
}

/// A request that was counted, or refused.
pub struct Taken {
    meter: Option<Arc<Meter>>,
    events: Option<u64>,
    quota: Quota,
    retry_after_s: Option<u32>,
}

impl Taken {
    /// What to tell of the limits.
    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// When the request is past the limit: after how many seconds another is not.
    pub fn refused(&self) -> Option<u32> {
        self.retry_after_s
    }
}

impl Limiter {
    /// Counts by itself, or over this Redis; connects to nothing yet.
    pub fn new(
        settings: &LimitSettings,
        redis: Option<redis::Client>,
        registry: &Registry,
    ) -> prometheus::Result<Arc<Limiter>> {
        let metrics = Arc::new(LimitMetrics::register(registry)?);
        let clock = Clock::start();
        Ok(Arc::new(Limiter {
            defaults: settings.by_default,
            shards: std::array::from_fn(|_| Mutex::default()),
            addresses: Addresses::new(settings.anonymous_requests_per_minute, clock, metrics.clone()),
            shared: redis.map(|client| SharedCounts::new(client, settings.redis_max_wait, metrics.clone())),
            leased: Mutex::default(),
            clock,
            metrics,
        }))
    }

    /// What addresses without credentials did.
    pub(crate) fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Connects to the shared counts, when there are any and they are there: from then on requests are counted there.
    pub async fn connect(&self) {
        if let Some(shared) = &self.shared
            && let Err(error) = shared.connect().await
        {
            tracing::debug!(%error, "limits begin without Redis");
        }
    }

    /// Gives back what was not used and forgets who is idle, until told to stop; then gives back everything.
    pub async fn tend(self: Arc<Self>, stop: CancellationToken) {
        let following = async {
            match &self.shared {
                Some(shared) => shared.follow(stop.clone()).await,
                None => stop.cancelled().await,
            }
        };
        let tending = async {
            for round in 1_u32.. {
                tokio::select! {
                    () = tokio::time::sleep(TEND_EVERY) => {}
                    () = stop.cancelled() => break,
                }
                self.settle(false).await;
                if round.is_multiple_of(SWEEP_EVERY_ROUNDS) {
                    self.sweep();
                }
            }
            self.settle(true).await;
        };
        tokio::join!(following, tending);
    }

    /// Takes one request.
    pub async fn request(&self, subject: Subject, own: Limits) -> Taken {
        let limits = own.or(self.defaults);
        let (requests, events) = (at_most(limits.requests_per_minute), at_most(limits.events_per_day));
        if requests.is_none() && events.is_none() {
            return Taken { meter: None, events, quota: Quota::default(), retry_after_s: None };
        }
        let now = self.clock.now();
        let meter = self.meter(subject, now.monotonic_ms);
        let (minute, refused_ms) = match requests {
            None => (None, None),
            Some(limit) => match self.take_request(&meter, now, limit).await {
                minute::Step::Taken(left) => (Some(left), None),
                minute::Step::Refused(left, retry_ms) => (Some(left), Some(retry_ms)),
                // Whoever asked was answered; nobody asks for ever.
                minute::Step::Ask => (None, None),
            },
        };
        if refused_ms.is_some() {
            self.metrics.refused.with_label_values(&["minute"]).inc();
        }
        let day = events.map(|limit| meter.state.lock().day.left(now, limit));
        let quota = Quota { minute, day };
        Taken { meter: Some(meter), events, quota, retry_after_s: refused_ms.map(seconds_up) }
    }

    /// What is left of these limits, without taking anything of them. Over all gateways where they share a Redis, give or
    /// take what these hold on leases; else of this gateway alone.
    pub async fn left(&self, subject: Subject, limits: Limits) -> Quota {
        let limits = limits.or(self.defaults);
        let (requests, events) = (at_most(limits.requests_per_minute), at_most(limits.events_per_day));
        let by_all = match &self.shared {
            Some(shared) if shared.is_there() => shared.take(subject, &Ask::for_nothing(requests, events)).await.ok(),
            _ => None,
        };
        let now = self.clock.now();
        // Whoever only asks is not counted, and gets no meter.
        let meter = self.shards[shard_of(subject)].lock().get(&subject).cloned();
        let (mut minute, mut day, mut held) =
            (requests.map(Left::all), events.map(|limit| Day::default().left(now, limit)), 0);
        if let Some(meter) = meter {
            let mut state = meter.state.lock();
            minute = requests.map(|limit| state.minute.left_at(now.monotonic_ms, limit));
            day = events.map(|limit| state.day.left(now, limit));
            held = state.day.held();
        }
        if let Some(Grant { minute: of_minute, day: of_day }) = by_all {
            minute = minute.map(|left| left.used_at_least(of_minute.used, of_minute.oldest_leaves_in_ms));
            day = day.map(|left| left.used_at_least(of_day.used.saturating_sub(held), of_day.ends_in_ms));
        }
        Quota { minute, day }
    }

    /// Takes so many events of one request, or as many as are left of the day; the first of them may go on.
    pub async fn events(&self, taken: &mut Taken, events: u64) -> u64 {
        let (Some(meter), Some(limit)) = (&taken.meter, taken.events) else { return events };
        let now = self.clock.now();
        let allowed = self.take_events(meter, now, limit, events).await;
        if allowed < events {
            self.metrics.refused.with_label_values(&["day"]).inc_by(events - allowed);
        }
        taken.quota.day = Some(meter.state.lock().day.left(now, limit));
        allowed
    }

    /// Events that were taken and then not recorded.
    pub fn give_back(&self, taken: &mut Taken, events: u64) {
        let (Some(meter), Some(limit), true) = (&taken.meter, taken.events, events > 0) else { return };
        let now = self.clock.now();
        let mut state = meter.state.lock();
        state.day.give_back(now, events, self.shared.is_some());
        self.list(meter, &mut state);
        taken.quota.day = Some(state.day.left(now, limit));
    }

    async fn take_request(&self, meter: &Arc<Meter>, now: Now, limit: u64) -> minute::Step {
        let step = self.try_request(meter, now, limit);
        if step != minute::Step::Ask {
            return step;
        }
        meter.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&meter.waiting);
        let _asking = meter.asking.lock().await;
        // Who asked before may have been granted for all who waited.
        let now = self.clock.now();
        let step = self.try_request(meter, now, limit);
        let (minute::Step::Ask, Some(shared)) = (step, &self.shared) else { return step };
        let need = meter.waiting.load(Ordering::Relaxed).clamp(1, WAITING_MAX);
        let ask = Ask { minute: Some(meter.state.lock().minute.ask(now.monotonic_ms, limit, need)), day: None };
        self.metrics.asked.inc();
        let answer = shared.take(meter.subject, &ask).await;
        let answered = self.clock.now().monotonic_ms;
        let mut state = meter.state.lock();
        let step = match answer {
            Ok(grant) => state.minute.granted(now.monotonic_ms, answered, need, limit, &grant.minute),
            Err(Away) => {
                state.minute.not_granted();
                state.minute.take(answered, limit, false, true)
            }
        };
        self.list(meter, &mut state);
        step
    }

    fn try_request(&self, meter: &Arc<Meter>, now: Now, limit: u64) -> minute::Step {
        let (is_shared, counted) = (self.is_shared(), self.shared.is_some());
        let mut state = meter.state.lock();
        let step = state.minute.take(now.monotonic_ms, limit, is_shared, counted);
        if !is_shared {
            self.list(meter, &mut state);
        }
        step
    }

    fn try_events(&self, meter: &Arc<Meter>, now: Now, limit: u64, events: u64) -> day::Step {
        let (is_shared, counted) = (self.is_shared(), self.shared.is_some());
        let mut state = meter.state.lock();
        let step = state.day.take(now, limit, events, is_shared, counted);
        if !is_shared {
            self.list(meter, &mut state);
        }
        step
    }

    async fn take_events(&self, meter: &Arc<Meter>, now: Now, limit: u64, events: u64) -> u64 {
        if let day::Step::Taken(taken) = self.try_events(meter, now, limit, events) {
            return taken;
        }
        let _asking = meter.asking.lock().await;
        let now = self.clock.now();
        let (need, shared) = match (self.try_events(meter, now, limit, events), &self.shared) {
            (day::Step::Ask(need), Some(shared)) => (need, shared),
            (day::Step::Ask(_), None) => return 0,
            (day::Step::Taken(taken), _) => return taken,
        };
        let ask = Ask { minute: None, day: Some(meter.state.lock().day.ask(now, limit, need)) };
        self.metrics.asked.inc();
        let answer = shared.take(meter.subject, &ask).await;
        let answered = self.clock.now();
        let mut state = meter.state.lock();
        let taken = match answer {
            Ok(grant) => {
                state.day.granted(now.monotonic_ms, answered, need, &grant.day);
                state.day.take_granted(limit, events)
            }
            Err(Away) => {
                state.day.not_granted();
                match state.day.take(answered, limit, events, false, true) {
                    day::Step::Taken(taken) => taken,
                    day::Step::Ask(_) => 0,
                }
            }
        };
        self.list(meter, &mut state);
        taken
    }

    fn is_shared(&self) -> bool {
        self.shared.as_ref().is_some_and(SharedCounts::is_there)
    }

    fn meter(&self, subject: Subject, now_ms: u64) -> Arc<Meter> {
        let mut shard = self.shards[shard_of(subject)].lock();
        if let Some(meter) = shard.get(&subject) {
            meter.used_at_ms.store(now_ms, Ordering::Relaxed);
            return meter.clone();
        }
        if shard.len() >= METERS_PER_SHARD_MAX {
            let idlest = shard.iter().min_by_key(|(_, meter)| meter.used_at_ms.load(Ordering::Relaxed));
            if let Some(idlest) = idlest.map(|(subject, _)| *subject) {
                shard.remove(&idlest);
            }
        }
        let meter = Arc::new(Meter {
            subject,
            state: Mutex::new(State { minute: Minute::new(), day: Day::default(), is_listed: false }),
            asking: tokio::sync::Mutex::default(),
            waiting: AtomicU64::new(0),
            used_at_ms: AtomicU64::new(now_ms),
        });
        shard.insert(subject, meter.clone());
        meter
    }

    /// Remembers that something of this meter's may have to be given back.
    fn list(&self, meter: &Arc<Meter>, state: &mut State) {
        if self.shared.is_some() && !state.is_listed && (state.minute.owes() || state.day.owes()) {
            state.is_listed = true;
            self.leased.lock().push(meter.clone());
        }
    }

    /// Gives back what is left of leases that have ended, or of `all`.
    async fn settle(&self, all: bool) {
        let Some(shared) = self.shared.as_ref().filter(|shared| shared.is_there()) else { return };
        let listed = std::mem::take(&mut *self.leased.lock());
        stream::iter(listed).for_each_concurrent(SETTLING_MAX, |meter| self.settle_one(shared, meter, all)).await;
    }

    async fn settle_one(&self, shared: &SharedCounts, meter: Arc<Meter>, all: bool) {
        let _asking = meter.asking.lock().await;
        let now = self.clock.now();
        let ask = {
            let mut state = meter.state.lock();
            if all {
                state.minute.end_lease();
                state.day.end_lease();
            }
            let minute =
                state.minute.owes_now(now.monotonic_ms).then(|| state.minute.ask(now.monotonic_ms, u64::MAX, 0));
            let day = state.day.owes_now(now.monotonic_ms).then(|| state.day.ask(now, u64::MAX, 0));
            Ask { minute, day }
        };
        let (of_minute, of_day) = (ask.minute.is_some(), ask.day.is_some());
        let answer = if of_minute || of_day { shared.take(meter.subject, &ask).await } else { Ok(Grant::default()) };
        let mut state = meter.state.lock();
        match answer {
            Ok(grant) => {
                if of_minute {
                    state.minute.told();
                }
                if of_day {
                    state.day.granted(now.monotonic_ms, self.clock.now(), 0, &grant.day);
                }
            }
            Err(Away) => {
                state.minute.not_granted();
                state.day.not_granted();
            }
        }
        state.is_listed = false;
        self.list(&meter, &mut state);
    }

    /// Forgets those of whom nothing counts any more.
    fn sweep(&self) {
        let now = self.clock.now();
        let shared = self.is_shared();
        for shard in &self.shards {
            shard.lock().retain(|_, meter| {
                let idle = now.monotonic_ms.saturating_sub(meter.used_at_ms.load(Ordering::Relaxed)) > IDLE_MS;
                // Whoever holds another reference is at work with it: in this lock nobody can get a new one.
                !idle || Arc::strong_count(meter) > 1 || (!shared && meter.state.lock().day.is_used(now))
            });
        }
    }
}

/// One of those who wait, for as long as it lives.
struct Waiting<'a>(&'a AtomicU64);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn at_most(limit: Limit) -> Option<u64> {
    match limit {
        Limit::AtMost(most) => Some(most),
        Limit::Off | Limit::Inherited => None,
    }
}

fn shard_of(subject: Subject) -> usize {
    let (Subject::Key(id) | Subject::Person(id)) = subject;
    // The end of an id is random, whichever version it is.
    usize::from(id.as_bytes()[15]) % SHARDS
}
