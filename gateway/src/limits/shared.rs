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
use redis::{AsyncConnectionConfig, Client, Cmd, RedisError, aio::MultiplexedConnection};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
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
    connection: MultiplexedConnection,
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
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_MAX_WAIT))
            .set_response_timeout(Some(CONNECT_MAX_WAIT));
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        let sha: String = redis::cmd("SCRIPT").arg("LOAD").arg(&self.script).query_async(&mut connection).await?;
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
            match tokio::time::timeout(CONNECT_MAX_WAIT, ping.query_async::<()>(&mut there.connection)).await {
                Ok(Ok(())) => {}
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
            match by_sha.query_async::<Vec<i64>>(&mut there.connection).await {
                // It was started anew, or told to forget its scripts.
                Err(error) if error.kind() == redis::ErrorKind::Server(redis::ServerErrorKind::NoScript) => {
                    let whole = command("EVAL", &self.script, subject, ask);
                    whole.query_async::<Vec<i64>>(&mut there.connection).await
                }
                answered => answered,
            }
        };
        let why = match tokio::time::timeout(self.answer_max_wait, asked).await {
            Ok(Ok(numbers)) => match grant(&numbers) {
                Some(grant) => return Ok(grant),
                None => "it answered something else".to_owned(),
            },
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
