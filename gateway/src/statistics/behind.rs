//! How far the consumers of events are behind, asked of the log at most every few seconds, for all who want to know.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aibbar::record::EVENTS_TOPIC;
use bus::{EventLog, LogError, Positions};
use tokio::sync::Mutex;

use crate::clock;

/// What was found is good for so long.
const FRESH: Duration = Duration::from_secs(2);

/// How long the log may take to tell.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// The first guess at an age, in milliseconds.
const AGE_FIRST_MS: i64 = 100;

/// No older than this is looked for: some 10 years.
const AGE_MAX_MS: i64 = 10 * 365 * 24 * 60 * 60 * 1_000;

/// How far the consumers of events are behind.
pub(crate) struct Behind {
    log: Arc<dyn EventLog>,
    group: String,
    found: Mutex<Option<(Instant, Option<u64>)>>,
}

impl Behind {
    /// Of the group that stores events.
    pub(crate) fn new(log: Arc<dyn EventLog>, group: String) -> Self {
        Self { log, group, found: Mutex::new(None) }
    }

    /// The age of the oldest event that is not stored, in milliseconds; 0: there is none. `None` while the log does not
    /// tell.
    pub(crate) async fn ms(&self) -> Option<u64> {
        let mut found = self.found.lock().await;
        if let Some((at, ms)) = *found
            && at.elapsed() < FRESH
        {
            return ms;
        }
        let ms = match tokio::time::timeout(ANSWER_MAX, self.ask()).await {
            Ok(Ok(ms)) => Some(ms),
            Ok(Err(error)) => {
                tracing::debug!(%error, "the log does not tell how far the store is behind");
                None
            }
            Err(_) => None,
        };
        *found = Some((Instant::now(), ms));
        ms
    }

    async fn ask(&self) -> Result<u64, LogError> {
        let lag = self.log.lag(EVENTS_TOPIC, &self.group).await?;
        let next: Positions = lag
            .iter()
            .filter(|lag| lag.records() > 0)
            .map(|lag| (lag.partition, lag.committed.unwrap_or(0).max(lag.bounds.earliest)))
            .collect();
        if next.is_empty() {
            return Ok(0);
        }
        // Of what is that old: is something not stored? The log's index of times knows, no record is read.
        let now_ms = clock::now().unix_ms();
        let age = oldest(async |age_ms| {
            let younger = self.log.offsets_at(EVENTS_TOPIC, now_ms - age_ms).await?;
            Ok(next.iter().any(|(partition, next)| younger.get(partition).is_some_and(|from| from > next)))
        });
        age.await
    }
}

/// The greatest age for which this holds, give or take a tenth: it holds up to some age.
async fn oldest(holds: impl AsyncFn(i64) -> Result<bool, LogError>) -> Result<u64, LogError> {
    let (mut low, mut high) = (0, AGE_FIRST_MS);
    while high < AGE_MAX_MS && holds(high).await? {
        (low, high) = (high, high * 2);
    }
    while high - low > (high / 10).max(1) {
        let middle = low + (high - low) / 2;
        if holds(middle).await? { low = middle } else { high = middle }
    }
    Ok(high.unsigned_abs())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn an_age_is_found_to_a_tenth() {
        for age in [0, 1, 99, 100, 101, 1_234, 86_400_000] {
            let found = oldest(async |guess| Ok(guess <= age)).await.unwrap();
            let (found, age) = (found as f64, age as f64);
            assert!(found >= age && found <= age * 1.15 + 12.0, "{found} for {age}");
        }
        assert!(oldest(async |_| Err(LogError::Closed)).await.is_err());
    }
}
