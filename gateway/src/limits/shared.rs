//! The counts that gateways share, in Redis: one script, one round trip, and a breaker.
//!
//! A Redis that does not answer in time is left alone at once: from then on each gateway counts by itself, and one task
//! tries every second whether Redis is back. No request ever waits for a Redis that is known to be away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::RwLock;
use redis::{Client, Cmd, RedisError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    connection::{Connection, is_of_one_question},
    metrics::LimitMetrics,
    source::{Ask, DayAsk, DayGrant, Grant, MinuteAsk, MinuteGrant, Subject},
};

/// Redis' own time: gateways' clocks do not matter.
const CLOCK: &str = "\
local time = redis.call('TIME')
local now_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
";

const TAKE: &str = include_str!("take.lua");

/// How long Redis may take to connect, in the background.
const CONNECT_MAX_WAIT: Duration = Duration::from_secs(1);

/// How long to wait before a Redis that is away is tried again, and one that is there is asked whether it is.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// Nobody can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Away;

/// The shared counts.
pub(super) struct SharedCounts {
    client: Client,
    script: String,
    answer_max_wait: Duration,
    there: RwLock<Option<There>>,
    is_there: AtomicBool,
    lost: Notify,
    metrics: Arc<LimitMetrics>,
}

#[derive(Clone)]
struct There {
    connection: Connection,
    /// The script's name within Redis.
    sha: Arc<str>,
}

impl SharedCounts {
    /// Connects to nothing yet.
    pub(super) fn new(client: Client, answer_max_wait: Duration, metrics: Arc<LimitMetrics>) -> Self {
        Self::with_script(client, [CLOCK, TAKE].concat(), answer_max_wait, metrics)
    }

    fn with_script(client: Client, script: String, answer_max_wait: Duration, metrics: Arc<LimitMetrics>) -> Self {
        Self {
            client,
            script,
            answer_max_wait,
            there: RwLock::new(None),
            is_there: AtomicBool::new(false),
            lost: Notify::new(),
            metrics,
        }
    }

    /// Whether asking makes sense now.
    pub(super) fn is_there(&self) -> bool {
        self.is_there.load(Ordering::Acquire)
    }

    /// Tries to connect, once.
    pub(super) async fn connect(&self) -> Result<(), RedisError> {
        let mut connection = Connection::open(&self.client, CONNECT_MAX_WAIT).await?;
        let sha: String = connection.query(redis::cmd("SCRIPT").arg("LOAD").arg(&self.script)).await?;
        *self.there.write() = Some(There { connection, sha: sha.into() });
        self.is_there.store(true, Ordering::Release);
        self.metrics.shared.set(1);
        Ok(())
    }

    /// Keeps the connection, until told to stop.
    pub(super) async fn follow(&self, stop: CancellationToken) {
        let keep = async {
            // Who starts without it says so once, as who loses it does.
            if !self.is_there() {
                self.say_lost("it could not be reached");
            }
            loop {
                if self.is_there() {
                    self.watch().await;
                } else if self.connect().await.is_ok() {
                    tracing::info!("limits are shared between gateways again");
                    continue;
                }
                tokio::time::sleep(TRY_EVERY).await;
            }
        };
        tokio::select! {
            () = keep => {}
            () = stop.cancelled() => {}
        }
    }

    /// Ends when the connection is lost: a request found it so, or this did.
    async fn watch(&self) {
        loop {
            tokio::select! {
                () = self.lost.notified() => return,
                () = tokio::time::sleep(TRY_EVERY) => {}
            }
            let Some(mut there) = self.there.read().clone() else { return };
            let ping = redis::cmd("PING");
            match tokio::time::timeout(CONNECT_MAX_WAIT, there.connection.query::<redis::Value>(&ping)).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return self.leave(&there, &error.to_string()),
                Err(_) => return self.leave(&there, "it did not answer in time"),
            }
        }
    }

    /// Asks, at most for the time that a request can spare.
    pub(super) async fn take(&self, subject: Subject, ask: &Ask) -> Result<Grant, Away> {
        let Some(mut there) = self.there.read().clone() else { return Err(Away) };
        let asked = async {
            let by_sha = command("EVALSHA", &there.sha, subject, ask);
            match there.connection.query::<Vec<i64>>(&by_sha).await {
                // It was started anew, or told to forget its scripts.
                Err(error) if error.kind() == redis::ErrorKind::Server(redis::ServerErrorKind::NoScript) => {
                    let whole = command("EVAL", &self.script, subject, ask);
                    there.connection.query::<Vec<i64>>(&whole).await
                }
                answered => answered,
            }
        };
        let why = match tokio::time::timeout(self.answer_max_wait, asked).await {
            Ok(Ok(numbers)) => match grant(&numbers) {
                Some(grant) => return Ok(grant),
                None => "it answered something else".to_owned(),
            },
            Ok(Err(error)) if is_of_one_question(&error) => {
                tracing::debug!(%error, "Redis refused to count for one subject; it is counted here alone");
                return Err(Away);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it did not answer in time".to_owned(),
        };
        self.leave(&there, &why);
        Err(Away)
    }

    /// Leaves this connection alone, unless there is a newer one already.
    fn leave(&self, left: &There, why: &str) {
        {
            let mut there = self.there.write();
            if !there.as_ref().is_some_and(|now| Arc::ptr_eq(&now.sha, &left.sha)) {
                return;
            }
            *there = None;
            self.is_there.store(false, Ordering::Release);
        }
        self.say_lost(why);
        self.lost.notify_one();
    }

    fn say_lost(&self, why: &str) {
        self.metrics.shared.set(0);
        self.metrics.fallbacks.inc();
        tracing::warn!(%why, "Redis can't be asked; this gateway counts limits by itself until it can");
    }
}

/// Both keys have the same hash tag, so that they lie on the same node of a Redis Cluster.
fn command(how: &str, script: &str, subject: Subject, ask: &Ask) -> Cmd {
    let mut command = redis::cmd(how);
    let minute_key = format!("gapin:limits:{{{subject}}}:minute");
    let day_key = format!("gapin:limits:{{{subject}}}:day");
    command.arg(script).arg(2).arg(minute_key).arg(day_key);
    let none = MinuteAsk::default();
    let minute = ask.minute.as_ref().unwrap_or(&none);
    command.arg(minute.limit).arg(minute.need).arg(minute.spare);
    let DayAsk { limit, need, spare, day, unused, ungranted, used_here } = ask.day.unwrap_or_default();
    command.arg(&[limit, need, spare, day, unused, ungranted, used_here]);
    command.arg(minute.settled.len());
    for settled in &minute.settled {
        command.arg(settled.bucket).arg(settled.unused).arg(settled.spare);
    }
    for (age_ms, count) in &minute.ungranted {
        command.arg(age_ms).arg(count);
    }
    command
}

fn grant(numbers: &[i64]) -> Option<Grant> {
    let &[bucket, granted, spare, used, retry_ms, oldest, day, day_granted, day_spare, day_used, day_ends] = numbers
    else {
        return None;
    };
    let count = |number: i64| u64::try_from(number).ok();
    Some(Grant {
        minute: MinuteGrant {
            bucket,
            granted: count(granted)?,
            spare: count(spare)?,
            used: count(used)?,
            retry_ms: count(retry_ms)?,
            oldest_leaves_in_ms: count(oldest)?,
        },
        day: DayGrant {
            day: count(day)?,
            granted: count(day_granted)?,
            spare: count(day_spare)?,
            used: count(day_used)?,
            ends_in_ms: count(day_ends)?,
        },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use prometheus::Registry;
    use store::{Limit, Limits};
    use testbed::Redis;
    use uuid::Uuid;

    use super::{
        super::{
            limiter::Limiter,
            model::Model,
            source::{MinuteAsk, Settled},
        },
        *,
    };
    use crate::settings::LimitSettings;

    /// Far more than any condition takes.
    const WAIT_MAX: Duration = Duration::from_secs(30);

    fn settings(requests: u64, events: u64) -> LimitSettings {
        let by_default = Limits { requests_per_minute: Limit::AtMost(requests), events_per_day: Limit::AtMost(events) };
        // A machine under test is busy: an answer that is late is no Redis that is away.
        LimitSettings { by_default, redis_max_wait: Duration::from_secs(1), ..LimitSettings::default() }
    }

    struct Running {
        limiter: Arc<Limiter>,
        registry: Registry,
        stop: CancellationToken,
    }

    impl Running {
        async fn on(redis: &Redis, settings: &LimitSettings) -> Running {
            let registry = Registry::new();
            let client = Client::open(redis.url()).unwrap();
            let limiter = Limiter::new(settings, Some(client), &registry).unwrap();
            limiter.connect().await;
            let stop = CancellationToken::new();
            tokio::spawn(limiter.clone().tend(stop.clone()));
            Running { limiter, registry, stop }
        }

        fn metric(&self, name: &str) -> f64 {
            let families = self.registry.gather();
            let family = families.iter().find(|family| family.name() == name).unwrap();
            let metric = &family.get_metric()[0];
            metric.get_gauge().get_value() + metric.get_counter().get_value()
        }

        async fn until_shared(&self, shared: f64) {
            let wait = async {
                while self.metric("gapin_limits_shared") != shared {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            tokio::time::timeout(WAIT_MAX, wait).await.unwrap();
        }

        /// How many of so many requests at once are let through.
        async fn burst(&self, subject: Subject, requests: usize) -> usize {
            let taken = (0..requests).map(|_| self.limiter.request(subject, Limits::default()));
            futures_util::future::join_all(taken).await.iter().filter(|taken| taken.refused().is_none()).count()
        }

        async fn events(&self, subject: Subject, events: u64) -> u64 {
            let mut taken = self.limiter.request(subject, Limits::default()).await;
            self.limiter.events(&mut taken, events).await
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            self.stop.cancel();
        }
    }

    fn someone() -> Subject {
        Subject::Key(Uuid::new_v4())
    }

    /// The requests that Redis counts.
    async fn granted_in_redis(redis: &Redis, subject: Subject) -> i64 {
        let mut connection = Client::open(redis.url()).unwrap().get_multiplexed_async_connection().await.unwrap();
        let key = format!("gapin:limits:{{{subject}}}:minute");
        let fields: Vec<(String, i64)> = redis::cmd("HGETALL").arg(key).query_async(&mut connection).await.unwrap();
        fields.iter().filter(|(field, _)| field.starts_with('n')).map(|(_, count)| count).sum()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_script_does_what_the_model_does() {
        const GIVEN_CLOCK: &str = "local now_ms = tonumber(table.remove(ARGV))\n";
        let client = Client::open(testbed::redis().url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let script = [GIVEN_CLOCK, TAKE].concat();
        let subject = someone();
        let mut model = Model::default();
        let mut now_ms = 20_000 * super::super::day::DAY_MS - 100_000;
        // A generator of its own: the same run every time.
        let mut seed = 42_u64;
        let mut below = |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % most
        };
        let mut granted: Vec<Settled> = Vec::new();
        for step in 0..1_500 {
            now_ms += if below(20) == 0 { below(30_000) } else { below(400) };
            let limit = [3, 40, 250][below(3) as usize];
            let settled = granted.drain(..below(granted.len() as u64 + 1) as usize).collect();
            let ungranted = (0..below(3)).map(|_| (below(61_000), below(4) as u32 + 1)).collect();
            let minute = MinuteAsk { limit, need: below(12), spare: below(9), settled, ungranted };
            let day = DayAsk {
                limit: 2_000,
                need: below(50),
                spare: below(50),
                day: now_ms / super::super::day::DAY_MS,
                unused: below(30),
                ungranted: below(5),
                used_here: below(100),
            };
            let ask = Ask { minute: (below(4) > 0).then_some(minute), day: (below(4) > 0).then_some(day) };
            let mut command = command("EVAL", &script, subject, &ask);
            let numbers: Vec<i64> = command.arg(now_ms).query_async(&mut connection).await.unwrap();
            let (mut told, mut expected) = (grant(&numbers).unwrap(), model.take(now_ms, &ask));
            if ask.minute.is_none() {
                (told.minute, expected.minute) = Default::default();
            }
            assert_eq!(told, expected, "step {step}: {ask:?}");
            let MinuteGrant { bucket, granted: all, spare, .. } = told.minute;
            if all + spare > 0 {
                granted.push(Settled { bucket, unused: below(all + spare + 1), spare });
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_gateways_keep_a_limit_together_and_leases_spare_redis_most_questions() {
        let settings = settings(2_000, 1_000);
        let one = Running::on(testbed::redis(), &settings).await;
        let other = Running::on(testbed::redis(), &settings).await;
        let subject = someone();
        let (mut taken, mut sent) = (0, 0);
        while sent < 3_000 {
            let (by_one, by_other) = tokio::join!(one.burst(subject, 25), other.burst(subject, 25));
            taken += by_one + by_other;
            sent += 50;
        }
        assert!((2_000..=2_100).contains(&taken), "{taken} of a limit of 2000");
        let asked = one.metric("gapin_limits_asked_total") + other.metric("gapin_limits_asked_total");
        assert!(asked < 500.0, "{asked} questions for {sent} requests");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_gateways_share_a_day_to_its_last_event() {
        let settings = settings(1_000, 500);
        let one = Running::on(testbed::redis(), &settings).await;
        let other = Running::on(testbed::redis(), &settings).await;
        let subject = someone();
        assert_eq!(one.events(subject, 300).await, 300);
        assert_eq!(other.events(subject, 300).await, 200);
        assert_eq!(one.events(subject, 1).await, 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_used_is_told_of_all_gateways_and_to_ask_takes_nothing() {
        let settings = settings(2_000, 1_000);
        let one = Running::on(testbed::redis(), &settings).await;
        let other = Running::on(testbed::redis(), &settings).await;
        let subject = someone();
        let untouched = other.limiter.left(subject, Limits::default()).await;
        assert_eq!(untouched.minute.map(|left| left.remaining), Some(2_000));
        assert_eq!(untouched.day.map(|left| left.remaining), Some(1_000));

        assert_eq!(one.burst(subject, 100).await, 100);
        assert_eq!(one.events(subject, 300).await, 300);
        // What `one` holds on a lease, of a second at most, is not told exactly: it is asked until that is over.
        let told = async {
            loop {
                let quota = other.limiter.left(subject, Limits::default()).await;
                let used = (quota.minute.unwrap().used(), quota.day.unwrap().used());
                if used == (101, 300) {
                    break;
                }
                assert!((100..=140).contains(&used.0) && (300..=315).contains(&used.1), "{used:?}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(WAIT_MAX, told).await.unwrap();
        let own = one.limiter.left(subject, Limits::default()).await;
        assert_eq!((own.minute.unwrap().used(), own.day.unwrap().used()), (101, 300));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn without_redis_requests_go_on_within_the_limit_and_are_told_when_it_is_back() {
        let redis = Redis::start();
        let settings = settings(100, 1_000);
        let one = Running::on(&redis, &settings).await;
        let subject = someone();
        assert_eq!(one.burst(subject, 10).await, 10);
        redis.kill();
        // Each by itself as a client would: none fails, whoever notices first that Redis is gone.
        for _ in 0..50 {
            assert_eq!(one.burst(subject, 1).await, 1);
        }
        one.until_shared(0.0).await;
        assert_eq!(one.metric("gapin_limits_fallbacks_total"), 1.0);
        assert_eq!(one.events(subject, 10).await, 10);
        assert_eq!(one.burst(subject, 100).await, 39, "61 were let through before");
        redis.restart();
        one.until_shared(1.0).await;
        let other = Running::on(&redis, &settings).await;
        // All but the ten that were granted before were let through without a grant: Redis is told of them.
        let wait = async {
            while granted_in_redis(&redis, subject).await < 90 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(WAIT_MAX, wait).await.unwrap();
        assert!(other.burst(subject, 100).await <= 15);
        let fresh = someone();
        assert_eq!(one.burst(fresh, 100).await, 100);
        assert!(other.burst(fresh, 100).await <= 5);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_not_used_goes_back_by_itself() {
        let settings = settings(1_000, 1_000);
        let one = Running::on(testbed::redis(), &settings).await;
        let other = Running::on(testbed::redis(), &settings).await;
        let subject = someone();
        // Small batches in a row make the lease grow, so that events lie on it unused.
        let mut used = 0;
        for _ in 0..40 {
            used += one.events(subject, 3).await;
        }
        let mut rest = 0;
        let wait = async {
            while used + rest < 1_000 {
                rest += other.events(subject, 1_000).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(WAIT_MAX, wait).await.unwrap();
        assert_eq!(used + rest, 1_000);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn it_runs_on_a_redis_cluster_whichever_node_has_the_subject() {
        let nodes = Redis::start_cluster(3);
        let settings = settings(10, 10);
        let one = Running::on(&nodes[0], &settings).await;
        let other = Running::on(&nodes[2], &settings).await;
        for _ in 0..12 {
            let subject = someone();
            let (by_one, by_other) = tokio::join!(one.burst(subject, 8), other.burst(subject, 8));
            assert_eq!(by_one + by_other, 10);
        }
        for gateway in [&one, &other] {
            assert_eq!(gateway.metric("gapin_limits_shared"), 1.0);
            assert_eq!(gateway.metric("gapin_limits_fallbacks_total"), 0.0);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_subject_that_redis_refuses_is_counted_here_and_the_others_are_still_shared() {
        let one = Running::on(testbed::redis(), &settings(10, 10)).await;
        let (odd, usual) = (someone(), someone());
        let client = Client::open(testbed::redis().url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let key = format!("gapin:limits:{{{odd}}}:minute");
        redis::cmd("SET").arg(key).arg("no hash").query_async::<()>(&mut connection).await.unwrap();
        assert_eq!(one.burst(odd, 15).await, 10);
        assert_eq!(one.burst(usual, 15).await, 10);
        assert_eq!(granted_in_redis(testbed::redis(), usual).await, 10);
        assert_eq!(one.metric("gapin_limits_shared"), 1.0);
    }
}
